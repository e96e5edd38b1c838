#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Datagrams in fragments, in any order, and IPv6 extension headers. The server
# answers what it has put together with a right checksum, and a client without a
# socket says the same of the answer: port unreachable. For the networks see
# topo_nat and topo_dr in topo.sh.

# Cases are called by name.
# shellcheck disable=SC2317 source=tests/traffic/lib.sh
. "$(dirname "$0")/traffic/lib.sh"

readonly CLIENT4=192.168.30.50
readonly CLIENT6=fd30::50

# What a client's stack says of a whole answer that nobody waits for.
readonly WHOLE4="^out .* icmp $CLIENT4>$VIP4 .*type=3 code=3 .*about $VIP4:25>$CLIENT4:"
readonly WHOLE6="^out .* icmp $CLIENT6>$VIP6 .*type=1 code=4 .*about \[$VIP6\]:25>\[$CLIENT6\]:"

# begin MODE - both families; the real is on net $net
begin()
{
	mode=$1
	start_over && ctl stats reset &&
		ctl vip add V4 "$VIP4" tcp,udp 25 mode "$1" check off &&
		ctl real add V4 R1 "192.168.$net.20" &&
		ctl vip add V6 "$VIP6" tcp,udp 25 mode "$1" check off &&
		ctl real add V6 R1 "fd$net::20" &&
		watch client "$client" eth0 && watch real1 "$real1" eth0
}

# Nobody may see an address that is not for it. With NAT what went out may look
# strange: the stack writes to packets that are being watched.
finish()
{
	unwatch client real1
	not_seen client "^in .*sum=bad" && not_seen real1 "^in .*sum=bad" ||
		return
	if [ "$mode" != dr ]; then
		not_seen client "^in .*( |\[)(fd31::|192\.168\.31\.)2" &&
			not_seen real1 "^in .*($VIP4|$VIP6)[] ]"
	fi
}

# ask4 PORT [OPTION...], ask6 PORT [OPTION...] - in fragments
ask4()
{
	local port=$1
	shift

	in_ns "$client" pkt_send udp "$CLIENT4" "$port" "$VIP4" 25 \
		size 5000 split 1400 id "$port" "$@"
}

ask6()
{
	local port=$1
	shift

	in_ns "$client" pkt_send udp "$CLIENT6" "$port" "$VIP6" 25 \
		size 5000 split 1400 id "$port" "$@"
}

large_datagrams_pass()
{
	begin "$1" || return
	in_ns "$client" load asku "$VIP4" 25 1 60000 || return
	in_ns "$client" load asku "$VIP6" 25 1 60000 || return
	same "" "$(all_drops)" drops && finish
}

requests_in_any_order()
{
	begin "$1" || return
	ask4 4000 reverse && ask4 4001 mixed && ask6 4000 &&
		ask6 4001 reverse && ask6 4002 mixed || return
	wait_seen client "${WHOLE4}4000" && wait_seen client "${WHOLE4}4001" &&
		wait_seen client "${WHOLE6}4000" &&
		wait_seen client "${WHOLE6}4001" &&
		wait_seen client "${WHOLE6}4002" &&
		same "" "$(all_drops)" drops && finish
}

# The real's server has answered before, so that there are connections.
replies_in_any_order()
{
	local order port=4000

	begin nat || return
	for order in "" reverse mixed; do
		port=$((port + 1))
		ask4 "$port" && ask6 "$port" || return
		wait_seen client "${WHOLE4}$port" &&
			wait_seen client "${WHOLE6}$port" || return
		in_ns "$real1" pkt_send udp 192.168.31.20 25 "$CLIENT4" "$port" \
			size 6000 split 1400 id 7 ${order:+"$order"} &&
			in_ns "$real1" pkt_send udp fd31::20 25 "$CLIENT6" \
				"$port" size 6000 split 1400 id 7 \
				${order:+"$order"} || return
		# The client's stack does not say it more often than that.
		wait_seen client "^in .*fragment at=5600 .*$VIP4>$CLIENT4" \
			$((port - 4000)) &&
			wait_seen client "${WHOLE6}$port" 2 || return
	done
	same "" "$(all_drops)" drops && finish
}

# Of a datagram that never has ports nothing is passed on.
the_first_never_comes()
{
	begin "$1" || return
	ask6 4000 without 0 && becomes fragment=3 all_drops || return
	# More than may wait for one.
	in_ns "$client" pkt_send udp "$CLIENT6" 4001 "$VIP6" 25 \
		size 4000 split 200 without 0 &&
		becomes fragment=23 all_drops || return
	ask6 4002 reverse && wait_seen client "${WHOLE6}4002" && finish &&
		not_seen real1 "^in .* id=4000 "
}

# Nor of one that has no real, wherever in it the fragment is.
the_first_is_dropped()
{
	begin "$1" || return
	ctl real halt V6 R1 && ctl vip set V6 no-real drop || return
	ask6 4000 && becomes "no-real=1 fragment=3" all_drops || return
	ask6 4001 reverse && becomes "no-real=2 fragment=6" all_drops || return
	finish
}

