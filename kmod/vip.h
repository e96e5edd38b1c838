/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Virtual services.
 */

#ifndef _L4LB_VIP_H
#define _L4LB_VIP_H

#include <linux/if.h>
#include <linux/list.h>
#include <linux/netfilter.h>
#include <linux/refcount.h>

#include "addr.h"
#include "check.h"
#include "stats.h"

struct l4lb_allow;
struct l4lb_conn_key;
struct l4lb_net;
struct l4lb_real;
struct l4lb_real_config;
struct l4lb_sched_ops;
struct l4lb_share;
struct l4lb_vip_draft;
struct netlink_ext_ack;

/**
 * struct l4lb_vip_fallback - where connections go that no real can take
 * @addr: its address, unused bytes zero
 * @port: port, 0 for the VIP's
 * @family: AF_INET or AF_INET6, 0 if there is none
 */
struct l4lb_vip_fallback {
	union nf_inet_addr addr;
	__be16 port;
	u8 family;
};

/**
 * struct l4lb_vip_config - what the administrator says of a VIP
 * @name: unique in the namespace
 * @family: AF_INET or AF_INET6
 * @protos: bits L4LB_PROTO_TCP and L4LB_PROTO_UDP
 * @mode: &enum l4lb_mode
 * @sched: &enum l4lb_sched
 * @orphan: &enum l4lb_orphan
 * @no_real: &enum l4lb_no_real
 * @hook: &enum l4lb_hook
 * @mask: prefix length of what counts as one client
 * @idle: ms that an established TCP connection may be silent
 * @persist: ms that a client without connections keeps its real, or 0
 * @slow_start: ms in which a real that comes up gets its weight
 * @seed: what hashes that choose a real begin with
 * @addr: its address, unused bytes zero
 * @source_family: family of @sources
 * @n_sources: number of @sources
 * @sources: with SNAT, what reals see in place of the clients' addresses
 * @fallback: where connections go that no real can take
 * @n_ports: number of @ports
 * @ports: its ports, disjoint and ascending
 * @check: how its reals are checked
 * @dev: interface that its address is to be on, for the programs; empty for none
 */
struct l4lb_vip_config {
	char name[L4LB_NAME_MAX + 1];
	u8 family;
	u8 protos;
	u8 mode;
	u8 sched;
	u8 orphan;
	u8 no_real;
	u8 hook;
	u8 mask;
	u32 idle;
	u32 persist;
	u32 slow_start;
	u64 seed;
	union nf_inet_addr addr;
	u8 source_family;
	u8 n_sources;
	union nf_inet_addr sources[L4LB_SOURCES_MAX];
	struct l4lb_vip_fallback fallback;
	unsigned int n_ports;
	struct l4lb_port_range ports[L4LB_PORTS_MAX];
	struct l4lb_check check;
	char dev[IFNAMSIZ];
};

/**
 * struct l4lb_vip_conf - a VIP's configuration as the data path sees it
 * @rcu: delays freeing past the last reader
 * @sched: how reals are chosen
 * @reals: reals that take new connections, behind @slots
 * @n_reals: how many
 * @n_slots: number of @slots; 0 if @sched needs none
 * @keys: keys of the hash that chooses a real, from the seed
 * @limited: whether any of @reals has a limit of connections
 * @persist_ticks: ticks that a client's real is remembered for after the last
 *	use, or 0 without persistence
 * @allow: clients that it serves, with a reference, or NULL for any
 * @fallback: takes what @reals cannot, or NULL
 * @stateless: whether the choice of a real follows from @slots alone, so that a
 *	SYN need not be remembered
 * @used: whether a SYN was forwarded that was not remembered
 * @base: table by which connections without an entry began, if it is another;
 *	&l4lb_net.lock to write
 * @config: what it was made from
 * @slots: reals, arranged as @sched wants them
 *
 * Immutable, but for @used, which the data path sets, and @base, which goes in
 * time: a change makes a new one and swaps the pointer.
 */
struct l4lb_vip_conf {
	struct rcu_head rcu;
	const struct l4lb_sched_ops *sched;
	struct l4lb_share *reals;
	u32 n_reals;
	u32 n_slots;
	u64 keys[3];
	u32 persist_ticks;
	bool limited;
	struct l4lb_allow *allow;
	struct l4lb_real *fallback;
	bool stateless;
	bool used;
	struct l4lb_vip_conf __rcu *base;
	struct l4lb_vip_config config;
	struct l4lb_real *slots[];
};

