// SPDX-License-Identifier: GPL-2.0-only
/*
 * Questions to a name server and what its answers mean.
 *
 * What comes is read by offsets that are compared with its length each time: a
 * server that is ill says anything.
 */

#include "dns.h"
#include "addr.h"
#include "args.h"
#include "compiler.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define HEADER		12
#define LABEL_MAX	63
#define LABELS_MAX	127
#define WIRE_NAME_MAX	255
#define CLASS_IN	1

#define FLAG_RESPONSE	0x8000
#define FLAG_TRUNCATED	0x0200
#define FLAG_RECURSE	0x0100
#define RCODE_MASK	0x000f

#define TYPE_A		1
#define TYPE_NS		2
#define TYPE_CNAME	5
#define TYPE_SOA	6
#define TYPE_PTR	12
#define TYPE_MX		15
#define TYPE_TXT	16
#define TYPE_AAAA	28
#define TYPE_SRV	33

/* Room for a record as text. */
#define RECORD_TEXT	1024

static const struct {
	const char *name;
	uint16_t type;
} types[] = {
	{ "A", TYPE_A }, { "AAAA", TYPE_AAAA }, { "MX", TYPE_MX },
	{ "TXT", TYPE_TXT }, { "PTR", TYPE_PTR }, { "NS", TYPE_NS },
	{ "SOA", TYPE_SOA }, { "CNAME", TYPE_CNAME }, { "SRV", TYPE_SRV },
};

static const char *const rcodes[] = {
	"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED",
	"YXDOMAIN", "YXRRSET", "NXRRSET", "NOTAUTH", "NOTZONE",
};

/**
 * struct reader - a message that is read
 * @bytes: the message
 * @len: its length
 * @at: how far it was read
 */
struct reader {
	const uint8_t *bytes;
	size_t len;
	size_t at;
};

/**
 * struct record - a record of an answer
 * @type: its type
 * @class: its class
 * @data: where in the message its data begin
 * @len: their length
 */
struct record {
	uint16_t type;
	uint16_t class;
	size_t data;
	size_t len;
};

static void put16(struct dns_query *query, unsigned int value)
{
	query->bytes[query->len++] = (uint8_t)(value >> 8);
	query->bytes[query->len++] = (uint8_t)value;
}

static int put_name(struct dns_query *query, const char *name)
{
	size_t begin = query->len, label;

	if (!strcmp(name, "."))
		name++;
	while (*name) {
		label = strcspn(name, ".");
		if (!label || label > LABEL_MAX ||
		    query->len - begin + label + 2 > WIRE_NAME_MAX)
			return -EINVAL;
		query->bytes[query->len++] = (uint8_t)label;
		memcpy(query->bytes + query->len, name, label);
		query->len += label;
		name += label;
		name += *name == '.';
	}
	query->bytes[query->len++] = 0;

	return 0;
}

static void reverse4(const struct lb_addr *addr, char *buf, size_t size)
{
	const uint8_t *byte = (const uint8_t *)&addr->v4;

	snprintf(buf, size, "%u.%u.%u.%u.in-addr.arpa", byte[3], byte[2],
		 byte[1], byte[0]);
}

static void reverse6(const struct lb_addr *addr, char *buf, size_t size)
{
	size_t used = 0;
	int i;

	for (i = 15; i >= 0; i--)
		used += (size_t)snprintf(buf + used, size - used, "%x.%x.",
					 addr->v6.s6_addr[i] & 15,
					 addr->v6.s6_addr[i] >> 4);
	snprintf(buf + used, size - used, "ip6.arpa");
}

/* The name under which the name of an address is kept. */
static const char *reverse(const char *name, char *buf, size_t size)
{
	struct lb_addr addr;

	if (lb_addr_parse(name, &addr, NULL))
		return name;
	if (addr.family == AF_INET6)
		reverse6(&addr, buf, size);
	else
		reverse4(&addr, buf, size);

	return buf;
}

