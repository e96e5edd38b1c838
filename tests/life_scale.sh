#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Many VIPs and reals, and full tables: nothing breaks, and it is seen. For the
# network see topo_dr in topo.sh.

# Cases are called by name.
# shellcheck disable=SC2317 source=tests/traffic/lib.sh
. "$(dirname "$0")/traffic/lib.sh"

require_tool fill

readonly VIPS=256 REALS=2048 CONNS=1000

# global KEY - a field of the namespace
global()
{
	field "$(ctl -j global show)" "$1"
}

# v0 has the VIP's address and port 25; reals are anywhere.
many_vips_and_reals()
{
	local each=$((REALS / VIPS))

	ctl flush all && ctl global set limit vips "$VIPS" limit reals "$REALS" ||
		return
	in_ns "$lb" fill "$VIP4" 16 25 "$VIPS" 192.168.30.128 "$REALS" dr wrr ||
		return
	same "$VIPS" "$(global vips)" VIPs &&
		same "$REALS" "$(global reals)" reals &&
		same "$VIPS" "$(ctl -j vip show | grep -o "\"real_count\":$each," |
			wc -l)" "VIPs with their reals" &&
		same "$REALS" "$(ctl -j show | grep -o '"check_inherit"' |
			wc -l)" "reals that are shown" &&
		fail_with "as many vips as" ctl vip add more "$VIP4" tcp 9 &&
		fail_with "as many reals as" ctl real add v1 more 192.168.30.9 &&
		fail_with "of this name" ctl real add v1 r1 192.168.30.9 &&
		fail_with "this address and port" ctl real add v1 more \
			192.168.30.129 &&
		fail_with "is taken by v7" ctl vip set v8 address 192.168.30.17 &&
		ctl real del v1 r1 && expect_status 4 ctl real show v1 r1 &&
		ctl real add v1 r1 192.168.30.129 || return
	craft tcp 4000 S
	becomes 1 vip_get v0 stats.conns
}

serve()
{
	start_over && ctl global set limit conns default limit persist \
		default && ctl vip add V "$VIP4" tcp,udp 25 check off "$@" &&
		ctl real add V R1 192.168.30.20 &&
		ctl real add V R2 192.168.30.21
}

# datagrams PORT N - each begins a connection
datagrams()
{
	in_ns "$client" pkt_send udp "$NOBODY" "$1" "$VIP4" 25 count "$2" step
}

# fill_table - with clients from port 10000 on, who all go on: one in four
# connections at most may be half-open
fill_table()
{
	local port some=$((CONNS / 4)) sent=0

	for ((port = 10000; port < 10000 + CONNS; port += some)); do
		datagrams "$port" "$some" && sent=$((sent + some)) &&
			becomes "$sent" vip_get V stats.in_packets && later &&
			datagrams "$port" "$some" && sent=$((sent + some)) ||
			return
	done
	becomes $((CONNS * 2)) vip_get V stats.in_packets
}

table_of_connections_is_full()
{
	serve mode nat && ctl global set limit conns "$CONNS" || return
	fill_table && datagrams 20000 200 || return
	becomes "conn-limit=200" all_drops &&
		same "$CONNS" "$(global conns)" connections &&
		ctl global show | grep -Eq "^conns +$CONNS of $CONNS, full\$" &&
		ctl show | grep -Eq '^conns +full$' &&
		ctl stats | grep -Eq '^V +conn-limit +200$' || return

	# Those that are there go on, and end; then there is room.
	datagrams 10000 1 &&
		becomes $((CONNS * 2 + 1)) vip_get V stats.in_packets &&
		ctl conn flush src "$NOBODY" limit 10 || return
	datagrams 20000 20
	becomes "conn-limit=210" all_drops || return

	# A limit below what there is cuts nothing.
	ctl global set limit conns 10 && same "$CONNS" "$(global conns)" \
		"connections" && same 10 "$(global conns_max)" "limit"
}

# By DR a packet finds its real without one.
full_table_is_done_without()
{
	serve && ctl global set limit conns "$CONNS" || return
	fill_table && datagrams 20000 200 || return
	becomes $((CONNS * 2 + 200)) vip_get V stats.in_packets &&
		same "$CONNS" "$(global conns)" connections &&
		ctl show | grep -Eq '^conns +full$' &&
		same "" "$(all_drops)" drops
}

# client_comes N PORT - a client connects, and goes on
client_comes()
{
	in_ns "$client" pkt_send tcp "192.168.30.$1" "$2" "$VIP4" 25 flags S &&
		in_ns "$client" pkt_send tcp "192.168.30.$1" "$2" "$VIP4" 25 \
			flags A seq 2 && becomes established conn_get "$2" state
}

# Of eight entries four may be tentative.
table_of_persistence_is_full()
{
	local i first

	serve persist 60 && ctl global set limit persist 8 || return
	for ((i = 1; i <= 8; i++)); do
		client_comes $((100 + i)) $((5000 + i)) || return
	done
	same 8 "$(global persists)" entries &&
		ctl global show | grep -Eq '^persists +8 of 8, full$' &&
		ctl show | grep -Eq '^persists +full$' || return

	for i in 1 2 3; do
		client_comes 120 $((6000 + i)) || return
	done
	first=$(conn_get 6001 real)
	same 8 "$(global persists)" entries &&
		same "$first $first" "$(conn_get 6002 real) $(conn_get 6003 real)" \
			"reals of a client without an entry" &&
		same "" "$(all_drops)" drops || return

	client_comes 101 7001 &&
		same "$(conn_get 5001 real)" "$(conn_get 7001 real)" \
			"real of a client with an entry" &&
		ctl global set limit persist 1 &&
		same 8 "$(global persists)" "entries under a lower limit"
}

unload_when_full()
{
	serve mode nat && ctl global set limit conns "$CONNS" \
		limit vips default limit reals default || return
	fill_table && datagrams 20000 200 || return
	becomes "conn-limit=200" all_drops &&
		in_ns "$lb" fill 192.168.40.1 256 25 1000 192.168.30.128 2000 \
			nat mh && unload
}

topo_dr || ksft_skip_all "no network"

ktap_plan 5
ktap_run "$VIPS VIPs with $REALS reals"		many_vips_and_reals
ktap_run "the table of connections is full"	table_of_connections_is_full
ktap_run "by DR that is done without"		full_table_is_done_without
ktap_run "the table of persistence is full"	table_of_persistence_is_full
ktap_run "it is unloaded when all is full"	unload_when_full
ktap_exit
