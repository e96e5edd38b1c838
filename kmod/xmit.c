// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sending.
 *
 * A packet leaves from the hook, straight to the neighbour that its route
 * remembers. What needs an ICMP error or fragmenting is left to the stack by
 * the early hook, untouched, and done by the late one, where the stack has
 * routed the packet.
 */

#include "xmit.h"
#include "nat.h"
#include "netns.h"
#include "packet.h"
#include "real.h"
#include "stats.h"

#include <linux/icmpv6.h>
#include <net/gso.h>
#include <net/icmp.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/route.h>

static unsigned int xmit_drop(const struct l4lb_packet *pkt,
			      enum l4lb_drop reason)
{
	return l4lb_drop(pkt->ln->stats, reason);
}

static bool packet_fits(const struct sk_buff *skb, u32 mtu)
{
	return likely(skb->len <= mtu) ||
	       (skb_is_gso(skb) && skb_gso_validate_network_len(skb, mtu));
}

static bool may_fragment(const struct l4lb_packet *pkt)
{
	return pkt->family == AF_INET &&
	       !(ip_hdr(pkt->skb)->frag_off & htons(IP_DF));
}

static unsigned int xmit_too_big(struct l4lb_packet *pkt, u32 mtu)
{
	if (pkt->family == AF_INET)
		icmp_send(pkt->skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED,
			  htonl(mtu));
	else
		icmpv6_send(pkt->skb, ICMPV6_PKT_TOOBIG, 0, mtu);

	return xmit_drop(pkt, L4LB_DROP_TOO_BIG);
}

static bool ttl_ended(const struct l4lb_packet *pkt)
{
	if (pkt->family == AF_INET)
		return ip_hdr(pkt->skb)->ttl <= 1;

	return ipv6_hdr(pkt->skb)->hop_limit <= 1;
}

static unsigned int xmit_ttl_ended(struct l4lb_packet *pkt)
{
	if (pkt->family == AF_INET)
		icmp_send(pkt->skb, ICMP_TIME_EXCEEDED, ICMP_EXC_TTL, 0);
	else
		icmpv6_send(pkt->skb, ICMPV6_TIME_EXCEED, ICMPV6_EXC_HOPLIMIT,
			    0);

	return xmit_drop(pkt, L4LB_DROP_TTL);
}

static void ttl_decrease(const struct l4lb_packet *pkt)
{
	if (unlikely(pkt->counted))
		return;

	if (pkt->family == AF_INET)
		ip_decrease_ttl(ip_hdr(pkt->skb));
	else
		ipv6_hdr(pkt->skb)->hop_limit--;
}

/* What belongs to the way in must not go with the packet on its way out. */
static void packet_scrub(struct sk_buff *skb)
{
	skb_dst_drop(skb);
	nf_reset_ct(skb);
	skb_orphan(skb);
	skb_forward_csum(skb);
	skb_clear_tstamp(skb);
	if (unlikely(skb_has_extensions(skb)))
		skb_ext_reset(skb);
}

static unsigned int xmit_to_neigh(struct l4lb_packet *pkt,
				  struct neighbour *neigh)
{
	struct sk_buff *skb = pkt->skb;

	ttl_decrease(pkt);
	packet_scrub(skb);
	skb->dev = neigh->dev;
	neigh_output(neigh, skb, false);

	return NF_STOLEN;
}

/*
 * Sends a packet that is to be fragmented. The stack does it, by a route whose
 * next hop is the real, although the packet may be addressed to the VIP.
 */
static unsigned int xmit_by_stack4(struct l4lb_packet *pkt,
				   const struct l4lb_route_spec *spec)
{
	struct flowi4 fl4 = { .daddr = spec->daddr->ip };
	struct sk_buff *skb = pkt->skb;
	struct rtable *rt;

	if (spec->saddr) {
		fl4.saddr = spec->saddr->ip;
		fl4.flowi4_flags = FLOWI_FLAG_ANYSRC;
	} else {
		fl4.flowi4_flags = FLOWI_FLAG_KNOWN_NH;
	}

	rt = ip_route_output_key(pkt->ln->net, &fl4);
	if (IS_ERR(rt))
		return xmit_drop(pkt, L4LB_DROP_NO_ROUTE);

	ttl_decrease(pkt);
	packet_scrub(skb);
	skb_dst_set(skb, &rt->dst);
	nf_ct_set(skb, NULL, IP_CT_UNTRACKED);
	dst_output(pkt->ln->net, NULL, skb);

	return NF_STOLEN;
}

/*
 * Finds the way and whether the packet may go it. Any verdict but NF_STOLEN is
 * final; with NF_STOLEN the packet is to be sent, to @neigh, or by the stack
 * if that is NULL.
 */
