#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Control plane: draining as a job that ends, with or without somebody who waits
# for it. The topology is topo_dr.

# Cases are called by name, through ktap_run; "then" is a word of lbctl.
# shellcheck disable=SC1010,SC2317 source=tests/topo.sh
. "$(dirname "$0")/topo.sh"

require_tool ip lbctl socat
load_module || ksft_skip_all "the module cannot be loaded"
{
	topo_dr && start_server "$real1" R1 tcp/80 tcp/443
} || ksft_skip_all "no network namespaces"

readonly PATIENCE=60000

configure()
{
	ctl flush all && ctl vip add web "$VIP4" tcp 80 check off &&
		ctl real add web CAS1 192.168.30.20 &&
		ctl vip add ssl "$VIP4" tcp 443 check off &&
		ctl real add ssl SSL1 192.168.30.20
}

is()
{
	[ "$(real "$1" "$2" state)" = "$3" ]
}

# becomes VIP REAL STATE
becomes()
{
	busywait "$PATIENCE" is "$@"
}

# The jobs as VIP/REAL/CONNECTIONS/THEN
jobs_shown()
{
	objects "$(ctl -j drain show)" vip name conns then
}

jobs_are()
{
	[ "$(jobs_shown)" = "$*" ]
}

# No process of a job is left in the namespace.
is_quiet()
{
	[ -z "$(ip netns pids "$lb")" ]
}

# The end of what has no connections comes by itself; lbctl itself, and what it
# was run from, have ended long before.
test_job()
{
	configure && conn_open a "$client" "$VIP4" 80 &&
		expect "" ctl real drain web CAS1 then halt &&
		expect drain real web CAS1 state &&
		expect "web/CAS1/1/halt" jobs_shown &&
		ctl drain show | grep -q "^web  *CAS1 .*halt *[0-9]*$" &&
		conn_say a still &&
		ctl conn flush vip web && becomes web CAS1 halt &&
		busywait "$PATIENCE" is_quiet &&
		expect '{"drains":[]}' ctl -j drain show
}

# Whom nobody waits for ends too, with what is left.
test_time()
{
	configure && conn_open a "$client" "$VIP4" 80 &&
		ctl real drain web CAS1 within 1s then halt &&
		becomes web CAS1 halt &&
		expect 1 real web CAS1 conns &&
		ctl real online web CAS1 &&
		expect_status 6 ctl real drain web CAS1 within 100ms wait &&
		expect drain real web CAS1 state &&
		ctl real online web CAS1 &&
		ctl real drain web CAS1 within 100ms &&
		busywait "$PATIENCE" is_quiet &&
		expect drain real web CAS1 state
}

test_wait()
{
	configure && conn_open a "$client" "$VIP4" 80 || return
	ctl real drain web CAS1 within 10m then halt wait > "$tmp/told" &
	waiting=$!
	busywait "$PATIENCE" grep -q "CAS1: draining, 1 connection and 0" \
		"$tmp/told" &&
		ctl conn flush vip web && wait "$waiting" &&
		expect "web/CAS1: drained, halted" tail -n 1 "$tmp/told" &&
		expect halt real web CAS1 state &&
		expect "ssl/SSL1: drained" eval \
			'ctl real drain all SSL1 wait | tail -n 1' &&
		expect drain real ssl SSL1 state &&
		expect "" ctl -q real drain all 192.168.30.20 wait
}

test_json()
{
	local said

	configure && conn_open a "$client" "$VIP4" 80 &&
		said=$(ctl -j real drain web CAS1 within 100ms then halt wait |
			tail -n 1) &&
		json_get "$said" vip name progress halted conns clients &&
		[ "$REPLY" = "web CAS1 halted true 1 0" ]
}

# A client that persistence binds may come back.
test_clients()
{
	configure && ctl vip set web persist 1h &&
		conn_open a "$client" "$VIP4" 80 &&
		ctl real drain web CAS1 then halt &&
		ctl conn flush vip web &&
		fail_with "0 connections and 1 client are left" \
			ctl wait real web CAS1 drained within 3s &&
		expect drain real web CAS1 state &&
		ctl persist flush vip web && becomes web CAS1 halt
}

