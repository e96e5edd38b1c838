#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What would become of a packet: that what lbctl says comes true, and that it has
# a word for each step. For the network see topo_dr in topo.sh.

# Cases are called by name.
# shellcheck disable=SC2317 source=tests/traffic/lib.sh
. "$(dirname "$0")/traffic/lib.sh"

load_module || ksft_skip_all "the module cannot be loaded"
topo_dr || ksft_skip_all "no network namespaces"

# Nobody has it.
readonly A=192.168.30.67

# begin [OPTION...] - of the VIP
begin()
{
	ctl flush all &&
		ctl vip add V "$VIP4" tcp,udp 25,80 mode dr check off "$@" &&
		ctl real add V R1 192.168.30.20 &&
		ctl real add V R2 192.168.30.21
}

# explain WORD... - sets $json; on the processor that packets come in by
explain()
{
	json=$(one_cpu enter "$lb" lbctl -j explain "$@")
}

# says PATH WANT... - fields of $json
says()
{
	while [ $# -gt 0 ]; do
		same "$2" "$(field "$json" "$1")" "$1" || {
			echo "$json"
			return 1
		}
		shift 2
	done
}

# prints TEXT... - whether lines of the answer to the last words have these
prints()
{
	local text

	for text in "$@"; do
		grep -qE -- "$text" "$tmp/said" || {
			echo "no \"$text\" in:"
			cat "$tmp/said"
			return 1
		}
	done
}

has_conn()
{
	[ "$(conn_get "$1" real)" != none ]
}

# send PROTO CLIENT PORT [OPTION...] - to port 25
send()
{
	local proto=$1 from=$2 port=$3
	shift 3

	one_cpu enter "$client" pkt_send "$proto" "$from" "$port" "$VIP4" 25 \
		"$@"
}

# comes_true PROTO PORT [OPTION...] - of a packet from $A
comes_true()
{
	local proto=$1 port=$2 want
	shift 2

	explain "$A:$port" "$VIP4:25" "$proto" && says result forward || return
	want=$(field "$json" hop.real)
	send "$proto" "$A" "$port" "$@" && eventually has_conn "$port" &&
		same "$want" "$(conn_get "$port" real)" "real of $port"
}

true_by()
{
	local sched port

	for sched in wrr wlc; do
		begin sched "$sched" && ctl real set V R2 weight 50 || return
		for port in 4001 4002 4003 4004; do
			comes_true tcp "$port" flags S || return
		done
	done
	for sched in sh mh; do
		begin sched "$sched" || return
		for port in 4001 4002 4003; do
			comes_true udp "$port" && says by sched || return
		done
	done
}

nothing_changes()
{
	local slot

	begin persist 1h && explain "$A:4000" V && says by sched persist binds ||
		return
	slot=$(field "$json" slot)
	explain "$A:4000" V && says slot "$slot" &&
		same 0 "$(vip_get V persists)" entries &&
		same 0 "$(conn_count all)" connections
}

by_connection()
{
	local real other

	begin && send tcp "$A" 4000 flags S && eventually has_conn 4000 &&
		send tcp "$A" 4000 flags A seq 2 &&
		becomes established conn_get 4000 state || return
	real=$(conn_get 4000 real)
	explain "$A:4000" "$VIP4:25" tcp && says by conn result forward \
		conn.state established hop.real "$real" || return
	explain "$A:4001" "$VIP4:25" tcp && says by sched || return

	ctl real halt V "$real" || return
	[ "$real" = R1 ] && other=R2 || other=R1
	explain "$A:4000" "$VIP4:25" tcp && says by sched conn.orphan true \
		conn.answer rst hop.real "$other" || return
	ctl explain "$A:4000" "$VIP4:25" > "$tmp/said" &&
		prints "^connection +established with $real, .* get a reset$" \
			"^result +goes to $other"
}

by_persistence()
{
	local real

	begin persist 1h && send tcp "$A" 4000 flags S &&
		eventually has_conn 4000 &&
		send tcp "$A" 4000 flags A seq 2 &&
		becomes established conn_get 4000 state || return
	real=$(conn_get 4000 real)
	ctl real drain V "$real" && explain "$A:4001" "$VIP4:80" tcp &&
		says by persist persist keeps persist_entry.state full \
			hop.real "$real" || return
	ctl explain "$A" V > "$tmp/said" &&
		prints "^persistence +full entry for $real, age .*, left " \
			"^decided by +persistence" || return
	ctl real set V "$real" max-conns 1 state online &&
		explain "$A:4001" "$VIP4:80" tcp &&
		says by sched persist away
}

# standing REAL WANT
standing()
{
	local one=${json#*"\"reals\":["}

	one=${one#*"\"real\":\"$1\""}
	same "$2" "$(field "$one" standing)" "standing of $1"
}

passed_over()
{
	local i

	ctl flush all && ctl vip add V "$VIP4" tcp 25 check external || return
	for i in 1 2 3 4 5 6 7; do
		ctl real add V "R$i" "192.168.30.2$i" || return
	done
	for i in 1 2 3 4 7; do
		ctl real health V "R$i" up || return
	done
	ctl real health V R5 sick "421 too busy" &&
		ctl real health V R6 down &&
		ctl real drain V R1 && ctl real halt V R2 &&
		ctl real set V R3 weight 0 && ctl real set V R4 max-conns 1 &&
		ctl real add V R8 192.168.30.28 &&
		send tcp "$A" 4000 flags S && eventually has_conn 4000 || return
	[ "$(conn_get 4000 real)" = R4 ] || {
		send tcp "$A" 4001 flags S && eventually has_conn 4001
	} || return
	ctl explain "$A:4002" V > "$tmp/said"
	explain "$A:4002" V && says hop.real R7 by sched &&
		standing R1 drain && standing R2 halt &&
		standing R3 weight-0 && standing R4 full &&
		standing R5 sick && standing R6 down &&
		standing R7 chosen && standing R8 unknown &&
		prints "^R8 .* unknown +waits for its first good check$"
}

no_real()
{
	begin && ctl real halt all 192.168.30.20 > "$tmp/said" &&
		ctl real halt all 192.168.30.21 > "$tmp/said" &&
		explain "$A" V tcp &&
		says result drop drop no-real || return
	ctl explain "$A" V > "$tmp/said" &&
		prints "^result +dropped: no real .*, the client gets a reset$" ||
		return
	ctl vip set V fallback 192.168.30.50 && explain "$A" V &&
		says result forward by fallback hop.address 192.168.30.50
}

not_ours()
{
	begin allow 192.168.30.50-60 && explain "$A" V &&
		says result drop drop not-allowed allow_count 1 &&
		explain 192.168.30.50 V && says result forward &&
		explain "$A" "$VIP4:26" && says result no-port &&
		explain "$A" 192.168.30.11:25 && says result no-vip &&
		ctl vip set V allow any &&
		explain 127.0.0.1 V && says result forward hop.mode snat ||
		return
	ctl standby on && explain "$A" V && says result standby &&
		ctl standby off || return
	ctl vip set V address 192.168.30.12 && explain "$A" V &&
		says result no-address
}

leaves()
{
	begin && ctl real del V R2 && in_ns "$lb" ping -qc 1 -W "$PATIENT" \
		192.168.30.20 > "$tmp/ping" && explain "$A:4000" V &&
		says hop.mode dr hop.address 192.168.30.20 hop.port 25 \
			hop.dev eth0 hop.mac 02:00:00:00:30:20 hop.mtu 1500 ||
		return
	ctl explain "$A:4000" V > "$tmp/said" &&
		prints "^packet +tcp SYN from $A:4000 to $VIP4:25$" \
			"^leaves by +eth0, mac 02:00:00:00:30:20, mtu 1500$" ||
		return
	ctl vip set V mode snat && explain "$A" V &&
		says hop.mode snat hop.source 192.168.30.2 || return
	send udp "$A" 4000 && eventually has_conn 4000 &&
		explain "$A:4000" V udp &&
		says by conn hop.mode snat hop.source 192.168.30.2
}

six()
{
	ctl flush all && ctl vip add V "$VIP6" tcp 25 check off &&
		ctl real add V R1 fd30::20 &&
		explain fd30::50 "$VIP6" && says result forward hop.real R1 \
			hop.dev eth0 port 25 || return
	ctl explain "[fd30::50]:4000" "[$VIP6]:26" > "$tmp/said" &&
		prints "^packet +tcp SYN from \[fd30::50\]:4000 to \[$VIP6\]:26$" \
			"^result +left to the host: no vip has the port$"
}

# Of very many reals not all are told how they stand, which is said.
many()
{
	local i

	begin && for ((i = 2; i < 300; i++)); do
		echo "real add V M$i 192.168.31.$((i % 250 + 1)) weight 0"
	done | sed '250,$s/\.31\./.32./' | ctl batch - &&
		ctl explain "$A" V > "$tmp/said" &&
		prints "^shown +256 of 300 reals$" "^R1 " &&
		same 257 "$(sed -n '/^REAL /,$p' "$tmp/said" | wc -l)" lines
}

wrong()
{
	begin && fail_with "SRC is missing; usage: lbctl explain SRC[:PORT]" \
		ctl explain &&
		fail_with "VIP is missing" ctl explain "$A" &&
		fail_with '"x" is not an address' ctl explain x:25 V &&
		fail_with '"70000" is not a port' ctl explain "$A" V:70000 &&
		fail_with 'is no address and no name' ctl explain "$A" 1x &&
		fail_with '"icmp" is not tcp or udp' ctl explain "$A" V icmp &&
		fail_with 'unexpected "x"' ctl explain "$A" V tcp x &&
		fail_with 'no such vip' ctl explain "$A" W &&
		fail_with 'a port is needed' ctl explain "$A" 192.168.30.77 &&
		fail_with 'differ in family' ctl explain fd30::50 V || return
	expect_status 4 ctl explain "$A" W 2> "$tmp/errors" &&
		expect_status 2 ctl explain 2> "$tmp/errors"
}

ktap_plan 11
ktap_run "what it says comes true"		true_by
ktap_run "asking changes nothing"		nothing_changes
ktap_run "a connection decides"			by_connection
ktap_run "persistence decides"			by_persistence
ktap_run "reals passed over, and why"		passed_over
ktap_run "no real, and the fallback"		no_real
ktap_run "what the VIP does not take"		not_ours
ktap_run "how it leaves"			leaves
ktap_run "with IPv6"				six
ktap_run "very many reals"			many
ktap_run "what is wrong is refused"		wrong
ktap_exit
