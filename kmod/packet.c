// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packets: checks that only new connections need.
 */

#include "packet.h"

#include <linux/in.h>

/**
 * l4lb_packet_is_martian() - whether no client can have the source
 * @pkt: plain packet
 *
 * The routing of the stack, which would refuse these, has not seen the packet.
 *
 * Context: Any.
 * Return: true if it is to be dropped.
 */
bool l4lb_packet_is_martian(const struct l4lb_packet *pkt)
{
	const struct ipv6hdr *ip6h;
	const struct iphdr *iph;
	int type;

	if (pkt->family == AF_INET) {
		iph = ip_hdr(pkt->skb);

		return iph->saddr == iph->daddr ||
		       ipv4_is_zeronet(iph->saddr) ||
		       ipv4_is_loopback(iph->saddr) ||
		       ipv4_is_multicast(iph->saddr) ||
		       ipv4_is_lbcast(iph->saddr);
	}

	ip6h = ipv6_hdr(pkt->skb);
	type = ipv6_addr_type(&ip6h->saddr);

	return !(type & IPV6_ADDR_UNICAST) ||
	       (type & (IPV6_ADDR_LOOPBACK | IPV6_ADDR_MAPPED)) ||
	       ipv6_addr_equal(&ip6h->saddr, &ip6h->daddr);
}
