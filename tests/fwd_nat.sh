#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# NAT: what client and real see of each other, checksums, and that the stack of
# the balancer has no part in it: it does not even forward. For the network see
# topo_nat in topo.sh.

# Cases are called by name.
# shellcheck disable=SC2317 source=tests/traffic/lib.sh
. "$(dirname "$0")/traffic/lib.sh"

# Every case begins with two reals and nothing that was before.
begin()
{
	start_over &&
		ctl vip add V "$VIP4" tcp,udp 25 mode nat check off &&
		ctl real add V R1 192.168.31.20 &&
		ctl real add V R2 192.168.31.21
}

# both_in_turn VERB - three each, who know the client's address
both_in_turn()
{
	begin
	one_cpu enter "$client" load "$1" "$VIP4" 25 6 \
		> "$tmp/lines" || return
	cat "$tmp/lines"
	same 3 "$(grep -Ec "^s1 192.168.30.50 [0-9]+ 192.168.31.20 25$" \
		"$tmp/lines")" "of R1" &&
		same 3 "$(grep -Ec "^s2 192.168.30.50 [0-9]+ 192.168.31.21 25$" \
			"$tmp/lines")" "of R2" &&
		same 3 "$(real_get V R1 stats.conns)" "conns of R1"
}

# What the client sent must come with the real's address in it, and the answers
# the other way round; all else is the same.
compare_sides()
{
	local there="192.168.30.50:[0-9]+>$VIP4:25 "
	local back="192.168.31.2[01]:25>192.168.30.50:[0-9]+ "

	{
		grep -hE "^out .*$there" "$tmp/watch-client" |
			sed "s/>$VIP4:25/>REAL:25/"
		grep -hE "^out .*$back" "$tmp"/watch-real? |
			sed -E "s/192.168.31.2[01]:25>/$VIP4:25>/"
	} | cut -d' ' -f3- | sed 's/ttl=64/ttl=63/' | sort > "$tmp/sent"
	{
		grep -hE "^in .*>192.168.31.2[01]:25 " "$tmp"/watch-real? |
			sed -E "s/>192.168.31.2[01]:25/>REAL:25/"
		grep -hE "^in .* $VIP4:25>" "$tmp/watch-client"
	} | cut -d' ' -f3- | sort > "$tmp/got"
	[ -s "$tmp/sent" ] && cmp -s "$tmp/sent" "$tmp/got"
}

only_addresses_change()
{
	begin
	watch client "$client" eth0 && watch real1 "$real1" eth0 &&
		watch real2 "$real2" eth0 || return
	in_ns "$client" load ask "$VIP4" 25 2 &&
		in_ns "$client" load asku "$VIP4" 25 2 500 || return
	busywait "$PATIENCE" compare_sides || {
		diff "$tmp/sent" "$tmp/got"
		return 1
	}
	unwatch client real1 real2
	not_seen client '192\.168\.31\.|sum=bad' &&
		not_seen real1 "$VIP4|sum=bad" && not_seen real2 "$VIP4|sum=bad"
}

port_is_translated()
{
	start_over &&
		ctl vip add V "$VIP4" tcp,udp 24 mode nat check off &&
		ctl real add V R1 192.168.31.20 port 2525 || return
	watch client "$client" eth0 && watch real1 "$real1" eth0 || return
	in_ns "$client" load ask "$VIP4" 24 1 > "$tmp/lines" &&
		in_ns "$client" load asku "$VIP4" 24 1 300 >> "$tmp/lines" ||
		return
	same 2 "$(grep -c "192.168.31.20 2525$" "$tmp/lines")" answers &&
		wait_seen client "^in .* tcp $VIP4:24>.*flags=[AP]*F" || return
	unwatch client real1
	not_seen client ':2525|sum=bad' && not_seen real1 ':24[ >]|sum=bad'
}

streams()
{
	begin
	watch client "$client" eth0 && watch real1 "$real1" eth0 || return
	one_cpu enter "$client" load stream "$VIP4" 25 3000000 &&
		one_cpu enter "$client" load stream "$VIP4" 25 3000000 || return
	unwatch client real1
	[ "$(seen real1 "^in .*:25 .*len=[0-9]{5}")" -gt 0 ] &&
		[ "$(seen client "^in .*:25>.*len=[0-9]{5}")" -gt 0 ] &&
		not_seen client 'sum=bad|192\.168\.31\.' &&
		not_seen real1 "sum=bad" && same "" "$(all_drops)" drops
}

