#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Control plane: virtual services.
#
#	+-------+
#	|  $lb  |	one namespace, no links: nothing here needs traffic
#	+-------+

# Cases are called by name, through ktap_run.
# shellcheck disable=SC2317 source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

require_tool ip jq lbctl setpriv
load_module || ksft_skip_all "the module cannot be loaded"
setup_ns lb || ksft_skip_all "no network namespaces"
ip -n "$lb" -batch - <<-EOT
	addr add 192.168.30.10/32 dev lo
	addr add fd30::10/128 dev lo nodad
EOT

# The names of all VIPs, in their order.
names()
{
	objects "$(ctl -j vip show)" name
}

options='mode sched idle type port interval timeout rise fall'
defaults='dr wrr 7440000 tcp "" 5000 3000 2 3'

# options NAME - all options of a VIP
options()
{
	# shellcheck disable=SC2086
	vip "$1" $options
}

test_defaults()
{
	expect "" ctl vip add web 192.168.30.10 tcp 80 &&
		expect "$defaults" options web &&
		expect 'web 192.168.30.10 80 tcp 0 0' vip web \
			name address ports protocol real_count conns
}

test_udp()
{
	ctl vip add dns 192.168.30.10 udp 53 &&
		expect 'udp off' vip dns protocol type &&
		ctl vip add both 192.168.30.10 tcp,udp 5353 &&
		expect 'tcp,udp tcp' vip both protocol type
}

test_options()
{
	ctl vip add web 192.168.30.10 tcp 80 mode nat sched rr idle 90s \
		check tcp port 81,8080 interval 1m timeout 500ms rise 1 \
		fall 100 &&
		expect 'nat rr 90000 tcp 81,8080 60000 500 1 100' options web
}

