// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checks "ldap" and "ldaps": a directory server lets anybody in, or somebody if
 * there is a secret, and finds what it should.
 */

#include "check.h"
#include "ber.h"
#include "dialog.h"
#include "err.h"
#include "talk.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* RFC 4511: operations, and the choices within them. */
#define LDAP_VERSION		3
#define LDAP_BIND		0x60
#define LDAP_BIND_DONE		0x61
#define LDAP_BIND_SIMPLE	0x80
#define LDAP_UNBIND		0x42
#define LDAP_SEARCH		0x63
#define LDAP_ENTRY		0x64
#define LDAP_SEARCH_DONE	0x65
#define LDAP_REFERENCE		0x73
#define LDAP_EXTENDED_DONE	0x78
#define LDAP_FILTER_EQUAL	0xa3
#define LDAP_FILTER_PRESENT	0x87

#define LDAP_SUCCESS		0
#define LDAP_SIZE_EXCEEDED	4

#define ID_BIND			1
#define ID_SEARCH		2
#define ID_UNBIND		3

/* Longest message, most of all, and most entries in which a text may be. */
#define MESSAGE_MAX		(64 * 1024)
#define ANSWER_MAX		(256 * 1024)
#define ENTRIES_MAX		100

/**
 * struct ldap - how far it is
 * @base: where to search, or NULL
 * @scope: how deep
 * @attr: attribute to filter by
 * @value: its value, or ``*`` for any
 * @expect: text that an entry must have in it, or NULL
 * @bound: whether the server has let us in
 * @entries: how many it has found
 */
struct ldap {
	const char *base;
	uint8_t scope;
	char attr[128];
	char value[512];
	const char *expect;
	bool bound;
	unsigned int entries;
};

/* "(attr=value)", with or without parentheses. */
static int filter_parse(struct ldap *ldap, const char *text)
{
	const char *equals = strchr(text, '=');
	size_t attr, value;

	if (*text == '(')
		text++;
	if (!equals || equals <= text)
		return -EINVAL;
	attr = (size_t)(equals - text);
	value = strlen(equals + 1);
	if (value && equals[value] == ')')
		value--;

	if (!value || attr >= sizeof(ldap->attr) ||
	    value >= sizeof(ldap->value))
		return -EINVAL;
	memcpy(ldap->attr, text, attr);
	memcpy(ldap->value, equals + 1, value);
	if (strpbrk(ldap->attr, "()&|!<>~*\\:") ||
	    strpbrk(ldap->value, "()\\") ||
	    (strchr(ldap->value, '*') && strcmp(ldap->value, "*")))
		return -EINVAL;

	return 0;
}

static int scope_parse(const char *text)
{
	static const char *const scopes[] = { "base", "one", "sub" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(scopes); i++) {
		if (!strcmp(scopes[i], text))
			return (int)i;
	}

	return -EINVAL;
}

static int ldap_init(struct talk *talk, struct lb_err *err)
{
	const char *filter = talk_arg(talk, "filter");
	const char *scope = talk_arg(talk, "scope");
	struct ldap *ldap = talk->priv;
	int depth = scope ? scope_parse(scope) : 0;

	ldap->base = talk_arg(talk, "base");
	ldap->expect = talk_arg(talk, "expect");
	if (depth < 0)
		return lb_err_set(err, -EINVAL, "args: bad scope");
	ldap->scope = (uint8_t)depth;
	if (filter_parse(ldap, filter ? filter : "objectClass=*"))
		return lb_err_set(err, -EINVAL,
				  "args: filter other than (attribute=value)");

	return 0;
}

/* Put the number of the message around an operation, and say it. */
static enum talk_step message_say(struct talk *talk, struct ber_out *out,
				  uint8_t id, const char *name)
{
	ber_put_number(out, BER_INTEGER, id);
	ber_wrap(out, BER_SEQUENCE, sizeof(out->bytes));
	if (out->full)
		return talk_sick(talk, "more to say than fits");

	talk_add(talk, out->bytes + out->at, sizeof(out->bytes) - out->at);
	talk->after = name;

	return TALK_SAY;
}

static enum talk_step ldap_begin(struct talk *talk)
{
	const struct secret *secret = &talk->secret;
	enum talk_step step;
	struct ber_out out;

