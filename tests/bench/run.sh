#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What a packet costs, in instructions over one that is dropped at once: plain
# forwarding, IPVS, nftables DNAT and l4lb, one after the other in one boot.
#
#	tests/vm/run --count -- tests/bench/run.sh
#
# Packets come in on one dummy device, from tests/bench/inject.c, and leave by
# another: this is the stack and the balancer alone, without a driver. A figure
# is the median batch, and the same on every machine, so it can be a limit.
# A new connection costs its SYN and first ACK, less one established packet;
# the no-vip rows are what a forwarded packet pays for a balancer that it does
# not concern.

set -u -o pipefail

top=$(cd "$(dirname "$0")/../.." && pwd) || exit 1
release=$(uname -r)
build=$top/build/$(cut -d. -f1,2 <<< "$release")
l4lb_ko=${L4LB_KO:-$build/kmod/l4lb.ko}
inject_ko=${INJECT_KO:-$build/tests/bench/inject.ko}
lbctl=${LBCTL:-$top/build/tools/lbctl}
proc=/proc/l4lb_inject

# What a row needs configured, by its first word: dr, dr6, nat.
rows=(dr-established dr-conntrack dr-new dr-flows dr6-established dr6-new
	nat-request nat-reply no-vip no-vip-nat)
balancers=(ipvs nftables l4lb)
limits=()
sched=wrr
vip_options=()
json=
flood=

# Clients are behind a gateway at lbin, servers on the link lbout.
vip4=203.0.113.10 other4=198.19.0.99 client4=198.18.0.1
real4=(198.19.0.20 198.19.0.21)
vip6=2001:db8:ff::10 other6=2001:db8:2::99 client6=2001:db8:1::1
real6=(2001:db8:2::20 2001:db8:2::21)

declare -A cost=()
fresh=0
leaves=lbout

usage()
{
	cat >&2 <<-EOT
	usage: tests/bench/run.sh [flood|checks|apply] [OPTION...]
	  flood             a million packets of clients that are not there
	  checks            ten thousand servers, checked
	  apply             a file with ten thousand servers
	  --rows LIST       of ${rows[*]}
	  --balancers LIST  of ${balancers[*]}
	  --max ROW=N       fail if l4lb's figure is above N, repeatable
	  --sched NAME      of IPVS and l4lb ($sched)
	  --vip OPTIONS     of l4lb's VIP, as "persist 1h allow 198.18.0.0/15"
	  --json            no table
	EOT
	exit 2
}

die()
{
	echo "bench: $*" >&2
	exit 1
}

# choose NAME LIST - take the comma-separated LIST for the array NAME.
choose()
{
	local -n array=$1
	local chosen word

	IFS=, read -r -a chosen <<< "$2"
	for word in "${chosen[@]}"; do
		[[ " ${array[*]} " == *" $word "* ]] || usage
	done
	array=("${chosen[@]}")
}

# Sets sent. While the machine waits for the host time leaps, by minutes even,
# and connections expire: between two steps of one nothing may be executed.
count_sent()
{
	read -r sent < "/sys/class/net/$leaves/statistics/tx_packets"
}

# inject ARG... - sets packets and median
inject()
{
	echo "dev=lbin src=$client $*" > "$proc" || die "inject refuses: $*"
	IFS=" =" read -r _ packets _ _ _ median _ < "$proc"
}

# Injects packets of which each has to leave; fails if one did not.
deliver()
{
	local before

	count_sent
	before=$sent
	inject "$@"
	count_sent
	[ $((sent - before)) -ge "$packets" ]
}

# over_drop ARG... - sets figure, what the packets cost over a bare drop
over_drop()
{
	local all

	deliver "$@" || die "$balancer loses packets: $*"
	all=$median
	inject "$@" drop=1
	figure=$((all - median))
}

# open N - N new connections from flow number fresh on
open()
{
	local flows=$1 each=(batches=1 warm=0)
	local status

	each+=("batch=$((flows < 10000 ? flows : 10000))" "first=$fresh"
		"flows=$flows")
	deliver "${to[@]}" "${each[@]}" flags=S || return
	if [ "$mode" = nat ]; then
		leaves=lbin
		deliver "${back[@]}" "${each[@]}" flags=SA
		status=$?
		leaves=lbout
		[ "$status" -eq 0 ] || return
	fi
	# What an ACK has begun has to go on before it counts as established.
	deliver "${to[@]}" "${each[@]}" flags=A &&
		deliver "${to[@]}" "${each[@]}" flags=A
}

# Until the balancer forwards: it may have to find its reals first.
wait_ready()
{
	local tries

	for tries in {1..100}; do
		fresh=$((fresh + 1))
		! open 1 || return 0
		sleep 0.1
	done
	die "$balancer does not forward after $tries tries"
}

start_plain()
{
	:
}

stop_plain()
{
	:
}

start_ipvs()
{
	local real via=-g

	[ "$mode" != nat ] || via=-m
	modprobe -a ip_vs "ip_vs_$sched" &&
		ipvsadm -A -t "$host:80" -s "$sched" || return
	for real in "${reals[@]}"; do
		ipvsadm -a -t "$host:80" -r "$real:80" "$via" || return
	done
}

