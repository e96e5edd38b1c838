#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Recipes as l4lb-recipes(7) has them, in the networks of topo.sh. A test sources
# this in place of that.

# Tests call these by name and use the variables.
# shellcheck disable=SC2034,SC2154,SC2317 source=tests/topo.sh
. "$(dirname "${BASH_SOURCE[0]}")/../topo.sh"

require_tool ip lbctl lbcheckd openssl curl nft

# How long anything may take, in ms, and in s: thirty checks, some by TLS, take
# two minutes where all is slow.
readonly PATIENCE=180000
readonly PATIENT=60

pem=$tmp/site.pem

# recipe NAME PLACE - what the page has for it
recipe()
{
	local text

	text=$(awk -v mark=".\\\\\" recipe: $1 $2" '
		$0 == mark { found = 1 }
		found && /^\.Ed/ { exit }
		on { print }
		found && /^\.Bd/ { on = 1 }' \
		"$tests/../tools/lbctl/l4lb-recipes.7")
	[ -n "$text" ] || {
		echo "no recipe $1 $2" >&2
		return 1
	}
	sed 's/\\e/\\/g; s/\\(dq/"/g' <<< "$text"
}

# run_recipe NS NAME PLACE - as commands
run_recipe()
{
	recipe "$2" "$3" > "$tmp/commands" || return
	in_ns "$1" bash -e "$tmp/commands" > /dev/null
}

# apply_recipe NAME - the balancer's file
apply_recipe()
{
	recipe "$1" "on balancer" > "$tmp/l4lb.conf" &&
		ctl -q apply "$tmp/l4lb.conf" && busywait "$PATIENCE" all_up
}

all_up()
{
	! ctl -j real show | grep -o '"health":"[a-z]*"' | grep -qv '"up"'
}

# start_site [NS...] - the servers, there or on the reals, a certificate for them,
# and the checker
start_site()
{
	local ns count=0

	[ $# -gt 0 ] || set -- "$real1" "$real2"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-days 2 -subj /CN=site -keyout "$tmp/key" -out "$tmp/crt" \
		2> /dev/null && cat "$tmp/crt" "$tmp/key" > "$pem" || return
	for ns; do
		count=$((count + 1))
		start_talker "$ns" "S$count" || return
	done
	lbcheckd -n "$lb" 2> "$tmp/lbcheckd.log" &
	disown $!
	checker=$!
}

# start_talker NS NAME
start_talker()
{
	enter "$1" /usr/bin/python3 -I -S "$tests/recipe/talker.py" \
		"$tmp/ready-$2" "$2" "$pem" > "$tmp/talker-$2" 2>&1 &
	disown $!
	busywait "$PATIENCE" [ -e "$tmp/ready-$2" ] || {
		cat "$tmp/talker-$2"
		return 1
	}
}

# visit NS PORT [SECONDS] - which server answers there, and whom it sees
visit()
{
	local said words most=${3:-$PATIENT}

	case $2 in
	80)	said=$(in_ns "$1" curl -s -m "$most" "http://$VIP4/") ;;
	443)	said=$(in_ns "$1" curl -sk -m "$most" "https://$VIP4/") ;;
	*)	said=$(ask "$1" "$VIP4" "$2" tcp "$most") ;;
	esac || return
	said=${said%$'\r'}
	read -ra words <<< "$said"
	echo "${words[*]: -2}"
}

# visits N NS PORT... - N times each: who has answered, each once
visits()
{
	local n times=$1 ns=$2 port
	shift 2

	for port; do
		for ((n = 0; n < times; n++)); do
			visit "$ns" "$port" || echo "no answer from $port"
		done
	done | sort -u | xargs
}

# stop_site - the checker ends; what is in namespaces ends with them
stop_site()
{
	kill "$checker"
}
