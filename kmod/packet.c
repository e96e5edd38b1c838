// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packets: checks that only new connections need, and IPv6 headers that are
 * not plain.
 */

#include "packet.h"

#include <linux/in.h>

/* Nobody sends more, and who did would have us search for long. */
#define EXTHDRS_MAX	8

/**
 * l4lb_packet_is_martian6() - whether no client can have the source
 * @pkt: plain IPv6 packet
 *
 * Context: Any.
 * Return: true if it is to be dropped.
 */
bool l4lb_packet_is_martian6(const struct l4lb_packet *pkt)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(pkt->skb);
	int type = ipv6_addr_type(&ip6h->saddr);

	return !(type & IPV6_ADDR_UNICAST) ||
	       (type & (IPV6_ADDR_LOOPBACK | IPV6_ADDR_MAPPED)) ||
	       ipv6_addr_equal(&ip6h->saddr, &ip6h->daddr);
}

/* Those that do not change what the packet is; all are eight bytes or more. */
static bool is_exthdr(u8 proto)
{
	return proto == NEXTHDR_HOP || proto == NEXTHDR_DEST ||
	       proto == NEXTHDR_ROUTING || proto == NEXTHDR_FRAGMENT;
}

/* The addresses of a packet that is to visit more hosts are not its ends. */
static bool visits_more(const void *header)
{
	const struct ipv6_rt_hdr *routing = header;

	return routing->segments_left;
}

/**
 * l4lb_packet_follow6() - find what is behind the extension headers
 * @skb: packet with an IPv6 header, or an error that quotes one
 * @at: offset of that header from the network header
 * @chain: where to say what was found
 *
 * Context: Any.
 * Return: %L4LB_PACKET_PLAIN if it is what follows the last extension header,
 * TCP, UDP or not; %L4LB_PACKET_FRAGMENT if that is in another packet.
 */
enum l4lb_packet_kind
l4lb_packet_follow6(const struct sk_buff *skb, unsigned int at,
		    struct l4lb_packet_chain *chain)
{
	const struct ipv6hdr *ip6h = (void *)skb_network_header(skb) + at;
	const struct frag_hdr *header; /* begins as all of them */
	struct frag_hdr buffer;
	unsigned int i;
	u8 proto;

	chain->l4 = at + sizeof(*ip6h);
	chain->frag = 0;
	chain->proto = ip6h->nexthdr;

	for (i = 0; is_exthdr(chain->proto); i++) {
		proto = chain->proto;
		if (i == EXTHDRS_MAX || (proto == NEXTHDR_HOP && i))
			return L4LB_PACKET_ODD;

		header = skb_header_pointer(skb, skb_network_offset(skb) +
					    chain->l4, sizeof(buffer), &buffer);
		if (!header)
			return L4LB_PACKET_MALFORMED;
		if (proto == NEXTHDR_ROUTING && visits_more(header))
			return L4LB_PACKET_ODD;

		chain->proto = header->nexthdr;
		if (proto != NEXTHDR_FRAGMENT) {
			chain->l4 += ipv6_optlen((const struct ipv6_opt_hdr *)
						 header);
			continue;
		}
		if (chain->frag)
			return L4LB_PACKET_ODD;
		if (header->frag_off & htons(IP6_OFFSET | IP6_MF))
			chain->frag = chain->l4;
		chain->l4 += sizeof(*header);
		if (header->frag_off & htons(IP6_OFFSET))
			return L4LB_PACKET_FRAGMENT;
	}

	return L4LB_PACKET_PLAIN;
}

/**
 * l4lb_packet_find6() - find what is behind a packet's extension headers
 * @pkt: packet with skb set
 *
 * Context: Any.
 * Return: as l4lb_packet_follow6(), with proto, l4 and frag set.
 */
enum l4lb_packet_kind l4lb_packet_find6(struct l4lb_packet *pkt)
{
	struct l4lb_packet_chain chain;
	enum l4lb_packet_kind kind;

	kind = l4lb_packet_follow6(pkt->skb, 0, &chain);
	pkt->proto = chain.proto;
	pkt->l4 = chain.l4;
	pkt->frag = chain.frag;

	return kind;
}

/**
 * l4lb_packet_parse6_late() - find the headers of an IPv6 packet that the stack
 *	has routed
 * @pkt: packet with skb, family and late set
 * @reply: whether it comes from a real
 *
 * Context: Any but a hard interrupt, under rcu_read_lock(). May move the
 * headers.
 * Return: what it is; only what is plain has all fields but the key's tag set.
 */
enum l4lb_packet_kind l4lb_packet_parse6_late(struct l4lb_packet *pkt,
					      bool reply)
{
	enum l4lb_packet_kind kind = l4lb_packet_find6(pkt);

	if (kind != L4LB_PACKET_PLAIN)
		return kind;
	if (pkt->proto != IPPROTO_TCP && pkt->proto != IPPROTO_UDP)
		return L4LB_PACKET_ODD;

	l4lb_packet_set_client6(pkt, reply);

	return l4lb_packet_parse_l4(pkt, reply);
}