# Every time in the largest unit that is exact; JSON has milliseconds.
test_times()
{
	local idle

	ctl vip add web 192.168.30.10 tcp 80 || return
	for idle in 1000ms:1s:1000 90:90s:90000 120s:2m:120000 60m:1h:3600000 \
		    24h:1d:86400000 31d:31d:2678400000 1500ms:1500ms:1500; do
		ctl vip set web idle "${idle%%:*}" &&
			expect "${idle##*:}" vip web idle || return
		idle=${idle#*:}
		ctl vip show web | grep -qx "idle *${idle%:*}" || {
			echo "idle is not shown as ${idle%:*}"
			return 1
		}
	done
}

test_ports()
{
	ctl vip add a 192.168.30.10 tcp 443,80,81,60201,60200,80 &&
		expect 80-81,443,60200-60201 vip a ports &&
		ctl vip add b 192.168.30.10 tcp 100-200,150-300,301,99 &&
		expect 99-301 vip b ports &&
		ctl vip add c 192.168.30.10 udp any force &&
		expect any vip c ports &&
		ctl vip set c ports 1-65534 &&
		expect 1-65534 vip c ports &&
		ctl vip set c ports -1-79,1000-65535 &&
		expect 80-999 vip c ports && ctl vip set c ports +1000,25 &&
		expect 25,80-1000 vip c ports &&
		fail_with "no port would be left" ctl vip set c ports -1-1000 &&
		fail_with "a new vip has no ports to change" \
			ctl vip add d 192.168.30.13 tcp +80 &&
		expect_status 2 ctl vip set c ports + &&
		expect 25,80-1000 vip c ports
}

test_ipv6()
{
	ctl vip add six FD30:0:0::0010 tcp 80 &&
		expect fd30::10 vip six address &&
		ctl vip add four 192.168.30.10 tcp 80 &&
		expect 192.168.30.10 vip four address
}

test_names()
{
	local name

	for name in a Z9 HT-SMTP relay_2.mail abcdefghijklmnopqrstuvwxyz01234; do
		ctl vip add "$name" 192.168.30.10 tcp "$((++port))" &&
			expect "$name" vip "$name" name || return
	done
}

test_set()
{
	ctl vip add web 192.168.30.10 tcp 80 mode nat sched rr idle 90s &&
		ctl real add web CAS1 192.168.30.20 &&
		ctl vip set web idle 5m &&
		expect 'nat rr 300000 tcp "" 5000 3000 2 3' options web &&
		ctl vip set web ports 443 address 192.168.30.11 &&
		expect '192.168.30.11 443 nat rr 1' vip web \
			address ports mode sched real_count
}

test_default_word()
{
	ctl vip add web 192.168.30.10 tcp 80 mode nat sched rr idle 90s \
		check external &&
		ctl vip set web mode default sched default idle default \
			check default &&
		expect "$defaults" options web &&
		ctl vip add dns 192.168.30.10 udp 53 check tcp &&
		ctl vip set dns check default &&
		expect off vip dns type
}

# With a type it is a whole new check, without one only what is given changes.
test_check()
{
	local mode='dr wrr 7440000'

	ctl vip add web 192.168.30.10 tcp 80,443 \
		check port 443 interval 10s rise 5 &&
		expect "$mode tcp 443 10000 3000 5 3" options web &&
		ctl vip set web check fall 7 timeout 10s &&
		expect "$mode tcp 443 10000 10000 5 7" options web &&
		ctl vip set web check port default rise default &&
		expect "$mode tcp \"\" 10000 10000 2 7" options web &&
		ctl vip set web check connect fall 9 &&
		expect "$mode tcp \"\" 5000 3000 2 9" options web &&
		ctl vip set web check off &&
		expect "$mode off \"\" 5000 3000 2 3" options web
}

# Every word of a check is kept, and shown as it was given.
test_check_words()
{
	local keys=(type port interval fast timeout rise fall via agent guard
		    secret)
	local args="path=/owa/ body='all is well' regex=\"\\x41\""

	ctl vip add web 192.168.30.10 tcp 80,443 check https port 443 \
		interval 10s fast 1s timeout 2s rise 1 fall 5 via vip \
		agent 6556 guard 50 secret mail args "$args" &&
		expect 'https 443 10000 1000 2000 1 5 vip 6556 50 mail' \
			vip web "${keys[@]}" &&
		expect "$args" eval 'ctl -j vip show web |
			jq -r .check.args' &&
		ctl vip show web | grep -qF "via vip agent 6556 guard 50 secret mail" &&
		ctl vip set web check args "status=200 path=/" fast off &&
		expect 'https 443 10000 0 2000 1 5 vip 6556 50 mail' \
			vip web "${keys[@]}" &&
		expect 'status=200 path=/' vip web args &&
		ctl vip show web | grep -qF "args 'status=200 path=/'" &&
		ctl vip set web check via default agent off guard default \
			secret none args default &&
		expect 'https 443 10000 0 2000 1 5 real 0 0 ""' \
			vip web "${keys[@]}" &&
		expect '""' vip web args &&
		ctl vip set web check smtp port 25 args ehlo=lb.example &&
		expect 'smtp 25 5000 0 3000 2 3 real 0 0 ""' \
			vip web "${keys[@]}"
}

args_for_nobody()
{
	in_ns "$lb" setpriv --reuid=65534 --regid=65534 --clear-groups -- \
		lbctl -j vip show web | jq .check.args
}

# Whoever may not see the arguments is not told of them.
test_check_secrecy()
{
	ctl vip add web 192.168.30.10 tcp 80 check http args path=/hidden &&
		expect /hidden eval 'ctl -j vip show web |
			jq -r ".check.args[5:]"' &&
		expect null args_for_nobody
}

# Who makes the checks is said if nobody does.
test_checker()
{
	local none="no checker is running"

	ctl vip add web 192.168.30.10 tcp 80 check external &&
		ctl real add web CAS1 192.168.30.20 &&
		ctl show > "$tmp/show" && ! grep -qF "$none" "$tmp/show" &&
		ctl real set web CAS1 check icmp &&
		ctl show > "$tmp/show" && grep -qF "$none" "$tmp/show" &&
		expect false eval 'ctl -j show | jq .checker'
}

test_rename()
{
	ctl vip add web 192.168.30.10 tcp 80 &&
		ctl vip add mail 192.168.30.10 tcp 25 &&
		ctl real add web CAS1 192.168.30.20 &&
		ctl vip set web name www idle 5m &&
		expect 'www mail' names &&
		expect '300000 1' vip www idle real_count &&
		expect_status 4 ctl vip show web &&
		expect_status 4 ctl vip set web idle 1m &&
		ctl vip add web 192.168.30.10 tcp 8080 &&
		expect_status 5 ctl vip set web name mail &&
		ctl vip set mail name mail &&
		expect 'www mail web' names
}

test_replace()
{
	ctl vip replace web 192.168.30.10 tcp 80 sched rr &&
		expect rr vip web sched &&
		ctl real add web CAS1 192.168.30.20 state drain weight 7 &&
		ctl vip replace web 192.168.30.10 tcp 80,443 idle 90s &&
		expect 'dr wrr 90000 tcp "" 5000 3000 2 3' options web &&
		expect '80,443 1' vip web ports real_count &&
		expect 'drain 7' real web CAS1 state weight &&
		ctl vip replace web 192.168.30.10 tcp 80,443 idle 90s &&
		expect 'dr wrr 90000 tcp "" 5000 3000 2 3' options web
}

test_del()
{
	ctl vip add web 192.168.30.10 tcp 80 &&
		ctl real add web CAS1 192.168.30.20 &&
		expect "" ctl vip del web &&
		expect '{"reals":[]}' ctl -j real show &&
		expect_status 4 ctl vip del web &&
		expect "" ctl vip del web if-exists &&
		ctl vip add web 192.168.30.10 tcp 80 &&
		expect 0 vip web real_count &&
		expect "" ctl vip del web if-exists &&
		expect_status 4 ctl vip show web
}

# The same port is free with another protocol, address or family.
test_neighbours()
{
	ctl vip add a 192.168.30.10 tcp 53,100-200 &&
		ctl vip add b 192.168.30.10 udp 53,100-200 &&
		ctl vip add c 192.168.30.11 tcp,udp any force &&
		ctl vip add d fd30::10 tcp,udp any force &&
		ctl vip add e 192.168.30.10 tcp,udp 52,54-99,201 &&
		expect 'a b c d e' names &&
		expect_status 5 ctl vip add f 192.168.30.10 tcp 1,200 &&
		ctl vip set a ports 53 &&
		ctl vip add f 192.168.30.10 tcp 1,200
}

test_mode()
{
	ctl vip add web 192.168.30.10 tcp 80 &&
		ctl real add web CAS1 192.168.30.20 weight 7 state drain &&
		ctl real health web CAS1 sick "421 busy" &&
		ctl vip set web mode nat &&
		expect nat vip web mode &&
		expect '7 drain sick 421 busy' \
			real web CAS1 weight state health reason &&
		ctl real set web CAS1 port 8080 &&
		fail_with "mode dr cannot change the port" \
			ctl vip set web mode dr &&
		expect nat vip web mode &&
		ctl real set web CAS1 port default &&
		ctl vip set web mode dr &&
		expect dr vip web mode
}

vip_is()
{
	[ "$(vip "$1" state)" = "$2" ]
}

test_state()
{
	ctl vip add web 192.168.30.10 tcp 80 &&
		expect no-real vip web state &&
		ctl real add web CAS1 192.168.30.20 &&
		expect up vip web state &&
		ctl real add web CAS2 192.168.30.21 &&
		ctl real health web CAS2 down &&
		expect degraded vip web state &&
		ctl real set web CAS2 weight 0 &&
		expect up vip web state &&
		ctl real halt web CAS1 &&
		expect no-real vip web state
}

test_no_address()
{
	local said

	said=$(ctl vip add web 192.168.30.99 tcp 80 2>&1) || return
	case $said in
	*"warning: 192.168.30.99 is not an address of this host"*)
		;;
	*)
		echo "no warning but: $said"
		return 1 ;;
	esac
	ctl real add web CAS1 192.168.30.20 &&
		expect no-address vip web state &&
		ip -n "$lb" addr add 192.168.30.99/32 dev lo &&
		busywait 20000 vip_is web up &&
		ip -n "$lb" addr del 192.168.30.99/32 dev lo &&
		busywait 20000 vip_is web no-address &&
		expect "" eval 'ctl -q vip set web address 192.168.30.98 2>&1'
}