the_first_is_too_short()
{
	begin "$1" || return
	in_ns "$client" pkt_send tcp "$CLIENT6" 4000 "$VIP6" 25 \
		split 8 only 0 && becomes malformed=1 all_drops || return
	in_ns "$client" pkt_send tcp "$CLIENT6" 4000 "$VIP6" 25 \
		split 8 without 0 &&
		becomes "malformed=1 fragment=2" all_drops || return
	in_ns "$client" pkt_send udp "$CLIENT6" 4000 "$VIP6" 25 size 100 \
		ext d split 8 id 2 &&
		becomes "malformed=2 fragment=16" all_drops && finish
}

# What is not for a VIP goes on as if nobody had looked at it.
others_pass()
{
	begin "$1" || return
	in_ns "$client" pkt_send udp "$CLIENT6" 4000 "$VIP6" 99 \
		size 3000 split 1000 reverse &&
		wait_seen client "^out .* icmp $CLIENT6>$VIP6 .*type=1 code=4 .*about \[$VIP6\]:99>\[$CLIENT6\]:4000" ||
		return
	same 0 "$(vip_get V6 stats.in_packets)" packets &&
		same "" "$(all_drops)" drops || return
	if [ "$1" = dr ]; then
		finish
		return
	fi
	in_ns "$real1" pkt_send udp fd31::20 4000 "$CLIENT6" 4000 \
		size 3000 split 1000 reverse &&
		wait_seen client "^out .* icmp $CLIENT6>fd31::20 .*type=1 code=4 .*about \[fd31::20\]:4000>\[$CLIENT6\]:4000" &&
		same "" "$(all_drops)" drops && unwatch client real1
}

errors_quote_fragments()
{
	begin "$1" || return
	ip -n "$lb" -6 route replace "fd$net::20/128" dev "$2" mtu 1300
	ask6 4000
	wait_seen client "^in .* icmp $VIP6>$CLIENT6 .*type=2 code=0 mtu=1300 about fragment \[$CLIENT6\]:4000>\[$VIP6\]:25" &&
		becomes "too-big=1 fragment=3" all_drops || return
	ip -n "$lb" -6 route del "fd$net::20/128" dev "$2"
	finish
}

# Of a router before the real, about the first fragment and the others.
routers_quote_fragments()
{
	begin nat || return
	ctl vip add W6 "$VIP6" udp 77 mode nat check off &&
		ctl real add W6 R1 fd51::20 || return
	ip -n "$lb" -6 route add fd51::/64 via fd31::21 &&
		ip -n "$real2" -6 route add unreachable fd51::/64 &&
		in_ns "$real2" sysctl -qw net.ipv6.conf.all.forwarding=1 \
			net.ipv6.icmp.ratelimit=0 || return
	in_ns "$client" pkt_send udp "$CLIENT6" 4000 "$VIP6" 77 \
		size 2000 split 1000 || return
	wait_seen client "^in .* icmp $VIP6>$CLIENT6 .*type=1 .*about fragment \[$CLIENT6\]:4000>\[$VIP6\]:77" &&
		becomes fragment=2 all_drops && finish &&
		not_seen client "^in .*fd51:"
}

headers_pass()
{
	local ext port=4000

	begin "$1" || return
	for ext in h d r a hdr dad; do
		port=$((port + 1))
		in_ns "$client" pkt_send udp "$CLIENT6" "$port" "$VIP6" 25 \
			ext "$ext" || return
		wait_seen real1 "^in .* udp .*>.* ttl=63 .*sum=ok .*ext=$((${#ext} * 8))" &&
			wait_seen client "^in .* udp \[$VIP6\]:25>\[$CLIENT6\]:$port " ||
			return
	done
	in_ns "$client" pkt_send tcp "$CLIENT6" 4000 "$VIP6" 25 ext hd &&
		wait_seen client "^in .* tcp \[$VIP6\]:25>\[$CLIENT6\]:4000 .*flags=SA" &&
		same "" "$(all_drops)" drops && finish
}

# As far as they do not hide what follows.
other_headers_are_left_alone()
{
	begin "$1" || return
	in_ns "$client" pkt_send udp "$CLIENT6" 4000 "$VIP6" 25 ext R &&
		in_ns "$client" pkt_send udp "$CLIENT6" 4000 "$VIP6" 25 ext de &&
		in_ns "$client" pkt_send udp "$CLIENT6" 4000 "$VIP6" 25 \
			ext dddddddddd || return
	in_ns "$client" load asku "$VIP6" 25 1 &&
		same 1 "$(vip_get V6 stats.in_packets)" packets &&
		same "" "$(all_drops)" drops && finish
}

