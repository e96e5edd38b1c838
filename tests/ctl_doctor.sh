#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Control plane: what makes sites fail is found, and said with what mends it.
# The topologies are topo_dr and topo_nat.

# Cases are called by name, through ktap_run.
# shellcheck disable=SC2317 source=tests/topo.sh
. "$(dirname "$0")/topo.sh"

require_tool ip ipset iptables iptables-legacy jq lbctl nft setpriv socat
load_module || ksft_skip_all "the module cannot be loaded"
{
	topo_dr && start_server "$real1" R1 tcp/80 &&
		start_server "$real2" R2 tcp/80
} || ksft_skip_all "no network namespaces"

readonly PATIENCE=60000
readonly MAC1=02:00:00:00:30:20
readonly MAC2=02:00:00:00:30:21
readonly MAC_STRANGER=02:00:00:00:30:99

configure()
{
	ctl flush all && ctl vip add web "$VIP4" tcp 80 check off &&
		ctl real add web CAS1 192.168.30.20 &&
		ctl real add web CAS2 192.168.30.21 &&
		ctl vip add six "$VIP6" tcp 80 check off &&
		ctl real add six CAS1 fd30::20
}

# findings - what is found, sorted, as WHAT:VIP/REAL
findings()
{
	local json status

	json=$(ctl -j doctor)
	status=$?
	echo "$json" > "$tmp/found"
	[ "$status" -eq "$([ "$json" = '{"findings":[]}' ] && echo 0 || echo 1)" ] ||
		echo "exit status $status"
	jq -r '.findings[] | "\(.finding):\(.vip // "")/\(.real // "")"' \
		<<< "$json" | sort | xargs
}

finds()
{
	[ "$(findings)" = "$*" ]
}

# settles "FINDING..." - these are found and no others, in a moment: the module
# follows routes and neighbours at its own pace
settles()
{
	busywait "$PATIENCE" finds "$1" || expect "$1" findings
}

has_told()
{
	local text

	said=$(ctl doctor 2>&1)
	for text; do
		[[ $said == *"$text"* ]] || {
			missing=$text
			return 1
		}
	done
}

# tells TEXT... - all these are in what it tells, in a moment: what is asked on
# the wire is answered within its second only where nobody stands still
tells()
{
	local said missing

	busywait "$PATIENCE" has_told "$@" || {
		echo "not \"$missing\" in: $said"
		return 1
	}
}

# prints WANT COMMAND [ARG...] - it does so with success, in a moment
prints()
{
	local want=$1
	shift

	busywait "$PATIENCE" expect "$want" "$@" > "$tmp/vain" && return
	tail -n 5 "$tmp/vain"
	return 1
}

test_well()
{
	configure && prints "nothing found" ctl doctor &&
		prints '{"findings":[]}' ctl -j doctor &&
		prints "" ctl -q doctor
}

# It is a real, and which; the answer to the question for the real tells.
test_arp_problem()
{
	configure &&
		in_ns "$real1" sysctl -qw net.ipv4.conf.all.arp_ignore=0 &&
		ip -n "$real1" addr add "$VIP6/128" dev eth0 nodad &&
		settles "arp-problem:six/CAS1 arp-problem:web/CAS1" &&
		tells "arp-problem web/CAS1: this real (192.168.30.20, $MAC1) answers ARP for $VIP4" \
			"	on 192.168.30.20: sysctl -w net.ipv4.conf.all.arp_ignore=1" \
			"(fd30::20, $MAC1) answers neighbour discovery for $VIP6" &&
		ip -n "$real1" addr del "$VIP6/128" dev eth0 &&
		in_ns "$real1" sysctl -qw net.ipv4.conf.all.arp_ignore=1 &&
		settles ""
}

# A halted real gives no clients back by halting alone.
test_arp_halted()
{
	configure && ctl -q real halt web CAS1 && ctl -q real halt six CAS1 &&
		settles "" &&
		in_ns "$real1" sysctl -qw net.ipv4.conf.all.arp_ignore=0 &&
		settles "arp-problem:web/CAS1" &&
		in_ns "$real1" sysctl -qw net.ipv4.conf.all.arp_ignore=1
}

# Whom nobody was able to ask for is not said not to answer.
test_unasked()
{
	configure && ip -n "$lb" -batch - <<-EOT || return
		addr del fd30::2/64 dev eth0
		addr del fe80::30:2/64 dev eth0
		route add fd30::/64 dev eth0
	EOT
	settles "" &&
		tells "warning: cannot ask who has $VIP6: eth0 has no other address to ask from" &&
		ip -n "$lb" -batch - <<-EOT
			route del fd30::/64 dev eth0
			addr add fd30::2/64 dev eth0 nodad
			addr add fe80::30:2/64 dev eth0 nodad
		EOT
}

