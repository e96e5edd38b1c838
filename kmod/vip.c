// SPDX-License-Identifier: GPL-2.0-only
/*
 * Virtual services.
 */

#include "vip.h"
#include "allow.h"
#include "base.h"
#include "change.h"
#include "conn.h"
#include "fallback.h"
#include "netns.h"
#include "persist.h"
#include "portmap.h"
#include "ramp.h"
#include "real.h"
#include "sched.h"
#include "trace.h"

#include <linux/mm.h>
#include <linux/netlink.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/stringhash.h>

static struct l4lb_vip_conf *vip_conf(const struct l4lb_vip *vip)
{
	return rcu_dereference_protected(vip->conf,
					 lockdep_is_held(&vip->ln->lock));
}

/**
 * l4lb_vip_config() - current configuration
 * @vip: VIP
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: the configuration, until it is changed; in a change that is going on,
 * as it will be.
 */
const struct l4lb_vip_config *l4lb_vip_config(const struct l4lb_vip *vip)
{
	lockdep_assert_held(&vip->ln->lock);

	return vip->draft ? &vip->draft->config : &vip_conf(vip)->config;
}

/**
 * l4lb_vip_published() - configuration that the data path sees
 * @vip: VIP
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: the configuration, until it is changed, or NULL if the VIP is so new
 * that there is none.
 */
const struct l4lb_vip_config *l4lb_vip_published(const struct l4lb_vip *vip)
{
	const struct l4lb_vip_conf *conf = vip_conf(vip);

	return conf ? &conf->config : NULL;
}

/**
 * l4lb_vip_allow() - clients that a VIP serves
 * @vip: VIP
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: the list, until it is changed, or NULL for any client; in a change
 * that is going on, as it will be.
 */
struct l4lb_allow *l4lb_vip_allow(const struct l4lb_vip *vip)
{
	return vip->draft ? vip->draft->allow : vip_conf(vip)->allow;
}

static struct hlist_head *name_bucket(struct l4lb_net *ln, const char *name)
{
	u32 hash = full_name_hash(NULL, name, strlen(name));

	return &ln->vip_names[hash_32(hash, L4LB_NAME_HASH_BITS)];
}

/**
 * l4lb_vip_find() - look a VIP up by name
 * @ln: namespace
 * @name: its name
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: the VIP, or NULL.
 */
struct l4lb_vip *l4lb_vip_find(struct l4lb_net *ln, const char *name)
{
	struct l4lb_vip *vip;

	lockdep_assert_held(&ln->lock);

	hlist_for_each_entry(vip, name_bucket(ln, name), name_node)
		if (!strcmp(l4lb_vip_config(vip)->name, name))
			return vip;

	return NULL;
}

/**
 * l4lb_vip_enter() - let a VIP be found by its name
 * @vip: VIP
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_vip_enter(struct l4lb_vip *vip)
{
	hlist_add_head(&vip->name_node,
		       name_bucket(vip->ln, l4lb_vip_config(vip)->name));
}

/**
 * l4lb_vip_leave() - let a VIP not be found any more
 * @vip: VIP, which may have left already
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_vip_leave(struct l4lb_vip *vip)
{
	lockdep_assert_held(&vip->ln->lock);

	hlist_del_init(&vip->name_node);
}

/**
 * l4lb_vip_config_init() - set a configuration to its defaults
 * @config: configuration to fill; its check is left without a type, which
 *	depends on the protocols
 *
 * Context: Any.
 */
void l4lb_vip_config_init(struct l4lb_vip_config *config)
{
	memset(config, 0, sizeof(*config));
	config->mode = L4LB_MODE_DR;
	config->sched = L4LB_SCHED_WRR;
	config->orphan = L4LB_ORPHAN_RST;
	config->no_real = L4LB_NO_REAL_RST;
	config->hook = L4LB_HOOK_EARLY;
	config->idle = L4LB_IDLE_DEFAULT;
	l4lb_check_init(&config->check, "");
}

/**
 * l4lb_vip_conf_free() - free a configuration
 * @conf: one that the data path has not seen, or sees no more; or NULL
 *
 * Context: Any.
 */
