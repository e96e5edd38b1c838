// SPDX-License-Identifier: GPL-2.0-only
/*
 * Virtual services.
 *
 * A change is prepared completely, which may fail, and then published, which
 * cannot. The data path sees the configuration before or after it, never a
 * part of it.
 */

#include "vip.h"
#include "conn.h"
#include "netns.h"
#include "persist.h"
#include "real.h"
#include "sched.h"

#include <linux/mm.h>
#include <linux/netlink.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/stringhash.h>

/**
 * struct vip_maps - port maps of one address in the making
 * @maps: for TCP and UDP, NULL where there is no port
 */
struct vip_maps {
	struct l4lb_portmap *maps[2];
};

static const u8 map_proto[] = { L4LB_PROTO_TCP, L4LB_PROTO_UDP };

/**
 * l4lb_vip_config() - current configuration
 * @vip: VIP
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: the configuration, until it is changed.
 */
const struct l4lb_vip_config *l4lb_vip_config(const struct l4lb_vip *vip)
{
	return &rcu_dereference_protected(vip->conf,
					  lockdep_is_held(&vip->ln->lock))->config;
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
 * l4lb_check_config_init() - set a check to its defaults
 * @check: check to fill
 * @type: its type
 *
 * Context: Any.
 */
void l4lb_check_config_init(struct l4lb_check *check, const char *type)
{
	memset(check, 0, sizeof(*check));
	strscpy(check->type, type, sizeof(check->type));
	check->interval = L4LB_CHECK_INTERVAL_DEFAULT;
	check->timeout = L4LB_CHECK_TIMEOUT_DEFAULT;
	check->rise = L4LB_CHECK_RISE_DEFAULT;
	check->fall = L4LB_CHECK_FALL_DEFAULT;
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
	l4lb_check_config_init(&config->check, "");
}

static void vip_free_rcu(struct rcu_head *rcu)
{
	struct l4lb_vip *vip = container_of(rcu, struct l4lb_vip, rcu);

	kvfree(rcu_access_pointer(vip->conf));
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

static struct l4lb_vip *vip_alloc(struct l4lb_net *ln)
{
	struct l4lb_vip *vip;

	vip = kzalloc(sizeof(*vip), GFP_KERNEL_ACCOUNT);
	if (!vip)
		return NULL;

	if (!vip_alloc_cursors(vip)) {
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
		shares[n].weight = real->config.weight;
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

/**
 * l4lb_vip_conf_build() - make a configuration for the data path
 * @vip: VIP it is for
 * @config: what it is made from
 * @reals: the VIP's reals
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: the configuration, for l4lb_vip_conf_swap() or kvfree(), or NULL if
 * memory ran out.
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
	conf = conf_alloc(l4lb_sched_find(config->sched), shares, n);
	kvfree(shares);
	if (!conf)
		return NULL;

	conf->config = *config;
	l4lb_sched_seed(conf, config->seed);
	if (conf->n_slots && conf->sched->fill(conf)) {
		kvfree(conf);
		return NULL;
	}

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

	old = rcu_replace_pointer(vip->conf, conf,
				  lockdep_is_held(&vip->ln->lock));
	if (old)
		kvfree_rcu(old, rcu);
	vip->ln->generation++;
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

static bool ports_overlap(const struct l4lb_vip_config *a,
			  const struct l4lb_vip_config *b)
{
	unsigned int i = 0, j = 0;

	while (i < a->n_ports && j < b->n_ports) {
		if (a->ports[i].last < b->ports[j].first)
			i++;
		else if (b->ports[j].last < a->ports[i].first)
			j++;
		else
			return true;
	}

	return false;
}

static bool configs_overlap(const struct l4lb_vip_config *a,
			    const struct l4lb_vip_config *b)
{
	return a->family == b->family &&
	       nf_inet_addr_cmp(&a->addr, &b->addr) &&
	       (a->protos & b->protos) && ports_overlap(a, b);
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

static int vip_validate(struct l4lb_net *ln, const struct l4lb_vip *vip,
			const struct l4lb_vip_config *config,
			struct netlink_ext_ack *extack)
{
	const struct l4lb_vip *other;
	struct l4lb_real *real;
	int err;

	if (!l4lb_addr_is_unicast(config->family, &config->addr)) {
		NL_SET_ERR_MSG(extack, "a vip cannot have this address");
		return -EINVAL;
	}

	other = l4lb_vip_find(ln, config->name);
	if (other && other != vip) {
		NL_SET_ERR_MSG(extack, "a vip of this name exists");
		return -EEXIST;
	}

	list_for_each_entry(other, &ln->vips, list) {
		if (other == vip ||
		    !configs_overlap(l4lb_vip_config(other), config))
			continue;
		NL_SET_ERR_MSG(extack,
			       "another vip has this address, protocol and port");
		return -EEXIST;
	}

	if (!vip)
		return 0;

	list_for_each_entry(real, &vip->reals, list) {
		err = l4lb_vip_takes_real(config, &real->config, extack);
		if (err)
			return err;
	}

	return 0;
}

static void portmap_insert(struct l4lb_portmap *map, struct l4lb_vip *vip,
			   const struct l4lb_vip_config *config)
{
	unsigned int i, at;

	for (i = 0; i < config->n_ports; i++) {
		for (at = map->n; at > 0; at--) {
			if (map->ranges[at - 1].ports.first <
			    config->ports[i].first)
				break;
			map->ranges[at] = map->ranges[at - 1];
		}
		map->ranges[at].ports = config->ports[i];
		map->ranges[at].vip = vip;
		map->n++;
	}
}

/* Where one VIP is to be left out or to look differently, @vip and @config. */
static struct l4lb_portmap *portmap_build(const struct l4lb_addr *addr,
					  struct l4lb_net *ln, u8 proto,
					  struct l4lb_vip *vip,
					  const struct l4lb_vip_config *config)
{
	const struct l4lb_vip_config *c;
	struct l4lb_portmap *map;
	struct l4lb_vip *other;
	unsigned int n = 0;

	list_for_each_entry(other, &ln->vips, list) {
		c = l4lb_vip_config(other);
		if (other != vip && other->addr == addr && (c->protos & proto))
			n += c->n_ports;
	}
	if (config && (config->protos & proto))
		n += config->n_ports;
	if (!n)
		return NULL;

	map = kvmalloc(struct_size(map, ranges, n), GFP_KERNEL_ACCOUNT);
	if (!map)
		return ERR_PTR(-ENOMEM);

	map->n = 0;
	list_for_each_entry(other, &ln->vips, list) {
		c = l4lb_vip_config(other);
		if (other != vip && other->addr == addr && (c->protos & proto))
			portmap_insert(map, other, c);
	}
	if (config && (config->protos & proto))
		portmap_insert(map, vip, config);

	return map;
}

static void maps_free(struct vip_maps *maps)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(maps->maps); i++)
		if (!IS_ERR(maps->maps[i]))
			kvfree(maps->maps[i]);
}

static int maps_build(struct vip_maps *maps, const struct l4lb_addr *addr,
		      struct l4lb_vip *vip,
		      const struct l4lb_vip_config *config)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < ARRAY_SIZE(maps->maps); i++) {
		maps->maps[i] = portmap_build(addr, vip->ln, map_proto[i], vip,
					      config);
		if (IS_ERR(maps->maps[i]))
			err = PTR_ERR(maps->maps[i]);
	}
	if (err)
		maps_free(maps);

	return err;
}

