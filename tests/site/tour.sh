#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A tour of a mail site, by one mode: the VIPs that such a site has, with the
# servers and clients that people use, over IPv4 and IPv6. A test sources this
# and calls tour. For the network and the servers see lib.sh.
#
# Each VIP has a twin of IPv6, whose name ends in -6. Each has the reals R1 and
# R2, checked by lbcheckd.

# Cases are called by name.
# shellcheck disable=SC2317 source=tests/site/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

readonly ALL=(80 110 135 143 443 993 995 60200 60201)
# A VIP for each takes its time, which on the debug kernel is too much.
RELAYED=("${ALL[@]}")
[ "${L4LB_KERNEL:-}" != debug ] || RELAYED=(80 135 993)
# Many are made, and each of them with up to nine ports.
readonly CHECK=(check tcp interval 5s timeout 5s fast 1s)

# What a case is about: the mode, who comes and over what, and which real is the
# only one for them; the first word of all tags; and what has been asked.
mode=''
clients=(50 51 52 53)
families=(4 6)
alone=''
round=''
logged=0
called=0

# add_pair NAME HOST PROTO PORTS [OPTION...] - a VIP, its twin, and their reals
add_pair()
{
	local name=$1 host=$2 proto=$3 ports=$4 net=31 family
	shift 4

	[ "$mode" != dr ] || net=30
	for family in 4 6; do
		[ "$family" = 4 ] || name+=-6
		ctl vip add "$name" "$(address "$family" 30 "$host")" "$proto" \
			"$ports" mode "$mode" "${CHECK[@]}" "$@" &&
			ctl real add "$name" R1 "$(address "$family" "$net" 20)" &&
			ctl real add "$name" R2 "$(address "$family" "$net" 21)" ||
			return
	done
}

add_vips()
{
	local port

	add_pair CAS-WEB 10 tcp 80,443 persist 1h &&
		add_pair CAS-RPC 10 tcp 135,60200,60201 persist 1h &&
		add_pair CAS-IMAP4 10 tcp 143,993 &&
		add_pair CAS-POP3 10 tcp 110,995 &&
		add_pair HT-SMTP 10 tcp 25 &&
		add_pair CAS-AllServices 11 tcp "$(IFS=,; echo "${ALL[*]}")" \
			persist 1h &&
		add_pair redirect 13 tcp 80 sched wlc persist 10m &&
		add_pair speed 14 tcp,udp 5201 persist 1h || return
	for port in "${RELAYED[@]}"; do
		add_pair "relay-$port" 12 tcp "$port" sched sh seed 5eed ||
			return
	done
}

# healths REAL HEALTH - how many VIPs see a real so
healths()
{
	ctl -j real show | grep -o '"name":"[^"]*"[^{}]*"health":"[a-z]*"' |
		grep -c "\"name\":\"$1\".*\"health\":\"$2\""
}

all_are()
{
	[ "$(healths "$1" "$2")" -eq "$(ctl -j vip show |
		grep -o '"sched"' | wc -l)" ]
}

is_there()
{
	add_vips && eventually all_are R1 up && eventually all_are R2 up
}

# url TAG PORT - what is to be had there
url()
{
	case $2 in
	go)	echo "http://example.com/$1" ;;
	80)	echo "http://mail.example.com/$1" ;;
	443)	echo "https://mail.example.com/$1" ;;
	110)	echo "pop3://$1:secret@mail.example.com/1" ;;
	995)	echo "pop3s://$1:secret@mail.example.com/1" ;;
	143)	echo "imap://$1:secret@mail.example.com/INBOX;UID=1" ;;
	993)	echo "imaps://$1:secret@mail.example.com/INBOX;UID=1" ;;
	esac
}

