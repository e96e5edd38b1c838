// SPDX-License-Identifier: GPL-2.0-only
/*
 * Base tables: how a VIP's clients were placed before its table changed.
 */

#include "base.h"
#include "conn.h"
#include "netns.h"
#include "real.h"
#include "sched.h"
#include "vip.h"

#include <linux/jiffies.h>
#include <linux/slab.h>
#include <linux/string.h>

/* Longer than a client repeats its SYN, and as long as a half-open entry. */
#define BASE_TIME	(60 * HZ)

/**
 * l4lb_base_choose() - where a client was placed before the table changed
 * @conf: current configuration
 * @client: the client's side of the connection
 *
 * Context: Any, under rcu_read_lock().
 * Return: the real, which may have gone since, or NULL without a base.
 */
struct l4lb_real *l4lb_base_choose(const struct l4lb_vip_conf *conf,
				   const struct l4lb_conn_key *client)
{
	const struct l4lb_vip_conf *base = rcu_dereference(conf->base);

	return base ? base->sched->choose(NULL, base, client, 0) : NULL;
}

/* Whether both lead every client to the same real, without an entry. */
static bool tables_equal(const struct l4lb_vip_conf *a,
			 const struct l4lb_vip_conf *b)
{
	if (a->stateless != b->stateless || a->sched != b->sched ||
	    a->n_reals != b->n_reals || a->n_slots != b->n_slots ||
	    memcmp(a->keys, b->keys, sizeof(a->keys)))
		return false;

	if (!a->n_slots)
		return !a->n_reals || a->reals[0].real == b->reals[0].real;

	return !memcmp(a->slots, b->slots,
		       array_size(a->n_slots, sizeof(a->slots[0])));
}

static void base_hold(struct l4lb_conn_table *table,
		      const struct l4lb_vip_conf *base)
{
	u32 i;

	spin_lock(&table->tombs_lock);
	for (i = 0; i < base->n_reals; i++)
		base->reals[i].real->bases++;
	spin_unlock(&table->tombs_lock);
}

static void base_release(struct l4lb_conn_table *table,
			 const struct l4lb_vip_conf *base)
{
	struct l4lb_real *real;
	u32 i;

	spin_lock(&table->tombs_lock);
	for (i = 0; i < base->n_reals; i++) {
		real = base->reals[i].real;
		real->bases--;
		real->spell = table->spell;
	}
	spin_unlock(&table->tombs_lock);
}

static struct l4lb_vip_conf *base_of(const struct l4lb_vip *vip,
				     const struct l4lb_vip_conf *conf)
{
	return rcu_dereference_protected(conf->base,
					 lockdep_is_held(&vip->ln->lock));
}

/**
 * l4lb_base_carry() - give a configuration the base that it needs
 * @vip: VIP
 * @old: current configuration
 * @conf: the one that is about to take its place
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: whether @old has become the base, and is not to be freed.
 */
bool l4lb_base_carry(struct l4lb_vip *vip, struct l4lb_vip_conf *old,
		     struct l4lb_vip_conf *conf)
{
	struct l4lb_vip_conf *base = base_of(vip, old);

	RCU_INIT_POINTER(conf->base, base);
	if (tables_equal(old, conf))
		return false;

	vip->base_since = jiffies;
	if (base || !old->stateless || !READ_ONCE(old->used))
		return false;

	base_hold(&vip->ln->conns, old);
	RCU_INIT_POINTER(conf->base, old);

	return true;
}

/**
 * l4lb_base_drop() - forget how clients were placed before
 * @vip: VIP
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_base_drop(struct l4lb_vip *vip)
{
	struct l4lb_vip_conf *conf, *base;

	conf = rcu_dereference_protected(vip->conf,
					 lockdep_is_held(&vip->ln->lock));
	base = base_of(vip, conf);
	if (!base)
		return;

	RCU_INIT_POINTER(conf->base, NULL);
	base_release(&vip->ln->conns, base);
	kvfree_rcu(base, rcu);
}

/**
 * l4lb_base_upkeep() - let a base go that has had its time
 * @vip: VIP
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_base_upkeep(struct l4lb_vip *vip)
{
	lockdep_assert_held(&vip->ln->lock);

	if (time_after(jiffies, vip->base_since + BASE_TIME))
		l4lb_base_drop(vip);
}
