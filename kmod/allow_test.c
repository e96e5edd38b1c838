// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of lists of clients: against a set of bits, which is slow and cannot be
 * wrong, and at the ends of the address space.
 */

#include "allow.h"

#include <kunit/test.h>
#include <linux/bitmap.h>
#include <linux/prandom.h>
#include <linux/socket.h>

/* Random lists are of addresses below this. */
#define SPACE	256

static const struct l4lb_allow_addr top = { .hi = U64_MAX, .lo = U64_MAX };

static struct l4lb_allow_range range(u64 first, u64 last)
{
	struct l4lb_allow_range r = {
		.first.lo = first, .last.lo = last,
	};

	return r;
}

static noinline_for_stack struct l4lb_allow_range
range_random(struct rnd_state *rnd)
{
	u32 first = prandom_u32_state(rnd) % SPACE;
	u32 more = prandom_u32_state(rnd) % 8;

	return range(first, min_t(u32, first + more, SPACE - 1));
}

static noinline_for_stack void
bits_set(unsigned long *bits, const struct l4lb_allow_range *ranges, u32 n)
{
	u32 i;

	bitmap_zero(bits, SPACE);
	for (i = 0; i < n; i++)
		bitmap_set(bits, ranges[i].first.lo,
			   ranges[i].last.lo - ranges[i].first.lo + 1);
}

/* Sorted, and with a gap between any two. */
static bool is_merged(const struct l4lb_allow_range *ranges, u32 n)
{
	u32 i;

	for (i = 0; i < n; i++)
		if (ranges[i].first.lo > ranges[i].last.lo ||
		    (i && ranges[i].first.lo <= ranges[i - 1].last.lo + 1))
			return false;

	return true;
}

/* One round: whether a random list comes out right. */
static noinline_for_stack bool merges(struct l4lb_allow_range *list, u32 room,
				      struct rnd_state *rnd)
{
	DECLARE_BITMAP(want, SPACE);
	DECLARE_BITMAP(got, SPACE);
	u32 i, n = prandom_u32_state(rnd) % (room + 1);

	for (i = 0; i < n; i++)
		list[i] = range_random(rnd);
	bits_set(want, list, n);
	n = l4lb_allow_merge(list, n);
	bits_set(got, list, n);

	return is_merged(list, n) && bitmap_equal(want, got, SPACE);
}

static void random_lists_are_merged(struct kunit *test)
{
	static struct l4lb_allow_range list[40];
	struct rnd_state rnd;
	u32 round;

	prandom_seed_state(&rnd, 1);
	for (round = 0; round < 500; round++)
		KUNIT_EXPECT_TRUE(test, merges(list, ARRAY_SIZE(list), &rnd));
}

static void random_lists_are_subtracted(struct kunit *test)
{
	static struct l4lb_allow_range from[30], what[30], left[60];
	DECLARE_BITMAP(minus, SPACE);
	DECLARE_BITMAP(want, SPACE);
	DECLARE_BITMAP(got, SPACE);
	struct rnd_state rnd;
	u32 round, i, n, m;

	prandom_seed_state(&rnd, 2);
	for (round = 0; round < 500; round++) {
		n = prandom_u32_state(&rnd) % (ARRAY_SIZE(from) + 1);
		m = prandom_u32_state(&rnd) % (ARRAY_SIZE(what) + 1);
		for (i = 0; i < n; i++)
			from[i] = range_random(&rnd);
		for (i = 0; i < m; i++)
			what[i] = range_random(&rnd);
		n = l4lb_allow_merge(from, n);
		m = l4lb_allow_merge(what, m);
		bits_set(want, from, n);
		bits_set(minus, what, m);
		bitmap_andnot(want, want, minus, SPACE);
		n = l4lb_allow_subtract(left, from, n, what, m);
		bits_set(got, left, n);
		KUNIT_EXPECT_TRUE(test, is_merged(left, n));
		KUNIT_EXPECT_TRUE(test, bitmap_equal(want, got, SPACE));
	}
}

static noinline_for_stack bool has4(const struct l4lb_allow *allow, u32 addr)
{
	return l4lb_allow_has(allow, 0, (__force u32)htonl(addr));
}

