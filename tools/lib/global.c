// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command line's words to what holds for a whole namespace.
 */

#include "compiler.h"
#include "err.h"
#include "option.h"
#include "parse.h"
#include "seed.h"

#include <errno.h>
#include <string.h>

/**
 * struct limit - a limit that can be set
 * @word: the command line's word for it
 * @attr: its attribute
 * @max: largest value
 * @offset: where in &struct lb_info it is
 */
struct limit {
	const char *word;
	unsigned int attr;
	unsigned int max;
	size_t offset;
};

static const struct limit limits[] = {
	{ "vips", L4LB_A_INFO_VIPS_MAX, L4LB_VIPS_MAX,
	  offsetof(struct lb_info, vips_max) },
	{ "reals", L4LB_A_INFO_REALS_MAX, L4LB_REALS_MAX,
	  offsetof(struct lb_info, reals_max) },
	{ "conns", L4LB_A_INFO_CONNS_MAX, L4LB_CONNS_MAX,
	  offsetof(struct lb_info, conns_max) },
	{ "persist", L4LB_A_INFO_PERSISTS_MAX, L4LB_PERSISTS_MAX,
	  offsetof(struct lb_info, persists_max) },
};

static int limit_take(struct lb_words *words, const struct limit *limit,
		      struct lb_info *info, struct lb_err *err)
{
	const char *value = lb_words_take(words);
	unsigned int number = 0;
	int ret = 0;

	if (lb_has(info->has, limit->attr))
		return lb_err_set(err, -EINVAL, "\"limit %s\" is given twice",
				  limit->word);
	if (!value)
		return lb_err_set(err, -ENODATA, "\"limit %s\" needs a value",
				  limit->word);
	if (!lb_option_is_default(value))
		ret = lb_option_number(limit->word, value, 1, limit->max,
				       &number, err);
	memcpy((char *)info + limit->offset, &number, sizeof(number));
	info->has |= LB_BIT(limit->attr);

	return ret;
}

static int global_set_limit(void *object, struct lb_words *words,
			    struct lb_err *err)
{
	const char *word = lb_words_take(words), *near = NULL;
	unsigned int best = 3;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(limits); i++) {
		if (!strcmp(word, limits[i].word))
			return limit_take(words, &limits[i], object, err);
		lb_words_nearest(word, limits[i].word, &near, &best);
	}

	return lb_err_set(err, -EINVAL,
			  "limit \"%s\" is not vips|reals|conns|persist%s%s%s",
			  word, near ? "; is it \"" : "", near ? near : "",
			  near ? "\"?" : "");
}

static int global_set_seed(void *object, const char *value, struct lb_err *err)
{
	struct lb_info *info = object;

	info->seed = 0;
	info->has |= LB_BIT(L4LB_A_INFO_SEED);
	if (!value)
		return 0;

	return lb_seed_parse(value, &info->seed, err);
}

static int global_set_partner(void *object, const char *value,
			      struct lb_err *err)
{
	struct lb_info *info = object;

	memset(&info->partners, 0, sizeof(info->partners));
	info->has |= LB_BIT(L4LB_A_INFO_PARTNERS);
	if (!value || !strcmp(value, "none"))
		return 0;

	return lb_macs_parse(value, &info->partners, err);
}

static const struct lb_option global_options[] = {
	{ .word = "seed", .set = global_set_seed },
	{ .word = "limit", .clause = global_set_limit, .repeats = true },
	{ .word = "partner", .set = global_set_partner },
	{ .word = NULL },
};

/**
 * lb_parse_global() - parse what is to hold for the whole namespace
 * @words: ``[seed HEX] [limit vips|reals|conns|persist N]...
 *	[partner MAC[,MAC...]|none]``, of which at least one is there
 * @info: where to; a limit of 0 is its default
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int lb_parse_global(struct lb_words *words, struct lb_info *info,
		    struct lb_err *err)
{
	memset(info, 0, sizeof(*info));
	if (!lb_words_peek(words))
		return lb_option_missing("OPTION", err);

	return lb_options_take(words, global_options, info, err);
}
