// SPDX-License-Identifier: GPL-2.0-only
/*
 * Life of a namespace: tables, hooks and workers come with its first VIP and
 * go with its last.
 */

#include "netns.h"
#include "addr.h"
#include "base.h"
#include "frag.h"
#include "notify.h"
#include "persist.h"
#include "probe.h"
#include "ramp.h"
#include "real.h"
#include "stats.h"
#include "trace.h"
#include "transaction.h"
#include "vip.h"

#include <linux/bits.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <net/net_namespace.h>

#define UPKEEP_PERIOD	HZ

/* Reals that one run sees to, so that it does not hold the lock for long. */
#define UPKEEP_REALS	4096

static void upkeep_ports(struct l4lb_real *real)
{
	if (READ_ONCE(real->ports_ran_out) &&
	    xchg(&real->ports_ran_out, false))
		l4lb_notify_real(real, L4LB_EVENT_PORTS);
}

/*
 * Nothing tells when an IPv6 address turns out to be no duplicate, or when an
 * address is local by a route alone, and that goes.
 */
static void upkeep_vip(struct l4lb_vip *vip, u32 parts, u32 part)
{
	struct l4lb_real *real;

	if (l4lb_vip_upkeep(vip))
		l4lb_notify_vip(vip, L4LB_EVENT_HEALTH);

	l4lb_base_upkeep(vip);
	list_for_each_entry(real, &vip->reals, list) {
		if ((real->id & (parts - 1)) == part)
			l4lb_real_upkeep(real);
		upkeep_ports(real);
	}
	if (vip->fallback) {
		l4lb_real_upkeep(vip->fallback);
		upkeep_ports(vip->fallback);
	}
	l4lb_ramp_upkeep(vip);
}

/* All reals in turn, in so many runs as their number asks for. */
static void upkeep_all(struct l4lb_net *ln)
{
	u32 parts = roundup_pow_of_two(ln->n_reals / UPKEEP_REALS + 1);
	u32 part = ln->upkeep_run++ & (parts - 1);
	struct l4lb_vip *vip;

	if (xchg(&ln->addrs_changed, false))
		l4lb_addrs_upkeep(ln);
	list_for_each_entry(vip, &ln->vips, list) {
		upkeep_vip(vip, parts, part);
		cond_resched();
	}
	l4lb_probe_upkeep(ln);
	l4lb_net_trim(ln);
}

/* Does not wait for the lock, whose holder may be waiting for this. */
static void net_upkeep(struct work_struct *work)
{
	struct l4lb_net *ln = container_of(to_delayed_work(work),
					   struct l4lb_net, upkeep);
	unsigned long delay = 1;

	if (!READ_ONCE(ln->started))
		return;

	if (mutex_trylock(&ln->lock)) {
		upkeep_all(ln);
		mutex_unlock(&ln->lock);
		delay = UPKEEP_PERIOD;
	}

	queue_delayed_work(system_unbound_wq, &ln->upkeep, delay);
}

/**
 * l4lb_net_addrs_changed() - see soon whether VIPs are still on this host
 * @ln: namespace
 *
 * Context: Any.
 */
void l4lb_net_addrs_changed(struct l4lb_net *ln)
{
	WRITE_ONCE(ln->addrs_changed, true);
	if (READ_ONCE(ln->started))
		mod_delayed_work(system_unbound_wq, &ln->upkeep, 0);
}

static void net_free_tables(struct l4lb_net *ln)
{
	kvfree(ln->vip_addrs);
	kvfree(ln->real_addrs);
	ln->vip_addrs = NULL;
	ln->real_addrs = NULL;
	l4lb_index_free(&ln->real_names);
	l4lb_index_free(&ln->real_places);
}

/* What was counted is not forgotten with the last VIP. */
static int net_alloc_tables(struct l4lb_net *ln)
{
	if (!ln->stats)
		ln->stats = alloc_percpu_gfp(struct l4lb_net_stats,
					     GFP_KERNEL_ACCOUNT);
	ln->vip_addrs = l4lb_addr_table_alloc();
	ln->real_addrs = l4lb_addr_table_alloc();
	if (ln->stats && ln->vip_addrs && ln->real_addrs)
		return 0;

	net_free_tables(ln);

	return -ENOMEM;
}

static void net_clear(struct l4lb_net *ln)
{
	l4lb_hook_free(ln);
	l4lb_frag_stop(ln);
	l4lb_conn_stop(ln);
	l4lb_persist_stop(ln);
	l4lb_probe_stop(ln);
	net_free_tables(ln);
}

static int net_start(struct l4lb_net *ln)
{
	int err;

	err = l4lb_conn_start(ln);
	if (err)
		return err;

	err = l4lb_hook_register(ln, L4LB_HOOKS_REQUEST);
	if (err) {
		l4lb_conn_stop(ln);
		return err;
	}

	queue_delayed_work(system_unbound_wq, &ln->upkeep, UPKEEP_PERIOD);
	WRITE_ONCE(ln->started, true);

	return 0;
}

/**
 * l4lb_net_prepare() - make the tables of addresses and names, as far as that is
 *	not done
 * @ln: namespace
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, or -ENOMEM.
 */
