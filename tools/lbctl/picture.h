/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All there is in the module, read at once.
 */

#ifndef _LBCTL_PICTURE_H
#define _LBCTL_PICTURE_H

#include "model.h"

#include <stdbool.h>

struct cmd;
struct lb_err;
struct lb_nl;
struct lb_words;

/**
 * struct picture - all there is
 * @info: versions, limits, totals
 * @vips: the VIPs
 * @vip_count: how many
 * @reals: their reals
 * @real_count: how many
 * @next: index of the first real of the next VIP, if they are in order
 */
struct picture {
	struct lb_info info;
	struct lb_vip *vips;
	size_t vip_count;
	struct lb_real *reals;
	size_t real_count;
	size_t next;
};

const struct lb_real *picture_reals(struct picture *pic,
				    const struct lb_vip *vip, size_t *count);
const struct lb_vip *picture_vip(const struct picture *pic, const char *name,
				 size_t hint);
const struct lb_real *picture_real(const struct picture *pic,
				   const char *vip, const char *name,
				   size_t hint);
bool picture_needs_checker(struct picture *pic);
int picture_read(struct lb_nl *nl, struct picture *pic, struct lb_err *err);
int picture_get(struct cmd *cmd, struct lb_words *words, struct picture *pic);
void picture_free(struct picture *pic);

#endif /* _LBCTL_PICTURE_H */
