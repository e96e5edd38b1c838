// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the live screen shows: rates, short numbers, histories, rows in order.
 */

#include "kselftest_harness.h"

#include "rate.h"
#include "top.h"

#include <string.h>

TEST(growth_is_that_of_a_second)
{
	EXPECT_EQ(0, rate_count(5, 5, 1000));
	EXPECT_EQ(10, rate_count(5, 15, 1000));
	EXPECT_EQ(5, rate_count(5, 15, 2000));
	EXPECT_EQ(100, rate_count(5, 15, 100));
	EXPECT_EQ(0, rate_count(5, 15, 0));
	EXPECT_EQ(1ULL << 60, rate_count(0, 1ULL << 60, 1000));
}

TEST(what_happens_at_all_is_seen)
{
	EXPECT_EQ(1, rate_count(5, 6, 60000));
	EXPECT_EQ(4, rate_count(0, 10, 3000));
}

TEST(a_counter_that_began_anew_counts_from_there)
{
	EXPECT_EQ(7, rate_count(100, 7, 1000));
}

TEST(only_reasons_that_grow_are_told)
{
	const struct lb_drops before = {
		.count = 1,
		.drop = { { L4LB_DROP_TTL, 5 } },
	};
	const struct lb_drops now = {
		.count = 2,
		.drop = { { L4LB_DROP_NO_REAL, 8 }, { L4LB_DROP_TTL, 5 } },
	};
	struct lb_drops rate;

	rate_drops(&before, &now, 2000, &rate);
	ASSERT_EQ(1, rate.count);
	EXPECT_EQ(L4LB_DROP_NO_REAL, rate.drop[0].reason);
	EXPECT_EQ(4, rate.drop[0].packets);
}

TEST(numbers_are_short)
{
	static const struct {
		uint64_t count;
		const char *text;
	} cases[] = {
		{ 0, "0" }, { 9999, "9999" }, { 10000, "10.0k" },
		{ 99999, "99.9k" }, { 100000, "100k" }, { 999999, "999k" },
		{ 1000000, "1.0M" }, { 12345678, "12.3M" },
		{ 999999999, "999M" }, { UINT64_MAX, "18.4E" },
	};
	char text[TOP_COUNT_TEXT];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		EXPECT_STREQ(cases[i].text,
			     top_count_print(cases[i].count, text,
					     sizeof(text)));
}

TEST(a_history_fits_its_highest_value)
{
	struct top_row row = { .conns = 0 };
	char text[TOP_HISTORY_TEXT];

	top_history_print(&row, false, text, 4);
	EXPECT_STREQ("    ", text);

	row.history[TOP_HISTORY - 3] = 1;
	row.history[TOP_HISTORY - 2] = 40;
	row.history[TOP_HISTORY - 1] = 80;
	top_history_print(&row, false, text, 4);
	EXPECT_STREQ(" .=@", text);
	top_history_print(&row, true, text, TOP_HISTORY);
	EXPECT_EQ(TOP_HISTORY + 2 * 3, strlen(text));
}

/* Two VIPs with two reals each. */
FIXTURE(rows)
{
	struct top_row row[6];
	struct top top;
	const struct top_row *chosen[6];
	char text[64];
};

static void row_fill(struct top_row *row, const char *vip, const char *real,
		     uint32_t conns)
{
	lb_name_copy(row->vip, vip);
	lb_name_copy(row->real, real);
	snprintf(row->addr, sizeof(row->addr), "%s",
		 *real ? "192.0.2.20" : "192.0.2.1 80");
	row->state = "up";
	row->conns = conns;
}

FIXTURE_SETUP(rows)
{
	row_fill(&self->row[0], "web", "", 3);
	row_fill(&self->row[1], "web", "two", 1);
	row_fill(&self->row[2], "web", "one", 2);
	row_fill(&self->row[3], "mail", "", 7);
	row_fill(&self->row[4], "mail", "red", 7);
	row_fill(&self->row[5], "mail", "blue", 7);
	self->top.row = self->row;
	self->top.count = 6;
}

FIXTURE_TEARDOWN(rows)
{
}

static const char *chosen(FIXTURE_DATA(rows) * self, enum top_sort sort,
			  const char *filter)
{
	const struct top_row *row;
	size_t i, count;

	*self->text = '\0';
	count = top_select(&self->top, sort, filter, self->chosen);
	for (i = 0; i < count; i++) {
		row = self->chosen[i];
		strcat(self->text, i ? " " : "");
		strcat(self->text, *row->real ? row->real : row->vip);
	}

	return self->text;
}

TEST_F(rows, reals_stay_below_their_vip)
{
	EXPECT_STREQ("web two one mail red blue",
		     chosen(self, TOP_SORT_NONE, ""));
	EXPECT_STREQ("mail blue red web one two",
		     chosen(self, TOP_SORT_NAME, ""));
	EXPECT_STREQ("mail red blue web one two",
		     chosen(self, TOP_SORT_CONNS, ""));
}

TEST_F(rows, a_filter_keeps_the_vip_of_what_it_keeps)
{
	EXPECT_STREQ("web one", chosen(self, TOP_SORT_NONE, "one"));
	EXPECT_STREQ("mail red blue", chosen(self, TOP_SORT_NONE, "mail"));
	EXPECT_STREQ("", chosen(self, TOP_SORT_NONE, "green"));
	EXPECT_STREQ("web two one mail red blue",
		     chosen(self, TOP_SORT_NONE, "192.0.2.20"));
}

TEST_HARNESS_MAIN
