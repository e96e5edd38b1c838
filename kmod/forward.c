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
#include "choice.h"
#include "frag.h"
#include "icmp.h"
#include "netns.h"
#include "packet.h"
#include "partner.h"
#include "persist.h"
#include "probe.h"
#include "proto_tcp.h"
#include "proto_udp.h"
#include "real.h"
#include "reset.h"
#include "stats.h"
#include "trace.h"
#include "vip.h"
#include "xmit.h"

static noinline unsigned int forward_drop(const struct l4lb_packet *pkt,
					  enum l4lb_drop reason)
{
	l4lb_trace_drop(NULL, reason);

	return l4lb_drop(pkt->ln->stats, reason);
}

/* Nothing about the connection is to be written or thought about. */
static __always_inline bool conn_is_steady(const struct l4lb_conn *conn,
					   const struct l4lb_packet *pkt)
{
	return !(pkt->flags & L4LB_TCP_CHANGES) &&
	       READ_ONCE(conn->seen) == l4lb_tick_now() &&
	       l4lb_conn_is_open(READ_ONCE(conn->state)) &&
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

static unsigned int request_lost(const struct l4lb_packet *pkt,
				 const struct l4lb_vip *vip)
{
	l4lb_reset_sender(pkt);

	return l4lb_vip_drop(vip, L4LB_DROP_NO_CONN);
}

/* An ICMP error can only be sent of what the stack has routed. */
static unsigned int request_unserved(const struct l4lb_packet *pkt,
				     const struct l4lb_vip *vip,
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

	return l4lb_vip_drop(vip, L4LB_DROP_NO_REAL);
}

static unsigned int request_without_conn(struct l4lb_packet *pkt,
					 struct l4lb_vip_conf *conf,
					 struct l4lb_real *real)
{
	if (!READ_ONCE(conf->used))
		WRITE_ONCE(conf->used, true);
	l4lb_trace_real(real);

	return l4lb_xmit_without_conn(pkt, real);
}

static unsigned int orphan(const struct l4lb_packet *pkt,
			   struct l4lb_conn *conn, bool is_reply)
{
	if (l4lb_choice_orphan(conn) == L4LB_ORPHAN_RST)
		l4lb_reset_both(pkt, conn, is_reply);

	return l4lb_vip_drop(conn->real->vip, L4LB_DROP_ORPHAN);
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
		if (l4lb_choice_is_over(conn))
			return l4lb_vip_drop(conn->real->vip,
					     L4LB_DROP_NO_CONN);
		if (l4lb_choice_is_orphan(conn))
			return orphan(pkt, conn, true);
		if (pkt->proto == IPPROTO_TCP)
			l4lb_tcp_reply(conn, pkt);
		else
			l4lb_udp_reply(conn, pkt);
		conn_stamp(conn);
	}

	return l4lb_xmit_to_client(pkt, nat);
}

static const struct l4lb_addr *sender_find(const struct l4lb_packet *pkt)
{
	const struct l4lb_addr_table *table = pkt->ln->real_addrs;

	return pkt->family == AF_INET ?
	       l4lb_addr_find4(table, ip_hdr(pkt->skb)->saddr) :
	       l4lb_addr_find6(table, &ipv6_hdr(pkt->skb)->saddr);
}

static enum l4lb_packet_kind packet_parse(struct l4lb_packet *pkt, bool is_reply)
{
	if (pkt->family == AF_INET)
		return l4lb_packet_parse4(pkt, is_reply);

	return pkt->late ? l4lb_packet_parse6_late(pkt, is_reply) :
			   l4lb_packet_parse6(pkt, is_reply);
}

/* A VIP's address may also be what a real answers to, on another port. */
static noinline unsigned int reply_to_vip(struct l4lb_packet *pkt)
{
	const struct l4lb_addr *addr = sender_find(pkt);

	if (!addr || packet_parse(pkt, true) != L4LB_PACKET_PLAIN)
		return NF_ACCEPT;

	return reply(pkt, addr);
}

