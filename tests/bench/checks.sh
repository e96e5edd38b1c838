#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What it costs to check ten thousand servers every five seconds, by tcp.
#
#	tests/vm/run --count -- tests/bench/checks.sh
#
# All of them are addresses of this machine, with one server behind: what
# lbcheckd executes, the kernel's part of it included, is counted, and not what
# the server does. An instruction takes a nanosecond here.

set -u -o pipefail

top=$(cd "$(dirname "$0")/../.." && pwd) || exit 1
l4lb_ko=${L4LB_KO:?path of l4lb.ko}
fill=${FILL:-$top/build/tests/traffic/fill}
vips=100 reals=${REALS:-10000} seconds=${SECONDS_COUNTED:-20}
checker='' server=''
work=$(mktemp -d) || exit 1

die()
{
	echo "checks: $*" >&2
	[ ! -s "$work/log" ] || tail -n 3 "$work/log" >&2
	exit 1
}

# shellcheck disable=SC2317 # called by a trap
cleanup()
{
	[ -z "$checker" ] || kill "$checker"
	[ -z "$server" ] || kill "$server"
	lbctl flush all
	rmmod l4lb
	rm -rf "$work"
} 2> /dev/null

# Sets spent, in ns.
read_spent()
{
	read -r spent _ < "/proc/$checker/schedstat"
}

# Sets up: how many are.
count_up()
{
	up=$(lbctl -j real show | grep -o '"health":"up"' | wc -l)
}

trap cleanup EXIT
insmod "$l4lb_ko" || die "cannot load $l4lb_ko"
ip route add local 10.9.0.0/16 dev lo || die "no route"
python3 - <<-EOF &
	import socket
	listener = socket.create_server(("", 25), backlog=4096)
	while True:
	    listener.accept()[0].close()
EOF
server=$!
"$fill" 203.0.113.10 1 1000 "$vips" 10.9.0.1 "$reals" nat wrr > /dev/null ||
	die "cannot make $reals reals"
for ((i = 0; i < vips; i++)); do
	lbctl vip set "v$i" check tcp port 25 || die "cannot check v$i"
done

lbcheckd 2> "$work/log" &
checker=$!
for ((i = 0; i < 60; i++)); do
	sleep 5
	count_up
	[ "$up" -lt "$reals" ] || break
done
[ "$up" -eq "$reals" ] || die "only $up of $reals are up"

read_spent
before=$spent
sleep "$seconds"
read_spent
memory=$(awk '/VmRSS/ { print int($2 / 1024) }' "/proc/$checker/status")
count_up
[ "$up" -eq "$reals" ] || die "only $up of $reals have stayed up"
checks=$((reals * seconds / 5))
echo "$reals reals every 5 s on kernel $(uname -r):" \
	"$(((spent - before) / checks)) instructions a check," \
	"$(((spent - before) / seconds / 1000000)) million a second," \
	"$memory MiB"