	ber_begin(&out);
	ber_put_text(&out, LDAP_BIND_SIMPLE, secret->password);
	ber_put_text(&out, BER_OCTETS, secret->user);
	ber_put_number(&out, BER_INTEGER, LDAP_VERSION);
	ber_wrap(&out, LDAP_BIND, sizeof(out.bytes));
	step = message_say(talk, &out, ID_BIND, "bind");
	talk_hide(talk, talk->say_len - strlen(secret->password));
	explicit_bzero(&out, sizeof(out));

	return step;
}

static void filter_put(struct ber_out *out, const struct ldap *ldap)
{
	size_t end = out->at;

	if (!strcmp(ldap->value, "*")) {
		ber_put_text(out, LDAP_FILTER_PRESENT, ldap->attr);
		return;
	}
	ber_put_text(out, BER_OCTETS, ldap->value);
	ber_put_text(out, BER_OCTETS, ldap->attr);
	ber_wrap(out, LDAP_FILTER_EQUAL, end);
}

static enum talk_step search_say(struct talk *talk)
{
	struct ldap *ldap = talk->priv;
	struct ber_out out;
	size_t end;

	ber_begin(&out);
	end = out.at;
	/* Without a text to look for no attribute is of interest. */
	if (!ldap->expect)
		ber_put_text(&out, BER_OCTETS, "1.1");
	ber_wrap(&out, BER_SEQUENCE, end);
	filter_put(&out, ldap);
	ber_put_number(&out, BER_BOOLEAN, 0);
	ber_put_number(&out, BER_INTEGER, 0);
	ber_put_number(&out, BER_INTEGER, ldap->expect ? ENTRIES_MAX : 1);
	ber_put_number(&out, BER_ENUM, 0);
	ber_put_number(&out, BER_ENUM, ldap->scope);
	ber_put_text(&out, BER_OCTETS, ldap->base);
	ber_wrap(&out, LDAP_SEARCH, sizeof(out.bytes));

	return message_say(talk, &out, ID_SEARCH, "search");
}

static enum talk_step unbind_say(struct talk *talk, const char *text)
{
	struct ber_out out;

	ber_begin(&out);
	ber_put(&out, LDAP_UNBIND, "", 0);
	ber_put_number(&out, BER_INTEGER, ID_UNBIND);
	ber_wrap(&out, BER_SEQUENCE, sizeof(out.bytes));

	return talk_part(talk, text, out.bytes + out.at,
			 sizeof(out.bytes) - out.at);
}

/* Names of RFC 4511 for what a server in trouble says. */
static const char *code_name(uint32_t code)
{
	switch (code) {
	case 1: return "operations error";
	case 2: return "protocol error";
	case 8: return "stronger authentication required";
	case 32: return "no such object";
	case 48: return "inappropriate authentication";
	case 49: return "invalid credentials";
	case 50: return "insufficient access rights";
	case 51: return "busy";
	case 52: return "unavailable";
	case 53: return "unwilling to perform";
	default: return "error";
	}
}

/* Result code and diagnostic message of an operation's end. */
static bool result_take(struct ber_in *in, uint32_t *code,
			struct ber_in *message)
{
	struct ber_in content;
	uint8_t tag;

	return ber_take(in, &tag, &content) && tag == BER_ENUM &&
	       ber_number(&content, code) && ber_take(in, &tag, &content) &&
	       ber_take(in, &tag, message) && tag == BER_OCTETS;
}

static enum talk_step refused(struct talk *talk, const char *what,
			      uint32_t code, const struct ber_in *message)
{
	return talk_sick(talk, "%s: %s (%u)%s%.*s", what, code_name(code),
			 code, message->len ? ": " : "",
			 message->len < TALK_TEXT ? (int)message->len :
						    TALK_TEXT,
			 (const char *)message->bytes);
}

static enum talk_step bind_done(struct talk *talk, uint32_t code,
				const struct ber_in *message)
{
	struct ldap *ldap = talk->priv;

	if (code != LDAP_SUCCESS)
		return refused(talk, "bind", code, message);
	ldap->bound = true;
	if (ldap->base)
		return search_say(talk);

	return unbind_say(talk, *talk->secret.user ? "logged in" : "ready");
}

static enum talk_step search_done(struct talk *talk, uint32_t code,
				  const struct ber_in *message)
{
	const struct ldap *ldap = talk->priv;

	if (code != LDAP_SUCCESS && code != LDAP_SIZE_EXCEEDED)
		return refused(talk, "search", code, message);
	if (!ldap->entries)
		return talk_sick(talk, "search: nothing found");
	if (ldap->expect)
		return talk_sick(talk, "search: \"%s\" is not in what was found",
				 ldap->expect);

	return unbind_say(talk, "found");
}

