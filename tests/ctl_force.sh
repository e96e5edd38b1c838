#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Control plane: a VIP that takes clients of the host itself must be forced; a
# rule of INPUT that does not see its packets is warned of.

# Cases are called by name, through ktap_run.
# shellcheck disable=SC2317 source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

require_tool ip iptables iptables-legacy lbctl nft socat
load_module || ksft_skip_all "the module cannot be loaded"
setup_ns lb || ksft_skip_all "no network namespaces"
ip -n "$lb" -batch - <<-EOT
	addr add 192.168.30.10/32 dev lo
	addr add 192.168.30.11/32 dev lo
	addr add fd30::10/128 dev lo nodad
EOT

readonly PATIENCE=60000

# listen ADDRESS - a socket until the case is over
listen()
{
	rm -f "$tmp/heard"
	enter "$lb" socat -d -d "$@" - < /dev/null 2> "$tmp/heard" &
	listener=$!
	busywait "$PATIENCE" grep -q listening "$tmp/heard"
}

# silence - end it
silence()
{
	kill "$listener"
	wait "$listener" || :
}

test_any_address()
{
	ctl flush all && listen TCP4-LISTEN:80 &&
		fail_with "vip add web: socat ($listener) listens on tcp 0.0.0.0:80" \
			ctl vip add web 192.168.30.10 tcp 25,80 &&
		expect_status 1 ctl -q vip add web 192.168.30.10 tcp 25,80 &&
		expect_status 4 ctl vip show web &&
		ctl vip add web 192.168.30.10 udp 80 &&
		ctl vip add six fd30::10 tcp 80 &&
		ctl vip add mail 192.168.30.10 tcp 25,80 force || return
	silence
	expect 25,80 vip mail ports
}

test_one_address()
{
	ctl flush all && listen "TCP6-LISTEN:80,bind=[fd30::10]" &&
		expect_status 1 ctl vip add six fd30::10 tcp 80 &&
		ctl vip add six 192.168.30.10 tcp 80 || return
	silence
	listen TCP4-LISTEN:81,bind=192.168.30.11 &&
		expect_status 1 ctl vip set six address 192.168.30.11 ports 81 &&
		expect_status 1 ctl vip replace six 192.168.30.11 tcp 81 &&
		expect "192.168.30.10 80" vip six address ports &&
		ctl vip set six ports 81 &&
		expect_status 1 ctl vip set six address 192.168.30.11 &&
		ctl vip set six address 192.168.30.11 force &&
		expect "192.168.30.11 81" vip six address ports &&
		ctl vip set six sched rr || return
	silence
}

test_udp()
{
	ctl flush all && listen TCP4-LISTEN:99 || return
	silence
	enter "$lb" socat -u UDP4-RECV:53 - > /dev/null &
	listener=$!
	busywait "$PATIENCE" grep -q ":0035 " /proc/"$listener"/net/udp &&
		fail_with "listens on udp 0.0.0.0:53" \
			ctl vip add dns 192.168.30.10 tcp,udp 53 &&
		ctl vip add dns 192.168.30.10 tcp 53 || return
	silence
}

test_any_port()
{
	ctl flush all &&
		fail_with "it takes all ports of 192.168.30.10" \
			ctl vip add web 192.168.30.10 tcp any &&
		expect_status 1 ctl vip add web 192.168.30.10 udp any &&
		ctl vip add web 192.168.30.10 tcp 80 &&
		expect_status 1 ctl vip set web ports any &&
		ctl vip set web ports any force && expect any vip web ports &&
		ctl vip set web sched rr idle 5m
}

test_firewall()
{
	ctl flush all && in_ns "$lb" nft -f - <<-EOT || return
		table ip filter {
			chain input {
				type filter hook input priority 0
				ip saddr 192.168.30.0/24 tcp dport 25 drop
			}
		}
	EOT
	fail_with "warning: a rule of INPUT (ip filter input, handle " \
		eval 'ctl vip add mail 192.168.30.10 tcp 25 && false' &&
		expect "" eval 'ctl vip add web 192.168.30.10 tcp 80 2>&1' &&
		expect "" eval 'ctl -q vip set mail ports 25 2>&1' &&
		ctl vip del mail &&
		expect "" eval 'ctl vip add mail 192.168.30.10 tcp 25 \
			hook input 2>&1' &&
		in_ns "$lb" nft flush ruleset
}

# warned TEXT COMMAND... - COMMAND is done, and says this in one line
warned()
{
	local text=$1
	shift

	"$@" > "$tmp/out" 2> "$tmp/said"
	case $? in
	0|10)
		;;
	*)
		cat "$tmp/said"
		return 1 ;;
	esac
	if [ "$(cat "$tmp/said")" != "$text" ]; then
		cat "$tmp/said"
		echo "is not \"$text\": $*"
		return 1
	fi
}

