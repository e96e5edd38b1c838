/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sending: what is done to a packet on its way out, and the way out.
 */

#ifndef _L4LB_XMIT_H
#define _L4LB_XMIT_H

struct l4lb_conn;
struct l4lb_conn_nat;
struct l4lb_packet;
struct l4lb_real;

/* Data path: softirq, under rcu_read_lock(). */
unsigned int l4lb_xmit_to_real(struct l4lb_packet *pkt,
			       struct l4lb_conn *conn);
unsigned int l4lb_xmit_without_conn(struct l4lb_packet *pkt,
				    struct l4lb_real *real);
unsigned int l4lb_xmit_probe(struct l4lb_packet *pkt, struct l4lb_real *real);
unsigned int l4lb_xmit_probe_answer(struct l4lb_packet *pkt,
				    const struct l4lb_real *real);
unsigned int l4lb_xmit_to_client(struct l4lb_packet *pkt,
				 struct l4lb_conn_nat *nat);
unsigned int l4lb_xmit_fragment_to_real(struct l4lb_packet *pkt,
					struct l4lb_conn *conn);
unsigned int l4lb_xmit_fragment_to_client(struct l4lb_packet *pkt,
					  struct l4lb_conn_nat *nat);
unsigned int l4lb_xmit_error_to_real(struct l4lb_packet *pkt,
				     struct l4lb_conn *conn);
unsigned int l4lb_xmit_error_to_client(struct l4lb_packet *pkt,
				       struct l4lb_conn_nat *nat);

#endif /* _L4LB_XMIT_H */
