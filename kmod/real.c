// SPDX-License-Identifier: GPL-2.0-only
/*
 * Real servers.
 */

#include "real.h"
#include "conn.h"
#include "netns.h"
#include "persist.h"
#include "vip.h"

#include <linux/netlink.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <net/checksum.h>

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
	struct l4lb_real *real;

	lockdep_assert_held(&vip->ln->lock);

	list_for_each_entry(real, &vip->reals, list)
		if (!strcmp(real->config.name, name))
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
	l4lb_check_config_init(&config->check, "");
}

static const struct l4lb_check *real_check(const struct l4lb_real *real,
					   const struct l4lb_check *inherited)
{
	return real->config.check_own ? &real->config.check : inherited;
}

/**
 * l4lb_real_health() - health that counts
 * @real: real
 * @inherited: check of its VIP
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: &enum l4lb_health; up where the check is off.
 */
u8 l4lb_real_health(const struct l4lb_real *real,
		    const struct l4lb_check *inherited)
{
	if (l4lb_check_is_off(real_check(real, inherited)))
		return L4LB_HEALTH_UP;

	return real->health;
}

static bool real_is_fit(const struct l4lb_real *real,
			const struct l4lb_check *inherited)
{
	u8 health = l4lb_real_health(real, inherited);

	return health == L4LB_HEALTH_UP ||
	       (health == L4LB_HEALTH_UNKNOWN && real->provisional);
}

/**
 * l4lb_real_serves() - whether a real takes new connections
 * @real: real
 * @inherited: check of its VIP
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: true if it does.
 */
bool l4lb_real_serves(const struct l4lb_real *real,
		      const struct l4lb_check *inherited)
{
	return real->config.admin == L4LB_ADMIN_ONLINE && real->config.weight &&
	       real_is_fit(real, inherited);
}

/* What translating @from into @to adds to a checksum over it. */
static __wsum addr_csum(const union nf_inet_addr *from,
			const union nf_inet_addr *to)
{
	return csum_sub(csum_partial(to, sizeof(*to), 0),
			csum_partial(from, sizeof(*from), 0));
}

/**
 * l4lb_real_alloc() - make a real that nobody sees yet
 * @vip: its VIP
 * @config: what it is to be
 * @vip_addr: address of the VIP
 * @nat: whether packets are translated
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: the real, for l4lb_real_free(), or NULL if memory or ids ran out.
 */
struct l4lb_real *l4lb_real_alloc(struct l4lb_vip *vip,
				  const struct l4lb_real_config *config,
				  const union nf_inet_addr *vip_addr, bool nat)
{
	struct l4lb_net *ln = vip->ln;
	struct l4lb_real *real;

	real = kzalloc(sizeof(*real), GFP_KERNEL_ACCOUNT);
	if (!real)
		return NULL;

	real->stats = alloc_percpu_gfp(struct l4lb_stats, GFP_KERNEL_ACCOUNT);
	if (!real->stats)
		goto err_real;

	if (nat) {
		real->reply_addr = l4lb_addr_get(ln, ln->real_addrs,
						 config->family, &config->addr);
		if (IS_ERR(real->reply_addr))
			goto err_stats;
	}

	l4lb_route_init(&real->route);
	real->vip = vip;
	refcount_inc(&vip->refs);
	INIT_LIST_HEAD(&real->list);
	real->id = ++ln->next_id;
	real->config = *config;
	real->family = config->family;
	real->addr = config->addr;
	real->port = config->port;
	real->nat = nat;
	real->vip_addr = *vip_addr;
	real->csum = addr_csum(vip_addr, &config->addr);
	real->health = L4LB_HEALTH_UNKNOWN;
	real->since = ktime_get_real_ns() / NSEC_PER_MSEC;
	real->epoch = 1;

	return real;

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
 * @nat: whether packets will be translated
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: the clone, for l4lb_real_free(), or NULL if memory or ids ran out.
 */
struct l4lb_real *l4lb_real_clone(const struct l4lb_real *real,
				  const union nf_inet_addr *vip_addr, bool nat)
{
	struct l4lb_real *clone;

	clone = l4lb_real_alloc(real->vip, &real->config, vip_addr, nat);
	if (!clone)
		return NULL;

	clone->health = real->health;
	clone->provisional = real->provisional;
	clone->since = real->since;
	clone->epoch = real->epoch;
	strscpy(clone->reason, real->reason, sizeof(clone->reason));

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
	l4lb_vip_put(real->vip);
	free_percpu(real->stats);
	kfree(real);
}

/**
 * l4lb_real_settle() - tell the data path what follows from the configuration
 * @real: real of a VIP whose configuration is published
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_real_settle(struct l4lb_real *real)
{
	const struct l4lb_vip_config *config = l4lb_vip_config(real->vip);
	bool orphans;

	/* If the check comes back, the real serves until there is a verdict. */
	if (l4lb_check_is_off(real_check(real, &config->check))) {
		real->health = L4LB_HEALTH_UNKNOWN;
		real->provisional = true;
		real->reason[0] = '\0';
	}

	orphans = real->config.admin == L4LB_ADMIN_HALT ||
		  l4lb_real_health(real, &config->check) == L4LB_HEALTH_DOWN;
	if (orphans && !real->orphans)
		WRITE_ONCE(real->term, real->term + 1);

	WRITE_ONCE(real->idle, l4lb_ticks(config->idle));
	WRITE_ONCE(real->max_conns, real->config.max_conns);
	WRITE_ONCE(real->orphans, orphans);
	WRITE_ONCE(real->keeps, !orphans && real_is_fit(real, &config->check));
}

