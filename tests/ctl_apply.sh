#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Control plane: the site in a file, applied: all of it, or nothing.

# Cases are called by name, through ktap_run.
# shellcheck disable=SC2317 source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

require_tool ip lbctl
load_module || ksft_skip_all "the module cannot be loaded"
setup_ns lb || ksft_skip_all "no network namespaces"
ip -n "$lb" addr add 192.168.30.10/32 dev lo

readonly SITE=$tmp/site

# The deployment that the manual begins with, and what a machine has of it.
mail_site()
{
	cat > "$SITE" <<-'EOF'
		# What comes in by mail, and what people look at.
		vip add HT-SMTP 192.168.30.10 tcp 25 mode dr sched wrr allow 192.168.30.50-192.168.30.60 check smtp
		real add HT-SMTP HT1 192.168.30.20 state online
		real add HT-SMTP HT2 192.168.30.21 state online

		vip add WEB 192.168.30.10 tcp 80,443 mode dr sched wrr persist 1h check https port 443 args 'path=/owa/ host="mail.example.org"'
		real add WEB CAS1 192.168.30.20 state online
		real add WEB CAS2 192.168.30.21 weight 50 state online
		persist add vip WEB src 192.0.2.1 real CAS2 forever
	EOF
}

begin()
{
	ctl flush all && ctl global set limit conns default limit vips default \
		seed default partner default && mail_site
}

# generation - of the configuration
generation()
{
	json_get "$(ctl -j show)" generation && echo "$REPLY"
}

# same_as_saved - what there is, is what is in $SITE without the comments
same_as_saved()
{
	ctl save "$tmp/saved" && grep -v '^\(#.*\)\?$' "$SITE" | diff - "$tmp/saved"
}

test_made()
{
	begin && expect "$(printf '%s\n' "added         7" "changed       0" \
		"removed       0")" ctl apply "$SITE" && same_as_saved &&
		ctl save | ctl apply - > "$tmp/out" &&
		expect "changes       none" cat "$tmp/out" && same_as_saved
}

# Health and state stay where the file says nothing of them, and nothing is sent
# where there is nothing to do.
test_kept()
{
	local before

	begin && ctl -q apply "$SITE" && ctl real health WEB CAS1 up &&
		ctl real health WEB CAS2 sick busy &&
		ctl real drain WEB CAS1 && before=$(generation) || return
	sed -i 's/ state online//' "$SITE"
	ctl -q apply "$SITE" && expect "$before" generation &&
		expect "drain up" real WEB CAS1 state health &&
		sed -i 's/weight 50/weight 51/' "$SITE" && ctl -q apply "$SITE" &&
		expect "51 sick busy" real WEB CAS2 weight health reason &&
		expect "drain up" real WEB CAS1 state health &&
		sed -i 's/CAS1 192.168.30.20/& state online/' "$SITE" &&
		ctl -q apply "$SITE" &&
		expect "online up" real WEB CAS1 state health
}

# Everything that there is to change, at once.
test_changed()
{
	begin && ctl -q apply "$SITE" && cat > "$SITE" <<-'EOF' || return
		global set seed abc limit vips 7 limit conns 99999 partner 02:00:00:00:30:03
		vip add OTHER 192.168.30.10 tcp 443 mode dr sched wrr
		vip add WEB 192.168.30.10 tcp,udp 80 mode dr sched mh persist 30m mask 24 idle 1h allow 10.0.0.0/8 orphan drop no-real drop fallback 192.168.30.9 hook input slow-start 1m seed 7 source 192.168.30.11 check tcp interval 7s
		real add WEB CAS1 192.168.30.22 max-conns 9 state online check off
		real add WEB CAS3 192.168.30.23 state halt
		persist add vip WEB src 192.0.2.0 real CAS1 forever
	EOF
	ctl -q apply "$SITE" && same_as_saved && mail_site &&
		ctl -q apply "$SITE" && same_as_saved
}

# What is taken by one is free for another in the same moment.
test_exchanged()
{
	begin && ctl -q apply "$SITE" &&
		sed -i 's/ 25 / 81 /; s/ 80,443 / 25 /; s/ port 443//' "$SITE" &&
		sed -i '/CAS1/s/\.20/.21/; /CAS2/s/\.21/.20/' "$SITE" &&
		ctl -q apply "$SITE" && same_as_saved &&
		sed -i 's/192\.168\.30\.\([0-9]*\)/fd30::\1/g; s/192.0.2.1/fd00::1/' \
			"$SITE" && ctl -q apply "$SITE" && same_as_saved
}

