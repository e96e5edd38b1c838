#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The balancer's own packets: clients on it reach the VIP, and it can be a real
# itself. For the networks see topo.sh.

# Cases are called by name.
# shellcheck disable=SC2317 source=tests/traffic/lib.sh
. "$(dirname "$0")/traffic/lib.sh"

readonly LB4=192.168.30.2
readonly LB6=fd30::2

# begin MODE - two reals for each VIP, in the network $net
begin()
{
	start_over &&
		ctl vip add V "$VIP4" tcp,udp 25 mode "$1" force check off &&
		ctl real add V R1 "192.168.$net.20" &&
		ctl real add V R2 "192.168.$net.21" &&
		ctl vip add V6 "$VIP6" tcp,udp 25 mode "$1" force check off &&
		ctl real add V6 R1 "fd$net::20" &&
		ctl real add V6 R2 "fd$net::21"
}

# own_client VERB VIP - both reals answer a client on the balancer
own_client()
{
	one_cpu enter "$lb" load "$1" "$2" 25 4 > "$tmp/lines" || return
	cat "$tmp/lines"
	same 2 "$(from s1 "$tmp/lines")" "of R1" &&
		same 2 "$(from s2 "$tmp/lines")" "of R2"
}

own_clients()
{
	begin "$1" || return
	own_client ask "$VIP4" && own_client asku "$VIP4" &&
		own_client ask "$VIP6" && own_client asku "$VIP6" &&
		in_ns "$lb" load stream "$VIP4" 25 300000 &&
		in_ns "$lb" load stream "$VIP6" 25 300000 &&
		same "" "$(all_drops)" drops
}

# The VIP is not the source that it would have by itself.
bound_client()
{
	begin "$1" && conn_open a "$lb" "$VIP4" 25 "bind=$LB4" &&
		conn_say a hello || return
	same snat "$(field "$(ctl -j conn show)" mode)" mode && conn_close a
}

# Nobody listens there, and the real says so: at once, not after a time.
own_client_is_refused()
{
	begin "$1" && ctl vip add W "$VIP4" tcp 77 mode "$1" force check off &&
		ctl real add W R1 "192.168.$net.20" || return
	! in_ns "$lb" load ask "$VIP4" 77 1 2> "$tmp/err" || return
	grep -i refused "$tmp/err"
}

no_real_for_own_client()
{
	begin "$1" && ctl real halt all R1 && ctl real halt all R2 || return
	! in_ns "$lb" load ask "$VIP4" 25 1 2> "$tmp/err" || return
	grep -i refused "$tmp/err" && [ "$(drops no-real)" -gt 0 ]
}

# narrow DEV VERB MTU - or wide - the way to the first real
narrow()
{
	ip -n "$lb" route "$2" "192.168.$net.20/32" dev "$1" mtu "$3" &&
		ip -n "$lb" -6 route "$2" "fd$net::20/128" dev "$1" mtu "$3"
}

# The way to the real is narrower than lo, and no client here learns that.
narrow_path()
{
	local status

	begin "$1" && ctl real halt V R2 && ctl real halt V6 R2 &&
		narrow "$2" add 1300 || return
	in_ns "$lb" load stream "$VIP4" 25 300000 &&
		in_ns "$lb" load stream "$VIP6" 25 300000 &&
		in_ns "$lb" load asku "$VIP4" 25 2 1400 > "$tmp/lines" &&
		in_ns "$lb" load asku "$VIP6" 25 2 1400 > "$tmp/lines" &&
		same "" "$(all_drops)" drops
	status=$?
	narrow "$2" del 1300
	return "$status"
}

# Where a SYN of others makes no entry, theirs must: it comes in again, by lo.
own_node()
{
	start_over &&
		ctl vip add V "$VIP4" tcp,udp 25 mode dr sched "$1" force \
			check off && ctl real add V L "$LB4" &&
		ctl vip add V6 "$VIP6" tcp,udp 25 mode dr sched "$1" force \
			check off && ctl real add V6 L "$LB6" &&
		start_server "$lb" own {tcp,udp}/25 || return
	in_ns "$lb" load ask "$VIP4" 25 2 && in_ns "$lb" load ask "$VIP6" 25 2 &&
		same "" "$(all_drops)" drops
	and_stop $?
}

# Rules that refuse what is not known let it pass as untracked.
rules_see_untracked()
{
	begin "$1" || return
	in_ns "$lb" nft -f - <<-EOT || return
		table ip own {
			chain in {
				type filter hook input priority 0;
				ct state invalid counter drop
			}
		}
	EOT
	in_ns "$lb" load ask "$VIP4" 25 2 && nft_counts "$lb" ip own 0
	same 0 $? status || return
	in_ns "$lb" nft delete table ip own
}

