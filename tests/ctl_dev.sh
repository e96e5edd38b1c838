#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The address of a VIP on the interface that the VIP names: who puts it there
# and takes it off, what is left alone, and who is told.
#
#	$lb eth0  ----  eth0 $peer

# Cases are called by name, through ktap_run.
# shellcheck disable=SC2317 source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

require_tool ip lbctl lbcheckd marked
load_module || ksft_skip_all "the module cannot be loaded"
peer=''
setup_ns lb peer || ksft_skip_all "no network namespaces"
# Or a link that has no carrier for a moment takes its neighbours with it, a
# moment later.
in_ns "$peer" sysctl -qw net.ipv4.conf.all.arp_evict_nocarrier=0 \
	net.ipv6.conf.all.ndisc_evict_nocarrier=0

readonly PATIENCE=60000
readonly VIP4=192.168.30.10
readonly VIP6=fd30::10
readonly MAC=02:00:00:00:30:02
readonly OTHER=02:00:00:00:30:99

# The neighbour takes somebody else for the owner of the address.
plug()
{
	ip -n "$lb" link add eth0 address "$MAC" \
		type veth peer name eth0 netns "$peer" &&
		ip -n "$peer" -batch - <<-EOT && ip -n "$lb" -batch - <<-EOT
			addr add 192.168.30.50/24 dev eth0
			link set eth0 up
			neigh replace $VIP4 lladdr $OTHER dev eth0 nud stale
		EOT
			addr add 192.168.30.2/24 dev eth0
			link set eth0 up
		EOT
}

# Our addresses, in the order of the kernel.
ours()
{
	in_ns "$lb" marked 0x4c
}

# ours_on DEVICE
ours_on()
{
	in_ns "$lb" marked 0x4c "$1"
}

is_ours()
{
	[ "$(ours)" = "$1" ]
}

# marks ADDRESSES - and soon there are those
marks()
{
	busywait "$PATIENCE" is_ours "$1" && return
	ip -n "$lb" addr
	[ ! -s "$tmp/log" ] || tail "$tmp/log"
	return 1
}

# is VIP WANT KEY... - fields of the VIP
is()
{
	local name=$1 want=$2
	shift 2

	[ "$(vip "$name" "$@")" = "$want" ]
}

# becomes VIP WANT KEY... - the module follows addresses at its own pace
becomes()
{
	busywait "$PATIENCE" is "$@" && return
	vip "$1" "${@:3}"
	return 1
}

# mistake ADDRESS - a neighbour that takes somebody else for its owner
mistake()
{
	ip -n "$peer" neigh replace "$1" lladdr "$OTHER" dev eth0 nud stale
}

knows()
{
	[[ $(ip -n "$peer" neigh show "$1") == *"lladdr $MAC "* ]]
}

test_add()
{
	mistake "$VIP4" &&
		expect "" eval "ctl vip add web $VIP4 tcp 80 dev eth0 2>&1" &&
		expect "$VIP4/32" ours_on eth0 &&
		busywait "$PATIENCE" knows "$VIP4" &&
		becomes web "no-real eth0" state dev &&
		ctl vip add mail "$VIP4" tcp 25 dev eth0 &&
		expect "$VIP4/32" ours && ctl vip del web &&
		expect "$VIP4/32" ours && ctl vip del mail &&
		expect "" ours
}

test_ipv6()
{
	local line

	mistake "$VIP6" && ctl vip add six "$VIP6" tcp 80 dev eth0 &&
		expect "$VIP6/128" ours_on eth0 &&
		busywait "$PATIENCE" knows "$VIP6" || return
	line=$(ip -n "$lb" -o -6 addr show dev eth0 to "$VIP6")
	echo "$line"
	[[ $line == *deprecated* && $line != *tentative* ]] &&
		becomes six no-real state && ctl vip del six &&
		expect "" ours
}

