// SPDX-License-Identifier: GPL-2.0-only
/*
 * By a hash of the client: its address, or its address and port.
 *
 * The hash points into a table of slots, of which each real has exactly its
 * share. Every real goes through the slots in an order of its own, which
 * follows from its address, port and the seed. It comes to them at times like
 * those at which events of a rate that is its weight occur, and a slot is that
 * of the first to come. Who has its share stops.
 *
 * So a slot changes hands only if its real goes, a new one would have come
 * before, or shares that are rounded and made exact have moved. Nothing but the
 * reals, their weights and the seed matters: balancers that agree in these have
 * the same table.
 */

#include "sched.h"
#include "real.h"

#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sort.h>
#include <linux/string.h>

/* Tells the hash of a real from that of a client. */
#define HASH_REAL	BIT_ULL(32)

/* Time in which a real of weight 1 comes to one of as many slots as there are. */
#define TIME_SHIFT	52

/* Slots after which others get a turn on the processor. */
#define RESCHED_SLOTS	4096

/**
 * struct hash_size - size of a table
 * @reals: for so many reals
 * @slots: number of slots, a prime
 */
struct hash_size {
	u32 reals;
	u32 slots;
};

/* From more than 64 reals on at least 64 slots each, at the very end 16. */
static const struct hash_size hash_sizes[] = {
	{ 1, 0 },
	{ 8, 4093 },
	{ 64, 16381 },
	{ 1024, 65537 },
	{ 4096, 262139 },
	{ U32_MAX, 1048573 },
};

/**
 * struct hash_walk - a real on its way through the slots
 * @share: the real
 * @rest: what rounding took from its share
 * @next: when it comes to @slot
 * @left: slots that it is to have yet
 * @slot: the next one to come to
 * @step: how far it is from one to the next
 * @seen: how many it has come to
 */
struct hash_walk {
	const struct l4lb_share *share;
	u64 rest;
	u64 next;
	u32 left;
	u32 slot;
	u32 step;
	u32 seen;
};

/**
 * struct hash_walks - reals that have not got all of their slots yet
 * @walks: the reals, which do not move
 * @active: those that go on, in the order of @walks
 * @n: number of @active
 * @weight: weights of @active
 * @free: slots that have no real yet
 */
struct hash_walks {
	struct hash_walk *walks;
	struct hash_walk **active;
	u32 n;
	u64 weight;
	u32 free;
};

static u32 hash_size(struct l4lb_share *reals, u32 n)
{
	const struct hash_size *size = hash_sizes;

	while (n > size->reals)
		size++;

	return size->slots;
}

static int walk_compare_addr(const void *a, const void *b)
{
	const struct l4lb_real *x = ((const struct hash_walk *)a)->share->real;
	const struct l4lb_real *y = ((const struct hash_walk *)b)->share->real;
	int order = memcmp(&x->addr, &y->addr, sizeof(x->addr));

	return order ?: (int)ntohs(x->port) - (int)ntohs(y->port);
}

static int walk_compare_rest(const void *a, const void *b)
{
	const struct hash_walk *x = a, *y = b;

	if (x->rest != y->rest)
		return x->rest > y->rest ? -1 : 1;

	return walk_compare_addr(a, b);
}

/* Even the lightest has a slot; who has that at once is not counted further. */
static u32 quotas_least(struct hash_walk *walks, u32 n, u32 slots, u64 *weight)
{
	u32 i, before;
	u64 total;

	do {
		before = slots;
		total = *weight;
		for (i = 0; i < n; i++) {
			if (walks[i].left ||
			    (u64)walks[i].share->weight * before >= total)
				continue;
			walks[i].left = 1;
			*weight -= walks[i].share->weight;
			slots--;
		}
	} while (slots != before);

	return slots;
}

/* Exact shares; what is left of rounding goes to those who lost most by it. */
static void quotas_set(struct hash_walk *walks, u32 n, u32 slots, u64 weight)
{
	u32 i, given = 0;

	slots = quotas_least(walks, n, slots, &weight);
	for (i = 0; i < n; i++) {
		if (walks[i].left)
			continue;
		walks[i].left = div64_u64_rem((u64)walks[i].share->weight *
					      slots, weight, &walks[i].rest);
		given += walks[i].left;
	}

	sort(walks, n, sizeof(*walks), walk_compare_rest, NULL);
	for (i = 0; i < slots - given; i++)
		walks[i].left++;
	sort(walks, n, sizeof(*walks), walk_compare_addr, NULL);
}

