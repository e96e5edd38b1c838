#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Sending, watching and reading counters. A test sources this in place of topo.sh.
# The programs are built with the tests.

# Tests call these by name and use the variables.
# shellcheck disable=SC2034,SC2317 source=tests/topo.sh
. "$(dirname "${BASH_SOURCE[0]}")/../topo.sh"

require_tool lbctl nft taskset pkt_send pkt_watch load

# How long anything may take, in ms, and in s.
readonly PATIENCE=60000
readonly PATIENT=60

# No host has it: nobody answers what is sent to or resets what comes from it.
readonly NOBODY=192.168.30.77

# Between two turns of a flood, in ms: it shall not keep all else from running.
FLOOD_PAUSE=25
[ "${L4LB_KERNEL:-}" != debug ] || FLOOD_PAUSE=250

declare -A watch_pid
flood_pid=()

# watch KEY NS DEVICE - begins to write down what passes
watch()
{
	# One that a failed case has left goes on with the old file.
	rm -f "$tmp/watch-$1"
	enter "$2" pkt_watch "$3" > "$tmp/watch-$1" 2>&1 &
	watch_pid[$1]=$!
	busywait "$PATIENCE" grep -q ^watching "$tmp/watch-$1"
}

# unwatch KEY...
unwatch()
{
	local key

	for key in "$@"; do
		kill "${watch_pid[$key]}"
		wait "${watch_pid[$key]}" 2> /dev/null || true
	done
}

# seen KEY REGEX - how many packets
seen()
{
	grep -cE -- "$2" "$tmp/watch-$1"
}

# wait_seen KEY REGEX [N] - until N (1) packets were seen; shows all if not
wait_seen()
{
	busywait "$PATIENCE" has_seen "$1" "$2" "${3:-1}" || {
		tail -n 30 "$tmp/watch-$1"
		return 1
	}
}

has_seen()
{
	[ "$(seen "$1" "$2")" -ge "$3" ]
}

# not_seen KEY REGEX - fails, and shows them, if there was any
not_seen()
{
	! grep -E -- "$2" "$tmp/watch-$1"
}

# eventually COMMAND [ARG...] - until it succeeds
eventually()
{
	busywait "$PATIENCE" "$@"
}

# is WANT COMMAND [ARG...] - whether it prints exactly that
is()
{
	local want=$1
	shift

	[ "$("$@")" = "$want" ]
}

# becomes WANT COMMAND [ARG...] - until it prints exactly that
becomes()
{
	busywait "$PATIENCE" is "$@" || {
		echo "now it is: $("${@:2}")"
		return 1
	}
}

# same WANT GOT WHAT - fails, and says so, if they differ
same()
{
	[ "$1" = "$2" ] || {
		echo "$3: $2, not $1"
		return 1
	}
}

