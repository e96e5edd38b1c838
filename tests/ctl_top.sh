#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Control plane: rates, and the live screen. The topology is topo_dr.

# Cases are called by name, through ktap_run.
# shellcheck disable=SC2317 source=tests/topo.sh
. "$(dirname "$0")/topo.sh"

require_tool ip jq lbctl python3 socat
load_module || ksft_skip_all "the module cannot be loaded"
{
	topo_dr && start_server "$real1" R1 tcp/80
} || ksft_skip_all "no network namespaces"

readonly PATIENCE=60000
readonly REDRAW=$'\f'

configure()
{
	ctl flush all && ctl vip add web "$VIP4" tcp 80 check off &&
		ctl real add web CAS1 192.168.30.20 &&
		ctl vip add six "$VIP6" tcp 80 check off &&
		ctl real add six SIX1 fd30::20 &&
		ctl real add six SIX2 fd30::21
}

# begin - a screen, whose drawings go to $tmp/screen
begin()
{
	rm -f "$tmp/keys" "$tmp/done"
	: > "$tmp/screen"
	mkfifo "$tmp/keys" && exec {keys}<> "$tmp/keys" || return
	{
		enter "$lb" python3 -I "$tests/terminal.py" "$tmp/keys" \
			lbctl top interval 1s >> "$tmp/screen" 2>&1
		echo $? > "$tmp/done"
	} > /dev/null 2>&1 &
	busywait "$PATIENCE" grep -q "q quit" "$tmp/screen"
}

key()
{
	printf '%s' "$1" >&"$keys"
}

# A screen drawn anew has PATTERN on it.
is_drawn()
{
	: > "$tmp/screen"
	key "$REDRAW"
	busywait 20000 grep -q "/s\|q quit\|filter\|?" "$tmp/screen"
	drawn=$(tr -d '\0' < "$tmp/screen" | tr '\r' '\n' | sed 's/\x1b[^A-Za-z]*[A-Za-z]/ /g')
	grep -q -- "$1" <<< "$drawn"
}

shows()
{
	busywait "$PATIENCE" is_drawn "$1" || {
		echo "$drawn"
		return 1
	}
}

# What was typed before may still be on its way to the screen.
shows_without()
{
	is_drawn "$1" && ! grep -q -- "$2" <<< "$drawn"
}

ended()
{
	busywait "$PATIENCE" [ -s "$tmp/done" ] && [ "$(< "$tmp/done")" -eq 0 ]
}

is()
{
	[ "$(real "$1" "$2" state)" = "$3" ]
}

test_rates()
{
	local json

	configure && ctl -j stats rate 200ms > "$tmp/idle" &&
		expect "[0,2,3,0]" jq -c "[.total.conns_rate, (.vips | length),
			(.vips | map(.reals) | flatten | length),
			(.drops | length)]" "$tmp/idle" &&
		fail_with "is less than 100ms" ctl stats rate 1ms &&
		expect_status 2 ctl stats rate 1s more || return
	busywait "$PATIENCE" are_counted stats &&
		json=$(jq -c '.vips[] | select(.name == "web")' "$tmp/busy") &&
		json_get "$json" name conns_rate &&
		[[ $REPLY == web\ [1-9]* ]] &&
		ctl stats rate 100ms | grep -q "CONNS/S  IN PACKETS/S"
}

# are_counted OBJECT - measures the rates, and whether a client came meanwhile: on
# a machine that stands still three seconds may have none
are_counted()
{
	local measuring

	ctl -j "$1" rate 3s > "$tmp/busy" &
	measuring=$!
	# While it measures, whenever that begins.
	while kill -0 "$measuring" 2> /dev/null; do
		ask "$client" "$VIP4" 80 > /dev/null
	done
	wait "$measuring" &&
		jq -e '.vips[] | select(.name == "web") | .conns_rate > 0' \
			"$tmp/busy" > "$tmp/said"
}

