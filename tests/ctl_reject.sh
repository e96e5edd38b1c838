#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Control plane: what is refused, with which exit status and which words, and
# that nothing has changed then.
#
#	+-------+
#	|  $lb  |	one namespace, no links: nothing here needs traffic
#	+-------+

# Cases are called by name, through ktap_run.
# shellcheck disable=SC2317 source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

require_tool ip lbctl setpriv unshare
load_module || ksft_skip_all "the module cannot be loaded"
setup_ns lb || ksft_skip_all "no network namespaces"
ip -n "$lb" -batch - <<-EOT
	addr add 192.168.30.10/32 dev lo
	addr add fd30::10/128 dev lo nodad
EOT

# Everything there is to disturb.
configure()
{
	ctl flush all &&
		ctl vip add web 192.168.30.10 tcp 80,443,60200-60300 &&
		ctl real add web CAS1 192.168.30.20 weight 50 &&
		ctl real add web CAS2 192.168.30.21 state drain check external &&
		ctl real health web CAS1 down "connection refused" &&
		ctl vip add mail 192.168.30.10 tcp 25 mode nat sched rr &&
		ctl real add mail HT1 192.168.30.20 port 2525 &&
		ctl vip add dns 192.168.30.10 udp 53 persist 1h &&
		ctl real add dns NS1 192.168.30.20 &&
		ctl vip add six fd30::10 tcp 80 &&
		ctl real add six CAS1 fd30::20 &&
		ctl vip add self 192.168.30.10 tcp 26 &&
		ctl real add self me 192.168.30.10
}

unchanged()
{
	[ "$(ctl -j show)" = "$before" ] || {
		echo "the configuration changed: $*"
		return 1
	}
}

# refuse STATUS TEXT COMMAND... - COMMAND must exit with STATUS, say one line
# with TEXT on stderr and nothing else, and change nothing; where the command
# line itself is wrong, that is seen to at the end
refuse()
{
	local want=$1 text=$2 said status
	shift 2

	"$@" > "$tmp/out" 2> "$tmp/err"
	status=$?
	said=$(< "$tmp/err")
	if [ "$status" -ne "$want" ]; then
		echo "exit status $status, not $want: $*: $said"
	elif [[ $said != *"$text"* || $said != lbctl:* || $said = *$'\n'* ]]; then
		echo "said \"$said\", not \"$text\": $*"
	elif [[ $said == *[[:cntrl:]]* ]]; then
		echo "said control characters: ${*@Q}"
	elif [ -s "$tmp/out" ]; then
		echo "wrote something to stdout: $*"
	else
		[ "$want" -eq 2 ] || unchanged "$@"
		return
	fi
	return 1
}

