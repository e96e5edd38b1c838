// SPDX-License-Identifier: GPL-2.0-only
/*
 * pkt_fuzz DEVICE MAC FROM4 TO4 FROM6 TO6 N [SEED] - N packets that are wrong
 *
 * Each is built as it should be: TCP, UDP or an ICMP error about such a packet,
 * perhaps about an error itself, with options, extension headers, or as part of
 * a datagram whose parts overlap. Then some of its bytes change, or it ends too
 * early. The same seed gives the same packets.
 */

#include <arpa/inet.h>
#include <err.h>
#include <linux/if_packet.h>
#include <linux/types.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/ip_icmp.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* Errors within errors. */
#define DEPTH_MAX	3

#define FRAME_MAX	1514
#define DATA_MAX	200

static __u8 addr4[2][4], addr6[2][16];
static __u64 state;

/* xorshift64*, which is good enough and the same everywhere. */
static __u32 any(__u32 below)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;

	return (__u32)((state * 2685821657736338717ull) >> 32) % below;
}

static bool one_in(__u32 n)
{
	return !any(n);
}

static void put16(__u8 *at, __u16 value)
{
	at[0] = value >> 8;
	at[1] = value;
}

static __u32 sum_add(__u32 sum, const __u8 *p, size_t len)
{
	for (; len > 1; len -= 2, p += 2)
		sum += p[0] << 8 | p[1];
	if (len)
		sum += p[0] << 8;

	return sum;
}

static __u16 sum_end(__u32 sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);

	return ~sum;
}

/* Few, so that connections are met, and now and then another. */
static __u16 port(void)
{
	return one_in(16) ? any(65536) : one_in(2) ? 25 : 4000 + any(8);
}

/**
 * struct piece - a packet that is being built
 * @at: its IP header
 * @room: bytes that there are for it
 * @v4: whether it is IPv4
 * @back: whether source and destination are exchanged
 * @depth: errors that it is in
 */
struct piece {
	__u8 *at;
	size_t room;
	bool v4;
	bool back;
	int depth;
};

static size_t put_packet(const struct piece *piece);

static size_t put_ports(__u8 *l4, const struct piece *piece, size_t header,
			size_t sum)
{
	size_t i, len = header + any(one_in(8) ? DATA_MAX : 20);

	if (len > piece->room)
		len = piece->room;
	for (i = 0; i < len; i++)
		l4[i] = any(256);
	if (len < header)
		return len;
	put16(l4, port());
	put16(l4 + 2, port());
	put16(l4 + sum, 0);

	return len;
}

static size_t put_tcp(__u8 *l4, const struct piece *piece)
{
	static const __u8 flags[] = { 0x02, 0x12, 0x10, 0x18, 0x11, 0x04 };
	size_t len = put_ports(l4, piece, 20, 16);

	if (len >= 20) {
		l4[12] = one_in(8) ? any(256) : 0x50;
		l4[13] = one_in(8) ? any(256) : flags[any(sizeof(flags))];
	}

	return len;
}

static size_t put_udp(__u8 *l4, const struct piece *piece)
{
	size_t len = put_ports(l4, piece, 8, 6);

	if (len >= 8)
		put16(l4 + 4, one_in(16) ? any(65536) : len);

	return len;
}

static size_t put_icmp(__u8 *l4, const struct piece *piece)
{
	static const __u8 types4[] = { 3, 4, 5, 11, 12, 8, 0, 13 };
	static const __u8 types6[] = { 1, 2, 3, 4, 128, 129, 100 };
	struct piece inner = *piece;

	if (piece->room < 8)
		return 0;
	memset(l4, 0, 8);
	l4[0] = piece->v4 ? types4[any(sizeof(types4))] :
			    types6[any(sizeof(types6))];
	l4[1] = any(6);
	put16(l4 + 6, one_in(4) ? any(65536) : 1280);
	inner.at = l4 + 8;
	inner.room = piece->room - 8;
	inner.depth++;
	inner.back = one_in(4) ? piece->back : !piece->back;
	inner.v4 = one_in(32) ? !piece->v4 : piece->v4;

	return 8 + put_packet(&inner);
}