test_show()
{
	expect '{"vips":[]}' ctl -j vip show &&
		ctl vip add b 192.168.30.10 tcp 80 &&
		ctl vip add a 192.168.30.10 tcp 81 &&
		ctl real add a r 192.168.30.20 &&
		expect 'b a' names &&
		expect '[["b",0],["a",1]]' eval 'ctl -j show |
			jq -c "[.vips[] | [.name, (.reals | length)]]"' &&
		expect 2 eval 'ctl vip show | grep -c 192.168.30.10' &&
		expect 3 eval 'ctl show | grep -c 192.168.30'
}

# Pretty or not, it is the same; quiet is quiet about all but errors.
test_output()
{
	ctl vip add web 192.168.30.10 tcp 80 &&
		expect "$(ctl -j show)" eval 'ctl -j -p show | jq -c .' &&
		expect 1 eval 'ctl -j show | wc -l' &&
		expect "" ctl -q show &&
		expect "" eval 'ctl -q vip set web idle 5m 2>&1' &&
		fail_with "no such vip" ctl -q vip set wob idle 5m
}

test_repetition()
{
	local first

	ctl vip add web 192.168.30.10 tcp 80 &&
		ctl vip set web sched rr idle 90s check external &&
		first=$(ctl -j vip show web) &&
		ctl vip set web sched rr idle 90s check external &&
		expect "$first" ctl -j vip show web
}

