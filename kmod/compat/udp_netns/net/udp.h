/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Since 6.2 a namespace may have a table of UDP sockets of its own.
 */

#ifndef _L4LB_COMPAT_NET_UDP_H
#define _L4LB_COMPAT_NET_UDP_H

#include_next <net/udp.h>

static inline struct udp_table *l4lb_udp_table(const struct net *net)
{
	return net->ipv4.udp_table;
}

#endif /* _L4LB_COMPAT_NET_UDP_H */
