#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Slow start: what share of new connections a real gets that comes into
# service. With a day for it the share stays what it is at the beginning, a
# hundredth. For the network see topo_dr in topo.sh.

# Cases are called by name.
# shellcheck disable=SC2317 source=tests/traffic/lib.sh
. "$(dirname "$0")/traffic/lib.sh"

# begin SCHED [TIME] - two reals that are up, slowly from now on
begin()
{
	start_over &&
		ctl vip add V "$VIP4" tcp,udp 25 sched "$1" check external \
			slow-start "${2:-1d}" &&
		ctl real add V R1 192.168.30.20 &&
		ctl real add V R2 192.168.30.21 &&
		ctl real health V R1 up && ctl real health V R2 up
}

# shares N - prints what R2 gets of N new connections. A SYN is a packet; it
# need not make an entry.
shares()
{
	ctl conn flush all > /dev/null && ctl stats reset &&
		one_cpu enter "$client" pkt_send tcp "$NOBODY" 5000 "$VIP4" 25 \
			flags S count "$1" step &&
		eventually is "$1" vip_get V stats.in_packets &&
		real_get V R2 stats.in_packets
}

# ramps - R2 gets about a hundredth of what R1 gets
ramps()
{
	local got

	got=$(shares 404) || return
	if [ "$got" -lt 1 ] || [ "$got" -gt 20 ]; then
		echo "R2 got $got of 404"
		return 1
	fi
}

# is_equal - both get about the same
is_equal()
{
	local got

	got=$(shares 100) || return
	if [ "$got" -lt 35 ] || [ "$got" -gt 65 ]; then
		echo "R2 got $got of 100"
		return 1
	fi
}

comes_up()
{
	begin "$1" && is_equal || return
	ctl real health V R2 down && ctl real health V R2 up && ramps &&
		same 100 "$(real_get V R2 weight)" "weight of R2" &&
		same up "$(vip_get V state)" state || return
	ctl real health V R2 sick && ctl real health V R2 up && ramps || return

	# Its own weight and that of others count as before.
	ctl real set V R1 weight 1 && ctl real set V R2 weight 1 && ramps
}

comes_back_from_a_halt()
{
	begin wrr || return
	ctl real halt V R2 && ctl real online V R2 && ramps || return
	begin wrr || return
	ctl real drain V R2 && ctl real online V R2 && is_equal
}

is_new()
{
	begin wrr && ctl real del V R2 && ctl real add V R2 192.168.30.21 &&
		ctl real health V R2 up && ramps
}

is_the_only_one()
{
	begin wrr || return
	ctl real health V R1 down && ctl real health V R2 down &&
		ctl real health V R2 up && same 40 "$(shares 40)" "of R2" ||
		return
	ctl real health V R1 up || return
	# Now it is the other one that begins with little.
	[ "$(shares 404)" -ge 384 ]
}

without_it()
{
	begin wrr off || return
	ctl real health V R2 down && ctl real health V R2 up && is_equal ||
		return
	ctl vip set V slow-start 1d && is_equal || return

	ctl real health V R2 down && ctl real health V R2 up && ramps &&
		ctl vip set V slow-start off && is_equal
}

grows()
{
	local before

	begin "$1" 2s || return
	ctl real health V R2 down && ctl real health V R2 up || return
	before=$(generation)
	eventually is_equal > /dev/null && sleep 2 && is_equal &&
		same "$before" "$(generation)" generation
}

generation()
{
	field "$(ctl -j show)" generation
}

# A day and a hundredth of it have not passed, so it goes on where it was.
moves_on()
{
	begin wrr || return
	ctl real health V R2 down && ctl real health V R2 up &&
		ctl vip set V address "$VIP4" idle 1h sched mh && ramps &&
		ctl conn flush all > /dev/null && ctl vip set V mode nat &&
		ctl conn flush all > /dev/null && ctl vip set V mode dr &&
		ramps
}

under_load()
{
	local i

	begin "$1" 1s || return
	flood "$client" "$VIP4" 25 || return
	for ((i = 0; i < $(times 10); i++)); do
		ctl real health V R2 down && ctl real health V R2 up &&
			ctl real halt V R1 && ctl real online V R1 || return
	done
	ctl real del V R1 && ctl real health V R2 down &&
		ctl real health V R2 up &&
		in_ns "$client" load ask "$VIP4" 25 2 && ctl vip del V ||
		return
	unflood
}

topo_dr || ksft_skip_all "no network"
start_server "$real1" s1 {tcp,udp}/25 || ksft_skip_all "no server"
start_server "$real2" s2 {tcp,udp}/25 || ksft_skip_all "no server"

ktap_plan 13
for sched in wrr wlc mh; do
	ktap_run "$sched: who comes up begins with little"	comes_up "$sched"
done
ktap_run "so does who was halted, not who drained"	comes_back_from_a_halt
ktap_run "so does who is new"				is_new
ktap_run "the only one has all there is"		is_the_only_one
ktap_run "without it there is no ramp"			without_it
ktap_run "wrr: the share grows by itself"		grows wrr
ktap_run "mh: the share grows by itself"		grows mh
ktap_run "a change of the VIP does not end it"		moves_on
ktap_run "wrr: reals come and go under load"		under_load wrr
ktap_run "mh: reals come and go under load"		under_load mh
ktap_run "it goes with the module"			unload
load_module
ktap_exit
