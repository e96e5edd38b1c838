#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A mail site of Debian's own servers, R1 and R2, in one of the networks of
# topo.sh. A test sources this in place of traffic/lib.sh.
#
# The VIPs have .10 to .14, the client .50 to .55, of which .50 to .54 may send
# mail.
#
# What a client asks for carries a tag, ROUND.CASE.FAMILY.HOST, with FAMILY 4 or
# 6 and HOST the last byte of its address. The servers' logs have it: for the
# web it is the path, for mailboxes the user, in SMTP the name after HELO.

# Tests call these by name and use the variables.
# shellcheck disable=SC2034,SC2317 source=tests/traffic/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../traffic/lib.sh"
# shellcheck source=tests/site/servers.sh
. "$(dirname "${BASH_SOURCE[0]}")/servers.sh"

require_tool curl dovecot iperf3 nginx openssl postfix swaks

declare -A sum=()

# address FAMILY NET HOST
address()
{
	if [ "$1" = 4 ]; then
		echo "192.168.$2.$3"
	else
		echo "fd$2::$3"
	fi
}

# site_addresses DEVICE HOST... - commands for more addresses of net 30. IPv6
# would prefer them as sources to the host's own: checks would come from the VIP.
site_addresses()
{
	local dev=$1 host
	shift

	for host; do
		echo "addr add 192.168.30.$host/32 dev $dev"
		echo "addr add fd30::$host/128 dev $dev nodad preferred_lft 0"
	done
}

# site_net dr|nat|snat - the network. By DR a server that answers a datagram must
# choose the VIP by itself, hence the routes; by SNAT it needs no way to clients.
site_net()
{
	local real host

	if [ "$1" = dr ]; then
		topo_dr
	else
		topo_nat
	fi && ip -n "$lb" addr change "$VIP6/128" dev eth0 preferred_lft 0 &&
		site_addresses eth0 11 12 13 14 | ip -n "$lb" -batch - &&
		site_addresses eth0 51 52 53 54 55 |
			ip -n "$client" -batch - || return
	for real in "$real1" "$real2"; do
		case $1 in
		dr)
			site_addresses lo 11 12 13 14
			for host in 50 99; do
				echo "route add 192.168.30.$host dev eth0" \
					"src 192.168.30.14"
				echo "route add fd30::$host dev eth0" \
					"src fd30::14"
			done ;;
		snat)
			echo "route del default via 192.168.31.2"
			echo "route del default via fd31::2" ;;
		esac | ip -n "$real" -batch - || return
	done
}

# site_files - what both machines have in common: a certificate, a page, and a
# mailbox's only message
site_files()
{
	make_certificate mail.example.com "$site/certificate" "$site/key" ||
		return
	head -c 48000 /dev/urandom | base64 > "$site/page"
	head -n 100 "$site/page" > "$site/letter"
	{
		printf 'From: friend@example.net\r\nSubject: a letter\r\n\r\n'
		sed 's/$/\r/' "$site/letter"
	} > "$site/message"
	read -r "sum[page]" _ < <(sha256sum "$site/page")
	read -r "sum[message]" _ < <(sha256sum "$site/message")
}

# site_configure NAME
site_configure()
{
	mkdir "$site/$1" &&
		chmod 755 "$site" "$site/$1" &&
		configure_nginx "$1" &&
		configure_dovecot "$1" &&
		configure_postfix "$1"
}

# site_start NS NAME - all servers of a machine; see site_wait
site_start()
{
	local ns=$1 name=$2 dir=$site/$2

	enter "$ns" nginx -c "$dir/nginx.conf" > "$dir/nginx.out" 2>&1 &
	disown $!
	in_ns "$ns" dovecot -F -c "$dir/dovecot.conf" > "$dir/dovecot.out" \
		2>&1 &
	disown $!
	# Without postfix's start script, which takes ten times as long.
	in_ns "$ns" /usr/lib/postfix/sbin/master -c "$dir/postfix/etc" \
		> "$dir/postfix.out" 2>&1 &
	disown $!
	enter "$ns" iperf3 -s --forceflush >> "$dir/iperf.log" 2>&1 &
	disown $!
	start_server "$ns" "$name" tcp/{135,60200,60201}
}

# listens NS PORT... - whether all of them are open
listens()
{
	local ns=$1 port open
	shift

	open=$(in_ns "$ns" ss -Hltn) || return
	for port; do
		[[ $open == *"*:$port "* || $open == *"[::]:$port "* ]] || return
	done
}

# site_wait NS NAME - until they listen; what they said if they never do
site_wait()
{
	eventually listens "$1" 25 80 110 135 143 443 993 995 5201 60200 60201 ||
		{
			tail -n 5 "$site/$2"/*.{out,err,log}
			return 1
		}
}

# site_kill NS - all that runs there, at once, and what that starts meanwhile
site_kill()
{
	eventually none_left "$1"
}

none_left()
{
	local pids

	pids=$(ip netns pids "$1") || return
	[ -n "$pids" ] || return 0
	xargs kill -KILL <<< "$pids" 2> /dev/null
	return 1
}

# seen TAG - who has served what carries it: "REAL SOURCE SERVICE TAG", SOURCE
# being the client as the server sees it. A letter counts when it is there as it
# was sent.
seen()
{
	awk -v tag="$1." '
	function name() {
		split(substr(FILENAME, length(site) + 2), path, "/")
		return path[1]
	}
	function letter_ends() {
		if (helo && body == letter)
			print from, source, "smtp", helo
		helo = body = ""
		head = 1
	}
	BEGIN {
		site = ARGV[1]
		ARGV[1] = ""
		while ((getline line < (site "/letter")) > 0)
			letter = letter line
	}
	/^From / && FILENAME ~ /mbox$/ {
		letter_ends()
		from = name()
		next
	}
	FILENAME ~ /mbox$/ && head {
		if ($1 == "Received:" && index($3, tag) == 1) {
			helo = $3
			source = $5
			gsub(/\[IPv6:|[][)]/, "", source)
		}
		head = NF > 0
		next
	}
	FILENAME ~ /mbox$/ {
		body = body $0
		next
	}
	FILENAME ~ /nginx/ && index($3, "/" tag) == 1 {
		print name(), $1, $2 == 80 ? "http" : "https", substr($3, 2)
	}
	FILENAME ~ /dovecot/ && (at = index($0, "user=<" tag)) {
		match($0, /rip=[^,]*/)
		source = substr($0, RSTART + 4, RLENGTH - 4)
		service = /imap-login/ ? "imap" : "pop3"
		if (/, TLS/)
			service = service "s"
		user = substr($0, at + 6)
		sub(/>.*/, "", user)
		print name(), source, service, user
	}
	END {
		letter_ends()
	}' "$site" "$site"/R[12]/{nginx.log,dovecot.log,mbox}
}
