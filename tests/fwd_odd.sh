#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# NAT of what is not plain: large datagrams in fragments, IP options, a time to
# live that ends, ways of different MTU, errors. The stack of the balancer has
# a part in it and must forward. For the network see topo_nat in topo.sh.

# Cases are called by name.
# shellcheck disable=SC2317 source=tests/traffic/lib.sh
. "$(dirname "$0")/traffic/lib.sh"

begin()
{
	start_over &&
		ctl vip add V "$VIP4" tcp,udp 25 mode nat check off &&
		ctl real add V R1 192.168.31.20 &&
		watch client "$client" eth0 && watch real1 "$real1" eth0
}

# Neither must ever see a packet of the other's own address, nor a bad sum. What
# went out may look strange: the stack writes to fragments that are being watched.
finish()
{
	unwatch client real1
	not_seen client '^in .*(192\.168\.31\.2[01]|sum=bad)' &&
		not_seen real1 "^in .*($VIP4|sum=bad)"
}

# narrow NET HOST MTU - the way from the balancer to a host
narrow()
{
	ip -n "$lb" route replace "192.168.$1.$2/32" dev "eth$(($1 - 30))" \
		mtu "$3"
}

widen()
{
	ip -n "$lb" route del "192.168.$1.$2/32"
	ip -n "$client" route flush cache
	ip -n "$real1" route flush cache
}

large_datagrams_pass()
{
	begin || return
	in_ns "$client" load asku "$VIP4" 25 2 4000 || return
	same 2 "$(vip_get V stats.in_packets)" "datagrams in" &&
		becomes 2 vip_get V stats.out_packets &&
		same "" "$(all_drops)" drops || return
	wait_seen real1 "^in .*fragment.*192.168.30.50>192.168.31.20 " 4 &&
		wait_seen client "^in .*fragment.*$VIP4>192.168.30.50 " 4 &&
		finish
}

requests_with_options_pass()
{
	begin || return
	in_ns "$client" load asku "$VIP4" 25 1 100 option || return
	wait_seen real1 "^in .* udp .*ttl=63 .*sum=(ok|part) .*options=4" &&
		finish
}

# The real answers by hand, since a server would not do it.
replies_with_options_pass()
{
	local port

	begin || return
	in_ns "$client" load asku "$VIP4" 25 1 > "$tmp/a" || return
	port=$(cut -d' ' -f3 "$tmp/a")
	in_ns "$real1" pkt_send udp 192.168.31.20 25 192.168.30.50 "$port" \
		size 333 option
	wait_seen client "^in .* udp $VIP4:25>192.168.30.50:$port .*sum=ok data=333/.*options=4" &&
		finish
}

# A balancer is one hop, whichever way a packet takes through it.
replies_age_once()
{
	local port

	begin || return
	in_ns "$client" load asku "$VIP4" 25 1 > "$tmp/a" || return
	port=$(cut -d' ' -f3 "$tmp/a")
	in_ns "$real1" pkt_send udp 192.168.31.20 25 192.168.30.50 "$port" \
		size 11 ttl 7
	in_ns "$real1" pkt_send udp 192.168.31.20 25 192.168.30.50 "$port" \
		size 22 ttl 7 option
	in_ns "$real1" pkt_send udp 192.168.31.20 25 192.168.30.50 "$port" \
		size 33 ttl 2 option
	wait_seen client "^in .* udp $VIP4:25>.* ttl=6 .*data=11/" &&
		wait_seen client "^in .* udp $VIP4:25>.* ttl=6 .*data=22/" &&
		wait_seen client "^in .* udp $VIP4:25>.* ttl=1 .*data=33/" &&
		finish
}

ttl_ends()
{
	begin || return
	in_ns "$client" pkt_send udp 192.168.30.50 4000 "$VIP4" 25 ttl 1
	wait_seen client "^in .* icmp $VIP4>192.168.30.50 .*type=11 code=0 .*about 192.168.30.50:4000>$VIP4:25 ttl=1" &&
		same ttl=1 "$(all_drops)" drops || return
	in_ns "$client" pkt_send udp 192.168.30.50 4000 "$VIP4" 25 ttl 2
	wait_seen real1 "^in .* udp 192.168.30.50:4000>192.168.31.20:25 ttl=1 " &&
		finish
}

too_big_is_told()
{
	begin || return
	narrow 31 20 1300
	in_ns "$client" pkt_send udp 192.168.30.50 4000 "$VIP4" 25 size 1400 df
	wait_seen client "^in .* icmp $VIP4>192.168.30.50 .*type=3 code=4 mtu=1300 about 192.168.30.50:4000>$VIP4:25" &&
		same too-big=1 "$(all_drops)" drops && finish || return
	widen 31 20
}

too_big_is_fragmented()
{
	begin || return
	narrow 31 20 1300
	in_ns "$client" load asku "$VIP4" 25 1 1400 || return
	finish && same "" "$(all_drops)" drops &&
		same 2 "$(seen real1 "^in .*fragment.*>192.168.31.20 ")" \
			fragments || return
	widen 31 20
}

streams_find_the_mtu_of_the_real()
{
	begin || return
	narrow 31 20 1300
	in_ns "$client" load stream "$VIP4" 25 300000 || return
	ip -n "$client" route get "$VIP4" | grep "mtu 1300" &&
		has_drops too-big && finish || return
	widen 31 20
}

streams_find_the_mtu_of_the_client()
{
	begin || return
	narrow 30 50 1300
	in_ns "$client" load stream "$VIP4" 25 300000 || return
	ip -n "$real1" route get 192.168.30.50 | grep "mtu 1300" &&
		finish || return
	widen 30 50
}

replies_too_big_are_fragmented()
{
	begin || return
	narrow 30 50 1300
	in_ns "$client" load asku "$VIP4" 25 1 1400 || return
	wait_seen client "^in .*fragment.*$VIP4>192.168.30.50 " 2 &&
		finish || return
	widen 30 50
}

# What the real's stack says of a datagram that nobody wants.
errors_do_not_tell_of_the_real()
{
	begin || return
	ctl vip add W "$VIP4" udp 77 mode nat check off &&
		ctl real add W R1 192.168.31.20 || return
	in_ns "$client" pkt_send udp 192.168.30.50 4000 "$VIP4" 77
	wait_seen client "^in .* icmp $VIP4>192.168.30.50 .*type=3 .*about 192.168.30.50:4000>$VIP4:77" &&
		in_ns "$client" load asku "$VIP4" 25 1 && finish
}

topo_nat || ksft_skip_all "no network"
in_ns "$lb" sysctl -qw net.ipv4.ip_forward=1
start_server "$real1" s1 {tcp,udp}/25 || ksft_skip_all "no server"

ktap_plan 11
ktap_run "large datagrams pass both ways"		large_datagrams_pass
ktap_run "requests with IP options pass"		requests_with_options_pass
ktap_run "replies with IP options pass"			replies_with_options_pass
ktap_run "replies age by one hop"			replies_age_once
ktap_run "the end of a time to live is told"		ttl_ends
ktap_run "packets too big for the real are told"	too_big_is_told
ktap_run "or fragmented if they may"			too_big_is_fragmented
ktap_run "streams find the MTU of the real"		streams_find_the_mtu_of_the_real
ktap_run "streams find the MTU of the client"		streams_find_the_mtu_of_the_client
ktap_run "replies too big are fragmented"		replies_too_big_are_fragmented
ktap_run "errors do not tell of the real"		errors_do_not_tell_of_the_real
ktap_exit
