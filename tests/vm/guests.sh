#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Client, balancer and two servers, each a virtual machine of its own, whose
# network cards do checksums and segmentation as real ones do. This runs outside
# of them, in a network namespace without anything in it, which tests/run makes.
# What the machines do is in guest.sh.
#
#	 client         balancer       server1    server2
#	 .50            .2, VIPs .10   .20        .21
#	   |              |  .11 .12    |          |
#	---+--------------+-------------+----------+---  192.168.30.0/24  fd30::/64
#			  |             |          |
#	------------------+-------------+----------+---  192.168.31.0/24  fd31::/64
#			 .2            .20        .21
#
# The VIP .10 is by DR, .11 by NAT, .12 by SNAT. A server answers from its
# address in the second network by way of the balancer.
#
# Packets are as large as TCP makes them, without checksums, as far as the
# balancer and server1. The cards of the client and server2 have nothing done
# for them on receipt: what they get is segmented and summed up on the way, by
# what the balancer has left in the packets, and they check it.

# Functions are called by name.
# shellcheck disable=SC2317 source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

readonly MODES=(dr nat snat)
# In ms, for what a machine is told, and in s, for all of it.
readonly PATIENCE=1200000
readonly LIMIT=3600
readonly PLAIN=guest_csum=off,guest_tso4=off,guest_tso6=off,guest_ufo=off

top=$(cd "$tests/.." && pwd)
log=${VM_LOG:?where to keep the machines\' logs}
kernel=${L4LB_KERNEL:-6.1}
declare -A machine=()

# on MACHINE FUNCTION [ARG...] - runs one of guest.sh there
on()
{
	local name=$1 dir=$log/$1
	shift

	printf '%q ' "$@" > "$dir/todo.new"
	mv "$dir/todo.new" "$dir/todo"
	busywait "$PATIENCE" has_done "$name" || return
	[ ! -e "$dir/todo" ] || {
		echo "the $name is gone"
		return 1
	}
	cat "$dir/said"
	return "$(< "$dir/status")"
}

is_gone()
{
	! kill -0 "${machine[$1]}" 2> /dev/null
}

has_done()
{
	[ ! -e "$log/$1/todo" ] || is_gone "$1"
}

# lay NET HOST... - a network with a tap for each of them
lay()
{
	local net=$1 host
	shift

	ip link add "net$net" type bridge mcast_snooping 0 &&
		ip link set "net$net" addrgenmode none up || return
	for host; do
		ip tuntap add dev "tap$net-$host" mode tap vnet_hdr &&
			ip link set "tap$net-$host" addrgenmode none \
				master "net$net" up || return
	done
}

# boot NAME PROPERTIES CARD... - CARD is NET-HOST
boot()
{
	local name=$1 properties=$2 cards=() card
	shift 2

	for card; do
		cards+=(--nic "tap$card,02:00:00:00:${card/-/:}$properties")
	done
	rm -rf "${log:?}/$name"
	mkdir -p "$log/$name"
	"$top/tests/vm/run" --kernel "$kernel" --cpus 1 --memory 768 \
		--log "$log/$name" --timeout "$LIMIT" "${cards[@]}" \
		--env L4LB_KO="${L4LB_KO:-$top/build/$kernel/kmod/l4lb.ko}" \
		--env PATH="$top/build/tests/traffic:$top/build/tools:$PATH" \
		-- "$top/tests/vm/guest.sh" > "$log/$name/out" 2>&1 &
	machine[$name]=$!
}

is_up()
{
	[ -e "$log/$1/ready" ] || is_gone "$1"
}

come_up()
{
	local name

	for name in "${!machine[@]}"; do
		busywait "$PATIENCE" is_up "$name" || return
		[ -e "$log/$name/ready" ] || {
			tail -n 20 "$log/$name"/{out,qemu,console}
			return 1
		}
	done
	on client be_client && on server1 be_server R1 20 &&
		on server2 be_server R2 21 &&
		on balancer be_balancer "${MODES[@]}"
}

# ended NAME STATUS - whether it ended as it should, the kernel being content
ended()
{
	[ "$2" -eq 0 ] || {
		echo "exit status $2"
		cat "$log/$1/out"
		return 1
	}
}

# pass MODE FAMILY streams|datagrams SIZE - through the VIP of the mode
pass()
{
	local mode=$1 family=$2 host=10 net=30 own=50 other

	for other in "${MODES[@]}"; do
		[ "$other" != "$mode" ] || break
		host=$((host + 1))
	done
	[ "$mode" != snat ] || net=31 own=2
	case $family in
	IPv4)	on client "$3" "192.168.30.$host" "$4" "192.168.$net.$own" ;;
	IPv6)	on client "$3" "fd30::$host" "$4" "fd$net::$own" ;;
	esac
}

# pass_all streams|datagrams SIZE WORDS - by each mode and family
pass_all()
{
	local mode family

	for mode in "${MODES[@]}"; do
		for family in IPv4 IPv6; do
			ktap_run "$mode, $family: $3" pass "$mode" "$family" \
				"$1" "$2"
		done
	done
}

offloads()
{
	on client has_offloads 0 eth0 &&
		on balancer has_offloads 1 eth0 eth1 &&
		on server1 has_offloads 1 eth0 eth1 &&
		on server2 has_offloads 0 eth0 eth1
}

plain()
{
	on client do_without eth0 &&
		on server1 do_without eth0 eth1 &&
		on server2 do_without eth0 eth1
}

cleanup()
{
	[ ${#machine[@]} -eq 0 ] || kill "${machine[@]}" 2> /dev/null
	rm -rf "$tmp"
}

require_tool ip qemu-system-x86_64
[ -w /dev/net/tun ] || ksft_skip_all "no taps here"
if ! lay 30 02 50 20 21 || ! lay 31 02 20 21; then
	ksft_skip_all "no network"
fi
boot balancer "" 30-02 31-02
boot client ",$PLAIN" 30-50
boot server1 "" 30-20 31-20
boot server2 ",$PLAIN" 30-21 31-21

ktap_plan $((8 + 6 * ${#MODES[@]}))
ktap_run "the machines come up"			come_up
ktap_run "the cards have their offloads"	offloads
pass_all streams 1500000 "streams"
ktap_run "the balancer has seen large packets"	on balancer saw_large
pass_all datagrams 1400 "datagrams"
ktap_run "the cards are without offloads"	plain
pass_all streams 500000 "streams in small segments"
for name in balancer client server1 server2; do
	echo end > "$log/$name/todo"
	wait "${machine[$name]}"
	ktap_run "the $name ends well"		ended "$name" $?
done
ktap_exit