void l4lb_vip_conf_free(struct l4lb_vip_conf *conf)
{
	if (!conf)
		return;

	l4lb_allow_put(conf->allow);
	l4lb_check_disown(&conf->config.check);
	kvfree(conf);
}

static void vip_free_rcu(struct rcu_head *rcu)
{
	struct l4lb_vip *vip = container_of(rcu, struct l4lb_vip, rcu);

	l4lb_vip_conf_free(rcu_dereference_raw(vip->conf));
	free_percpu(vip->drops);
	free_percpu(vip->cursors);
	kfree(vip);
}

/**
 * l4lb_vip_put() - drop a reference
 * @vip: VIP
 *
 * Context: Process context.
 */
void l4lb_vip_put(struct l4lb_vip *vip)
{
	if (refcount_dec_and_test(&vip->refs))
		call_rcu(&vip->rcu, vip_free_rcu);
}

/* Each CPU starts elsewhere, or the first real would get every CPU's first. */
static bool vip_alloc_cursors(struct l4lb_vip *vip)
{
	int cpu;

	vip->cursors = alloc_percpu_gfp(u32, GFP_KERNEL_ACCOUNT);
	if (!vip->cursors)
		return false;

	for_each_possible_cpu(cpu)
		WRITE_ONCE(*per_cpu_ptr(vip->cursors, cpu), cpu - 1);

	return true;
}

/**
 * l4lb_vip_alloc() - make a VIP that nobody sees yet
 * @ln: namespace
 *
 * Context: Process context.
 * Return: the VIP, for l4lb_vip_put(), or NULL if memory ran out.
 */
struct l4lb_vip *l4lb_vip_alloc(struct l4lb_net *ln)
{
	struct l4lb_vip *vip;

	vip = kzalloc(sizeof(*vip), GFP_KERNEL_ACCOUNT);
	if (!vip)
		return NULL;

	vip->drops = alloc_percpu_gfp(struct l4lb_drops, GFP_KERNEL_ACCOUNT);
	if (!vip->drops || !vip_alloc_cursors(vip)) {
		free_percpu(vip->drops);
		kfree(vip);
		return NULL;
	}

	vip->ln = ln;
	refcount_set(&vip->refs, 1);
	INIT_LIST_HEAD(&vip->reals);

	return vip;
}

/* Reals that take new connections; their number. */
static u32 shares_collect(struct l4lb_share *shares,
			  const struct l4lb_check *check,
			  const struct list_head *reals)
{
	struct l4lb_real *real;
	u32 n = 0;

	list_for_each_entry(real, reals, list) {
		if (!l4lb_real_serves(real, check))
			continue;
		shares[n].real = real;
		shares[n].weight = l4lb_real_weight(real, check);
		n++;
	}

	return n;
}

static struct l4lb_vip_conf *conf_alloc(const struct l4lb_sched_ops *sched,
					struct l4lb_share *shares, u32 n)
{
	const size_t tail = array_size(n, sizeof(*shares));
	u32 i, size = sched->size(shares, n);
	struct l4lb_vip_conf *conf;

	conf = kvzalloc(size_add(struct_size(conf, slots, size), tail),
			GFP_KERNEL_ACCOUNT);
	if (!conf)
		return NULL;

	conf->sched = sched;
	conf->n_slots = size;
	conf->n_reals = n;
	conf->reals = (struct l4lb_share *)&conf->slots[size];
	for (i = 0; i < n; i++) {
		conf->reals[i] = shares[i];
		conf->limited |= shares[i].real->config.max_conns;
	}

	return conf;
}

/* A NAT real's answers need an entry, and so does who is to come back. */
static bool config_is_stateless(const struct l4lb_vip_config *config)
{
	return config->mode == L4LB_MODE_DR && !config->persist &&
	       (config->sched == L4LB_SCHED_SH ||
		config->sched == L4LB_SCHED_MH);
}

/**
 * l4lb_vip_conf_build() - make a configuration for the data path
 * @vip: VIP it is for
 * @config: what it is made from
 * @reals: the VIP's reals
 *
 * The clients that it serves and the fallback are those that the VIP has now.
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: the configuration, for l4lb_vip_conf_swap() or l4lb_vip_conf_free(),
 * or NULL if memory ran out.
 */
