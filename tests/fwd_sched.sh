#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Which real gets what: by the client's address, by address and port, by the
# number of connections. For the network see topo_dr in topo.sh.

# Cases are called by name.
# shellcheck disable=SC2317 source=tests/traffic/lib.sh
. "$(dirname "$0")/traffic/lib.sh"

# begin SCHED [OPTION...]
begin()
{
	local sched=$1
	shift

	start_over &&
		ctl vip add V "$VIP4" tcp,udp 25,80 mode dr sched "$sched" \
			check off "$@" &&
		ctl real add V R1 192.168.30.20 &&
		ctl real add V R2 192.168.30.21
}

# syns SOURCE PORT N - from as many ports
syns()
{
	in_ns "$client" pkt_send tcp "$1" "$2" "$VIP4" 25 flags S count "$3" step
}

# acks SOURCE PORT N - with sh and mh it is these that make connections
acks()
{
	in_ns "$client" pkt_send tcp "$1" "$2" "$VIP4" 25 flags A count "$3" step
}

# clients N - connections of as many clients, which nobody has: with data that
# comes twice they are established, or they would not last
clients()
{
	local turn

	for ((turn = 0; turn < 2; turn++)); do
		in_ns "$client" pkt_send tcp 10.1.0.1 4000 "$VIP4" 25 \
			flags PA size 10 count "$1" walk || return
	done
}

# placed - "REAL CLIENT" of every connection, sorted
placed()
{
	ctl -j conn show all | grep -o '"client":"[^"]*"\|"real":"[^"]*"' |
		cut -d'"' -f4 | paste -d' ' - - | sort
}

source_decides()
{
	begin sh || return
	acks "$NOBODY" 5000 50 && becomes 50 vip_get V stats.conns || return
	case $(real_get V R1 stats.conns) in
	0|50)
		;;
	*)
		echo "one client is on both"
		return 1 ;;
	esac

	# A client's other services, TCP or UDP, are on the same real.
	in_ns "$client" pkt_send udp "$NOBODY" 6000 "$VIP4" 80 &&
		becomes 51 vip_get V stats.conns || return
	case $(real_get V R1 stats.conns) in
	0|51)
		;;
	*)
		echo "its datagram went elsewhere"
		return 1 ;;
	esac
	ctl conn flush all > /dev/null && ctl stats reset && clients 60 &&
		becomes 60 vip_get V stats.conns || return
	[ "$(real_get V R1 stats.conns)" -gt 15 ] &&
		[ "$(real_get V R2 stats.conns)" -gt 15 ]
}

ports_count_too()
{
	begin mh || return
	acks "$NOBODY" 5000 400 && becomes 400 vip_get V stats.conns || return
	[ "$(real_get V R1 stats.conns)" -gt 120 ] &&
		[ "$(real_get V R2 stats.conns)" -gt 120 ]
}

# The same clients come to the same reals, whatever was before.
choice_is_the_same_again()
{
	begin sh seed cafe || return
	clients 40 && becomes 40 vip_get V stats.conns || return
	placed > "$tmp/first"

	# In another order, under other names.
	start_over &&
		ctl vip add V "$VIP4" tcp,udp 25,80 mode dr sched sh seed cafe \
			check off &&
		ctl real add V R2 192.168.30.21 &&
		ctl real add V R1 192.168.30.20 || return
	clients 40 && becomes 40 vip_get V stats.conns || return
	placed > "$tmp/second"
	diff "$tmp/first" "$tmp/second" || return

	begin sh seed beef || return
	clients 40 && becomes 40 vip_get V stats.conns || return
	placed > "$tmp/third"
	! cmp -s "$tmp/first" "$tmp/third"
}

weights_are_followed()
{
	begin mh || return
	ctl real set V R1 weight 300 || return
	acks "$NOBODY" 5000 400 && becomes 400 vip_get V stats.conns || return
	[ "$(real_get V R1 stats.conns)" -gt 250 ] &&
		[ "$(real_get V R2 stats.conns)" -gt 50 ]
}

# What is in mid-stream when it comes here, from another balancer.
streams_are_adopted()
{
	begin "$1" || return
	craft tcp 4000 A seq 100 ack 100
	becomes unconfirmed conn_get 4000 state || return
	sleep 0.6
	craft tcp 4000 A seq 100 ack 100
	becomes established conn_get 4000 state || return

	# What begins nothing does not here, either; what ends one goes on.
	craft tcp 4001 FA
	craft tcp 4002 R
	craft tcp 4003 SA
	becomes no-conn=1 all_drops && becomes 4 vip_get V stats.in_packets &&
		same 1 "$(conn_count all)" connections
}

fewest_connections()
{
	begin wlc || return
	ctl real set V R2 weight 50 && syns "$NOBODY" 5000 60 &&
		becomes 60 vip_get V stats.conns || return
	same 40 "$(real_get V R1 stats.conns)" "conns of R1" &&
		same 20 "$(real_get V R2 stats.conns)" "conns of R2" || return

	# With lc weights do not count; R2 is behind and catches up.
	ctl vip set V sched lc && syns "$NOBODY" 6000 40 &&
		becomes 100 vip_get V stats.conns &&
		same 50 "$(real_get V R2 stats.conns)" "conns of R2"
}

limits_are_kept()
{
	begin "$1" || return
	ctl real set V R1 max-conns 5 && ctl real set V R2 max-conns 8 || return
	syns "$NOBODY" 5000 30 && becomes no-real=17 all_drops &&
		same 5 "$(real_get V R1 conns)" "conns of R1" &&
		same 8 "$(real_get V R2 conns)" "conns of R2" || return
	ctl real set V R1 max-conns 0 && syns "$NOBODY" 6000 3 &&
		becomes 8 real_get V R1 conns
}

# Real connections, while reals come and go; for wrr see life_churn.
all_serve()
{
	local sched

	for sched in wlc mh; do
		begin "$sched" || return
		flood "$client" "$VIP4" 25 || return
		ctl real del V R1 && ctl real add V R3 192.168.30.20 &&
			ctl real set V R2 weight 7 && ctl real del V R2 &&
			ctl real add V R2 192.168.30.21 weight 30 &&
			in_ns "$client" load ask "$VIP4" 25 2 &&
			ctl vip del V || return
		unflood
	done
}

topo_dr || ksft_skip_all "no network"
start_server "$real1" s1 {tcp,udp}/25 || ksft_skip_all "no server"
start_server "$real2" s2 {tcp,udp}/25 || ksft_skip_all "no server"

ktap_plan 15
ktap_run "sh: the source decides"			source_decides
ktap_run "sh: the choice is the same again"		choice_is_the_same_again
ktap_run "sh: streams are adopted"			streams_are_adopted sh
ktap_run "mh: ports count too"				ports_count_too
ktap_run "mh: weights are followed"			weights_are_followed
ktap_run "mh: streams are adopted"			streams_are_adopted mh
ktap_run "wlc, lc: fewest connections"			fewest_connections
for sched in wrr rr wlc lc sh mh; do
	ktap_run "$sched: limits are kept"		limits_are_kept "$sched"
done
ktap_run "all of them serve while reals change"		all_serve
ktap_run "they go with the module"			unload
load_module
ktap_exit
