/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ticks: the clock of connections, persistence and budgets. Coarse, so that
 * most packets find nothing to write.
 */

#ifndef _L4LB_TICK_H
#define _L4LB_TICK_H

#include <linux/jiffies.h>
#include <linux/log2.h>
#include <linux/time.h>
#include <linux/types.h>

/* An eighth to a quarter of a second. */
#define L4LB_TICK_SHIFT		const_ilog2(HZ / 4)

static inline u32 l4lb_tick_now(void)
{
	unsigned long now = jiffies;

	return (u32)(now >> L4LB_TICK_SHIFT);
}

/* As a constant. msecs_to_jiffies() takes more than 24 days for ever. */
#define L4LB_TICKS(ms)	\
	((u32)((u64)(ms) * HZ / (MSEC_PER_SEC << L4LB_TICK_SHIFT)) + 1)

static inline u32 l4lb_ticks(u32 ms)
{
	return L4LB_TICKS(ms);
}

static inline u32 l4lb_ticks_to_ms(u32 ticks)
{
	return jiffies_to_msecs((unsigned long)ticks << L4LB_TICK_SHIFT);
}

#endif /* _L4LB_TICK_H */
