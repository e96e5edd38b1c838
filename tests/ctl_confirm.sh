#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Control plane: what was applied is undone unless it is confirmed, whatever
# happens in between.

# Cases are called by name, through ktap_run.
# shellcheck disable=SC2317 source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

require_tool ip lbctl setsid
load_module || ksft_skip_all "the module cannot be loaded"
setup_ns lb || ksft_skip_all "no network namespaces"
ip -n "$lb" addr add 192.168.30.10/32 dev lo

readonly PATIENCE=60000
readonly OLD=$tmp/old NEW=$tmp/new

# What was there, and what is applied.
begin()
{
	cat > "$OLD" <<-'EOF'
		vip add DNS 192.168.30.10 udp 53 mode dr sched wrr
		vip add WEB 192.168.30.10 tcp 80 mode dr sched wrr persist 1h
		real add WEB one 192.168.30.20 state online
		real add WEB two 192.168.30.21 state drain
		persist add vip WEB src 192.0.2.1 real one forever
	EOF
	cat > "$NEW" <<-'EOF'
		global set seed abc limit conns 100000
		vip add SMTP 192.168.30.10 tcp 25 mode dr sched wrr
		real add SMTP one 192.168.30.20 state online
		vip add WEB 192.168.30.10 tcp 80,443 mode nat sched rr
		real add WEB one 192.168.30.29 state online
		real add WEB three 192.168.30.23 state online
	EOF
	ctl flush all && ctl global set seed default limit conns default &&
		ctl -q apply "$OLD"
}

# is FILE - what there is, is this file
is()
{
	ctl save "$tmp/saved" && cmp -s "$1" "$tmp/saved"
}

# must_be FILE - the same, and what is not
must_be()
{
	is "$1" || {
		diff "$1" "$tmp/saved"
		return 1
	}
}

# The process that would undo it, in the namespace.
guard_pid()
{
	ip netns pids "$lb" | head -n 1
}

no_guard()
{
	[ -z "$(guard_pid)" ]
}

# told TEXT STATUS - what confirm says
told()
{
	local text=$1 status=$2

	expect_status "$status" ctl confirm 2> "$tmp/said" || return
	grep -qF -- "$text" "$tmp/said" || {
		cat "$tmp/said"
		echo "is not \"$text\""
		return 1
	}
}

test_confirmed()
{
	begin && told "nothing waits to be confirmed" 4 || return
	ctl apply "$NEW" confirm 1h > "$tmp/out" &&
		grep -q "^confirm in *1h$" "$tmp/out" && must_be "$NEW" &&
		expect_status 0 ctl confirm && busywait "$PATIENCE" no_guard &&
		must_be "$NEW" && told "nothing waits to be confirmed" 4 &&
		expect "" find /run/l4lb -name 'confirm-*'
}

test_undone()
{
	begin && ctl -q apply "$NEW" confirm 1 && busywait "$PATIENCE" no_guard &&
		must_be "$OLD" && told "it is too late: " 6 &&
		told "not confirmed in time, so it was undone" 6
}

# Nothing to do is nothing to confirm, and what is refused is not either.
test_nothing()
{
	begin && ctl -q apply "$OLD" confirm 1h && no_guard &&
		echo "vip add X 0.0.0.0 tcp 1" >> "$NEW" &&
		expect_status 1 ctl -q apply "$NEW" confirm 1h &&
		busywait "$PATIENCE" no_guard && must_be "$OLD" &&
		told "nothing waits to be confirmed" 4
}

# One waits: another that is to be confirmed has to wait as well.
test_second()
{
	begin && ctl -q apply "$NEW" confirm 1h &&
		fail_with "what was applied before waits to be confirmed" \
			ctl apply "$OLD" confirm 1h &&
		expect_status 1 ctl -q apply "$OLD" confirm 1h 2> "$tmp/said" &&
		must_be "$NEW" && ctl confirm && busywait "$PATIENCE" no_guard &&
		ctl -q apply "$OLD" confirm 1h && ctl confirm &&
		busywait "$PATIENCE" no_guard && must_be "$OLD"
}