# Lines on stdin: STATUS ; TEXT ; WORDS for lbctl.
refuse_all()
{
	local status text words n=0 failures=0 before

	# The words are no patterns.
	set -f
	before=$(ctl -j show) || return
	while IFS=';' read -r status text words; do
		text=${text# }
		# shellcheck disable=SC2086
		refuse "$status" "${text% }" ctl $words ||
			failures=$((failures + 1))
		n=$((n + 1))
	done
	unchanged "all of these" && [ "$n" -gt 0 ] && [ "$failures" -eq 0 ]
}

test_words()
{
	refuse_all <<-EOT
		2 ; an object is missing ;
		2 ; unknown object "vips" ; vips show
		2 ; unknown object "VIP" ; VIP show
		2 ; unknown option "-x" ; -x show
		2 ; a verb is missing ; vip
		2 ; unknown verb "ad" for vip ; vip ad
		2 ; unknown verb "remove" for real ; real remove web CAS1
		2 ; NAME is missing ; vip add
		2 ; ADDRESS is missing ; vip add x
		2 ; PROTOCOL is missing ; vip add x 192.168.30.10
		2 ; PORTS is missing ; vip add x 192.168.30.10 tcp
		2 ; OPTION is missing ; vip set web
		2 ; NAME is missing ; vip del
		2 ; unexpected "force" ; vip del web force
		2 ; unexpected "mail" ; vip del web mail
		2 ; unexpected "mail" ; vip show web mail
		2 ; unexpected "web" ; show web
		2 ; VIP is missing ; real add
		2 ; NAME is missing ; real add web
		2 ; ADDRESS is missing ; real add web x
		2 ; NAME is missing ; real del web
		2 ; OPTION is missing ; real set web CAS1
		2 ; NAME ; real drain web
		2 ; up|sick|down is missing ; real health web CAS1
		2 ; unexpected "now" ; real halt web CAS1 now
		2 ; unexpected "b" ; real health web CAS1 up a b
		2 ; missing ; flush
		2 ; flush ; flush web
		2 ; missing ; conn flush
		2 ; unexpected "vip" ; conn flush all vip web
		2 ; "vip" needs a value ; conn show vip
		2 ; unknown option "from" ; conn show from 192.0.2.1
		2 ; a verb is missing ; persist
		2 ; unknown verb "set" for persist ; persist set
		2 ; missing ; persist flush
		2 ; unexpected "vip" ; persist flush all vip web
		2 ; "src" needs a value ; persist show src
		2 ; "vip" is given twice ; persist show vip web vip mail
		2 ; unknown option "limit" ; persist show limit 5
		2 ; vip NAME is missing ; persist add
		2 ; src ADDRESS is missing ; persist add vip web real CAS1
		2 ; real NAME is missing ; persist add vip web src 192.0.2.1
		2 ; "for" needs a value ; persist add vip web src 192.0.2.1 real CAS1 for
		2 ; exclude each other ; persist add vip web src 192.0.2.1 real CAS1 for 1h forever
		2 ; unknown option "ever" ; persist add vip web src 192.0.2.1 real CAS1 ever
		2 ; vip NAME is missing ; persist del src 192.0.2.1
		2 ; src ADDRESS is missing ; persist del vip web
		2 ; unknown option "real" ; persist del vip web src 192.0.2.1 real CAS1
	EOT
}

test_addresses()
{
	refuse_all <<-EOT
		2 ; "192.168.30.300" is not an address ; vip add x 192.168.30.300 tcp 80
		2 ; "192.168.30" is not an address ; vip add x 192.168.30 tcp 80
		2 ; "192.168.30.10/32" is not an address ; vip add x 192.168.30.10/32 tcp 80
		2 ; "mail.example.org" is not an address ; vip add x mail.example.org tcp 80
		2 ; "fd30::x" is not an address ; vip add x fd30::x tcp 80
		2 ; "[fd30::11]" is not an address ; vip add x [fd30::11] tcp 80
		2 ; "192.168.30.11:80" is not an address ; vip add x 192.168.30.11:80 tcp 80
		2 ; "x" is not an address ; vip set web address x
		2 ; "x" is not an address ; real add web x x
		2 ; give it as "port 80" ; real add web x 192.168.30.22:80
		1 ; a vip cannot have this address ; vip add x 0.0.0.0 tcp 80
		1 ; a vip cannot have this address ; vip add x 127.0.0.1 tcp 80
		1 ; a vip cannot have this address ; vip add x 224.0.0.1 tcp 80
		1 ; a vip cannot have this address ; vip add x 255.255.255.255 tcp 80
		1 ; a vip cannot have this address ; vip add x :: tcp 80
		1 ; a vip cannot have this address ; vip add x ::1 tcp 80
		1 ; a vip cannot have this address ; vip add x ff02::1 tcp 80
		1 ; a vip cannot have this address ; vip add x fe80::1 tcp 80
		1 ; a vip cannot have this address ; vip set web address 224.0.0.1
		1 ; a real cannot have this address ; real add web x 224.0.0.1
		1 ; a real cannot have this address ; real add web x 127.0.0.1
		1 ; a real cannot have this address ; real replace web CAS1 0.0.0.0
		2 ; unknown option "address" for real set ; real set web CAS1 address 192.168.30.29
		2 ; prefix length "33" is not within 0-32 ; conn show src 192.0.2.1/33
		2 ; has bits set beyond its prefix ; conn flush src 192.0.2.1/24
		2 ; "x" is not a prefix ; conn show src x
		2 ; "192.0.2.0/24" is not an address ; persist add vip web src 192.0.2.0/24 real CAS1
		2 ; "192.0.2.0/24" is not an address ; persist del vip web src 192.0.2.0/24
		2 ; "src" has no default ; persist add vip web src default real CAS1
		2 ; has bits set beyond its prefix ; persist flush src 192.0.2.1/24
	EOT
}

test_ports()
{
	refuse_all <<-EOT
		2 ; port 0 is not within 1-65535 ; vip add x 192.168.30.11 tcp 0
		2 ; port 70000 is not within 1-65535 ; vip add x 192.168.30.11 tcp 70000
		2 ; port 65536 is not within 1-65535 ; vip add x 192.168.30.11 tcp 80-65536
		2 ; range 81-80 is reversed ; vip add x 192.168.30.11 tcp 81-80
		2 ; "http" is not a port ; vip add x 192.168.30.11 tcp http
		2 ; a new vip has no ports to change ; vip add x 192.168.30.11 tcp +80
		2 ; "80,,81" is not a list of ports ; vip add x 192.168.30.11 tcp 80,,81
		2 ; "80," is not a list of ports ; vip add x 192.168.30.11 tcp 80,
		2 ; is not a port ; vip add x 192.168.30.11 tcp 80-
		2 ; a new vip has no ports to change ; vip add x 192.168.30.11 tcp -80
		2 ; is not a port ; vip add x 192.168.30.11 tcp any,80
		2 ; more than 64 ranges of ports ; vip add x 192.168.30.11 tcp $(seq -s , 1 2 129)
		2 ; protocol "sctp" is not tcp|udp|tcp,udp ; vip add x 192.168.30.11 sctp 80
		2 ; protocol "TCP" is not ; vip add x 192.168.30.11 TCP 80
		2 ; range 81-80 is reversed ; vip set web ports 81-80
		2 ; "ports" has no default ; vip set web ports default
		2 ; port 0 is not within 1-65535 ; real set mail HT1 port 0
		2 ; port 65536 is not within 1-65535 ; real set mail HT1 port 65536
		2 ; only single ports here ; vip set web check port 80-81
		2 ; more than 16 ports ; vip set web check port $(seq -s , 1 17)
	EOT
}

test_names()
{
	refuse_all <<-EOT
		2 ; name "1x" does not start with a letter ; vip add 1x 192.168.30.11 tcp 80
		2 ; name "-x" does not start with a letter ; vip add -x 192.168.30.11 tcp 80
		2 ; name "a/b" has a character other than ; vip add a/b 192.168.30.11 tcp 80
		2 ; has a character other than ; vip add aä 192.168.30.11 tcp 80
		2 ; has more than 31 characters ; vip add abcdefghijklmnopqrstuvwxyz012345 192.168.30.11 tcp 80
		2 ; "all" is a reserved word ; vip add all 192.168.30.11 tcp 80
		2 ; "any" is a reserved word ; vip add any 192.168.30.11 tcp 80
		2 ; "none" is a reserved word ; vip add none 192.168.30.11 tcp 80
		2 ; "off" is a reserved word ; vip add off 192.168.30.11 tcp 80
		2 ; "default" is a reserved word ; real add web default 192.168.30.22
		2 ; "inherit" is a reserved word ; real add web inherit 192.168.30.22
		2 ; "fallback" is a reserved word ; real add web fallback 192.168.30.22
		2 ; "all" is a reserved word ; vip set web name all
		2 ; "name" has no default ; vip set web name default
		2 ; does not start with a letter ; real add web 1 192.168.30.22
		2 ; "all" is a reserved word ; persist show vip all
		2 ; "any" is a reserved word ; persist add vip web src 192.0.2.1 real any
	EOT
}

test_options()
{
	refuse_all <<-EOT
		2 ; mode "tunnel" is not dr|nat ; vip add x 192.168.30.11 tcp 80 mode tunnel
		2 ; sched "lru" is not wrr|rr|wlc|lc|sh|mh ; vip add x 192.168.30.11 tcp 80 sched lru
		2 ; is it "mode"? ; vip add x 192.168.30.11 tcp 80 modus dr
		2 ; unknown option "weight" for vip set ; vip set web weight 5
		2 ; unknown option "address" for vip add ; vip add x 192.168.30.11 tcp 80 address 192.168.30.12
		2 ; unknown option "name" for real set ; real set web CAS1 name x
		2 ; "mode" needs a value ; vip set web mode
		2 ; "mode" is given twice ; vip set web mode nat mode dr
		2 ; "check" is given twice ; vip set web check rise 2 check fall 2
		2 ; 0 is less than 1s ; vip set web idle 0
		2 ; 999ms is less than 1s ; vip set web idle 999ms
		2 ; 32d is more than 31d ; vip set web idle 32d
		2 ; orphan "reset" is not rst|drop|keep ; vip set web orphan reset
		2 ; "orphan" needs a value ; vip set web orphan
		2 ; no-real "keep" is not rst|icmp|drop ; vip set web no-real keep
		2 ; "no-real" is given twice ; vip set web no-real rst no-real drop
		2 ; 0s is less than 1s ; vip set web persist 0s
		2 ; 999ms is less than 1s ; vip set web persist 999ms
		2 ; 32d is more than 31d ; vip set web persist 32d
		2 ; "on" is not a time ; vip set web persist on
		2 ; mask 0 is not within 1-32 ; vip add x 192.168.30.11 tcp 80 mask 0
		2 ; mask 33 is not within 1-32 ; vip add x 192.168.30.11 tcp 80 mask 33
		2 ; mask 129 is not within 1-128 ; vip add x fd30::11 tcp 80 mask 129
		2 ; mask 129 is not within 1-128 ; vip set web mask 129
		1 ; the mask is longer than the address (mask "33") ; vip set web mask 33
		2 ; dev "a/b" is no name of an interface ; vip set web dev a/b
		2 ; dev "eth0:1" is no name of an interface ; vip add x 192.168.30.11 tcp 80 dev eth0:1
		2 ; is no name of an interface ; vip set web dev .
		2 ; dev "abcdefghijklmnop" is no name ; vip set web dev abcdefghijklmnop
		2 ; "dev" needs a value ; vip set web dev
		2 ; seed "xyz" is not 1-16 hexadecimal digits ; vip set web seed xyz
		2 ; seed "0x1f" is not 1-16 hexadecimal digits ; vip set web seed 0x1f
		2 ; is not 1-16 hexadecimal digits ; vip set web seed 12345678901234567
		2 ; max-conns -1 is not within 0-4294967295 ; real set web CAS1 max-conns -1
		2 ; max-conns 4294967296 is not within ; real set web CAS1 max-conns 4294967296
		2 ; 0 is less than 1s ; persist add vip web src 192.0.2.1 real CAS1 for 0
		2 ; 32d is more than 31d ; persist add vip web src 192.0.2.1 real CAS1 for 32d
		2 ; "1w" is not a time ; vip set web idle 1w
		2 ; "-5" is not a time ; vip set web idle -5
		2 ; "1.5s" is not a time ; vip set web idle 1.5s
		2 ; weight 65536 is not within 0-65535 ; real set web CAS1 weight 65536
		2 ; weight -1 is not within 0-65535 ; real set web CAS1 weight -1
		2 ; weight 1x is not within 0-65535 ; real set web CAS1 weight 1x
		2 ; state "offline" is not online|drain|halt ; real set web CAS1 state offline
		2 ; health "unknown" is not up|sick|down ; real health web CAS1 unknown
		2 ; reason is longer than 255 ; real health web CAS1 up $(printf %0256d 0)
		2 ; rise 0 is not within 1-100 ; vip set web check rise 0
		2 ; fall 101 is not within 1-100 ; vip set web check fall 101
		2 ; 99ms is less than 100ms ; vip set web check timeout 99ms
		2 ; "x" is not a time ; vip set web check interval x
		2 ; limit 0 is not within ; conn show limit 0
	EOT
}

# What lbctl alone can tell is a wrong command line, what shows only together
# with what there is is refused.
test_checks()
{
	refuse_all <<-EOT
		2 ; check "ping" is not tcp|icmp|smtp| ; vip set web check ping
		2 ; is it "smtp"? ; vip set web check smpt
		2 ; timeout 3s is longer than interval 2s ; vip set web check tcp interval 2s
		2 ; timeout 3s is longer than interval 1s ; vip add x 192.168.30.11 tcp 80 check tcp interval 1s
		1 ; the interval of a check is shorter than its timeout ; vip add x 192.168.30.11 tcp 80 check interval 1s
		1 ; timeout 3s is longer than interval 2s ; vip set web check interval 2s
		1 ; timeout 6s is longer than interval 5s ; real set web CAS1 check timeout 6s
		2 ; fast 6s is longer than interval 5s ; vip set web check tcp fast 6s
		1 ; fast 6s is longer than interval 5s ; vip set web check fast 6s
		2 ; 99ms is less than 100ms ; vip set web check fast 99ms
		2 ; via "both" is not real|vip ; vip set web check via both
		2 ; icmp cannot go via vip ; vip set web check icmp via vip
		2 ; agent 0 is not within 1-65535 ; vip set web check agent 0
		2 ; agent 65536 is not within 1-65535 ; vip set web check agent 65536
		2 ; guard 0 is not within 1-100 ; vip set web check guard 0
		2 ; guard 101 is not within 1-100 ; vip set web check guard 101
		2 ; "x/y" has a character other than ; vip set web check imap secret x/y
		2 ; tcp does not log in ; vip set web check tcp secret x
		1 ; tcp does not log in ; vip set web check secret x
		2 ; icmp has nothing to do with ports ; vip set web check icmp port 80
		2 ; "x" is not key=value ; vip set web check http args x
		2 ; a ' is not closed ; vip set web check http args path='a
		2 ; http does not take "paht" ; vip set web check http args paht=/
		1 ; tcp takes none ; vip set web check args path=/
		1 ; tcp takes none ; real set web CAS1 check args path=/
		2 ; status "ok" is not a list of codes ; vip set web check http args status=ok
		2 ; status "200-700" has a code or range ; vip set web check http args status=200-700
		2 ; args: regex "(": ; vip set web check http args regex=(
		2 ; it repeats too much ; vip set web check http args regex=a++
		2 ; "name" is missing ; vip set web check dns
		2 ; type "B" is not A|AAAA| ; vip set web check dns args type=B
		2 ; is not the name of a file ; vip set web check exec args run=a/b
		2 ; No such file or directory ; vip set web check exec args run=l4lb-none
		2 ; smtp is not for a service of udp alone ; vip add x 192.168.30.11 udp 53 check smtp
		1 ; smtp is not for a service of udp alone ; vip set dns check smtp
		1 ; smtp is not for a service of udp alone ; real set dns NS1 check smtp
		2 ; the vip has any port ; vip add x 192.168.30.11 tcp any check smtp
		4 ; no such vip ; vip set wob check smtp
		4 ; no such vip ; real add wob x 192.168.30.22 check smtp
		4 ; the vip has no such real ; real set web HT1 check smtp
		2 ; NAME is missing ; real check web
		2 ; unexpected "now" ; real check web CAS1 now
		2 ; is it "confirm"? ; apply site confrim 5m
		2 ; is it "if-exists"? ; vip del web if-exist
		2 ; is it "if-exists"? ; real del web CAS1 if_exists
		2 ; is it "reset"? ; stats rest
		2 ; is it "rate"? ; show rat
		2 ; is it "dr"? ; vip set web mode drr
		2 ; is it "wlc"? ; vip set web sched wlcc
		2 ; is it "drain"? ; real set web CAS1 state drian
		2 ; is it "down"? ; real health web CAS1 dwon
		2 ; health "unknown" is not up|sick|down ; real health web CAS1 unknown
		2 ; is it "vips"? ; global set limit vip 5
		2 ; is it "drained"? ; wait vip web draind
	EOT
}

test_conflicts()
{
	refuse_all <<-EOT
		5 ; a vip of this name exists ; vip add web 192.168.30.11 tcp 80
		5 ; a vip of this name exists ; vip set web name mail
		5 ; port 443 on 192.168.30.10 tcp is taken by web ; vip add x 192.168.30.10 tcp 1-10,443
		5 ; port 60250-60300 on 192.168.30.10 tcp is taken by web ; vip add x 192.168.30.10 tcp 60250-60400
		5 ; is taken by web ; vip add x 192.168.30.10 tcp,udp 80
		5 ; is taken by dns ; vip add x 192.168.30.10 udp any force
		5 ; is taken by six ; vip add x fd30:0::10 tcp 80
		5 ; port 25 on 192.168.30.10 tcp is taken by mail ; vip set web ports 20-25
		5 ; is taken by web ; vip replace mail 192.168.30.10 tcp 80
		5 ; the vip has a real of this name ; real add web CAS1 192.168.30.22
		5 ; the vip has a real with this address and port ; real add web x 192.168.30.20
		5 ; the vip has a real with this address and port ; real replace web CAS2 192.168.30.20
		5 ; the vip has a real with this address and port ; real add mail x 192.168.30.20 port 2525
	EOT
}

test_contradictions()
{
	refuse_all <<-EOT
		1 ; differ in family ; real add web x fd30::22
		1 ; differ in family ; real add six x 192.168.30.22
		1 ; differ in family ; vip set web address fd30::11
		1 ; mode dr cannot change the port ; real add dns x 192.168.30.22 port 5353
		1 ; mode dr cannot change the port ; vip set mail mode dr
		1 ; only where the vip has a single port ; real set web CAS1 port 8080
		1 ; only where the vip has a single port ; vip set mail ports 25,465
		1 ; the real is the vip itself ; real add mail x 192.168.30.10
		1 ; the real is the vip itself ; vip set self mode nat
		1 ; the real is the vip itself ; vip set mail address 192.168.30.20
		1 ; the vip has no persistence ; persist add vip web src 192.0.2.1 real CAS1 for 1h
		1 ; differ in family ; persist add vip dns src fd30::50 real NS1
		1 ; the check of this real is off ; real health dns NS1 down
	EOT
}

test_unknown_objects()
{
	refuse_all <<-EOT
		4 ; no such vip ; vip show wob
		4 ; no such vip ; vip set wob idle 5m
		4 ; no such vip ; vip del wob
		4 ; no such vip ; real add wob x 192.168.30.22
		4 ; no such vip ; real replace wob x 192.168.30.22
		4 ; no such vip ; real set wob x weight 5
		4 ; no such vip ; real del wob x
		4 ; no such vip ; real show wob
		4 ; no such vip ; real online wob CAS1
		4 ; no such vip ; real health wob CAS1 up
		4 ; no such vip ; conn show vip wob
		4 ; no such vip ; conn flush vip wob
		4 ; no such vip ; persist show vip wob
		4 ; no such vip ; persist flush vip wob
		4 ; no such vip ; persist add vip wob src 192.0.2.1 real CAS1 for 1h
		4 ; no such vip ; persist del vip wob src 192.0.2.1
		4 ; the vip has no such real ; persist add vip web src 192.0.2.1 real HT1 for 1h
		4 ; the client is not bound to a real ; persist del vip web src 192.0.2.1
		4 ; the vip has no such real ; real set web HT1 weight 5
		4 ; the vip has no such real ; real del web HT1
		4 ; the vip has no such real ; real show web HT1
		4 ; the vip has no such real ; real drain web HT1
		4 ; the vip has no such real ; real health web HT1 up
		4 ; no such real ; real drain all HT9
		4 ; no such real ; real halt all 192.168.30.99
		4 ; no such real ; real online web 192.168.30.99
	EOT
}

# Words that a table of blanks cannot hold.
test_odd_words()
{
	local before failures=0

	before=$(ctl -j show) || return
	refuse 2 "name" ctl vip add "" 192.168.30.11 tcp 80 ||
		failures=$((failures + 1))
	refuse 2 "name" ctl vip add "a b" 192.168.30.11 tcp 80 ||
		failures=$((failures + 1))
	refuse 2 "name" ctl vip add $'a\nb' 192.168.30.11 tcp 80 ||
		failures=$((failures + 1))
	refuse 2 "address" ctl vip add x "" tcp 80 ||
		failures=$((failures + 1))
	refuse 2 "ports" ctl vip add x 192.168.30.11 tcp "" ||
		failures=$((failures + 1))
	refuse 2 "time" ctl vip set web idle "" ||
		failures=$((failures + 1))
	refuse 2 "control characters" ctl real health web CAS1 up $'\033[2J' ||
		failures=$((failures + 1))
	refuse 2 "control characters" ctl real health web CAS1 up $'a\nb' ||
		failures=$((failures + 1))
	refuse 2 "control characters" ctl vip set web check http \
		args $'path=/\001' || failures=$((failures + 1))
	refuse 2 "longer than 1023" ctl vip set web check http \
		args "body=$(printf %01020d 0)" || failures=$((failures + 1))
	refuse 4 "network namespace l4lb-none" lbctl -n l4lb-none show ||
		failures=$((failures + 1))
	refuse 4 "network namespace l4lb?[2J" lbctl -n $'l4lb\033[2J' show ||
		failures=$((failures + 1))
	refuse 2 'unknown option "-?"' lbctl $'-\001' show ||
		failures=$((failures + 1))
	refuse 2 'unknown verb "sh?ow" for vip' ctl vip $'sh\033ow' ||
		failures=$((failures + 1))
	refuse 2 'unknown object "?[2J"' ctl help $'\033[2J' ||
		failures=$((failures + 1))
	refuse 2 'unexpected "?[2J" after show' ctl show $'\033[2J' ||
		failures=$((failures + 1))
	refuse 2 "conn show vip a?" ctl conn show vip $'a\033' ||
		failures=$((failures + 1))
	refuse 2 "persist add" ctl persist add vip dns src $'\033' real NS1 ||
		failures=$((failures + 1))
	refuse 4 "import ipvsadm /?[2J" lbctl import ipvsadm $'/\033[2J' ||
		failures=$((failures + 1))
	refuse 2 'real online all: name "?[2J"' ctl real online all $'\033[2J' ||
		failures=$((failures + 1))
	unchanged "all of these" && [ "$failures" -eq 0 ]
}

nobody()
{
	in_ns "$lb" setpriv --reuid=65534 --regid=65534 --clear-groups -- \
		lbctl "$@"
}

no_net_admin()
{
	in_ns "$lb" setpriv --bounding-set=-net_admin --inh-caps=-net_admin -- \
		lbctl "$@"
}

# Root in a user namespace of its own, but in our network namespace.
other_root()
{
	in_ns "$lb" unshare -r lbctl "$@"
}

test_privilege()
{
	local before public who failures=0

	before=$(ctl -j show) || return
	# Arguments of checks are not for everybody.
	public=${before//,\"args\":\"\"}
	for who in nobody no_net_admin other_root; do
		expect "$public" "$who" -j show || failures=$((failures + 1))
		refuse 7 "" "$who" vip add x 192.168.30.11 tcp 80 ||
			failures=$((failures + 1))
		refuse 7 "" "$who" vip del web || failures=$((failures + 1))
		refuse 7 "" "$who" real halt web CAS1 ||
			failures=$((failures + 1))
		refuse 7 "" "$who" real health web CAS1 up ||
			failures=$((failures + 1))
		refuse 7 "" "$who" conn flush all || failures=$((failures + 1))
		refuse 7 "" "$who" persist flush all ||
			failures=$((failures + 1))
		refuse 7 "" "$who" persist add vip web src 192.0.2.1 \
			real CAS1 for 1h || failures=$((failures + 1))
		refuse 7 "" "$who" flush all || failures=$((failures + 1))
		refuse 7 "" "$who" stats reset || failures=$((failures + 1))
		# It may begin to write before it is refused.
		expect_status 7 "$who" conn show > /dev/null 2>&1 ||
			failures=$((failures + 1))
		expect_status 7 "$who" persist show > /dev/null 2>&1 ||
			failures=$((failures + 1))
	done
	[ "$failures" -eq 0 ]
}

# What a user makes of a namespace of their own is nobody else's.
test_own_namespace()
{
	local before

	before=$(ctl -j show) || return
	in_ns "$lb" setpriv --reuid=65534 --regid=65534 --clear-groups -- \
		unshare -rn bash -e -c '
			lbctl -q vip add web 192.168.30.10 tcp 80
			lbctl real add web CAS1 192.168.30.20
			lbctl flush all' &&
		expect "$before" ctl -j show
}

test_no_module()
{
	local status=0

	unload_module || return
	expect_status 3 ctl show > "$tmp/out" 2> "$tmp/err" &&
		expect_status 3 ctl vip add x 192.168.30.11 tcp 80 \
			2>> "$tmp/err" &&
		expect_status 3 ctl vip del x if-exists 2>> "$tmp/err" || status=1
	load_module || return
	cat "$tmp/err"
	[ "$status" -eq 0 ] && [ ! -s "$tmp/out" ] &&
		[ "$(grep -c "the module l4lb is not loaded" "$tmp/err")" -eq 3 ]
}

configure || ksft_skip_all "lbctl does not configure"

ktap_plan 13
ktap_run "words that are missing or too many"	test_words
ktap_run "addresses"				test_addresses
ktap_run "ports and protocols"			test_ports
ktap_run "names"				test_names
ktap_run "options"				test_options
ktap_run "checks"				test_checks
ktap_run "what exists or overlaps"		test_conflicts
ktap_run "what contradicts the rest"		test_contradictions
ktap_run "what does not exist"			test_unknown_objects
ktap_run "odd words"				test_odd_words
ktap_run "changes without the privilege"	test_privilege
ktap_run "a namespace of one's own"		test_own_namespace
ktap_run "without the module"			test_no_module
ktap_exit
