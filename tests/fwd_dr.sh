#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Direct return: what packets look like at the reals, who answers, which real
# gets what, and when it stops. For the network see topo_dr in topo.sh.

# Cases are called by name.
# shellcheck disable=SC2317 source=tests/traffic/lib.sh
. "$(dirname "$0")/traffic/lib.sh"

# Every case begins with two reals and nothing that was before.
begin()
{
	start_over &&
		ctl vip add V "$VIP4" tcp,udp 25 mode dr check off &&
		ctl real add V R1 192.168.30.20 &&
		ctl real add V R2 192.168.30.21
}

in_turn()
{
	begin
	one_cpu enter "$client" load ask "$VIP4" 25 6 > "$tmp/lines" ||
		return
	cat "$tmp/lines"
	same 3 "$(from s1 "$tmp/lines")" "connections of R1" &&
		same 3 "$(from s2 "$tmp/lines")" "connections of R2" &&
		same 6 "$(grep -Ec "^s. 192.168.30.50 [0-9]+ $VIP4 25$" \
			"$tmp/lines")" "with the client's address" &&
		same 3 "$(real_get V R1 stats.conns)" "conns of R1" &&
		same 6 "$(vip_get V stats.conns)" "conns of V" &&
		same up "$(vip_get V state)" "state of V"
}

datagrams_in_turn()
{
	begin
	one_cpu enter "$client" load asku "$VIP4" 25 6 > "$tmp/lines" ||
		return
	same 3 "$(from s1 "$tmp/lines")" "datagrams of R1" &&
		same 3 "$(from s2 "$tmp/lines")" "datagrams of R2" &&
		same 6 "$(grep -Ec "^s. 192.168.30.50 [0-9]+ $VIP4 25$" \
			"$tmp/lines")" "with the client's address"
}

# What differs on the two sides is the MAC addresses and the TTL.
compare_sides()
{
	local flow="192.168.30.50:[0-9]+>$VIP4:25 "

	grep -E "^out .*$flow" "$tmp/watch-client" | cut -d' ' -f3- |
		sed 's/ttl=64/ttl=63/' | sort > "$tmp/sent"
	grep -hE "^in .*$flow" "$tmp"/watch-real? | cut -d' ' -f3- |
		sort > "$tmp/got"
	[ -s "$tmp/sent" ] && cmp -s "$tmp/sent" "$tmp/got"
}

only_mac_and_ttl()
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
	not_seen real1 "^in .*:25 .*sum=bad" &&
		[ "$(seen real1 \
			"^in 02:00:00:00:30:02>02:00:00:00:30:20 .*:25 ")" -gt 0 ] &&
		[ "$(seen real2 \
			"^in 02:00:00:00:30:02>02:00:00:00:30:21 .*:25 ")" -gt 0 ]
}

streams()
{
	begin
	watch lb "$lb" eth0 || return
	in_ns "$client" load stream "$VIP4" 25 3000000 &&
		in_ns "$client" load stream "$VIP4" 25 3000000 || return
	unwatch lb
	# What is larger than a frame went whole.
	[ "$(seen lb "^out .*>$VIP4:25 .*len=[0-9]{5}")" -gt 0 ] &&
		not_seen lb " $VIP4:25>" &&
		same 0 "$(vip_get V stats.out_packets)" "replies that passed" &&
		same "" "$(all_drops)" drops
}

# The sender and the receiver do without offloads: every packet by itself.
streams_unmerged()
{
	begin
	watch lb "$lb" eth0 &&
		in_ns "$client" ethtool -K eth0 tso off gso off tx off \
			> /dev/null || return
	in_ns "$client" load stream "$VIP4" 25 500000
	same 0 $? "status of the stream" || return
	in_ns "$client" ethtool -K eth0 tx on tso on gso on > /dev/null
	unwatch lb
	not_seen lb "^out .*>$VIP4:25 .*(sum=bad|len=[0-9]{5})"
}

other_ports_are_untouched()
{
	begin
	start_server "$lb" host tcp/26 udp/26 udp/25 || return
	in_ns "$client" load ask "$VIP4" 26 1 > "$tmp/lines" &&
		in_ns "$client" load asku "$VIP4" 26 1 >> "$tmp/lines" || return
	same 2 "$(from host "$tmp/lines")" "answers of the host" || return

	# The same port of another protocol.
	start_over &&
		ctl vip add V "$VIP4" tcp 25 check off &&
		ctl real add V R1 192.168.30.20 || return
	in_ns "$client" load asku "$VIP4" 25 1 > "$tmp/lines" &&
		in_ns "$client" load ask "$VIP4" 25 1 >> "$tmp/lines" || return
	stop_server &&
		same 1 "$(from host "$tmp/lines")" "answers of the host" &&
		same 1 "$(from s1 "$tmp/lines")" "answers of R1" &&
		same "" "$(all_drops)" drops
}