# A second one without it is a change of others.
test_others()
{
	begin && ctl -q apply "$NEW" confirm 1h &&
		ctl real set WEB three weight 7 &&
		ctl vip add EXTRA 192.168.30.10 tcp 99 &&
		kill -TERM "$(guard_pid)" && busywait "$PATIENCE" no_guard &&
		told "so it was undone, but for 2 that others have changed since" 6 &&
		expect "7 192.168.30.23" real WEB three weight address &&
		expect 99 vip EXTRA ports || return
	{
		cat "$OLD" && echo "real add WEB three 192.168.30.23 weight 7 state online" &&
			echo "vip add EXTRA 192.168.30.10 tcp 99 mode dr sched wrr"
	} | sort > "$tmp/want"
	ctl save | sort | diff "$tmp/want" -
}

# What others did is in the way of what there was: that comes first.
test_in_the_way()
{
	begin && ctl -q apply "$NEW" confirm 1h &&
		ctl vip add MINE 192.168.30.10 udp 53 &&
		kill -TERM "$(guard_pid)" && busywait "$PATIENCE" no_guard &&
		told "so it was undone" 6 && must_be "$OLD"
}

# After that nothing is as it was applied, unless the same was applied again.
test_reloaded()
{
	begin && ctl -q apply "$NEW" confirm 1h && ctl flush all || return
	kill -TERM "$(guard_pid)" && busywait "$PATIENCE" no_guard &&
		told "nothing was left of it to undo" 6 &&
		expect "global set seed abc limit conns 100000" ctl save || return
	begin && ctl -q apply "$NEW" confirm 1h || return
	unload_module && kill -TERM "$(guard_pid)" && busywait "$PATIENCE" no_guard
	load_module && told "it could not be undone: the module l4lb is not loaded" 6 &&
		begin && ctl -q apply "$NEW" confirm 1h &&
		unload_module && load_module && ctl -q apply "$NEW" &&
		kill -TERM "$(guard_pid)" && busywait "$PATIENCE" no_guard &&
		must_be "$OLD"
}

# Killed, it undoes nothing, and says so; the next one is not in its way.
test_killed()
{
	begin && ctl -q apply "$NEW" confirm 1h &&
		kill -KILL "$(guard_pid)" && busywait "$PATIENCE" no_guard &&
		told "was killed; what was applied stays" 4 && must_be "$NEW" &&
		ctl -q apply "$OLD" confirm 1h && ctl confirm &&
		busywait "$PATIENCE" no_guard && must_be "$OLD"
}

# The terminal goes, and with it its session.
test_terminal()
{
	begin && setsid -w script -qec \
		"lbctl -n $lb -q apply $NEW confirm 2; kill -HUP 0" /dev/null \
		> "$tmp/out" < /dev/null
	is "$NEW" || is "$OLD" || return
	busywait "$PATIENCE" is "$OLD" && busywait "$PATIENCE" no_guard &&
		told "so it was undone" 6
}

# However early lbctl is killed: it was not applied, or it is undone.
test_early()
{
	local i pid

	begin || return
	for i in 1 2 3 4 5 6 7 8; do
		enter "$lb" lbctl -q apply "$NEW" confirm 1 &
		pid=$!
		read -rt "0.0$i" -u "$nothing_comes" || :
		kill -KILL "$pid"
		wait "$pid"
		busywait "$PATIENCE" is "$OLD" && busywait "$PATIENCE" no_guard || return
	done 2> "$tmp/noise"
}

# Each namespace has its own.
test_namespaces()
{
	local there=$lb other

	setup_ns other && begin && ctl -q apply "$NEW" confirm 1h || return
	lb=$other
	told "nothing waits to be confirmed" 4 &&
		ctl -q apply "$NEW" confirm 1h && ctl confirm || return
	lb=$there
	must_be "$NEW" && [ -n "$(guard_pid)" ] && ctl confirm &&
		busywait "$PATIENCE" no_guard && end_ns "$other"
}

ktap_plan 11
ktap_run "it is confirmed"				test_confirmed
ktap_run "it is not confirmed"				test_undone
ktap_run "there is nothing to confirm"			test_nothing
ktap_run "a second one"					test_second
ktap_run "others change something"			test_others
ktap_run "others are in the way"			test_in_the_way
ktap_run "the module goes and comes"			test_reloaded
ktap_run "who would undo it is killed"			test_killed
ktap_run "the terminal goes"				test_terminal
ktap_run "lbctl is killed"				test_early
ktap_run "namespaces"					test_namespaces
ktap_exit
