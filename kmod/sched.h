/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Schedulers: which real gets a new connection.
 *
 * A scheduler may arrange the reals of a VIP into slots when the configuration
 * changes, and picks a slot or a real for each new connection.
 */

#ifndef _L4LB_SCHED_H
#define _L4LB_SCHED_H

#include <linux/types.h>

#include "conn.h"
#include "vip.h"

struct l4lb_real;

/**
 * struct l4lb_share - a real that takes new connections
 * @real: the real
 * @weight: its share, 1 or more
 */
struct l4lb_share {
	struct l4lb_real *real;
	u32 weight;
};

/**
 * struct l4lb_sched_ops - a scheduler
 * @size: how many slots so many reals need; 0 for none. May change the weights
 * @fill: arrange the reals in the slots, which are NULL; 0 or -ENOMEM. Only
 *	called if there are slots. Process context
 * @choose: pick a real, the first time with @attempt 0 and again with the next
 *	if that real is full; NULL if all are. Only called if there are reals.
 *	Any context, under rcu_read_lock()
 * @peek: what @choose would pick on this CPU, which does not count as a turn, and
 *	the number of its slot if it stands in one. Context as above
 */
struct l4lb_sched_ops {
	u32 (*size)(struct l4lb_share *reals, u32 n);
	int (*fill)(struct l4lb_vip_conf *conf);
	struct l4lb_real *(*choose)(const struct l4lb_vip *vip,
				    const struct l4lb_vip_conf *conf,
				    const struct l4lb_conn_key *client,
				    u32 attempt);
	struct l4lb_real *(*peek)(const struct l4lb_vip *vip,
				  const struct l4lb_vip_conf *conf,
				  const struct l4lb_conn_key *client,
				  u32 attempt, u32 *slot);
};

extern const struct l4lb_sched_ops l4lb_sched_wrr;
extern const struct l4lb_sched_ops l4lb_sched_rr;
extern const struct l4lb_sched_ops l4lb_sched_wlc;
extern const struct l4lb_sched_ops l4lb_sched_lc;
extern const struct l4lb_sched_ops l4lb_sched_sh;
extern const struct l4lb_sched_ops l4lb_sched_mh;

/* Attempts before reals are tried one by one. */
#define L4LB_SCHED_ATTEMPTS	8

/* Of a real that was not found in a slot. */
#define L4LB_SCHED_NO_SLOT	U32_MAX

/*
 * A hash that any machine makes of the same seed, address and @rest, so it
 * has no secret. Addresses and ports are hashed as they lie in memory, which
 * is the same on all machines of one byte order.
 */
static inline u64 l4lb_sched_hash(const struct l4lb_vip_conf *conf,
				  u64 hi, u64 lo, u64 rest)
{
	u64 hash = l4lb_conn_fold(lo ^ conf->keys[0], hi ^ conf->keys[1]);

	return l4lb_conn_fold(hash ^ rest, conf->keys[2]);
}

/* Data path: any context, under rcu_read_lock(). */
struct l4lb_real *l4lb_sched_choose_other(const struct l4lb_vip *vip,
					  const struct l4lb_vip_conf *conf,
					  const struct l4lb_conn_key *client);
struct l4lb_real *l4lb_sched_peek(const struct l4lb_vip *vip,
				  const struct l4lb_vip_conf *conf,
				  const struct l4lb_conn_key *client,
				  u32 *slot);
struct l4lb_real *l4lb_sched_choose_any(const struct l4lb_vip_conf *conf,
					u64 hi, u64 lo);
struct l4lb_real *l4lb_sched_by_source(const struct l4lb_vip_conf *conf,
				       u64 hi, u64 lo);

/* Any context. */
const struct l4lb_sched_ops *l4lb_sched_find(u8 sched);
void l4lb_sched_seed(struct l4lb_vip_conf *conf, u64 seed);

#endif /* _L4LB_SCHED_H */