# Refused by what the file says itself, by another VIP, by the module.
test_refused()
{
	local before

	begin && ctl -q apply "$SITE" && before=$(generation) &&
		ctl save "$tmp/before" || return
	sed -i 's/CAS1 192.168.30.20/CAS1 192.168.30.20 weight 7/' "$SITE"
	echo "vip add X 192.168.30.10 tcp 24-26" >> "$SITE"
	fail_with "$SITE, line 10: vip add X: port 25 on 192.168.30.10 tcp is taken by HT-SMTP in line 2" \
		ctl apply "$SITE" && expect_status 5 ctl apply "$SITE" || return
	sed -i '$d' "$SITE"
	echo "vip add X 224.0.0.1 tcp 24" >> "$SITE"
	fail_with "$SITE, line 10: vip add X: a vip cannot have this address" \
		ctl apply "$SITE" && expect_status 1 ctl apply "$SITE" || return
	sed -i '$d' "$SITE"
	echo "global set limit vips 1" >> "$SITE"
	expect_status 1 ctl apply "$SITE" &&
		expect_status 1 ctl apply "$tmp/none" &&
		expect_status 1 ctl apply "$tmp" &&
		expect_status 2 ctl apply && expect_status 2 ctl apply "$SITE" x &&
		expect_status 2 ctl apply "$SITE" confirm &&
		expect_status 2 ctl apply "$SITE" confirm 0 &&
		expect_status 2 ctl plan "$SITE" confirm 5 &&
		expect "$before" generation && ctl save "$tmp/after" &&
		cmp "$tmp/before" "$tmp/after"
}

# line STATUS TEXT LINE... - a file with these lines is refused
line()
{
	local status=$1 text=$2
	shift 2

	printf '%s\n' "$@" > "$tmp/bad"
	expect_status "$status" ctl -q apply "$tmp/bad" 2> "$tmp/said" ||
		return
	if ! grep -qF -- "$tmp/bad, line $#: $text" "$tmp/said" ||
	   [ "$(wc -l < "$tmp/said")" -ne 1 ]; then
		cat "$tmp/said"
		echo "is not \"$text\" in one line"
		return 1
	fi
}

test_lines()
{
	local vip="vip add W 192.168.30.10 tcp 80" nat
	local real="real add W one 192.168.30.20"

	nat="$vip mode nat"
	begin &&
	line 2 '"vip set" cannot be in such a file; is it "vip add"? usage' \
		"vip set W sched rr" &&
	line 2 '"vips" cannot be in such a file; is it "vip add"?' vips &&
	line 2 '"show" cannot be in such a file' show &&
	line 2 '"lbctl" cannot be in such a file' lbctl &&
	line 2 "a ' is not closed" "vip add 'W" &&
	line 2 'a backslash within "..." is followed by none' 'vip add "\q"' &&
	line 2 '\x00 cannot be in a value' 'vip add "\x00"' &&
	line 2 'vip add: name "1" does not start with a letter' "vip add 1" &&
	line 2 'vip add W: sched "x" is not wrr|' "$vip sched x" &&
	line 2 'vip add W: ADDRESS is missing; usage: vip add NAME' "" \
		"vip add W" &&
	line 2 'vip add W: unknown option "sced" for vip add; is it "sched"?; usage: vip add' \
		"$vip sced rr" &&
	line 2 'vip add W: smtp is not for a service of udp alone' \
		"vip add W 192.168.30.10 udp 80 check smtp" &&
	line 2 'persist add vip W: in a file, "forever" is missing' \
		"persist add vip W src 192.0.2.1 real one" &&
	line 5 'vip add W: a vip of this name is in line 1' "$vip" \
		"vip add W 192.168.30.10 tcp 81" &&
	line 5 'global set: line 1 says it as well' "global set seed 1" \
		"global set seed 2" &&
	line 1 'vip add W: the addresses of vip and clients differ in family' \
		"$vip allow fd00::/8" &&
	line 1 'vip add W: the addresses of vip and sources differ in family' \
		"$vip source fd00::1" &&
	line 1 'vip add W: the addresses of vip and fallback differ in family' \
		"$vip fallback fd00::1" &&
	line 4 'real add W one: the file has no such vip' "" "$real" &&
	line 5 'real add W one: a real of the vip with this name is in line 2' \
		"$vip" "$real" "real add W one 192.168.30.21" &&
	line 5 'real add W two: a real of the vip with this address and port is in line 2' \
		"$vip" "$real" "real add W two 192.168.30.20" &&
	line 1 'real add W one: the addresses of vip and real differ in family' \
		"$vip" "real add W one fd30::20" &&
	line 1 'real add W one: the real is the vip itself' "$nat" \
		"real add W one 192.168.30.10" &&
	line 1 'real add W one: mode dr cannot change the port' "$vip" \
		"$real port 81" &&
	line 1 'real add W one: a real has a port of its own only where' \
		"vip add W 192.168.30.10 tcp 80,81 mode nat" "$real port 81" &&
	line 4 'persist add vip W: the file has no such vip' \
		"persist add vip W src 192.0.2.1 real one forever" &&
	line 4 'persist add vip W: the vip has no real two' "$vip persist 1m" \
		"$real" "persist add vip W src 192.0.2.1 real two forever" &&
	line 1 'persist add vip W: the vip has no persistence' "$vip" "$real" \
		"persist add vip W src 192.0.2.1 real one forever" &&
	line 5 'persist add vip W: line 3 and line 4 bind the same client' \
		"$vip persist 1m mask 24" "$real" \
		"persist add vip W src 192.0.2.1 real one forever" \
		"persist add vip W src 192.0.2.2 real one forever" &&
	expect "# nothing is configured" ctl save
}