struct l4lb_vip_conf *l4lb_vip_conf_build(struct l4lb_vip *vip,
					  const struct l4lb_vip_config *config,
					  const struct list_head *reals)
{
	struct l4lb_vip_conf *conf;
	struct l4lb_share *shares;
	struct l4lb_real *real;
	u32 n = 0;

	lockdep_assert_held(&vip->ln->lock);

	list_for_each_entry(real, reals, list)
		n++;
	shares = kvmalloc_array(n + 1, sizeof(*shares), GFP_KERNEL);
	if (!shares)
		return NULL;

	n = shares_collect(shares, &config->check, reals);
	l4lb_ramp_shares(shares, n, config->slow_start);
	conf = conf_alloc(l4lb_sched_find(config->sched), shares, n);
	kvfree(shares);
	if (!conf)
		return NULL;

	conf->config = *config;
	if (l4lb_check_own(&conf->config.check)) {
		kvfree(conf);
		return NULL;
	}
	conf->persist_ticks = l4lb_persist_ticks(config->persist);
	conf->stateless = config_is_stateless(config) && conf->n_reals &&
			  !conf->limited;
	l4lb_sched_seed(conf, config->seed + vip->ln->global.seed);
	if (conf->n_slots && conf->sched->fill(conf)) {
		l4lb_vip_conf_free(conf);
		return NULL;
	}
	conf->allow = l4lb_allow_get(l4lb_vip_allow(vip));
	conf->fallback = vip->fallback;

	return conf;
}

/**
 * l4lb_vip_conf_swap() - let the data path see a new configuration
 * @vip: VIP
 * @conf: the configuration
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_vip_conf_swap(struct l4lb_vip *vip, struct l4lb_vip_conf *conf)
{
	struct l4lb_vip_conf *old;
	bool kept;

	old = rcu_dereference_protected(vip->conf,
					lockdep_is_held(&vip->ln->lock));
	kept = old && l4lb_base_carry(vip, old, conf);
	rcu_assign_pointer(vip->conf, conf);
	if (!old)
		return;

	/* As a base it only says where clients were. */
	l4lb_allow_put(old->allow);
	l4lb_check_disown(&old->config.check);
	if (!kept)
		kvfree_rcu(old, rcu);
}

/**
 * l4lb_vip_refresh() - let the data path see what has changed by itself
 * @vip: VIP
 *
 * The administrator has changed nothing, so nobody is told.
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, or -ENOMEM.
 */
int l4lb_vip_refresh(struct l4lb_vip *vip)
{
	struct l4lb_vip_conf *conf;

	conf = l4lb_vip_conf_build(vip, l4lb_vip_config(vip), &vip->reals);
	if (!conf)
		return -ENOMEM;
	l4lb_vip_conf_swap(vip, conf);

	return 0;
}

/**
 * l4lb_vip_choose() - choose a real for a new connection
 * @vip: VIP
 * @conf: its configuration
 * @client: the client's side of the connection
 *
 * Several CPUs that choose at once may take a real past its limit by as many
 * connections.
 *
 * Context: Any, under rcu_read_lock().
 * Return: the real, or NULL if none takes the connection.
 */
struct l4lb_real *l4lb_vip_choose(const struct l4lb_vip *vip,
				  const struct l4lb_vip_conf *conf,
				  const struct l4lb_conn_key *client)
{
	struct l4lb_real *real;

	if (!conf->n_reals)
		return NULL;

	real = conf->sched->choose(vip, conf, client, 0);
	if (unlikely(conf->limited) && real && l4lb_real_is_full(real))
		return l4lb_sched_choose_other(vip, conf, client);

	return real;
}

/**
 * l4lb_vip_drop() - drop a packet of a VIP
 * @vip: VIP, which may have been removed
 * @reason: why
 *
 * Context: Any, under rcu_read_lock().
 * Return: the verdict of the hook.
 */
unsigned int l4lb_vip_drop(const struct l4lb_vip *vip, enum l4lb_drop reason)
{
	l4lb_trace_drop(vip, reason);
	this_cpu_inc(vip->drops->packets[reason]);

	return l4lb_drop(vip->ln->stats, reason);
}

