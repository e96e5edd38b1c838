#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The two networks that the tests forward packets through, servers and clients.
# A test sources this in place of lib.sh and calls topo_dr or topo_nat.
#
# topo_dr, one LAN:
#
#	 $client        $stranger        $lb              $real1   $real2
#	 .50            .99              .2, VIP .10      .20      .21
#	   |              |               |               VIP on lo, no ARP
#	---+--------------+---------------+-----------------+---------+---
#			192.168.30.0/24  fd30::/64
#
# topo_nat, the reals behind the balancer, which is their default route. The
# clients' default route is the balancer too, but it does not forward: what
# arrives has been balanced.
#
#	 $client        $stranger              $real1   $real2
#	 .50            .99                    .20      .21
#	   |              |     .2      .2       |        |
#	---+--------------+-----+  $lb  +--------+--------+---
#	  192.168.30.0/24       VIP .10      192.168.31.0/24
#	  fd30::/64                          fd31::/64
#
# The last byte of an address is the same in both families: fd30::50, fd30::10.
# The device is eth0 everywhere, eth1 that of $lb towards the reals (topo_nat);
# the MAC address ends in net and host: 02:00:00:00:30:50. A bridge in $lan
# joins them. IPv6 does no duplicate address detection.

# Tests call the functions and use the variables.
# shellcheck disable=SC2034,SC2317 source=tests/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly VIP4=192.168.30.10
readonly VIP6=fd30::10

lan='' client='' stranger='' real1='' real2=''

# topo_lan NET HOST... - commands for a bridge, with a port for each host
topo_lan()
{
	local net=$1 host
	shift

	echo "link add br$net type bridge mcast_snooping 0"
	echo "link set br$net addrgenmode none up"
	for host in "$@"; do
		echo "link add p$net-$host type veth peer name e$net-$host"
		echo "link set p$net-$host addrgenmode none master br$net up"
	done
}

