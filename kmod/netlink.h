/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Generic netlink family: the only way in for configuration.
 */

#ifndef _L4LB_NETLINK_H
#define _L4LB_NETLINK_H

struct genl_family;
struct genl_info;
struct netlink_callback;
struct sk_buff;

/**
 * enum l4lb_group - indexes of the multicast groups
 * @L4LB_GROUP_CONFIG: what was created, changed and removed
 * @L4LB_GROUP_HEALTH: verdicts and what follows from them
 * @L4LB_GROUP_CLIENT: what names clients
 */
enum l4lb_group {
	L4LB_GROUP_CONFIG,
	L4LB_GROUP_HEALTH,
	L4LB_GROUP_CLIENT,
};

extern struct genl_family l4lb_genl_family;

/* Requests that are in files of their own. */
int l4lb_nl_explain_get_doit(struct sk_buff *skb, struct genl_info *info);
int l4lb_nl_event_get_dumpit(struct sk_buff *msg, struct netlink_callback *cb);
int l4lb_nl_trace_set_doit(struct sk_buff *skb, struct genl_info *info);

int l4lb_netlink_init(void);
void l4lb_netlink_exit(void);

#endif /* _L4LB_NETLINK_H */