static enum talk_step entry_hear(struct talk *talk, const struct ber_in *entry)
{
	struct ldap *ldap = talk->priv;

	ldap->entries++;
	if (ldap->expect && memmem(entry->bytes, entry->len, ldap->expect,
				   strlen(ldap->expect)))
		return unbind_say(talk, "found");

	return TALK_MORE;
}

static enum talk_step operation_hear(struct talk *talk, uint8_t operation,
				     struct ber_in *in)
{
	struct ldap *ldap = talk->priv;
	struct ber_in message;
	uint32_t code;

	if (ldap->bound && operation == LDAP_ENTRY)
		return entry_hear(talk, in);
	if (ldap->bound && operation == LDAP_REFERENCE)
		return TALK_MORE;
	if (!result_take(in, &code, &message))
		return talk_sick(talk, "not LDAP");

	if (operation == LDAP_EXTENDED_DONE)
		return refused(talk, "disconnected", code, &message);
	if (operation == LDAP_BIND_DONE && !ldap->bound)
		return bind_done(talk, code, &message);
	if (operation == LDAP_SEARCH_DONE && ldap->bound)
		return search_done(talk, code, &message);

	return talk_sick(talk, "not LDAP");
}

static enum talk_step message_hear(struct talk *talk, const char *bytes,
				   size_t len)
{
	struct ber_in in = {
		.bytes = (const unsigned char *)bytes, .len = len,
	};
	struct ber_in message, id, operation;
	uint8_t tag;

	if (!ber_take(&in, &tag, &message) || tag != BER_SEQUENCE ||
	    !ber_take(&message, &tag, &id) || tag != BER_INTEGER ||
	    !ber_take(&message, &tag, &operation))
		return talk_sick(talk, "not LDAP");

	return operation_hear(talk, tag, &operation);
}

/* The messages that have come as a whole; what is behind them is kept. */
static enum talk_step messages_hear(struct talk *talk)
{
	enum talk_step step = TALK_MORE;
	size_t at = 0, whole;

	while (step == TALK_MORE && at < talk->kept_len) {
		if ((unsigned char)talk->kept[at] != BER_SEQUENCE)
			return talk_sick(talk, "not LDAP");
		whole = ber_whole(talk->kept + at, talk->kept_len - at);
		if (whole > MESSAGE_MAX)
			return talk_sick(talk, "answer too long");
		if (!whole || whole > talk->kept_len - at)
			break;
		step = message_hear(talk, talk->kept + at, whole);
		at += whole;
	}
	talk_drop(talk, at);

	return step;
}

/* More may come at once than is kept of a message. */
static enum talk_step ldap_data(struct talk *talk, const char *bytes,
				size_t len)
{
	enum talk_step step = TALK_MORE;
	size_t room;

	while (step == TALK_MORE && len) {
		room = MESSAGE_MAX - talk->kept_len;
		if (room > len)
			room = len;
		if (talk_keep(talk, bytes, room, MESSAGE_MAX))
			return TALK_VOID;
		bytes += room;
		len -= room;
		step = messages_hear(talk);
	}
	/* After an answer to one thing comes that to the next. */
	if (step == TALK_SAY && talk_keep(talk, bytes, len, MESSAGE_MAX))
		return TALK_VOID;

	return step;
}

const struct talk_ops talk_ldap = {
	.size	= sizeof(struct ldap),
	.limit	= ANSWER_MAX,
	.init	= ldap_init,
	.begin	= ldap_begin,
	.data	= ldap_data,
};

const struct talk_ops talk_ldaps = {
	.size	= sizeof(struct ldap),
	.tls	= true,
	.limit	= ANSWER_MAX,
	.init	= ldap_init,
	.begin	= ldap_begin,
	.data	= ldap_data,
};

static void check_ldap_start(struct check *check)
{
	dialog_start(check, &talk_ldap);
}

static void check_ldaps_start(struct check *check)
{
	dialog_start(check, &talk_ldaps);
}

const struct check_ops check_ldap_ops = {
	.type	= "ldap",
	.start	= check_ldap_start,
	.stop	= dialog_stop,
	.late	= dialog_late,
};

const struct check_ops check_ldaps_ops = {
	.type	= "ldaps",
	.start	= check_ldaps_start,
	.stop	= dialog_stop,
	.late	= dialog_late,
};
