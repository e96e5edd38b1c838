#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What bash completes for lbctl: words of the grammar, and names that there are.

# Cases are called by name, through ktap_run; "then" is a word of lbctl.
# shellcheck disable=SC1010,SC2317 source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

require_tool ip lbctl
load_module || ksft_skip_all "the module cannot be loaded"
setup_ns lb || ksft_skip_all "no network namespaces"
# shellcheck source=tools/lbctl/lbctl.bash-completion
. "$tests/../tools/lbctl/lbctl.bash-completion"

# completes WANT WORD... - what the last word, which may be empty, can become
completes()
{
	local want=$1
	shift

	COMP_WORDS=(lbctl "$@")
	COMP_CWORD=$#
	_lbctl
	[ "${COMPREPLY[*]}" = "$want" ] || {
		echo "$*: \"${COMPREPLY[*]}\", not \"$want\""
		return 1
	}
}

test_words()
{
	completes "vip" vi &&
		completes "-h -j -n -p -q" - &&
		completes "add del replace set show" vip "" &&
		completes "tcp tcp,udp udp" vip add WEB 192.168.30.10 "" &&
		completes "sched seed slow-start source" vip set WEB mode dr s &&
		completes "default dr nat snat" vip set WEB mode "" &&
		completes "http https" vip set WEB check http &&
		completes "default real vip" vip set WEB check tcp via "" &&
		completes "check max-conns port state weight" \
			real add WEB CAS1 192.168.30.20 "" &&
		completes "down sick up" real health WEB CAS1 "" &&
		completes "all limit real src vip" conn show "" &&
		completes "rate reset" stats "" && completes "off on" standby "" &&
		completes "rate" show "" &&
		completes "conns persist reals vips" global set limit "" &&
		completes "none" global set seed 1 partner "" &&
		completes "halt" real drain WEB CAS1 within 5m then "" &&
		completes "" real drain WEB CAS1 within "" &&
		completes "down drained up" wait real WEB CAS1 "" &&
		completes "within" wait real WEB CAS1 up "" &&
		completes "" frobnicate "" && completes "" vip frobnicate ""
}

test_names()
{
	ctl vip add WEB 192.168.30.10 tcp 80 check off &&
		ctl vip add SMTP 192.168.30.10 tcp 25 check off &&
		ctl real add WEB CAS1 192.168.30.20 &&
		ctl real add SMTP HT1 192.168.30.20 || return
	completes "SMTP WEB" -n "$lb" vip set "" &&
		completes "WEB" -j -n "$lb" vip show W &&
		completes "SMTP WEB all" -n "$lb" real drain "" &&
		completes "CAS1" -n "$lb" real drain WEB "" &&
		completes "CAS1 HT1" -n "$lb" real drain all "" &&
		completes "SMTP WEB" -n "$lb" conn show vip "" &&
		completes "CAS1 HT1" -n "$lb" persist flush real "" &&
		completes "SMTP WEB" -n "$lb" wait vip "" &&
		completes "SMTP WEB" -n "$lb" wait real "" &&
		completes "CAS1" -n "$lb" wait real WEB "" &&
		completes "CAS1" -n "$lb" drain cancel WEB "" &&
		completes "CAS1 HT1" -n "$lb" drain cancel all "" &&
		completes "SMTP WEB" -n "$lb" status "" &&
		completes "$lb" -n "${lb%?}" && completes "" vip set ""
}

test_files()
{
	: > "$tmp/site.conf"
	completes "$tmp/site.conf" apply "$tmp/si" &&
		completes "confirm" apply "$tmp/site.conf" "" &&
		completes "$tmp/site.conf" import ipvsadm "$tmp/si"
}

ktap_plan 3
ktap_run "words"	test_words
ktap_run "names"	test_names
ktap_run "files"	test_files
ktap_exit
