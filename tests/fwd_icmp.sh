#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# ICMP errors: those on the way to the client reach the real that caused them,
# those of the real come from the VIP. The stranger is a router to a network
# behind it, in which the client has a second address; for the rest of the
# network see topo_dr and topo_nat in topo.sh.

# Cases are called by name.
# shellcheck disable=SC2317 source=tests/traffic/lib.sh
. "$(dirname "$0")/traffic/lib.sh"

readonly FAR4=192.168.40.50
readonly FAR6=fd40::50

# far_network - behind the stranger, who takes no more than 1300 bytes there
far_network()
{
	local ns

	ip -n "$stranger" link add eth1 type veth peer name eth1 \
		netns "$client" &&
		ip -n "$stranger" -batch - <<-EOT &&
			link set eth1 addrgenmode none
			link set eth1 up
			addr add 192.168.40.99/24 dev eth1
			addr add fd40::99/64 dev eth1 nodad
			addr add fe80::40:99/64 dev eth1 nodad
			route add $FAR4/32 dev eth1 mtu 1300
			route add $FAR6/128 dev eth1 mtu 1300
		EOT
		ip -n "$client" -batch - <<-EOT &&
			link set eth1 addrgenmode none
			link set eth1 up
			addr add $FAR4/24 dev eth1
			addr add $FAR6/64 dev eth1 nodad
			addr add fe80::40:50/64 dev eth1 nodad
			route add $VIP4/32 via 192.168.40.99 src $FAR4
			route add $VIP6/128 via fd40::99 src $FAR6
		EOT
		in_ns "$stranger" sysctl -qw net.ipv4.ip_forward=1 \
			net.ipv6.conf.all.forwarding=1 || return
	for ns in "$@"; do
		ip -n "$ns" route add 192.168.40.0/24 via 192.168.30.99 &&
			ip -n "$ns" route add fd40::/64 via fd30::99 || return
	done
	# Or IPv6 forwards to the VIP's own address what it should route.
	ip -n "$stranger" route replace default via 192.168.30.2 &&
		ip -n "$stranger" -6 route replace default via fd30::2
}

# begin MODE
begin()
{
	start_over &&
		ctl vip add V4 "$VIP4" tcp,udp 25 mode "$1" check off &&
		ctl real add V4 R1 "192.168.$net.20" &&
		ctl vip add V6 "$VIP6" tcp,udp 25 mode "$1" check off &&
		ctl real add V6 R1 "fd$net::20"
}

# forget_mtu - what the real has learned before
forget_mtu()
{
	ip -n "$real1" route flush cache
	ip -n "$real1" -6 route flush cache
}

# mtu_is_found MODE VIP ABOUT - the real sends segments that fit after the error
mtu_is_found()
{
	begin "$1" && forget_mtu && watch real1 "$real1" eth0 || return
	in_ns "$client" load stream "$2" 25 100000 || return
	wait_seen real1 "^in .* icmp6? .*about $3" && unwatch real1
}

# refused VIP PORT - whether a client learns that nobody listens
refused()
{
	# The inner shell expands them.
	# shellcheck disable=SC2016
	eventually in_ns "$client" bash -c '
		exec 3<> "/dev/udp/$1/$2" || exit 1
		echo >&3
		sleep 0.2
		! echo >&3' refused "$1" "$2" 2> /dev/null
}

# The error names the VIP and its port, not the real and its own.
real_refuses()
{
	begin "$1" && ctl vip add W4 "$VIP4" udp 77 mode "$1" check off &&
		ctl real add W4 R1 "192.168.$net.20" port 78 &&
		ctl vip add W6 "$VIP6" udp 77 mode "$1" check off &&
		ctl real add W6 R1 "fd$net::20" port 78 || return
	watch client "$client" eth1 && watch real1 "$real1" eth0 || return
	refused "$VIP4" 77 && refused "$VIP6" 77 || return
	unwatch client real1
	wait_seen real1 "^in .* udp .*>192.168.$net.20:78" &&
		wait_seen client "^in .* icmp $VIP4>$FAR4 .*type=3 code=3 .*about $FAR4:[0-9]*>$VIP4:77" &&
		not_seen client "^in .*(192\.168\.$net\.20|fd$net::20)"
}

# Those of routers between the balancer and the real, too.
routers_refuse()
{
	begin nat || return
	ctl vip add W4 "$VIP4" tcp 77 mode nat check off &&
		ctl real add W4 R1 192.168.51.20 || return
	ip -n "$lb" route add 192.168.51.0/24 via 192.168.31.21 &&
		ip -n "$real2" route add unreachable 192.168.51.0/24 &&
		in_ns "$real2" sysctl -qw net.ipv4.ip_forward=1 &&
		in_ns "$lb" sysctl -qw net.ipv4.ip_forward=1 || return
	watch client "$client" eth1 || return
	! in_ns "$client" load ask "$VIP4" 77 1 || return
	in_ns "$lb" sysctl -qw net.ipv4.ip_forward=0
	wait_seen client "^in .* icmp $VIP4>$FAR4 .*type=3 .*about $FAR4:[0-9]*>$VIP4:77" &&
		unwatch client && not_seen client "^in .*192\.168\.51\."
}

# An error about nothing that is known is the host's.
others_are_left_alone()
{
	begin "$1" || return
	ctl stats reset
	in_ns "$client" pkt_send udp "$FAR4" 4000 "$VIP4" 99
	in_ns "$client" ping -q -c 1 -W "$PATIENT" "$VIP4" > /dev/null &&
		in_ns "$client" ping -q -c 1 -W "$PATIENT" "$VIP6" > /dev/null &&
		same 0 "$(vip_get V4 stats.in_packets)" packets &&
		same "" "$(all_drops)" drops
}

topo_dr || ksft_skip_all "no network"
far_network "$real1" "$lb" || ksft_skip_all "no far network"
start_server "$real1" s1 {tcp,udp}/25 || ksft_skip_all "no server"
net=30

ktap_plan 12
ktap_run "DR: the real finds the MTU"		mtu_is_found dr "$VIP4" "$VIP4:25>$FAR4"
ktap_run "DR: the real finds the MTU of IPv6"	mtu_is_found dr "$VIP6" "\\[$VIP6\\]:25>\\[$FAR6\\]:"
ktap_run "DR: other ICMP is left to the host"	others_are_left_alone dr
ktap_run "SNAT: the real finds the MTU"		mtu_is_found snat "$VIP4" "192.168.30.20:25>192.168.30.2:"
ktap_run "SNAT: the real finds the MTU of IPv6"	mtu_is_found snat "$VIP6" "\\[fd30::20\\]:25>\\[fd30::2\\]:"
ktap_run "SNAT: the real's errors come from the VIP"	real_refuses snat
ktap_run "SNAT: other ICMP is left to the host"	others_are_left_alone snat

end_ns "${ns_list[@]}"
net=31
topo_nat || exit "$KSFT_FAIL"
far_network "$lb" || exit "$KSFT_FAIL"
start_server "$real1" s1 {tcp,udp}/25 || exit "$KSFT_FAIL"
ktap_run "NAT: the real finds the MTU"		mtu_is_found nat "$VIP4" "192.168.31.20:25>$FAR4"
ktap_run "NAT: the real finds the MTU of IPv6"	mtu_is_found nat "$VIP6" "\\[fd31::20\\]:25>\\[$FAR6\\]:"
ktap_run "NAT: other ICMP is left to the host"	others_are_left_alone nat
ktap_run "NAT: a refusal comes from the VIP"	real_refuses nat
ktap_run "NAT: so do a router's errors"		routers_refuse
ktap_exit
