#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Where packets are taken: before the host's firewall or after it. For the
# networks see topo.sh.

# Cases are called by name.
# shellcheck disable=SC2317 source=tests/traffic/lib.sh
. "$(dirname "$0")/traffic/lib.sh"

# begin MODE HOOK
begin()
{
	start_over &&
		ctl vip add V4 "$VIP4" tcp,udp 25 mode "$1" hook "$2" check off &&
		ctl real add V4 R1 "192.168.$net.20" &&
		ctl vip add V6 "$VIP6" tcp,udp 25 mode "$1" hook "$2" check off &&
		ctl real add V6 R1 "fd$net::20"
}

# One smart host may send mail, and a range of them, nobody else.
firewall()
{
	in_ns "$lb" nft -f - <<-EOT
		table inet guard {
			chain input {
				type filter hook input priority 0
				tcp dport 25 ip saddr 192.168.30.50-192.168.30.60 accept
				tcp dport 25 ip6 saddr fd30::50 accept
				tcp dport 25 counter reject with tcp reset
			}
		}
	EOT
}

no_firewall()
{
	in_ns "$lb" nft delete table inet guard
}

early_bypasses_input()
{
	begin "$1" early && firewall &&
		in_ns "$stranger" load ask "$VIP4" 25 1 &&
		in_ns "$stranger" load ask "$VIP6" 25 1 &&
		eventually all_closed "$stranger" &&
		nft_counts "$lb" inet guard 0 && no_firewall
}

input_is_obeyed()
{
	begin "$1" input && firewall || return
	in_ns "$client" load ask "$VIP4" 25 2 &&
		in_ns "$client" load ask "$VIP6" 25 2 &&
		in_ns "$client" load asku "$VIP4" 25 2 &&
		in_ns "$client" load asku "$VIP6" 25 2 &&
		in_ns "$client" load stream "$VIP4" 25 200000 &&
		in_ns "$client" load stream "$VIP6" 25 200000 || return
	! in_ns "$stranger" load ask "$VIP4" 25 1 &&
		! in_ns "$stranger" load ask "$VIP6" 25 1 &&
		same 5 "$(vip_get V4 stats.conns)" "conns, the client's alone" &&
		same "" "$(all_drops)" drops && no_firewall
}

# A rule of connection tracking must not stand in the way of what goes on.
tracking_does_no_harm()
{
	begin "$1" input || return
	in_ns "$lb" nft -f - <<-EOT || return
		table inet guard {
			chain input {
				type filter hook input priority 0
				ct state established counter accept
			}
		}
	EOT
	in_ns "$client" load ask "$VIP4" 25 2 &&
		in_ns "$client" load stream "$VIP4" 25 200000 &&
		in_ns "$client" load stream "$VIP6" 25 200000 && no_firewall
}

# Each VIP of an address is taken where it says, and may change its mind.
it_can_change()
{
	begin "$1" early && firewall || return
	ctl vip add W4 "$VIP4" tcp 26 mode "$1" hook input check off &&
		in_ns "$stranger" load ask "$VIP4" 25 1 || return
	conn_open a "$stranger" "$VIP4" 25 > /dev/null || return
	ctl vip set V4 hook input || return
	! in_ns "$stranger" load ask "$VIP4" 25 1 || return
	! conn_say a "behind the wall" 1 || return
	ctl vip set V4 hook early && no_firewall || return
	in_ns "$stranger" load ask "$VIP4" 25 1 && conn_close a
}

goes_under_traffic()
{
	local i

	begin "$1" input || return
	flood "$client" "$VIP4" 25 && flood "$client" "$VIP6" 25 || return
	for ((i = $(times 5); i; i--)); do
		ctl vip set V4 hook early && ctl vip set V6 hook early &&
			ctl vip set V4 hook input && ctl vip del V6 &&
			begin "$1" input || return
	done
	unload && load_module || return
	unflood
}

cases()
{
	ktap_run "$1: early bypasses INPUT"		early_bypasses_input "$1"
	ktap_run "$1: input obeys it"			input_is_obeyed "$1"
	ktap_run "$1: connection tracking does no harm"	tracking_does_no_harm "$1"
	ktap_run "$1: it can change"			it_can_change "$1"
	ktap_run "$1: it goes under traffic"		goes_under_traffic "$1"
}

net=30
topo_dr || ksft_skip_all "no network"
start_server "$real1" s1 {tcp,udp}/25 || ksft_skip_all "no server"
ktap_plan 10
cases dr

end_ns "${ns_list[@]}"
net=31
topo_nat || exit "$KSFT_FAIL"
start_server "$real1" s1 {tcp,udp}/25 || exit "$KSFT_FAIL"
cases nat
ktap_exit
