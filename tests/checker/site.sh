#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Debian's servers, each in a namespace behind the balancer, the checks that
# they are for, and the ways in which they fail. A test sources this in place of
# lib.sh.
#
# Each check is that of a VIP of its name, which most often is its type, with one
# real R.

# Tests call functions by name and use the variables.
# shellcheck disable=SC2034,SC2317,SC2154 source=tests/checker/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

require_tool dnsmasq dovecot nft nginx openssl postfix slapadd slapd socat tc

# shellcheck source=tests/site/servers.sh
. "$(dirname "${BASH_SOURCE[0]}")/../site/servers.sh"

readonly SERVERS=(dnsmasq slapd nginx dovecot postfix)
readonly PACE=(interval 1s timeout 1s fast 100ms rise 1 fall 2)
readonly HOST=mail.example.com
readonly PAGE="200 OK"
readonly RECORD=192.0.2.25

# Those that the balancer knows, in the form that OpenSSL wants.
export SSL_CERT_DIR=$site/known

# What listens where, the servers' networks, and the checks that they answer.
readonly -A LISTENS=([postfix]="25" [dovecot]="110 143 993 995"
	[nginx]="80 443" [slapd]="389 636" [dnsmasq]="53")
readonly -A NET=([postfix]=31 [dovecot]=32 [nginx]=33 [slapd]=34 [dnsmasq]=35)
readonly -A CHECKS=([postfix]="smtp smtptls"
	[dovecot]="imap imaps pop3 pop3s starttls" [nginx]="http https tls"
	[slapd]="ldap ldaps" [dnsmasq]="dns dnstcp")
readonly -A PORT=([smtp]=25 [smtptls]=25 [imap]=143 [imaps]=993 [pop3]=110 [pop3s]=995
	[starttls]=143 [http]=80 [https]=443 [tls]=443 [ldap]=389 [ldaps]=636
	[dns]=53 [dnstcp]=53)
readonly -A TYPE=([starttls]=imap [smtptls]=smtp [dnstcp]=dns)
readonly -A ARGS=([smtptls]="starttls=yes verify=$HOST"
	[imaps]="verify=$HOST" [pop3s]="verify=$HOST"
	[starttls]="starttls=yes verify=$HOST"
	[http]="path=/health status=200 body=\"$PAGE\""
	[https]="path=/health status=200 body=\"$PAGE\" verify=$HOST"
	[tls]="verify=$HOST"
	[ldap]="base=\"dc=example,dc=com\""
	[ldaps]="base=\"dc=example,dc=com\" verify=$HOST"
	[dns]="name=$HOST expect=$RECORD"
	[dnstcp]="name=$HOST expect=$RECORD proto=tcp")

# Clients that stay, and are enough to take all the places that there are;
# slapd has files of its own open as well.
readonly -A CROWD=([postfix]=4 [dovecot]=4 [nginx]=2 [slapd]=12 [dnsmasq]=4)
readonly SLAPD_FILES=24

# --- configuration ---

# add_certificate NAME HOST
add_certificate()
{
	make_certificate "$2" "$site/$1.certificate" "$site/$1.key"
}

# know NAME - the balancer knows that certificate
know()
{
	local hash

	hash=$(openssl x509 -in "$site/$1.certificate" -noout -hash) &&
		cp "$site/$1.certificate" "$SSL_CERT_DIR/$hash.0"
}

# use_certificate NAME - from when they are told to read it
use_certificate()
{
	cp "$site/$1.certificate" "$site/certificate" &&
		cp "$site/$1.key" "$site/key"
}

# There is one process of each kind: to start another takes its time.
limit_dovecot()
{
	local limits="process_limit = 1\nclient_limit = ${CROWD[dovecot]}"

	sed -i -e "/process_limit = /d" \
		-e "/^service imap-login {/a $limits" \
		-e "/^service imap {/a $limits" "$site/dovecot/dovecot.conf"
}

secure_postfix()
{
	local etc=$site/postfix/postfix/etc

	cat >> "$etc/main.cf" <<-EOT
	smtpd_client_connection_count_limit = ${CROWD[postfix]}
	smtpd_tls_security_level = may
	smtpd_tls_cert_file = $site/certificate
	smtpd_tls_key_file = $site/key
	EOT
	echo "tlsmgr unix - - n 1000? 1 tlsmgr" >> "$etc/master.cf"
}

