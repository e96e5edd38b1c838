#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A machine with systemd as PID 1, in the network namespace $lb: this machine's
# files, without the services that are enabled here, with changes of its own that
# survive when it is booted again. The kernel is shared, so the module is loaded
# for all; machine_down unloads it as the end of a kernel would.
#
# Sourced after lib.sh or topo.sh.

# shellcheck disable=SC2034,SC2154,SC2317

readonly DEBS=$tests/../build/deb
# How long anything may take, in ms; to be up or down, more than that.
readonly PATIENCE=120000
machine_unshare=''
machine=$tmp/machine
machine_pid=''
machine_group=''

# What has no place in it, or takes long.
readonly MASKED=(console-getty.service dbus.service dbus.socket
	dev-hugepages.mount dev-mqueue.mount e2scrub_reap.service getty.target
	apt-daily.timer man-db.timer proc-sys-fs-binfmt_misc.automount
	sys-kernel-debug.mount sys-kernel-tracing.mount
	systemd-binfmt.service systemd-logind.service systemd-pstore.service
	systemd-random-seed.service systemd-timesyncd.service
	systemd-update-utmp.service systemd-update-utmp-runlevel.service
	systemd-user-sessions.service)

# machine_new - a machine as after Debian's installation
machine_new()
{
	local etc=$machine/upper/etc empty name

	empty=("$etc"/systemd/{system,network} "$etc"/rc{0,1,2,3,4,5,6,S}.d)
	mkdir -p "$machine"/{root,work,modules,modules-work} "${empty[@]}" \
		"$machine"/upper/{root,usr/sbin,var/lib/man-db} || return
	# What is enabled on this machine is not on that one.
	/usr/bin/python3 -I -S -c '
import os, sys
for name in sys.argv[1:]:
    os.setxattr(name, "trusted.overlay.opaque", b"y")' "${empty[@]}" || return
	for name in "${MASKED[@]}"; do
		ln -s /dev/null "$etc/systemd/system/$name" || return
	done
	ln -s /lib/systemd/system/multi-user.target \
		"$etc/systemd/system/default.target"
	# Services may be started there, and no index of pages is made.
	mknod "$machine/upper/usr/sbin/policy-rc.d" c 0 0 &&
		mknod "$machine/upper/var/lib/man-db/auto-update" c 0 0 ||
		return
	echo balancer > "$etc/hostname"
	echo 0123456789abcdef0123456789abcdef > "$etc/machine-id"
	: > "$etc/fstab"
}

# machine_net DEVICE ADDRESS... - what networkd gives to a device
machine_net()
{
	local file=$machine/upper/etc/systemd/network/$1.network

	{
		printf '[Match]\nName=%s\n[Network]\n' "$1"
		echo "LinkLocalAddressing=no"
		echo "IPv6AcceptRA=no"
		shift
		printf 'Address=%s\n' "$@"
	} > "$file"
	mkdir -p "$machine/upper/etc/systemd/system/multi-user.target.wants" &&
		ln -sf /lib/systemd/system/systemd-networkd.service \
			"$machine/upper/etc/systemd/system/multi-user.target.wants/"
}

# machine_boot - returns when it is up
machine_boot()
{
	machine_group=/sys/fs/cgroup$(sed -n 's/^0:://p' /proc/self/cgroup)/machine
	mkdir -p "$machine_group" || return
	machine_pid=''
	(
		echo "$BASHPID" > "$machine_group/cgroup.procs"
		exec enter "$lb" unshare --pid --fork --kill-child --mount \
			--uts --ipc --cgroup "$tests/boot/init" "$machine"
	) > "$tmp/machine.log" 2>&1 < /dev/null &
	machine_unshare=$!
	busywait 300000 machine_child || {
		cat "$tmp/machine.log"
		return 1
	}
	: > "$tmp/state"
	busywait 300000 machine_listens && ! machine_is_gone &&
		machine_do systemctl is-system-running --wait > "$tmp/state"
	[ "$(< "$tmp/state")" = running ] || {
		cat "$tmp/machine.log"
		echo "it is $(< "$tmp/state")"
		machine_do systemctl --failed --no-legend --plain
		return 1
	}
}

machine_child()
{
	read -r machine_pid < \
		"/proc/$machine_unshare/task/$machine_unshare/children"
	[ -n "$machine_pid" ]
}

machine_is_gone()
{
	[ -n "$machine_pid" ] && [ ! -e "/proc/$machine_pid" ]
}

# machine_listens - whether it can be spoken to, or never will
machine_listens()
{
	! machine_is_gone || return 0
	[ "$(< "/proc/$machine_pid/comm")" = systemd ] &&
		[ -S "/proc/$machine_pid/root/run/systemd/private" ]
}

# machine_do COMMAND [ARG...] - as someone who is logged in there
machine_do()
{
	nsenter -t "$machine_pid" -a env -i HOME=/root LANG=C.UTF-8 \
		PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
}

# machine_down - shut down, and no kernel that would remember
machine_down()
{
	machine_do systemctl --no-block poweroff
	busywait 300000 machine_is_down && machine_forget &&
		busywait "$PATIENCE" unload_module
}

machine_is_down()
{
	! kill -0 "$machine_unshare" 2> /dev/null
}

machine_forget()
{
	[ -n "$machine_group" ] || return 0
	echo 1 > "$machine_group/cgroup.kill"
	wait "$machine_unshare" 2> /dev/null
	find "$machine_group" -depth -type d -exec rmdir {} + 2> /dev/null
	machine_pid='' machine_group=''
}

# case_run NAME COMMAND [ARG...] - ktap_run, but not in a subshell: the machine is
# what cases share
case_run()
{
	local name=$1 status
	shift

	ktap_num=$((ktap_num + 1))
	if machine_is_gone; then
		echo "the machine is gone" > "$tmp/case"
		status=1
	else
		"$@" > "$tmp/case" 2>&1
		status=$?
	fi
	sed 's/^/# /' "$tmp/case"
	if [ $status -eq 0 ]; then
		echo "ok $ktap_num $name"
	else
		echo "not ok $ktap_num $name # exit=$status"
		ktap_failed=$((ktap_failed + 1))
	fi
}

cleanup()
{
	machine_forget
	cleanup_ns
	rm -rf "$tmp"
}
