#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Control plane: commands from a file, and words that are nearly right.

# Cases are called by name, through ktap_run.
# shellcheck disable=SC2317 source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

require_tool ip lbctl
load_module || ksft_skip_all "the module cannot be loaded"
setup_ns lb || ksft_skip_all "no network namespaces"
ip -n "$lb" addr add 192.168.30.10/32 dev lo

test_order()
{
	cat > "$tmp/file" <<-'EOF'
		# a comment, and an empty line

		vip add web 192.168.30.10 tcp 80 check off
		lbctl real add web "one" 192.168.30.20 # the first
		vip replace web 192.168.30.10 tcp 81 check off
		real replace web one 192.168.30.21
		real replace web two 192.168.30.22
		vip del other if-exists
		real del web three if-exists
	EOF
	expect "" ctl batch "$tmp/file" &&
		expect 81 vip web ports &&
		expect 192.168.30.21 real web one address &&
		expect 192.168.30.22 real web two address &&
		ctl flush all
}

# What was shown is what a command alone shows, one after the other.
test_shown()
{
	ctl batch - <<-'EOF' > "$tmp/out" || return
		vip add web 192.168.30.10 tcp 80 check off
		vip show web
		real add web one 192.168.30.20
		real show
	EOF
	{ ctl vip show web && ctl real show; } | grep '^\(vip\|VIP\|web\)' |
		diff - <(grep '^\(vip\|VIP\|web\)' "$tmp/out") &&
		[ "$(ctl -j batch - <<< $'vip show\nreal show' | wc -l)" -eq 2 ] &&
		ctl flush all
}

# stops STATUS TEXT LINE... - it stops at the last line, and says so in one
stops()
{
	local status=$1 text=$2
	shift 2

	printf '%s\n' "$@" "vip add never 192.168.30.10 tcp 99" > "$tmp/file"
	expect_status "$status" ctl batch "$tmp/file" 2> "$tmp/said" || return
	if ! grep -qF -- "lbctl: $tmp/file, line $#: $text" "$tmp/said" ||
	   [ "$(wc -l < "$tmp/said")" -ne 1 ]; then
		cat "$tmp/said"
		echo "is not \"$text\" in one line"
		return 1
	fi
	expect_status 4 ctl -q vip show never 2> "$tmp/said"
}

test_stops()
{
	local vip="vip replace web 192.168.30.10 tcp 80"

	stops 5 "vip add web: a vip of this name exists" "$vip" "" \
		"vip add web 192.168.30.10 tcp 81" &&
		stops 4 "vip del nobody: " "$vip" "vip del nobody" &&
		stops 2 'vip add web: sched "x" is not wrr|' \
			"vip add web 192.168.30.10 tcp 80 sched x" &&
		stops 2 'unknown option "wait" for vip set; usage: lbctl vip set NAME OPTION...' \
			"$vip" "vip set web wait 5" &&
		stops 2 'unknown object "vipp"; is it "vip"? see lbctl help' \
			"$vip" "vipp show" &&
		stops 2 'unknown verb "shwo" for vip; is it "show"? usage: lbctl vip add|' \
			"vip shwo" &&
		stops 2 'a verb is missing; usage: lbctl real ' "real" &&
		stops 2 'an object is missing' "$vip" "lbctl" &&
		stops 2 'batch: a " is not closed' "$vip" 'vip set "web' &&
		stops 2 'a batch cannot be in a batch' 'batch other' &&
		stops 1 'apply: in a batch there is no standard input' \
			"$vip" 'apply -' &&
		expect_status 1 ctl batch "$tmp/none" &&
		expect_status 2 ctl batch && expect_status 2 ctl batch a b &&
		fail_with "standard input, line 1: unknown object" \
			ctl batch - <<< "x" && ctl flush all
}

# owns ADDRESS... - no others of VIPs are on the interface
owns()
{
	local found

	found=$(ip -n "$lb" -4 -o addr show dev lo |
		sed -n 's|.* inet \(192[^ ]*\)/32 .*|\1|p' | sort | xargs)
	expect "$*" echo "$found"
}