# More than two requests are too many; one for /slowly goes on for long. Without
# a master nginx cannot be told to read its files again.
limit_nginx()
{
	head -c 48000 /dev/zero > "$site/slowly"
	sed -i -e "/^master_process off/d" \
		-e "/^http {/a limit_conn_zone \$server_addr zone=all:1m;" \
		-e "/^http {/a limit_conn all 2;" \
		-e "s|^ *location / {|location = /slowly { limit_rate 10; }\n&|" \
		"$site/nginx/nginx.conf"
}

configure_slapd()
{
	local dir=$site/slapd

	mkdir "$dir/data"
	cat > "$dir/slapd.conf" <<-EOT
	include /etc/ldap/schema/core.schema
	modulepath /usr/lib/ldap
	moduleload back_mdb
	TLSCertificateFile $site/certificate
	TLSCertificateKeyFile $site/key
	database mdb
	maxsize 1048576
	suffix "dc=example,dc=com"
	directory $dir/data
	EOT
	slapadd -f "$dir/slapd.conf" <<-EOT
	dn: dc=example,dc=com
	objectClass: organization
	objectClass: dcObject
	o: Example
	dc: example
	EOT
}

configure_site()
{
	local server

	mkdir "$SSL_CERT_DIR"
	chmod 755 "$site"
	for server in "${SERVERS[@]}"; do
		mkdir "$site/$server"
	done
	add_certificate good "$HOST" && know good &&
		add_certificate forged "$HOST" &&
		add_certificate strange other.example.com && know strange &&
		use_certificate good || return
	echo "$PAGE" > "$site/page"
	: > "$site/message"
	echo "$RECORD $HOST" > "$site/dnsmasq/hosts"

	configure_nginx nginx && limit_nginx &&
		configure_dovecot dovecot && limit_dovecot &&
		configure_postfix postfix && secure_postfix && configure_slapd
}

# add_checks SERVER
add_checks()
{
	local check proto n=24 options

	for check in ${CHECKS[$1]}; do
		n=$((n + 1))
		proto=tcp
		[ "$check" != dns ] || proto=udp
		options=("${PACE[@]}")
		[ -z "${ARGS[$check]:-}" ] || options+=(args "${ARGS[$check]}")
		ctl vip add "$check" "$VIP" "$proto" "$n" \
			check "${TYPE[$check]:-$check}" port "${PORT[$check]}" "${options[@]}" &&
			ctl real add "$check" R "192.168.${NET[$1]}.20" ||
			return
	done
}

# --- servers ---

# start SERVER
start()
{
	local dir=$site/$1 command

	case $1 in
	postfix)
		command=(/usr/lib/postfix/sbin/master -c "$dir/postfix/etc") ;;
	dovecot)
		command=(dovecot -F -c "$dir/dovecot.conf") ;;
	nginx)
		command=(nginx -c "$dir/nginx.conf") ;;
	slapd)
		command=(prlimit --nofile="$SLAPD_FILES" slapd -d 0 -h "ldap:/// ldaps:///" -f "$dir/slapd.conf") ;;
	dnsmasq)
		command=(dnsmasq -k -C /dev/null -u root -g root -R -h
			--max-tcp-connections="${CROWD[dnsmasq]}"
			-x "$dir/pid" --log-facility=-
			--addn-hosts="$dir/hosts") ;;
	esac
	enter "${!1}" "${command[@]}" >> "$dir/out" 2>&1 < /dev/null &
	echo $! > "$dir/main"
	disown $!
}

# stop SERVER - at once, with what it starts meanwhile
stop()
{
	busywait "$PATIENCE" none_left "${!1}"
}

none_left()
{
	local pids

	pids=$(ip netns pids "$1") || return
	[ -n "$pids" ] || return 0
	xargs kill -KILL <<< "$pids" 2> /dev/null
	return 1
}

# reload SERVER - what has changed in its files. slapd reads them once.
reload()
{
	if [ "$1" = slapd ]; then
		stop slapd && start slapd
		return
	fi
	kill -HUP "$(< "$site/$1/main")"
}

# The balancer and the servers, none of which runs yet
site_up()
{
	local server

	setup_ns lb "${SERVERS[@]}" && configure_site || return
	for server in "${SERVERS[@]}"; do
		link_server "${!server}" "${NET[$server]}" 20 || return
	done
	ip -n "$lb" addr add "$VIP/32" dev lo && daemon_start
}

