// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command line's words to filters: which connections or persistence entries
 * are meant.
 */

#include "err.h"
#include "option.h"
#include "parse.h"

#include <errno.h>
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

static void filter_set_all(void *object)
{
	struct lb_filter *filter = object;

	filter->all = true;
}

/* The first so many options are about connections only. */
#define FILTER_CONN_ONLY	1

static const struct lb_option filter_options[] = {
	{ .word = "limit", .set = filter_set_limit },
	{ .word = "vip", .set = filter_set_vip },
	{ .word = "real", .set = filter_set_real },
	{ .word = "src", .set = filter_set_src },
	{ .word = "all", .flag = filter_set_all },
	{ .word = NULL },
};

/* Who says "all" and names some may have meant either. */
static int filter_refuse(const struct lb_filter *filter, const char *what,
			 struct lb_err *err)
{
	const char *word;

	if (!filter->all || !(filter->has & ~LB_BIT(L4LB_A_FILTER_LIMIT)))
		return 0;
	word = lb_has(filter->has, L4LB_A_FILTER_VIP) ? "vip" :
	       lb_has(filter->has, L4LB_A_FILTER_REAL) ? "real" : "src";

	return lb_err_set(err, -ENOPROTOOPT,
			  "unexpected \"%s\" for %s with \"all\"", word, what);
}

static int filter_take(struct lb_words *words, const struct lb_option *options,
		       struct lb_filter *filter, struct lb_err *err)
{
	int ret;

	memset(filter, 0, sizeof(*filter));
	ret = lb_options_take(words, options, filter, err);

	return ret ? ret : filter_refuse(filter, words->what, err);
}

/**
 * lb_parse_conn_filter() - parse which connections are meant
 * @words: ``[vip NAME] [real NAME] [src PREFIX] [limit N] [all]``
 * @filter: where to
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int lb_parse_conn_filter(struct lb_words *words, struct lb_filter *filter,
			 struct lb_err *err)
{
	return filter_take(words, filter_options, filter, err);
}

/**
 * lb_parse_persist_filter() - parse which persistence entries are meant
 * @words: ``[vip NAME] [src PREFIX] [real NAME] [all]``
 * @filter: where to
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int lb_parse_persist_filter(struct lb_words *words, struct lb_filter *filter,
			    struct lb_err *err)
{
	return filter_take(words, &filter_options[FILTER_CONN_ONLY], filter,
			   err);
}