# field JSON PATH - the value of a.b in an object, the first of that name
field()
{
	local json=$1 path=$2 value

	while [[ $path = *.* ]]; do
		json=${json#*"\"${path%%.*}\":"}
		path=${path#*.}
	done
	[[ $json =~ \"$path\":(\"[^\"]*\"|[^,\}]*) ]] || return
	value=${BASH_REMATCH[1]#\"}
	echo "${value%\"}"
}

# vip_get VIP PATH, real_get VIP REAL PATH
vip_get()
{
	field "$(ctl -j vip show "$1")" "$2"
}

real_get()
{
	field "$(ctl -j real show "$1" "$2")" "$3"
}

# drops REASON - packets dropped for it
drops()
{
	local json

	json=$(ctl -j stats) || return
	json=${json%%\"vip_drops\"*}
	if [[ $json =~ \"reason\":\"$1\",\"packets\":([0-9]+) ]]; then
		echo "${BASH_REMATCH[1]}"
	else
		echo 0
	fi
}

# start_over - without VIPs, and nothing counted
start_over()
{
	ctl flush all && ctl stats reset
}

# has_drops REASON - whether there were any for it
has_drops()
{
	[ "$(drops "$1")" -gt 0 ]
}

# all_drops - "REASON=PACKETS" for each reason that occurred, on one line
all_drops()
{
	local json found=() one='"reason":"([a-z-]+)","packets":([0-9]+)'

	json=$(ctl -j stats) || return
	json=${json%%\"vip_drops\"*}
	while [[ $json =~ $one ]]; do
		found+=("${BASH_REMATCH[1]}=${BASH_REMATCH[2]}")
		json=${json#*"${BASH_REMATCH[0]}"}
	done
	echo "${found[*]}"
}

# conn_get PORT FIELD - of the connection from that port of the client; prints
# "none" if there is none
conn_get()
{
	local json

	json=$(ctl -j conn show) || return
	if [[ $json =~ \{[^\{\}]*\"client_port\":$1,[^\{\}]*\} ]]; then
		field "${BASH_REMATCH[0]}" "$2"
	else
		echo none
	fi
}

# conn_count FILTER... - how many are shown
conn_count()
{
	ctl -j conn show "$@" | grep -o '"client_port"' | wc -l
}

# from NAME FILE - how many of the servers' lines in FILE are of NAME
from()
{
	grep -c "^$1 " "$2"
}

# all_closed NS - whether nothing is left of its TCP connections that it would
# still send something for
all_closed()
{
	! in_ns "$1" grep -hE '^ *[0-9]+: [0-9A-F:]+ [0-9A-F:]+ 0[1-589B] ' \
		/proc/net/tcp /proc/net/tcp6 > /dev/null
}

# craft tcp|udp PORT FLAGS [OPTION...] - a packet of nobody's to the VIP's port
# 25, UDP has no FLAGS
craft()
{
	local proto=$1 port=$2
	shift 2

	[ "$proto" = udp ] || set -- flags "$@"
	in_ns "$client" pkt_send "$proto" "$NOBODY" "$port" "$VIP4" 25 "$@"
}

# later - so much that a client that goes on is there, and not a flood
later()
{
	read -rt 0.3 -u "$nothing_comes" || :
}

# nft_counts NS FAMILY TABLE N - whether the only counter there has N packets
nft_counts()
{
	in_ns "$1" nft list table "$2" "$3" | grep -q "packets $4 "
}

# one_cpu COMMAND [ARG...] - so that one of the schedulers' cursors counts
one_cpu()
{
	taskset -c 0 "$@"
}

# plug NS DEVICE NET HOST - a new link to the bridge, as topo_port wants it
plug()
{
	ip -n "$lan" -batch - <<-EOT &&
		link add p$3-$4 type veth peer name e$3-$4
		link set p$3-$4 addrgenmode none master br$3 up
	EOT
		topo_port "$@"
}

# flood NS ADDRESS PORT - connections and datagrams until the namespace ends or
# unflood is called; when this returns they are answered
flood()
{
	local said=$tmp/flood-$1-$2-$3

	enter "$1" load flood "$2" "$3" "$FLOOD_PAUSE" > "$said" 2>&1 &
	flood_pid+=($!)
	busywait "$PATIENCE" grep -q ^flooding "$said"
}

unflood()
{
	local pid

	for pid in "${flood_pid[@]}"; do
		kill "$pid" 2> /dev/null
		wait "$pid" 2> /dev/null
	done
	flood_pid=()
}

# gone - whether nothing is left of the module; of a cache that shares another's
# memory a link stays for ever
gone()
{
	[ ! -e /sys/module/l4lb ] &&
		! grep -q '^l4lb' /proc/modules /proc/slabinfo &&
		[ -z "$(find /sys/kernel/slab -maxdepth 1 -name 'l4lb*' -type d)" ]
}

# unload - removes the module, which a namespace that ends may hold for a while
unload()
{
	if ! eventually rmmod l4lb 2> "$tmp/rmmod"; then
		cat "$tmp/rmmod"
		return 1
	fi
	eventually gone
}
