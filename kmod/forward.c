// SPDX-License-Identifier: GPL-2.0-only
/*
 * Forwarding: from a packet to its connection, or to its VIP and a new
 * connection, and on to sending.
 *
 * A packet whose address is of no concern here is accepted: the stack goes on
 * with it as if this module were not there.
 */

#include "forward.h"
#include "addr.h"
#include "icmp.h"
#include "netns.h"
#include "packet.h"
#include "persist.h"
#include "proto_tcp.h"
#include "real.h"
#include "reset.h"
#include "stats.h"
#include "vip.h"
#include "xmit.h"

#define TCP_CHANGES	(L4LB_TCP_SYN | L4LB_TCP_FIN | L4LB_TCP_RST)

static unsigned int forward_drop(const struct l4lb_packet *pkt,
				 enum l4lb_drop reason)
{
	return l4lb_drop(pkt->ln->stats, reason);
}

/* Nothing about the connection is to be written or thought about. */
static __always_inline bool conn_is_steady(const struct l4lb_conn *conn,
					   const struct l4lb_packet *pkt)
{
	return !(pkt->flags & TCP_CHANGES) &&
	       READ_ONCE(conn->seen) == l4lb_tick_now() &&
	       (READ_ONCE(conn->state) == L4LB_CONN_ESTABLISHED ||
		READ_ONCE(conn->state) == L4LB_CONN_UDP) &&
	       !READ_ONCE(conn->dead) && !READ_ONCE(conn->real->orphans);
}

/* Also where a change of the VIP's idle time reaches the connection. */
static void conn_stamp(struct l4lb_conn *conn)
{
	u32 now = l4lb_tick_now();

	if (READ_ONCE(conn->seen) == now)
		return;

	WRITE_ONCE(conn->seen, now);
	WRITE_ONCE(conn->idle,
		   l4lb_conn_idle(conn->real, READ_ONCE(conn->state)));
}

static bool opens_connection(const struct l4lb_packet *pkt)
{
	return pkt->proto == IPPROTO_UDP ||
	       (pkt->flags & (TCP_CHANGES | L4LB_TCP_ACK)) == L4LB_TCP_SYN;
}

/*
 * Where the choice follows from the client alone, a connection that another
 * balancer with the same configuration has had goes on here.
 */
static bool adopts_connection(const struct l4lb_packet *pkt,
			      const struct l4lb_vip_conf *conf)
{
	return (pkt->flags & (TCP_CHANGES | L4LB_TCP_ACK)) == L4LB_TCP_ACK &&
	       (conf->config.sched == L4LB_SCHED_SH ||
		conf->config.sched == L4LB_SCHED_MH);
}

static u8 first_state(const struct l4lb_packet *pkt)
{
	if (pkt->proto == IPPROTO_UDP)
		return L4LB_CONN_UDP;

	return pkt->flags & L4LB_TCP_SYN ? L4LB_CONN_SYN :
					   L4LB_CONN_UNCONFIRMED;
}

static unsigned int request_lost(const struct l4lb_packet *pkt)
{
	l4lb_reset_sender(pkt);

	return forward_drop(pkt, L4LB_DROP_NO_CONN);
}

/* An ICMP error can only be sent of what the stack has routed. */
static unsigned int request_unserved(const struct l4lb_packet *pkt,
				     const struct l4lb_vip_conf *conf)
{
	u8 answer = conf->config.no_real;

	if (answer == L4LB_NO_REAL_RST && pkt->proto == IPPROTO_TCP) {
		l4lb_reset_sender(pkt);
	} else if (answer != L4LB_NO_REAL_DROP) {
		if (!pkt->late)
			return NF_ACCEPT;
		l4lb_reset_refuse(pkt);
	}

	return forward_drop(pkt, L4LB_DROP_NO_REAL);
}

static struct l4lb_real *choose_real(const struct l4lb_packet *pkt,
				     struct l4lb_vip *vip,
				     const struct l4lb_vip_conf *conf)
{
	if (unlikely(conf->config.persist))
		return l4lb_persist_choose(vip, conf, &pkt->key);

	return l4lb_vip_choose(vip, conf, &pkt->key);
}

