// SPDX-License-Identifier: GPL-2.0-only
/*
 * Address translation.
 *
 * Checksums are corrected by what the change adds to them, which for the
 * addresses is the same for every packet of a real. In an ICMP error the packet
 * that it is about is translated too, back to what its sender had sent.
 */

#include "nat.h"
#include "packet.h"
#include "real.h"

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <net/checksum.h>

/**
 * struct nat_change - one end of a translation; full NAT has two
 * @addr: address to put in
 * @port: port to put in
 * @csum: what the change of the address adds to a checksum
 * @source: whether source or destination are to change
 */
struct nat_change {
	const union nf_inet_addr *addr;
	__be16 port;
	__wsum csum;
	bool source;
};

/*
 * A partial checksum covers the pseudo header only, not complemented: the
 * ports come in when the hardware completes it.
 */
static void nat_csum(struct sk_buff *skb, __sum16 *sum, __wsum addr,
		     __wsum port)
{
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		*sum = ~csum_fold(csum_add(addr, csum_unfold(*sum)));
	else
		csum_replace_by_diff(sum, csum_add(addr, port));
}

static void nat_l4(struct l4lb_packet *pkt, const struct nat_change *change)
{
	struct tcphdr *th = l4lb_packet_l4(pkt);
	__be16 *port = change->source ? &th->source : &th->dest;
	struct udphdr *uh = l4lb_packet_l4(pkt);
	__wsum diff;

	diff = csum_sub((__force __wsum)change->port, (__force __wsum)*port);
	*port = change->port;

	if (pkt->proto == IPPROTO_TCP) {
		nat_csum(pkt->skb, &th->check, change->csum, diff);
		return;
	}

	/* UDP over IPv4 may do without a checksum. */
	if (!uh->check && pkt->skb->ip_summed != CHECKSUM_PARTIAL)
		return;
	nat_csum(pkt->skb, &uh->check, change->csum, diff);
	if (!uh->check)
		uh->check = CSUM_MANGLED_0;
}

static void nat_addr6(struct l4lb_packet *pkt, const struct nat_change *change)
{
	struct ipv6hdr *ip6h = ipv6_hdr(pkt->skb);

	if (change->source)
		ip6h->saddr = change->addr->in6;
	else
		ip6h->daddr = change->addr->in6;
}

static __always_inline bool nat_packet(struct l4lb_packet *pkt,
				       const struct nat_change *change)
{
	struct iphdr *iph;

	if (skb_ensure_writable(pkt->skb, pkt->l4 + l4lb_packet_l4_len(pkt)))
		return false;

	if (pkt->family == AF_INET) {
		iph = ip_hdr(pkt->skb);
		if (change->source)
			iph->saddr = change->addr->ip;
		else
			iph->daddr = change->addr->ip;
		csum_replace_by_diff(&iph->check, change->csum);
	} else {
		nat_addr6(pkt, change);
	}

	nat_l4(pkt, change);

	return true;
}

static noinline bool nat_packet_again(struct l4lb_packet *pkt,
				      const struct nat_change *change)
{
	return nat_packet(pkt, change);
}

/* What is not the first of a datagram has addresses, but neither port nor sum. */
static bool nat_fragment(struct l4lb_packet *pkt,
			 const struct nat_change *change)
{
	if (skb_ensure_writable(pkt->skb, sizeof(struct ipv6hdr)))
		return false;
	nat_addr6(pkt, change);

	return true;
}

/* Puts an address in another's place; returns what that adds to a checksum. */
static __wsum nat_swap(void *old, const union nf_inet_addr *addr, size_t size)
{
	__wsum diff = csum_sub(csum_partial(addr, size, 0),
			       csum_partial(old, size, 0));

	memcpy(old, addr, size);

	return diff;
}

/*
 * The packet within an error. The checksum of a UDP header is always there,
 * that of a TCP header need not be. Returns what all changes add to the
 * checksum of the error.
 */
static __wsum nat_inner(struct l4lb_packet *pkt, const struct nat_change *change,
			__wsum addr)
{
	void *l4 = skb_network_header(pkt->skb) + pkt->inner_l4;
	struct tcphdr *th = l4;
	struct udphdr *uh = l4;
	/* The packet went the other way. */
	__be16 *port = change->source ? &th->dest : &th->source;
	__wsum diff, total;
	__sum16 *sum = NULL, old;

	diff = csum_sub((__force __wsum)change->port, (__force __wsum)*port);
	*port = change->port;
	total = csum_add(addr, diff);

	if (pkt->proto == IPPROTO_UDP && uh->check)
		sum = &uh->check;
	else if (pkt->proto == IPPROTO_TCP &&
		 pkt->skb->len >= pkt->inner_l4 + sizeof(*th))
		sum = &th->check;
	if (!sum)
		return total;

	old = *sum;
	csum_replace_by_diff(sum, total);

	return csum_add(total, csum_sub((__force __wsum)*sum,
					(__force __wsum)old));
}

