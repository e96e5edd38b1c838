// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel knows of this host: links, addresses, routes.
 */

#include "rtnl.h"
#include "err.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if_arp.h>
#include <netlink/route/addr.h>
#include <netlink/route/link.h>
#include <netlink/route/route.h>
#include <stdlib.h>
#include <string.h>

static int failed(struct lb_err *err, int code, const char *what)
{
	return lb_err_set(err, code == -NLE_NOMEM ? -ENOMEM : -EIO, "%s: %s",
			  what, nl_geterror(code));
}

static bool addr_copy(const struct nl_addr *from, struct lb_addr *to)
{
	memset(to, 0, sizeof(*to));
	if (!from)
		return false;

	switch (nl_addr_get_family(from)) {
	case AF_INET:
		if (nl_addr_get_len(from) != sizeof(to->v4))
			return false;
		memcpy(&to->v4, nl_addr_get_binary_addr(from), sizeof(to->v4));
		break;
	case AF_INET6:
		if (nl_addr_get_len(from) != sizeof(to->v6))
			return false;
		memcpy(&to->v6, nl_addr_get_binary_addr(from), sizeof(to->v6));
		break;
	default:
		return false;
	}
	to->family = nl_addr_get_family(from);

	return true;
}

static void link_copy(struct rtnl_link *from, struct lb_link *to)
{
	const struct nl_addr *mac = rtnl_link_get_addr(from);
	unsigned int flags = rtnl_link_get_flags(from);
	const char *name = rtnl_link_get_name(from);

	to->index = rtnl_link_get_ifindex(from);
	lb_text_clean(to->name, sizeof(to->name), name ? name : "?", IFNAMSIZ);
	to->mtu = rtnl_link_get_mtu(from);
	to->up = flags & IFF_UP;
	to->running = flags & IFF_RUNNING;
	to->ether = rtnl_link_get_arptype(from) == ARPHRD_ETHER &&
		    !(flags & (IFF_LOOPBACK | IFF_NOARP)) && mac &&
		    nl_addr_get_len(mac) == LB_MAC_LEN;
	if (to->ether)
		memcpy(to->mac, nl_addr_get_binary_addr(mac), LB_MAC_LEN);
}

static int links_read(struct lb_rtnl *rtnl)
{
	struct nl_object *object;
	struct nl_cache *cache;
	int ret;

	ret = rtnl_link_alloc_cache(rtnl->sock, AF_UNSPEC, &cache);
	if (ret < 0)
		return ret;

	rtnl->links = calloc((size_t)nl_cache_nitems(cache) + 1,
			     sizeof(*rtnl->links));
	for (object = nl_cache_get_first(cache); rtnl->links && object;
	     object = nl_cache_get_next(object))
		link_copy((struct rtnl_link *)object,
			  &rtnl->links[rtnl->link_count++]);
	nl_cache_free(cache);

	return rtnl->links ? 0 : -NLE_NOMEM;
}

static void addr_add(struct lb_rtnl *rtnl, struct rtnl_addr *from)
{
	struct lb_host_addr *to = &rtnl->addrs[rtnl->addr_count];

	if (!addr_copy(rtnl_addr_get_local(from), &to->prefix.addr))
		return;
	to->link = rtnl_addr_get_ifindex(from);
	to->prefix.len = (uint8_t)rtnl_addr_get_prefixlen(from);
	rtnl->addr_count++;
}

static int addrs_read(struct lb_rtnl *rtnl)
{
	struct nl_object *object;
	struct nl_cache *cache;
	int ret;

	ret = rtnl_addr_alloc_cache(rtnl->sock, &cache);
	if (ret < 0)
		return ret;

	rtnl->addrs = calloc((size_t)nl_cache_nitems(cache) + 1,
			     sizeof(*rtnl->addrs));
	for (object = nl_cache_get_first(cache); rtnl->addrs && object;
	     object = nl_cache_get_next(object))
		addr_add(rtnl, (struct rtnl_addr *)object);
	nl_cache_free(cache);

	return rtnl->addrs ? 0 : -NLE_NOMEM;
}