static void maps_swap(struct l4lb_net *ln, struct l4lb_addr *addr,
		      struct vip_maps *maps)
{
	struct l4lb_portmap *old;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(maps->maps); i++) {
		old = rcu_replace_pointer(addr->ports[i], maps->maps[i],
					  lockdep_is_held(&ln->lock));
		if (old)
			kvfree_rcu(old, rcu);
	}
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

/* Says so to the early hook, which then looks at the VIP before it takes it. */
static void addr_see_hooks(struct l4lb_net *ln, struct l4lb_addr *addr)
{
	const struct l4lb_vip *vip;
	bool input = false;

	list_for_each_entry(vip, &ln->vips, list)
		if (vip->addr == addr &&
		    l4lb_vip_config(vip)->hook == L4LB_HOOK_INPUT)
			input = true;
	WRITE_ONCE(addr->input, input);
}

static struct l4lb_addr *vip_addr_get(struct l4lb_net *ln,
				      const struct l4lb_vip_config *config)
{
	return l4lb_addr_get(ln, ln->vip_addrs, config->family, &config->addr);
}

static int vip_create(struct l4lb_net *ln,
		      const struct l4lb_vip_config *config)
{
	struct l4lb_vip_conf *conf;
	struct vip_maps maps;
	struct l4lb_vip *vip;
	int err = -ENOMEM;

	vip = vip_alloc(ln);
	if (!vip)
		return -ENOMEM;

	conf = l4lb_vip_conf_build(vip, config, &vip->reals);
	if (!conf)
		goto err_vip;
	l4lb_vip_conf_swap(vip, conf);

	vip->addr = vip_addr_get(ln, config);
	if (IS_ERR(vip->addr)) {
		err = PTR_ERR(vip->addr);
		goto err_vip;
	}

	vip_see_addr(vip);

	err = maps_build(&maps, vip->addr, vip, config);
	if (err)
		goto err_addr;

	vip->id = ++ln->next_id;
	list_add_tail(&vip->list, &ln->vips);
	hlist_add_head(&vip->name_node, name_bucket(ln, config->name));
	ln->n_vips++;
	addr_see_hooks(ln, vip->addr);
	maps_swap(ln, vip->addr, &maps);

	return 0;

err_addr:
	l4lb_addr_put(ln, vip->addr);
err_vip:
	l4lb_vip_put(vip);
	return err;
}

