// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules of a firewall, as iptables-save writes them.
 *
 * A rule is a line of options, each with its arguments; what it does comes last.
 */

#include "compiler.h"
#include "ruleset.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_TEXT	160

/**
 * struct reader - where it is read
 * @set: where to
 * @tool: whose rules they are
 * @family: AF_INET or AF_INET6
 * @sets: who knows what is in sets of ipset
 * @table: current table
 * @rest: rest of the line
 * @negated: whether the next option is to be met by what it is not
 */
struct reader {
	struct ruleset *set;
	const char *tool;
	int family;
	const struct rule_sets *sets;
	const char *table;
	char *rest;
	bool negated;
};

static const struct word {
	const char *word;
	uint8_t value;
} states[] = {
	{ "NEW", RULE_NEW },
	{ "ESTABLISHED", RULE_ESTABLISHED },
	{ "RELATED", RULE_RELATED },
	{ "INVALID", RULE_INVALID },
	{ "UNTRACKED", RULE_UNTRACKED },
	{ NULL }
}, flags[] = {
	{ "FIN", TH_FIN },
	{ "SYN", TH_SYN },
	{ "RST", TH_RST },
	{ "PSH", TH_PUSH },
	{ "ACK", TH_ACK },
	{ "URG", TH_URG },
	{ "ALL", TH_FIN | TH_SYN | TH_RST | TH_PUSH | TH_ACK | TH_URG },
	{ NULL }
};

/* Extensions that match by their options alone. */
static const char *const plain[] = {
	"tcp", "udp", "multiport", "conntrack", "state", "comment", "iprange",
	"addrtype", "set",
};

/* Takes a word off the line; NULL at its end. */
static char *word_take(struct reader *reader)
{
	char *from = reader->rest + strspn(reader->rest, " ");
	bool quoted = *from == '"';
	char *word, *to;

	if (!*from)
		return NULL;
	if (quoted)
		from++;
	for (word = to = from; *from && *from != (quoted ? '"' : ' '); from++) {
		if (quoted && *from == '\\' && from[1])
			from++;
		*to++ = *from;
	}
	reader->rest = *from ? from + 1 : from;
	*to = '\0';

	return word;
}

/* Takes an argument of an option; empty if there is none. */
static const char *argument_take(struct reader *reader)
{
	const char *word = word_take(reader);

	return word ? word : "";
}

static uint8_t words_bits(const struct word *words, const char *list)
{
	size_t len;
	uint8_t bits = 0;
	size_t i;

	for (; *list; list += len + (list[len] == ',')) {
		len = strcspn(list, ",");
		for (i = 0; words[i].word; i++) {
			if (strlen(words[i].word) == len &&
			    !strncmp(words[i].word, list, len))
				bits |= words[i].value;
		}
	}

	return bits;
}

static struct rule_box *condition(struct reader *reader, uint8_t has)
{
	ruleset_match(reader->set, reader->negated);

	return ruleset_box(reader->set, has);
}

static void proto_read(struct reader *reader)
{
	const char *proto = argument_take(reader);
	struct rule_box *box;

	if (!strcmp(proto, "all"))
		return;
	box = condition(reader, BOX_PROTO);
	if (!box)
		return;
	if (!strcmp(proto, "tcp"))
		box->protos = L4LB_PROTO_TCP;
	else if (!strcmp(proto, "udp"))
		box->protos = L4LB_PROTO_UDP;
}

static void addr_read(struct reader *reader)
{
	struct rule_box *box = condition(reader, 0);
	struct lb_prefix prefix;

	if (!box)
		return;
	if (lb_prefix_parse(argument_take(reader), &prefix, NULL))
		box->has = BOX_UNKNOWN;
	else
		ruleset_box_prefix(box, &prefix);
}

static void addr_range_read(struct reader *reader)
{
	struct rule_box *box = condition(reader, BOX_ADDR);
	char first[LB_ADDR_TEXT];
	const char *range, *last;

	range = argument_take(reader);
	if (!box)
		return;
	last = strchr(range, '-');
	snprintf(first, sizeof(first), "%.*s",
		 last ? (int)(last - range) : 0, range);
	if (!last || lb_addr_parse(first, &box->first, NULL) ||
	    lb_addr_parse(last + 1, &box->last, NULL))
		box->has = BOX_UNKNOWN;
}

