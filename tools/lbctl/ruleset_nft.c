// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules of a firewall, from the JSON of nft.
 *
 * A condition compares fields of a packet, one or several joined ones, with
 * values: one, a range, a prefix, a list of these, or a set that has a name.
 */

#include "compiler.h"
#include "ruleset.h"

#include <jansson.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>

#define NAME_TEXT	400

/* Fields that may be joined. */
#define FIELDS_MAX	8

/* All flags of TCP. */
#define FLAGS_ALL	0xff

/* At this place of its hook connection tracking sees packets. */
#define TRACK_PRIO	-200

/* What a field of a packet is. */
enum field {
	FIELD_OTHER,
	FIELD_ADDR,
	FIELD_PORT,
	FIELD_PROTO,
	FIELD_FAMILY,
	FIELD_STATE,
	FIELD_STATUS,
	FIELD_FLAGS,
	FIELD_TYPE,
	FIELD_LINK,
};

static const struct meta_field {
	const char *key;
	enum field field;
} meta_fields[] = {
	{ "l4proto", FIELD_PROTO },
	{ "nfproto", FIELD_FAMILY },
	{ "protocol", FIELD_FAMILY },
	{ "iif", FIELD_LINK },
	{ "iifname", FIELD_LINK },
};

static const struct word {
	const char *word;
	uint8_t value;
} states[] = {
	{ "new", RULE_NEW },
	{ "established", RULE_ESTABLISHED },
	{ "related", RULE_RELATED },
	{ "invalid", RULE_INVALID },
	{ "untracked", RULE_UNTRACKED },
	{ NULL }
}, flags[] = {
	{ "fin", TH_FIN },
	{ "syn", TH_SYN },
	{ "rst", TH_RST },
	{ "psh", TH_PUSH },
	{ "ack", TH_ACK },
	{ "urg", TH_URG },
	{ "ecn", 0x40 },
	{ "cwr", 0x80 },
	{ NULL }
};

/* What goes on with a rule's next part in any case. */
static const char *const plain[] = {
	"counter", "log", "comment", "mangle", "set",
};

/**
 * struct reader - where a rule is read
 * @set: where to
 * @list: all that nft says
 * @rule: the rule
 */
struct reader {
	struct ruleset *set;
	const json_t *list;
	const json_t *rule;
};

static const char *text(const json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));

	return value ? value : "";
}

static bool is_text(const json_t *value, const char *word)
{
	return json_is_string(value) && !strcmp(json_string_value(value), word);
}

static uint8_t word_bit(const struct word *words, const char *name)
{
	for (; words->word; words++) {
		if (!strcmp(words->word, name))
			return words->value;
	}

	return 0;
}

/* The bits of a word, or of all in lists of any kind. */
static uint8_t word_bits(const struct word *words, const json_t *value)
{
	const json_t *item;
	const char *key;
	uint8_t bits = 0;
	size_t i;

	if (json_is_string(value))
		return word_bit(words, json_string_value(value));
	if (json_is_integer(value))
		return (uint8_t)json_integer_value(value);
	json_array_foreach(value, i, item) {
		bits |= word_bits(words, item);
	}
	json_object_foreach((json_t *)value, key, item) {
		bits |= word_bits(words, item);
	}

	return bits;
}

static const char *chain_name(const json_t *object, const char *chain,
			      char *name, size_t size)
{
	snprintf(name, size, "%s %s %s", text(object, "family"),
		 text(object, "table"), chain);

	return name;
}

static enum field payload_field(const json_t *payload)
{
	const char *proto = text(payload, "protocol");
	const char *field = text(payload, "field");
	bool is_ip = !strcmp(proto, "ip") || !strcmp(proto, "ip6");

	if (is_ip && !strcmp(field, "daddr"))
		return FIELD_ADDR;
	if (!strcmp(field, "dport"))
		return FIELD_PORT;
	if (is_ip && (!strcmp(field, "protocol") || !strcmp(field, "nexthdr")))
		return FIELD_PROTO;
	if (!strcmp(proto, "tcp") && !strcmp(field, "flags"))
		return FIELD_FLAGS;

	return FIELD_OTHER;
}

static enum field meta_field(const json_t *meta)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(meta_fields); i++) {
		if (!strcmp(text(meta, "key"), meta_fields[i].key))
			return meta_fields[i].field;
	}

	return FIELD_OTHER;
}

static enum field fib_field(const json_t *fib)
{
	const json_t *flags = json_object_get(fib, "flags");

