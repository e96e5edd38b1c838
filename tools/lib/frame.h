/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Frames of ARP and neighbour discovery.
 */

#ifndef _LB_FRAME_H
#define _LB_FRAME_H

#include "addr.h"
#include "compiler.h"
#include "mac.h"

#include <net/ethernet.h>
#include <netinet/icmp6.h>
#include <netinet/if_ether.h>
#include <netinet/ip6.h>

/**
 * struct arp_frame - ARP on Ethernet
 * @eth: header of Ethernet
 * @arp: what is said or asked
 */
struct arp_frame {
	struct ether_header eth;
	struct ether_arp arp;
} __packed;

/**
 * struct nd_option - the one option of neighbour discovery that is needed
 * @type: ND_OPT_SOURCE_LINKADDR or ND_OPT_TARGET_LINKADDR
 * @length: in units of 8 bytes
 * @mac: that address
 */
struct nd_option {
	uint8_t type;
	uint8_t length;
	uint8_t mac[LB_MAC_LEN];
} __packed;

/**
 * struct nd_frame - a neighbour solicitation or advertisement on Ethernet
 * @eth: header of Ethernet
 * @ip: header of IPv6
 * @nd: what is said or asked; an advertisement is made of the same fields
 * @option: who it is that has the address, or who asks
 */
struct nd_frame {
	struct ether_header eth;
	struct ip6_hdr ip;
	struct nd_neighbor_solicit nd;
	struct nd_option option;
} __packed;

int lb_frame_send(int fd, int link, const void *frame, size_t size);
void lb_frame_arp(struct arp_frame *frame, uint16_t op,
		  const uint8_t mac[LB_MAC_LEN], const struct lb_addr *source,
		  const struct lb_addr *target);
void lb_frame_solicit(struct nd_frame *frame, const uint8_t mac[LB_MAC_LEN],
		      const struct lb_addr *source,
		      const struct lb_addr *target);
void lb_frame_advertise(struct nd_frame *frame, const uint8_t mac[LB_MAC_LEN],
			const struct lb_addr *addr);

#endif /* _LB_FRAME_H */
