// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames of ARP and neighbour discovery, which the kernel does not send when it
 * is asked to: questions about addresses, and the news of who has one.
 */

#include "frame.h"

#include <errno.h>
#include <linux/if_packet.h>
#include <net/if_arp.h>
#include <string.h>
#include <sys/socket.h>

/* Where every node of a link listens. */
static const struct in6_addr all_nodes = {
	.s6_addr = { 0xff, 2, [15] = 1 }
};

/* Where those listen whose address ends in the 3 bytes that are left out. */
static const struct in6_addr solicited_node = {
	.s6_addr = { 0xff, 2, [11] = 1, [12] = 0xff }
};

/**
 * lb_frame_send() - send a frame as it is
 * @fd: socket of AF_PACKET
 * @link: number of the interface
 * @frame: the frame
 * @size: its size
 *
 * Return: 0 or -errno.
 */
int lb_frame_send(int fd, int link, const void *frame, size_t size)
{
	const struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_ifindex = link,
	};

	if (sendto(fd, frame, size, 0, (const struct sockaddr *)&to,
		   sizeof(to)) < 0)
		return -errno;

	return 0;
}

/**
 * lb_frame_arp() - make a frame of ARP, for everybody
 * @frame: where to
 * @op: ARPOP_REQUEST or ARPOP_REPLY
 * @mac: who sends it
 * @source: the sender's address; no family for none
 * @target: the address that it is about
 */
void lb_frame_arp(struct arp_frame *frame, uint16_t op,
		  const uint8_t mac[LB_MAC_LEN], const struct lb_addr *source,
		  const struct lb_addr *target)
{
	*frame = (struct arp_frame) {
		.eth.ether_type = htons(ETH_P_ARP),
		.arp = {
			.arp_hrd = htons(ARPHRD_ETHER),
			.arp_pro = htons(ETH_P_IP),
			.arp_hln = LB_MAC_LEN,
			.arp_pln = sizeof(struct in_addr),
			.arp_op = htons(op),
		},
	};

	memset(frame->eth.ether_dhost, 0xff, LB_MAC_LEN);
	memcpy(frame->eth.ether_shost, mac, LB_MAC_LEN);
	memcpy(frame->arp.arp_sha, mac, LB_MAC_LEN);
	if (source->family)
		memcpy(frame->arp.arp_spa, &source->v4,
		       sizeof(frame->arp.arp_spa));
	memcpy(frame->arp.arp_tpa, &target->v4, sizeof(frame->arp.arp_tpa));
	/* In an answer to all, which nobody has asked for, it is all of them. */
	if (op == ARPOP_REPLY)
		memset(frame->arp.arp_tha, 0xff, LB_MAC_LEN);
}

static uint32_t sum_add(uint32_t sum, const void *data, size_t size)
{
	const uint8_t *byte = data;
	size_t i;

	for (i = 0; i < size; i++)
		sum += i & 1 ? byte[i] : (uint32_t)byte[i] << 8;

	return sum;
}

static uint16_t nd_checksum(const struct nd_frame *frame)
{
	size_t size = sizeof(frame->nd) + sizeof(frame->option);
	uint32_t sum = IPPROTO_ICMPV6 + (uint32_t)size;

	sum = sum_add(sum, &frame->ip.ip6_src, 2 * sizeof(struct in6_addr));
	sum = sum_add(sum, &frame->nd, size);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);

	return htons((uint16_t)~sum);
}

/* All but what is asked or said, to a group. */
static void nd_envelope(struct nd_frame *frame, const uint8_t mac[LB_MAC_LEN],
			const struct lb_addr *source, const struct in6_addr *to,
			const struct lb_addr *target)
{
	*frame = (struct nd_frame) {
		.eth.ether_type = htons(ETH_P_IPV6),
		.ip.ip6_flow = htonl(6U << 28),
		.ip.ip6_plen = htons(sizeof(frame->nd) +
				     sizeof(frame->option)),
		.ip.ip6_nxt = IPPROTO_ICMPV6,
		.ip.ip6_hlim = 255,
		.option.length = 1,
	};

	memset(frame->eth.ether_dhost, 0x33, 2);
	memcpy(frame->eth.ether_dhost + 2, &to->s6_addr[12], 4);
	memcpy(frame->eth.ether_shost, mac, LB_MAC_LEN);
	memcpy(frame->option.mac, mac, LB_MAC_LEN);
	memcpy(&frame->ip.ip6_src, &source->v6, sizeof(*to));
	memcpy(&frame->ip.ip6_dst, to, sizeof(*to));
	memcpy(&frame->nd.nd_ns_target, &target->v6, sizeof(*to));
}

/**
 * lb_frame_solicit() - make a neighbour solicitation, for whoever may have the
 * address
 * @frame: where to
 * @mac: who sends it
 * @source: the sender's address
 * @target: the address that is asked for
 */
void lb_frame_solicit(struct nd_frame *frame, const uint8_t mac[LB_MAC_LEN],
		      const struct lb_addr *source,
		      const struct lb_addr *target)
{
	struct in6_addr to = solicited_node;

	memcpy(&to.s6_addr[13], &target->v6.s6_addr[13], 3);
	nd_envelope(frame, mac, source, &to, target);
	frame->nd.nd_ns_type = ND_NEIGHBOR_SOLICIT;
	frame->option.type = ND_OPT_SOURCE_LINKADDR;
	frame->nd.nd_ns_cksum = nd_checksum(frame);
}

/**
 * lb_frame_advertise() - make a neighbour advertisement that nobody asked for,
 * for every node of a link
 * @frame: where to
 * @mac: who sends it
 * @addr: the address that it has
 */
void lb_frame_advertise(struct nd_frame *frame, const uint8_t mac[LB_MAC_LEN],
			const struct lb_addr *addr)
{
	nd_envelope(frame, mac, addr, &all_nodes, addr);
	frame->nd.nd_ns_type = ND_NEIGHBOR_ADVERT;
	frame->nd.nd_ns_reserved = ND_NA_FLAG_OVERRIDE;
	frame->option.type = ND_OPT_TARGET_LINKADDR;
	frame->nd.nd_ns_cksum = nd_checksum(frame);
}
