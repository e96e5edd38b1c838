#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# IPv6: NAT, then direct return, and both families beside each other. For the
# networks see topo_nat and topo_dr in topo.sh.

# Cases are called by name.
# shellcheck disable=SC2317 source=tests/traffic/lib.sh
. "$(dirname "$0")/traffic/lib.sh"

readonly NOBODY6=fd30::77

# craft6 tcp|udp PORT FLAGS [OPTION...]
craft6()
{
	local proto=$1 port=$2
	shift 2

	[ "$proto" = udp ] || set -- flags "$@"
	in_ns "$client" pkt_send "$proto" "$NOBODY6" "$port" "$VIP6" 25 "$@"
}

# begin MODE - both families, the reals of which are on net $net
begin()
{
	start_over &&
		ctl vip add V "$VIP6" tcp,udp 25 mode "$1" check off &&
		ctl real add V R1 "fd$net::20" &&
		ctl real add V R2 "fd$net::21" &&
		ctl vip add V4 "$VIP4" tcp,udp 25 mode "$1" check off &&
		ctl real add V4 R1 "192.168.$net.20"
}

# both_in_turn MODE VERB - three each, who know the client's address
both_in_turn()
{
	local local1=$VIP6 local2=$VIP6

	begin "$1" || return
	[ "$1" = dr ] || local1=fd$net::20 local2=fd$net::21
	one_cpu enter "$client" load "$2" "$VIP6" 25 6 \
		> "$tmp/lines" || return
	cat "$tmp/lines"
	same 3 "$(grep -Ec "^s1 fd30::50 [0-9]+ $local1 25$" \
		"$tmp/lines")" "of R1" &&
		same 3 "$(grep -Ec "^s2 fd30::50 [0-9]+ $local2 25$" \
			"$tmp/lines")" "of R2" &&
		same 6 "$(vip_get V stats.conns)" conns &&
		same 0 "$(vip_get V4 stats.conns)" "conns of the other family"
}

streams()
{
	begin "$1" || return
	watch client "$client" eth0 && watch real1 "$real1" eth0 || return
	in_ns "$client" load stream "$VIP6" 25 1000000 &&
		in_ns "$client" load stream "$VIP6" 25 1000000 &&
		in_ns "$client" load stream "$VIP4" 25 1000000 || return
	unwatch client real1
	not_seen client 'in .*sum=bad' && not_seen real1 'in .*sum=bad' &&
		same "" "$(all_drops)" drops
}

nat_shows_no_real()
{
	begin nat || return
	watch client "$client" eth0 && watch real1 "$real1" eth0 &&
		watch real2 "$real2" eth0 || return
	in_ns "$client" load ask "$VIP6" 25 2 &&
		in_ns "$client" load asku "$VIP6" 25 2 500 || return
	unwatch client real1 real2
	[ "$(seen client "^in .* \[$VIP6\]:25>.*ttl=63 .*sum=(ok|part)")" -gt 3 ] &&
		not_seen client '^in .* (tcp|udp|icmp) \[?fd31::2|sum=bad' &&
		not_seen real1 "^in .*($VIP6|sum=bad)" &&
		not_seen real2 "^in .*($VIP6|sum=bad)"
}

nat_translates_whole_checksums()
{
	local ns status

	begin nat || return
	watch client "$client" eth0 && watch real1 "$real1" eth0 || return
	for ns in "$client" "$real1" "$real2"; do
		in_ns "$ns" ethtool -K eth0 tso off gso off tx off \
			> /dev/null || return
	done
	in_ns "$client" load stream "$VIP6" 25 100000 &&
		in_ns "$client" load asku "$VIP6" 25 2 501
	status=$?
	for ns in "$client" "$real1" "$real2"; do
		in_ns "$ns" ethtool -K eth0 tx on tso on gso on > /dev/null
	done
	unwatch client real1
	same 0 "$status" status &&
		[ "$(seen client "^in .*\[$VIP6\]:25>.*sum=ok")" -gt 0 ] &&
		[ "$(seen real1 "^in .*sum=ok")" -gt 0 ] &&
		not_seen client '^in .*(tcp|udp) .*sum=(bad|part)' &&
		not_seen real1 '^in .*(tcp|udp) .*sum=(bad|part)'
}

hop_limit_ends()
{
	begin "$1" || return
	ctl real del V R2 && watch client "$client" eth0 &&
		watch real1 "$real1" eth0 || return
	in_ns "$client" pkt_send udp fd30::50 4000 "$VIP6" 25 ttl 1
	wait_seen client "^in .* icmp $VIP6>fd30::50 .*type=3 code=0 .*about \[fd30::50\]:4000>\[$VIP6\]:25 ttl=1" &&
		same ttl=1 "$(all_drops)" drops || return
	in_ns "$client" pkt_send udp fd30::50 4000 "$VIP6" 25 ttl 2
	wait_seen real1 "^in .* udp \[fd30::50\]:4000>\[.*\]:25 ttl=1 " &&
		unwatch client real1
}

