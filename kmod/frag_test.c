// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of fragments: what is remembered and what may wait, and which headers
 * are passed over to find out that a packet is one.
 */

#include "frag.h"
#include "netns.h"
#include "packet.h"
#include "stats.h"

#include <kunit/test.h>
#include <linux/netdevice.h>
#include <net/dst_metadata.h>
#include <net/net_namespace.h>

static int frag_init(struct kunit *test)
{
	struct l4lb_net *ln = kunit_kzalloc(test, sizeof(*ln), GFP_KERNEL);
	struct l4lb_frag_table *table;
	int err;

	if (!ln)
		return -ENOMEM;

	test->priv = ln;
	ln->net = &init_net;
	mutex_init(&ln->lock);
	ln->stats = alloc_percpu(struct l4lb_net_stats);
	if (!ln->stats)
		return -ENOMEM;

	mutex_lock(&ln->lock);
	err = l4lb_frag_start(ln);
	mutex_unlock(&ln->lock);
	if (err)
		return err;

	/* What waits is not to go on a slow machine. */
	rcu_read_lock();
	table = rcu_dereference(ln->frags);
	queue_delayed_work(system_unbound_wq, &table->sweep, 3600 * HZ);
	rcu_read_unlock();

	return 0;
}

static void frag_exit(struct kunit *test)
{
	struct l4lb_net *ln = test->priv;

	if (!ln)
		return;

	mutex_lock(&ln->lock);
	l4lb_frag_stop(ln);
	mutex_unlock(&ln->lock);
	free_percpu(ln->stats);
}

/* A packet that could go on: it has a route, and came by a device. */
static struct sk_buff *packet_make(struct kunit *test)
{
	struct metadata_dst *dst;
	struct sk_buff *skb;

	skb = alloc_skb(256, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	dst = metadata_dst_alloc(0, METADATA_IP_TUNNEL, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, dst);
	skb_dst_set(skb, &dst->dst);
	skb->dev = init_net.loopback_dev;
	skb_reset_network_header(skb);

	return skb;
}

static u64 dropped(struct kunit *test)
{
	struct l4lb_net *ln = test->priv;

	return l4lb_stats_drops(&ln->stats->drops, L4LB_DROP_FRAGMENT);
}

static struct l4lb_frag_key key_make(u32 id)
{
	struct l4lb_frag_key key = { .id = htonl(id) };

	key.saddr.s6_addr32[0] = htonl(0xfd300000);
	key.daddr.s6_addr32[3] = htonl(0x10);

	return key;
}

/* One that is not the first; what is not taken is freed. */
static enum l4lb_frag_way follow(struct kunit *test,
				 const struct l4lb_frag_key *key,
				 struct l4lb_conn_key *conn)
{
	struct l4lb_net *ln = test->priv;
	struct sk_buff *skb = packet_make(test);
	enum l4lb_frag_way way;

	rcu_read_lock();
	way = l4lb_frag_follow(ln, key, skb, conn);
	rcu_read_unlock();
	if (way != L4LB_FRAG_WAIT)
		kfree_skb(skb);

	return way;
}

/* The first; returns how many had waited for it. */
static unsigned int lead(struct kunit *test, const struct l4lb_frag_key *key,
			 enum l4lb_frag_way way, u16 port)
{
	struct l4lb_conn_key conn = { .port = htons(port) };
	struct l4lb_net *ln = test->priv;
	struct sk_buff *skb, *held;
	unsigned int n = 0;

	rcu_read_lock();
	held = l4lb_frag_lead(ln, key, way, &conn);
	while (held) {
		skb = held;
		held = skb->next;
		KUNIT_EXPECT_TRUE(test, l4lb_frag_resume(ln, skb));
		KUNIT_EXPECT_PTR_EQ(test, skb->dev, init_net.loopback_dev);
		kfree_skb(skb);
		n++;
	}
	rcu_read_unlock();

