// SPDX-License-Identifier: GPL-2.0-only
/*
 * Address translation.
 *
 * Checksums are corrected by what the change adds to them, which for the
 * addresses is the same for every packet of a real.
 */

#include "nat.h"
#include "packet.h"
#include "real.h"

#include <net/checksum.h>

/**
 * struct nat_change - one direction of a translation
 * @addr: address to put in
 * @port: port to put in
 * @csum: what the change of the address adds to a checksum
 * @reply: whether source or destination are to change
 */
struct nat_change {
	const union nf_inet_addr *addr;
	__be16 port;
	__wsum csum;
	bool reply;
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
	__be16 *port = change->reply ? &th->source : &th->dest;
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

static bool nat_packet(struct l4lb_packet *pkt,
		       const struct nat_change *change)
{
	struct ipv6hdr *ip6h;
	struct iphdr *iph;

	if (skb_ensure_writable(pkt->skb, pkt->l4 + l4lb_packet_l4_len(pkt)))
		return false;

	if (pkt->family == AF_INET) {
		iph = ip_hdr(pkt->skb);
		if (change->reply)
			iph->saddr = change->addr->ip;
		else
			iph->daddr = change->addr->ip;
		csum_replace_by_diff(&iph->check, change->csum);
	} else {
		ip6h = ipv6_hdr(pkt->skb);
		if (change->reply)
			ip6h->saddr = change->addr->in6;
		else
			ip6h->daddr = change->addr->in6;
	}

	nat_l4(pkt, change);

	return true;
}

/**
 * l4lb_nat_request() - address a client's packet to the real
 * @pkt: packet
 * @nat: its connection
 *
 * Context: Softirq, under rcu_read_lock(). May move the headers.
 * Return: false if memory ran out.
 */
bool l4lb_nat_request(struct l4lb_packet *pkt, const struct l4lb_conn_nat *nat)
{
	const struct l4lb_real *real = nat->conn.real;
	const struct nat_change change = {
		.addr	= &real->addr,
		.port	= nat->reply.key.port,
		.csum	= real->csum,
		.reply	= false,
	};

	return nat_packet(pkt, &change);
}

/**
 * l4lb_nat_reply() - let a real's packet come from the VIP
 * @pkt: packet
 * @nat: its connection
 *
 * Context: Softirq, under rcu_read_lock(). May move the headers.
 * Return: false if memory ran out.
 */
bool l4lb_nat_reply(struct l4lb_packet *pkt, const struct l4lb_conn_nat *nat)
{
	const struct l4lb_real *real = nat->conn.real;
	const struct nat_change change = {
		.addr	= &real->vip_addr,
		.port	= nat->conn.node.key.port,
		.csum	= csum_sub(0, real->csum),
		.reply	= true,
	};

	return nat_packet(pkt, &change);
}
