#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Two balancers that are each the only real of the other: $lb, which answers ARP
# for the VIP, and $real1. For the network see topo_dr in topo.sh.

# Cases are called by name.
# shellcheck disable=SC2317 source=tests/traffic/lib.sh
. "$(dirname "$0")/traffic/lib.sh"

# pair [OPTION...] - configures both, without partners; OPTION of the VIPs
pair()
{
	local ns real

	for ns in "$lb" "$real1"; do
		real=20
		[ "$ns" = "$lb" ] || real=2
		lbctl -n "$ns" flush all &&
			lbctl -n "$ns" global set partner none &&
			lbctl -n "$ns" vip add V "$VIP4" tcp,udp 25 force \
				check off "$@" &&
			lbctl -n "$ns" real add V R "192.168.30.$real" &&
			lbctl -n "$ns" vip add V6 "$VIP6" tcp 25 force \
				check off "$@" &&
			lbctl -n "$ns" real add V6 R "fd30::$real" || return
	done
}

know_each_other()
{
	ctl global set partner 02:00:00:00:30:20 &&
		lbctl -n "$real1" global set \
			partner 02:00:00:00:30:77,02:00:00:00:30:02
}

# Packets that $real1 has balanced.
again()
{
	field "$(lbctl -n "$real1" -j vip show V)" stats.in_packets
}

without_partners_it_loops()
{
	pair
	craft tcp 4000 S
	eventually looped
}

looped()
{
	[ "$(again)" -gt 20 ]
}

partner_serves()
{
	pair "$@"
	know_each_other || return
	ask "$client" "$VIP4" 25 > "$tmp/lines" &&
		ask "$client" "$VIP6" 25 >> "$tmp/lines" &&
		ask "$client" "$VIP4" 25 udp >> "$tmp/lines" || return
	cat "$tmp/lines"
	same 3 "$(from s1 "$tmp/lines")" "answers of the partner" &&
		same 0 "$(again)" "packets that went back" &&
		same "" "$(all_drops)" drops
}

long_connections()
{
	pair
	know_each_other || return
	conn_open c "$client" "$VIP4" 25 && conn_say c one &&
		conn_say c two && conn_close c &&
		same 0 "$(again)" "packets that went back"
}

# Both know the connection already, each as the other's.
old_connections()
{
	local before

	pair
	craft tcp 4000 S
	eventually looped && know_each_other || return
	before=$(again)
	craft tcp 4000 A seq 2
	craft tcp 4000 A seq 2
	becomes 0 known_there &&
		same "$before" "$(again)" "packets that went back"
}

known_there()
{
	lbctl -n "$real1" -j conn show | grep -c '"client_port":4000'
}

# Others are served as ever.
strangers_are_balanced()
{
	pair
	lbctl -n "$real1" global set partner 02:00:00:00:30:77 || return
	craft tcp 4000 S
	eventually looped
}

topo_dr || ksft_skip_all "no network"
start_server "$real1" s1 tcp/25 udp/25 || ksft_skip_all "no server"

ktap_plan 6
ktap_run "without partners packets loop"	without_partners_it_loops
ktap_run "a partner serves what it is sent"	partner_serves
ktap_run "so with hook input"			partner_serves hook input
ktap_run "connections stay there"		long_connections
ktap_run "connections that both know"		old_connections
ktap_run "other balancers are clients"		strangers_are_balanced
ktap_exit
