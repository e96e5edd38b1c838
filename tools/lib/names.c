// SPDX-License-Identifier: GPL-2.0-only
/*
 * Values of the netlink interface and the words that stand for them.
 */

#include "names.h"
#include "compiler.h"
#include "err.h"
#include "words.h"

#include <errno.h>
#include <linux/l4lb.h>
#include <stdio.h>
#include <string.h>

#define NAMES(noun, text)						\
const struct lb_names lb_##noun##_names = {				\
	.what = text,							\
	.word = noun##_words,						\
	.max = ARRAY_SIZE(noun##_words) - 1,				\
}

static const char *const mode_words[] = {
	[L4LB_MODE_DR]			= "dr",
	[L4LB_MODE_NAT]			= "nat",
	[L4LB_MODE_SNAT]		= "snat",
};

static const char *const sched_words[] = {
	[L4LB_SCHED_WRR]		= "wrr",
	[L4LB_SCHED_RR]			= "rr",
	[L4LB_SCHED_WLC]		= "wlc",
	[L4LB_SCHED_LC]			= "lc",
	[L4LB_SCHED_SH]			= "sh",
	[L4LB_SCHED_MH]			= "mh",
};

static const char *const orphan_words[] = {
	[L4LB_ORPHAN_RST]		= "rst",
	[L4LB_ORPHAN_DROP]		= "drop",
	[L4LB_ORPHAN_KEEP]		= "keep",
};

static const char *const no_real_words[] = {
	[L4LB_NO_REAL_RST]		= "rst",
	[L4LB_NO_REAL_ICMP]		= "icmp",
	[L4LB_NO_REAL_DROP]		= "drop",
};

static const char *const hook_words[] = {
	[L4LB_HOOK_EARLY]		= "early",
	[L4LB_HOOK_INPUT]		= "input",
};

static const char *const protos_words[] = {
	[L4LB_PROTO_TCP]		= "tcp",
	[L4LB_PROTO_UDP]		= "udp",
	[L4LB_PROTO_ALL]		= "tcp,udp",
};

static const char *const vip_state_words[] = {
	[L4LB_VIP_UP]			= "up",
	[L4LB_VIP_DEGRADED]		= "degraded",
	[L4LB_VIP_NO_REAL]		= "no-real",
	[L4LB_VIP_NO_ADDRESS]		= "no-address",
	[L4LB_VIP_STANDBY]		= "standby",
};

static const char *const via_words[] = {
	[L4LB_VIA_REAL]			= "real",
	[L4LB_VIA_VIP]			= "vip",
};

static const char *const admin_words[] = {
	[L4LB_ADMIN_ONLINE]		= "online",
	[L4LB_ADMIN_DRAIN]		= "drain",
	[L4LB_ADMIN_HALT]		= "halt",
};

static const char *const health_words[] = {
	[L4LB_HEALTH_UNKNOWN]		= "unknown",
	[L4LB_HEALTH_UP]		= "up",
	[L4LB_HEALTH_SICK]		= "sick",
	[L4LB_HEALTH_DOWN]		= "down",
};

static const char *const reach_words[] = {
	[L4LB_REACH_OK]			= "ok",
	[L4LB_REACH_NO_ROUTE]		= "no-route",
	[L4LB_REACH_GATEWAY]		= "gateway",
	[L4LB_REACH_LOCAL]		= "local",
	[L4LB_REACH_UNSUPPORTED]	= "unsupported",
};

static const char *const conn_state_words[] = {
	[L4LB_CONN_SYN]			= "syn",
	[L4LB_CONN_UNCONFIRMED]		= "unconfirmed",
	[L4LB_CONN_ESTABLISHED]		= "established",
	[L4LB_CONN_FIN]			= "fin",
	[L4LB_CONN_CLOSED]		= "closed",
	[L4LB_CONN_UDP]			= "udp",
	[L4LB_CONN_UDP_NEW]		= "udp-new",
};

static const char *const event_words[] = {
	[L4LB_EVENT_NEW]		= "new",
	[L4LB_EVENT_SET]		= "set",
	[L4LB_EVENT_DEL]		= "del",
	[L4LB_EVENT_HEALTH]		= "health",
	[L4LB_EVENT_PORTS]		= "ports",
};