# fetch CASE VIP PORT... - each client gets what is there, over each family, and
# it is what it should be
fetch()
{
	local case=$1 vip=$2 n=0 port family host
	shift 2

	rm -rf "$tmp/got"
	mkdir "$tmp/got"
	: > "$tmp/sums"
	for family in "${families[@]}"; do
		for host in "${clients[@]}"; do
			for port; do
				fetch_one "$round.$case.$family.$host"
			done
		done
	done > "$tmp/fetch"
	logged=$((logged + n))
	one_cpu enter "$client" curl --fail-early -K "$tmp/fetch" &&
		sha256sum --quiet -c "$tmp/sums"
}

# endpoint FAMILY HOST - as curl wants it
endpoint()
{
	if [ "$1" = 4 ]; then
		address 4 30 "$2"
	else
		echo "[$(address 6 30 "$2")]"
	fi
}

# fetch_one TAG - a section of curl's configuration
fetch_one()
{
	local what=message mail=$vip

	[ "$port" != go ] || mail=10
	[[ $port == 1?? || $port == 99? ]] || what=page
	[ "$n" -eq 0 ] || echo next
	n=$((n + 1))
	echo "${sum[$what]}  $tmp/got/$n" >> "$tmp/sums"
	cat <<-EOT
		url = "$(url "$1" "$port")"
		connect-to = "example.com::$(endpoint "$family" "$vip"):"
		connect-to = "mail.example.com::$(endpoint "$family" "$mail"):"
		interface = "$(address "$family" 30 "$host")"
		output = "$tmp/got/$n"
		cacert = "$site/certificate"
		max-time = 60
		location
		silent
		show-error
		fail
	EOT
}

# call CASE NS HOST VIP PORT... - asks the other service, which says who it is
call()
{
	local tag=$1 ns=$2 host=$3 vip=$4 port family line
	shift 4

	for family in "${families[@]}"; do
		for port; do
			called=$((called + 1))
			line=$(one_cpu enter "$ns" load ask \
				"$(address "$family" 30 "$vip")" "$port" 1)
			read -ra line <<< "$line"
			echo "${line[*]:0:2} $port $round.$tag.$family.$host" \
				>> "$tmp/called"
		done
	done
}

is_seen()
{
	seen "$1" > "$tmp/seen" && [ "$(wc -l < "$tmp/seen")" -ge "$2" ]
}

# judge CASE turns|clients|some - whether the servers have seen what was asked,
# with the right source. In turns: each real has as much as the other. Clients:
# each has one real for all it does, and each real as many clients as the other.
# Some: each client has one real, and each real has some clients.
judge()
{
	[ "$logged" -eq 0 ] || eventually is_seen "$round.$1" "$logged"
	awk -v count=$((logged + called)) -v how="$2" -v mode="$mode" \
		-v alone="$alone" '
	function wrong(what) {
		print what ": " $0
		bad = 1
	}
	{
		split($4, tag, ".")
		net = mode == "snat" ? 31 : 30
		host = mode == "snat" ? 2 : tag[4]
		source = (tag[3] == 4 ? "192.168." net "." \
				      : "fd" net "::") host
		if ($2 != source)
			wrong("not seen as " source)
		if (alone && $1 != alone)
			wrong("not on the only real")
		who = how == "turns" ? NR : tag[3] "." tag[4]
		if (!(who in real)) {
			real[who] = $1
			has[$1]++
		} else if (real[who] != $1) {
			wrong("not on " real[who])
		}
	}
	END {
		$0 = "R1 has " has["R1"] + 0 ", R2 has " has["R2"] + 0
		if (NR != count)
			wrong(NR " and not " count " were seen")
		if (!alone && (how == "some" ? !has["R1"] || !has["R2"] \
					     : has["R1"] != has["R2"]))
			wrong("not balanced")
		exit bad
	}' "$tmp/seen" "$tmp/called"
}

web()
{
	fetch web 10 80 443 && judge web clients
}

rpc()
{
	call rpc "$client" 50 10 135 60200 60201
	call rpc "$stranger" 99 10 135 60200 60201
	judge rpc clients
}

imap()
{
	fetch imap 10 143 993 && judge imap turns
}

pop()
{
	fetch pop 10 110 995 && judge pop turns
}

