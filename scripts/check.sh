#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Runs the gates, all or those named, one line each; what one found is printed
# when it fails. The last line counts them.

set -u

top=$(cd "$(dirname "$0")/.." && pwd) || exit 1
[ $# -gt 0 ] || set -- layers shellcheck checkpatch kdoc man sparse tools cocci fuzz
"$top/scripts/deps" check build module || exit 1

passed=0
failed=0
for gate in "$@"; do
	started=$SECONDS
	if findings=$("$top/scripts/$gate.sh" 2>&1); then
		echo "ok $gate ($((SECONDS - started)) s)"
		passed=$((passed + 1))
	else
		echo "not ok $gate"
		mapfile -t lines <<< "$findings"
		printf '#   %s\n' "${lines[@]}"
		failed=$((failed + 1))
	fi
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
