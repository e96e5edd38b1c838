// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists of addresses that reals see in place of the clients'.
 */

#include "kselftest_harness.h"

#include "err.h"
#include "source.h"

static const char *settled(const char *now, const char *text, char *buf,
			   size_t size)
{
	struct lb_sources list = { 0 }, sources;

	if ((*now && lb_sources_parse(now, &list, NULL)) ||
	    lb_sources_parse(text, &sources, NULL) ||
	    lb_sources_settle(&sources, &list, NULL))
		return NULL;

	return lb_sources_print(&sources, buf, size);
}

TEST(a_list_is_sorted_and_has_none_twice)
{
	char buf[LB_SOURCES_TEXT];

	EXPECT_STREQ("192.0.2.3,192.0.2.20",
		     settled("", "192.0.2.20,192.0.2.3,192.0.2.20", buf,
			     sizeof(buf)));
	EXPECT_STREQ("2001:db8::2,2001:db8::3",
		     settled("", "2001:db8::3,2001:db8::2", buf, sizeof(buf)));
}

TEST(a_list_replaces_adds_or_removes)
{
	static const char now[] = "192.0.2.1,192.0.2.2";
	char buf[LB_SOURCES_TEXT];

	EXPECT_STREQ("192.0.2.3", settled(now, "192.0.2.3", buf, sizeof(buf)));
	EXPECT_STREQ("192.0.2.1,192.0.2.2,192.0.2.3",
		     settled(now, "+192.0.2.3,192.0.2.1", buf, sizeof(buf)));
	EXPECT_STREQ("192.0.2.2",
		     settled(now, "-192.0.2.1,192.0.2.9", buf, sizeof(buf)));
	EXPECT_STREQ("default",
		     settled(now, "-192.0.2.1,192.0.2.2", buf, sizeof(buf)));
	EXPECT_STREQ("192.0.2.3", settled("", "+192.0.2.3", buf, sizeof(buf)));
}

TEST(anything_else_is_refused)
{
	static const char *const wrong[] = {
		"", "+", "-", ",", "192.0.2.1,", ",192.0.2.1", "192.0.2",
		"192.0.2.0/24", "+-192.0.2.1", "192.0.2.1 ", "any",
		"2001:db8:1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa",
	};
	struct lb_sources sources;
	struct lb_err err;
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		memset(&err, 0, sizeof(err));
		EXPECT_EQ(-22, lb_sources_parse(wrong[i], &sources, &err))
			TH_LOG("%s", wrong[i]);
		EXPECT_NE(NULL, strstr(err.text, "is not an address"));
	}

	EXPECT_EQ(-22, lb_sources_parse("192.0.2.1,2001:db8::1", &sources,
					&err));
	EXPECT_STREQ("the addresses of source differ in family", err.text);
}

TEST(there_are_sixteen_at_most)
{
	struct lb_sources now, sources;
	char text[512] = "192.0.2.1";
	struct lb_err err;
	unsigned int i;

	for (i = 2; i <= L4LB_SOURCES_MAX; i++)
		sprintf(text + strlen(text), ",192.0.2.%u", i);
	ASSERT_EQ(0, lb_sources_parse(text, &now, NULL));
	EXPECT_EQ(L4LB_SOURCES_MAX, now.count);

	ASSERT_EQ(0, lb_sources_parse("+192.0.2.99", &sources, NULL));
	EXPECT_EQ(-22, lb_sources_settle(&sources, &now, &err));
	EXPECT_STREQ("source has more than 16 addresses", err.text);
	strcat(text, ",192.0.2.99");
	EXPECT_EQ(-22, lb_sources_parse(text, &sources, &err));
}

TEST_HARNESS_MAIN
