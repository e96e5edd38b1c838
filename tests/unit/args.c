// SPDX-License-Identifier: GPL-2.0-only
/*
 * The arguments of a check are taken apart, or refused with the reason.
 */

#include "kselftest_harness.h"

#include "args.h"
#include "err.h"

TEST(words_are_keys_and_values)
{
	struct lb_args args;

	ASSERT_EQ(0, lb_args_parse(&args, " path=/owa/  host=mail.x\tstatus= ",
				   NULL));
	EXPECT_EQ(3, args.count);
	EXPECT_STREQ("/owa/", lb_args_get(&args, "path"));
	EXPECT_STREQ("mail.x", lb_args_get(&args, "host"));
	EXPECT_STREQ("", lb_args_get(&args, "status"));
	EXPECT_STREQ("host", lb_args_key(&args, 1));
	EXPECT_STREQ("mail.x", lb_args_value(&args, 1));
	EXPECT_EQ(NULL, lb_args_get(&args, "hos"));
	EXPECT_EQ(NULL, lb_args_get(&args, ""));
}

TEST(there_may_be_none)
{
	static const char *const none[] = { NULL, "", " \t " };
	struct lb_args args;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(none); i++) {
		ASSERT_EQ(0, lb_args_parse(&args, none[i], NULL));
		EXPECT_EQ(0, args.count);
		EXPECT_EQ(NULL, lb_args_get(&args, "path"));
	}
}

TEST(quotes)
{
	static const struct {
		const char *text;
		const char *value;
	} cases[] = {
		{ "k='a b'", "a b" },
		{ "'k=a b'", "a b" },
		{ "k=\"a b\"", "a b" },
		{ "k=a'b c'd\"e f\"g", "ab cde fg" },
		{ "k='\"'\"'\"", "\"'" },
		{ "k='\\n'", "\\n" },
		{ "k=\\n", "\\n" },
		{ "k=^[a-z]+\\.x$", "^[a-z]+\\.x$" },
		{ "k=\"\\\\ \\\"_\\n \\r \\t \\x41\\xfF\"",
		  "\\ \"_\n \r \t A\xff" },
		{ "k=''", "" },
		{ "k=a=b", "a=b" },
		{ "k=#", "#" },
	};
	struct lb_args args;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		ASSERT_EQ(0, lb_args_parse(&args, cases[i].text, NULL))
			TH_LOG("%s", cases[i].text);
		EXPECT_EQ(1, args.count);
		EXPECT_STREQ(cases[i].value, lb_args_get(&args, "k"));
	}
}

TEST(what_is_wrong_is_said)
{
	static const struct {
		const char *text;
		const char *why;
	} cases[] = {
		{ "path", "\"path\" is not key=value" },
		{ "=/x", "\"=/x\" is not key=value" },
		{ "a=1 b a=2", "\"b\" is not key=value" },
		{ "a=1 a=2", "\"a\" is given twice" },
		{ "a='1", "a ' is not closed" },
		{ "a=\"1", "a \" is not closed" },
		{ "a=\"1\\", "is followed by none of" },
		{ "a=\"\\y\"", "is followed by none of" },
		{ "a=\"\\x4\"", "two hexadecimal digits" },
		{ "a=\"\\x", "two hexadecimal digits" },
		{ "a=\"\\xg0\"", "two hexadecimal digits" },
		{ "a=\"\\x00\"", "\\x00 cannot be in a value" },
	};
	struct lb_args args;
	struct lb_err err;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		EXPECT_EQ(-EINVAL, lb_args_parse(&args, cases[i].text, &err));
		EXPECT_NE(NULL, strstr(err.text, cases[i].why))
			TH_LOG("%s: %s", cases[i].text, err.text);
		EXPECT_EQ(0, args.count);
	}
}

TEST(as_many_and_as_long_as_there_may_be)
{
	char text[L4LB_CHECK_ARGS_MAX + 2];
	struct lb_args args, again;
	struct lb_err err;
	size_t used = 0;
	int i;

	for (i = 0; i < LB_ARGS_MAX; i++)
		used += sprintf(text + used, "k%d=%d ", i, i);
	ASSERT_EQ(0, lb_args_parse(&args, text, NULL));
	EXPECT_EQ(LB_ARGS_MAX, args.count);
	EXPECT_STREQ("31", lb_args_get(&args, "k31"));
	strcpy(text + used, "more=1");
	EXPECT_EQ(-EINVAL, lb_args_parse(&args, text, &err));
	EXPECT_NE(NULL, strstr(err.text, "more than 32"));

	memset(text, 'x', sizeof(text));
	text[1] = '=';
	text[L4LB_CHECK_ARGS_MAX] = '\0';
	ASSERT_EQ(0, lb_args_parse(&args, text, NULL));
	EXPECT_EQ(L4LB_CHECK_ARGS_MAX - 2, strlen(lb_args_get(&args, "x")));
	again = args;
	EXPECT_STREQ(lb_args_get(&args, "x"), lb_args_get(&again, "x"));

	text[L4LB_CHECK_ARGS_MAX] = 'x';
	text[L4LB_CHECK_ARGS_MAX + 1] = '\0';
	EXPECT_EQ(-EINVAL, lb_args_parse(&args, text, &err));
	EXPECT_NE(NULL, strstr(err.text, "longer than 1023"));
}

TEST(values_of_other_kinds)
{
	struct lb_args args;

	ASSERT_EQ(0, lb_args_parse(&args, "days=30 tls=yes udp=no odd=x", NULL));
	EXPECT_EQ(30, lb_args_number(&args, "days", 14));
	EXPECT_EQ(14, lb_args_number(&args, "odd", 14));
	EXPECT_EQ(14, lb_args_number(&args, "none", 14));
	EXPECT_TRUE(lb_args_yes(&args, "tls"));
	EXPECT_FALSE(lb_args_yes(&args, "udp"));
	EXPECT_FALSE(lb_args_yes(&args, "none"));
	EXPECT_STREQ("yes", lb_args_or(&args, "tls", "no"));
	EXPECT_STREQ("/", lb_args_or(&args, "path", "/"));
}

TEST_HARNESS_MAIN
