// SPDX-License-Identifier: GPL-2.0-only
/*
 * Next hops and the routes that lead to them.
 *
 * Whoever finds its route out of date resolves it, also in softirq: the lookup
 * costs some hundred instructions, once for every change of the routing table.
 * l4lb_net.nexthop_lock guards the list of next hops and every pointer to one;
 * the data path reads those under RCU.
 */

#include "nexthop.h"
#include "netns.h"

#include <linux/hash.h>
#include <linux/slab.h>
#include <net/dst.h>
#include <net/ip6_route.h>
#include <net/route.h>

static struct hlist_head *nh_bucket(struct l4lb_net *ln,
				    const struct neighbour *neigh)
{
	return &ln->nexthops[hash_ptr(neigh, L4LB_NEXTHOP_HASH_BITS)];
}

static void nh_free_rcu(struct rcu_head *rcu)
{
	struct l4lb_nexthop *nexthop =
		container_of(rcu, struct l4lb_nexthop, rcu);
	struct neighbour *neigh = rcu_access_pointer(nexthop->neigh);

	if (neigh)
		neigh_release(neigh);
	if (nexthop->gone)
		neigh_release(nexthop->gone);
	kfree(nexthop);
}

static void nh_put(struct l4lb_net *ln, struct l4lb_nexthop *nexthop)
{
	lockdep_assert_held(&ln->nexthop_lock);

	if (!nexthop || !refcount_dec_and_test(&nexthop->refs))
		return;

	hlist_del(&nexthop->node);
	call_rcu(&nexthop->rcu, nh_free_rcu);
}

/* Takes over the reference on @neigh. */
static struct l4lb_nexthop *nh_get(struct l4lb_net *ln,
				   struct neighbour *neigh)
{
	struct hlist_head *bucket = nh_bucket(ln, neigh);
	struct l4lb_nexthop *nexthop;

	lockdep_assert_held(&ln->nexthop_lock);

	hlist_for_each_entry(nexthop, bucket, node) {
		if (rcu_access_pointer(nexthop->neigh) == neigh) {
			refcount_inc(&nexthop->refs);
			neigh_release(neigh);
			return nexthop;
		}
	}

	nexthop = kzalloc(sizeof(*nexthop), GFP_ATOMIC);
	if (!nexthop) {
		neigh_release(neigh);
		return NULL;
	}

	RCU_INIT_POINTER(nexthop->neigh, neigh);
	refcount_set(&nexthop->refs, 1);
	hlist_add_head(&nexthop->node, bucket);

	return nexthop;
}

/* As nh_get(), if that is where the route leads already. */
static struct l4lb_nexthop *nh_again(struct l4lb_net *ln,
				     const struct l4lb_route *route,
				     struct neighbour *neigh)
{
	struct l4lb_nexthop *nexthop;

	nexthop = rcu_dereference_protected(route->nexthop,
					    lockdep_is_held(&ln->nexthop_lock));
	if (!nexthop || rcu_access_pointer(nexthop->neigh) != neigh)
		return NULL;

	refcount_inc(&nexthop->refs);
	neigh_release(neigh);

	return nexthop;
}

static struct dst_entry *route_lookup4(struct net *net,
				       const struct l4lb_route_spec *spec,
				       enum l4lb_reach *reach)
{
	struct flowi4 fl4 = { .daddr = spec->daddr->ip };
	struct rtable *rt;

	/* A client's source is the VIP, which need not be on its device. */
	if (spec->saddr) {
		fl4.saddr = spec->saddr->ip;
		fl4.flowi4_flags = FLOWI_FLAG_ANYSRC;
	}

	rt = ip_route_output_key(net, &fl4);
	if (IS_ERR(rt)) {
		*reach = L4LB_REACH_NO_ROUTE;
		return NULL;
	}

	if (rt->rt_flags & RTCF_LOCAL)
		*reach = L4LB_REACH_LOCAL;
	else if (rt->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST))
		*reach = L4LB_REACH_NO_ROUTE;
	else if (spec->onlink && rt->rt_gw_family &&
		 (rt->rt_gw_family != AF_INET ||
		  rt->rt_gw4 != spec->daddr->ip))
		*reach = L4LB_REACH_GATEWAY;

	return &rt->dst;
}

static struct dst_entry *route_lookup6(struct net *net,
				       const struct l4lb_route_spec *spec,
				       enum l4lb_reach *reach)
{
	struct flowi6 fl6 = { .daddr = spec->daddr->in6 };
	struct dst_entry *dst;
	struct rt6_info *rt;

	if (spec->saddr)
		fl6.saddr = spec->saddr->in6;

	dst = ip6_route_output(net, NULL, &fl6);
	if (dst->error) {
		dst_release(dst);
		*reach = L4LB_REACH_NO_ROUTE;
		return NULL;
	}

	rt = container_of(dst, struct rt6_info, dst);
	if (rt->rt6i_flags & RTF_LOCAL)
		*reach = L4LB_REACH_LOCAL;
	else if (spec->onlink && (rt->rt6i_flags & RTF_GATEWAY) &&
		 !ipv6_addr_equal(&rt->rt6i_gateway, &spec->daddr->in6))
		*reach = L4LB_REACH_GATEWAY;

	return dst;
}

