// SPDX-License-Identifier: GPL-2.0-only
/*
 * lbctl show: the overview; lbctl show rate: the same with what happens in a
 * second, which takes a second to be seen.
 */

#include "checker.h"
#include "cmd.h"
#include "describe.h"
#include "out.h"
#include "rate.h"
#include "sample.h"

static void show_real(struct lb_out *out, const struct sample *sample,
		      const struct lb_real *real, size_t index)
{
	const struct lb_real *was;
	struct lb_stats rate;

	if (!sample) {
		describe_real(out, real, false, false);
		return;
	}
	was = picture_real(&sample->before, real->vip, real->name, index);
	rate_stats(was ? &was->stats : NULL, &real->stats, sample->ms, &rate);
	describe_real_rate(out, real, &rate);
}

static void show_reals(struct lb_out *out, struct picture *pic,
		       const struct sample *sample, const struct lb_vip *vip)
{
	const struct lb_real *reals;
	size_t i, count;

	reals = picture_reals(pic, vip, &count);
	lb_out_list(out, "reals");
	for (i = 0; i < count; i++) {
		lb_out_object(out, NULL);
		show_real(out, sample, &reals[i],
			  (size_t)(&reals[i] - pic->reals));
		lb_out_end(out);
	}
	lb_out_end(out);
}

static void show_vip(struct lb_out *out, const struct sample *sample,
		     const struct lb_vip *vip, size_t index)
{
	const struct lb_vip *was;
	struct lb_stats rate;

	if (!sample) {
		describe_vip(out, vip, false);
		return;
	}
	was = picture_vip(&sample->before, vip->name, index);
	rate_stats(was ? &was->stats : NULL, &vip->stats, sample->ms, &rate);
	describe_vip_rate(out, vip, &rate);
}

/* A line that is there only if it matters. */
static void show_full(struct lb_out *out, const char *label, uint32_t now,
		      uint32_t max)
{
	if (now >= max)
		lb_out_str(out, NULL, label, "full");
}

static void show_checker(struct lb_out *out, struct picture *pic)
{
	bool runs = lb_checker_runs();

	lb_out_bool(out, "checker", NULL, runs);
	if (!runs && picture_needs_checker(pic))
		lb_out_str(out, NULL, "checks", "no checker is running");
}

/* With a sample, its second picture is shown, and what has become of the first. */
static void show_picture(struct lb_out *out, struct picture *pic,
			 const struct sample *sample)
{
	size_t i;

	lb_out_object(out, NULL);
	lb_out_uint(out, "generation", NULL, pic->info.generation);
	if (sample)
		lb_out_uint(out, "ms", NULL, sample->ms);
	lb_out_bool(out, "standby", pic->info.standby ? "standby" : NULL,
		    pic->info.standby);
	lb_out_uint(out, "conns", NULL, pic->info.conns);
	lb_out_uint(out, "conns_max", NULL, pic->info.conns_max);
	show_full(out, "conns", pic->info.conns, pic->info.conns_max);
	lb_out_uint(out, "persists", NULL, pic->info.persists);
	lb_out_uint(out, "persists_max", NULL, pic->info.persists_max);
	show_full(out, "persists", pic->info.persists, pic->info.persists_max);
	lb_out_bool(out, "flood", pic->info.flood ? "flood" : NULL,
		    pic->info.flood);
	show_checker(out, pic);
	lb_out_list(out, "vips");
	for (i = 0; i < pic->vip_count; i++) {
		lb_out_object(out, NULL);
		show_vip(out, sample, &pic->vips[i], i);
		show_reals(out, pic, sample, &pic->vips[i]);
		lb_out_end(out);
	}
	lb_out_end(out);
	lb_out_end(out);
}

static int show(struct cmd *cmd, struct lb_words *words)
{
	struct picture pic;
	int ret;

	ret = picture_get(cmd, words, &pic);
	if (ret)
		return ret;
	show_picture(cmd->out, &pic, NULL);
	picture_free(&pic);

	return EXIT_DONE;
}

static int show_rate(struct cmd *cmd, struct lb_words *words)
{
	struct sample sample;
	int ret;

	ret = sample_take(cmd, words, &sample);
	if (ret)
		return ret;
	show_picture(cmd->out, &sample.now, &sample);
	sample_free(&sample);

	return EXIT_DONE;
}

const struct verb show_verbs[] = {
	{ .object = "show", .name = "rate", .usage = "[TIME]",
	  .run = show_rate },
	{ .object = "show", .usage = "[rate]", .run = show },
	{ .object = NULL },
};
