/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is checked: a target for every real.
 */

#ifndef _LBCHECKD_TARGET_H
#define _LBCHECKD_TARGET_H

#include <stddef.h>

struct config;
struct event_base;
struct lb_real;
struct news;
struct probes;
struct targets;

/**
 * struct targets_ops - who is told
 * @report: tells the module what is news of a real: names of VIP and real,
 *	epoch, and what the bits say; 0 or -errno
 * @news: what people may want to know
 */
struct targets_ops {
	int (*report)(void *data, const struct lb_real *report);
	void (*news)(void *data, const struct news *news);
};

struct targets *targets_new(struct event_base *base, struct probes *probes,
			    const struct targets_ops *ops, void *data);
void targets_free(struct targets *targets);
void targets_update(struct targets *targets, const struct config *config);
void targets_health(struct targets *targets, const struct lb_real *real);
size_t targets_count(const struct targets *targets);
size_t targets_held(const struct targets *targets);

#endif /* _LBCHECKD_TARGET_H */
