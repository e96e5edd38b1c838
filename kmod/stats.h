/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counters, one set for each CPU.
 */

#ifndef _L4LB_STATS_H
#define _L4LB_STATS_H

#include <linux/netfilter.h>
#include <linux/percpu.h>
#include <linux/types.h>

#include <uapi/linux/l4lb.h>

/**
 * struct l4lb_stats - what a real forwarded
 * @conns: connections made
 * @in_packets: packets towards the real
 * @in_bytes: their bytes, from the IP header on
 * @out_packets: packets towards clients
 * @out_bytes: their bytes, from the IP header on
 */
struct l4lb_stats {
	u64 conns;
	u64 in_packets;
	u64 in_bytes;
	u64 out_packets;
	u64 out_bytes;
};

/**
 * struct l4lb_drops - packets dropped
 * @packets: how many, by &enum l4lb_drop
 */
struct l4lb_drops {
	u64 packets[L4LB_DROP_MAX + 1];
};

/**
 * struct l4lb_net_stats - what a namespace counts of its own
 * @drops: packets dropped, those of VIPs included
 */
struct l4lb_net_stats {
	struct l4lb_drops drops;
};

/* Any context. */

/**
 * l4lb_drop() - drop a packet; where its VIP is known, see l4lb_vip_drop()
 * @stats: counters of the namespace
 * @reason: why
 *
 * Context: Any.
 * Return: the verdict of the hook.
 */
static inline unsigned int l4lb_drop(struct l4lb_net_stats __percpu *stats,
				     enum l4lb_drop reason)
{
	this_cpu_inc(stats->drops.packets[reason]);

	return NF_DROP;
}

void l4lb_stats_sum(struct l4lb_stats *sum,
		    const struct l4lb_stats __percpu *stats);
void l4lb_stats_add(struct l4lb_stats *to, const struct l4lb_stats *from);
void l4lb_stats_sub(struct l4lb_stats *to, const struct l4lb_stats *from);
u64 l4lb_stats_drops(const struct l4lb_drops __percpu *drops,
		     enum l4lb_drop reason);

#endif /* _L4LB_STATS_H */
