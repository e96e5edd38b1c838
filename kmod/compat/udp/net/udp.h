/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Before 6.2 all namespaces had one table of UDP sockets.
 */

#ifndef _L4LB_COMPAT_NET_UDP_H
#define _L4LB_COMPAT_NET_UDP_H

#include_next <net/udp.h>

static inline struct udp_table *l4lb_udp_table(const struct net *net)
{
	return &udp_table;
}

#endif /* _L4LB_COMPAT_NET_UDP_H */