# letter CLIENT... - brings the site's letter to HT-SMTP for each FAMILY.HOST
letter()
{
	local who family n=0

	for who; do
		family=${who%%.*}
		[ "$n" -eq 0 ] || echo next
		n=$((n + 1))
		cat <<-EOT
			url = "smtp://mail.example.com/$round.smtp.$who"
			connect-to = "::$(endpoint "$family" 10):"
			interface = "$(address "$family" 30 "${who#*.}")"
			mail-from = "friend@example.net"
			mail-rcpt = "user@example.com"
			upload-file = "$site/letter"
			max-time = 60
			crlf
			silent
			show-error
		EOT
	done > "$tmp/letter"
	logged=$((logged + n))
	one_cpu enter "$client" curl --fail-early -K "$tmp/letter"
}

# The same by a program that is slow to start.
letter_by_swaks()
{
	logged=$((logged + 1))
	one_cpu enter "$client" swaks --server 192.168.30.10 \
		--local-interface 192.168.30.50 --helo "$round.smtp.4.50" \
		--from friend@example.net --to user@example.com \
		--data "@$site/letter" > "$tmp/swaks" 2>&1 || {
		grep -v '^ ->' "$tmp/swaks"
		return 1
	}
}

smtp()
{
	letter_by_swaks && letter 4.51 6.50 6.51 && judge smtp turns
}

smtp_alone()
{
	letter 4.50 4.51 6.50 6.51 && judge smtp turns
}

# By SNAT anybody is the balancer.
smtp_refuses()
{
	[ "$mode" != snat ] || return "$KSFT_SKIP"
	# The log is written by a process that is told, and may have to start.
	fail_with "RCPT failed: 554" letter 4.55 &&
		fail_with "RCPT failed: 554" letter 6.55 &&
		eventually grep -qh \
			'reject: RCPT from unknown\[192.168.30.55\]' \
			"$site"/R[12]/maillog &&
		eventually grep -qh \
			'reject: RCPT from unknown\[fd30::55\]' \
			"$site"/R[12]/maillog
}

# everything CASE VIP PORT... - one client on all ports, the others on one
everything()
{
	local case=$1 vip=$2 port fetched=() rest=() others=("${clients[@]:1}")
	local clients=("${clients[0]}")
	shift 2

	for port; do
		case $port in
		135|602*)	rest+=("$port") ;;
		*)		fetched+=("$port") ;;
		esac
	done
	fetch "$case" "$vip" "${fetched[@]}" || return
	call "$case" "$client" 50 "$vip" "${rest[@]}"
	clients=("${others[@]}")
	fetch "$case" "$vip" 80
}

all_services()
{
	everything all 11 "${ALL[@]}" && judge all clients
}

relay()
{
	everything relay 12 "${RELAYED[@]}" && judge relay some
}

# The page is elsewhere, and connections stay while others are made. Afterwards
# the clients come once more, the last one first.
redirect()
{
	local left again=() host

	for host in "${clients[@]}"; do
		again=("$host" "${again[@]}")
	done
	fetch to 13 go || return
	clients=("${again[@]}")
	fetch to 13 go && judge to some || return
	left=$(field "$(ctl -j persist show vip redirect)" left)
	[ "$left" -gt 1000 ] && [ "$left" -le 600000 ]
}

# measure FAMILY NS HOST tcp|udp - that bytes arrive, not how many in what time
measure()
{
	local vip options=(-n 1M) log

	vip=$(address "$1" 30 14)
	[ "$4" = tcp ] || options=(-u -n 40K -l 1000)
	for log in "$site"/R[12]/iperf.log; do
		: > "$log"
	done
	one_cpu enter "$2" iperf3 -c "$vip" "${options[@]}" > "$tmp/iperf" \
		2>&1 && grep receiver "$tmp/iperf" | grep -v ' 0.00 Bytes'
}

