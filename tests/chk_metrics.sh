#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What lbcheckd measures, as Prometheus reads it. For the network see
# checker/lib.sh.

# Cases are called by name, through ktap_run.
# shellcheck disable=SC2317 source=tests/checker/lib.sh
. "$(dirname "$0")/checker/lib.sh"

page=$tmp/page

scrape()
{
	curl -s -f -o "$page" --unix-socket "$tmp/metrics" http://lb/metrics
}

has_line()
{
	grep -qxF -- "$1" "$page" || {
		echo "no line: $1"
		grep -F -- "${1%%\{*}" "$page"
		return 1
	}
}

is_scraped()
{
	scrape && grep -qxF -- "$1" "$page"
}

test_promtool()
{
	scrape && promtool check metrics < "$page"
}

test_values()
{
	ctl real set SMTP HT2 weight 7 && unlisten "$server2" 25 &&
		becomes SMTP HT2 health down && scrape &&
		has_line 'l4lb_up 1' &&
		has_line 'l4lb_vip_state{vip="SMTP",state="degraded"} 1' &&
		has_line 'l4lb_vip_reals{vip="SMTP"} 2' &&
		has_line 'l4lb_real_health{vip="SMTP",real="HT1",health="up"} 1' &&
		has_line 'l4lb_real_health{vip="SMTP",real="HT2",health="up"} 0' &&
		has_line 'l4lb_real_health{vip="SMTP",real="HT2",health="down"} 1' &&
		has_line 'l4lb_real_weight{vip="SMTP",real="HT2"} 7' &&
		has_line 'l4lb_real_serves{vip="SMTP",real="HT2"} 0' &&
		has_line 'l4lb_real_info{vip="SMTP",real="HT1",address="192.168.31.20",port="0"} 1' &&
		has_line 'l4lb_drops_total{reason="no-real"} 0' &&
		has_line 'l4lb_lbcheckd_targets 2'
}

# Whoever asks at the same time gets an answer, too.
test_many()
{
	local i n=0 pids=()

	for i in 1 2 3 4 5 6 7 8 9 10; do
		curl -s -f -o "$tmp/page$i" --unix-socket "$tmp/metrics" \
			http://lb/metrics &
		pids+=($!)
	done
	for i in "${pids[@]}"; do
		wait "$i" && n=$((n + 1))
	done
	expect 10 echo "$n" && grep -qx "l4lb_up 1" "$tmp/page10"
}

test_address()
{
	daemon_stop && options=(-m 127.0.0.1:9414) && daemon_start || return
	in_ns "$lb" ip link set lo up
	in_ns "$lb" curl -s -f http://127.0.0.1:9414/metrics |
		grep -x "l4lb_up 1" &&
		fail_with "is not a loopback address" \
			lbcheckd -n "$server1" -m 0.0.0.0:9414
}

# Without the module there are the daemon's own figures, and it stays away.
test_module()
{
	unload_module && logs "the module is not loaded" &&
		busywait "$PATIENCE" is_scraped "l4lb_up 0" &&
		promtool check metrics < "$page" && ! is_loaded &&
		load_module && busywait "$PATIENCE" is_scraped "l4lb_up 1"
}

require_tool curl ip lbcheckd lbctl promtool socat
load_module || ksft_skip_all "the module cannot be loaded"
options=(-m "unix:$tmp/metrics")
setup || ksft_skip_all "the servers cannot be set up"
ktap_plan 5
ktap_run "promtool finds nothing wrong" fresh test_promtool
ktap_run "values are those that lbctl shows" fresh test_values
ktap_run "many may ask at once" fresh test_many
ktap_run "the module may be unloaded and loaded" fresh test_module
ktap_run "a loopback address does" fresh test_address
ktap_exit
