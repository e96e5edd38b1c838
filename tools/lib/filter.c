// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command line's words to filters: which connections or persistence entries
 * are meant.
 */

#include "err.h"
#include "option.h"
#include "parse.h"

#include <string.h>

static int filter_set_vip(void *object, const char *value, struct lb_err *err)
{
	struct lb_filter *filter = object;

	filter->has |= LB_BIT(L4LB_A_FILTER_VIP);

	return lb_option_name(value, filter->vip, err);
}

/* That of a VIP's fallback is a name that no real can have. */
static int filter_set_real(void *object, const char *value, struct lb_err *err)
{
	struct lb_filter *filter = object;

	filter->has |= LB_BIT(L4LB_A_FILTER_REAL);
	if (value && !strcmp(value, "fallback")) {
		lb_name_copy(filter->real, value);
		return 0;
	}

	return lb_option_name(value, filter->real, err);
}

static int filter_set_src(void *object, const char *value, struct lb_err *err)
{
	struct lb_filter *filter = object;

	if (!value)
		return lb_option_no_default("src", err);
	filter->has |= LB_BIT(L4LB_A_FILTER_ADDR4);

	return lb_prefix_parse(value, &filter->src, err);
}

static int filter_set_limit(void *object, const char *value, struct lb_err *err)
{
	struct lb_filter *filter = object;

	if (!value)
		return lb_option_no_default("limit", err);
	filter->has |= LB_BIT(L4LB_A_FILTER_LIMIT);

	return lb_option_number("limit", value, 1, UINT32_MAX, &filter->limit,
				err);
}

/* The first so many options are about connections only. */
#define FILTER_CONN_ONLY	1

static const struct lb_option filter_options[] = {
	{ .word = "limit", .set = filter_set_limit },
	{ .word = "vip", .set = filter_set_vip },
	{ .word = "real", .set = filter_set_real },
	{ .word = "src", .set = filter_set_src },
	{ .word = NULL },
};

static int filter_take(struct lb_words *words, const struct lb_option *options,
		       struct lb_filter *filter, bool *all, struct lb_err *err)
{
	const char *word = lb_words_peek(words);

	memset(filter, 0, sizeof(*filter));
	*all = word && !strcmp(word, "all");
	if (*all) {
		lb_words_take(words);
		return lb_words_end(words, err);
	}

	return lb_options_take(words, options, filter, err);
}

/**
 * lb_parse_conn_filter() - parse which connections are meant
 * @words: ``[vip NAME] [real NAME] [src PREFIX] [limit N] [all]``
 * @filter: where to
 * @all: whether "all" is there, which excludes the others
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int lb_parse_conn_filter(struct lb_words *words, struct lb_filter *filter,
			 bool *all, struct lb_err *err)
{
	return filter_take(words, filter_options, filter, all, err);
}

/**
 * lb_parse_persist_filter() - parse which persistence entries are meant
 * @words: ``[vip NAME] [src PREFIX] [real NAME] [all]``
 * @filter: where to
 * @all: whether "all" is there, which excludes the others
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int lb_parse_persist_filter(struct lb_words *words, struct lb_filter *filter,
			    bool *all, struct lb_err *err)
{
	return filter_take(words, &filter_options[FILTER_CONN_ONLY], filter,
			   all, err);
}