# measured FAMILY NS HOST tcp|udp - the same, and who it was; a server that has
# just measured may be busy
measured()
{
	local real

	eventually measure "$@" || {
		cat "$tmp/iperf"
		return 1
	}
	called=$((called + 1))
	for real in R1 R2; do
		[[ $(< "$site/$real/iperf.log") =~ Accepted\ connection\ from\ ([^,]*), ]] ||
			continue
		echo "$real ${BASH_REMATCH[1]} $4 $round.speed.$1.$3" \
			>> "$tmp/called"
	done
}

# It uses several connections, and datagrams besides.
speed()
{
	measured 4 "$client" 50 tcp && measured 4 "$stranger" 99 udp &&
		measured 6 "$client" 50 udp && measured 6 "$stranger" 99 tcp &&
		judge speed clients
}

other()
{
	[ "$1" = R1 ] && echo R2 || echo R1
}

# Who has a real keeps it, by a connection or by persistence.
drains()
{
	conn_open a "$client" 192.168.30.10 135 > "$tmp/line" || return
	read -r alone _ < "$tmp/line"
	ctl -q real drain all "$alone" &&
		begin web_again && begin rpc_again && begin new_client
	same 0 $? status && conn_say a "goes on" "$PATIENT" && conn_close a &&
		ctl -q real online all "$alone"
}

# What the same clients have been served before counts as well.
web_again()
{
	alone=''
	logged=$((4 * ${#clients[@]}))
	fetch web 10 80 443 && judge web clients
}

# Of IPv6 the client may have the other real.
rpc_again()
{
	families=(4)
	call rpc "$client" 50 10 135 60200 60201
	judge rpc clients
}

new_client()
{
	alone=$(other "$alone")
	clients=(54)
	fetch new 10 80 443 143 993 110 995 && judge new clients
}

# What makes R1 fail, and what mends it
breaks()
{
	if [ "$mode" = nat ]; then
		ip -n "$lan" link set p31-20 down
	else
		site_kill "$real1"
	fi
}

mends()
{
	if [ "$mode" = nat ]; then
		ip -n "$lan" link set p31-20 up
	else
		site_start "$real1" R1 && site_wait "$real1" R1
	fi && eventually all_are R1 up
}

fails()
{
	local part failed=0

	breaks && eventually all_are R1 down || return
	alone=R2
	round=$mode-alone
	clients=(50 51)
	for part in web rpc imap pop smtp_alone all_services relay redirect \
		speed; do
		begin "$part" || {
			echo "failed: $part"
			failed=1
		}
	done
	return "$failed"
}

# begin CASE - which knows of nothing that was before
begin()
{
	(
		: > "$tmp/seen"
		: > "$tmp/called"
		"$1"
	)
}

# site_up - everything that the VIPs are in front of
site_up()
{
	site_net "$mode" && site_files &&
		site_configure R1 && site_configure R2 &&
		site_start "$real1" R1 && site_start "$real2" R2 &&
		site_wait "$real1" R1 && site_wait "$real2" R2
}

# tour dr|nat|snat - the whole test
tour()
{
	local said

	mode=$1
	round=$1
	said=$(lbctl vip add V 192.0.2.1 tcp 9 mode "$mode" 2>&1 &&
		lbctl vip del V)
	[[ $said != *"not supported yet"* ]] || ksft_skip_all "no mode $mode"
	site_up || ksft_skip_all "no site"
	lbcheckd -n "$lb" > "$tmp/lbcheckd" 2>&1 &
	disown $!

	ktap_plan 14
	ktap_run "the site is there"			is_there
	ktap_run "CAS-WEB"				begin web
	ktap_run "CAS-RPC"				begin rpc
	ktap_run "CAS-IMAP4"				begin imap
	ktap_run "CAS-POP3"				begin pop
	ktap_run "HT-SMTP"				begin smtp
	ktap_run "HT-SMTP refuses a stranger"		begin smtp_refuses
	ktap_run "CAS-AllServices"			begin all_services
	ktap_run "relay"				begin relay
	ktap_run "redirect"				begin redirect
	ktap_run "streams and datagrams"		begin speed
	ktap_run "clients of a real that drains"	drains
	ktap_run "clients of a real that fails"		fails
	ktap_run "a real that comes back"		mends
	ktap_exit
}