static noinline unsigned int request_new(struct l4lb_packet *pkt,
					 const struct l4lb_addr *addr)
{
	const struct l4lb_vip_conf *conf;
	const struct l4lb_portmap *map;
	struct l4lb_conn *conn;
	struct l4lb_real *real;
	struct l4lb_vip *vip;
	enum l4lb_drop why;

	map = rcu_dereference(addr->ports[pkt->proto == IPPROTO_UDP]);
	vip = l4lb_portmap_find(map, ntohs(pkt->key.port));
	if (!vip)
		return NF_ACCEPT;

	if (l4lb_packet_is_martian(pkt))
		return forward_drop(pkt, L4LB_DROP_MARTIAN);

	conf = rcu_dereference(vip->conf);
	if (!opens_connection(pkt) && !adopts_connection(pkt, conf))
		return request_lost(pkt);

	real = choose_real(pkt, vip, conf);
	if (!real)
		return request_unserved(pkt, conf);

	conn = l4lb_conn_add(pkt->ln, &pkt->key, pkt->hash, real,
			     first_state(pkt), &why);
	if (!conn)
		return forward_drop(pkt, why);
	if (unlikely(conf->config.persist))
		WRITE_ONCE(conn->newcomer, true);

	return l4lb_xmit_to_real(pkt, conn);
}

/* The client's second packet shows that it is there. */
static void newcomer_settle(struct l4lb_conn *conn)
{
	u8 state = READ_ONCE(conn->state);

	if (state == L4LB_CONN_SYN || state == L4LB_CONN_UNCONFIRMED)
		return;

	WRITE_ONCE(conn->newcomer, false);
	if (state == L4LB_CONN_ESTABLISHED || state == L4LB_CONN_UDP)
		l4lb_persist_confirm(conn);
}

/* What becomes of a connection whose real is halted, down or removed. */
static u8 orphan_policy(const struct l4lb_conn *conn)
{
	return rcu_dereference(conn->real->vip->conf)->config.orphan;
}

static unsigned int orphan(const struct l4lb_packet *pkt,
			   struct l4lb_conn *conn, bool is_reply)
{
	if (orphan_policy(conn) == L4LB_ORPHAN_RST)
		l4lb_reset_both(pkt, conn, is_reply);

	return forward_drop(pkt, L4LB_DROP_ORPHAN);
}

static bool conn_is_orphan(const struct l4lb_conn *conn)
{
	return READ_ONCE(conn->real->orphans) &&
	       orphan_policy(conn) != L4LB_ORPHAN_KEEP;
}

static noinline unsigned int request_known(struct l4lb_packet *pkt,
					   const struct l4lb_addr *addr,
					   struct l4lb_conn *conn)
{
	if (READ_ONCE(conn->dead) ||
	    l4lb_conn_expired(conn, l4lb_tick_now()))
		return request_new(pkt, addr);

	if (READ_ONCE(conn->real->orphans) && opens_connection(pkt)) {
		WRITE_ONCE(conn->dead, true);
		return request_new(pkt, addr);
	}
	if (conn_is_orphan(conn))
		return orphan(pkt, conn, false);

	if (pkt->proto == IPPROTO_TCP) {
		if (l4lb_tcp_restarts(conn, pkt)) {
			WRITE_ONCE(conn->dead, true);
			return request_new(pkt, addr);
		}
		l4lb_tcp_request(conn, pkt);
	}
	conn_stamp(conn);
	if (unlikely(READ_ONCE(conn->newcomer)))
		newcomer_settle(conn);

	return l4lb_xmit_to_real(pkt, conn);
}

static __always_inline unsigned int request(struct l4lb_packet *pkt,
					    const struct l4lb_addr *addr)
{
	struct l4lb_conn_table *table = &pkt->ln->conns;
	struct l4lb_conn_node *node;
	struct l4lb_conn *conn;

	l4lb_packet_set_tag(pkt, table, addr->id, false);
	node = l4lb_conn_find(table, &pkt->key, pkt->hash);
	if (!node)
		return request_new(pkt, addr);

	conn = container_of(node, struct l4lb_conn, node);
	if (unlikely(!conn_is_steady(conn, pkt)))
		return request_known(pkt, addr, conn);

	return l4lb_xmit_to_real(pkt, conn);
}

static __always_inline unsigned int reply(struct l4lb_packet *pkt,
					  const struct l4lb_addr *addr)
{
	struct l4lb_conn_table *table = &pkt->ln->conns;
	struct l4lb_conn_node *node;
	struct l4lb_conn_nat *nat;
	struct l4lb_conn *conn;

	l4lb_packet_set_tag(pkt, table, addr->id, true);
	node = l4lb_conn_find(table, &pkt->key, pkt->hash);
	if (!node)
		return NF_ACCEPT;

	nat = l4lb_conn_of_reply(node);
	conn = &nat->conn;
	if (unlikely(!conn_is_steady(conn, pkt))) {
		if (READ_ONCE(conn->dead) ||
		    l4lb_conn_expired(conn, l4lb_tick_now()))
			return forward_drop(pkt, L4LB_DROP_NO_CONN);
		if (conn_is_orphan(conn))
			return orphan(pkt, conn, true);
		if (pkt->proto == IPPROTO_TCP)
			l4lb_tcp_reply(conn, pkt);
		conn_stamp(conn);
	}

	return l4lb_xmit_to_client(pkt, nat);
}

