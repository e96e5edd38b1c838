// SPDX-License-Identifier: GPL-2.0-only
/*
 * Regular expressions on what a server says: by TRE, whose time grows with the
 * length of a text and no faster, as the C library's does, and which takes no
 * memory for what it meets. What it costs depends on the expression alone, so
 * that no server can make it more.
 *
 * It copies what is repeated, so that repetitions of repetitions are bounded,
 * and what may be left out costs as much as there is of it in a row.
 */

#include "pattern.h"
#include "err.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <tre/tre.h>

/* Most groups within groups, and most parts after all copies. */
#define DEPTH_MAX	32
#define PARTS_MAX	1000UL

/**
 * struct lb_pattern - a regular expression
 * @regex: TRE's
 * @parts: how many parts it has after all copies
 */
struct lb_pattern {
	regex_t regex;
	size_t parts;
};

/**
 * struct group - a group of an expression, or all of it
 * @size: parts so far, without the last part
 * @last: size of the last part
 * @row: parts right before the last one that may be left out
 * @anchored: there is an anchor, before the last part
 * @anchor: there is one in the last part
 * @optional: the last part may be left out
 * @solid: something in this branch may not
 * @hollow: a branch before it may be empty
 */
struct group {
	unsigned long size;
	unsigned long last;
	unsigned long row;
	bool anchored;
	bool anchor;
	bool optional;
	bool solid;
	bool hollow;
};

/**
 * struct measure - how large an expression becomes
 * @in: what is left of it
 * @depth: of the groups
 * @repeated: what was read last was a repetition
 * @group: the groups
 */
struct measure {
	const char *in;
	unsigned int depth;
	bool repeated;
	struct group group[DEPTH_MAX];
};

static unsigned long bounded(unsigned long size)
{
	return size < PARTS_MAX ? size : PARTS_MAX;
}

/* The last part will not be repeated any more. */
static void last_settle(struct group *group)
{
	if (group->last && group->optional) {
		group->row = bounded(group->row + group->last);
		group->last = bounded(group->last + group->row);
	} else if (group->last) {
		group->row = 0;
		group->solid |= !group->anchor;
	}
	group->size = bounded(group->size + group->last);
	group->anchored |= group->anchor;
	group->last = 0;
	group->anchor = false;
	group->optional = false;
}

static int part_add(struct measure *m, unsigned long size, bool anchor)
{
	struct group *group = &m->group[m->depth];

	last_settle(group);
	group->last = size;
	group->anchor = anchor;
	m->repeated = false;

	return 0;
}

static int part_repeat(struct measure *m, unsigned long times, bool optional)
{
	struct group *group = &m->group[m->depth];

	if (!group->last)
		return -EBADMSG;
	if (m->repeated || group->anchor)
		return -E2BIG;
	m->repeated = true;
	group->last = bounded(group->last * times);
	/* From each copy all that follow can be reached. */
	if (group->optional)
		group->last = bounded(group->last * times);
	group->optional |= optional;

	return 0;
}

static void branch_end(struct group *group)
{
	last_settle(group);
	group->hollow |= !group->solid;
	group->solid = false;
	group->row = 0;
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
static int interval_take(struct measure *m)
{
	bool optional = *m->in == '0' || *m->in == ',';
	unsigned long number = 0, most = 1;

	/* What else TRE has in braces are texts that nearly match. */
	if (!isdigit((unsigned char)*m->in) && *m->in != ',')
		return -EBADMSG;
	for (; *m->in && *m->in != '}'; m->in++) {
		if (!isdigit((unsigned char)*m->in) && *m->in != ',')
			return -EBADMSG;
		if (*m->in == ',')
			number = 0;
		else
			number = bounded(number * 10 +
					 (unsigned long)(*m->in - '0'));
		if (number > most)
			most = number;
	}
	m->in += *m->in == '}';

	return part_repeat(m, most + 1, optional);
}

static int group_begin(struct measure *m)
{
	if (m->depth + 1 == DEPTH_MAX)
		return -E2BIG;
	/* What TRE has in a group that begins so is nobody's standard. */
	if (*m->in == '?')
		return -EBADMSG;
	m->depth++;
	m->group[m->depth] = (struct group) { .size = 1 };
	m->repeated = false;

	return 0;
}

static int group_end(struct measure *m)
{
	struct group *group = &m->group[m->depth];

	/* Behind a backslash TRE takes memory without end for it. */
	if (!m->depth)
		return -EBADMSG;
	m->depth--;
	branch_end(group);
	part_add(m, group->size, group->anchored);
	m->group[m->depth].optional = group->hollow;

	return 0;
}

static int branch_begin(struct measure *m)
{
	branch_end(&m->group[m->depth]);
	m->group[m->depth].size = bounded(m->group[m->depth].size + 1);
	m->repeated = false;

	return 0;
}

static int escape_take(struct measure *m)
{
	char c = *m->in;

	if (isdigit((unsigned char)c))
		return -ELOOP;
	if (c == 'Q')
		return -EBADMSG;
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
	case '|':
		return branch_begin(m);
	case '+':
		return part_repeat(m, 2, false);
	case '*':
	case '?':
		return part_repeat(m, 1, true);
	case '{':
		return interval_take(m);
	default:
		return part_add(m, 1, c == '^' || c == '$');
	}
}

