/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Objects as netlink attributes.
 */

#ifndef _L4LB_MESSAGE_H
#define _L4LB_MESSAGE_H

struct l4lb_conn;
struct l4lb_net;
struct l4lb_persist;
struct l4lb_real;
struct l4lb_vip;
struct sk_buff;

/* Control plane: process context, under l4lb_net.lock. */
int l4lb_message_put_vip(struct sk_buff *msg, const struct l4lb_vip *vip);
int l4lb_message_put_names(struct sk_buff *msg, const char *vip,
			   const char *real);
int l4lb_message_put_real(struct sk_buff *msg, const struct l4lb_real *real);
int l4lb_message_put_conn(struct sk_buff *msg, const struct l4lb_conn *conn);
int l4lb_message_put_persist(struct sk_buff *msg,
			     const struct l4lb_persist *entry);
int l4lb_message_put_totals(struct sk_buff *msg, struct l4lb_net *ln);

#endif /* _L4LB_MESSAGE_H */