test_set()
{
	ctl vip add web "$VIP4" tcp 80 &&
		expect "no-address" vip web state &&
		ctl vip set web dev eth0 && expect "$VIP4/32" ours &&
		ctl vip set web address 192.168.30.11 &&
		expect 192.168.30.11/32 ours &&
		ctl vip set web dev lo && expect 192.168.30.11/32 ours_on lo &&
		expect "" ours_on eth0 && ctl vip set web name mail sched rr &&
		expect 192.168.30.11/32 ours_on lo &&
		ctl vip replace mail "$VIP4" tcp 80 dev eth0 &&
		expect "$VIP4/32" ours && ctl vip set mail dev default &&
		expect "" ours && becomes mail no-address state &&
		ctl vip set mail dev eth0 &&
		ctl -q vip replace mail "$VIP4" tcp 80 && expect "" ours
}

# With whatever length of the prefix it is there.
test_foreign()
{
	ip -n "$lb" addr add "$VIP4/24" dev eth0 &&
		ctl vip add web "$VIP4" tcp 80 dev eth0 &&
		expect "" ours && expect no-real vip web state &&
		fail_with "it takes all ports of $VIP4" \
			ctl vip set web ports any &&
		ctl vip set web sched rr && ctl standby on && ctl standby off &&
		ctl flush all &&
		[[ $(ip -n "$lb" -o addr show to "$VIP4") == *"$VIP4/24"* ]] &&
		ip -n "$lb" addr del "$VIP4/24" dev eth0
}

# What is reached by another address may be taken as a whole.
test_any()
{
	fail_with "it takes all ports" ctl vip add all4 "$VIP4" tcp any &&
		expect "" ours &&
		ctl vip add web "$VIP4" tcp any dev eth0 &&
		expect any vip web ports &&
		ctl vip add six "$VIP6" tcp 80 dev eth0 &&
		ctl vip set six ports any && expect any vip six ports
}

test_standby()
{
	ctl vip add web "$VIP4" tcp 80 dev eth0 &&
		ctl vip add six "$VIP6" tcp 80 dev eth0 &&
		expect "$VIP4/32 $VIP6/128" ours && ctl standby on &&
		expect "" ours && ctl vip add mail "$VIP4" tcp 25 dev eth0 &&
		expect "" ours && mistake "$VIP4" && ctl standby off &&
		expect "$VIP4/32 $VIP6/128" ours &&
		busywait "$PATIENCE" knows "$VIP4" &&
		ctl flush all && expect "" ours
}

test_save()
{
	ctl vip add web "$VIP4" tcp 80 dev eth0 &&
		ctl vip add six "$VIP6" tcp 80 seed abc dev lo check off &&
		ctl save > "$tmp/one" && cat "$tmp/one" &&
		grep -q "^vip add six .* seed abc dev lo check off$" "$tmp/one" &&
		grep -q "^vip add web .* dev eth0$" "$tmp/one" &&
		ctl flush all && expect "" ours &&
		ctl apply "$tmp/one" > /dev/null &&
		expect "$VIP4/32 $VIP6/128" ours && ctl save > "$tmp/two" &&
		diff "$tmp/one" "$tmp/two" || return
	sed 's/ dev eth0//' "$tmp/one" > "$tmp/two"
	expect_status 10 ctl plan "$tmp/two" > "$tmp/plan"
	cat "$tmp/plan"
	grep -q "vip set web dev default # was dev eth0" "$tmp/plan" &&
		expect "$VIP4/32 $VIP6/128" ours &&
		ctl apply "$tmp/two" > /dev/null && expect "$VIP6/128" ours
}

test_batch()
{
	printf '%s\n' "vip add web $VIP4 tcp 80 dev eth0" \
		"vip add six $VIP6 tcp 80 dev eth0" "vip del six" \
		> "$tmp/batch"
	ctl batch "$tmp/batch" && expect "$VIP4/32" ours || return
	# What was done before the mistake was done.
	printf '%s\n' "vip del web" "vip del nobody" > "$tmp/batch"
	expect_status 4 ctl batch "$tmp/batch" && expect "" ours
}

