// SPDX-License-Identifier: GPL-2.0-only
/*
 * Text of foreign origin is made safe to print.
 */

#include "kselftest_harness.h"

#include "err.h"

TEST(text_is_made_safe_to_print)
{
	static const struct {
		const char *from;
		const char *to;
	} cases[] = {
		{ "", "" },
		{ "421 too busy", "421 too busy" },
		{ "a\nb\rc\td", "a?b?c?d" },
		{ "\x1b[31mred\x7f", "?[31mred?" },
		{ "gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f" },
		{ "\xe2\x82\xac", "\xe2\x82\xac" },
		{ "a\xe2\x80\xaez", "a???z" },	/* from right to left */
		{ "\xe2\x81\xa6\xe2\x80\xa8", "??????" },
		{ "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80" },
		{ "\302\23331m", "??31m" },		/* C1 control */
		{ "\xc0\xaf", "??" },			/* overlong */
		{ "\xe0\x80\xaf", "???" },		/* overlong */
		{ "\xed\xa0\x80", "???" },		/* surrogate */
		{ "\xf4\x90\x80\x80", "????" },		/* beyond Unicode */
		{ "\xe2\x82", "??" },			/* cut off */
		{ "\xff\xfe", "??" },
		{ "a\200b", "a?b" },
	};
	char buf[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		lb_text_clean(buf, sizeof(buf), cases[i].from,
			      strlen(cases[i].from));
		EXPECT_STREQ(cases[i].to, buf);
	}
}

TEST(text_is_cut_off_between_characters)
{
	char buf[4];

	lb_text_clean(buf, sizeof(buf), "abcdef", 6);
	EXPECT_STREQ("abc", buf);
	lb_text_clean(buf, sizeof(buf), "ab\xc3\xbc", 4);
	EXPECT_STREQ("ab", buf);
	lb_text_clean(buf, 1, "a", 1);
	EXPECT_STREQ("", buf);
	lb_text_clean(buf, sizeof(buf), "abc", 2);
	EXPECT_STREQ("ab", buf);
}

TEST(a_reason_is_one_safe_line)
{
	struct lb_err err = { .word = "left over" };

	EXPECT_EQ(-5, lb_err_set(&err, -5, "%s is %d", "it\n", 7));
	EXPECT_STREQ("it? is 7", err.text);
	EXPECT_STREQ("", err.word);
	EXPECT_EQ(-5, lb_err_set(NULL, -5, "nobody asks"));
	EXPECT_EQ(-ENOENT, lb_err_code(&err, -ENOENT));
	EXPECT_STREQ(strerror(ENOENT), err.text);
}

TEST_HARNESS_MAIN
