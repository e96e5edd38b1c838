/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All there is in the module, read at once.
 */

#ifndef _LBCTL_PICTURE_H
#define _LBCTL_PICTURE_H

#include "model.h"

struct cmd;
struct lb_words;

/**
 * struct picture - all there is
 * @info: versions, limits, totals
 * @vips: the VIPs
 * @vip_count: how many
 * @reals: their reals
 * @real_count: how many
 */
struct picture {
	struct lb_info info;
	struct lb_vip *vips;
	size_t vip_count;
	struct lb_real *reals;
	size_t real_count;
};

int picture_get(struct cmd *cmd, struct lb_words *words, struct picture *pic);
void picture_free(struct picture *pic);

#endif /* _LBCTL_PICTURE_H */
