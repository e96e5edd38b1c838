#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Control plane: real servers, their state, health and weight.
#
#	+-------+
#	|  $lb  |	one namespace, no links: nothing here needs traffic
#	+-------+

# Cases are called by name, through ktap_run.
# shellcheck disable=SC2317 source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

require_tool ip jq lbctl
load_module || ksft_skip_all "the module cannot be loaded"
setup_ns lb || ksft_skip_all "no network namespaces"
ip -n "$lb" addr add 192.168.30.10/32 dev lo

# Which reals of a VIP serve.
serving()
{
	local object said=()

	for object in $(objects "$(ctl -j real show "$1")" name serves); do
		case $object in
		*/true)
			said+=("${object%/true}") ;;
		esac
	done
	echo "${said[*]}"
}

# changed WORDS... - what a command says that it changed
changed()
{
	objects "$(ctl -j "$@")" vip name was state
}

two_vips()
{
	ctl vip add web 192.168.30.10 tcp 80 &&
		ctl vip add mail 192.168.30.10 tcp 25 &&
		ctl real add web CAS1 192.168.30.20 &&
		ctl real add web CAS2 192.168.30.21 &&
		ctl real add mail HT1 192.168.30.20 &&
		ctl real add mail HT2 192.168.30.21
}

test_defaults()
{
	ctl vip add web 192.168.30.10 tcp 80 &&
		expect "" ctl real add web CAS1 192.168.30.20 &&
		expect 'web CAS1 192.168.30.20 0 100 online unknown true 0' \
			real web CAS1 vip name address port weight state \
			health serves conns &&
		expect 'true ""' real web CAS1 check_inherit reason
}

test_options()
{
	ctl vip add web 192.168.30.10 tcp 80 mode nat &&
		ctl real add web CAS1 192.168.30.20 port 8080 weight 0 \
			state halt check external rise 7 &&
		expect '8080 0 halt false external 7' real web CAS1 \
			port weight state check_inherit type rise &&
		ctl real add web CAS2 192.168.30.20 port 8081 weight 65535 &&
		expect '8081 65535' real web CAS2 port weight
}

test_set()
{
	ctl vip add web 192.168.30.10 tcp 80 mode nat &&
		ctl real add web CAS1 192.168.30.20 port 8080 weight 50 \
			state drain check external &&
		ctl real set web CAS1 weight 60 &&
		expect '8080 60 drain external' real web CAS1 \
			port weight state type &&
		ctl real set web CAS1 port default weight default \
			state default check default &&
		expect '0 100 online true' real web CAS1 \
			port weight state check_inherit
}

# Its own check begins as that of the VIP when only a part of it is given.
test_check()
{
	local check=(real web CAS1 type interval rise fall)

	ctl vip add web 192.168.30.10 tcp 80 check external fall 9 &&
		ctl real add web CAS1 192.168.30.20 check rise 5 &&
		expect 'external 5000 5 9' "${check[@]}" &&
		ctl vip set web check fall 8 &&
		expect 'external 5000 5 9' "${check[@]}" &&
		ctl real set web CAS1 check interval 7s &&
		expect 'external 7000 5 9' "${check[@]}" &&
		ctl real set web CAS1 check tcp &&
		expect 'tcp 5000 2 3' "${check[@]}" &&
		ctl real set web CAS1 check inherit &&
		expect true real web CAS1 check_inherit &&
		ctl real set web CAS1 check rise 6 &&
		expect 'external 5000 6 8' "${check[@]}"
}

# What a check has found is there once one has been made.
test_results()
{
	ctl vip add web 192.168.30.10 tcp 80 &&
		ctl real add web CAS1 192.168.30.20 &&
		expect 'unknown "" 0 0' real web CAS1 \
			result result_text rtt_us flaps &&
		ctl real health web CAS1 up &&
		ctl real health web CAS1 down &&
		ctl real health web CAS1 up &&
		ctl real health web CAS1 sick &&
		expect 2 real web CAS1 flaps
}

# A line without a state leaves that of a real as it is.
test_replace()
{
	ctl vip add web 192.168.30.10 tcp 80 &&
		ctl real replace web CAS1 192.168.30.20 weight 7 \
			check external &&
		ctl real health web CAS1 sick "421 busy" &&
		ctl real drain web CAS1 &&
		ctl real replace web CAS1 192.168.30.20 &&
		expect '100 true drain' real web CAS1 \
			weight check_inherit state &&
		ctl real replace web CAS1 192.168.30.20 state online &&
		expect online real web CAS1 state &&
		ctl real replace web CAS1 192.168.30.22 &&
		expect '192.168.30.22 online unknown ""' real web CAS1 \
			address state health reason &&
		expect 1 vip web real_count
}

