/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is checked: a target for every real.
 */

#ifndef _LBCHECKD_TARGET_H
#define _LBCHECKD_TARGET_H

struct check_pool;
struct config;
struct event_base;
struct lb_real;
struct targets;

/**
 * typedef target_report_cb - tells the health of a real
 * @data: as given to targets_new()
 * @verdict: names of VIP and real, health, reason and epoch
 *
 * Return: 0 or -errno.
 */
typedef int (*target_report_cb)(void *data, const struct lb_real *verdict);

struct targets *targets_new(struct event_base *base, struct check_pool *pool,
			    target_report_cb report, void *data);
void targets_free(struct targets *targets);
void targets_update(struct targets *targets, const struct config *config);
void targets_health(struct targets *targets, const struct lb_real *real);

#endif /* _LBCHECKD_TARGET_H */
