// SPDX-License-Identifier: GPL-2.0-only
/*
 * pkt_send tcp|udp SOURCE SPORT DEST DPORT [OPTION...] - packets by hand
 *
 * No socket is behind them, and the source need not be an address of this
 * host, whose stack then does not answer the answers. Whichever process sends
 * them, they arrive in the order in which they were sent.
 */

#include <arpa/inet.h>
#include <err.h>
#include <linux/types.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define SIZE_MAX_DATA	65000
#define FRAGMENTS_MAX	8192

static void help(void)
{
	fputs("usage: pkt_send tcp|udp SOURCE SPORT DEST DPORT [OPTION...]\n"
	      "  flags LETTERS  TCP flags, of FSRPAU (S)\n"
	      "  turn LETTERS   these in every second packet\n"
	      "  seq N, ack N   TCP numbers (1, 0)\n"
	      "  ttl N          time to live or hop limit (64)\n"
	      "  size N         bytes of data (0)\n"
	      "  count N        so many packets (1)\n"
	      "  step           each from the next source port\n"
	      "  walk           each from the next source address, of 254\n"
	      "  df             do not fragment\n"
	      "  option         with an IP option that does nothing\n"
	      "  nosum          UDP without a checksum\n"
	      "  badsum         with a wrong checksum\n"
	      "  cut N          N bytes of the packet are missing at its end\n"
	      "  ext LETTERS    IPv6 extension headers: hop-by-hop, destination,\n"
	      "                 routing at its end, Routing with a hop left, an\n"
	      "                 atomic fragment, esp\n"
	      "  split N        in fragments with N bytes each, of 8\n"
	      "  id N           their number (1)\n"
	      "  reverse        the last of them first\n"
	      "  mixed          every other of them first\n"
	      "  only N         only the Nth of them, from 0\n"
	      "  without N      all but that\n",
	      stderr);
	exit(2);
}

/**
 * struct order - what to send
 * @proto: IPPROTO_TCP or IPPROTO_UDP
 * @family: AF_INET or AF_INET6
 * @addr: addresses of source and destination
 * @port: their ports
 * @flags: TCP flags
 * @turn: those of every second packet, or 0
 * @seq: TCP sequence number
 * @ack: what it acknowledges
 * @ttl: time to live
 * @size: bytes of data
 * @count: how many packets
 * @cut: bytes to leave away
 * @step: each packet has the next source port
 * @walk: each packet has the next source address
 * @df: not to be fragmented
 * @option: with an IP option
 * @nosum: without UDP checksum
 * @badsum: with a wrong checksum
 * @ext: letters of the extension headers
 * @split: bytes of a fragment, or 0
 * @id: number of the datagram
 * @reverse: the last fragment first
 * @mixed: every other fragment first
 * @only: the fragment to send, or -1
 * @without: the fragment not to send, or -1
 */
struct order {
	__u8 proto;
	int family;
	__u8 addr[2][16];
	__u16 port[2];
	__u8 flags;
	__u8 turn;
	__u32 seq;
	__u32 ack;
	__u8 ttl;
	size_t size;
	unsigned int count;
	size_t cut;
	bool step;
	bool walk;
	bool df;
	bool option;
	bool nosum;
	bool badsum;
	const char *ext;
	size_t split;
	__u32 id;
	bool reverse;
	bool mixed;
	int only;
	int without;
};

static __u8 packet[SIZE_MAX_DATA + 256];
static __u8 fragment[SIZE_MAX_DATA + 256];

static __u32 sum_add(__u32 sum, const void *data, size_t len)
{
	const __u8 *p = data;

	for (; len > 1; len -= 2, p += 2)
		sum += p[0] << 8 | p[1];
	if (len)
		sum += p[0] << 8;

	return sum;
}

static __u16 checksum(const struct order *order, const __u8 *l4, size_t len)
{
	size_t width = order->family == AF_INET ? 4 : 16;
	__u32 sum = order->proto + len;
	__u16 result;

	sum = sum_add(sum, order->addr[0], width);
	sum = sum_add(sum, order->addr[1], width);
	sum = sum_add(sum, l4, len);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);

	result = ~sum & 0xffff;
	if (order->badsum)
		result ^= 0x1111;

	return result ? result : 0xffff;
}

