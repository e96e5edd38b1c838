/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Generic netlink family: the only way in for configuration.
 */

#ifndef _L4LB_NETLINK_H
#define _L4LB_NETLINK_H

struct genl_family;

/**
 * enum l4lb_group - indexes of the multicast groups
 * @L4LB_GROUP_CONFIG: what was created, changed and removed
 * @L4LB_GROUP_HEALTH: verdicts and what follows from them
 */
enum l4lb_group {
	L4LB_GROUP_CONFIG,
	L4LB_GROUP_HEALTH,
};

extern struct genl_family l4lb_genl_family;

int l4lb_netlink_init(void);
void l4lb_netlink_exit(void);

#endif /* _L4LB_NETLINK_H */