static u32 nat_error_len(const struct l4lb_packet *pkt)
{
	return min_t(u32, pkt->skb->len,
		     pkt->inner_l4 + sizeof(struct tcphdr));
}

static void nat_error4(struct l4lb_packet *pkt, const struct nat_change *change)
{
	struct iphdr *iph = ip_hdr(pkt->skb);
	struct icmphdr *icmph = l4lb_packet_l4(pkt);
	struct iphdr *inner = (void *)iph + pkt->inner;
	__sum16 old = inner->check;
	__wsum diff;

	diff = nat_swap(change->source ? &iph->saddr : &iph->daddr,
			change->addr, sizeof(iph->saddr));
	csum_replace_by_diff(&iph->check, diff);

	diff = nat_swap(change->source ? &inner->daddr : &inner->saddr,
			change->addr, sizeof(inner->saddr));
	csum_replace_by_diff(&inner->check, diff);
	diff = csum_add(nat_inner(pkt, change, diff),
			csum_sub((__force __wsum)inner->check,
				 (__force __wsum)old));
	csum_replace_by_diff(&icmph->checksum, diff);
}

static void nat_error6(struct l4lb_packet *pkt, const struct nat_change *change)
{
	struct ipv6hdr *ip6h = ipv6_hdr(pkt->skb);
	struct icmp6hdr *icmph = l4lb_packet_l4(pkt);
	struct ipv6hdr *inner = (void *)ip6h + pkt->inner;
	__wsum diff;

	diff = nat_swap(change->source ? &ip6h->saddr : &ip6h->daddr,
			change->addr, sizeof(ip6h->saddr));
	csum_replace_by_diff(&icmph->icmp6_cksum, diff);

	diff = nat_swap(change->source ? &inner->daddr : &inner->saddr,
			change->addr, sizeof(inner->saddr));
	csum_replace_by_diff(&icmph->icmp6_cksum, nat_inner(pkt, change, diff));
}

static bool nat_error(struct l4lb_packet *pkt, const struct nat_change *change)
{
	if (skb_ensure_writable(pkt->skb, nat_error_len(pkt)))
		return false;

	if (pkt->family == AF_INET)
		nat_error4(pkt, change);
	else
		nat_error6(pkt, change);

	return true;
}

/* In full NAT the real's peer is a source of this host's. */
static bool nat_request_source(struct l4lb_packet *pkt,
			       const struct l4lb_conn_nat *nat,
			       bool (*nat_end)(struct l4lb_packet *pkt,
					       const struct nat_change *change))
{
	union nf_inet_addr addr;
	const struct nat_change change = {
		.addr	= &addr,
		.port	= nat->reply.key.cport,
		.csum	= nat->csum,
		.source	= true,
	};

	l4lb_conn_source(&nat->conn, &addr);

	return nat_end(pkt, &change);
}

static bool nat_reply_client(struct l4lb_packet *pkt,
			     const struct l4lb_conn_nat *nat,
			     bool (*nat_end)(struct l4lb_packet *pkt,
					     const struct nat_change *change))
{
	union nf_inet_addr addr;
	const struct nat_change change = {
		.addr	= &addr,
		.port	= nat->conn.node.key.cport,
		.csum	= csum_sub(0, nat->csum),
		.source	= false,
	};

	l4lb_conn_client(&nat->conn, &addr);

	return nat_end(pkt, &change);
}

/*
 * Towards the real, each end by @first and, for full NAT, by @second. What has
 * no use for a port or a sum leaves it alone.
 */
static __always_inline bool
nat_request(struct l4lb_packet *pkt, const struct l4lb_conn_nat *nat,
	    bool (*first)(struct l4lb_packet *pkt,
			  const struct nat_change *change),
	    bool (*second)(struct l4lb_packet *pkt,
			   const struct nat_change *change))
{
	const struct l4lb_real *real = nat->conn.real;
	const struct nat_change change = {
		.addr	= &real->addr,
		.port	= nat->reply.key.port,
		.csum	= real->csum,
		.source	= false,
	};

	return first(pkt, &change) &&
	       (likely(!nat->conn.full) ||
		nat_request_source(pkt, nat, second));
}

