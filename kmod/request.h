/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Requests that change the configuration, alone or in a transaction.
 */

#ifndef _L4LB_REQUEST_H
#define _L4LB_REQUEST_H

#include <net/netlink.h>

#include <uapi/linux/l4lb.h>

struct genl_info;
struct l4lb_change;

/**
 * struct l4lb_request - a request that was received
 * @cmd: &enum l4lb_cmd
 * @len: bytes of attributes
 * @head: its attributes, one after the other
 * @attrs: the same by type
 */
struct l4lb_request {
	u8 cmd;
	int len;
	const struct nlattr *head;
	struct nlattr *attrs[L4LB_A_MAX + 1];
};

/* Process context. */
int l4lb_request_doit(struct sk_buff *skb, struct genl_info *info);
int l4lb_request_parse(struct l4lb_request *request,
		       struct netlink_ext_ack *extack);
int l4lb_request_apply(struct l4lb_change *change,
		       struct l4lb_request *request,
		       struct netlink_ext_ack *extack);

#endif /* _L4LB_REQUEST_H */
