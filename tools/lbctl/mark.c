// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules by which iptables marks packets for IPVS. Only those can be
 * expressed that look at a destination, a protocol and its ports.
 */

#include "ipvs.h"
#include "err.h"
#include "words.h"

#include <linux/l4lb.h>
#include <stdlib.h>
#include <string.h>

/*
 * A rule, as it is read.
 *
 * @ipvs: where it goes
 * @mark: what it says
 * @target: what becomes of a packet
 * @destination: the packet's destination
 * @ports: its ports
 * @value: the mark that it gets
 * @other: something that cannot be expressed
 */
struct rule {
	struct ipvs *ipvs;
	struct ipvs_mark mark;
	const char *target;
	const char *destination;
	const char *ports;
	const char *value;
	const char *other;
};

static const char *take_protocol(struct rule *rule, const char *text)
{
	if (!strcmp(text, "tcp"))
		rule->mark.protos = L4LB_PROTO_TCP;
	else if (!strcmp(text, "udp"))
		rule->mark.protos = L4LB_PROTO_UDP;
	else
		return text;

	return NULL;
}

static const char *take_match(struct rule *rule, const char *text)
{
	static const char *const known[] = {
		"tcp", "udp", "multiport", "comment",
	};
	size_t i;

	(void)rule;
	for (i = 0; i < ARRAY_SIZE(known); i++) {
		if (!strcmp(text, known[i]))
			return NULL;
	}

	return text;
}

static const char *take_destination(struct rule *rule, const char *text)
{
	rule->destination = text;

	return NULL;
}

static const char *take_ports(struct rule *rule, const char *text)
{
	rule->ports = text;

	return NULL;
}

static const char *take_target(struct rule *rule, const char *text)
{
	rule->target = text;

	return NULL;
}

static const char *take_value(struct rule *rule, const char *text)
{
	rule->value = text;

	return NULL;
}

static const char *take_comment(struct rule *rule, const char *text)
{
	(void)rule;
	(void)text;

	return NULL;
}

static const struct {
	const char *word;
	const char *(*take)(struct rule *rule, const char *text);
} options[] = {
	{ "-d", take_destination },
	{ "-p", take_protocol },
	{ "-m", take_match },
	{ "-j", take_target },
	{ "--dport", take_ports },
	{ "--dports", take_ports },
	{ "--set-mark", take_value },
	{ "--set-xmark", take_value },
	{ "--comment", take_comment },
};

static void rule_option(struct rule *rule, struct lb_words *words)
{
	const char *word = lb_words_take(words), *text, *other = word;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(options); i++) {
		if (strcmp(word, options[i].word))
			continue;
		text = lb_words_take(words);
		other = text ? options[i].take(rule, text) : word;
	}
	if (other && !rule->other)
		rule->other = other;
}

static int rule_value(struct rule *rule)
{
	unsigned long value, mask = UINT32_MAX;
	char *end;

	value = strtoul(rule->value, &end, 0);
	if (*end == '/')
		mask = strtoul(end + 1, &end, 0);
	if (*end || !value || value > UINT32_MAX || mask != UINT32_MAX)
		return -1;
	rule->mark.mark = (unsigned int)value;

	return 0;
}

static int rule_ports(struct rule *rule)
{
	char text[256], *c;

	if (!rule->ports)
		return lb_ports_parse("any", &rule->mark.ports, NULL);

	snprintf(text, sizeof(text), "%s", rule->ports);
	for (c = text; *c; c++) {
		if (*c == ':')
			*c = '-';
	}

	return lb_ports_parse(text, &rule->mark.ports, NULL);
}

static int rule_destination(struct rule *rule)
{
	struct lb_prefix prefix;

	if (!rule->destination ||
	    lb_prefix_parse(rule->destination, &prefix, NULL) ||
	    prefix.len != lb_addr_bits(&prefix.addr))
		return -1;
	rule->mark.addr = prefix.addr;

	return 0;
}

/* Returns what is in the way of expressing it. */
static const char *rule_parse(struct rule *rule)
{
	if (rule->other)
		return rule->other;
	if (!rule->value || rule_value(rule))
		return "its mark";
	if (rule_destination(rule))
		return "a destination that is not one address";
	if (rule_ports(rule))
		return rule->ports;

	return NULL;
}

/**
 * ipvs_mark_read() - read a rule of iptables
 * @ipvs: rules
 * @words: its words, from ``-A CHAIN`` on
 *
 * Rules that mark nothing are none of ours.
 */
void ipvs_mark_read(struct ipvs *ipvs, struct lb_words *words)
{
	struct rule rule = {
		.ipvs = ipvs,
		.mark = { .line = ipvs->line, .protos = L4LB_PROTO_ALL },
	};
	struct ipvs_mark *more;
	const char *other;

	words->next = 2;
	while (lb_words_peek(words))
		rule_option(&rule, words);
	if (!rule.target || strcmp(rule.target, "MARK"))
		return;

	other = rule_parse(&rule);
	if (other) {
		ipvs_remark(ipvs, ipvs->line,
			    "what this marks cannot be expressed: %s", other);
		return;
	}
	more = ipvs_more(ipvs, ipvs->mark, &ipvs->mark_count, sizeof(*more));
	if (!more)
		return;
	ipvs->mark = more;
	more[ipvs->mark_count - 1] = rule.mark;
}
