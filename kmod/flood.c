// SPDX-License-Identifier: GPL-2.0-only
/*
 * Floods: the budget of half-open connections.
 */

#include "flood.h"

/* How long what was forwarded without an entry may take to go on. */
#define FLOOD_AFTER_MS		60000
#define FLOOD_NOW_MS		1000

/**
 * l4lb_flood_note() - a packet goes or is dropped for want of an entry
 * @flood: budget
 *
 * Context: Any.
 */
void l4lb_flood_note(struct l4lb_flood *flood)
{
	u32 now = l4lb_tick_now();

	if (READ_ONCE(flood->last) != now)
		WRITE_ONCE(flood->last, now);
}

static u32 flood_age(const struct l4lb_flood *flood)
{
	return l4lb_tick_now() - READ_ONCE(flood->last);
}

/**
 * l4lb_flood_presses() - whether there may be clients without an entry
 * @flood: budget
 *
 * Context: Any.
 * Return: true during a flood and for a minute after it.
 */
bool l4lb_flood_presses(const struct l4lb_flood *flood)
{
	return flood_age(flood) <= l4lb_ticks(FLOOD_AFTER_MS);
}

/**
 * l4lb_flood_is_on() - whether the budget has been exceeded just now
 * @flood: budget
 *
 * Context: Any.
 * Return: true if it was within the last second.
 */
bool l4lb_flood_is_on(const struct l4lb_flood *flood)
{
	return flood_age(flood) <= l4lb_ticks(FLOOD_NOW_MS);
}

/**
 * l4lb_flood_start() - begin with an empty table
 * @flood: budget
 *
 * Context: Process context.
 * Return: 0, or -ENOMEM.
 */
int l4lb_flood_start(struct l4lb_flood *flood)
{
	flood->cpus = alloc_percpu_gfp(struct l4lb_flood_cpu,
				       GFP_KERNEL_ACCOUNT);
	if (!flood->cpus)
		return -ENOMEM;

	atomic_set(&flood->half_open, 0);
	flood->last = l4lb_tick_now() - l4lb_ticks(FLOOD_AFTER_MS) - 1;

	return 0;
}

/**
 * l4lb_flood_stop() - end
 * @flood: budget of a table without users
 *
 * Context: Process context.
 */
void l4lb_flood_stop(struct l4lb_flood *flood)
{
	free_percpu(flood->cpus);
	flood->cpus = NULL;
	atomic_set(&flood->half_open, 0);
}