test_waits()
{
	local said

	said=$(ctl vip add web "$VIP4" tcp 80 dev dummy0 2>&1) || return
	[[ $said == *"warning: it waits for dummy0"* ]] || {
		echo "$said"
		return 1
	}
	expect "no-address dummy0" vip web state dev &&
		ctl show | grep -q "waiting for dummy0" &&
		ctl vip show web | grep -q "^state *waiting for dummy0$" &&
		ip -n "$lb" link add dummy0 type dummy &&
		ctl show | grep -q "waiting for dummy0" &&
		ctl standby off && expect "" ours &&
		ip -n "$lb" link set dummy0 up && ctl standby off &&
		expect "$VIP4/32" ours_on dummy0 &&
		becomes web no-real state &&
		ip -n "$lb" link set dummy0 down &&
		ip -n "$lb" link set dummy0 name dummy1 && ctl standby off &&
		expect "" ours && ip -n "$lb" link del dummy1
}

start()
{
	: > "$tmp/log"
	enter "$lb" "$@" lbcheckd -v > /dev/null 2> "$tmp/log" &
	daemon=$!
	busywait "$PATIENCE" grep -q "read " "$tmp/log"
}

stop()
{
	kill "$daemon"
	wait "$daemon"
}

test_daemon()
{
	ctl -q vip add web "$VIP4" tcp 80 dev dummy0 &&
		ctl -q vip add six "$VIP6" tcp 80 dev dummy0 &&
		start && expect "" ours &&
		ip -n "$lb" link add dummy0 type dummy &&
		ip -n "$lb" link set dummy0 up &&
		marks "$VIP4/32 $VIP6/128" &&
		ip -n "$lb" link set dummy0 down && marks "$VIP4/32" &&
		ip -n "$lb" link set dummy0 up &&
		marks "$VIP4/32 $VIP6/128" &&
		ip -n "$lb" link del dummy0 && marks "" || return
	# It comes back, and neighbours are told of what was there all the time.
	ctl vip set web dev eth0 && ip -n "$lb" link set eth0 down &&
		mistake "$VIP4" && ip -n "$lb" link set eth0 up &&
		busywait "$PATIENCE" knows "$VIP4" && stop
}

# Somebody takes it off who does not know whose it is; or whoever had it before us
# does.
test_taken()
{
	ctl vip add web "$VIP4" tcp 80 dev eth0 &&
		ctl vip add six "$VIP6" tcp 80 dev eth0 && start &&
		expect "$VIP4/32 $VIP6/128" ours || return
	mistake "$VIP4" && ip -n "$lb" addr del "$VIP4/32" dev eth0 &&
		marks "$VIP4/32 $VIP6/128" &&
		busywait "$PATIENCE" knows "$VIP4" &&
		ip -n "$lb" addr del "$VIP6/128" dev eth0 &&
		marks "$VIP4/32 $VIP6/128" && ctl flush all &&
		ip -n "$lb" addr add "$VIP4/24" dev eth0 &&
		ctl vip add web "$VIP4" tcp 80 dev eth0 && marks "" &&
		ip -n "$lb" addr del "$VIP4/24" dev eth0 &&
		marks "$VIP4/32" && stop
}

# ipv6 on|off - on dummy0
ipv6()
{
	in_ns "$lb" sysctl -qw \
		"net.ipv6.conf.dummy0.disable_ipv6=$([ "$1" = on ]; echo $?)"
}

# What is in the way is told of once, and that it is not any more by nobody.
test_retries()
{
	ip -n "$lb" link add dummy0 type dummy && ipv6 off &&
		ip -n "$lb" link set dummy0 up && start &&
		ctl vip add six "$VIP6" tcp 80 dev dummy0 2> "$tmp/said" &&
		grep "warning: $VIP6 dummy0: Permission denied" "$tmp/said" &&
		busywait "$PATIENCE" grep -q "not where it belongs: $VIP6" "$tmp/log" &&
		expect "" ours && ipv6 on && marks "$VIP6/128" && stop &&
		expect 1 grep -c "not where it belongs" "$tmp/log" &&
		ip -n "$lb" link del dummy0
}

