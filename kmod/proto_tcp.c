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

/* No state leads back to half-open, so that ends once. */
static void tcp_set_state(struct l4lb_conn *conn, const struct l4lb_packet *pkt,
			  u8 state)
{
	if (READ_ONCE(conn->state) == state)
		return;

	WRITE_ONCE(conn->idle, l4lb_conn_idle(conn->real, state));
	if (l4lb_conn_is_half_open(xchg(&conn->state, state)))
		l4lb_flood_give(&pkt->ln->conns.flood);
}

static void tcp_close(struct l4lb_conn *conn, const struct l4lb_packet *pkt,
		      u8 fin)
{
	if (pkt->flags & L4LB_TCP_RST) {
		tcp_set_state(conn, pkt, L4LB_CONN_CLOSED);
		return;
	}

	fin |= READ_ONCE(conn->fins);
	WRITE_ONCE(conn->fins, fin);
	tcp_set_state(conn, pkt, fin == FIN_BOTH ? L4LB_CONN_CLOSED :
						   L4LB_CONN_FIN);
}

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
bool l4lb_tcp_restarts(const struct l4lb_conn *conn,
		       const struct l4lb_packet *pkt)
{
	u8 state = READ_ONCE(conn->state);

	return (pkt->flags & (L4LB_TCP_SYN | L4LB_TCP_ACK)) == L4LB_TCP_SYN &&
	       (state == L4LB_CONN_FIN || state == L4LB_CONN_CLOSED);
}

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

	if (flags & (L4LB_TCP_RST | L4LB_TCP_FIN))
		tcp_close(conn, pkt, FIN_CLIENT);
	else if ((flags & (L4LB_TCP_SYN | L4LB_TCP_ACK)) == L4LB_TCP_ACK &&
		 tcp_is_confirmed(conn, pkt))
		tcp_set_state(conn, pkt, L4LB_CONN_ESTABLISHED);
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
	if (pkt->flags & (L4LB_TCP_RST | L4LB_TCP_FIN))
		tcp_close(conn, pkt, FIN_REAL);
	else if (READ_ONCE(conn->state) == L4LB_CONN_UNCONFIRMED)
		tcp_set_state(conn, pkt, L4LB_CONN_ESTABLISHED);
}
