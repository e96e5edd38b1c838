#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Control plane: the site in a file, written.

# Cases are called by name, through ktap_run.
# shellcheck disable=SC2317 source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

require_tool ip lbctl
load_module || ksft_skip_all "the module cannot be loaded"
setup_ns lb || ksft_skip_all "no network namespaces"
ip -n "$lb" addr add 192.168.30.10/32 dev lo

# saved LINE... - what is saved are exactly these lines
saved()
{
	local want

	printf -v want '%s\n' "$@"
	expect "${want%$'\n'}" ctl save
}

begin()
{
	ctl flush all && ctl global set limit conns default limit vips default \
		seed default partner default
}

test_nothing()
{
	saved "# nothing is configured"
}

# Mode, scheduler and state always, of the rest what is not a default; names
# in an order that does not depend on when they were made.
test_site()
{
	begin && ctl batch - <<-EOF || return
		vip add WEB 192.168.30.10 tcp 443,80
		vip add DNS fd30::10 udp 53 sched rr
		real add WEB CAS10 192.168.30.30 state drain
		real add WEB CAS2 192.168.30.21 weight 50 check off
		real add WEB CAS1 192.168.30.20
		real add DNS one fd30::20 max-conns 7
	EOF
	saved "vip add DNS fd30::10 udp 53 mode dr sched rr" \
		"real add DNS one fd30::20 max-conns 7 state online" \
		"vip add WEB 192.168.30.10 tcp 80,443 mode dr sched wrr" \
		"real add WEB CAS1 192.168.30.20 state online" \
		"real add WEB CAS2 192.168.30.21 weight 50 state online check off" \
		"real add WEB CAS10 192.168.30.30 state drain"
}

test_options()
{
	local vip="vip add WEB 192.168.30.10 tcp,udp any mode snat sched mh"
	local http="check http interval 10s fast 500ms rise 1 fall 5 guard 60"

	vip+=" persist 1h mask 24 idle 1d allow 10.0.0.0/8,192.168.30.50-192.168.30.60"
	vip+=" orphan drop no-real icmp fallback 192.168.30.99 hook input"
	vip+=" slow-start 90s seed abc source 192.168.30.11,192.168.30.12"
	# Words.
	# shellcheck disable=SC2086
	begin && ctl $vip force check tcp port 25,80 agent 8000 &&
		ctl real add WEB one 192.168.30.20 $http port 81 secret mail \
		args "path='/a' body=\"x y\\ty\"" || return
	saved "$vip check tcp port 25,80 agent 8000" \
		"real add WEB one 192.168.30.20 state online check http port 81 interval 10s fast 500ms rise 1 fall 5 guard 60 secret mail args \"path='/a' body=\\\"x y\\\\ty\\\"\""
}

# Those whose limits are not the defaults; pins, but no other clients.
test_global()
{
	begin && ctl batch - <<-EOF || return
		vip add WEB 192.168.30.10 tcp 80 persist 60 mask 24
		real add WEB one 192.168.30.20
		real add WEB two 192.168.30.21
		persist add vip WEB src 192.0.2.9 real two forever
		persist add vip WEB src 10.0.0.1 real one forever
		persist add vip WEB src 10.1.0.1 real one for 1h
		global set limit conns 100000 limit vips 50 seed 1f
		global set partner 02:00:00:00:30:03
	EOF
	saved "global set seed 1f limit vips 50 limit conns 100000 partner 02:00:00:00:30:03" \
		"vip add WEB 192.168.30.10 tcp 80 mode dr sched wrr persist 1m mask 24" \
		"real add WEB one 192.168.30.20 state online" \
		"real add WEB two 192.168.30.21 state online" \
		"persist add vip WEB src 10.0.0.0 real one forever" \
		"persist add vip WEB src 192.0.2.0 real two forever" &&
		begin && test_nothing
}

# The old one, or the new one, and nothing beside it.
test_file()
{
	local file=$tmp/site mode

	begin && ctl vip add WEB 192.168.30.10 tcp 80 && ctl save "$file" &&
		expect "vip add WEB 192.168.30.10 tcp 80 mode dr sched wrr" \
			cat "$file" || return
	mode=$(stat -c %a "$file")
	[ "$mode" = 600 ] || {
		echo "a new file has mode $mode"
		return 1
	}
	chmod 644 "$file" && ln -s site "$tmp/link" &&
		ctl vip set WEB ports 81 && ctl save "$tmp/link" &&
		expect "vip add WEB 192.168.30.10 tcp 81 mode dr sched wrr" \
			cat "$file" &&
		[ -L "$tmp/link" ] && expect 644 stat -c %a "$file" &&
		expect_status 1 ctl save "$tmp" &&
		expect_status 1 ctl save "$tmp/none/site" &&
		fail_with "No space left on device" ctl save /dev/full &&
		[ -c /dev/full ] &&
		mount -t tmpfs -o size=4k none /mnt || return
	echo old > /mnt/site
	fail_with "/mnt/site: No space left on device" ctl save /mnt/site &&
		expect old cat /mnt/site && expect site ls /mnt
	local status=$?
	umount /mnt
	return "$status"
}

test_refused()
{
	begin && ctl vip add WEB 192.168.30.10 tcp 80 allow 10.0.0.0/8 &&
		expect_status 2 ctl save a b &&
		expect_status 7 setpriv --reuid 65534 --clear-groups \
			"$(command -v lbctl)" save || return
	ctl save > /dev/full && {
		echo "nobody noticed that the disk is full"
		return 1
	}
	expect '{"lines":["vip add WEB 192.168.30.10 tcp 80 mode dr sched wrr allow 10.0.0.0/8"]}' \
		ctl -j save
}

ktap_plan 6
ktap_run "nothing"			test_nothing
ktap_run "a site, in order"		test_site
ktap_run "every option"			test_options
ktap_run "the namespace, and pins"	test_global
ktap_run "a file"			test_file
ktap_run "what cannot be saved"		test_refused
ktap_exit