static __always_inline unsigned int
xmit_prepare(struct l4lb_packet *pkt, struct l4lb_route *route,
	     const struct l4lb_route_spec *spec, struct neighbour **neigh)
{
	u32 mtu;

	*neigh = l4lb_route_neigh(pkt->ln->net, route, spec->family);
	if (unlikely(!*neigh)) {
		*neigh = l4lb_route_resolve(pkt->ln, route, spec);
		if (!*neigh)
			return xmit_drop(pkt, L4LB_DROP_NO_ROUTE);
	}

	if (unlikely(pkt->late) && !pkt->counted && ttl_ended(pkt))
		return xmit_ttl_ended(pkt);

	mtu = READ_ONCE(route->mtu);
	if (unlikely(!packet_fits(pkt->skb, mtu))) {
		if (skb_warn_if_lro(pkt->skb))
			return xmit_drop(pkt, L4LB_DROP_TOO_BIG);
		if (!pkt->late)
			return NF_ACCEPT;
		if (!may_fragment(pkt))
			return xmit_too_big(pkt, mtu);
		*neigh = NULL;
	}

	/* Room for the link header, and the headers written to. */
	if (skb_cow(pkt->skb, *neigh ? LL_RESERVED_SPACE((*neigh)->dev) :
				       LL_MAX_HEADER))
		return xmit_drop(pkt, L4LB_DROP_NO_MEMORY);

	return NF_STOLEN;
}

static __always_inline unsigned int
xmit_to_real(struct l4lb_packet *pkt, struct l4lb_conn *conn,
	     bool (*translate)(struct l4lb_packet *pkt,
			       const struct l4lb_conn_nat *nat))
{
	struct l4lb_real *real = conn->real;
	u32 len = pkt->skb->len;
	struct l4lb_route_spec spec;
	struct neighbour *neigh;
	unsigned int verdict;

	l4lb_real_route_spec(real, &spec);
	verdict = xmit_prepare(pkt, &real->route, &spec, &neigh);
	if (unlikely(verdict != NF_STOLEN))
		return verdict;

	if (conn->nat && !translate(pkt, l4lb_conn_nat(conn)))
		return xmit_drop(pkt, L4LB_DROP_NO_MEMORY);

	this_cpu_inc(real->stats->in_packets);
	this_cpu_add(real->stats->in_bytes, len);

	return likely(neigh) ? xmit_to_neigh(pkt, neigh) :
			       xmit_by_stack4(pkt, &spec);
}

static __always_inline unsigned int
xmit_to_client(struct l4lb_packet *pkt, struct l4lb_conn_nat *nat,
	       bool (*translate)(struct l4lb_packet *pkt,
				 const struct l4lb_conn_nat *nat))
{
	struct l4lb_real *real = nat->conn.real;
	u32 len = pkt->skb->len;
	struct l4lb_route_spec spec;
	union nf_inet_addr client;
	struct neighbour *neigh;
	unsigned int verdict;

	l4lb_conn_client(&nat->conn, &client.in6);
	spec.family = real->family;
	spec.onlink = false;
	spec.daddr = &client;
	spec.saddr = &real->vip_addr;

	verdict = xmit_prepare(pkt, &nat->client, &spec, &neigh);
	if (unlikely(verdict != NF_STOLEN))
		return verdict;

	if (!translate(pkt, nat))
		return xmit_drop(pkt, L4LB_DROP_NO_MEMORY);

	this_cpu_inc(real->stats->out_packets);
	this_cpu_add(real->stats->out_bytes, len);

	return likely(neigh) ? xmit_to_neigh(pkt, neigh) :
			       xmit_by_stack4(pkt, &spec);
}

/**
 * l4lb_xmit_to_real() - send a client's packet to the real
 * @pkt: packet
 * @conn: its connection
 *
 * Context: Softirq, under rcu_read_lock(). May move the headers.
 * Return: the verdict of the hook.
 */
unsigned int l4lb_xmit_to_real(struct l4lb_packet *pkt,
			       struct l4lb_conn *conn)
{
	return xmit_to_real(pkt, conn, l4lb_nat_request);
}

/**
 * l4lb_xmit_to_client() - send a real's packet to the client
 * @pkt: packet
 * @nat: its connection
 *
 * Context: Softirq, under rcu_read_lock(). May move the headers.
 * Return: the verdict of the hook.
 */
unsigned int l4lb_xmit_to_client(struct l4lb_packet *pkt,
				 struct l4lb_conn_nat *nat)
{
	return xmit_to_client(pkt, nat, l4lb_nat_reply);
}

/**
 * l4lb_xmit_error_to_real() - send an error about a real's packet to the real
 * @pkt: ICMP error with @inner and @inner_l4 set
 * @conn: connection of the packet that it is about
 *
 * Context: Softirq, under rcu_read_lock(). May move the headers.
 * Return: the verdict of the hook.
 */
unsigned int l4lb_xmit_error_to_real(struct l4lb_packet *pkt,
				     struct l4lb_conn *conn)
{
	return xmit_to_real(pkt, conn, l4lb_nat_request_error);
}

/**
 * l4lb_xmit_error_to_client() - send an error about a client's packet to the
 *	client
 * @pkt: ICMP error with @inner and @inner_l4 set
 * @nat: connection of the packet that it is about
 *
 * Context: Softirq, under rcu_read_lock(). May move the headers.
 * Return: the verdict of the hook.
 */
unsigned int l4lb_xmit_error_to_client(struct l4lb_packet *pkt,
				       struct l4lb_conn_nat *nat)
{
	return xmit_to_client(pkt, nat, l4lb_nat_reply_error);
}
