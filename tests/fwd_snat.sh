#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# SNAT: reals that know of no VIP and have no route to the clients see the
# balancer. For the network see topo_dr in topo.sh, without the reals' VIP.

# Cases are called by name.
# shellcheck disable=SC2317 source=tests/traffic/lib.sh
. "$(dirname "$0")/traffic/lib.sh"

readonly LB4=192.168.30.2
readonly LB6=fd30::2

# begin [OPTION...] - every case begins with two reals
begin()
{
	start_over &&
		ctl vip add V "$VIP4" tcp,udp 25 mode snat check off "$@" &&
		ctl real add V R1 192.168.30.20 &&
		ctl real add V R2 192.168.30.21
}

begin6()
{
	start_over &&
		ctl vip add V "$VIP6" tcp,udp 25 mode snat check off &&
		ctl real add V R1 fd30::20 &&
		ctl real add V R2 fd30::21
}

# both_in_turn VERB VIP LB REAL - three each, who see the balancer
both_in_turn()
{
	one_cpu enter "$client" load "$1" "$2" 25 6 > "$tmp/lines" || return
	cat "$tmp/lines"
	same 3 "$(grep -Ec "^s1 $3 [0-9]+ ${4}20 25$" "$tmp/lines")" "of R1" &&
		same 3 "$(grep -Ec "^s2 $3 [0-9]+ ${4}21 25$" "$tmp/lines")" \
			"of R2"
}

both_in_turn4()
{
	begin && both_in_turn "$1" "$VIP4" "$LB4" 192.168.30.
}

both_in_turn6()
{
	begin6 && both_in_turn "$1" "$VIP6" "$LB6" fd30::
}

# Both ends are replaced, and nothing of one side is seen on the other.
nothing_leaks()
{
	begin
	watch client "$client" eth0 && watch real1 "$real1" eth0 &&
		watch real2 "$real2" eth0 || return
	in_ns "$client" load ask "$VIP4" 25 2 &&
		in_ns "$client" load asku "$VIP4" 25 2 500 &&
		in_ns "$client" load stream "$VIP4" 25 300000 || return
	unwatch client real1 real2
	not_seen client '192\.168\.30\.2[01]|192\.168\.30\.2:|sum=bad' &&
		not_seen real1 "$VIP4|192\.168\.30\.50|sum=bad" &&
		not_seen real2 "$VIP4|192\.168\.30\.50|sum=bad" &&
		same "" "$(all_drops)" drops
}

# unmerged VIP - all checksums are there when the packets are translated
unmerged()
{
	local ns

	watch client "$client" eth0 && watch real1 "$real1" eth0 || return
	for ns in "$client" "$real1" "$real2"; do
		in_ns "$ns" ethtool -K eth0 tso off gso off tx off \
			> /dev/null || return
	done
	in_ns "$client" load stream "$1" 25 300000 &&
		in_ns "$client" load stream "$1" 25 300000 &&
		in_ns "$client" load asku "$1" 25 2 501
	same 0 $? status || return
	for ns in "$client" "$real1" "$real2"; do
		in_ns "$ns" ethtool -K eth0 tx on tso on gso on > /dev/null
	done
	unwatch client real1
	[ "$(seen client "^in .*sum=ok")" -gt 0 ] &&
		[ "$(seen real1 "^in .*sum=ok")" -gt 0 ] &&
		not_seen client "sum=(bad|part)" &&
		not_seen real1 "sum=(bad|part)"
}

checksums_are_right()
{
	begin && unmerged "$VIP4" && begin6 && unmerged "$VIP6"
}

# Those of the host's own connections are left to it.
ports_are_its_own()
{
	local low high port n=0

	begin
	read -r low high < <(in_ns "$lb" \
		cat /proc/sys/net/ipv4/ip_local_port_range)
	in_ns "$client" load ask "$VIP4" 25 40 > "$tmp/lines" &&
		eventually all_closed "$client" || return
	while read -r _ _ port _; do
		n=$((n + 1))
		if [ "$port" -lt 1024 ] ||
		   { [ "$port" -ge "$low" ] && [ "$port" -le "$high" ]; }; then
			echo "port $port"
			return 1
		fi
	done < "$tmp/lines"
	same 40 "$n" connections &&
		same 40 "$(cut -d' ' -f2-4 "$tmp/lines" | sort -u | wc -l)" \
			"different sources"
}

# one_port - from now on there is a single one, 65535
one_port()
{
	in_ns "$lb" sysctl -qw net.ipv4.ip_local_port_range="1024 65534"
}