static bool packet_is_icmp(const struct l4lb_packet *pkt)
{
	return pkt->family == AF_INET ? l4lb_icmp_is4(ip_hdr(pkt->skb)) :
					l4lb_icmp_is6(ipv6_hdr(pkt->skb));
}

static bool packet_is_odd4(const struct iphdr *iph)
{
	return iph->ihl != 5 || iph->ttl <= 1;
}

static bool packet_is_odd6(const struct ipv6hdr *ip6h)
{
	return ip6h->hop_limit <= 1;
}

/*
 * Errors about clients' packets come from a real or from a router before it. A
 * fragment of one is of no use.
 */
static unsigned int reply_error(struct l4lb_packet *pkt)
{
	if (pkt->family == AF_INET && ip_is_fragment(ip_hdr(pkt->skb)))
		return NF_ACCEPT;
	if (!pkt->late && (pkt->family == AF_INET ?
			   packet_is_odd4(ip_hdr(pkt->skb)) :
			   packet_is_odd6(ipv6_hdr(pkt->skb))))
		return NF_ACCEPT;

	return l4lb_icmp_to_client(pkt);
}

static noinline unsigned int odd(struct l4lb_packet *pkt,
				 const struct l4lb_addr *addr, bool is_reply)
{
	if (!packet_is_icmp(pkt))
		return NF_ACCEPT;
	if (is_reply)
		return reply_error(pkt);

	return pkt->late ? l4lb_icmp_to_vip(pkt, addr) : NF_ACCEPT;
}

/* Whether the VIP's packets are to pass the host's own rules first. */
static noinline bool waits_for_input(const struct l4lb_packet *pkt,
				     const struct l4lb_addr *addr)
{
	const struct l4lb_portmap *map;
	const struct l4lb_vip *vip;

	map = rcu_dereference(addr->ports[pkt->proto == IPPROTO_UDP]);
	vip = l4lb_portmap_find(map, ntohs(pkt->key.port));

	return vip &&
	       rcu_dereference(vip->conf)->config.hook == L4LB_HOOK_INPUT;
}

static __always_inline unsigned int
forward(struct l4lb_packet *pkt, const struct l4lb_addr *addr,
	enum l4lb_packet_kind kind, bool is_reply)
{
	if (unlikely(kind == L4LB_PACKET_ODD))
		return odd(pkt, addr, is_reply);
	if (unlikely(kind == L4LB_PACKET_MALFORMED))
		return forward_drop(pkt, L4LB_DROP_MALFORMED);

	if (is_reply)
		return reply(pkt, addr);
	if (unlikely(READ_ONCE(addr->input)) && !pkt->late &&
	    waits_for_input(pkt, addr))
		return NF_ACCEPT;

	return request(pkt, addr);
}

/* An address that has left this host is another's now. */
static bool vip_is_here(const struct l4lb_addr *addr)
{
	return likely(READ_ONCE(addr->local));
}

/**
 * l4lb_forward_early4() - IPv4 packets as they come in
 * @ln: namespace
 * @skb: packet
 *
 * Context: Softirq, under rcu_read_lock().
 * Return: the verdict of the hook.
 */
unsigned int l4lb_forward_early4(struct l4lb_net *ln, struct sk_buff *skb)
{
	struct l4lb_packet pkt = {
		.skb = skb, .ln = ln, .family = AF_INET, .late = false,
	};
	const struct l4lb_addr *addr;

	addr = l4lb_addr_find4(ln->vip_addrs, ip_hdr(skb)->daddr);
	if (addr) {
		if (!vip_is_here(addr) || !l4lb_packet_is_ours(skb))
			return NF_ACCEPT;
		return forward(&pkt, addr, l4lb_packet_parse4(&pkt, false),
			       false);
	}

	addr = l4lb_addr_find4(ln->real_addrs, ip_hdr(skb)->saddr);
	if (!addr || !l4lb_packet_is_ours(skb))
		return NF_ACCEPT;

	return forward(&pkt, addr, l4lb_packet_parse4(&pkt, true), true);
}

/**
 * l4lb_forward_early6() - IPv6 packets as they come in
 * @ln: namespace
 * @skb: packet
 *
 * Context: Softirq, under rcu_read_lock().
 * Return: the verdict of the hook.
 */