# All of a machine, by its address; each ends when it is empty.
test_machine()
{
	configure && conn_open a "$client" "$VIP4" 80 &&
		expect "web/CAS1/online/drain ssl/SSL1/online/drain" objects \
			"$(ctl -j real drain all 192.168.30.20 then halt)" \
			vip name was state &&
		becomes ssl SSL1 halt &&
		expect "web/CAS1/1/halt" jobs_shown &&
		ctl conn flush all && becomes web CAS1 halt
}

test_cancel()
{
	configure && conn_open a "$client" "$VIP4" 80 &&
		ctl real drain web CAS1 within 10m then halt &&
		expect "web/CAS1/drain/online" objects \
			"$(ctl -j drain cancel all 192.168.30.20)" \
			vip name was state &&
		busywait "$PATIENCE" is_quiet &&
		expect online real web CAS1 state &&
		expect_status 4 ctl drain cancel web CAS1 &&
		conn_say a still
}

# Who changes the state otherwise has called it off too.
test_changed()
{
	configure && conn_open a "$client" "$VIP4" 80 &&
		ctl real drain web CAS1 within 10m then halt &&
		ctl real online web CAS1 &&
		busywait "$PATIENCE" is_quiet &&
		expect online real web CAS1 state || return
	ctl real drain web CAS1 wait > "$tmp/told" 2>&1 &
	waiting=$!
	busywait "$PATIENCE" grep -q draining "$tmp/told" &&
		ctl real halt web CAS1 &&
		expect_status 1 wait "$waiting" &&
		grep -q "somebody has ended it" "$tmp/told" || return
	ctl real drain web CAS1 wait > "$tmp/told" 2>&1 &
	waiting=$!
	busywait "$PATIENCE" grep -q draining "$tmp/told" &&
		ctl real del web CAS1 && wait "$waiting" &&
		grep -q "CAS1: removed" "$tmp/told"
}

# The last word counts; where it began is not forgotten.
test_again()
{
	configure && conn_open a "$client" "$VIP4" 80 &&
		ctl real drain all 192.168.30.20 within 10m &&
		ctl real drain web CAS1 within 20m then halt &&
		busywait "$PATIENCE" jobs_are web/CAS1/1/halt &&
		ctl drain cancel web CAS1 &&
		expect online real web CAS1 state
}

# lbctl in the terminal is ended, by a signal that asks or one that does not.
test_killed()
{
	local signal

	for signal in INT KILL; do
		configure && conn_open "$signal" "$client" "$VIP4" 80 || return
		lbctl -n "$lb" real drain web CAS1 then halt wait \
			> "$tmp/told" 2>&1 &
		waiting=$!
		busywait "$PATIENCE" grep -q draining "$tmp/told" &&
			expect "web/CAS1/1/halt" jobs_shown &&
			kill -"$signal" "$waiting" || return
		wait "$waiting"
		expect drain real web CAS1 state &&
			expect "" jobs_shown &&
			expect_status 4 ctl drain cancel web CAS1 || return
	done
}

# Who reads no more has not called it off.
test_pipe()
{
	configure && conn_open a "$client" "$VIP4" 80 &&
		conn_open b "$client" "$VIP4" 80 || return
	lbctl -n "$lb" real drain web CAS1 within 10m then halt wait \
		2> "$tmp/said" | head -n 1 > "$tmp/told" &
	waiting=$!
	busywait "$PATIENCE" grep -q "draining, 2 connections" "$tmp/told" &&
		expect "web/CAS1/2/halt" jobs_shown &&
		ctl conn flush vip web && becomes web CAS1 halt &&
		wait "$waiting"
}

# Whether what follows in the batch has begun, and tells of changes.
is_monitoring()
{
	ctl real set web CAS1 weight $((RANDOM + 1)) &&
		grep -q " real web/CAS1" "$tmp/told"
}

