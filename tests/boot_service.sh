#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The units at boot, in whatever order things come: lbcheckd before the module,
# the VIPs before their interface, reals before they can be reached; what systemd
# does for lbcheckd; and VIPs whose addresses we put on their interface.

# Cases are called by name, through case_run.
# shellcheck disable=SC2154,SC2317 source=tests/topo.sh
. "$(dirname "$0")/topo.sh"
# shellcheck source=tests/boot/machine.sh
. "$tests/boot/machine.sh"

require_tool ip marked unshare nsenter dpkg-deb
[ -x /lib/systemd/systemd ] || ksft_skip_all "no systemd"
unload_module
topo_dr || ksft_skip_all "no network namespaces"
start_server "$real1" HT1 tcp/25 || ksft_skip_all "no servers"
start_server "$real2" HT2 tcp/25 || ksft_skip_all "no servers"

# prepare - a machine with what the packages have, whose network is not there
prepare()
{
	local etc=$machine/upper/etc deb

	machine_new && mkdir -p "$etc"/{modprobe.d,l4lb/checks.d} \
		"$etc"/systemd/system/{lbcheckd.service.d,multi-user.target.wants} ||
		return
	for deb in "$DEBS"/{l4lb-tools,lbcheckd}_*.deb; do
		dpkg-deb --fsys-tarfile "$deb" |
			tar -x -C "$machine/upper" --keep-directory-symlink \
				--transform 's|^\./lib\b|./usr/lib|' || return
	done
	ln -s /lib/systemd/system/lbcheckd.service \
		"$etc/systemd/system/multi-user.target.wants/"
	# Short, but no machine is so slow that it takes one for hanging that does not.
	printf '[Service]\nWatchdogSec=15\n' \
		> "$etc/systemd/system/lbcheckd.service.d/short.conf"
	# What DKMS would have installed.
	cp "$L4LB_KO" "$machine/upper/root/l4lb.ko" &&
		echo "install l4lb /sbin/insmod /root/l4lb.ko" \
			> "$etc/modprobe.d/l4lb.conf"
	cat > "$etc/l4lb.conf" <<-EOT
		vip add SMTP 192.168.30.10 tcp 25 check tcp interval 1s timeout 1s
		real add SMTP HT1 192.168.30.20
		real add SMTP HT2 192.168.30.21
	EOT
	cat > "$etc/l4lb/checks.d/whoami" <<-EOT
		#!/bin/sh
		[ "\$(id -un)" = l4lb ] && ! touch /usr/bin/x /etc/x 2> /dev/null &&
			[ ! -e /dev/kmsg ]
	EOT
	cat > "$etc/l4lb/checks.d/escape" <<-EOT
		#!/bin/sh
		setsid sleep 12345 &
		sleep 1
		echo "left one"
	EOT
	chmod 755 "$etc/l4lb/checks.d"/{whoami,escape}
	ip -n "$real2" link set eth0 down && unplug
}

unplug()
{
	ip -n "$lb" link set eth0 netns "$lan" name away
}

# plug COMMAND... - and what there is to be on it
plug()
{
	ip -n "$lan" link set away netns "$lb" name eth0 &&
		printf '%s\n' "$@" "link set eth0 up" | ip -n "$lb" -batch -
}

# machine_field KEY UNIT - what systemd knows of a unit
machine_field()
{
	machine_do systemctl show -P "$1" "$2"
}

# vip_is STATE - what SMTP is
vip_is()
{
	[ "$(machine_do lbctl -j vip show SMTP |
		sed 's/.*"state":"\([a-z-]*\)".*/\1/')" = "$1" ]
}

# real_is NAME HEALTH
real_is()
{
	local json

	json=$(machine_do lbctl -j real show SMTP "$1") &&
		json_get "$json" health && [ "$REPLY" = "$2" ]
}

test_before_module()
{
	machine_boot && expect active machine_do systemctl is-active lbcheckd &&
		! is_loaded && machine_do systemctl start l4lb && is_loaded &&
		machine_do lbctl vip show SMTP > /dev/null
}

# Enough for it to be checked, were there a way.
test_before_interface()
{
	vip_is no-address && ! real_is HT1 up &&
		busywait "$PATIENCE" not_checked &&
		plug "addr add 192.168.30.2/24 dev eth0" \
			"addr add 192.168.30.10/32 dev eth0" &&
		busywait "$PATIENCE" real_is HT1 up &&
		busywait "$PATIENCE" vip_is degraded &&
		ask "$client" "$VIP4" 25 && return
	machine_do lbctl real show
	machine_do ip addr show dev eth0
	machine_do journalctl -o cat -u lbcheckd
	return 1
}

not_checked()
{
	machine_do lbctl -j real show SMTP HT1 | grep -q '"not checked'
}

# There is no neighbour as long as its interface is down.
test_before_neighbour()
{
	busywait "$PATIENCE" real_is HT2 down &&
		ask "$client" "$VIP4" 25 | grep "^HT1 " &&
		ip -n "$real2" link set eth0 up &&
		busywait "$PATIENCE" real_is HT2 up || return
	(ask "$client" "$VIP4" 25; ask "$client" "$VIP4" 25
		ask "$client" "$VIP4" 25; ask "$client" "$VIP4" 25) |
		grep "^HT2 "
}