	return n;
}

static void others_follow_the_first(struct kunit *test)
{
	struct l4lb_frag_key key = key_make(1), other;
	struct l4lb_conn_key conn;

	KUNIT_EXPECT_EQ(test, lead(test, &key, L4LB_FRAG_CONN, 25), 0U);
	KUNIT_EXPECT_EQ(test, follow(test, &key, &conn), L4LB_FRAG_CONN);
	KUNIT_EXPECT_EQ(test, ntohs(conn.port), 25);

	/* The number is used again, for another port. */
	KUNIT_EXPECT_EQ(test, lead(test, &key, L4LB_FRAG_CONN, 26), 0U);
	KUNIT_EXPECT_EQ(test, follow(test, &key, &conn), L4LB_FRAG_CONN);
	KUNIT_EXPECT_EQ(test, ntohs(conn.port), 26);
	KUNIT_EXPECT_EQ(test, lead(test, &key, L4LB_FRAG_ACCEPT, 0), 0U);
	KUNIT_EXPECT_EQ(test, follow(test, &key, &conn), L4LB_FRAG_ACCEPT);

	/* Whatever differs makes it another datagram. */
	other = key;
	other.reply = true;
	KUNIT_EXPECT_EQ(test, follow(test, &other, &conn), L4LB_FRAG_WAIT);
	other = key;
	other.saddr.s6_addr[15] ^= 1;
	KUNIT_EXPECT_EQ(test, follow(test, &other, &conn), L4LB_FRAG_WAIT);
	other = key;
	other.daddr.s6_addr[0] ^= 1;
	KUNIT_EXPECT_EQ(test, follow(test, &other, &conn), L4LB_FRAG_WAIT);
	other = key_make(2);
	KUNIT_EXPECT_EQ(test, follow(test, &other, &conn), L4LB_FRAG_WAIT);
}

static void those_before_the_first_wait(struct kunit *test)
{
	struct l4lb_frag_key key = key_make(1);
	struct l4lb_conn_key conn;
	unsigned int i;

	for (i = 0; i < L4LB_FRAG_HELD_MAX; i++)
		KUNIT_EXPECT_EQ(test, follow(test, &key, &conn),
				L4LB_FRAG_WAIT);
	KUNIT_EXPECT_EQ(test, follow(test, &key, &conn), L4LB_FRAG_DROP);
	KUNIT_EXPECT_EQ(test, lead(test, &key, L4LB_FRAG_CONN, 25),
			(unsigned int)L4LB_FRAG_HELD_MAX);
	KUNIT_EXPECT_EQ(test, dropped(test), 0ULL);
}

/* The memory that they take has a bound, and is there again afterwards. */
static void not_too_many_wait(struct kunit *test)
{
	unsigned int i, j, waiting = 0, released = 0;
	struct l4lb_frag_key key;
	struct l4lb_conn_key conn;

	for (i = 0; i < 2 * L4LB_FRAGS_HELD_MAX; i++) {
		key = key_make(i / 4);
		waiting += follow(test, &key, &conn) == L4LB_FRAG_WAIT;
	}
	KUNIT_EXPECT_EQ(test, waiting, (unsigned int)L4LB_FRAGS_HELD_MAX);

	for (j = 0; j < i / 4; j++) {
		key = key_make(j);
		released += lead(test, &key, L4LB_FRAG_DROP, 0);
	}
	KUNIT_EXPECT_EQ(test, released + dropped(test), (u64)waiting);
	key = key_make(i);
	KUNIT_EXPECT_EQ(test, follow(test, &key, &conn), L4LB_FRAG_WAIT);
}

/* What has no room takes the place of the oldest, and lets go what waits. */
static void a_flood_forgets_the_oldest(struct kunit *test)
{
	struct l4lb_frag_key key = key_make(0);
	struct l4lb_conn_key conn;
	unsigned int i;

	follow(test, &key, &conn);
	for (i = 1; i < 16384; i++) {
		struct l4lb_frag_key other = key_make(i);

		lead(test, &other, L4LB_FRAG_CONN, i);
		KUNIT_EXPECT_EQ(test, follow(test, &other, &conn),
				L4LB_FRAG_CONN);
	}
	KUNIT_EXPECT_EQ(test, dropped(test), 1ULL);
	KUNIT_EXPECT_EQ(test, lead(test, &key, L4LB_FRAG_CONN, 25), 0U);
}

static void those_without_device_go(struct kunit *test)
{
	struct l4lb_net *ln = test->priv;
	struct sk_buff *skb = packet_make(test);

	skb->dev_scratch = INT_MAX;
	rcu_read_lock();
	KUNIT_EXPECT_FALSE(test, l4lb_frag_resume(ln, skb));
	rcu_read_unlock();
	KUNIT_EXPECT_EQ(test, dropped(test), 1ULL);
}

/**
 * struct chain_case - extension headers and what they lead to
 * @protos: the headers, the last of which ends the chain
 * @n: how many
 * @frag_off: of a fragment header, host order
 * @left: segments left, of a routing header
 * @kind: what is to be found
 * @frag: whether it is part of a datagram
 */
struct chain_case {
	u8 protos[12];
	u8 n;
	u16 frag_off;
	u8 left;
	enum l4lb_packet_kind kind;
	bool frag;
};

#define HOP	NEXTHDR_HOP
#define DEST	NEXTHDR_DEST
#define ROUTE	NEXTHDR_ROUTING
#define FRAG	NEXTHDR_FRAGMENT
#define UDP	NEXTHDR_UDP

static const struct chain_case chains[] = {
	{ { UDP }, 1, 0, 0, L4LB_PACKET_PLAIN, false },
	{ { HOP, DEST, ROUTE, UDP }, 4, 0, 0, L4LB_PACKET_PLAIN, false },
	{ { ROUTE, UDP }, 2, 0, 1, L4LB_PACKET_ODD, false },
	{ { DEST, HOP, UDP }, 3, 0, 0, L4LB_PACKET_ODD, false },
	{ { FRAG, UDP }, 2, 0, 0, L4LB_PACKET_PLAIN, false },
	{ { FRAG, UDP }, 2, 1, 0, L4LB_PACKET_PLAIN, true },
	{ { FRAG, UDP }, 2, 8, 0, L4LB_PACKET_FRAGMENT, true },
	{ { FRAG, DEST, UDP }, 3, 1, 0, L4LB_PACKET_PLAIN, true },
	{ { DEST, FRAG, UDP }, 3, 9, 0, L4LB_PACKET_FRAGMENT, true },
	{ { FRAG, FRAG, UDP }, 3, 1, 0, L4LB_PACKET_ODD, true },
	{ { NEXTHDR_ESP, UDP }, 1, 0, 0, L4LB_PACKET_PLAIN, false },
	{ { DEST, DEST, DEST, DEST, DEST, DEST, DEST, DEST, UDP }, 9, 0, 0,
	  L4LB_PACKET_PLAIN, false },
	{ { DEST, DEST, DEST, DEST, DEST, DEST, DEST, DEST, DEST, UDP }, 10, 0,
	  0, L4LB_PACKET_ODD, false },
};

static u8 *put_header(u8 *at, const struct chain_case *c, unsigned int i)
{
	memset(at, 0, 8);
	at[0] = c->protos[i + 1];
	if (c->protos[i] == ROUTE)
		at[3] = c->left;
	if (c->protos[i] == FRAG) {
		at[2] = c->frag_off >> 8;
		at[3] = c->frag_off;
	}

	return at + 8;
}

static void headers_are_passed_over(struct kunit *test)
{
	struct l4lb_packet_chain chain;
	const struct chain_case *c;
	struct ipv6hdr *ip6h;
	struct sk_buff *skb;
	unsigned int i, j;
	u8 *at;

	for (i = 0; i < ARRAY_SIZE(chains); i++) {
		c = &chains[i];
		skb = packet_make(test);
		ip6h = skb_put_zero(skb, sizeof(*ip6h) + c->n * 8);
		ip6h->nexthdr = c->protos[0];
		at = (u8 *)(ip6h + 1);
		for (j = 0; j + 1 < c->n; j++)
			at = put_header(at, c, j);
		KUNIT_EXPECT_EQ_MSG(test, l4lb_packet_follow6(skb, 0, &chain),
				    c->kind, "chain %u", i);
		KUNIT_EXPECT_EQ_MSG(test, !!chain.frag, c->frag, "chain %u", i);
		if (c->kind == L4LB_PACKET_PLAIN) {
			KUNIT_EXPECT_EQ(test, chain.proto, c->protos[c->n - 1]);
			KUNIT_EXPECT_EQ(test, (int)chain.l4, 32 + c->n * 8);
		}

		/* One that is cut short is never taken for another. */
		if (c->n > 1) {
			skb_trim(skb, sizeof(*ip6h) + 7);
			KUNIT_EXPECT_EQ_MSG(test,
					    l4lb_packet_follow6(skb, 0, &chain),
					    L4LB_PACKET_MALFORMED, "chain %u",
					    i);
		}
		kfree_skb(skb);
	}
}

static struct kunit_case frag_cases[] = {
	KUNIT_CASE(others_follow_the_first),
	KUNIT_CASE(those_before_the_first_wait),
	KUNIT_CASE(not_too_many_wait),
	KUNIT_CASE(a_flood_forgets_the_oldest),
	KUNIT_CASE(those_without_device_go),
	KUNIT_CASE(headers_are_passed_over),
	{}
};

static struct kunit_suite frag_suite = {
	.name		= "l4lb_frag",
	.init		= frag_init,
	.exit		= frag_exit,
	.test_cases	= frag_cases,
};

kunit_test_suite(frag_suite);
