/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Floods: how many connections the table may have for clients that have not
 * shown yet that they are there.
 *
 * Such a connection is half-open: made by a SYN, or by a packet out of the
 * blue, and not gone on with. Their number is limited to a share of the table,
 * so that there is always room for those of real clients, and so is the rate at
 * which each CPU makes them. What to do with a packet that finds no room is up
 * to the caller.
 */

#ifndef _L4LB_FLOOD_H
#define _L4LB_FLOOD_H

#include <linux/atomic.h>
#include <linux/percpu.h>
#include <linux/types.h>

/**
 * struct l4lb_flood_cpu - what one CPU has made
 * @tick: in this tick
 * @made: so many half-open connections
 */
struct l4lb_flood_cpu {
	u32 tick;
	u32 made;
};

/**
 * struct l4lb_flood - budget of a namespace
 * @cpus: rate of each CPU
 * @half_open: half-open connections in the table
 * @last: tick in which the budget was last exceeded
 */
struct l4lb_flood {
	struct l4lb_flood_cpu __percpu *cpus;
	atomic_t half_open;
	u32 last;
};

/* Half-open connections may have one in so many places of the table. */
#define L4LB_FLOOD_SHARE	4

static inline bool l4lb_flood_has_room(const struct l4lb_flood *flood, u32 max)
{
	return (u32)atomic_read(&flood->half_open) < max / L4LB_FLOOD_SHARE;
}

/* Data path: any context. */
bool l4lb_flood_take(struct l4lb_flood *flood, u32 max);
void l4lb_flood_note(struct l4lb_flood *flood);

static inline void l4lb_flood_give(struct l4lb_flood *flood)
{
	atomic_dec(&flood->half_open);
}

/* Any context. */
bool l4lb_flood_presses(const struct l4lb_flood *flood);
bool l4lb_flood_is_on(const struct l4lb_flood *flood);

/* Life of the table: process context. */
int l4lb_flood_start(struct l4lb_flood *flood);
void l4lb_flood_stop(struct l4lb_flood *flood);

#endif /* _L4LB_FLOOD_H */
