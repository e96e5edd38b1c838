#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Probes: what a checker on the balancer sends reaches a DR real as clients'
# packets do, addressed to the VIP. The server says which two ends it sees. For
# the network see topo_dr in topo.sh.

# Cases are called by name.
# shellcheck disable=SC2317 source=tests/traffic/lib.sh
. "$(dirname "$0")/traffic/lib.sh"
require_tool probe

begin()
{
	start_over && ctl vip add V4 "$VIP4" tcp,udp 25 check off &&
		ctl real add V4 R1 192.168.30.20 &&
		ctl real add V4 R2 192.168.30.21 &&
		ctl vip add V6 "$VIP6" tcp,udp 25 check off &&
		ctl real add V6 R1 fd30::20
}

# probe4 PROTO [REAL [HOST]], probe6 PROTO - what the server says, without port
probe4()
{
	in_ns "$lb" probe V4 "${2:-R1}" "$1" 192.168.30.2 \
		"192.168.30.${3:-20}" 25 > "$tmp/line" &&
		sed -n '1s/ [0-9]* / /p' "$tmp/line"
}

probe6()
{
	in_ns "$lb" probe V6 R1 "$1" fd30::2 fd30::20 25 > "$tmp/line" &&
		sed -n '1s/ [0-9]* / /p' "$tmp/line"
}

servers_see_the_vip()
{
	begin &&
		same "s1 192.168.30.2 $VIP4 25" "$(probe4 tcp)" tcp &&
		same "s1 192.168.30.2 $VIP4 25" "$(probe4 udp)" udp &&
		same "s2 192.168.30.2 $VIP4 25" "$(probe4 tcp R2 21)" other &&
		same "s1 fd30::2 $VIP6 25" "$(probe6 tcp)" tcp6 &&
		same "s1 fd30::2 $VIP6 25" "$(probe6 udp)" udp6 &&
		same "" "$(all_drops)" drops
}

# Which its own address does not show.
missing_vips_are_found()
{
	local verdict

	begin || return
	ip -n "$real1" addr del "$VIP4/32" dev lo
	in_ns "$lb" load ask 192.168.30.20 25 1 > "$tmp/line" &&
		same s1 "$(cut -d' ' -f1 "$tmp/line")" direct || return
	probe4 udp
	verdict=$?
	ip -n "$real1" addr add "$VIP4/32" dev lo
	[ "$verdict" -ne 0 ] &&
		same "s1 192.168.30.2 $VIP4 25" "$(probe4 udp)" again
}

# Whatever the balancer thinks of it.
reals_out_of_service()
{
	begin && ctl real halt V4 R1 &&
		same "s1 192.168.30.2 $VIP4 25" "$(probe4 tcp)" halted
}

# Only what is a probe is treated as one.
others_pass()
{
	begin &&
		in_ns "$lb" probe V4 R1 tcp 192.168.30.2 192.168.30.20 25 keep \
			> "$tmp/line" &&
		in_ns "$lb" load ask 192.168.30.20 25 1 > "$tmp/line" &&
		same 192.168.30.20 "$(cut -d' ' -f4 "$tmp/line")" direct &&
		ask "$client" "$VIP4" 25 > "$tmp/line" &&
		same 192.168.30.50 "$(cut -d' ' -f2 "$tmp/line")" client
}

# refused WORDS ARG... - a probe that cannot be
refused()
{
	local words=$1
	shift

	! in_ns "$lb" probe "$@" 2> "$tmp/line" && grep -q "$words" "$tmp/line"
}

what_makes_no_sense()
{
	begin &&
		refused "no such vip" X R1 tcp 192.168.30.2 192.168.30.20 25 &&
		refused "no such real" V4 X tcp 192.168.30.2 192.168.30.20 25 &&
		refused "no address of this host" V4 R1 tcp "$VIP4" \
			192.168.30.20 25 &&
		refused "differ in family" V4 R1 tcp fd30::2 fd30::20 25 &&
		ctl vip set V4 mode nat &&
		refused "only with mode dr" V4 R1 tcp 192.168.30.2 \
			192.168.30.20 25
}

# Probes that are not ended go with what they are for.
they_go_with_the_real()
{
	begin || return
	in_ns "$lb" probe V4 R1 tcp 192.168.30.2 192.168.30.20 25 keep &&
		in_ns "$lb" probe V6 R1 udp fd30::2 fd30::20 25 keep &&
		ctl real del V4 R1 && ctl vip set V6 address fd30::11 &&
		in_ns "$lb" probe V4 R2 udp 192.168.30.2 192.168.30.21 25 keep &&
		start_over && begin && probe4 tcp && start_over
}

topo_dr || ksft_skip_all "no network"
start_server "$real1" s1 {tcp,udp}/25 || ksft_skip_all "no server"
start_server "$real2" s2 {tcp,udp}/25 || ksft_skip_all "no server"

ktap_plan 6
ktap_run "servers see the VIP"				servers_see_the_vip
ktap_run "a VIP that the server lacks is found"		missing_vips_are_found
ktap_run "reals out of service can be probed"		reals_out_of_service
ktap_run "other packets pass"				others_pass
ktap_run "what makes no sense is refused"		what_makes_no_sense
ktap_run "they go with the real"			they_go_with_the_real
ktap_exit
