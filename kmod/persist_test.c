// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of persistence: what counts as one client, and when it is forgotten.
 */

#include "persist.h"

#include <kunit/test.h>

/* A bit of an address as it is sent, the first one being number 0. */
static bool bit_of(const u8 *bytes, unsigned int i)
{
	return bytes[i / 8] & (0x80 >> (i % 8));
}

static void networks4_have_their_bits(struct kunit *test)
{
	struct l4lb_persist_key key;
	unsigned int len, i;

	for (len = 1; len <= 32; len++) {
		key = (struct l4lb_persist_key){ .lo = U32_MAX, .len = len };
		l4lb_persist_mask(&key, AF_INET);
		KUNIT_EXPECT_EQ(test, key.hi, 0ULL);
		KUNIT_EXPECT_EQ(test, key.lo >> 32, 0ULL);
		for (i = 0; i < 32; i++) {
			__be32 addr = (__force __be32)key.lo;

			KUNIT_EXPECT_EQ(test, bit_of((u8 *)&addr, i), i < len);
		}
	}
}

static void networks6_have_their_bits(struct kunit *test)
{
	struct l4lb_persist_key key;
	unsigned int len, i;

	for (len = 1; len <= 128; len++) {
		key = (struct l4lb_persist_key){
			.hi = U64_MAX, .lo = U64_MAX, .len = len,
		};
		l4lb_persist_mask(&key, AF_INET6);
		for (i = 0; i < 64; i++) {
			KUNIT_EXPECT_EQ(test, bit_of((u8 *)&key.hi, i),
					i < len);
			KUNIT_EXPECT_EQ(test, bit_of((u8 *)&key.lo, i),
					i + 64 < len);
		}
	}
}

static void masks_add_no_bits(struct kunit *test)
{
	struct l4lb_persist_key key = {
		.lo = (__force u32)htonl(0xc0a81e32), .len = 28,
	};

	l4lb_persist_mask(&key, AF_INET);
	KUNIT_EXPECT_EQ(test, key.lo, (u64)(__force u32)htonl(0xc0a81e30));
}

/* Ticks count on past zero. */
static const u32 ticks[] = { 0, 1, 1000, 0x7fffffff, 0x80000000, 0xfffffffe };

static void entries_end_after_their_time(struct kunit *test)
{
	struct l4lb_persist entry = { .state = L4LB_PERSIST_FULL };
	unsigned int i;
	u32 now;

	for (i = 0; i < ARRAY_SIZE(ticks); i++) {
		now = ticks[i];
		entry.until = l4lb_persist_prolong(&entry, now, 100);
		KUNIT_EXPECT_FALSE(test, l4lb_persist_expired(&entry, now));
		KUNIT_EXPECT_FALSE(test,
				   l4lb_persist_expired(&entry, now + 100));
		KUNIT_EXPECT_TRUE(test,
				  l4lb_persist_expired(&entry, now + 101));
	}
}

static void a_shorter_time_counts_from_the_next_use(struct kunit *test)
{
	struct l4lb_persist entry = { .state = L4LB_PERSIST_FULL };

	entry.until = 1000;
	KUNIT_EXPECT_EQ(test, l4lb_persist_prolong(&entry, 10, 100), 110U);
}

static void pins_are_only_prolonged(struct kunit *test)
{
	struct l4lb_persist entry = { .state = L4LB_PERSIST_PINNED };
	unsigned int i;
	u32 now;

	for (i = 0; i < ARRAY_SIZE(ticks); i++) {
		now = ticks[i];
		entry.until = now + 500;
		KUNIT_EXPECT_EQ(test, l4lb_persist_prolong(&entry, now, 100),
				now + 500);
		KUNIT_EXPECT_EQ(test, l4lb_persist_prolong(&entry, now, 900),
				now + 900);
	}
}

static void forever_does_not_end(struct kunit *test)
{
	struct l4lb_persist entry = { .state = L4LB_PERSIST_FOREVER };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ticks); i++)
		KUNIT_EXPECT_FALSE(test,
				   l4lb_persist_expired(&entry, ticks[i]));
}

static struct kunit_case persist_cases[] = {
	KUNIT_CASE(networks4_have_their_bits),
	KUNIT_CASE(networks6_have_their_bits),
	KUNIT_CASE(masks_add_no_bits),
	KUNIT_CASE(entries_end_after_their_time),
	KUNIT_CASE(a_shorter_time_counts_from_the_next_use),
	KUNIT_CASE(pins_are_only_prolonged),
	KUNIT_CASE(forever_does_not_end),
	{}
};

static struct kunit_suite persist_suite = {
	.name		= "l4lb_persist",
	.test_cases	= persist_cases,
};

kunit_test_suite(persist_suite);
