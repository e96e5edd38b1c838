/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Slow start: a real that comes into service next to others gets its weight
 * little by little.
 *
 * The weight that the administrator has given is not touched. What counts is
 * followed by making the VIP's configuration for the data path anew from time
 * to time.
 */

#ifndef _L4LB_RAMP_H
#define _L4LB_RAMP_H

#include <linux/types.h>

struct l4lb_real;
struct l4lb_share;
struct l4lb_vip;

/**
 * struct l4lb_ramp - how a real comes into service
 * @since: when it did, in ms of a clock that only goes forward
 * @on: whether it has not got all of its weight yet
 */
struct l4lb_ramp {
	u64 since;
	bool on;
};

/* Any context. */
u32 l4lb_ramp_weight(u32 weight, u32 time, u64 elapsed);

/* Control plane: process context, under l4lb_net.lock. */
void l4lb_ramp_follow(struct l4lb_real *real, bool was_out);
void l4lb_ramp_shares(struct l4lb_share *shares, u32 n, u32 time);
void l4lb_ramp_upkeep(struct l4lb_vip *vip);

#endif /* _L4LB_RAMP_H */
