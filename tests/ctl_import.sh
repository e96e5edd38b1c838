#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# lbctl import: rules of IPVS, from ipvsadm itself and as text.

# Cases are called by name, through ktap_run.
# shellcheck disable=SC2317 source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

require_tool ip lbctl ipvsadm iptables
load_module || ksft_skip_all "the module cannot be loaded"
setup_ns lb || ksft_skip_all "no network namespaces"
ip -n "$lb" -batch - <<-EOT
	addr add 192.168.30.10/32 dev lo
	addr add fd30::10/128 dev lo nodad
EOT

# imported STATUS - what comes of the rules on stdin, without the comments: the
# lines, and what is said after them
imported()
{
	local status

	lbctl import ipvsadm - > "$tmp/lines" 2> "$tmp/said"
	status=$?
	grep -v '^#' "$tmp/lines"
	sed 's/^lbctl: standard input//' "$tmp/said"
	[ "$status" -eq "$1" ] || echo "exit status $status"
}

# becomes STATUS WANT < RULES
becomes()
{
	local said

	said=$(imported "$1")
	[ "$said" = "$2" ] || {
		diff <(echo "$2") <(echo "$said")
		return 1
	}
}

# run_lines - what was imported, as the configuration
run_lines()
{
	ctl -q apply "$tmp/lines"
}

# The rules of a mail site, made by ipvsadm and iptables and read back by us.
test_ipvsadm()
{
	local mark=(-t mangle -A PREROUTING -j MARK --set-mark 1)

	modprobe ip_vs || return "$KSFT_SKIP"
	in_ns "$lb" ipvsadm -R <<-EOT &&
		-A -t 192.168.30.10:25 -s wrr
		-a -t 192.168.30.10:25 -r 192.168.30.20:25 -g -w 100
		-a -t 192.168.30.10:25 -r 192.168.30.21:25 -g -w 50
		-A -f 1 -s wrr -p 3600
		-a -f 1 -r 192.168.30.20:0 -g -w 100
		-a -f 1 -r 192.168.30.21:0 -g -w 100
		-A -t [fd30::10]:80 -s lc -p 600 -M 64
		-a -t [fd30::10]:80 -r [fd30::20]:8080 -m -w 1
		-A -u 192.168.30.10:53 -s sh
	EOT
		in_ns "$lb" iptables "${mark[@]}" -d 192.168.30.10 -p tcp \
			-m multiport --dports 80,443,60200:60201 &&
		in_ns "$lb" ipvsadm -S -n > "$tmp/rules" &&
		in_ns "$lb" iptables-save >> "$tmp/rules" &&
		in_ns "$lb" ipvsadm -C &&
		becomes 0 "\
vip add tcp-25 192.168.30.10 tcp 25 mode dr sched wrr hook input
real add tcp-25 real1 192.168.30.20 weight 100
real add tcp-25 real2 192.168.30.21 weight 50
vip add udp-53 192.168.30.10 udp 53 mode dr sched sh hook input
vip add tcp-80 fd30::10 tcp 80 mode nat sched lc persist 10m mask 64 hook input
real add tcp-80 real3 fd30::20 weight 1 port 8080
vip add mark-1 192.168.30.10 tcp 80,443,60200-60201 mode dr sched wrr persist 1h hook input
real add mark-1 real1 192.168.30.20 weight 100
real add mark-1 real2 192.168.30.21 weight 100" \
			< <(sort_rules "$tmp/rules") &&
		run_lines &&
		expect "80,443,60200-60201 dr 3600000" \
			vip mark-1 ports mode persist &&
		expect "fd30::20 8080" real tcp-80 real3 address port &&
		ctl flush all
}

# IPVS lists services in the order of its hash table: here by their commands.
sort_rules()
{
	grep -v '^-[Aa] -[tuf]' "$1"
	for service in "-t 192" "-u" "-t .fd" "-f"; do
		grep "^-[Aa] $service" "$1"
	done
}

