#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What it costs to apply a site of ten thousand reals: all of it, none of it
# because it is there already, and one real of it; and to save it.
#
#	tests/vm/run --count -- tests/bench/apply.sh
#
# An instruction takes a nanosecond here, those of the kernel and of starting
# the program included, so time is instructions.

set -u -o pipefail

l4lb_ko=${L4LB_KO:?path of l4lb.ko}
vips=100 reals=${REALS:-10000}
work=$(mktemp -d) || exit 1

die()
{
	echo "apply: $*" >&2
	exit 1
}

# shellcheck disable=SC2317 # called by a trap
cleanup()
{
	lbctl flush all
	rmmod l4lb
	rm -rf "$work"
} 2> /dev/null

# cost WHAT COMMAND [ARG...] - a line with the millions of instructions
cost()
{
	local what=$1 before after
	shift

	before=${EPOCHREALTIME/[.,]/}
	"$@" || die "$*"
	after=${EPOCHREALTIME/[.,]/}
	printf '%-34s %6d million instructions\n' "$what" \
		$(((after - before) / 1000))
}

trap cleanup EXIT
insmod "$l4lb_ko" || die "cannot load $l4lb_ko"
for ((i = 0; i < vips; i++)); do
	echo "vip add v$i 203.0.113.$((i + 1)) tcp 25,80,443 check smtp port 25"
done > "$work/site"
for ((i = 0; i < reals; i++)); do
	echo "real add v$((i % vips)) r$i 10.9.$((i / 250)).$((i % 250 + 1)) weight $((i % 7 + 1)) state online"
done >> "$work/site"
sed 's/^\(real add v0 r0 .*\) weight 1/\1 weight 99/' "$work/site" > "$work/one"

echo "$reals reals of $vips vips on kernel $(uname -r):"
cost "apply, to nothing" lbctl -q apply "$work/site"
cost "apply, to the same" lbctl -q apply "$work/site"
cost "apply, one real of them" lbctl -q apply "$work/one"
cost "plan, the same" lbctl -q plan "$work/one"
cost "save" lbctl save "$work/saved"
cost "apply, everything is removed" lbctl -q apply - <<< "# nothing"
