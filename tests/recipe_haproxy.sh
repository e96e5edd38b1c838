#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The recipe of l4lb-recipes(7) with HAProxy: $real1 is the proxy, $real2 the web
# server behind it.

# Cases are called by name, through ktap_run.
# shellcheck disable=SC2154,SC2317 source=tests/recipe/lib.sh
. "$(dirname "$0")/recipe/lib.sh"

require_tool haproxy
load_module || ksft_skip_all "the module cannot be loaded"
topo_dr || ksft_skip_all "no network namespaces"
ip -n "$real1" -batch - <<-EOT
	link add eth1 type veth peer name web0
	addr add 192.168.31.2/24 dev eth1
	link set eth1 up
EOT
ip -n "$real1" link set web0 netns "$real2" &&
	ip -n "$real2" -batch - <<-EOT
		link set eth0 down
		addr flush dev lo scope global
		link set web0 name eth1
		addr add 192.168.31.30/24 dev eth1
		link set eth1 up
	EOT
in_ns "$real1" sysctl -qw net.ipv4.ip_forward=1
start_site || ksft_skip_all "no servers"
start=$tmp/haproxy.cfg

# The certificate has another place there.
start_proxy()
{
	recipe haproxy "in haproxy.cfg" | sed "s|/etc/haproxy/site.pem|$pem|" \
		> "$start" || return
	in_ns "$real1" haproxy -c -q -f "$start" || return
	enter "$real1" haproxy -db -f "$start" > "$tmp/haproxy.log" 2>&1 &
	disown $!
}

# The web server, two machines away, sees the client; the proxy binds it to the
# server by a cookie.
test_haproxy()
{
	local said

	kill_talker "$real1"
	run_recipe "$real1" haproxy "on proxy" &&
		run_recipe "$real2" haproxy "on web" && start_proxy &&
		apply_recipe haproxy &&
		busywait 30000 visit "$client" 443 &&
		expect "S2 192.168.30.50" visits 2 "$client" 443 &&
		expect "S2 192.168.30.99" visits 1 "$stranger" 443 &&
		said=$(in_ns "$client" curl -ski -m 5 "https://$VIP4/") &&
		grep -i "^set-cookie: SERVER=W1" <<< "$said"
}

kill_talker()
{
	ip netns pids "$1" | xargs -r kill
}

ktap_plan 1
ktap_run "layer 7 by HAProxy"	test_haproxy
stop_site
ktap_exit
