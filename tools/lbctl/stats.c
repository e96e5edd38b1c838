// SPDX-License-Identifier: GPL-2.0-only
/*
 * lbctl stats: counters and how fast they grow, packets dropped by reason.
 */

#include "cmd.h"
#include "describe.h"
#include "err.h"
#include "names.h"
#include "out.h"
#include "picture.h"
#include "rate.h"
#include "request.h"
#include "sample.h"

static void stats_reals(struct lb_out *out, struct picture *pic,
			const struct lb_vip *vip)
{
	const struct lb_real *reals;
	size_t i, count;

	reals = picture_reals(pic, vip, &count);
	lb_out_list(out, "reals");
	for (i = 0; i < count; i++) {
		lb_out_object(out, NULL);
		lb_out_str(out, "name", "real", reals[i].name);
		describe_stats(out, &reals[i].stats);
		lb_out_end(out);
	}
	lb_out_end(out);
}

/* A table of its own: in the one of VIPs the rows below are reals. */
static void stats_vip_drops(struct lb_out *out, const struct picture *pic)
{
	const struct lb_drops *drops;
	unsigned int j;
	size_t i;

	lb_out_list(out, "vip_drops");
	for (i = 0; i < pic->vip_count; i++) {
		drops = &pic->vips[i].drops;
		for (j = 0; j < drops->count; j++) {
			lb_out_object(out, NULL);
			lb_out_str(out, "vip", "vip", pic->vips[i].name);
			lb_out_str(out, "reason", "dropped",
				   lb_names_word(&lb_drop_names,
						 drops->drop[j].reason));
			lb_out_uint(out, "packets", "packets",
				    drops->drop[j].packets);
			lb_out_end(out);
		}
	}
	lb_out_end(out);
}

static void stats_print(struct lb_out *out, struct picture *pic)
{
	size_t i;

	lb_out_object(out, NULL);
	lb_out_bool(out, "flood", pic->info.flood ? "flood" : NULL,
		    pic->info.flood);
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

	describe_drops(out, &pic->info.drops);
	stats_vip_drops(out, pic);
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

static void rate_print(struct lb_out *out, const struct lb_stats *before,
		       const struct lb_stats *now, uint64_t ms)
{
	struct lb_stats rate;

	rate_stats(before, now, ms, &rate);
	lb_out_uint(out, "conns_rate", "conns/s", rate.conns);
	lb_out_uint(out, "in_packets_rate", "in packets/s", rate.in_packets);
	lb_out_uint(out, "in_bytes_rate", "in bytes/s", rate.in_bytes);
	lb_out_uint(out, "out_packets_rate", "out packets/s",
		    rate.out_packets);
	lb_out_uint(out, "out_bytes_rate", "out bytes/s", rate.out_bytes);
}

static void rates_reals(struct lb_out *out, const struct picture *before,
			struct picture *now, const struct lb_vip *vip,
			uint64_t ms)
{
	const struct lb_real *reals, *was;
	size_t i, count;

	reals = picture_reals(now, vip, &count);
	lb_out_list(out, "reals");
	for (i = 0; i < count; i++) {
		was = picture_real(before, vip->name, reals[i].name,
				   (size_t)(reals - now->reals) + i);
		lb_out_object(out, NULL);
		lb_out_str(out, "name", "real", reals[i].name);
		lb_out_uint(out, "conns", "conns", reals[i].conns);
		rate_print(out, was ? &was->stats : NULL, &reals[i].stats, ms);
		lb_out_end(out);
	}
	lb_out_end(out);
}

static void rates_drops(struct lb_out *out, const struct picture *before,
			const struct picture *now, uint64_t ms)
{
	struct lb_drops rate;
	unsigned int i;

	rate_drops(&before->info.drops, &now->info.drops, ms, &rate);
	lb_out_list(out, "drops");
	for (i = 0; i < rate.count; i++) {
		lb_out_object(out, NULL);
		lb_out_str(out, "reason", "dropped",
			   lb_names_word(&lb_drop_names, rate.drop[i].reason));
		lb_out_uint(out, "packets_rate", "packets/s",
			    rate.drop[i].packets);
		lb_out_str(out, "text", "because",
			   lb_drop_text(rate.drop[i].reason));
		lb_out_end(out);
	}
	lb_out_end(out);
}

static void rates_print(struct lb_out *out, const struct picture *before,
			struct picture *now, uint64_t ms)
{
	const struct lb_vip *vip, *was;
	size_t i;

	lb_out_object(out, NULL);
	lb_out_uint(out, "ms", NULL, ms);
	lb_out_bool(out, "flood", now->info.flood ? "flood" : NULL,
		    now->info.flood);
	lb_out_object(out, "total");
	rate_print(out, &before->info.stats, &now->info.stats, ms);
	lb_out_end(out);

	lb_out_list(out, "vips");
	for (i = 0; i < now->vip_count; i++) {
		vip = &now->vips[i];
		was = picture_vip(before, vip->name, i);
		lb_out_object(out, NULL);
		lb_out_str(out, "name", "vip", vip->name);
		lb_out_uint(out, "conns", "conns", vip->conns);
		rate_print(out, was ? &was->stats : NULL, &vip->stats, ms);
		rates_reals(out, before, now, vip, ms);
		lb_out_end(out);
	}
	lb_out_end(out);

	rates_drops(out, before, now, ms);
	lb_out_end(out);
}

static int stats_rate(struct cmd *cmd, struct lb_words *words)
{
	struct sample sample;
	int ret;

	ret = sample_take(cmd, words, &sample);
	if (ret)
		return ret;
	rates_print(cmd->out, &sample.before, &sample.now, sample.ms);
	sample_free(&sample);

	return EXIT_DONE;
}

static int stats_reset(struct cmd *cmd, struct lb_words *words)
{
	struct lb_err err = { 0 };
	int ret;

	ret = cmd_begin(cmd, words);
	if (ret)
		return ret;
	ret = lb_simple_send(cmd->nl, L4LB_CMD_STATS_RESET, &err);

	return cmd_result(cmd, ret, &err);
}

const struct verb stats_verbs[] = {
	{ .object = "stats", .name = "reset", .usage = "", .run = stats_reset },
	{ .object = "stats", .name = "rate", .usage = "[TIME]",
	  .run = stats_rate },
	{ .object = "stats", .usage = "[reset|rate]", .run = stats_show },
	{ .object = NULL },
};