stop_ipvs()
{
	ipvsadm -C && modprobe -r "ip_vs_$sched" ip_vs
}

start_nftables()
{
	nft -f - <<-EOT
	table ip bench {
		chain prerouting {
			type nat hook prerouting priority dstnat
			ip daddr $vip tcp dport 80 dnat to ${reals[0]}
		}
	}
	EOT
}

stop_nftables()
{
	nft delete table ip bench
}

start_l4lb()
{
	local real n=0

	[ -d /sys/module/l4lb ] || insmod "$l4lb_ko" || return
	"$lbctl" vip add bench "$vip" tcp 80 mode "${mode%6}" \
		sched "$sched" check off "${vip_options[@]}" || return
	for real in "${reals[@]}"; do
		n=$((n + 1))
		"$lbctl" real add bench "r$n" "${real//[][]/}" || return
	done
}

stop_l4lb()
{
	"$lbctl" flush all && rmmod l4lb
}

# Connection tracking is active with any rule that needs it; in a chain that no
# packet meets it costs what tracking costs and no more.
track()
{
	nft "add table ip track; add chain ip track unused;
		add rule ip track unused ct state new"
}

untrack()
{
	nft delete table ip track
}

measure_established()
{
	open 1 || die "$balancer does not forward"
	over_drop "${to[@]}" "first=$fresh"
	fresh=$((fresh + 1))
}

# While there were too many new connections, some go without an entry.
measure_flows()
{
	sleep 61
	open 10000 || die "$balancer does not forward"
	over_drop "${to[@]}" "first=$fresh" flows=10000 batches=312
	fresh=$((fresh + 10000))
}

measure_conntrack()
{
	track || die "cannot track"
	measure_established
	untrack || die "cannot stop tracking"
}

# The pauses keep limits to the rate of new connections out of it.
measure_new()
{
	local established

	measure_established
	established=$figure
	over_drop "${to[@]}" "first=$fresh" flows=10000 flags=S,A pause=4
	figure=$((figure - established))
	fresh=$((fresh + 10000))
}

measure_reply()
{
	check_reply
	open 1 || die "$balancer does not forward"
	leaves=lbin
	over_drop "${back[@]}" "first=$fresh"
	leaves=lbout
	fresh=$((fresh + 1))
}

# A reply that is not translated would leave as well, and be cheap.
check_reply()
{
	[ "$balancer" != plain ] || return 0
	nft -f - <<-EOT || die "nft fails"
	table ip check {
		chain postrouting {
			type filter hook postrouting priority 300
			ip saddr { ${real4[0]}, ${real4[1]} } drop
		}
	}
	EOT
	open 1 || die "$balancer does not translate replies"
	fresh=$((fresh + 1))
	nft delete table ip check
}

measure_other()
{
	over_drop dst="$other4" "first=$fresh"
	fresh=$((fresh + 1))
	[ "$balancer" = plain ] ||
		figure=$((figure - cost[plain,$row]))
}

measure()
{
	local row=$1

	case $row in
	*-established|nat-request)	measure_established ;;
	*-flows)			measure_flows ;;
	*-conntrack)			measure_conntrack ;;
	*-new)				measure_new ;;
	*-reply)			measure_reply ;;
	no-vip*)			measure_other ;;
	esac
	cost[$balancer,$row]=$figure
}

mode_of()
{
	case $1 in
	dr6-*)	echo dr6 ;;
	*nat*)	echo nat ;;
	*)	echo dr ;;
	esac
}

# Sets what the rows of a mode send, and where.
choose_target()
{
	client=$client4 vip=$vip4 host=$vip4 reals=("${real4[@]}")
	to=("dst=$vip4")
	case $mode in
	nat)
		# One real, so that it is known who replies.
		reals=("${real4[0]}")
		back=(dev=lbout "dst=${real4[0]}" reply=1) ;;
	dr6)
		client=$client6 vip=$vip6 host=[$vip6]
		reals=("${real6[@]/#/[}")
		reals=("${reals[@]/%/]}")
		to=("dst=$vip6") ;;
	esac
	if [ "$balancer" = plain ]; then
		case $mode in
		nat)	to=("dst=${real4[0]}") ;;
		dr6)	to=("dst=$other6") ;;
		*)	to=("dst=$other4") ;;
		esac
	fi
}

measure_balancer()
{
	local balancer=$1
	local mode row

	for mode in dr dr6 nat; do
		[ "$balancer" != nftables ] || [ "$mode" = nat ] || continue
		started=
		for row in "${rows[@]}"; do
			[ "$(mode_of "$row")" = "$mode" ] || continue
			if [ -z "$started" ]; then
				choose_target
				"start_$balancer" ||
					die "cannot start $balancer"
				started=$balancer
				wait_ready
			fi
			measure "$row"
		done
		[ -z "$started" ] || "stop_$balancer" ||
			die "cannot stop $balancer"
		started=
	done
}

