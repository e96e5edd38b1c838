#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# lbcheckd and its check "tcp": what it says of servers, and that it follows
# the module.
#
#	$lb                                  $server1
#	192.168.31.1, fd31::1  ------------  192.168.31.20, fd31::20
#	192.168.32.1           ------------  192.168.32.21   $server2
#
# Both servers have a second address, 192.168.31.99 and 192.168.32.99. The VIP
# SMTP has a real on each, HT1 and HT2. A case begins with both up.

# Cases are called by name, through ktap_run.
# shellcheck disable=SC2317 source=tests/checker/lib.sh
. "$(dirname "$0")/checker/lib.sh"

readonly VIP6=2001:db8::10

# As there, with IPv6 and with addresses to move to.
link_server()
{
	local server=$1 net=$2 host=$3

	ip -n "$lb" -batch - <<-EOT &&
		link add to$net type veth peer name eth0 netns $server
		addr add 192.168.$net.1/24 dev to$net
		addr add fd$net::1/64 dev to$net nodad
		link set to$net up
	EOT
	ip -n "$server" -batch - <<-EOT
		addr add 192.168.$net.$host/24 dev eth0
		addr add 192.168.$net.99/24 dev eth0
		addr add fd$net::$host/64 dev eth0 nodad
		addr add fd$net::99/64 dev eth0 nodad
		link set eth0 up
	EOT
}

# listen SERVER PORT - answers on it, over IPv4 and IPv6
listen()
{
	start_there "$1" "$2" socat -u OPEN:/dev/null \
		"TCP6-LISTEN:$2,reuseaddr,fork,ipv6only=0,backlog=4096"
	busywait "$PATIENCE" is_open "$1" "$2"
}

# mute SERVER - drops what comes to port 25
mute()
{
	in_ns "$1" nft -f - <<-EOT
		table inet mute {
			chain in {
				type filter hook input priority 0;
				tcp dport 25 drop
			}
		}
	EOT
}

unmute()
{
	in_ns "$1" nft delete table inet mute
}

# segments SERVER - TCP segments that it has received
segments()
{
	local fields line

	while read -r line; do
		[[ $line != Tcp:* ]] || read -ra fields <<< "$line"
	done < "/proc/$(< "$tmp/$1.stay")/net/snmp"
	echo "${fields[10]}"
}

has_received()
{
	[ "$(segments "$1")" -ge "$2" ]
}

# more_checks SERVER N - wait until it has seen N more: each is a connection of
# at most four segments
more_checks()
{
	busywait "$PATIENCE" has_received "$1" $(($(segments "$1") + 4 * $2))
}

# rests SERVER - wait until all its connections are over: nothing more comes by
# them
rests()
{
	busywait "$PATIENCE" is_at_rest "$1"
}

is_at_rest()
{
	local said

	said=$(in_ns "$1" ss -Htn) && [ -z "$said" ]
}

