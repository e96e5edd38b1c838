// SPDX-License-Identifier: GPL-2.0-only
/*
 * UDP: how a connection's state follows from its packets.
 */

#include "proto_udp.h"
#include "conn.h"
#include "netns.h"
#include "packet.h"

/**
 * l4lb_udp_request() - note a client's packet
 * @conn: live connection
 * @pkt: packet
 *
 * Context: Any but a hard interrupt, under rcu_read_lock().
 */
void l4lb_udp_request(struct l4lb_conn *conn, const struct l4lb_packet *pkt)
{
	if (READ_ONCE(conn->seen) != l4lb_tick_now())
		l4lb_udp_reply(conn, pkt);
}

/**
 * l4lb_udp_reply() - note a real's packet
 * @conn: live connection
 * @pkt: packet
 *
 * Context: Any but a hard interrupt, under rcu_read_lock().
 */
void l4lb_udp_reply(struct l4lb_conn *conn, const struct l4lb_packet *pkt)
{
	if (READ_ONCE(conn->state) != L4LB_CONN_UDP_NEW)
		return;

	l4lb_conn_set_state(conn, L4LB_CONN_UDP);
	l4lb_conn_prove(&pkt->ln->conns, conn);
}