setup()
{
	local link n

	insmod "$inject_ko" || die "cannot load $inject_ko"
	modprobe dummy || die "no dummy devices"
	for link in lbin lbout; do
		ip link add "$link" type dummy &&
			ip link set "$link" addrgenmode none up || return
		echo 0 > "/proc/sys/net/ipv4/conf/$link/rp_filter"
	done
	echo 0 > /proc/sys/net/ipv4/conf/all/rp_filter
	echo 1 > /proc/sys/net/ipv4/ip_forward
	echo 1 > /proc/sys/net/ipv6/conf/all/forwarding

	ip address add 192.0.2.1/24 dev lbin &&
		ip address add 2001:db8::1/64 dev lbin nodad &&
		ip address add 198.19.0.1/24 dev lbout &&
		ip address add 2001:db8:2::1/64 dev lbout nodad &&
		ip address add "$vip4/32" dev lo &&
		ip address add "$vip6/128" dev lo nodad || return
	for n in 192.0.2.2/lbin 2001:db8::2/lbin "$other4/lbout" \
		"$other6/lbout" "${real4[@]/%//lbout}" "${real6[@]/%//lbout}"; do
		ip neigh add "${n%/*}" dev "${n#*/}" nud permanent \
			lladdr 02:00:00:00:00:01 || return
	done
	ip route add 198.18.0.0/16 via 192.0.2.2 &&
		ip route add 2001:db8:1::/64 via 2001:db8::2
}

# shellcheck disable=SC2317 # called by a trap
cleanup()
{
	[ -z "${started:-}" ] || "stop_$started"
	nft flush ruleset
	ip address del "$vip4/32" dev lo
	ip address del "$vip6/128" dev lo
	ip link del lbin
	ip link del lbout
	rmmod inject
} 2> /dev/null

# Elsewhere the same packets do not cost the same twice.
check_counting()
{
	local first client=$client4

	inject "dst=$other4" drop=1
	first=$median
	inject "dst=$other4" drop=1
	first=$((first - median))
	[ "${first#-}" -le 4 ] || die "the TSC does not count instructions" \
		"here: tests/vm/run --count"
}

print_table()
{
	local column row value

	echo "instructions per packet over a bare drop, kernel $release, $sched"
	printf '%-16s %10s' path plain
	printf ' %10s' "${balancers[@]}"
	echo
	for row in "${rows[@]}"; do
		printf '%-16s' "$row"
		for column in plain "${balancers[@]}"; do
			value=${cost[$column,$row]:--}
			[[ $column = plain || $row != no-vip* ||
				$value = -* ]] || value=+$value
			printf ' %10s' "$value"
		done
		echo
	done
}

print_json()
{
	local column row comma between=

	printf '{"kernel":"%s","sched":"%s",' "$release" "$sched"
	printf '"unit":"instructions over a bare drop","rows":{'
	for row in "${rows[@]}"; do
		printf '%s"%s":{' "$between" "$row"
		between=,
		comma=
		for column in plain "${balancers[@]}"; do
			[ -n "${cost[$column,$row]:-}" ] || continue
			printf '%s"%s":%d' "$comma" "$column" \
				"${cost[$column,$row]}"
			comma=,
		done
		printf '}'
	done
	printf '}}\n'
}

check_limits()
{
	local limit row value failed=0

	for limit in "${limits[@]}"; do
		row=${limit%=*}
		value=${cost[l4lb,$row]:-}
		if [ -z "$value" ]; then
			echo "bench: no figure for $row" >&2
			failed=1
		elif [ "$value" -gt "${limit#*=}" ]; then
			echo "bench: $row costs $value, limit ${limit#*=}" >&2
			failed=1
		fi
	done
	return "$failed"
}

while [ $# -gt 0 ]; do
	case $1 in
	checks)
		exec "$top/tests/bench/checks.sh" ;;
	apply)
		exec "$top/tests/bench/apply.sh" ;;
	flood)
		flood=1
		shift
		continue ;;
	--json)
		json=1
		shift
		continue ;;
	--rows|--balancers|--max|--sched|--vip)
		[ $# -gt 1 ] || usage ;;
	*)
		usage ;;
	esac
	case $1 in
	--rows)
		choose rows "$2" ;;
	--balancers)
		choose balancers "$2" ;;
	--sched)
		sched=$2 ;;
	--vip)
		read -ra vip_options <<< "$2" ;;
	--max)
		[[ $2 =~ ^[a-z0-9-]+=[0-9]+$ ]] || usage
		limits+=("$2") ;;
	esac
	shift 2
done

started=
trap cleanup EXIT
setup || die "cannot set up the devices"
check_counting
if [ -n "$flood" ]; then
	# shellcheck source=tests/bench/flood.sh
	. "$top/tests/bench/flood.sh"
	flood_run
	exit
fi
# IPVS comes late: the IPv6 defragmentation that it turns on stays on.
for name in plain l4lb nftables ipvs; do
	[[ " plain ${balancers[*]} " == *" $name "* ]] || continue
	if [ "$name" = l4lb ] && [ ! -e "$l4lb_ko" ]; then
		echo "bench: no $l4lb_ko, leaving l4lb out" >&2
		continue
	fi
	measure_balancer "$name"
done
if [ -n "$json" ]; then
	print_json
else
	print_table
fi
check_limits