static bool is_from_partner(const struct l4lb_packet *pkt)
{
	return !pkt->out && l4lb_partner_sent(pkt->ln, pkt->skb);
}

static noinline unsigned int request_new(struct l4lb_packet *pkt,
					 const struct l4lb_addr *addr)
{
	const struct l4lb_portmap *map;
	struct l4lb_vip_conf *conf;
	struct l4lb_conn *conn;
	struct l4lb_real *real;
	struct l4lb_vip *vip;
	enum l4lb_drop why;
	u8 mode;

	map = rcu_dereference(addr->ports[pkt->proto == IPPROTO_UDP]);
	vip = l4lb_portmap_find(map, ntohs(pkt->key.port));
	if (!vip)
		return reply_to_vip(pkt);
	if (is_from_partner(pkt))
		return NF_ACCEPT;

	conf = rcu_dereference(vip->conf);
	why = l4lb_choice_refuses(pkt, conf);
	if (unlikely(why))
		return why == L4LB_DROP_NO_CONN ? request_lost(pkt, vip) :
						  l4lb_vip_drop(vip, why);

	real = l4lb_choice_make(pkt, vip, conf) ?: conf->fallback;
	if (!real)
		return request_unserved(pkt, vip, conf);

	/* The VIP is just moving, and its reals reckon with the new address. */
	if (unlikely(!nf_inet_addr_cmp(&real->vip_addr, &addr->addr)))
		return l4lb_vip_drop(vip, L4LB_DROP_NO_REAL);

	mode = l4lb_choice_mode(pkt, real);
	if (l4lb_choice_is_plain(pkt, conf, real)) {
		if (likely(mode == L4LB_MODE_DR))
			return request_without_conn(pkt, conf, real);
		if (!l4lb_choice_opens(pkt))
			return request_lost(pkt, vip);
	}

	conn = l4lb_conn_add(pkt->ln, &pkt->key, pkt->hash, real, mode,
			     l4lb_choice_first_state(pkt), &why);
	if (unlikely(!conn)) {
		real = l4lb_choice_without(pkt, conf, real);
		if (!real || l4lb_choice_mode(pkt, real) != L4LB_MODE_DR)
			return l4lb_vip_drop(vip, why);
		return request_without_conn(pkt, conf, real);
	}
	if (unlikely(conf->persist_ticks) && !pkt->settled &&
	    conn->real != conf->fallback)
		WRITE_ONCE(conn->newcomer, true);
	l4lb_trace_real(conn->real);

	return l4lb_xmit_to_real(pkt, conn);
}

/* The client's second packet shows that it is there. */
static void newcomer_settle(struct l4lb_conn *conn)
{
	u8 state = READ_ONCE(conn->state);

	if (l4lb_conn_is_half_open(state))
		return;

	WRITE_ONCE(conn->newcomer, false);
	if (l4lb_conn_is_open(state))
		l4lb_persist_confirm(conn);
}

static noinline unsigned int request_known(struct l4lb_packet *pkt,
					   const struct l4lb_addr *addr,
					   struct l4lb_conn *conn)
{
	enum l4lb_choice_known known = l4lb_choice_known(pkt, conn);

	if (known == L4LB_KNOWN_OVER)
		return request_new(pkt, addr);

	/* The partner has balanced it, whoever did before. */
	if (is_from_partner(pkt)) {
		WRITE_ONCE(conn->dead, true);
		return NF_ACCEPT;
	}

	if (known == L4LB_KNOWN_RESTARTS) {
		WRITE_ONCE(conn->dead, true);
		return request_new(pkt, addr);
	}
	/* A server that lives is to know that its client has gone. */
	if (known == L4LB_KNOWN_ORPHAN && !(pkt->flags & L4LB_TCP_RST))
		return orphan(pkt, conn, false);