/**
 * dns_query_make() - make a question
 * @query: where to
 * @args: what the check is told; stay valid as long as @query
 * @id: by which the answer is known
 *
 * Return: 0 or -EINVAL.
 */
int dns_query_make(struct dns_query *query, const struct lb_args *args,
		   uint16_t id)
{
	const char *type = lb_args_or(args, "type", "A");
	const char *name = lb_args_or(args, "name", "");
	char buf[DNS_NAME];
	size_t i = 0;

	memset(query, 0, sizeof(*query));
	while (i < ARRAY_SIZE(types) && strcmp(types[i].name, type))
		i++;
	if (i == ARRAY_SIZE(types) || !*name)
		return -EINVAL;

	query->type = types[i].type;
	query->type_name = types[i].name;
	query->any_rcode = !strcmp(lb_args_or(args, "rcode", "noerror"), "any");
	query->expect = lb_args_get(args, "expect");
	if (query->type == TYPE_PTR)
		name = reverse(name, buf, sizeof(buf));

	put16(query, id);
	put16(query, FLAG_RECURSE);
	put16(query, 1);
	put16(query, 0);
	put16(query, 0);
	put16(query, 0);
	if (put_name(query, name))
		return -EINVAL;
	put16(query, query->type);
	put16(query, CLASS_IN);

	return 0;
}

static int get16(struct reader *reader, unsigned int *value)
{
	const uint8_t *byte = reader->bytes + reader->at;

	if (reader->len - reader->at < 2)
		return -EBADMSG;
	*value = (unsigned int)byte[0] << 8 | byte[1];
	reader->at += 2;

	return 0;
}

static int get32(struct reader *reader, uint32_t *value)
{
	unsigned int high, low;

	if (get16(reader, &high) || get16(reader, &low))
		return -EBADMSG;
	*value = (uint32_t)high << 16 | low;

	return 0;
}

/* A dot or something unprintable in a label is none of the name's own. */
static void label_print(const uint8_t *label, size_t len, char *out)
{
	size_t i;

	for (i = 0; i < len; i++)
		out[i] = isgraph(label[i]) && label[i] != '.' ? (char)label[i] :
								'?';
}

/*
 * A name at an offset, which is one past it afterwards. A pointer only leads
 * back, before where the labels so far began, so that there is an end to it; and
 * with a label between two there are never more than a name has labels.
 */
static int name_read(const struct reader *message, size_t *offset,
		     char name[DNS_NAME])
{
	size_t at = *offset, limit = at, used = 0, len;
	unsigned int jumps = 0;

	for (;;) {
		if (at >= message->len)
			return -EBADMSG;
		len = message->bytes[at++];
		if (len >> 6 == 3) {
			if (at >= message->len)
				return -EBADMSG;
			len = (len & 0x3f) << 8 | message->bytes[at++];
			if (!jumps)
				*offset = at;
			if (len >= limit || ++jumps > LABELS_MAX)
				return -EBADMSG;
			limit = len;
			at = len;
			continue;
		}
		if (!len)
			break;
		if (len > LABEL_MAX || len > message->len - at ||
		    used + len + 2 > DNS_NAME)
			return -EBADMSG;
		if (used)
			name[used++] = '.';
		label_print(message->bytes + at, len, name + used);
		used += len;
		at += len;
	}

	name[used] = '\0';
	if (!jumps)
		*offset = at;

	return 0;
}

static int get_name(struct reader *reader, char name[DNS_NAME])
{
	return name_read(reader, &reader->at, name);
}

/* The question must be repeated, in any case of letters. */
static bool is_question(const struct dns_query *query, struct reader *reader)
{
	struct reader asked = {
		.bytes = query->bytes, .len = query->len, .at = HEADER,
	};
	char ours[DNS_NAME], theirs[DNS_NAME];
	unsigned int type, class;

	if (get_name(&asked, ours) || get_name(reader, theirs) ||
	    get16(reader, &type) || get16(reader, &class))
		return false;

	return type == query->type && class == CLASS_IN &&
	       !strcasecmp(ours, theirs);
}

