#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The way to a real: neighbours that change, devices that go down, routes that
# come and go. For the network see topo_dr in topo.sh.

# Cases are called by name.
# shellcheck disable=SC2317 source=tests/traffic/lib.sh
. "$(dirname "$0")/traffic/lib.sh"

begin()
{
	start_over &&
		ctl vip add V "$VIP4" tcp,udp 25 mode dr check off &&
		ctl real add V R1 192.168.30.20
}

# Datagrams are asked again until there is an answer.
works()
{
	in_ns "$client" load asku "$VIP4" 25 1 | grep -q ^s1
}

neighbours_are_flushed()
{
	begin
	works && conn_open a "$client" "$VIP4" 25 || return
	ip -n "$lb" neigh flush dev eth0
	conn_say a one "$PATIENT" || return
	ip -n "$lb" neigh del 192.168.30.20 dev eth0 2> /dev/null
	conn_say a two "$PATIENT" && works && conn_close a &&
		same "" "$(all_drops)" drops
}

# The real gets another network card, which it does not announce.
real_changes_its_mac()
{
	begin
	works || return
	ip -n "$real1" link set eth0 address 02:00:00:00:30:66 || return
	works && ip -n "$lb" neigh show to 192.168.30.20 |
		grep -qi 02:00:00:00:30:66 || return

	# Told by hand.
	ip -n "$real1" link set eth0 address 02:00:00:00:30:20 || return
	ip -n "$lb" neigh replace 192.168.30.20 dev eth0 \
		lladdr 02:00:00:00:30:20 nud permanent || return
	works || return
	ip -n "$lb" neigh del 192.168.30.20 dev eth0 && works
}

real_is_unplugged()
{
	begin
	works && conn_open a "$client" "$VIP4" 25 || return
	ip -n "$lan" link set p30-20 down || return
	craft udp 4000 count 3
	ip -n "$lan" link set p30-20 up
	conn_say a "still there" "$PATIENT" && works && conn_close a
}

# Nobody has that address: packets wait for the neighbour in vain.
nobody_is_there()
{
	begin
	ctl real replace V R1 192.168.30.24 && watch lb "$lb" eth0 || return
	craft udp 4000 count 5
	becomes 5 vip_get V stats.in_packets || return
	ip -n "$real1" addr add 192.168.30.24/24 dev eth0
	works && unwatch lb && ip -n "$real1" addr del 192.168.30.24/24 dev eth0
}

# The host's addresses stay, its neighbours and routes do not.
balancer_goes_down()
{
	begin
	works && conn_open a "$client" "$VIP4" 25 || return
	ip -n "$lb" link set eth0 down
	becomes no-route real_get V R1 reach || return
	ip -n "$lb" link set eth0 up
	becomes ok real_get V R1 reach &&
		conn_say a "still there" "$PATIENT" && works && conn_close a
}

reach_is_shown()
{
	begin
	ctl real add V R2 10.9.9.9 && ctl real add V R3 192.168.30.2 &&
		same ok "$(real_get V R1 reach)" "reach of R1" &&
		same no-route "$(real_get V R2 reach)" "reach of R2" &&
		same local "$(real_get V R3 reach)" "reach of R3" || return

	ip -n "$lb" route add 10.9.9.0/24 via 192.168.30.20
	becomes gateway real_get V R2 reach || return
	ip -n "$lb" route replace 10.9.9.0/24 dev eth0
	becomes ok real_get V R2 reach || return
	ip -n "$lb" route replace blackhole 10.9.9.0/24
	becomes no-route real_get V R2 reach || return

	# A gateway is no hindrance for NAT.
	ip -n "$lb" route replace 10.9.9.0/24 via 192.168.30.20
	becomes gateway real_get V R2 reach || return
	ctl real del V R3 && ctl vip set V mode nat &&
		becomes ok real_get V R2 reach || return
	ip -n "$lb" route del 10.9.9.0/24
	becomes no-route real_get V R2 reach
}

drops_without_a_route()
{
	begin
	ctl real replace V R1 10.9.9.9 || return
	craft udp 4000 count 4
	becomes no-route=4 all_drops || return
	ip -n "$real1" addr add 10.9.9.9/24 dev eth0
	ip -n "$lb" route add 10.9.9.0/24 dev eth0
	works && ip -n "$lb" route del 10.9.9.0/24 &&
		ip -n "$real1" addr del 10.9.9.9/24 dev eth0
}

# Another way to the same real, to be taken at once.
route_changes()
{
	begin
	works || return
	ip -n "$lb" route add 192.168.30.20 via 192.168.30.21 || return
	becomes gateway real_get V R1 reach &&
		craft udp 4000 && becomes no-route=1 all_drops || return
	ip -n "$lb" route del 192.168.30.20
	becomes ok real_get V R1 reach && works
}

# IPv6 routes go without a word.
routes6_change()
{
	start_over &&
		ctl vip add V "$VIP6" tcp,udp 25 mode dr check off &&
		ctl real add V R1 fd30::20 &&
		becomes ok real_get V R1 reach &&
		ip -n "$lb" -6 route add fd30::20 via fd30::21 &&
		becomes gateway real_get V R1 reach &&
		ip -n "$lb" -6 route del fd30::20 &&
		becomes ok real_get V R1 reach || return

	ctl vip set V mode snat &&
		ip -n "$lb" -6 route add fd99::/64 via fd30::21 &&
		ctl real add V R2 fd99::20 &&
		becomes ok real_get V R2 reach &&
		ip -n "$lb" -6 route del fd99::/64 &&
		becomes no-route real_get V R2 reach
}

topo_dr || ksft_skip_all "no network"
# Neighbours are doubted soon.
in_ns "$lb" sysctl -qw net.ipv4.neigh.eth0.base_reachable_time_ms=1000 \
	net.ipv4.neigh.eth0.delay_first_probe_time=1 \
	net.ipv4.neigh.eth0.retrans_time_ms=200 || ksft_skip_all "no network"
start_server "$real1" s1 {tcp,udp}/25 || ksft_skip_all "no server"

ktap_plan 9
ktap_run "a change of an IPv6 route counts soon"		routes6_change
ktap_run "neighbours are flushed"			neighbours_are_flushed
ktap_run "the real changes its MAC address"		real_changes_its_mac
ktap_run "the real is unplugged for some time"		real_is_unplugged
ktap_run "the real comes late"				nobody_is_there
ktap_run "the balancer's device goes down and up"	balancer_goes_down
ktap_run "how a real is reached is shown"		reach_is_shown
ktap_run "without a route packets are dropped"		drops_without_a_route
ktap_run "a change of the route counts at once"		route_changes
ktap_exit
