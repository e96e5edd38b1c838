#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Control plane: what holds for a whole namespace, its limits, seed, partners and
# whether it is standby.

# Cases are called by name, through ktap_run.
# shellcheck disable=SC2317 source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

require_tool ip lbctl
load_module || ksft_skip_all "the module cannot be loaded"
setup_ns lb || ksft_skip_all "no network namespaces"
ip -n "$lb" addr add 192.168.30.10/32 dev lo

readonly ONE=02:00:00:00:30:02 TWO=02:00:00:00:30:03

# global KEY... - prints fields of the namespace
global()
{
	local json
	json=$(ctl -j global show) || return

	json_get "$json" "$@" && echo "$REPLY"
}

begin()
{
	ctl flush all && ctl standby off &&
		ctl global set limit vips default limit reals default \
			limit conns default limit persist default \
			seed default partner default
}

test_defaults()
{
	local conns persists

	begin &&
		expect "false 0 none 0 4096 0 65536 0 0" global standby seed \
			partner vips vips_max reals reals_max conns persists ||
		return
	read -r conns persists < <(global conns_max persists_max)
	if [ "$conns" -lt 16384 ] || [ "$persists" -ne $((conns / 4)) ]; then
		echo "$conns connections, $persists entries"
		return 1
	fi
	ctl global show | grep -Eq '^vips +0 of 4096$' &&
		ctl global show | grep -Eq '^standby +no$' &&
		ctl global show | grep -Eq '^partner +none$'
}

# All at once, before there is any VIP and after the last.
test_set()
{
	begin &&
		ctl global set seed 00AbC limit vips 3 limit reals 4 \
			limit conns 5 limit persist 6 partner "$TWO,$ONE" &&
		expect "abc $TWO,$ONE 3 4 5 6" global seed partner vips_max \
			reals_max conns_max persists_max &&
		ctl vip add web 192.168.30.10 tcp 80 check off persist 60 &&
		ctl real add web one 192.168.30.20 &&
		expect "1 3 1 4" global vips vips_max reals reals_max &&
		ctl flush all &&
		expect "abc $TWO,$ONE 0 3 0 4 5 6" global seed partner vips \
			vips_max reals reals_max conns_max persists_max &&
		ctl global set partner none &&
		expect "abc none 3" global seed partner vips_max &&
		ctl global set limit vips default &&
		expect "4096 4" global vips_max reals_max
}

test_limits()
{
	begin &&
		ctl global set limit vips 2 limit reals 1 &&
		ctl vip add a 192.168.30.10 tcp 80 check off &&
		ctl vip add b 192.168.30.10 tcp 81 check off &&
		fail_with "the namespace has as many vips as it may have" \
			ctl vip add c 192.168.30.10 tcp 82 &&
		ctl real add a one 192.168.30.20 &&
		fail_with "the namespace has as many reals as it may have" \
			ctl real add b one 192.168.30.20 &&
		ctl global show | grep -Eq '^vips +2 of 2, full$' &&
		expect_status 1 ctl global set limit vips 1 seed 1 &&
		fail_with "there are more vips than that" \
			ctl global set limit vips 1 &&
		ctl global set limit reals 2 && ctl real add b one \
			192.168.30.20 &&
		fail_with "there are more reals than that" \
			ctl global set limit vips 9 limit reals 1 seed 7 &&
		expect "0 2 2" global seed vips_max reals_max &&
		ctl global set limit vips 3 &&
		ctl vip add c 192.168.30.10 tcp 82
}

# What is wrong with it, and nothing of the rest is done.
test_refused()
{
	local bad

	begin || return
	for bad in "limit vips 0" "limit vips 4097" "limit reals 65537" \
		   "limit conns 16777217" "limit persist 16777217" \
		   "limit vips" "limit" "limit five 5" "seed 12345678901234567" \
		   "seed x" "partner" "partner 1" "seed 1 seed 2" "frobnicate" \
		   "limit vips 1 limit vips 2" "partner $ONE,$ONE,"; do
		# Words.
		# shellcheck disable=SC2086
		expect_status 2 ctl global set limit conns 77 $bad || return
	done
	expect_status 2 ctl global set && expect_status 2 ctl global &&
		expect_status 2 ctl standby && expect_status 2 ctl standby up &&
		expect_status 2 ctl standby on now &&
		expect_status 2 ctl global show all &&
		expect_status 1 ctl global set partner 01:00:5e:00:00:01 &&
		fail_with "a partner's mac address is that of one host" \
			ctl global set limit conns 77 partner 00:00:00:00:00:00 &&
		expect "4096 65536 0 none" global vips_max reals_max seed partner ||
		return
	[ "$(global conns_max)" -ne 77 ]
}

test_standby()
{
	begin &&
		ctl vip add web 192.168.30.10 tcp 80 check off &&
		ctl vip add six fd30::10 tcp 80 check off &&
		ctl standby on && ctl standby on &&
		expect "true" global standby &&
		expect standby vip web state &&
		expect standby vip six state &&
		ctl global show | grep -Eq '^standby +yes$' &&
		ctl show | grep -Eq '^standby +yes$' &&
		ctl show | grep -Eq '^web .* standby ' &&
		ctl vip add more 192.168.30.10 tcp 81 check off mode nat &&
		expect standby vip more state &&
		ctl standby off &&
		expect no-real vip web state &&
		expect no-address vip six state &&
		expect no-real vip more state &&
		ctl standby on && ctl flush all &&
		expect "true" global standby &&
		ctl vip add web 192.168.30.10 tcp 80 check off &&
		expect standby vip web state &&
		! ctl -j show | grep -q '"standby":false' &&
		ctl standby off &&
		expect no-real vip web state
}

# Each namespace has its own.
test_namespaces()
{
	local there=$lb other

	begin && setup_ns other && ctl global set seed 5 && ctl standby on &&
		lb=$other && expect "false 0" global standby seed &&
		ctl standby off && lb=$there &&
		expect "true 5" global standby seed && end_ns "$other"
}

ktap_plan 6
ktap_run "defaults"				test_defaults
ktap_run "it is there without VIPs"		test_set
ktap_run "limits"				test_limits
ktap_run "what is wrong is refused as a whole"	test_refused
ktap_run "standby"				test_standby
ktap_run "namespaces"				test_namespaces
ktap_exit
