// SPDX-License-Identifier: GPL-2.0-only
/*
 * Answers to packets that cannot be forwarded.
 *
 * A reset is answered to a packet with a right checksum that is no reset
 * itself, with the sequence numbers that RFC 9293 asks for, and not more often
 * than the budget of the CPU allows: a flood must not be doubled.
 */

#include "reset.h"
#include "conn.h"
#include "netns.h"
#include "packet.h"
#include "xmit.h"

#include <linux/icmpv6.h>
#include <linux/percpu.h>
#include <net/icmp.h>
#include <net/ip6_checksum.h>
#include <net/ip6_route.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/route.h>
#include <net/tcp.h>

/* Resets that one CPU sends in a second. */
#define RESETS_PER_SECOND	1000

#define RESET_TTL		64

/**
 * struct reset_budget - what a CPU may still send
 * @since: jiffies when the second began
 * @left: resets left of it
 */
struct reset_budget {
	unsigned long since;
	u32 left;
};

static DEFINE_PER_CPU(struct reset_budget, reset_budget);

static bool budget_take(void)
{
	struct reset_budget *budget;
	bool taken;

	/* A packet that a rule has queued comes back from a process. */
	local_bh_disable();
	budget = this_cpu_ptr(&reset_budget);
	if (!budget->since || time_after(jiffies, budget->since + HZ)) {
		budget->since = jiffies;
		budget->left = RESETS_PER_SECOND;
	}
	taken = budget->left > 0;
	budget->left -= taken;
	local_bh_enable();

	return taken;
}

static u32 l3_len(const struct l4lb_packet *pkt)
{
	return pkt->family == AF_INET ? sizeof(struct iphdr) :
					sizeof(struct ipv6hdr);
}

/* The packet, and an answer to it, may only be sent if it was not damaged. */
static bool may_reset(const struct l4lb_packet *pkt)
{
	if (pkt->proto != IPPROTO_TCP || (pkt->flags & L4LB_TCP_RST))
		return false;

	return !nf_checksum(pkt->skb, NF_INET_LOCAL_IN,
			    skb_network_offset(pkt->skb) + pkt->l4,
			    IPPROTO_TCP, pkt->family);
}

static void put_l3(struct sk_buff *skb, const struct l4lb_packet *pkt,
		   bool back)
{
	const struct ipv6hdr *old6 = ipv6_hdr(pkt->skb);
	const struct iphdr *old4 = ip_hdr(pkt->skb);
	struct ipv6hdr *ip6h;
	struct iphdr *iph;

	if (pkt->family == AF_INET) {
		iph = ip_hdr(skb);
		*iph = (struct iphdr){
			.version	= 4,
			.ihl		= sizeof(*iph) / 4,
			.tot_len	= htons(skb->len),
			.frag_off	= htons(IP_DF),
			.ttl		= RESET_TTL,
			.protocol	= IPPROTO_TCP,
			.saddr		= back ? old4->daddr : old4->saddr,
			.daddr		= back ? old4->saddr : old4->daddr,
		};
		ip_send_check(iph);
	} else {
		ip6h = ipv6_hdr(skb);
		*ip6h = (struct ipv6hdr){
			.version	= 6,
			.payload_len	= htons(sizeof(struct tcphdr)),
			.nexthdr	= IPPROTO_TCP,
			.hop_limit	= RESET_TTL,
			.saddr		= back ? old6->daddr : old6->saddr,
			.daddr		= back ? old6->saddr : old6->daddr,
		};
	}
}

/* In the direction of the packet, its own number is what is expected next. */
static void put_tcp(struct sk_buff *skb, const struct l4lb_packet *pkt,
		    bool back)
{
	const struct tcphdr *old = l4lb_packet_l4(pkt);
	struct tcphdr *th = tcp_hdr(skb);
	u32 end;

	*th = (struct tcphdr){
		.source	= back ? old->dest : old->source,
		.dest	= back ? old->source : old->dest,
		.doff	= sizeof(*th) / 4,
		.rst	= 1,
	};
	if (!back) {
		th->seq = old->seq;
	} else if (old->ack) {
		th->seq = old->ack_seq;
	} else {
		end = ntohl(old->seq) + old->syn + old->fin;
		if (pkt->skb->len > pkt->l4 + old->doff * 4)
			end += pkt->skb->len - pkt->l4 - old->doff * 4;
		th->ack = 1;
		th->ack_seq = htonl(end);
	}

	if (pkt->family == AF_INET)
		th->check = tcp_v4_check(sizeof(*th), ip_hdr(skb)->saddr,
					 ip_hdr(skb)->daddr,
					 csum_partial(th, sizeof(*th), 0));
	else
		th->check = csum_ipv6_magic(&ipv6_hdr(skb)->saddr,
					    &ipv6_hdr(skb)->daddr, sizeof(*th),
					    IPPROTO_TCP,
					    csum_partial(th, sizeof(*th), 0));
}