/* Returns its length; @proto is what it turned out to be. */
static size_t put_l4(__u8 *l4, const struct piece *piece, __u8 *proto)
{
	__u32 kind = any(8);

	if (kind < 2 && piece->depth < DEPTH_MAX) {
		*proto = piece->v4 ? IPPROTO_ICMP : IPPROTO_ICMPV6;
		return put_icmp(l4, piece);
	}
	if (kind == 7 && one_in(4)) {
		*proto = any(256);
		return put_udp(l4, piece);
	}
	if (kind < 5) {
		*proto = IPPROTO_UDP;
		return put_udp(l4, piece);
	}
	*proto = IPPROTO_TCP;

	return put_tcp(l4, piece);
}

static void put_sum(const struct piece *piece, __u8 proto, __u8 *l4, size_t len)
{
	size_t at = proto == IPPROTO_TCP ? 16 : proto == IPPROTO_UDP ? 6 : 2;
	__u32 sum = 0;

	if (one_in(16) || len < at + 2)
		return;
	if (proto != IPPROTO_ICMP)
		sum = proto + len;
	if (proto != IPPROTO_ICMP && piece->v4)
		sum = sum_add(sum, piece->at + 12, 8);
	else if (!piece->v4)
		sum = sum_add(sum, piece->at + 8, 32);
	put16(l4 + at, 0);
	put16(l4 + at, sum_end(sum_add(sum, l4, len)));
}

/* Offset and flag of a fragment as IPv4 has them; they overlap. */
static __u16 any_offset(void)
{
	static const __u16 offsets[] = { 0, 0, 1, 2, 3, 8, 185, 8191 };

	return offsets[any(8)] | any(2) << 13;
}

static size_t put_ip4(const struct piece *piece)
{
	size_t len, header = 20 + (one_in(8) ? any(11) * 4 : 0);
	struct piece rest = *piece;
	__u8 *at = piece->at;
	size_t i;

	if (piece->room < header)
		return 0;
	memset(at, 0, header);
	at[0] = 0x40 | header / 4;
	put16(at + 4, any(8));
	put16(at + 6, one_in(4) ? any_offset() : one_in(2) ? 0x4000 : 0);
	at[8] = one_in(16) ? any(3) : 64;
	memcpy(at + 12, addr4[piece->back], 4);
	memcpy(at + 16, addr4[!piece->back], 4);
	for (i = 20; i < header; i++)
		at[i] = one_in(2) ? 1 : any(256);

	rest.room -= header;
	len = put_l4(at + header, &rest, &at[9]);
	put_sum(piece, at[9], at + header, len);
	put16(at + 2, header + len);
	put16(at + 10, sum_end(sum_add(0, at, header)));

	return header + len;
}

/* Extension headers; @next is where the type of what follows is to be put. */
static size_t put_chain(const struct piece *piece, __u8 *start, __u8 **next)
{
	static const __u8 types[] = {
		IPPROTO_HOPOPTS, IPPROTO_DSTOPTS, IPPROTO_ROUTING,
		IPPROTO_FRAGMENT, IPPROTO_FRAGMENT, IPPROTO_AH,
	};
	__u8 *at = start, type;
	__u16 offset;

	while (one_in(3) && piece->room > (size_t)(at - piece->at) + 8) {
		type = types[any(sizeof(types))];
		**next = type;
		*next = at;
		memset(at, 0, 8);
		switch (type) {
		case IPPROTO_FRAGMENT:
			offset = any_offset();
			put16(at + 2, offset << 3 | offset >> 13);
			at[7] = any(8);
			break;
		case IPPROTO_ROUTING:
			at[2] = one_in(2) ? 253 : any(6);
			at[3] = one_in(8);
			break;
		default:
			at[2] = 1;
			at[3] = 4;
			break;
		}
		if (one_in(16))
			at[1] = any(256);
		at += 8;
	}

	return at - start;
}

