// SPDX-License-Identifier: GPL-2.0-only
/*
 * Asks on the wire who has an address, by ARP or neighbour discovery.
 *
 * All questions go out together, three times, and answers are taken for a
 * second: who answers first need not be the only one.
 */

#include "solicit.h"
#include "compiler.h"
#include "err.h"
#include "frame.h"
#include "watch.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ROUNDS		3
#define ROUND_MS	300
#define LAST_MS		400

/* Neighbour advertisements; all else of IPv6 would be too much. */
static const struct sock_filter nd_code[] = {
	BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 14 + 6),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_ICMPV6, 0, 3),
	BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 14 + 40),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ND_NEIGHBOR_ADVERT, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, 256),
	BPF_STMT(BPF_RET | BPF_K, 0),
};

static int socket_open(uint16_t proto)
{
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
			htons(proto));
	const struct sock_fprog filter = {
		.len = ARRAY_SIZE(nd_code),
		.filter = (struct sock_filter *)nd_code,
	};
	int ret;

	if (fd < 0)
		return -errno;
	if (proto == ETH_P_IPV6 &&
	    setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter,
		       sizeof(filter))) {
		ret = -errno;
		close(fd);
		return ret;
	}

	return fd;
}

static void arp_ask(int fd, struct question *question)
{
	const struct lb_link *link = question->link;
	struct arp_frame frame;

	lb_frame_arp(&frame, ARPOP_REQUEST, link->mac, &question->source,
		     &question->addr);
	question->asked |= !lb_frame_send(fd, link->index, &frame,
					  sizeof(frame));
}

static void nd_ask(int fd, struct question *question)
{
	const struct lb_link *link = question->link;
	struct nd_frame frame;

	/* From nobody it would be the claim of one who wants it himself. */
	if (!question->source.family)
		return;

	lb_frame_solicit(&frame, link->mac, &question->source,
			 &question->addr);
	question->asked |= !lb_frame_send(fd, link->index, &frame,
					  sizeof(frame));
}

static void answer_note(struct question *questions, size_t count, int link,
			const struct lb_addr *addr, const uint8_t *mac)
{
	struct question *question;
	unsigned int i;
	size_t q;

	for (q = 0; q < count; q++) {
		question = &questions[q];
		if (question->link->index != link ||
		    !lb_addr_equal(&question->addr, addr))
			continue;
		for (i = 0; i < question->count; i++) {
			if (!memcmp(question->mac[i], mac, LB_MAC_LEN))
				break;
		}
		if (i == question->count && i < SOLICIT_MACS)
			memcpy(question->mac[question->count++], mac,
			       LB_MAC_LEN);
	}
}

/* Who asks for something else says who he is as well. */
static bool arp_read(const uint8_t *data, size_t size, struct lb_addr *addr,
		     uint8_t *mac)
{
	struct arp_frame frame;

	if (size < sizeof(frame))
		return false;
	memcpy(&frame, data, sizeof(frame));
	if (frame.arp.arp_hrd != htons(ARPHRD_ETHER) ||
	    frame.arp.arp_pro != htons(ETH_P_IP))
		return false;

	addr->family = AF_INET;
	memcpy(&addr->v4, frame.arp.arp_spa, sizeof(addr->v4));
	memcpy(mac, frame.arp.arp_sha, LB_MAC_LEN);

	return true;
}

static bool nd_read(const uint8_t *data, size_t size, struct lb_addr *addr,
		    uint8_t *mac)
{
	struct nd_frame frame;
	size_t plain = sizeof(frame) - sizeof(frame.option);

	if (size < plain)
		return false;
	memset(&frame, 0, sizeof(frame));
	memcpy(&frame, data, size < sizeof(frame) ? size : sizeof(frame));
	if (frame.ip.ip6_nxt != IPPROTO_ICMPV6 || frame.ip.ip6_hlim != 255 ||
	    frame.nd.nd_ns_type != ND_NEIGHBOR_ADVERT)
		return false;

	addr->family = AF_INET6;
	memcpy(&addr->v6, &frame.nd.nd_ns_target, sizeof(addr->v6));
	memcpy(mac, frame.option.type == ND_OPT_TARGET_LINKADDR &&
	       frame.option.length == 1 ?
		    frame.option.mac : frame.eth.ether_shost, LB_MAC_LEN);

	return true;
}

static void answers_read(int fd, bool is_arp, struct question *questions,
			 size_t count)
{
	struct sockaddr_ll from = { 0 };
	struct lb_addr addr = { 0 };
	uint8_t mac[LB_MAC_LEN];
	socklen_t len = sizeof(from);
	uint8_t data[256];
	ssize_t got;
	bool known;

	while ((got = recvfrom(fd, data, sizeof(data), 0,
			       (struct sockaddr *)&from, &len)) >= 0) {
		known = is_arp ? arp_read(data, (size_t)got, &addr, mac) :
				 nd_read(data, (size_t)got, &addr, mac);
		if (known && from.sll_pkttype != PACKET_OUTGOING)
			answer_note(questions, count, from.sll_ifindex, &addr,
				    mac);
		len = sizeof(from);
	}
}

/* What came while this did not run has come in time: it reads once more. */
static void answers_wait(const int fds[2], struct question *questions,
			 size_t count, uint64_t until)
{
	struct pollfd polled[] = {
		{ .fd = fds[0], .events = POLLIN },
		{ .fd = fds[1], .events = POLLIN },
	};
	uint64_t now;

	do {
		now = watch_now();
		if (poll(polled, ARRAY_SIZE(polled),
			 now < until ? (int)(until - now) : 0) < 0)
			continue;
		answers_read(fds[0], true, questions, count);
		answers_read(fds[1], false, questions, count);
	} while (now < until);
}

static void questions_ask(const int fds[2], struct question *questions,
			  size_t count)
{
	unsigned int round;
	size_t i;

	for (round = 1; round <= ROUNDS; round++) {
		for (i = 0; i < count; i++) {
			if (questions[i].addr.family == AF_INET)
				arp_ask(fds[0], &questions[i]);
			else
				nd_ask(fds[1], &questions[i]);
		}
		answers_wait(fds, questions, count, watch_now() +
			     (round < ROUNDS ? ROUND_MS : LAST_MS));
	}
}

/**
 * solicit() - ask all questions, and wait for answers
 * @questions: the questions
 * @count: how many
 * @err: why not
 *
 * Return: 0 or -errno; -EPERM without the privilege to ask.
 */
int solicit(struct question *questions, size_t count, struct lb_err *err)
{
	int fds[2] = { socket_open(ETH_P_ARP), socket_open(ETH_P_IPV6) };
	int ret = fds[0] < 0 ? fds[0] : 0;

	if (fds[1] < 0 && !ret)
		ret = fds[1];
	if (!ret && count)
		questions_ask(fds, questions, count);
	if (fds[0] >= 0)
		close(fds[0]);
	if (fds[1] >= 0)
		close(fds[1]);

	return ret ? lb_err_code(err, ret) : 0;
}
