#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Connections: what makes one, what ends it, and who gets the packets of one
# whose real goes away. Most packets are made by hand and from nobody, so that
# no stack interferes. For the network see topo_dr in topo.sh.

# Cases are called by name.
# shellcheck disable=SC2317 source=tests/traffic/lib.sh
. "$(dirname "$0")/traffic/lib.sh"

begin()
{
	start_over &&
		ctl vip add V "$VIP4" tcp,udp 25 mode dr check off &&
		ctl real add V R1 192.168.30.20 &&
		ctl real add V R2 192.168.30.21
}

# other REAL - the other one
other()
{
	[ "$1" = R1 ] && echo R2 || echo R1
}

# establish PORT - sets $real, where it goes
establish()
{
	craft tcp "$1" S
	becomes syn conn_get "$1" state || return
	craft tcp "$1" A seq 2
	becomes established conn_get "$1" state || return
	real=$(conn_get "$1" real)
}

# What lasts least comes last.
states_follow_packets()
{
	begin
	establish 4000 || return
	craft tcp 4000 FA seq 2
	becomes fin conn_get 4000 state || return

	craft udp 4002
	becomes udp-new conn_get 4002 state && later || return
	craft udp 4002
	becomes udp conn_get 4002 state || return

	craft tcp 4001 S
	becomes syn conn_get 4001 state || return
	craft tcp 4001 R
	becomes closed conn_get 4001 state &&
		same 3 "$(conn_count vip V)" connections &&
		same 3 "$(vip_get V conns)" "conns of V"
}

only_a_syn_begins()
{
	local flags

	begin
	for flags in A PA FA F R RA SA FS RS ""; do
		craft tcp 4100 "$flags"
	done
	becomes no-conn=10 all_drops &&
		same 0 "$(conn_count all)" connections
}

# What is established stays, whoever sends a SYN; what is closing does not.
syn_on_a_connection()
{
	local real

	begin
	establish 4000 || return
	ctl real drain V "$real" || return
	craft tcp 4000 S seq 77
	becomes 3 real_get V "$real" stats.in_packets &&
		same established "$(conn_get 4000 state)" state &&
		same "$real" "$(conn_get 4000 real)" real || return

	craft tcp 4000 FA seq 2
	becomes fin conn_get 4000 state || return
	craft tcp 4000 S seq 99
	becomes syn conn_get 4000 state &&
		same "$(other "$real")" "$(conn_get 4000 real)" "next real" &&
		same 2 "$(vip_get V stats.conns)" conns || return

	craft tcp 4000 R
	becomes closed conn_get 4000 state || return
	ctl real online V "$real" && ctl real drain V "$(other "$real")" ||
		return
	craft tcp 4000 S seq 111
	becomes syn conn_get 4000 state &&
		same "$real" "$(conn_get 4000 real)" "real after that"
}

# A client that does without TIME_WAIT. A real that has not seen the end of the
# connection before refuses the next one, and the client begins once more.
port_is_used_again()
{
	begin
	in_ns "$client" sysctl -qw net.ipv4.tcp_max_tw_buckets=0 &&
		in_ns "$client" load again "$VIP4" 25 4100 4 > "$tmp/lines" ||
		return
	cat "$tmp/lines"
	same 4 "$(grep -c "^s. 192.168.30.50 4100 " "$tmp/lines")" \
		"connections from the port" &&
		[ "$(from s1 "$tmp/lines")" -gt 0 ] &&
		[ "$(from s2 "$tmp/lines")" -gt 0 ] &&
		[ "$(vip_get V stats.conns)" -ge 4 ] &&
		same "" "$(all_drops)" drops
}

# abandon COMMAND... - connections of a real that COMMAND ends
abandon()
{
	local real before

	begin
	establish 4000 || return
	craft udp 4002
	becomes udp-new conn_get 4002 state || return
	ctl real drain V "$(other "$real")" || return
	craft udp 4003
	becomes "$real" conn_get 4003 real &&
		ctl real online V "$(other "$real")" && ctl stats reset ||
		return

	"$@" "$real" || return
	same true "$(conn_get 4000 orphan)" "orphan" || return
	before=$(real_get V "$(other "$real")" stats.in_packets)
	craft tcp 4000 A seq 2 count 3
	craft tcp 4000 FA seq 2
	becomes orphan=4 all_drops &&
		same "$before" "$(real_get V "$(other "$real")" \
			stats.in_packets)" "packets of the other" || return

	# A new beginning on the same ports finds a live real at once.
	craft tcp 4000 S seq 5
	becomes syn conn_get 4000 state &&
		same "$(other "$real")" "$(conn_get 4000 real)" "next real" ||
		return
	craft udp 4003
	becomes "$(other "$real")" conn_get 4003 real &&
		same orphan=4 "$(all_drops)" drops
}

halt()
{
	ctl real halt V "$1"
}

remove()
{
	ctl real del V "$1"
}

move()
{
	ctl real replace V "$1" 192.168.30.22 weight 0
}

goes_down()
{
	ctl vip set V check external && ctl real health V "$(other "$1")" up &&
		ctl real health V "$1" down
}

halt_ends_what_is_open()
{
	conn_begin_on_both || return
	ctl real halt V R1 || return
	! conn_say r1 lost 1 && conn_say r2 "still there" "$PATIENT" &&
		eventually has_drops orphan
}