test_duplicates()
{
	configure &&
		ip -n "$stranger" addr add "$VIP4/32" dev eth0 &&
		settles "duplicate-vip:web/" &&
		tells "duplicate-vip web: another machine ($MAC_STRANGER) answers ARP for $VIP4 on eth0" \
			"grep $MAC_STRANGER" &&
		ctl standby on && settles "" && ctl standby off &&
		ip -n "$stranger" addr del "$VIP4/32" dev eth0 &&
		ip -n "$stranger" addr add 192.168.30.21/32 dev eth0 &&
		settles "duplicate-real:web/CAS2" &&
		tells "$MAC2" "$MAC_STRANGER" &&
		ip -n "$stranger" addr del 192.168.30.21/32 dev eth0 &&
		settles ""
}

test_addresses()
{
	configure &&
		ctl -q vip set web address 192.168.30.11 &&
		ctl real add web CAS3 192.168.30.77 &&
		ctl real add web CAS4 192.168.30.78 state halt &&
		settles "no-address:web/ no-answer:web/CAS3" &&
		tells "	ip addr add 192.168.30.11/32 dev eth0" \
			"nobody answers ARP for 192.168.30.77 on eth0"
}

test_device()
{
	configure && ctl -q vip add own 192.168.30.12 tcp 80 dev eth9 \
		check off && settles "no-address:own/" &&
		tells "no-address own: it waits for eth9, which is not there" \
			"	ip link set dev eth9 up, once it is there" &&
		ip -n "$lb" link add eth9 type dummy &&
		tells "it waits for eth9, which is down" \
			"	ip link set dev eth9 up" &&
		ip -n "$lb" link set dev eth9 up &&
		settles "no-address:own/" &&
		tells "192.168.30.12 is not on eth9, although that is up" \
			"	systemctl start lbcheckd" &&
		ctl vip set own dev eth9 && settles "" &&
		ip -n "$lb" link del eth9
}

test_routes()
{
	configure &&
		ip -n "$lb" route add 10.9.0.0/24 via 192.168.30.99 &&
		ctl -q real add web FAR 10.9.0.1 &&
		ctl -q real add web AWAY 10.8.0.1 &&
		settles "no-route:web/AWAY not-on-link:web/FAR" &&
		tells "10.9.0.1 is behind 192.168.30.99" \
			"lbctl vip set web mode snat" &&
		ip -n "$lb" route del 10.9.0.0/24
}

test_rp_filter()
{
	configure && ip -n "$lb" link add out type dummy &&
		ip -n "$lb" link set out up &&
		ip -n "$lb" route add default dev out &&
		in_ns "$lb" sysctl -qw net.ipv4.conf.eth0.rp_filter=1 &&
		settles "rp-filter:web/" &&
		tells "sysctl -w net/ipv4/conf/eth0/rp_filter=2" &&
		in_ns "$lb" sysctl -qw net/ipv4/conf/eth0/rp_filter=2 &&
		settles "" && ip -n "$lb" link del out
}

test_socket()
{
	local status

	configure || return
	enter "$lb" socat TCP-LISTEN:80,fork,reuseaddr - < /dev/null &
	listener=$!
	settles local-socket:web/ &&
		tells "socat ($listener) listens on tcp 0.0.0.0:80" &&
		ctl vip set web ports 81 && settles ""
	status=$?
	kill "$listener"
	return "$status"
}

test_firewall()
{
	configure && in_ns "$lb" nft -f - <<-EOT || return
		table inet filter {
			set office {
				type ipv4_addr; flags interval
				elements = { 192.168.30.50-192.168.30.60 }
			}
			chain input {
				type filter hook input priority 0
				tcp dport 443 drop
				ip daddr $VIP4 udp dport 80 drop
				ip daddr 192.168.30.2 tcp dport 80 drop
				ip saddr != @office ip daddr $VIP4 tcp dport 80 drop
			}
			chain forward {
				type filter hook forward priority 0
				ip6 daddr $VIP6 drop
			}
		}
	EOT
	settles "input-rule:web/" &&
		tells "a rule of INPUT (inet filter input, handle " \
			"lbctl vip set web hook input" &&
		ctl vip set web hook input && settles "" &&
		in_ns "$lb" nft flush ruleset
}

# bypassed FINDINGS COMMAND... - what is found after these in the balancer, which
# has no rules before and after
bypassed()
{
	local want=$1 command
	shift

	for command; do
		in_ns "$lb" bash -c "$command" || return
	done
	settles "$want" && in_ns "$lb" nft flush ruleset
}

