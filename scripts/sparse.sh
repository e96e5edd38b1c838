#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Gate: the modules build with W=1 and sparse, endianness included, without a
# warning.

set -u

top=$(cd "$(dirname "$0")/.." && pwd) || exit 1
out=$top/build/check-modules
log=$top/build/check-modules.log

[ -e "$top/kmod/Kbuild" ] || exit 0
mkdir -p "$top/build" || exit 1
rm -rf "$out"
status=0
: > "$log"
for sub in . tests/bench; do
	[ -e "$top/$sub/Kbuild" ] || continue
	"$top/scripts/build" -o "$out" -d "$sub" 6.1 W=1 C=2 CHECK=sparse \
		CF=-D__CHECK_ENDIAN__ >> "$log" 2>&1 || status=1
done
# What the compiler is called is no finding.
grep -E '(warning|error): |\*\*\*' "$log" |
	grep -v 'the compiler differs from the one used' |
	sed "s|$out/||g" | sort -u > "$log.findings"
cat "$log.findings"
[ ! -s "$log.findings" ] && [ $status -eq 0 ]
