// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists of clients that a VIP serves: parsed and printed as the command line
 * writes them.
 */

#include "allow.h"
#include "err.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEPARATORS	", \t\r\n"

static uint8_t *addr_bytes(struct lb_addr *addr)
{
	return addr->family == AF_INET6 ? addr->v6.s6_addr :
					  (uint8_t *)&addr->v4.s_addr;
}

static const uint8_t *addr_const_bytes(const struct lb_addr *addr)
{
	return addr->family == AF_INET6 ? addr->v6.s6_addr :
					  (const uint8_t *)&addr->v4.s_addr;
}

/* Addresses of one family, as numbers. */
static int addr_compare(const struct lb_addr *a, const struct lb_addr *b)
{
	return memcmp(addr_const_bytes(a), addr_const_bytes(b),
		      lb_addr_bits(a) / 8);
}

/* After the last address comes the first. */
static struct lb_addr addr_next(struct lb_addr addr)
{
	uint8_t *bytes = addr_bytes(&addr);
	unsigned int i = lb_addr_bits(&addr) / 8;

	while (i && !++bytes[--i])
		;

	return addr;
}

static int range_compare(const void *a, const void *b)
{
	const struct lb_allow_range *x = a, *y = b;

	return addr_compare(&x->first, &y->first);
}

/* Whether a range begins within another or right behind it. */
static bool range_joins(const struct lb_allow_range *range,
			const struct lb_allow_range *before)
{
	struct lb_addr next = addr_next(before->last);

	return addr_compare(&range->first, &before->last) <= 0 ||
	       !addr_compare(&range->first, &next);
}

static void allow_merge(struct lb_allow *allow)
{
	struct lb_allow_range *range = allow->range;
	size_t i, last = 0;

	if (!allow->count)
		return;

	qsort(range, allow->count, sizeof(*range), range_compare);
	for (i = 1; i < allow->count; i++) {
		if (!range_joins(&range[i], &range[last]))
			range[++last] = range[i];
		else if (addr_compare(&range[i].last, &range[last].last) > 0)
			range[last].last = range[i].last;
	}
	allow->count = last + 1;
}

/**
 * lb_allow_add() - add a range to the end of a list
 * @allow: the list
 * @range: the range
 *
 * Return: 0 or -ENOMEM.
 */
