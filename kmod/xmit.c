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
#include "trace.h"
#include "vip.h"

#include <linux/icmpv6.h>
#include <net/gso.h>
#include <net/icmp.h>
#include <net/ip6_route.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/route.h>

static unsigned int xmit_drop(const struct l4lb_real *real,
			      enum l4lb_drop reason)
{
	return l4lb_vip_drop(real->vip, reason);
}

/* What hardware has merged without saying how cannot be taken apart again. */
static bool packet_fits(const struct sk_buff *skb, u32 mtu)
{
	return likely(skb->len <= mtu) ||
	       (skb_is_gso(skb) && skb_shinfo(skb)->gso_type &&
		skb_gso_validate_network_len(skb, mtu));
}

/* The largest of the parts that it came in, or 0. */
static u32 came_in_parts(const struct l4lb_packet *pkt)
{
	return pkt->family == AF_INET ? IPCB(pkt->skb)->frag_max_size :
					IP6CB(pkt->skb)->frag_max_size;
}

/*
 * What came in parts may go in parts if they need not be any smaller. IPv6
 * leaves cutting to the sender, which this host may be.
 */
static bool may_fragment(const struct l4lb_packet *pkt, u32 mtu)
{
	u32 size = came_in_parts(pkt);

	if (pkt->family == AF_INET &&
	    !(ip_hdr(pkt->skb)->frag_off & htons(IP_DF)))
		return true;
	if (pkt->out && pkt->skb->ignore_df)
		return true;

	return size && size <= mtu;
}

/* The IP and TCP headers, of what is to be summed by the hardware. */
static u32 tcp_headers(const struct sk_buff *skb)
{
	return skb_checksum_start_offset(skb) + tcp_hdrlen(skb);
}

/*
 * The stack looks for what it has learned of a path on the way to the VIP, which
 * is lo: clients of this host do not learn, so their segments are made to fit.
 */
static bool may_cut(const struct l4lb_packet *pkt, u32 mtu)
{
	const struct sk_buff *skb = pkt->skb;

	return pkt->out && pkt->proto == IPPROTO_TCP &&
	       skb->ip_summed == CHECKSUM_PARTIAL && tcp_headers(skb) < mtu;
}

/* As from a client with a smaller segment size; whoever sends them cuts. */
static void packet_cut(const struct l4lb_packet *pkt, u32 mtu)
{
	struct skb_shared_info *info = skb_shinfo(pkt->skb);
	u32 headers = tcp_headers(pkt->skb);

	if (!info->gso_type)
		info->gso_type = pkt->family == AF_INET ? SKB_GSO_TCPV4 :
							  SKB_GSO_TCPV6;
	if (tcp_hdr(pkt->skb)->cwr)
		info->gso_type |= SKB_GSO_TCP_ECN;
	info->gso_size = mtu - headers;
	info->gso_segs = DIV_ROUND_UP(pkt->skb->len - headers,
				      info->gso_size);
}

/*
 * With IPv6 only the sender knows how large parts may be on the whole way. A
 * datagram that something before has put together is taken apart again.
 */
static u32 late_mtu(const struct l4lb_packet *pkt, u32 mtu)
{
	u32 size = pkt->family == AF_INET6 ? came_in_parts(pkt) : 0;

	return size ? min(size, mtu) : mtu;
}

static unsigned int xmit_too_big(struct l4lb_packet *pkt,
				 const struct l4lb_real *real, u32 mtu)
{
	if (pkt->family == AF_INET)
		icmp_send(pkt->skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED,
			  htonl(mtu));
	else
		icmpv6_send(pkt->skb, ICMPV6_PKT_TOOBIG, 0, mtu);

	return xmit_drop(real, L4LB_DROP_TOO_BIG);
}

static bool ttl_ended(const struct l4lb_packet *pkt)
{
	if (pkt->family == AF_INET)
		return ip_hdr(pkt->skb)->ttl <= 1;

	return ipv6_hdr(pkt->skb)->hop_limit <= 1;
}

static unsigned int xmit_ttl_ended(struct l4lb_packet *pkt,
				   const struct l4lb_real *real)
{
	if (pkt->family == AF_INET)
		icmp_send(pkt->skb, ICMP_TIME_EXCEEDED, ICMP_EXC_TTL, 0);
	else
		icmpv6_send(pkt->skb, ICMPV6_TIME_EXCEED, ICMPV6_EXC_HOPLIMIT,
			    0);

	return xmit_drop(real, L4LB_DROP_TTL);
}

/*
 * Options that the stack has written to as the packet came in are summed up by
 * whoever forwards it.
 */
static void options_sum(const struct l4lb_packet *pkt)
{
	struct iphdr *iph = ip_hdr(pkt->skb);

	if (pkt->family == AF_INET && iph->ihl > 5)
		ip_send_check(iph);
}

