// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists of clients are parsed as they may be written, and printed in their
 * shortest form.
 */

#include "kselftest_harness.h"

#include "allow.h"
#include "compiler.h"
#include "err.h"

#include <unistd.h>

/* What comes of a list, to be freed. */
static char *again(const char *text, struct lb_err *err)
{
	struct lb_allow allow;
	char *out;

	if (lb_allow_parse(text, &allow, err))
		return NULL;
	out = lb_allow_text(&allow);
	lb_allow_free(&allow);

	return out;
}

TEST(lists_are_sorted_merged_and_short)
{
	static const struct {
		const char *text;
		const char *want;
	} cases[] = {
		{ "192.0.2.1", "192.0.2.1" },
		{ "192.0.2.0/24", "192.0.2.0/24" },
		{ "192.168.30.50-192.168.30.60", "192.168.30.50-192.168.30.60" },
		{ "192.168.30.50-60", "192.168.30.50-192.168.30.60" },
		{ "192.168.30.50-50", "192.168.30.50" },
		{ "192.0.2.128-192.0.2.255", "192.0.2.128/25" },
		{ "192.0.2.0-255", "192.0.2.0/24" },
		{ "192.0.2.5,192.0.2.4", "192.0.2.4/31" },
		{ "192.0.2.5,192.0.2.6", "192.0.2.5-192.0.2.6" },
		{ "192.0.2.9,10.0.0.0/8,192.0.2.1-9,192.0.2.3",
		  "10.0.0.0/8,192.0.2.1-192.0.2.9" },
		{ "128.0.0.0/1,0.0.0.0/1", "0.0.0.0/0" },
		{ "255.255.255.255,0.0.0.0", "0.0.0.0,255.255.255.255" },
		{ "192.0.2.255,192.0.3.0", "192.0.2.255-192.0.3.0" },
		{ "2001:db8::1", "2001:db8::1" },
		{ "2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
		  "2001:db8::/32" },
		{ "fd30::60,fd30::50-fd30::5f", "fd30::50-fd30::60" },
		{ "::/0,fd30::1", "::/0" },
		{ "fd30::ffff:ffff:ffff:ffff,fd30:0:0:1::",
		  "fd30::ffff:ffff:ffff:ffff-fd30:0:0:1::" },
	};
	struct lb_err err;
	char *text;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		text = again(cases[i].text, &err);
		EXPECT_STREQ(cases[i].want, text)
			TH_LOG("\"%s\": %s", cases[i].text, err.text);
		free(text);
	}
}

TEST(what_is_wrong_with_a_list_is_said)
{
	static const struct {
		const char *text;
		const char *why;
	} cases[] = {
		{ "", "has no address" },
		{ ",", "has no address" },
		{ "none", "\"none\" is not an address" },
		{ "192.0.2", "\"192.0.2\" is not an address" },
		{ "192.0.2.1/24", "beyond its prefix" },
		{ "192.0.2.0/33", "not within 0-32" },
		{ "192.0.2.60-50", "192.0.2.60-50 ends before it begins" },
		{ "192.0.2.60-192.0.2.50", "ends before it begins" },
		{ "192.0.2.60-256", "is not a range of addresses" },
		{ "192.0.2.60-", "is not a range of addresses" },
		{ "-192.0.2.60", "is not a range of addresses" },
		{ "192.0.2.0/24-192.0.3.0/24", "is not a range of addresses" },
		{ "192.0.2.1-2001:db8::1", "is not a range of addresses" },
		{ "fd30::50-60x", "is not a range of addresses" },
		{ "192.0.2.1,2001:db8::1",
		  "\"2001:db8::1\" is of another family" },
		{ "@/nowhere/to/be/found", "/nowhere/to/be/found: No such" },
		{ "@/", "Is a directory" },
	};
	struct lb_allow allow;
	struct lb_err err;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		memset(&err, 0, sizeof(err));
		EXPECT_EQ(-EINVAL, lb_allow_parse(cases[i].text, &allow, &err))
			TH_LOG("\"%s\"", cases[i].text);
		EXPECT_NE(NULL, strstr(err.text, cases[i].why))
			TH_LOG("\"%s\": %s", cases[i].text, err.text);
		EXPECT_EQ(NULL, allow.range);
	}
	EXPECT_EQ(-EINVAL, lb_allow_parse("none", &allow, NULL));
}

FIXTURE(file)
{
	char name[64];
	FILE *file;
};

FIXTURE_SETUP(file)
{
	int fd;

	snprintf(self->name, sizeof(self->name), "@/tmp/allow-XXXXXX");
	fd = mkstemp(self->name + 1);
	ASSERT_LE(0, fd);
	self->file = fdopen(fd, "w");
	ASSERT_NE(NULL, self->file);
}

FIXTURE_TEARDOWN(file)
{
	unlink(self->name + 1);
}

TEST_F(file, has_lists_and_comments)
{
	struct lb_err err;
	char *text;

	fputs("# smart hosts\n192.168.30.50-60\n\n"
	      "  10.0.0.1,10.0.0.3  10.0.0.5 # three\n\t192.0.2.0/24\r\n"
	      "10.0.0.4", self->file);
	fclose(self->file);
	text = again(self->name, &err);
	EXPECT_STREQ("10.0.0.1,10.0.0.3-10.0.0.5,192.0.2.0/24,192.168.30.50-192.168.30.60",
		     text)
		TH_LOG("%s", err.text);
	free(text);
}

TEST_F(file, says_which_line_is_wrong)
{
	struct lb_allow allow;
	struct lb_err err;

	fputs("10.0.0.1\n\n10.0.0.2,10.0.0\n", self->file);
	fclose(self->file);
	EXPECT_EQ(-EINVAL, lb_allow_parse(self->name, &allow, &err));
	EXPECT_NE(NULL, strstr(err.text,
			       ", line 3: \"10.0.0\" is not an address"))
		TH_LOG("%s", err.text);
}

TEST_F(file, without_an_address_means_nobody)
{
	struct lb_allow allow;
	struct lb_err err;

	fputs("# 10.0.0.1\n", self->file);
	fclose(self->file);
	EXPECT_EQ(-EINVAL, lb_allow_parse(self->name, &allow, &err));
	EXPECT_NE(NULL, strstr(err.text, "has no address"));
}

/* Every second address of 10.0.0.0/8. */
static void fill(FILE *file, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		fprintf(file, "10.%u.%u.%u\n", i >> 15, (i >> 7) & 255,
			(i << 1) & 255);
	fclose(file);
}

TEST_F(file, may_have_as_many_ranges_as_a_vip)
{
	struct lb_allow allow;

	fill(self->file, L4LB_ALLOWS_MAX);
	ASSERT_EQ(0, lb_allow_parse(self->name, &allow, NULL));
	EXPECT_EQ(L4LB_ALLOWS_MAX, allow.count);
	lb_allow_free(&allow);
}

TEST_F(file, may_not_have_more)
{
	struct lb_allow allow;
	struct lb_err err;

	fill(self->file, L4LB_ALLOWS_MAX + 1);
	EXPECT_EQ(-EINVAL, lb_allow_parse(self->name, &allow, &err));
	EXPECT_NE(NULL, strstr(err.text, "more than 16384 ranges"));
}

TEST_HARNESS_MAIN