/**
 * l4lb_vip_add() - create a VIP
 * @ln: namespace
 * @config: what it is to be
 * @extack: where to explain a failure
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, or a negative errno.
 */
int l4lb_vip_add(struct l4lb_net *ln, const struct l4lb_vip_config *config,
		 struct netlink_ext_ack *extack)
{
	int err;

	lockdep_assert_held(&ln->lock);

	err = vip_validate(ln, NULL, config, extack);
	if (err)
		return err;

	if (ln->n_vips >= l4lb_net_vips_max(ln)) {
		NL_SET_ERR_MSG(extack,
			       "the namespace has as many vips as it may have");
		return -ENOSPC;
	}

	err = l4lb_net_start(ln, config);
	if (err) {
		NL_SET_ERR_MSG(extack, "the tables or hooks cannot be set up");
		goto stop;
	}

	err = vip_create(ln, config);
	if (err) {
		NL_SET_ERR_MSG(extack, "out of memory or ids");
		goto stop;
	}

	return 0;

stop:
	if (!ln->n_vips)
		l4lb_net_stop(ln);
	return err;
}

static void reals_free(struct list_head *reals)
{
	struct l4lb_real *real, *next;

	list_for_each_entry_safe(real, next, reals, list) {
		list_del(&real->list);
		l4lb_real_free(real);
	}
}

/* Reals as they will be when packets reach them in another way. */
static int reals_clone(const struct l4lb_vip *vip, struct list_head *clones,
		       const struct l4lb_vip_config *config)
{
	struct l4lb_real *real, *clone;

	list_for_each_entry(real, &vip->reals, list) {
		clone = l4lb_real_clone(real, &config->addr,
					config->mode == L4LB_MODE_NAT);
		if (!clone) {
			reals_free(clones);
			return -ENOMEM;
		}
		list_add_tail(&clone->list, clones);
	}

	return 0;
}

static void reals_bury(struct l4lb_vip *vip)
{
	struct l4lb_real *real, *next;

	list_for_each_entry_safe(real, next, &vip->reals, list)
		l4lb_conn_bury(vip->ln, real);
}

/* Reals that take the places of others, clients and all. */
static void reals_succeed(struct l4lb_vip *vip, struct list_head *clones)
{
	struct l4lb_real *real, *clone;

	clone = list_first_entry(clones, struct l4lb_real, list);
	list_for_each_entry(real, &vip->reals, list) {
		l4lb_real_settle(clone);
		real->heir = clone;
		clone = list_next_entry(clone, list);
	}

	l4lb_persist_inherit(vip);
	reals_bury(vip);
	list_splice_init(clones, &vip->reals);
}

/* Clients under another mask are others, and without persistence none. */
static bool config_forgets(const struct l4lb_vip_config *now,
			   const struct l4lb_vip_config *then)
{
	return now->persist && (!then->persist || then->mask != now->mask);
}

static void vip_publish(struct l4lb_vip *vip, struct l4lb_vip_conf *conf,
			struct l4lb_addr *addr, struct vip_maps *here,
			struct vip_maps *there, struct list_head *clones)
{
	struct l4lb_net *ln = vip->ln;
	struct l4lb_addr *old = vip->addr;
	struct l4lb_real *real;
	bool rechecked, forgets;

	forgets = config_forgets(l4lb_vip_config(vip), &conf->config);
	rechecked = memcmp(&l4lb_vip_config(vip)->check, &conf->config.check,
			   sizeof(conf->config.check));
	l4lb_vip_conf_swap(vip, conf);
	hlist_del(&vip->name_node);
	hlist_add_head(&vip->name_node, name_bucket(ln, conf->config.name));

	if (clones)
		reals_succeed(vip, clones);
	list_for_each_entry(real, &vip->reals, list) {
		if (rechecked && !real->config.check_own)
			real->epoch++;
		l4lb_real_settle(real);
	}

	vip->addr = addr;
	vip_see_addr(vip);
	addr_see_hooks(ln, addr);
	maps_swap(ln, addr, here);
	if (addr != old) {
		maps_swap(ln, old, there);
		addr_see_hooks(ln, old);
	}
	l4lb_addr_put(ln, old);

