// SPDX-License-Identifier: GPL-2.0-only
/*
 * Servers that fail at once are held, and few that fail are not.
 */

#include "kselftest_harness.h"

#include "guard.h"

#define PASS	GUARD_PASS
#define WAIT	GUARD_WAIT
#define HOLD	GUARD_HOLD

TEST(a_share_that_fails_is_held)
{
	static const struct {
		struct guard guard;
		unsigned int verdict;
	} cases[] = {
		/* Percent, up, failing, doubtful. */
		{ { 0, 4, 4, 0 }, PASS },
		{ { 0, 1, 1, 0 }, PASS },
		{ { 100, 4, 0, 4 }, PASS },
		{ { 100, 1, 1, 0 }, HOLD },
		{ { 100, 4, 4, 0 }, HOLD },
		{ { 100, 4, 3, 0 }, PASS },
		{ { 100, 4, 3, 1 }, WAIT },
		{ { 100, 4, 1, 3 }, WAIT },
		{ { 100, 4, 1, 2 }, PASS },
		{ { 50, 4, 1, 0 }, PASS },
		{ { 50, 4, 1, 1 }, WAIT },
		{ { 50, 4, 2, 0 }, HOLD },
		{ { 50, 3, 1, 0 }, PASS },
		{ { 50, 3, 2, 0 }, HOLD },
		{ { 50, 2, 1, 0 }, HOLD },
		{ { 34, 3, 1, 0 }, PASS },
		{ { 33, 3, 1, 0 }, HOLD },
		{ { 1, 1000, 9, 0 }, PASS },
		{ { 1, 1000, 10, 0 }, HOLD },
		{ { 100, 65536, 65536, 0 }, HOLD },
		{ { 100, 65536, 65535, 0 }, PASS },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		EXPECT_EQ(cases[i].verdict, guard_judge(&cases[i].guard))
			TH_LOG("case %zu", i);
}

TEST_HARNESS_MAIN
