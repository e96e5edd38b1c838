// SPDX-License-Identifier: GPL-2.0-only
/*
 * Schedulers by number, and what they have in common: a hash with a seed, and
 * what becomes of a connection whose real is full.
 */

#include "sched.h"
#include "real.h"

#include <linux/kernel.h>

#include <uapi/linux/l4lb.h>

static const struct l4lb_sched_ops *const scheds[] = {
	[L4LB_SCHED_WRR]	= &l4lb_sched_wrr,
	[L4LB_SCHED_RR]		= &l4lb_sched_rr,
	[L4LB_SCHED_WLC]	= &l4lb_sched_wlc,
	[L4LB_SCHED_LC]		= &l4lb_sched_lc,
	[L4LB_SCHED_SH]		= &l4lb_sched_sh,
	[L4LB_SCHED_MH]		= &l4lb_sched_mh,
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

/**
 * l4lb_sched_seed() - make the keys of the hash
 * @conf: configuration in the making
 * @seed: what they follow from; seeds that differ by little will do
 *
 * Context: Any.
 */
void l4lb_sched_seed(struct l4lb_vip_conf *conf, u64 seed)
{
	unsigned int i;
	u64 key;

	for (i = 0; i < ARRAY_SIZE(conf->keys); i++) {
		seed += 0x9e3779b97f4a7c15ULL;
		key = seed ^ seed >> 31;
		key *= 0xd6e8feb86659fd93ULL;
		key ^= key >> 32;
		key *= 0xd6e8feb86659fd93ULL;
		conf->keys[i] = (key ^ key >> 32) | 1;
	}
}

/**
 * l4lb_sched_choose_any() - the first real with room
 * @conf: configuration of a VIP that has reals
 * @hi: client's address, where to begin follows from it
 * @lo: its second half
 *
 * Context: Any, under rcu_read_lock().
 * Return: the real, or NULL if all are full.
 */
struct l4lb_real *l4lb_sched_choose_any(const struct l4lb_vip_conf *conf,
					u64 hi, u64 lo)
{
	u64 hash = l4lb_sched_hash(conf, hi, lo, U32_MAX);
	u32 i, at = reciprocal_scale(hash >> 32, conf->n_reals);
	struct l4lb_real *real;

	for (i = 0; i < conf->n_reals; i++) {
		real = conf->reals[at].real;
		if (!l4lb_real_is_full(real))
			return real;
		if (++at == conf->n_reals)
			at = 0;
	}

	return NULL;
}

/* With a slot to tell, what is chosen does not count as a turn. */
static __always_inline struct l4lb_real *
choose_from(const struct l4lb_vip *vip, const struct l4lb_vip_conf *conf,
	    const struct l4lb_conn_key *client, u32 attempt, u32 *slot)
{
	const struct l4lb_sched_ops *sched = conf->sched;
	struct l4lb_real *real;

	for (; attempt < L4LB_SCHED_ATTEMPTS; attempt++) {
		real = slot ? sched->peek(vip, conf, client, attempt, slot) :
			      sched->choose(vip, conf, client, attempt);
		if (!real || !l4lb_real_is_full(real))
			return real;
	}
	if (slot)
		*slot = L4LB_SCHED_NO_SLOT;

	return l4lb_sched_choose_any(conf, client->hi, client->lo);
}

/**
 * l4lb_sched_choose_other() - choose again, the first choice being full
 * @vip: VIP
 * @conf: its configuration
 * @client: the client's side of the connection
 *
 * Context: Any, under rcu_read_lock().
 * Return: the real, or NULL if all are full.
 */
struct l4lb_real *l4lb_sched_choose_other(const struct l4lb_vip *vip,
					  const struct l4lb_vip_conf *conf,
					  const struct l4lb_conn_key *client)
{
	return choose_from(vip, conf, client, 1, NULL);
}

/**
 * l4lb_sched_peek() - what a new connection would be given now
 * @vip: VIP
 * @conf: its configuration
 * @client: the client's side of the connection
 * @slot: where to say in which slot that is, or %L4LB_SCHED_NO_SLOT
 *
 * Who takes turns would choose so on this CPU.
 *
 * Context: Any, under rcu_read_lock().
 * Return: the real, or NULL if none takes the connection.
 */
struct l4lb_real *l4lb_sched_peek(const struct l4lb_vip *vip,
				  const struct l4lb_vip_conf *conf,
				  const struct l4lb_conn_key *client,
				  u32 *slot)
{
	*slot = L4LB_SCHED_NO_SLOT;
	if (!conf->n_reals)
		return NULL;

	return choose_from(vip, conf, client, 0, slot);
}
