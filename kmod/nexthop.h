/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Next hops: neighbours that packets leave by, shared by all who use them, and
 * routes: what a real or a client's connection remembers of the way there.
 */

#ifndef _L4LB_NEXTHOP_H
#define _L4LB_NEXTHOP_H

#include "tick.h"

#include <linux/netfilter.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/socket.h>
#include <net/neighbour.h>
#include <net/net_namespace.h>

#include <uapi/linux/l4lb.h>

struct l4lb_net;
struct net_device;

/**
 * struct l4lb_nexthop - a neighbour in use
 * @neigh: the neighbour; NULL once its device is down, under
 *	&l4lb_net.nexthop_lock to write
 * @node: entry in &l4lb_net.nexthops
 * @refs: routes that lead here
 * @gone: neighbour that waits to be released, under &l4lb_net.nexthop_lock
 * @rcu: delays freeing past the last reader
 *
 * A neighbour keeps its device, so it must be let go when the device goes; a
 * next hop without neighbour stays as long as routes point to it.
 */
struct l4lb_nexthop {
	struct neighbour __rcu *neigh;
	struct hlist_node node;
	refcount_t refs;
	struct neighbour *gone;
	struct rcu_head rcu;
};

/**
 * struct l4lb_route - the remembered way to an address
 * @nexthop: next hop, or NULL where there is none;
 *	&l4lb_net.nexthop_lock to write
 * @genid: generation of the routing table that this is from
 * @mtu: bytes that may be sent, with the IP header
 * @reach: &enum l4lb_reach
 */
struct l4lb_route {
	struct l4lb_nexthop __rcu *nexthop;
	int genid;
	u16 mtu;
	u8 reach;
};

/**
 * struct l4lb_route_spec - what a route is asked for
 * @family: AF_INET or AF_INET6
 * @onlink: a gateway does not help: the address itself must be the neighbour
 * @daddr: where to
 * @saddr: from which address, or NULL for any
 */
struct l4lb_route_spec {
	u8 family;
	bool onlink;
	const union nf_inet_addr *daddr;
	const union nf_inet_addr *saddr;
};

/* Four seconds, or a little more. */
#define L4LB_ROUTE6_SHIFT	5

/* An IPv6 route that is deleted counts up nothing: it is found gone in time. */
static inline int l4lb_route_genid(const struct net *net, u8 family)
{
	if (family == AF_INET)
		return rt_genid_ipv4(net);

	return rt_genid_ipv6(net) + (l4lb_tick_now() >> L4LB_ROUTE6_SHIFT);
}

/* Data path: any context, under rcu_read_lock(). */

/**
 * l4lb_route_neigh() - the neighbour that a current route leads to
 * @net: namespace
 * @route: the route
 * @family: its family
 *
 * Context: Any, under rcu_read_lock().
 * Return: the neighbour, without a reference, or NULL if the route is to be
 * resolved first.
 */
static inline struct neighbour *l4lb_route_neigh(const struct net *net,
						 const struct l4lb_route *route,
						 u8 family)
{
	struct l4lb_nexthop *nexthop = rcu_dereference(route->nexthop);
	struct neighbour *neigh;

	if (unlikely(!nexthop ||
		     READ_ONCE(route->genid) != l4lb_route_genid(net, family)))
		return NULL;

	/* A dead neighbour says NUD_NOARP and would send to a stale address. */
	neigh = rcu_dereference(nexthop->neigh);
	if (unlikely(!neigh || READ_ONCE(neigh->dead)))
		return NULL;

	return neigh;
}

struct neighbour *l4lb_route_resolve(struct l4lb_net *ln,
				     struct l4lb_route *route,
				     const struct l4lb_route_spec *spec);
struct neighbour *l4lb_route_renew(struct l4lb_net *ln,
				   struct l4lb_route *route,
				   const struct l4lb_route_spec *spec);

/* Any context, not in a hard interrupt. */
void l4lb_route_init(struct l4lb_route *route);
void l4lb_route_forget(struct l4lb_net *ln, struct l4lb_route *route);

/* Process context, under rtnl_lock(). */
void l4lb_nexthop_dev_down(struct l4lb_net *ln, const struct net_device *dev);

#endif /* _L4LB_NEXTHOP_H */
