#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A new administrator's first hour: from the packages to a site that is checked,
# saved, and back after a reboot; and the packages' removal. What is done and
# seen on the way is in README.md, as scripts/readme put it there.

# Cases are called by name, through case_run.
# shellcheck disable=SC2154,SC2317 source=tests/topo.sh
. "$(dirname "$0")/topo.sh"
# shellcheck source=tests/boot/machine.sh
. "$tests/boot/machine.sh"

require_tool ip dkms marked unshare nsenter
[ -x /lib/systemd/systemd ] || ksft_skip_all "no systemd"
unload_module
topo_dr || ksft_skip_all "no network namespaces"
start_server "$real1" HT1 tcp/25 || ksft_skip_all "no servers"
start_server "$real2" HT2 tcp/25 || ksft_skip_all "no servers"
said=$VM_LOG/readme
: > "$said"

# without_network - as a machine is before it is booted
without_network()
{
	ip -n "$lb" addr flush dev eth0 && ip -n "$lb" link set eth0 down
}

# type COMMAND - what the administrator types, and what comes of it
type()
{
	local status

	echo "    # $1" >> "$said"
	machine_do bash -c "cd && $1" > "$tmp/typed" 2>&1
	status=$?
	sed 's/^/    /; s/ *$//' "$tmp/typed" >> "$said"
	cat "$tmp/typed"
	return "$status"
}

# typed COMMAND - the same; what comes of it is not worth reading
typed()
{
	echo "    # $1" >> "$said"
	machine_do bash -c "cd && $1"
}

is_active()
{
	[ "$(machine_do systemctl is-active l4lb lbcheckd | xargs)" = \
		"active active" ]
}

are_up()
{
	[ "$(machine_do lbctl -j real show | grep -o '"health":"up"' | wc -l)" \
		-eq 2 ]
}

# Without a compiler: DKMS has built the module on another machine. That it has
# the sources already is an error to ldtarball, but after it has the binaries.
dkms_module()
{
	machine_do dkms ldtarball --force "/root/$L4LB_KERNEL.dkms"
	machine_do dkms install -m l4lb -v "$version" -k "$(uname -r)" &&
		machine_do systemctl restart l4lb
}

test_install()
{
	cp "$DEBS"/*.deb "$DEBS/$L4LB_KERNEL.dkms" "$machine/upper/root/" &&
		machine_boot &&
		(cd "$machine/upper" && find . ! -path "./var/*" | LC_ALL=C sort) \
			> "$tmp/before" &&
		typed "apt install ./*.deb" && dkms_module &&
		busywait "$PATIENCE" is_active &&
		machine_do lbctl version && machine_do getent passwd l4lb &&
		expect "755 700" eval 'machine_do stat -c %a \
			/etc/l4lb/checks.d /etc/l4lb/secrets | xargs' &&
		machine_do dpkg --audit && machine_do lbctl vip show
}

test_site()
{
	local n

	typed "echo 'Address=192.168.30.10/32' >> /etc/systemd/network/eth0.network" &&
		typed "systemctl restart systemd-networkd" &&
		type "lbctl vip add HT-SMTP 192.168.30.10 tcp 25 check tcp" &&
		type "lbctl real add HT-SMTP HT1 192.168.30.20" &&
		type "lbctl real add HT-SMTP HT2 192.168.30.21" &&
		busywait "$PATIENCE" are_up || return
	for ((n = 0; n < 4; n++)); do
		ask "$client" "$VIP4" 25 || return
	done
	type "lbctl show"
}

test_save()
{
	type "lbctl save /etc/l4lb.conf" && type "cat /etc/l4lb.conf" &&
		type "lbctl vip set HT-SMTP allow 192.168.30.99" &&
		! ask "$client" "$VIP4" 25 tcp 2 &&
		{ type "lbctl plan /etc/l4lb.conf" || [ $? -eq 10 ]; } &&
		type "lbctl apply /etc/l4lb.conf" &&
		ask "$client" "$VIP4" 25
}

test_reboot()
{
	echo "    # reboot" >> "$said"
	machine_down && without_network && machine_boot &&
		busywait "$PATIENCE" is_active && busywait "$PATIENCE" are_up &&
		ask "$client" "$VIP4" 25 &&
		type "lbctl vip show"
}

# What is not saved stays; what was there is not applied again.
test_upgrade()
{
	machine_do lbctl vip set HT-SMTP sched rr &&
		machine_do bash -c 'dpkg -i /root/l4lb-tools*.deb /root/lbch*.deb' &&
		busywait "$PATIENCE" is_active && machine_do lbctl vip show HT-SMTP |
			grep -Eq '^sched +rr$' && ask "$client" "$VIP4" 25
}

test_remove()
{
	local path

	machine_do lbctl vip add OWN 192.168.30.11 tcp 25 dev eth0 check off &&
		expect 192.168.30.11/32 in_ns "$lb" marked 0x4c &&
		machine_do dpkg -r lbcheckd l4lb-tools l4lb-dkms &&
		! is_loaded && expect "" in_ns "$lb" marked 0x4c &&
		! machine_do systemctl is-active l4lb lbcheckd &&
		expect "" machine_do dkms status -m l4lb &&
		machine_do dpkg -P lbcheckd l4lb-tools l4lb-dkms || return
	(cd "$machine/upper" && find . ! -path "./var/*" | LC_ALL=C sort) > "$tmp/after"
	# Directories are there because something in them has changed.
	while read -r path; do
		[ -e "/$path" ] || [[ $path == ./etc/@(l4lb.conf|.pwd.lock) ]] ||
			echo "$path is left"
	done < <(LC_ALL=C comm -13 "$tmp/before" "$tmp/after") > "$tmp/rest"
	cat "$tmp/rest"
	[ ! -s "$tmp/rest" ]
}

# words FILE - what must be the same in README.md: neither times nor figures
words()
{
	sed -n '/^<!-- boot_hour/,/^<!-- end/p' "$1" | grep '^    ' |
		sed -E 's/[0-9]+:[0-9]+:[0-9]+/TIME/g; s/ [0-9.]+[mu]?s / RTT /g
			s/  +/ /g
			/^ [A-Z]/s/ [0-9]+/ N/g'
}

test_readme()
{
	{
		echo "<!-- boot_hour -->"
		cat "$said"
		echo "<!-- end -->"
	} > "$tmp/readme"
	diff <(words "$tests/../README.md") <(words "$tmp/readme") || {
		echo "README.md is not current: scripts/readme"
		return 1
	}
}

version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' "$tests/../scripts/dkms.conf")
if ! machine_new || ! machine_net eth0 192.168.30.2/24 || ! without_network; then
	ksft_skip_all "no machine"
fi

ktap_plan 7
case_run "packages are installed"	test_install
case_run "a site"			test_site
case_run "it is saved"			test_save
case_run "it is back after a reboot"	test_reboot
case_run "an upgrade changes nothing"	test_upgrade
case_run "packages are removed"		test_remove
case_run "README.md is current"		test_readme
ktap_exit