	return !strcmp(text(fib, "result"), "type") &&
	       (is_text(flags, "daddr") ||
		(json_array_size(flags) == 1 &&
		 is_text(json_array_get(flags, 0), "daddr"))) ?
		       FIELD_TYPE : FIELD_OTHER;
}

static enum field field_of(const json_t *left)
{
	const json_t *part;

	part = json_object_get(left, "payload");
	if (part)
		return payload_field(part);
	part = json_object_get(left, "meta");
	if (part)
		return meta_field(part);
	part = json_object_get(left, "fib");
	if (part)
		return fib_field(part);
	part = json_object_get(left, "ct");
	if (!strcmp(text(part, "key"), "state"))
		return FIELD_STATE;
	if (!strcmp(text(part, "key"), "status"))
		return FIELD_STATUS;

	return FIELD_OTHER;
}

static uint8_t proto_bit(const char *name)
{
	if (!strcmp(name, "tcp"))
		return L4LB_PROTO_TCP;
	if (!strcmp(name, "udp"))
		return L4LB_PROTO_UDP;

	return 0;
}

/* To compare a field is to ask for the protocol that has it, too. */
static void field_implies(struct ruleset *set, const json_t *left)
{
	const json_t *payload = json_object_get(left, "payload");
	const char *proto = text(payload, "protocol");
	struct rule_box *box;

	if (!*proto || !strcmp(proto, "th") || !strcmp(proto, "ether") ||
	    !strcmp(proto, "vlan"))
		return;
	ruleset_match(set, false);
	if (!strcmp(proto, "ip") || !strcmp(proto, "ip6")) {
		box = ruleset_box(set, BOX_FAMILY);
		if (box)
			box->family = strcmp(proto, "ip6") ? AF_INET : AF_INET6;
		return;
	}
	box = ruleset_box(set, BOX_PROTO);
	if (box)
		box->protos = proto_bit(proto);
}

/* What boxes are narrowed to by a value; false if it is not understood. */

static bool prefix_narrow(struct rule_box *box, const char *addr, int len)
{
	struct lb_prefix prefix;

	if (lb_addr_parse(addr, &prefix.addr, NULL) || len < 0 ||
	    (unsigned int)len > lb_addr_bits(&prefix.addr))
		return false;
	prefix.len = (uint8_t)len;
	ruleset_box_prefix(box, &prefix);

	return true;
}

static bool addr_narrow(struct rule_box *box, const json_t *value)
{
	const json_t *prefix = json_object_get(value, "prefix");
	const json_t *range = json_object_get(value, "range");
	const char *first, *last;
	const json_t *len;

	if (prefix) {
		len = json_object_get(prefix, "len");
		return prefix_narrow(box, text(prefix, "addr"),
				     (int)json_integer_value(len));
	}
	first = json_string_value(range ? json_array_get(range, 0) : value);
	last = json_string_value(range ? json_array_get(range, 1) : value);
	if (!first || !last || lb_addr_parse(first, &box->first, NULL) ||
	    lb_addr_parse(last, &box->last, NULL))
		return false;
	box->has |= BOX_ADDR;

	return true;
}

static bool port_narrow(struct rule_box *box, const json_t *value)
{
	const json_t *range = json_object_get(value, "range");
	const json_t *first = range ? json_array_get(range, 0) : value;
	const json_t *last = range ? json_array_get(range, 1) : value;

	if (!json_is_integer(first) || !json_is_integer(last))
		return false;
	box->ports.first = (uint16_t)json_integer_value(first);
	box->ports.last = (uint16_t)json_integer_value(last);
	box->has |= BOX_PORT;

	return true;
}

static bool proto_narrow(struct rule_box *box, const json_t *value)
{
	if (!json_is_string(value) && !json_is_integer(value))
		return false;
	box->protos = json_is_string(value) ?
			      proto_bit(json_string_value(value)) :
		      json_integer_value(value) == IPPROTO_TCP ?
			      L4LB_PROTO_TCP :
		      json_integer_value(value) == IPPROTO_UDP ?
			      L4LB_PROTO_UDP : 0;
	box->has |= BOX_PROTO;

	return true;
}

static bool family_narrow(struct rule_box *box, const json_t *value)
{
	if (is_text(value, "ipv4") || is_text(value, "ip"))
		box->family = AF_INET;
	else if (is_text(value, "ipv6") || is_text(value, "ip6"))
		box->family = AF_INET6;
	else
		return false;
	box->has |= BOX_FAMILY;

	return true;
}

