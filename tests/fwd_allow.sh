#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Whom a VIP serves: lists of clients, how they change, and that they are asked
# for new connections only. For the network see topo_dr in topo.sh.

# Cases are called by name.
# shellcheck disable=SC2317 source=tests/traffic/lib.sh
. "$(dirname "$0")/traffic/lib.sh"

# begin LIST [OPTION...] - who may use V
begin()
{
	local list=$1
	shift

	start_over &&
		ctl vip add V "$VIP4" tcp,udp 25 check off allow "$list" "$@" &&
		ctl real add V R1 192.168.30.20
}

begin6()
{
	start_over &&
		ctl vip add V "$VIP6" tcp,udp 25 check off allow "$1" &&
		ctl real add V R1 fd30::20
}

# knock SOURCE... - a SYN of each
knock()
{
	local from vip

	for from in "$@"; do
		vip=$VIP4
		[[ $from != *:* ]] || vip=$VIP6
		in_ns "$client" pkt_send tcp "$from" 4000 "$vip" 25 flags S ||
			return
	done
}

# counted IN OUT - so many connections were made, so many were not
counted()
{
	becomes "not-allowed=$2" all_drops &&
		becomes "$1" real_get V R1 stats.conns
}

# ranges - how many there are; the shell would need minutes to find it
ranges()
{
	ctl -j vip show V | grep -o '"allow_count":[0-9]*' | cut -d: -f2
}

# allowed WANT - whether that is what is shown
allowed()
{
	local said

	said=$(ctl vip show V | sed -n 's/^allow  *//p')
	same "$1" "$said" allow
}

one_host()
{
	begin 192.168.30.50 || return
	ask "$client" "$VIP4" 25 > "$tmp/lines" &&
		same 1 "$(from s1 "$tmp/lines")" answers || return

	# Others hear nothing, not even that there is nothing.
	watch stranger "$stranger" eth0 || return
	in_ns "$stranger" pkt_send tcp 192.168.30.99 4000 "$VIP4" 25 flags S &&
		in_ns "$stranger" pkt_send udp 192.168.30.99 4000 "$VIP4" 25 &&
		counted 1 2 || return
	unwatch stranger
	not_seen stranger "^in .* ($VIP4|192.168.30.20)[:>]"
}

smart_hosts()
{
	begin 192.168.30.50-60 && allowed 192.168.30.50-192.168.30.60 || return
	knock 192.168.30.{48,49,50,55,60,61} && counted 3 3 || return
	begin 192.168.30.50-192.168.30.60,192.168.30.70 || return
	knock 192.168.30.{49,50,60,61,69,70,71} && counted 3 4
}

networks()
{
	begin 192.168.30.64/28,10.0.0.0/8 || return
	knock 192.168.30.{63,64,79,80} 9.255.255.255 10.0.0.0 10.255.255.255 \
		11.0.0.0 && counted 4 4 || return
	begin 0.0.0.0/0 && allowed 0.0.0.0/0 && knock 192.168.30.77 &&
		becomes 1 vip_get V stats.conns
}

ipv6()
{
	begin6 fd30::50-fd30::60,2001:db8:1::/48 || return
	allowed 2001:db8:1::/48,fd30::50-fd30::60 || return
	knock fd30::{4f,50,5a,60,61} 2001:db8:{0:ffff:ffff:ffff:ffff,1:}:ffff \
		2001:db8:2::1 && counted 4 4 || return
	ask "$client" "$VIP6" 25 > "$tmp/lines" &&
		same 1 "$(from s1 "$tmp/lines")" answers
}

# every_second N - so many addresses from 10.0.0.0 on that cannot be merged, as
# a file of a person would have them
every_second()
{
	awk -v n="$1" 'BEGIN {
		print "# made by a test"
		for (i = 0; i < n; i++)
			printf "10.0.%d.%d%s", int(i / 128), 2 * (i % 128),
			       i % 3 ? i % 3 == 1 ? " " : "," : " # one\n"
	}'
}

ten_thousand()
{
	every_second 10000 > "$tmp/list"
	begin "@$tmp/list" || return
	same 10000 "$(ranges)" ranges || return
	knock 10.0.0.{0,1,2} 10.0.78.{29,30,31,32} 9.255.255.255 &&
		counted 3 5 || return

	# A change of a real leaves the list as it is.
	ctl real set V R1 weight 5 && ctl real add V R2 192.168.30.21 &&
		ctl vip set V idle 1h || return
	same 10000 "$(ranges)" ranges &&
		ctl vip set V allow -10.0.0.0/24 &&
		same 9872 "$(ranges)" "ranges left"
}

as_many_as_there_can_be()
{
	awk 'BEGIN {
		for (i = 0; i < 16384; i++)
			printf "2001:db8::%x:%x\n", int(i / 32768), 2 * i
	}' > "$tmp/list"
	begin6 "@$tmp/list" || return
	same 16384 "$(ranges)" ranges || return
	knock 2001:db8::{0,1,2,7ffd,7ffe,7fff} && counted 3 3 || return
	fail_with "a vip has at most 16384 ranges" \
		ctl vip set V allow +2001:db9:: &&
		same 16384 "$(ranges)" ranges || return

	# Shown in full, and what is shown can be said again.
	ctl vip show V | sed -n 's/^allow  *//p' | tr , '\n' > "$tmp/shown"
	same 16384 "$(wc -l < "$tmp/shown")" "ranges shown" &&
		ctl vip set V allow any && allowed any &&
		ctl vip set V allow "@$tmp/shown" &&
		same 16384 "$(ranges)" "ranges again"
}

