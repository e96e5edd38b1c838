// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of weighted round robin: shares and evenness of the sequence.
 */

#include "sched.h"

#include <kunit/test.h>
#include <linux/mm.h>

#define MANY	100

/* Stand-ins: the scheduler only passes the pointers on. */
static struct l4lb_real *fake_real(unsigned long i)
{
	return (struct l4lb_real *)((i + 1) << 12);
}

static struct l4lb_real **sequence(struct kunit *test,
				   const struct l4lb_sched_ops *sched,
				   struct l4lb_sched_input *in, u32 n,
				   u32 *size)
{
	struct l4lb_real **slots;
	u32 i;

	for (i = 0; i < n; i++)
		in[i].real = fake_real(i);
	*size = sched->size(in, n);
	slots = kunit_kcalloc(test, *size + 1, sizeof(*slots), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, slots);
	KUNIT_ASSERT_EQ(test, sched->fill(slots, *size, in, n), 0);

	return slots;
}

static u32 turns(struct l4lb_real **slots, u32 size, u32 real)
{
	u32 i, n = 0;

	for (i = 0; i < size; i++)
		n += slots[i] == fake_real(real);

	return n;
}

static void wrr_of_none_is_empty(struct kunit *test)
{
	struct l4lb_sched_input none;

	KUNIT_EXPECT_EQ(test, l4lb_sched_wrr.size(&none, 0), 0);
}

static void wrr_of_equals_takes_turns(struct kunit *test)
{
	struct l4lb_sched_input in[] = { { .weight = 100 }, { .weight = 100 } };
	struct l4lb_real **slots;
	u32 size;

	slots = sequence(test, &l4lb_sched_wrr, in, ARRAY_SIZE(in), &size);
	KUNIT_EXPECT_EQ(test, size, 2);
	KUNIT_EXPECT_PTR_EQ(test, slots[0], fake_real(0));
	KUNIT_EXPECT_PTR_EQ(test, slots[1], fake_real(1));
}

static void wrr_gives_exact_shares(struct kunit *test)
{
	struct l4lb_sched_input in[] = {
		{ .weight = 50 }, { .weight = 30 }, { .weight = 20 },
	};
	struct l4lb_real **slots;
	u32 size;

	slots = sequence(test, &l4lb_sched_wrr, in, ARRAY_SIZE(in), &size);
	KUNIT_EXPECT_EQ(test, size, 10);
	KUNIT_EXPECT_EQ(test, turns(slots, size, 0), 5);
	KUNIT_EXPECT_EQ(test, turns(slots, size, 1), 3);
	KUNIT_EXPECT_EQ(test, turns(slots, size, 2), 2);
}

/* A heavy real must not get a burst: at most two turns in a row at 2:1. */
static void wrr_spreads_turns(struct kunit *test)
{
	struct l4lb_sched_input in[] = { { .weight = 2 }, { .weight = 1 } };
	struct l4lb_real **slots;
	u32 size, i;

	slots = sequence(test, &l4lb_sched_wrr, in, ARRAY_SIZE(in), &size);
	KUNIT_ASSERT_EQ(test, size, 3);
	for (i = 0; i < size; i++)
		KUNIT_EXPECT_FALSE(test,
				   slots[i] == fake_real(1) &&
				   slots[(i + 1) % size] == fake_real(1));
	KUNIT_EXPECT_PTR_EQ(test, slots[1], fake_real(1));
}

static void wrr_bounds_the_sequence(struct kunit *test)
{
	struct l4lb_sched_input *in;
	u64 total = 0, want;
	struct l4lb_real **slots;
	u32 size, i, got;

	in = kunit_kcalloc(test, MANY, sizeof(*in), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, in);
	for (i = 0; i < MANY; i++) {
		in[i].weight = 65535 - i * 601;
		total += in[i].weight;
	}

	slots = sequence(test, &l4lb_sched_wrr, in, MANY, &size);
	KUNIT_EXPECT_LE(test, size, 4096 + MANY);
	for (i = 0; i < MANY; i++) {
		want = (u64)(65535 - i * 601) * size / total;
		got = turns(slots, size, i);
		KUNIT_EXPECT_GE(test, got, 1);
		KUNIT_EXPECT_LE(test, got, want + 2);
		KUNIT_EXPECT_GE(test, (u64)got + 2, want);
	}
}

static void rr_ignores_weights(struct kunit *test)
{
	struct l4lb_sched_input in[] = { { .weight = 9 }, { .weight = 1 } };
	struct l4lb_real **slots;
	u32 size;

	slots = sequence(test, &l4lb_sched_rr, in, ARRAY_SIZE(in), &size);
	KUNIT_EXPECT_EQ(test, size, 2);
	KUNIT_EXPECT_EQ(test, turns(slots, size, 0), 1);
}

static struct kunit_case sched_wrr_cases[] = {
	KUNIT_CASE(wrr_of_none_is_empty),
	KUNIT_CASE(wrr_of_equals_takes_turns),
	KUNIT_CASE(wrr_gives_exact_shares),
	KUNIT_CASE(wrr_spreads_turns),
	KUNIT_CASE(wrr_bounds_the_sequence),
	KUNIT_CASE(rr_ignores_weights),
	{}
};

static struct kunit_suite sched_wrr_suite = {
	.name		= "l4lb_sched_wrr",
	.test_cases	= sched_wrr_cases,
};

kunit_test_suite(sched_wrr_suite);
