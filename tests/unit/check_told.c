// SPDX-License-Identifier: GPL-2.0-only
/*
 * Only what is news is told.
 */

#include "kselftest_harness.h"

#include "model.h"
#include "told.h"

#define UP	L4LB_HEALTH_UP
#define DOWN	L4LB_HEALTH_DOWN
#define ONLINE	L4LB_ADMIN_ONLINE

#define HEALTH	(LB_BIT(L4LB_A_REAL_HEALTH) | LB_BIT(L4LB_A_REAL_REASON))
#define TEXT	LB_BIT(L4LB_A_REAL_RESULT_TEXT)
#define RTT	LB_BIT(L4LB_A_REAL_RTT)
#define RESULT	(LB_BIT(L4LB_A_REAL_RESULT) | TEXT | RTT)
#define AGENT	(LB_BIT(L4LB_A_REAL_AGENT_WEIGHT) | \
		 LB_BIT(L4LB_A_REAL_AGENT_ADMIN))

FIXTURE(told) {
	struct told told;
	struct lb_real report;
	uint64_t now;
};

FIXTURE_SETUP(told)
{
	struct lb_real real = { .health = L4LB_HEALTH_UNKNOWN };

	memset(self, 0, sizeof(*self));
	self->now = 1000000;
	told_adopt(&self->told, &real);
}

FIXTURE_TEARDOWN(told)
{
}

/* Tell a result with its verdict: the bits of what was told. */
static uint32_t tell(FIXTURE_DATA(told) * self, uint8_t verdict,
		     const char *why, uint8_t result, const char *text)
{
	memset(&self->report, 0, sizeof(self->report));
	if (verdict)
		told_verdict(&self->told, &self->report, verdict, why);
	told_result(&self->told, &self->report, result, text, 1234, self->now);
	if (!told_is_news(&self->report) ||
	    !told_allow(&self->told, &self->report, self->now))
		return 0;
	told_keep(&self->told, &self->report, self->now);

	return self->report.has;
}

TEST_F(told, a_verdict_goes_with_its_result)
{
	EXPECT_EQ(HEALTH | RESULT, tell(self, UP, "ok", UP, "ok"));
	EXPECT_EQ(UP, self->report.health);
	EXPECT_STREQ("ok", self->report.reason);
	EXPECT_EQ(UP, self->report.result);
	EXPECT_STREQ("ok", self->report.result_text);
	EXPECT_EQ(1234, self->report.rtt);

	EXPECT_EQ(0, tell(self, UP, "ok", UP, "ok"));
	EXPECT_EQ(HEALTH | RESULT, tell(self, DOWN, "refused", DOWN,
					"refused"));
	EXPECT_EQ(HEALTH | RESULT, tell(self, DOWN, "silent", DOWN, "silent"));
	EXPECT_EQ(0, tell(self, DOWN, "silent", DOWN, "silent"));
}

TEST_F(told, the_first_failure_is_told_without_a_verdict)
{
	tell(self, UP, "ok", UP, "ok");
	EXPECT_EQ(RESULT, tell(self, 0, NULL, DOWN, "refused"));
	EXPECT_EQ(0, tell(self, 0, NULL, DOWN, "refused"));
	EXPECT_EQ(HEALTH | RESULT, tell(self, DOWN, "refused", DOWN,
					"refused"));
}

TEST_F(told, the_time_alone_is_told_once_a_minute)
{
	tell(self, UP, "ok", UP, "ok");
	self->now += TOLD_RTT_EVERY - 1;
	EXPECT_EQ(0, tell(self, UP, "ok", UP, "ok"));
	self->now += 1;
	EXPECT_EQ(RTT, tell(self, UP, "ok", UP, "ok"));
	EXPECT_EQ(0, tell(self, UP, "ok", UP, "ok"));
}

TEST_F(told, what_could_not_be_made_has_a_text_only)
{
	tell(self, UP, "ok", UP, "ok");
	EXPECT_EQ(TEXT, tell(self, 0, NULL, 0, "not checked"));
	EXPECT_EQ(0, tell(self, 0, NULL, 0, "not checked"));
	self->now += TOLD_RTT_EVERY;
	EXPECT_EQ(0, tell(self, 0, NULL, 0, "not checked"));
	EXPECT_EQ(RESULT, tell(self, UP, "ok", UP, "ok"));
}

TEST_F(told, texts_that_change_each_time_are_not_all_told)
{
	char text[32];
	int i, n = 0;

	tell(self, UP, "ok", UP, "ok");
	for (i = 0; i < 100; i++) {
		snprintf(text, sizeof(text), "it is %d", i);
		n += !!tell(self, UP, text, UP, text);
	}
	EXPECT_EQ(TOLD_TEXTS_MAX, n);

	/* Another health is told all the same, and some time later texts. */
	EXPECT_EQ(HEALTH | RESULT, tell(self, DOWN, "x", DOWN, "x"));
	EXPECT_EQ(0, tell(self, DOWN, "y", DOWN, "y"));
	self->now += TOLD_TEXT_SPAN;
	EXPECT_EQ(HEALTH | RESULT, tell(self, DOWN, "y", DOWN, "y"));
}

TEST_F(told, what_the_module_holds_is_not_told)
{
	struct lb_real real = {
		.has = RESULT | AGENT,
		.health = UP,
		.reason = "ok",
		.result = UP,
		.result_text = "ok",
		.agent_weight = 50,
		.agent_admin = L4LB_ADMIN_DRAIN,
	};

	told_adopt(&self->told, &real);
	EXPECT_EQ(RTT, tell(self, UP, "ok", UP, "ok"));
	told_agent(&self->told, &self->report, 50, L4LB_ADMIN_DRAIN);
	EXPECT_EQ(0, self->report.has & AGENT);
}

TEST_F(told, another_wish_of_the_agent_is_told)
{
	told_agent(&self->told, &self->report, 100, ONLINE);
	EXPECT_EQ(0, self->report.has);
	told_agent(&self->told, &self->report, 50, ONLINE);
	EXPECT_EQ(AGENT, self->report.has);
	EXPECT_TRUE(told_allow(&self->told, &self->report, self->now));
	told_keep(&self->told, &self->report, self->now);

	memset(&self->report, 0, sizeof(self->report));
	told_agent(&self->told, &self->report, 50, ONLINE);
	EXPECT_EQ(0, self->report.has);
	told_agent(&self->told, &self->report, 50, L4LB_ADMIN_HALT);
	EXPECT_EQ(AGENT, self->report.has);
	EXPECT_EQ(L4LB_ADMIN_HALT, self->report.agent_admin);
}

TEST_HARNESS_MAIN