static __u8 ext_proto(char letter)
{
	switch (letter) {
	case 'h':
		return IPPROTO_HOPOPTS;
	case 'd':
		return IPPROTO_DSTOPTS;
	case 'r':
	case 'R':
		return IPPROTO_ROUTING;
	case 'a':
		return IPPROTO_FRAGMENT;
	case 'e':
		return IPPROTO_ESP;
	default:
		help();
		return 0;
	}
}

/*
 * All are of eight bytes. A type of routing that nobody knows is passed over at
 * its end; options of ours are one of four bytes that pads.
 */
static size_t put_ext(const struct order *order, __u8 *at)
{
	const char *letter;
	__u8 *start = at;

	for (letter = order->ext; *letter; letter++, at += 8) {
		memset(at, 0, 8);
		at[0] = letter[1] ? ext_proto(letter[1]) : order->proto;
		switch (*letter) {
		case 'h':
		case 'd':
			at[2] = 1;
			at[3] = 4;
			break;
		case 'r':
		case 'R':
			at[2] = 253;
			at[3] = *letter == 'R';
			break;
		}
	}

	return at - start;
}

/* The kernel completes an IPv4 header: length, id and checksum. */
static size_t put_ip(const struct order *order, size_t len)
{
	struct ip6_hdr ip6h = { 0 };
	struct iphdr iph = { 0 };
	size_t l4;

	if (order->family == AF_INET) {
		l4 = sizeof(iph) + (order->option ? 4 : 0);
		iph.version = 4;
		iph.ihl = l4 / 4;
		iph.ttl = order->ttl;
		iph.protocol = order->proto;
		iph.frag_off = htons(order->df ? IP_DF : 0);
		memcpy(&iph.saddr, order->addr[0], 4);
		memcpy(&iph.daddr, order->addr[1], 4);
		memcpy(packet, &iph, sizeof(iph));
		memset(packet + sizeof(iph), IPOPT_NOP, l4 - sizeof(iph));
		return l4;
	}

	ip6h.ip6_vfc = 6 << 4;
	ip6h.ip6_plen = htons(len + 8 * strlen(order->ext) - order->cut);
	ip6h.ip6_nxt = *order->ext ? ext_proto(*order->ext) : order->proto;
	ip6h.ip6_hlim = order->ttl;
	memcpy(&ip6h.ip6_src, order->addr[0], 16);
	memcpy(&ip6h.ip6_dst, order->addr[1], 16);
	memcpy(packet, &ip6h, sizeof(ip6h));

	return sizeof(ip6h) + put_ext(order, packet + sizeof(ip6h));
}

static size_t put_l4(const struct order *order, __u8 *l4, size_t len)
{
	struct tcphdr th = { 0 };
	struct udphdr uh = { 0 };
	size_t size = sizeof(th);
	__u16 sum;

	if (order->proto == IPPROTO_TCP) {
		th.source = htons(order->port[0]);
		th.dest = htons(order->port[1]);
		th.seq = htonl(order->seq);
		th.ack_seq = htonl(order->ack);
		th.doff = sizeof(th) / 4;
		th.window = htons(8192);
		memcpy(l4, &th, sizeof(th));
		l4[13] = order->flags;
		sum = htons(checksum(order, l4, len));
		memcpy(l4 + offsetof(struct tcphdr, check), &sum, 2);
	} else {
		uh.source = htons(order->port[0]);
		uh.dest = htons(order->port[1]);
		uh.len = htons(len);
		size = sizeof(uh);
		memcpy(l4, &uh, size);
		sum = order->nosum ? 0 : htons(checksum(order, l4, len));
		memcpy(l4 + offsetof(struct udphdr, check), &sum, 2);
	}

	return size;
}

static size_t build(const struct order *order)
{
	size_t l4, i, len;

	len = (order->proto == IPPROTO_TCP ? sizeof(struct tcphdr) :
					     sizeof(struct udphdr)) +
	      order->size;
	l4 = put_ip(order, len);
	for (i = 0; i < len; i++)
		packet[l4 + i] = i * 7;
	put_l4(order, packet + l4, len);
	len += l4;

	return len > order->cut ? len - order->cut : 0;
}

