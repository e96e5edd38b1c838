/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Since 6.6 the attributes of a dump are in a struct genl_info, which
 * genl_info_dump() returns.
 */

#ifndef _L4LB_COMPAT_NET_GENETLINK_H
#define _L4LB_COMPAT_NET_GENETLINK_H

#include_next <net/genetlink.h>

#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
static inline struct nlattr **
l4lb_genl_dump_attrs(struct netlink_callback *cb)
{
	return genl_info_dump(cb)->attrs;
}
#else
static inline struct nlattr **
l4lb_genl_dump_attrs(struct netlink_callback *cb)
{
	return genl_dumpit_info(cb)->attrs;
}
#endif

#endif /* _L4LB_COMPAT_NET_GENETLINK_H */
