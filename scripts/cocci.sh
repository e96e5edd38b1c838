#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Gate: the kernel's own semantic checks find nothing in the modules.

set -u

top=$(cd "$(dirname "$0")/.." && pwd) || exit 1
source=$("$top/scripts/source.sh") || exit 1

cd "$top" || exit 1
[ -n "$(find kmod -name '*.c' 2> /dev/null)" ] || exit 0

check_rule()
{
	local options

	# Each rule says which options it wants.
	options=$(sed -n 's|^// Options: ||p' "$1" | head -n 1)
	# shellcheck disable=SC2086
	spatch --very-quiet -D report --no-show-diff $options \
		--cocci-file "$1" --dir kmod 2>&1 |
		grep -E '^[^ ]+:[0-9]+' | sed "s|\$| [${1##*/}]|"
	true
}
export -f check_rule

# Rules for devices, buses and file systems have nothing to look at here.
foreign='bq27|debugfs|device|clk_put|devm|iounmap|irqf|of_table|pci_|platform'
foreign+='|pm_runtime|pool_zalloc|resource_size|_open|vma_pages|for_each_child'
foreign+='|d_find_alias|add_namespace'

# Rules that cannot report do not take part.
findings=$(grep -rlE '^virtual .*report' "$source/scripts/coccinelle" |
	grep -vE "/[^/]*($foreign)[^/]*\.cocci\$" | sort | xargs -I RULE -P "$(nproc)" bash -c 'check_rule RULE')
[ -z "$findings" ] || {
	echo "$findings"
	exit 1
}
