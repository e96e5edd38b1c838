#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The recipe of l4lb-recipes(7) by NAT.

# Cases are called by name, through ktap_run.
# shellcheck disable=SC2154,SC2317 source=tests/recipe/lib.sh
. "$(dirname "$0")/recipe/lib.sh"

load_module || ksft_skip_all "the module cannot be loaded"
topo_nat || ksft_skip_all "no network namespaces"
for ns in "$real1" "$real2"; do
	ip -n "$ns" route del default
done
start_site || ksft_skip_all "no servers"

test_connector()
{
	run_recipe "$real1" connector-nat "on server" &&
		run_recipe "$real2" connector-nat "on server" &&
		apply_recipe connector-nat &&
		expect "S1 192.168.30.50 S2 192.168.30.50" \
			visits 4 "$client" 25 &&
		expect "S1 192.168.30.99 S2 192.168.30.99" \
			visits 4 "$stranger" 25
}

ktap_plan 1
ktap_run "who may send mail"	test_connector
stop_site
ktap_exit