# topo_port NS DEVICE NET HOST - brings a host to its port of the bridge. It
# sends nothing by itself: the link-local address is given, not made.
topo_port()
{
	ip -n "$lan" link set "e$3-$4" netns "$1" &&
		ip -n "$1" -batch - <<-EOT
			link set lo up
			link set e$3-$4 name $2
			link set $2 address 02:00:00:00:$3:$4 addrgenmode none
			link set $2 up
			addr add 192.168.$3.$((10#$4))/24 dev $2
			addr add fd$3::$((10#$4))/64 dev $2 nodad
			addr add fe80::$3:$((10#$4))/64 dev $2 nodad
		EOT
}

# topo_route NS NET HOST - the default route
topo_route()
{
	ip -n "$1" route add default via "192.168.$2.$3" &&
		ip -n "$1" -6 route add default via "fd$2::$3"
}

# topo_vip NS DEVICE - the VIP's addresses
topo_vip()
{
	ip -n "$1" -batch - <<-EOT
		addr add $VIP4/32 dev $2
		addr add $VIP6/128 dev $2 nodad
	EOT
}

topo_dr()
{
	local real

	add_ns lan client stranger lb real1 real2 &&
		topo_lan 30 50 99 02 20 21 | ip -n "$lan" -batch - &&
		topo_port "$client" eth0 30 50 &&
		topo_port "$stranger" eth0 30 99 &&
		topo_port "$lb" eth0 30 02 &&
		topo_port "$real1" eth0 30 20 &&
		topo_port "$real2" eth0 30 21 &&
		topo_vip "$lb" eth0 || return
	for real in "$real1" "$real2"; do
		in_ns "$real" sysctl -qw net.ipv4.conf.all.arp_ignore=1 \
			net.ipv4.conf.all.arp_announce=2 &&
			topo_vip "$real" lo || return
	done
}

topo_nat()
{
	add_ns lan client stranger lb real1 real2 &&
		(topo_lan 30 50 99 02; topo_lan 31 02 20 21) |
			ip -n "$lan" -batch - &&
		topo_port "$client" eth0 30 50 &&
		topo_port "$stranger" eth0 30 99 &&
		topo_port "$lb" eth0 30 02 &&
		topo_port "$lb" eth1 31 02 &&
		topo_port "$real1" eth0 31 20 &&
		topo_port "$real2" eth0 31 21 &&
		topo_vip "$lb" eth0 &&
		in_ns "$lb" sysctl -qw net.ipv4.ip_forward=0 \
			net.ipv6.conf.all.forwarding=0 &&
		topo_route "$client" 30 2 &&
		topo_route "$stranger" 30 2 &&
		topo_route "$real1" 31 2 &&
		topo_route "$real2" 31 2
}

# start_server NS NAME PROTO/PORT... - one process that serves all of them on
# every address of both families, ready when this returns; it ends with NS. To
# a new connection, and to each datagram, it says in one line
#
#	NAME CLIENT CLIENT-PORT ADDRESS PORT
#
# with both ends as it sees them, and then echoes what it gets. Its process id
# is in $server.
start_server()
{
	local ns=$1 ready=$tmp/ready-$1-$2 log=$tmp/server-$1-$2
	shift

	rm -f "$ready"
	enter "$ns" serve "$ready" "$@" > "$log" 2>&1 < /dev/null &
	server=$!
	# The shell need not say when it is killed.
	disown "$server"
	busywait 60000 [ -e "$ready" ] || {
		cat "$log"
		return 1
	}
}

# stop_server - ends the last one; its ports are free when this returns
stop_server()
{
	kill "$server" && busywait 60000 server_is_over
}

server_is_over()
{
	! kill -0 "$server" 2> /dev/null
}

# ask NS ADDRESS PORT [tcp|udp [SECONDS]] - prints the line of a server. Exit
# status 1: refused, reset or unreachable; 124: no answer within SECONDS (60).
ask()
{
	# The inner shell expands them.
	# shellcheck disable=SC2016
	in_ns "$1" timeout "${5:-60}" bash -c '
		exec 3<> "/dev/$3/$1/$2" || exit 1
		[ "$3" = tcp ] || echo >&3 || exit 1
		line=$(head -n 1 <&3)
		[ -n "$line" ] || exit 1
		echo "$line"' ask "$2" "$3" "${4:-tcp}" 2> /dev/null
}

# Connections that stay: conn_open KEY ... conn_say KEY ... conn_close KEY, in
# one and the same case.
declare -A conn_in conn_out conn_pid

# conn_open KEY NS ADDRESS PORT [SOCAT-OPTION] - opens a TCP connection and
# prints the server's line; SOCAT-OPTION is like bind=192.168.30.51
conn_open()
{
	local key=$1 addr=$3 in out fd

	case $addr in
	*:*)
		addr=[$addr] ;;
	esac
	rm -f "$tmp/conn-$key".{in,out}
	mkfifo "$tmp/conn-$key".{in,out} || return
	(
		# Or the other connections could not be closed any more.
		for fd in "${conn_in[@]}" "${conn_out[@]}"; do
			exec {fd}>&-
		done
		exec enter "$2" socat -t 0.1 - \
			"TCP:$addr:$4,connect-timeout=60${5:+,$5}"
	) < "$tmp/conn-$key.in" > "$tmp/conn-$key.out" 2> /dev/null &
	conn_pid[$key]=$!
	exec {in}> "$tmp/conn-$key.in" {out}< "$tmp/conn-$key.out"
	conn_in[$key]=$in
	conn_out[$key]=$out
	conn_hear "$key"
}

# conn_hear KEY [SECONDS] - prints the next line; fails at the connection's end,
# and with a status above 128 when there is none within SECONDS (60)
conn_hear()
{
	local line

	IFS= read -r -t "${2:-60}" line <&"${conn_out[$1]}" || return
	echo "$line"
}

# conn_say KEY TEXT [SECONDS] - sends a line; its echo must come back
conn_say()
{
	local echoed

	(trap '' PIPE; echo "$2" >&"${conn_in[$1]}") 2> /dev/null || return
	echoed=$(conn_hear "$1" "${3:-60}") || return
	[ "$echoed" = "$2" ]
}

# conn_ended KEY [SECONDS] - waits for the end of the connection's process: it
# was reset or closed by the other side
conn_ended()
{
	local key=$1

	busywait "${2:-60}000" conn_is_over "$key"
}

conn_is_over()
{
	! kill -0 "${conn_pid[$1]}" 2> /dev/null
}

# conn_close KEY - closes it as a client does
conn_close()
{
	local in=${conn_in[$1]} out=${conn_out[$1]}

	exec {in}>&- {out}<&-
	wait "${conn_pid[$1]}" 2> /dev/null
	unset "conn_in[$1]" "conn_out[$1]" "conn_pid[$1]"
}
