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

#include "tick.h"

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

/*
 * What one CPU makes in a second. A machine that is not flooded does not get
 * there: it is more than a CPU can make and forward the packets of.
 */
#define L4LB_FLOOD_RATE		125000
#define L4LB_FLOOD_RATE_TICK	(L4LB_FLOOD_RATE / (HZ >> L4LB_TICK_SHIFT))

/* Half-open connections may have one in so many places of the table. */
#define L4LB_FLOOD_SHARE	4

static inline bool l4lb_flood_has_room(const struct l4lb_flood *flood, u32 max)
{
	return (u32)atomic_read(&flood->half_open) < max / L4LB_FLOOD_SHARE;
}

/* Neither value of a race is worse than the other: it may be one too many. */
static inline bool l4lb_flood_take_rate(struct l4lb_flood *flood)
{
	u32 now = l4lb_tick_now();

	if (this_cpu_read(flood->cpus->tick) != now) {
		this_cpu_write(flood->cpus->tick, now);
		this_cpu_write(flood->cpus->made, 0);
	}

	return this_cpu_inc_return(flood->cpus->made) <= L4LB_FLOOD_RATE_TICK;
}

/* Data path: any context. */

/**
 * l4lb_flood_take() - ask for a half-open connection
 * @flood: budget
 * @max: most connections of any kind
 *
 * Context: Any.
 * Return: whether it may be made; then it is counted until l4lb_flood_give().
 */
static inline bool l4lb_flood_take(struct l4lb_flood *flood, u32 max)
{
	if (!l4lb_flood_has_room(flood, max) || !l4lb_flood_take_rate(flood))
		return false;

	atomic_inc(&flood->half_open);

	return true;
}

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