	if (forgets)
		l4lb_persist_sweep(ln, 1);
}

/**
 * l4lb_vip_set() - change a VIP
 * @vip: VIP
 * @config: what it is to be
 * @extack: where to explain a failure
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, or a negative errno; then nothing has changed.
 */
int l4lb_vip_set(struct l4lb_vip *vip, const struct l4lb_vip_config *config,
		 struct netlink_ext_ack *extack)
{
	const struct l4lb_vip_config *now = l4lb_vip_config(vip);
	struct l4lb_net *ln = vip->ln;
	struct vip_maps here, there;
	struct l4lb_vip_conf *conf;
	struct l4lb_addr *addr;
	LIST_HEAD(clones);
	bool moves;
	int err;

	lockdep_assert_held(&ln->lock);

	err = vip_validate(ln, vip, config, extack);
	if (err)
		return err;

	if (config->mode != now->mode && l4lb_vip_conns(vip)) {
		NL_SET_ERR_MSG(extack,
			       "the mode cannot change while there are connections; end them first");
		return -EBUSY;
	}

	err = l4lb_net_start(ln, config);
	if (err) {
		NL_SET_ERR_MSG(extack, "the tables or hooks cannot be set up");
		return err;
	}

	moves = config->mode != now->mode || config->family != now->family ||
		!nf_inet_addr_cmp(&config->addr, &now->addr);
	if (moves) {
		err = reals_clone(vip, &clones, config);
		if (err)
			goto err_memory;
	}

	err = -ENOMEM;
	conf = l4lb_vip_conf_build(vip, config,
				   moves ? &clones : &vip->reals);
	if (!conf)
		goto err_clones;

	addr = vip_addr_get(ln, config);
	if (IS_ERR(addr)) {
		err = PTR_ERR(addr);
		goto err_conf;
	}

	err = maps_build(&here, addr, vip, config);
	if (err)
		goto err_addr;
	err = maps_build(&there, vip->addr, vip, NULL);
	if (err)
		goto err_here;

	if (addr == vip->addr)
		maps_free(&there);
	vip_publish(vip, conf, addr, &here, &there, moves ? &clones : NULL);

	return 0;

err_here:
	maps_free(&here);
err_addr:
	l4lb_addr_put(ln, addr);
err_conf:
	kvfree(conf);
err_clones:
	reals_free(&clones);
err_memory:
	NL_SET_ERR_MSG(extack, "out of memory or ids");
	return err;
}

static void vip_unpublish(struct l4lb_vip *vip, struct vip_maps *maps)
{
	struct l4lb_net *ln = vip->ln;

	maps_swap(ln, vip->addr, maps);
	list_del(&vip->list);
	hlist_del(&vip->name_node);
	ln->n_vips--;
	ln->n_reals -= vip->n_reals;

	reals_bury(vip);
	addr_see_hooks(ln, vip->addr);
	l4lb_addr_put(ln, vip->addr);
	l4lb_vip_put(vip);
}

/**
 * l4lb_vip_del() - remove a VIP and its reals
 * @vip: VIP
 * @extack: where to explain a failure
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, or -ENOMEM.
 */
int l4lb_vip_del(struct l4lb_vip *vip, struct netlink_ext_ack *extack)
{
	struct l4lb_net *ln = vip->ln;
	struct vip_maps maps;
	int err;

	lockdep_assert_held(&ln->lock);

	err = maps_build(&maps, vip->addr, vip, NULL);
	if (err) {
		NL_SET_ERR_MSG(extack, "out of memory");
		return err;
	}

	vip_unpublish(vip, &maps);
	ln->generation++;
	if (!ln->n_vips)
		l4lb_net_stop(ln);

	return 0;
}

/**
 * l4lb_vip_flush() - remove every VIP
 * @ln: namespace
 *
 * Without any other VIP no port map is left to build, so this cannot fail. The
 * caller counts the change in &l4lb_net.generation.
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_vip_flush(struct l4lb_net *ln)
{
	struct vip_maps none = {};
	struct l4lb_vip *vip, *next;

	lockdep_assert_held(&ln->lock);

	list_for_each_entry_safe(vip, next, &ln->vips, list)
		vip_unpublish(vip, &none);
	l4lb_net_stop(ln);
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

	lockdep_assert_held(&vip->ln->lock);

	memset(&vip->past, 0, sizeof(vip->past));
	list_for_each_entry(real, &vip->reals, list) {
		memset(&real->base, 0, sizeof(real->base));
		l4lb_stats_sum(&real->base, real->stats);
	}
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
