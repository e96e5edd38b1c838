#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Control plane: events as they happen.

# Cases are called by name, through ktap_run.
# shellcheck disable=SC2317 source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

require_tool ip lbctl jq
load_module || ksft_skip_all "the module cannot be loaded"
setup_ns lb || ksft_skip_all "no network namespaces"
ip -n "$lb" addr add 192.168.30.10/32 dev lo

readonly PATIENCE=60000

# watch [OPTION] - what happens from here on goes to $tmp/events
watch()
{
	lbctl -n "$lb" "$@" monitor > "$tmp/events" 2> "$tmp/errors" &
	monitor=$!
	busywait "$PATIENCE" listens
}

# Events of a VIP that is made for the purpose are seen.
listens()
{
	ctl vip add sign 192.168.30.10 udp 9 && ctl vip del sign &&
		[ -s "$tmp/events" ]
}

# unwatch TEXT - ends it when that was told
unwatch()
{
	busywait "$PATIENCE" grep -q -- "$1" "$tmp/events"
	kill "$monitor"
	wait "$monitor"
	! [ -s "$tmp/errors" ]
}

changes()
{
	ctl flush all && ctl vip add web 192.168.30.10 tcp 80 &&
		ctl real add web one 192.168.30.20 &&
		ctl real health web one down "tcp 80: refused" &&
		ctl real set web one weight 5 && ctl real del web one &&
		ctl vip del web
}

# told LINE... - the lines about "web" without their times, in this order
told()
{
	sed -n '/ web/s/^[-0-9]* [:0-9]*\.[0-9]* //p' "$tmp/events" > "$tmp/told"
	printf '%s\n' "$@" | diff "$tmp/told" -
}

test_text()
{
	watch && changes && unwatch "del vip web" &&
		told "new vip web: no-real" "new real web/one: unknown" \
			"health vip web: up" \
			"health real web/one: down: tcp 80: refused" \
			"health vip web: no-real" \
			"set real web/one: down: tcp 80: refused" \
			"del real web/one" "del vip web"
}

# A document for each.
test_json()
{
	watch -j && changes && unwatch '"del".*"vip":{"name":"web"' &&
		jq -r 'select((.vip.name // .real.vip) == "web") |
			"\(.event) \(.real.name) \(.real.health) \(.real.weight)"' \
			"$tmp/events" > "$tmp/told" || return
	diff "$tmp/told" - <<-EOT
		new null null null
		new one unknown 100
		health null null null
		health one down 100
		health null null null
		set one down 5
		del one null null
		del null null null
	EOT
}

# Whoever reads no more ends it.
test_pipe()
{
	lbctl -n "$lb" monitor 2> "$tmp/errors" | head -n 1 > "$tmp/events" &
	monitor=$!
	busywait "$PATIENCE" listens && changes && changes && wait "$monitor"
}

# A module that is loaded anew tells others than these.
test_unloaded()
{
	local status

	watch && unload_module && {
		wait "$monitor"
		status=$?
		load_module
	} && [ "$status" -eq 3 ] &&
		expect "lbctl: monitor: the module l4lb has been unloaded" \
			cat "$tmp/errors"
}

test_quiet()
{
	lbctl -n "$lb" -q monitor > "$tmp/events" 2> "$tmp/errors" &
	monitor=$!
	lbctl -n "$lb" -q -j monitor >> "$tmp/events" 2> "$tmp/errors" &
	other=$!
	busywait "$PATIENCE" subscribed 2 && changes &&
		kill "$monitor" "$other"
	wait "$monitor" "$other"
	! [ -s "$tmp/events" ]
}

# subscribed N - so many sockets of generic netlink listen to groups
subscribed()
{
	[ "$(in_ns "$lb" cat /proc/net/netlink |
		grep -cE '^[^ ]+ +16 +[0-9]+ +[0-9a-f]*[1-9a-f]')" -ge "$1" ]
}

test_refused()
{
	local status

	ctl monitor all 2> "$tmp/errors"
	[ $? -eq 2 ] && grep -q 'unexpected "all"' "$tmp/errors" || return
	unload_module && {
		ctl monitor 2> "$tmp/errors"
		status=$?
		load_module
	} && [ "$status" -eq 3 ]
}

ktap_plan 6
ktap_run "a line for each"		test_text
ktap_run "as JSON"			test_json
ktap_run "until nobody reads"		test_pipe
ktap_run "the module is unloaded"	test_unloaded
ktap_run "only errors"			test_quiet
ktap_run "what is wrong is refused"	test_refused
ktap_exit
