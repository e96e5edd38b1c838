/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Objects as netlink attributes.
 */

#ifndef _L4LB_MESSAGE_H
#define _L4LB_MESSAGE_H

#include <linux/skbuff.h>

struct l4lb_allow;
struct l4lb_conn;
struct l4lb_explain_query;
struct l4lb_explanation;
struct l4lb_net;
struct l4lb_persist;
struct l4lb_record;
struct l4lb_real;
struct l4lb_trace;
struct l4lb_vip;
struct user_namespace;

/* Holds any object: the largest is a VIP with all that it may have. */
#define L4LB_MESSAGE_SIZE	SKB_WITH_OVERHEAD(8192UL)

/* What the longest chain of connections fits into. */
#define L4LB_DUMP_SIZE		SKB_WITH_OVERHEAD(32768UL)

/* Control plane: process context, under l4lb_net.lock. */
int l4lb_message_put_vip(struct sk_buff *msg, const struct l4lb_vip *vip,
			 bool args);
int l4lb_message_put_names(struct sk_buff *msg, const char *vip,
			   const char *real);
int l4lb_message_put_real(struct sk_buff *msg, const struct l4lb_real *real,
			  bool args);
int l4lb_message_put_conn(struct sk_buff *msg, const struct l4lb_conn *conn);
int l4lb_message_put_persist(struct sk_buff *msg,
			     const struct l4lb_persist *entry);
int l4lb_message_put_global(struct sk_buff *msg, const struct l4lb_net *ln);
u32 l4lb_message_put_allow(struct sk_buff *msg, const struct l4lb_allow *allow,
			   u32 from);
int l4lb_message_put_explanation(struct sk_buff *msg,
				 const struct l4lb_explain_query *query,
				 const struct l4lb_explanation *ex);
int l4lb_message_put_record(struct sk_buff *msg,
			    const struct l4lb_record *record,
			    struct user_namespace *reader);
int l4lb_message_put_totals(struct sk_buff *msg, struct l4lb_net *ln);

/* Any context, under rcu_read_lock(). */
int l4lb_message_put_trace(struct sk_buff *msg, const struct l4lb_trace *trace);

#endif /* _L4LB_MESSAGE_H */
