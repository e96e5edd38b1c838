#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The fallback of a VIP: who gets there, who stays there, and that nothing is
# left of one that is gone. By DR, NAT and SNAT; for the networks see topo_dr and
# topo_nat in topo.sh. $real1 is R1, $real2 the fallback.

# Cases are called by name.
# shellcheck disable=SC2317 source=tests/traffic/lib.sh
. "$(dirname "$0")/traffic/lib.sh"

mode='' net=''

# begin [OPTION...] - R1 is up
begin()
{
	start_over &&
		ctl vip add V "$VIP4" tcp,udp 25 mode "$mode" check external \
			fallback "192.168.$net.21" "$@" &&
		ctl real add V R1 "192.168.$net.20" &&
		ctl real health V R1 up
}

# knock PORT [N] - SYNs of nobody's, from as many ports
knock()
{
	in_ns "$client" pkt_send tcp "$NOBODY" "$1" "$VIP4" 25 flags S \
		count "${2:-1}" step
}

# served_by NAME - who answers the client, by TCP and by UDP
served_by()
{
	local line

	line=$(ask "$client" "$VIP4" 25) &&
		same "$1" "${line%% *}" "who answers" && datagrams_served_by "$1"
}

datagrams_served_by()
{
	local line

	line=$(ask "$client" "$VIP4" 25 udp) &&
		same "$1" "${line%% *}" "who answers datagrams"
}

takes_over()
{
	begin || return
	# One that has ended does not last.
	served_by s1 && ctl real health V R1 down &&
		conn_open there "$client" "$VIP4" 25 > "$tmp/line" &&
		grep -q ^s2 "$tmp/line" && datagrams_served_by s2 || return
	same no-real "$(vip_get V state)" state &&
		same 2 "$(conn_count real fallback)" "connections there" &&
		same 4 "$(vip_get V stats.conns)" "conns of V" &&
		same 2 "$(real_get V R1 stats.conns)" "conns of R1" &&
		same "" "$(all_drops)" drops && conn_close there || return
	ctl real health V R1 up && served_by s1 || return

	# Not there, halted, or without a weight.
	ctl real halt V R1 && served_by s2 && ctl real online V R1 &&
		ctl real set V R1 weight 0 && served_by s2 &&
		ctl real del V R1 && served_by s2
}

connections_stay()
{
	begin || return
	ctl real health V R1 down &&
		conn_open there "$client" "$VIP4" 25 > "$tmp/line" &&
		grep -q ^s2 "$tmp/line" && ctl real health V R1 up || return
	served_by s1 && conn_say there "still there" "$PATIENT" || return

	same "ended 1" "$(ctl conn flush real fallback | tr -s ' ')" \
		"a flush of it" || return
	! conn_say there lost 1 && conn_ended there "$PATIENT"
}

full_reals()
{
	begin || return
	ctl real set V R1 max-conns 3 && knock 5000 8 &&
		becomes 8 vip_get V stats.conns || return
	same 3 "$(real_get V R1 conns)" "conns of R1" &&
		same 5 "$(conn_count real fallback)" "conns of the fallback" &&
		same 8 "$(vip_get V conns)" "conns of V"
}

no_client_is_kept()
{
	begin persist 1h || return
	ctl real health V R1 down && served_by s2 &&
		eventually all_closed "$client" && ctl stats reset || return
	craft udp 4000
	becomes fallback conn_get 4000 real || return
	# A datagram at a later tick would make an entry full.
	sleep 0.6
	craft udp 4000
	becomes 2 vip_get V stats.in_packets &&
		same 0 "$(vip_get V persists)" "entries of V" || return
	ctl real health V R1 up && served_by s1 &&
		becomes 1 vip_get V persists || return

	# Who is bound to a real that is down has not lost it.
	ctl real set V R1 max-conns 1 && served_by s2 &&
		same 1 "$(vip_get V persists)" "entries of V"
}

switched_off()
{
	begin || return
	ctl real health V R1 down && knock 5000 4 &&
		becomes 4 vip_get V stats.conns &&
		ctl vip set V fallback off || return
	same off "$(vip_get V fallback)" fallback &&
		same 0 "$(vip_get V conns)" "conns of V" &&
		same 4 "$(vip_get V stats.conns)" "that there were" || return
	# A real may still answer those that it had.
	knock 6000 3 && becomes 3 drops no-real || return
	in_ns "$client" pkt_send tcp "$NOBODY" 5000 "$VIP4" 25 flags A seq 2 &&
		eventually has_drops orphan &&
		same true "$(conn_get 5000 orphan)" orphan || return

	ctl stats reset && same 0 "$(vip_get V stats.conns)" "after a reset" &&
		ctl vip set V fallback "192.168.$net.21" && served_by s2 &&
		ctl stats reset && same 0 "$(vip_get V stats.conns)" "again"
}

