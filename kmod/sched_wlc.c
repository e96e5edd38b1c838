// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fewest connections, for the weight or as such.
 *
 * Every new connection looks at all reals. Each CPU begins elsewhere each time,
 * so that of several that are equal not the same one is taken by all.
 */

#include "sched.h"
#include "real.h"

#include <linux/percpu.h>

static u32 wlc_size(struct l4lb_share *reals, u32 n)
{
	return 0;
}

static u32 lc_size(struct l4lb_share *reals, u32 n)
{
	u32 i;

	for (i = 0; i < n; i++)
		reals[i].weight = 1;

	return 0;
}

static __always_inline struct l4lb_real *
fewest_conns(const struct l4lb_vip_conf *conf, u32 cursor)
{
	const struct l4lb_share *share, *best = NULL;
	u32 i, at = cursor % conf->n_reals;
	u64 conns, fewest = 0;

	for (i = 0; i < conf->n_reals; i++) {
		share = &conf->reals[at];
		if (++at == conf->n_reals)
			at = 0;
		if (conf->limited && l4lb_real_is_full(share->real))
			continue;

		conns = (u64)atomic_read(&share->real->conns) + 1;
		if (best && conns * best->weight >= fewest * share->weight)
			continue;
		best = share;
		fewest = conns;
	}

	return best ? best->real : NULL;
}

static struct l4lb_real *wlc_choose(const struct l4lb_vip *vip,
				    const struct l4lb_vip_conf *conf,
				    const struct l4lb_conn_key *client,
				    u32 attempt)
{
	return fewest_conns(conf, this_cpu_inc_return(*vip->cursors));
}

static struct l4lb_real *wlc_peek(const struct l4lb_vip *vip,
				  const struct l4lb_vip_conf *conf,
				  const struct l4lb_conn_key *client,
				  u32 attempt, u32 *slot)
{
	return fewest_conns(conf, this_cpu_read(*vip->cursors) + 1 + attempt);
}

const struct l4lb_sched_ops l4lb_sched_wlc = {
	.size	= wlc_size,
	.choose	= wlc_choose,
	.peek	= wlc_peek,
};

const struct l4lb_sched_ops l4lb_sched_lc = {
	.size	= lc_size,
	.choose	= wlc_choose,
	.peek	= wlc_peek,
};
