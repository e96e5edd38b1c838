// SPDX-License-Identifier: GPL-2.0-only
/*
 * The words of "global set".
 */

#include "kselftest_harness.h"

#include "err.h"
#include "parse.h"

#define WORDS_MAX	16

static int parse(const char *text, struct lb_info *info, struct lb_err *err)
{
	char *word[WORDS_MAX], *next, *rest, buf[256];
	struct lb_words words = { .word = word, .what = "global set" };

	memset(err, 0, sizeof(*err));
	snprintf(buf, sizeof(buf), "%s", text);
	for (next = strtok_r(buf, " ", &rest); next && words.count < WORDS_MAX;
	     next = strtok_r(NULL, " ", &rest))
		word[words.count++] = next;

	return lb_parse_global(&words, info, err);
}

static const char all[] =
	"limit vips 12 seed 0aB limit reals 34 limit conns 56 limit persist 78";

TEST(all_options)
{
	struct lb_info info;
	struct lb_err err;

	ASSERT_EQ(0, parse(all, &info, &err))
		TH_LOG("%s", err.text);
	EXPECT_EQ(12, info.vips_max);
	EXPECT_EQ(34, info.reals_max);
	EXPECT_EQ(56, info.conns_max);
	EXPECT_EQ(78, info.persists_max);
	EXPECT_EQ(0xab, info.seed);
	EXPECT_EQ(LB_BIT(L4LB_A_INFO_VIPS_MAX) |
		  LB_BIT(L4LB_A_INFO_REALS_MAX) |
		  LB_BIT(L4LB_A_INFO_CONNS_MAX) |
		  LB_BIT(L4LB_A_INFO_PERSISTS_MAX) |
		  LB_BIT(L4LB_A_INFO_SEED), info.has);

	ASSERT_EQ(0, parse("partner 02:00:00:00:00:01", &info, &err));
	EXPECT_EQ(1, info.partners.count);
	EXPECT_EQ(LB_BIT(L4LB_A_INFO_PARTNERS), info.has);
}

TEST(defaults)
{
	struct lb_info info;
	struct lb_err err;

	ASSERT_EQ(0, parse("limit conns default seed default partner default",
			   &info, &err));
	EXPECT_EQ(0, info.conns_max);
	EXPECT_EQ(0, info.seed);
	EXPECT_EQ(0, info.partners.count);
	EXPECT_EQ(LB_BIT(L4LB_A_INFO_CONNS_MAX) | LB_BIT(L4LB_A_INFO_SEED) |
		  LB_BIT(L4LB_A_INFO_PARTNERS), info.has);

	ASSERT_EQ(0, parse("partner none", &info, &err));
	EXPECT_EQ(LB_BIT(L4LB_A_INFO_PARTNERS), info.has);
}

static const struct {
	const char *text;
	int ret;
	const char *why;
} wrong[] = {
	{ "", -61, "OPTION is missing" },
	{ "limit", -61, "\"limit\" needs a value" },
	{ "limit vips", -61, "\"limit vips\" needs a value" },
	{ "limit 5", -22, "limit \"5\" is not vips|reals|conns|persist" },
	{ "limit vips 0", -22, "vips 0 is not within 1-4096" },
	{ "limit vips 4097", -22, "vips 4097 is not within 1-4096" },
	{ "limit reals 65537", -22, "reals 65537 is not within 1-65536" },
	{ "limit conns 16777217", -22,
	  "conns 16777217 is not within 1-16777216" },
	{ "limit persist -1", -22, "persist -1 is not within 1-16777216" },
	{ "limit vips 1 limit vips 2", -22, "\"limit vips\" is given twice" },
	{ "seed 1 seed 2", -22, "\"seed\" is given twice" },
	{ "seed xyz", -22, "seed \"xyz\" is not 1-16 hexadecimal digits" },
	{ "partner 1", -22, "\"1\" is not a MAC address" },
	{ "limits vips 1", -92,
	  "unknown option \"limits\" for global set; is it \"limit\"?" },
};

TEST(what_is_wrong_is_refused)
{
	struct lb_info info;
	struct lb_err err;
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		EXPECT_EQ(wrong[i].ret, parse(wrong[i].text, &info, &err))
			TH_LOG("%s", wrong[i].text);
		EXPECT_STREQ(wrong[i].why, err.text);
	}
}

TEST_HARNESS_MAIN
