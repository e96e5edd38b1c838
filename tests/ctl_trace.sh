#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What becomes of packets, as it happens. For the network see topo_dr in topo.sh.

# Cases are called by name.
# shellcheck disable=SC2317 source=tests/traffic/lib.sh
. "$(dirname "$0")/traffic/lib.sh"

load_module || ksft_skip_all "the module cannot be loaded"
topo_dr || ksft_skip_all "no network namespaces"

# Nobody has these.
readonly A=192.168.30.67 B=192.168.30.68

# begin [OPTION...] - of the VIP, which has one real
begin()
{
	ctl flush all && ctl vip add V "$VIP4" tcp,udp 25 mode dr check off \
		"$@" && ctl real add V R1 192.168.30.20
}

# send PROTO CLIENT PORT [OPTION...]
send()
{
	local proto=$1 from=$2 port=$3
	shift 3

	in_ns "$client" pkt_send "$proto" "$from" "$port" "$VIP4" 25 "$@"
}

# trace [OPTION...] -- [FILTER...] - until untrace; a sign from $A is seen
trace()
{
	local options=()

	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	lbctl -n "$lb" "${options[@]}" trace "$@" > "$tmp/trace" \
		2> "$tmp/errors" &
	tracer=$!
	busywait "$PATIENCE" traces
}

traces()
{
	send udp "$A" 9 && [ -s "$tmp/trace" ]
}

untrace()
{
	kill "$tracer"
	wait "$tracer"
	! [ -s "$tmp/errors" ] || {
		cat "$tmp/errors"
		return 1
	}
}

# tells REGEX - until a line, without its time, is that
tells()
{
	busywait "$PATIENCE" grep -qE -- "^[-0-9]+ [0-9:.]+ $1\$" "$tmp/trace" || {
		cat "$tmp/trace"
		return 1
	}
}

connections()
{
	begin && trace -- && send tcp "$A" 4000 flags S &&
		tells "tcp $A:4000 > $VIP4:25 S [0-9]+: new, sent V/R1 syn" &&
		send tcp "$A" 4000 flags A seq 2 &&
		tells "tcp $A:4000 > $VIP4:25 \. [0-9]+: sent V/R1 established" &&
		send tcp "$A" 4000 flags R seq 2 &&
		tells "tcp $A:4000 > $VIP4:25 R [0-9]+: sent V/R1 closed" &&
		send udp "$A" 5000 &&
		tells "udp $A:5000 > $VIP4:25 [0-9]+: new, sent V/R1 udp-new" &&
		untrace
}

without_entry()
{
	begin sched sh && trace -- && send tcp "$A" 4000 flags S &&
		tells "tcp $A:4000 > $VIP4:25 S [0-9]+: new, sent V/R1" &&
		untrace
}

reasons()
{
	begin && trace -- && send tcp "$A" 4000 flags A &&
		tells "tcp $A:4000 > .*: dropped V: of no known connection .*" &&
		send tcp "$A" 4001 flags S && tells ".*:4001 > .* V/R1 syn" &&
		ctl real halt V R1 && send tcp "$A" 4001 flags A &&
		tells ".*:4001 > .*: dropped V/R1 syn: connection's real .*" &&
		send tcp "$A" 4002 flags S &&
		tells ".*:4002 > .*: dropped V: no real .*" &&
		ctl vip set V allow 192.168.30.50 &&
		send tcp "$A" 4003 flags S &&
		tells ".*:4003 > .*: dropped V: the vip does not serve .*" &&
		untrace
}

# A real's kernel resets what nobody listens for.
answers()
{
	begin && ctl vip set V mode snat && trace -- && send tcp "$A" 4000 flags S &&
		tells "tcp $A:4000 > $VIP4:25 S [0-9]+: new, sent V/R1 .*" &&
		tells "tcp 192.168.30.20:25 > 192.168.30.2:.* R\. [0-9]+: .* V/R1 closed" &&
		untrace
}

# The host's own rules come first, and then the packet is back.
by_input()
{
	begin hook input && trace -- && send tcp "$A" 4000 flags S &&
		tells "tcp $A:4000 > $VIP4:25 S [0-9]+: left V" &&
		tells "tcp $A:4000 > $VIP4:25 S [0-9]+: new, sent V/R1 syn" &&
		untrace
}