int lb_allow_add(struct lb_allow *allow, const struct lb_allow_range *range)
{
	size_t room = allow->room ? allow->room * 2 : 16;
	struct lb_allow_range *grown;

	if (allow->count == allow->room) {
		grown = reallocarray(allow->range, room, sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		allow->range = grown;
		allow->room = room;
	}
	allow->range[allow->count++] = *range;

	return 0;
}

/* The last address of a network: all bits set beyond its prefix. */
static void range_of_prefix(const struct lb_prefix *prefix,
			    struct lb_allow_range *range)
{
	unsigned int bit, bits = lb_addr_bits(&prefix->addr);
	uint8_t *bytes;

	range->first = prefix->addr;
	range->last = prefix->addr;
	bytes = addr_bytes(&range->last);
	for (bit = prefix->len; bit < bits; bit++)
		bytes[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
}

/* The end of a range: an address, or the last byte of one. */
static int range_parse_last(const char *text, struct lb_allow_range *range)
{
	unsigned int byte;

	range->last = range->first;
	if (range->first.family == AF_INET &&
	    !lb_uint_parse(text, 0, 255, &byte)) {
		addr_bytes(&range->last)[3] = (uint8_t)byte;
		return 0;
	}
	if (lb_addr_parse(text, &range->last, NULL) ||
	    range->last.family != range->first.family)
		return -EINVAL;

	return 0;
}

static int network_parse(const char *word, struct lb_allow_range *range,
			 struct lb_err *err)
{
	struct lb_prefix prefix;
	int ret;

	if (strchr(word, '/')) {
		ret = lb_prefix_parse(word, &prefix, err);
		if (!ret)
			range_of_prefix(&prefix, range);
		return ret;
	}

	ret = lb_addr_parse(word, &range->first, err);
	range->last = range->first;

	return ret;
}

static int range_parse(char *word, struct lb_allow_range *range,
		       struct lb_err *err)
{
	char *dash = strchr(word, '-');
	int ret;

	if (!dash)
		return network_parse(word, range, err);

	*dash = '\0';
	ret = lb_addr_parse(word, &range->first, NULL);
	if (!ret)
		ret = range_parse_last(dash + 1, range);
	*dash = '-';
	if (ret)
		return lb_err_set(err, ret, "\"%s\" is not a range of addresses",
				  word);
	if (addr_compare(&range->first, &range->last) > 0)
		return lb_err_set(err, -EINVAL,
				  "the range %s ends before it begins", word);

	return 0;
}

/* Takes a text apart. */
static int words_parse(char *text, struct lb_allow *allow, struct lb_err *err)
{
	struct lb_allow_range range;
	char *word, *rest;
	int ret;

	for (word = strtok_r(text, SEPARATORS, &rest); word;
	     word = strtok_r(NULL, SEPARATORS, &rest)) {
		ret = range_parse(word, &range, err);
		if (ret)
			return ret;
		if (allow->count &&
		    range.first.family != allow->range[0].first.family)
			return lb_err_set(err, -EINVAL,
					  "\"%s\" is of another family than the addresses before it",
					  word);
		if (lb_allow_add(allow, &range))
			return lb_err_code(err, -ENOMEM);
	}

	return 0;
}

/* Says where in a file it was. */
static int line_refuse(const char *name, unsigned int number, int ret,
		       struct lb_err *err)
{
	struct lb_err why;

	if (!err)
		return ret;
	why = *err;

	return lb_err_set(err, ret, "%s, line %u: %s", name, number, why.text);
}

static int file_parse(const char *name, struct lb_allow *allow,
		      struct lb_err *err)
{
	FILE *file = fopen(name, "re");
	unsigned int number = 0;
	char *line = NULL;
	size_t size = 0;
	int ret = 0;

	if (!file)
		return lb_err_set(err, -EINVAL, "%s: %s", name,
				  strerror(errno));

	while (!ret && getline(&line, &size, file) >= 0) {
		number++;
		*strchrnul(line, '#') = '\0';
		ret = words_parse(line, allow, err);
		if (ret)
			line_refuse(name, number, ret, err);
	}
	if (!ret && ferror(file))
		ret = lb_err_set(err, -EINVAL, "%s: %s", name,
				 strerror(errno));
	free(line);
	fclose(file);

	return ret;
}

static int list_parse(const char *text, struct lb_allow *allow,
		      struct lb_err *err)
{
	char *copy = strdup(text);
	int ret;

	if (!copy)
		return lb_err_code(err, -ENOMEM);

	ret = words_parse(copy, allow, err);
	free(copy);

	return ret;
}

/**
 * lb_allow_parse() - parse a list of clients
 * @text: addresses, prefixes and ranges such as ``192.0.2.50-192.0.2.60`` or
 *	``192.0.2.50-60``, with commas between; or ``@FILE`` with such on its
 *	lines
 * @allow: where to, sorted and merged; for lb_allow_free()
 * @err: why not
 *
 * Return: 0; -EINVAL or -ENOMEM, then there is nothing to be freed.
 */
int lb_allow_parse(const char *text, struct lb_allow *allow, struct lb_err *err)
{
	int ret;

	memset(allow, 0, sizeof(*allow));
	ret = *text == '@' ? file_parse(text + 1, allow, err) :
			     list_parse(text, allow, err);
	if (!ret && !allow->count)
		ret = lb_err_set(err, -EINVAL,
				 "\"%s\" has no address; any client is \"any\"",
				 text);
	allow_merge(allow);
	if (!ret && allow->count > L4LB_ALLOWS_MAX)
		ret = lb_err_set(err, -EINVAL,
				 "more than %u ranges of clients",
				 L4LB_ALLOWS_MAX);
	if (ret)
		lb_allow_free(allow);

	return ret;
}

/* How long the prefix is that a range is the same as; -1 if it is none. */
static int prefix_len(const struct lb_allow_range *range)
{
	const uint8_t *first = addr_const_bytes(&range->first);
	const uint8_t *last = addr_const_bytes(&range->last);
	unsigned int bit, len, bits = lb_addr_bits(&range->first);
	uint8_t mask;

	for (len = 0; len < bits; len++) {
		mask = (uint8_t)(0x80 >> len % 8);
		if ((first[len / 8] & mask) != (last[len / 8] & mask))
			break;
	}
	for (bit = len; bit < bits; bit++) {
		mask = (uint8_t)(0x80 >> bit % 8);
		if ((first[bit / 8] & mask) || !(last[bit / 8] & mask))
			return -1;
	}

	return (int)len;
}

/**
 * lb_allow_print() - print a range: as an address or a prefix if it is one
 * @range: the range
 * @buf: where to
 * @size: size of @buf, %LB_ALLOW_TEXT fits all
 *
 * Return: @buf.
 */
const char *lb_allow_print(const struct lb_allow_range *range, char *buf,
			   size_t size)
{
	char first[LB_ADDR_TEXT], last[LB_ADDR_TEXT];
	struct lb_prefix prefix;
	int len = prefix_len(range);

	if (len >= 0) {
		prefix.addr = range->first;
		prefix.len = (uint8_t)len;
		return lb_prefix_print(&prefix, buf, size);
	}

	snprintf(buf, size, "%s-%s",
		 lb_addr_print(&range->first, first, sizeof(first)),
		 lb_addr_print(&range->last, last, sizeof(last)));

	return buf;
}

/**
 * lb_allow_text() - print a list, with commas between
 * @allow: the list
 *
 * Return: the text, for the caller to free(), or NULL if memory ran out.
 */
char *lb_allow_text(const struct lb_allow *allow)
{
	char buf[LB_ALLOW_TEXT], *text = NULL;
	size_t i, size;
	FILE *file;

	file = open_memstream(&text, &size);
	if (!file)
		return NULL;

	for (i = 0; i < allow->count; i++)
		fprintf(file, "%s%s", i ? "," : "",
			lb_allow_print(&allow->range[i], buf, sizeof(buf)));
	if (fclose(file)) {
		free(text);
		return NULL;
	}

	return text;
}

/**
 * lb_allow_free() - free a list
 * @allow: the list, empty afterwards
 */
void lb_allow_free(struct lb_allow *allow)
{
	free(allow->range);
	memset(allow, 0, sizeof(*allow));
}
