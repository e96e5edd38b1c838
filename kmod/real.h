/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Real servers.
 *
 * Where a real is and how packets get there never changes: a real that moves
 * is a new object under the old name. A removed real stays as a tombstone until
 * its last connection and every reader have gone.
 */

#ifndef _L4LB_REAL_H
#define _L4LB_REAL_H

#include <linux/cache.h>
#include <linux/list.h>
#include <linux/netfilter.h>

#include "check.h"
#include "health.h"
#include "index.h"
#include "nexthop.h"
#include "ramp.h"
#include "stats.h"

struct l4lb_addr;
struct l4lb_net;
struct l4lb_vip;
struct netlink_ext_ack;

/**
 * struct l4lb_real_config - what the administrator says of a real
 * @name: unique within its VIP
 * @family: AF_INET or AF_INET6
 * @admin: &enum l4lb_admin
 * @check_own: whether @check replaces that of the VIP
 * @port: port, 0 for the VIP's
 * @weight: share of new connections
 * @max_conns: connections at which it takes no new ones, or 0
 * @addr: its address, unused bytes zero
 * @check: its own check, if @check_own
 */
struct l4lb_real_config {
	char name[L4LB_NAME_MAX + 1];
	u8 family;
	u8 admin;
	bool check_own;
	__be16 port;
	u32 weight;
	u32 max_conns;
	union nf_inet_addr addr;
	struct l4lb_check check;
};

/**
 * struct l4lb_real - a real server of a VIP
 * @route: the way there
 * @vip: its VIP, constant; the real has a reference on it
 * @stats: what it forwarded
 * @orphans: its connections have ended: it is halted, down or removed
 * @removed: it is a tombstone
 * @keeps: its persistent clients come back to it
 * @serves: it takes new connections
 * @family: AF_INET or AF_INET6, constant
 * @mode: &enum l4lb_mode of the VIP, constant
 * @port: port, 0 for the VIP's, constant
 * @csum: what translating the VIP's address into @addr adds to checksums,
 *	constant
 * @idle: ticks that an established connection may be silent
 * @term: grows whenever its connections end
 * @addr: its address, constant
 * @vip_addr: address of the VIP, constant
 * @conns: its connections, dead ones that are still in the table included
 * @persists: persistence entries that point to it
 * @max_conns: connections at which it takes no new ones, or 0
 * @ports_ran_out: since last looked, a connection found no source port
 * @list: entry in &l4lb_vip.reals, later in &l4lb_conn_table.tombs
 * @by_name: entry in &l4lb_net.real_names, until its removal
 * @by_place: entry in &l4lb_net.real_places, likewise
 * @id: grows from real to real
 * @reply_addr: its address in &l4lb_net.real_addrs
 * @request_addr: after its removal, @vip_addr in &l4lb_net.vip_addrs
 * @config: what it was told to be; address, port and family as above
 * @health: what its checker has said
 * @provisional: serves while nothing is known of its health
 * @ramp: how it comes into service
 * @recorded: its health when an event of it was last remembered
 * @epoch: changes with the address, port and check; no other real has it
 * @base: counters at the last reset
 * @spell: &l4lb_conn_table.spell at its removal, or when a base last ceased to
 *	name it
 * @bases: base tables that name it; with @spell under
 *	&l4lb_conn_table.tombs_lock
 * @probes: checks that are on their way to it as clients' packets are
 * @heir: what takes its place, set just before its removal
 *
 * Up to @vip_addr: read by the data path. From @list on: under &l4lb_net.lock.
 */
struct l4lb_real {
	struct l4lb_route route;
	struct l4lb_vip *vip;
	struct l4lb_stats __percpu *stats;
	bool orphans;
	bool removed;
	bool keeps;
	bool serves;
	u8 family;
	u8 mode;
	__be16 port;
	__wsum csum;
	u32 idle;
	u32 term;
	union nf_inet_addr addr;
	union nf_inet_addr vip_addr;

	atomic_t conns ____cacheline_aligned_in_smp;
	atomic_t persists;
	u32 max_conns;
	bool ports_ran_out;

	struct list_head list;
	struct l4lb_index_node by_name;
	struct l4lb_index_node by_place;
	u32 id;
	struct l4lb_addr *reply_addr;
	struct l4lb_addr *request_addr;
	struct l4lb_real_config config;
	struct l4lb_real_health health;
	bool provisional;
	struct l4lb_ramp ramp;
	u8 recorded;
	u32 epoch;
	struct l4lb_stats base;
	u32 spell;
	u32 bases;
	u32 probes;
	struct l4lb_real *heir;
};

static inline void l4lb_real_route_spec(const struct l4lb_real *real,
					struct l4lb_route_spec *spec)
{
	spec->family = real->family;
	spec->onlink = real->mode == L4LB_MODE_DR;
	spec->daddr = &real->addr;
	spec->saddr = NULL;
}

static inline bool l4lb_real_is_full(const struct l4lb_real *real)
{
	u32 max = READ_ONCE(real->max_conns);

	return max && (u32)atomic_read(&real->conns) >= max;
}

/* Control plane: process context, under l4lb_net.lock. */
struct l4lb_real *l4lb_real_find(const struct l4lb_vip *vip, const char *name);
void l4lb_real_config_init(struct l4lb_real_config *config);
void l4lb_real_stats(const struct l4lb_real *real, struct l4lb_stats *stats);
void l4lb_real_stats_reset(struct l4lb_real *real);
void l4lb_real_upkeep(struct l4lb_real *real);

/* For change.c: the parts of a change. */
struct l4lb_real *l4lb_real_alloc(struct l4lb_vip *vip,
				  const struct l4lb_real_config *config,
				  const union nf_inet_addr *vip_addr, u8 mode);
struct l4lb_real *l4lb_real_clone(const struct l4lb_real *real,
				  const union nf_inet_addr *vip_addr, u8 mode);
int l4lb_real_validate(const struct l4lb_real *real,
		       struct netlink_ext_ack *extack);
void l4lb_real_new_epoch(struct l4lb_real *real);
void l4lb_real_enter(struct l4lb_real *real);
void l4lb_real_leave(struct l4lb_real *real);
void l4lb_real_bury(struct l4lb_real *real);

/* Process context, after the last reader. */
void l4lb_real_free(struct l4lb_real *real);

#endif /* _L4LB_REAL_H */
