// SPDX-License-Identifier: GPL-2.0-only
/*
 * lbctl show: the overview.
 */

#include "cmd.h"
#include "describe.h"
#include "out.h"
#include "picture.h"

#include <string.h>

static void show_reals(struct lb_out *out, const struct picture *pic,
		       const struct lb_vip *vip)
{
	size_t i;

	lb_out_list(out, "reals");
	for (i = 0; i < pic->real_count; i++) {
		if (strcmp(pic->reals[i].vip, vip->name))
			continue;
		lb_out_object(out, NULL);
		describe_real(out, &pic->reals[i], false, false);
		lb_out_end(out);
	}
	lb_out_end(out);
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
	lb_out_uint(out, "conns", NULL, pic.info.conns);
	lb_out_uint(out, "conns_max", NULL, pic.info.conns_max);
	lb_out_uint(out, "persists", NULL, pic.info.persists);
	lb_out_uint(out, "persists_max", NULL, pic.info.persists_max);
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