static void ttl_decrease(const struct l4lb_packet *pkt)
{
	if (unlikely(pkt->late))
		options_sum(pkt);
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

/* Whether it may be fragmented has been asked. */
static void xmit_by_dst(struct l4lb_packet *pkt)
{
	struct sk_buff *skb = pkt->skb;

	skb->ignore_df = 1;
	nf_ct_set(skb, NULL, IP_CT_UNTRACKED);
	dst_output(pkt->ln->net, NULL, skb);
}

/*
 * Sends a packet that is to be fragmented. The stack does it, by a route whose
 * next hop is the real, although the packet may be addressed to the VIP.
 */
static unsigned int xmit_by_stack4(struct l4lb_packet *pkt,
				   const struct l4lb_real *real,
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
		return xmit_drop(real, L4LB_DROP_NO_ROUTE);

	ttl_decrease(pkt);
	packet_scrub(skb);
	skb_dst_set(skb, &rt->dst);
	xmit_by_dst(pkt);

	return NF_STOLEN;
}

static unsigned int xmit_by_stack6(struct l4lb_packet *pkt,
				   const struct l4lb_real *real,
				   const struct l4lb_route_spec *spec)
{
	struct flowi6 fl6 = { .daddr = spec->daddr->in6 };
	struct dst_entry *dst;

	if (spec->saddr)
		fl6.saddr = spec->saddr->in6;
	else
		fl6.flowi6_flags = FLOWI_FLAG_KNOWN_NH;

	dst = ip6_route_output(pkt->ln->net, NULL, &fl6);
	if (dst->error) {
		dst_release(dst);
		return xmit_drop(real, L4LB_DROP_NO_ROUTE);
	}

	ttl_decrease(pkt);
	packet_scrub(pkt->skb);
	skb_dst_set(pkt->skb, dst);
	xmit_by_dst(pkt);

	return NF_STOLEN;
}

static unsigned int xmit_by_stack(struct l4lb_packet *pkt,
				  const struct l4lb_real *real,
				  const struct l4lb_route_spec *spec)
{
	return pkt->family == AF_INET ? xmit_by_stack4(pkt, real, spec) :
					xmit_by_stack6(pkt, real, spec);
}

/* What is delivered here is not checked by hardware as what was received. */
static bool translate_here(struct l4lb_packet *pkt,
			   const struct l4lb_conn_nat *nat,
			   bool (*translate)(struct l4lb_packet *pkt,
					     const struct l4lb_conn_nat *nat))
{
	skb_forward_csum(pkt->skb);

	return translate(pkt, nat);
}

/* Connection tracking would take one direction for a connection of its own. */
static void packet_untrack(struct sk_buff *skb)
{
	nf_reset_ct(skb);
	nf_ct_set(skb, NULL, IP_CT_UNTRACKED);
}

/*
 * The real is this host. By DR the packet is on its way there, and the late
 * hook will see it too.
 */
static noinline unsigned int
xmit_to_self(struct l4lb_packet *pkt, struct l4lb_real *real,
	     struct l4lb_conn *conn,
	     bool (*translate)(struct l4lb_packet *pkt,
			       const struct l4lb_conn_nat *nat))
{
	u32 len = pkt->skb->len;

	if (conn && conn->nat) {
		if (!translate_here(pkt, l4lb_conn_nat(conn), translate))
			return xmit_drop(real, L4LB_DROP_NO_MEMORY);
		packet_untrack(pkt->skb);
	} else if (!pkt->late || pkt->out) {
		return NF_ACCEPT;
	}

	l4lb_trace_here();
	this_cpu_inc(real->stats->in_packets);
	this_cpu_add(real->stats->in_bytes, len);

	return NF_ACCEPT;
}

/*
 * The client is on this host. Routing would refuse a packet that comes in from
 * an address of this host: it is translated once it is routed.
 */
static noinline unsigned int
xmit_to_own_client(struct l4lb_packet *pkt, struct l4lb_conn_nat *nat,
		   bool (*translate)(struct l4lb_packet *pkt,
				     const struct l4lb_conn_nat *nat))
{
	struct l4lb_stats __percpu *stats = nat->conn.real->stats;
	u32 len = pkt->skb->len;

	if (!pkt->late) {
		packet_untrack(pkt->skb);
		return NF_ACCEPT;
	}

	if (!translate_here(pkt, nat, translate))
		return xmit_drop(nat->conn.real, L4LB_DROP_NO_MEMORY);

	l4lb_trace_here();
	this_cpu_inc(stats->out_packets);
	this_cpu_add(stats->out_bytes, len);

	return NF_ACCEPT;
}

/**
 * enum xmit_way - how a packet goes on
 * @XMIT_NOT: not at all, its verdict is final
 * @XMIT_NEIGH: to a neighbour
 * @XMIT_STACK: in fragments, by the stack
 * @XMIT_HERE: to this host
 */
enum xmit_way {
	XMIT_NOT,
	XMIT_NEIGH,
	XMIT_STACK,
	XMIT_HERE,
};

/*
 * Finds the way and whether the packet may go it. Where it may not, @verdict
 * says what becomes of it.
 */
static __always_inline enum xmit_way
xmit_prepare(struct l4lb_packet *pkt, const struct l4lb_real *real,
	     struct l4lb_route *route, const struct l4lb_route_spec *spec,
	     struct neighbour **neigh, unsigned int *verdict)
{
	enum xmit_way way = XMIT_NEIGH;
	bool cut = false;
	u32 mtu;

	*neigh = l4lb_route_neigh(pkt->ln->net, route, spec->family);
	if (unlikely(!*neigh)) {
		*neigh = l4lb_route_resolve(pkt->ln, route, spec);
		if (!*neigh && READ_ONCE(route->reach) == L4LB_REACH_LOCAL)
			return XMIT_HERE;
		if (!*neigh) {
			*verdict = xmit_drop(real, L4LB_DROP_NO_ROUTE);
			return XMIT_NOT;
		}
	}

	mtu = READ_ONCE(route->mtu);
	if (unlikely(pkt->late)) {
		if (!pkt->counted && ttl_ended(pkt)) {
			*verdict = xmit_ttl_ended(pkt, real);
			return XMIT_NOT;
		}
		mtu = late_mtu(pkt, mtu);
	}
	if (unlikely(!packet_fits(pkt->skb, mtu))) {
		if (skb_warn_if_lro(pkt->skb))
			*verdict = xmit_drop(real, L4LB_DROP_TOO_BIG);
		else if (!pkt->late)
			*verdict = NF_ACCEPT;
		else if (may_cut(pkt, mtu))
			cut = true;
		else if (!may_fragment(pkt, mtu))
			*verdict = xmit_too_big(pkt, real, mtu);
		else
			way = XMIT_STACK;
		if (!cut && way != XMIT_STACK)
			return XMIT_NOT;
	}

	/* Room for the link header, and the headers written to. */
	if (skb_cow(pkt->skb, likely(way == XMIT_NEIGH) ?
			      LL_RESERVED_SPACE((*neigh)->dev) :
			      LL_MAX_HEADER)) {
		*verdict = xmit_drop(real, L4LB_DROP_NO_MEMORY);
		return XMIT_NOT;
	}
	if (unlikely(cut))
		packet_cut(pkt, mtu);

	return way;
}

/* Without @translate there need not be a connection. */
static __always_inline unsigned int
xmit_to_real(struct l4lb_packet *pkt, struct l4lb_real *real,
	     struct l4lb_conn *conn,
	     bool (*translate)(struct l4lb_packet *pkt,
			       const struct l4lb_conn_nat *nat))
{
	u32 len = pkt->skb->len;
	struct l4lb_route_spec spec;
	struct neighbour *neigh;
	unsigned int verdict;
	enum xmit_way way;

	l4lb_real_route_spec(real, &spec);
	way = xmit_prepare(pkt, real, &real->route, &spec, &neigh, &verdict);
	if (unlikely(way == XMIT_NOT))
		return verdict;
	if (unlikely(way == XMIT_HERE))
		return xmit_to_self(pkt, real, conn, translate);

	if (translate && conn->nat && !translate(pkt, l4lb_conn_nat(conn)))
		return xmit_drop(real, L4LB_DROP_NO_MEMORY);

	this_cpu_inc(real->stats->in_packets);
	this_cpu_add(real->stats->in_bytes, len);

	return likely(way == XMIT_NEIGH) ? xmit_to_neigh(pkt, neigh) :
					   xmit_by_stack(pkt, real, &spec);
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
	enum xmit_way way;

	l4lb_conn_client(&nat->conn, &client);
	spec.family = real->family;
	spec.onlink = false;
	spec.daddr = &client;
	spec.saddr = &real->vip_addr;

	way = xmit_prepare(pkt, real, &nat->client, &spec, &neigh, &verdict);
	if (unlikely(way == XMIT_NOT))
		return verdict;
	if (unlikely(way == XMIT_HERE))
		return xmit_to_own_client(pkt, nat, translate);

	if (!translate(pkt, nat))
		return xmit_drop(real, L4LB_DROP_NO_MEMORY);

	this_cpu_inc(real->stats->out_packets);
	this_cpu_add(real->stats->out_bytes, len);

	return likely(way == XMIT_NEIGH) ? xmit_to_neigh(pkt, neigh) :
					   xmit_by_stack(pkt, real, &spec);
}

/**
 * l4lb_xmit_to_real() - send a client's packet to the real
 * @pkt: packet
 * @conn: its connection
 *
 * Context: Any but a hard interrupt, under rcu_read_lock(). May move the
 * headers.
 * Return: the verdict of the hook.
 */
unsigned int l4lb_xmit_to_real(struct l4lb_packet *pkt,
			       struct l4lb_conn *conn)
{
	return xmit_to_real(pkt, conn->real, conn, l4lb_nat_request);
}

/**
 * l4lb_xmit_without_conn() - send a client's packet to a real by DR
 * @pkt: packet
 * @real: where it goes
 *
 * Context: Any but a hard interrupt, under rcu_read_lock(). May move the
 * headers.
 * Return: the verdict of the hook.
 */
unsigned int l4lb_xmit_without_conn(struct l4lb_packet *pkt,
				    struct l4lb_real *real)
{
	return xmit_to_real(pkt, real, NULL, NULL);
}

/**
 * l4lb_xmit_probe() - send what a checker sends to a real as a client would
 * @pkt: packet of this host to the real's own address
 * @real: the real, with DR
 *
 * Context: Any but a hard interrupt, under rcu_read_lock(). May move the
 * headers.
 * Return: the verdict of the hook.
 */
unsigned int l4lb_xmit_probe(struct l4lb_packet *pkt, struct l4lb_real *real)
{
	if (!l4lb_nat_probe(pkt, real))
		return xmit_drop(real, L4LB_DROP_NO_MEMORY);

	return xmit_to_real(pkt, real, NULL, NULL);
}

/**
 * l4lb_xmit_probe_answer() - let a checker have what a real has answered
 * @pkt: packet from the VIP's address
 * @real: the real, with DR
 *
 * Context: Any but a hard interrupt, under rcu_read_lock(). May move the
 * headers.
 * Return: the verdict of the hook.
 */
unsigned int l4lb_xmit_probe_answer(struct l4lb_packet *pkt,
				    const struct l4lb_real *real)
{
	skb_forward_csum(pkt->skb);
	if (!l4lb_nat_probe_answer(pkt, real))
		return xmit_drop(real, L4LB_DROP_NO_MEMORY);
	packet_untrack(pkt->skb);

	return NF_ACCEPT;
}

/**
 * l4lb_xmit_to_client() - send a real's packet to the client
 * @pkt: packet
 * @nat: its connection
 *
 * Context: Any but a hard interrupt, under rcu_read_lock(). May move the
 * headers.
 * Return: the verdict of the hook.
 */
unsigned int l4lb_xmit_to_client(struct l4lb_packet *pkt,
				 struct l4lb_conn_nat *nat)
{
	return xmit_to_client(pkt, nat, l4lb_nat_reply);
}

/**
 * l4lb_xmit_fragment_to_real() - send part of a client's datagram to the real
 * @pkt: IPv6 fragment that is not the first
 * @conn: its connection
 *
 * Context: Any but a hard interrupt, under rcu_read_lock(). May move the
 * headers.
 * Return: the verdict of the hook.
 */
unsigned int l4lb_xmit_fragment_to_real(struct l4lb_packet *pkt,
					struct l4lb_conn *conn)
{
	return xmit_to_real(pkt, conn->real, conn, l4lb_nat_request_fragment);
}

/**
 * l4lb_xmit_fragment_to_client() - send part of a real's datagram to the client
 * @pkt: IPv6 fragment that is not the first
 * @nat: its connection
 *
 * Context: Any but a hard interrupt, under rcu_read_lock(). May move the
 * headers.
 * Return: the verdict of the hook.
 */
unsigned int l4lb_xmit_fragment_to_client(struct l4lb_packet *pkt,
					  struct l4lb_conn_nat *nat)
{
	return xmit_to_client(pkt, nat, l4lb_nat_reply_fragment);
}

/**
 * l4lb_xmit_error_to_real() - send an error about a real's packet to the real
 * @pkt: ICMP error with @inner and @inner_l4 set
 * @conn: connection of the packet that it is about
 *
 * Context: Any but a hard interrupt, under rcu_read_lock(). May move the
 * headers.
 * Return: the verdict of the hook.
 */
unsigned int l4lb_xmit_error_to_real(struct l4lb_packet *pkt,
				     struct l4lb_conn *conn)
{
	return xmit_to_real(pkt, conn->real, conn, l4lb_nat_request_error);
}

/**
 * l4lb_xmit_error_to_client() - send an error about a client's packet to the
 *	client
 * @pkt: ICMP error with @inner and @inner_l4 set
 * @nat: connection of the packet that it is about
 *
 * Context: Any but a hard interrupt, under rcu_read_lock(). May move the
 * headers.
 * Return: the verdict of the hook.
 */
unsigned int l4lb_xmit_error_to_client(struct l4lb_packet *pkt,
				       struct l4lb_conn_nat *nat)
{
	return xmit_to_client(pkt, nat, l4lb_nat_reply_error);
}
