#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Gate: who may include whom.

set -u

top=$(cd "$(dirname "$0")/.." && pwd) || exit 1
cd "$top" || exit 1
status=0

# forbid REASON PATTERN FILE... - no line of FILE matches PATTERN
forbid()
{
	local reason=$1 pattern=$2
	shift 2

	grep -HnsE "$pattern" "$@" /dev/null | sed "s|\$| [$reason]|" |
		grep . && status=1
}

include='^[[:space:]]*#[[:space:]]*include[[:space:]]*[<"]'
shopt -s nullglob globstar

forbid "the control plane never sees traffic" \
	"$include(packet|hook|forward|xmit[a-z_]*)\.h" \
	kmod/{netlink,notify,message,parse}*.[ch]
forbid "the data path knows no netlink" \
	"$include((net|linux|uapi/linux)/genetlink|netlink|message|parse)\.h" \
	kmod/{hook,forward,packet,nat,icmp,conn}.[ch] \
	kmod/{xmit,proto,sched}*.[ch]
forbid "the module and the programs share the uapi header only" \
	"$include.*(tools|lbctl|lbcheckd)/" kmod/**/*.[ch] include/**/*.h
forbid "the module and the programs share the uapi header only" \
	"$include.*kmod/" tools/**/*.[ch]
forbid "libnl is in rtnl.c only" "${include}netlink/" \
	tools/lib/[!r]*.[ch] tools/lib/r[!t]*.[ch] \
	tools/lb{ctl,checkd}/*.[ch]
forbid "rtnl.c has libnl, not libmnl" "${include}libmnl" tools/lib/rtnl.[ch]
forbid "lockdep is not to be silenced" \
	'rcu_dereference_protected\(.*, *(1|true)\)' kmod/**/*.[ch]
forbid "differences between kernels are in kmod/compat" \
	'LINUX_VERSION_CODE' kmod/*.[ch]
exit $status
