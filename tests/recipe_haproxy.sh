#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The recipe of l4lb-recipes(7) with HAProxy: $real1 and $real2 are the proxies,
# with a web server behind each.

# Cases are called by name, through ktap_run.
# shellcheck disable=SC2154,SC2317 source=tests/recipe/lib.sh
. "$(dirname "$0")/recipe/lib.sh"

require_tool haproxy
load_module || ksft_skip_all "the module cannot be loaded"
web1='' web2=''

# web PROXY ADDRESS WEB ADDRESS - a network of these two
web()
{
	ip -n "$1" -batch - <<-EOT &&
		link add eth1 type veth peer name eth1 netns $3
		addr add $2/24 dev eth1
		link set eth1 up
	EOT
		ip -n "$3" -batch - <<-EOT &&
			link set lo up
			addr add $4/24 dev eth1
			link set eth1 up
		EOT
		in_ns "$1" sysctl -qw net.ipv4.ip_forward=1
}

{
	topo_dr && add_ns web1 web2 &&
		web "$real1" 192.168.31.2 "$web1" 192.168.31.30 &&
		web "$real2" 192.168.31.3 "$web2" 192.168.31.31
} || ksft_skip_all "no network namespaces"
start_site "$web1" "$web2" || ksft_skip_all "no servers"

# What the second proxy has in place of what is written for the first.
second()
{
	recipe haproxy "on second" | awk '{
		gsub(/\./, "\\.", $2)
		print "s/\\b" $2 "\\b/" $1 "/g"
	}' > "$tmp/second" && [ -s "$tmp/second" ]
}

# start_proxy PROXY WEB [SCRIPT] - what the recipe has for both, changed by a
# script; the certificate has another place here
start_proxy()
{
	local file=$tmp/haproxy-$1 change=${3:-/dev/null} what

	recipe haproxy "in haproxy.cfg" | sed -f "$change" |
		sed "s|/etc/haproxy/site.pem|$pem|" > "$file.cfg" || return
	for what in proxy web; do
		recipe haproxy "on $what" | sed -f "$change" \
			> "$file-$what" || return
	done
	in_ns "$1" bash -e "$file-proxy" && in_ns "$2" bash -e "$file-web" &&
		in_ns "$1" haproxy -c -q -f "$file.cfg" || return
	enter "$1" haproxy -db -f "$file.cfg" > "$file.log" 2>&1 &
	disown $!
}

# The web server, two machines away, sees the client; the proxy binds it to the
# server by a cookie, and l4lb to the proxy.
test_haproxy()
{
	local said

	second && start_proxy "$real1" "$web1" &&
		start_proxy "$real2" "$web2" "$tmp/second" &&
		apply_recipe haproxy &&
		busywait "$PATIENCE" visit "$client" 443 5 &&
		mine=$(visit "$client" 443) &&
		other=$(visit "$stranger" 443) &&
		[ "${mine% *}" != "${other% *}" ] &&
		expect "192.168.30.50 192.168.30.99" \
			echo "${mine#* }" "${other#* }" &&
		expect "$mine" visits 3 "$client" 443 &&
		expect "$other" visits 3 "$stranger" 443 &&
		said=$(in_ns "$client" curl -ski -m "$PATIENT" "https://$VIP4/") &&
		grep -i "^set-cookie: SERVER=W${mine:1:1}" <<< "$said" &&
		test_proxy_fails
}

# Its clients go to the other, which sees them as well.
test_proxy_fails()
{
	local -n proxy=real${mine:1:1}

	ip netns pids "$proxy" | xargs -r kill
	busywait "$PATIENCE" is_taken_over || visit "$client" 443
}

is_taken_over()
{
	[ "$(visit "$client" 443 5)" = "${other% *} ${mine#* }" ]
}

ktap_plan 1
ktap_run "layer 7 by HAProxy"	test_haproxy
stop_site
ktap_exit
