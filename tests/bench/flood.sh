#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What a million packets of clients that are not there cost, and whom: a part of
# tests/bench/run.sh, which sets up what it needs and calls flood_run.

# The caller has the variables and functions.
# shellcheck disable=SC2154,SC2034

flood_packets=1000000
flood_set=(dr:wrr dr:wlc dr:sh dr:mh nat:wrr nat:mh)
flood_from=198.18.128.1

flood_memory()
{
	local key value

	while read -r key value _; do
		[ "$key" = MemAvailable: ] && memory=$value && return
	done < /proc/meminfo
	return 1
}

# Sets entries: all, those that are not collected yet included.
flood_entries()
{
	local json count

	entries=-
	case $balancer in
	l4lb)
		json=$("$lbctl" -j show) || return
		[[ $json =~ \"conns\":([0-9]+) ]] && entries=${BASH_REMATCH[1]}
		flooded=no
		[[ $json != *'"flood":true'* ]] || flooded=yes ;;
	ipvs)
		flooded=-
		read -r _ count _ < <(grep '^ip_vs_conn ' /proc/slabinfo) &&
			entries=$count ;;
	esac
}

# flood_passed FLOWS FLAGS - how many packets of as many flows come out, in
# per cent
flood_passed()
{
	local before

	count_sent
	before=$sent
	inject "${to[@]}" "first=$2" "flows=$1" "batch=$1" batches=1 warm=0 \
		"flags=$3"
	count_sent
	passed=$(((sent - before) * 100 / $1))
}

# flood_one FLAGS NAME - a million of these, and what became of the others
flood_one()
{
	local known=$fresh before all honest
	local pour=("dst=$vip4" batch=10000 "batches=$((flood_packets / 10000))"
		warm=0 "flows=$flood_packets" "flags=$1")

	open 1000 || die "$balancer does not forward"
	fresh=$((fresh + 1000))
	flood_memory
	before=$memory
	client=$flood_from
	inject "${pour[@]}"
	all=$median
	inject "${pour[@]}" batches=8 drop=1
	all=$((all - median))
	client=$client4
	flood_entries
	flood_memory

	flood_passed 1000 "$known" A
	known=$passed
	flood_passed 1000 "$fresh" S
	honest=$passed
	flood_passed 1000 "$fresh" A
	fresh=$((fresh + 1000))
	printf '%-5s %-4s %-5s %-4s %8d %9s %9d %6s %6d%% %5d%%/%d%%\n' \
		"$balancer" "$mode" "$sched" "$2" "$all" "$entries" \
		$((before - memory)) "$flooded" "$known" "$honest" "$passed"
}

flood_run()
{
	local balancer mode sched pair

	echo "a flood of $flood_packets packets, kernel $release"
	printf '%-5s %-4s %-5s %-4s %8s %9s %9s %6s %7s %s\n' \
		"" mode sched what instr entries KiB flood known "new S/A"
	for balancer in l4lb ipvs; do
		[[ " ${balancers[*]} " == *" $balancer "* ]] || continue
		for pair in "${flood_set[@]}"; do
			mode=${pair%:*} sched=${pair#*:}
			choose_target
			reals=("${real4[@]}")
			"start_$balancer" || die "cannot start $balancer"
			started=$balancer
			wait_ready
			flood_one S SYN
			flood_one A ACK
			"stop_$balancer" || die "cannot stop $balancer"
			started=
		done
	done
}
