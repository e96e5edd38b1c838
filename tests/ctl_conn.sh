#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Control plane: connections are shown, chosen, counted and ended; and what
# they forbid. The topology is topo_dr.

# Cases are called by name, through ktap_run.
# shellcheck disable=SC2317 source=tests/topo.sh
. "$(dirname "$0")/topo.sh"

require_tool ip jq lbctl socat
load_module || ksft_skip_all "the module cannot be loaded"
topo_dr || ksft_skip_all "no network namespaces"
{
	ip -n "$client" addr add 192.168.30.51/24 dev eth0 &&
		start_server "$real1" R1 tcp/80 udp/53 &&
		start_server "$real2" R2 tcp/80 udp/53
} || ksft_skip_all "no servers"

readonly PATIENCE=60000

# flows [FILTER...] - the connections as VIP/REAL/CLIENT, in order
flows()
{
	local shown

	shown=$(ctl -j conn show "$@") || return
	objects "$shown" protocol client vip vip_port real state |
		tr ' ' '\n' | sort | xargs
}

# How many connections it says that it has ended.
flushed()
{
	local said

	said=$(ctl -j conn flush "$@") && json_get "$said" conns &&
		echo "$REPLY"
}

# One real for each VIP, so that it is known where a connection goes.
configure()
{
	ctl flush all &&
		ctl vip add web "$VIP4" tcp 80 check off &&
		ctl real add web CAS1 192.168.30.20 &&
		ctl vip add dns "$VIP4" udp 53 check off &&
		ctl real add dns NS2 192.168.30.21 &&
		ctl vip add six "$VIP6" tcp 80 check off &&
		ctl real add six CAS1 fd30::20
}

# is WANT COMMAND [ARG...] - whether it prints exactly that
is()
{
	local want=$1
	shift

	[ "$("$@")" = "$want" ]
}

# converse - a client of dns who asks until that is more than a question: of one
# that stays alone nothing is known after half a minute
converse()
{
	local talker

	# The inner shell expands it.
	# shellcheck disable=SC2016
	enter "$client" bash -c 'exec 3<> "/dev/udp/$1/53"
		while echo >&3; do
			sleep 0.5
		done' converse "$VIP4" > /dev/null 2>&1 &
	talker=$!
	busywait "$PATIENCE" is "$e" flows vip dns || return
	kill "$talker"
	wait "$talker" || :
}

# Three clients of web, one of six, one of dns.
connect()
{
	configure &&
		conn_open a "$client" "$VIP4" 80 bind=192.168.30.50 &&
		conn_open b "$client" "$VIP4" 80 bind=192.168.30.51 &&
		conn_open c "$stranger" "$VIP4" 80 &&
		conn_open d "$client" "$VIP6" 80 &&
		converse
}

a=tcp/192.168.30.50/web/80/CAS1/established
b=tcp/192.168.30.51/web/80/CAS1/established
c=tcp/192.168.30.99/web/80/CAS1/established
d=tcp/fd30::50/six/80/CAS1/established
e=udp/192.168.30.50/dns/53/NS2/udp

test_show()
{
	configure &&
		expect '{"conns":[]}' ctl -j conn show &&
		ask "$client" "$VIP4" 53 udp &&
		expect "$e-new" flows &&
		connect &&
		expect "$a $b $c $d $e" flows &&
		expect "$a $b $c $d $e" flows all &&
		expect 3 vip web conns &&
		expect 3 real web CAS1 conns &&
		expect 1 real dns NS2 conns &&
		ctl conn show | grep -q "192.168.30.50:.*web.*CAS1" &&
		ctl conn show | grep -qF "[fd30::50]:"
}

# conn_matches FILTER - what jq must find true of the first client's connection
conn_matches()
{
	local said

	said=$(ctl -j conn show vip web src 192.168.30.50) || return
	jq -e ".conns | length == 1 and (.[0] | $1)" <<< "$said" || {
		echo "not so: $1: $said"
		return 1
	}
}

test_fields()
{
	connect &&
		conn_matches ".client_port > 1023 and .orphan == false and
			.left > 7000000 and .left <= 7440000 and
			.idle >= 0 and .idle + .left <= 7441000" &&
		ctl vip set web idle 90s &&
		conn_say a hello &&
		conn_matches ".left > 0 and .left <= 91000"
}