static bool one_port(const struct l4lb_vip_config *config)
{
	return config->n_ports == 1 &&
	       config->ports[0].first == config->ports[0].last;
}

/**
 * l4lb_vip_takes_real() - whether a real fits a VIP
 * @config: the VIP
 * @real: the real
 * @extack: where to say why not
 *
 * Context: Any.
 * Return: 0, or -EINVAL.
 */
int l4lb_vip_takes_real(const struct l4lb_vip_config *config,
			const struct l4lb_real_config *real,
			struct netlink_ext_ack *extack)
{
	if (real->family != config->family) {
		NL_SET_ERR_MSG(extack,
			       "the addresses of vip and real differ in family");
		return -EINVAL;
	}

	if (config->mode != L4LB_MODE_DR &&
	    nf_inet_addr_cmp(&real->addr, &config->addr)) {
		NL_SET_ERR_MSG(extack, "the real is the vip itself");
		return -EINVAL;
	}

	if (!real->port)
		return 0;

	if (!one_port(config)) {
		NL_SET_ERR_MSG(extack,
			       "a real has a port of its own only where the vip has a single port");
		return -EINVAL;
	}

	if (config->mode == L4LB_MODE_DR &&
	    ntohs(real->port) != config->ports[0].first) {
		NL_SET_ERR_MSG(extack, "mode dr cannot change the port");
		return -EINVAL;
	}

	return 0;
}

static bool sources_are_valid(const struct l4lb_vip_config *config,
			      struct netlink_ext_ack *extack)
{
	unsigned int i;

	if (config->n_sources && config->source_family != config->family) {
		NL_SET_ERR_MSG(extack,
			       "the addresses of vip and sources differ in family");
		return false;
	}

	for (i = 0; i < config->n_sources; i++) {
		if (l4lb_addr_is_unicast(config->family, &config->sources[i]))
			continue;
		NL_SET_ERR_MSG(extack, "a source cannot be this address");
		return false;
	}

	return true;
}

/**
 * l4lb_vip_validate() - whether what a VIP is to be makes sense
 * @vip: VIP, with its reals as they are to be
 * @extack: where to say why not
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, or -EINVAL.
 */
int l4lb_vip_validate(const struct l4lb_vip *vip,
		      struct netlink_ext_ack *extack)
{
	const struct l4lb_vip_config *config = l4lb_vip_config(vip);
	const struct l4lb_allow *allow = l4lb_vip_allow(vip);
	struct l4lb_real *real;
	int err;

	if (!l4lb_addr_is_unicast(config->family, &config->addr)) {
		NL_SET_ERR_MSG(extack, "a vip cannot have this address");
		return -EINVAL;
	}

	if (!sources_are_valid(config, extack))
		return -EINVAL;

	if (allow && allow->family != config->family) {
		NL_SET_ERR_MSG(extack,
			       "the addresses of vip and clients differ in family");
		return -EINVAL;
	}

	err = l4lb_fallback_validate(config, extack);
	if (err)
		return err;

	list_for_each_entry(real, &vip->reals, list) {
		err = l4lb_vip_takes_real(config, &real->config, extack);
		if (err)
			return err;
	}

	return 0;
}

/* Whether that is news to the VIP; other VIPs may share the address. */
static bool vip_see_addr(struct l4lb_vip *vip)
{
	struct l4lb_addr *addr = vip->addr;
	bool before = vip->local;

	vip->local = l4lb_addr_is_local(vip->ln->net, addr->family,
					&addr->addr);
	WRITE_ONCE(addr->local, vip->local);

	return vip->local != before;
}

