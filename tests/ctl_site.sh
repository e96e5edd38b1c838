#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Control plane: whatever a site is, what is saved of it makes it again, to the
# byte, and whatever there was before makes no difference.

# Cases are called by name, through ktap_run.
# shellcheck disable=SC2317 source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

require_tool ip lbctl python3
load_module || ksft_skip_all "the module cannot be loaded"
setup_ns lb || ksft_skip_all "no network namespaces"

SEED=${SEED:-$RANDOM}
echo "# SEED=$SEED"

# make SEED [VIPS] - a site in $tmp/site
make()
{
	python3 "$tests/random_site.py" "$@" > "$tmp/site"
}

# fresh FILE - saves there what the site makes of nothing
fresh()
{
	ctl flush all &&
		ctl global set seed default partner default limit reals default &&
		ctl -q apply "$tmp/site" && ctl save "$1"
}

# failed SEED - keeps what it was with
failed()
{
	echo "SEED=$1"
	head -c 4000 "$tmp/site"
	return 1
}

test_same()
{
	local i

	for ((i = SEED; i < SEED + $(times 25); i++)); do
		make "$i" && fresh "$tmp/saved" &&
			ctl save | ctl -q apply - && ctl save "$tmp/again" &&
			cmp "$tmp/saved" "$tmp/again" && fresh "$tmp/other" &&
			ctl flush all && ctl -q apply "$tmp/saved" &&
			ctl save "$tmp/again" &&
			cmp "$tmp/saved" "$tmp/again" &&
			expect_status 0 ctl -q plan "$tmp/site" ||
			failed "$i" || return
	done
}

# From one to the next, what is told are the differences alone.
test_differences()
{
	local i

	for ((i = SEED; i < SEED + $(times 25); i++)); do
		make "$i" && fresh "$tmp/saved" && make "$((i + 1))" 5 &&
			ctl -q apply "$tmp/site" && ctl save "$tmp/other" ||
			failed "$i" || return
		expect_status 0 ctl -q plan "$tmp/site" &&
			expect_status 0 ctl -q plan "$tmp/other" &&
			ctl -q apply "$tmp/saved" && ctl save "$tmp/again" &&
			cmp "$tmp/saved" "$tmp/again" &&
			fresh "$tmp/again" && cmp "$tmp/other" "$tmp/again" ||
			failed "$((i + 1))" || return
	done
}

# The arguments of a check as they are in the module are the text that was
# meant, whatever quotes it had in the file.
test_text()
{
	local text='send="a'\''b \"c\" \\ #\x0d\n" expect=x'

	ctl flush all && ctl vip add W 192.168.30.10 tcp 25 \
		check send-expect args "$text" && ctl save "$tmp/saved" &&
		ctl flush all && ctl -q apply "$tmp/saved" &&
		ctl -j vip show W > "$tmp/json" &&
		expect "$text" python3 -c "import json, sys
print(json.load(open(sys.argv[1]))['check']['args'])" "$tmp/json"
}

ktap_plan 3
ktap_run "saved and applied it is the same"	test_same
ktap_run "from one to another"			test_differences
ktap_run "free text"				test_text
ktap_exit
