// SPDX-License-Identifier: GPL-2.0-only
/*
 * Real servers.
 */

#include "real.h"
#include "addr.h"
#include "conn.h"
#include "netns.h"
#include "persist.h"
#include "probe.h"
#include "vip.h"

#include <linux/jhash.h>
#include <linux/netlink.h>
#include <linux/slab.h>
#include <linux/stringhash.h>

static u32 name_hash(const struct l4lb_vip *vip, const char *name)
{
	return full_name_hash(vip, name, strlen(name));
}

/* Only the administrator chooses what is stored. */
static u32 place_hash(const struct l4lb_vip *vip,
		      const struct l4lb_real_config *config)
{
	return jhash2((const u32 *)config->addr.all,
		      ARRAY_SIZE(config->addr.all),
		      vip->id << 16 ^ (__force u16)config->port);
}

/* By another real of the VIP. */
static bool place_is_taken(const struct l4lb_real *real)
{
	const u32 hash = place_hash(real->vip, &real->config);
	const struct l4lb_real *other;

	hlist_for_each_entry(other,
			     l4lb_index_bucket(&real->vip->ln->real_places,
					       hash),
			     by_place.node)
		if (other->vip == real->vip && other != real &&
		    other->port == real->port &&
		    other->family == real->family &&
		    nf_inet_addr_cmp(&other->addr, &real->addr))
			return true;

	return false;
}

/**
 * l4lb_real_find() - look a real up by name
 * @vip: its VIP
 * @name: its name
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: the real, or NULL.
 */
struct l4lb_real *l4lb_real_find(const struct l4lb_vip *vip, const char *name)
{
	const u32 hash = name_hash(vip, name);
	struct l4lb_real *real;

	lockdep_assert_held(&vip->ln->lock);

	hlist_for_each_entry(real,
			     l4lb_index_bucket(&vip->ln->real_names, hash),
			     by_name.node)
		if (real->vip == vip && !strcmp(real->config.name, name))
			return real;

	return NULL;
}

/**
 * l4lb_real_config_init() - set a configuration to its defaults
 * @config: configuration to fill
 *
 * Context: Any.
 */
void l4lb_real_config_init(struct l4lb_real_config *config)
{
	memset(config, 0, sizeof(*config));
	config->admin = L4LB_ADMIN_ONLINE;
	config->weight = L4LB_WEIGHT_DEFAULT;
	l4lb_check_init(&config->check, "");
}

/**
 * l4lb_real_alloc() - make a real that nobody sees yet
 * @vip: its VIP
 * @config: what it is to be
 * @vip_addr: address of the VIP
 * @mode: &enum l4lb_mode of the VIP
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: the real, for l4lb_real_free(), or NULL if memory or ids ran out.
 */
struct l4lb_real *l4lb_real_alloc(struct l4lb_vip *vip,
				  const struct l4lb_real_config *config,
				  const union nf_inet_addr *vip_addr, u8 mode)
{
	struct l4lb_net *ln = vip->ln;
	struct l4lb_real *real;

	real = kzalloc(sizeof(*real), GFP_KERNEL_ACCOUNT);
	if (!real)
		return NULL;

	real->stats = alloc_percpu_gfp(struct l4lb_stats, GFP_KERNEL_ACCOUNT);
	if (!real->stats)
		goto err_real;

	real->config = *config;
	if (l4lb_check_own(&real->config.check))
		goto err_stats;

	real->reply_addr = l4lb_addr_get(ln, ln->real_addrs, config->family,
					 &config->addr);
	if (IS_ERR(real->reply_addr))
		goto err_check;

	l4lb_route_init(&real->route);
	real->vip = vip;
	refcount_inc(&vip->refs);
	INIT_LIST_HEAD(&real->list);
	real->id = ++ln->next_id;
	real->family = config->family;
	real->addr = config->addr;
	real->port = config->port;
	real->mode = mode;
	real->vip_addr = *vip_addr;
	real->csum = l4lb_addr_csum(vip_addr, &config->addr);
	l4lb_health_init(&real->health);
	l4lb_real_new_epoch(real);

	return real;

err_check:
	l4lb_check_disown(&real->config.check);
err_stats:
	free_percpu(real->stats);
err_real:
	kfree(real);
	return NULL;
}

/**
 * l4lb_real_clone() - make the successor of a real whose VIP changes
 * @real: real
 * @vip_addr: address that the VIP will have
 * @mode: &enum l4lb_mode that the VIP will have
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: the clone, for l4lb_real_free(), or NULL if memory or ids ran out.
 */
struct l4lb_real *l4lb_real_clone(const struct l4lb_real *real,
				  const union nf_inet_addr *vip_addr, u8 mode)
{
	struct l4lb_real *clone;

	clone = l4lb_real_alloc(real->vip, &real->config, vip_addr, mode);
	if (!clone)
		return NULL;

	if (l4lb_health_copy(&clone->health, &real->health)) {
		l4lb_real_free(clone);
		return NULL;
	}
	clone->provisional = real->provisional;
	clone->recorded = real->recorded;
	clone->ramp = real->ramp;
	clone->epoch = real->epoch;

	/* Counters go on where they were: minus the base is what was counted. */
	l4lb_real_stats(real, &clone->base);
	clone->base.conns = -clone->base.conns;
	clone->base.in_packets = -clone->base.in_packets;
	clone->base.in_bytes = -clone->base.in_bytes;
	clone->base.out_packets = -clone->base.out_packets;
	clone->base.out_bytes = -clone->base.out_bytes;

	return clone;
}

