// SPDX-License-Identifier: GPL-2.0-only
/*
 * Schedulers by number.
 */

#include "sched.h"

#include <linux/kernel.h>

#include <uapi/linux/l4lb.h>

static const struct l4lb_sched_ops *const scheds[] = {
	[L4LB_SCHED_WRR]	= &l4lb_sched_wrr,
	[L4LB_SCHED_RR]		= &l4lb_sched_rr,
};

/**
 * l4lb_sched_find() - look a scheduler up
 * @sched: &enum l4lb_sched, within its range
 *
 * Context: Any.
 * Return: the scheduler.
 */
const struct l4lb_sched_ops *l4lb_sched_find(u8 sched)
{
	BUILD_BUG_ON(ARRAY_SIZE(scheds) != L4LB_SCHED_MAX + 1);

	return scheds[sched];
}
