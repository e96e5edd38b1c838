/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Answers to packets that cannot be forwarded: TCP resets and ICMP errors.
 */

#ifndef _L4LB_RESET_H
#define _L4LB_RESET_H

#include <linux/types.h>

struct l4lb_conn;
struct l4lb_packet;

/* Data path: softirq, under rcu_read_lock(). */
void l4lb_reset_sender(const struct l4lb_packet *pkt);
void l4lb_reset_both(const struct l4lb_packet *pkt, struct l4lb_conn *conn,
		     bool reply);
void l4lb_reset_refuse(const struct l4lb_packet *pkt);

#endif /* _L4LB_RESET_H */