/* Ports with commas, and ranges with colons that may lack an end. */
static void ports_read(struct reader *reader, uint8_t has)
{
	const char *list = argument_take(reader);
	struct rule_box *box;
	char *end;

	ruleset_match(reader->set, reader->negated);
	do {
		box = ruleset_box(reader->set, has);
		if (!box)
			return;
		box->ports.first = (uint16_t)strtoul(list, &end, 10);
		box->ports.last = box->ports.first;
		if (*end == ':') {
			list = end + 1;
			box->ports.last = (uint16_t)strtoul(list, &end, 10);
			if (end == list)
				box->ports.last = UINT16_MAX;
		}
		list = end + 1;
	} while (*end == ',');
	if (*end)
		box->has = BOX_UNKNOWN;
}

static void dports_read(struct reader *reader)
{
	ports_read(reader, BOX_PORT);
}

/* Of either end. */
static void any_ports_read(struct reader *reader)
{
	ports_read(reader, BOX_PORT | BOX_UNKNOWN);
}

static void flags_read(struct reader *reader)
{
	struct rule_box *box = condition(reader, BOX_FLAGS);

	if (!box)
		return;
	box->mask = words_bits(flags, argument_take(reader));
	box->flags = words_bits(flags, argument_take(reader));
}

static void syn_read(struct reader *reader)
{
	struct rule_box *box = condition(reader, BOX_FLAGS);

	if (!box)
		return;
	box->mask = TH_FIN | TH_SYN | TH_RST | TH_ACK;
	box->flags = TH_SYN;
}

static void state_read(struct reader *reader)
{
	struct rule_box *box = condition(reader, BOX_STATE);

	if (box)
		box->states = words_bits(states, argument_take(reader));
}

/* Nobody has translated packets of clients, nor tracked answers to them. */
static void status_read(struct reader *reader)
{
	condition(reader, BOX_NEVER);
	argument_take(reader);
}

/* The address of a VIP is one of this host. */
static void type_read(struct reader *reader)
{
	bool local = !strcmp(argument_take(reader), "LOCAL");

	condition(reader, local ? 0 : BOX_NEVER);
}

/* Clients are elsewhere. */
static void link_read(struct reader *reader)
{
	bool local = !strcmp(argument_take(reader), "lo");

	condition(reader, local ? BOX_NEVER : BOX_UNKNOWN);
}

/* Whose clients are in a set is as little known as whose are in a network. */
static void set_read(struct reader *reader)
{
	struct ruleset *set = reader->set;
	const char *name, *sides;
	bool known;
	char *text;

	name = argument_take(reader);
	sides = argument_take(reader);
	ruleset_match(set, reader->negated);
	if (!strstr(sides, "dst")) {
		ruleset_box(set, BOX_UNKNOWN);
		return;
	}
	text = reader->sets->read(reader->sets->data, name);
	known = text && ruleset_add_ipset(set, text, sides);
	free(text);
	if (known)
		return;
	ruleset_box(set, BOX_UNKNOWN);
	if (!set->blank)
		set->blank = strdup(name);
}

static void comment_read(struct reader *reader)
{
	argument_take(reader);
}

static void extension_read(struct reader *reader)
{
	const char *name = argument_take(reader);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(plain); i++) {
		if (!strcmp(name, plain[i]))
			return;
	}
	ruleset_unknown(reader->set);
}

static const struct option {
	const char *word;
	void (*read)(struct reader *reader);
} options[] = {
	{ "-p", proto_read },
	{ "-d", addr_read },
	{ "-i", link_read },
	{ "-m", extension_read },
	{ "--dport", dports_read },
	{ "--dports", dports_read },
	{ "--ports", any_ports_read },
	{ "--syn", syn_read },
	{ "--tcp-flags", flags_read },
	{ "--state", state_read },
	{ "--ctstate", state_read },
	{ "--ctstatus", status_read },
	{ "--dst-type", type_read },
	{ "--dst-range", addr_range_read },
	{ "--match-set", set_read },
	{ "--comment", comment_read },
};

static const struct option *option_find(const char *word)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(options); i++) {
		if (!strcmp(options[i].word, word))
			return &options[i];
	}

	return NULL;
}

static const char *chain_name(const struct reader *reader, const char *chain,
			      char *name, size_t size)
{
	snprintf(name, size, "%s %s %s", reader->tool, reader->table, chain);

	return name;
}

/* What it does besides that is of no matter. */
static bool rest_untracks(struct reader *reader)
{
	const char *word;

	while ((word = word_take(reader))) {
		if (!strcmp(word, "--notrack"))
			return true;
	}

	return false;
}