/**
 * lb_rtnl_open() - read what the kernel knows
 * @rtnl: where to, for lb_rtnl_close()
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int lb_rtnl_open(struct lb_rtnl *rtnl, struct lb_err *err)
{
	int ret;

	memset(rtnl, 0, sizeof(*rtnl));
	rtnl->sock = nl_socket_alloc();
	if (!rtnl->sock)
		return lb_err_code(err, -ENOMEM);

	ret = nl_connect(rtnl->sock, NETLINK_ROUTE);
	if (!ret)
		ret = links_read(rtnl);
	if (!ret)
		ret = addrs_read(rtnl);
	if (!ret)
		return 0;
	lb_rtnl_close(rtnl);

	return failed(err, ret, "links and addresses");
}

/**
 * lb_rtnl_close() - drop what was read
 * @rtnl: this host
 */
void lb_rtnl_close(struct lb_rtnl *rtnl)
{
	free(rtnl->links);
	free(rtnl->addrs);
	nl_socket_free(rtnl->sock);
	memset(rtnl, 0, sizeof(*rtnl));
}

/**
 * lb_rtnl_link() - find an interface
 * @rtnl: this host
 * @index: its number
 *
 * Return: the interface, or NULL if there is none.
 */
const struct lb_link *lb_rtnl_link(const struct lb_rtnl *rtnl, int index)
{
	size_t i;

	for (i = 0; i < rtnl->link_count; i++) {
		if (rtnl->links[i].index == index)
			return &rtnl->links[i];
	}

	return NULL;
}

static void route_copy(struct nl_object *object, void *data)
{
	struct rtnl_route *from = (struct rtnl_route *)object;
	struct rtnl_nexthop *hop = rtnl_route_nexthop_n(from, 0);
	struct lb_route *route = data;

	route->local = rtnl_route_get_type(from) == RTN_LOCAL;
	addr_copy(rtnl_route_get_pref_src(from), &route->source);
	if (!hop)
		return;
	route->link = rtnl_route_nh_get_ifindex(hop);
	route->has_gateway = addr_copy(rtnl_route_nh_get_gateway(hop),
				       &route->gateway) ||
			     addr_copy(rtnl_route_nh_get_via(hop),
				       &route->gateway);
}

static int route_cb(struct nl_msg *msg, void *data)
{
	nl_msg_parse(msg, route_copy, data);

	return NL_OK;
}

static struct nl_msg *route_request(const struct lb_addr *to)
{
	struct rtmsg header = {
		.rtm_family = (unsigned char)to->family,
		.rtm_dst_len = (unsigned char)lb_addr_bits(to),
	};
	struct nl_msg *msg;
	int ret;

	msg = nlmsg_alloc_simple(RTM_GETROUTE, 0);
	if (!msg)
		return NULL;

	ret = nlmsg_append(msg, &header, sizeof(header), NLMSG_ALIGNTO);
	if (!ret && to->family == AF_INET)
		ret = nla_put(msg, RTA_DST, sizeof(to->v4), &to->v4);
	else if (!ret)
		ret = nla_put(msg, RTA_DST, sizeof(to->v6), &to->v6);
	if (!ret)
		return msg;
	nlmsg_free(msg);

	return NULL;
}

/**
 * lb_rtnl_route() - ask how a packet would leave
 * @rtnl: this host
 * @to: where it goes
 * @route: where to
 * @err: why not
 *
 * Return: 0 or -errno; -ENETUNREACH if there is no route.
 */
int lb_rtnl_route(struct lb_rtnl *rtnl, const struct lb_addr *to,
		  struct lb_route *route, struct lb_err *err)
{
	struct nl_msg *msg = route_request(to);
	int ret;

	memset(route, 0, sizeof(*route));
	if (!msg)
		return lb_err_code(err, -ENOMEM);

	nl_socket_modify_cb(rtnl->sock, NL_CB_VALID, NL_CB_CUSTOM, route_cb,
			    route);
	ret = nl_send_auto(rtnl->sock, msg);
	nlmsg_free(msg);
	if (ret >= 0)
		ret = nl_recvmsgs_default(rtnl->sock);
	if (ret >= 0)
		ret = nl_wait_for_ack(rtnl->sock);
	if (ret >= 0)
		return 0;

	return lb_err_set(err, -ENETUNREACH, "no route: %s", nl_geterror(ret));
}