static bool state_narrow(struct rule_box *box, const json_t *value)
{
	box->states = word_bits(states, value);
	box->has |= BOX_STATE;

	return true;
}

static bool flags_narrow(struct rule_box *box, const json_t *value)
{
	box->mask = FLAGS_ALL;
	box->flags = word_bits(flags, value);
	box->has |= BOX_FLAGS;

	return true;
}

/* Nobody has translated packets of clients, nor tracked answers to them. */
static bool status_narrow(struct rule_box *box, const json_t *value)
{
	(void)value;
	box->has |= BOX_NEVER;

	return true;
}

/* The address of a VIP is one of this host. */
static bool type_narrow(struct rule_box *box, const json_t *value)
{
	if (!json_is_string(value))
		return false;
	if (!is_text(value, "local"))
		box->has |= BOX_NEVER;

	return true;
}

/* Clients are elsewhere. */
static bool link_narrow(struct rule_box *box, const json_t *value)
{
	if (!is_text(value, "lo"))
		return false;
	box->has |= BOX_NEVER;

	return true;
}

static bool (*const narrow[])(struct rule_box *box, const json_t *value) = {
	[FIELD_ADDR]	= addr_narrow,
	[FIELD_PORT]	= port_narrow,
	[FIELD_PROTO]	= proto_narrow,
	[FIELD_FAMILY]	= family_narrow,
	[FIELD_STATE]	= state_narrow,
	[FIELD_STATUS]	= status_narrow,
	[FIELD_FLAGS]	= flags_narrow,
	[FIELD_TYPE]	= type_narrow,
	[FIELD_LINK]	= link_narrow,
};

/* An element of a set may have a time or a comment around it. */
static const json_t *value_bare(const json_t *value)
{
	const json_t *elem = json_object_get(value, "elem");

	return elem ? json_object_get(elem, "val") : value;
}

static void box_narrow(struct rule_box *box, enum field field,
		       const json_t *value)
{
	if (is_text(value, "*"))
		return;
	if (field == FIELD_OTHER || !narrow[field](box, value))
		box->has |= BOX_UNKNOWN;
}

/**
 * struct fields - the left side of a comparison
 * @count: how many fields are joined
 * @field: what they are
 */
struct fields {
	size_t count;
	enum field field[FIELDS_MAX];
};

static void fields_read(struct ruleset *set, const json_t *left,
			struct fields *fields)
{
	const json_t *concat = json_object_get(left, "concat"), *part;
	size_t i;

	memset(fields, 0, sizeof(*fields));
	if (!concat) {
		field_implies(set, left);
		fields->field[fields->count++] = field_of(left);
		return;
	}
	json_array_foreach(concat, i, part) {
		field_implies(set, part);
		if (fields->count < FIELDS_MAX)
			fields->field[fields->count++] = field_of(part);
	}
}

static bool fields_known(const struct fields *fields)
{
	size_t i;

	for (i = 0; i < fields->count; i++) {
		if (fields->field[i] != FIELD_OTHER)
			return true;
	}

	return false;
}

static void value_add(struct ruleset *set, const struct fields *fields,
		      const json_t *value)
{
	struct rule_box *box = ruleset_box(set, 0);
	const json_t *concat;
	size_t i;

	if (!box)
		return;
	value = value_bare(value);
	concat = json_object_get(value, "concat");
	if (!concat) {
		box_narrow(box, fields->field[0], value);
		if (fields->count > 1 && !is_text(value, "*"))
			box->has |= BOX_UNKNOWN;
		return;
	}
	for (i = 0; i < fields->count; i++)
		box_narrow(box, fields->field[i],
			   value_bare(json_array_get(concat, i)));
}

/* The elements of a set or a map that has a name, or NULL. */
static const json_t *set_find(const struct reader *reader, const char *kind,
			      const char *name, bool *found)
{
	const json_t *item, *object;
	size_t i;

	json_array_foreach(reader->list, i, item) {
		object = json_object_get(item, kind);
		if (!object || strcmp(text(object, "name"), name) ||
		    strcmp(text(object, "table"),
			   text(reader->rule, "table")) ||
		    strcmp(text(object, "family"),
			   text(reader->rule, "family")))
			continue;
		*found = true;
		return json_object_get(object, "elem");
	}
	*found = false;

	return NULL;
}