test_filters()
{
	connect &&
		expect "$a $b $c" flows vip web &&
		expect "$a $b $c $d" flows real CAS1 &&
		expect "$d" flows vip six real CAS1 &&
		expect "" flows vip six real NS2 &&
		expect "" flows real none9 &&
		expect "$a $e" flows src 192.168.30.50 &&
		expect "$a $e" flows src 192.168.30.50/32 &&
		expect "$a $b $e" flows src 192.168.30.48/29 &&
		expect "$a $b $c $e" flows src 0.0.0.0/0 &&
		expect "$d" flows src fd30::/64 &&
		expect "$d" flows src ::/0 &&
		expect "" flows src fd31::/64 &&
		expect "$b" flows src 192.168.30.51 vip web real CAS1 limit 5 &&
		expect 2 eval 'flows limit 2 | wc -w' &&
		expect 5 eval 'flows limit 9 | wc -w' &&
		expect 2 eval 'flows limit 2 all | wc -w'
}

test_flush()
{
	connect &&
		expect 0 flushed vip six real NS2 &&
		expect 0 flushed src 10.0.0.0/8 &&
		expect "$a $b $c $d $e" flows &&
		expect 1 flushed src 192.168.30.51 &&
		expect "$a $c $d $e" flows &&
		expect 1 flushed vip web limit 1 &&
		expect_status 2 ctl conn flush vip web all 2> "$tmp/said" &&
		expect 1 flushed vip web &&
		expect "$d $e" flows &&
		expect 0 vip web conns &&
		expect 2 flushed all &&
		expect "" flows &&
		expect 0 flushed all
}

# The mode is a matter of the connections there are.
test_mode()
{
	connect &&
		expect_status 1 ctl vip set web mode nat &&
		fail_with "the mode cannot change while there are connections" \
			ctl vip set web mode nat &&
		expect dr vip web mode &&
		expect 3 vip web conns &&
		expect 3 flushed vip web &&
		ctl vip set web mode nat &&
		expect "nat 1" vip web mode real_count
}

# Everything else may change under them.
test_changes()
{
	connect &&
		ctl vip set web name www sched rr idle 5m &&
		expect "3" vip www conns &&
		conn_say a hello &&
		ctl real set www CAS1 weight 7 check external &&
		ctl real drain www CAS1 &&
		conn_say a hello &&
		expect 3 real www CAS1 conns &&
		expect "${a/web/www} ${b/web/www} ${c/web/www}" flows vip www
}

test_orphans()
{
	connect &&
		ctl real halt web CAS1 &&
		expect "tcp/true tcp/true tcp/true" objects \
			"$(ctl -j conn show vip web)" protocol orphan &&
		expect "tcp/false" objects "$(ctl -j conn show vip six)" \
			protocol orphan &&
		ctl real online web CAS1 &&
		expect "tcp/false tcp/false tcp/false" objects \
			"$(ctl -j conn show vip web)" protocol orphan &&
		conn_say a hello
}

# Connections of what was removed are nobody's any more.
test_removal()
{
	connect &&
		ctl real del web CAS1 &&
		expect 0 vip web conns &&
		ctl vip del six &&
		expect_status 4 ctl conn show vip six &&
		expect "$e" flows vip dns
}

in_packets()
{
	ctl -j stats | jq .total.in_packets
}

# What was sent before may still be on its way when all begins anew.
begins_anew()
{
	ctl stats reset && [ "$(in_packets)" -eq 0 ]
}

test_stats()
{
	connect &&
		ctl real drain web CAS1 &&
		expect 3 eval 'ctl -j vip show web | jq .stats.conns' || return
	busywait "$PATIENCE" begins_anew &&
		expect 0 eval 'ctl -j vip show web | jq .stats.conns' &&
		expect 3 vip web conns
}

ktap_plan 9
ktap_run "show"					test_show
ktap_run "what is known of a connection"	test_fields
ktap_run "filters"				test_filters
ktap_run "flush"				test_flush
ktap_run "the mode stays while there are some"	test_mode
ktap_run "all else may change"			test_changes
ktap_run "orphans"				test_orphans
ktap_run "what becomes of them at the end"	test_removal
ktap_run "statistics from zero"			test_stats
ktap_exit