test_flush()
{
	ctl vip add web 192.168.30.10 tcp 80 &&
		ctl vip add six fd30::10 tcp 80 &&
		ctl real add web CAS1 192.168.30.20 &&
		expect "" ctl flush all &&
		expect '{"vips":[]}' ctl -j vip show &&
		expect "" ctl flush all &&
		ctl vip add web 192.168.30.10 tcp 80 &&
		expect 0 vip web real_count
}

# Each case begins with nothing.
run()
{
	port=1000
	ctl flush all && "$@"
}

ktap_plan 24
ktap_run "defaults"				run test_defaults
ktap_run "udp, and both protocols"		run test_udp
ktap_run "options are kept"			run test_options
ktap_run "times"				run test_times
ktap_run "ports are sorted and merged"		run test_ports
ktap_run "ipv6"					run test_ipv6
ktap_run "names"				run test_names
ktap_run "set changes what is given"		run test_set
ktap_run "default resets an option"		run test_default_word
ktap_run "a check in part and as a whole"	run test_check
ktap_run "every word of a check"		run test_check_words
ktap_run "who sees the arguments of a check"	run test_check_secrecy
ktap_run "a checker that does not run"		run test_checker
ktap_run "a new name"				run test_rename
ktap_run "replace"				run test_replace
ktap_run "del"					run test_del
ktap_run "neighbours do not overlap"		run test_neighbours
ktap_run "the mode changes, the reals stay"	run test_mode
ktap_run "the state follows the reals"		run test_state
ktap_run "an address that is not there"		run test_no_address
ktap_run "show"					run test_show
ktap_run "json, pretty and quiet"		run test_output
ktap_run "the same again changes nothing"	run test_repetition
ktap_run "flush all"				run test_flush
ktap_exit