/*
 * Between two events out of so many that are still to come lies, on average,
 * the inverse of their number.
 */
static u64 walk_pause(const struct hash_walk *walk, u32 slots)
{
	return div64_u64(BIT_ULL(TIME_SHIFT),
			 (u64)(slots - walk->seen) * walk->share->weight);
}

static void walk_start(struct hash_walk *walk, const struct l4lb_vip_conf *conf)
{
	const struct l4lb_real *real = walk->share->real;
	u64 hi, lo, hash;

	memcpy(&hi, &real->addr.in6.s6_addr[0], 8);
	memcpy(&lo, &real->addr.in6.s6_addr[8], 8);
	hash = l4lb_sched_hash(conf, hi, lo,
			       HASH_REAL | (__force u16)real->port);
	walk->slot = reciprocal_scale(hash >> 32, conf->n_slots);
	hash = l4lb_conn_fold(hash ^ conf->keys[0], conf->keys[1]);
	walk->step = 1 + reciprocal_scale(hash >> 32, conf->n_slots - 1);
	walk->next = walk_pause(walk, conf->n_slots);
}

/* Lets one real come to the slots whose time is not after @until. */
static void walk_on(struct hash_walks *all, struct hash_walk *walk,
		    struct l4lb_vip_conf *conf, u64 until)
{
	while (all->free && walk->left && walk->next <= until) {
		if (!conf->slots[walk->slot]) {
			conf->slots[walk->slot] = walk->share->real;
			walk->left--;
			all->free--;
		}

		/* Who has seen all of them has left none free. */
		if (++walk->seen == conf->n_slots)
			break;
		walk->slot += walk->step;
		if (walk->slot >= conf->n_slots)
			walk->slot -= conf->n_slots;
		walk->next += walk_pause(walk, conf->n_slots);
	}
}

/*
 * Up to which time all of them go on before the next one has its turn: as many
 * slots as there are reals, or less. Within it they come in order of address.
 */
static u64 walks_until(const struct hash_walks *all, u32 slots)
{
	u64 first = U64_MAX;
	u32 i;

	for (i = 0; i < all->n; i++)
		first = min(first, all->active[i]->next);

	return first + div64_u64((BIT_ULL(TIME_SHIFT) / slots) * all->n,
				 all->weight);
}

static void walks_run(struct hash_walks *all, struct l4lb_vip_conf *conf)
{
	u32 i, n, visits = 0;
	u64 until;

	while (all->free) {
		until = walks_until(all, conf->n_slots);
		for (i = 0, n = 0; i < all->n; i++) {
			walk_on(all, all->active[i], conf, until);
			if (all->active[i]->left)
				all->active[n++] = all->active[i];
			else
				all->weight -= all->active[i]->share->weight;
		}
		visits += all->n;
		all->n = n;
		if (visits >= RESCHED_SLOTS) {
			visits = 0;
			cond_resched();
		}
	}
}

static int hash_fill(struct l4lb_vip_conf *conf)
{
	struct hash_walks all = { .n = conf->n_reals, .free = conf->n_slots };
	int err = -ENOMEM;
	u32 i;

	all.walks = kvcalloc(all.n, sizeof(*all.walks), GFP_KERNEL);
	all.active = kvmalloc_array(all.n, sizeof(*all.active), GFP_KERNEL);
	if (!all.walks || !all.active)
		goto out;

	for (i = 0; i < all.n; i++) {
		all.walks[i].share = &conf->reals[i];
		all.weight += conf->reals[i].weight;
	}
	quotas_set(all.walks, all.n, conf->n_slots, all.weight);
	for (i = 0; i < all.n; i++) {
		walk_start(&all.walks[i], conf);
		all.active[i] = &all.walks[i];
	}

	walks_run(&all, conf);
	err = 0;

out:
	kvfree(all.active);
	kvfree(all.walks);

	return err;
}

static __always_inline u32 hash_slot(const struct l4lb_vip_conf *conf, u64 hi,
				     u64 lo, u16 port, u32 attempt)
{
	u64 hash = l4lb_sched_hash(conf, hi, lo, port | attempt << 16);

	return reciprocal_scale(hash >> 32, conf->n_slots);
}

static struct l4lb_real *hash_choose(const struct l4lb_vip_conf *conf, u64 hi,
				     u64 lo, u16 port, u32 attempt)
{
	if (!conf->n_slots)
		return conf->reals[0].real;

	return conf->slots[hash_slot(conf, hi, lo, port, attempt)];
}