static void target_read(struct reader *reader, struct rule *rule, bool go)
{
	const char *target = argument_take(reader);
	char name[NAME_TEXT];

	if (!strcmp(target, "ACCEPT")) {
		rule->does = RULE_ACCEPTS;
	} else if (!strcmp(target, "DROP") || !strcmp(target, "REJECT")) {
		rule->does = RULE_REFUSES;
	} else if (!strcmp(target, "RETURN")) {
		rule->does = RULE_RETURNS;
	} else if (!strcmp(target, "CT")) {
		rule->untracks = rest_untracks(reader);
	} else if (!strcmp(target, "NOTRACK")) {
		rule->untracks = true;
	} else {
		rule->does = go ? RULE_GOES : RULE_JUMPS;
		rule->target = ruleset_chain_find(reader->set,
						  chain_name(reader, target,
							     name,
							     sizeof(name)));
	}
}

/* Up to what it does; what comes then says only how. */
static void options_read(struct reader *reader, struct rule *rule)
{
	const struct option *option;
	const char *word;

	while ((word = word_take(reader))) {
		if (!strcmp(word, "-j") || !strcmp(word, "-g")) {
			target_read(reader, rule, word[1] == 'g');
			return;
		}
		option = option_find(word);
		if (option)
			option->read(reader);
		else if (*word == '-')
			ruleset_unknown(reader->set);
		reader->negated = !strcmp(word, "!");
	}
}

static void rule_read(struct reader *reader)
{
	const char *own = argument_take(reader);
	char name[NAME_TEXT];
	struct rule *rule;
	int chain;

	chain = ruleset_chain_find(reader->set,
				   chain_name(reader, own, name, sizeof(name)));
	if (chain < 0)
		return;
	rule = ruleset_rule(reader->set, chain,
			    ++reader->set->chains[chain].rules);
	reader->negated = false;
	if (rule)
		options_read(reader, rule);
}

static void chain_read(struct reader *reader)
{
	const char *own = argument_take(reader);
	const char *policy = argument_take(reader);
	struct rule_chain *chain;
	char name[NAME_TEXT];
	int index;

	index = ruleset_chain(reader->set, chain_name(reader, own, name,
						      sizeof(name)));
	if (index < 0)
		return;
	chain = &reader->set->chains[index];
	chain->source = RULES_SAVE;
	chain->family = reader->family;
	chain->input = !strcmp(own, "INPUT") && strcmp(reader->table, "nat");
	chain->raw = !strcmp(own, "PREROUTING") &&
		     !strcmp(reader->table, "raw");
	chain->refuses = !strcmp(policy, "DROP");
}

/* What is known of a table from nft is less. */
static void table_read(struct reader *reader, bool is_nft)
{
	struct rule_chain *chains = reader->set->chains;
	char name[NAME_TEXT];
	size_t len, i;

	reader->table = argument_take(reader);
	if (!is_nft)
		return;
	len = (size_t)snprintf(name, sizeof(name), "%s %s ",
			       reader->family == AF_INET ? "ip" : "ip6",
			       reader->table);
	for (i = 0; i < reader->set->chain_count; i++) {
		if (chains[i].source == RULES_NFT &&
		    !strncmp(chains[i].name, name, len))
			chains[i].hidden = true;
	}
}

static void line_read(struct reader *reader, bool is_nft)
{
	char first = *reader->rest;

	if (first == '*' || first == ':')
		reader->rest++;
	if (first == '*')
		table_read(reader, is_nft);
	else if (first == ':')
		chain_read(reader);
	else if (!strncmp(reader->rest, "-A ", 3) && word_take(reader))
		rule_read(reader);
}

/**
 * ruleset_read_save() - add what iptables-save says
 * @set: where to
 * @text: what it says, which is taken apart
 * @tool: what to call whose rules they are
 * @family: AF_INET or AF_INET6
 * @sets: who knows what is in sets of ipset
 *
 * What it says of tables that nft has, too, takes their place.
 */
void ruleset_read_save(struct ruleset *set, char *text, const char *tool,
		       int family, const struct rule_sets *sets)
{
	struct reader reader = {
		.set = set,
		.tool = tool,
		.family = family,
		.sets = sets,
		.table = "",
	};
	bool is_nft = ruleset_save_is_nft(text);
	char *next;

	for (; text; text = next) {
		next = strchr(text, '\n');
		if (next)
			*next++ = '\0';
		reader.rest = text;
		line_read(&reader, is_nft);
	}
}

/**
 * ruleset_save_is_nft() - ask whether it is nft that has the rules
 * @text: what iptables-save says
 *
 * Return: whether it is; if not, they are in tables of their own.
 */
bool ruleset_save_is_nft(const char *text)
{
	const char *end = strchrnul(text, '\n');
	const char *found = strstr(text, "(nf_tables)");

	return found && found < end;
}
