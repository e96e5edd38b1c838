#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Gate: checkpatch --strict has nothing to say on any C file. To compare kernel
# versions is what kmod/compat is for; it alone may. Programs use the types of
# C, which checkpatch knows of tools/ but not of tests/, and the libraries that
# they use name functions as they like.

set -u

top=$(cd "$(dirname "$0")/.." && pwd) || exit 1
source=$("$top/scripts/source.sh") || exit 1
headers=$(echo "$("$top/scripts/kernel" 6.1)"/usr/src/linux-headers-*-common)

# check_files OPTION... - checks the files named on stdin
check_files()
{
	xargs -r -n 16 -P "$(nproc)" perl "$source/scripts/checkpatch.pl" \
		--no-tree --root="$headers" --strict --quiet --no-summary \
		--terse --show-types "$@" -f
}

# It leaves a cache in the current directory.
cd "$source" || exit 1
{
	find "$top"/{kmod,include,tools} -name '*.[ch]' \
		! -path '*/compat/*' | check_files
	find "$top/tests" -name '*.[ch]' |
		check_files --ignore PREFER_KERNEL_TYPES
	find "$top/kmod/compat" -name '*.[ch]' |
		check_files --ignore LINUX_VERSION_CODE,CONSTANT_COMPARISON
} 2> /dev/null | sed -e "s|^$top/||" \
	-e '/CAMELCASE:.*<\(LLVM\|SSL_\|X509_\)/d' | sort > findings
cat findings
[ ! -s findings ]