# What is in a file is meant, but not always by everybody.
test_file()
{
	local what="$tmp/site, line 2: vip add ssh: socat" begin

	ctl flush all && listen TCP4-LISTEN:22 || return
	printf '%s\n' "vip add web 192.168.30.10 tcp 80" \
		"vip add ssh 192.168.30.10 tcp 22" > "$tmp/site"
	what+=" ($listener) listens on tcp 0.0.0.0:22 and would get no more clients at this address"
	for begin in plan apply; do
		warned "lbctl: $begin: warning: $what" ctl "$begin" "$tmp/site" ||
			return
	done
	expect 22 vip ssh ports && warned "" ctl apply "$tmp/site" &&
		sed -i 's/tcp 80/tcp 80 sched rr/' "$tmp/site" &&
		warned "" ctl apply "$tmp/site" &&
		sed -i '/ssh/s/22/22,23/' "$tmp/site" &&
		warned "lbctl: apply: warning: ${what/add/set}" \
			ctl apply "$tmp/site" &&
		sed -i '/ssh/s/22,23/22/' "$tmp/site" &&
		warned "" ctl -q apply "$tmp/site" &&
		sed -i '/ssh/s/$/ force/; /ssh/s/22/22-24/' "$tmp/site" &&
		warned "" ctl plan "$tmp/site" && grep -q "ports 22-24 force" \
			"$tmp/out" && warned "" ctl apply "$tmp/site" &&
		warned "" ctl save "$tmp/saved" && ! grep force "$tmp/saved" ||
		return
	silence
}

test_file_place()
{
	local all="also those by which this host is reached"

	ctl flush all || return
	echo "vip add wide 192.168.30.10 tcp any" > "$tmp/site"
	warned "lbctl: apply: warning: $tmp/site, line 1: vip add wide: it takes all ports of 192.168.30.10, $all" \
		ctl apply "$tmp/site" || return
	printf '%s\n' "vip add four 192.168.30.99 tcp 80" \
		"vip add here fd30::10 tcp 80" > "$tmp/site"
	warned "lbctl: plan: warning: $tmp/site, line 1: vip add four: 192.168.30.99 is not an address of this host, so it does not serve" \
		ctl plan "$tmp/site" || return
	echo "vip add dev 192.168.30.99 tcp 80 dev eth99" > "$tmp/site"
	warned "lbctl: apply: warning: $tmp/site, line 1: vip add dev: it waits for eth99, which is not there or down" \
		ctl apply "$tmp/site" &&
		echo "vip add dev 192.168.30.98 tcp 80 force" > "$tmp/site" &&
		warned "" ctl apply "$tmp/site"
}

# A VIP comes past a rule as well by what is changed of it.
test_firewall_set()
{
	local warning="warning: a rule of INPUT (iptables filter INPUT, rule 1)"

	ctl flush all && in_ns "$lb" iptables -A INPUT -p tcp \
		-m multiport --dports 25,80 -j REJECT &&
		ctl vip add web 192.168.30.10 tcp 80 hook input &&
		fail_with "vip set web: $warning" \
			eval 'ctl vip set web hook early && false' &&
		expect "" eval 'ctl vip set web sched rr idle 5m 2>&1' &&
		expect "" eval 'ctl vip set web ports 81 2>&1' &&
		fail_with "$warning" \
			eval 'ctl vip set web ports 25 && false' &&
		fail_with "$warning" \
			eval 'ctl vip set web address 192.168.30.11 && false' &&
		fail_with "$warning" \
			eval 'ctl vip set web name www hook early && false' &&
		expect "" eval 'ctl -q vip set www hook early 2>&1' &&
		in_ns "$lb" nft flush ruleset
}

# These are in no list of nft.
test_firewall_legacy()
{
	ctl flush all && in_ns "$lb" iptables-legacy -A INPUT -p tcp \
		--dport 80 -j DROP &&
		fail_with "(iptables-legacy filter INPUT, rule 1)" \
			eval 'ctl vip add web 192.168.30.10 tcp 80 && false' &&
		in_ns "$lb" iptables-legacy -F INPUT &&
		expect "" eval 'ctl vip set web hook early 2>&1'
}

ktap_plan 9
ktap_run "a socket on any address"		test_any_address
ktap_run "a socket on its address"		test_one_address
ktap_run "a socket of UDP"			test_udp
ktap_run "any port"				test_any_port
ktap_run "a rule that does not see it"		test_firewall
ktap_run "a file takes clients of this host"	test_file
ktap_run "a file with a VIP that is elsewhere"	test_file_place
ktap_run "a rule that does not see a changed one"	test_firewall_set
ktap_run "a rule of an older table"		test_firewall_legacy
ktap_exit
