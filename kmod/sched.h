/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Schedulers: which real gets a new connection.
 *
 * A scheduler arranges the reals of a VIP into slots when the configuration
 * changes, and picks one of these slots for each new connection.
 */

#ifndef _L4LB_SCHED_H
#define _L4LB_SCHED_H

#include <linux/types.h>

struct l4lb_real;
struct l4lb_vip;
struct l4lb_vip_conf;

/**
 * struct l4lb_sched_input - a real that takes new connections
 * @real: the real
 * @weight: its share, 1 or more
 */
struct l4lb_sched_input {
	struct l4lb_real *real;
	u32 weight;
};

/**
 * struct l4lb_sched_ops - a scheduler
 * @size: how many slots @n reals need; 0 for none. May change the weights
 * @fill: arrange reals in so many slots; 0 or -ENOMEM. Process context
 * @choose: pick a slot. Any context, under rcu_read_lock()
 */
struct l4lb_sched_ops {
	u32 (*size)(struct l4lb_sched_input *in, u32 n);
	int (*fill)(struct l4lb_real **slots, u32 size,
		    const struct l4lb_sched_input *in, u32 n);
	struct l4lb_real *(*choose)(const struct l4lb_vip *vip,
				    const struct l4lb_vip_conf *conf);
};

extern const struct l4lb_sched_ops l4lb_sched_wrr;
extern const struct l4lb_sched_ops l4lb_sched_rr;

const struct l4lb_sched_ops *l4lb_sched_find(u8 sched);

#endif /* _L4LB_SCHED_H */