# All checksums are there when the packets are translated.
streams_unmerged()
{
	local ns

	begin
	watch client "$client" eth0 && watch real1 "$real1" eth0 &&
		watch real2 "$real2" eth0 || return
	for ns in "$client" "$real1" "$real2"; do
		in_ns "$ns" ethtool -K eth0 tso off gso off tx off \
			> /dev/null || return
	done
	in_ns "$client" load stream "$VIP4" 25 500000 &&
		in_ns "$client" load asku "$VIP4" 25 2 501
	same 0 $? status || return
	for ns in "$client" "$real1" "$real2"; do
		in_ns "$ns" ethtool -K eth0 tx on tso on gso on > /dev/null
	done
	unwatch client real1 real2
	cat "$tmp"/watch-real? > "$tmp/watch-reals"
	[ "$(seen client "^in .*sum=ok")" -gt 0 ] &&
		[ "$(seen reals "^in .*sum=ok")" -gt 0 ] &&
		not_seen client "sum=(bad|part)" &&
		not_seen reals "sum=(bad|part)"
}

datagrams_without_checksum()
{
	begin
	watch real1 "$real1" eth0 && watch real2 "$real2" eth0 || return
	one_cpu enter "$client" load asku "$VIP4" 25 2 100 nosum || return
	wait_seen real1 "^in .*:25 .*sum=none" &&
		wait_seen real2 "^in .*:25 .*sum=none"
}

# A client's port can mean one thing only to a real.
collisions_are_dropped()
{
	begin
	ctl vip add W "$VIP4" udp 26 mode nat check off &&
		ctl real add W R1 192.168.31.20 port 25 &&
		ctl real drain V R2 || return
	craft udp 4000
	becomes R1 conn_get 4000 real || return
	in_ns "$client" pkt_send udp "$NOBODY" 4000 "$VIP4" 26
	becomes collision=1 all_drops &&
		same 1 "$(conn_count all)" connections || return
	in_ns "$client" pkt_send udp "$NOBODY" 4001 "$VIP4" 26
	becomes W conn_get 4001 vip || return

	# When the one has ended the other can begin.
	ctl conn flush vip V > /dev/null || return
	in_ns "$client" pkt_send udp "$NOBODY" 4000 "$VIP4" 26
	becomes W conn_get 4000 vip
}

# It is active, since a rule asks for it, and sees nothing.
conntrack_is_spared()
{
	begin
	in_ns "$lb" nft -f - <<-EOT || return
		table ip track {
			chain after {
				type filter hook prerouting priority 0;
				ip protocol != icmp ct state new,established,related,invalid,untracked counter
			}
		}
	EOT
	in_ns "$client" load ask "$VIP4" 25 2 &&
		in_ns "$client" load asku "$VIP4" 25 2 &&
		in_ns "$client" load stream "$VIP4" 25 300000 || return
	nft_counts "$lb" ip track 0 &&
		same 0 "$(in_ns "$lb" \
			cat /proc/sys/net/netfilter/nf_conntrack_count)" \
			"tracked connections" || return
	in_ns "$lb" nft delete table ip track
}

states_follow_both_sides()
{
	local port

	begin
	in_ns "$client" load again "$VIP4" 25 4100 1 &&
		becomes closed conn_get 4100 state || return

	conn_open a "$client" "$VIP4" 25 > "$tmp/a" || return
	port=$(cut -d' ' -f3 "$tmp/a")
	becomes established conn_get "$port" state || return
	conn_close a
	becomes closed conn_get "$port" state || return

	# Nobody listens, and the real says so.
	ctl vip add W "$VIP4" tcp 77 mode nat check off &&
		ctl real add W R1 192.168.31.20 &&
		watch client "$client" eth0 || return
	! in_ns "$client" load ask "$VIP4" 77 1 || return
	wait_seen client "^in .* tcp $VIP4:77>.* flags=RA .*sum=(ok|part)" &&
		unwatch client && not_seen client '192\.168\.31\.' &&
		same closed "$(ctl -j conn show vip W |
			grep -o '"state":"[a-z]*"' | cut -d'"' -f4)" state
}