reply_headers_pass()
{
	local ext port

	begin nat || return
	in_ns "$client" load asku "$VIP6" 25 1 > "$tmp/a" || return
	port=$(cut -d' ' -f3 "$tmp/a")
	for ext in h d hdr; do
		in_ns "$real1" pkt_send udp fd31::20 25 "$CLIENT6" "$port" \
			ext "$ext"
		wait_seen client "^in .* udp \[$VIP6\]:25>\[$CLIENT6\]:$port ttl=63 .*sum=ok .*ext=$((${#ext} * 8))" ||
			return
	done
	finish
}

# The reassembly of connection tracking comes before the balancer. What came in
# parts goes in parts that are not larger, both ways, as only its sender knows
# how large they may be.
tracked_pass()
{
	begin "$1" || return
	in_ns "$lb" nft -f - <<-EOT || return
		table inet track {
			chain in {
				type filter hook input priority 0
				ct state established counter
			}
		}
	EOT
	in_ns "$client" load asku "$VIP4" 25 1 60000 &&
		in_ns "$client" load asku "$VIP6" 25 1 60000 || return
	ask4 4000 reverse && ask6 4000 mixed &&
		ask6 4001 size 1300 split 1200 || return
	wait_seen client "${WHOLE4}4000" && wait_seen client "${WHOLE6}4000" &&
		wait_seen client "${WHOLE6}4001" &&
		wait_seen real1 "^in .*fragment at=12.. .*fd3[01]::[0-9]*>.* len=1[0-9][0-9]$" ||
		return
	if [ "$1" = nat ]; then
		in_ns "$real1" pkt_send udp fd31::20 25 "$CLIENT6" 4001 \
			size 1300 split 1200 &&
			wait_seen client "^in .*fragment at=12.. .*$VIP6>$CLIENT6 .* len=1[0-9][0-9]$" ||
			return
	fi
	in_ns "$lb" nft delete table inet track
	same "" "$(all_drops)" drops && finish
}

# Of a client on the balancer, which is not forwarded but sent and received.
own_datagrams_pass()
{
	begin "$1" || return
	in_ns "$lb" load asku "$VIP4" 25 1 60000 &&
		in_ns "$lb" load asku "$VIP6" 25 1 60000 &&
		same "" "$(all_drops)" drops && finish
}

# Fragments wait, and then there is nothing to wait for.
waiting_ends()
{
	begin "$1" || return
	ask6 4000 without 0 && start_over || return
	begin "$1" || return
	ask6 4000 without 0 && ip -n "$lb" link del eth0 && start_over &&
		unwatch client real1
}

both()
{
	ktap_run "$1: datagrams of 60 kB pass"		large_datagrams_pass "$1"
	ktap_run "$1: requests in any order"		requests_in_any_order "$1"
	ktap_run "$1: without the first nothing passes"	the_first_never_comes "$1"
	ktap_run "$1: nor if that is dropped"		the_first_is_dropped "$1"
	ktap_run "$1: or too short for ports"		the_first_is_too_short "$1"
	ktap_run "$1: other fragments pass"		others_pass "$1"
	ktap_run "$1: errors quote fragments"		errors_quote_fragments "$1" "$2"
	ktap_run "$1: extension headers pass"		headers_pass "$1"
	ktap_run "$1: or are the stack's"		other_headers_are_left_alone "$1"
	ktap_run "$1: connection tracking takes part"	tracked_pass "$1"
	ktap_run "$1: the host's own datagrams pass"	own_datagrams_pass "$1"
	ktap_run "$1: fragments that wait are freed"	waiting_ends "$1"
}

net=31
topo_nat || ksft_skip_all "no network"
in_ns "$lb" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
# Their answers count.
in_ns "$client" sysctl -qw net.ipv6.icmp.ratelimit=0 net.ipv4.icmp_ratelimit=0
start_server "$real1" s1 {tcp,udp}/25 || ksft_skip_all "no server"
start_server "$lb" s9 udp/99 || ksft_skip_all "no server"

ktap_plan 31
ktap_run "snat: datagrams of 60 kB pass"		large_datagrams_pass snat
ktap_run "snat: requests in any order"			requests_in_any_order snat
ktap_run "snat: extension headers pass"			headers_pass snat
ktap_run "snat: connection tracking takes part"		tracked_pass snat
ktap_run "nat: replies in any order"			replies_in_any_order
ktap_run "nat: extension headers of replies pass"	reply_headers_pass
ktap_run "nat: routers quote fragments"			routers_quote_fragments
both nat eth1

end_ns "${ns_list[@]}"
net=30
topo_dr || exit "$KSFT_FAIL"
in_ns "$client" sysctl -qw net.ipv6.icmp.ratelimit=0 net.ipv4.icmp_ratelimit=0
start_server "$real1" s1 {tcp,udp}/25 || exit "$KSFT_FAIL"
start_server "$lb" s9 udp/99 || exit "$KSFT_FAIL"
both dr eth0
ktap_exit
