#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What links do to packets: tags, large ones that hardware would cut or has put
# together, a bridge that shows the host what it carries for others. For the
# networks see topo_nat and topo_dr in topo.sh.

# Cases are called by name.
# shellcheck disable=SC2317 source=tests/traffic/lib.sh
. "$(dirname "$0")/traffic/lib.sh"

readonly CLIENT4=192.168.30.50
readonly CLIENT6=fd30::50

# begin MODE [REAL4 REAL6]
begin()
{
	start_over && ctl stats reset &&
		ctl vip add V4 "$VIP4" tcp,udp 25 mode "$1" check off &&
		ctl real add V4 R1 "${2:-192.168.$net.20}" &&
		ctl vip add V6 "$VIP6" tcp,udp 25 mode "$1" check off &&
		ctl real add V6 R1 "${3:-fd$net::20}" &&
		watch client "$client" "${dev:-eth0}" &&
		watch real1 "$real1" eth0
}

finish()
{
	unwatch client real1
	not_seen client "^in .*sum=bad" && not_seen real1 "^in .*sum=bad" &&
		same "" "$(all_drops)" drops
}

all_pass()
{
	in_ns "$client" load stream "$VIP4" 25 1000000 &&
		in_ns "$client" load stream "$VIP6" 25 1000000 &&
		in_ns "$client" load asku "$VIP4" 25 1 4000 &&
		in_ns "$client" load asku "$VIP6" 25 1 4000
}

# features NS DEVICE NAME VALUE...
features()
{
	in_ns "$1" ethtool -K "${@:2}" > /dev/null
}

# Than any that fits the link.
readonly LARGE='len=(1[6-9][0-9]{2}|[2-9][0-9]{3}|[0-9]{5}) '

# Sent as one, to be cut by a device that there is not.
whole_segments_pass()
{
	begin "$1" && all_pass && finish || return
	[ "$(seen real1 "^in .* tcp $CLIENT4:.*$LARGE")" -gt 0 ] &&
		[ "$(seen real1 "^in .* tcp .$CLIENT6.:.*$LARGE")" -gt 0 ]
}

# wait_for_more NS DEVICE US - for so long the device lets segments wait for
# those that they can be merged with
wait_for_more()
{
	local queue=/sys/class/net/$2

	ip netns exec "$1" sh -c "echo $(($3 * 1000)) > $queue/gro_flush_timeout &&
		echo $(($3 ? 100 : 0)) > $queue/napi_defer_hard_irqs"
}

# Sent one by one with whole checksums, and put together by the balancer.
merged_segments_pass()
{
	local status=1

	# A pair of devices merges only what comes from one that does not cut.
	features "$client" eth0 tso off gso off tx off &&
		features "$lan" p30-02 tso off &&
		features "$lb" eth0 gro on &&
		wait_for_more "$lb" eth0 20000 || return
	begin "$1" && all_pass && finish && status=0
	wait_for_more "$lb" eth0 0
	features "$lan" p30-02 tso on
	features "$client" eth0 tx on tso on gso on
	features "$lb" eth0 gro off
	[ "$status" -eq 0 ] || return
	[ "$(seen real1 "^in .* tcp $CLIENT4:.*$LARGE")" -gt 0 ] &&
		[ "$(seen real1 "^in .* tcp .$CLIENT6.:.*$LARGE")" -gt 0 ]
}

# A hundred datagrams in ten, to be cut behind the balancer; each is answered.
whole_datagrams_pass()
{
	local addr

	begin "$1" || return
	for addr in "$VIP4" "$VIP6"; do
		in_ns "$client" /usr/bin/python3 -I -S - "$addr" <<-EOT || return
			import socket, sys
			to = (sys.argv[1], 25)
			family = socket.AF_INET6 if ":" in to[0] else socket.AF_INET
			s = socket.socket(family, socket.SOCK_DGRAM)
			s.setsockopt(socket.SOL_UDP, 103, 500)
			for i in range(10):
			    s.sendto(b"x" * 5000, to)
			s.settimeout($PATIENT)
			for i in range(100):
			    assert len(s.recv(2000)) > 500
		EOT
	done
	# None has been cut on its way through.
	same "10 10" "$(vip_get V4 stats.in_packets) $(
		vip_get V6 stats.in_packets)" packets && finish
}

# tagged NS HOST - a device with a tag, in another network
tagged()
{
	ip -n "$1" -batch - <<-EOT
		link add link eth0 name eth0.7 type vlan id 7
		link set eth0.7 addrgenmode none up
		addr add 192.168.37.$2/24 dev eth0.7
		addr add fd37::$2/64 dev eth0.7 nodad
		addr add fe80::37:$2/64 dev eth0.7 nodad
	EOT
}

tags_are_taken_off()
{
	local dev=eth0.7

	tagged "$client" 50 && tagged "$lb" 2 || return "$KSFT_SKIP"
	ip -n "$client" route add "$VIP4/32" via 192.168.37.2 &&
		ip -n "$client" route add "$VIP6/128" via fd37::2 || return
	begin nat && all_pass && finish || return
	[ "$(seen real1 "^in .* tcp 192.168.37.50:")" -gt 0 ] &&
		[ "$(seen real1 "^in .* tcp .fd37::50.:")" -gt 0 ]
}

