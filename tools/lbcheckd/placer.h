/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Keeps the addresses of VIPs on their interfaces, also on those that come
 * later.
 */

#ifndef _LBCHECKD_PLACER_H
#define _LBCHECKD_PLACER_H

#include <stdbool.h>

struct event_base;
struct lb_err;
struct placer;

/**
 * typedef placer_cb - puts addresses where they belong, as lb_place() does
 * @data: as given to placer_new()
 * @anew: tell neighbours of those that are there already as well
 * @err: why not
 *
 * Return: 0 or -errno; -ENOTCONN if there is nothing to do it by.
 */
typedef int (*placer_cb)(void *data, bool anew, struct lb_err *err);

int placer_new(struct placer **placerp, struct event_base *base, placer_cb cb,
	       void *data, struct lb_err *err);
void placer_free(struct placer *placer);
void placer_kick(struct placer *placer);

#endif /* _LBCHECKD_PLACER_H */
