// SPDX-License-Identifier: GPL-2.0-only
/*
 * pkt_watch DEVICE - one line for each IP packet that passes a device
 *
 *	in 02:...:01>02:...:02 tcp 10.0.1.2:4000>10.0.1.10:25 ttl=64 len=40
 *	flags=S seq=1 ack=0 sum=ok data=0/00000000
 *
 * all on one line. sum is ok, bad or none, and part if the pseudo header alone
 * has been summed, correctly, which leaves the rest to the hardware. data is
 * its length and a checksum of it. The first line says that the watch began.
 * On SIGTERM what has come until then is written before it ends.
 */

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <linux/types.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/ip_icmp.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

/**
 * struct seen - a packet and what is around it
 * @data: from the IP header on
 * @len: how much of it there is
 * @family: AF_INET or AF_INET6
 * @partial: its checksum is not complete yet
 * @whole: there is a transport header, and all that it sums is there
 * @proto: what follows the IP header
 * @l4: where that is
 */
struct seen {
	const __u8 *data;
	size_t len;
	int family;
	bool partial;
	bool whole;
	__u8 proto;
	size_t l4;
};

static __u32 sum_add(__u32 sum, const void *data, size_t len)
{
	const __u8 *p = data;

	for (; len > 1; len -= 2, p += 2) {
		sum += p[0] << 8 | p[1];
		sum = (sum & 0xffff) + (sum >> 16);
	}
	if (len)
		sum += p[0] << 8;

	return (sum & 0xffff) + (sum >> 16);
}

static __u16 sum_fold(__u32 sum)
{
	sum = (sum & 0xffff) + (sum >> 16);

	return (sum & 0xffff) + (sum >> 16);
}

/* The sum of addresses, length and protocol. */
static __u32 sum_pseudo(const struct seen *pkt)
{
	__u32 len = pkt->len - pkt->l4;
	__u32 sum = pkt->proto + (len >> 16) + (len & 0xffff);

	if (pkt->family == AF_INET)
		return sum_add(sum, pkt->data + 12, 8);

	return sum_add(sum, pkt->data + 8, 32);
}

static const char *sum_verdict(const struct seen *pkt, __u16 stored)
{
	__u32 sum;

	if (!pkt->whole)
		return "cut";
	if (pkt->partial)
		return sum_fold(sum_pseudo(pkt)) == ntohs(stored) ? "part" :
								    "bad";
	if (!stored && pkt->proto == IPPROTO_UDP)
		return "none";

	sum = sum_add(sum_pseudo(pkt), pkt->data + pkt->l4,
		      pkt->len - pkt->l4);

	return sum_fold(sum) == 0xffff ? "ok" : "bad";
}

/* FNV-1a: enough to see that bytes are the same. */
static void print_data(const struct seen *pkt, size_t from)
{
	__u32 hash = 2166136261u;
	size_t i;

	if (from > pkt->len)
		from = pkt->len;
	for (i = from; i < pkt->len; i++)
		hash = (hash ^ pkt->data[i]) * 16777619u;
	printf(" data=%zu/%08x", pkt->len - from, hash);
}

static void print_side(const struct seen *pkt, bool source, int port)
{
	size_t at = pkt->family == AF_INET ? 12 : 8;
	char text[INET6_ADDRSTRLEN];

	if (!source)
		at += pkt->family == AF_INET ? 4 : 16;
	inet_ntop(pkt->family, pkt->data + at, text, sizeof(text));
	if (port < 0)
		printf("%s", text);
	else if (pkt->family == AF_INET)
		printf("%s:%d", text, port);
	else
		printf("[%s]:%d", text, port);
}

static void print_sides(const struct seen *pkt, int sport, int dport)
{
	print_side(pkt, true, sport);
	printf(">");
	print_side(pkt, false, dport);
	if (pkt->family == AF_INET)
		printf(" ttl=%u len=%zu", pkt->data[8], pkt->len);
	else
		printf(" ttl=%u len=%zu", pkt->data[7], pkt->len);
}

static void print_tcp(const struct seen *pkt)
{
	static const char letters[] = "FSRPAUEC";
	struct tcphdr th;
	__u8 flags;
	size_t i;

	memcpy(&th, pkt->data + pkt->l4, sizeof(th));
	flags = pkt->data[pkt->l4 + 13];
	printf("tcp ");
	print_sides(pkt, ntohs(th.source), ntohs(th.dest));
	printf(" flags=");
	for (i = 0; letters[i]; i++)
		if (flags & 1 << i)
			putchar(letters[i]);
	printf(" seq=%u ack=%u sum=%s", ntohl(th.seq), ntohl(th.ack_seq),
	       sum_verdict(pkt, th.check));
	print_data(pkt, pkt->l4 + th.doff * 4);
}