# Addresses of VIPs are on their interfaces before a line looks at them, and when
# it ends, however that is.
test_addresses()
{
	local own=192.168.30.10 vip="tcp 80 dev lo check off"

	ip -n "$lb" link set lo up
	ctl batch - <<-EOF &&
		vip add web 192.168.30.11 $vip
		real add web one 192.168.30.20
		wait vip web up within 60s
		vip add ssl 192.168.30.12 $vip
		vip del web
	EOF
		owns "$own" 192.168.30.12 &&
		expect_status 4 ctl batch - 2> "$tmp/said" <<-EOF &&
			vip add web 192.168.30.11 $vip
			vip del ssl
			vip del nobody
		EOF
		owns "$own" 192.168.30.11 || return
	# Nobody reads what it shows: that is its end, but not of what it began.
	ctl batch - <<-EOF | true
		vip add ssl 192.168.30.12 $vip
		vip show
		vip show
	EOF
	owns "$own" 192.168.30.11 192.168.30.12 && ctl save > "$tmp/site" &&
		ctl flush all && owns "$own" || return
	ctl apply "$tmp/site" | true
	owns "$own" 192.168.30.11 192.168.30.12 && ctl flush all
}

# Each one takes the connection that there is.
test_many()
{
	{
		echo "vip add web 192.168.30.10 tcp 80 check off"
		echo "real add web one 192.168.30.20"
		yes status | head -n 100
	} > "$tmp/file"
	(
		ulimit -n 30
		ctl batch "$tmp/file" > "$tmp/said"
	)
	sort "$tmp/said" | uniq -c
	expect 100 grep -c "^L4LB OK" "$tmp/said" && ctl flush all
}

# A check is made by another program, and is a line like any other.
test_check()
{
	ctl batch - <<-'EOF' > "$tmp/out" || return
		vip add web 192.168.30.10 tcp 80 check off
		real add web one 192.168.30.20
		vip show
		real check web one
		real set web one weight 7
		real show web one
	EOF
	grep -oE "^VIP|nothing is checked|^weight .*" "$tmp/out" |
		diff - <(printf '%s\n' VIP "nothing is checked" \
			"weight        7") && expect "" ctl -q real check web one &&
		echo "real check web two" > "$tmp/file" &&
		expect_status 4 ctl batch "$tmp/file" 2> "$tmp/said" &&
		ctl flush all
}

# An unknown word brings the nearest one that is known, and the usage.
test_near()
{
	fail_with 'unknown option "prot" for real set; is it "port"?; usage: lbctl real set VIP NAME OPTION...' \
		ctl real set web one prot 80 &&
		fail_with 'unknown object "persits"; is it "persist"?' \
			ctl persits show &&
		fail_with 'unknown verb "flsh" for conn; is it "flush"? usage: lbctl conn show|flush' \
			ctl conn flsh &&
		fail_with 'unexpected "x" after show; usage: lbctl show' \
			ctl show x &&
		fail_with 'unknown option "intervall" for vip set; is it "interval"?' \
			ctl vip set web check tcp intervall 5s &&
		fail_with 'unknown object "frobnicate"; see lbctl help' \
			ctl frobnicate &&
		fail_with 'unexpected "confrim" after apply; is it "confirm"?; usage: lbctl apply FILE|- [confirm TIME]' \
			ctl apply file confrim 5m &&
		fail_with 'unexpected "if-exist" after vip del; is it "if-exists"?; usage: lbctl vip del NAME [if-exists]' \
			ctl vip del web if-exist &&
		fail_with 'vip set web: mode "drr" is not dr|nat|snat; is it "dr"?' \
			ctl vip set web mode drr
}

ktap_plan 7
ktap_run "commands in order"			test_order
ktap_run "what they show"			test_shown
ktap_run "it stops at what fails"		test_stops
ktap_run "addresses are in place in time"	test_addresses
ktap_run "many lines with one connection"	test_many
ktap_run "a check, and what follows"	test_check
ktap_run "words that are nearly right"		test_near
ktap_exit
