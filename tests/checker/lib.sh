#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Two servers, a balancer and lbcheckd. A test sources this in place of lib.sh.
#
#	$lb                          $server1
#	192.168.31.1  ------------  192.168.31.20
#	192.168.32.1  ------------  192.168.32.21   $server2
#
# The VIP SMTP has a real on each, HT1 and HT2. A case begins with both up.

# Tests call functions by name and use the variables.
# shellcheck disable=SC2034,SC2317 source=tests/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

readonly VIP=203.0.113.10
readonly CHECK=(interval 300ms timeout 300ms)
readonly PATIENCE=60000

server1='' server2=''
log=$tmp/log
options=()

link_server()
{
	local server=$1 net=$2 host=$3

	ip -n "$lb" -batch - <<-EOT &&
		link add to$net type veth peer name eth0 netns $server
		addr add 192.168.$net.1/24 dev to$net
		link set to$net up
	EOT
	ip -n "$server" -batch - <<-EOT
		addr add 192.168.$net.$host/24 dev eth0
		link set eth0 up
	EOT
}

# start_there SERVER NAME COMMAND... - a process that ends with the server
start_there()
{
	nsenter --net="/run/netns/$1" -- "${@:3}" > /dev/null 2>&1 < /dev/null &
	echo $! > "$tmp/$1.$2"
}

# is_open SERVER PORT - whether the process that start_there made listens on it
is_open()
{
	local pid port

	pid=$(< "$tmp/$1.$2")
	printf -v port '%04X' "$2"
	grep -qs ":$port [0-9A-F]*:0000 0A " "/proc/$pid/net/tcp"{,6}
}

# listen SERVER PORT - answers on it when this returns. To answer takes socat a
# process each time, and however long that is, there is room for those who wait.
listen()
{
	start_there "$1" "$2" socat -u OPEN:/dev/null \
		"TCP4-LISTEN:$2,reuseaddr,fork,backlog=4096"
	busywait "$PATIENCE" is_open "$1" "$2"
}

# says SERVER PORT FILE - whoever connects gets what is in the file now
says()
{
	start_there "$1" "$2" socat -U \
		"TCP4-LISTEN:$2,reuseaddr,fork,backlog=4096" "OPEN:$3,rdonly"
	busywait "$PATIENCE" is_open "$1" "$2"
}

is_alive()
{
	kill -0 "$(< "$tmp/$1.$2")" 2> /dev/null
}

is_dead()
{
	! is_alive "$@"
}

# unlisten SERVER PORT - refuses from now on
unlisten()
{
	kill "$(< "$tmp/$1.$2")"
	busywait "$PATIENCE" is_dead "$1" "$2"
}

# is_so VIP NAME KEYS VALUES - the fields of a real are those now
is_so()
{
	local said keys

	read -ra keys <<< "$3"
	# shellcheck disable=SC2053 # a pattern
	said=$(real "$1" "$2" "${keys[@]}" 2> /dev/null) && [[ $said == $4 ]]
}

# becomes VIP NAME KEYS VALUES - and soon they are; VALUES is a pattern
becomes()
{
	busywait "$PATIENCE" is_so "$@" && return
	ctl real show "$1" "$2"
	tail -n 20 "$log"
	return 1
}

has_logged()
{
	[[ $(< "$log") == *"$1"* ]]
}

# logs TEXT - wait until it is in the log
logs()
{
	busywait "$PATIENCE" has_logged "$1" && return
	tail -n 20 "$log"
	return 1
}

# What it logs from here on is all there is in the log.
daemon_start()
{
	: > "$log"
	rm -f "$tmp/status" "$tmp/pid"
	{
		lbcheckd -n "$lb" -v "${options[@]}" 2>> "$log" &
		echo $! > "$tmp/pid"
		wait $!
		echo $? > "$tmp/status"
	} > /dev/null 2>&1 &
	busywait "$PATIENCE" test -s "$tmp/pid" &&
		busywait "$PATIENCE" test -s "$log"
}

daemon_kill()
{
	kill "-$1" "$(< "$tmp/pid")"
}

daemon_stop()
{
	daemon_kill TERM
	busywait "$PATIENCE" test -s "$tmp/status" && expect 0 cat "$tmp/status"
}

is_stopped()
{
	[[ $(< "/proc/$(< "$tmp/pid")/stat") == *") T "* ]]
}

# at_once COMMAND [ARG...] - the daemon sees all that it does at one time
at_once()
{
	local status

	daemon_kill STOP
	busywait "$PATIENCE" is_stopped && "$@"
	status=$?
	daemon_kill CONT

	return "$status"
}

# As there; whoever reads what is in the module keeps it from going meanwhile,
# and the daemon does so a while after a change.
unload_module()
{
	! is_loaded || busywait "$PATIENCE" rmmod l4lb
}

# A VIP and its two servers, from nothing.
configure()
{
	ctl vip add SMTP "$VIP" tcp 25 check tcp "${CHECK[@]}" rise 2 fall 2 &&
		ctl real add SMTP HT1 192.168.31.20 &&
		ctl real add SMTP HT2 192.168.32.21
}

setup()
{
	setup_ns lb server1 server2 &&
		link_server "$server1" 31 20 &&
		link_server "$server2" 32 21 &&
		ip -n "$lb" addr add "$VIP/32" dev lo &&
		configure || return
	listen "$server1" 25 && listen "$server2" 25 && daemon_start
}

# fresh CASE - run it with everything as it should be, whatever was before, and
# with nothing in the log
fresh()
{
	is_loaded || load_module
	is_alive "$server1" 25 || listen "$server1" 25
	is_alive "$server2" 25 || listen "$server2" 25
	[ ! -s "$tmp/status" ] || daemon_start
	ctl flush all && configure &&
		becomes SMTP HT1 health up && becomes SMTP HT2 health up ||
		return
	: > "$log"
	"$@"
}
