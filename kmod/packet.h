/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Packets: the only place that finds headers.
 *
 * A packet is plain if its IP header has no options or extensions, it is not a
 * fragment, it is TCP or UDP, and it may travel on. Everything that is not
 * plain is odd; the stack looks at it first.
 */

#ifndef _L4LB_PACKET_H
#define _L4LB_PACKET_H

#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netfilter_bridge.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "conn.h"

/* Bits of l4lb_packet.flags, as in the TCP header. */
#define L4LB_TCP_FIN	0x01
#define L4LB_TCP_SYN	0x02
#define L4LB_TCP_RST	0x04
#define L4LB_TCP_ACK	0x10

/**
 * struct l4lb_packet - what is known of a packet
 * @skb: the packet; its data begins with the IP header
 * @ln: namespace
 * @key: side of the connection that it would belong to
 * @hash: hash of @key
 * @l4: offset of the TCP or UDP header, of an error's ICMP header
 * @inner: in an error, offset of the IP header of the packet it is about
 * @frag: in part of an IPv6 datagram, offset of its fragment header, or else 0;
 *	only set by l4lb_packet_find6()
 * @inner_l4: in an error, offset of that packet's TCP or UDP header
 * @settled: in no error, whether its client was bound to the real before and
 *	needs no proof
 * @family: AF_INET or AF_INET6
 * @proto: IPPROTO_TCP or IPPROTO_UDP; in an error, that of @inner
 * @flags: flags of the TCP header, 0 for UDP
 * @late: the stack has routed the packet and, if need be, reassembled it
 * @counted: the stack has taken this hop off its time to live
 * @out: it comes from this host itself
 *
 * Pointers into the packet are never kept: whoever makes it writable or pulls
 * it reads them anew.
 */
struct l4lb_packet {
	struct sk_buff *skb;
	struct l4lb_net *ln;
	struct l4lb_conn_key key;
	u32 hash;
	u16 l4;
	union {
		u16 inner;
		u16 frag;
	};
	union {
		u16 inner_l4;
		bool settled;
	};
	u8 family;
	u8 proto;
	u8 flags;
	bool late;
	bool counted;
	bool out;
};

/**
 * enum l4lb_packet_kind - what parsing came to
 * @L4LB_PACKET_PLAIN: its headers are known
 * @L4LB_PACKET_ODD: not for the hook that saw it
 * @L4LB_PACKET_MALFORMED: too short for what it says it is
 * @L4LB_PACKET_FRAGMENT: part of an IPv6 datagram, and not the one with ports
 */
enum l4lb_packet_kind {
	L4LB_PACKET_PLAIN,
	L4LB_PACKET_ODD,
	L4LB_PACKET_MALFORMED,
	L4LB_PACKET_FRAGMENT,
};

/**
 * struct l4lb_packet_chain - what is behind an IPv6 header
 * @l4: offset of what follows the extension headers
 * @frag: offset of the fragment header if it is part of a datagram, or else 0
 * @proto: what follows
 */
struct l4lb_packet_chain {
	u16 l4;
	u16 frag;
	u8 proto;
};

/* A bridge shows packets for other hosts as if they were for this one. */
#if IS_ENABLED(CONFIG_BRIDGE_NETFILTER)
static inline bool l4lb_packet_is_bridged(const struct sk_buff *skb)
{
	const struct nf_bridge_info *bridge = nf_bridge_info_get(skb);

	/* What has a tag is for a device above the bridge. */
	return bridge &&
	       (bridge->pkt_otherhost || skb_vlan_tag_present(skb));
}

/* Its device, which a bridge does not hold, may go before the packet does. */
static inline void l4lb_packet_leave_bridge(struct sk_buff *skb)
{
	skb_ext_del(skb, SKB_EXT_BRIDGE_NF);
}
#else
static inline bool l4lb_packet_is_bridged(const struct sk_buff *skb)
{
	return false;
}

static inline void l4lb_packet_leave_bridge(struct sk_buff *skb)
{
}
#endif

static inline bool l4lb_packet_is_ours(const struct sk_buff *skb)
{
	return skb->pkt_type == PACKET_HOST && !l4lb_packet_is_bridged(skb);
}

static inline u32 l4lb_packet_l4_len(const struct l4lb_packet *pkt)
{
	return pkt->proto == IPPROTO_TCP ? sizeof(struct tcphdr) :
					   sizeof(struct udphdr);
}

static inline void *l4lb_packet_l4(const struct l4lb_packet *pkt)
{
	return skb_network_header(pkt->skb) + pkt->l4;
}

/*
 * Fills in the ports and flags. The port of the VIP or real, which the packet
 * is to or from, is its destination in a request and its source in a reply.
 */
