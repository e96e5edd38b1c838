#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Drops are counted for the VIP whose packet it was, and in the total. For the
# network see topo_dr in topo.sh.

# Cases are called by name.
# shellcheck disable=SC2317 source=tests/traffic/lib.sh
. "$(dirname "$0")/traffic/lib.sh"

begin()
{
	start_over &&
		ctl vip add V "$VIP4" tcp,udp 25 check off &&
		ctl real add V R1 192.168.30.20 &&
		ctl vip add W "$VIP4" tcp 26 check off no-real drop
}

# vip_drops VIP - "REASON=PACKETS" for each, on one line
vip_drops()
{
	local json found=() one='"reason":"([a-z-]+)","packets":([0-9]+)'

	json=$(ctl -j vip show "$1") || return
	while [[ $json =~ $one ]]; do
		found+=("${BASH_REMATCH[1]}=${BASH_REMATCH[2]}")
		json=${json#*"${BASH_REMATCH[0]}"}
	done
	echo "${found[*]}"
}

to_w()
{
	in_ns "$client" pkt_send tcp "$NOBODY" "$1" "$VIP4" 26 flags "$2"
}

each_vip_has_its_own()
{
	begin
	craft tcp 4000 A count 3
	to_w 4000 S
	to_w 4001 A
	becomes "no-real=1 no-conn=4" all_drops &&
		same "no-conn=3" "$(vip_drops V)" "drops of V" &&
		same "no-real=1 no-conn=1" "$(vip_drops W)" "drops of W" &&
		ctl vip show V | grep -Eq '^no-conn +3 ' &&
		ctl stats | grep -Eq '^W +no-real +1$'
}

reset_and_removal()
{
	begin
	craft tcp 4000 A count 3
	to_w 4000 S
	becomes "no-real=1 no-conn=3" all_drops && ctl vip del V || return
	same "no-real=1 no-conn=3" "$(all_drops)" "drops without V" &&
		ctl vip add V "$VIP4" tcp,udp 25 check off &&
		same "" "$(vip_drops V)" "drops of a new V" &&
		ctl stats reset && same "" "$(all_drops)" "drops" &&
		same "" "$(vip_drops W)" "drops of W" || return
	to_w 4000 S
	becomes no-real=1 all_drops && same no-real=1 "$(vip_drops W)" "of W"
}

# What is known of the packet is its connection.
known_connections()
{
	begin
	craft tcp 4000 S
	becomes syn conn_get 4000 state && ctl real halt V R1 || return
	craft tcp 4000 A seq 2 count 2
	becomes orphan=2 all_drops && same orphan=2 "$(vip_drops V)" "of V" &&
		ctl real online V R1 && ctl stats reset || return

	# Odd, so that it is routed first, and there its time ends.
	craft tcp 4000 A seq 2 ttl 1
	becomes ttl=1 all_drops && same ttl=1 "$(vip_drops V)" "of V"
}

traffic_of_removed_vips()
{
	begin
	craft udp 4000 count 5
	becomes 5 vip_get V stats.in_packets && ctl vip del V || return
	same 5 "$(field "$(ctl -j stats)" total.in_packets)" "packets in total" &&
		ctl stats reset &&
		same 0 "$(field "$(ctl -j stats)" total.in_packets)" "packets"
}

topo_dr || ksft_skip_all "no network"

ktap_plan 4
ktap_run "each VIP has its own, and the total has all"	each_vip_has_its_own
ktap_run "a reset, and removed VIPs"			reset_and_removal
ktap_run "of known connections"				known_connections
ktap_run "traffic of removed VIPs"			traffic_of_removed_vips
ktap_exit