/**
 * l4lb_vip_bury() - remove a VIP, whose connections may live on
 * @vip: VIP that no map and no name leads to any more
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_vip_bury(struct l4lb_vip *vip)
{
	struct l4lb_real *real, *next;
	struct l4lb_net *ln = vip->ln;

	lockdep_assert_held(&ln->lock);

	l4lb_vip_stats(vip, &ln->past);
	if (vip_conf(vip))
		l4lb_base_drop(vip);
	list_for_each_entry_safe(real, next, &vip->reals, list)
		l4lb_real_bury(real);
	l4lb_fallback_publish(vip, NULL);
	if (vip->addr)
		l4lb_addr_put(ln, vip->addr);
	l4lb_vip_put(vip);
}

static void vip_remove(struct l4lb_vip *vip)
{
	struct l4lb_net *ln = vip->ln;

	l4lb_portmap_clear(ln, vip->addr);
	list_del(&vip->list);
	l4lb_vip_leave(vip);
	ln->n_vips--;
	ln->n_reals -= vip->n_reals;
	l4lb_vip_bury(vip);
}

/**
 * l4lb_vip_flush() - remove every VIP
 * @ln: namespace
 *
 * Without any other VIP no port map is left to build, so this cannot fail. The
 * caller counts the change in &l4lb_net.generation, and lets go what only VIPs
 * need, in which removed reals still are.
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_vip_flush(struct l4lb_net *ln)
{
	struct l4lb_vip *vip, *next;

	lockdep_assert_held(&ln->lock);

	list_for_each_entry_safe(vip, next, &ln->vips, list)
		vip_remove(vip);
}

/**
 * l4lb_vip_state() - whether and how a VIP serves
 * @vip: VIP
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: &enum l4lb_vip_state.
 */
u8 l4lb_vip_state(const struct l4lb_vip *vip)
{
	const struct l4lb_check *check = &l4lb_vip_config(vip)->check;
	const struct l4lb_real *real;
	u32 serving = 0, wanted = 0;

	if (vip->ln->global.standby)
		return L4LB_VIP_STANDBY;
	if (!vip->local)
		return L4LB_VIP_NO_ADDRESS;

	list_for_each_entry(real, &vip->reals, list) {
		wanted += !!real->config.weight;
		serving += l4lb_real_serves(real, check);
	}

	if (!serving)
		return L4LB_VIP_NO_REAL;

	return serving == wanted ? L4LB_VIP_UP : L4LB_VIP_DEGRADED;
}

/**
 * l4lb_vip_conns() - connections of a VIP
 * @vip: VIP
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: how many its reals have now.
 */
u32 l4lb_vip_conns(const struct l4lb_vip *vip)
{
	const struct l4lb_real *real;
	u32 n = 0;

	lockdep_assert_held(&vip->ln->lock);

	list_for_each_entry(real, &vip->reals, list)
		n += atomic_read(&real->conns);
	if (vip->fallback)
		n += atomic_read(&vip->fallback->conns);

	return n;
}

/**
 * l4lb_vip_stats() - what a VIP forwarded
 * @vip: VIP
 * @stats: where to add it
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_vip_stats(const struct l4lb_vip *vip, struct l4lb_stats *stats)
{
	const struct l4lb_real *real;

	lockdep_assert_held(&vip->ln->lock);

	l4lb_stats_add(stats, &vip->past);
	list_for_each_entry(real, &vip->reals, list)
		l4lb_real_stats(real, stats);
	if (vip->fallback)
		l4lb_real_stats(vip->fallback, stats);
}

/**
 * l4lb_vip_drops() - packets of a VIP dropped for one reason
 * @vip: VIP
 * @reason: why
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: how many since the last reset.
 */
u64 l4lb_vip_drops(const struct l4lb_vip *vip, enum l4lb_drop reason)
{
	return l4lb_stats_drops(vip->drops, reason) - vip->drops_base[reason];
}

/**
 * l4lb_vip_stats_reset() - let a VIP's counters start from zero
 * @vip: VIP
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_vip_stats_reset(struct l4lb_vip *vip)
{
	struct l4lb_real *real;
	u8 reason;

	lockdep_assert_held(&vip->ln->lock);

	memset(&vip->past, 0, sizeof(vip->past));
	for (reason = 1; reason <= L4LB_DROP_MAX; reason++)
		vip->drops_base[reason] = l4lb_stats_drops(vip->drops, reason);
	list_for_each_entry(real, &vip->reals, list)
		l4lb_real_stats_reset(real);
	if (vip->fallback)
		l4lb_real_stats_reset(vip->fallback);
}

/**
 * l4lb_vip_upkeep() - see whether a VIP has its address on this host
 * @vip: VIP
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: whether that changed.
 */
bool l4lb_vip_upkeep(struct l4lb_vip *vip)
{
	lockdep_assert_held(&vip->ln->lock);

	return vip_see_addr(vip);
}
