#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Configuration of Debian's servers, each in a directory of its own. Sourced
# after lib.sh.

# Tests call these by name and use the variables.
# shellcheck disable=SC2034,SC2154,SC2317

readonly SITE_CLIENTS=(50 51 52 53 54)

# Where servers and clients have their files. Not all of them are root.
site=$tmp/site
mkdir "$site" && chmod 711 "$tmp" || exit "$KSFT_FAIL"

# make_certificate HOST CERTIFICATE KEY - one that nobody else has signed
make_certificate()
{
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
		-nodes -subj "/CN=$1" -days 30 \
		-addext "subjectAltName = DNS:$1" \
		-out "$2" -keyout "$3" 2> "$site/openssl" || {
		cat "$site/openssl"
		return 1
	}
}

# configure_nginx NAME
configure_nginx()
{
	local dir=$site/$1

	cat > "$dir/nginx.conf" <<-EOT
	daemon off;
	master_process off;
	user root;
	pid $dir/nginx.pid;
	error_log $dir/nginx.err;
	events {}
	http {
	    log_format seen '\$remote_addr \$server_port \$request_uri';
	    access_log $dir/nginx.log seen;
	    client_body_temp_path $dir/nginx.tmp;
	    proxy_temp_path $dir/nginx.tmp;
	    fastcgi_temp_path $dir/nginx.tmp;
	    uwsgi_temp_path $dir/nginx.tmp;
	    scgi_temp_path $dir/nginx.tmp;
	    ssl_certificate $site/certificate;
	    ssl_certificate_key $site/key;
	    server {
	        listen 80 default_server;
	        listen [::]:80 default_server;
	        listen 443 ssl;
	        listen [::]:443 ssl;
	        root $site;
	        location / { try_files /page =404; }
	    }
	    server {
	        listen 80;
	        listen [::]:80;
	        server_name example.com;
	        return 301 https://mail.example.com/page;
	    }
	}
	EOT
}

# configure_dovecot NAME - any user has the same mailbox
configure_dovecot()
{
	local dir=$site/$1

	mkdir -p "$dir/mailbox/Maildir"/{cur,new,tmp}
	cp "$site/message" "$dir/mailbox/Maildir/cur/1.1.site:2,S"
	chown -R nobody:nogroup "$dir/mailbox"
	cat > "$dir/dovecot.conf" <<-EOT
	base_dir = $dir/dovecot
	state_dir = $dir/dovecot.state
	log_path = $dir/dovecot.log
	protocols = imap pop3
	listen = *, ::
	ssl = yes
	ssl_cert = <$site/certificate
	ssl_key = <$site/key
	disable_plaintext_auth = no
	passdb {
	  driver = static
	  args = password=secret
	}
	userdb {
	  driver = static
	  args = uid=nobody gid=nogroup home=$dir/mailbox
	}
	mail_location = maildir:~/Maildir
	service imap-login {
	  service_count = 0
	}
	service pop3-login {
	  service_count = 0
	}
	service imap {
	  service_count = 100
	  process_limit = 10
	}
	service pop3 {
	  service_count = 100
	  process_limit = 10
	}
	EOT
}

# configure_postfix NAME - a receive connector: the site's own clients are let
# in, and the balancer, as which they come by SNAT; the rest is refused
configure_postfix()
{
	local dir=$site/$1 host friends=

	for host in "${SITE_CLIENTS[@]}"; do
		friends+=" {192.168.30.$host permit} {fd30::$host permit}"
	done
	friends+=" {192.168.31.2 permit} {fd31::2 permit}"
	mkdir -p "$dir/postfix/etc" "$dir/postfix/data" \
		"$dir"/postfix/queue/{pid,private,public,active,bounce} \
		"$dir"/postfix/queue/{corrupt,defer,deferred,flush,hold} \
		"$dir"/postfix/queue/{incoming,maildrop,saved,trace}
	chown postfix "$dir/postfix/data" "$dir"/postfix/queue/*
	chown root "$dir/postfix/queue/pid"
	chgrp postdrop "$dir"/postfix/queue/{public,maildrop}
	: > "$dir/mbox"
	chown nobody "$dir/mbox"
	cat > "$dir/postfix/etc/main.cf" <<-EOT
	smtpd_client_restrictions =
	    check_client_access cidr:{$friends }, reject
	smtpd_relay_restrictions = reject_unauth_destination
	mydestination =
	virtual_mailbox_domains = example.com
	virtual_mailbox_base = $dir
	virtual_mailbox_maps = static:mbox
	virtual_mailbox_lock = fcntl
	virtual_minimum_uid = 1
	virtual_uid_maps = static:$(id -u nobody)
	virtual_gid_maps = static:$(id -g nobody)
	mynetworks = 127.0.0.0/8
	smtpd_peername_lookup = no
	smtp_dns_support_level = disabled
	alias_maps =
	alias_database =
	local_recipient_maps =
	fast_flush_domains =
	compatibility_level = 3.6
	myhostname = $1.example.net
	syslog_name = $1
	maillog_file = $dir/maillog
	maillog_file_prefixes = $site
	queue_directory = $dir/postfix/queue
	data_directory = $dir/postfix/data
	EOT
	cat > "$dir/postfix/etc/master.cf" <<-EOT
	smtp inet n - n - - smtpd
	cleanup unix n - n - 0 cleanup
	qmgr unix n - n 300 1 qmgr
	rewrite unix - - n - - trivial-rewrite
	bounce unix - - n - 0 bounce
	defer unix - - n - 0 bounce
	virtual unix - n n - - virtual
	anvil unix - - n - 1 anvil
	postlog unix-dgram n - n - 1 postlogd
	EOT
}
