/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Before 6.6 the attributes of a dump were in a structure of its own.
 */

#ifndef _L4LB_COMPAT_NET_GENETLINK_H
#define _L4LB_COMPAT_NET_GENETLINK_H

#include_next <net/genetlink.h>

static inline const struct genl_dumpit_info *
genl_info_dump(struct netlink_callback *cb)
{
	return genl_dumpit_info(cb);
}

#endif /* _L4LB_COMPAT_NET_GENETLINK_H */
