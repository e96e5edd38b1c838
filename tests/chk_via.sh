#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Checks that go the way of clients' packets, to the address of the VIP: what is
# wrong with that at a server, its own address does not show. For the network
# see checker/lib.sh.

# Cases are called by name, through ktap_run.
# shellcheck disable=SC2317 source=tests/checker/lib.sh
. "$(dirname "$0")/checker/lib.sh"

readonly SILENT="tcp 25: no answer within 300ms"

# vip_on SERVER add|del - the VIP is an address of its own there
vip_on()
{
	ip -n "$1" addr "$2" "$VIP/32" dev lo
}

test_lacking()
{
	vip_on "$server1" add && ctl vip set SMTP check via vip &&
		becomes SMTP HT1 "health result_text" "up tcp 25: connected" &&
		becomes SMTP HT2 "health reason" "down $SILENT" || return
	vip_on "$server2" add
	becomes SMTP HT2 health up || return

	vip_on "$server1" del
	becomes SMTP HT1 "health reason" "down $SILENT" && is_so SMTP HT2 health up
}

# Their own address is all that they have to know.
test_nat()
{
	vip_on "$server1" del
	vip_on "$server2" del
	ctl vip set SMTP check via vip mode nat &&
		becomes SMTP HT1 "health reason" "up tcp 25: connected" &&
		becomes SMTP HT2 "health reason" "up tcp 25: connected"
} 2> /dev/null

test_firewalled()
{
	vip_on "$server1" add
	vip_on "$server2" add
	ctl vip set SMTP check via vip || return
	in_ns "$server1" nft -f - <<-EOT || return
		table ip guard {
			chain in {
				type filter hook input priority 0
				ip daddr $VIP tcp dport 25 reject with tcp reset
			}
		}
	EOT
	becomes SMTP HT1 "health reason" "down tcp 25: connection refused" &&
		is_so SMTP HT2 health up || return
	in_ns "$server1" nft delete table ip guard
	becomes SMTP HT1 health up
}

test_shown()
{
	vip_on "$server1" add
	ctl vip set SMTP check via vip || return
	lbcheckd -n "$lb" -c SMTP/HT1 > "$tmp/shown" &&
		grep -q "^up: tcp 25: connected" "$tmp/shown"
} 2> /dev/null

test_unloaded()
{
	vip_on "$server1" add
	vip_on "$server2" add
	ctl vip set SMTP check via vip && becomes SMTP HT1 health up &&
		unload_module && load_module && configure &&
		ctl vip set SMTP check via vip && becomes SMTP HT1 health up &&
		becomes SMTP HT2 health up
} 2> /dev/null

# was_asked SERVER N - whether so many checks have come
was_asked()
{
	local said

	said=$(in_ns "$1" nft list chain ip count in) &&
		[[ $said =~ packets\ ([0-9]+) ]] && [ "${BASH_REMATCH[1]}" -ge "$2" ]
}

# Each of the few ports is used many times within the minute for which it waits
# for the last packets of the connection before: in two minutes they would do for
# eighteen checks. Until a port's next turn the server has some seconds to close
# its side, for which it needs a process.
test_few_ports()
{
	local before server status

	before=$(in_ns "$lb" sysctl -n net.ipv4.ip_local_port_range)
	daemon_stop
	in_ns "$lb" sysctl -qw net.ipv4.ip_local_port_range="40000 40005"
	for server in "$server1" "$server2"; do
		vip_on "$server" add
		in_ns "$server" nft -f - <<-EOT
			table ip count {
				chain in {
					type filter hook input priority 0
					tcp dport 25 tcp flags syn counter
				}
			}
		EOT
	done
	# From the first: others find no port any more when a few are used up.
	ctl vip set SMTP check via vip interval 1s timeout 1s && daemon_start &&
		busywait $((PATIENCE * 2)) was_asked "$server1" 30 &&
		busywait "$PATIENCE" was_asked "$server2" 30 &&
		is_so SMTP HT1 "health result_text" "up tcp 25: connected" &&
		is_so SMTP HT2 "health result_text" "up tcp 25: connected" &&
		! grep -E 'not checked|: (down|sick):' "$log"
	status=$?
	[ "$status" -eq 0 ] || {
		in_ns "$server1" nft list chain ip count in
		ctl real show SMTP
		tail -n 20 "$log"
	}
	daemon_stop
	in_ns "$lb" sysctl -qw net.ipv4.ip_local_port_range="$before"
	daemon_start && return "$status"
}

require_tool ip lbcheckd lbctl nft socat
load_module || ksft_skip_all "the module cannot be loaded"
setup || ksft_skip_all "the servers cannot be set up"
in_ns "$server1" sysctl -qw net.ipv4.conf.all.arp_ignore=1
in_ns "$server2" sysctl -qw net.ipv4.conf.all.arp_ignore=1
ktap_plan 6
ktap_run "a server without the VIP is down"		fresh test_lacking
ktap_run "by NAT none needs it"				fresh test_nat
ktap_run "one whose firewall is in the way is down"	fresh test_firewalled
ktap_run "it is shown how"				fresh test_shown
ktap_run "the module may be unloaded and loaded"	fresh test_unloaded
ktap_run "ports that wait are used again"		fresh test_few_ports
ktap_exit