test_iptables()
{
	configure &&
		bypassed "input-rule:web/" \
			"iptables -A INPUT -p tcp --dport 80 -j REJECT" &&
		bypassed "input-rule:web/" "iptables -A INPUT -p tcp \
			-m multiport --dports 25,80,1000:2000 -j DROP" &&
		bypassed "" "iptables -A INPUT -p tcp \
			-m multiport --dports 25,81 -j DROP" &&
		bypassed "input-rule:web/" "iptables -N office" \
			"iptables -A office ! -s 192.168.30.50 -j DROP" \
			"iptables -A INPUT -d $VIP4 -j office" &&
		bypassed "input-rule:six/" "ip6tables -A INPUT -p tcp \
			-m multiport --dports 25,80 -j REJECT"
}

# nft knows nothing of these; other namespaces do not matter.
test_legacy()
{
	configure && in_ns "$client" iptables-legacy -A INPUT -p tcp \
		--dport 80 -j DROP && settles "" &&
		in_ns "$lb" iptables-legacy -A INPUT -p tcp \
			-m multiport --dports 25,80 -j REJECT &&
		settles "input-rule:web/" &&
		tells "a rule of INPUT (iptables-legacy filter INPUT, rule 1)" &&
		in_ns "$lb" iptables-legacy -F INPUT && settles "" &&
		in_ns "$lb" ip6tables-legacy -A INPUT -d "$VIP6" -j DROP &&
		settles "input-rule:six/" &&
		in_ns "$lb" ip6tables-legacy -F INPUT &&
		in_ns "$client" iptables-legacy -F INPUT
}

test_chains()
{
	configure && in_ns "$lb" nft -f - <<-EOT || return
		table inet filter {
			set mine {
				type ipv4_addr . inet_service; flags interval
				elements = { $VIP4 . 79-81 }
			}
			chain services {
				ip daddr . tcp dport @mine reject
			}
			chain input {
				type filter hook input priority 0
				iifname lo accept
				tcp dport vmap { 22 : accept, 79-100 : jump services }
				ip6 daddr fd30::1-fd30::11 goto other
			}
			chain other {
				ip6 saddr fd30::50 drop
			}
		}
	EOT
	settles "input-rule:six/ input-rule:web/" &&
		tells "web: a rule of INPUT (inet filter services, handle " \
			"six: a rule of INPUT (inet filter other, handle " &&
		in_ns "$lb" nft flush ruleset
}

# mend - runs all that mends what was found last, or the last of several commands
mend()
{
	local command

	jq -r '.findings[].mend' "$tmp/found" > "$tmp/mend"
	while read -r command; do
		in_ns "$lb" bash -c "${command##*: }" < /dev/null || return
	done < "$tmp/mend"
}

test_policy()
{
	configure && in_ns "$lb" nft -f - <<-EOT || return
		table inet filter {
			chain input {
				type filter hook input priority 0; policy drop
				ct state established,related accept
				tcp dport 22 accept
			}
		}
	EOT
	settles "input-policy:six/ input-policy:web/" &&
		tells "web: INPUT refuses what no rule accepts (inet filter input, policy drop), but" \
			"lbctl vip set web allow ..., or lbctl vip set web hook input; if any client may: nft 'insert rule" &&
		ctl vip set web allow 192.168.30.50 &&
		settles "input-policy:six/" && mend &&
		settles "" && in_ns "$lb" nft flush ruleset &&
		in_ns "$lb" iptables -P INPUT DROP && ctl vip set web allow any &&
		settles "input-policy:web/" &&
		tells "(ip filter INPUT, policy drop)" && mend &&
		settles "" && in_ns "$lb" nft flush ruleset
}

# More than one rule of iptables has room for.
test_many_ports()
{
	configure && ctl vip set six ports 80 hook input &&
		ctl vip set web hook input ports "$(seq -s, 101 2 139),200-210" &&
		in_ns "$lb" iptables -A INPUT -m conntrack \
			--ctstate INVALID -j DROP &&
		settles "input-state:web/" && mend && settles "" &&
		expect 2 eval "in_ns $lb iptables -S INPUT | grep -c '^-A.*ACCEPT$'" &&
		in_ns "$lb" nft flush ruleset
}

