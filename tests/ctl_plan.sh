#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Control plane: what applying a file would change, and what that would cost.

# Cases are called by name, through ktap_run.
# shellcheck disable=SC2317 source=tests/traffic/lib.sh
. "$(dirname "$0")/traffic/lib.sh"

require_tool ip lbctl pkt_send
load_module || ksft_skip_all "the module cannot be loaded"
topo_dr || ksft_skip_all "no network namespaces"

readonly SITE=$tmp/site

begin()
{
	cat > "$SITE" <<-'EOF'
		vip add WEB 192.168.30.10 tcp,udp 80 mode dr sched rr persist 1h check off
		real add WEB one 192.168.30.20 state online
		real add WEB two 192.168.30.21 state online
		vip add MAIL 192.168.30.10 tcp 25 mode dr sched rr check off
		real add MAIL one 192.168.30.20 state online
	EOF
	ctl flush all && ctl -q apply "$SITE"
}

# plan KEY... - of every change that would be made
plan()
{
	local said

	said=$(ctl -j plan "$SITE")
	[ $? -eq 10 ] && objects "$said" "$@"
}

test_none()
{
	begin && expect "changes       none" ctl plan "$SITE" &&
		expect '{"changes":[],"added":0,"changed":0,"removed":0,"conns":0,"clients":0,"without_real":[]}' \
			ctl -j plan "$SITE"
}

test_lines()
{
	local before

	begin && before=$(ctl save) || return
	sed -i '/real add WEB two/d; s/sched rr check/sched wrr idle 1h check/' \
		"$SITE"
	echo "vip add NEW 192.168.30.10 tcp 99 check off" >> "$SITE"
	expect_status 10 ctl plan "$SITE" > "$tmp/said"
	diff "$tmp/said" - <<-'EOF' && [ "$(ctl save)" = "$before" ] &&
		CHANGE  LINE  CONNS  CLIENTS  COMMAND
		remove  -         0        0  real del WEB two
		change  3         0        0  vip set MAIL sched wrr idle 1h # was sched rr idle 124m
		add     5         0        0  vip add NEW 192.168.30.10 tcp 99 mode dr sched wrr check off
		added         1
		changed       1
		removed       1
		without real  NEW
	EOF
		expect_status 10 ctl -q plan "$SITE" &&
		expect "0/remove 3/change 5/add" plan line change
}

# knock COUNT - so many clients send something, each from an address of its own
# and bound to a real, so that each real has every other of them
knock()
{
	local i reals=(one two)

	for ((i = 1; i <= $1; i++)); do
		echo "persist add vip WEB src 192.168.30.6$i" \
			"real ${reals[i % 2]} for 1h"
	done > "$tmp/bound"
	ctl batch "$tmp/bound" && eventually have_talked "$1" &&
		expect "$1" vip WEB conns
}

# have_talked COUNT - each has sent so often that it is remembered for minutes,
# not only for as long as a single question
have_talked()
{
	local i

	for ((i = 1; i <= $1; i++)); do
		one_cpu enter "$client" pkt_send udp "192.168.30.6$i" 1024 \
			"$VIP4" 80 || return
	done
	[ "$(ctl -j conn show vip WEB | grep -o '"state":"udp"' | wc -l)" -eq "$1" ]
}

# costs CONNS CLIENTS SED-COMMAND - what it costs to apply the site that this
# makes of what there is
costs()
{
	local conns=$1 clients=$2 said
	shift 2

	ctl save "$SITE" && sed -i "$@" "$SITE" || return
	said=$(ctl -j plan "$SITE")
	[ $? -eq 10 ] || {
		echo "nothing changes by $*"
		return 1
	}
	[[ $said == *'"conns":'$conns',"clients":'$clients',"without_real"'* ]] || {
		echo "$* costs $said"
		return 1
	}
}

# Who is connected, and who is bound.
test_cost()
{
	begin && knock 6 &&
		costs 6 6 '/WEB/d' &&
		costs 3 3 '/add WEB two/d' &&
		costs 6 6 '/add WEB/s/real add WEB/real add MAIL/; /vip add WEB/d; /add MAIL one/d' &&
		costs 3 3 '/add WEB two/s/online/halt/' &&
		costs 0 0 '/add WEB two/s/online/drain/' &&
		costs 3 0 '/add WEB two/s/30\.21/30.29/' &&
		costs 6 0 '/vip add WEB/s/ 80 / 81 /' &&
		costs 0 0 '/vip add WEB/s/ 80 / 80,81 /' &&
		costs 6 0 '/vip add WEB/s/ tcp,udp / udp /' &&
		costs 0 6 's/ persist 1h//' &&
		costs 0 6 's/ persist 1h/& mask 24/' &&
		costs 0 0 's/ sched rr/ sched sh/' &&
		costs 0 0 's/ sched rr/& idle 1m orphan drop/' &&
		costs 0 0 '1i global set seed 1' || return
	ctl vip set WEB orphan keep && costs 0 3 '/add WEB two/d' &&
		ctl save "$SITE" && sed -i '/add WEB two/d' "$SITE" &&
		ctl -q apply "$SITE" && becomes 6 conn_count vip WEB
}