test_marks()
{
	becomes 0 "\
vip add mark-7 192.168.30.10 tcp,udp 53 mode nat sched wlc hook input
real add mark-7 real1 192.168.31.20 weight 1 port 5353
vip add mark-8 fd30::10 tcp 80-81 mode dr sched rr hook input
vip add mark-8-2 fd30::10 udp 80 mode dr sched rr hook input" <<-EOT || return
		*mangle
		-A PREROUTING -d 192.168.30.10/32 -p udp -m udp --dport 53 -m comment --comment "it's \"-s\" -i" -j MARK --set-xmark 0x7/0xffffffff
		-A PREROUTING -d 192.168.30.10/32 -p tcp -m tcp --dport 53 -j MARK --set-xmark 0x7/0xffffffff
		-A PREROUTING -d fd30::10/128 -p tcp -m tcp --dport 80 -j MARK --set-mark 8
		-A PREROUTING -d fd30::10/128 -p tcp -m tcp --dport 81 -j MARK --set-mark 8
		-A PREROUTING -d fd30::10/128 -p udp -m udp --dport 80 -j MARK --set-mark 8
		-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
		COMMIT
		-A -f 7 -s wlc
		-a -f 7 -r 192.168.31.20:5353 -m -w 1
		-A -f 8 -6 -s rr
	EOT

	becomes 1 ":1: what this marks cannot be expressed: -i
:2: what this marks cannot be expressed: -s
:3: what this marks cannot be expressed: a destination that is not one address
:4: what this marks cannot be expressed: !
:5: what this marks cannot be expressed: its mark
:6: which packets have the mark 7 is not said here; add what iptables-save writes" <<-EOT
		-A PREROUTING -d 192.168.30.10/32 -i eth0 -j MARK --set-mark 7
		-A PREROUTING -d 192.168.30.10/32 -s 10.0.0.0/8 -j MARK --set-mark 7
		-A PREROUTING -d 192.168.30.0/24 -p tcp -j MARK --set-mark 7
		-A PREROUTING ! -d 192.168.30.1/32 -p tcp -j MARK --set-mark 7
		-A PREROUTING -d 192.168.30.1/32 -p tcp -j MARK --set-xmark 0x7/0xff
		-A -f 7 -s wlc
	EOT
}

# A port is looked for among marks, then ports, then services of all ports.
test_overlap()
{
	ctl flush all && becomes 1 "\
vip add tcp-rest 192.168.30.10 tcp 1-24,26-79,81-65535 mode dr sched rr persist 5m hook input check off
vip add tcp-25 192.168.30.10 tcp 25 mode dr sched rr hook input
vip add mark-1 192.168.30.10 tcp 80 mode dr sched rr hook input
vip add udp-rest 192.168.30.10 udp any mode dr sched rr persist 1m hook input check off
:3: packets to port 80 are those of the service of line 4" <<-EOT &&
		-A -t 192.168.30.10:0 -s rr -p
		-A -t 192.168.30.10:25 -s rr
		-A -t 192.168.30.10:80 -s rr
		-A -f 1 -s rr
		-A -u 192.168.30.10:0 -s rr -p 60
		-A PREROUTING -d 192.168.30.10/32 -p tcp --dport 80 -j MARK --set-mark 1
	EOT
		run_lines && ctl flush all
}

test_words()
{
	becomes 0 "\
vip add tcp-25 192.168.30.10 tcp 25 mode nat sched mh persist 1d mask 24 hook input
real add tcp-25 real1 192.168.31.20 weight 0 max-conns 10
real add tcp-25 real1-2 192.168.31.20 weight 1 port 26
vip add tcp-25-2 192.168.30.11 tcp 25 mode nat sched sh hook input
real add tcp-25-2 real1 192.168.31.20 weight 1" <<-EOT
		ipvsadm --add-service --tcp-service 192.168.30.10:25 --scheduler sh --sched-flags sh-port --persistent 86400 --netmask 255.255.255.0
		ipvsadm --add-server --tcp-service 192.168.30.10:25 --real-server 192.168.31.20 --masquerading --weight 0 --u-threshold 10 --l-threshold 0
		-a -t 192.168.30.10:25 -r 192.168.31.20:26 -m

		# nothing
		-A -t 192.168.30.11:25 -s mh -b mh-fallback
		-a -t 192.168.30.11:25 -r 192.168.31.20:25 -m
	EOT
}

