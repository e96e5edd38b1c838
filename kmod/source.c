// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sources of full NAT.
 *
 * A port is one connection's towards one real, port and protocol: the table of
 * connections sees to that. What is seen to here is that a port is nobody
 * else's: not one that the host gives to its own connections, of which those
 * of the checker to the same real are some, nor one that a program has bound,
 * nor the port of a VIP.
 */

#include "source.h"
#include "addr.h"
#include "conn.h"
#include "netns.h"
#include "real.h"
#include "vip.h"

#include <linux/inetdevice.h>
#include <linux/random.h>
#include <net/addrconf.h>
#include <net/inet6_hashtables.h>
#include <net/inet_hashtables.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/route.h>
#include <net/udp.h>

#define PORT_MIN	1024
#define PORTS		(65536 - PORT_MIN)

#define UNFIT6	(IFA_F_TENTATIVE | IFA_F_DADFAILED | IFA_F_DEPRECATED)

/* A real by DR has the VIP too, and would answer it to itself. */
static void source_avoid_vip4(struct l4lb_net *ln, struct net_device *dev,
			      union nf_inet_addr *addr)
{
	struct in_device *in_dev = __in_dev_get_rcu(dev);
	const struct in_ifaddr *ifa;

	if (!in_dev || !l4lb_addr_find4(ln->vip_addrs, addr->ip))
		return;

	in_dev_for_each_ifa_rcu(ifa, in_dev) {
		if (ifa->ifa_scope < RT_SCOPE_HOST &&
		    !l4lb_addr_find4(ln->vip_addrs, ifa->ifa_local)) {
			addr->ip = ifa->ifa_local;
			return;
		}
	}
}

static void source_avoid_vip6(struct l4lb_net *ln, struct net_device *dev,
			      union nf_inet_addr *addr)
{
	struct inet6_dev *idev = __in6_dev_get(dev);
	const struct inet6_ifaddr *ifp;

	if (!idev || !l4lb_addr_find6(ln->vip_addrs, &addr->in6))
		return;

	read_lock_bh(&idev->lock);
	list_for_each_entry(ifp, &idev->addr_list, if_list) {
		if (!(ipv6_addr_type(&ifp->addr) & IPV6_ADDR_LINKLOCAL) &&
		    !(ifp->flags & UNFIT6) &&
		    !l4lb_addr_find6(ln->vip_addrs, &ifp->addr)) {
			addr->in6 = ifp->addr;
			break;
		}
	}
	read_unlock_bh(&idev->lock);
}

/* The source that the host itself would take on the way to the real. */
static bool source_of_route4(struct l4lb_net *ln, const struct l4lb_real *real,
			     union nf_inet_addr *addr)
{
	struct flowi4 fl4 = { .daddr = real->addr.ip };
	struct rtable *rt = ip_route_output_key(ln->net, &fl4);

	if (IS_ERR(rt))
		return false;
	addr->ip = fl4.saddr;
	source_avoid_vip4(ln, rt->dst.dev, addr);
	ip_rt_put(rt);

	return true;
}

static bool source_of_route6(struct l4lb_net *ln, const struct l4lb_real *real,
			     union nf_inet_addr *addr)
{
	struct flowi6 fl6 = { .daddr = real->addr.in6 };
	struct dst_entry *dst;

	if (ip6_dst_lookup(ln->net, NULL, &dst, &fl6))
		return false;
	addr->in6 = fl6.saddr;
	source_avoid_vip6(ln, dst->dev, addr);
	dst_release(dst);

	return true;
}

/**
 * l4lb_source_choose() - choose the source address of a connection
 * @ln: namespace
 * @nat: connection that nobody sees yet; its side of the real is filled in
 *
 * Context: Any but a hard interrupt, under rcu_read_lock().
 * Return: false if the real cannot be reached.
 */