counters_are_right()
{
	local line

	begin
	line=$(in_ns "$client" load asku "$VIP4" 25 1 100) || return
	same 1 "$(vip_get V stats.in_packets)" "packets in" &&
		same 128 "$(vip_get V stats.in_bytes)" "bytes in" &&
		becomes 1 vip_get V stats.out_packets &&
		same $((128 + ${#line} + 1)) "$(vip_get V stats.out_bytes)" \
			"bytes out" || return
	ctl stats reset &&
		same 00 "$(vip_get V stats.in_bytes)$(vip_get V \
			stats.out_packets)" "after a reset"
}

# What comes from a halted real is dropped as what goes there.
halt_ends_both_ways()
{
	begin
	ctl vip set V orphan drop && ctl real drain V R2 &&
		conn_open a "$client" "$VIP4" 25 && ctl real online V R2 &&
		ctl real halt V R1 || return
	! conn_say a lost 1 && eventually has_drops orphan || return
	in_ns "$client" load ask "$VIP4" 25 2 > "$tmp/lines" || return
	same 2 "$(from s2 "$tmp/lines")" "connections of R2" || return

	ctl real online V R1 || return
	same lost "$(conn_hear a "$PATIENT")" "what was said meanwhile" &&
		conn_say a "goes on" "$PATIENT" && conn_close a
}

flush_ends_both_ways()
{
	local port

	begin
	ctl real drain V R2 && watch client "$client" eth0 || return
	in_ns "$client" load asku "$VIP4" 25 1 > "$tmp/a" || return
	port=$(cut -d' ' -f3 "$tmp/a")
	same "ended 1" "$(ctl conn flush all | tr -s ' ')" ended &&
		same none "$(conn_get "$port" state)" connection || return
	in_ns "$real1" pkt_send udp 192.168.31.20 25 192.168.30.50 "$port" \
		size 777
	becomes 0 vip_get V conns &&
		in_ns "$client" load asku "$VIP4" 25 1 || return
	unwatch client
	not_seen client '192\.168\.31\.|data=777/'
}

# What a real has to say of itself is none of our business.
own_traffic_of_a_real_passes()
{
	begin
	in_ns "$lb" sysctl -qw net.ipv4.ip_forward=1 || return
	start_server "$stranger" friend tcp/25 udp/25 || return
	in_ns "$real1" load ask 192.168.30.99 25 1 > "$tmp/lines" &&
		in_ns "$real1" load asku 192.168.30.99 25 1 >> "$tmp/lines" ||
		return
	in_ns "$lb" sysctl -qw net.ipv4.ip_forward=0
	kill "$server"
	same 2 "$(grep -c "^friend 192.168.31.20 " "$tmp/lines")" answers &&
		same "" "$(all_drops)" drops
}

raw_rules_apply()
{
	begin
	ctl real drain V R2
	in_ns "$lb" nft -f - <<-EOT || return
		table ip refuse {
			chain raw {
				type filter hook prerouting priority raw;
				ip saddr 192.168.31.20 udp sport 25 counter drop
			}
		}
	EOT
	craft udp 4000
	eventually nft_counts "$lb" ip refuse 1 &&
		same 0 "$(vip_get V stats.out_packets)" "packets out"
	same 0 $? status || return
	in_ns "$lb" nft delete table ip refuse
}

topo_nat || ksft_skip_all "no network"
services=({tcp,udp}/{25,2525})
start_server "$real1" s1 "${services[@]}" || ksft_skip_all "no server"
start_server "$real2" s2 "${services[@]}" || ksft_skip_all "no server"

ktap_plan 15
ktap_run "connections reach both reals in turn"		both_in_turn ask
ktap_run "datagrams reach both reals in turn"		both_in_turn asku
ktap_run "only addresses and TTL change"		only_addresses_change
ktap_run "the port is translated"			port_is_translated
ktap_run "streams pass both ways"			streams
ktap_run "streams without offloads pass"		streams_unmerged
ktap_run "datagrams without checksum stay without"	datagrams_without_checksum
ktap_run "collisions are dropped and counted"		collisions_are_dropped
ktap_run "connection tracking is spared"		conntrack_is_spared
ktap_run "states follow from both sides"		states_follow_both_sides
ktap_run "counters are what passed"			counters_are_right
ktap_run "halt ends both directions"			halt_ends_both_ways
ktap_run "flush ends both directions"			flush_ends_both_ways
ktap_run "a real's own traffic passes"			own_traffic_of_a_real_passes
ktap_run "rules of the raw priority apply to replies"	raw_rules_apply
ktap_exit
