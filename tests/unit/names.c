// SPDX-License-Identifier: GPL-2.0-only
/*
 * Words for values, and names of objects.
 */

#include "kselftest_harness.h"

#include "err.h"
#include "names.h"

#include <linux/l4lb.h>

static void check_words(struct __test_metadata *_metadata,
			const struct lb_names *names, unsigned int max)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz-,";
	unsigned int i;

	ASSERT_EQ(max, names->max);
	for (i = 1; i <= max; i++) {
		ASSERT_NE(NULL, names->word[i]);
		EXPECT_EQ(i, lb_names_value(names, names->word[i]));
		EXPECT_STREQ(names->word[i], lb_names_word(names, i));
		EXPECT_EQ(strlen(names->word[i]),
			  strspn(names->word[i], letters));
	}
	EXPECT_STREQ("other", lb_names_word(names, 0));
	EXPECT_STREQ("other", lb_names_word(names, max + 1));
	EXPECT_EQ(0, lb_names_value(names, ""));
	EXPECT_EQ(0, lb_names_value(names, "other"));
}

TEST(every_value_of_the_interface_has_a_word)
{
	check_words(_metadata, &lb_mode_names, L4LB_MODE_MAX);
	check_words(_metadata, &lb_sched_names, L4LB_SCHED_MAX);
	check_words(_metadata, &lb_orphan_names, L4LB_ORPHAN_MAX);
	check_words(_metadata, &lb_no_real_names, L4LB_NO_REAL_MAX);
	check_words(_metadata, &lb_hook_names, L4LB_HOOK_MAX);
	check_words(_metadata, &lb_protos_names, L4LB_PROTO_ALL);
	check_words(_metadata, &lb_vip_state_names, L4LB_VIP_STATE_MAX);
	check_words(_metadata, &lb_admin_names, L4LB_ADMIN_MAX);
	check_words(_metadata, &lb_health_names, L4LB_HEALTH_MAX);
	check_words(_metadata, &lb_reach_names, L4LB_REACH_MAX);
	check_words(_metadata, &lb_conn_state_names, L4LB_CONN_STATE_MAX);
	check_words(_metadata, &lb_event_names, L4LB_EVENT_MAX);
	check_words(_metadata, &lb_drop_names, L4LB_DROP_MAX);
}

TEST(every_reason_for_a_drop_has_a_text)
{
	unsigned int i;

	for (i = 0; i <= L4LB_DROP_MAX + 1; i++)
		EXPECT_LT(0, strlen(lb_drop_text(i)));
}

TEST(words_are_listed)
{
	char buf[64], small[4];

	EXPECT_STREQ("dr|nat|snat",
		     lb_names_list(&lb_mode_names, buf, sizeof(buf)));
	EXPECT_STREQ("dr|",
		     lb_names_list(&lb_mode_names, small, sizeof(small)));
}

TEST(words_that_may_have_been_meant)
{
	EXPECT_STREQ("dr", lb_names_nearest(&lb_mode_names, "drr"));
	EXPECT_STREQ("online", lb_names_nearest(&lb_admin_names, "onlin"));
	EXPECT_EQ(NULL, lb_names_nearest(&lb_mode_names, "frobnicate"));
}

TEST(names_of_objects)
{
	static const char *const good[] = {
		"a", "Z", "CAS-WEB", "ht1.example_org", "allx",
		"a234567890123456789012345678901",
	};
	static const struct {
		const char *name;
		const char *why;
	} bad[] = {
		{ "", "does not start with a letter" },
		{ "1a", "does not start with a letter" },
		{ "-a", "does not start with a letter" },
		{ "a b", "has a character other than" },
		{ "a/b", "has a character other than" },
		{ "a:1", "has a character other than" },
		{ "\xc3\xa4", "does not start with a letter" },
		{ "a2345678901234567890123456789012", "more than 31" },
		{ "all", "reserved" },
		{ "any", "reserved" },
		{ "none", "reserved" },
		{ "off", "reserved" },
		{ "default", "reserved" },
		{ "inherit", "reserved" },
		{ "fallback", "reserved" },
	};
	struct lb_err err;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		EXPECT_EQ(0, lb_name_check(good[i], &err))
			TH_LOG("%s", err.text);
	}
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT_EQ(-EINVAL, lb_name_check(bad[i].name, &err))
			TH_LOG("accepted \"%s\"", bad[i].name);
		EXPECT_NE(NULL, strstr(err.text, bad[i].why))
			TH_LOG("%s", err.text);
	}
}

TEST_HARNESS_MAIN