static noinline_for_stack bool has6(const struct l4lb_allow *allow, u32 addr)
{
	return l4lb_allow_has(allow, 0, (__force u64)cpu_to_be64(addr));
}

static void random_lists_are_searched(struct kunit *test)
{
	struct l4lb_allow *allow4, *allow6;
	struct l4lb_allow_range list[20];
	DECLARE_BITMAP(want, SPACE);
	struct rnd_state rnd;
	u32 round, i, n;

	prandom_seed_state(&rnd, 3);
	for (round = 0; round < 100; round++) {
		n = 1 + prandom_u32_state(&rnd) % ARRAY_SIZE(list);
		for (i = 0; i < n; i++)
			list[i] = range_random(&rnd);
		bits_set(want, list, n);
		n = l4lb_allow_merge(list, n);
		allow4 = l4lb_allow_make(AF_INET, list, n);
		allow6 = l4lb_allow_make(AF_INET6, list, n);
		KUNIT_ASSERT_NOT_NULL(test, allow4);
		KUNIT_ASSERT_NOT_NULL(test, allow6);
		for (i = 0; i < SPACE; i++) {
			KUNIT_EXPECT_EQ(test, test_bit(i, want),
					has4(allow4, i));
			KUNIT_EXPECT_EQ(test, test_bit(i, want),
					has6(allow6, i));
		}
		l4lb_allow_put(allow4);
		l4lb_allow_put(allow6);
	}
}

static void halves_of_ipv6_are_one_number(struct kunit *test)
{
	struct l4lb_allow_range list[2] = {
		{ .first = { 5, 0 }, .last = { 5, U64_MAX } },
		{ .first = { 4, 7 }, .last = { 4, U64_MAX } },
	};
	const struct l4lb_allow_range cut = {
		.first = { 4, 9 }, .last = { 5, 0 },
	};
	struct l4lb_allow_range left[3];

	KUNIT_ASSERT_EQ(test, l4lb_allow_merge(list, 2), 1U);
	KUNIT_EXPECT_EQ(test, list[0].first.hi, 4ULL);
	KUNIT_EXPECT_EQ(test, list[0].first.lo, 7ULL);
	KUNIT_EXPECT_EQ(test, list[0].last.hi, 5ULL);

	KUNIT_ASSERT_EQ(test, l4lb_allow_subtract(left, list, 1, &cut, 1), 2U);
	KUNIT_EXPECT_EQ(test, left[0].last.hi, 4ULL);
	KUNIT_EXPECT_EQ(test, left[0].last.lo, 8ULL);
	KUNIT_EXPECT_EQ(test, left[1].first.hi, 5ULL);
	KUNIT_EXPECT_EQ(test, left[1].first.lo, 1ULL);
}

static void the_last_address_has_no_next(struct kunit *test)
{
	struct l4lb_allow_range list[3] = {
		{ .first = top, .last = top },
		{ .first = { 0, 0 }, .last = { 0, 0 } },
		{ .first = { 9, 9 }, .last = top },
	};
	struct l4lb_allow_range left[4];
	struct l4lb_allow *allow;

	KUNIT_ASSERT_EQ(test, l4lb_allow_merge(list, 3), 2U);
	KUNIT_EXPECT_EQ(test, list[1].first.hi, 9ULL);
	KUNIT_EXPECT_EQ(test, list[1].last.lo, U64_MAX);

	allow = l4lb_allow_make(AF_INET6, list, 2);
	KUNIT_ASSERT_NOT_NULL(test, allow);
	KUNIT_EXPECT_TRUE(test, l4lb_allow_has(allow, U64_MAX, U64_MAX));
	KUNIT_EXPECT_TRUE(test, l4lb_allow_has(allow, 0, 0));
	KUNIT_EXPECT_FALSE(test, l4lb_allow_has(allow, 0, U64_MAX));
	l4lb_allow_put(allow);

	/* All of it, taken out of itself. */
	KUNIT_EXPECT_EQ(test, l4lb_allow_subtract(left, list, 2, list, 2), 0U);
}

static int apply(const struct l4lb_allow_change *change, struct l4lb_allow *now,
		 struct l4lb_allow **then)
{
	return l4lb_allow_apply(change, now, then, NULL);
}

