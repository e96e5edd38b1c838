// SPDX-License-Identifier: GPL-2.0-only
/*
 * Spans of time.
 */

#include "kselftest_harness.h"

#include "duration.h"
#include "err.h"

#include <linux/l4lb.h>

TEST(spans_are_printed_in_the_largest_exact_unit)
{
	static const struct {
		const char *text;
		unsigned int ms;
		const char *printed;
	} cases[] = {
		{ "0", 0, "0s" },
		{ "500ms", 500, "500ms" },
		{ "1000ms", 1000, "1s" },
		{ "1500ms", 1500, "1500ms" },
		{ "30", 30000, "30s" },
		{ "30s", 30000, "30s" },
		{ "60", 60000, "1m" },
		{ "90s", 90000, "90s" },
		{ "124m", 7440000, "124m" },
		{ "120m", 7200000, "2h" },
		{ "1h", 3600000, "1h" },
		{ "24h", 86400000, "1d" },
		{ "31d", L4LB_TIME_MAX, "31d" },
		{ "0000000000000000000005s", 5000, "5s" },
		{ "2678400000ms", L4LB_TIME_MAX, "31d" },
	};
	char buf[LB_DURATION_TEXT];
	unsigned int ms;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		ASSERT_EQ(0, lb_duration_parse(cases[i].text, 0, &ms, NULL))
			TH_LOG("refused \"%s\"", cases[i].text);
		EXPECT_EQ(cases[i].ms, ms);
		EXPECT_STREQ(cases[i].printed,
			     lb_duration_print(ms, buf, sizeof(buf)));
	}
}

TEST(what_is_no_span_is_refused_with_the_reason)
{
	static const struct {
		const char *text;
		const char *why;
	} cases[] = {
		{ "", "is not a time" },
		{ "s", "is not a time" },
		{ "5x", "is not a time" },
		{ "5 s", "is not a time" },
		{ "1.5s", "is not a time" },
		{ "-1", "is not a time" },
		{ "5S", "is not a time" },
		{ "5sec", "is not a time" },
		{ "1h30m", "is not a time" },
		{ "32d", "is more than 31d" },
		{ "2678400001ms", "is more than 31d" },
		{ "4294967296", "is more than 31d" },
		{ "99999999999999999999999999999999d", "is more than 31d" },
		{ "99ms", "is less than 100ms" },
		{ "0", "is less than 100ms" },
	};
	struct lb_err err;
	unsigned int ms;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		EXPECT_EQ(-EINVAL, lb_duration_parse(cases[i].text, 100, &ms,
						     &err))
			TH_LOG("accepted \"%s\"", cases[i].text);
		EXPECT_NE(NULL, strstr(err.text, cases[i].why))
			TH_LOG("\"%s\": %s", cases[i].text, err.text);
	}
}

TEST(every_span_is_parsed_as_it_was_printed)
{
	char buf[LB_DURATION_TEXT];
	unsigned int ms, again;

	for (ms = 1; ms <= L4LB_TIME_MAX && ms > 0; ms = ms * 3 + 1) {
		lb_duration_print(ms, buf, sizeof(buf));
		ASSERT_EQ(0, lb_duration_parse(buf, 0, &again, NULL))
			TH_LOG("refused \"%s\"", buf);
		EXPECT_EQ(ms, again);
	}
}

TEST(what_was_measured_is_short)
{
	static const struct {
		unsigned int us;
		const char *text;
	} cases[] = {
		{ 0, "0us" },
		{ 999, "999us" },
		{ 1000, "1.0ms" },
		{ 1299, "1.2ms" },
		{ 999999, "999.9ms" },
		{ 1000000, "1.00s" },
		{ 61239999, "61.23s" },
		{ UINT32_MAX, "4294.96s" },
	};
	char buf[LB_DURATION_TEXT];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		EXPECT_STREQ(cases[i].text,
			     lb_duration_print_us(cases[i].us, buf,
						  sizeof(buf)));
}

TEST_HARNESS_MAIN