# Conntrack sees no connection of a VIP, and takes its packets for others.
test_state()
{
	configure && ctl vip set web hook input &&
		ctl vip set six hook input ports 80-90,99 &&
		in_ns "$lb" nft -f - <<-EOT || return
			table inet filter {
				chain input {
					type filter hook input priority 0
					ct state invalid drop
				}
			}
		EOT
	settles "input-state:six/ input-state:web/" &&
		tells "web: INPUT accepts what opens its connections, but refuses what follows (inet filter input, handle " &&
		mend && settles "" && in_ns "$lb" nft flush ruleset &&
		in_ns "$lb" nft -f - <<-EOT || return
			table inet filter {
				chain input {
					type filter hook input priority 0; policy drop
					iif lo accept
					ct state vmap { established : accept, related : accept }
					meta nfproto ipv6 tcp dport 80-99 ct state new accept
				}
			}
		EOT
	settles "input-state:six/ input-state:web/" &&
		tells "web: INPUT accepts only packets of established connections, and refuses its own (inet filter input, policy drop)" \
			"six: INPUT accepts what opens its connections" &&
		mend && settles "" && in_ns "$lb" nft flush ruleset &&
		in_ns "$lb" iptables -A INPUT -p tcp ! --syn \
			-m conntrack --ctstate NEW -j DROP &&
		settles "input-state:web/" && mend &&
		settles "" && in_ns "$lb" nft flush ruleset
}

# untracked COMMAND - that, and rules that ask for the state
untracked()
{
	in_ns "$lb" bash -c "$1" && in_ns "$lb" nft -f - <<-EOT
		table inet filter {
			chain input {
				type filter hook input priority 0
				ct state invalid drop
			}
		}
	EOT
}

# What conntrack does not see it takes for nothing.
test_notrack()
{
	configure && ctl vip set web hook input && ctl vip set six allow fd30::50 &&
		untracked "iptables -t raw -A PREROUTING -d $VIP4 -j CT --notrack" &&
		settles "" && ask "$client" "$VIP4" 80 &&
		in_ns "$lb" nft flush ruleset &&
		untracked "iptables -t raw -A PREROUTING -p tcp --dport 81 -j CT --notrack" &&
		settles "input-state:web/" && in_ns "$lb" nft flush ruleset &&
		in_ns "$lb" nft -f - <<-EOT || return
			table inet raw {
				chain prerouting {
					type filter hook prerouting priority raw
					tcp dport 80 notrack
				}
			}
			table inet filter {
				chain input {
					type filter hook input priority 0; policy drop
					ct state established,related accept
					tcp dport 80 ct state new accept
				}
			}
		EOT
	settles "input-state:web/" &&
		tells "INPUT accepts only packets of connections that conntrack sees, and refuses its own (inet filter input, policy drop), which a notrack rule hides from conntrack" &&
		! ask "$client" "$VIP4" 80 tcp 2 &&
		mend && settles "" && ask "$client" "$VIP4" 80 &&
		in_ns "$lb" nft flush ruleset
}

# No rule has them any more, a moment after it has gone.
no_sets()
{
	in_ns "$lb" bash -c "ipset destroy many; ipset destroy mine" 2> "$tmp/said"
	[ -z "$(in_ns "$lb" ipset list -n)" ]
}

test_ipset()
{
	configure && in_ns "$lb" bash -c "ipset create mine hash:ip,port &&
			ipset add mine $VIP4,tcp:81" &&
		bypassed "" "iptables -A INPUT -m set --match-set mine dst,dst \
			-j DROP" &&
		in_ns "$lb" ipset add mine "$VIP4,tcp:80" &&
		bypassed "input-rule:web/" "iptables -A INPUT \
			-m set --match-set mine dst,dst -j DROP" &&
		in_ns "$lb" bash -c "ipset create many list:set && ipset add many mine &&
			iptables -A INPUT -m set --match-set many dst,dst -j DROP" &&
		settles "" &&
		tells "warning: what is in the ipset many is not known" &&
		in_ns "$lb" nft flush ruleset &&
		busywait "$PATIENCE" no_sets
}

test_checker()
{
	configure && ctl vip set web check tcp &&
		settles "no-checker:/" &&
		tells "systemctl enable --now lbcheckd"
}

test_link()
{
	configure && ip -n "$lan" link set p30-02 down &&
		tells "link-down web: eth0 is without a carrier" &&
		ip -n "$lan" link set p30-02 up
}

test_version()
{
	configure || return
	LC_ALL=C sed 's/\x000\.1\x00/\x009.1\x00/g' "$(command -v lbctl)" \
		> "$tmp/lbctl" && chmod +x "$tmp/lbctl" &&
		"$tmp/lbctl" -n "$lb" doctor > "$tmp/told"
	[ $? -eq 1 ] &&
		grep -q "^version: the module is version 0.1, lbctl is version 9.1" \
			"$tmp/told"
}