tags_are_put_on()
{
	local dev=eth0.7

	tagged "$client" 50 && tagged "$lb" 2 && tagged "$real1" 20 ||
		return "$KSFT_SKIP"
	ip -n "$client" route add "$VIP4/32" via 192.168.37.2 &&
		ip -n "$client" route add "$VIP6/128" via fd37::2 || return
	begin dr 192.168.37.20 fd37::20 && all_pass && finish || return
	ip -n "$client" route del "$VIP4/32" &&
		ip -n "$client" route del "$VIP6/128"
}

# bridge_here - between the balancer's link and a new real, .22
bridge_here()
{
	add_ns bridged &&
		ip -n "$lb" -batch - <<-EOT &&
			link add br0 type bridge mcast_snooping 0
			link set br0 address 02:00:00:00:30:02
			link set br0 addrgenmode none up
			link set eth0 master br0
			addr flush dev eth0
			addr add 192.168.30.2/24 dev br0
			addr add fd30::2/64 dev br0 nodad
			addr add fe80::30:2/64 dev br0 nodad
			link add p22 type veth peer name e22
			link set p22 addrgenmode none master br0 up
			link set e22 netns $bridged
		EOT
		ip -n "$bridged" -batch - <<-EOT &&
			link set lo up
			link set e22 name eth0
			link set eth0 address 02:00:00:00:30:22
			link set eth0 addrgenmode none up
			addr add 192.168.30.22/24 dev eth0
			addr add fd30::22/64 dev eth0 nodad
			addr add fe80::30:22/64 dev eth0 nodad
		EOT
		topo_vip "$lb" br0 && topo_vip "$bridged" lo &&
		in_ns "$bridged" sysctl -qw net.ipv4.conf.all.arp_ignore=1 \
			net.ipv4.conf.all.arp_announce=2 &&
		in_ns "$lb" sysctl -qw net.bridge.bridge-nf-call-iptables=1 \
			net.bridge.bridge-nf-call-ip6tables=1 \
			net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
}

# Requests go up and come down, answers pass by.
bridged_real_answers()
{
	local real1=$bridged

	begin dr 192.168.30.22 fd30::22 || return
	all_pass || {
		tail -n 20 "$tmp/watch-client" "$tmp/watch-real1"
		ctl stats
		ctl show
		ip -n "$lb" neigh
		return 1
	}
	finish || return
	in_ns "$client" load ask 192.168.30.22 25 1 &&
		in_ns "$client" load asku fd30::22 25 1 4000
}

# What the real says to a neighbour has nothing to do with the VIP, although a
# connection is between the same two and the host gets to see it.
others_pass_by()
{
	local real1=$bridged addr

	begin nat 192.168.30.22 fd30::22 || return
	in_ns "$client" pkt_send udp "$CLIENT4" 4000 "$VIP4" 25 &&
		in_ns "$client" pkt_send udp "$CLIENT6" 4000 "$VIP6" 25 ||
		return
	wait_seen real1 "^in .*:4000>192.168.30.22:25" &&
		wait_seen real1 "^in .*:4000>.fd30::22.:25" || return
	for addr in 192.168.30.22 fd30::22; do
		case $addr in
		*:*)
			set -- "$CLIENT6" ;;
		*)
			set -- "$CLIENT4" ;;
		esac
		in_ns "$bridged" pkt_send udp "$addr" 25 "$1" 4000 size 333 &&
			in_ns "$bridged" pkt_send udp "$addr" 25 "$1" 4000 \
				size 3000 split 1000 reverse || return
		wait_seen client "^in 02:00:00:00:30:22>.* udp .*$addr.*:25>.*:4000 ttl=64 .*data=333/" &&
			wait_seen client "^in 02:00:00:00:30:22>.*fragment at=0 .*$addr>" &&
			wait_seen client "^in 02:00:00:00:30:22>.*fragment at=2000 .*$addr>" ||
			return
	done
	finish && same 0 "$(vip_get V4 stats.out_packets)" "packets out" &&
		same 0 "$(vip_get V6 stats.out_packets)" "packets out"
}

both()
{
	ktap_run "$1: whole segments pass"		whole_segments_pass "$1"
	ktap_run "$1: merged segments pass"		merged_segments_pass "$1"
	ktap_run "$1: whole datagrams pass"		whole_datagrams_pass "$1"
}

require_tool ethtool
net=31
topo_nat || ksft_skip_all "no network"
in_ns "$lb" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
start_server "$real1" s1 {tcp,udp}/25 || ksft_skip_all "no server"

ktap_plan 10
both nat
ktap_run "nat: tags are taken off"		tags_are_taken_off

end_ns "${ns_list[@]}"
net=30
topo_dr || exit "$KSFT_FAIL"
start_server "$real1" s1 {tcp,udp}/25 || exit "$KSFT_FAIL"
both dr
ktap_run "dr: tags are put on"			tags_are_put_on

bridged=''
if modprobe -q br_netfilter && bridge_here &&
	start_server "$bridged" s2 {tcp,udp}/25; then
	ktap_run "a real on the host's own bridge answers" bridged_real_answers
	ktap_run "what the bridge carries passes by"	others_pass_by
else
	ktap_run "a real on the host's own bridge answers" exit "$KSFT_SKIP"
	ktap_run "what the bridge carries passes by"	exit "$KSFT_SKIP"
fi
# Bridges of other tests shall carry what they carry.
end_ns "${ns_list[@]}"
modprobe -qr br_netfilter
ktap_exit