test_del()
{
	two_vips &&
		expect "" ctl real del web CAS1 &&
		expect_status 4 ctl real show web CAS1 &&
		expect_status 4 ctl real del web CAS1 &&
		expect "" ctl real del web CAS1 if-exists &&
		expect "" ctl real del wob CAS1 if-exists &&
		expect 'web/CAS2 mail/HT1 mail/HT2' \
			objects "$(ctl -j real show)" vip name &&
		ctl real add web CAS1 192.168.30.20
}

test_show()
{
	two_vips &&
		expect '["CAS1","CAS2"]' eval 'ctl -j real show web |
			jq -c "[.reals[].name]"' &&
		expect 4 eval 'ctl real show | grep -c 192.168.30' &&
		expect_status 4 ctl real show wob &&
		expect_status 4 ctl real show web HT1 &&
		ctl vip add empty 192.168.30.10 tcp 81 &&
		expect '{"reals":[]}' ctl -j real show empty
}

test_state()
{
	two_vips &&
		expect "" ctl real drain web CAS1 &&
		expect 'drain false' real web CAS1 state serves &&
		expect "CAS2" serving web &&
		expect "" ctl real halt web CAS1 &&
		expect 'halt false' real web CAS1 state serves &&
		expect "" ctl real halt web CAS1 &&
		expect "" ctl real online web CAS1 &&
		expect 'online true' real web CAS1 state serves &&
		expect "HT1 HT2" serving mail &&
		expect_status 4 ctl real drain web HT1 &&
		expect_status 4 ctl real drain wob CAS1
}

# An address is every real that has it; what changed is printed.
test_state_by_address()
{
	two_vips &&
		expect "web/CAS1/online/drain mail/HT1/online/drain" \
			changed real drain all 192.168.30.20 &&
		expect "web/CAS1/drain/halt" \
			changed real halt web 192.168.30.20 &&
		expect "web/CAS1/halt/drain" \
			changed real drain all 192.168.30.20 &&
		expect "" changed real drain all 192.168.30.20 &&
		expect "CAS2" serving web &&
		expect "HT2" serving mail &&
		expect "mail/HT1/drain/online" changed real online all HT1 &&
		expect "web/CAS1/drain/online" \
			changed real online all 192.168.30.20 &&
		expect_status 4 ctl real drain all 192.168.30.99 &&
		expect_status 4 ctl real drain web 192.168.30.99 &&
		expect_status 4 ctl real drain all CAS3 &&
		expect "CAS1 CAS2" serving web
}

test_ipv6()
{
	ctl -q vip add six fd30::10 tcp 80 &&
		ctl real add six CAS1 FD30::0020 &&
		expect fd30::20 real six CAS1 address &&
		expect "six/CAS1/online/drain" \
			changed real drain all fd30:0:0::20
}

test_health()
{
	ctl vip add web 192.168.30.10 tcp 80 &&
		ctl real add web CAS1 192.168.30.20 &&
		expect "" ctl real health web CAS1 up &&
		expect 'up true ""' real web CAS1 \
			health serves reason &&
		expect "" ctl real health web CAS1 sick "421 4.3.2 too busy" &&
		expect 'sick false 421 4.3.2 too busy' real web CAS1 \
			health serves reason &&
		ctl real health web CAS1 down "connection refused" &&
		expect 'down false connection refused' real web CAS1 \
			health serves reason &&
		ctl real show web CAS1 | grep -q "connection refused" &&
		ctl real health web CAS1 up &&
		expect 'up true ""' real web CAS1 \
			health serves reason
}

# Since when it is so; the same verdict again does not move it.
test_since()
{
	local before since

	before=$(date +%s%3N)
	ctl vip add web 192.168.30.10 tcp 80 &&
		ctl real add web CAS1 192.168.30.20 &&
		ctl real health web CAS1 up || return
	since=$(real web CAS1 since)
	if [ "$since" -lt "$before" ] || [ "$since" -gt "$(date +%s%3N)" ]; then
		echo "since $since, which is not from $before till now"
		return 1
	fi
	ctl real health web CAS1 up "again" &&
		expect "$since again" real web CAS1 since reason
}

# While none is up, all that have no verdict yet serve; once one is up, a new
# one waits for its first good check.
test_first_verdicts()
{
	two_vips &&
		expect "CAS1 CAS2" serving web &&
		ctl real health web CAS1 down &&
		expect "CAS2" serving web &&
		ctl real health web CAS2 up &&
		ctl real add web CAS3 192.168.30.22 &&
		expect "CAS2" serving web &&
		ctl real health web CAS3 up &&
		expect "CAS2 CAS3" serving web &&
		ctl real health web CAS2 down &&
		ctl real health web CAS3 down &&
		expect "" serving web &&
		ctl real add web CAS4 192.168.30.23 &&
		expect "CAS4" serving web &&
		expect "HT1 HT2" serving mail
}