static int get_record(struct reader *reader, struct record *record)
{
	unsigned int type, class, len;
	char name[DNS_NAME];
	uint32_t ttl;

	if (get_name(reader, name) || get16(reader, &type) ||
	    get16(reader, &class) || get32(reader, &ttl) ||
	    get16(reader, &len) || len > reader->len - reader->at)
		return -EBADMSG;

	record->type = (uint16_t)type;
	record->class = (uint16_t)class;
	record->data = reader->at;
	record->len = len;
	reader->at += len;

	return 0;
}

static int print_address(const struct reader *data, char *buf, size_t size)
{
	const uint8_t *bytes = data->bytes + data->at;
	size_t len = data->len - data->at;
	struct lb_addr addr = { 0 };

	if (len == sizeof(addr.v4)) {
		addr.family = AF_INET;
		memcpy(&addr.v4, bytes, len);
	} else if (len == sizeof(addr.v6)) {
		addr.family = AF_INET6;
		memcpy(&addr.v6, bytes, len);
	} else {
		return -EBADMSG;
	}
	lb_addr_print(&addr, buf, size);

	return 0;
}

/* Strings of up to 255 bytes, which together are one. */
static int print_strings(struct reader *data, char *buf, size_t size)
{
	size_t used = 0, len, i;

	while (data->at < data->len) {
		len = data->bytes[data->at++];
		if (len > data->len - data->at)
			return -EBADMSG;
		for (i = 0; i < len && used + 1 < size; i++)
			buf[used++] = (char)(data->bytes[data->at + i] ?
					     data->bytes[data->at + i] : '?');
		data->at += len;
	}
	buf[used] = '\0';

	return 0;
}

/* So many numbers of 16 bits, then a name. */
static int print_numbers(struct reader *data, unsigned int count, char *buf,
			 size_t size)
{
	char name[DNS_NAME];
	unsigned int value;
	size_t used = 0;

	while (count--) {
		if (get16(data, &value))
			return -EBADMSG;
		used += (size_t)snprintf(buf + used, size - used, "%u ",
					 value);
	}
	if (get_name(data, name))
		return -EBADMSG;
	snprintf(buf + used, size - used, "%s", name);

	return 0;
}

static int print_soa(struct reader *data, char *buf, size_t size)
{
	char server[DNS_NAME], mailbox[DNS_NAME];
	uint32_t serial;

	if (get_name(data, server) || get_name(data, mailbox) ||
	    get32(data, &serial))
		return -EBADMSG;
	snprintf(buf, size, "%s %s %u", server, mailbox, serial);

	return 0;
}

/* The data of a record as zone files have them. */
static int record_print(const struct reader *message,
			const struct record *record, char *buf, size_t size)
{
	struct reader data = {
		.bytes = message->bytes,
		.len = record->data + record->len,
		.at = record->data,
	};

	switch (record->type) {
	case TYPE_A:
	case TYPE_AAAA:
		return print_address(&data, buf, size);
	case TYPE_TXT:
		return print_strings(&data, buf, size);
	case TYPE_MX:
		return print_numbers(&data, 1, buf, size);
	case TYPE_SRV:
		return print_numbers(&data, 3, buf, size);
	case TYPE_SOA:
		return print_soa(&data, buf, size);
	default:
		return print_numbers(&data, 0, buf, size);
	}
}

static bool address_equal(const char *a, const char *b)
{
	struct lb_addr addr, other;

	return !lb_addr_parse(a, &addr, NULL) &&
	       !lb_addr_parse(b, &other, NULL) && lb_addr_equal(&addr, &other);
}

/* A dot at the end of a name means nothing here. */
static bool word_equal(const char *word, size_t len, const char *expect)
{
	size_t want = strlen(expect);

	if (want > 1 && expect[want - 1] == '.')
		want--;

	return len == want && !strncasecmp(word, expect, len);
}