# Who may not ask on the wire is told so, and gets the rest.
test_unprivileged()
{
	configure && ctl vip set web check tcp || return
	in_ns "$lb" setpriv --reuid 65534 --regid 65534 --clear-groups \
		lbctl doctor > "$tmp/told" 2>&1
	[ $? -eq 1 ] && grep -q "^no-checker" "$tmp/told" &&
		grep -q "warning: cannot ask who has which address" "$tmp/told"
}

test_json()
{
	configure && ctl -q vip set web address 192.168.30.11 &&
		prints '{"finding":"no-address","vip":"web","text":"192.168.30.11 is not an address of this host, so it does not serve","mend":"ip addr add 192.168.30.11/32 dev eth0","where":""}' \
			eval 'ctl -j doctor | jq -c ".findings[0]"'
}

# It is about the machine's own namespace only.
test_saved()
{
	ip addr add 192.168.77.1/32 dev lo &&
		lbctl vip add own 192.168.77.1 tcp 80 check off &&
		rm -f /etc/l4lb.conf && lbctl doctor > "$tmp/told"
	grep -q "^not-saved: there is no /etc/l4lb.conf" "$tmp/told" || return
	if lbctl help | grep -q "lbctl plan"; then
		lbctl save /etc/l4lb.conf && lbctl doctor > "$tmp/told"
		! grep saved "$tmp/told" &&
			lbctl vip set own sched rr &&
			lbctl doctor > "$tmp/told"
		grep -q "^not-saved: the configuration that runs is not" \
			"$tmp/told" && echo nonsense >> /etc/l4lb.conf &&
			lbctl doctor > "$tmp/told"
		grep -q "^saved-wrong: /etc/l4lb.conf cannot be applied: " \
			"$tmp/told" || return
	fi
	rm -f /etc/l4lb.conf
	lbctl flush all && ip addr del 192.168.77.1/32 dev lo
}

test_refused()
{
	local status

	expect_status 2 ctl doctor web && unload_module && {
		ctl doctor
		status=$?
		load_module
	} && [ "$status" -eq 3 ]
}

# In front of another network, which the reals are in.
nat()
{
	ctl flush all && ctl vip add web "$VIP4" tcp,udp 80 mode nat check off &&
		ctl real add web CAS1 192.168.31.20
}

test_nat()
{
	nat && settles "ip-forward:web/" &&
		tells "sysctl -w net/ipv4/ip_forward=1" &&
		in_ns "$lb" sysctl -qw net.ipv4.ip_forward=1 &&
		ip -n "$lb" link set eth1 mtu 1400 &&
		settles "mtu:web/CAS1" &&
		tells "ip link set dev eth1 mtu 1500" &&
		ip -n "$lb" link set eth1 mtu 1500 && settles ""
}

test_no_reply()
{
	nat && ip -n "$real1" route del default &&
		in_ns "$client" bash -c "for i in {1..9}; do
			echo > /dev/udp/$VIP4/80; done" &&
		settles "no-reply:web/CAS1" &&
		tells "	on 192.168.31.20: ip route replace default via 192.168.31.2"
}

ktap_plan 28
ktap_run "all is well"				test_well
ktap_run "reals that answer ARP"		test_arp_problem
ktap_run "halted reals that answer ARP"		test_arp_halted
ktap_run "who cannot be asked for"		test_unasked
ktap_run "two machines with one address"	test_duplicates
ktap_run "addresses that nobody has"		test_addresses
ktap_run "addresses that wait for an interface"	test_device
ktap_run "reals that cannot be reached"		test_routes
ktap_run "rp_filter"				test_rp_filter
ktap_run "a local socket"			test_socket
ktap_run "rules of INPUT"			test_firewall
ktap_run "rules of iptables"			test_iptables
ktap_run "rules of older tables"		test_legacy
ktap_run "rules of other chains"		test_chains
ktap_run "what no rule accepts"			test_policy
ktap_run "more ports than a rule has"		test_many_ports
ktap_run "rules that ask for the state"		test_state
ktap_run "what conntrack does not see"		test_notrack
ktap_run "sets of ipset"			test_ipset
ktap_run "no checker"				test_checker
ktap_run "no carrier"				test_link
ktap_run "versions"				test_version
ktap_run "without privilege"			test_unprivileged
ktap_run "as JSON"				test_json
ktap_run "what is there after the next boot"	test_saved
ktap_run "what is wrong is refused"		test_refused
end_ns "$lan" "$client" "$stranger" "$lb" "$real1" "$real2"
topo_nat
ktap_run "forwarding, packet sizes"		test_nat
ktap_run "a real with another gateway"		test_no_reply
ktap_exit
