#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What numbers cost: an established packet by DR, in instructions over one that
# is dropped at once, and one that is forwarded and for no VIP, over one without
# the module, beside more and more VIPs, reals and connections; and the memory
# and time that these take.
#
#	tests/vm/run --count --memory 4096 --timeout 3600 -- tests/bench/scale.sh
#
# Packets come and go as in run.sh.

set -u -o pipefail

top=$(cd "$(dirname "$0")/../.." && pwd) || exit 1
release=$(uname -r)
build=$top/build/$(cut -d. -f1,2 <<< "$release")
l4lb_ko=${L4LB_KO:-$build/kmod/l4lb.ko}
inject_ko=${INJECT_KO:-$build/tests/bench/inject.ko}
lbctl=${LBCTL:-$top/build/tools/lbctl}
fill=${FILL:-$top/build/tests/traffic/fill}
proc=/proc/l4lb_inject

vips=${VIPS:-4096} reals=${REALS:-65536}
read -r -a steps <<< "${CONNS:-1 10000 1000000 4000000}"

vip=203.0.113.10 real=198.19.0.20 other=198.18.0.99 client=198.24.0.1
made=0

die()
{
	echo "scale: $*" >&2
	exit 1
}

# inject ARG... - sets packets and median
inject()
{
	echo "dev=lbin src=$client $*" > "$proc" || die "inject refuses: $*"
	IFS=" =" read -r _ packets _ _ _ median _ < "$proc"
}

# over_drop ARG... - sets figure, what the packets cost over a bare drop
over_drop()
{
	local all before after

	read -r before < /sys/class/net/lbout/statistics/tx_packets
	inject "$@"
	read -r after < /sys/class/net/lbout/statistics/tx_packets
	[ $((after - before)) -ge "$packets" ] || die "packets are lost: $*"
	all=$median
	inject "$@" drop=1
	figure=$((all - median))
}

# connect N - more connections, until there are N: of UDP, whose clients have
# shown themselves when they go on a little later
connect()
{
	local flows pass

	while [ "$made" -lt "$1" ]; do
		flows=$(($1 - made < 10000 ? $1 - made : 10000))
		for pass in 1 2; do
			inject "dst=$vip" proto=udp "first=$made" warm=0 \
				"flows=$flows" "batch=$flows" batches=1
			[ $pass -eq 2 ] || sleep 0.2
		done
		made=$((made + flows))
	done
}

# Connections of middle age: as many as not are in front of them. So many that
# chance has no part in it, so few that each is met again soon.
measure()
{
	local flows=$((made < 1000 ? made : 1000)) established

	over_drop "dst=$vip" proto=udp "first=$(((made - flows) / 2))" \
		"flows=$flows" warm=32 batches=64
	established=$figure
	over_drop "dst=$other"
	printf '%-34s %12s %12s %10s\n' "$1" "$established" \
		"$((figure - plain))" "$((available - $(memory)))"
}

# memory - MiB that are available
memory()
{
	echo 3 > /proc/sys/vm/drop_caches
	awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo
}

setup()
{
	local link

	insmod "$inject_ko" || die "cannot load $inject_ko"
	modprobe dummy || die "no dummy devices"
	for link in lbin lbout; do
		ip link add "$link" type dummy &&
			ip link set "$link" addrgenmode none up || return
		echo 0 > "/proc/sys/net/ipv4/conf/$link/rp_filter"
	done
	echo 0 > /proc/sys/net/ipv4/conf/all/rp_filter
	echo 1 > /proc/sys/net/ipv4/ip_forward
	# Each real is a neighbour.
	echo 200000 > /proc/sys/net/ipv4/neigh/default/gc_thresh1
	echo 200000 > /proc/sys/net/ipv4/neigh/default/gc_thresh2
	echo 200000 > /proc/sys/net/ipv4/neigh/default/gc_thresh3
	ip address add 192.0.2.1/24 dev lbin &&
		ip address add 198.18.0.1/13 dev lbout &&
		ip route add local 203.0.112.0/20 dev lo &&
		ip route add local 203.0.128.0/20 dev lo &&
		ip neigh add 192.0.2.2 dev lbin nud permanent \
			lladdr 02:00:00:00:00:01 &&
		ip route add 198.24.0.0/14 via 192.0.2.2
}

# The clock goes by instructions: what takes long does so in these.
timed()
{
	local start=${EPOCHREALTIME/./}

	"$@" || die "fails: $*"
	echo "$(((${EPOCHREALTIME/./} - start) / 1000)) ms: ${*##*/}"
}

setup || die "cannot set up the devices"
over_drop "dst=$other"
plain=$figure
insmod "$l4lb_ko" || die "cannot load $l4lb_ko"
available=$(memory)
echo "kernel $release; instructions of a packet; MiB taken"
printf '%-34s %12s %12s %10s\n' "" established "no vip" MiB

"$fill" "$vip" 1 80 1 "$real" 2 dr wrr > /dev/null || die "cannot fill"
connect 1
measure "1 VIP, 2 reals, 1 connection"
"$lbctl" flush all

timed "$fill" "$vip" "$vips" 80 "$vips" "$real" "$reals" nat wrr
over_drop "dst=$other"
printf '%-34s %12s %12s\n' "$vips VIPs, $reals reals by NAT" - \
	"$((figure - plain))"
timed "$lbctl" flush all
# All on one address, and many in one VIP.
timed "$fill" "$vip" 1 80 "$vips" "$real" "$vips" dr wrr
"$lbctl" flush all
timed "$fill" "$vip" 1 80 1 "$real" $((reals / 4)) dr wrr
"$lbctl" flush all

made=0
timed "$fill" "$vip" "$vips" 80 "$vips" "$real" "$reals" dr wrr
for step in "${steps[@]}"; do
	connect "$step"
	measure "$vips VIPs, $reals reals, $step"
done

"$lbctl" global set limit conns "$made" || die "cannot set the limit"
# All that comes now is too much.
inject "dst=$vip" "first=$made" flows=1000 flags=S warm=0 batches=1 batch=1000
"$lbctl" global show
"$lbctl" stats | grep conn-limit
timed "$lbctl" conn flush src 198.24.0.0/16 limit 100000
timed "$lbctl" flush all
echo "MiB not given back: $((available - $(memory)))"
rmmod l4lb
