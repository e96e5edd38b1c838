/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of all types of checks. A new type is one entry here and the file
 * lbcheckd/check_NAME.c with check_NAME_ops in it.
 *
 * Who includes this says what becomes of an entry:
 *	CHECK_TYPE(NAME, ...)	a type that check_NAME_ops does, and the fields
 *				of its struct lb_check_type
 *	CHECK_PASSIVE(...)	a type for which there is nothing to do
 */

/* No guard: it is included several times. */

/* A service of UDP often takes TCP on the same port. */
CHECK_TYPE(tcp,
	   .name = "tcp",
	   .alias = "connect",
	   .protos = L4LB_PROTO_ALL,
)

CHECK_TYPE(icmp,
	   .name = "icmp",
	   .port = LB_CHECK_PORT_NONE,
)

CHECK_TYPE(smtp,
	   .name = "smtp",
	   .protos = L4LB_PROTO_TCP,
	   .key = {
		{ .name = "ehlo", .kind = LB_ARG_HOST },
		{ .name = "starttls", .kind = LB_ARG_WORD, .words = "yes|no" },
		{ .name = "accept", .kind = LB_ARG_CODES, .min = 200,
		  .max = 599 },
		{ .name = "verify", .kind = LB_ARG_HOST, .needs = "starttls" },
	   },
)

CHECK_TYPE(imap,
	   .name = "imap",
	   .protos = L4LB_PROTO_TCP,
	   .secret = true,
	   .key = {
		{ .name = "starttls", .kind = LB_ARG_WORD, .words = "yes|no" },
		{ .name = "verify", .kind = LB_ARG_HOST, .needs = "starttls" },
	   },
)

CHECK_TYPE(imaps,
	   .name = "imaps",
	   .protos = L4LB_PROTO_TCP,
	   .secret = true,
	   .key = {
		{ .name = "verify", .kind = LB_ARG_HOST },
	   },
)

CHECK_TYPE(pop3,
	   .name = "pop3",
	   .protos = L4LB_PROTO_TCP,
	   .secret = true,
	   .key = {
		{ .name = "starttls", .kind = LB_ARG_WORD, .words = "yes|no" },
		{ .name = "verify", .kind = LB_ARG_HOST, .needs = "starttls" },
	   },
)

CHECK_TYPE(pop3s,
	   .name = "pop3s",
	   .protos = L4LB_PROTO_TCP,
	   .secret = true,
	   .key = {
		{ .name = "verify", .kind = LB_ARG_HOST },
	   },
)

CHECK_TYPE(http,
	   .name = "http",
	   .protos = L4LB_PROTO_TCP,
	   .secret = true,
	   .key = {
		{ .name = "method", .kind = LB_ARG_TOKEN },
		{ .name = "path", .kind = LB_ARG_PATH },
		{ .name = "host", .kind = LB_ARG_HOST },
		{ .name = "status", .kind = LB_ARG_CODES, .min = 100,
		  .max = 599 },
		{ .name = "body", .kind = LB_ARG_TEXT },
		{ .name = "regex", .kind = LB_ARG_REGEX },
	   },
)

CHECK_TYPE(https,
	   .name = "https",
	   .protos = L4LB_PROTO_TCP,
	   .secret = true,
	   .key = {
		{ .name = "method", .kind = LB_ARG_TOKEN },
		{ .name = "path", .kind = LB_ARG_PATH },
		{ .name = "host", .kind = LB_ARG_HOST },
		{ .name = "status", .kind = LB_ARG_CODES, .min = 100,
		  .max = 599 },
		{ .name = "body", .kind = LB_ARG_TEXT },
		{ .name = "regex", .kind = LB_ARG_REGEX },
		{ .name = "verify", .kind = LB_ARG_HOST },
	   },
)

CHECK_TYPE(tls,
	   .name = "tls",
	   .protos = L4LB_PROTO_TCP,
	   .key = {
		{ .name = "verify", .kind = LB_ARG_HOST },
		{ .name = "sni", .kind = LB_ARG_HOST },
		{ .name = "alpn", .kind = LB_ARG_TEXT, .max = 255 },
		{ .name = "days", .kind = LB_ARG_NUMBER, .max = 3650 },
	   },
)

CHECK_TYPE(ldap,
	   .name = "ldap",
	   .protos = L4LB_PROTO_TCP,
	   .secret = true,
	   .key = {
		{ .name = "base", .kind = LB_ARG_TEXT },
		{ .name = "filter", .kind = LB_ARG_FILTER },
		{ .name = "scope", .kind = LB_ARG_WORD,
		  .words = "base|one|sub" },
		{ .name = "expect", .kind = LB_ARG_TEXT },
	   },
)

CHECK_TYPE(ldaps,
	   .name = "ldaps",
	   .protos = L4LB_PROTO_TCP,
	   .secret = true,
	   .key = {
		{ .name = "base", .kind = LB_ARG_TEXT },
		{ .name = "filter", .kind = LB_ARG_FILTER },
		{ .name = "scope", .kind = LB_ARG_WORD,
		  .words = "base|one|sub" },
		{ .name = "expect", .kind = LB_ARG_TEXT },
		{ .name = "verify", .kind = LB_ARG_HOST },
	   },
)

CHECK_TYPE(dns,
	   .name = "dns",
	   .protos = L4LB_PROTO_ALL,
	   .key = {
		{ .name = "name", .kind = LB_ARG_HOST, .required = true },
		{ .name = "type", .kind = LB_ARG_WORD,
		  .words = "A|AAAA|MX|TXT|PTR|NS|SOA|CNAME|SRV" },
		{ .name = "expect", .kind = LB_ARG_TEXT },
		{ .name = "proto", .kind = LB_ARG_WORD, .words = "udp|tcp" },
		{ .name = "rcode", .kind = LB_ARG_WORD,
		  .words = "noerror|any" },
	   },
)

CHECK_TYPE(send_expect,
	   .name = "send-expect",
	   .protos = L4LB_PROTO_ALL,
	   .key = {
		{ .name = "send", .kind = LB_ARG_TEXT },
		{ .name = "expect", .kind = LB_ARG_TEXT, .excludes = "regex" },
		{ .name = "regex", .kind = LB_ARG_REGEX },
		{ .name = "send2", .kind = LB_ARG_TEXT },
		{ .name = "expect2", .kind = LB_ARG_TEXT, .excludes = "regex2" },
		{ .name = "regex2", .kind = LB_ARG_REGEX },
		{ .name = "send3", .kind = LB_ARG_TEXT },
		{ .name = "expect3", .kind = LB_ARG_TEXT, .excludes = "regex3" },
		{ .name = "regex3", .kind = LB_ARG_REGEX },
		{ .name = "send4", .kind = LB_ARG_TEXT },
		{ .name = "expect4", .kind = LB_ARG_TEXT, .excludes = "regex4" },
		{ .name = "regex4", .kind = LB_ARG_REGEX },
		{ .name = "tls", .kind = LB_ARG_WORD, .words = "yes|no",
		  .excludes = "udp" },
		{ .name = "verify", .kind = LB_ARG_HOST, .needs = "tls" },
		{ .name = "udp", .kind = LB_ARG_WORD, .words = "yes|no" },
	   },
)

CHECK_TYPE(exec,
	   .name = "exec",
	   .protos = L4LB_PROTO_ALL,
	   .port = LB_CHECK_PORT_MAY,
	   .key = {
		{ .name = "run", .kind = LB_ARG_FILE, .required = true },
	   },
)

CHECK_PASSIVE(.name = "external")

CHECK_PASSIVE(.name = "off")