many_ports()
{
	in_ns "$lb" sysctl -qw net.ipv4.ip_local_port_range="32768 60999"
}

ports_run_out()
{
	begin && ctl real drain V R2 && one_port || return
	craft udp 4000
	becomes R1 conn_get 4000 real || return
	# One that has had no answer does not keep its port for long.
	becomes udp conn_get 4000 state || return
	craft udp 4001
	becomes ports=1 all_drops &&
		same none "$(conn_get 4001 real)" "connection without port" ||
		return

	# Another real, or another protocol, has ports of its own.
	craft tcp 4002 S
	becomes R1 conn_get 4002 real && ctl real online V R2 &&
		ctl real halt V R1 || return
	craft udp 4003
	becomes R2 conn_get 4003 real && ctl real online V R1 &&
		ctl real drain V R2 || return

	ctl conn flush real R1 > /dev/null && craft udp 4004
	becomes R1 conn_get 4004 real && many_ports
}

# A client that only began does not keep the port from others for long.
ports_come_back()
{
	begin && ctl real drain V R2 && one_port || return
	craft tcp 4000 S
	craft tcp 4001 S
	becomes ports=1 all_drops &&
		same R1 "$(conn_get 4000 real)" "the first client's" || return
	eventually port_is_given_to 4001 && same none "$(conn_get 4000 real)" \
		"the first client's" && many_ports
}

port_is_given_to()
{
	craft tcp "$1" S
	[ "$(conn_get "$1" real)" = R1 ]
}

bound_ports_are_left_alone()
{
	begin && one_port || return
	start_server "$lb" own tcp/65535 udp/65535 || return
	craft udp 4000
	becomes ports=1 all_drops || return
	craft tcp 4001 S
	becomes ports=2 all_drops || return
	kill "$server"
	# The kernel takes a moment.
	eventually port_comes_back && many_ports
}

port_comes_back()
{
	craft udp 4000
	[[ $(conn_get 4000 state) = udp* ]]
}

# One that connects to the same servers, as the checker does.
own_connections_are_not_ours()
{
	begin
	in_ns "$client" load ask "$VIP4" 25 4 > /dev/null &&
		in_ns "$lb" load ask 192.168.30.20 25 4 > "$tmp/lines" &&
		in_ns "$lb" load asku 192.168.30.21 25 4 >> "$tmp/lines" ||
		return
	same 4 "$(from s1 "$tmp/lines")" "of R1" &&
		same 4 "$(from s2 "$tmp/lines")" "of R2" &&
		same 4 "$(vip_get V stats.conns)" connections &&
		same "" "$(all_drops)" drops
}

# Whichever real it is, itself too.
a_real_is_a_client()
{
	begin
	one_cpu enter "$real1" load ask "$VIP4" 25 4 > "$tmp/lines" &&
		one_cpu enter "$real1" load asku "$VIP4" 25 4 \
			>> "$tmp/lines" || return
	same 4 "$(from s1 "$tmp/lines")" "of R1" &&
		same 4 "$(from s2 "$tmp/lines")" "of R2"
}

port_is_translated()
{
	start_over &&
		ctl vip add V "$VIP4" tcp,udp 24 mode snat check off &&
		ctl real add V R1 192.168.30.20 port 2525 || return
	in_ns "$client" load ask "$VIP4" 24 1 > "$tmp/lines" &&
		in_ns "$client" load asku "$VIP4" 24 1 >> "$tmp/lines" || return
	same 2 "$(grep -c "^s1 $LB4 [0-9]* 192.168.30.20 2525$" \
		"$tmp/lines")" answers
}

# Of those given, and also that of the VIP, whose own port is not taken.
sources_are_given()
{
	ip -n "$lb" addr add 192.168.30.5/32 dev eth0 &&
		begin source 192.168.30.5,"$VIP4" || return
	in_ns "$client" load ask "$VIP4" 25 20 > "$tmp/lines" &&
		in_ns "$client" load asku "$VIP4" 25 4 >> "$tmp/lines" ||
		return
	same "$VIP4 192.168.30.5 " \
		"$(cut -d' ' -f2 "$tmp/lines" | sort -u | tr '\n' ' ')" \
		sources &&
		ctl vip set V source default &&
		in_ns "$client" load ask "$VIP4" 25 2 > "$tmp/lines" &&
		same "$LB4" "$(cut -d' ' -f2 "$tmp/lines" | sort -u)" sources
}