address_comes_and_goes()
{
	begin
	in_ns "$client" load ask "$VIP4" 25 1 || return
	ip -n "$client" neigh replace "$VIP4" lladdr 02:00:00:00:30:02 dev eth0
	ip -n "$lb" addr del "$VIP4"/32 dev eth0
	becomes no-address vip_get V state || return

	in_ns "$lb" nft -f - <<-EOT || return
		table ip left {
			chain alone {
				type filter hook prerouting priority -150;
				ip saddr $NOBODY ip daddr $VIP4 tcp dport 25 counter
			}
		}
	EOT
	craft tcp 4000 S
	eventually nft_counts "$lb" ip left 1 &&
		same none "$(conn_get 4000 state)" "connection" &&
		same "" "$(all_drops)" drops || return

	ip -n "$lb" addr add "$VIP4"/32 dev eth0
	ip -n "$client" neigh del "$VIP4" dev eth0
	becomes up vip_get V state &&
		in_ns "$client" load ask "$VIP4" 25 1 || return

	# It may be one by a route alone.
	ip -n "$lb" route add local 192.168.30.15 dev lo &&
		ctl vip add W 192.168.30.15 tcp 25 check off &&
		becomes no-real vip_get W state &&
		ip -n "$lb" route del local 192.168.30.15 dev lo &&
		becomes no-address vip_get W state
}

