#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Puts the tools of the kernel's source that are in no other package into
# build/source, and prints that directory: checkpatch, kernel-doc, the cocci
# rules and the kselftest harness.

set -u

top=$(cd "$(dirname "$0")/.." && pwd) || exit 1
out=$top/build/source
archive=/usr/src/linux-source-6.1.tar.xz

[ -e "$archive" ] || "$top/scripts/deps" check >&2 || exit 1
mkdir -p "$top/build" || exit 1
exec 6> "$top/build/source.lock"
flock 6
if [ ! "$out/done" -nt "$archive" ]; then
	rm -rf "$out"
	mkdir "$out" || exit 1
	# The selftests of every subsystem are not for us.
	tar -xJf "$archive" -C "$out" --strip-components=1 --wildcards \
		--no-wildcards-match-slash \
		'*/scripts/checkpatch.pl' '*/scripts/spelling.txt' \
		'*/scripts/const_structs.checkpatch' '*/scripts/kernel-doc' \
		'*/scripts/coccinelle' '*/tools/testing/selftests/lib.mk' \
		'*/scripts/subarch.include' '*/tools/testing/selftests/*.h' \
		'*/tools/testing/selftests/kselftest' || exit 1
	touch "$out/done"
fi
echo "$out"
