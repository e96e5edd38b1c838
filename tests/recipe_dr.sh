#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The recipes of l4lb-recipes(7) by DR.

# Cases are called by name, through ktap_run.
# shellcheck disable=SC2154,SC2317 source=tests/recipe/lib.sh
. "$(dirname "$0")/recipe/lib.sh"

load_module || ksft_skip_all "the module cannot be loaded"
topo_dr || ksft_skip_all "no network namespaces"
# What the recipes are to do is not done yet.
for ns in "$lb" "$real1" "$real2"; do
	ip -n "$ns" addr del "$VIP4/32" dev "$([ "$ns" = "$lb" ] &&
		echo eth0 || echo lo)"
done
for ns in "$real1" "$real2"; do
	in_ns "$ns" sysctl -qw net.ipv4.conf.all.arp_ignore=0 \
		net.ipv4.conf.all.arp_announce=0
done
start_site || ksft_skip_all "no servers"

# Nobody but the balancer answers for the VIP.
test_arp()
{
	run_recipe "$lb" vip "on balancer" &&
		run_recipe "$real1" arp "on server" &&
		run_recipe "$real2" arp "on server" &&
		busywait "$PATIENCE" is_answered
	cat "$tmp/arping"
	[ "$(grep -o '\[[0-9A-Fa-f:]*\]' "$tmp/arping" | sort -u)" = \
		"[02:00:00:00:30:02]" ]
}

# An answer may come when nobody waits for it any more.
is_answered()
{
	in_ns "$client" arping -c 2 -I eth0 "$VIP4" > "$tmp/arping"
	grep -q '\[' "$tmp/arping"
}

# Web and RPC stay where they are, each by itself; mail goes to and fro.
test_exchange()
{
	local web rpc

	apply_recipe exchange &&
		web=$(visits 2 "$client" 80 443) &&
		rpc=$(visits 2 "$client" 135 60200 60201) &&
		[[ $web =~ ^S[12]\ 192\.168\.30\.50$ ]] &&
		[[ $rpc =~ ^S[12]\ 192\.168\.30\.50$ ]] &&
		expect "S1 192.168.30.50 S2 192.168.30.50" \
			visits 4 "$client" 25 &&
		expect "S1 192.168.30.50 S2 192.168.30.50" \
			visits 4 "$client" 143 &&
		ctl real drain all 192.168.30.20 > /dev/null &&
		expect "S2 192.168.30.99" visits 2 "$stranger" 25 110 80
}

test_single()
{
	local all

	apply_recipe single &&
		all=$(visits 1 "$client" 25 80 110 135 143 443 60201) &&
		[[ $all =~ ^S[12]\ 192\.168\.30\.50$ ]]
}

test_connector()
{
	apply_recipe connector-dr &&
		expect "S1 192.168.30.50 S2 192.168.30.50" \
			visits 4 "$client" 25 &&
		apply_recipe connector-allow &&
		expect "S1 192.168.30.50 S2 192.168.30.50" \
			visits 4 "$client" 25 &&
		! visit "$stranger" 25 5
}

# A connection lives on under the rules, and a stranger has none.
test_firewall()
{
	recipe firewall "in nftables" > "$tmp/rules" &&
		in_ns "$lb" nft -f "$tmp/rules" &&
		apply_recipe firewall &&
		expect "S1 192.168.30.50 S2 192.168.30.50" \
			visits 4 "$client" 25 &&
		! visit "$stranger" 25 5 &&
		conn_open long "$client" "$VIP4" 25 && conn_ask long &&
		conn_ask long && conn_close long
	status=$?
	in_ns "$lb" nft flush ruleset
	return "$status"
}

# conn_ask KEY - something that is answered otherwise than it was asked
conn_ask()
{
	echo NOOP >&"${conn_in[$1]}" && conn_hear "$1" | grep "^250"
}

# Who a client gets is the same everywhere, and not the same for everyone.
test_hash()
{
	local host here seen=''

	apply_recipe hash || return
	for host in 51 52 53 54 55 56; do
		ip -n "$client" addr add "192.168.30.$host/24" dev eth0
		here=$(for port in 25 25 60200; do
			[ "$port" = 60200 ] || in_ns "$client" timeout "$PATIENT" socat \
				-t "$PATIENT" - "TCP:$VIP4:$port,bind=192.168.30.$host" \
				< /dev/null | cut -d' ' -f2
			[ "$port" != 60200 ] || in_ns "$client" curl -s -m "$PATIENT" \
				--interface "192.168.30.$host" "http://$VIP4/" |
				cut -d' ' -f1
		done | sort -u | xargs)
		[[ $here =~ ^S[12]$ ]] || {
			echo "192.168.30.$host: $here"
			return 1
		}
		seen+=$here
	done
	[[ $seen == *S1* && $seen == *S2* ]]
}

ktap_plan 6
ktap_run "the ARP problem of Linux servers"	test_arp
ktap_run "a mail site with four VIPs"		test_exchange
ktap_run "a mail site with one VIP"		test_single
ktap_run "who may send mail"			test_connector
ktap_run "a firewall on the balancer"		test_firewall
ktap_run "source hash for all ports"		test_hash
stop_site
ktap_exit
