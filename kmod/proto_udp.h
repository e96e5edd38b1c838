/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * UDP: how a connection's state follows from its packets.
 *
 * What a single datagram makes, whose source anybody can forge, is half-open
 * until the real answers or, as with DR answers are not seen, the client goes
 * on at a later tick.
 */

#ifndef _L4LB_PROTO_UDP_H
#define _L4LB_PROTO_UDP_H

struct l4lb_conn;
struct l4lb_packet;

/* Data path: softirq, under rcu_read_lock(). */
void l4lb_udp_request(struct l4lb_conn *conn, const struct l4lb_packet *pkt);
void l4lb_udp_reply(struct l4lb_conn *conn, const struct l4lb_packet *pkt);

#endif /* _L4LB_PROTO_UDP_H */