/**
 * l4lb_real_free() - free a real
 * @real: real that no reader and no connection knows
 *
 * Context: Process context.
 */
void l4lb_real_free(struct l4lb_real *real)
{
	struct l4lb_net *ln = real->vip->ln;

	l4lb_route_forget(ln, &real->route);
	l4lb_addr_put(ln, real->reply_addr);
	l4lb_addr_put(ln, real->request_addr);
	l4lb_vip_put(real->vip);
	l4lb_health_free(&real->health);
	l4lb_check_disown(&real->config.check);
	free_percpu(real->stats);
	kfree(real);
}

/**
 * l4lb_real_new_epoch() - let no verdict on a real that was asked for before count
 * @real: real
 *
 * Of all the reals that a namespace ever has, no two share an epoch: a verdict
 * on one that was removed is not taken for one on its successor.
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_real_new_epoch(struct l4lb_real *real)
{
	struct l4lb_net *ln = real->vip->ln;

	lockdep_assert_held(&ln->lock);

	real->epoch = ++ln->last_epoch;
}

/**
 * l4lb_real_enter() - let a real be found
 * @real: real that is in its VIP's list
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_real_enter(struct l4lb_real *real)
{
	struct l4lb_net *ln = real->vip->ln;

	lockdep_assert_held(&ln->lock);

	l4lb_index_add(&ln->real_names, &real->by_name,
		       name_hash(real->vip, real->config.name));
	l4lb_index_add(&ln->real_places, &real->by_place,
		       place_hash(real->vip, &real->config));
}

/**
 * l4lb_real_leave() - let a real not be found any more
 * @real: real, which may have left already
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_real_leave(struct l4lb_real *real)
{
	struct l4lb_net *ln = real->vip->ln;

	lockdep_assert_held(&ln->lock);

	l4lb_index_del(&ln->real_names, &real->by_name);
	l4lb_index_del(&ln->real_places, &real->by_place);
}

/**
 * l4lb_real_bury() - remove a real, whose connections may live on
 * @real: real that no configuration names any more
 *
 * Clients of these connections still send to the address that the VIP had, so
 * that is known as long as there are any, whatever has become of the VIP. Without
 * a VIP what has no connection is left to the stack.
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_real_bury(struct l4lb_real *real)
{
	struct l4lb_net *ln = real->vip->ln;

	l4lb_real_leave(real);
	l4lb_probe_forget(real);
	real->request_addr = l4lb_addr_hold(ln, ln->vip_addrs, real->family,
					    &real->vip_addr);
	l4lb_conn_bury(ln, real);
}

/**
 * l4lb_real_validate() - whether what a real is to be makes sense
 * @real: real of a VIP, which is as it is to be
 * @extack: where to say why not
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, -EINVAL or -EEXIST.
 */
int l4lb_real_validate(const struct l4lb_real *real,
		       struct netlink_ext_ack *extack)
{
	const struct l4lb_real_config *config = &real->config;

	if (!l4lb_addr_is_unicast(config->family, &config->addr)) {
		NL_SET_ERR_MSG(extack, "a real cannot have this address");
		return -EINVAL;
	}

	if (place_is_taken(real)) {
		NL_SET_ERR_MSG(extack,
			       "the vip has a real with this address and port");
		return -EEXIST;
	}

	return l4lb_vip_takes_real(l4lb_vip_config(real->vip), config, extack);
}

/**
 * l4lb_real_stats() - what a real forwarded since the last reset
 * @real: real
 * @stats: where to add it
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_real_stats(const struct l4lb_real *real, struct l4lb_stats *stats)
{
	l4lb_stats_sum(stats, real->stats);
	l4lb_stats_sub(stats, &real->base);
}

/**
 * l4lb_real_stats_reset() - let a real's counters start from zero
 * @real: real
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_real_stats_reset(struct l4lb_real *real)
{
	memset(&real->base, 0, sizeof(real->base));
	l4lb_stats_sum(&real->base, real->stats);
	real->health.flaps = 0;
}

/**
 * l4lb_real_upkeep() - keep the way to a real current
 * @real: real
 *
 * Nobody tells when a path MTU that was learned ends, or an IPv6 route is
 * deleted: the way is looked up anew. And nothing ever confirms a neighbour that
 * only receives, as with DR: without this its packets would leave by the slow
 * way most of the time.
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_real_upkeep(struct l4lb_real *real)
{
	struct l4lb_net *ln = real->vip->ln;
	struct l4lb_route_spec spec;
	struct neighbour *neigh;

	lockdep_assert_held(&ln->lock);

	rcu_read_lock();
	l4lb_real_route_spec(real, &spec);
	neigh = l4lb_route_renew(ln, &real->route, &spec);
	if (neigh && !(READ_ONCE(neigh->nud_state) & NUD_CONNECTED))
		neigh_event_send(neigh, NULL);
	rcu_read_unlock();
}