/**
 * l4lb_route_renew() - look a route up again, whatever is remembered of it
 * @ln: namespace
 * @route: what to bring up to date
 * @spec: where it leads
 *
 * Context: Any but a hard interrupt, under rcu_read_lock().
 * Return: the neighbour, without a reference, or NULL if there is none.
 */
struct neighbour *l4lb_route_renew(struct l4lb_net *ln,
				   struct l4lb_route *route,
				   const struct l4lb_route_spec *spec)
{
	int genid = l4lb_route_genid(ln->net, spec->family);
	enum l4lb_reach reach = L4LB_REACH_OK;
	struct l4lb_nexthop *nexthop = NULL, *old;
	struct neighbour *neigh = NULL;
	struct dst_entry *dst;
	u32 mtu = 0;

	if (spec->family == AF_INET)
		dst = route_lookup4(ln->net, spec, &reach);
	else
		dst = route_lookup6(ln->net, spec, &reach);

	if (dst) {
		if (dst_xfrm(dst) || dst->lwtstate)
			reach = L4LB_REACH_UNSUPPORTED;
		if (reach == L4LB_REACH_OK)
			neigh = dst_neigh_lookup(dst, spec->daddr);
		mtu = min_t(u32, dst_mtu(dst), IP_MAX_MTU);
		dst_release(dst);
	}

	spin_lock_bh(&ln->nexthop_lock);
	if (neigh)
		nexthop = nh_again(ln, route, neigh) ?: nh_get(ln, neigh);
	if (!nexthop)
		neigh = NULL;

	WRITE_ONCE(route->mtu, mtu);
	WRITE_ONCE(route->reach, reach);
	old = rcu_replace_pointer(route->nexthop, nexthop,
				  lockdep_is_held(&ln->nexthop_lock));
	WRITE_ONCE(route->genid, genid);
	nh_put(ln, old);
	spin_unlock_bh(&ln->nexthop_lock);

	return neigh;
}

/**
 * l4lb_route_resolve() - look a route up that is out of date
 * @ln: namespace
 * @route: what to bring up to date
 * @spec: where it leads
 *
 * A way that does not exist is remembered until the routing table changes, or
 * for a few seconds by IPv6, see l4lb_route_genid().
 *
 * Context: Any but a hard interrupt, under rcu_read_lock().
 * Return: the neighbour, without a reference, or NULL if there is none.
 */
struct neighbour *l4lb_route_resolve(struct l4lb_net *ln,
				     struct l4lb_route *route,
				     const struct l4lb_route_spec *spec)
{
	if (READ_ONCE(route->reach) != L4LB_REACH_OK &&
	    READ_ONCE(route->genid) ==
	    l4lb_route_genid(ln->net, spec->family))
		return NULL;

	return l4lb_route_renew(ln, route, spec);
}

/**
 * l4lb_route_init() - start without a way
 * @route: route that nobody sees yet
 *
 * Context: Any.
 */
void l4lb_route_init(struct l4lb_route *route)
{
	RCU_INIT_POINTER(route->nexthop, NULL);
	route->genid = 0;
	route->mtu = 0;
	route->reach = L4LB_REACH_OK;
}

/**
 * l4lb_route_forget() - let the next hop go
 * @ln: namespace
 * @route: route that nobody uses any more
 *
 * Context: Any but a hard interrupt.
 */
void l4lb_route_forget(struct l4lb_net *ln, struct l4lb_route *route)
{
	struct l4lb_nexthop *nexthop;

	if (!rcu_access_pointer(route->nexthop))
		return;

	spin_lock_bh(&ln->nexthop_lock);
	nexthop = rcu_replace_pointer(route->nexthop, NULL,
				      lockdep_is_held(&ln->nexthop_lock));
	nh_put(ln, nexthop);
	spin_unlock_bh(&ln->nexthop_lock);
}

/**
 * l4lb_nexthop_dev_down() - let go of a device's neighbours
 * @ln: namespace
 * @dev: device that is going down
 *
 * Context: Process context, under rtnl_lock(); waits for one grace period if
 * there are any.
 */
void l4lb_nexthop_dev_down(struct l4lb_net *ln, const struct net_device *dev)
{
	struct l4lb_nexthop *nexthop;
	struct neighbour *neigh;
	unsigned int i, n = 0;

	ASSERT_RTNL();

	spin_lock_bh(&ln->nexthop_lock);
	for (i = 0; i < ARRAY_SIZE(ln->nexthops); i++) {
		hlist_for_each_entry(nexthop, &ln->nexthops[i], node) {
			neigh = rcu_dereference_protected(nexthop->neigh,
							  lockdep_is_held(&ln->nexthop_lock));
			if (!neigh || neigh->dev != dev)
				continue;
			RCU_INIT_POINTER(nexthop->neigh, NULL);
			nexthop->gone = neigh;
			n++;
		}
	}
	spin_unlock_bh(&ln->nexthop_lock);

	if (!n)
		return;

	synchronize_net();

	spin_lock_bh(&ln->nexthop_lock);
	for (i = 0; i < ARRAY_SIZE(ln->nexthops); i++) {
		hlist_for_each_entry(nexthop, &ln->nexthops[i], node) {
			if (!nexthop->gone || nexthop->gone->dev != dev)
				continue;
			neigh_release(nexthop->gone);
			nexthop->gone = NULL;
		}
	}
	spin_unlock_bh(&ln->nexthop_lock);
}
