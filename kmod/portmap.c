// SPDX-License-Identifier: GPL-2.0-only
/*
 * Port maps: which VIP of an address has which ports, in the making.
 *
 * A map is immutable. VIPs that stay as they are keep the ports that the present
 * map gives them, the others get the ports that they are to have.
 */

#include "portmap.h"
#include "addr.h"
#include "change.h"
#include "netns.h"
#include "vip.h"

#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/sort.h>

static const u8 map_proto[L4LB_PORTMAPS] = {
	L4LB_PROTO_TCP, L4LB_PROTO_UDP
};

static struct l4lb_portmap *map_of(const struct l4lb_net *ln,
				   const struct l4lb_addr *addr, unsigned int i)
{
	return rcu_dereference_protected(addr->ports[i],
					 lockdep_is_held(&ln->lock));
}

/**
 * l4lb_addr_draft_join() - let an address be part of a change
 * @drafts: &l4lb_change.addrs
 * @addr: address
 * @vip: draft of a VIP that will have it, or NULL if one had it
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, or -ENOMEM.
 */
int l4lb_addr_draft_join(struct list_head *drafts, struct l4lb_addr *addr,
			 struct l4lb_vip_draft *vip)
{
	struct l4lb_addr_draft *draft = addr->draft;

	if (!draft) {
		draft = kzalloc(sizeof(*draft), GFP_KERNEL_ACCOUNT);
		if (!draft)
			return -ENOMEM;
		draft->addr = addr;
		INIT_LIST_HEAD(&draft->arrivals);
		list_add_tail(&draft->list, drafts);
		addr->draft = draft;
	}
	if (vip)
		list_add_tail(&vip->arrival, &draft->arrivals);

	return 0;
}

/* A VIP of which only reals change keeps its ports. */
static bool vip_stays(const struct l4lb_vip *vip)
{
	return !vip->draft || (!vip->draft->set && !vip->draft->gone);
}

static unsigned int ports_of(const struct l4lb_vip_draft *vip, u8 proto)
{
	return vip->config.protos & proto ? vip->config.n_ports : 0;
}

static unsigned int map_size(const struct l4lb_addr_draft *draft,
			     const struct l4lb_portmap *now, u8 proto)
{
	const struct l4lb_vip_draft *vip;
	unsigned int i, n = 0;

	for (i = 0; now && i < now->n; i++)
		n += vip_stays(now->ranges[i].vip);
	list_for_each_entry(vip, &draft->arrivals, arrival)
		n += ports_of(vip, proto);

	return n;
}

static void map_append(struct l4lb_portmap *map, struct l4lb_vip *vip,
		       struct l4lb_port_range ports)
{
	map->ranges[map->n].ports = ports;
	map->ranges[map->n].vip = vip;
	map->n++;
}

static int range_cmp(const void *a, const void *b)
{
	const struct l4lb_portmap_range *left = a, *right = b;

	return (int)left->ports.first - (int)right->ports.first;
}

static void map_fill(struct l4lb_portmap *map,
		     const struct l4lb_addr_draft *draft,
		     const struct l4lb_portmap *now, u8 proto)
{
	const struct l4lb_vip_draft *vip;
	unsigned int i;

	map->n = 0;
	for (i = 0; now && i < now->n; i++)
		if (vip_stays(now->ranges[i].vip))
			map_append(map, now->ranges[i].vip,
				   now->ranges[i].ports);
	list_for_each_entry(vip, &draft->arrivals, arrival)
		for (i = 0; i < ports_of(vip, proto); i++)
			map_append(map, vip->vip, vip->config.ports[i]);

	sort(map->ranges, map->n, sizeof(map->ranges[0]), range_cmp, NULL);
}

/* Of two VIPs that want the same port, that which was told so last. */
static struct l4lb_vip_draft *map_culprit(const struct l4lb_portmap *map)
{
	const struct l4lb_vip *a, *b;
	unsigned int i;

	for (i = 1; i < map->n; i++) {
		if (map->ranges[i - 1].ports.last < map->ranges[i].ports.first)
			continue;
		a = map->ranges[i - 1].vip;
		b = map->ranges[i].vip;
		if (vip_stays(a) || (!vip_stays(b) &&
				     b->draft->message > a->draft->message))
			return b->draft;
		return a->draft;
	}

	return NULL;
}

/**
 * l4lb_portmap_build() - make the maps that an address is to have
 * @ln: namespace
 * @draft: draft of the address, which all arrivals have joined
 * @culprit: with -EEXIST, a VIP with a port that another has
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, -EEXIST or -ENOMEM.
 */
int l4lb_portmap_build(const struct l4lb_net *ln,
		       struct l4lb_addr_draft *draft,
		       struct l4lb_vip_draft **culprit)
{
	const struct l4lb_portmap *now;
	struct l4lb_portmap *map;
	unsigned int i, n;

	for (i = 0; i < L4LB_PORTMAPS; i++) {
		now = map_of(ln, draft->addr, i);
		n = map_size(draft, now, map_proto[i]);
		if (!n)
			continue;

		map = kvmalloc(struct_size(map, ranges, n),
			       GFP_KERNEL_ACCOUNT);
		if (!map)
			return -ENOMEM;
		draft->maps[i] = map;
		map_fill(map, draft, now, map_proto[i]);
		*culprit = map_culprit(map);
		if (*culprit)
			return -EEXIST;
	}

	return 0;
}

/* Says so to the early hook, which then looks at the VIP before it takes it. */
static void addr_see_hooks(const struct l4lb_net *ln, struct l4lb_addr *addr)
{
	const struct l4lb_portmap *map;
	unsigned int i, j;
	bool input = false;

	for (i = 0; i < L4LB_PORTMAPS; i++) {
		map = map_of(ln, addr, i);
		for (j = 0; map && j < map->n && !input; j++)
			input = l4lb_vip_config(map->ranges[j].vip)->hook ==
				L4LB_HOOK_INPUT;
	}
	WRITE_ONCE(addr->input, input);
}

/**
 * l4lb_portmap_publish() - let the data path see the maps of an address
 * @ln: namespace
 * @draft: draft of the address
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_portmap_publish(const struct l4lb_net *ln,
			  struct l4lb_addr_draft *draft)
{
	struct l4lb_addr *addr = draft->addr;
	struct l4lb_portmap *old;
	unsigned int i;

	for (i = 0; i < L4LB_PORTMAPS; i++) {
		old = rcu_replace_pointer(addr->ports[i], draft->maps[i],
					  lockdep_is_held(&ln->lock));
		draft->maps[i] = NULL;
		if (old)
			kvfree_rcu(old, rcu);
	}
	addr_see_hooks(ln, addr);
}

/**
 * l4lb_addr_draft_free() - forget a draft
 * @draft: draft, published or not
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_addr_draft_free(struct l4lb_addr_draft *draft)
{
	unsigned int i;

	for (i = 0; i < L4LB_PORTMAPS; i++)
		kvfree(draft->maps[i]);
	draft->addr->draft = NULL;
	list_del(&draft->list);
	kfree(draft);
}

/**
 * l4lb_portmap_clear() - let no VIP have an address any more
 * @ln: namespace
 * @addr: address
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_portmap_clear(const struct l4lb_net *ln, struct l4lb_addr *addr)
{
	struct l4lb_portmap *old;
	unsigned int i;

	for (i = 0; i < L4LB_PORTMAPS; i++) {
		old = rcu_replace_pointer(addr->ports[i], NULL,
					  lockdep_is_held(&ln->lock));
		if (old)
			kvfree_rcu(old, rcu);
	}
}
