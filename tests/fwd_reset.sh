#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What clients and reals are told of connections that cannot be: resets and
# ICMP errors, and what they are not told. For the networks see topo.sh.

# Cases are called by name.
# shellcheck disable=SC2317 source=tests/traffic/lib.sh
. "$(dirname "$0")/traffic/lib.sh"

# begin MODE
begin()
{
	start_over &&
		ctl vip add V4 "$VIP4" tcp,udp 25 mode "$1" check off &&
		ctl real add V4 R1 "192.168.$net.20" &&
		ctl vip add V6 "$VIP6" tcp,udp 25 mode "$1" check off &&
		ctl real add V6 R1 "fd$net::20"
}

# sent FAMILY FLAGS [OPTION...] - a TCP packet of the client's that belongs to
# no connection, from port 4000
sent()
{
	local own=192.168.30.50 vip=$VIP4

	[ "$1" = 4 ] || {
		own=fd30::50
		vip=$VIP6
	}
	in_ns "$client" pkt_send tcp "$own" 4000 "$vip" 25 flags "${@:2}"
}

# The client has no such connection either and says nothing to a reset.
numbers_are_right()
{
	begin "$1" && watch client "$client" eth0 || return
	sent 4 A seq 1000 ack 7777 size 5 && sent 4 FA seq 1000 ack 8888 &&
		sent 4 F seq 2000 size 10 && sent 6 A seq 1000 ack 9999 ||
		return
	wait_seen client "^in .* tcp $VIP4:25>192.168.30.50:4000 .*flags=R seq=7777 ack=0 sum=(ok|part)" &&
		wait_seen client "^in .* tcp $VIP4:25>192.168.30.50:4000 .*flags=R seq=8888 ack=0 sum=(ok|part)" &&
		wait_seen client "^in .* tcp $VIP4:25>192.168.30.50:4000 .*flags=RA seq=0 ack=2011 sum=(ok|part)" &&
		wait_seen client "^in .* tcp .$VIP6.:25>.fd30::50.:4000 .*flags=R seq=9999 ack=0 sum=(ok|part)" &&
		unwatch client && becomes no-conn=4 all_drops
}

# Neither a reset nor what is damaged is answered.
silence_where_it_is_due()
{
	begin "$1" && watch client "$client" eth0 || return
	sent 4 R && sent 4 RA ack 5 && sent 4 A ack 5 badsum &&
		sent 6 A ack 5 badsum && sent 4 A ack 6 || return
	wait_seen client "^in .* tcp $VIP4:25>.* flags=R seq=6 " &&
		becomes no-conn=5 all_drops && unwatch client &&
		same 1 "$(seen client "^in .* tcp .*flags=R")" resets
}

# The client of an open connection, and what the real knows of it, in NAT too.
halt_resets_both()
{
	local vip

	begin "$1" || return
	for vip in 4 6; do
		local -n address=VIP$vip
		watch real1 "$real1" eth0 &&
			conn_open "$vip" "$client" "$address" 25 > /dev/null &&
			ctl real halt "V$vip" R1 || return
		! conn_say "$vip" lost 5 && conn_ended "$vip" "$PATIENT" &&
			wait_seen real1 "^in .* tcp .*flags=R" || return
		unwatch real1
		conn_close "$vip"
	done
}

# What the real still sends is answered, and the client told: one that says
# nothing itself, although its packets reach the client's device.
reply_resets_both()
{
	begin nat || return
	ip -n "$lb" neigh replace "$NOBODY" lladdr 02:00:00:00:30:50 dev eth0
	watch client "$client" eth0 && watch real1 "$real1" eth0 || return
	craft tcp 4000 S
	becomes syn conn_get 4000 state && ctl real halt V4 R1 || return
	in_ns "$real1" pkt_send tcp 192.168.31.20 25 "$NOBODY" 4000 \
		flags A seq 5555 ack 6666 || return
	wait_seen client "^in .* tcp $VIP4:25>$NOBODY:4000 .*flags=R seq=5555" &&
		wait_seen real1 "^in .* tcp $NOBODY:4000>192.168.31.20:25 .*flags=R seq=6666" &&
		unwatch client real1
}

orphans_are_kept()
{
	begin "$1" && ctl vip set V4 orphan keep || return
	conn_open a "$client" "$VIP4" 25 > /dev/null &&
		ctl real halt V4 R1 && conn_say a "still here" "$PATIENT" &&
		ctl real del V4 R1 && conn_say a "even now" "$PATIENT" || return
	conn_close a
	same "" "$(all_drops)" drops
}

# nobody_goes_on KEY - what the client sends again comes to a host without VIPs,
# which resets it: the next case would count it
nobody_goes_on()
{
	ctl flush all && conn_ended "$1" && conn_close "$1"
}

# Of a VIP that is gone too, as long as others keep the hooks: what belongs to no
# connection is the host's own business then.
orphans_of_a_deleted_vip()
{
	local vip

	begin "$1" && ctl vip add X 192.168.30.99 tcp 25 check off || return
	for vip in 4 6; do
		local -n address=VIP$vip
		watch real1 "$real1" eth0 &&
			conn_open "$vip" "$client" "$address" 25 > /dev/null &&
			ctl vip del "V$vip" || return
		same 1 "$(refusal "$address")" "status of a new connection" ||
			return
		! conn_say "$vip" lost 5 && conn_ended "$vip" "$PATIENT" &&
			wait_seen real1 "^in .* tcp .*flags=R" || return
		unwatch real1
		conn_close "$vip"
	done
	has_drops orphan
}

