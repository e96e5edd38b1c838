/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For tests of schedulers: reals and configurations that no VIP has.
 */

#ifndef _L4LB_SCHED_TEST_H
#define _L4LB_SCHED_TEST_H

#include <kunit/test.h>

#include "real.h"
#include "sched.h"

/* 10.0.0.1 and on, with weight 100 each. */
static inline struct l4lb_share *test_shares(struct kunit *test, u32 n)
{
	struct l4lb_share *shares;
	struct l4lb_real *reals;
	u32 i;

	reals = kunit_kcalloc(test, n, sizeof(*reals), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, reals);
	shares = kunit_kcalloc(test, n, sizeof(*shares), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, shares);

	for (i = 0; i < n; i++) {
		reals[i].addr.ip = htonl(0x0a000001 + i);
		shares[i].real = &reals[i];
		shares[i].weight = 100;
	}

	return shares;
}

static inline struct l4lb_vip_conf *
test_conf(struct kunit *test, const struct l4lb_sched_ops *sched,
	  const struct l4lb_share *shares, u32 n, u64 seed)
{
	struct l4lb_vip_conf *conf;
	struct l4lb_share *reals;
	u32 size;

	reals = kunit_kcalloc(test, n + 1, sizeof(*reals), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, reals);
	memcpy(reals, shares, n * sizeof(*reals));
	size = sched->size(reals, n);
	conf = kunit_kzalloc(test, struct_size(conf, slots, size), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, conf);

	conf->sched = sched;
	conf->reals = reals;
	conf->n_reals = n;
	conf->n_slots = size;
	l4lb_sched_seed(conf, seed);
	if (size)
		KUNIT_ASSERT_EQ(test, sched->fill(conf), 0);

	return conf;
}

static inline u32 test_turns(const struct l4lb_vip_conf *conf,
			     const struct l4lb_real *real)
{
	u32 i, n = 0;

	for (i = 0; i < conf->n_slots; i++)
		n += conf->slots[i] == real;

	return n;
}

#endif /* _L4LB_SCHED_TEST_H */