# Line by line, and all that can be expressed is there.
test_unfit()
{
	becomes 1 "\
vip add tcp-80 192.168.30.10 tcp 80 mode dr sched wlc hook input
real add tcp-80 real1 192.168.30.20 weight 1
:1: there is no scheduler \"sed\"; wlc comes nearest, and is used
:3: the reals of one vip are reached in one way, here by dr
:4: there are no tunnels; a server on the balancer's own link can be reached by dr
:5: there is such a server above
:6: weight \"65536\" is not within 0-65535
:7: there is no such service above
:8: \"mail\" is not an address; names are not looked up, use ipvsadm -S -n
:9: sctp is not balanced, only tcp and udp are
:10: there is no scheduler \"dh\", nor one like it
:11: there is such a service above
:12: \"-E\" is nothing that ipvsadm -S writes
:13: \"-C\" is nothing that ipvsadm -S writes
:14: a value is missing after \"-s\"
:15: \"255.0.255.0\" is not the mask of a network
:16: which service is not said
:17: neither -A nor -a
:18: which server is not said
:19: mark \"0\" is not within 1-4294967295
:20: \"?[2J\" is nothing that ipvsadm -S writes" <<-EOT
		-A -t 192.168.30.10:80 -s sed
		-a -t 192.168.30.10:80 -r 192.168.30.20:80 -g -w 1
		-a -t 192.168.30.10:80 -r 192.168.30.21:80 -m -w 1
		-a -t 192.168.30.10:80 -r 192.168.30.22:80 -i -w 1 --tun-type ipip
		-a -t 192.168.30.10:80 -r 192.168.30.20:81 -g -w 1
		-a -t 192.168.30.10:80 -r 192.168.30.23:80 -g -w 65536
		-a -t 192.168.30.10:81 -r 192.168.30.23:80 -g -w 1
		-A -t mail:25 -s rr
		-A --sctp-service 192.168.30.10:99 -s wlc
		-A -t 192.168.30.10:82 -s dh
		-A -t 192.168.30.10:80 -s rr
		-E -t 192.168.30.10:80 -s rr
		-C
		-A -t 192.168.30.10:83 -s
		-A -t 192.168.30.10:84 -p 1 -M 255.0.255.0
		-A -s rr
		-t 192.168.30.10:80
		-a -t 192.168.30.10:80
		-A -f 0
		$(printf '\033[2J')
	EOT
}

test_command()
{
	echo "-A -t 192.168.30.10:80 -s rr" > "$tmp/rules"
	expect_status 2 lbctl import && expect_status 2 lbctl import lvs &&
		fail_with "a file is missing; usage: lbctl import ipvsadm FILE|-" \
			lbctl import ipvsadm &&
		expect_status 2 lbctl import ipvsadm "$tmp/rules" more &&
		expect_status 4 lbctl import ipvsadm "$tmp/none" &&
		fail_with "Is a directory" lbctl import ipvsadm "$tmp" &&
		expect_status 0 lbctl import ipvsadm "$tmp/rules" &&
		expect_status 0 lbctl import ipvsadm /dev/null &&
		expect_status 1 lbctl import ipvsadm "$tmp/rules" > /dev/full &&
		[ "$(lbctl -j import ipvsadm "$tmp/rules")" = '{"lines":[{"line":"vip add tcp-80 192.168.30.10 tcp 80 mode dr sched rr hook input"}],"remarks":[]}' ]
}

# Of no use but to see whether all can be expressed; and a name is only a name.
test_quiet()
{
	local file=$tmp/$'rules\033[2J'

	echo "-A -t 192.168.30.10:80 -s rr" > "$tmp/rules"
	expect "" lbctl -q import ipvsadm "$tmp/rules" &&
		expect "" lbctl -q -j import ipvsadm "$tmp/rules" || return
	echo "-A -s rr" > "$file"
	expect_status 1 lbctl -q import ipvsadm "$file" \
		> "$tmp/lines" 2> "$tmp/said"
	[ ! -s "$tmp/lines" ] &&
		grep -qF "lbctl: $tmp/rules?[2J:1: " "$tmp/said"
}

ktap_plan 7
ktap_run "what ipvsadm itself saved"		test_ipvsadm
ktap_run "marks become lists of ports"		test_marks
ktap_run "services of the same port"		test_overlap
ktap_run "words in full"			test_words
ktap_run "what cannot be expressed is said"	test_unfit
ktap_run "the command itself"			test_command
ktap_run "only errors"				test_quiet
ktap_exit