# is_real VIP NAME HEALTH [REASON]
is_real()
{
	local said

	said=$(real "$1" "$2" health reason 2> /dev/null) || return
	[[ $said == "$3 "* ]] && [[ $# -lt 4 || $said == "$3 $4" ]]
}

# becomes VIP NAME HEALTH [REASON]
becomes()
{
	busywait "$PATIENCE" is_real "$@" && return
	ctl real show "$1" "$2"
	tail -n 20 "$log"
	return 1
}

# What a server's health is, and since when.
health_of()
{
	real SMTP "$1" health since reason
}

setup()
{
	setup_ns lb server1 server2 &&
		link_server "$server1" 31 20 &&
		link_server "$server2" 32 21 &&
		ip -n "$lb" addr add "$VIP/32" dev lo &&
		ip -n "$lb" addr add "$VIP6/128" dev lo &&
		configure || return
	start_there "$server1" stay sleep infinity
	start_there "$server2" stay sleep infinity
	listen "$server1" 25 && listen "$server1" 26 &&
		listen "$server2" 25 && daemon_start
}

# fresh CASE - run it with everything as it should be, whatever was before
fresh()
{
	is_loaded || load_module
	unmute "$server1" 2> /dev/null
	is_alive "$server1" 25 || listen "$server1" 25
	is_alive "$server2" 25 || listen "$server2" 25
	[ ! -s "$tmp/status" ] || daemon_start
	ctl flush all && configure &&
		becomes SMTP HT1 up && becomes SMTP HT2 up && "$@"
}

test_up()
{
	is_real SMTP HT1 up "tcp 25: connected" &&
		logs "SMTP/HT1 192.168.31.20:25: up: tcp 25: connected (first check)"
}

test_refused()
{
	unlisten "$server1" 25 &&
		becomes SMTP HT1 down "tcp 25: connection refused" &&
		logs "SMTP/HT1 192.168.31.20:25: down: tcp 25: connection refused (after 2 failures)" &&
		is_real SMTP HT2 up || return
	listen "$server1" 25
	becomes SMTP HT1 up "tcp 25: connected" &&
		logs "SMTP/HT1 192.168.31.20:25: up: tcp 25: connected (after 2 successes)"
}

test_no_answer()
{
	mute "$server1" &&
		becomes SMTP HT1 down "tcp 25: no answer within 300ms" &&
		unmute "$server1" &&
		becomes SMTP HT1 up
}

test_reason()
{
	local since

	unlisten "$server1" 25 &&
		becomes SMTP HT1 down "tcp 25: connection refused" || return
	since=$(real SMTP HT1 since)
	mute "$server1" &&
		becomes SMTP HT1 down "tcp 25: no answer within 300ms" &&
		expect "$since" real SMTP HT1 since
}

# Without a way to it nothing is known of the server.
test_no_route()
{
	ip -n "$lb" route add unreachable 192.168.32.21
	busywait "$PATIENCE" has_result "not checked: no route to host" &&
		is_real SMTP HT2 up || return
	ip -n "$lb" route del unreachable 192.168.32.21
	busywait "$PATIENCE" has_result "tcp 25: connected" &&
		is_real SMTP HT2 up
}

has_result()
{
	[ "$(real SMTP HT2 result_text)" = "$1" ]
}

test_below_fall()
{
	local before

	ctl vip set SMTP check fall 100 || return
	before=$(health_of HT1)
	unlisten "$server1" 25 && more_checks "$server1" 1 || return
	listen "$server1" 25
	more_checks "$server1" 2 && expect "$before" health_of HT1
}

test_restart()
{
	local up down

	unlisten "$server2" 25 &&
		becomes SMTP HT2 down "tcp 25: connection refused" || return
	up=$(health_of HT1)
	down=$(health_of HT2)
	daemon_stop &&
		expect "$up" health_of HT1 && expect "$down" health_of HT2 &&
		daemon_start &&
		more_checks "$server1" 4 && more_checks "$server2" 1 &&
		expect "$up" health_of HT1 && expect "$down" health_of HT2 &&
		! grep -E ': (up|down):' "$log" || return
	listen "$server2" 25
	becomes SMTP HT2 up
}

test_real_new()
{
	ctl real add SMTP HT3 192.168.31.99 check tcp port 26 "${CHECK[@]}" &&
		becomes SMTP HT3 up "tcp 26: connected"
}

# That none comes any more is seen by the checks of the other server.
test_real_del()
{
	local seen

	ctl real del SMTP HT1 && more_checks "$server2" 3 &&
		rests "$server1" || return
	seen=$(segments "$server1")
	more_checks "$server2" 3 && expect "$seen" segments "$server1"
}

test_vip_del()
{
	local seen

	ctl vip add KEPT "$VIP" tcp 26 check tcp port 25 "${CHECK[@]}" &&
		ctl real add KEPT HT2 192.168.32.99 && becomes KEPT HT2 up &&
		ctl vip del SMTP && more_checks "$server2" 3 &&
		rests "$server1" || return
	seen=$(segments "$server1")
	more_checks "$server2" 3 && expect "$seen" segments "$server1"
}

test_check_port()
{
	ctl vip set SMTP check port 26 &&
		becomes SMTP HT2 down "tcp 26: connection refused" &&
		becomes SMTP HT1 up "tcp 26: connected" &&
		ctl vip set SMTP check port default &&
		becomes SMTP HT2 up "tcp 25: connected"
}

test_all_ports()
{
	ctl real set SMTP HT1 check tcp port 25,26 "${CHECK[@]}" &&
		becomes SMTP HT1 up "tcp 25,26: connected" &&
		ctl real set SMTP HT1 check port 25,26,27 &&
		becomes SMTP HT1 down "tcp 27: connection refused" &&
		ctl real set SMTP HT1 check inherit &&
		becomes SMTP HT1 up "tcp 25: connected"
}

test_real_port()
{
	ctl vip add NAT "$VIP" tcp 2525 mode nat check tcp "${CHECK[@]}" &&
		ctl real add NAT HT1 192.168.31.20 port 25 &&
		becomes NAT HT1 up "tcp 25: connected" &&
		ctl real set NAT HT1 port 26 &&
		becomes NAT HT1 up "tcp 26: connected" &&
		ctl real set NAT HT1 port 27 &&
		becomes NAT HT1 down "tcp 27: connection refused"
}

test_rename()
{
	ctl vip set SMTP name MAIL && unlisten "$server1" 25 &&
		becomes MAIL HT1 down
}

test_ipv6()
{
	ctl vip add WEB6 "$VIP6" tcp 25 check tcp "${CHECK[@]}" &&
		ctl real add WEB6 CAS1 fd31::20 &&
		ctl real add WEB6 CAS2 fd31::99 check tcp "${CHECK[@]}" \
			port 27 &&
		becomes WEB6 CAS1 up "tcp 25: connected" &&
		becomes WEB6 CAS2 down "tcp 27: connection refused" &&
		logs "WEB6/CAS1 [fd31::20]:25: up: tcp 25: connected"
}

test_any()
{
	ctl vip add ANY "$VIP6" tcp any force && ctl real add ANY R1 fd31::20 &&
		logs "ANY/R1 fd31::20: not checked: the vip has any port" &&
		daemon_kill HUP && more_checks "$server1" 3 &&
		expect 1 grep -cF "ANY/R1" "$log" &&
		is_real ANY R1 unknown &&
		ctl vip set ANY check port 27 && becomes ANY R1 down
}

test_not_ours()
{
	ctl real set SMTP HT1 check external &&
		ctl real health SMTP HT1 sick "by hand" &&
		ctl real set SMTP HT2 check off &&
		ctl real add SMTP HT3 192.168.31.99 &&
		becomes SMTP HT3 up && more_checks "$server1" 3 &&
		is_real SMTP HT1 sick "by hand" && is_real SMTP HT2 up '""' &&
		ctl real set SMTP HT1 check inherit &&
		ctl real set SMTP HT2 check inherit &&
		becomes SMTP HT1 up && becomes SMTP HT2 up "tcp 25: connected"
}

test_by_hand()
{
	ctl real health SMTP HT1 down "by hand" &&
		becomes SMTP HT1 up "tcp 25: connected"
}

times_read()
{
	grep -c '^read ' "$log"
}

has_read()
{
	[ "$(times_read)" -ge "$1" ]
}

test_hangup()
{
	local before

	before=$(times_read)
	daemon_kill HUP && busywait "$PATIENCE" has_read $((before + 1))
}

# Whether a notification found no room.
has_dropped()
{
	# shellcheck disable=SC2016 # awk's
	in_ns "$lb" awk '$2 == 16 && $9 > 0 { found = 1 }
		END { exit !found }' /proc/self/net/netlink
}

# None is read for a while, and they are as large as they get.
test_overrun()
{
	local n=0

	ctl vip add WIDE "$VIP" tcp "$(seq -s , 1001 2 1127)" \
		check external port "$(seq -s , 1 2 31)" &&
		daemon_kill STOP || return
	until has_dropped; do
		[ $((n += 10)) -le 500 ] || break
		seq "$n" $((n + 9)) |
			xargs -I {} lbctl -n "$lb" vip set WIDE idle 1{}
	done
	ctl real del SMTP HT2 && ctl real add SMTP HT5 192.168.32.99
	daemon_kill CONT
	logs "notifications were lost; reading all anew" &&
		becomes SMTP HT5 up && ctl real add SMTP HT2 192.168.32.21 &&
		becomes SMTP HT2 up
}

test_single()
{
	fail_with "another lbcheckd runs in this network namespace" \
		lbcheckd -n "$lb" && expect_status 1 lbcheckd -n "$lb"
}

test_usage()
{
	expect_status 2 lbcheckd -x && expect_status 2 lbcheckd surplus &&
		expect_status 2 lbcheckd -n &&
		expect_status 4 lbcheckd -n l4lb-no-such-name &&
		lbcheckd -h | grep -q '^usage: lbcheckd' &&
		lbcheckd -V | grep -q '^lbcheckd [0-9]'
}

# A verdict that may not be given is the end.
test_privilege()
{
	local program nobody=(setpriv --reuid 65534 --clear-groups --inh-caps=-all)

	program=$(command -v lbcheckd)
	"${nobody[@]}" test -x "$program" || return "$KSFT_SKIP"
	daemon_stop && ctl real del SMTP HT2 &&
		ctl real add SMTP HT2 192.168.32.21 &&
		expect_status 7 in_ns "$lb" "${nobody[@]}" timeout 60 \
			"$program" &&
		expect_status 7 in_ns "$lb" "${nobody[@]}" "$program" \
			-c SMTP/HT2 &&
		is_real SMTP HT2 unknown
}

test_reload()
{
	unload_module && logs "the module is not loaded; waiting for it" &&
		load_module && logs "connected to the module" && configure &&
		becomes SMTP HT1 up && becomes SMTP HT2 up
}

test_late()
{
	daemon_stop && unload_module && daemon_start &&
		logs "the module is not loaded; waiting for it" &&
		load_module && configure && becomes SMTP HT1 up
}

require_tool ip lbcheckd lbctl nft setpriv socat ss
load_module || ksft_skip_all "the module cannot be loaded"
setup || ksft_skip_all "the servers cannot be set up"
ktap_plan 25
ktap_run "servers come up" fresh test_up
ktap_run "a server that refuses goes down and comes back" fresh test_refused
ktap_run "a silent server goes down and comes back" fresh test_no_answer
ktap_run "without a way to it a server stays what it was" fresh test_no_route
ktap_run "another reason is told and is no change of health" fresh test_reason
ktap_run "fewer failures than fall are not told" fresh test_below_fall
ktap_run "a restart changes nothing" fresh test_restart
ktap_run "a new real is checked" fresh test_real_new
ktap_run "a removed real is not checked any more" fresh test_real_del
ktap_run "the reals of a removed vip are not checked any more" \
	fresh test_vip_del
ktap_run "another port of the check is followed" fresh test_check_port
ktap_run "all ports of a check must answer" fresh test_all_ports
ktap_run "another port of the real is followed" fresh test_real_port
ktap_run "another name of the vip is followed" fresh test_rename
ktap_run "an IPv6 server is checked" fresh test_ipv6
ktap_run "a vip with any port is not checked, which is told once" \
	fresh test_any
ktap_run "external and off are left alone" fresh test_not_ours
ktap_run "a verdict by hand holds until the checks know better" \
	fresh test_by_hand
ktap_run "SIGHUP reads everything anew" fresh test_hangup
ktap_run "lost notifications are made up for" fresh test_overrun
ktap_run "there is one in a network namespace" fresh test_single
ktap_run "a wrong command line is refused" test_usage
ktap_run "without privilege it ends" fresh test_privilege
ktap_run "the module may be unloaded and loaded" fresh test_reload
ktap_run "the module may come later" fresh test_late
ktap_exit
