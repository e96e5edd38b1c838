// SPDX-License-Identifier: GPL-2.0-only
/*
 * Explanations: what would become of a client's packet, and why.
 */

#include "explain.h"
#include "addr.h"
#include "choice.h"
#include "netns.h"
#include "nexthop.h"
#include "packet.h"
#include "real.h"
#include "source.h"
#include "vip.h"

#include <linux/smp.h>

#define EXPLAIN_TTL	64

static void write_header4(struct sk_buff *skb,
			  const struct l4lb_explain_query *query)
{
	struct iphdr *iph = skb_put_zero(skb, sizeof(*iph));

	iph->version = 4;
	iph->ihl = 5;
	iph->ttl = EXPLAIN_TTL;
	iph->protocol = query->proto;
	iph->saddr = query->client.ip;
	iph->daddr = query->addr.ip;
}

static void write_header6(struct sk_buff *skb,
			  const struct l4lb_explain_query *query)
{
	struct ipv6hdr *ip6h = skb_put_zero(skb, sizeof(*ip6h));

	ip6h->version = 6;
	ip6h->nexthdr = query->proto;
	ip6h->hop_limit = EXPLAIN_TTL;
	ip6h->saddr = query->client.in6;
	ip6h->daddr = query->addr.in6;
}

static void write_tcp(struct sk_buff *skb,
		      const struct l4lb_explain_query *query)
{
	struct tcphdr *th = skb_put_zero(skb, sizeof(*th));

	th->source = query->cport;
	th->dest = query->port;
	th->doff = sizeof(*th) / 4;
	th->syn = 1;
}

static void write_udp(struct sk_buff *skb,
		      const struct l4lb_explain_query *query)
{
	struct udphdr *uh = skb_put_zero(skb, sizeof(*uh));

	uh->source = query->cport;
	uh->dest = query->port;
}

static struct sk_buff *packet_make(const struct l4lb_explain_query *query)
{
	struct sk_buff *skb;

	skb = alloc_skb(sizeof(struct ipv6hdr) + sizeof(struct tcphdr),
			GFP_ATOMIC);
	if (!skb)
		return NULL;

	skb_reset_network_header(skb);
	if (query->family == AF_INET)
		write_header4(skb, query);
	else
		write_header6(skb, query);
	if (query->proto == IPPROTO_TCP)
		write_tcp(skb, query);
	else
		write_udp(skb, query);

	return skb;
}

static bool packet_parse(struct l4lb_packet *pkt)
{
	return (pkt->family == AF_INET ? l4lb_packet_parse4(pkt, false) :
					 l4lb_packet_parse6(pkt, false)) ==
	       L4LB_PACKET_PLAIN;
}

/* A connection has its source, that of a new one follows from its client. */
static void explain_source(struct l4lb_net *ln, const struct l4lb_packet *pkt,
			   struct l4lb_explanation *ex)
{
	struct l4lb_conn_nat nat = {};

	if (ex->by == L4LB_BY_CONN) {
		l4lb_conn_source(ex->conn, &ex->source);
		ex->has_source = true;
		return;
	}

	nat.conn.real = ex->real;
	nat.conn.node.key = pkt->key;
	nat.conn.hash = pkt->hash;
	ex->has_source = l4lb_source_choose(ln, &nat);
	if (ex->has_source)
		l4lb_conn_source(&nat.conn, &ex->source);
}

/* Routes are looked up anew where a packet would do so. */
static void explain_way(struct l4lb_net *ln, const struct l4lb_packet *pkt,
			struct l4lb_explanation *ex)
{
	struct l4lb_real *real = ex->real;
	struct l4lb_route_spec spec;

	ex->neigh = l4lb_route_neigh(ln->net, &real->route, real->family);
	if (!ex->neigh) {
		l4lb_real_route_spec(real, &spec);
		ex->neigh = l4lb_route_resolve(ln, &real->route, &spec);
	}

	if (ex->neigh)
		ex->result = L4LB_EXPLAIN_FORWARD;
	else if (READ_ONCE(real->route.reach) == L4LB_REACH_LOCAL)
		ex->result = L4LB_EXPLAIN_LOCAL;
	else
		ex->drop = L4LB_DROP_NO_ROUTE;
	if (ex->mode == L4LB_MODE_SNAT)
		explain_source(ln, pkt, ex);
}

/* Without room for a connection there may be a way to do without. */
static void explain_crowd(struct l4lb_net *ln, const struct l4lb_packet *pkt,
			  struct l4lb_explanation *ex)
{
	struct l4lb_real *real;
	enum l4lb_drop why;

	if (l4lb_conn_peek(ln, l4lb_choice_first_state(pkt), &why))
		return;

	real = l4lb_choice_without(pkt, ex->conf, ex->real);
	if (!real || l4lb_choice_mode(pkt, real) != L4LB_MODE_DR) {
		ex->drop = why;
		return;
	}