/* All values of the right side; false if they are not known. */
static bool values_add(const struct reader *reader, const struct fields *fields,
		       const json_t *right)
{
	const json_t *values = json_object_get(right, "set"), *value;
	const char *name = json_string_value(right);
	bool found = true;
	size_t i;

	if (name && *name == '@')
		values = set_find(reader, "set", name + 1, &found);
	else if (!values)
		value_add(reader->set, fields, right);
	json_array_foreach(values, i, value) {
		value_add(reader->set, fields, value);
	}

	return found;
}

/* Ports above or below one. */
static void order_add(struct ruleset *set, const char *op, const json_t *right)
{
	long long value = json_integer_value(right);
	struct rule_box *box = ruleset_box(set, BOX_PORT);

	if (!box)
		return;
	if (!json_is_integer(right))
		box->has = BOX_UNKNOWN;
	box->ports.last = UINT16_MAX;
	if (*op == '>')
		box->ports.first = (uint16_t)(op[1] ? value : value + 1);
	else
		box->ports.last = (uint16_t)(op[1] ? value : value - 1);
}

/* Flags under a mask: of those, exactly these. */
static void masked_read(struct ruleset *set, const char *op, const json_t *left,
			const json_t *right)
{
	const json_t *field = json_array_get(left, 0);
	struct rule_box *box;

	if (field_of(field) != FIELD_FLAGS || json_object_get(right, "set")) {
		ruleset_unknown(set);
		return;
	}
	field_implies(set, field);
	ruleset_match(set, !strcmp(op, "!="));
	box = ruleset_box(set, BOX_FLAGS);
	if (!box)
		return;
	box->mask = word_bits(flags, json_array_get(left, 1));
	box->flags = word_bits(flags, right);
}

/* Flags: any of these, or none. */
static void any_flags_read(struct ruleset *set, bool any, const json_t *right)
{
	struct rule_box *box;

	ruleset_match(set, any);
	box = ruleset_box(set, BOX_FLAGS);
	if (box)
		box->mask = word_bits(flags, right);
}

static bool is_any(const char *op)
{
	return !strcmp(op, "in") || !strcmp(op, "!");
}

static void match_read(const struct reader *reader, const json_t *match)
{
	const json_t *left = json_object_get(match, "left");
	const json_t *right = json_object_get(match, "right");
	const json_t *masked = json_object_get(left, "&");
	const char *op = text(match, "op");
	struct ruleset *set = reader->set;
	struct fields fields;

	if (masked) {
		masked_read(set, op, masked, right);
		return;
	}
	fields_read(set, left, &fields);
	if (fields.field[0] == FIELD_FLAGS && is_any(op)) {
		any_flags_read(set, *op == 'i', right);
		return;
	}
	if (!fields_known(&fields)) {
		ruleset_unknown(set);
		return;
	}
	ruleset_match(set, *op == '!');
	if (*op == '<' || *op == '>') {
		order_add(set, op, fields.field[0] == FIELD_PORT ? right :
								    NULL);
		return;
	}
	if (!values_add(reader, &fields, right))
		ruleset_box(set, BOX_UNKNOWN);
}

/* What a rule does, if this says it. */
static bool verdict_read(const struct reader *reader, const json_t *verdict,
			 struct rule *rule)
{
	const json_t *jump = json_object_get(verdict, "jump");
	const json_t *go = json_object_get(verdict, "goto");
	char name[NAME_TEXT];

	if (json_object_get(verdict, "accept"))
		rule->does = RULE_ACCEPTS;
	else if (json_object_get(verdict, "drop") ||
		 json_object_get(verdict, "reject"))
		rule->does = RULE_REFUSES;
	else if (json_object_get(verdict, "return"))
		rule->does = RULE_RETURNS;
	else if (jump || go)
		rule->does = jump ? RULE_JUMPS : RULE_GOES;
	else
		return false;
	if (jump || go)
		rule->target = ruleset_chain_find(reader->set,
						  chain_name(reader->rule,
							     text(jump ? jump :
									 go,
								  "target"),
							     name,
							     sizeof(name)));

	return true;
}

/* A rule for each element. */
static void vmap_read(const struct reader *reader, const json_t *vmap)
{
	const json_t *data = json_object_get(vmap, "data"), *element;
	const json_t *elements = json_object_get(data, "set");
	const char *name = json_string_value(data);
	size_t model = reader->set->rule_count - 1, i;
	struct fields fields;
	struct rule *rule;
	bool found;

	if (name && *name == '@')
		elements = set_find(reader, "map", name + 1, &found);
	fields_read(reader->set, json_object_get(vmap, "key"), &fields);
	json_array_foreach(elements, i, element) {
		rule = ruleset_rule_again(reader->set, model);
		if (!rule)
			return;
		ruleset_match(reader->set, false);
		value_add(reader->set, &fields, json_array_get(element, 0));
		verdict_read(reader, json_array_get(element, 1), rule);
	}
}

