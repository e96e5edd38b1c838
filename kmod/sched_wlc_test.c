// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the fewest connections, and of limits under every scheduler.
 */

#include "sched_test.h"

#include <linux/percpu.h>

#include <uapi/linux/l4lb.h>

#define REALS	4

static struct l4lb_vip *test_vip(struct kunit *test)
{
	struct l4lb_vip *vip = kunit_kzalloc(test, sizeof(*vip), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, vip);
	vip->cursors = alloc_percpu(u32);
	KUNIT_ASSERT_NOT_NULL(test, vip->cursors);

	return vip;
}

/* Makes as many connections; how many found a real. */
static u32 connect(struct l4lb_vip *vip, struct l4lb_vip_conf *conf, u32 n)
{
	struct l4lb_conn_key client = {};
	struct l4lb_real *real;
	u32 i, made = 0;

	for (i = 0; i < n; i++) {
		client.lo = i;
		real = l4lb_vip_choose(vip, conf, &client);
		if (!real)
			continue;
		atomic_inc(&real->conns);
		made++;
	}

	return made;
}

static void wlc_follows_weights(struct kunit *test)
{
	struct l4lb_share *shares = test_shares(test, REALS);
	struct l4lb_vip *vip = test_vip(test);
	struct l4lb_vip_conf *conf;
	u32 i;

	for (i = 0; i < REALS; i++)
		shares[i].weight = 10 * (i + 1);
	conf = test_conf(test, &l4lb_sched_wlc, shares, REALS, 0);
	KUNIT_EXPECT_EQ(test, connect(vip, conf, 1000), 1000);
	for (i = 0; i < REALS; i++)
		KUNIT_EXPECT_EQ(test, atomic_read(&shares[i].real->conns),
				100 * (i + 1));
	free_percpu(vip->cursors);
}

static void lc_ignores_weights(struct kunit *test)
{
	struct l4lb_share *shares = test_shares(test, REALS);
	struct l4lb_vip *vip = test_vip(test);
	struct l4lb_vip_conf *conf;
	u32 i;

	shares[0].weight = 1;
	atomic_set(&shares[1].real->conns, 50);
	conf = test_conf(test, &l4lb_sched_lc, shares, REALS, 0);
	KUNIT_EXPECT_EQ(test, connect(vip, conf, 150), 150);
	for (i = 0; i < REALS; i++)
		KUNIT_EXPECT_EQ(test, atomic_read(&shares[i].real->conns), 50);
	free_percpu(vip->cursors);
}

/* Nothing tells the reals apart, so nobody is always the first. */
static void wlc_spreads_ties(struct kunit *test)
{
	struct l4lb_share *shares = test_shares(test, REALS);
	struct l4lb_conn_key client = {};
	struct l4lb_vip *vip = test_vip(test);
	struct l4lb_vip_conf *conf;
	u32 i, chosen = 0;

	conf = test_conf(test, &l4lb_sched_wlc, shares, REALS, 0);
	for (i = 0; i < 64 * REALS; i++)
		chosen |= 1 << (l4lb_vip_choose(vip, conf, &client) -
				shares[0].real);
	KUNIT_EXPECT_EQ(test, chosen, (1 << REALS) - 1);
	free_percpu(vip->cursors);
}

static void nobody_has_nothing(struct kunit *test)
{
	struct l4lb_share *shares = test_shares(test, 1);
	struct l4lb_vip *vip = test_vip(test);
	struct l4lb_vip_conf *conf;
	u8 sched;

	for (sched = L4LB_SCHED_WRR; sched <= L4LB_SCHED_MAX; sched++) {
		conf = test_conf(test, l4lb_sched_find(sched), shares, 0, 0);
		KUNIT_EXPECT_EQ(test, connect(vip, conf, 1), 0);
		KUNIT_EXPECT_NULL(test, l4lb_sched_by_source(conf, 0, 1));
	}
	free_percpu(vip->cursors);
}

static void limits_are_kept(struct kunit *test)
{
	struct l4lb_share *shares = test_shares(test, REALS);
	struct l4lb_vip *vip = test_vip(test);
	struct l4lb_vip_conf *conf;
	u8 sched;
	u32 i;

	for (sched = L4LB_SCHED_WRR; sched <= L4LB_SCHED_MAX; sched++) {
		for (i = 0; i < REALS; i++) {
			atomic_set(&shares[i].real->conns, 0);
			shares[i].real->max_conns = 10 * (i + 1);
		}
		conf = test_conf(test, l4lb_sched_find(sched), shares, REALS, 0);
		conf->limited = true;

		KUNIT_EXPECT_EQ(test, connect(vip, conf, 500), 100);
		for (i = 0; i < REALS; i++)
			KUNIT_EXPECT_EQ(test,
					atomic_read(&shares[i].real->conns),
					10 * (i + 1));
		KUNIT_EXPECT_NULL(test, l4lb_sched_by_source(conf, 0, 1));

		shares[2].real->max_conns = 0;
		KUNIT_EXPECT_EQ(test, connect(vip, conf, 5), 5);
		KUNIT_EXPECT_EQ(test, atomic_read(&shares[2].real->conns), 35);
		KUNIT_EXPECT_PTR_EQ(test, l4lb_sched_by_source(conf, 0, 1),
				    shares[2].real);
	}
	free_percpu(vip->cursors);
}

static struct kunit_case sched_wlc_cases[] = {
	KUNIT_CASE(wlc_follows_weights),
	KUNIT_CASE(lc_ignores_weights),
	KUNIT_CASE(wlc_spreads_ties),
	KUNIT_CASE(nobody_has_nothing),
	KUNIT_CASE(limits_are_kept),
	{}
};

static struct kunit_suite sched_wlc_suite = {
	.name		= "l4lb_sched_wlc",
	.test_cases	= sched_wlc_cases,
};

kunit_test_suite(sched_wlc_suite);
