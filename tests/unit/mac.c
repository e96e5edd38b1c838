// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists of MAC addresses.
 */

#include "kselftest_harness.h"

#include "err.h"
#include "mac.h"

TEST(addresses_are_six_pairs_of_digits)
{
	char buf[LB_MACS_TEXT];
	struct lb_macs macs;

	ASSERT_EQ(0, lb_macs_parse("02:00:00:00:30:0A", &macs, NULL));
	EXPECT_EQ(1, macs.count);
	EXPECT_STREQ("02:00:00:00:30:0a",
		     lb_macs_print(&macs, buf, sizeof(buf)));

	ASSERT_EQ(0, lb_macs_parse("fe:dc:ba:98:76:54,02:00:00:00:00:01",
				   &macs, NULL));
	EXPECT_EQ(2, macs.count);
	EXPECT_STREQ("fe:dc:ba:98:76:54,02:00:00:00:00:01",
		     lb_macs_print(&macs, buf, sizeof(buf)));

	macs.count = 0;
	EXPECT_STREQ("none", lb_macs_print(&macs, buf, sizeof(buf)));
}

TEST(anything_else_is_refused)
{
	static const char *const wrong[] = {
		"", ",", "02", "02:00:00:00:00", "02:00:00:00:00:01:02",
		"02:00:00:00:00:1", "02:00:00:00:00:001", "2:00:00:00:00:001",
		"02-00-00-00-00-01", "02:00:00:00:00:0g", "02:00:00:00:00:01,",
		",02:00:00:00:00:01", "02:00:00:00:00:01 ", "020000000001",
		"+2:00:00:00:00:01",
	};
	struct lb_macs macs;
	struct lb_err err;
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		memset(&err, 0, sizeof(err));
		EXPECT_EQ(-22, lb_macs_parse(wrong[i], &macs, &err))
			TH_LOG("%s", wrong[i]);
		EXPECT_NE(NULL, strstr(err.text, "is not a MAC address"));
	}
}

TEST(there_are_eight_at_most)
{
	char text[L4LB_PARTNERS_MAX * 18 + 18] = "02:00:00:00:00:01";
	char buf[LB_MACS_TEXT];
	struct lb_macs macs;
	struct lb_err err;
	unsigned int i;

	for (i = 1; i < L4LB_PARTNERS_MAX; i++)
		strcat(text, ",02:00:00:00:00:01");
	ASSERT_EQ(0, lb_macs_parse(text, &macs, NULL));
	EXPECT_EQ(L4LB_PARTNERS_MAX, macs.count);
	EXPECT_STREQ(text, lb_macs_print(&macs, buf, sizeof(buf)));

	strcat(text, ",02:00:00:00:00:01");
	EXPECT_EQ(-22, lb_macs_parse(text, &macs, &err));
	EXPECT_STREQ("there are more than 8 partners", err.text);
}

TEST_HARNESS_MAIN
