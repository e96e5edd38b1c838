#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Gate: shellcheck has nothing to say on any shell script.

set -u

top=$(cd "$(dirname "$0")/.." && pwd) || exit 1
cd "$top" || exit 1
mapfile -t files < <({
	find scripts tests tools .ci -name '*.sh' -type f
	grep -rlE -m 1 '^#!/bin/(ba|busybox )?sh' scripts tests tools .ci
} 2> /dev/null | sort -u)
printf '%s\0' "${files[@]}" | xargs -0 -n 8 -P "$(nproc)" \
	shellcheck -x -P SCRIPTDIR -f gcc