static const char *const drop_words[] = {
	[L4LB_DROP_MALFORMED]		= "malformed",
	[L4LB_DROP_MARTIAN]		= "martian",
	[L4LB_DROP_NO_REAL]		= "no-real",
	[L4LB_DROP_NO_CONN]		= "no-conn",
	[L4LB_DROP_ORPHAN]		= "orphan",
	[L4LB_DROP_NO_ROUTE]		= "no-route",
	[L4LB_DROP_CONN_LIMIT]		= "conn-limit",
	[L4LB_DROP_CHAIN]		= "chain",
	[L4LB_DROP_COLLISION]		= "collision",
	[L4LB_DROP_NO_MEMORY]		= "no-memory",
	[L4LB_DROP_TTL]			= "ttl",
	[L4LB_DROP_TOO_BIG]		= "too-big",
	[L4LB_DROP_NOT_ALLOWED]		= "not-allowed",
	[L4LB_DROP_PORTS]		= "ports",
	[L4LB_DROP_FRAGMENT]		= "fragment",
	[L4LB_DROP_FLOOD]		= "flood",
};

static const char *const drop_texts[] = {
	[L4LB_DROP_MALFORMED]	= "headers too short or contradictory",
	[L4LB_DROP_MARTIAN]	= "source cannot be a client's address",
	[L4LB_DROP_NO_REAL]	= "no real can take a new connection",
	[L4LB_DROP_NO_CONN]	= "of no known connection and opens none",
	[L4LB_DROP_ORPHAN]	= "connection's real is halted, down or removed",
	[L4LB_DROP_NO_ROUTE]	= "real or client cannot be reached",
	[L4LB_DROP_CONN_LIMIT]	= "most connections are in use",
	[L4LB_DROP_CHAIN]	= "too many connections share a place in the table",
	[L4LB_DROP_COLLISION]	= "client and real speak through another VIP",
	[L4LB_DROP_NO_MEMORY]	= "memory ran out",
	[L4LB_DROP_TTL]		= "time to live ended here",
	[L4LB_DROP_TOO_BIG]	= "larger than the path allows",
	[L4LB_DROP_NOT_ALLOWED]	= "the vip does not serve the client",
	[L4LB_DROP_PORTS]	= "every source port towards the real is in use",
	[L4LB_DROP_FRAGMENT]	= "fragment whose first part is not known",
	[L4LB_DROP_FLOOD]	= "too many clients open connections without going on",
};

static const char *const trace_verdict_words[] = {
	[L4LB_TRACE_SENT]		= "sent",
	[L4LB_TRACE_DROPPED]		= "dropped",
	[L4LB_TRACE_LEFT]		= "left",
};

static const char *const record_words[] = {
	[L4LB_RECORD_VIP]		= "vip",
	[L4LB_RECORD_REAL]		= "real",
	[L4LB_RECORD_PERSIST]		= "persist",
	[L4LB_RECORD_CONN]		= "conn",
	[L4LB_RECORD_GLOBAL]		= "global",
	[L4LB_RECORD_STANDBY]		= "standby",
	[L4LB_RECORD_STATS]		= "stats",
	[L4LB_RECORD_ALL]		= "all",
};

static const char *const explain_result_words[] = {
	[L4LB_EXPLAIN_FORWARD]		= "forward",
	[L4LB_EXPLAIN_LOCAL]		= "local",
	[L4LB_EXPLAIN_DROP]		= "drop",
	[L4LB_EXPLAIN_NO_VIP]		= "no-vip",
	[L4LB_EXPLAIN_NO_PORT]		= "no-port",
	[L4LB_EXPLAIN_NO_ADDRESS]	= "no-address",
	[L4LB_EXPLAIN_STANDBY]		= "standby",
};

static const char *const explain_by_words[] = {
	[L4LB_BY_CONN]			= "conn",
	[L4LB_BY_PERSIST]		= "persist",
	[L4LB_BY_SCHED]			= "sched",
	[L4LB_BY_SOURCE]		= "source",
	[L4LB_BY_FALLBACK]		= "fallback",
};

static const char *const persist_way_words[] = {
	[L4LB_PERSIST_KEEPS]		= "keeps",
	[L4LB_PERSIST_AWAY]		= "away",
	[L4LB_PERSIST_BINDS]		= "binds",
	[L4LB_PERSIST_HASHED]		= "hashed",
};

