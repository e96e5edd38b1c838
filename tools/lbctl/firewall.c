// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules of the host's firewall that refuse packets of VIPs, as nft lists them.
 *
 * Only what can be read with certainty counts: rules in a chain of the input
 * hook that name the address or the port of a VIP and drop or reject.
 */

#include "firewall.h"
#include "model.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/**
 * struct firewall - all rules
 * @root: what nft says
 * @list: its list
 */
struct firewall {
	json_t *root;
	json_t *list;
};

/**
 * firewall_read() - read the rules
 *
 * Return: the rules, for firewall_free(); NULL if there is no nft, or it may not
 * be asked.
 */
struct firewall *firewall_read(void)
{
	FILE *file = popen("exec nft -j list ruleset 2> /dev/null", "re");
	struct firewall *firewall;

	if (!file)
		return NULL;
	firewall = calloc(1, sizeof(*firewall));
	if (firewall)
		firewall->root = json_loadf(file, JSON_DISABLE_EOF_CHECK, NULL);
	pclose(file);
	if (!firewall)
		return NULL;

	firewall->list = json_object_get(firewall->root, "nftables");
	if (json_is_array(firewall->list))
		return firewall;
	firewall_free(firewall);

	return NULL;
}

/**
 * firewall_free() - drop the rules
 * @firewall: the rules
 */
void firewall_free(struct firewall *firewall)
{
	json_decref(firewall->root);
	free(firewall);
}

static const char *text(const json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));

	return value ? value : "";
}

static bool same(const json_t *a, const json_t *b, const char *key)
{
	return !strcmp(text(a, key), text(b, key));
}

static bool is_input(const struct firewall *firewall, const json_t *rule)
{
	const json_t *item, *chain;
	size_t i;

	json_array_foreach(firewall->list, i, item) {
		chain = json_object_get(item, "chain");
		if (!chain || strcmp(text(chain, "hook"), "input"))
			continue;
		if (same(chain, rule, "family") && same(chain, rule, "table") &&
		    !strcmp(text(chain, "name"), text(rule, "chain")))
			return true;
	}

	return false;
}

/* What a packet must have, as it is written in a rule. */

static bool addr_is(const json_t *value, const struct lb_vip *vip)
{
	struct lb_prefix prefix, own = { .addr = vip->addr };
	const json_t *network = json_object_get(value, "prefix");
	char word[LB_ADDR_TEXT];
	uint8_t *from, *to;

	if (json_is_string(value))
		snprintf(word, sizeof(word), "%s", json_string_value(value));
	else if (network)
		snprintf(word, sizeof(word), "%s/%d", text(network, "addr"),
			 (int)json_integer_value(json_object_get(network,
								 "len")));
	else
		return false;
	if (lb_prefix_parse(word, &prefix, NULL) ||
	    prefix.addr.family != own.addr.family)
		return false;

	from = (uint8_t *)&own.addr.v6;
	to = (uint8_t *)&prefix.addr.v6;
	if (memcmp(from, to, prefix.len / 8))
		return false;

	return !(prefix.len % 8) ||
	       !((from[prefix.len / 8] ^ to[prefix.len / 8]) >>
		 (8 - prefix.len % 8));
}

static bool port_is(const json_t *value, const struct lb_vip *vip)
{
	const json_t *range = json_object_get(value, "range");
	const json_t *first = value, *last = value;
	struct lb_ports ports = { .count = 1 };
	struct lb_range common;

	if (range) {
		first = json_array_get(range, 0);
		last = json_array_get(range, 1);
	}
	if (!json_is_integer(first) || !json_is_integer(last))
		return false;
	ports.range[0].first = (uint16_t)json_integer_value(first);
	ports.range[0].last = (uint16_t)json_integer_value(last);

	return lb_ports_overlap(&vip->ports, &ports, &common);
}

/* One value, or one of a set of them. */
static bool value_is(const json_t *value, const struct lb_vip *vip,
		     bool (*is)(const json_t *value, const struct lb_vip *vip))
{
	const json_t *set = json_object_get(value, "set"), *item;
	size_t i;

	if (!set)
		return is(value, vip);
	json_array_foreach(set, i, item) {
		if (is(item, vip))
			return true;
	}

	return false;
}

/* Whether one part of a rule is met; what is not known here may well be. */
static bool part_is_met(const json_t *part, const struct lb_vip *vip,
			bool *named)
{
	const json_t *match = json_object_get(part, "match");
	const json_t *field, *value;
	bool met;

	if (!match)
		return true;
	field = json_object_get(json_object_get(match, "left"), "payload");
	value = json_object_get(match, "right");
	if (!strcmp(text(field, "field"), "daddr"))
		met = value_is(value, vip, addr_is);
	else if (!strcmp(text(field, "field"), "dport"))
		met = value_is(value, vip, port_is) &&
		      ((vip->protos & L4LB_PROTO_TCP &&
			strcmp(text(field, "protocol"), "udp")) ||
		       (vip->protos & L4LB_PROTO_UDP &&
			strcmp(text(field, "protocol"), "tcp")));
	else
		return true;

	if (!strcmp(text(match, "op"), "!="))
		return !met;
	*named |= met;

	return met;
}

static bool rule_refuses(const json_t *rule, const struct lb_vip *vip)
{
	const json_t *expr = json_object_get(rule, "expr"), *part;
	bool named = false, refuses = false;
	size_t i;

	json_array_foreach(expr, i, part) {
		if (!part_is_met(part, vip, &named))
			return false;
		refuses |= json_object_get(part, "drop") ||
			   json_object_get(part, "reject");
	}

	return named && refuses;
}

/**
 * firewall_find() - find a rule that is meant to refuse packets of a VIP
 * @firewall: the rules
 * @vip: the VIP
 * @rule: what to call it
 * @size: size of @rule
 *
 * Return: whether there is one.
 */
bool firewall_find(const struct firewall *firewall, const struct lb_vip *vip,
		   char *rule, size_t size)
{
	const json_t *item, *found;
	size_t i;

	json_array_foreach(firewall->list, i, item) {
		found = json_object_get(item, "rule");
		if (!found || !rule_refuses(found, vip) ||
		    !is_input(firewall, found))
			continue;
		snprintf(rule, size, "%s %s %s, handle %d",
			 text(found, "family"), text(found, "table"),
			 text(found, "chain"),
			 (int)json_integer_value(json_object_get(found,
								 "handle")));
		return true;
	}

	return false;
}