/* One part of what is in @packet; extension headers are in the first alone. */
static size_t build_fragment(const struct order *order, size_t len, int number)
{
	size_t l3 = order->family == AF_INET ? (packet[0] & 15) * 4 :
					       sizeof(struct ip6_hdr);
	size_t from = l3 + number * order->split, size = len - from;
	struct ip6_frag fh = { .ip6f_nxt = packet[6] };
	bool more = size > order->split;
	__u16 offset;

	if (more)
		size = order->split;
	memcpy(fragment, packet, l3);
	if (order->family == AF_INET) {
		offset = htons((from - l3) / 8 | more << 13);
		memcpy(fragment + 6, &offset, sizeof(offset));
		offset = htons(order->id);
		memcpy(fragment + 4, &offset, sizeof(offset));
	} else {
		fragment[6] = IPPROTO_FRAGMENT;
		offset = htons(size + sizeof(fh));
		memcpy(fragment + 4, &offset, sizeof(offset));
		fh.ip6f_offlg = htons((from - l3) | more);
		fh.ip6f_ident = htonl(order->id);
		memcpy(fragment + l3, &fh, sizeof(fh));
		l3 += sizeof(fh);
	}
	memcpy(fragment + l3, packet + from, size);

	return l3 + size;
}

/* Which of @n is the @i-th to go. */
static int nth_fragment(const struct order *order, int i, int n)
{
	if (order->reverse)
		return n - 1 - i;
	if (order->mixed)
		return i < n / 2 ? 2 * i + 1 : 2 * (i - n / 2);

	return i;
}

/* The last byte alone, from 1 to 254. */
static void next_address(struct order *order)
{
	__u8 *last = order->addr[0] + (order->family == AF_INET ? 3 : 15);

	*last = *last % 254 + 1;
}

static void send_packet(const struct order *order, int fd,
			const struct sockaddr *to, const void *data, size_t len)
{
	if (sendto(fd, data, len, 0, to, order->family == AF_INET ?
		   sizeof(struct sockaddr_in) :
		   sizeof(struct sockaddr_in6)) < 0)
		err(1, "sendto");
}

static void send_fragments(const struct order *order, int fd,
			   const struct sockaddr *to, size_t len)
{
	size_t l3 = order->family == AF_INET ? (packet[0] & 15) * 4 :
					       sizeof(struct ip6_hdr);
	int i, number, n = (len - l3 + order->split - 1) / order->split;

	for (i = 0; i < n; i++) {
		number = nth_fragment(order, i, n);
		if (number == order->without ||
		    (order->only >= 0 && number != order->only))
			continue;
		send_packet(order, fd, to, fragment,
			    build_fragment(order, len, number));
	}
}

static void flags_turn(struct order *order)
{
	__u8 flags = order->flags;

	if (!order->turn)
		return;
	order->flags = order->turn;
	order->turn = flags;
}

static void send_all(struct order *order)
{
	struct sockaddr_in6 to6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in to4 = { .sin_family = AF_INET };
	bool v4 = order->family == AF_INET;
	const int probe = IPV6_PMTUDISC_PROBE;
	const struct sockaddr *to = v4 ? (void *)&to4 : (void *)&to6;
	size_t len;
	int fd;

	memcpy(&to4.sin_addr, order->addr[1], 4);
	memcpy(&to6.sin6_addr, order->addr[1], 16);
	fd = socket(order->family, SOCK_RAW, IPPROTO_RAW);
	if (fd < 0)
		err(1, "socket");
	/* What the path is said to carry does not bind those who try it. */
	if (!v4 && setsockopt(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &probe,
			      sizeof(probe)) < 0)
		err(1, "IPV6_MTU_DISCOVER");

	for (; order->count; order->count--) {
		len = build(order);
		if (order->split)
			send_fragments(order, fd, to, len);
		else
			send_packet(order, fd, to, packet, len);
		order->id++;
		order->port[0] += order->step;
		flags_turn(order);
		if (order->walk)
			next_address(order);
	}
}