/* What iptables has put there; nft knows hardly more of it than a name. */
static void xt_read(const struct reader *reader, const json_t *xt,
		    struct rule *rule)
{
	bool is_ip6 = !strcmp(text(reader->rule, "family"), "ip6");

	reader->set->opaque |= is_ip6 ? RULESET_IPV6 : RULESET_IPV4;
	if (strcmp(text(xt, "type"), "target"))
		ruleset_unknown(reader->set);
	else if (!strcmp(text(xt, "name"), "REJECT"))
		rule->does = RULE_REFUSES;
}

static bool is_plain(const json_t *part)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(plain); i++) {
		if (json_object_get(part, plain[i]))
			return true;
	}

	return false;
}

static void part_read(const struct reader *reader, const json_t *part,
		      struct rule *rule)
{
	const json_t *object;

	object = json_object_get(part, "match");
	if (object) {
		match_read(reader, object);
		return;
	}
	object = json_object_get(part, "vmap");
	if (object) {
		vmap_read(reader, object);
		return;
	}
	object = json_object_get(part, "xt");
	if (object)
		xt_read(reader, object, rule);
	else if (json_object_get(part, "notrack"))
		rule->untracks = true;
	else if (!verdict_read(reader, part, rule) && !is_plain(part))
		ruleset_unknown(reader->set);
}

static void rule_read(struct reader *reader)
{
	const json_t *number = json_object_get(reader->rule, "handle"), *part;
	struct ruleset *set = reader->set;
	char name[NAME_TEXT];
	struct rule *rule;
	size_t i, at;
	int chain;

	chain = ruleset_chain_find(set,
				   chain_name(reader->rule,
					      text(reader->rule, "chain"),
					      name, sizeof(name)));
	if (chain < 0 ||
	    !ruleset_rule(set, chain, (unsigned int)json_integer_value(number)))
		return;
	at = set->rule_count - 1;
	json_array_foreach(json_object_get(reader->rule, "expr"), i, part) {
		/* A map has made more of it. */
		rule = &set->rules[at];
		part_read(reader, part, rule);
	}
}

static void chain_read(struct ruleset *set, const json_t *object)
{
	const char *family = text(object, "family");
	struct rule_chain *chain;
	char name[NAME_TEXT];
	int index;

	index = ruleset_chain(set, chain_name(object, text(object, "name"),
					      name, sizeof(name)));
	if (index < 0)
		return;
	chain = &set->chains[index];
	chain->source = RULES_NFT;
	chain->family = !strcmp(family, "ip") ? AF_INET :
			!strcmp(family, "ip6") ? AF_INET6 : 0;
	chain->input = !strcmp(text(object, "hook"), "input");
	chain->prio = (int)json_integer_value(json_object_get(object, "prio"));
	chain->raw = !strcmp(text(object, "hook"), "prerouting") &&
		     chain->prio < TRACK_PRIO;
	chain->refuses = !strcmp(text(object, "policy"), "drop");
}

/* Others see frames, not what is for this host. */
static bool is_of_ip(const json_t *object)
{
	const char *family = text(object, "family");

	return !strcmp(family, "ip") || !strcmp(family, "ip6") ||
	       !strcmp(family, "inet");
}

/**
 * ruleset_read_nft() - add what nft says
 * @set: where to
 * @text: JSON of nft list ruleset
 * @len: its length
 */
void ruleset_read_nft(struct ruleset *set, const char *text, size_t len)
{
	json_t *root = json_loadb(text, len, JSON_DISABLE_EOF_CHECK, NULL);
	struct reader reader = {
		.set = set,
		.list = json_object_get(root, "nftables"),
	};
	const json_t *item, *object;
	size_t i;

	/* Rules lead to chains that come behind them. */
	json_array_foreach(reader.list, i, item) {
		object = json_object_get(item, "chain");
		if (object && is_of_ip(object))
			chain_read(set, object);
	}
	json_array_foreach(reader.list, i, item) {
		reader.rule = json_object_get(item, "rule");
		if (reader.rule && is_of_ip(reader.rule))
			rule_read(&reader);
	}
	json_decref(root);
}
