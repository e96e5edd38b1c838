#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Control plane: what has happened, and who did it.

# Cases are called by name, through ktap_run.
# shellcheck disable=SC2317 source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

require_tool ip lbctl jq
load_module || ksft_skip_all "the module cannot be loaded"
setup_ns lb || ksft_skip_all "no network namespaces"
ip -n "$lb" addr add 192.168.30.10/32 dev lo

readonly PATIENCE=60000

# told N LINE... - the last N events without their time and who did it
told()
{
	local n=$1
	shift

	ctl events | tail -n "$n" | sed -E 's/^([-0-9]+ )?[0-9:]+ +//
		s/ +[0-9]+ +lbctl\[[0-9]+\]//; s/ +/ /g; s/ $//' > "$tmp/told"
	printf '%s\n' "$@" | diff "$tmp/told" -
}

of_objects()
{
	ctl vip add web 192.168.30.10 tcp 80 &&
		ctl real add web one 192.168.30.20 &&
		ctl real health web one down "tcp 80: refused" &&
		ctl real set web one weight 5 state drain &&
		ctl real del web one && ctl vip del web &&
		told 8 "new vip web no-real" \
			"new real web/one unknown online weight 100" \
			"health vip web up" \
			"health real web/one down online weight 100 tcp 80: refused" \
			"health vip web no-real" \
			"set real web/one down drain weight 5 tcp 80: refused" \
			"del real web/one -" "del vip web -"
}

of_others()
{
	ctl vip add web 192.168.30.10 tcp 80 persist 1h &&
		ctl real add web one 192.168.30.20 &&
		ctl persist add vip web src 192.168.30.67 real one forever &&
		ctl persist del vip web src 192.168.30.67 &&
		ctl global set limit vips 9 && ctl stats reset &&
		ctl flush all > "$tmp/said" && ctl standby on &&
		ctl standby off &&
		told 8 "new persist web/one 192.168.30.67 -" "del persist 1" \
			"set global -" "set stats -" "del all 1" \
			"del vip web -" "set standby on" "set standby off"
}

who()
{
	local pid

	lbctl -n "$lb" global set limit vips 8 &
	pid=$!
	wait "$pid"
	ctl -j events > "$tmp/events" || return
	jq -e --argjson pid "$pid" '.events[-1] |
		.object == "global" and .event == "set" and
		.pid == $pid and .uid == 0 and .comm == "lbctl"' \
		"$tmp/events" > "$tmp/said" || {
		tail -c 300 "$tmp/events"
		return 1
	}
}

by_kernel()
{
	ctl -j events > "$tmp/events" &&
		jq -e '.events[-1] | .object == "vip" and
			.event == "health" and .state == "no-address" and
			.pid == 0 and .comm == "kernel"' \
			"$tmp/events" > "$tmp/said"
}

itself()
{
	ctl vip add web 192.168.30.10 tcp 80 &&
		ip -n "$lb" addr del 192.168.30.10/32 dev lo || return
	busywait "$PATIENCE" by_kernel
}

since()
{
	[ "$(ctl -j events since 1d | jq '.events | length')" -gt 10 ] &&
		[ "$(ctl -j events since 0 | jq '.events | length')" -eq 0 ]
}

wrong()
{
	expect_status 2 ctl events all 2> "$tmp/errors" &&
		grep -q '"all"' "$tmp/errors" &&
		expect_status 2 ctl events since 2> "$tmp/errors" &&
		fail_with '"x" is not' ctl events since x
}

ktap_plan 6
ktap_run "of VIPs and reals"			of_objects
ktap_run "of what has no notification"		of_others
ktap_run "who did it"				who
ktap_run "what the module does by itself"	itself
ktap_run "since a time"				since
ktap_run "what is wrong is refused"		wrong
ktap_exit
