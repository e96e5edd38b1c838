#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# fwd_fuzz.sh [SEED] - packets that are wrong: some of each kind, and what
# becomes of them, then many of any kind. That the kernel has nothing to say of
# these, above all the debug kernel, is for tests/run to see. For the networks
# see topo.sh.

# Cases are called by name.
# shellcheck disable=SC2317 source=tests/traffic/lib.sh
. "$(dirname "$0")/traffic/lib.sh"

SEED=${1:-1}
N=$(times 20000)
readonly SEED N

readonly CLIENT4=192.168.30.50
readonly CLIENT6=fd30::50

# configure MODE - both families; the real is on net $net
configure()
{
	start_over && ctl stats reset &&
		ctl vip add V4 "$VIP4" tcp,udp 25 mode "$1" check off &&
		ctl real add V4 R1 "192.168.$net.20" &&
		ctl vip add V6 "$VIP6" tcp,udp 25 mode "$1" check off &&
		ctl real add V6 R1 "fd$net::20"
}

works()
{
	in_ns "$client" load ask "$VIP4" 25 1 &&
		in_ns "$client" load ask "$VIP6" 25 1 &&
		in_ns "$client" load asku "$VIP4" 25 1 4000 &&
		in_ns "$client" load asku "$VIP6" 25 1 4000 &&
		eventually all_closed "$client"
}

# wrong4 tcp|udp [OPTION...], wrong6 ... - a packet of the client's
wrong4()
{
	in_ns "$client" pkt_send "$1" "$CLIENT4" 4000 "$VIP4" 25 "${@:2}"
}

wrong6()
{
	in_ns "$client" pkt_send "$1" "$CLIENT6" 4000 "$VIP6" 25 "${@:2}"
}

short_headers_are_dropped()
{
	configure "$1" && wrong4 tcp cut 1 && wrong4 udp cut 1 &&
		wrong4 udp cut 1 option && wrong4 tcp cut 20 &&
		wrong6 tcp cut 1 && wrong6 udp cut 1 && wrong6 udp cut 8 ||
		return
	becomes malformed=7 all_drops &&
		same 0 "$(conn_count all)" connections
}

short_extension_headers_are_dropped()
{
	configure "$1" && wrong6 udp ext h cut 1 && wrong6 udp ext d cut 9 &&
		wrong6 udp ext dd cut 17 && wrong6 udp ext r cut 12 &&
		wrong6 udp ext a cut 12 && wrong6 udp ext da cut 9 || return
	# The stack does not let a hop-by-hop header through that is too short.
	wrong6 udp ext h cut 9 || return
	becomes malformed=6 all_drops &&
		same 0 "$(conn_count all)" connections
}

short_replies_are_dropped()
{
	configure nat || return
	in_ns "$real1" pkt_send tcp 192.168.31.20 25 "$CLIENT4" 4000 cut 1 &&
		in_ns "$real1" pkt_send udp 192.168.31.20 25 "$CLIENT4" 4000 \
			cut 5 option &&
		in_ns "$real1" pkt_send udp fd31::20 25 "$CLIENT6" 4000 cut 1 &&
		in_ns "$real1" pkt_send udp fd31::20 25 "$CLIENT6" 4000 \
			ext d cut 10 || return
	becomes malformed=4 all_drops
}

# A checksum is the receiver's; what is balanced is not summed.
wrong_checksums_stay_wrong()
{
	configure "$1" && watch real1 "$real1" eth0 &&
		wrong4 udp badsum && wrong6 udp badsum &&
		wrong4 udp badsum option && wrong6 udp badsum ext d || return
	wait_seen real1 "^in .* udp .*:4000>.* sum=bad" 4 && unwatch real1 &&
		same "" "$(all_drops)" drops
}

# No client can have these sources.
martians_are_dropped()
{
	configure "$1" || return
	in_ns "$client" pkt_send udp 127.0.0.5 4000 "$VIP4" 25 &&
		in_ns "$client" pkt_send udp 224.0.0.5 4000 "$VIP4" 25 &&
		in_ns "$client" pkt_send tcp 255.255.255.255 4000 "$VIP4" 25 &&
		in_ns "$client" pkt_send udp "$VIP4" 4000 "$VIP4" 25 &&
		in_ns "$client" pkt_send udp "$VIP6" 4000 "$VIP6" 25 || return
	becomes martian=5 all_drops &&
		same 0 "$(conn_count all)" connections
}

