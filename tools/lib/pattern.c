// SPDX-License-Identifier: GPL-2.0-only
/*
 * Regular expressions that are cheap enough to be used on what a server says.
 *
 * The C library copies what is repeated, so that repetitions of repetitions
 * take more memory than there is, and more time than that if there are anchors
 * in them; and it tries all ways for a back-reference.
 */

#include "pattern.h"
#include "err.h"

#include <ctype.h>
#include <errno.h>
#include <regex.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Most groups within groups, and most parts after all copies. */
#define DEPTH_MAX	32
#define PARTS_MAX	1000UL

/**
 * struct measure - how large an expression becomes
 * @in: what is left of it
 * @depth: of the groups
 * @repeated: what was read last was a repetition
 * @size: parts of each group so far, without the last part
 * @last: size of the last part
 * @anchored: there is an anchor in the group, before the last part
 * @anchor: there is one in the last part
 */
struct measure {
	const char *in;
	unsigned int depth;
	bool repeated;
	unsigned long size[DEPTH_MAX];
	unsigned long last[DEPTH_MAX];
	bool anchored[DEPTH_MAX];
	bool anchor[DEPTH_MAX];
};

static unsigned long bounded(unsigned long size)
{
	return size < PARTS_MAX ? size : PARTS_MAX;
}

static int part_add(struct measure *m, unsigned long size, bool anchor)
{
	m->size[m->depth] = bounded(m->size[m->depth] + m->last[m->depth]);
	m->last[m->depth] = size;
	m->anchored[m->depth] |= m->anchor[m->depth];
	m->anchor[m->depth] = anchor;
	m->repeated = false;

	return 0;
}

static int part_repeat(struct measure *m, unsigned long times)
{
	if (m->repeated || m->anchor[m->depth])
		return -E2BIG;
	m->repeated = true;
	m->last[m->depth] = bounded(m->last[m->depth] * times);

	return 0;
}

/* The end of a list in brackets; what is wrong with it others will say. */
static const char *bracket_end(const char *in)
{
	in += *in == '^';
	in += *in == ']';
	for (; *in && *in != ']'; in++) {
		if (*in == '[' && in[1] && strchr(".:=", in[1])) {
			in = strchr(in + 2, ']');
			if (!in)
				return "";
		}
	}

	return *in ? in + 1 : in;
}

/* The larger number of {1,2}; one that is not there counts as well. */
static unsigned long interval_take(struct measure *m)
{
	unsigned long number = 0, most = 1;

	for (; *m->in && *m->in != '}'; m->in++) {
		if (isdigit((unsigned char)*m->in))
			number = bounded(number * 10 +
					 (unsigned long)(*m->in - '0'));
		else
			number = 0;
		if (number > most)
			most = number;
	}
	m->in += *m->in == '}';

	return most + 1;
}

static int group_begin(struct measure *m)
{
	if (m->depth + 1 == DEPTH_MAX)
		return -E2BIG;
	m->depth++;
	m->size[m->depth] = 1;
	m->last[m->depth] = 0;
	m->anchored[m->depth] = false;
	m->anchor[m->depth] = false;
	m->repeated = false;

	return 0;
}

static int group_end(struct measure *m)
{
	unsigned int depth = m->depth;

	if (!depth)
		return 0;
	m->depth--;

	return part_add(m, bounded(m->size[depth] + m->last[depth]),
			m->anchored[depth] || m->anchor[depth]);
}

static int escape_take(struct measure *m)
{
	char c = *m->in;

	if (isdigit((unsigned char)c))
		return -ELOOP;
	m->in += c != '\0';

	return part_add(m, 1, c && strchr("bB<>`'", c));
}

static int part_take(struct measure *m)
{
	char c = *m->in++;

	switch (c) {
	case '\\':
		return escape_take(m);
	case '[':
		m->in = bracket_end(m->in);
		return part_add(m, 1, false);
	case '(':
		return group_begin(m);
	case ')':
		return group_end(m);
	case '+':
		return part_repeat(m, 2);
	case '*':
	case '?':
		return part_repeat(m, 1);
	case '{':
		return part_repeat(m, interval_take(m));
	default:
		return part_add(m, 1, c == '^' || c == '$');
	}
}

static int measure(const char *text)
{
	struct measure m = { .in = text };
	int ret = 0;

	while (*m.in && !ret)
		ret = part_take(&m);
	while (m.depth)
		group_end(&m);
	if (!ret && m.size[0] + m.last[0] >= PARTS_MAX)
		ret = -E2BIG;

	return ret;
}

/**
 * lb_pattern_check() - check whether an expression can be used
 * @text: POSIX extended regular expression
 * @err: why not
 *
 * Return: 0 or -EINVAL.
 */
int lb_pattern_check(const char *text, struct lb_err *err)
{
	char why[128];
	regex_t regex;
	int ret;

	ret = measure(text);
	if (ret == -ELOOP)
		return lb_err_set(err, -EINVAL,
				  "back-references cannot be used");
	if (ret)
		return lb_err_set(err, -EINVAL,
				  "it repeats too much, what is repeated already, or an anchor");

	ret = regcomp(&regex, text, REG_EXTENDED | REG_NOSUB);
	if (!ret) {
		regfree(&regex);
		return 0;
	}
	regerror(ret, &regex, why, sizeof(why));

	return lb_err_set(err, -EINVAL, "%s", why);
}
