// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of slow start: from a hundredth of the weight to all of it.
 */

#include "ramp.h"
#include "sched_test.h"

#define MINUTE	60000U
#define DAYS	(31U * 24 * 60 * MINUTE)

static void it_begins_with_a_hundredth(struct kunit *test)
{
	u32 weight;

	for (weight = 1; weight <= L4LB_WEIGHT_MAX; weight++) {
		KUNIT_EXPECT_EQ(test, l4lb_ramp_weight(weight, MINUTE, 0),
				weight);
		KUNIT_EXPECT_EQ(test, l4lb_ramp_weight(weight, MINUTE, 600),
				weight);
	}
}

static void it_grows_with_the_time(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, l4lb_ramp_weight(100, MINUTE, 15000), 2500U);
	KUNIT_EXPECT_EQ(test, l4lb_ramp_weight(100, MINUTE, 30000), 5000U);
	KUNIT_EXPECT_EQ(test, l4lb_ramp_weight(1, MINUTE, 45000), 75U);
	KUNIT_EXPECT_EQ(test,
			l4lb_ramp_weight(L4LB_WEIGHT_MAX, DAYS, DAYS / 2),
			L4LB_WEIGHT_MAX * 50U);
}

static void it_never_shrinks(struct kunit *test)
{
	u32 before = 0, now;
	u64 ms;

	for (ms = 0; ms <= MINUTE + 10; ms++) {
		now = l4lb_ramp_weight(7, MINUTE, ms);
		KUNIT_EXPECT_GE(test, now, before);
		before = now;
	}
	KUNIT_EXPECT_EQ(test, before, 700U);
}

static void it_ends_with_the_weight(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, l4lb_ramp_weight(100, MINUTE, MINUTE), 10000U);
	KUNIT_EXPECT_EQ(test, l4lb_ramp_weight(100, MINUTE, U64_MAX), 10000U);
	KUNIT_EXPECT_EQ(test, l4lb_ramp_weight(100, 0, 0), 10000U);
	KUNIT_EXPECT_EQ(test,
			l4lb_ramp_weight(L4LB_WEIGHT_MAX, DAYS, DAYS),
			L4LB_WEIGHT_MAX * 100U);
}

static void without_a_ramp_weights_stay(struct kunit *test)
{
	struct l4lb_share *shares = test_shares(test, 3);
	u32 i;

	l4lb_ramp_shares(shares, 3, MINUTE);
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_EQ(test, shares[i].weight, 100U);
}

/* A ramp of days has just begun, so that the time of the test is nothing. */
static void one_of_three_ramps(struct kunit *test)
{
	struct l4lb_share *shares = test_shares(test, 3);

	shares[1].real->ramp.on = true;
	shares[1].real->ramp.since = ktime_get_ns() / NSEC_PER_MSEC;
	l4lb_ramp_shares(shares, 3, DAYS);
	KUNIT_EXPECT_EQ(test, shares[0].weight, 10000U);
	KUNIT_EXPECT_EQ(test, shares[1].weight, 100U);
	KUNIT_EXPECT_EQ(test, shares[2].weight, 10000U);
}

static struct kunit_case ramp_cases[] = {
	KUNIT_CASE(it_begins_with_a_hundredth),
	KUNIT_CASE(it_grows_with_the_time),
	KUNIT_CASE(it_never_shrinks),
	KUNIT_CASE(it_ends_with_the_weight),
	KUNIT_CASE(without_a_ramp_weights_stay),
	KUNIT_CASE(one_of_three_ramps),
	{}
};

static struct kunit_suite ramp_suite = {
	.name		= "l4lb_ramp",
	.test_cases	= ramp_cases,
};

kunit_test_suite(ramp_suite);
