#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Gate: the programs build without a warning, and cppcheck and clang's analyzer
# find nothing in them.

set -u

top=$(cd "$(dirname "$0")/.." && pwd) || exit 1
cd "$top" || exit 1
[ -e tools/Makefile ] || exit 0
log=build/check-tools.log
status=0

mkdir -p build
"$top/scripts/deps" build || exit 1
make -C tools O="$top/build/check-tools" WERROR=1 -j"$(nproc)" > "$log" 2>&1 || {
	grep -E '(warning|error): |\*\*\*' "$log" | sort -u
	status=1
}

mapfile -t files < <(find tools -name '*.c' | sort)
[ ${#files[@]} -gt 0 ] || exit $status
cppcheck --quiet --enable=warning,performance,portability --inline-suppr \
	--error-exitcode=1 --std=c11 -j "$(nproc)" -Itools/lib \
	--suppress=missingInclude --suppress=missingIncludeSystem \
	--template='{file}:{line}: {severity}: {message} [{id}]' \
	-D_GNU_SOURCE "${files[@]}" 2>&1 || status=1

# It counts what it suppresses on stderr; what pkg-config says are words.
# shellcheck disable=SC2046
printf '%s\n' "${files[@]}" | xargs -I FILE -P "$(nproc)" clang-tidy --quiet \
	--checks='-*,clang-analyzer-*,-clang-analyzer-security.insecureAPI.*' \
	FILE -- -std=gnu11 -D_GNU_SOURCE -isystem include/uapi -Itools/lib \
	$(pkg-config --cflags libnl-route-3.0) \
	2> "$log" | grep -E '(warning|error): ' | sed "s|^$PWD/||" | sort -u |
	tee "$log.findings"
[ ! -s "$log.findings" ] || status=1
exit $status