# fuzz NS NET FROM4 TO4 FROM6 TO6
fuzz()
{
	in_ns "$1" pkt_fuzz eth0 "02:00:00:00:$2:02" "${@:3}" "$N" "$SEED"
}

fuzz_requests()
{
	fuzz "$client" 30 "$CLIENT4" "$VIP4" "$CLIENT6" "$VIP6"
}

fuzz_replies()
{
	fuzz "$real1" 31 192.168.31.20 "$CLIENT4" fd31::20 "$CLIENT6"
}

# What went to the reals had come, and what was dropped had, too.
accounts_are_sane()
{
	local in4 in6 lost=0 drop

	in4=$(vip_get V4 stats.in_packets)
	in6=$(vip_get V6 stats.in_packets)
	all_drops
	for drop in $(all_drops); do
		lost=$((lost + ${drop#*=}))
	done
	echo "$in4 and $in6 passed, $lost did not"
	[ "$in4" -gt 0 ] && [ "$in6" -gt 0 ] &&
		[ $((in4 + in6)) -le "$1" ] && [ "$lost" -le "$1" ]
}

requests_of_any_kind()
{
	configure "$1" && fuzz_requests && accounts_are_sane "$N" && works
}

# The replies find connections that the requests have made.
replies_of_any_kind()
{
	configure nat && fuzz_requests && fuzz_replies &&
		accounts_are_sane $((2 * N)) &&
		[ "$(vip_get V4 stats.out_packets)" -gt 0 ] &&
		[ "$(vip_get V6 stats.out_packets)" -gt 0 ] && works
}

# change I - all that a packet might be looking at
change()
{
	ctl vip set V6 ports $((24 - $1 % 2))-25 &&
		ctl real del V6 R1 && ctl real add V6 R1 "fd$net::20" &&
		ctl vip del V4 &&
		ctl vip add V4 "$VIP4" tcp,udp 25 mode "$mode" check off &&
		ctl real add V4 R1 "192.168.$net.20" &&
		ctl conn flush all && ctl real halt V4 R1 &&
		ctl real online V4 R1 && start_over && configure "$mode"
}

under_changes()
{
	local mode=$1 pids=() pid i=0

	configure "$mode" || return
	fuzz_requests & pids+=($!)
	[ "$mode" = dr ] || {
		fuzz_replies & pids+=($!)
	}
	while change $((i++)) && kill -0 "${pids[0]}" 2> /dev/null; do
		:
	done
	for pid in "${pids[@]}"; do
		wait "$pid" || return
	done
	echo "$i changes"
	configure "$mode" && works
}

servers_start()
{
	start_server "$real1" s1 {tcp,udp}/25 &&
		in_ns "$lb" sysctl -qw net.ipv4.ip_forward=1 \
			net.ipv6.conf.all.forwarding=1
}

both()
{
	ktap_run "$1: short headers are dropped"	short_headers_are_dropped "$1"
	ktap_run "$1: also of extensions"		short_extension_headers_are_dropped "$1"
	ktap_run "$1: wrong checksums stay wrong"	wrong_checksums_stay_wrong "$1"
	ktap_run "$1: martians are dropped"		martians_are_dropped "$1"
	ktap_run "$1: wrong requests of any kind"	requests_of_any_kind "$1"
	ktap_run "$1: while all changes"		under_changes "$1"
}

net=31
topo_nat || ksft_skip_all "no network"
servers_start || ksft_skip_all "no server"

ktap_plan 14
ktap_run "nat: short replies are dropped"	short_replies_are_dropped
ktap_run "nat: wrong replies of any kind"	replies_of_any_kind
both nat

end_ns "${ns_list[@]}"
net=30
topo_dr || exit "$KSFT_FAIL"
servers_start || exit "$KSFT_FAIL"
both dr
ktap_exit
