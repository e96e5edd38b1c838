/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Explanations: what would become of a client's packet, and why.
 *
 * A packet is made that nobody sends, and the functions that decide on packets
 * are asked about it. Where these would change something they have a sister that
 * only looks.
 */

#ifndef _L4LB_EXPLAIN_H
#define _L4LB_EXPLAIN_H

#include <linux/netfilter.h>
#include <linux/types.h>

struct l4lb_conn;
struct l4lb_net;
struct l4lb_persist;
struct l4lb_real;
struct l4lb_vip;
struct l4lb_vip_conf;
struct neighbour;

/**
 * struct l4lb_explain_query - a client's SYN or datagram
 * @family: AF_INET or AF_INET6
 * @proto: IPPROTO_TCP or IPPROTO_UDP
 * @cport: the client's port, 0 if that is not known
 * @port: port that it is to
 * @client: the client's address, unused bytes zero
 * @addr: address that it is to, unused bytes zero
 */
struct l4lb_explain_query {
	u8 family;
	u8 proto;
	__be16 cport;
	__be16 port;
	union nf_inet_addr client;
	union nf_inet_addr addr;
};

/**
 * struct l4lb_explanation - what would become of it
 * @result: &enum l4lb_explain_result
 * @drop: &enum l4lb_drop, or 0
 * @by: &enum l4lb_explain_by, or 0
 * @way: &enum l4lb_persist_way, or 0
 * @mode: &enum l4lb_mode, with @real
 * @stateless: no connection would be made
 * @has_source: whether @source is known
 * @cpu: which CPU takes a turn
 * @slot: where the scheduler has found @real, or %L4LB_SCHED_NO_SLOT
 * @source: with SNAT, the source that @real would see
 * @vip: VIP that it is for, or NULL
 * @conf: configuration of @vip, or NULL if that does not look at it
 * @conn: connection of the client, which may end or be replaced, or NULL
 * @entry: persistence entry of the client, or NULL
 * @real: where it would go, or NULL
 * @neigh: neighbour that it would leave by, or NULL
 */
struct l4lb_explanation {
	u8 result;
	u8 drop;
	u8 by;
	u8 way;
	u8 mode;
	bool stateless;
	bool has_source;
	u32 cpu;
	u32 slot;
	union nf_inet_addr source;
	const struct l4lb_vip *vip;
	const struct l4lb_vip_conf *conf;
	struct l4lb_conn *conn;
	const struct l4lb_persist *entry;
	struct l4lb_real *real;
	struct neighbour *neigh;
};

/*
 * Control plane: process context, under l4lb_net.lock and rcu_read_lock(), with
 * bottom halves off as the functions of the data path want it.
 */
int l4lb_explain(struct l4lb_net *ln, const struct l4lb_explain_query *query,
		 struct l4lb_explanation *ex);

#endif /* _L4LB_EXPLAIN_H */
