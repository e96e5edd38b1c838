// SPDX-License-Identifier: GPL-2.0-only
/*
 * ICMP errors.
 *
 * An error that a packet of a real has met on its way to the client comes to
 * the VIP and is passed on to that real: it learns of the path's MTU by that.
 * With NAT, an error about a client's packet on its way to the real must come
 * from the VIP, about the packet that the client has sent. Errors about nothing
 * that is known here are the stack's.
 */

#include "icmp.h"
#include "addr.h"
#include "choice.h"
#include "conn.h"
#include "netns.h"
#include "packet.h"
#include "real.h"
#include "stats.h"
#include "vip.h"
#include "xmit.h"

/* What an error must have of the packet's TCP or UDP header. */
#define INNER_L4_LEN	8

static enum l4lb_packet_kind icmp_parse_inner4(struct l4lb_packet *pkt)
{
	const struct icmphdr *icmph;
	const struct iphdr *inner;

	if (!pskb_may_pull(pkt->skb, pkt->inner + sizeof(*inner)))
		return L4LB_PACKET_MALFORMED;

	icmph = l4lb_packet_l4(pkt);
	if (!icmp_is_err(icmph->type) || icmph->type == ICMP_REDIRECT)
		return L4LB_PACKET_ODD;

	inner = (const void *)skb_network_header(pkt->skb) + pkt->inner;
	if (inner->version != 4 || inner->ihl < 5)
		return L4LB_PACKET_MALFORMED;

	pkt->inner_l4 = pkt->inner + inner->ihl * 4;
	pkt->proto = inner->protocol;

	return inner->frag_off & htons(IP_OFFSET) ? L4LB_PACKET_FRAGMENT :
						    L4LB_PACKET_PLAIN;
}

static enum l4lb_packet_kind icmp_parse_inner6(struct l4lb_packet *pkt)
{
	struct l4lb_packet_chain chain;
	const struct icmp6hdr *icmph;
	const struct ipv6hdr *inner;
	enum l4lb_packet_kind kind;

	if (!pskb_may_pull(pkt->skb, pkt->inner + sizeof(*inner)))
		return L4LB_PACKET_MALFORMED;

	icmph = l4lb_packet_l4(pkt);
	if (!icmpv6_is_err(icmph->icmp6_type))
		return L4LB_PACKET_ODD;

	inner = (const void *)skb_network_header(pkt->skb) + pkt->inner;
	if (inner->version != 6)
		return L4LB_PACKET_MALFORMED;

	kind = l4lb_packet_follow6(pkt->skb, pkt->inner, &chain);
	pkt->inner_l4 = chain.l4;
	pkt->proto = chain.proto;

	return kind;
}

/*
 * Sets the key to that of the connection that the error is about. The client is
 * who the packet was for if it came from a VIP, or else who sent it.
 */
static void icmp_set_key(struct l4lb_packet *pkt, bool from_vip)
{
	const void *inner = skb_network_header(pkt->skb) + pkt->inner;
	const struct udphdr *uh; /* begins with the ports, as TCP does */
	const struct in6_addr *client;
	const struct ipv6hdr *ip6h = inner;
	const struct iphdr *iph = inner;

	if (pkt->family == AF_INET) {
		pkt->key.hi = 0;
		pkt->key.lo = (__force u32)(from_vip ? iph->daddr : iph->saddr);
	} else {
		client = from_vip ? &ip6h->daddr : &ip6h->saddr;
		memcpy(&pkt->key.hi, &client->s6_addr[0], 8);
		memcpy(&pkt->key.lo, &client->s6_addr[8], 8);
	}

	uh = (const void *)skb_network_header(pkt->skb) + pkt->inner_l4;
	pkt->key.cport = from_vip ? uh->dest : uh->source;
	pkt->key.port = from_vip ? uh->source : uh->dest;
}

/*
 * What is plain has its key set; of what is a fragment without ports only the
 * addresses are known.
 */
static enum l4lb_packet_kind icmp_parse(struct l4lb_packet *pkt, bool from_vip)
{
	enum l4lb_packet_kind kind;