# bare NAMES SED-COMMAND - the VIPs that would be without a real
bare()
{
	local names=$1 said
	shift

	begin && sed -i "$@" "$SITE" || return
	said=$(ctl -j plan "$SITE")
	[[ $said == *'"without_real":['$names']'* ]] || {
		echo "$* is said to leave $said"
		return 1
	}
}

test_bare()
{
	bare '"MAIL"' '/MAIL one/d' && bare '' '/WEB two/d' &&
		bare '"MAIL","WEB"' 's/online/drain/' &&
		bare '"WEB"' '/add WEB/s/online/& weight 0/; /vip add/s/ weight 0//' &&
		bare '' 's/check off/check tcp/' || return
	begin && ctl vip set WEB check tcp && ctl real health WEB one down &&
		ctl save "$SITE" && sed -i '/WEB two/d' "$SITE" &&
		[[ $(ctl -j plan "$SITE") == *'"without_real":["WEB"]'* ]] &&
		sed -i '/WEB one/s/\.20/.29/' "$SITE" &&
		[[ $(ctl -j plan "$SITE") == *'"without_real":[]'* ]]
}

# What only the module knows, it says before anything is applied.
test_refused()
{
	begin && echo "vip add X 0.0.0.0 tcp 9" >> "$SITE" &&
		expect_status 1 ctl plan "$SITE" > "$tmp/out" 2> "$tmp/said" &&
		grep -q "line 6: vip add X: a vip cannot have this address" \
			"$tmp/said" && grep -q "^add " "$tmp/out" &&
		sed -i '$d' "$SITE" && expect_status 0 ctl -q plan "$SITE" &&
		expect_status 2 ctl plan && expect_status 1 ctl plan "$tmp/none"
}

# Clients that are bound for ever.
test_pins()
{
	begin && ctl persist add vip WEB src 192.0.2.1 real one forever &&
		costs 0 1 's/\(src .* real\) one/\1 two/' &&
		costs 0 1 '/persist add/d' &&
		costs 0 0 '1i persist add vip WEB src 192.0.2.2 real two forever' &&
		expect_status 10 ctl plan "$SITE" > "$tmp/out" &&
		grep -q "persist add vip WEB src 192.0.2.2 real two forever$" \
			"$tmp/out"
}

# commands FILE - as they are shown
commands()
{
	local status

	ctl plan "$1" > "$tmp/plan"
	status=$?
	[ "$status" -eq 10 ] || return "$status"
	sed -nE 's/^(add|change|remove) +[-0-9]+ +[0-9]+ +[0-9]+  //p' \
		"$tmp/plan"
}

becomes_site()
{
	ctl -q batch "$tmp/commands" && expect_status 0 ctl -q plan "$SITE"
}

# A VIP that is to be of another family cannot be changed step by step.
turned_removed()
{
	local family other

	for family in '10[.]' 'fd99:'; do
		[ "$family" = 'fd99:' ] && other='10[.]' || other='fd99:'
		grep -oE "^vip add V[0-9]+ $family" "$SITE" | cut -d' ' -f3
		ctl save | grep -oE "^vip add V[0-9]+ $other" | cut -d' ' -f3
	done | sort | uniq -d | sed 's/.*/vip del &/' | ctl batch -
}

# Whatever else differs, what is shown can be run, and does it. VIPs without an
# address are no matter here, and what takes clients has to be forced.
test_run()
{
	local seed

	require_tool python3
	for ((seed = 1; seed <= $(times 15); seed++)); do
		python3 -I "$tests/random_site.py" "$seed" |
			sed '/^vip add/s/\(\r\?\)$/ force\1/' > "$SITE" || return
		turned_removed || return
		if ! commands "$SITE" > "$tmp/commands" || ! becomes_site; then
			echo "seed $seed"
			cat "$tmp/commands"
			return 1
		fi
	done
}

# What has no option of its own.
test_replace()
{
	begin && sed -i '/WEB one/s/\.20/.29/; /add MAIL/s/ tcp / tcp,udp /' \
		"$SITE" && commands "$SITE" > "$tmp/commands" &&
		diff "$tmp/commands" - <<-'EOF' && ctl batch "$tmp/commands" &&
		vip replace MAIL 192.168.30.10 tcp,udp 25 mode dr sched rr check off # was protocol tcp
		real replace WEB one 192.168.30.29 state online # was address 192.168.30.20
	EOF
		expect_status 0 ctl -q plan "$SITE"
}

ktap_plan 8
ktap_run "nothing to do"			test_none
ktap_run "line by line"				test_lines
ktap_run "connections and clients"		test_cost
ktap_run "vips without a real"			test_bare
ktap_run "what would be refused"		test_refused
ktap_run "clients that are bound"		test_pins
ktap_run "what has no option"			test_replace
ktap_run "what is shown can be run"		test_run
ktap_exit
