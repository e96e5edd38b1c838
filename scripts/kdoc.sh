#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Gate: every kernel-doc comment is complete and right, and every struct and
# every function that a header declares has one.

set -u

top=$(cd "$(dirname "$0")/.." && pwd) || exit 1
source=$("$top/scripts/source.sh") || exit 1

cd "$top" || exit 1
mapfile -t files < <(find kmod include tools/lib tools/lbcheckd \
	-name '*.[ch]' ! -path '*/compat/*' 2> /dev/null | sort)
[ ${#files[@]} -gt 0 ] || exit 0
printf '%s\0' "${files[@]}" | xargs -0 -n 8 -P "$(nproc)" \
	perl "$source/scripts/kernel-doc" -none -Werror 2>&1