connections_are_shown()
{
	local port

	begin && conn_open a "$client" "$VIP4" 25 > "$tmp/a" || return
	port=$(ctl -j conn show | grep -o '"client_port":[0-9]*')
	port=${port#*:}
	same snat "$(conn_get "$port" mode)" mode &&
		same "$LB4" "$(conn_get "$port" source)" source &&
		same "$(cut -d' ' -f3 "$tmp/a")" \
			"$(conn_get "$port" source_port)" port &&
		conn_say a hello && conn_close a && eventually all_closed "$client"
}

conntrack_is_spared()
{
	begin
	in_ns "$lb" nft -f - <<-EOT || return
		table ip track {
			chain after {
				type filter hook prerouting priority 0;
				ip protocol != icmp ct state new,established,related,invalid,untracked counter
			}
		}
	EOT
	in_ns "$client" load ask "$VIP4" 25 2 &&
		in_ns "$client" load asku "$VIP4" 25 2 || return
	nft_counts "$lb" ip track 0 || return
	in_ns "$lb" nft delete table ip track
}

# A client that comes again has another source, whatever the real remembers.
a_port_is_used_again()
{
	begin
	in_ns "$client" load again "$VIP4" 25 4100 3 > "$tmp/lines" || return
	same 3 "$(wc -l < "$tmp/lines")" answers
}

halt_ends_both()
{
	begin && ctl real drain V R2 &&
		conn_open a "$client" "$VIP4" 25 || return
	watch real1 "$real1" eth0 && ctl real online V R2 &&
		ctl real halt V R1 || return
	! conn_say a lost && conn_ended a || return
	wait_seen real1 "^in .* $LB4:[0-9]*>192.168.30.20:25 .*flags=R" &&
		unwatch real1
}

mode_changes_without_connections()
{
	begin && conn_open a "$client" "$VIP4" 25 || return
	! ctl vip set V mode nat 2> "$tmp/err" && cat "$tmp/err" || return
	grep -q "conn flush" "$tmp/err" && conn_say a "goes on" || return
	conn_close a
	ctl conn flush all > /dev/null && ctl vip set V mode nat &&
		ctl vip set V mode snat &&
		in_ns "$client" load ask "$VIP4" 25 2
}

nonsense_is_refused()
{
	start_over && ctl vip add V "$VIP4" tcp 25 mode snat check off ||
		return
	! ctl real add V R "$VIP4" && ! ctl vip set V source "$LB6" &&
		! ctl vip set V source 224.0.0.1 &&
		! ctl vip set V source 127.0.0.1
}

# The last case.
unload_under_traffic()
{
	begin && flood "$client" "$VIP4" 25 || return
	ctl real del V R1 && ctl vip set V sched mh && ctl real del V R2 &&
		ctl real add V R1 192.168.30.20 && ctl vip del V &&
		begin && unload
	same 0 $? status || return
	unflood
}

topo_dr || ksft_skip_all "no network"
for real in "$real1" "$real2"; do
	ip -n "$real" -batch - <<-EOT || ksft_skip_all "no network"
		addr del $VIP4/32 dev lo
		addr del $VIP6/128 dev lo
	EOT
done
start_server "$real1" s1 {tcp,udp}/{25,2525} || ksft_skip_all "no server"
start_server "$real2" s2 {tcp,udp}/{25,2525} || ksft_skip_all "no server"

ktap_plan 21
ktap_run "connections reach both reals in turn"	both_in_turn4 ask
ktap_run "datagrams reach both reals in turn"	both_in_turn4 asku
ktap_run "IPv6 connections do"			both_in_turn6 ask
ktap_run "IPv6 datagrams do"			both_in_turn6 asku
ktap_run "neither side sees the other"		nothing_leaks
ktap_run "checksums are right"			checksums_are_right
ktap_run "the host's ports are left to it"	ports_are_its_own
ktap_run "ports that run out are counted"	ports_run_out
ktap_run "a port that is only asked for is given on"	ports_come_back
ktap_run "bound ports are left alone"		bound_ports_are_left_alone
ktap_run "the host's connections to reals are not taken" own_connections_are_not_ours
ktap_run "a real can be a client"		a_real_is_a_client
ktap_run "the port is translated"		port_is_translated
ktap_run "sources can be given"			sources_are_given
ktap_run "connections are shown"		connections_are_shown
ktap_run "connection tracking is spared"	conntrack_is_spared
ktap_run "a client's port is used again"	a_port_is_used_again
ktap_run "halt ends both sides"			halt_ends_both
ktap_run "the mode changes without connections"	mode_changes_without_connections
ktap_run "what makes no sense is refused"	nonsense_is_refused
ktap_run "unload under traffic"			unload_under_traffic
ktap_exit