# Connections r1 and r2, which the reals of the same names have.
conn_begin_on_both()
{
	begin
	ctl real drain V R2 && conn_open r1 "$client" "$VIP4" 25 &&
		ctl real drain V R1 && ctl real online V R2 &&
		conn_open r2 "$client" "$VIP4" 25 && ctl real online V R1
}

# The address is still that of a VIP.
removed_vip_leaves_orphans()
{
	conn_begin_on_both || return
	ctl vip add W "$VIP4" tcp 26 check off && ctl vip del V || return
	craft tcp 4000 S
	! conn_say r2 lost 1 && eventually has_drops orphan
}

# Longer than the kernel's own milliseconds can say.
the_longest_time()
{
	begin && ctl vip set V idle 31d persist 31d && establish 4000 &&
		lasts 4000 2678000000 && later && later || return
	craft tcp 4000 A seq 3
	later && same established "$(conn_get 4000 state)" "after a while" &&
		same 0 "$(drops no-conn)" "packets without a connection" &&
		[ "$(field "$(ctl -j persist show)" left)" -gt 2678000000 ]
}

idle_connections_expire()
{
	begin
	establish 4000 && ctl vip set V idle 1s && ctl stats reset && later ||
		return
	craft tcp 4000 A seq 2
	becomes none conn_get 4000 state && becomes 0 vip_get V conns || return
	craft tcp 4000 A seq 2
	becomes no-conn=1 all_drops
}

# It does with the next packet, unless that comes at once.
idle_time_can_change()
{
	begin
	establish 4000 && lasts 4000 7000000 && ctl vip set V idle 1h && later ||
		return
	craft tcp 4000 A seq 2
	eventually expires_in 4000 3600000
}

expires_in()
{
	! lasts "$@"
}

# lasts PORT MS - whether the connection would stay for longer than that
lasts()
{
	[ "$(conn_get "$1" left)" -gt "$2" ]
}

flush_ends_connections()
{
	conn_begin_on_both || return
	craft udp 4000 count 4 step
	becomes 4 conn_count src "$NOBODY" && later || return
	# These last longer than the rest takes.
	craft udp 4000 count 4 step
	becomes udp conn_get 4003 state &&
		same 6 "$(conn_count vip V)" connections || return

	same "ended 2" "$(ctl conn flush src "$NOBODY" limit 2 |
		tr -s ' ')" "a flush with a limit" &&
		same 2 "$(conn_count src "$NOBODY")" "what is left" || return
	same "ended 2" "$(ctl conn flush src 192.168.30.64/26 | tr -s ' ')" \
		"a flush of a net" &&
		same "ended 0" "$(ctl conn flush src 10.0.0.0/8 |
			tr -s ' ')" "a flush of others" || return

	same "ended 1" "$(ctl conn flush vip V real R1 | tr -s ' ')" \
		"a flush of a real" || return
	ctl stats reset
	! conn_say r1 lost 1 && conn_say r2 "still there" "$PATIENT" &&
		eventually has_drops no-conn || return
	same "ended 1" "$(ctl conn flush all | tr -s ' ')" "a flush of all" &&
		becomes 0 vip_get V conns
}

# What is half-open lasts a minute, which all of them together may take.
many_connections()
{
	local many some port

	many=$(times 20000)
	some=$((many / 10))
	begin
	for ((port = 10000; port < 10000 + many; port += some)); do
		craft tcp "$port" S count "$some" step &&
			craft tcp "$port" A seq 2 count "$some" step || return
	done
	becomes "$many" vip_get V stats.conns &&
		same "$many" "$(conn_count all)" "shown" &&
		same "ended $many" "$(ctl conn flush all | tr -s ' ')" ended &&
		becomes 0 vip_get V conns
}

# What each one leaves behind would make all that share its place slow: those
# that find no room in it go without an entry.
again_and_again()
{
	begin
	craft tcp 4000 S turn F count 400
	becomes 400 vip_get V stats.in_packets && [ "$(vip_get V conns)" -le 64 ]
}

topo_dr || ksft_skip_all "no network"
start_server "$real1" s1 tcp/25 udp/25 || ksft_skip_all "no server"
start_server "$real2" s2 tcp/25 udp/25 || ksft_skip_all "no server"

ktap_plan 16
ktap_run "states follow from packets"			states_follow_packets
ktap_run "only a SYN begins a connection"		only_a_syn_begins
ktap_run "a SYN on what is established stays there"	syn_on_a_connection
ktap_run "a port can be used again at once"		port_is_used_again
ktap_run "halt makes orphans, a SYN goes elsewhere"	abandon halt
ktap_run "so does removing a real"			abandon remove
ktap_run "so does moving a real"			abandon move
ktap_run "so does a real that goes down"		abandon goes_down
ktap_run "idle connections expire"			idle_connections_expire
ktap_run "a new idle time reaches old connections"	idle_time_can_change
ktap_run "the longest time is not the shortest"		the_longest_time
ktap_run "thousands of connections come and go"	many_connections
ktap_run "none begins again without end"		again_and_again
ktap_run "halt ends what is open on that real alone"	halt_ends_what_is_open
ktap_run "connections of a removed VIP are orphans"	removed_vip_leaves_orphans
ktap_run "flush ends what its filter means"		flush_ends_connections
ktap_exit