	ex->stateless = true;
	if (real == ex->real)
		return;
	ex->by = L4LB_BY_SOURCE;
	ex->slot = L4LB_SCHED_NO_SLOT;
	ex->real = real;
	ex->mode = L4LB_MODE_DR;
}

static void explain_new(struct l4lb_net *ln, const struct l4lb_packet *pkt,
			struct l4lb_explanation *ex)
{
	struct l4lb_choice_view view;

	ex->drop = l4lb_choice_refuses(pkt, ex->conf);
	if (ex->drop)
		return;

	ex->real = l4lb_choice_peek(pkt, ex->vip, ex->conf, &view);
	ex->by = view.by;
	ex->way = view.way;
	ex->slot = view.slot;
	ex->entry = view.entry;
	if (!ex->real) {
		ex->real = ex->conf->fallback;
		ex->by = L4LB_BY_FALLBACK;
	}
	if (!ex->real) {
		ex->by = 0;
		ex->drop = L4LB_DROP_NO_REAL;
		return;
	}

	ex->mode = l4lb_choice_mode(pkt, ex->real);
	ex->stateless = ex->mode == L4LB_MODE_DR &&
			l4lb_choice_is_plain(pkt, ex->conf, ex->real);
	if (!ex->stateless)
		explain_crowd(ln, pkt, ex);
	if (!ex->drop)
		explain_way(ln, pkt, ex);
}

static struct l4lb_conn *conn_find(struct l4lb_net *ln, struct l4lb_packet *pkt)
{
	struct l4lb_conn_node *node;

	if (!pkt->key.cport)
		return NULL;

	node = l4lb_conn_find(&ln->conns, &pkt->key, pkt->hash);

	return node ? container_of(node, struct l4lb_conn, node) : NULL;
}

static void explain_request(struct l4lb_net *ln, struct l4lb_packet *pkt,
			    const struct l4lb_addr *addr,
			    struct l4lb_explanation *ex)
{
	struct l4lb_conn *conn;

	l4lb_packet_set_tag(pkt, &ln->conns, addr->id, false);
	conn = conn_find(ln, pkt);
	if (!conn || l4lb_choice_is_over(conn)) {
		explain_new(ln, pkt, ex);
		return;
	}

	ex->conn = conn;
	switch (l4lb_choice_known(pkt, conn)) {
	case L4LB_KNOWN_GOES:
		ex->by = L4LB_BY_CONN;
		ex->real = conn->real;
		ex->mode = l4lb_conn_mode(conn);
		explain_way(ln, pkt, ex);
		break;
	case L4LB_KNOWN_ORPHAN:
		ex->drop = L4LB_DROP_ORPHAN;
		break;
	default:
		explain_new(ln, pkt, ex);
		break;
	}
}

static void explain_packet(struct l4lb_net *ln, struct l4lb_packet *pkt,
			   const struct l4lb_addr *addr,
			   struct l4lb_explanation *ex)
{
	const struct l4lb_portmap *map;

	map = rcu_dereference(addr->ports[pkt->proto == IPPROTO_UDP]);
	ex->vip = l4lb_portmap_find(map, ntohs(pkt->key.port));
	ex->result = L4LB_EXPLAIN_NO_PORT;
	if (!ex->vip)
		return;

	ex->result = L4LB_EXPLAIN_STANDBY;
	if (ln->global.standby)
		return;

	ex->result = L4LB_EXPLAIN_NO_ADDRESS;
	if (!READ_ONCE(addr->local))
		return;

	ex->conf = rcu_dereference(ex->vip->conf);
	ex->result = L4LB_EXPLAIN_DROP;
	explain_request(ln, pkt, addr, ex);
}

/**
 * l4lb_explain() - say what would become of a client's packet
 * @ln: namespace
 * @query: the packet
 * @ex: what would; points to what stays while the caller is where it is
 *
 * Context: Process context, under &l4lb_net.lock and rcu_read_lock(), bottom
 * halves off.
 * Return: 0, or -ENOMEM.
 */
int l4lb_explain(struct l4lb_net *ln, const struct l4lb_explain_query *query,
		 struct l4lb_explanation *ex)
{
	struct l4lb_packet pkt = {
		.ln = ln, .family = query->family, .late = false,
	};
	const struct l4lb_addr *addr = NULL;

	lockdep_assert_held(&ln->lock);

	memset(ex, 0, sizeof(*ex));
	ex->cpu = smp_processor_id();
	ex->slot = L4LB_SCHED_NO_SLOT;
	ex->result = L4LB_EXPLAIN_NO_VIP;
	if (ln->started)
		addr = l4lb_addr_find(ln->vip_addrs, query->family,
				      &query->addr);
	if (!addr)
		return 0;

	pkt.skb = packet_make(query);
	if (!pkt.skb)
		return -ENOMEM;

	/* A client on this host is served in another way. */
	pkt.out = l4lb_addr_is_local(ln->net, query->family, &query->client);
	if (packet_parse(&pkt))
		explain_packet(ln, &pkt, addr, ex);
	kfree_skb(pkt.skb);

	return 0;
}
