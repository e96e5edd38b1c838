// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters, one set for each CPU.
 */

#include "stats.h"

#include <linux/cpumask.h>

/**
 * l4lb_stats_add() - add counters
 * @to: where to add
 * @from: what to add
 *
 * Context: Any; the caller guards @to.
 */
void l4lb_stats_add(struct l4lb_stats *to, const struct l4lb_stats *from)
{
	to->conns += from->conns;
	to->in_packets += from->in_packets;
	to->in_bytes += from->in_bytes;
	to->out_packets += from->out_packets;
	to->out_bytes += from->out_bytes;
}

/**
 * l4lb_stats_sub() - subtract counters
 * @to: where to subtract from
 * @from: what to subtract
 *
 * Context: Any; the caller guards @to.
 */
void l4lb_stats_sub(struct l4lb_stats *to, const struct l4lb_stats *from)
{
	to->conns -= from->conns;
	to->in_packets -= from->in_packets;
	to->in_bytes -= from->in_bytes;
	to->out_packets -= from->out_packets;
	to->out_bytes -= from->out_bytes;
}

/**
 * l4lb_stats_sum() - add what all CPUs counted
 * @sum: where to add
 * @stats: counters
 *
 * Context: Any. Other CPUs may count on meanwhile.
 */
void l4lb_stats_sum(struct l4lb_stats *sum,
		    const struct l4lb_stats __percpu *stats)
{
	const struct l4lb_stats *s;
	int cpu;

	for_each_possible_cpu(cpu) {
		s = per_cpu_ptr(stats, cpu);
		sum->conns += READ_ONCE(s->conns);
		sum->in_packets += READ_ONCE(s->in_packets);
		sum->in_bytes += READ_ONCE(s->in_bytes);
		sum->out_packets += READ_ONCE(s->out_packets);
		sum->out_bytes += READ_ONCE(s->out_bytes);
	}
}

/**
 * l4lb_stats_drops() - packets that all CPUs dropped for one reason
 * @drops: counters of a namespace or a VIP
 * @reason: why
 *
 * Context: Any.
 * Return: how many.
 */
u64 l4lb_stats_drops(const struct l4lb_drops __percpu *drops,
		     enum l4lb_drop reason)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(drops, cpu)->packets[reason]);

	return sum;
}
