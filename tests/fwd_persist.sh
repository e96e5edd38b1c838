#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Persistence: which clients come back to their real, for how long, and what
# ends that. Clients are made of single packets, so that each has an address of
# its own. For the network see topo_dr in topo.sh.

# Cases are called by name.
# shellcheck disable=SC2317 source=tests/traffic/lib.sh
. "$(dirname "$0")/traffic/lib.sh"

# Entries end 10 s after their last use, at the least.
readonly SHORT=2s

# Nobody has these addresses, all of one /28.
readonly A=192.168.30.67 B=192.168.30.68

# begin [OPTION...] - of the VIP
begin()
{
	start_over &&
		ctl vip add V "$VIP4" tcp,udp 25,80 mode dr check off \
			persist 1h &&
		ctl real add V R1 192.168.30.20 &&
		ctl real add V R2 192.168.30.21 || return
	[ $# -eq 0 ] || ctl vip set V "$@"
}

# send PROTO CLIENT PORT [VIP-PORT [OPTION...]]
send()
{
	local proto=$1 from=$2 port=$3 to=${4:-25}
	shift "$(($# < 4 ? $# : 4))"

	one_cpu enter "$client" pkt_send "$proto" "$from" "$port" \
		"$VIP4" "$to" "$@"
}

has_conn()
{
	[ "$(conn_get "$1" real)" != none ]
}

# knock CLIENT PORT [VIP-PORT] - a client's SYN; prints where it goes
knock()
{
	send tcp "$1" "$2" "${3:-25}" flags S && eventually has_conn "$2" &&
		conn_get "$2" real
}

# meet CLIENT PORT [VIP-PORT] - the same, with the ACK that the client answers
meet()
{
	knock "$@" && send tcp "$1" "$2" "${3:-25}" flags A seq 2 &&
		eventually is established conn_get "$2" state
}

# leave CLIENT PORT - the end of its connection
leave()
{
	send tcp "$1" "$2" 25 flags R seq 2 &&
		eventually is closed conn_get "$2" state
}

other()
{
	[ "$1" = R1 ] && echo R2 || echo R1
}

# persist_get CLIENT FIELD - of its entry; prints "none" if there is none
persist_get()
{
	local json

	json=$(ctl -j persist show vip V src "$1") || return
	if [[ $json = *'"client"'* ]]; then
		field "$json" "$2"
	else
		echo none
	fi
}

persist_count()
{
	ctl -j persist show "$@" | grep -o '"client"' | wc -l
}

# not_a_word_of CLIENT - whether it is forgotten
not_a_word_of()
{
	same none "$(persist_get "$1" real)" "entry of $1"
}

comes_back()
{
	local real port

	begin
	real=$(meet "$A" 4000) || return
	for port in 4001 4002 4003; do
		same "$real" "$(knock "$A" "$port" 25)" "real of $port" &&
			same "$real" "$(knock "$A" $((port + 10)) 80)" \
				"real of the other port" || return
	done
	send udp "$A" 5000 80 && eventually has_conn 5000 || return
	same "$real" "$(conn_get 5000 real)" "real of a datagram" &&
		same "$real" "$(persist_get "$A" real)" "real of the entry" &&
		same full "$(persist_get "$A" state)" state &&
		same 1 "$(vip_get V persists)" "entries of V"
}

spreads()
{
	local i

	begin
	for i in 1 2 3 4 5 6; do
		meet "192.168.30.$((70 + i))" $((4000 + i)) > /dev/null ||
			return
	done
	same 3 "$(persist_count real R1)" "clients of R1" &&
		same 3 "$(persist_count real R2)" "clients of R2" &&
		same 6 "$(vip_get V persists)" "entries of V"
}

masks()
{
	local real

	begin mask 28
	real=$(meet "$A" 4000) || return
	same "$real" "$(knock "$B" 4001)" "real of the neighbour" &&
		same 192.168.30.64/28 "$(persist_get "$B" client)" client &&
		same 1 "$(persist_count all)" entries || return
	same "$(other "$real")" "$(knock 192.168.30.80 4002)" \
		"real of another network" || return

	# Under another mask all are strangers.
	ctl vip set V mask 32 && same 0 "$(persist_count all)" entries &&
		same 0 "$(vip_get V persists)" "entries of V"
}

proves_itself()
{
	begin
	knock "$A" 4000 > /dev/null || return
	same tentative "$(persist_get "$A" state)" "after a SYN" &&
		[ "$(persist_get "$A" left)" -le 11000 ] || return
	send tcp "$A" 4000 25 flags A seq 2 &&
		becomes full persist_get "$A" state &&
		[ "$(persist_get "$A" left)" -gt 3500000 ] || return

	send udp "$B" 4001 && becomes tentative persist_get "$B" state || return
	# A datagram at a later tick.
	sleep 0.5
	send udp "$B" 4001 && becomes full persist_get "$B" state || return

	# Or one from another port.
	send udp 192.168.30.70 4005 && eventually has_conn 4005 &&
		send udp 192.168.30.70 4006 &&
		becomes full persist_get 192.168.30.70 state &&
		[ "$(persist_get 192.168.30.70 left)" -gt 3500000 ] || return

	# What begins with its end is nobody.
	send tcp 192.168.30.69 4002 25 flags F
	send tcp 192.168.30.69 4003 25 flags RA
	send tcp 192.168.30.69 4004 25 flags A
	eventually has_drops no-conn && not_a_word_of 192.168.30.69
}

is_forgotten()
{
	begin persist "$SHORT"
	meet "$A" 4000 > /dev/null && leave "$A" 4000 && knock "$B" 4001 || return
	becomes none persist_get "$A" real && becomes none persist_get "$B" real &&
		becomes 0 vip_get V persists
}

# Connections are seen to every eight seconds, or a little later.
lives_with_a_connection()
{
	local real

	begin persist 20s
	real=$(meet "$A" 4000) || return
	sleep 25
	same full "$(persist_get "$A" state)" state &&
		same "$real" "$(knock "$A" 4001)" "real after a while"
}

drains()
{
	local real free

	begin
	real=$(meet "$A" 4000) || return
	free=$(other "$real")
	ctl real drain V "$real" || return
	same "$real" "$(knock "$A" 4001)" "real that drains" &&
		same "$free" "$(knock "$B" 4002)" "real of a new client" || return
	ctl real online V "$real" && ctl real set V "$real" weight 0 || return
	same "$real" "$(knock "$A" 4003)" "real without weight" &&
		same "$free" "$(knock 192.168.30.69 4004)" "of a new client"
}

halts()
{
	local real

	begin
	real=$(meet "$A" 4000) && meet "$B" 4001 > /dev/null || return
	ctl real halt V "$real" || return
	same "$(other "$real")" "$(knock "$A" 4002)" "real of a client" &&
		ctl real online V "$real" || return
	same "$(other "$real")" "$(knock "$A" 4003)" "real afterwards" || return

	# Who did not come meanwhile is forgotten too.
	ctl real halt V R1 && ctl real halt V R2 &&
		ctl real online V R1 && ctl real online V R2 &&
		not_a_word_of "$A" && not_a_word_of "$B" &&
		becomes 0 vip_get V persists
}

fails()
{
	local real

	begin check external
	ctl real health V R1 up && ctl real health V R2 up || return
	real=$(meet "$A" 4000) || return
	ctl real health V "$real" sick "421 too busy" || return
	same "$(other "$real")" "$(knock "$A" 4001)" "real while one is sick" ||
		return
	real=$(meet "$B" 4002) || return
	ctl real health V "$real" down && ctl real health V "$real" up &&
		not_a_word_of "$B"
}

keeps_within_limits()
{
	local real

	begin
	real=$(meet "$A" 4000) || return
	ctl real set V "$real" max-conns 1 || return
	same "$(other "$real")" "$(knock "$A" 4001)" "real while one is full" &&
		same "$real" "$(persist_get "$A" real)" "real of the entry" ||
		return
	ctl real set V "$real" max-conns 0 || return
	same "$real" "$(knock "$A" 4002)" "real afterwards"
}

pins()
{
	begin
	ctl persist add vip V src "$A" real R2 forever &&
		ctl persist add vip V src "$B" real R2 for 2h || return
	same R2 "$(knock "$A" 4000)" "real of a pinned client" &&
		same R2 "$(knock "$B" 4001)" "real of another" &&
		same forever "$(persist_get "$A" state)" state &&
		[ "$(persist_get "$B" left)" -gt 7100000 ] || return

	ctl real halt V R2 || return
	same R1 "$(knock "$A" 4002)" "real meanwhile" &&
		same R2 "$(persist_get "$A" real)" "real of the entry" &&
		ctl real online V R2 || return
	same R2 "$(knock "$A" 4003)" "real afterwards" || return

	# The name counts, not the machine.
	ctl real replace V R2 192.168.30.22 &&
		same R2 "$(persist_get "$A" real)" "real that has moved" || return
	ctl persist add vip V src "$A" real R1 forever &&
		same R1 "$(knock "$A" 4004)" "real of a client pinned anew" &&
		ctl persist del vip V src "$A" && not_a_word_of "$A"
}

pins_are_checked()
{
	begin
	fail_with "no such vip" \
		ctl persist add vip W src "$A" real R1 forever &&
		fail_with "no such real" \
			ctl persist add vip V src "$A" real R9 forever &&
		fail_with "differ in family" \
			ctl persist add vip V src fd30::77 real R1 forever &&
		ctl vip set V persist off &&
		fail_with "the vip has no persistence" \
			ctl persist add vip V src "$A" real R1 forever
}

removes()
{
	begin
	meet "$A" 4000 > /dev/null && meet "$B" 4001 > /dev/null || return
	ctl persist flush src 10.0.0.0/8 && same 2 "$(persist_count all)" all &&
		ctl persist flush src "$A/32" && not_a_word_of "$A" &&
		same 1 "$(persist_count vip V)" "entries left" &&
		ctl persist flush all && same 0 "$(vip_get V persists)" "of V"
}

is_switched_off()
{
	begin
	meet "$A" 4000 > /dev/null && ctl vip set V persist off &&
		same 0 "$(vip_get V persists)" entries &&
		ctl vip set V persist 1h && not_a_word_of "$A"
}

changes_its_mode()
{
	local real

	begin
	real=$(meet "$A" 4000) && ctl conn flush all &&
		ctl vip set V mode nat || return
	same "$real" "$(persist_get "$A" real)" "real of the entry" &&
		same full "$(persist_get "$A" state)" state
}

loses_reals_and_vips()
{
	local i

	begin
	flood "$client" "$VIP4" 25 || return
	for i in 1 2 3; do
		ctl real del V R1 && ctl real add V R1 192.168.30.20 &&
			ctl vip del V &&
			ctl vip add V "$VIP4" tcp,udp 25,80 check off \
				persist 1h &&
			ctl real add V R1 192.168.30.20 &&
			ctl real add V R2 192.168.30.21 || return
		eventually persist_is_there || return
	done
	unflood

	# Tombstones go when the last entry has gone.
	ctl real del V R1 && ctl real del V R2 && becomes 0 vip_get V persists
}

persist_is_there()
{
	[ "$(vip_get V persists)" -gt 0 ]
}

ends_with_its_namespace()
{
	local there

	setup_ns there || return
	lbctl -n "$there" vip add V 192.0.2.1 tcp 25 persist 1h check off &&
		lbctl -n "$there" real add V R1 192.0.2.2 &&
		lbctl -n "$there" persist add vip V src 192.0.2.3 real R1 \
			forever || return
	end_ns "$there"
	begin && meet "$A" 4000 > /dev/null && ctl persist add vip V src "$B" \
		real R1 forever || return
	unload && load_module
}

topo_dr || ksft_skip_all "no network"
start_server "$real1" s1 tcp/25 udp/25 || ksft_skip_all "no server"
start_server "$real2" s2 tcp/25 udp/25 || ksft_skip_all "no server"

ktap_plan 17
ktap_run "a client keeps its real over ports and protocols"	comes_back
ktap_run "other clients spread"					spreads
ktap_run "a mask makes many clients one"			masks
ktap_run "an answer makes an entry full"			proves_itself
ktap_run "unused entries end"					is_forgotten
ktap_run "a connection keeps its client's entry"		lives_with_a_connection
ktap_run "drain and weight 0 keep clients"			drains
ktap_run "halt ends entries"					halts
ktap_run "sick and down reals lose their clients"		fails
ktap_run "a full real keeps its clients for later"		keeps_within_limits
ktap_run "the administrator's entries stay"			pins
ktap_run "the administrator's entries are checked"		pins_are_checked
ktap_run "entries are removed by filter"			removes
ktap_run "without persistence nothing is kept"			is_switched_off
ktap_run "another mode keeps clients"				changes_its_mode
ktap_run "reals and VIPs go under traffic"			loses_reals_and_vips
ktap_run "namespace and module go with their entries"		ends_with_its_namespace
ktap_exit
