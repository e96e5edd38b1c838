// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the table of slots and of the hash: exact shares, the same table
 * everywhere, few clients moved.
 */

#include "sched_test.h"

#define MANY	100
#define CLIENTS	20000

static struct l4lb_vip_conf *mh(struct kunit *test,
				const struct l4lb_share *shares, u32 n)
{
	return test_conf(test, &l4lb_sched_mh, shares, n, 0);
}

static void weights_to_100(struct l4lb_share *shares, u32 n)
{
	u32 i;

	for (i = 0; i < n; i++)
		shares[i].weight = 1 + i * 37 % 100;
}

static u32 slots_differing(const struct l4lb_vip_conf *a,
			   const struct l4lb_vip_conf *b,
			   const struct l4lb_real *but)
{
	u32 i, n = 0;

	for (i = 0; i < a->n_slots; i++)
		n += a->slots[i] != b->slots[i] && a->slots[i] != but;

	return n;
}

static void tables_have_their_size(struct kunit *test)
{
	struct l4lb_share none;

	KUNIT_EXPECT_EQ(test, l4lb_sched_mh.size(&none, 0), 0);
	KUNIT_EXPECT_EQ(test, l4lb_sched_mh.size(&none, 1), 0);
	KUNIT_EXPECT_EQ(test, l4lb_sched_mh.size(&none, 8), 4093);
	KUNIT_EXPECT_EQ(test, l4lb_sched_mh.size(&none, 64), 16381);
	KUNIT_EXPECT_EQ(test, l4lb_sched_mh.size(&none, 65), 65537);
	KUNIT_EXPECT_EQ(test, l4lb_sched_mh.size(&none, 65536), 1048573);
}

static void one_real_has_all(struct kunit *test)
{
	struct l4lb_share *shares = test_shares(test, 1);
	struct l4lb_vip_conf *conf = mh(test, shares, 1);
	const struct l4lb_conn_key client = { .lo = 1 };

	KUNIT_EXPECT_PTR_EQ(test, l4lb_vip_choose(NULL, conf, &client),
			    shares[0].real);
	KUNIT_EXPECT_PTR_EQ(test, l4lb_sched_by_source(conf, 0, 1),
			    shares[0].real);
}

static void shares_are_exact(struct kunit *test)
{
	struct l4lb_share *shares = test_shares(test, MANY);
	struct l4lb_vip_conf *conf;
	u64 total = 0, want;
	u32 i, got;

	weights_to_100(shares, MANY);
	for (i = 0; i < MANY; i++)
		total += shares[i].weight;
	conf = mh(test, shares, MANY);
	for (i = 0; i < MANY; i++) {
		want = (u64)shares[i].weight * conf->n_slots / total;
		got = test_turns(conf, shares[i].real);
		KUNIT_EXPECT_GE(test, got, want);
		KUNIT_EXPECT_LE(test, got, want + 1);
	}
}

static void the_lightest_has_a_slot(struct kunit *test)
{
	struct l4lb_share *shares = test_shares(test, MANY);
	struct l4lb_vip_conf *conf;
	u32 i;

	for (i = 0; i < MANY; i++)
		shares[i].weight = i ? 1 : 65535;
	conf = mh(test, shares, MANY);
	KUNIT_EXPECT_EQ(test, test_turns(conf, shares[0].real),
			conf->n_slots - (MANY - 1));
	for (i = 1; i < MANY; i++)
		KUNIT_EXPECT_EQ(test, test_turns(conf, shares[i].real), 1);

	conf = mh(test, shares, 2);
	KUNIT_EXPECT_EQ(test, test_turns(conf, shares[1].real), 1);
}

static void order_does_not_matter(struct kunit *test)
{
	struct l4lb_share *shares = test_shares(test, MANY);
	struct l4lb_vip_conf *a, *b;
	u32 i;

	weights_to_100(shares, MANY);
	a = mh(test, shares, MANY);
	for (i = 0; i < MANY / 2; i++)
		swap(shares[i], shares[MANY - 1 - i]);
	b = mh(test, shares, MANY);
	KUNIT_EXPECT_EQ(test, slots_differing(a, b, NULL), 0);
}

/* Reals of one address differ in their ports, and come in this order. */
static void ports_tell_apart(struct kunit *test)
{
	struct l4lb_share *shares = test_shares(test, 3);
	struct l4lb_vip_conf *a, *b;
	u32 i;

	for (i = 0; i < 3; i++) {
		shares[i].real->addr = shares[0].real->addr;
		shares[i].real->port = htons(8000 + i);
	}
	a = mh(test, shares, 3);
	swap(shares[0], shares[2]);
	b = mh(test, shares, 3);
	KUNIT_EXPECT_EQ(test, slots_differing(a, b, NULL), 0);
}