static const char *const standing_words[] = {
	[L4LB_STANDING_CHOSEN]		= "chosen",
	[L4LB_STANDING_SERVES]		= "serves",
	[L4LB_STANDING_FULL]		= "full",
	[L4LB_STANDING_WEIGHT]		= "weight-0",
	[L4LB_STANDING_DRAIN]		= "drain",
	[L4LB_STANDING_HALT]		= "halt",
	[L4LB_STANDING_UNKNOWN]		= "unknown",
	[L4LB_STANDING_SICK]		= "sick",
	[L4LB_STANDING_DOWN]		= "down",
};

/* Words that stand for something else where a name could be. */
static const char *const reserved_words[] = {
	"all", "any", "none", "off", "default", "inherit", "fallback",
};

NAMES(mode, "mode");
NAMES(sched, "scheduler");
NAMES(orphan, "orphan");
NAMES(no_real, "no-real");
NAMES(hook, "hook");
NAMES(protos, "protocol");
NAMES(vip_state, "state");
NAMES(via, "via");
NAMES(admin, "state");
NAMES(health, "health");
NAMES(reach, "reach");
NAMES(conn_state, "state");
NAMES(event, "event");
NAMES(drop, "reason");
NAMES(trace_verdict, "verdict");
NAMES(record, "object");
NAMES(explain_result, "result");
NAMES(explain_by, "decision");
NAMES(persist_way, "persistence");
NAMES(standing, "standing");

/**
 * lb_names_word() - the word that stands for a value
 * @names: the enumeration
 * @value: the value
 *
 * Return: the word; ``other`` for a value that a newer module may have.
 */
const char *lb_names_word(const struct lb_names *names, unsigned int value)
{
	if (value > names->max || !names->word[value])
		return "other";

	return names->word[value];
}

/**
 * lb_names_value() - the value that a word stands for
 * @names: the enumeration
 * @word: the word
 *
 * Return: the value, or 0 if it is none of the words.
 */
unsigned int lb_names_value(const struct lb_names *names, const char *word)
{
	unsigned int i;

	for (i = 1; i <= names->max; i++) {
		if (names->word[i] && !strcmp(names->word[i], word))
			return i;
	}

	return 0;
}

/**
 * lb_names_nearest() - the word that may have been meant
 * @names: the enumeration
 * @word: a word that is none of it
 *
 * Return: the word, or NULL if none is near.
 */
const char *lb_names_nearest(const struct lb_names *names, const char *word)
{
	const char *near = NULL;
	unsigned int best = 3;
	unsigned int i;

	for (i = 1; i <= names->max; i++) {
		if (names->word[i])
			lb_words_nearest(word, names->word[i], &near, &best);
	}

	return near;
}

/**
 * lb_names_list() - all words of an enumeration, as ``one|two|three``
 * @names: the enumeration
 * @buf: where to
 * @size: size of @buf
 *
 * Return: @buf.
 */
const char *lb_names_list(const struct lb_names *names, char *buf, size_t size)
{
	size_t used = 0;
	unsigned int i;

	*buf = '\0';
	for (i = 1; i <= names->max && used < size; i++) {
		if (names->word[i])
			used += (size_t)snprintf(buf + used, size - used,
						 "%s%s", used ? "|" : "",
						 names->word[i]);
	}

	return buf;
}

/**
 * lb_drop_text() - what a reason for dropping packets means
 * @reason: &enum l4lb_drop
 *
 * Return: a text for a person.
 */
const char *lb_drop_text(unsigned int reason)
{
	if (!reason || reason > L4LB_DROP_MAX)
		return "a reason that this program does not know";

	return drop_texts[reason];
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/**
 * lb_name_check() - check whether a word can name a VIP or a real
 * @name: the word
 * @err: why not
 *
 * Return: 0 or -EINVAL.
 */
int lb_name_check(const char *name, struct lb_err *err)
{
	size_t i;

	if (!is_letter(name[0]))
		return lb_err_set(err, -EINVAL,
				  "name \"%s\" does not start with a letter",
				  name);

	for (i = 0; name[i]; i++) {
		if (!is_letter(name[i]) && !strchr("0123456789-_.", name[i]))
			return lb_err_set(err, -EINVAL,
					  "name \"%s\" has a character other than letters, digits and -_.",
					  name);
	}

	if (i > L4LB_NAME_MAX)
		return lb_err_set(err, -EINVAL,
				  "name \"%s\" has more than %u characters",
				  name, L4LB_NAME_MAX);

	for (i = 0; i < ARRAY_SIZE(reserved_words); i++) {
		if (!strcmp(name, reserved_words[i]))
			return lb_err_set(err, -EINVAL,
					  "\"%s\" is a reserved word", name);
	}

	return 0;
}
