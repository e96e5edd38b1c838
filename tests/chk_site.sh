#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What lbcheckd says of real servers, and of how they fail. A case tells how
# long it took, from when something was done to the server until its health was
# what it is; that includes what the server takes to stop or to start, and where
# a check that had begun could still find it sick, what it takes to become down.

# Cases are called by name, through ktap_run.
# shellcheck disable=SC2317,SC2154 source=tests/checker/site.sh
. "$(dirname "$0")/checker/site.sh"

# What they answer, and what there is no answer to.
readonly -A GOOD=([smtp]="ready" [smtptls]="ready" [imap]="ready" [imaps]="ready" [pop3]="ready"
	[pop3s]="ready" [starttls]="ready" [ldaps]="found"
	[http]="status 200" [https]="status 200"
	[tls]="TLSv1.*, certificate valid for * days" [ldap]="found"
	[dns]="A $RECORD" [dnstcp]="A $RECORD")
readonly -A ASKED=([imaps]="the TLS handshake" [https]="the TLS handshake"
	[pop3s]="the TLS handshake" [ldaps]="the TLS handshake"
	[tls]="the TLS handshake" [http]="GET" [ldap]="bind")

BEGAN=0
TOOK=()

# verdict WAY CHECK - sets REPLY to the health and the reason
verdict()
{
	local asked=${ASKED[$2]:-}
	local which="${TYPE[$2]:-$2} ${PORT[$2]}"

	case $1 in
	killed|rejected)
		REPLY="down $which: connection refused" ;;
	dropped|slow)
		REPLY="down $which: no answer within 1s" ;;
	stopped|silent)
		REPLY="down $which: no answer${asked:+ to $asked} within 1s" ;;
	strange)
		REPLY="sick $which: tls: hostname mismatch" ;;
	forged)
		REPLY="sick $which: tls: self-signed certificate" ;;
	full)
		case $2 in
		smtp*)
			REPLY="sick smtp 25: 421 4.7.0 postfix.example.net Error: too many connections from *" ;;
		http*)
			REPLY="sick $which: status 503 Service Temporarily Unavailable" ;;
		ldap*)
			# Whom it does not send away it lets wait.
			REPLY="down $which: @(connection @(closed without an answer|reset)|no answer* within 1s)" ;;
		*)
			REPLY="down $which: no answer${asked:+ to $asked} within 1s" ;;
		esac ;;
	changed)
		# A quote is the end of what json_get finds.
		REPLY="sick $which: status 200, but *"
		[ "$2" != dns ] || REPLY="sick dns 53: no A is $RECORD" ;;
	up)
		REPLY="up $which: ${GOOD[$2]}" ;;
	esac
}

# now - sets BEGAN, in ms
now()
{
	BEGAN=$((${EPOCHREALTIME/[.,]/} / 1000))
}

# all_become WAY CHECK... - sets TOOK to how long that took since BEGAN, for each
all_become()
{
	local way=$1 check ms
	shift

	TOOK=()
	for check; do
		verdict "$way" "$check"
		becomes "$check" R "health reason" "$REPLY" || return
		ms=$(($(real "$check" R since) - BEGAN))
		TOOK+=("$((ms / 1000)).$((ms % 1000 / 100)) s")
	done
}

# fails WAY SERVER CHECK... - and comes back
fails()
{
	local way=$1 server=$2 gone=()
	shift 2

	now
	"fail_$way" "$server" && all_become "$way" "$@" || return
	gone=("${TOOK[@]}")
	now
	"mend_$way" "$server" && all_become up "$@" || return
	for check; do
		verdict "$way" "$check"
		echo "$check $way: ${REPLY%% *} after ${gone[0]}," \
			"up again after ${TOOK[0]}"
		gone=("${gone[@]:1}")
		TOOK=("${TOOK[@]:1}")
	done
}

# show SERVER - what it has said; fails
show()
{
	tail -n 5 "$site/$1"/{out,*.err,*.log,maillog} 2> /dev/null
	return 1
}

# is_there SERVER - it is up with all that it does
is_there()
{
	local checks

	read -ra checks <<< "${CHECKS[$1]}"
	now
	all_become up "${checks[@]}" || show "$1"
}

# alone SERVER - and none of the others, whose checks would take their time
alone()
{
	local other

	for other in "${SERVERS[@]}"; do
		stop "$other" || return
	done
	ctl flush all && add_checks "$1" && start "$1" && is_there "$1"
}

# broken WAY SERVER CHECK...
broken()
{
	fails "$@" || {
		show "$2"
		heal "$2"
		is_there "$2"
		return 1
	}
}

# What is done to a server, and which of its checks are to tell. Datagrams take
# no place in dnsmasq, connections do; and of TLS it knows nothing.
readonly -A CASES=(
	[postfix]="killed smtp
		stopped smtp
		dropped smtp
		rejected smtp
		slow smtp
		full smtp smtptls
		strange smtptls
		forged smtptls
		silent smtp"
	[dovecot]="killed imap imaps pop3 pop3s starttls
		stopped imap imaps pop3 pop3s starttls
		dropped imap imaps pop3 pop3s starttls
		rejected imap imaps pop3 pop3s starttls
		slow imap imaps pop3 pop3s starttls
		full imap imaps starttls
		strange imaps pop3s starttls
		forged imaps pop3s starttls
		silent imap imaps pop3 pop3s starttls"
	[nginx]="killed http https tls
		stopped http https tls
		dropped http https tls
		rejected http https tls
		slow http https tls
		full http https
		strange https tls
		forged https tls
		changed http https
		silent http https tls"
	[slapd]="killed ldap ldaps
		stopped ldap ldaps
		dropped ldap ldaps
		rejected ldap ldaps
		slow ldap ldaps
		full ldap ldaps
		strange ldaps
		forged ldaps
		silent ldap ldaps"
	[dnsmasq]="killed dns
		stopped dns
		dropped dns
		rejected dns
		slow dns
		full dnstcp
		changed dns
		silent dns"
)

load_module || ksft_skip_all "the module cannot be loaded"
site_up || ksft_skip_all "the servers cannot be set up"
ktap_plan $((${#SERVERS[@]} + $(printf '%s\n' "${CASES[@]}" | wc -l)))
for server in "${SERVERS[@]}"; do
	ktap_run "$server" alone "$server"
	while read -ra words; do
		ktap_run "$server, ${words[0]}" \
			broken "${words[0]}" "$server" "${words[@]:1}"
	done <<< "${CASES[$server]}"
done
ktap_exit