lists_change()
{
	begin 192.168.30.50-60 || return
	ctl vip set V allow +192.168.30.61,10.0.0.0/8 &&
		allowed 10.0.0.0/8,192.168.30.50-192.168.30.61 &&
		ctl vip set V allow -192.168.30.52-59,10.128.0.0/9 &&
		allowed 10.0.0.0/9,192.168.30.50/31,192.168.30.60/31 || return
	knock 192.168.30.{51,52,59,60} 10.127.0.1 10.128.0.1 &&
		counted 3 3 || return

	fail_with "no client would be left" ctl vip set V allow -0.0.0.0/0 &&
		fail_with "differ in family" ctl vip set V allow +fd30::50 &&
		fail_with "differ in family" ctl vip set V address fd30::11 &&
		allowed 10.0.0.0/9,192.168.30.50/31,192.168.30.60/31 || return
	ctl vip set V allow 192.168.30.99 && allowed 192.168.30.99 &&
		ctl vip set V allow default && allowed any &&
		fail_with "serves any client" \
			ctl vip set V allow +192.168.30.50 || return
	ctl vip set V allow 192.168.30.99 &&
		ctl vip replace V "$VIP4" tcp 25 && allowed any
}

not_everybody_may_see()
{
	begin 192.168.30.50,192.168.30.52 || return
	in_ns "$lb" setpriv --reuid 65534 --regid 65534 --clear-groups \
		lbctl vip show V > "$tmp/shown" || return
	grep -q '^allow  *2 ranges$' "$tmp/shown" &&
		! grep -q 192.168.30.50 "$tmp/shown"
}

asks_in_vain()
{
	expect_status 124 ask "$client" "$VIP4" 25 tcp 2
}

established_go_on()
{
	begin 192.168.30.50,192.168.30.99 || return
	conn_open here "$client" "$VIP4" 25 &&
		in_ns "$client" pkt_send udp "192.168.30.50" 4000 "$VIP4" 25 &&
		becomes udp-new conn_get 4000 state &&
		ctl vip set V allow -192.168.30.50 || return
	conn_say here "still here" "$PATIENT" &&
		in_ns "$client" pkt_send udp "192.168.30.50" 4000 "$VIP4" 25 ||
		return
	asks_in_vain || return
	# A slow machine may not have come to it in that time.
	until has_drops not-allowed; do
		asks_in_vain || return
	done
	ask "$stranger" "$VIP4" 25 > /dev/null || return

	same "ended 2" "$(ctl conn flush src 192.168.30.50 | tr -s ' ')" \
		"a flush of it" || return
	! conn_say here lost 1 && conn_ended here "$PATIENT"
}

streams_are_not_adopted()
{
	begin 192.168.30.50 sched sh || return
	craft tcp 4000 A seq 100 ack 100
	becomes not-allowed=1 all_drops && same 0 "$(conn_count all)" conns ||
		return
	ctl vip set V allow +192.168.30.77 || return
	craft tcp 4000 A seq 100 ack 100
	becomes unconfirmed conn_get 4000 state
}

after_the_hosts_rules()
{
	begin 192.168.30.50 hook input || return
	knock "$NOBODY" && becomes not-allowed=1 all_drops &&
		ask "$client" "$VIP4" 25 > /dev/null
}

changes_under_load()
{
	local i

	every_second 3000 > "$tmp/list"
	begin 192.168.30.50 || return
	flood "$client" "$VIP4" 25 || return
	for ((i = 0; i < $(times 10); i++)); do
		ctl vip set V allow "@$tmp/list" &&
			ctl vip set V allow +192.168.30.50 &&
			ctl real add V R2 192.168.30.21 &&
			ctl vip set V allow -10.0.0.0/24 &&
			ctl real del V R2 &&
			ctl vip set V allow any || return
	done
	in_ns "$client" load ask "$VIP4" 25 2 > /dev/null &&
		ctl vip set V allow 192.168.30.50 && ctl vip del V &&
		begin 192.168.30.50 &&
		in_ns "$client" load ask "$VIP4" 25 2 > /dev/null || return
	unflood
}

ends_with_the_module()
{
	changes_under_load && unload && load_module
}

require_tool setpriv
topo_dr || ksft_skip_all "no network"
start_server "$real1" s1 {tcp,udp}/25 || ksft_skip_all "no server"
start_server "$real2" s2 {tcp,udp}/25 || ksft_skip_all "no server"

ktap_plan 13
ktap_run "one host, and others hear nothing"		one_host
ktap_run "a range of hosts"				smart_hosts
ktap_run "networks"					networks
ktap_run "IPv6"						ipv6
ktap_run "ten thousand ranges from a file"		ten_thousand
ktap_run "as many ranges of IPv6 as there can be"	as_many_as_there_can_be
ktap_run "lists are added to, reduced, replaced"	lists_change
ktap_run "the list is for administrators"		not_everybody_may_see
ktap_run "what is established goes on"			established_go_on
ktap_run "streams of others are not adopted"		streams_are_not_adopted
ktap_run "hook input asks it too"			after_the_hosts_rules
ktap_run "lists change under load"			changes_under_load
ktap_run "and go with the module"			ends_with_the_module
ktap_exit