# Windows wrote it; the lines are in another order, with lbctl before them.
test_form()
{
	begin && printf '\xef\xbb\xbf# site\r\nlbctl real add W one 192.168.30.20\r\n\r\n\tlbctl  vip add "W" 192.168.30.10 tcp 80 # web\r\nglobal set seed 1\r\nglobal set limit vips 9' \
		> "$SITE" && ctl -q apply "$SITE" &&
		expect "$(printf '%s\n' "global set seed 1 limit vips 9" \
			"vip add W 192.168.30.10 tcp 80 mode dr sched wrr" \
			"real add W one 192.168.30.20 state online")" ctl save &&
		printf 'vip add W 192.168.30.10 tcp 80\0\n' > "$SITE" &&
		fail_with "line 1: there is a NUL in the line" ctl apply "$SITE"
}

# A file that somebody failed to write is not one that says nothing.
test_empty()
{
	begin && : > "$tmp/empty" && expect "changes       none" \
		ctl apply "$tmp/empty" && ctl -q apply "$SITE" &&
		fail_with "$tmp/empty is empty; \"lbctl flush all\" removes everything" \
			ctl apply "$tmp/empty" && same_as_saved &&
		fail_with "standard input is empty" ctl apply - < /dev/null &&
		echo "# nothing" > "$tmp/empty" && ctl -q apply "$tmp/empty" &&
		expect "# nothing is configured" ctl save
}

# Others change something all the time: nobody's change is lost.
test_concurrent()
{
	local other

	begin && ctl -q apply "$SITE" || return
	sed 's/ state online//' "$SITE" > "$tmp/one"
	sed 's/weight 50/weight 60/' "$tmp/one" > "$tmp/two"
	while :; do
		ctl real drain HT-SMTP HT1 && ctl real online HT-SMTP HT1
	done 2> /dev/null &
	other=$!
	local i status=0
	for ((i = 0; i < 5 && !status; i++)); do
		ctl -q apply "$tmp/two" && expect 60 real WEB CAS2 weight &&
			ctl -q apply "$tmp/one" &&
			expect 50 real WEB CAS2 weight || status=1
	done
	kill "$other"
	wait "$other" 2> /dev/null
	return "$status"
}

test_perm()
{
	begin && chmod 755 "$tmp" || return
	expect_status 7 ip netns exec "$lb" setpriv --reuid 65534 \
		--clear-groups "$(command -v lbctl)" apply "$SITE" &&
		expect "# nothing is configured" ctl save
}

ktap_plan 10
ktap_run "a site is made"			test_made
ktap_run "what is not changed is kept"		test_kept
ktap_run "everything changes"			test_changed
ktap_run "what one gives another takes"		test_exchanged
ktap_run "nothing of what is refused is done"	test_refused
ktap_run "lines that are wrong"			test_lines
ktap_run "the form of a file"			test_form
ktap_run "an empty file"			test_empty
ktap_run "others change something"		test_concurrent
ktap_run "without privilege"			test_perm
ktap_exit