	if (pkt->family == AF_INET) {
		pkt->l4 = ip_hdrlen(pkt->skb);
		pkt->inner = pkt->l4 + sizeof(struct icmphdr);
		kind = icmp_parse_inner4(pkt);
	} else {
		/* An error in parts is of no use. */
		if (l4lb_packet_find6(pkt) != L4LB_PACKET_PLAIN || pkt->frag)
			return L4LB_PACKET_ODD;
		pkt->inner = pkt->l4 + sizeof(struct icmp6hdr);
		kind = icmp_parse_inner6(pkt);
	}
	if (kind != L4LB_PACKET_PLAIN)
		return kind;
	if (pkt->proto != IPPROTO_TCP && pkt->proto != IPPROTO_UDP)
		return L4LB_PACKET_ODD;
	if (!pskb_may_pull(pkt->skb, pkt->inner_l4 + INNER_L4_LEN))
		return L4LB_PACKET_MALFORMED;

	icmp_set_key(pkt, from_vip);

	return L4LB_PACKET_PLAIN;
}

static bool conn_is_served(const struct l4lb_conn *conn)
{
	return !l4lb_choice_is_over(conn) && !l4lb_choice_is_orphan(conn);
}

/**
 * l4lb_icmp_to_vip() - pass an error on to the real whose packet met it
 * @pkt: ICMP packet with skb, ln and family set, routed and whole
 * @addr: the VIP that it was sent to
 *
 * Context: Any but a hard interrupt, under rcu_read_lock(). May move the
 * headers.
 * Return: the verdict of the hook.
 */
unsigned int l4lb_icmp_to_vip(struct l4lb_packet *pkt,
			      const struct l4lb_addr *addr)
{
	struct l4lb_conn_table *table = &pkt->ln->conns;
	struct l4lb_conn_node *node;
	struct l4lb_conn *conn;

	if (icmp_parse(pkt, true) != L4LB_PACKET_PLAIN)
		return NF_ACCEPT;

	l4lb_packet_set_tag(pkt, table, addr->id, false);
	node = l4lb_conn_find(table, &pkt->key, pkt->hash);
	if (!node)
		return NF_ACCEPT;

	conn = container_of(node, struct l4lb_conn, node);
	if (!conn_is_served(conn))
		return NF_ACCEPT;

	return l4lb_xmit_error_to_real(pkt, conn);
}

static const struct l4lb_addr *find_real(const struct l4lb_packet *pkt)
{
	const void *inner = skb_network_header(pkt->skb) + pkt->inner;
	const struct ipv6hdr *ip6h = inner;
	const struct iphdr *iph = inner;

	if (pkt->family == AF_INET)
		return l4lb_addr_find4(pkt->ln->real_addrs, iph->daddr);

	return l4lb_addr_find6(pkt->ln->real_addrs, &ip6h->daddr);
}

/**
 * l4lb_icmp_to_client() - let an error about a client's packet come from the
 *	VIP
 * @pkt: ICMP packet with skb, ln and family set, not for this host
 *
 * Context: Any but a hard interrupt, under rcu_read_lock(). May move the
 * headers.
 * Return: the verdict of the hook.
 */
unsigned int l4lb_icmp_to_client(struct l4lb_packet *pkt)
{
	struct l4lb_conn_table *table = &pkt->ln->conns;
	const struct l4lb_addr *addr;
	struct l4lb_conn_node *node;
	enum l4lb_packet_kind kind;
	struct l4lb_conn_nat *nat;

	kind = icmp_parse(pkt, false);
	if (kind != L4LB_PACKET_PLAIN && kind != L4LB_PACKET_FRAGMENT)
		return NF_ACCEPT;

	addr = find_real(pkt);
	if (!addr)
		return NF_ACCEPT;

	/* The first fragment meets the same error, and that one has ports. */
	if (kind == L4LB_PACKET_FRAGMENT)
		return l4lb_drop(pkt->ln->stats, L4LB_DROP_FRAGMENT);

	l4lb_packet_set_tag(pkt, table, addr->id, true);
	node = l4lb_conn_find(table, &pkt->key, pkt->hash);
	if (!node)
		return NF_ACCEPT;

	/* It must not tell the client of the real. */
	nat = l4lb_conn_of_reply(node);
	if (!conn_is_served(&nat->conn))
		return l4lb_vip_drop(nat->conn.real->vip, L4LB_DROP_NO_CONN);

	return l4lb_xmit_error_to_client(pkt, nat);
}
