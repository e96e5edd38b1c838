#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A machine of guests.sh, inside: calls the function that is put into the log
# share as "todo", with its output in "said" and its status in "status", until
# that is "end".

# Functions are called by name.
# shellcheck disable=SC2317 source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

# be_on DEVICE NET HOST - its addresses there
be_on()
{
	ip -batch - <<-EOT
		addr add 192.168.$2.$3/24 dev $1
		addr add fd$2::$3/64 dev $1 nodad
		link set $1 up
	EOT
}

be_client()
{
	modprobe virtio_net && be_on eth0 30 50
}

# be_balancer MODE...
be_balancer()
{
	local mode host=10 net=30

	modprobe virtio_net && be_on eth0 30 2 && be_on eth1 31 2 &&
		insmod "$L4LB_KO" &&
		nft "table inet large { }" || return
	for mode; do
		ip addr add "192.168.30.$host/32" dev eth0
		ip addr add "fd30::$host/128" dev eth0 nodad preferred_lft 0
		add_vip "$mode" "192.168.30.$host" "192.168.$net." &&
			add_vip "$mode-6" "fd30::$host" "fd$net::" || return
		host=$((host + 1))
		net=31
	done
	count_large ip saddr 192.168.31.20 && count_large ip6 saddr fd31::20
}

# add_vip NAME ADDRESS PREFIX - with reals whose addresses begin with PREFIX
add_vip()
{
	lbctl vip add "$1" "$2" tcp,udp 7000 mode "${1%-6}" check off &&
		lbctl real add "$1" R1 "${3}20" &&
		lbctl real add "$1" R2 "${3}21" || return
	case $2 in
	*:*)	count_large ip6 daddr "$2" ;;
	*)	count_large ip daddr "$2" ;;
	esac
}

# count_large ip|ip6 saddr|daddr ADDRESS - packets that no wire would carry
count_large()
{
	nft -f - <<-EOT
		table inet large {
			chain in {
				type filter hook prerouting priority raw;
				$* meta length > 3000 counter
			}
		}
	EOT
}

# saw_large - whether each of them has come
saw_large()
{
	nft list table inet large > /tmp/large
	! grep "packets 0 " /tmp/large
}

# be_server NAME HOST
be_server()
{
	modprobe virtio_net && be_on eth0 30 "$2" && be_on eth1 31 "$2" &&
		sysctl -qw net.ipv4.conf.all.arp_ignore=1 \
			net.ipv4.conf.all.arp_announce=2 &&
		ip -batch - <<-EOT || return
			addr add 192.168.30.10/32 dev lo
			addr add fd30::10/128 dev lo nodad preferred_lft 0
			route add default via 192.168.31.2 table 31
			route add default via fd31::2 table 31
			rule add from 192.168.31.0/24 lookup 31
		EOT
	ip -6 rule add from fd31::/64 lookup 31 || return
	serve /run/ready "$1" tcp/7000 udp/7000 > "$VM_LOG/server" 2>&1 &
	busywait 60000 [ -e /run/ready ]
}

# has_offloads RECEIVE DEVICE... - whether the card does on sending all that it
# should, and on receipt with RECEIVE 1. Of that ethtool knows nothing: it is the
# feature VIRTIO_NET_F_GUEST_CSUM.
has_offloads()
{
	local receive=$1 dev what features
	shift

	for dev; do
		ethtool -k "$dev" > "$VM_LOG/ethtool-$dev" || return
		for what in tx-checksumming tcp-segmentation-offload \
			tx-tcp6-segmentation generic-segmentation-offload \
			generic-receive-offload; do
			grep -q "$what: on" "$VM_LOG/ethtool-$dev" || {
				echo "$dev has no $what"
				return 1
			}
		done
		features=$(< "/sys/class/net/$dev/device/features")
		[ "${features:1:1}" = "$receive" ] || {
			echo "$dev has the features $features"
			return 1
		}
	done
}

# do_without DEVICE... - what it sends is segmented and summed up before
do_without()
{
	local dev

	for dev; do
		ethtool -K "$dev" tso off gso off tx off || return
	done
}

# streams ADDRESS BYTES SOURCE - four at once, there and back
streams()
{
	local n pids=() failed=0

	for n in 1 2 3 4; do
		load stream "$1" 7000 "$2" > "/tmp/stream-$n" 2>&1 &
		pids+=($!)
	done
	for n in "${pids[@]}"; do
		wait "$n" || failed=1
	done
	cat /tmp/stream-[1-4]
	[ "$failed" -eq 0 ] && by_both "$3" /tmp/stream-[1-4]
}

# datagrams ADDRESS SIZE SOURCE
datagrams()
{
	load asku "$1" 7000 4 "$2" > /tmp/datagrams &&
		by_both "$3" /tmp/datagrams
}

# by_both SOURCE FILE... - whether each server has seen the client as SOURCE
by_both()
{
	local source=$1 name
	shift

	for name in R1 R2; do
		grep -qh "^$name $source " "$@" || {
			echo "no line of $name with $source:"
			cat "$@"
			return 1
		}
	done
}

is_told()
{
	[ -e "$VM_LOG/todo" ]
}

: > "$VM_LOG/ready"
while :; do
	busywait 3600000 is_told || exit
	read -r todo < "$VM_LOG/todo"
	[ "$todo" != end ] || exit 0
	(eval "$todo") > "$VM_LOG/said" 2>&1 < /dev/null
	echo $? > "$VM_LOG/status"
	rm "$VM_LOG/todo"
done