static size_t put_ip6(const struct piece *piece)
{
	struct piece rest = *piece;
	__u8 *at = piece->at, *next = at + 6, *l4;
	size_t len, chain;

	if (piece->room < 40)
		return 0;
	memset(at, 0, 40);
	at[0] = 0x60;
	at[7] = one_in(16) ? any(3) : 64;
	memcpy(at + 8, addr6[piece->back], 16);
	memcpy(at + 24, addr6[!piece->back], 16);

	chain = put_chain(piece, at + 40, &next);
	l4 = at + 40 + chain;
	rest.room -= 40 + chain;
	len = put_l4(l4, &rest, next);
	put_sum(piece, *next, l4, len);
	put16(at + 4, chain + len);

	return 40 + chain + len;
}

static size_t put_packet(const struct piece *piece)
{
	return piece->v4 ? put_ip4(piece) : put_ip6(piece);
}

/* Where it is no more what it was, and what the stack would find at once. */
static size_t damage(__u8 *packet, size_t len, bool v4)
{
	size_t header;
	int left;

	if (one_in(3))
		for (left = 1 + any(4); left; left--)
			packet[any(len)] = any(256);
	if (one_in(8))
		len = 1 + any(len);
	if (!v4 && len >= 40 && !one_in(4))
		put16(packet + 4, len - 40);
	if (!v4 || one_in(8) || len < 20)
		return len;

	packet[0] = 0x40 | (packet[0] & 15);
	if (one_in(4))
		return len;
	header = (packet[0] & 15) * 4;
	put16(packet + 2, len);
	if (header >= 20 && header <= len) {
		put16(packet + 10, 0);
		put16(packet + 10, sum_end(sum_add(0, packet, header)));
	}

	return len;
}

static void send_all(int fd, const struct sockaddr_ll *to, const __u8 *mac,
		     unsigned long n)
{
	static __u8 frame[FRAME_MAX + DEPTH_MAX];
	struct piece piece = { .at = frame + 14, .room = FRAME_MAX - 14 };
	size_t len;

	memcpy(frame, mac, 6);
	memcpy(frame + 6, "\2\0\0\0\0\1", 6);
	while (n--) {
		piece.v4 = one_in(2);
		put16(frame + 12, piece.v4 ? ETHERTYPE_IP : ETHERTYPE_IPV6);
		len = put_packet(&piece);
		len = damage(piece.at, len, piece.v4);
		if (sendto(fd, frame, 14 + len, 0, (const void *)to,
			   sizeof(*to)) < 0)
			err(1, "sendto");
	}
}

static void set_addr(int family, const char *text, void *addr)
{
	if (inet_pton(family, text, addr) != 1)
		errx(2, "not an address: %s", text);
}

int main(int argc, char **argv)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET };
	__u8 mac[6];
	int fd, i;

	if (argc < 8 || argc > 9)
		errx(2, "usage: pkt_fuzz DEVICE MAC FROM4 TO4 FROM6 TO6 N [SEED]");
	if (sscanf(argv[2], "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &mac[0], &mac[1],
		   &mac[2], &mac[3], &mac[4], &mac[5]) != 6)
		errx(2, "not a MAC address: %s", argv[2]);
	set_addr(AF_INET, argv[3], addr4[0]);
	set_addr(AF_INET, argv[4], addr4[1]);
	set_addr(AF_INET6, argv[5], addr6[0]);
	set_addr(AF_INET6, argv[6], addr6[1]);
	state = argc == 9 ? strtoull(argv[8], NULL, 0) : 1;
	printf("seed %llu\n", (unsigned long long)state);
	/* Zero would stay zero. */
	state = state * 2 + 1;
	for (i = 0; i < 8; i++)
		any(2);

	to.sll_ifindex = if_nametoindex(argv[1]);
	if (!to.sll_ifindex)
		err(1, "%s", argv[1]);
	fd = socket(AF_PACKET, SOCK_RAW, 0);
	if (fd < 0)
		err(1, "socket");
	send_all(fd, &to, mac, strtoul(argv[7], NULL, 10));

	return 0;
}
