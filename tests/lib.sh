#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Shared by every shell test: KTAP reporting, namespaces, waiting, the module.
#
# A test sources this, calls ktap_plan with the number of its cases, runs each
# through ktap_run and ends with ktap_exit. What a case prints is shown as
# diagnostics, its exit status is the verdict; it runs in a subshell, so the
# variables it sets are gone afterwards. Namespaces, servers started with
# in_ns and $tmp are cleaned up at exit.

# Tests call cases by name and use the variables.
# shellcheck disable=SC2034,SC2317

readonly KSFT_PASS=0
readonly KSFT_FAIL=1
readonly KSFT_SKIP=4

ktap_num=0
ktap_failed=0
ktap_planned=0
ns_list=()
lb=''
tests=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
PATH=$tests/../build/tests/traffic:$PATH
tmp=$(mktemp -d) || exit "$KSFT_FAIL"
exec {nothing_comes}<> <(:)

ktap_plan()
{
	ktap_planned=$1
	echo "TAP version 13"
	echo "1..$1"
}

# ktap_run NAME COMMAND [ARG...] - run one case and report it. A process that
# it leaves behind must not hold its output open.
ktap_run()
{
	local name=$1 status
	shift

	ktap_num=$((ktap_num + 1))
	("$@") 2>&1 | sed 's/^/# /'
	status=${PIPESTATUS[0]}

	case $status in
	"$KSFT_PASS")
		echo "ok $ktap_num $name" ;;
	"$KSFT_SKIP")
		echo "ok $ktap_num $name # SKIP" ;;
	*)
		echo "not ok $ktap_num $name # exit=$status"
		ktap_failed=$((ktap_failed + 1)) ;;
	esac
}

# A test that stops half-way must not look like one that passed.
ktap_exit()
{
	[ "$ktap_num" -eq "$ktap_planned" ] ||
		echo "# $ktap_planned cases planned, $ktap_num run"
	[ "$ktap_failed" -eq 0 ] && [ "$ktap_num" -eq "$ktap_planned" ] &&
		exit "$KSFT_PASS"
	exit "$KSFT_FAIL"
}

# Before ktap_plan: nothing here can run.
ksft_skip_all()
{
	echo "1..0 # SKIP $*"
	exit "$KSFT_SKIP"
}

require_tool()
{
	local tool

	for tool in "$@"; do
		command -v "$tool" > /dev/null || ksft_skip_all "no $tool"
	done
}

# add_ns VAR... - create namespaces and set each VAR to the name of one
add_ns()
{
	local var name batch=''

	for var in "$@"; do
		name=l4lb-$var-$$-$RANDOM
		ns_list+=("$name")
		printf -v "$var" '%s' "$name"
		batch+="netns add $name"$'\n'
	done
	ip -batch - <<< "$batch"
}

# setup_ns VAR... - the same, with lo up
setup_ns()
{
	local var

	add_ns "$@" || return
	for var in "$@"; do
		ip -n "${!var}" link set lo up || return
	done
}

# end_ns NS... - end the processes in the namespaces and remove them
end_ns()
{
	local ns name rest

	for ns in "$@"; do
		ip netns pids "$ns" 2> /dev/null |
			xargs -r kill -KILL 2> /dev/null
		ip netns del "$ns" 2> /dev/null
		rest=()
		for name in "${ns_list[@]}"; do
			[ "$name" = "$ns" ] || rest+=("$name")
		done
		ns_list=("${rest[@]}")
	done
}

cleanup_ns()
{
	end_ns "${ns_list[@]}"
}

cleanup()
{
	cleanup_ns
	rm -rf "$tmp"
}
trap cleanup EXIT

# in_ns NS COMMAND [ARG...]; in the background use enter: $! is COMMAND then
in_ns()
{
	local ns=$1
	shift

	enter "$ns" "$@"
}

# ctl [ARG...] - lbctl in the namespace $lb
ctl()
{
	lbctl -n "$lb" "$@"
}

# json_get JSON KEY... - sets REPLY to the values that the keys have first in a
# line of JSON, with blanks between; empty strings stay as "". It saves jq,
# which needs ten times as long as lbctl.
json_get()
{
	local json=$1 key value values=()
	shift

	for key in "$@"; do
		[[ $json =~ \"$key\":(\"[^\"]*\"|[^],}]*) ]] || return
		value=${BASH_REMATCH[1]}
		[ "$value" = '""' ] || {
			value=${value#\"}
			value=${value%\"}
		}
		values+=("$value")
	done
	REPLY=${values[*]}
}

# vip NAME KEY... - prints fields of a VIP in $lb
vip()
{
	local json
	json=$(ctl -j vip show "$1") || return
	shift

	json_get "$json" "$@" && echo "$REPLY"
}

# real VIP NAME KEY... - prints fields of a real in $lb
real()
{
	local json
	json=$(ctl -j real show "$1" "$2") || return
	shift 2

	json_get "$json" "$@" && echo "$REPLY"
}

# objects JSON KEY... - prints the fields of each object that has them all, up
# to its first nested one: fields with "/" between, objects with blanks
objects()
{
	local json=$1 object said=()
	shift

	while IFS= read -r -d '{' object || [ -n "$object" ]; do
		! json_get "$object" "$@" || said+=("${REPLY// //}")
	done <<< "$json"
	echo "${said[*]}"
}

# busywait MS COMMAND [ARG...] - until COMMAND succeeds; fails after MS
busywait()
{
	local end=$((${EPOCHREALTIME/[.,]/} + $1 * 1000))
	shift

	until "$@"; do
		[ "${EPOCHREALTIME/[.,]/}" -lt "$end" ] || {
			echo "waited in vain for: $*"
			return 1
		}
		# To start sleep would take as long.
		read -rt 0.05 -u "$nothing_comes" || :
	done
}

# fail_with TEXT COMMAND [ARG...] - COMMAND must fail and must say TEXT
fail_with()
{
	local want=$1 said
	shift

	if said=$("$@" 2>&1); then
		echo "succeeded, not refused with \"$want\": $*"
		return 1
	fi
	grep -qF -- "$want" <<< "$said" || {
		echo "said \"$said\", not \"$want\": $*"
		return 1
	}
}

# expect_status N COMMAND [ARG...] - COMMAND must exit with N
expect_status()
{
	local want=$1 status
	shift

	"$@"
	status=$?
	[ "$status" -eq "$want" ] || {
		echo "exit status $status, not $want: $*"
		return 1
	}
}

# expect WANT COMMAND [ARG...] - COMMAND must succeed and print exactly WANT
expect()
{
	local want=$1 said status
	shift

	said=$("$@")
	status=$?
	[ "$status" -eq 0 ] || {
		echo "exit status $status, not 0: $*"
		return 1
	}
	[ "$said" = "$want" ] || {
		echo "printed \"$said\", not \"$want\": $*"
		return 1
	}
}

# times N - how often to repeat what is worth N times: on the debug kernel
# everything takes long, and it sees what is wrong at the first time
times()
{
	if [ "${L4LB_KERNEL:-}" = debug ]; then
		echo $((($1 + 4) / 5))
	else
		echo "$1"
	fi
}

is_loaded()
{
	[ -e /sys/module/l4lb ]
}

load_module()
{
	is_loaded || insmod "${L4LB_KO:?path of l4lb.ko}"
}

unload_module()
{
	! is_loaded || rmmod l4lb
}
