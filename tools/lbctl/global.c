// SPDX-License-Identifier: GPL-2.0-only
/*
 * lbctl global, lbctl standby: what holds for a whole namespace.
 */

#include "cmd.h"
#include "err.h"
#include "out.h"
#include "request.h"
#include "seed.h"

#include <stdio.h>

static int global_send(struct cmd *cmd, const struct lb_info *info)
{
	struct lb_err err = { 0 };
	int ret;

	ret = cmd_open(cmd);
	if (ret)
		return ret;
	if (lb_has(info->has, L4LB_A_INFO_STANDBY))
		cmd_hold(cmd);
	ret = lb_info_set(cmd->nl, info, &err);
	if (!ret && lb_has(info->has, L4LB_A_INFO_STANDBY))
		cmd->place = true;

	return cmd_result(cmd, ret, &err);
}

static int global_set(struct cmd *cmd, struct lb_words *words)
{
	struct lb_err err = { 0 };
	struct lb_info info;
	int ret;

	ret = lb_parse_global(words, &info, &err);
	if (ret)
		return cmd_usage(cmd, ret, &err);

	return global_send(cmd, &info);
}

static void show_limit(struct lb_out *out, const char *label, uint32_t now,
		       uint32_t max)
{
	char text[64];

	snprintf(text, sizeof(text), "%u of %u%s", now, max,
		 now >= max ? ", full" : "");
	lb_out_str(out, NULL, label, text);
}

static void global_print(struct lb_out *out, const struct lb_info *info)
{
	char seed[LB_SEED_TEXT], partners[LB_MACS_TEXT];

	lb_out_object(out, NULL);
	lb_out_bool(out, "standby", "standby", info->standby);
	lb_out_str(out, "seed", "seed",
		   lb_seed_print(info->seed, seed, sizeof(seed)));
	lb_out_str(out, "partner", "partner",
		   lb_macs_print(&info->partners, partners, sizeof(partners)));
	show_limit(out, "vips", info->vips, info->vips_max);
	show_limit(out, "reals", info->reals, info->reals_max);
	show_limit(out, "conns", info->conns, info->conns_max);
	show_limit(out, "persists", info->persists, info->persists_max);
	lb_out_uint(out, "vips", NULL, info->vips);
	lb_out_uint(out, "vips_max", NULL, info->vips_max);
	lb_out_uint(out, "reals", NULL, info->reals);
	lb_out_uint(out, "reals_max", NULL, info->reals_max);
	lb_out_uint(out, "conns", NULL, info->conns);
	lb_out_uint(out, "conns_max", NULL, info->conns_max);
	lb_out_uint(out, "persists", NULL, info->persists);
	lb_out_uint(out, "persists_max", NULL, info->persists_max);
	lb_out_end(out);
}

static int global_show(struct cmd *cmd, struct lb_words *words)
{
	struct lb_err err = { 0 };
	struct lb_info info;
	int ret;

	ret = cmd_begin(cmd, words);
	if (ret)
		return ret;
	ret = lb_info_get(cmd->nl, &info, &err);
	if (ret)
		return cmd_refused(cmd, ret, &err);

	global_print(cmd->out, &info);

	return EXIT_DONE;
}

static int standby(struct cmd *cmd, struct lb_words *words, bool on)
{
	const struct lb_info info = {
		.has = LB_BIT(L4LB_A_INFO_STANDBY),
		.standby = on,
	};
	struct lb_err err = { 0 };
	int ret;

	ret = lb_words_end(words, &err);
	if (ret)
		return cmd_usage(cmd, ret, &err);

	return global_send(cmd, &info);
}

static int standby_on(struct cmd *cmd, struct lb_words *words)
{
	return standby(cmd, words, true);
}

static int standby_off(struct cmd *cmd, struct lb_words *words)
{
	return standby(cmd, words, false);
}

#define GLOBAL_USAGE	\
	"[seed HEX] [limit vips|reals|conns|persist N]... [partner MAC,...|none]"

const struct verb global_verbs[] = {
	{ .object = "global", .name = "set", .usage = GLOBAL_USAGE,
	  .run = global_set },
	{ .object = "global", .name = "show", .usage = "",
	  .run = global_show },
	{ .object = NULL },
};

const struct verb standby_verbs[] = {
	{ .object = "standby", .name = "on", .usage = "", .run = standby_on },
	{ .object = "standby", .name = "off", .usage = "", .run = standby_off },
	{ .object = NULL },
};
