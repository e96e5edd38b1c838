/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * State of one network namespace.
 *
 * Lock order: rtnl_lock() > l4lb_net.lock > l4lb_conn_table.locks and
 * l4lb_net.addr_lock > l4lb_net.nexthop_lock. l4lb_net.lock >
 * l4lb_persist_table.sweep_lock > l4lb_persist_table.locks. Under
 * l4lb_frag_bucket.lock none is taken. Nothing here takes rtnl_lock().
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
#include <linux/user_namespace.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "conn.h"
#include "event.h"
#include "global.h"
#include "hook.h"
#include "index.h"
#include "stats.h"

#define L4LB_NAME_HASH_BITS	8
#define L4LB_NEXTHOP_HASH_BITS	9

struct l4lb_addr_table;
struct l4lb_frag_table;
struct l4lb_partners;
struct l4lb_persist_table;
struct l4lb_probes;
struct l4lb_tracer;
struct l4lb_vip_config;
struct nf_hook_ops;

/**
 * struct l4lb_net - what one network namespace owns
 * @vip_addrs: addresses of the VIPs
 * @real_addrs: addresses of the reals that answer through the balancer
 * @stats: drops, one for each CPU; NULL before the first VIP
 * @net: the namespace
 * @partners: other balancers of which this one is a real, or NULL; @lock to
 *	write
 * @conns: connections
 * @persists: persistence entries, NULL before the first VIP that has them;
 *	@lock to write
 * @frags: IPv6 datagrams in parts, NULL before the first IPv6 VIP; @lock to
 *	write
 * @probes: checks that go the way of clients' packets, NULL before the first;
 *	@lock to write
 * @lock: serialises every change of configuration; taken in process context
 * @started: whether there are VIPs and, with them, tables, hooks and workers;
 *	under @lock to write
 * @global: what the administrator says of all of it, under @lock
 * @hooks: where packets come in, by set; NULL if not registered; under @lock
 * @hooks_traced: whether what comes in there is traced, under @lock
 * @hooks_wanted: bits of the sets that there are to be, unless it is standby;
 *	under @lock
 * @vips: &struct l4lb_vip in order of creation, under @lock
 * @vip_names: the same by name, under @lock
 * @n_vips: how many, under @lock
 * @n_reals: how many reals all of them have, under @lock
 * @real_names: &struct l4lb_real by VIP and name, under @lock
 * @real_places: the same by VIP, address and port, under @lock
 * @past: what removed VIPs forwarded since the last reset, under @lock
 * @drops_base: drops at the last reset of the counters, under @lock
 * @tracer: who is told of packets, or NULL; @lock to write
 * @events: what has happened last, under @lock
 * @generation: grows with every change of configuration, under @lock
 * @txns: transactions that have begun, under @lock
 * @txn_bytes: what the requests of all of them take, under @lock
 * @next_id: last id given to a VIP or real, under @lock
 * @last_epoch: last of &l4lb_real.epoch, under @lock
 * @next_addr_id: last id given to an address, under @addr_lock
 * @addr_lock: guards writers of @vip_addrs and @real_addrs
 * @nexthop_lock: guards @nexthops and every &l4lb_route.nexthop
 * @nexthops: &struct l4lb_nexthop by neighbour
 * @upkeep: keeps routes, neighbours and address states current
 * @upkeep_run: how often it ran, under @lock
 * @addrs_changed: the host's addresses changed since @upkeep looked
 */
struct l4lb_net {
	struct l4lb_addr_table *vip_addrs;
	struct l4lb_addr_table *real_addrs;
	struct l4lb_net_stats __percpu *stats;
	struct net *net;
	struct l4lb_partners __rcu *partners;
	struct l4lb_conn_table conns;
	struct l4lb_persist_table __rcu *persists;
	struct l4lb_frag_table __rcu *frags;
	struct l4lb_probes __rcu *probes;

	struct mutex lock; /* configuration of this namespace */
	bool started;
	struct l4lb_global global;
	struct nf_hook_ops *hooks[L4LB_HOOKS_N];
	bool hooks_traced;
	u32 hooks_wanted;
	struct list_head vips;
	struct hlist_head vip_names[1 << L4LB_NAME_HASH_BITS];
	u32 n_vips;
	u32 n_reals;
	struct l4lb_index real_names;
	struct l4lb_index real_places;
	struct l4lb_stats past;
	u64 drops_base[L4LB_DROP_MAX + 1];
	struct l4lb_tracer __rcu *tracer;
	struct l4lb_events events;
	u32 generation;
	struct list_head txns;
	u32 txn_bytes;
	u32 next_id;
	u32 last_epoch;

	u32 next_addr_id;
	spinlock_t addr_lock; /* writers of vip_addrs and real_addrs */
	spinlock_t nexthop_lock; /* nexthops and pointers to them */
	struct hlist_head nexthops[1 << L4LB_NEXTHOP_HASH_BITS];
	struct delayed_work upkeep;
	u32 upkeep_run;
	bool addrs_changed;
};

extern unsigned int l4lb_net_id;

static inline struct l4lb_net *l4lb_net(const struct net *net)
{
	return net_generic(net, l4lb_net_id);
}

/* Whether it is an ordinary user's, who may not have as much as the host's. */
static inline bool l4lb_net_is_small(const struct l4lb_net *ln)
{
	return ln->net->user_ns != &init_user_ns;
}

/* Control plane: process context, under l4lb_net.lock. */
int l4lb_net_prepare(struct l4lb_net *ln);
int l4lb_net_start(struct l4lb_net *ln, const struct l4lb_vip_config *config);
void l4lb_net_trim(struct l4lb_net *ln);
void l4lb_net_stop(struct l4lb_net *ln);

/* Any context. */
void l4lb_net_addrs_changed(struct l4lb_net *ln);

/* Life of the namespace: process context. */
int l4lb_net_init(struct net *net);
void l4lb_net_pre_exit(struct net *net);
void l4lb_net_exit(struct net *net);

#endif /* _L4LB_NETNS_H */
