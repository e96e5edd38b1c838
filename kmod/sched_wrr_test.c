// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of weighted round robin: shares and evenness of the sequence.
 */

#include "sched_test.h"

#define MANY	100

static void wrr_of_none_is_empty(struct kunit *test)
{
	struct l4lb_share none;

	KUNIT_EXPECT_EQ(test, l4lb_sched_wrr.size(&none, 0), 0);
}

static void wrr_of_equals_takes_turns(struct kunit *test)
{
	struct l4lb_share *shares = test_shares(test, 2);
	struct l4lb_vip_conf *conf;

	conf = test_conf(test, &l4lb_sched_wrr, shares, 2, 0);
	KUNIT_ASSERT_EQ(test, conf->n_slots, 2);
	KUNIT_EXPECT_PTR_EQ(test, conf->slots[0], shares[0].real);
	KUNIT_EXPECT_PTR_EQ(test, conf->slots[1], shares[1].real);
}

static void wrr_gives_exact_shares(struct kunit *test)
{
	struct l4lb_share *shares = test_shares(test, 3);
	struct l4lb_vip_conf *conf;

	shares[0].weight = 50;
	shares[1].weight = 30;
	shares[2].weight = 20;
	conf = test_conf(test, &l4lb_sched_wrr, shares, 3, 0);
	KUNIT_EXPECT_EQ(test, conf->n_slots, 10);
	KUNIT_EXPECT_EQ(test, test_turns(conf, shares[0].real), 5);
	KUNIT_EXPECT_EQ(test, test_turns(conf, shares[1].real), 3);
	KUNIT_EXPECT_EQ(test, test_turns(conf, shares[2].real), 2);
}

/* A heavy real must not get a burst: at most two turns in a row at 2:1. */
static void wrr_spreads_turns(struct kunit *test)
{
	struct l4lb_share *shares = test_shares(test, 2);
	struct l4lb_vip_conf *conf;

	shares[0].weight = 2;
	shares[1].weight = 1;
	conf = test_conf(test, &l4lb_sched_wrr, shares, 2, 0);
	KUNIT_ASSERT_EQ(test, conf->n_slots, 3);
	KUNIT_EXPECT_PTR_EQ(test, conf->slots[0], shares[0].real);
	KUNIT_EXPECT_PTR_EQ(test, conf->slots[1], shares[1].real);
	KUNIT_EXPECT_PTR_EQ(test, conf->slots[2], shares[0].real);
}

static void wrr_bounds_the_sequence(struct kunit *test)
{
	struct l4lb_share *shares = test_shares(test, MANY);
	struct l4lb_vip_conf *conf;
	u64 total = 0, want;
	u32 i, got;

	for (i = 0; i < MANY; i++) {
		shares[i].weight = 65535 - i * 601;
		total += shares[i].weight;
	}

	conf = test_conf(test, &l4lb_sched_wrr, shares, MANY, 0);
	KUNIT_EXPECT_LE(test, conf->n_slots, 4096 + MANY);
	for (i = 0; i < MANY; i++) {
		want = (u64)shares[i].weight * conf->n_slots / total;
		got = test_turns(conf, shares[i].real);
		KUNIT_EXPECT_GE(test, got, 1);
		KUNIT_EXPECT_LE(test, got, want + 2);
		KUNIT_EXPECT_GE(test, (u64)got + 2, want);
	}
}

static void rr_ignores_weights(struct kunit *test)
{
	struct l4lb_share *shares = test_shares(test, 2);
	struct l4lb_vip_conf *conf;

	shares[0].weight = 9;
	conf = test_conf(test, &l4lb_sched_rr, shares, 2, 0);
	KUNIT_EXPECT_EQ(test, conf->n_slots, 2);
	KUNIT_EXPECT_EQ(test, test_turns(conf, shares[0].real), 1);
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
