// SPDX-License-Identifier: GPL-2.0-only
/*
 * pkt_send tcp|udp SOURCE SPORT DEST DPORT [OPTION...] - packets by hand
 *
 * No socket is behind them, and the source need not be an address of this
 * host, whose stack then does not answer the answers.
 */

#include <arpa/inet.h>
#include <err.h>
#include <linux/types.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define SIZE_MAX_DATA	9000

static void help(void)
{
	fputs("usage: pkt_send tcp|udp SOURCE SPORT DEST DPORT [OPTION...]\n"
	      "  flags LETTERS  TCP flags, of FSRPAU (S)\n"
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
	      "  cut N          N bytes of the packet are missing at its end\n",
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
 */
struct order {
	__u8 proto;
	int family;
	__u8 addr[2][16];
	__u16 port[2];
	__u8 flags;
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
};

static __u8 packet[SIZE_MAX_DATA + 128];

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
	ip6h.ip6_plen = htons(len);
	ip6h.ip6_nxt = order->proto;
	ip6h.ip6_hlim = order->ttl;
	memcpy(&ip6h.ip6_src, order->addr[0], 16);
	memcpy(&ip6h.ip6_dst, order->addr[1], 16);
	memcpy(packet, &ip6h, sizeof(ip6h));

	return sizeof(ip6h);
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

/* The last byte alone, from 1 to 254. */
static void next_address(struct order *order)
{
	__u8 *last = order->addr[0] + (order->family == AF_INET ? 3 : 15);

	*last = *last % 254 + 1;
}

static void send_all(struct order *order)
{
	struct sockaddr_in6 to6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in to4 = { .sin_family = AF_INET };
	bool v4 = order->family == AF_INET;
	const struct sockaddr *to = v4 ? (void *)&to4 : (void *)&to6;
	size_t len;
	int fd;

	memcpy(&to4.sin_addr, order->addr[1], 4);
	memcpy(&to6.sin6_addr, order->addr[1], 16);
	fd = socket(order->family, SOCK_RAW, IPPROTO_RAW);
	if (fd < 0)
		err(1, "socket");

	for (; order->count; order->count--) {
		len = build(order);
		if (sendto(fd, packet, len, 0, to,
			   v4 ? sizeof(to4) : sizeof(to6)) < 0)
			err(1, "sendto");
		order->port[0] += order->step;
		if (order->walk)
			next_address(order);
	}
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
	else
		return false;

	return true;
}

int main(int argc, char **argv)
{
	struct order order = {
		.flags = 0x02, .seq = 1, .ttl = 64, .count = 1,
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
	send_all(&order);

	return 0;
}
