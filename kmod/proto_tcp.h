/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TCP: how a connection's state follows from its packets.
 *
 * With DR only the client's packets are seen, so nothing here relies on those
 * of the real.
 */

#ifndef _L4LB_PROTO_TCP_H
#define _L4LB_PROTO_TCP_H

#include <linux/types.h>

struct l4lb_conn;
struct l4lb_packet;

/* Data path: softirq, under rcu_read_lock(). */
bool l4lb_tcp_restarts(const struct l4lb_conn *conn,
		       const struct l4lb_packet *pkt);
void l4lb_tcp_request(struct l4lb_conn *conn, const struct l4lb_packet *pkt);
void l4lb_tcp_reply(struct l4lb_conn *conn, const struct l4lb_packet *pkt);

#endif /* _L4LB_PROTO_TCP_H */
