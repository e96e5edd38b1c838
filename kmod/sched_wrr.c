// SPDX-License-Identifier: GPL-2.0-only
/*
 * Weighted round robin, from a sequence made in advance.
 *
 * A real with weight w of a total W stands w times in the sequence, as evenly
 * spread as its neighbours allow. Each CPU walks the sequence by itself, from
 * a starting point of its own, so that no connection writes to memory that
 * another CPU reads.
 */

#include "sched.h"

#include <linux/gcd.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/sort.h>

/* Longest sequence, unless there are more reals than this. */
#define WRR_SLOTS_MAX	4096

/**
 * struct wrr_place - where one turn of a real would ideally be
 * @at: position, in parts of the sequence
 * @index: which real
 */
struct wrr_place {
	u64 at;
	u32 index;
};

static int place_compare(const void *a, const void *b)
{
	const struct wrr_place *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;

	return x->index < y->index ? -1 : x->index > y->index;
}

static u64 weights_total(const struct l4lb_share *reals, u32 n)
{
	u64 total = 0;
	u32 i;

	for (i = 0; i < n; i++)
		total += reals[i].weight;

	return total;
}

/* Weights become numbers of turns. */
static u32 wrr_size(struct l4lb_share *reals, u32 n)
{
	unsigned long divisor = 0;
	u64 total;
	u32 i;

	if (!n)
		return 0;

	for (i = 0; i < n; i++)
		divisor = gcd(divisor, reals[i].weight);
	for (i = 0; i < n; i++)
		reals[i].weight /= divisor;

	total = weights_total(reals, n);
	if (total <= WRR_SLOTS_MAX)
		return total;

	for (i = 0; i < n; i++)
		reals[i].weight = max_t(u32, 1,
					div64_u64((u64)reals[i].weight *
						  WRR_SLOTS_MAX, total));

	return weights_total(reals, n);
}

static int wrr_fill(struct l4lb_vip_conf *conf)
{
	const struct l4lb_share *reals = conf->reals;
	u32 i, turn, size = conf->n_slots, slot = 0;
	struct wrr_place *places;

	/* One turn each: they are in order already, however many they are. */
	if (size == conf->n_reals) {
		for (i = 0; i < size; i++)
			conf->slots[i] = reals[i].real;
		return 0;
	}

	places = kvmalloc_array(size, sizeof(*places), GFP_KERNEL);
	if (!places)
		return -ENOMEM;

	for (i = 0; i < conf->n_reals; i++) {
		for (turn = 0; turn < reals[i].weight; turn++, slot++) {
			places[slot].at = div_u64((2 * (u64)turn + 1) << 32,
						  reals[i].weight);
			places[slot].index = i;
		}
	}

	sort(places, size, sizeof(*places), place_compare, NULL);
	for (slot = 0; slot < size; slot++)
		conf->slots[slot] = reals[places[slot].index].real;
	kvfree(places);

	return 0;
}

static struct l4lb_real *wrr_choose(const struct l4lb_vip *vip,
				    const struct l4lb_vip_conf *conf,
				    const struct l4lb_conn_key *client,
				    u32 attempt)
{
	return conf->slots[this_cpu_inc_return(*vip->cursors) % conf->n_slots];
}

static struct l4lb_real *wrr_peek(const struct l4lb_vip *vip,
				  const struct l4lb_vip_conf *conf,
				  const struct l4lb_conn_key *client,
				  u32 attempt, u32 *slot)
{
	*slot = (this_cpu_read(*vip->cursors) + 1 + attempt) % conf->n_slots;

	return conf->slots[*slot];
}

static u32 rr_size(struct l4lb_share *reals, u32 n)
{
	u32 i;

	for (i = 0; i < n; i++)
		reals[i].weight = 1;

	return n;
}

const struct l4lb_sched_ops l4lb_sched_wrr = {
	.size	= wrr_size,
	.fill	= wrr_fill,
	.choose	= wrr_choose,
	.peek	= wrr_peek,
};

const struct l4lb_sched_ops l4lb_sched_rr = {
	.size	= rr_size,
	.fill	= wrr_fill,
	.choose	= wrr_choose,
	.peek	= wrr_peek,
};
