/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Transactions: requests of one socket that count together or not at all.
 */

#ifndef _L4LB_TRANSACTION_H
#define _L4LB_TRANSACTION_H

#include <linux/types.h>

struct genl_info;
struct l4lb_net;
struct l4lb_request;
struct netlink_ext_ack;
struct sk_buff;

/* Requests of the family: process context. */
int l4lb_txn_begin_doit(struct sk_buff *skb, struct genl_info *info);
int l4lb_txn_commit_doit(struct sk_buff *skb, struct genl_info *info);
int l4lb_txn_abort_doit(struct sk_buff *skb, struct genl_info *info);
bool l4lb_txn_is_open(struct genl_info *info);

/* Process context, under l4lb_net.lock. */
int l4lb_txn_keep(struct l4lb_net *ln, u32 portid,
		  const struct l4lb_request *request,
		  struct netlink_ext_ack *extack);
void l4lb_txn_forget(struct l4lb_net *ln, u32 portid);
void l4lb_txn_net_exit(struct l4lb_net *ln);

#endif /* _L4LB_TRANSACTION_H */
