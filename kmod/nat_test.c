// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of address translation: random packets, checksums summed anew.
 */

#include "addr.h"
#include "conn.h"
#include "nat.h"
#include "packet.h"
#include "real.h"

#include <kunit/test.h>
#include <linux/random.h>
#include <net/checksum.h>
#include <net/ip6_checksum.h>

#define ROUNDS	200

/**
 * struct nat_case - a connection and a packet of it
 * @real: the real
 * @nat: the connection
 * @pkt: the packet
 */
struct nat_case {
	struct l4lb_real real;
	struct l4lb_conn_nat nat;
	struct l4lb_packet pkt;
};

static void random_addr(u8 family, union nf_inet_addr *addr)
{
	memset(addr, 0, sizeof(*addr));
	get_random_bytes(addr, family == AF_INET ? 4 : 16);
}

static u16 l3_len(u8 family)
{
	return family == AF_INET ? sizeof(struct iphdr) :
				   sizeof(struct ipv6hdr);
}

static __sum16 pseudo(const struct sk_buff *skb, u8 family, u8 proto,
		      __wsum sum)
{
	u32 len = skb->len - l3_len(family);

	if (family == AF_INET)
		return csum_tcpudp_magic(ip_hdr(skb)->saddr,
					 ip_hdr(skb)->daddr, len, proto, sum);

	return csum_ipv6_magic(&ipv6_hdr(skb)->saddr, &ipv6_hdr(skb)->daddr,
			       len, proto, sum);
}

static __sum16 *l4_check(const struct l4lb_packet *pkt)
{
	struct tcphdr *th = l4lb_packet_l4(pkt);
	struct udphdr *uh = l4lb_packet_l4(pkt);

	return pkt->proto == IPPROTO_TCP ? &th->check : &uh->check;
}

/* Zero has two forms. */
static u16 plain(__sum16 sum)
{
	u16 value = (__force u16)sum;

	return value == 0xffff ? 0 : value;
}

static bool checksums_are_right(const struct l4lb_packet *pkt)
{
	struct sk_buff *skb = pkt->skb;
	__wsum sum = skb_checksum(skb, pkt->l4, skb->len - pkt->l4, 0);

	if (pkt->family == AF_INET && ip_fast_csum(ip_hdr(skb), 5))
		return false;
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		return plain(*l4_check(pkt)) ==
		       plain(~pseudo(skb, pkt->family, pkt->proto, 0));

	return !pseudo(skb, pkt->family, pkt->proto, sum);
}

static void put_headers(struct nat_case *c, const union nf_inet_addr *from,
			const union nf_inet_addr *to)
{
	struct sk_buff *skb = c->pkt.skb;
	struct ipv6hdr *ip6h;
	struct iphdr *iph;

	if (c->pkt.family == AF_INET) {
		iph = ip_hdr(skb);
		*iph = (struct iphdr){
			.version = 4, .ihl = 5, .ttl = 64,
			.tot_len = htons(skb->len),
			.protocol = c->pkt.proto,
			.saddr = from->ip, .daddr = to->ip,
		};
		ip_send_check(iph);
	} else {
		ip6h = ipv6_hdr(skb);
		*ip6h = (struct ipv6hdr){
			.version = 6, .hop_limit = 64,
			.payload_len = htons(skb->len - sizeof(*ip6h)),
			.nexthdr = c->pkt.proto,
			.saddr = from->in6, .daddr = to->in6,
		};
	}
}

static void put_checksum(struct nat_case *c, bool partial)
{
	struct sk_buff *skb = c->pkt.skb;
	__sum16 *check = l4_check(&c->pkt);
	__wsum sum;

	*check = 0;
	if (partial) {
		skb->ip_summed = CHECKSUM_PARTIAL;
		*check = ~pseudo(skb, c->pkt.family, c->pkt.proto, 0);
		return;
	}

	sum = skb_checksum(skb, c->pkt.l4, skb->len - c->pkt.l4, 0);
	*check = pseudo(skb, c->pkt.family, c->pkt.proto, sum);
	if (c->pkt.proto == IPPROTO_UDP && !*check)
		*check = CSUM_MANGLED_0;
}

static struct nat_case *case_new(struct kunit *test, u8 family, u8 proto)
{
	u16 payload = get_random_u32() % 99;
	struct sk_buff *skb;
	struct nat_case *c;

