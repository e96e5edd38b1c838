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

#include "conn.h"
#include "packet.h"

/**
 * l4lb_tcp_restarts() - whether a client begins anew on an old connection
 * @conn: live connection
 * @pkt: packet of the client
 *
 * An established connection is not given up for a SYN, which anybody can send:
 * the real will challenge it.
 *
 * Context: Any but a hard interrupt, under rcu_read_lock().
 * Return: true if the connection is to be replaced.
 */
static inline bool l4lb_tcp_restarts(const struct l4lb_conn *conn,
				     const struct l4lb_packet *pkt)
{
	u8 state = READ_ONCE(conn->state);

	return (pkt->flags & (L4LB_TCP_SYN | L4LB_TCP_ACK)) == L4LB_TCP_SYN &&
	       (state == L4LB_CONN_FIN || state == L4LB_CONN_CLOSED);
}

/* Data path: softirq, under rcu_read_lock(). */
void l4lb_tcp_request(struct l4lb_conn *conn, const struct l4lb_packet *pkt);
void l4lb_tcp_reply(struct l4lb_conn *conn, const struct l4lb_packet *pkt);

#endif /* _L4LB_PROTO_TCP_H */