static int measure(const char *text, size_t *parts)
{
	struct measure m = { .in = text };
	int ret = 0;

	while (*m.in && !ret)
		ret = part_take(&m);
	while (m.depth)
		group_end(&m);
	last_settle(&m.group[0]);
	*parts = m.group[0].size + 1;
	if (!ret && m.group[0].size >= PARTS_MAX)
		ret = -E2BIG;

	return ret;
}

static int measure_refuse(int why, struct lb_err *err)
{
	switch (why) {
	case -ELOOP:
		return lb_err_set(err, -EINVAL,
				  "back-references cannot be used");
	case -EBADMSG:
		return lb_err_set(err, -EINVAL,
				  "it is not a POSIX extended expression");
	default:
		return lb_err_set(err, -EINVAL,
				  "it repeats too much, what is repeated already, or an anchor");
	}
}

/**
 * lb_pattern_new() - make an expression
 * @patternp: where to
 * @text: POSIX extended regular expression
 * @err: why not
 *
 * Return: 0 or -errno; -EINVAL for one that cannot be used.
 */
int lb_pattern_new(struct lb_pattern **patternp, const char *text,
		   struct lb_err *err)
{
	struct lb_pattern *pattern;
	char why[128];
	size_t parts;
	int ret;

	ret = measure(text, &parts);
	if (ret)
		return measure_refuse(ret, err);
	pattern = calloc(1, sizeof(*pattern));
	if (!pattern)
		return lb_err_code(err, -ENOMEM);

	pattern->parts = parts;
	ret = tre_regcomp(&pattern->regex, text, REG_EXTENDED);
	if (ret) {
		tre_regerror(ret, &pattern->regex, why, sizeof(why));
		free(pattern);
		return lb_err_set(err, -EINVAL, "%s", why);
	}
	*patternp = pattern;

	return 0;
}

/**
 * lb_pattern_free() - free an expression
 * @pattern: what lb_pattern_new() made, or NULL
 */
void lb_pattern_free(struct lb_pattern *pattern)
{
	if (!pattern)
		return;
	tre_regfree(&pattern->regex);
	free(pattern);
}

/**
 * lb_pattern_find() - look for what an expression matches
 * @pattern: the expression
 * @text: where, maybe with NULs in it
 * @len: how long that is
 * @work: what may still be spent on it, at first %LB_PATTERN_WORK, less what
 *	is; where it does not do, less of the text is looked at, and it is 0
 * @end: where the end of what matches goes, or NULL
 *
 * Return: whether there is such.
 */
bool lb_pattern_find(const struct lb_pattern *pattern, const char *text,
		     size_t len, size_t *work, size_t *end)
{
	regmatch_t match;

	if (len >= *work / pattern->parts) {
		len = *work / pattern->parts;
		*work = 0;
	} else {
		*work -= len * pattern->parts;
	}
	if (tre_regnexec(&pattern->regex, text, len, end ? 1 : 0, &match, 0))
		return false;
	if (end)
		*end = (size_t)match.rm_eo;

	return true;
}

/**
 * lb_pattern_check() - check whether an expression can be used
 * @text: POSIX extended regular expression
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int lb_pattern_check(const char *text, struct lb_err *err)
{
	struct lb_pattern *pattern = NULL;
	int ret = lb_pattern_new(&pattern, text, err);

	if (!ret)
		lb_pattern_free(pattern);

	return ret;
}