# In the overview too, if one waits for it.
test_show()
{
	local json

	configure && ctl -j show rate 100ms > "$tmp/idle" &&
		expect "[0,0]" jq -c "[.vips[].conns_rate]" "$tmp/idle" &&
		! ctl -j show | grep -q rate &&
		fail_with "is less than 100ms" ctl show rate 1ms &&
		expect_status 2 ctl show rate 1s more || return
	busywait "$PATIENCE" are_counted show &&
		expect '["CAS1",true,true,true]' jq -c '.vips[] |
			select(.name == "web") | [.reals[0].name,
			.conns_rate > 0, .in_bytes_rate > 0,
			.reals[0].in_packets_rate > 0]' "$tmp/busy" &&
		ctl show rate 100ms | grep -q "CONNS  NEW/S  PACKETS/S  BYTES/S$"
}

test_screen()
{
	configure && begin && shows "web.*$VIP4 80" && shows "CAS1.*192.168.30.20" &&
		shows "SIX2.*fd30::21.*up" && key q && ended
}

# A terminal as it has always been has room for the past as well.
test_narrow()
{
	configure && export TERMINAL_COLUMNS=80 && begin &&
		shows "OUT/S NEW" && shows "web  *$VIP4 80 " || return
	busywait "$PATIENCE" past_is_drawn && key q && ended
}

# Behind the four numbers; the most is as high as it gets.
past_is_drawn()
{
	ask "$client" "$VIP4" 80 > /dev/null &&
		is_drawn 'CAS1  *192.168.30.20  *up \( *[0-9][0-9.kM]*\)\{4\}.*\(@\|█\)'
}

test_filter()
{
	configure && begin && key "/SIX2" && shows "filter: SIX2_" &&
		key $'\n' && shows "six" &&
		busywait "$PATIENCE" shows_without "SIX2" "SIX1\|CAS1" &&
		key / && key $'\x7f\x7f\x7f\x7f' && key "30.20"$'\n' &&
		busywait "$PATIENCE" shows_without "CAS1" "SIX" && key q &&
		ended
}

# The cursor moves on to the last row, which is a real.
test_drain()
{
	configure && begin && key d && shows "this is a VIP" &&
		key jjjjjjjjj && key d && shows "drain six/SIX2? y" && key n &&
		shows "q quit" && is six SIX2 online &&
		key d && key y && busywait "$PATIENCE" is six SIX2 drain &&
		shows "six/SIX2: drain" && key hy &&
		busywait "$PATIENCE" is six SIX2 halt && key oy &&
		busywait "$PATIENCE" is six SIX2 online && key q && ended
}

# The one that is asked about comes up, and another slides under the cursor.
test_answer()
{
	configure && ctl vip set six check external &&
		ctl real health six SIX1 sick busy &&
		ctl real health six SIX2 sick busy && begin &&
		key "/sick"$'\n' && busywait "$PATIENCE" shows_without "SIX1" "CAS1" &&
		key kkkj && key d && shows "drain six/SIX1? y" &&
		ctl real health six SIX1 up &&
		busywait "$PATIENCE" shows_without "fd30::21" "fd30::20 " &&
		shows "drain six/SIX1? y" && key y &&
		busywait "$PATIENCE" is six SIX1 drain && is six SIX2 online &&
		key q && ended
}

test_sort()
{
	configure && begin && key s && shows "\[name\]" && key s &&
		shows "\[connections\]" && key q && ended
}

# What was removed under the cursor, and the module under the screen.
test_removed()
{
	configure && begin && key jjjj && ctl flush all &&
		busywait "$PATIENCE" gone_from_screen && key q && ended
}

gone_from_screen()
{
	shows_without "NAME" "SIX"
}

test_refused()
{
	fail_with "this needs a terminal" ctl top &&
		expect_status 1 ctl top &&
		expect_status 2 ctl top fast &&
		fail_with "1ms is less than 200ms" ctl top interval 1ms
}

ktap_plan 10
ktap_run "rates"				test_rates
ktap_run "rates in the overview"		test_show
ktap_run "the screen"				test_screen
ktap_run "a narrow screen"			test_narrow
ktap_run "only some rows"			test_filter
ktap_run "states are changed by keys"		test_drain
ktap_run "who is asked about is meant"	test_answer
ktap_run "sorted"				test_sort
ktap_run "what is removed meanwhile"		test_removed
ktap_run "what is wrong is refused"		test_refused
ktap_exit
