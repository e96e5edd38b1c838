// SPDX-License-Identifier: GPL-2.0-only
/*
 * Seeds are parsed and printed.
 */

#include "kselftest_harness.h"

#include "err.h"
#include "seed.h"

TEST(seeds_come_back_without_leading_zeros)
{
	static const struct {
		const char *text;
		unsigned long long seed;
		const char *printed;
	} cases[] = {
		{ "0", 0, "0" },
		{ "0000000000000000", 0, "0" },
		{ "1f", 0x1f, "1f" },
		{ "00AbC", 0xabc, "abc" },
		{ "8000000000000000", 1ULL << 63, "8000000000000000" },
		{ "ffffffffffffffff", ~0ULL, "ffffffffffffffff" },
	};
	char text[LB_SEED_TEXT];
	unsigned int i;
	uint64_t seed;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		ASSERT_EQ(0, lb_seed_parse(cases[i].text, &seed, NULL));
		EXPECT_EQ(cases[i].seed, seed);
		EXPECT_STREQ(cases[i].printed,
			     lb_seed_print(seed, text, sizeof(text)));
	}
}

TEST(what_is_no_seed_is_refused)
{
	static const char *const bad[] = {
		"", "xyz", "0x1f", "-1", "+1", " 1", "1 ", "1.5",
		"10000000000000000", "00000000000000000",
	};
	struct lb_err err;
	unsigned int i;
	uint64_t seed;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT_EQ(-EINVAL, lb_seed_parse(bad[i], &seed, &err))
			TH_LOG("accepted \"%s\"", bad[i]);
		EXPECT_NE(NULL, strstr(err.text,
				       "is not 1-16 hexadecimal digits"));
	}
}

TEST_HARNESS_MAIN
