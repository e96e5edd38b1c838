// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command line's words to persistence entries.
 */

#include "duration.h"
#include "err.h"
#include "option.h"
#include "parse.h"

#include <errno.h>
#include <string.h>

static int persist_set_vip(void *object, const char *value, struct lb_err *err)
{
	struct lb_persist *persist = object;

	return lb_option_name(value, persist->vip, err);
}

static int persist_set_src(void *object, const char *value, struct lb_err *err)
{
	struct lb_persist *persist = object;
	int ret;

	if (!value)
		return lb_option_no_default("src", err);
	ret = lb_addr_parse(value, &persist->client.addr, err);
	if (ret)
		return ret;
	persist->client.len = (uint8_t)lb_addr_bits(&persist->client.addr);

	return 0;
}

static int persist_set_real(void *object, const char *value, struct lb_err *err)
{
	struct lb_persist *persist = object;

	return lb_option_name(value, persist->real, err);
}

static int persist_set_for(void *object, const char *value, struct lb_err *err)
{
	struct lb_persist *persist = object;

	if (!value)
		return lb_option_no_default("for", err);
	persist->has |= LB_BIT(L4LB_A_PERSIST_LEFT);

	return lb_duration_parse(value, L4LB_PERSIST_MIN, &persist->left, err);
}

static void persist_set_forever(void *object)
{
	struct lb_persist *persist = object;

	persist->forever = true;
}

/* The first so many options are those of a new entry only. */
#define PERSIST_NEW_ONLY	3

static const struct lb_option persist_options[] = {
	{ .word = "real", .set = persist_set_real },
	{ .word = "for", .set = persist_set_for },
	{ .word = "forever", .flag = persist_set_forever },
	{ .word = "vip", .set = persist_set_vip },
	{ .word = "src", .set = persist_set_src },
	{ .word = NULL },
};

/* Whose entry it is. */
static int persist_take(struct lb_words *words, const struct lb_option *options,
			struct lb_persist *persist, struct lb_err *err)
{
	int ret;

	memset(persist, 0, sizeof(*persist));
	ret = lb_options_take(words, options, persist, err);
	if (ret)
		return ret;
	if (!*persist->vip)
		return lb_option_missing("vip NAME", err);
	if (!persist->client.addr.family)
		return lb_option_missing("src ADDRESS", err);

	return 0;
}

/**
 * lb_parse_persist_new() - parse an entry to make
 * @words: ``vip NAME src ADDRESS real NAME [for TIME|forever]``
 * @persist: where to
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int lb_parse_persist_new(struct lb_words *words, struct lb_persist *persist,
			 struct lb_err *err)
{
	int ret;

	ret = persist_take(words, persist_options, persist, err);
	if (ret)
		return ret;
	if (!*persist->real)
		return lb_option_missing("real NAME", err);
	if (persist->forever && lb_has(persist->has, L4LB_A_PERSIST_LEFT))
		return lb_err_set(err, -EINVAL,
				  "\"for\" and \"forever\" exclude each other");

	return 0;
}

/**
 * lb_parse_persist_del() - parse which entry to remove
 * @words: ``vip NAME src ADDRESS``
 * @filter: where to
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int lb_parse_persist_del(struct lb_words *words, struct lb_filter *filter,
			 struct lb_err *err)
{
	struct lb_persist persist;
	int ret;

	memset(filter, 0, sizeof(*filter));
	ret = persist_take(words, &persist_options[PERSIST_NEW_ONLY], &persist,
			   err);
	if (ret)
		return ret;

	filter->has = LB_BIT(L4LB_A_FILTER_VIP) | LB_BIT(L4LB_A_FILTER_ADDR4);
	lb_name_copy(filter->vip, persist.vip);
	filter->src = persist.client;

	return 0;
}