# One that hangs is started again; the VIP knows nothing of it.
test_watchdog()
{
	local pid

	pid=$(machine_field MainPID lbcheckd) &&
		machine_do kill -STOP "$pid" &&
		ask "$client" "$VIP4" 25 &&
		busywait "$PATIENCE" restarted &&
		[ "$(machine_field MainPID lbcheckd)" != "$pid" ] &&
		real_is HT1 up
}

restarted()
{
	[ "$(machine_field NRestarts lbcheckd)" -eq 1 ] &&
		[ "$(machine_field ActiveState lbcheckd)" = active ]
}

has_left_one()
{
	machine_do lbctl real show SMTP HT1 | grep -q "left one"
}

none_is_left()
{
	! machine_do pgrep -fx "sleep 12345"
}

# What the unit allows, seen by a program of a check; and it does not keep us
# from ending what such a one has left behind.
test_sandbox()
{
	local pid

	machine_do lbctl vip set SMTP check exec args run=whoami interval 3s &&
		busywait "$PATIENCE" real_is HT1 up &&
		pid=$(machine_field MainPID lbcheckd) &&
		machine_do grep -E '^(CapBnd|Seccomp):' "/proc/$pid/status" \
			> "$tmp/limits" && cat "$tmp/limits" &&
		grep -Eq '^Seccomp:[[:space:]]2$' "$tmp/limits" &&
		grep -Eq '^CapBnd:[[:space:]]00000000000030e0$' "$tmp/limits" &&
		machine_do lbctl vip set SMTP check args run=escape &&
		busywait "$PATIENCE" has_left_one &&
		busywait "$PATIENCE" none_is_left &&
		machine_do lbctl apply /etc/l4lb.conf
}

# The file is taken as a whole, and the unit's end is not that of the VIPs.
test_reload()
{
	local line="real add SMTP HT3 192.168.30"

	machine_do bash -c "echo '$line.300' >> /etc/l4lb.conf"
	! machine_do systemctl reload l4lb &&
		machine_do journalctl -o cat -u l4lb | grep "l4lb.conf, line 4: " &&
		machine_do sed -i 's/30\.300/30.22/' /etc/l4lb.conf &&
		machine_do systemctl reload l4lb &&
		machine_do lbctl real show SMTP HT3 > /dev/null &&
		machine_do systemctl stop l4lb &&
		ask "$client" "$VIP4" 25
}

# is_placed - whether the VIP's address is where we have put it
is_placed()
{
	[ "$(in_ns "$lb" marked 0x4c eth0)" = 192.168.30.10/32 ]
}

are_active()
{
	[ "$(machine_do systemctl is-active l4lb lbcheckd | xargs)" = \
		"active active" ]
}

# is_served - clients of the VIP come to servers
is_served()
{
	busywait "$PATIENCE" is_placed && busywait "$PATIENCE" real_is HT1 up &&
		ask "$client" "$VIP4" 25 && return
	machine_do lbctl vip show SMTP
	machine_do ip addr show dev eth0
	machine_do journalctl -o cat -u lbcheckd
	return 1
}

# A site whose file names the interface, from boot to boot.
test_dev_late()
{
	local etc=$machine/upper/etc

	machine_down && unplug || return
	sed -i '/^vip/s/$/ dev eth0/; /HT3/d' "$etc/l4lb.conf" &&
		ln -s /lib/systemd/system/l4lb.service \
			"$etc/systemd/system/multi-user.target.wants/" &&
		machine_boot && are_active &&
		machine_do lbctl vip show SMTP |
			grep "^state *waiting for eth0$" &&
		plug "addr add 192.168.30.2/24 dev eth0" && is_served
}

# It is there from the beginning, but the network comes when the VIPs are known.
test_dev_there()
{
	machine_down && ip -n "$lb" addr flush dev eth0 &&
		ip -n "$lb" link set eth0 down &&
		machine_net eth0 192.168.30.2/24 && machine_boot &&
		are_active && is_served
}

has_address()
{
	[ -n "$(ip -n "$lb" addr show dev eth0 to "$1")" ]
}

# What configures the network may do as it likes with what it does not know; its
# own next address comes after that.
test_dev_network()
{
	machine_do bash -c "echo Address=192.168.30.3/24 \
		>> /etc/systemd/network/eth0.network" &&
		machine_do systemctl restart systemd-networkd &&
		busywait "$PATIENCE" has_address 192.168.30.3 && is_served
}

# Whoever has put it there is not needed for it to stay, nor for its VIP.
test_dev_stop()
{
	machine_do systemctl stop l4lb lbcheckd && is_placed &&
		ask "$client" "$VIP4" 25 &&
		machine_do systemctl start l4lb lbcheckd && are_active &&
		is_served && machine_do lbctl flush all &&
		! has_address 192.168.30.10
}

prepare || ksft_skip_all "no machine"

ktap_plan 10
case_run "lbcheckd comes before the module"	test_before_module
case_run "the VIP comes before its interface"	test_before_interface
case_run "a real comes when it can be reached"	test_before_neighbour
case_run "the watchdog"				test_watchdog
case_run "the sandbox"				test_sandbox
case_run "another file, a wrong one, none"	test_reload
case_run "dev: the interface comes late"	test_dev_late
case_run "dev: the interface is there"		test_dev_there
case_run "dev: the network is configured anew"	test_dev_network
case_run "dev: we stop, and flush"		test_dev_stop
ktap_exit