static __always_inline enum l4lb_packet_kind
l4lb_packet_parse_l4(struct l4lb_packet *pkt, bool reply)
{
	const struct tcphdr *th; /* begins with the ports, as UDP does */

	if (unlikely(!pskb_may_pull(pkt->skb,
				    pkt->l4 + l4lb_packet_l4_len(pkt))))
		return L4LB_PACKET_MALFORMED;

	th = l4lb_packet_l4(pkt);
	pkt->flags = pkt->proto == IPPROTO_TCP ? ((const u8 *)th)[13] : 0;
	pkt->key.cport = reply ? th->dest : th->source;
	pkt->key.port = reply ? th->source : th->dest;

	return L4LB_PACKET_PLAIN;
}

/**
 * l4lb_packet_parse4() - find the headers of an IPv4 packet
 * @pkt: packet with skb, family and late set
 * @reply: whether it comes from a real
 *
 * Context: Any but a hard interrupt, under rcu_read_lock(). May move the
 * headers.
 * Return: what it is; only what is plain has all fields but the key's tag set.
 */
static __always_inline enum l4lb_packet_kind
l4lb_packet_parse4(struct l4lb_packet *pkt, bool reply)
{
	const struct iphdr *iph = ip_hdr(pkt->skb);

	if (iph->protocol != IPPROTO_TCP && iph->protocol != IPPROTO_UDP)
		return L4LB_PACKET_ODD;

	if (!pkt->late &&
	    unlikely(iph->ihl != 5 || iph->ttl <= 1 || ip_is_fragment(iph)))
		return L4LB_PACKET_ODD;

	pkt->proto = iph->protocol;
	pkt->l4 = pkt->late ? iph->ihl * 4 : sizeof(*iph);
	pkt->key.hi = 0;
	pkt->key.lo = (__force u32)(reply ? iph->daddr : iph->saddr);

	return l4lb_packet_parse_l4(pkt, reply);
}

static __always_inline void
l4lb_packet_set_client6(struct l4lb_packet *pkt, bool reply)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(pkt->skb);
	const struct in6_addr *client = reply ? &ip6h->daddr : &ip6h->saddr;

	memcpy(&pkt->key.hi, &client->s6_addr[0], 8);
	memcpy(&pkt->key.lo, &client->s6_addr[8], 8);
}

/**
 * l4lb_packet_parse6() - find the headers of an IPv6 packet that has just come
 * @pkt: packet with skb and family set
 * @reply: whether it comes from a real
 *
 * Context: Any but a hard interrupt, under rcu_read_lock(). May move the
 * headers.
 * Return: what it is; only what is plain has all fields but the key's tag set.
 */
static __always_inline enum l4lb_packet_kind
l4lb_packet_parse6(struct l4lb_packet *pkt, bool reply)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(pkt->skb);

	pkt->proto = ip6h->nexthdr;
	/* A datagram that came in parts is to go in parts. */
	if (pkt->proto != IPPROTO_TCP &&
	    (pkt->proto != IPPROTO_UDP || IP6CB(pkt->skb)->frag_max_size))
		return L4LB_PACKET_ODD;

	if (unlikely(ip6h->hop_limit <= 1))
		return L4LB_PACKET_ODD;

	pkt->l4 = sizeof(*ip6h);
	l4lb_packet_set_client6(pkt, reply);

	return l4lb_packet_parse_l4(pkt, reply);
}

/**
 * l4lb_packet_set_tag() - complete the key
 * @pkt: plain packet
 * @table: table of connections
 * @id: &l4lb_addr.id of the VIP, or of the real for a reply
 * @reply: whether it comes from a real
 *
 * Context: Any.
 */
static __always_inline void
l4lb_packet_set_tag(struct l4lb_packet *pkt,
		    const struct l4lb_conn_table *table, u32 id, bool reply)
{
	pkt->key.tag = id << L4LB_KEY_ID_SHIFT |
		       (reply ? L4LB_KEY_REPLY : 0) |
		       (pkt->proto == IPPROTO_UDP ? L4LB_KEY_UDP : 0);
	pkt->hash = l4lb_conn_hash(table, &pkt->key);
}

bool l4lb_packet_is_martian6(const struct l4lb_packet *pkt);
enum l4lb_packet_kind
l4lb_packet_follow6(const struct sk_buff *skb, unsigned int at,
		    struct l4lb_packet_chain *chain);
enum l4lb_packet_kind l4lb_packet_find6(struct l4lb_packet *pkt);
enum l4lb_packet_kind l4lb_packet_parse6_late(struct l4lb_packet *pkt,
					      bool reply);

/**
 * l4lb_packet_is_martian() - whether no client can have the source
 * @pkt: plain packet
 *
 * The routing of the stack, which would refuse these, has not seen the packet.
 *
 * Context: Any.
 * Return: true if it is to be dropped.
 */
static inline bool l4lb_packet_is_martian(const struct l4lb_packet *pkt)
{
	const struct iphdr *iph;

	if (pkt->family != AF_INET)
		return l4lb_packet_is_martian6(pkt);

	iph = ip_hdr(pkt->skb);

	return iph->saddr == iph->daddr || ipv4_is_zeronet(iph->saddr) ||
	       ipv4_is_loopback(iph->saddr) || ipv4_is_multicast(iph->saddr) ||
	       ipv4_is_lbcast(iph->saddr);
}

#endif /* _L4LB_PACKET_H */
