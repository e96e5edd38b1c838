#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Direct return of what is not plain: large datagrams in fragments, IP options,
# a time to live that ends, packets too big for the way to the real. The stack
# of the balancer has a part in it, as far as a host has that does not forward.
# For the network see topo_dr in topo.sh.

# Cases are called by name.
# shellcheck disable=SC2317 source=tests/traffic/lib.sh
. "$(dirname "$0")/traffic/lib.sh"

begin()
{
	start_over &&
		ctl vip add V "$VIP4" tcp,udp 25 mode dr check off &&
		ctl real add V R1 192.168.30.20
}

# narrow MTU - the way from the balancer to the real, then all is forgotten
narrow()
{
	ip -n "$lb" route replace 192.168.30.20/32 dev eth0 mtu "$1"
}

widen()
{
	ip -n "$lb" route del 192.168.30.20/32 dev eth0
	ip -n "$client" route flush cache
}

large_datagrams_pass()
{
	begin
	watch real1 "$real1" eth0 || return
	in_ns "$client" load asku "$VIP4" 25 2 4000 || return
	same 2 "$(vip_get V stats.in_packets)" "datagrams" &&
		same $((2 * 4028)) "$(vip_get V stats.in_bytes)" bytes || return
	unwatch real1
	# Three each, from the balancer's MAC address, as the client sent them.
	[ "$(seen real1 "^in 02:00:00:00:30:02>.*fragment.*>$VIP4")" -ge 4 ] &&
		not_seen real1 "^in .*>$VIP4:25 .*len=[45]"
}

options_pass()
{
	begin
	watch real1 "$real1" eth0 || return
	in_ns "$client" load asku "$VIP4" 25 1 100 option || return
	wait_seen real1 "^in .* udp .*ttl=63 .*sum=(ok|part) .*options=4" &&
		craft tcp 4000 S option || return
	wait_seen real1 "^in .* tcp .*ttl=63 .*sum=ok .*options=4" &&
		same syn "$(conn_get 4000 state)" state || return
	craft tcp 4000 A seq 2 option
	becomes established conn_get 4000 state && unwatch real1
}

# The balancer says so in the name of the VIP.
ttl_ends()
{
	begin
	watch client "$client" eth0 && watch real1 "$real1" eth0 || return
	in_ns "$client" pkt_send udp 192.168.30.50 4000 "$VIP4" 25 ttl 1
	wait_seen client "^in .* icmp $VIP4>192.168.30.50 .*type=11 code=0 .*about 192.168.30.50:4000>$VIP4:25 ttl=1" &&
		same ttl=1 "$(all_drops)" drops || return
	in_ns "$client" pkt_send udp 192.168.30.50 4000 "$VIP4" 25 ttl 2
	wait_seen real1 "^in .* udp 192.168.30.50:4000>$VIP4:25 ttl=1 " &&
		wait_seen real1 "^in .* icmp 192.168.30.50>$VIP4 .*type=3 code=3 .*about $VIP4:25>192.168.30.50:4000" &&
		unwatch client real1 &&
		not_seen real1 "^in .*:4000>.* ttl=[^1]" &&
		same 2 "$(vip_get V stats.in_packets)" \
			"counted packets, with the client's error"
}

too_big_is_told()
{
	begin
	narrow 1300
	watch client "$client" eth0 || return
	in_ns "$client" pkt_send udp 192.168.30.50 4000 "$VIP4" 25 size 1400 df
	wait_seen client "^in .* icmp $VIP4>192.168.30.50 .*type=3 code=4 mtu=1300 about 192.168.30.50:4000>$VIP4:25" &&
		same too-big=1 "$(all_drops)" drops || return
	unwatch client
	widen
}

streams_find_the_mtu()
{
	begin
	narrow 1300
	watch real1 "$real1" eth0 || return
	in_ns "$client" load stream "$VIP4" 25 300000 || return
	unwatch real1
	ip -n "$client" route get "$VIP4" | grep -q "mtu 1300" || {
		ip -n "$client" route get "$VIP4"
		return 1
	}
	has_drops too-big && widen
}

too_big_is_fragmented()
{
	begin
	narrow 1300
	watch real1 "$real1" eth0 || return
	in_ns "$client" load asku "$VIP4" 25 1 1400 || return
	unwatch real1
	same 2 "$(seen real1 "^in .*fragment .*proto17 ")" fragments &&
		same 1 "$(vip_get V stats.in_packets)" packets &&
		same "" "$(all_drops)" drops && widen
}

# Both a datagram's port and that of its VIP matter.
ports_are_apart()
{
	begin
	ctl vip add W "$VIP4" udp 26-28 check off &&
		ctl real add W R2 192.168.30.21 || return
	in_ns "$client" load asku "$VIP4" 25 1 > "$tmp/lines" &&
		in_ns "$client" load asku "$VIP4" 27 1 >> "$tmp/lines" || return
	same "s1 s2 " "$(cut -d' ' -f1 "$tmp/lines" | tr '\n' ' ')" servers
}

# A datagram's connection is where the one before went, whatever else comes.
datagrams_stay_together()
{
	begin
	ctl real add V R2 192.168.30.21 || return
	craft udp 4000
	craft udp 4001 count 6
	craft udp 4000 count 3
	becomes 10 vip_get V stats.in_packets &&
		same "4 6" "$(for real in R1 R2; do
			real_get V "$real" stats.in_packets
		done | sort -n | xargs)" "packets of the reals"
}

topo_dr || ksft_skip_all "no network"
start_server "$real1" s1 {tcp,udp}/25 || ksft_skip_all "no server"
start_server "$real2" s2 udp/27 || ksft_skip_all "no server"

ktap_plan 8
ktap_run "datagrams of one port stay together"		datagrams_stay_together
ktap_run "the VIPs of one address are apart"		ports_are_apart
ktap_run "large datagrams pass in fragments"		large_datagrams_pass
ktap_run "packets with IP options pass"			options_pass
ktap_run "the end of a time to live is told"		ttl_ends
ktap_run "packets too big are told"			too_big_is_told
ktap_run "or fragmented if they may"			too_big_is_fragmented
ktap_run "streams find the MTU"				streams_find_the_mtu
ktap_exit