	c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, c);
	c->real.family = family;
	random_addr(family, &c->real.addr);
	random_addr(family, &c->real.vip_addr);
	c->real.csum = l4lb_addr_csum(&c->real.vip_addr, &c->real.addr);
	c->nat.conn.real = &c->real;
	get_random_bytes(&c->nat.conn.node.key.rest, 4);
	get_random_bytes(&c->nat.reply.key.rest, 4);

	skb = alloc_skb(256, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_reserve(skb, 16);
	skb_reset_network_header(skb);
	c->pkt.skb = skb;
	c->pkt.family = family;
	c->pkt.proto = proto;
	c->pkt.l4 = l3_len(family);
	get_random_bytes(skb_put(skb, c->pkt.l4 +
				 l4lb_packet_l4_len(&c->pkt) + payload),
			 c->pkt.l4 + l4lb_packet_l4_len(&c->pkt) + payload);

	return c;
}

static void case_free(struct kunit *test, struct nat_case *c)
{
	kfree_skb(c->pkt.skb);
	kunit_kfree(test, c);
}

static bool addrs_are(const struct l4lb_packet *pkt,
		      const union nf_inet_addr *from,
		      const union nf_inet_addr *to)
{
	if (pkt->family == AF_INET)
		return ip_hdr(pkt->skb)->saddr == from->ip &&
		       ip_hdr(pkt->skb)->daddr == to->ip;

	return ipv6_addr_equal(&ipv6_hdr(pkt->skb)->saddr, &from->in6) &&
	       ipv6_addr_equal(&ipv6_hdr(pkt->skb)->daddr, &to->in6);
}

static void one_packet(struct kunit *test, u8 family, u8 proto, unsigned int i)
{
	bool partial = i & 1, reply = i & 2, full = i & 4;
	struct nat_case *c = case_new(test, family, proto);
	union nf_inet_addr client, source;
	struct tcphdr *th;

	random_addr(family, &client);
	random_addr(family, &source);
	if (!full)
		source = client;
	l4lb_conn_key_set_addr(&c->nat.conn.node.key, family, &client);
	l4lb_conn_key_set_addr(&c->nat.reply.key, family, &source);
	c->nat.csum = l4lb_addr_csum(&client, &source);
	c->nat.conn.full = full;

	if (reply)
		put_headers(c, &c->real.addr, &source);
	else
		put_headers(c, &client, &c->real.vip_addr);
	put_checksum(c, partial);

	if (reply)
		KUNIT_EXPECT_TRUE(test, l4lb_nat_reply(&c->pkt, &c->nat));
	else
		KUNIT_EXPECT_TRUE(test, l4lb_nat_request(&c->pkt, &c->nat));

	KUNIT_EXPECT_TRUE(test, checksums_are_right(&c->pkt));
	th = l4lb_packet_l4(&c->pkt);
	if (reply) {
		KUNIT_EXPECT_TRUE(test, addrs_are(&c->pkt, &c->real.vip_addr,
						  &client));
		KUNIT_EXPECT_TRUE(test,
				  th->source == c->nat.conn.node.key.port);
		KUNIT_EXPECT_TRUE(test, !full ||
				  th->dest == c->nat.conn.node.key.cport);
	} else {
		KUNIT_EXPECT_TRUE(test, addrs_are(&c->pkt, &source,
						  &c->real.addr));
		KUNIT_EXPECT_TRUE(test, th->dest == c->nat.reply.key.port);
		KUNIT_EXPECT_TRUE(test, !full ||
				  th->source == c->nat.reply.key.cport);
	}
	case_free(test, c);
}

static void nat_keeps_checksums_right(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		one_packet(test, AF_INET, IPPROTO_TCP, i);
		one_packet(test, AF_INET, IPPROTO_UDP, i);
		one_packet(test, AF_INET6, IPPROTO_TCP, i);
		one_packet(test, AF_INET6, IPPROTO_UDP, i);
	}
}

static void nat_leaves_udp_without_checksum(struct kunit *test)
{
	struct nat_case *c = case_new(test, AF_INET, IPPROTO_UDP);
	union nf_inet_addr client;

	random_addr(AF_INET, &client);
	put_headers(c, &client, &c->real.vip_addr);
	*l4_check(&c->pkt) = 0;

	KUNIT_EXPECT_TRUE(test, l4lb_nat_request(&c->pkt, &c->nat));
	KUNIT_EXPECT_EQ(test, (__force u16)*l4_check(&c->pkt), 0);
	KUNIT_EXPECT_TRUE(test, ip_hdr(c->pkt.skb)->daddr == c->real.addr.ip);
	case_free(test, c);
}

static struct kunit_case nat_cases[] = {
	KUNIT_CASE(nat_keeps_checksums_right),
	KUNIT_CASE(nat_leaves_udp_without_checksum),
	{}
};

static struct kunit_suite nat_suite = {
	.name		= "l4lb_nat",
	.test_cases	= nat_cases,
};

kunit_test_suite(nat_suite);