bool l4lb_source_choose(struct l4lb_net *ln, struct l4lb_conn_nat *nat)
{
	const struct l4lb_real *real = nat->conn.real;
	const struct l4lb_vip_config *config =
		&rcu_dereference(real->vip->conf)->config;
	union nf_inet_addr client, addr = {};
	u32 at;

	/* A VIP that has just changed its family has no source for this real. */
	if (config->n_sources && config->family == real->family) {
		at = reciprocal_scale(nat->conn.hash, config->n_sources);
		addr = config->sources[at];
	} else if (!(real->family == AF_INET ?
		     source_of_route4(ln, real, &addr) :
		     source_of_route6(ln, real, &addr))) {
		return false;
	}

	l4lb_conn_client(&nat->conn, &client);
	nat->csum = l4lb_addr_csum(&client, &addr);
	l4lb_conn_key_set_addr(&nat->reply.key, real->family, &addr);

	return true;
}

static u16 random_port(struct net *net)
{
	int low, high, n;
	u16 port;

	inet_get_local_port_range(net, &low, &high);
	low = max(low, PORT_MIN);
	n = max(high - low + 1, 0);
	if (n >= PORTS)
		return PORT_MIN + reciprocal_scale(get_random_u32(), PORTS);

	port = PORT_MIN + reciprocal_scale(get_random_u32(), PORTS - n);

	return port < low ? port : port + n;
}

static bool port_is_of_vip(struct l4lb_net *ln, u8 family, bool udp,
			   const union nf_inet_addr *addr, u16 port)
{
	const struct l4lb_addr *vip = l4lb_addr_find(ln->vip_addrs, family,
						     addr);

	return vip && l4lb_portmap_find(rcu_dereference(vip->ports[udp]), port);
}

static bool tcp_is_bound(struct net *net, const struct l4lb_real *real,
			 __be16 rport, const union nf_inet_addr *addr,
			 __be16 port)
{
	struct inet_hashinfo *hashinfo = net->ipv4.tcp_death_row.hashinfo;
	struct sock *sk;

	if (real->family == AF_INET)
		sk = inet_lookup(net, hashinfo, NULL, 0, real->addr.ip, rport,
				 addr->ip, port, 0);
	else
		sk = inet6_lookup(net, hashinfo, NULL, 0, &real->addr.in6,
				  rport, &addr->in6, port, 0);
	if (sk)
		sock_gen_put(sk);

	return sk;
}

static bool udp_is_bound(struct net *net, const struct l4lb_real *real,
			 __be16 rport, const union nf_inet_addr *addr,
			 __be16 port)
{
	if (real->family == AF_INET)
		return __udp4_lib_lookup(net, real->addr.ip, rport, addr->ip,
					 port, 0, 0, l4lb_udp_table(net), NULL);

	return __udp6_lib_lookup(net, &real->addr.in6, rport, &addr->in6,
				 port, 0, 0, l4lb_udp_table(net), NULL);
}

/**
 * l4lb_source_next() - propose a source port
 * @ln: namespace
 * @nat: connection with a source address, not linked yet
 *
 * Context: Any but a hard interrupt, under rcu_read_lock().
 */
void l4lb_source_next(struct l4lb_net *ln, struct l4lb_conn_nat *nat)
{
	nat->reply.key.cport = htons(random_port(ln->net));
}

/**
 * l4lb_source_is_free() - whether the host leaves a proposed port to us
 * @ln: namespace
 * @nat: connection with a source address and port, not linked yet
 *
 * Context: Any but a hard interrupt, under rcu_read_lock().
 * Return: false if the port is a VIP's or a program's.
 */
bool l4lb_source_is_free(struct l4lb_net *ln, const struct l4lb_conn_nat *nat)
{
	const struct l4lb_conn_key *key = &nat->reply.key;
	const struct l4lb_real *real = nat->conn.real;
	bool udp = key->tag & L4LB_KEY_UDP;
	union nf_inet_addr addr;

	l4lb_conn_source(&nat->conn, &addr);
	if (port_is_of_vip(ln, real->family, udp, &addr, ntohs(key->cport)))
		return false;

	return udp ? !udp_is_bound(ln->net, real, key->port, &addr,
				   key->cport) :
		     !tcp_is_bound(ln->net, real, key->port, &addr,
				   key->cport);
}