test_check_off()
{
	ctl vip add web 192.168.30.10 tcp 80 check off &&
		ctl real add web CAS1 192.168.30.20 &&
		expect 'up true' real web CAS1 health serves &&
		fail_with "the check of this real is off" \
			ctl real health web CAS1 down &&
		expect_status 1 ctl real health web CAS1 down &&
		ctl real add web CAS2 192.168.30.21 check external &&
		expect "CAS1" serving web &&
		ctl real health web CAS2 up &&
		expect "CAS1 CAS2" serving web
}

# A verdict is on what was checked: a check that comes back starts afresh.
test_check_comes_back()
{
	ctl vip add web 192.168.30.10 tcp 80 &&
		ctl real add web CAS1 192.168.30.20 &&
		ctl real health web CAS1 down "no route" &&
		expect "" serving web &&
		ctl vip set web check off &&
		expect "CAS1" serving web &&
		ctl vip set web check tcp &&
		expect 'unknown ""' real web CAS1 health reason &&
		expect "CAS1" serving web
}

# State, health and weight are three things, none overwrites another.
test_three_things()
{
	local three=(real web CAS1 state health weight serves)

	ctl vip add web 192.168.30.10 tcp 80 &&
		ctl real add web CAS1 192.168.30.20 weight 50 &&
		ctl real health web CAS1 down &&
		ctl real drain web CAS1 &&
		expect 'drain down 50 false' "${three[@]}" &&
		ctl real health web CAS1 up &&
		expect 'drain up 50 false' "${three[@]}" &&
		ctl real set web CAS1 weight 0 &&
		ctl real online web CAS1 &&
		expect 'online up 0 false' "${three[@]}" &&
		ctl real set web CAS1 weight 7 &&
		expect 'online up 7 true' "${three[@]}"
}

# What moves is another server: it has no verdict, and the old one has gone.
test_move()
{
	ctl vip add web 192.168.30.10 tcp 80 &&
		ctl real add web CAS1 192.168.30.20 weight 7 &&
		ctl real health web CAS1 down &&
		ctl real set web CAS1 weight 8 &&
		expect 'down 8 false' real web CAS1 health weight serves &&
		ctl vip set web ports 80,443 &&
		expect down real web CAS1 health &&
		ctl real replace web CAS1 192.168.30.29 weight 8 &&
		expect 'unknown 8 true' real web CAS1 health weight serves &&
		ctl real add web CAS2 192.168.30.20
}

# The epoch tells a checker that its verdict would be on something else.
test_epoch()
{
	local first

	ctl vip add web 192.168.30.10 tcp 80 &&
		ctl real add web CAS1 192.168.30.20 &&
		first=$(real web CAS1 epoch) &&
		ctl real set web CAS1 weight 8 state drain &&
		ctl vip set web idle 5m &&
		expect "$first" real web CAS1 epoch &&
		ctl vip set web check rise 5 &&
		expect "$((first + 1))" real web CAS1 epoch &&
		ctl real set web CAS1 check rise 5 &&
		expect "$((first + 1))" real web CAS1 epoch &&
		ctl real set web CAS1 check rise 6 &&
		expect "$((first + 2))" real web CAS1 epoch
}

test_repetition()
{
	local first

	two_vips &&
		ctl real set web CAS1 weight 7 state drain check external &&
		ctl real health web CAS1 down gone &&
		first=$(ctl -j real show) &&
		ctl real set web CAS1 weight 7 state drain check external &&
		ctl real health web CAS1 down gone &&
		ctl real drain web CAS1 &&
		expect "$first" ctl -j real show
}

# Each case begins with nothing.
run()
{
	ctl flush all && "$@"
}

ktap_plan 20
ktap_run "defaults"				run test_defaults
ktap_run "options are kept"			run test_options
ktap_run "set changes what is given"		run test_set
ktap_run "a check of its own"			run test_check
ktap_run "what a check has found"		run test_results
ktap_run "replace leaves the state"		run test_replace
ktap_run "del"					run test_del
ktap_run "show"					run test_show
ktap_run "online, drain, halt by name"		run test_state
ktap_run "online, drain, halt by address"	run test_state_by_address
ktap_run "ipv6"					run test_ipv6
ktap_run "verdicts and their reasons"		run test_health
ktap_run "since when"				run test_since
ktap_run "who serves before a verdict"		run test_first_verdicts
ktap_run "without a check it counts as up"	run test_check_off
ktap_run "a check that comes back"		run test_check_comes_back
ktap_run "state, health and weight"		run test_three_things
ktap_run "what moves is another server"		run test_move
ktap_run "the epoch"				run test_epoch
ktap_run "the same again changes nothing"	run test_repetition
ktap_exit
