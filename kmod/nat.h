/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Address translation and the checksums that depend on it.
 */

#ifndef _L4LB_NAT_H
#define _L4LB_NAT_H

#include <linux/types.h>

struct l4lb_conn_nat;
struct l4lb_packet;
struct l4lb_real;

/* Data path: softirq, under rcu_read_lock(). */
bool l4lb_nat_request(struct l4lb_packet *pkt,
		      const struct l4lb_conn_nat *nat);
bool l4lb_nat_reply(struct l4lb_packet *pkt, const struct l4lb_conn_nat *nat);
bool l4lb_nat_probe(struct l4lb_packet *pkt, const struct l4lb_real *real);
bool l4lb_nat_probe_answer(struct l4lb_packet *pkt,
			   const struct l4lb_real *real);
bool l4lb_nat_request_fragment(struct l4lb_packet *pkt,
			       const struct l4lb_conn_nat *nat);
bool l4lb_nat_reply_fragment(struct l4lb_packet *pkt,
			     const struct l4lb_conn_nat *nat);
bool l4lb_nat_request_error(struct l4lb_packet *pkt,
			    const struct l4lb_conn_nat *nat);
bool l4lb_nat_reply_error(struct l4lb_packet *pkt,
			  const struct l4lb_conn_nat *nat);

#endif /* _L4LB_NAT_H */
