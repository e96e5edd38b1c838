#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Standby: every packet is left to the stack, as if the module were not there;
# here it has a server of its own on the VIP's port. For the network see topo_dr
# in topo.sh.

# Cases are called by name.
# shellcheck disable=SC2317 source=tests/traffic/lib.sh
. "$(dirname "$0")/traffic/lib.sh"

# begin [OPTION...] - of the VIP
begin()
{
	start_over && ctl standby off &&
		ctl vip add V "$VIP4" tcp,udp 25 force check off "$@" &&
		ctl real add V R1 192.168.30.20 &&
		ctl vip add V6 "$VIP6" tcp 25 force check off "$@" &&
		ctl real add V6 R1 fd30::20
}

# answers NAME ADDRESS [tcp|udp] - whether that server does
answers()
{
	local said

	said=$(ask "$client" "$2" 25 "${3:-tcp}") || {
		echo "no answer from $2"
		return 1
	}
	same "$1" "${said%% *}" "server on $2"
}

served_by()
{
	answers "$1" "$VIP4" && answers "$1" "$VIP6" && answers "$1" "$VIP4" udp
}

packets_are_left_alone()
{
	local before

	begin "$@"
	served_by s1 && eventually all_closed "$client" || return
	before=$(vip_get V stats.in_packets)
	ctl standby on || return
	served_by sl &&
		same "$before" "$(vip_get V stats.in_packets)" packets &&
		same "" "$(all_drops)" drops &&
		same standby "$(vip_get V state)" state || return
	ctl standby off || return
	served_by s1 && same up "$(vip_get V state)" state
}

# The client says that it got the answer some ms later, and the balancer itself
# knows of no such connection: its reset would be right, and is not looked for.
connections_stay()
{
	begin
	in_ns "$lb" nft -f - <<-EOT || return
		table ip own {
			chain output {
				type filter hook output priority filter;
				ip saddr $VIP4 tcp flags & rst == rst drop
			}
		}
	EOT
	conn_open c "$client" "$VIP4" 25 && conn_say c before || return
	ctl standby on && same 1 "$(conn_count vip V)" connections &&
		ctl standby off && conn_say c after &&
		same 1 "$(conn_count vip V)" connections &&
		same 1 "$(vip_get V stats.conns)" conns &&
		in_ns "$lb" nft delete table ip own
}

# What is new in standby serves when that ends.
vips_made_in_standby()
{
	start_over && ctl standby on && ctl vip add V "$VIP4" tcp 25 \
		force check off && ctl real add V R1 192.168.30.20 || return
	answers sl "$VIP4" && ctl standby off && answers s1 "$VIP4" || return

	start_over && ctl standby on && ctl standby off &&
		ctl vip add V "$VIP4" tcp 25 force check off &&
		ctl real add V R1 192.168.30.20 && answers s1 "$VIP4"
}

# Under load, to and fro.
many_times()
{
	local i

	begin
	flood "$client" "$VIP4" 25 || return
	for ((i = 0; i < $(times 20); i++)); do
		ctl standby on && ctl standby off || return
	done
	unflood
	served_by s1
}

topo_dr || ksft_skip_all "no network"
start_server "$real1" s1 tcp/25 udp/25 || ksft_skip_all "no server"
start_server "$lb" sl tcp/25 udp/25 || ksft_skip_all "no server"

ktap_plan 5
ktap_run "packets are left to the stack"	packets_are_left_alone
ktap_run "also behind the host's rules"		packets_are_left_alone hook input
ktap_run "connections stay"			connections_stay
ktap_run "VIPs that are made in standby"	vips_made_in_standby
ktap_run "to and fro under load"		many_times
ktap_exit
