#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# SYNs and ACKs that nobody goes on with: what they cost the table, and what
# happens to everybody else. With sh and mh a SYN leaves nothing behind, and yet
# its ACK finds the same real. For the network see topo_dr in topo.sh; a second
# balancer, $small, is in a user namespace, where the table is small.

# Cases are called by name.
# shellcheck disable=SC2317 source=tests/traffic/lib.sh
. "$(dirname "$0")/traffic/lib.sh"

# Half-open connections that the small table may have, and what exceeds it.
readonly HALF_OPEN=4096 MANY=6000

mode=dr

# Each flood has clients of its own: who comes twice is there.
poured=0

# by_nat COMMAND [ARG...]
by_nat()
{
	local mode=nat

	"$@"
}

# begin SCHED [OPTION...]
begin()
{
	local sched=$1
	shift

	start_over &&
		ctl vip add V "$VIP4" tcp 25,80 mode "$mode" sched "$sched" \
			check off "$@" &&
		ctl real add V R1 192.168.30.20 &&
		ctl real add V R2 192.168.30.21
}

# pour FLAGS [N] - N (MANY) packets of as many clients that are not there, to a
# port where nobody listens
pour()
{
	in_ns "$client" pkt_send tcp "10.9.$poured.1" 10000 "$VIP4" 80 flags "$1" \
		count "${2:-$MANY}" step
}

# hand FLAGS PORT N - one packet each from N ports of nobody
hand()
{
	in_ns "$client" pkt_send tcp "$NOBODY" "$2" "$VIP4" 25 flags "$1" \
		count "$3" step
}

info()
{
	field "$(ctl -j show)" "$1"
}

packets()
{
	vip_get V stats.in_packets
}