# is_waiting DEVICE - the VIP "web" is
is_waiting()
{
	ctl show | grep -q "waiting for $1"
}

# With its name comes what belongs on it, whatever was there before, however
# soon, and with a number that another had; neighbours learn it anew.
test_again()
{
	local index

	ctl vip add web "$VIP4" tcp 80 dev eth0 &&
		ctl vip add six "$VIP6" tcp 80 dev eth0 && start &&
		marks "$VIP4/32 $VIP6/128" && ip -n "$lb" link del eth0 &&
		expect "" ours && is_waiting eth0 && plug &&
		marks "$VIP4/32 $VIP6/128" &&
		becomes web "no-real eth0" state dev &&
		busywait "$PATIENCE" knows "$VIP4" || return

	# The one that goes and the one that comes are one burst.
	index=$(ip -n "$lb" -o link show eth0) || return
	ip -n "$lb" -batch - <<-EOT && marks "$VIP4/32 $VIP6/128" || return
		link del eth0
		link add eth0 index ${index%%:*} type dummy
		link set eth0 up
	EOT
	ip -n "$lb" link set eth0 down && ip -n "$lb" link set eth0 name eth9 &&
		marks "" && is_waiting eth0 &&
		ip -n "$lb" link add eth0 type dummy &&
		ip -n "$lb" link set eth0 up &&
		marks "$VIP4/32 $VIP6/128" &&
		expect "$VIP4/32 $VIP6/128" ours_on eth0 &&
		ip -n "$lb" link del eth9 && ip -n "$lb" link del eth0 &&
		plug && marks "$VIP4/32 $VIP6/128" && kill -0 "$daemon" && stop
}

# What is left over from before is removed by whoever comes first.
test_restart()
{
	ctl vip add web "$VIP4" tcp 80 dev eth0 && unload_module &&
		expect "$VIP4/32" ours && load_module && start && marks "" &&
		ctl vip add web "$VIP4" tcp 80 dev eth0 && stop &&
		expect "$VIP4/32" ours
}

test_privilege()
{
	ctl -q vip add web "$VIP4" tcp 80 dev dummy0 &&
		start setpriv --bounding-set=-net_admin,-net_raw \
			--inh-caps=-net_admin,-net_raw -- &&
		ip -n "$lb" link add dummy0 type dummy &&
		ip -n "$lb" link set dummy0 up &&
		busywait "$PATIENCE" grep -q "addresses are left to others" \
			"$tmp/log" &&
		ip -n "$lb" link set dummy0 mtu 1400 &&
		ctl vip set web dev eth0 && expect "$VIP4/32" ours &&
		kill -0 "$daemon" && stop &&
		expect 1 grep -c "addresses are left to others" "$tmp/log" &&
		ip -n "$lb" link del dummy0
}

# fresh CASE - with nothing there
fresh()
{
	ctl flush all && expect "" ours && "$@"
}

plug || ksft_skip_all "no veth"

ktap_plan 15
ktap_run "added, and gone with the last"	fresh test_add
ktap_run "IPv6"					fresh test_ipv6
ktap_run "changed"				fresh test_set
ktap_run "somebody else's address"		fresh test_foreign
ktap_run "any port"				fresh test_any
ktap_run "standby, flush"			fresh test_standby
ktap_run "save, plan, apply"			fresh test_save
ktap_run "batch"				fresh test_batch
ktap_run "an interface that is not there"	fresh test_waits
ktap_run "an interface that comes later"	fresh test_daemon
ktap_run "an address that is taken off"	fresh test_taken
ktap_run "what was in the way goes"		fresh test_retries
ktap_run "an interface that comes again"	fresh test_again
ktap_run "what is left over"			fresh test_restart
ktap_run "without the privilege"		fresh test_privilege
ktap_exit