/* A packet that has to wait does so in the queue of the processor it is on. */
static void use_one_cpu(void)
{
	cpu_set_t cpu;

	CPU_ZERO(&cpu);
	CPU_SET(0, &cpu);
	if (sched_setaffinity(0, sizeof(cpu), &cpu))
		err(1, "sched_setaffinity");
}

static unsigned long number(const char *text, unsigned long most)
{
	unsigned long value;
	char *end;

	value = strtoul(text, &end, 10);
	if (*end || end == text || value > most)
		errx(2, "%s is not in 0-%lu", text, most);

	return value;
}

static __u8 flag_bits(const char *letters)
{
	static const char known[] = "FSRPAU";
	__u8 bits = 0;
	const char *at;

	for (; *letters; letters++) {
		at = strchr(known, *letters);
		if (!at)
			help();
		bits |= 1 << (at - known);
	}

	return bits;
}

static void set_switch(struct order *order, const char *word)
{
	if (!strcmp(word, "step"))
		order->step = true;
	else if (!strcmp(word, "walk"))
		order->walk = true;
	else if (!strcmp(word, "df"))
		order->df = true;
	else if (!strcmp(word, "option"))
		order->option = true;
	else if (!strcmp(word, "nosum"))
		order->nosum = true;
	else if (!strcmp(word, "badsum"))
		order->badsum = true;
	else if (!strcmp(word, "reverse"))
		order->reverse = true;
	else if (!strcmp(word, "mixed"))
		order->mixed = true;
	else
		help();
}

static bool set_value(struct order *order, const char *word,
		      const char *value)
{
	if (!value)
		return false;

	if (!strcmp(word, "flags"))
		order->flags = flag_bits(value);
	else if (!strcmp(word, "turn"))
		order->turn = flag_bits(value);
	else if (!strcmp(word, "seq"))
		order->seq = number(value, UINT32_MAX);
	else if (!strcmp(word, "ack"))
		order->ack = number(value, UINT32_MAX);
	else if (!strcmp(word, "ttl"))
		order->ttl = number(value, 255);
	else if (!strcmp(word, "size"))
		order->size = number(value, SIZE_MAX_DATA);
	else if (!strcmp(word, "count"))
		order->count = number(value, UINT32_MAX);
	else if (!strcmp(word, "cut"))
		order->cut = number(value, SIZE_MAX_DATA);
	else if (!strcmp(word, "ext"))
		order->ext = value;
	else if (!strcmp(word, "split"))
		order->split = number(value, SIZE_MAX_DATA) & ~7;
	else if (!strcmp(word, "id"))
		order->id = number(value, UINT32_MAX);
	else if (!strcmp(word, "only"))
		order->only = number(value, FRAGMENTS_MAX);
	else if (!strcmp(word, "without"))
		order->without = number(value, FRAGMENTS_MAX);
	else
		return false;

	return true;
}

int main(int argc, char **argv)
{
	struct order order = {
		.flags = 0x02, .seq = 1, .ttl = 64, .count = 1,
		.ext = "", .id = 1, .only = -1, .without = -1,
	};
	int i;

	if (argc < 6)
		help();

	if (!strcmp(argv[1], "tcp"))
		order.proto = IPPROTO_TCP;
	else if (!strcmp(argv[1], "udp"))
		order.proto = IPPROTO_UDP;
	else
		help();

	order.family = strchr(argv[2], ':') ? AF_INET6 : AF_INET;
	if (inet_pton(order.family, argv[2], order.addr[0]) != 1 ||
	    inet_pton(order.family, argv[4], order.addr[1]) != 1)
		errx(2, "not two addresses: %s %s", argv[2], argv[4]);
	order.port[0] = number(argv[3], UINT16_MAX);
	order.port[1] = number(argv[5], UINT16_MAX);

	for (i = 6; i < argc; i++) {
		if (set_value(&order, argv[i], argv[i + 1]))
			i++;
		else
			set_switch(&order, argv[i]);
	}
	use_one_cpu();
	send_all(&order);

	return 0;
}
