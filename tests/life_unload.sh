#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The module goes while it is in use, and comes back. For the network see
# topo_nat in topo.sh; a VIP by direct return is beside the ones by NAT, whose
# answers do not arrive.

# Cases are called by name.
# shellcheck disable=SC2317 source=tests/traffic/lib.sh
. "$(dirname "$0")/traffic/lib.sh"

configure()
{
	local mode port

	for mode in nat dr; do
		port=25
		[ "$mode" = nat ] || port=26
		ctl vip add "$mode-4" "$VIP4" tcp,udp "$port" mode "$mode" \
			check off &&
			ctl real add "$mode-4" R1 192.168.31.20 &&
			ctl real add "$mode-4" R2 192.168.31.21 &&
			ctl vip add "$mode-6" "$VIP6" tcp,udp "$port" \
				mode "$mode" check off &&
			ctl real add "$mode-6" R1 fd31::20 &&
			ctl real add "$mode-6" R2 fd31::21 || return
	done
}

flood_all()
{
	flood "$client" "$VIP4" 25 && flood "$client" "$VIP6" 25 || return
	# Nobody answers these.
	enter "$stranger" load flood "$VIP4" 26 "$FLOOD_PAUSE" > /dev/null 2>&1 &
	flood_pid+=($!)
}

goes_and_comes_back()
{
	local i

	configure && flood_all || return
	for ((i = $(times 2); i; i--)); do
		unload && load_module && configure || return
		# Other connections than before, which must be answered.
		in_ns "$client" load ask "$VIP4" 25 2 &&
			in_ns "$client" load asku "$VIP6" 25 2 || return
	done
	unflood
	ctl flush all
}

goes_with_connections()
{
	local n

	n=$(times 5000)
	configure || return
	in_ns "$client" pkt_send udp "$NOBODY" 10000 "$VIP4" 25 count "$n" step
	in_ns "$client" pkt_send tcp "$NOBODY" 10000 "$VIP4" 26 count "$n" step
	becomes "$n" vip_get nat-4 stats.conns &&
		becomes "$n" vip_get dr-4 stats.conns || return
	unload && load_module
}

# With tombstones that wait for their last connection, and one that is busy.
goes_with_removed_reals()
{
	configure && flood_all || return
	ctl real del nat-4 R1 && ctl real del nat-6 R2 && ctl real del dr-4 R1 &&
		ctl vip del dr-6 || return
	unload && load_module || return
	unflood
}

# While it is being read and written.
goes_while_configured()
{
	local i pids=() status=0

	for i in 1 2; do
		while :; do
			ctl vip add "A$i" "$VIP4" tcp $((30 + i)) check off
			ctl real add "A$i" R1 192.168.31.20
			ctl show
			ctl conn show
			ctl vip del "A$i"
		done > /dev/null 2>&1 &
		pids+=($!)
	done
	for ((i = $(times 3); i; i--)); do
		unload && load_module || status=1
	done
	kill "${pids[@]}"
	wait "${pids[@]}" 2> /dev/null
	same 0 "$status" "status of unloading"
}

goes_unused()
{
	local i

	for ((i = $(times 2); i; i--)); do
		unload && load_module || return
	done
	expect_status 0 ctl show > /dev/null && unload &&
		expect_status 3 ctl show > /dev/null && load_module
}

topo_nat || ksft_skip_all "no network"
start_server "$real1" s1 {tcp,udp}/25 || ksft_skip_all "no server"
start_server "$real2" s2 {tcp,udp}/25 || ksft_skip_all "no server"

ktap_plan 5
ktap_run "it goes unused"				goes_unused
ktap_run "it goes with thousands of connections"	goes_with_connections
ktap_run "it goes under traffic and comes back"		goes_and_comes_back
ktap_run "it goes with removed reals under traffic"	goes_with_removed_reals
ktap_run "it goes while it is configured"		goes_while_configured
ktap_exit
