// SPDX-License-Identifier: GPL-2.0-only
/*
 * TCP: how a connection's state follows from its packets.
 */

#include "proto_tcp.h"
#include "conn.h"
#include "netns.h"
#include "packet.h"

/* Bits of l4lb_conn.fins. */
#define FIN_CLIENT	1
#define FIN_REAL	2
#define FIN_BOTH	(FIN_CLIENT | FIN_REAL)

static bool tcp_has_data(const struct l4lb_packet *pkt)
{
	const struct tcphdr *th = l4lb_packet_l4(pkt);

	return pkt->skb->len > pkt->l4 + th->doff * 4;
}

/*
 * By a packet after the first. Of a connection that an ACK began that is one
 * at a later tick, or one with data: a client that asks at once and then waits
 * for its answer must not lose its entry.
 */
static bool tcp_is_confirmed(const struct l4lb_conn *conn,
			     const struct l4lb_packet *pkt)
{
	switch (READ_ONCE(conn->state)) {
	case L4LB_CONN_SYN:
		return true;
	case L4LB_CONN_UNCONFIRMED:
		return READ_ONCE(conn->seen) != l4lb_tick_now() ||
		       tcp_has_data(pkt);
	default:
		return false;
	}
}

/* A reset proves nothing: who floods can send it, or have the real send it. */
static void tcp_reset(struct l4lb_conn *conn)
{
	l4lb_conn_set_state(conn, L4LB_CONN_CLOSED);
}

static void tcp_close(struct l4lb_conn *conn, u8 fin)
{
	fin |= READ_ONCE(conn->fins);
	WRITE_ONCE(conn->fins, fin);
	l4lb_conn_set_state(conn, fin == FIN_BOTH ? L4LB_CONN_CLOSED :
						    L4LB_CONN_FIN);
}

/**
 * l4lb_tcp_request() - note a client's packet
 * @conn: live connection
 * @pkt: packet
 *
 * Context: Any but a hard interrupt, under rcu_read_lock().
 */
void l4lb_tcp_request(struct l4lb_conn *conn, const struct l4lb_packet *pkt)
{
	u8 flags = pkt->flags;
	bool confirmed;

	if (flags & L4LB_TCP_RST) {
		tcp_reset(conn);
		return;
	}

	confirmed = (flags & (L4LB_TCP_SYN | L4LB_TCP_ACK)) == L4LB_TCP_ACK &&
		    tcp_is_confirmed(conn, pkt);
	if (flags & L4LB_TCP_FIN)
		tcp_close(conn, FIN_CLIENT);
	else if (confirmed)
		l4lb_conn_set_state(conn, L4LB_CONN_ESTABLISHED);
	if (confirmed)
		l4lb_conn_prove(&pkt->ln->conns, conn);
}

/**
 * l4lb_tcp_reply() - note a real's packet
 * @conn: live connection
 * @pkt: packet
 *
 * Context: Any but a hard interrupt, under rcu_read_lock().
 */
void l4lb_tcp_reply(struct l4lb_conn *conn, const struct l4lb_packet *pkt)
{
	if (pkt->flags & L4LB_TCP_RST) {
		tcp_reset(conn);
		return;
	}

	/* A real that answers an ACK has the connection; a SYN it must answer. */
	if (READ_ONCE(conn->state) == L4LB_CONN_UNCONFIRMED) {
		l4lb_conn_set_state(conn, L4LB_CONN_ESTABLISHED);
		l4lb_conn_prove(&pkt->ln->conns, conn);
	}
	if (pkt->flags & L4LB_TCP_FIN)
		tcp_close(conn, FIN_REAL);
}