/* All of a record, or one word of it; of a text any part. */
static bool record_matches(const struct dns_query *query, const char *text)
{
	const char *expect = query->expect;
	size_t len;

	if (query->type == TYPE_A || query->type == TYPE_AAAA)
		return address_equal(text, expect);
	if (query->type == TYPE_TXT)
		return strstr(text, expect);
	if (word_equal(text, strlen(text), expect))
		return true;

	for (;;) {
		len = strcspn(text, " ");
		if (word_equal(text, len, expect))
			return true;
		if (!text[len])
			return false;
		text += len + 1;
	}
}

/* How many records there are that were asked for; those expected, if any are. */
static int records_count(const struct dns_query *query, struct reader *reader,
			 unsigned int answers, unsigned int *found,
			 unsigned int *matching)
{
	struct record record;
	char text[RECORD_TEXT];

	*found = 0;
	*matching = 0;
	while (answers--) {
		if (get_record(reader, &record))
			return -EBADMSG;
		if (record.type != query->type || record.class != CLASS_IN)
			continue;
		if (record_print(reader, &record, text, sizeof(text)))
			return -EBADMSG;
		++*found;
		*matching += !query->expect || record_matches(query, text);
	}

	return 0;
}

static const char *rcode_print(unsigned int rcode, char *buf, size_t size)
{
	if (rcode < ARRAY_SIZE(rcodes))
		snprintf(buf, size, "%s", rcodes[rcode]);
	else
		snprintf(buf, size, "error %u", rcode);

	return buf;
}

static enum dns_verdict judge_records(const struct dns_query *query,
				      struct reader *reader,
				      unsigned int answers, bool truncated,
				      char *text, size_t size)
{
	unsigned int found, matching;
	int ret;

	ret = records_count(query, reader, answers, &found, &matching);
	if (ret && !truncated) {
		snprintf(text, size, "the answer makes no sense");
		return DNS_WRONG;
	}
	if (matching || (truncated && !query->expect)) {
		snprintf(text, size, "%s%s%s", query->type_name,
			 query->expect ? " " : "",
			 query->expect ? query->expect : "");
		return DNS_GOOD;
	}

	if (truncated)
		snprintf(text, size,
			 "the answer is cut off; it needs proto=tcp");
	else if (found)
		snprintf(text, size, "no %s is %s", query->type_name,
			 query->expect);
	else
		snprintf(text, size, "no %s", query->type_name);

	return DNS_WRONG;
}

/**
 * dns_judge() - say what an answer means
 * @query: question
 * @bytes: answer
 * @len: its length
 * @text: where to say what it is, unless it is to another question
 * @size: size of @text
 *
 * Return: &enum dns_verdict.
 */
enum dns_verdict dns_judge(const struct dns_query *query, const uint8_t *bytes,
			   size_t len, char *text, size_t size)
{
	struct reader reader = { .bytes = bytes, .len = len };
	unsigned int id, flags, questions, answers, others;

	*text = '\0';
	if (get16(&reader, &id) || get16(&reader, &flags) ||
	    get16(&reader, &questions) || get16(&reader, &answers) ||
	    get16(&reader, &others) || get16(&reader, &others) ||
	    memcmp(bytes, query->bytes, 2) || !(flags & FLAG_RESPONSE))
		return DNS_OTHER;

	/* An error may come without the question. */
	if (questions && !is_question(query, &reader))
		return DNS_OTHER;

	if (flags & RCODE_MASK) {
		rcode_print(flags & RCODE_MASK, text, size);
		return query->any_rcode && !query->expect ? DNS_GOOD :
							    DNS_WRONG;
	}
	if (query->any_rcode && !query->expect) {
		rcode_print(0, text, size);
		return DNS_GOOD;
	}
	if (questions != 1) {
		snprintf(text, size, "the answer makes no sense");
		return DNS_WRONG;
	}

	return judge_records(query, &reader, answers, flags & FLAG_TRUNCATED,
			     text, size);
}