static struct sk_buff *reset_make(const struct l4lb_packet *pkt, bool back)
{
	u32 len = l3_len(pkt) + sizeof(struct tcphdr);
	struct sk_buff *skb;

	skb = alloc_skb(LL_MAX_HEADER + len, GFP_ATOMIC);
	if (!skb)
		return NULL;

	skb_reserve(skb, LL_MAX_HEADER);
	skb_put(skb, len);
	skb_reset_network_header(skb);
	skb_set_transport_header(skb, l3_len(pkt));
	skb->protocol = pkt->family == AF_INET ? htons(ETH_P_IP) :
						 htons(ETH_P_IPV6);
	put_l3(skb, pkt, back);
	put_tcp(skb, pkt, back);

	return skb;
}

/* The source is the VIP, or a client's address that is not of this host. */
static struct dst_entry *route_back4(struct net *net, const struct iphdr *iph)
{
	struct flowi4 fl4 = {
		.daddr		= iph->daddr,
		.saddr		= iph->saddr,
		.flowi4_flags	= FLOWI_FLAG_ANYSRC,
	};
	struct rtable *rt = ip_route_output_key(net, &fl4);

	return IS_ERR(rt) ? NULL : &rt->dst;
}

static struct dst_entry *route_back6(struct net *net,
				     const struct ipv6hdr *ip6h)
{
	struct flowi6 fl6 = { .daddr = ip6h->daddr, .saddr = ip6h->saddr };
	struct dst_entry *dst = ip6_route_output(net, NULL, &fl6);

	if (!dst->error)
		return dst;
	dst_release(dst);

	return NULL;
}

static void reset_back(const struct l4lb_packet *pkt)
{
	struct sk_buff *skb = reset_make(pkt, true);
	struct net *net = pkt->ln->net;
	struct dst_entry *dst;

	if (!skb)
		return;

	dst = pkt->family == AF_INET ? route_back4(net, ip_hdr(skb)) :
				       route_back6(net, ipv6_hdr(skb));
	if (!dst) {
		kfree_skb(skb);
		return;
	}

	skb_dst_set(skb, dst);
	nf_ct_set(skb, NULL, IP_CT_UNTRACKED);
	if (pkt->family == AF_INET)
		ip_local_out(net, NULL, skb);
	else
		ip6_local_out(net, NULL, skb);
}

static void reset_onward(const struct l4lb_packet *pkt, struct l4lb_conn *conn,
			 bool reply)
{
	struct l4lb_packet reset = {
		.skb	= reset_make(pkt, false),
		.ln	= pkt->ln,
		.l4	= l3_len(pkt),
		.family	= pkt->family,
		.proto	= IPPROTO_TCP,
		.flags	= L4LB_TCP_RST,
	};
	unsigned int verdict;

	if (!reset.skb)
		return;

	verdict = reply ? l4lb_xmit_to_client(&reset, l4lb_conn_nat(conn)) :
			  l4lb_xmit_to_real(&reset, conn);
	if (verdict != NF_STOLEN)
		kfree_skb(reset.skb);
}

/**
 * l4lb_reset_sender() - tell the sender of a packet that its connection is gone
 * @pkt: TCP packet
 *
 * Context: Any but a hard interrupt, under rcu_read_lock().
 */
void l4lb_reset_sender(const struct l4lb_packet *pkt)
{
	if (may_reset(pkt) && budget_take())
		reset_back(pkt);
}

/**
 * l4lb_reset_both() - end a connection at both of its ends
 * @pkt: TCP packet of the connection
 * @conn: the connection
 * @reply: whether the packet comes from the real
 *
 * Context: Any but a hard interrupt, under rcu_read_lock().
 */
void l4lb_reset_both(const struct l4lb_packet *pkt, struct l4lb_conn *conn,
		     bool reply)
{
	if (!may_reset(pkt) || !budget_take())
		return;

	reset_back(pkt);
	reset_onward(pkt, conn, reply);
}

/**
 * l4lb_reset_refuse() - tell a client by ICMP that nobody serves it
 * @pkt: packet that the stack has routed
 *
 * Context: Any but a hard interrupt, under rcu_read_lock().
 */
void l4lb_reset_refuse(const struct l4lb_packet *pkt)
{
	if (pkt->family == AF_INET)
		icmp_send(pkt->skb, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0);
	else
		icmpv6_send(pkt->skb, ICMPV6_DEST_UNREACH,
			    ICMPV6_PORT_UNREACH, 0);
}