# narrow DEVICE - the way to R1
narrow()
{
	ip -n "$lb" -6 route replace "fd$net::20/128" dev "$1" mtu 1300
}

too_big_is_told()
{
	begin "$1" || return
	ctl real del V R2 && narrow "$2" && watch client "$client" eth0 ||
		return
	in_ns "$client" pkt_send udp fd30::50 4000 "$VIP6" 25 size 1400
	wait_seen client "^in .* icmp $VIP6>fd30::50 .*type=2 code=0 mtu=1300 about \[fd30::50\]:4000>\[$VIP6\]:25" &&
		same too-big=1 "$(all_drops)" drops || return
	in_ns "$client" load stream "$VIP6" 25 200000 || return
	unwatch client
	ip -n "$lb" -6 route del "fd$net::20/128" dev "$2"
	ip -n "$client" -6 route flush cache
}

states_and_flush()
{
	begin dr || return
	craft6 tcp 4000 S
	becomes syn conn_get 4000 state || return
	craft6 tcp 4000 A seq 2
	becomes established conn_get 4000 state || return
	craft6 udp 4001 count 3 step
	becomes 4 conn_count src fd30::/64 || return
	craft tcp 4005 S
	becomes V4 conn_get 4005 vip || return
	same "ended 4" "$(ctl conn flush src "$NOBODY6" | tr -s ' ')" ended ||
		return
	craft6 tcp 4000 A seq 2
	becomes no-conn=1 all_drops
}

strange_packets_are_dropped()
{
	begin dr || return
	in_ns "$client" pkt_send tcp ::1 4000 "$VIP6" 25
	in_ns "$client" pkt_send udp ff02::5 4001 "$VIP6" 25
	craft6 tcp 4002 S cut 10
	craft6 tcp 4003 FS
	craft6 tcp 4004 S
	becomes syn conn_get 4004 state &&
		same 1 "$(conn_count all)" connections
}

# Also when its duplicate address detection takes some time.
address_comes_and_goes()
{
	begin dr || return
	ip -n "$lb" addr del "$VIP6/128" dev eth0
	becomes no-address vip_get V state &&
		same up "$(vip_get V4 state)" "state of V4" || return
	ip -n "$lb" addr add "$VIP6/128" dev eth0 nodad
	becomes up vip_get V state || return

	ip -n "$lb" addr del "$VIP6/128" dev eth0
	becomes no-address vip_get V state || return
	in_ns "$lb" sysctl -qw net.ipv6.conf.eth0.accept_dad=1 \
		net.ipv6.conf.eth0.dad_transmits=1 || return
	ip -n "$lb" addr add "$VIP6/128" dev eth0
	becomes up vip_get V state &&
		in_ns "$client" load ask "$VIP6" 25 1
}

servers_start()
{
	start_server "$real1" s1 {tcp,udp}/25 || ksft_skip_all "no server"
	start_server "$real2" s2 {tcp,udp}/25 || ksft_skip_all "no server"
}

net=31
topo_nat || ksft_skip_all "no network"
servers_start

ktap_plan 15
ktap_run "NAT: connections reach both in turn"		both_in_turn nat ask
ktap_run "NAT: datagrams reach both in turn"		both_in_turn nat asku
ktap_run "NAT: streams pass both ways"			streams nat
ktap_run "NAT: the client never sees a real"		nat_shows_no_real
ktap_run "NAT: whole checksums are right"		nat_translates_whole_checksums
ktap_run "NAT: the end of a hop limit is told"		hop_limit_ends nat
ktap_run "NAT: packets too big are told"		too_big_is_told nat eth1

end_ns "${ns_list[@]}"
net=30
topo_dr || exit "$KSFT_FAIL"
servers_start
ktap_run "DR: connections reach both in turn"		both_in_turn dr ask
ktap_run "DR: datagrams reach both in turn"		both_in_turn dr asku
ktap_run "DR: streams pass both ways"			streams dr
ktap_run "DR: the end of a hop limit is told"		hop_limit_ends dr
ktap_run "DR: packets too big are told"			too_big_is_told dr eth0
ktap_run "states and filters"				states_and_flush
ktap_run "strange packets make no connection"		strange_packets_are_dropped
ktap_run "a VIP without its address stands back"	address_comes_and_goes
ktap_exit