static bool vip_has_up(const struct l4lb_vip *vip, const struct l4lb_real *not)
{
	const struct l4lb_check *check = &l4lb_vip_config(vip)->check;
	const struct l4lb_real *real;

	list_for_each_entry(real, &vip->reals, list)
		if (real != not &&
		    l4lb_real_health(real, check) == L4LB_HEALTH_UP)
			return true;

	return false;
}

static int real_validate(const struct l4lb_vip *vip,
			 const struct l4lb_real *old,
			 const struct l4lb_real_config *config,
			 struct netlink_ext_ack *extack)
{
	const struct l4lb_vip_config *vip_config = l4lb_vip_config(vip);
	const struct l4lb_real *real;
	__be16 port = config->port;

	if (!l4lb_addr_is_unicast(config->family, &config->addr)) {
		NL_SET_ERR_MSG(extack, "a real cannot have this address");
		return -EINVAL;
	}

	list_for_each_entry(real, &vip->reals, list) {
		if (real == old)
			continue;
		if (!strcmp(real->config.name, config->name)) {
			NL_SET_ERR_MSG(extack,
				       "the vip has a real of this name");
			return -EEXIST;
		}
		if (real->config.port == port &&
		    real->config.family == config->family &&
		    nf_inet_addr_cmp(&real->config.addr, &config->addr)) {
			NL_SET_ERR_MSG(extack,
				       "the vip has a real with this address and port");
			return -EEXIST;
		}
	}

	return l4lb_vip_takes_real(vip_config, config, extack);
}

/* Puts the VIP's list as it is now into effect. */
static int vip_refresh(struct l4lb_vip *vip, struct netlink_ext_ack *extack)
{
	struct l4lb_vip_conf *conf;

	conf = l4lb_vip_conf_build(vip, l4lb_vip_config(vip), &vip->reals);
	if (!conf) {
		NL_SET_ERR_MSG(extack, "out of memory");
		return -ENOMEM;
	}
	l4lb_vip_conf_swap(vip, conf);

	return 0;
}

/**
 * l4lb_real_add() - create a real
 * @vip: its VIP
 * @config: what it is to be
 * @extack: where to explain a failure
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, or a negative errno.
 */
int l4lb_real_add(struct l4lb_vip *vip, const struct l4lb_real_config *config,
		  struct netlink_ext_ack *extack)
{
	const struct l4lb_vip_config *vip_config = l4lb_vip_config(vip);
	struct l4lb_net *ln = vip->ln;
	struct l4lb_real *real;
	int err;

	lockdep_assert_held(&ln->lock);

	err = real_validate(vip, NULL, config, extack);
	if (err)
		return err;

	if (ln->n_reals >= l4lb_net_reals_max(ln)) {
		NL_SET_ERR_MSG(extack,
			       "the namespace has as many reals as it may have");
		return -ENOSPC;
	}

	real = l4lb_real_alloc(vip, config, &vip_config->addr,
			       vip_config->mode == L4LB_MODE_NAT);
	if (!real) {
		NL_SET_ERR_MSG(extack, "out of memory or ids");
		return -ENOMEM;
	}

	real->provisional = !vip_has_up(vip, NULL);
	l4lb_real_settle(real);
	l4lb_real_upkeep(real);
	list_add_tail(&real->list, &vip->reals);
	err = vip_refresh(vip, extack);
	if (err) {
		list_del(&real->list);
		l4lb_real_free(real);
		return err;
	}

	vip->n_reals++;
	ln->n_reals++;

	return 0;
}

/* A real that moves: the old object dies with its connections. */
static int real_move(struct l4lb_real *real,
		     const struct l4lb_real_config *config,
		     struct netlink_ext_ack *extack)
{
	const struct l4lb_vip_config *vip_config = l4lb_vip_config(real->vip);
	struct l4lb_vip *vip = real->vip;
	struct l4lb_real *moved;
	int err;

