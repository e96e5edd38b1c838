#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Control plane: the one line for a monitoring system, and its exit status.

# Cases are called by name, through ktap_run.
# shellcheck disable=SC2317 source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

require_tool ip lbctl
load_module || ksft_skip_all "the module cannot be loaded"
setup_ns lb || ksft_skip_all "no network namespaces"
ip -n "$lb" addr add 192.168.30.10/32 dev lo

# status WANT LINE [ARG...] - what it says, and how it ends
status()
{
	local want=$1 line=$2 said code
	shift 2

	said=$(ctl status "$@")
	code=$?
	if [ "$code" -ne "$want" ] || [ "$said" != "$line" ]; then
		echo "exit status $code: $said"
		return 1
	fi
}

# All is well, checks included: none is to be made.
two_vips()
{
	ctl flush all && ctl vip add web 192.168.30.10 tcp 80 check external &&
		ctl real add web CAS1 192.168.30.20 &&
		ctl real add web CAS2 192.168.30.21 &&
		ctl real health web CAS1 up && ctl real health web CAS2 up &&
		ctl vip add dns 192.168.30.10 udp 53 &&
		ctl real add dns NS1 192.168.30.20
}

limit()
{
	ctl global show | sed -n 's/^conns *0 of //p'
}

test_ok()
{
	two_vips &&
		status 0 "L4LB OK: 2 of 2 VIPs and 3 of 3 reals serve | vips=2 vips_up=2 reals=3 reals_serving=3 conns=0;;;0;$(limit)" &&
		status 0 "L4LB OK: 1 of 1 VIPs and 2 of 2 reals serve | vips=1 vips_up=1 reals=2 reals_serving=2 conns=0" web &&
		expect "" ctl -q status
}

test_warning()
{
	two_vips && ctl real health web CAS1 down "tcp 80: a|b" &&
		ctl real set web CAS2 weight 0 &&
		ctl real add web CAS3 192.168.30.22 state drain &&
		ctl real add web CAS4 192.168.30.23 &&
		ctl real health web CAS4 up &&
		status 1 "L4LB WARNING: web degraded; web/CAS1 down: tcp 80: a/b; web/CAS3 drain; 1 of 1 VIPs and 1 of 4 reals serve | vips=1 vips_up=1 reals=4 reals_serving=1 conns=0" web &&
		expect_status 1 ctl -q status &&
		expect_status 0 ctl -q status dns
}

test_critical()
{
	two_vips && ctl real halt all CAS1 && ctl real halt all CAS2 &&
		status 2 "L4LB CRITICAL: web no-real; web/CAS1 halt; web/CAS2 halt; 0 of 1 VIPs and 0 of 2 reals serve | vips=1 vips_up=0 reals=2 reals_serving=0 conns=0" web &&
		expect_status 2 ctl -q status &&
		ctl -q vip set dns address 192.168.30.11 &&
		ctl -q status dns
	[ $? -eq 2 ] || return
	ctl status none9 | grep -q "^L4LB CRITICAL: there is no such VIP;"
}

# It is as it should be, and says what it is.
test_standby()
{
	two_vips && ctl standby on &&
		ctl status | grep -q "^L4LB OK: standby, 0 of 2 VIPs " &&
		ctl standby off
}

test_checker()
{
	two_vips && ctl vip set web check tcp &&
		ctl status web | grep -q "WARNING: no checker is running;" &&
		ctl flush all && ctl status |
			grep -q "^L4LB WARNING: there is no VIP;"
}

# What is too much for a line is counted.
test_many()
{
	local i

	two_vips && for ((i = 1; i <= 9; i++)); do
		ctl real add web "R$i" "192.168.31.$i" state halt || return
	done && ctl status | grep -q "web/R7 halt; and 2 more; 2 of 2 VIPs"
}

test_json()
{
	local json

	two_vips && ctl real health web CAS1 sick "421 busy" &&
		json=$(ctl -j status web)
	[ $? -eq 1 ] || return
	json_get "$json" status code text reals reals_serving &&
		[ "$REPLY" = "WARNING 1 web degraded; web/CAS1 sick: 421 busy 2 1" ]
}

# All that is not known is unknown, also how it is to be called.
test_unknown()
{
	status 3 'L4LB UNKNOWN: unexpected "dns" after status' web dns &&
		unload_module && {
		ctl status > "$tmp/said" 2>&1
		echo $? >> "$tmp/said"
		load_module
	} && expect "L4LB UNKNOWN: the module l4lb is not loaded
3" cat "$tmp/said"
}

ktap_plan 8
ktap_run "all is well"			test_ok
ktap_run "something is wrong"		test_warning
ktap_run "clients get no service"	test_critical
ktap_run "on standby"			test_standby
ktap_run "without a checker, or a VIP"	test_checker
ktap_run "more than fits on a line"	test_many
ktap_run "as JSON"			test_json
ktap_run "what is not known"		test_unknown
ktap_exit
