#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Servers that fail all at once are held. For the network see checker/lib.sh.

# Cases are called by name, through ktap_run.
# shellcheck disable=SC2317 source=tests/checker/lib.sh
. "$(dirname "$0")/checker/lib.sh"

readonly REFUSED="tcp 25: connection refused"
readonly HELD="up held by guard: $REFUSED"

both_fail()
{
	unlisten "$server1" 25 && unlisten "$server2" 25
}

both_answer()
{
	listen "$server1" 25 && listen "$server2" 25
}

test_without()
{
	both_fail &&
		becomes SMTP HT1 "health reason" "down $REFUSED" &&
		becomes SMTP HT2 "health reason" "down $REFUSED"
}

test_all()
{
	ctl vip set SMTP check guard 100 && at_once both_fail &&
		becomes SMTP HT1 "health reason" "$HELD" &&
		becomes SMTP HT2 "health reason" "$HELD" &&
		logs "SMTP: held by guard: 2 of 2 servers that are up fail" ||
		return
	is_so SMTP HT1 "result result_text" "down $REFUSED" || return

	at_once both_answer &&
		becomes SMTP HT1 "health reason" "up tcp 25: connected" &&
		becomes SMTP HT2 "health reason" "up tcp 25: connected" &&
		logs "SMTP: no longer held by guard" &&
		! grep -E ': down:' "$log"
}

test_one()
{
	ctl vip set SMTP check guard 100 && unlisten "$server1" 25 &&
		becomes SMTP HT1 "health reason" "down $REFUSED" &&
		is_so SMTP HT2 health up
}

# It is the guard of all that ends when one is back.
test_end()
{
	ctl vip set SMTP check guard 100 && at_once both_fail &&
		becomes SMTP HT1 "health reason" "$HELD" &&
		becomes SMTP HT2 "health reason" "$HELD" || return
	listen "$server2" 25
	becomes SMTP HT2 "health reason" "up tcp 25: connected" &&
		becomes SMTP HT1 "health reason" "down $REFUSED"
}

test_single()
{
	ctl real del SMTP HT2 && ctl vip set SMTP check guard 100 &&
		unlisten "$server1" 25 &&
		becomes SMTP HT1 "health reason" "$HELD" &&
		ctl vip set SMTP check guard off &&
		becomes SMTP HT1 "health reason" "down $REFUSED"
}

test_by_hand()
{
	ctl real del SMTP HT2 && ctl vip set SMTP check guard 100 &&
		unlisten "$server1" 25 &&
		becomes SMTP HT1 "health reason" "$HELD" &&
		ctl real health SMTP HT1 down "it is true" &&
		becomes SMTP HT1 "health reason" "down $REFUSED"
}

# has_carrier NS DEVICE - and sends what it is given; a device that has just got
# its carrier back drops that for a while
has_carrier()
{
	[[ $(ip -n "$1" link show "$2") == *" state UP "* ]]
}

# The ends of a cable are up, and packets pass.
way_is_back()
{
	ip -n "$lb" link set to31 up &&
		busywait "$PATIENCE" has_carrier "$lb" to31 &&
		busywait "$PATIENCE" has_carrier "$server1" eth0
}

# This host's own way is gone: whatever is configured, nothing is known.
test_void()
{
	local since status

	since=$(real SMTP HT1 since)
	ip -n "$lb" link set to31 down || return
	becomes SMTP HT1 "health result_text" "up not checked: network *"
	status=$?
	at_once way_is_back && [ "$status" -eq 0 ] &&
		becomes SMTP HT1 "health result_text" "up tcp 25: connected" &&
		expect "$since" real SMTP HT1 since
}

# A cable that is cut is on this side of the server: what it was it stays, and
# each is judged by the one that it is behind.
test_cut()
{
	local since

	unlisten "$server2" 25 && becomes SMTP HT2 "health reason" "down $REFUSED" &&
		since=$(real SMTP HT1 since) &&
		ip -n "$server1" link set eth0 down || return
	becomes SMTP HT1 "health result_text" "up not checked: to31 has no carrier" &&
		is_so SMTP HT2 health down || return
	listen "$server2" 25
	becomes SMTP HT2 health up && expect "$since" real SMTP HT1 since &&
		! grep 'HT1.*: down:' "$log" || return
	ip -n "$server1" link set eth0 up
	becomes SMTP HT1 "health result_text" "up tcp 25: connected"
}

require_tool ip lbcheckd lbctl socat
load_module || ksft_skip_all "the module cannot be loaded"
setup || ksft_skip_all "the servers cannot be set up"
ktap_plan 8
ktap_run "without a guard all may fail" fresh test_without
ktap_run "all that fail at once are held until they are back" fresh test_all
ktap_run "one that fails leaves" fresh test_one
ktap_run "when fewer fail those leave" fresh test_end
ktap_run "a single one is held until the guard is off" fresh test_single
ktap_run "by hand it goes all the same" fresh test_by_hand
ktap_run "what this host has lost is no fault of the server" fresh test_void
ktap_run "what is cut off is no fault of the server" fresh test_cut
ktap_exit