int l4lb_net_prepare(struct l4lb_net *ln)
{
	lockdep_assert_held(&ln->lock);

	return ln->vip_addrs ? 0 : net_alloc_tables(ln);
}

/**
 * l4lb_net_start() - make ready for a VIP, as far as that is not done
 * @ln: namespace, prepared; tables get the sizes that its limits ask for now
 * @config: what the VIP is to be
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, or a negative errno; then what was started is to be stopped if
 * there is no VIP.
 */
int l4lb_net_start(struct l4lb_net *ln, const struct l4lb_vip_config *config)
{
	int err = 0;

	lockdep_assert_held(&ln->lock);

	if (!ln->started)
		err = net_start(ln);
	if (!err && config->family == AF_INET6)
		err = l4lb_frag_start(ln);
	if (!err && config->persist)
		err = l4lb_persist_start(ln);
	if (!err && config->mode == L4LB_MODE_NAT)
		err = l4lb_hook_register(ln, L4LB_HOOKS_REPLY);

	return err;
}

/* Also what is left of reals by NAT has answers that the stack forwards. */
static bool net_has_nat(struct l4lb_net *ln)
{
	struct l4lb_conn_table *table = &ln->conns;
	const struct l4lb_real *real;
	const struct l4lb_vip *vip;
	bool found = false;

	list_for_each_entry(vip, &ln->vips, list)
		if (l4lb_vip_config(vip)->mode == L4LB_MODE_NAT)
			return true;

	spin_lock(&table->tombs_lock);
	list_for_each_entry(real, &table->tombs, list)
		found |= real->mode == L4LB_MODE_NAT;
	spin_unlock(&table->tombs_lock);

	return found;
}

/**
 * l4lb_net_trim() - let hooks go that nothing needs any more
 * @ln: namespace
 *
 * Context: Process context, under &l4lb_net.lock; waits for a grace period if
 * there are any.
 */
void l4lb_net_trim(struct l4lb_net *ln)
{
	lockdep_assert_held(&ln->lock);

	if ((ln->hooks_wanted & BIT(L4LB_HOOKS_REPLY)) && !net_has_nat(ln))
		l4lb_hook_drop(ln, L4LB_HOOKS_REPLY);
}

/**
 * l4lb_net_stop() - let everything go, as far as that is not done
 * @ln: namespace without VIPs
 *
 * Context: Process context, under &l4lb_net.lock; waits for one grace period if
 * packets came in.
 */
void l4lb_net_stop(struct l4lb_net *ln)
{
	lockdep_assert_held(&ln->lock);

	/* A transaction may have made and removed some, which no packet saw. */
	if (!ln->started) {
		l4lb_conn_forget_tombs(ln);
		net_free_tables(ln);
		return;
	}

	WRITE_ONCE(ln->started, false);
	cancel_delayed_work_sync(&ln->upkeep);
	l4lb_hook_unregister(ln);
	synchronize_net();
	net_clear(ln);
}

/**
 * l4lb_net_pre_exit() - let no more packets into a namespace that ends
 * @net: namespace
 *
 * A grace period passes between this and l4lb_net_exit(), one for all the
 * namespaces that end together.
 *
 * Context: Process context.
 */
void __net_exit l4lb_net_pre_exit(struct net *net)
{
	struct l4lb_net *ln = l4lb_net(net);

	mutex_lock(&ln->lock);
	if (ln->started)
		l4lb_hook_unregister(ln);
	/* The upkeep may still come, and find one that nothing needs. */
	ln->hooks_wanted = 0;
	mutex_unlock(&ln->lock);
}

/**
 * l4lb_net_exit() - free what a namespace owns
 * @net: namespace
 *
 * Context: Process context.
 */
void __net_exit l4lb_net_exit(struct net *net)
{
	struct l4lb_net *ln = l4lb_net(net);

	mutex_lock(&ln->lock);
	if (ln->started) {
		WRITE_ONCE(ln->started, false);
		cancel_delayed_work_sync(&ln->upkeep);
		l4lb_vip_flush(ln);
		net_clear(ln);
	}
	free_percpu(ln->stats);
	l4lb_txn_net_exit(ln);
	l4lb_global_exit(ln);
	l4lb_event_exit(ln);
	l4lb_trace_exit(ln);
	mutex_unlock(&ln->lock);

	/* An address notifier may have come between. */
	cancel_delayed_work_sync(&ln->upkeep);
}

/**
 * l4lb_net_init() - prepare a new namespace
 * @net: namespace
 *
 * Context: Process context.
 * Return: 0.
 */
int __net_init l4lb_net_init(struct net *net)
{
	struct l4lb_net *ln = l4lb_net(net);

	ln->net = net;
	mutex_init(&ln->lock);
	INIT_LIST_HEAD(&ln->vips);
	INIT_LIST_HEAD(&ln->txns);
	spin_lock_init(&ln->addr_lock);
	spin_lock_init(&ln->nexthop_lock);
	INIT_DELAYED_WORK(&ln->upkeep, net_upkeep);
	l4lb_index_init(&ln->real_names);
	l4lb_index_init(&ln->real_places);
	l4lb_conn_net_init(ln);
	l4lb_global_init(ln);

	return 0;
}
