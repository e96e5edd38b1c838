#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The configuration changes all the time under traffic, and in the end all is as
# it should be. For the network see topo_nat in topo.sh.

# Cases are called by name.
# shellcheck disable=SC2317 source=tests/traffic/lib.sh
. "$(dirname "$0")/traffic/lib.sh"

ROUNDS=$(times 2)
readonly ROUNDS

configure()
{
	ctl flush all &&
		ctl vip add V4 "$VIP4" tcp,udp 25 mode nat check off &&
		ctl real add V4 R1 192.168.31.20 &&
		ctl real add V4 R2 192.168.31.21 &&
		ctl vip add V6 "$VIP6" tcp,udp 25 mode nat check off &&
		ctl real add V6 R1 fd31::20 &&
		ctl vip add D4 "$VIP4" tcp,udp 26 mode dr check off &&
		ctl real add D4 R1 192.168.31.20
}

works()
{
	in_ns "$client" load asku "$VIP4" 25 2 &&
		in_ns "$client" load asku "$VIP6" 25 1 &&
		in_ns "$client" load ask "$VIP4" 25 2
}

# churn COMMAND - so many times, with its number, then all still works
churn()
{
	local i

	configure || return
	for ((i = 0; i < ROUNDS; i++)); do
		"$1" "$i" || return
	done
	works
}

reals_come_and_go()
{
	ctl real del V4 R2 && ctl real add V4 "N$1" 192.168.31.21 &&
		ctl real del V4 R1 && ctl real add V4 R1 192.168.31.20 &&
		ctl real del V4 "N$1" && ctl real add V4 R2 192.168.31.21 &&
		ctl real replace V6 R1 "fd31::2$(($1 % 2))" || return
	[ $(($1 % 2)) -eq 0 ] || ctl real replace V6 R1 fd31::20
}

vips_come_and_go()
{
	ctl vip del D4 && ctl vip add "D$1" "$VIP4" tcp,udp 26-30 check off &&
		ctl real add "D$1" R1 192.168.31.20 &&
		ctl vip del "D$1" && ctl vip del V6 &&
		ctl vip add V6 "$VIP6" tcp,udp 25 mode nat check off &&
		ctl real add V6 R1 fd31::20 &&
		ctl vip add D4 "$VIP4" tcp,udp 26 check off &&
		ctl real add D4 R1 192.168.31.20
}

options_change()
{
	ctl vip set V4 sched rr idle 1s && ctl real set V4 R1 weight 0 &&
		ctl real set V4 R1 weight $(($1 + 1)) &&
		ctl vip set V4 ports 24-25 && ctl vip set V4 ports 25 &&
		ctl vip set V4 sched wrr idle default &&
		ctl vip set V6 name "W$1" && ctl vip set "W$1" name V6 &&
		ctl real halt V4 R2 && ctl real drain V4 R1 &&
		ctl real online V4 R2 && ctl real online V4 R1
}

health_changes()
{
	ctl vip set V4 check external && ctl real health V4 R1 up &&
		ctl real health V4 R2 down "round $1" &&
		ctl real health V4 R1 sick && ctl real health V4 R2 up &&
		ctl real health V4 R1 down && ctl real health V4 R1 up &&
		ctl vip set V4 check off
}

# Only without connections, which come all the time.
mode_changes()
{
	eventually change_mode dr && eventually change_mode nat
}

# What is dead counts until it is swept away.
change_mode()
{
	ctl real halt V4 R1 && ctl real halt V4 R2 &&
		ctl conn flush vip V4 > /dev/null || return
	ctl vip set V4 mode "$1" 2> /dev/null &&
		ctl real online V4 R1 && ctl real online V4 R2
}

address_moves()
{
	ctl vip set V4 address 192.168.30.11 && ctl vip set V4 address "$VIP4"
}

connections_are_flushed()
{
	ctl conn flush all > /dev/null && ctl conn flush vip V4 real R1 \
		> /dev/null && ctl stats reset && ctl conn show > /dev/null &&
		ctl stats > /dev/null
}

everything_is_flushed()
{
	ctl flush all && configure
}

# All of that at once.
all_at_once()
{
	local change pids=() i

	configure || return
	for change in reals_come_and_go vips_come_and_go options_change \
		health_changes connections_are_flushed everything_is_flushed
	do
		for ((i = 0; i < ROUNDS; i++)); do
			"$change" "$i"
		done > /dev/null 2>&1 &
		pids+=($!)
	done
	wait "${pids[@]}"
	configure && works
}

# Nothing keeps what has been removed.
nothing_is_left()
{
	unflood
	ctl flush all && unload && load_module
}

topo_nat || ksft_skip_all "no network"
start_server "$real1" s1 {tcp,udp}/25 || ksft_skip_all "no server"
start_server "$real2" s2 {tcp,udp}/25 || ksft_skip_all "no server"
configure || ksft_skip_all "no VIPs"
flood "$client" "$VIP4" 25 || ksft_skip_all "no traffic"
flood "$client" "$VIP6" 25 || ksft_skip_all "no traffic"
enter "$stranger" load flood "$VIP4" 26 "$FLOOD_PAUSE" > /dev/null 2>&1 &
flood_pid+=($!)

ktap_plan 10
ktap_run "reals come and go"			churn reals_come_and_go
ktap_run "VIPs come and go"			churn vips_come_and_go
ktap_run "options and states change"		churn options_change
ktap_run "the health changes"			churn health_changes
ktap_run "the mode changes"			churn mode_changes
ktap_run "the address changes"			churn address_moves
ktap_run "connections are flushed"		churn connections_are_flushed
ktap_run "everything is flushed"		churn everything_is_flushed
ktap_run "all at once"				all_at_once
ktap_run "nothing is left"			nothing_is_left
ktap_exit
