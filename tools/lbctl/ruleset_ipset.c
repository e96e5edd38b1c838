// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules of a firewall: what a set of ipset has in it, as ipset save writes it.
 *
 * An element has a part for each dimension of its set, with commas between them.
 * A rule says of each whether it is that of who sends a packet or of whom it is
 * sent to.
 */

#include "ruleset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Dimensions of a set. */
#define PARTS_MAX	3

/* What a part of an element is. */
enum kind {
	KIND_OTHER,
	KIND_ADDR,
	KIND_PORT,
};

/**
 * struct shape - what all elements of a set have
 * @kinds: what their parts are
 * @receiver: whether a part is that of whom a packet is sent to
 * @count: how many parts
 * @bits: how many bits of an address count
 * @unknown: whether elements are not all that counts
 */
struct shape {
	enum kind kinds[PARTS_MAX];
	bool receiver[PARTS_MAX];
	unsigned int count;
	unsigned int bits;
	bool unknown;
};

static size_t part_len(const char *at)
{
	return strcspn(at, ", ");
}

static const char *part_next(const char *at)
{
	at += part_len(at);

	return *at == ',' ? at + 1 : at;
}

static bool part_is(const char *at, const char *word)
{
	return part_len(at) == strlen(word) && !strncmp(at, word, strlen(word));
}

static enum kind kind_of(const char *part)
{
	if (part_is(part, "ip") || part_is(part, "net"))
		return KIND_ADDR;

	return part_is(part, "port") ? KIND_PORT : KIND_OTHER;
}

/* NAME METHOD:PART,... OPTION... */
static bool shape_read(struct shape *shape, const char *line, const char *sides)
{
	const char *type = strchrnul(line, ' ');
	const char *part = strchr(type, ':');
	const char *mask = strstr(type, " netmask ");

	if (!part || !strncmp(type, " list:", strlen(" list:")))
		return false;
	memset(shape, 0, sizeof(*shape));
	shape->bits = UINT8_MAX;
	if (mask)
		shape->bits = (unsigned int)strtoul(mask + strlen(" netmask "),
						    NULL, 10);
	shape->unknown = strstr(type, " bitmask ");
	for (part++; *part && *part != ' '; part = part_next(part)) {
		if (shape->count == PARTS_MAX)
			return false;
		shape->kinds[shape->count] = kind_of(part);
		shape->receiver[shape->count++] = part_is(sides, "dst");
		sides = part_next(sides);
	}

	return true;
}

/* What a box is narrowed to by a part; false if there is more to it. */

static bool addr_narrow(struct rule_box *box, const char *text,
			unsigned int bits)
{
	const char *dash = strchr(text, '-');
	char first[LB_ADDR_TEXT];
	struct lb_prefix prefix;

	if (dash) {
		snprintf(first, sizeof(first), "%.*s", (int)(dash - text),
			 text);
		if (lb_addr_parse(first, &box->first, NULL) ||
		    lb_addr_parse(dash + 1, &box->last, NULL))
			return false;
		box->has |= BOX_ADDR;
		return true;
	}
	if (lb_prefix_parse(text, &prefix, NULL))
		return false;
	if (prefix.len > bits)
		prefix.len = (uint8_t)bits;
	ruleset_box_prefix(box, &prefix);

	return true;
}

/* What has no ports has words there. */
static bool port_narrow(struct rule_box *box, const char *text)
{
	char *end;

	box->ports.first = (uint16_t)strtoul(text, &end, 10);
	box->ports.last = box->ports.first;
	if (*end == '-')
		box->ports.last = (uint16_t)strtoul(end + 1, &end, 10);
	if (*end)
		return false;
	box->has |= BOX_PORT;

	return true;
}

static const char *proto_narrow(struct rule_box *box, const char *text)
{
	const char *port = strchr(text, ':');

	if (!port)
		return text;
	box->has |= BOX_PROTO;
	if (!strncmp(text, "tcp:", 4))
		box->protos = L4LB_PROTO_TCP;
	else if (!strncmp(text, "udp:", 4))
		box->protos = L4LB_PROTO_UDP;

	return port + 1;
}

static bool part_narrow(struct rule_box *box, const struct shape *shape,
			unsigned int index, const char *text)
{
	if (shape->kinds[index] == KIND_PORT)
		text = proto_narrow(box, text);
	if (!shape->receiver[index])
		return false;
	if (shape->kinds[index] == KIND_ADDR)
		return addr_narrow(box, text, shape->bits);

	return shape->kinds[index] == KIND_PORT && port_narrow(box, text);
}

/* NAME PART,... OPTION... */
static void element_add(struct ruleset *set, const struct shape *shape,
			const char *line)
{
	struct rule_box *box = ruleset_box(set, shape->unknown ? BOX_UNKNOWN :
								  0);
	const char *part = strchr(line, ' ');
	char text[2 * LB_ADDR_TEXT];
	unsigned int i;

	if (!box)
		return;
	part = part ? part + 1 : "";
	for (i = 0; i < shape->count; i++) {
		snprintf(text, sizeof(text), "%.*s", (int)part_len(part), part);
		if (!part_narrow(box, shape, i, text))
			box->has |= BOX_UNKNOWN;
		part = part_next(part);
	}
}

/**
 * ruleset_add_ipset() - add what is in a set of ipset to the last condition
 * @set: rules, with one at least that has a condition
 * @text: what ipset save says of it, which is taken apart
 * @sides: src or dst for each of its dimensions
 *
 * Return: whether that is known.
 */
bool ruleset_add_ipset(struct ruleset *set, char *text, const char *sides)
{
	struct shape shape = { .count = 0 };
	bool known = false;
	char *next;

	/* Exceptions say that not all of what is around them is in it. */
	if (strstr(text, " nomatch"))
		return false;
	for (; text; text = next) {
		next = strchr(text, '\n');
		if (next)
			*next++ = '\0';
		if (!strncmp(text, "create ", strlen("create ")))
			known = shape_read(&shape, text + strlen("create "),
					   sides);
		else if (known && !strncmp(text, "add ", strlen("add ")))
			element_add(set, &shape, text + strlen("add "));
	}

	return known;
}