/* Towards the client, as nat_request(). */
static __always_inline bool
nat_reply(struct l4lb_packet *pkt, const struct l4lb_conn_nat *nat,
	  bool (*first)(struct l4lb_packet *pkt,
			const struct nat_change *change),
	  bool (*second)(struct l4lb_packet *pkt,
			 const struct nat_change *change))
{
	const struct l4lb_real *real = nat->conn.real;
	const struct nat_change change = {
		.addr	= &real->vip_addr,
		.port	= nat->conn.node.key.port,
		.csum	= csum_sub(0, real->csum),
		.source	= true,
	};

	return first(pkt, &change) &&
	       (likely(!nat->conn.full) ||
		nat_reply_client(pkt, nat, second));
}

/**
 * l4lb_nat_request() - address a client's packet to the real
 * @pkt: packet
 * @nat: its connection
 *
 * Context: Any but a hard interrupt, under rcu_read_lock(). May move the
 * headers.
 * Return: false if memory ran out.
 */
bool l4lb_nat_request(struct l4lb_packet *pkt, const struct l4lb_conn_nat *nat)
{
	return nat_request(pkt, nat, nat_packet, nat_packet_again);
}

/**
 * l4lb_nat_reply() - let a real's packet come from the VIP
 * @pkt: packet
 * @nat: its connection
 *
 * Context: Any but a hard interrupt, under rcu_read_lock(). May move the
 * headers.
 * Return: false if memory ran out.
 */
bool l4lb_nat_reply(struct l4lb_packet *pkt, const struct l4lb_conn_nat *nat)
{
	return nat_reply(pkt, nat, nat_packet, nat_packet_again);
}

/**
 * l4lb_nat_probe() - address a probe to the VIP
 * @pkt: packet to the real's own address
 * @real: the real
 *
 * Context: Any but a hard interrupt, under rcu_read_lock(). May move the
 * headers.
 * Return: false if memory ran out.
 */
bool l4lb_nat_probe(struct l4lb_packet *pkt, const struct l4lb_real *real)
{
	const struct nat_change change = {
		.addr	= &real->vip_addr,
		.port	= pkt->key.port,
		.csum	= csum_sub(0, real->csum),
		.source	= false,
	};

	return nat_packet_again(pkt, &change);
}

/**
 * l4lb_nat_probe_answer() - let the answer to a probe come from the real
 * @pkt: packet from the VIP's address
 * @real: the real
 *
 * Context: Any but a hard interrupt, under rcu_read_lock(). May move the
 * headers.
 * Return: false if memory ran out.
 */
bool l4lb_nat_probe_answer(struct l4lb_packet *pkt,
			   const struct l4lb_real *real)
{
	const struct nat_change change = {
		.addr	= &real->addr,
		.port	= pkt->key.port,
		.csum	= real->csum,
		.source	= true,
	};

	return nat_packet_again(pkt, &change);
}

/**
 * l4lb_nat_request_error() - address an error from the client's side to the
 *	real, as if the packet it is about had come from there
 * @pkt: ICMP error with @inner and @inner_l4 set
 * @nat: connection of the packet that it is about
 *
 * Context: Any but a hard interrupt, under rcu_read_lock(). May move the
 * headers.
 * Return: false if memory ran out.
 */
bool l4lb_nat_request_error(struct l4lb_packet *pkt,
			    const struct l4lb_conn_nat *nat)
{
	return nat_request(pkt, nat, nat_error, nat_error);
}

/**
 * l4lb_nat_reply_error() - let an error from the real's side come from the VIP
 * @pkt: ICMP error with @inner and @inner_l4 set
 * @nat: connection of the packet that it is about
 *
 * Context: Any but a hard interrupt, under rcu_read_lock(). May move the
 * headers.
 * Return: false if memory ran out.
 */
bool l4lb_nat_reply_error(struct l4lb_packet *pkt,
			  const struct l4lb_conn_nat *nat)
{
	return nat_reply(pkt, nat, nat_error, nat_error);
}

/**
 * l4lb_nat_request_fragment() - address part of a client's datagram to the real
 * @pkt: IPv6 fragment that is not the first
 * @nat: its connection
 *
 * Context: Any but a hard interrupt, under rcu_read_lock(). May move the
 * headers.
 * Return: false if memory ran out.
 */
bool l4lb_nat_request_fragment(struct l4lb_packet *pkt,
			       const struct l4lb_conn_nat *nat)
{
	return nat_request(pkt, nat, nat_fragment, nat_fragment);
}

/**
 * l4lb_nat_reply_fragment() - let part of a real's datagram come from the VIP
 * @pkt: IPv6 fragment that is not the first
 * @nat: its connection
 *
 * Context: Any but a hard interrupt, under rcu_read_lock(). May move the
 * headers.
 * Return: false if memory ran out.
 */
bool l4lb_nat_reply_fragment(struct l4lb_packet *pkt,
			     const struct l4lb_conn_nat *nat)
{
	return nat_reply(pkt, nat, nat_fragment, nat_fragment);
}
