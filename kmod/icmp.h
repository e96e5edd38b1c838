/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ICMP errors about packets of connections.
 */

#ifndef _L4LB_ICMP_H
#define _L4LB_ICMP_H

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>

struct l4lb_addr;
struct l4lb_packet;

static inline bool l4lb_icmp_is4(const struct iphdr *iph)
{
	return iph->protocol == IPPROTO_ICMP;
}

/* Data path: softirq, under rcu_read_lock(). */
unsigned int l4lb_icmp_to_vip(struct l4lb_packet *pkt,
			      const struct l4lb_addr *addr);
unsigned int l4lb_icmp_to_client(struct l4lb_packet *pkt);

#endif /* _L4LB_ICMP_H */