	if (pkt->proto == IPPROTO_TCP)
		l4lb_tcp_request(conn, pkt);
	else
		l4lb_udp_request(conn, pkt);
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

/* An extension header may stand before it, but it is not in parts. */
static bool packet_is_icmp6(struct l4lb_packet *pkt)
{
	u8 proto = ipv6_hdr(pkt->skb)->nexthdr;

	if (!ipv6_ext_hdr(proto))
		return proto == IPPROTO_ICMPV6;

	return l4lb_packet_find6(pkt) == L4LB_PACKET_PLAIN && !pkt->frag &&
	       pkt->proto == IPPROTO_ICMPV6;
}

static bool packet_is_icmp(struct l4lb_packet *pkt)
{
	return pkt->family == AF_INET ? l4lb_icmp_is4(ip_hdr(pkt->skb)) :
					packet_is_icmp6(pkt);
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
	unsigned int verdict;

	if (!packet_is_icmp(pkt))
		return NF_ACCEPT;
	if (is_reply)
		return reply_error(pkt);

	if (!pkt->late)
		return NF_ACCEPT;

	verdict = l4lb_icmp_to_vip(pkt, addr);

	/* Or it is about what this host, with that address, has sent to a real. */
	return verdict == NF_ACCEPT ? l4lb_icmp_to_client(pkt) : verdict;
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

static noinline unsigned int
early_request4(struct l4lb_net *ln, struct sk_buff *skb,
	       const struct l4lb_addr *addr)
{
	struct l4lb_packet pkt = {
		.skb = skb, .ln = ln, .family = AF_INET, .late = false,
	};

	if (!vip_is_here(addr) || !l4lb_packet_is_ours(skb))
		return NF_ACCEPT;

	return forward(&pkt, addr, l4lb_packet_parse4(&pkt, false), false);
}

static noinline unsigned int
early_reply4(struct l4lb_net *ln, struct sk_buff *skb,
	     const struct l4lb_addr *addr)
{
	struct l4lb_packet pkt = {
		.skb = skb, .ln = ln, .family = AF_INET, .late = false,
	};

	if (!l4lb_packet_is_ours(skb))
		return NF_ACCEPT;

	return forward(&pkt, addr, l4lb_packet_parse4(&pkt, true), true);
}

static __always_inline unsigned int early_other4(struct l4lb_net *ln,
						 struct sk_buff *skb)
{
	const struct l4lb_addr *addr;

	addr = l4lb_addr_find4(ln->real_addrs, ip_hdr(skb)->saddr);
	if (addr)
		return early_reply4(ln, skb, addr);

	return NF_ACCEPT;
}

static noinline unsigned int early_probed4(struct l4lb_net *ln,
					   struct sk_buff *skb)
{
	struct l4lb_packet pkt = {
		.skb = skb, .ln = ln, .family = AF_INET, .late = false,
	};
	unsigned int verdict;

	return l4lb_probe_in(&pkt, &verdict) ? verdict : early_other4(ln, skb);
}

/**
 * l4lb_forward_early4() - IPv4 packets as they come in
 * @ln: namespace
 * @skb: packet
 *
 * Every packet of the host comes here, so those for others pay for two
 * look-ups and for nothing else.
 *
 * Context: Any but a hard interrupt, under rcu_read_lock().
 * Return: the verdict of the hook.
 */
unsigned int l4lb_forward_early4(struct l4lb_net *ln, struct sk_buff *skb)
{
	const struct l4lb_addr *addr;

	addr = l4lb_addr_find4(ln->vip_addrs, ip_hdr(skb)->daddr);
	if (addr)
		return early_request4(ln, skb, addr);
	if (unlikely(rcu_access_pointer(ln->probes)))
		return early_probed4(ln, skb);

	return early_other4(ln, skb);
}

static noinline unsigned int
early_request6(struct l4lb_net *ln, struct sk_buff *skb,
	       const struct l4lb_addr *addr)
{
	struct l4lb_packet pkt = {
		.skb = skb, .ln = ln, .family = AF_INET6, .late = false,
	};

	if (!vip_is_here(addr) || !l4lb_packet_is_ours(skb))
		return NF_ACCEPT;

	return forward(&pkt, addr, l4lb_packet_parse6(&pkt, false), false);
}

static noinline unsigned int
early_reply6(struct l4lb_net *ln, struct sk_buff *skb,
	     const struct l4lb_addr *addr)
{
	struct l4lb_packet pkt = {
		.skb = skb, .ln = ln, .family = AF_INET6, .late = false,
	};

	if (!l4lb_packet_is_ours(skb))
		return NF_ACCEPT;

	return forward(&pkt, addr, l4lb_packet_parse6(&pkt, true), true);
}

static __always_inline unsigned int early_other6(struct l4lb_net *ln,
						 struct sk_buff *skb)
{
	const struct l4lb_addr *addr;

	addr = l4lb_addr_find6(ln->real_addrs, &ipv6_hdr(skb)->saddr);
	if (addr)
		return early_reply6(ln, skb, addr);

	return NF_ACCEPT;
}

static noinline unsigned int early_probed6(struct l4lb_net *ln,
					   struct sk_buff *skb)
{
	struct l4lb_packet pkt = {
		.skb = skb, .ln = ln, .family = AF_INET6, .late = false,
	};
	unsigned int verdict;

	return l4lb_probe_in(&pkt, &verdict) ? verdict : early_other6(ln, skb);
}

/**
 * l4lb_forward_early6() - IPv6 packets as they come in
 * @ln: namespace
 * @skb: packet
 *
 * Every packet of the host comes here, so those for others pay for two
 * look-ups and for nothing else.
 *
 * Context: Any but a hard interrupt, under rcu_read_lock().
 * Return: the verdict of the hook.
 */
unsigned int l4lb_forward_early6(struct l4lb_net *ln, struct sk_buff *skb)
{
	const struct l4lb_addr *addr;

	addr = l4lb_addr_find6(ln->vip_addrs, &ipv6_hdr(skb)->daddr);
	if (addr)
		return early_request6(ln, skb, addr);
	if (unlikely(rcu_access_pointer(ln->probes)))
		return early_probed6(ln, skb);

	return early_other6(ln, skb);
}

/*
 * Part of a datagram whose first fragment may have found no room for an entry:
 * then it went where its client's always go.
 */
static unsigned int fragment_unknown(struct l4lb_packet *pkt, bool is_reply)
{
	const struct l4lb_addr *addr;
	struct l4lb_vip_conf *conf;
	struct l4lb_real *real;
	struct l4lb_vip *vip;

	addr = l4lb_addr_find6(pkt->ln->vip_addrs, &ipv6_hdr(pkt->skb)->daddr);
	if (is_reply || !addr || !(pkt->key.tag & L4LB_KEY_UDP) ||
	    !l4lb_flood_presses(&pkt->ln->conns.flood))
		return forward_drop(pkt, L4LB_DROP_FRAGMENT);
	vip = l4lb_portmap_find(rcu_dereference(addr->ports[1]),
				ntohs(pkt->key.port));
	if (!vip)
		return forward_drop(pkt, L4LB_DROP_FRAGMENT);

	pkt->proto = IPPROTO_UDP;
	conf = rcu_dereference(vip->conf);
	real = l4lb_choice_without(pkt, conf, l4lb_choice_make(pkt, vip, conf));
	if (!real || l4lb_choice_mode(pkt, real) != L4LB_MODE_DR)
		return l4lb_vip_drop(vip, L4LB_DROP_FRAGMENT);

	return request_without_conn(pkt, conf, real);
}

/* Part of a datagram whose first fragment went to a connection. */
static unsigned int fragment_known(struct l4lb_packet *pkt)
{
	struct l4lb_conn_table *table = &pkt->ln->conns;
	bool is_reply = pkt->key.tag & L4LB_KEY_REPLY;
	struct l4lb_conn_node *node;
	struct l4lb_conn *conn;

	pkt->hash = l4lb_conn_hash(table, &pkt->key);
	node = l4lb_conn_find(table, &pkt->key, pkt->hash);
	if (!node)
		return fragment_unknown(pkt, is_reply);

	conn = is_reply ? &l4lb_conn_of_reply(node)->conn :
			  container_of(node, struct l4lb_conn, node);
	if (l4lb_choice_is_over(conn))
		return forward_drop(pkt, L4LB_DROP_FRAGMENT);
	if (l4lb_choice_is_orphan(conn))
		return l4lb_vip_drop(conn->real->vip, L4LB_DROP_ORPHAN);
	conn_stamp(conn);

	return is_reply ?
	       l4lb_xmit_fragment_to_client(pkt, l4lb_conn_nat(conn)) :
	       l4lb_xmit_fragment_to_real(pkt, conn);
}

static unsigned int fragment_go(struct l4lb_packet *pkt,
				enum l4lb_frag_way way)
{
	switch (way) {
	case L4LB_FRAG_WAIT:
		return NF_STOLEN;
	case L4LB_FRAG_CONN:
		return fragment_known(pkt);
	case L4LB_FRAG_ACCEPT:
		return NF_ACCEPT;
	default:
		return forward_drop(pkt, L4LB_DROP_FRAGMENT);
	}
}

/* What a rule has queued comes back from a process, with bottom halves on. */
static void packet_go_on(const struct nf_hook_state *state, struct sk_buff *skb)
{
	local_bh_disable();
	state->okfn(state->net, state->sk, skb);
	local_bh_enable();
}

/* Whether it is the whole; else it has been taken. */
static bool packet_gather(const struct l4lb_net *ln, struct sk_buff *skb)
{
	int err;

	local_bh_disable();
	err = ip_defrag(ln->net, skb, IP_DEFRAG_VS_FWD);
	local_bh_enable();
	if (err)
		return false;

	/* If it is not ours it goes on in fragments as large as before. */
	skb->ignore_df = 1;

	return true;
}

/* Those that have waited for @first go its way. */
static void fragments_resume(const struct l4lb_packet *first,
			     struct sk_buff *held, enum l4lb_frag_way way,
			     const struct nf_hook_state *state)
{
	struct l4lb_packet pkt = *first;
	unsigned int verdict;

	while (held) {
		pkt.skb = held;
		held = held->next;
		if (!l4lb_frag_resume(pkt.ln, pkt.skb))
			continue;
		verdict = fragment_go(&pkt, way);
		if (verdict == NF_ACCEPT)
			packet_go_on(state, pkt.skb);
		else if (verdict == NF_DROP)
			kfree_skb(pkt.skb);
	}
}

/* Of a first fragment; what goes to this host is translated and accepted. */
static enum l4lb_frag_way fragment_way(const struct l4lb_packet *pkt,
				       unsigned int verdict)
{
	switch (verdict) {
	case NF_DROP:
		return L4LB_FRAG_DROP;
	case NF_ACCEPT:
		if (!pkt->key.tag ||
		    !l4lb_conn_find(&pkt->ln->conns, &pkt->key, pkt->hash))
			return L4LB_FRAG_ACCEPT;
		fallthrough;
	default:
		return L4LB_FRAG_CONN;
	}
}

static noinline unsigned int
forward_fragment(struct l4lb_packet *pkt, const struct l4lb_addr *addr,
		 enum l4lb_packet_kind kind, bool is_reply,
		 const struct nf_hook_state *state)
{
	struct l4lb_frag_key key;
	enum l4lb_frag_way way;
	unsigned int verdict;

	if (!l4lb_frag_key(pkt, is_reply, &key))
		return forward_drop(pkt, L4LB_DROP_MALFORMED);

	if (kind == L4LB_PACKET_FRAGMENT) {
		way = l4lb_frag_follow(pkt->ln, &key, pkt->skb, &pkt->key);
		return fragment_go(pkt, way);
	}

	verdict = forward(pkt, addr, kind, is_reply);
	way = fragment_way(pkt, verdict);
	fragments_resume(pkt, l4lb_frag_lead(pkt->ln, &key, way, &pkt->key),
			 way, state);

	return verdict;
}

/* Packets that the stack has routed. */
static unsigned int forward_late(struct l4lb_packet *pkt,
				 const struct l4lb_addr *addr, bool is_reply,
				 const struct nf_hook_state *state)
{
	enum l4lb_packet_kind kind = packet_parse(pkt, is_reply);

	if (!pkt->frag)
		return forward(pkt, addr, kind, is_reply);

	/* Made by a program that writes headers itself. */
	if (pkt->out)
		return NF_ACCEPT;

	return forward_fragment(pkt, addr, kind, is_reply, state);
}

/*
 * A packet that this host sends or is to receive, routed: if it is not for a
 * VIP it may answer one, or be an error about a packet that was sent to a real.
 */
static unsigned int forward_own(struct l4lb_packet *pkt,
				const struct l4lb_addr *vip,
				const struct nf_hook_state *state)
{
	const struct l4lb_addr *addr;

	if (vip)
		return forward_late(pkt, vip, false, state);
	if (packet_is_icmp(pkt))
		return reply_error(pkt);

	addr = sender_find(pkt);
	if (!addr)
		return NF_ACCEPT;

	return forward_late(pkt, addr, true, state);
}

/**
 * l4lb_forward_local4() - IPv4 packets to this host, routed and whole
 * @ln: namespace
 * @skb: packet
 * @state: where it is on its way
 *
 * Context: Any but a hard interrupt, under rcu_read_lock().
 * Return: the verdict of the hook.
 */
unsigned int l4lb_forward_local4(struct l4lb_net *ln, struct sk_buff *skb,
				 const struct nf_hook_state *state)
{
	struct l4lb_packet pkt = {
		.skb = skb, .ln = ln, .family = AF_INET, .late = true,
	};

	if (skb->pkt_type != PACKET_HOST)
		return NF_ACCEPT;

	return forward_own(&pkt, l4lb_addr_find4(ln->vip_addrs,
						 ip_hdr(skb)->daddr), state);
}

/**
 * l4lb_forward_local6() - IPv6 packets to this host, routed
 * @ln: namespace
 * @skb: packet
 * @state: where it is on its way
 *
 * Context: Any but a hard interrupt, under rcu_read_lock().
 * Return: the verdict of the hook.
 */
unsigned int l4lb_forward_local6(struct l4lb_net *ln, struct sk_buff *skb,
				 const struct nf_hook_state *state)
{
	struct l4lb_packet pkt = {
		.skb = skb, .ln = ln, .family = AF_INET6, .late = true,
	};

	if (skb->pkt_type != PACKET_HOST)
		return NF_ACCEPT;

	return forward_own(&pkt, l4lb_addr_find6(ln->vip_addrs,
						 &ipv6_hdr(skb)->daddr), state);
}

static noinline unsigned int out_probed(struct l4lb_packet *pkt,
					const struct nf_hook_state *state)
{
	unsigned int verdict;

	return l4lb_probe_out(pkt, &verdict) ? verdict :
					       forward_own(pkt, NULL, state);
}

/* Of what this host sends; errors about it need to know a device. */
static unsigned int forward_out(struct l4lb_packet *pkt,
				const struct l4lb_addr *vip,
				const struct nf_hook_state *state)
{
	if (!vip)
		return unlikely(rcu_access_pointer(pkt->ln->probes)) ?
		       out_probed(pkt, state) : forward_own(pkt, NULL, state);
	if (!vip_is_here(vip))
		return NF_ACCEPT;
	pkt->skb->dev = skb_dst(pkt->skb)->dev;

	return forward_own(pkt, vip, state);
}

/**
 * l4lb_forward_out4() - IPv4 packets from this host
 * @ln: namespace
 * @skb: packet
 * @state: where it is on its way
 *
 * Context: Any but a hard interrupt, under rcu_read_lock().
 * Return: the verdict of the hook.
 */
unsigned int l4lb_forward_out4(struct l4lb_net *ln, struct sk_buff *skb,
			       const struct nf_hook_state *state)
{
	struct l4lb_packet pkt = {
		.skb = skb, .ln = ln, .family = AF_INET,
		.late = true, .counted = true, .out = true,
	};

	/* Made by a program that writes headers itself. */
	if (ip_is_fragment(ip_hdr(skb)))
		return NF_ACCEPT;

	return forward_out(&pkt, l4lb_addr_find4(ln->vip_addrs,
						 ip_hdr(skb)->daddr), state);
}

/**
 * l4lb_forward_out6() - IPv6 packets from this host
 * @ln: namespace
 * @skb: packet
 * @state: where it is on its way
 *
 * Context: Any but a hard interrupt, under rcu_read_lock().
 * Return: the verdict of the hook.
 */
unsigned int l4lb_forward_out6(struct l4lb_net *ln, struct sk_buff *skb,
			       const struct nf_hook_state *state)
{
	struct l4lb_packet pkt = {
		.skb = skb, .ln = ln, .family = AF_INET6,
		.late = true, .counted = true, .out = true,
	};

	return forward_out(&pkt, l4lb_addr_find6(ln->vip_addrs,
						 &ipv6_hdr(skb)->daddr), state);
}

/* A router before the real, who sends errors, is no address that is known. */
static noinline unsigned int routed4(struct l4lb_net *ln, struct sk_buff *skb,
				     const struct l4lb_addr *addr)
{
	struct l4lb_packet pkt = {
		.skb = skb, .ln = ln, .family = AF_INET,
		.late = true, .counted = true,
	};

	if (!l4lb_packet_is_ours(skb))
		return NF_ACCEPT;
	if (l4lb_icmp_is4(ip_hdr(skb)))
		return reply_error(&pkt);
	if (!addr)
		return NF_ACCEPT;

	/* Whatever a fragment belongs to is known when it is whole. */
	if (ip_is_fragment(ip_hdr(skb)) && !packet_gather(ln, skb))
		return NF_STOLEN;

	return forward(&pkt, addr, l4lb_packet_parse4(&pkt, true), true);
}

/**
 * l4lb_forward_reply4() - IPv4 packets that the stack forwards
 * @ln: namespace
 * @skb: packet
 *
 * Context: Any but a hard interrupt, under rcu_read_lock().
 * Return: the verdict of the hook.
 */
unsigned int l4lb_forward_reply4(struct l4lb_net *ln, struct sk_buff *skb)
{
	const struct l4lb_addr *addr;

	addr = l4lb_addr_find4(ln->real_addrs, ip_hdr(skb)->saddr);
	if (addr || l4lb_icmp_is4(ip_hdr(skb)))
		return routed4(ln, skb, addr);

	return NF_ACCEPT;
}

static noinline unsigned int routed6(struct l4lb_net *ln, struct sk_buff *skb,
				     const struct l4lb_addr *addr,
				     const struct nf_hook_state *state)
{
	struct l4lb_packet pkt = {
		.skb = skb, .ln = ln, .family = AF_INET6,
		.late = true, .counted = true,
	};

	if (!l4lb_packet_is_ours(skb))
		return NF_ACCEPT;
	if (packet_is_icmp(&pkt))
		return reply_error(&pkt);

	return addr ? forward_late(&pkt, addr, true, state) : NF_ACCEPT;
}

/**
 * l4lb_forward_reply6() - IPv6 packets that the stack forwards
 * @ln: namespace
 * @skb: packet
 * @state: where it is on its way
 *
 * Context: Any but a hard interrupt, under rcu_read_lock().
 * Return: the verdict of the hook.
 */
unsigned int l4lb_forward_reply6(struct l4lb_net *ln, struct sk_buff *skb,
				 const struct nf_hook_state *state)
{
	u8 proto = ipv6_hdr(skb)->nexthdr;
	const struct l4lb_addr *addr;

	addr = l4lb_addr_find6(ln->real_addrs, &ipv6_hdr(skb)->saddr);
	if (addr || proto == IPPROTO_ICMPV6 || ipv6_ext_hdr(proto))
		return routed6(ln, skb, addr, state);

	return NF_ACCEPT;
}