unsigned int l4lb_forward_early6(struct l4lb_net *ln, struct sk_buff *skb)
{
	struct l4lb_packet pkt = {
		.skb = skb, .ln = ln, .family = AF_INET6, .late = false,
	};
	const struct l4lb_addr *addr;

	addr = l4lb_addr_find6(ln->vip_addrs, &ipv6_hdr(skb)->daddr);
	if (addr) {
		if (!vip_is_here(addr) || !l4lb_packet_is_ours(skb))
			return NF_ACCEPT;
		return forward(&pkt, addr, l4lb_packet_parse6(&pkt, false),
			       false);
	}

	addr = l4lb_addr_find6(ln->real_addrs, &ipv6_hdr(skb)->saddr);
	if (!addr || !l4lb_packet_is_ours(skb))
		return NF_ACCEPT;

	return forward(&pkt, addr, l4lb_packet_parse6(&pkt, true), true);
}

/**
 * l4lb_forward_local4() - IPv4 packets to this host, routed and whole
 * @ln: namespace
 * @skb: packet
 *
 * Context: Softirq, under rcu_read_lock().
 * Return: the verdict of the hook.
 */
unsigned int l4lb_forward_local4(struct l4lb_net *ln, struct sk_buff *skb)
{
	struct l4lb_packet pkt = {
		.skb = skb, .ln = ln, .family = AF_INET, .late = true,
	};
	const struct l4lb_addr *addr;

	addr = l4lb_addr_find4(ln->vip_addrs, ip_hdr(skb)->daddr);
	if (!addr)
		return NF_ACCEPT;

	return forward(&pkt, addr, l4lb_packet_parse4(&pkt, false), false);
}

/**
 * l4lb_forward_local6() - IPv6 packets to this host, routed
 * @ln: namespace
 * @skb: packet
 *
 * Context: Softirq, under rcu_read_lock().
 * Return: the verdict of the hook.
 */
unsigned int l4lb_forward_local6(struct l4lb_net *ln, struct sk_buff *skb)
{
	struct l4lb_packet pkt = {
		.skb = skb, .ln = ln, .family = AF_INET6, .late = true,
	};
	const struct l4lb_addr *addr;

	addr = l4lb_addr_find6(ln->vip_addrs, &ipv6_hdr(skb)->daddr);
	if (!addr)
		return NF_ACCEPT;

	return forward(&pkt, addr, l4lb_packet_parse6(&pkt, false), false);
}

/**
 * l4lb_forward_reply4() - IPv4 packets that the stack forwards
 * @ln: namespace
 * @skb: packet
 *
 * Context: Softirq, under rcu_read_lock().
 * Return: the verdict of the hook.
 */
unsigned int l4lb_forward_reply4(struct l4lb_net *ln, struct sk_buff *skb)
{
	struct l4lb_packet pkt = {
		.skb = skb, .ln = ln, .family = AF_INET,
		.late = true, .counted = true,
	};
	const struct l4lb_addr *addr;

	/* A router before the real is no address that is known here. */
	if (l4lb_icmp_is4(ip_hdr(skb)))
		return reply_error(&pkt);

	addr = l4lb_addr_find4(ln->real_addrs, ip_hdr(skb)->saddr);
	if (!addr)
		return NF_ACCEPT;

	/* Whatever a fragment belongs to is known when it is whole. */
	if (ip_is_fragment(ip_hdr(skb)) &&
	    ip_defrag(ln->net, skb, IP_DEFRAG_VS_FWD))
		return NF_STOLEN;

	return forward(&pkt, addr, l4lb_packet_parse4(&pkt, true), true);
}

/**
 * l4lb_forward_reply6() - IPv6 packets that the stack forwards
 * @ln: namespace
 * @skb: packet
 *
 * Context: Softirq, under rcu_read_lock().
 * Return: the verdict of the hook.
 */
unsigned int l4lb_forward_reply6(struct l4lb_net *ln, struct sk_buff *skb)
{
	struct l4lb_packet pkt = {
		.skb = skb, .ln = ln, .family = AF_INET6,
		.late = true, .counted = true,
	};
	const struct l4lb_addr *addr;

	/* A router before the real is no address that is known here. */
	if (l4lb_icmp_is6(ipv6_hdr(skb)))
		return reply_error(&pkt);

	addr = l4lb_addr_find6(ln->real_addrs, &ipv6_hdr(skb)->saddr);
	if (!addr)
		return NF_ACCEPT;

	return forward(&pkt, addr, l4lb_packet_parse6(&pkt, true), true);
}