moves()
{
	begin || return
	ctl real health V R1 down && served_by s2 &&
		ctl vip set V fallback "192.168.$net.20" && served_by s1 &&
		same "192.168.$net.20" "$(vip_get V fallback)" fallback || return

	# It and a real may be the same machine.
	ctl real health V R1 up && served_by s1 &&
		ctl real halt V R1 && served_by s1
}

is_in_the_way_of_another_mode()
{
	local other=nat

	[ "$mode" = dr ] || other=dr
	begin || return
	ctl real health V R1 down && knock 5000 &&
		becomes 1 vip_get V conns || return
	fail_with "there are connections" ctl vip set V mode "$other" &&
		ctl conn flush all > /dev/null &&
		ctl vip set V mode "$other" &&
		same "192.168.$net.21" "$(vip_get V fallback)" fallback &&
		ctl vip set V mode "$mode" && served_by s2
}

another_port()
{
	start_over &&
		ctl vip add V "$VIP4" tcp,udp 24 mode nat \
			fallback "192.168.$net.21:2525" &&
		same "192.168.$net.21:2525" "$(vip_get V fallback)" fallback ||
		return
	ask "$client" "$VIP4" 24 > "$tmp/line" &&
		grep -q "^s2 .* 192.168.$net.21 2525$" "$tmp/line" || return
	fail_with "single port" ctl vip set V ports 24,26 &&
		fail_with "cannot change the port" ctl vip set V mode dr &&
		ctl conn flush all > /dev/null &&
		ctl vip set V mode dr fallback off
}

ipv6()
{
	start_over &&
		ctl vip add V "$VIP6" tcp,udp 25 mode "$mode" \
			fallback "fd$net::21" &&
		fail_with "differ in family" \
			ctl vip set V fallback "192.168.$net.21" &&
		fail_with "differ in family" ctl vip set V address "$VIP4" ||
		return
	ask "$client" "$VIP6" 25 > "$tmp/line" && grep -q ^s2 "$tmp/line" &&
		ctl vip set V address "$VIP4" fallback "192.168.$net.21" &&
		served_by s2
}

changes_under_load()
{
	local i

	begin persist 1h || return
	flood "$client" "$VIP4" 25 || return
	for ((i = 0; i < $(times 10); i++)); do
		ctl real health V R1 down &&
			ctl vip set V fallback "192.168.$net.20" &&
			ctl vip set V fallback off &&
			ctl vip set V fallback "192.168.$net.21" idle 1h &&
			ctl real health V R1 up && ctl vip set V sched mh &&
			ctl real halt V R1 && ctl real online V R1 &&
			ctl vip set V sched wrr || return
	done
	ctl real halt V R1 && in_ns "$client" load ask "$VIP4" 25 2 &&
		ctl vip del V && begin &&
		in_ns "$client" load ask "$VIP4" 25 2 || return
	unflood
}

ends_with_the_module()
{
	begin && ctl real halt V R1 && served_by s2 && unload && load_module
}

# Fails only before the first case.
servers()
{
	start_server "$real1" s1 {tcp,udp}/25 tcp/2525 &&
		start_server "$real2" s2 {tcp,udp}/25 tcp/2525
}

all()
{
	ktap_run "$mode: it serves when no real does"	takes_over
	ktap_run "$mode: its connections stay"		connections_stay
	ktap_run "$mode: it takes what is too much"	full_reals
	ktap_run "$mode: it keeps no clients"		no_client_is_kept
	ktap_run "$mode: it can be switched off"	switched_off
	ktap_run "$mode: it can be another"		moves
	ktap_run "$mode: its connections keep the mode"	is_in_the_way_of_another_mode
	ktap_run "$mode: IPv6"				ipv6
	ktap_run "$mode: it changes under load"		changes_under_load
	ktap_run "$mode: it goes with the module"	ends_with_the_module
}

mode=dr net=30
topo_dr || ksft_skip_all "no network"
servers || ksft_skip_all "no server"
ktap_plan 25
all

cleanup_ns
mode=nat net=31
topo_nat && servers || exit "$KSFT_FAIL"
all
ktap_run "nat: it may have another port"		another_port

mode=snat
ktap_run "snat: it serves when no real does"	takes_over
ktap_run "snat: its connections stay"		connections_stay
ktap_run "snat: it takes what is too much"	full_reals
ktap_run "snat: IPv6"				ipv6
ktap_exit