	moved = l4lb_real_alloc(vip, config, &vip_config->addr, real->nat);
	if (!moved) {
		NL_SET_ERR_MSG(extack, "out of memory or ids");
		return -ENOMEM;
	}

	moved->epoch = real->epoch + 1;
	moved->provisional = !vip_has_up(vip, real);
	l4lb_real_settle(moved);
	l4lb_real_upkeep(moved);

	list_replace(&real->list, &moved->list);
	INIT_LIST_HEAD(&real->list);
	err = vip_refresh(vip, extack);
	if (err) {
		list_replace(&moved->list, &real->list);
		l4lb_real_free(moved);
		return err;
	}

	real->heir = moved;
	l4lb_persist_inherit(vip);
	l4lb_real_stats(real, &vip->past);
	l4lb_conn_bury(vip->ln, real);

	return 0;
}

/**
 * l4lb_real_set() - change a real
 * @real: real; may be gone afterwards, with another in its place
 * @config: what it is to be
 * @extack: where to explain a failure
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, or a negative errno; then nothing has changed.
 */
int l4lb_real_set(struct l4lb_real *real,
		  const struct l4lb_real_config *config,
		  struct netlink_ext_ack *extack)
{
	const struct l4lb_check *inherited =
		&l4lb_vip_config(real->vip)->check;
	struct l4lb_real_config before;
	struct l4lb_check check;
	int err;

	lockdep_assert_held(&real->vip->ln->lock);

	err = real_validate(real->vip, real, config, extack);
	if (err)
		return err;

	if (config->port != real->port || config->family != real->family ||
	    !nf_inet_addr_cmp(&config->addr, &real->addr))
		return real_move(real, config, extack);

	before = real->config;
	check = *real_check(real, inherited);
	real->config = *config;

	err = vip_refresh(real->vip, extack);
	if (err) {
		real->config = before;
		return err;
	}

	if (memcmp(&check, real_check(real, inherited), sizeof(check)))
		real->epoch++;
	l4lb_real_settle(real);

	return 0;
}

/**
 * l4lb_real_del() - remove a real
 * @real: real
 * @extack: where to explain a failure
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, or -ENOMEM; then nothing has changed.
 */
int l4lb_real_del(struct l4lb_real *real, struct netlink_ext_ack *extack)
{
	struct list_head *before = real->list.prev;
	struct l4lb_vip *vip = real->vip;
	int err;

	lockdep_assert_held(&vip->ln->lock);

	list_del_init(&real->list);
	err = vip_refresh(vip, extack);
	if (err) {
		list_add(&real->list, before);
		return err;
	}

	l4lb_real_stats(real, &vip->past);
	vip->n_reals--;
	vip->ln->n_reals--;
	l4lb_conn_bury(vip->ln, real);

	return 0;
}

/**
 * l4lb_real_report() - take a verdict on the health of a real
 * @real: real
 * @health: &enum l4lb_health, not unknown
 * @reason: why, or NULL
 * @extack: where to explain a failure
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 1 if that changed something, 0 if not, or a negative errno.
 */
int l4lb_real_report(struct l4lb_real *real, u8 health, const char *reason,
		     struct netlink_ext_ack *extack)
{
	const struct l4lb_check *inherited =
		&l4lb_vip_config(real->vip)->check;
	const u8 before = real->health;
	const bool served = l4lb_real_serves(real, inherited);
	int err;

	lockdep_assert_held(&real->vip->ln->lock);

	if (l4lb_check_is_off(real_check(real, inherited))) {
		NL_SET_ERR_MSG(extack, "the check of this real is off");
		return -EINVAL;
	}

	if (!reason)
		reason = "";
	if (health == before && !strcmp(reason, real->reason))
		return 0;

	real->health = health;
	if (l4lb_real_serves(real, inherited) != served) {
		err = vip_refresh(real->vip, extack);
		if (err) {
			real->health = before;
			return err;
		}
	}

	if (health != before)
		real->since = ktime_get_real_ns() / NSEC_PER_MSEC;
	strscpy(real->reason, reason, sizeof(real->reason));
	real->provisional = false;
	l4lb_real_settle(real);

	return 1;
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
 * l4lb_real_upkeep() - keep the way to a real current
 * @real: real
 *
 * Nothing ever confirms a neighbour that only receives, as with DR: without
 * this its packets would leave by the slow way most of the time.
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
	neigh = l4lb_route_neigh(ln->net, &real->route, real->family);
	if (!neigh) {
		l4lb_real_route_spec(real, &spec);
		neigh = l4lb_route_resolve(ln, &real->route, &spec);
	}
	if (neigh && !(READ_ONCE(neigh->nud_state) & NUD_CONNECTED))
		neigh_event_send(neigh, NULL);
	rcu_read_unlock();
}
