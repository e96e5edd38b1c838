/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * State of one network namespace.
 *
 * Lock order: rtnl_lock() > l4lb_net.lock > l4lb_conn_table.locks and
 * l4lb_net.addr_lock > l4lb_net.nexthop_lock. l4lb_net.lock >
 * l4lb_persist_table.sweep_lock > l4lb_persist_table.locks. Nothing here takes
 * rtnl_lock().
 *
 * Verbs, the same for every noun: add/del publish and unpublish, find looks up
 * without a reference, get/put count references, init/exit come once in the
 * life of the module or namespace, start/stop once for each spell in which the
 * namespace has VIPs.
 */

#ifndef _L4LB_NETNS_H
#define _L4LB_NETNS_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <net/netns/generic.h>

#include "conn.h"
#include "hook.h"

#define L4LB_NAME_HASH_BITS	8
#define L4LB_NEXTHOP_HASH_BITS	6

struct l4lb_addr_table;
struct l4lb_net_stats;
struct l4lb_persist_table;
struct l4lb_vip_config;
struct nf_hook_ops;

/**
 * struct l4lb_net - what one network namespace owns
 * @vip_addrs: addresses of the VIPs
 * @real_addrs: addresses of the reals that answer through the balancer
 * @stats: drops and what is left of removed VIPs, one for each CPU
 * @net: the namespace
 * @conns: connections
 * @persists: persistence entries, NULL before the first VIP that has them;
 *	@lock to write
 * @lock: serialises every change of configuration; taken in process context
 * @started: whether there are VIPs and, with them, tables, hooks and workers;
 *	under @lock to write
 * @hooks: where packets come in, by set; NULL if not registered; under @lock
 * @vips: &struct l4lb_vip in order of creation, under @lock
 * @vip_names: the same by name, under @lock
 * @n_vips: how many, under @lock
 * @n_reals: how many reals all of them have, under @lock
 * @drops_base: drops at the last reset of the counters, under @lock
 * @generation: grows with every change of configuration, under @lock
 * @next_id: last id given to a VIP or real, under @lock
 * @next_addr_id: last id given to an address, under @addr_lock
 * @addr_lock: guards writers of @vip_addrs and @real_addrs
 * @nexthop_lock: guards @nexthops and every &l4lb_route.nexthop
 * @nexthops: &struct l4lb_nexthop by neighbour
 * @upkeep: keeps routes, neighbours and address states current
 * @addrs_changed: the host's addresses changed since @upkeep looked
 */
struct l4lb_net {
	struct l4lb_addr_table *vip_addrs;
	struct l4lb_addr_table *real_addrs;
	struct l4lb_net_stats __percpu *stats;
	struct net *net;
	struct l4lb_conn_table conns;
	struct l4lb_persist_table __rcu *persists;

	struct mutex lock; /* configuration of this namespace */
	bool started;
	struct nf_hook_ops *hooks[L4LB_HOOKS_N];
	struct list_head vips;
	struct hlist_head vip_names[1 << L4LB_NAME_HASH_BITS];
	u32 n_vips;
	u32 n_reals;
	u64 drops_base[L4LB_DROP_MAX + 1];
	u32 generation;
	u32 next_id;

	u32 next_addr_id;
	spinlock_t addr_lock; /* writers of vip_addrs and real_addrs */
	spinlock_t nexthop_lock; /* nexthops and pointers to them */
	struct hlist_head nexthops[1 << L4LB_NEXTHOP_HASH_BITS];
	struct delayed_work upkeep;
	bool addrs_changed;
};

extern unsigned int l4lb_net_id;

static inline struct l4lb_net *l4lb_net(const struct net *net)
{
	return net_generic(net, l4lb_net_id);
}

/* Control plane: process context, under l4lb_net.lock. */
u32 l4lb_net_vips_max(const struct l4lb_net *ln);
u32 l4lb_net_reals_max(const struct l4lb_net *ln);
int l4lb_net_start(struct l4lb_net *ln, const struct l4lb_vip_config *config);
void l4lb_net_stop(struct l4lb_net *ln);

/* Any context. */
void l4lb_net_addrs_changed(struct l4lb_net *ln);

/* Life of the namespace: process context. */
int l4lb_net_init(struct net *net);
void l4lb_net_pre_exit(struct net *net);
void l4lb_net_exit(struct net *net);

#endif /* _L4LB_NETNS_H */