# local_node MODE [OPTION...] - the balancer is one of the reals
local_node()
{
	local mode=$1 addr4=$LB4 addr6=$LB6
	shift

	start_over &&
		ctl vip add V "$VIP4" tcp,udp 25 mode "$mode" force \
			check off "$@" &&
		ctl real add V L "$addr4" &&
		ctl real add V R1 "192.168.$net.20" &&
		ctl vip add V6 "$VIP6" tcp,udp 25 mode "$mode" force \
			check off "$@" &&
		ctl real add V6 L "$addr6" &&
		ctl real add V6 R1 "fd$net::20" &&
		start_server "$lb" own {tcp,udp}/25
}

# asked NS - both answer, and it is counted once
asked()
{
	local verb vip

	for verb in ask asku; do
		for vip in "$VIP4" "$VIP6"; do
			one_cpu enter "$1" load "$verb" "$vip" 25 4 \
				> "$tmp/lines" || return
			cat "$tmp/lines"
			same 2 "$(from own "$tmp/lines")" "of the balancer" &&
				same 2 "$(from s1 "$tmp/lines")" "of R1" ||
				return
		done
	done
	same 4 "$(real_get V L stats.conns)" "connections here" &&
		same local "$(real_get V L reach)" reach &&
		same "" "$(all_drops)" drops
}

# and_stop STATUS - ends the server; that is the status
and_stop()
{
	stop_server && same 0 "$1" status
}

balancer_is_a_real()
{
	local_node "$@" && asked "$client"
	and_stop $?
}

balancer_is_both()
{
	local_node "$@" && asked "$lb"
	and_stop $?
}

stream_to_balancer()
{
	local_node "$1" && ctl real halt all R1 &&
		in_ns "$client" load stream "$VIP4" 25 300000 &&
		in_ns "$client" load stream "$VIP6" 25 300000
	and_stop $?
}

local_node_is_counted()
{
	local_node "$1" && ctl real halt all R1 || return
	in_ns "$client" load asku "$VIP4" 25 3 100 &&
		same 3 "$(real_get V L stats.in_packets)" packets &&
		same 384 "$(real_get V L stats.in_bytes)" bytes
	and_stop $?
}

# The last case.
unload_under_own_traffic()
{
	begin nat && flood "$lb" "$VIP4" 25 || return
	ctl real del V R1 && ctl vip del V && begin snat && begin dr && unload
	same 0 $? status || return
	unflood
}

net=30
topo_dr || ksft_skip_all "no network"
start_server "$real1" s1 {tcp,udp}/25 || ksft_skip_all "no server"
start_server "$real2" s2 {tcp,udp}/25 || ksft_skip_all "no server"

ktap_plan 26
ktap_run "DR: clients here are served"			own_clients dr
ktap_run "SNAT: clients here are served"		own_clients snat
ktap_run "DR: a client with another address is"		bound_client dr
ktap_run "DR: a client here is refused by the real"	own_client_is_refused dr
ktap_run "DR: a client here learns that no real is there" no_real_for_own_client dr
ktap_run "DR: a client here on a narrow path"		narrow_path dr eth0
ktap_run "DR: rules see the answers as untracked"	rules_see_untracked dr
ktap_run "DR: the balancer is a real"			balancer_is_a_real dr
ktap_run "DR: hook input, the balancer is a real"	balancer_is_a_real dr hook input
ktap_run "SNAT: the balancer is a real"			balancer_is_a_real snat
ktap_run "DR: the balancer is real and client"		balancer_is_both dr
ktap_run "SNAT: the balancer is real and client"	balancer_is_both snat
ktap_run "DR, sh: the balancer is real and client"	own_node sh
ktap_run "DR, mh: the balancer is real and client"	own_node mh
ktap_run "DR: a stream to the balancer"			stream_to_balancer dr
ktap_run "DR: packets to the balancer are counted once"	local_node_is_counted dr

end_ns "${ns_list[@]}"
net=31
topo_nat || exit "$KSFT_FAIL"
start_server "$real1" s1 {tcp,udp}/25 || exit "$KSFT_FAIL"
start_server "$real2" s2 {tcp,udp}/25 || exit "$KSFT_FAIL"
ktap_run "NAT: clients here are served"			own_clients nat
ktap_run "NAT: a client with another address is"	bound_client nat
ktap_run "NAT: a client here is refused by the real"	own_client_is_refused nat
ktap_run "NAT: a client here on a narrow path"		narrow_path nat eth1
ktap_run "NAT: the balancer is a real"			balancer_is_a_real nat
ktap_run "NAT: hook input, the balancer is a real"	balancer_is_a_real nat hook input
ktap_run "NAT: the balancer is real and client"		balancer_is_both nat
ktap_run "NAT: a stream to the balancer"		stream_to_balancer nat
ktap_run "NAT: packets to the balancer are counted once" local_node_is_counted nat
ktap_run "unload under traffic of this host"		unload_under_own_traffic
ktap_exit