static void print_udp(const struct seen *pkt)
{
	struct udphdr uh;

	memcpy(&uh, pkt->data + pkt->l4, sizeof(uh));
	printf("udp ");
	print_sides(pkt, ntohs(uh.source), ntohs(uh.dest));
	printf(" sum=%s", sum_verdict(pkt, uh.check));
	print_data(pkt, pkt->l4 + sizeof(uh));
}

static void print_packet(const __u8 *data, size_t len, bool partial,
			 bool inside);

static void print_icmp(const struct seen *pkt)
{
	const __u8 *icmp = pkt->data + pkt->l4;
	bool error, v4 = pkt->family == AF_INET;
	__u32 mtu;

	error = v4 ? icmp[0] == ICMP_DEST_UNREACH ||
		     icmp[0] == ICMP_TIME_EXCEEDED : icmp[0] < 128;
	memcpy(&mtu, icmp + 4, sizeof(mtu));
	printf("icmp ");
	print_sides(pkt, -1, -1);
	printf(" type=%u code=%u", icmp[0], icmp[1]);
	if (!error)
		return;
	printf(" mtu=%u about ", ntohl(mtu) & (v4 ? 0xffff : ~0u));
	print_packet(icmp + 8, pkt->len - pkt->l4 - 8, false, true);
}

/* How much of a transport header says anything. */
static size_t header_size(__u8 proto, bool inside)
{
	if (inside || proto == IPPROTO_UDP)
		return 8;
	if (proto == IPPROTO_TCP)
		return sizeof(struct tcphdr);

	return 8;
}

static void print_l4(const struct seen *pkt, bool inside)
{
	__u16 ports[2];

	if (pkt->len < pkt->l4 + header_size(pkt->proto, inside)) {
		printf("proto%u ", pkt->proto);
		print_sides(pkt, -1, -1);
		return;
	}

	if (inside) {
		memcpy(ports, pkt->data + pkt->l4, sizeof(ports));
		print_sides(pkt, ntohs(ports[0]), ntohs(ports[1]));
	} else if (pkt->proto == IPPROTO_TCP) {
		print_tcp(pkt);
	} else if (pkt->proto == IPPROTO_UDP) {
		print_udp(pkt);
	} else if (pkt->proto == IPPROTO_ICMP ||
		   pkt->proto == IPPROTO_ICMPV6) {
		print_icmp(pkt);
	} else {
		printf("proto%u ", pkt->proto);
		print_sides(pkt, -1, -1);
	}
}

/*
 * Goes past the extension headers that do not hide what follows; returns where
 * the datagram goes on if it is a fragment, with bit 0 if more come.
 */
static unsigned int skip_ext(struct seen *pkt)
{
	unsigned int offset = 0;
	const __u8 *ext;

	while (pkt->l4 + 8 <= pkt->len && !offset) {
		ext = pkt->data + pkt->l4;
		switch (pkt->proto) {
		case IPPROTO_HOPOPTS:
		case IPPROTO_DSTOPTS:
		case IPPROTO_ROUTING:
			pkt->l4 += 8 + ext[1] * 8;
			break;
		case IPPROTO_FRAGMENT:
			offset = (ext[2] << 8 | ext[3]) & ~6;
			pkt->l4 += 8;
			break;
		default:
			return offset;
		}
		pkt->proto = ext[0];
	}

	return offset;
}