static struct l4lb_real *hash_peek(const struct l4lb_vip_conf *conf, u64 hi,
				   u64 lo, u16 port, u32 attempt, u32 *slot)
{
	if (conf->n_slots)
		*slot = hash_slot(conf, hi, lo, port, attempt);

	return hash_choose(conf, hi, lo, port, attempt);
}

static struct l4lb_real *sh_choose(const struct l4lb_vip *vip,
				   const struct l4lb_vip_conf *conf,
				   const struct l4lb_conn_key *client,
				   u32 attempt)
{
	return hash_choose(conf, client->hi, client->lo, 0, attempt);
}

static struct l4lb_real *mh_choose(const struct l4lb_vip *vip,
				   const struct l4lb_vip_conf *conf,
				   const struct l4lb_conn_key *client,
				   u32 attempt)
{
	return hash_choose(conf, client->hi, client->lo,
			   (__force u16)client->cport, attempt);
}

static struct l4lb_real *sh_peek(const struct l4lb_vip *vip,
				 const struct l4lb_vip_conf *conf,
				 const struct l4lb_conn_key *client,
				 u32 attempt, u32 *slot)
{
	return hash_peek(conf, client->hi, client->lo, 0, attempt, slot);
}

static struct l4lb_real *mh_peek(const struct l4lb_vip *vip,
				 const struct l4lb_vip_conf *conf,
				 const struct l4lb_conn_key *client,
				 u32 attempt, u32 *slot)
{
	return hash_peek(conf, client->hi, client->lo,
			 (__force u16)client->cport, attempt, slot);
}

static struct l4lb_real *table_by_source(const struct l4lb_vip_conf *conf,
					 u64 hi, u64 lo)
{
	struct l4lb_real *real;
	u32 attempt;

	for (attempt = 0; attempt < L4LB_SCHED_ATTEMPTS; attempt++) {
		real = hash_choose(conf, hi, lo, 0, attempt);
		if (!l4lb_real_is_full(real))
			return real;
	}

	return l4lb_sched_choose_any(conf, hi, lo);
}

/* -log2(hash / 2^64), in 2^-26 parts; straight between powers of two. */
static u64 hash_log(u64 hash)
{
	unsigned int zeros = __builtin_clzll(hash | 1);

	return ((u64)zeros << 26) + ((~((hash | 1) << zeros) << 1) >> 38);
}

/* Every real bids by itself: one that goes moves only its own clients. */
static struct l4lb_real *bids_by_source(const struct l4lb_vip_conf *conf,
					u64 hi, u64 lo)
{
	u64 client = l4lb_sched_hash(conf, hi, lo, 0);
	const struct l4lb_share *share, *best = NULL;
	u64 bid, lowest = 0;
	u32 i;

	for (i = 0; i < conf->n_reals; i++) {
		share = &conf->reals[i];
		if (l4lb_real_is_full(share->real))
			continue;
		memcpy(&hi, &share->real->addr.in6.s6_addr[0], 8);
		memcpy(&lo, &share->real->addr.in6.s6_addr[8], 8);
		bid = l4lb_sched_hash(conf, hi ^ client, lo, HASH_REAL |
				      (__force u16)share->real->port);
		bid = hash_log(bid);
		if (best && bid * best->weight >= lowest * share->weight)
			continue;
		best = share;
		lowest = bid;
	}

	return best ? best->real : NULL;
}

/**
 * l4lb_sched_by_source() - choose by the client's address alone
 * @conf: configuration of any VIP
 * @hi: client's address or network, as in &struct l4lb_conn_key
 * @lo: its second half
 *
 * Without a table this looks at all reals.
 *
 * Context: Any, under rcu_read_lock().
 * Return: the real, or NULL if none takes the connection.
 */
struct l4lb_real *l4lb_sched_by_source(const struct l4lb_vip_conf *conf,
				       u64 hi, u64 lo)
{
	if (!conf->n_reals)
		return NULL;
	if (conf->n_slots && conf->sched->fill == hash_fill)
		return table_by_source(conf, hi, lo);

	return bids_by_source(conf, hi, lo);
}

const struct l4lb_sched_ops l4lb_sched_sh = {
	.size	= hash_size,
	.fill	= hash_fill,
	.choose	= sh_choose,
	.peek	= sh_peek,
};

const struct l4lb_sched_ops l4lb_sched_mh = {
	.size	= hash_size,
	.fill	= hash_fill,
	.choose	= mh_choose,
	.peek	= mh_peek,
};