# A real that is this host, and a client that is.
on_this_host()
{
	begin && ctl vip set V mode nat && ctl real del V R1 &&
		ctl real add V R2 192.168.30.2 && trace -- &&
		send udp "$A" 4000 &&
		tells "udp $A:4000 > $VIP4:25 [0-9]+: new, sent V/R2 udp-new" &&
		in_ns "$lb" pkt_send udp 192.168.30.2 4001 "$VIP4" 25 &&
		tells "udp 192.168.30.2:4001 > .*: new, sent V/R2 udp-new" &&
		untrace
}

filters()
{
	begin && trace -- src "$A" vip V && send udp "$B" 4000 &&
		send udp "$A" 4001 && tells "udp $A:4001 > .*" &&
		untrace && not_in "$B" || return
	ctl vip add W "$VIP4" udp 26 check off || return
	trace -- vip V && send udp "$A" 4000 && tells "udp $A:4000 > .*" &&
		in_ns "$client" pkt_send udp "$A" 4002 "$VIP4" 26 &&
		send udp "$A" 4003 && tells "udp $A:4003 > .*" &&
		untrace && not_in :4002
}

not_in()
{
	! grep -F -- "$1" "$tmp/trace"
}

as_json()
{
	begin && trace -j -- && send tcp "$A" 4000 flags S &&
		busywait "$PATIENCE" grep -q '"sport":4000' "$tmp/trace" &&
		untrace || return
	json=$(grep '"sport":4000' "$tmp/trace") &&
		same tcp "$(field "$json" protocol)" protocol &&
		same "$VIP4" "$(field "$json" dst)" dst &&
		same S "$(field "$json" flags)" flags &&
		same sent "$(field "$json" verdict)" verdict &&
		same true "$(field "$json" new)" new &&
		same R1 "$(field "$json" real)" real
}

# Those of the next second say how many there were besides.
bounded()
{
	begin && trace -- limit 1 &&
		busywait "$PATIENCE" missed && untrace
}

missed()
{
	send udp "$A" 4000 count 20 &&
		grep -q 'packets were too many' "$tmp/trace"
}

one_at_a_time()
{
	begin && trace -- &&
		fail_with "another socket traces already" ctl trace &&
		untrace && trace -- && untrace
}

ends_well()
{
	begin && trace -- && ctl standby on && ctl standby off &&
		ctl flush all && begin && send udp "$A" 4000 &&
		tells "udp $A:4000 > .*" || return
	eventually rmmod l4lb 2> "$tmp/rmmod" || {
		cat "$tmp/rmmod"
		return 1
	}
	load_module && expect_status 3 wait "$tracer" &&
		grep -q "the module l4lb has been unloaded" "$tmp/errors"
}

# It traces, because another may not, but shows nothing.
# In poll(), which is where it waits for packets.
waits_for_packets()
{
	[[ $(< "/proc/$tracer/syscall") == 7\ * ]]
}

quietly()
{
	begin || return
	lbctl -n "$lb" -q trace > "$tmp/trace" 2> "$tmp/errors" &
	tracer=$!
	busywait "$PATIENCE" waits_for_packets &&
		fail_with "another socket traces already" ctl trace &&
		send udp "$A" 4000 && ctl flush all && untrace &&
		[ ! -s "$tmp/trace" ]
}

wrong()
{
	begin && expect_status 2 ctl trace src x 2> "$tmp/errors" &&
		expect_status 2 ctl trace nothing 2> "$tmp/errors" &&
		expect_status 4 ctl trace vip W 2> "$tmp/errors" &&
		grep -q 'no such vip' "$tmp/errors"
}

ktap_plan 13
ktap_run "connections, packet by packet"	connections
ktap_run "what makes no entry"			without_entry
ktap_run "why packets are dropped"		reasons
ktap_run "answers"				answers
ktap_run "what waits for INPUT"			by_input
ktap_run "reals and clients on this host"	on_this_host
ktap_run "whose packets"			filters
ktap_run "as JSON"				as_json
ktap_run "no more than asked for"		bounded
ktap_run "one at a time, until it is closed"	one_at_a_time
ktap_run "standby, flush and unload meanwhile"	ends_well
ktap_run "only errors"				quietly
ktap_run "what is wrong is refused"		wrong
ktap_exit
