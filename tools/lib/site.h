/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A site: all that the balancer of a network namespace is told, as a file has
 * it or the module.
 */

#ifndef _LB_SITE_H
#define _LB_SITE_H

#include "model.h"

#include <stdio.h>

struct lb_err;
struct lb_nl;
struct lb_words;

/**
 * struct lb_site - a site
 * @info: what holds for the whole namespace; what was read has the generation
 * @vips: its VIPs, whole ones, sorted
 * @vip_count: how many
 * @vip_room: for how many there is memory
 * @reals: its reals, whole ones, sorted by VIP and name; what a file does not say
 *	the state of has none
 * @real_count: how many
 * @real_room: for how many there is memory
 * @pins: clients that are bound for ever, sorted by VIP and client
 * @pin_count: how many
 * @pin_room: for how many there is memory
 */
struct lb_site {
	struct lb_info info;
	struct lb_vip *vips;
	size_t vip_count;
	size_t vip_room;
	struct lb_real *reals;
	size_t real_count;
	size_t real_room;
	struct lb_persist *pins;
	size_t pin_count;
	size_t pin_room;
};

int lb_name_order(const char *a, const char *b);
int lb_real_order(const struct lb_real *a, const struct lb_real *b);
int lb_pin_order(const struct lb_persist *a, const struct lb_persist *b);

int lb_site_parse(struct lb_site *site, const char *name, char *text,
		  size_t len, struct lb_err *err);
int lb_site_check(struct lb_site *site, const char *name, struct lb_err *err);
int lb_site_read(struct lb_nl *nl, struct lb_site *site, struct lb_err *err);
void lb_site_write(const struct lb_site *site, FILE *file);
void lb_site_sort(struct lb_site *site);
struct lb_vip *lb_site_vip(const struct lb_site *site, const char *name);
struct lb_real *lb_site_real(const struct lb_site *site, const char *vip,
			     const char *name);
void lb_site_free(struct lb_site *site);

#endif /* _LB_SITE_H */