orphans_of_a_deleted_vip_are_kept()
{
	begin "$1" && ctl vip add X 192.168.30.99 tcp 25 check off || return
	ctl vip set V4 orphan keep && ctl vip set V6 orphan keep || return
	conn_open a "$client" "$VIP4" 25 > /dev/null &&
		conn_open b "$client" "$VIP6" 25 > /dev/null || return
	ctl vip del V4 && ctl vip del V6 || return
	conn_say a "still here" "$PATIENT" &&
		conn_say b "still here" "$PATIENT" || return
	conn_close a
	conn_close b
	same "" "$(all_drops)" drops
}

orphans_of_a_deleted_vip_are_dropped()
{
	begin "$1" || return
	ctl vip set V4 orphan drop && watch client "$client" eth0 || return
	conn_open a "$client" "$VIP4" 25 > /dev/null && ctl vip del V4 ||
		return
	! conn_say a "into the void" 1 && eventually has_drops orphan &&
		unwatch client && not_seen client "^in .*flags=R" || return
	nobody_goes_on a
}

# What was counted stays when the last VIP goes, until somebody resets it.
counters_outlive_vips()
{
	begin "$1" && sent 4 A seq 1000 ack 7777 && eventually has_drops no-conn ||
		return
	ask "$client" "$VIP4" 25 > /dev/null &&
		eventually all_closed "$client" || return
	ctl flush all && same 1 "$(drops no-conn)" "drops without a vip" &&
		same 1 "$(field "$(ctl -j stats)" conns)" "connections" &&
		ctl vip add V4 "$VIP4" tcp 25 mode "$1" check off &&
		same 1 "$(drops no-conn)" "drops with a new vip" &&
		ctl stats reset && same "" "$(all_drops)" "drops after a reset"
}

orphans_are_dropped()
{
	begin "$1" && ctl vip set V4 orphan drop || return
	watch client "$client" eth0 || return
	conn_open a "$client" "$VIP4" 25 > /dev/null && ctl real halt V4 R1 ||
		return
	! conn_say a "into the void" 1 && eventually has_drops orphan &&
		unwatch client && not_seen client "^in .*flags=R" || return
	nobody_goes_on a
}

# refusal ADDRESS [SECONDS] - how a client is refused: its exit status
refusal()
{
	ask "$client" "$1" 25 tcp "${2:-$PATIENT}" > /dev/null
	echo $?
}

without_a_real()
{
	begin "$1" && ctl real halt V4 R1 && ctl real halt V6 R1 || return
	same 1 "$(refusal "$VIP4")" "a reset's status" &&
		same 1 "$(refusal "$VIP6")" "a reset's status, IPv6" || return

	ctl vip set V4 no-real icmp && ctl vip set V6 no-real icmp || return
	watch client "$client" eth0 || return
	in_ns "$client" pkt_send tcp 192.168.30.50 4000 "$VIP4" 25 flags S &&
		in_ns "$client" pkt_send tcp fd30::50 4000 "$VIP6" 25 flags S &&
		wait_seen client "^in .* icmp $VIP4>192.168.30.50 .*type=3 code=3 .*about 192.168.30.50:4000>$VIP4:25" &&
		wait_seen client "^in .* icmp .*type=1 code=4 .*about .fd30::50.:4000>.$VIP6.:25" &&
		unwatch client || return

	ctl vip set V4 no-real drop &&
		same 124 "$(refusal "$VIP4" 3)" "silence's status" &&
		eventually has_drops no-real
}

# However long it takes here, each CPU has its thousand a second.
a_flood_is_not_doubled()
{
	local n started=$SECONDS resets most

	n=$(times 20000)
	begin "$1" && watch client "$client" eth0 || return
	in_ns "$client" pkt_send tcp 192.168.30.50 10000 "$VIP4" 25 flags A \
		ack 1 count "$n" step || return
	becomes "no-conn=$n" all_drops && unwatch client || return
	resets=$(seen client "^in .* tcp .*flags=R")
	most=$(((SECONDS - started + 2) * 1000 * $(nproc)))
	echo "$resets resets, at most $most"
	[ "$resets" -gt 0 ] && [ "$resets" -le "$most" ]
}

cases()
{
	ktap_run "$1: numbers are right"		numbers_are_right "$1"
	ktap_run "$1: silence where it is due"		silence_where_it_is_due "$1"
	ktap_run "$1: halt resets both ends"		halt_resets_both "$1"
	ktap_run "$1: orphans may be kept"		orphans_are_kept "$1"
	ktap_run "$1: orphans may be dropped"		orphans_are_dropped "$1"
	ktap_run "$1: orphans of a vip that is gone"	orphans_of_a_deleted_vip "$1"
	ktap_run "$1: they may be kept"			orphans_of_a_deleted_vip_are_kept "$1"
	ktap_run "$1: they may be dropped"		orphans_of_a_deleted_vip_are_dropped "$1"
	ktap_run "$1: without a real"			without_a_real "$1"
	ktap_run "$1: counters outlive vips"		counters_outlive_vips "$1"
}

net=30
topo_dr || ksft_skip_all "no network"
start_server "$real1" s1 {tcp,udp}/25 || ksft_skip_all "no server"
ktap_plan 22
cases dr

end_ns "${ns_list[@]}"
net=31
topo_nat || exit "$KSFT_FAIL"
start_server "$real1" s1 {tcp,udp}/25 || exit "$KSFT_FAIL"
cases nat
ktap_run "nat: what a real still sends"		reply_resets_both
ktap_run "nat: a flood is not doubled"		a_flood_is_not_doubled nat
ktap_exit
