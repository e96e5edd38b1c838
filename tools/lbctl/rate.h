/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How fast counters grow.
 */

#ifndef _LBCTL_RATE_H
#define _LBCTL_RATE_H

#include "picture.h"

uint64_t rate_count(uint64_t before, uint64_t now, uint64_t ms);
void rate_stats(const struct lb_stats *before, const struct lb_stats *now,
		uint64_t ms, struct lb_stats *rate);
void rate_drops(const struct lb_drops *before, const struct lb_drops *now,
		uint64_t ms, struct lb_drops *rate);

#endif /* _LBCTL_RATE_H */