static void requests_change_lists(struct kunit *test)
{
	struct l4lb_allow_range some[2] = { range(1, 5), range(8, 9) };
	struct l4lb_allow_range more = range(6, 7);
	struct l4lb_allow_range all = range(0, 20);
	struct l4lb_allow_change change = {
		.op = L4LB_ALLOW_SET, .family = AF_INET, .n = 2, .ranges = some,
	};
	struct l4lb_allow *first, *second, *third;

	KUNIT_ASSERT_EQ(test, apply(&change, NULL, &first), 0);
	KUNIT_EXPECT_EQ(test, first->n, 2U);

	change.op = L4LB_ALLOW_ADD;
	change.n = 1;
	change.ranges = &more;
	KUNIT_ASSERT_EQ(test, apply(&change, first, &second), 0);
	KUNIT_EXPECT_EQ(test, second->n, 1U);
	KUNIT_EXPECT_EQ(test, second->range4[0].first, 1U);
	KUNIT_EXPECT_EQ(test, second->range4[0].last, 9U);

	change.op = L4LB_ALLOW_DEL;
	KUNIT_ASSERT_EQ(test, apply(&change, second, &third), 0);
	KUNIT_EXPECT_EQ(test, third->n, 2U);
	l4lb_allow_put(third);

	change.ranges = &all;
	KUNIT_EXPECT_EQ(test, apply(&change, second, &third), -EINVAL);
	KUNIT_EXPECT_PTR_EQ(test, third, (struct l4lb_allow *)NULL);
	KUNIT_EXPECT_EQ(test, apply(&change, NULL, &third), -EINVAL);
	change.family = AF_INET6;
	KUNIT_EXPECT_EQ(test, apply(&change, second, &third), -EINVAL);

	/* Nothing said shares the list, and an empty one means any client. */
	memset(&change, 0, sizeof(change));
	KUNIT_ASSERT_EQ(test, apply(&change, second, &third), 0);
	KUNIT_EXPECT_PTR_EQ(test, third, second);
	l4lb_allow_put(third);
	change.op = L4LB_ALLOW_SET;
	KUNIT_ASSERT_EQ(test, apply(&change, second, &third), 0);
	KUNIT_EXPECT_PTR_EQ(test, third, (struct l4lb_allow *)NULL);

	l4lb_allow_put(first);
	l4lb_allow_put(second);
}

static void lists_have_an_end(struct kunit *test)
{
	struct l4lb_allow_change change = {
		.op = L4LB_ALLOW_SET, .family = AF_INET,
		.n = L4LB_ALLOWS_MAX,
	};
	struct l4lb_allow *full, *more;
	struct l4lb_allow_range *list;
	u32 i;

	list = kunit_kcalloc(test, L4LB_ALLOWS_MAX + 1, sizeof(*list),
			     GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, list);
	for (i = 0; i <= L4LB_ALLOWS_MAX; i++)
		list[i] = range(2 * i + 1, 2 * i + 1);

	change.ranges = list;
	KUNIT_ASSERT_EQ(test, apply(&change, NULL, &full), 0);
	change.n++;
	KUNIT_EXPECT_EQ(test, apply(&change, NULL, &more), -ENOSPC);

	change.op = L4LB_ALLOW_ADD;
	change.n = 1;
	list[0] = range(0, 0);
	KUNIT_EXPECT_EQ(test, apply(&change, full, &more), 0);
	l4lb_allow_put(more);
	list[0] = range(U32_MAX, U32_MAX);
	KUNIT_EXPECT_EQ(test, apply(&change, full, &more), -ENOSPC);
	l4lb_allow_put(full);
}

static struct kunit_case allow_cases[] = {
	KUNIT_CASE(random_lists_are_merged),
	KUNIT_CASE(random_lists_are_subtracted),
	KUNIT_CASE(random_lists_are_searched),
	KUNIT_CASE(halves_of_ipv6_are_one_number),
	KUNIT_CASE(the_last_address_has_no_next),
	KUNIT_CASE(requests_change_lists),
	KUNIT_CASE(lists_have_an_end),
	{}
};

static struct kunit_suite allow_suite = {
	.name		= "l4lb_allow",
	.test_cases	= allow_cases,
};

kunit_test_suite(allow_suite);