/* @inside: an ICMP error quotes it, perhaps in part */
static void print_packet(const __u8 *data, size_t len, bool partial,
			 bool inside)
{
	struct seen pkt = { .data = data, .len = len, .partial = partial };
	unsigned int offset, total;

	if (len >= sizeof(struct iphdr) && data[0] >> 4 == 4) {
		pkt.family = AF_INET;
		pkt.proto = data[9];
		pkt.l4 = (data[0] & 15) * 4;
		offset = (data[6] << 8 | data[7]) & 0x3fff;
		total = data[2] << 8 | data[3];
	} else if (len >= sizeof(struct ip6_hdr) && data[0] >> 4 == 6) {
		pkt.family = AF_INET6;
		pkt.proto = data[6];
		pkt.l4 = sizeof(struct ip6_hdr);
		offset = skip_ext(&pkt);
		/* As IPv4 has it. */
		offset = offset >> 3 | (offset & 1) << 13;
		total = (data[4] << 8 | data[5]) + sizeof(struct ip6_hdr);
	} else {
		return;
	}

	/* Small frames are padded; large ones of GSO may say nothing. */
	if (total && total < len)
		pkt.len = total;
	pkt.whole = !inside;

	if (offset && inside) {
		printf("fragment ");
	} else if (offset) {
		printf("fragment at=%u more=%u proto%u ",
		       (offset & 0x1fff) * 8, offset >> 13, pkt.proto);
		print_sides(&pkt, -1, -1);
		return;
	}
	print_l4(&pkt, inside);
	if (pkt.family == AF_INET && pkt.l4 > sizeof(struct iphdr))
		printf(" options=%zu", pkt.l4 - sizeof(struct iphdr));
	if (pkt.family == AF_INET6 && pkt.l4 > sizeof(struct ip6_hdr))
		printf(" ext=%zu", pkt.l4 - sizeof(struct ip6_hdr));
	if (pkt.family == AF_INET && data[6] & 0x40)
		printf(" df");
}

static void print_mac(const __u8 *mac)
{
	printf("%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3],
	       mac[4], mac[5]);
}

static bool not_ready(struct msghdr *msg)
{
	const struct tpacket_auxdata *aux;
	struct cmsghdr *cmsg;

	for (cmsg = CMSG_FIRSTHDR(msg); cmsg; cmsg = CMSG_NXTHDR(msg, cmsg)) {
		if (cmsg->cmsg_level != SOL_PACKET ||
		    cmsg->cmsg_type != PACKET_AUXDATA)
			continue;
		aux = (const void *)CMSG_DATA(cmsg);
		return aux->tp_status & TP_STATUS_CSUMNOTREADY;
	}

	return false;
}

/* A signal's handler needs it. */
static int fd;

/* No more shall come, and what is there is read without waiting. */
static void end(int sig)
{
	struct sock_filter none = BPF_STMT(BPF_RET | BPF_K, 0);
	struct sock_fprog filter = { .len = 1, .filter = &none };

	setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter));
	fcntl(fd, F_SETFL, O_NONBLOCK);
}

static void watch(void)
{
	static __u8 frame[128 * 1024];
	char control[CMSG_SPACE(sizeof(struct tpacket_auxdata))];
	struct iovec iov = { .iov_base = frame, .iov_len = sizeof(frame) };
	struct sockaddr_ll from;
	struct msghdr msg = {
		.msg_name	= &from,
		.msg_iov	= &iov,
		.msg_iovlen	= 1,
		.msg_control	= control,
	};
	const struct ether_header *eth = (const void *)frame;
	__u16 type;
	ssize_t len;

	for (;;) {
		msg.msg_namelen = sizeof(from);
		msg.msg_controllen = sizeof(control);
		len = recvmsg(fd, &msg, 0);
		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0 && errno == EAGAIN)
			return;
		if (len < 0)
			err(1, "recvmsg");
		if (len < (ssize_t)sizeof(*eth))
			continue;
		type = ntohs(eth->ether_type);
		if (type != ETHERTYPE_IP && type != ETHERTYPE_IPV6)
			continue;
		printf("%s ", from.sll_pkttype == PACKET_OUTGOING ? "out" :
								    "in");
		print_mac(eth->ether_shost);
		printf(">");
		print_mac(eth->ether_dhost);
		printf(" ");
		print_packet(frame + sizeof(*eth), len - sizeof(*eth),
			     not_ready(&msg), false);
		printf("\n");
	}
}

int main(int argc, char **argv)
{
	const struct sigaction action = { .sa_handler = end };
	int one = 1, size = 8 << 20;
	struct sockaddr_ll addr = {
		.sll_family	= AF_PACKET,
		.sll_protocol	= htons(ETH_P_ALL),
	};

	if (argc != 2)
		errx(2, "usage: pkt_watch DEVICE");

	setlinebuf(stdout);
	addr.sll_ifindex = if_nametoindex(argv[1]);
	if (!addr.sll_ifindex)
		err(1, "%s", argv[1]);

	/* Nothing comes before it is bound. */
	fd = socket(AF_PACKET, SOCK_RAW, 0);
	if (fd < 0)
		err(1, "socket");
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	if (setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &one, sizeof(one)))
		err(1, "PACKET_AUXDATA");
	if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)))
		err(1, "bind");
	if (sigaction(SIGTERM, &action, NULL))
		err(1, "sigaction");
	printf("watching %s\n", argv[1]);
	watch();

	return 0;
}