# Who has waited for a job can be ended as before.
test_after()
{
	local status

	configure && printf '%s\n' "real drain web CAS1 wait" monitor > "$tmp/file"
	lbctl -n "$lb" batch "$tmp/file" > "$tmp/told" &
	waiting=$!
	if ! busywait "$PATIENCE" is_monitoring || ! expect 0000000000000000 \
		sed -n 's/^SigBlk:\t//p' "/proc/$waiting/status"; then
		kill -KILL "$waiting"
		return 1
	fi
	kill "$waiting"
	wait "$waiting"
	status=$?
	[ "$status" -eq 143 ]
}

# generation - of the configuration
generation()
{
	json_get "$(ctl -j show)" generation && echo "$REPLY"
}

# All that changes changes at once, and so does all that ends at once.
test_at_once()
{
	local before

	configure && before=$(generation) &&
		expect "web/CAS1/halt ssl/SSL1/halt" objects \
			"$(ctl -j real halt all 192.168.30.20)" vip name state &&
		expect $((before + 1)) generation &&
		expect '{"reals":[]}' ctl -j real halt all 192.168.30.20 &&
		expect $((before + 1)) generation &&
		ctl real online all 192.168.30.20 > "$tmp/told" &&
		ctl real drain all 192.168.30.20 then halt wait \
			> "$tmp/told" &&
		expect $((before + 4)) generation &&
		expect halt real web CAS1 state &&
		expect halt real ssl SSL1 state
}

# What a job notes is gone with it, and with the last its directory.
test_traces()
{
	local notes

	notes=/run/l4lb/drain-$(stat -Lc %i "/run/netns/$lb") &&
		configure && conn_open a "$client" "$VIP4" 80 &&
		ctl real drain all 192.168.30.20 within 10m > "$tmp/told" &&
		[ -e "$notes/web:CAS1" ] && ctl conn flush all &&
		busywait "$PATIENCE" is_quiet && [ ! -e "$notes" ]
}

test_refused()
{
	configure &&
		fail_with '"soon" is not a time' \
			ctl real drain web CAS1 within soon &&
		fail_with 'then "online" is not halt' \
			ctl real drain web CAS1 then online &&
		fail_with 'unknown option "hald"' ctl real drain web CAS1 hald &&
		expect_status 2 ctl drain &&
		expect_status 2 ctl drain show web &&
		expect_status 2 ctl drain cancel web &&
		expect_status 4 ctl real drain web CAS2 then halt &&
		expect_status 4 ctl real drain wob CAS1 then halt &&
		expect_status 4 ctl real drain all 192.168.30.99 then halt &&
		expect online real web CAS1 state
}

# What cannot be noted is not begun, and leaves nothing: where nothing can be
# written, and where there is room for a directory but not for a file in it.
test_no_room()
{
	local options status

	configure && mkdir -p /run/l4lb || return
	for options in ro,size=4k nr_inodes=2; do
		mount -t tmpfs -o "$options" none /run/l4lb &&
			ctl real drain web CAS1 then halt 2> "$tmp/told"
		status=$?
		ls /run/l4lb > "$tmp/left"
		umount /run/l4lb
		cat "$tmp/told" "$tmp/left"
		[ "$status" -eq 1 ] && [ ! -s "$tmp/left" ] &&
			grep -q "cannot note it in /run/l4lb" "$tmp/told" &&
			expect online real web CAS1 state &&
			busywait "$PATIENCE" is_quiet || return
	done
}

ktap_plan 16
ktap_run "a job that nobody waits for"		test_job
ktap_run "time runs out"			test_time
ktap_run "who waits is told"			test_wait
ktap_run "who waits is told in JSON"		test_json
ktap_run "clients who may come back"		test_clients
ktap_run "all reals of a machine"		test_machine
ktap_run "it is called off"			test_cancel
ktap_run "the state is changed otherwise"	test_changed
ktap_run "once more"				test_again
ktap_run "who waits is killed"			test_killed
ktap_run "nobody reads any more"		test_pipe
ktap_run "what follows in a batch"		test_after
ktap_run "at once"				test_at_once
ktap_run "nothing is left behind"		test_traces
ktap_run "what is wrong is refused"		test_refused
ktap_run "where it cannot be noted"		test_no_room
ktap_exit
