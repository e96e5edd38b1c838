// SPDX-License-Identifier: GPL-2.0-only
/*
 * lbctl stats: counters, and packets dropped by reason.
 */

#include "cmd.h"
#include "describe.h"
#include "err.h"
#include "names.h"
#include "out.h"
#include "picture.h"
#include "request.h"

#include <string.h>

static void stats_reals(struct lb_out *out, const struct picture *pic,
			const struct lb_vip *vip)
{
	size_t i;

	lb_out_list(out, "reals");
	for (i = 0; i < pic->real_count; i++) {
		if (strcmp(pic->reals[i].vip, vip->name))
			continue;
		lb_out_object(out, NULL);
		lb_out_str(out, "name", "real", pic->reals[i].name);
		describe_stats(out, &pic->reals[i].stats);
		lb_out_end(out);
	}
	lb_out_end(out);
}

static void stats_drops(struct lb_out *out, const struct lb_info *info)
{
	const struct lb_drop *drop;
	unsigned int i;

	lb_out_list(out, "drops");
	for (i = 0; i < info->drop_count; i++) {
		drop = &info->drop[i];
		lb_out_object(out, NULL);
		lb_out_str(out, "reason", "dropped",
			   lb_names_word(&lb_drop_names, drop->reason));
		lb_out_uint(out, "packets", "packets", drop->packets);
		lb_out_str(out, "text", "because", lb_drop_text(drop->reason));
		lb_out_end(out);
	}
	lb_out_end(out);
}

static void stats_print(struct lb_out *out, const struct picture *pic)
{
	size_t i;

	lb_out_object(out, NULL);
	lb_out_object(out, "total");
	describe_stats(out, &pic->info.stats);
	lb_out_end(out);

	lb_out_list(out, "vips");
	for (i = 0; i < pic->vip_count; i++) {
		lb_out_object(out, NULL);
		lb_out_str(out, "name", "vip", pic->vips[i].name);
		describe_stats(out, &pic->vips[i].stats);
		stats_reals(out, pic, &pic->vips[i]);
		lb_out_end(out);
	}
	lb_out_end(out);

	stats_drops(out, &pic->info);
	lb_out_end(out);
}

static int stats_show(struct cmd *cmd, struct lb_words *words)
{
	struct picture pic;
	int ret;

	ret = picture_get(cmd, words, &pic);
	if (ret)
		return ret;

	stats_print(cmd->out, &pic);
	picture_free(&pic);

	return EXIT_DONE;
}

static int stats_reset(struct cmd *cmd, struct lb_words *words)
{
	struct lb_err err = { 0 };
	int ret;

	ret = lb_words_end(words, &err);
	if (ret)
		return cmd_usage(cmd, ret, &err);
	ret = cmd_open(cmd);
	if (ret)
		return ret;
	ret = lb_simple_send(cmd->nl, L4LB_CMD_STATS_RESET, &err);

	return cmd_result(cmd, ret, &err);
}

const struct verb stats_verbs[] = {
	{ .object = "stats", .name = "reset", .usage = "", .run = stats_reset },
	{ .object = "stats", .usage = "[reset]", .run = stats_show },
	{ .object = NULL },
};
