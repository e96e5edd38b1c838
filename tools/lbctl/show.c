// SPDX-License-Identifier: GPL-2.0-only
/*
 * lbctl show: the overview.
 */

#include "checker.h"
#include "cmd.h"
#include "describe.h"
#include "out.h"
#include "picture.h"

static void show_reals(struct lb_out *out, struct picture *pic,
		       const struct lb_vip *vip)
{
	const struct lb_real *reals;
	size_t i, count;

	reals = picture_reals(pic, vip, &count);
	lb_out_list(out, "reals");
	for (i = 0; i < count; i++) {
		lb_out_object(out, NULL);
		describe_real(out, &reals[i], false, false);
		lb_out_end(out);
	}
	lb_out_end(out);
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

static int show(struct cmd *cmd, struct lb_words *words)
{
	struct lb_out *out = cmd->out;
	struct picture pic;
	size_t i;
	int ret;

	ret = picture_get(cmd, words, &pic);
	if (ret)
		return ret;

	lb_out_object(out, NULL);
	lb_out_uint(out, "generation", NULL, pic.info.generation);
	lb_out_bool(out, "standby", pic.info.standby ? "standby" : NULL,
		    pic.info.standby);
	lb_out_uint(out, "conns", NULL, pic.info.conns);
	lb_out_uint(out, "conns_max", NULL, pic.info.conns_max);
	show_full(out, "conns", pic.info.conns, pic.info.conns_max);
	lb_out_uint(out, "persists", NULL, pic.info.persists);
	lb_out_uint(out, "persists_max", NULL, pic.info.persists_max);
	show_full(out, "persists", pic.info.persists, pic.info.persists_max);
	lb_out_bool(out, "flood", pic.info.flood ? "flood" : NULL,
		    pic.info.flood);
	show_checker(out, &pic);
	lb_out_list(out, "vips");
	for (i = 0; i < pic.vip_count; i++) {
		lb_out_object(out, NULL);
		describe_vip(out, &pic.vips[i], false);
		show_reals(out, &pic, &pic.vips[i]);
		lb_out_end(out);
	}
	lb_out_end(out);
	lb_out_end(out);
	picture_free(&pic);

	return EXIT_DONE;
}

const struct verb show_verbs[] = {
	{ .object = "show", .usage = "", .run = show },
	{ .object = NULL },
};
