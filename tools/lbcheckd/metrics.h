/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What there is to measure, as text for Prometheus.
 */

#ifndef _LBCHECKD_METRICS_H
#define _LBCHECKD_METRICS_H

#include "notify.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct evbuffer;
struct lb_info;
struct lb_real;
struct lb_vip;
struct metrics;
struct probe_stats;

/**
 * struct figures - the daemon's own
 * @connected: whether the module is there
 * @targets: reals that it knows
 * @held: of these, how many fail and are held by a guard
 * @probes: checks and agents that go on
 * @reports: what the module was told
 * @refused: what it has not taken
 * @notify: what became of the news
 * @types: how many entries @stats has
 * @stats: checks that have been made, by type
 */
struct figures {
	bool connected;
	size_t targets;
	size_t held;
	size_t probes;
	uint64_t reports;
	uint64_t refused;
	struct notify_stats notify;
	size_t types;
	const struct probe_stats *stats;
};

struct metrics *metrics_new(void);
void metrics_free(struct metrics *metrics);
void metrics_clear(struct metrics *metrics);
void metrics_vip(struct metrics *metrics, const struct lb_vip *vip);
void metrics_real(struct metrics *metrics, const struct lb_real *real);
void metrics_info(struct metrics *metrics, const struct lb_info *info);
void metrics_figures(struct metrics *metrics, const struct figures *figures);
int metrics_take(struct metrics *metrics, struct evbuffer *page);

#endif /* _LBCHECKD_METRICS_H */