# nobody_get PORT FIELD - as conn_get, of nobody's connections among thousands
nobody_get()
{
	local json

	json=$(ctl -j conn show src "$NOBODY") || return
	if [[ $json =~ \{[^\{\}]*\"client_port\":$1,[^\{\}]*\} ]]; then
		field "${BASH_REMATCH[0]}" "$2"
	else
		echo none
	fi
}

# watched FLAGS N - whether the reals together have been seen to get N packets
watched()
{
	local want="tcp $NOBODY:.*>$VIP4:25 .* flags=$1 "

	[ $(($(seen real1 "$want") + $(seen real2 "$want"))) -ge "$2" ]
}

# ports_of REAL FLAGS FIRST LAST - of nobody's packets that it has got, sorted
ports_of()
{
	grep -oE "tcp $NOBODY:[0-9]+>$VIP4:25 .* flags=$2 " \
		"$tmp/watch-$1" | cut -d: -f2 | cut -d'>' -f1 |
		awk -v first="$3" -v last="$4" '$1 >= first && $1 <= last' |
		sort -u
}

# same_ports REAL FIRST LAST - whether it got the ACKs of its SYNs, and no others
same_ports()
{
	ports_of "$1" S "$2" "$3" > "$tmp/syns"
	ports_of "$1" A "$2" "$3" > "$tmp/acks"
	diff "$tmp/syns" "$tmp/acks" || {
		echo "$1 got other ACKs than SYNs"
		return 1
	}
}

ack_makes_the_entry()
{
	begin mh || return
	craft tcp 4000 S count 3
	becomes 3 packets && same 0 "$(conn_count all)" connections &&
		same 0 "$(vip_get V stats.conns)" conns || return

	craft tcp 4000 A seq 2
	becomes unconfirmed conn_get 4000 state &&
		same 4 "$(real_get V "$(conn_get 4000 real)" \
			stats.in_packets)" "packets of its real" || return
	craft tcp 4000 PA seq 2 size 10
	becomes established conn_get 4000 state &&
		same 1 "$(vip_get V stats.conns)" conns || return

	# Who thinks better of it tells the real, which waits for the ACK.
	craft tcp 4001 S
	craft tcp 4001 R seq 2
	craft tcp 4002 S
	craft tcp 4002 FA seq 2
	becomes 9 packets && same 1 "$(conn_count all)" connections &&
		same "" "$(all_drops)" drops
}

# Where the choice does not follow from the table, or the answers have to come
# back, there is no other way than to remember it.
others_remember()
{
	begin "$@" || return
	craft tcp 4000 S
	becomes syn conn_get 4000 state
}

limits_are_remembered()
{
	begin mh && ctl real set V R1 max-conns 100 || return
	craft tcp 4000 S
	becomes syn conn_get 4000 state
}

real_handshakes()
{
	local port

	begin "$1" || return
	conn_open a "$client" "$VIP4" 25 && conn_say a hello &&
		becomes 1 vip_get V stats.conns || return
	port=$(field "$(ctl -j conn show)" client_port)
	becomes established conn_get "$port" state && conn_close a &&
		eventually all_closed "$client"
}

# Batches of SYNs, a change after each, and then the ACKs of all.
changes_between_syn_and_ack()
{
	local made

	begin "$1" || return
	watch real1 "$real1" eth0 && watch real2 "$real2" eth0 || return

	hand S 5000 40 && becomes 40 packets &&
		ctl real set V R1 weight 300 || return
	hand S 5100 40 && becomes 80 packets &&
		ctl real set V R2 weight 0 || return
	hand S 5200 40 && becomes 120 packets &&
		ctl real set V R2 weight 900 || return
	hand S 5300 40 && becomes 160 packets &&
		ctl real set V R1 weight 100 &&
		ctl real drain V R1 || return
	hand S 5400 40 && becomes 200 packets || return

	# Only those that were led elsewhere are remembered.
	made=$(conn_count all)
	if [ "$made" -le 40 ] || [ "$made" -ge 160 ]; then
		echo "$made entries"
		return 1
	fi
	hand A 5000 40 && hand A 5100 40 && hand A 5200 40 &&
		hand A 5300 40 && hand A 5400 40 &&
		becomes 200 vip_get V stats.conns &&
		becomes 400 packets && eventually watched S 200 &&
		eventually watched A 200 || return
	unwatch real1 real2
	same_ports real1 5000 5499 && same_ports real2 5000 5499 || return
	[ "$(ports_of real1 S 5200 5239 | wc -l)" -eq 40 ] &&
		[ "$(ports_of real2 S 5400 5439 | wc -l)" -eq 40 ]
}

# The ACKs of a real that is no more go by the table that is now. What an ACK has
# begun may be over before it is counted, so what is counted is what was made.
a_real_goes_between()
{
	begin mh || return
	hand S 5000 40 && becomes 40 packets && "$1" R1 || return
	hand A 5000 40 && becomes 40 real_get V R2 stats.conns || return

	# SYNs that were led elsewhere meanwhile are remembered.
	hand S 5100 40 && becomes 120 packets &&
		ctl real replace V R1 192.168.30.20 state online || return
	hand A 5100 40 && becomes 80 real_get V R2 stats.conns
}
halt()
{
	ctl real halt V "$1"
}

remove()
{
	ctl real del V "$1"
}

# An old connection on a real that the table would not choose, closed: the SYN
# that uses its port again and the ACK meet at one real, and it is not the old
# one's entry that decides.
port_is_used_again()
{
	local port

	begin wrr || return
	hand S 6000 12 && hand A 6000 12 && hand FA 6000 12 &&
		becomes 36 packets && ctl vip set V sched mh || return
	for port in {6000..6011}; do
		conn_get "$port" real
	done > "$tmp/before"
	watch real1 "$real1" eth0 && watch real2 "$real2" eth0 || return
	hand S 6000 12 && becomes 48 packets &&
		same 12 "$(vip_get V stats.conns)" conns || return
	hand A 6000 12 && becomes 24 vip_get V stats.conns &&
		becomes 60 packets && eventually watched S 12 &&
		eventually watched A 12 || return
	unwatch real1 real2
	same_ports real1 6000 6011 && same_ports real2 6000 6011 || return
	for port in {6000..6011}; do
		conn_get "$port" real
	done > "$tmp/after"
	! cmp -s "$tmp/before" "$tmp/after" || {
		echo "no connection was led elsewhere"
		return 1
	}

	# Never to one that is dead.
	hand FA 6000 12 && ctl real halt V R1 && hand S 6000 12 &&
		hand A 6000 12 && becomes 36 vip_get V stats.conns &&
		same 12 "$(conn_count real R2)" "conns of R2"
}

# overflow FLAGS - until there is a flood, and is said to be one
overflow()
{
	pour "$1" && eventually shows_flood "$1"
}

# It is over a second after the last packet.
shows_flood()
{
	local pid status=1

	poured=$((poured + 1))
	pour "$1" 30000 &
	pid=$!
	while [ "$status" -ne 0 ] && kill -0 "$pid" 2> /dev/null; do
		! is true info flood || status=0
	done
	wait "$pid"
	return "$status"
}

# flooded SCHED FLAGS [OPTION...] - a flood by what makes entries; connections
# that are there live on, new ones come about
flooded()
{
	local sched=$1 flags=$2
	shift 2

	begin "$sched" "$@" && conn_open old "$client" "$VIP4" 25 &&
		conn_say old before || return
	same false "$(info flood)" "flood before it" && overflow "$flags" ||
		return
	[ "$(info conns)" -le $((HALF_OPEN + 2)) ] || {
		echo "$(info conns) entries"
		return 1
	}
	same "" "$(all_drops)" drops && conn_say old during || return

	conn_open new "$client" "$VIP4" 25 && conn_say new hello &&
		conn_close new && conn_say old after && conn_close old &&
		same "" "$(all_drops)" "drops at the end"
}

# What needs no entry is no flood.
nothing_happens()
{
	begin "$1" && conn_open old "$client" "$VIP4" 25 &&
		conn_say old before || return
	pour S || return
	becomes false info flood &&
		[ "$(info conns)" -le 2 ] && conn_say old during || return
	conn_open new "$client" "$VIP4" 25 && conn_say new hello &&
		conn_close new && conn_close old && same "" "$(all_drops)" drops
}

# Clients that have a server keep it, and those that come get one.
persistence_holds()
{
	local real

	begin wrr persist 1h &&
		conn_open old "$client" "$VIP4" 25 > "$tmp/line" || return
	real=$(cut -d' ' -f1 "$tmp/line")
	conn_say old before && overflow S || return
	conn_open next "$client" "$VIP4" 25 > "$tmp/line" &&
		same "$real" "$(cut -d' ' -f1 "$tmp/line")" "its server" &&
		conn_say next hello && conn_say old after &&
		conn_close next && conn_close old
}

# Nothing can be forwarded that way, but who is there stays, and there is room
# again soon.
nat_drops()
{
	begin "$1" || return
	craft tcp 4000 S
	craft tcp 4000 A seq 2
	becomes established conn_get 4000 state || return
	overflow S && has_drops flood &&
		[ "$(info conns)" -le $((HALF_OPEN + 1)) ] || return
	craft tcp 4000 PA seq 2 size 10
	same established "$(nobody_get 4000 state)" state &&
		eventually comes_in
}

comes_in()
{
	craft tcp 4002 S
	is syn nobody_get 4002 state
}

# setup_small - $small is where $lb was
setup_small()
{
	local pid

	unshare --user --map-root-user --net sleep infinity &
	pid=$!
	disown "$pid"
	busywait "$PATIENCE" other_net "$pid" || return
	small=l4lb-small-$$-$RANDOM
	ip netns attach "$small" "$pid" && ns_list+=("$small") &&
		plug "$small" eth0 30 03 &&
		ip -n "$lb" address flush dev eth0 &&
		topo_vip "$small" eth0 &&
		ip -n "$client" neigh flush dev eth0
}

other_net()
{
	! [ "/proc/$1/ns/net" -ef /proc/self/ns/net ]
}

topo_dr || ksft_skip_all "no network"
start_server "$real1" s1 tcp/25 || ksft_skip_all "no server"
start_server "$real2" s2 tcp/25 || ksft_skip_all "no server"

ktap_plan 22
for sched in sh mh; do
	ktap_run "$sched: real handshakes"		real_handshakes "$sched"
done
ktap_run "mh: the ACK makes the entry"			ack_makes_the_entry
ktap_run "wrr: a SYN makes one"				others_remember wrr
ktap_run "mh with persistence: so it does"		others_remember mh persist 1m
ktap_run "mh with NAT: so it does"			by_nat others_remember mh
ktap_run "mh with a limit: so it does"			limits_are_remembered
ktap_run "mh: the table changes between SYN and ACK"	changes_between_syn_and_ack mh
ktap_run "mh: a real is halted between them"		a_real_goes_between halt
ktap_run "mh: a real is removed between them"		a_real_goes_between remove
ktap_run "mh: a port is used again"			port_is_used_again

setup_small || ksft_skip_all "no second balancer"
start_over
lb=$small
for sched in wrr wlc; do
	ktap_run "$sched: a flood of SYNs"		flooded "$sched" S
done
ktap_run "sh with persistence: a flood of SYNs"		flooded sh S persist 1m
for sched in sh mh; do
	ktap_run "$sched: a flood of SYNs"		nothing_happens "$sched"
	ktap_run "$sched: a flood of ACKs"		flooded "$sched" A
done
ktap_run "wrr: a flood of SYNs leaves persistence"	persistence_holds
for sched in wrr mh; do
	ktap_run "nat, $sched: a flood of SYNs is dropped"	by_nat nat_drops "$sched"
done
end_ns "$small"
ktap_run "they go with the module"			unload
load_module
ktap_exit