/**
 * struct l4lb_vip - a virtual service
 * @conf: configuration, &l4lb_net.lock to write
 * @cursors: for schedulers that take turns, where each CPU stands
 * @ln: namespace, constant
 * @id: grows from VIP to VIP, constant
 * @refs: one for the table and one for each real, tombstones included
 * @addr: its address in &l4lb_net.vip_addrs
 * @local: whether the address was on this host when last looked
 * @told: &enum l4lb_vip_state, as it was told last
 * @list: entry in &l4lb_net.vips
 * @name_node: entry in &l4lb_net.vip_names
 * @reals: &struct l4lb_real in order of creation
 * @n_reals: how many
 * @fallback: one more real, which is not in @reals, or NULL
 * @ramped: when @conf followed the weights of reals that came into service
 * @draft: what it is to become in the change that is going on, or NULL
 * @past: what removed reals forwarded since the last reset
 * @drops: packets dropped, one for each CPU; any context
 * @drops_base: drops at the last reset
 * @persists: persistence entries that name it; any context
 * @base_since: jiffies at the last change of the table
 * @rcu: delays freeing past the last reader
 *
 * From @addr on: under &l4lb_net.lock.
 */
struct l4lb_vip {
	struct l4lb_vip_conf __rcu *conf;
	u32 __percpu *cursors;
	struct l4lb_net *ln;
	u32 id;
	refcount_t refs;
	struct l4lb_addr *addr;
	bool local;
	u8 told;
	struct list_head list;
	struct hlist_node name_node;
	struct list_head reals;
	u32 n_reals;
	struct l4lb_real *fallback;
	u64 ramped;
	struct l4lb_vip_draft *draft;
	struct l4lb_stats past;
	struct l4lb_drops __percpu *drops;
	u64 drops_base[L4LB_DROP_MAX + 1];
	atomic_t persists;
	unsigned long base_since;
	struct rcu_head rcu;
};

/* Data path: any context, under rcu_read_lock(). */
unsigned int l4lb_vip_drop(const struct l4lb_vip *vip, enum l4lb_drop reason);
struct l4lb_real *l4lb_vip_choose(const struct l4lb_vip *vip,
				  const struct l4lb_vip_conf *conf,
				  const struct l4lb_conn_key *client);

/* Control plane: process context, under l4lb_net.lock. */
const struct l4lb_vip_config *l4lb_vip_config(const struct l4lb_vip *vip);
struct l4lb_allow *l4lb_vip_allow(const struct l4lb_vip *vip);
struct l4lb_vip *l4lb_vip_find(struct l4lb_net *ln, const char *name);
void l4lb_vip_config_init(struct l4lb_vip_config *config);
void l4lb_vip_flush(struct l4lb_net *ln);
u8 l4lb_vip_state(const struct l4lb_vip *vip);
u32 l4lb_vip_conns(const struct l4lb_vip *vip);
void l4lb_vip_stats(const struct l4lb_vip *vip, struct l4lb_stats *stats);
u64 l4lb_vip_drops(const struct l4lb_vip *vip, enum l4lb_drop reason);
void l4lb_vip_stats_reset(struct l4lb_vip *vip);
bool l4lb_vip_upkeep(struct l4lb_vip *vip);
int l4lb_vip_refresh(struct l4lb_vip *vip);
int l4lb_vip_takes_real(const struct l4lb_vip_config *config,
			const struct l4lb_real_config *real,
			struct netlink_ext_ack *extack);

/* For change.c: the parts of a change. */
struct l4lb_vip *l4lb_vip_alloc(struct l4lb_net *ln);
const struct l4lb_vip_config *l4lb_vip_published(const struct l4lb_vip *vip);
int l4lb_vip_validate(const struct l4lb_vip *vip,
		      struct netlink_ext_ack *extack);
void l4lb_vip_enter(struct l4lb_vip *vip);
void l4lb_vip_leave(struct l4lb_vip *vip);
struct l4lb_vip_conf *l4lb_vip_conf_build(struct l4lb_vip *vip,
					  const struct l4lb_vip_config *config,
					  const struct list_head *reals);
void l4lb_vip_conf_swap(struct l4lb_vip *vip, struct l4lb_vip_conf *conf);
void l4lb_vip_conf_free(struct l4lb_vip_conf *conf);
void l4lb_vip_bury(struct l4lb_vip *vip);
void l4lb_vip_put(struct l4lb_vip *vip);

#endif /* _L4LB_VIP_H */
