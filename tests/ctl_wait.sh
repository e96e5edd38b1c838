#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Control plane: waiting until a VIP or a real is as it is wanted. The topology
# is topo_dr.

# Cases are called by name, through ktap_run.
# shellcheck disable=SC2317 source=tests/topo.sh
. "$(dirname "$0")/topo.sh"

require_tool ip lbctl socat
load_module || ksft_skip_all "the module cannot be loaded"
{
	topo_dr && start_server "$real1" R1 tcp/80
} || ksft_skip_all "no network namespaces"

readonly PATIENCE=60000

configure()
{
	ctl flush all && ctl vip add web "$VIP4" tcp 80 check external &&
		ctl real add web CAS1 192.168.30.20
}

# begin WORD... - wait for it in the background
begin()
{
	rm -f "$tmp/done"
	{
		ctl wait "$@" > "$tmp/said" 2>&1
		echo $? > "$tmp/done"
	} &
	waiting=$!
}

# It listens before it looks for the first time; what it then sees is too early
# to end it.
goes_on()
{
	local fd

	for fd in /proc/"$(pgrep -P "$waiting" lbctl)"/fd/*; do
		[[ $(readlink "$fd") != socket:* ]] || return 0
	done
	return 1
}

# came STATUS [TEXT] - it has ended so
came()
{
	busywait "$PATIENCE" [ -s "$tmp/done" ]
	if [ "$(< "$tmp/done")" != "$1" ] ||
		[[ $(< "$tmp/said") != *"${2:-}"* ]]; then
		cat "$tmp/said" "$tmp/done"
		return 1
	fi
}

test_at_once()
{
	configure &&
		ctl real health web CAS1 up &&
		expect "" ctl wait real web CAS1 up within 0 &&
		expect "" ctl wait vip web up within 0s &&
		expect "" ctl wait vip web drained &&
		ctl real health web CAS1 sick &&
		expect "" ctl wait real web CAS1 down within 1m &&
		expect "" ctl wait vip web down
}

test_time()
{
	configure && ctl real health web CAS1 up &&
		expect_status 6 ctl wait vip web down within 100ms &&
		fail_with "time ran out: it is up" \
			ctl wait vip web down within 0 &&
		fail_with "wait real web CAS1 down: time ran out: it is up" \
			ctl wait real web CAS1 down within 0 &&
		fail_with "time ran out: it is online" \
			ctl wait real web CAS1 drained within 0
}

test_health()
{
	configure && begin real web CAS1 up within 10m &&
		busywait "$PATIENCE" goes_on &&
		ctl real health web CAS1 up && came 0 &&
		begin vip web down && busywait "$PATIENCE" goes_on &&
		ctl real halt web CAS1 && came 0 &&
		begin vip web up && busywait "$PATIENCE" goes_on &&
		ctl real online web CAS1 && came 0
}

# Both the connection and the binding of its client must have gone; what the
# administrator has bound for ever does not count.
test_drained()
{
	configure && ctl real health web CAS1 up &&
		ctl vip set web persist 1h &&
		ctl persist add vip web src 192.168.30.77 real CAS1 forever &&
		conn_open a "$client" "$VIP4" 80 &&
		ctl real drain web CAS1 &&
		fail_with "1 connection and 1 client are left" \
			ctl wait real web CAS1 drained within 0 &&
		begin real web CAS1 drained within 10m &&
		busywait "$PATIENCE" goes_on &&
		ctl conn flush vip web &&
		fail_with "0 connections and 1 client are left" \
			ctl wait vip web drained within 0 &&
		[ ! -e "$tmp/done" ] &&
		ctl persist flush vip web src 192.168.30.50 && came 0 &&
		expect "" ctl wait vip web drained within 0
}

test_removed()
{
	configure && begin real web CAS1 up && busywait "$PATIENCE" goes_on &&
		ctl real del web CAS1 && came 4 "no such real" &&
		begin vip web up && busywait "$PATIENCE" goes_on &&
		ctl flush all && came 4 "no such vip"
}

test_refused()
{
	local status

	configure &&
		expect_status 2 ctl wait vip &&
		expect_status 2 ctl wait real web CAS1 &&
		fail_with 'state "ready" is not up|down|drained' \
			ctl wait vip web ready &&
		fail_with 'unknown option "withn"' \
			ctl wait vip web up withn 5 &&
		fail_with '"soon" is not a time' \
			ctl wait vip web up within soon &&
		expect_status 4 ctl wait vip wob up &&
		expect_status 4 ctl wait real web CAS2 up || return
	unload_module && {
		ctl wait vip web up
		status=$?
		load_module
	} && [ "$status" -eq 3 ]
}

ktap_plan 6
ktap_run "what is so already"		test_at_once
ktap_run "time runs out"		test_time
ktap_run "up and down"			test_health
ktap_run "drained"			test_drained
ktap_run "what is removed meanwhile"	test_removed
ktap_run "what is wrong is refused"	test_refused
ktap_exit
