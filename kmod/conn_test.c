// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the connections' time.
 */

#include "conn.h"

#include <kunit/test.h>

static void times_have_their_ticks(struct kunit *test)
{
	static const u32 times[] = {
		0, 1, 999, 10000, 60000, 7440000, INT_MAX, (u32)INT_MAX + 1,
		L4LB_TIME_MAX,
	};
	const u32 tick = l4lb_ticks_to_ms(1);
	unsigned int i;
	u32 ms;

	for (i = 0; i < ARRAY_SIZE(times); i++) {
		ms = l4lb_ticks_to_ms(l4lb_ticks(times[i]));
		KUNIT_EXPECT_GE_MSG(test, ms, times[i], "time %u", i);
		KUNIT_EXPECT_LE_MSG(test, ms, times[i] + 2 * tick, "time %u", i);
	}
}

static struct kunit_case conn_cases[] = {
	KUNIT_CASE(times_have_their_ticks),
	{}
};

static struct kunit_suite conn_suite = {
	.name		= "l4lb_conn",
	.test_cases	= conn_cases,
};

kunit_test_suite(conn_suite);