drain_keeps_what_is_open()
{
	local server

	begin
	conn_open a "$client" "$VIP4" 25 > "$tmp/a" || return
	server=$(cut -c -2 "$tmp/a")
	ctl real drain V "R${server#s}" || return
	same false "$(real_get V "R${server#s}" serves)" serves &&
		same degraded "$(vip_get V state)" "state of V" || return
	in_ns "$client" load ask "$VIP4" 25 4 > "$tmp/lines" || return
	same 0 "$(from "$server" "$tmp/lines")" "new connections" &&
		conn_say a "still there" "$PATIENT" && conn_close a
}

weight_0_takes_nothing()
{
	begin
	ctl real set V R2 weight 0 || return
	in_ns "$client" load ask "$VIP4" 25 4 > "$tmp/lines" || return
	same 4 "$(from s1 "$tmp/lines")" "connections of R1" &&
		same up "$(vip_get V state)" "state of V"
}

shares_are_exact()
{
	begin
	ctl real set V R1 weight 300 && ctl real set V R2 weight 100 || return
	one_cpu enter "$client" pkt_send tcp "$NOBODY" 5000 "$VIP4" 25 \
		count 400 step || return
	becomes 400 vip_get V stats.conns &&
		same 300 "$(real_get V R1 stats.conns)" "conns of R1" &&
		same 100 "$(real_get V R2 stats.conns)" "conns of R2" || return

	# With rr weights do not count, but for 0.
	ctl vip set V sched rr && ctl stats reset || return
	one_cpu enter "$client" pkt_send tcp "$NOBODY" 6000 "$VIP4" 25 \
		count 100 step || return
	becomes 100 vip_get V stats.conns &&
		same 50 "$(real_get V R1 stats.conns)" "conns of R1"
}

nobody_serves()
{
	begin
	ctl real set V R1 weight 0 && ctl real drain V R2 || return
	same no-real "$(vip_get V state)" "state of V" || return
	craft tcp 4000 S count 3
	craft udp 4001
	becomes no-real=4 all_drops &&
		same 0 "$(conn_count all)" connections || return
	ctl real online V R2
	in_ns "$client" load ask "$VIP4" 25 1 > "$tmp/lines" || return
	same 1 "$(from s2 "$tmp/lines")" "connections of R2"
}

# port_of SERVER - the client's port of the connection in $tmp/a or $tmp/b
port_of()
{
	sed -n "s/^$1 [^ ]* \([0-9]*\) .*/\1/p" "$tmp/a" "$tmp/b"
}

health_decides()
{
	start_over &&
		ctl vip add V "$VIP4" tcp 25 check external &&
		ctl real add V R1 192.168.30.20 &&
		ctl real add V R2 192.168.30.21 &&
		ctl real health V R1 up && ctl real health V R2 up || return
	conn_open a "$client" "$VIP4" 25 > "$tmp/a" || return
	until grep -q ^s1 "$tmp/a"; do
		conn_close a
		conn_open a "$client" "$VIP4" 25 > "$tmp/a" || return
	done
	conn_open b "$client" "$VIP4" 25 > "$tmp/b" || return
	until grep -q ^s2 "$tmp/b"; do
		conn_close b
		conn_open b "$client" "$VIP4" 25 > "$tmp/b" || return
	done

	ctl real health V R2 sick "421 too busy" || return
	in_ns "$client" load ask "$VIP4" 25 4 > "$tmp/lines" || return
	same 4 "$(from s1 "$tmp/lines")" "connections of R1" &&
		same "421 too busy" "$(real_get V R2 reason)" reason &&
		conn_say a one "$PATIENT" && conn_say b two "$PATIENT" || return

	ctl vip set V orphan drop && ctl real health V R2 down || return
	same true "$(conn_get "$(port_of s2)" orphan)" "orphan of R2" &&
		same false "$(conn_get "$(port_of s1)" orphan)" "orphan of R1" &&
		conn_say a three "$PATIENT" || return
	! conn_say b four 1 && eventually has_drops orphan || return

	# What was cut off unsaid goes on if its real comes back in time.
	ctl real health V R2 up || return
	same four "$(conn_hear b "$PATIENT")" "what was said meanwhile" || return
	ctl real health V R1 down && ctl real health V R2 sick &&
		same no-real "$(vip_get V state)" "state of V"
}

raw_rules_apply()
{
	begin
	in_ns "$lb" nft -f - <<-EOT || return
		table ip refuse {
			chain raw {
				type filter hook prerouting priority raw;
				ip saddr $NOBODY tcp sport 4000 counter drop
			}
		}
	EOT
	craft tcp 4000 S
	craft tcp 4001 S
	eventually nft_counts "$lb" ip refuse 1 && becomes syn conn_get 4001 state &&
		same none "$(conn_get 4000 state)" "the refused one" ||
		return
	in_ns "$lb" nft delete table ip refuse
}

counters_are_right()
{
	begin
	ctl real drain V R2 && ctl stats reset || return
	craft udp 4000 size 100 count 10
	craft udp 4001 size 1 count 5 step
	craft tcp 4000 S
	craft tcp 4000 A size 50 count 4
	becomes 20 vip_get V stats.in_packets &&
		same 7 "$(vip_get V stats.conns)" conns &&
		same $((10 * 128 + 5 * 29 + 40 + 4 * 90)) \
			"$(real_get V R1 stats.in_bytes)" bytes &&
		same 0 "$(real_get V R2 stats.in_packets)" "packets of R2" &&
		same 7 "$(real_get V R1 conns)" "connections now" || return

	# What a removed real forwarded is still part of the VIP's.
	ctl real del V R1 && same 20 "$(vip_get V stats.in_packets)" packets &&
		ctl stats reset || return
	craft udp 4002
	becomes no-real=1 all_drops &&
		same 0 "$(vip_get V stats.in_packets)" "packets after a reset" &&
		ctl stats reset && same "" "$(all_drops)" drops
}

# Ends of earlier connections, sent again, would be counted too.
strange_packets_are_dropped()
{
	begin
	in_ns "$client" nft -f - <<-EOT || return
		table ip quiet {
			chain out {
				type filter hook output priority 0
				ip saddr 192.168.30.50 ip daddr $VIP4 drop
			}
		}
	EOT
	ctl stats reset || return
	in_ns "$client" pkt_send tcp 127.0.0.5 4000 "$VIP4" 25
	in_ns "$client" pkt_send udp 224.0.0.5 4000 "$VIP4" 25
	craft tcp 4001 S cut 10
	craft tcp 4002 FS
	craft tcp 4003 RS
	craft tcp 4004 S
	becomes syn conn_get 4004 state || return
	same "malformed=1 martian=2 no-conn=2" "$(all_drops)" drops &&
		same 1 "$(conn_count all)" connections
}

topo_dr || ksft_skip_all "no network"
start_server "$real1" s1 tcp/25 udp/25 || ksft_skip_all "no server"
start_server "$real2" s2 tcp/25 udp/25 || ksft_skip_all "no server"

ktap_plan 15
ktap_run "connections reach both reals in turn"		in_turn
ktap_run "datagrams reach both reals in turn"		datagrams_in_turn
ktap_run "only MAC addresses and TTL change"		only_mac_and_ttl
ktap_run "streams pass whole both ways"			streams
ktap_run "streams without offloads pass"		streams_unmerged
ktap_run "ports without a VIP are left to the host"	other_ports_are_untouched
ktap_run "a VIP without its address stands back"	address_comes_and_goes
ktap_run "drain keeps what is open"			drain_keeps_what_is_open
ktap_run "weight 0 takes nothing"			weight_0_takes_nothing
ktap_run "shares follow the weights exactly"		shares_are_exact
ktap_run "without a real packets are dropped"		nobody_serves
ktap_run "sick and down reals get nothing new"		health_decides
ktap_run "rules of the raw priority apply"		raw_rules_apply
ktap_run "counters are what was sent"			counters_are_right
ktap_run "strange packets make no connection"		strange_packets_are_dropped
ktap_exit