static void seeds_make_other_tables(struct kunit *test)
{
	struct l4lb_share *shares = test_shares(test, MANY);
	struct l4lb_vip_conf *a, *b;

	a = test_conf(test, &l4lb_sched_mh, shares, MANY, 0);
	b = test_conf(test, &l4lb_sched_mh, shares, MANY, 1);
	KUNIT_EXPECT_GT(test, slots_differing(a, b, NULL), a->n_slots * 9 / 10);
	KUNIT_EXPECT_NE(test, l4lb_sched_hash(a, 0, 1, 2),
			l4lb_sched_hash(b, 0, 1, 2));
}

static void few_slots_move(struct kunit *test)
{
	struct l4lb_share *shares = test_shares(test, MANY);
	struct l4lb_vip_conf *all, *less;
	u32 i;

	weights_to_100(shares, MANY);
	all = mh(test, shares, MANY);
	for (i = 0; i < 5; i++) {
		swap(shares[i], shares[MANY - 1]);
		less = mh(test, shares, MANY - 1);
		KUNIT_EXPECT_LE(test,
				slots_differing(all, less, shares[MANY - 1].real),
				all->n_slots / 100);
		KUNIT_EXPECT_EQ(test,
				test_turns(less, shares[MANY - 1].real), 0);
	}
}

static void sh_sees_no_ports(struct kunit *test)
{
	struct l4lb_share *shares = test_shares(test, MANY);
	struct l4lb_conn_key client = { .hi = 1, .lo = 2 };
	struct l4lb_vip_conf *sh, *mh_conf;
	struct l4lb_real *real;
	u32 i, differing = 0;

	sh = test_conf(test, &l4lb_sched_sh, shares, MANY, 0);
	mh_conf = mh(test, shares, MANY);
	real = l4lb_sched_by_source(sh, client.hi, client.lo);
	for (i = 0; i < 1000; i++) {
		client.cport = htons(1024 + i);
		KUNIT_EXPECT_PTR_EQ(test, l4lb_vip_choose(NULL, sh, &client),
				    real);
		differing += l4lb_vip_choose(NULL, mh_conf, &client) != real;
	}
	KUNIT_EXPECT_GT(test, differing, 900);
}

/* How many of as many neighbours come to a real, by address or by port. */
static void expect_even(struct kunit *test, const struct l4lb_vip_conf *conf,
			bool by_port)
{
	struct l4lb_conn_key client = {};
	u32 i, *got;

	got = kunit_kcalloc(test, conf->n_reals, sizeof(*got), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, got);
	for (i = 0; i < CLIENTS; i++) {
		if (by_port)
			client.cport = htons(1024 + i);
		else
			client.lo = (__force u32)htonl(0xc0a80000 + i);
		got[l4lb_vip_choose(NULL, conf, &client) -
		    conf->reals[0].real]++;
	}

	/* Seven standard deviations. */
	for (i = 0; i < conf->n_reals; i++) {
		KUNIT_EXPECT_GT(test, got[i], CLIENTS / 10 - 300);
		KUNIT_EXPECT_LT(test, got[i], CLIENTS / 10 + 300);
	}
}

static void clients_are_spread(struct kunit *test)
{
	struct l4lb_share *shares = test_shares(test, 10);

	expect_even(test, test_conf(test, &l4lb_sched_sh, shares, 10, 0),
		    false);
	expect_even(test, mh(test, shares, 10), false);
	expect_even(test, mh(test, shares, 10), true);
}

/* Without a table: by weight, and only those of a real that goes move. */
static void sources_keep_their_reals(struct kunit *test)
{
	struct l4lb_share *shares = test_shares(test, 4);
	struct l4lb_vip_conf *all, *less;
	struct l4lb_real *real;
	u32 i, got = 0;

	shares[0].weight = 300;
	all = test_conf(test, &l4lb_sched_wlc, shares, 4, 0);
	less = test_conf(test, &l4lb_sched_wlc, shares, 3, 0);
	for (i = 0; i < CLIENTS; i++) {
		real = l4lb_sched_by_source(all, 0, i);
		got += real == shares[0].real;
		if (real != shares[3].real)
			KUNIT_EXPECT_PTR_EQ(test, real,
					    l4lb_sched_by_source(less, 0, i));
	}
	KUNIT_EXPECT_GT(test, got, CLIENTS * 45 / 100);
	KUNIT_EXPECT_LT(test, got, CLIENTS * 55 / 100);
}

static struct kunit_case sched_hash_cases[] = {
	KUNIT_CASE(tables_have_their_size),
	KUNIT_CASE(one_real_has_all),
	KUNIT_CASE(shares_are_exact),
	KUNIT_CASE(the_lightest_has_a_slot),
	KUNIT_CASE(order_does_not_matter),
	KUNIT_CASE(ports_tell_apart),
	KUNIT_CASE(seeds_make_other_tables),
	KUNIT_CASE(few_slots_move),
	KUNIT_CASE(sh_sees_no_ports),
	KUNIT_CASE(clients_are_spread),
	KUNIT_CASE(sources_keep_their_reals),
	{}
};

static struct kunit_suite sched_hash_suite = {
	.name		= "l4lb_sched_hash",
	.test_cases	= sched_hash_cases,
};

kunit_test_suite(sched_hash_suite);