# --- ways to fail: fail_WAY SERVER, and mend_WAY SERVER ---

fail_killed()
{
	stop "$1"
}

mend_killed()
{
	start "$1"
}

# Once more for what has been started meanwhile.
fail_stopped()
{
	ip netns pids "${!1}" | xargs kill -STOP &&
		ip netns pids "${!1}" | xargs kill -STOP
}

mend_stopped()
{
	ip netns pids "${!1}" | xargs kill -CONT
}

# wall SERVER RULE... - a firewall
wall()
{
	local rules

	rules=$(printf '%s\n' "${@:2}")
	in_ns "${!1}" nft -f - <<-EOT
		table inet wall {
			chain in {
				type filter hook input priority 0;
				$rules
			}
		}
	EOT
}

fail_dropped()
{
	wall "$1" 'iifname "eth0" drop'
}

mend_dropped()
{
	in_ns "${!1}" nft delete table inet wall
}

fail_rejected()
{
	wall "$1" 'iifname "eth0" meta l4proto tcp reject with tcp reset' \
		'iifname "eth0" reject'
}

mend_rejected()
{
	mend_dropped "$1"
}

# Its packets come, but when nobody waits for them any more.
fail_slow()
{
	in_ns "${!1}" tc qdisc add dev eth0 root netem delay 3s
}

mend_slow()
{
	in_ns "${!1}" tc qdisc del dev eth0 root
}

# The certificate of another host, which is known
fail_strange()
{
	use_certificate strange && reload "$1"
}

mend_strange()
{
	use_certificate good && reload "$1"
}

# One for this host, which nobody knows
fail_forged()
{
	use_certificate forged && reload "$1"
}

mend_forged()
{
	mend_strange "$1"
}

# Clients that stay, and come again when they are sent away, so that a check
# which was there first leaves no place. Those of dovecot have logged in: others
# go when there are too many. By TLS it has to pass on what they say.
fail_full()
{
	local to=192.168.${NET[$1]}.20 words=() talk i

	case $1 in
	nginx)
		to+=:443
		words=('GET /slowly HTTP/1.0' '') ;;
	dovecot)
		to+=:993
		words=('a login user secret') ;;
	*)
		to+=:${LISTENS[$1]%% *} ;;
	esac
	talk=(socat -u "TCP4:$to" -)
	[ ${#words[@]} -eq 0 ] || talk=(openssl s_client -quiet -connect "$to")
	printf '%s\r\n' "${words[@]}" > "$site/words"
	for ((i = 0; i < CROWD[$1]; i++)); do
		# shellcheck disable=SC2016 # it is the other shell's
		start_there "$lb" "crowd.$i" bash -c '
			trap "kill \$!; exit" TERM
			while :; do
				"$@" < "$0" &
				wait $!
				sleep 0.2
			done' "$site/words" "${talk[@]}"
		disown $!
	done
}

mend_full()
{
	cat "$tmp/$lb".crowd.* | xargs kill && rm "$tmp/$lb".crowd.*
}

# Other answers than those that are wanted
fail_changed()
{
	echo "503 drained" > "$site/page"
	echo "192.0.2.26 $HOST" > "$site/dnsmasq/hosts"
	[ "$1" = nginx ] || reload "$1"
}

mend_changed()
{
	echo "$PAGE" > "$site/page"
	echo "$RECORD $HOST" > "$site/dnsmasq/hosts"
	[ "$1" = nginx ] || reload "$1"
}

# Something else in its place, which takes whatever comes and does not say a word
fail_silent()
{
	local port from

	stop "$1" || return
	for port in ${LISTENS[$1]}; do
		from=TCP4-LISTEN:$port,reuseaddr,fork
		[ "$port" != 53 ] || from=UDP4-RECV:53
		start_there "${!1}" "$port" socat -u "$from" OPEN:/dev/null
		disown $!
	done
}

mend_silent()
{
	stop "$1" && start "$1"
}

# heal SERVER - whatever its state is
heal()
{
	{
		mend_dropped "$1"
		mend_slow "$1"
		mend_full
	} 2> /dev/null
	use_certificate good
	stop "$1"
	start "$1"
}
