// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rows of check results become verdicts, and nothing less than a row does.
 */

#include "kselftest_harness.h"

#include "state.h"

#include <linux/l4lb.h>

#define UNKNOWN	L4LB_HEALTH_UNKNOWN
#define UP	L4LB_HEALTH_UP
#define SICK	L4LB_HEALTH_SICK
#define DOWN	L4LB_HEALTH_DOWN

static unsigned int result_of(char c)
{
	switch (c) {
	case '+':
		return UP;
	case '~':
		return SICK;
	default:
		return DOWN;
	}
}

/* What comes of results, "+" for good, "~" for sick and "-" for down. */
static void run(struct state *state, const char *results, unsigned int rise,
		unsigned int fall)
{
	for (; *results; results++)
		state_step(state, result_of(*results), rise, fall);
}

TEST(rows_of_results_become_verdicts)
{
	static const struct {
		unsigned int from;
		const char *results;
		unsigned int rise;
		unsigned int fall;
		unsigned int to;
	} cases[] = {
		/* Of the unknown the first result decides. */
		{ UNKNOWN, "", 2, 3, UNKNOWN },
		{ UNKNOWN, "+", 2, 3, UP },
		{ UNKNOWN, "-", 2, 3, DOWN },
		{ UNKNOWN, "+-", 2, 3, UP },
		{ UNKNOWN, "-+", 2, 3, DOWN },
		{ UNKNOWN, "+---", 2, 3, DOWN },
		{ UNKNOWN, "-++", 2, 3, UP },
		/* Up goes down by a whole row of failures. */
		{ UP, "+", 2, 3, UP },
		{ UP, "--", 2, 3, UP },
		{ UP, "---", 2, 3, DOWN },
		{ UP, "--+--", 2, 3, UP },
		{ UP, "--+---", 2, 3, DOWN },
		{ UP, "-+-+-+-+", 2, 3, UP },
		/* Down comes up by a whole row of successes. */
		{ DOWN, "-", 2, 3, DOWN },
		{ DOWN, "+", 2, 3, DOWN },
		{ DOWN, "++", 2, 3, UP },
		{ DOWN, "+-+", 2, 3, DOWN },
		{ DOWN, "+-++", 2, 3, UP },
		{ DOWN, "+-+-+-+-", 2, 3, DOWN },
		/* Sick is left either way. */
		{ SICK, "+", 2, 3, SICK },
		{ SICK, "++", 2, 3, UP },
		{ SICK, "--", 2, 3, SICK },
		{ SICK, "---", 2, 3, DOWN },
		/* Sick and down are both bad, the last one is the verdict. */
		{ UNKNOWN, "~", 2, 3, SICK },
		{ UP, "~~~", 2, 3, SICK },
		{ UP, "~~-", 2, 3, DOWN },
		{ UP, "--~", 2, 3, SICK },
		{ UP, "-~", 2, 3, UP },
		{ UP, "~+~~", 2, 3, UP },
		/* From one to the other by a row of the same kind. */
		{ SICK, "--~--", 2, 3, SICK },
		{ DOWN, "~~-~~", 2, 3, DOWN },
		{ DOWN, "~~~", 2, 3, SICK },
		{ UP, "~~~--", 2, 3, SICK },
		{ UP, "~~~---", 2, 3, DOWN },
		{ UP, "~~~+---", 2, 3, DOWN },
		{ DOWN, "~~+~", 2, 3, DOWN },
		{ DOWN, "+~+", 2, 3, DOWN },
		/* Rows of one. */
		{ SICK, "-", 1, 1, DOWN },
		{ UP, "-", 1, 1, DOWN },
		{ DOWN, "+", 1, 1, UP },
		{ UP, "-+-+", 1, 1, UP },
		/* A verdict does not end the row that led to it. */
		{ UP, "----", 2, 3, DOWN },
		{ UP, "---+", 2, 3, DOWN },
		{ UP, "---++", 2, 3, UP },
	};
	struct state state;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		state = (struct state) { .health = cases[i].from };
		run(&state, cases[i].results, cases[i].rise, cases[i].fall);
		EXPECT_EQ(cases[i].to, state.health)
			TH_LOG("from %u by \"%s\"", cases[i].from,
			       cases[i].results);
	}
}

TEST(rows_are_counted)
{
	struct state state = { .health = UP };

	run(&state, "---", 2, 3);
	EXPECT_EQ(3, state.bad);
	EXPECT_EQ(0, state.good);
	run(&state, "+", 2, 3);
	EXPECT_EQ(0, state.bad);
	EXPECT_EQ(1, state.good);
}

TEST(the_longest_row_is_needed_whole)
{
	struct state state = { .health = UP };
	unsigned int i;

	for (i = 1; i < L4LB_CHECK_COUNT_MAX; i++)
		state_step(&state, DOWN, 1, L4LB_CHECK_COUNT_MAX);
	EXPECT_EQ(UP, state.health);
	state_step(&state, DOWN, 1, L4LB_CHECK_COUNT_MAX);
	EXPECT_EQ(DOWN, state.health);
}

TEST(what_is_against_the_verdict_is_not_settled)
{
	static const struct {
		unsigned int from;
		const char *results;
		bool settled;
	} cases[] = {
		{ UP, "", true },
		{ UP, "+", true },
		{ UP, "-", false },
		{ UP, "--", false },
		{ UP, "---", true },
		{ UP, "-+", true },
		{ UP, "~~-", true },
		{ DOWN, "+", false },
		{ DOWN, "++", true },
		{ DOWN, "~", false },
		{ DOWN, "~~~", true },
		{ UNKNOWN, "", true },
		{ UNKNOWN, "-", true },
	};
	struct state state;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		state = (struct state) { .health = cases[i].from };
		run(&state, cases[i].results, 2, 3);
		EXPECT_EQ(cases[i].settled, state_settled(&state))
			TH_LOG("from %u by \"%s\"", cases[i].from,
			       cases[i].results);
	}

	/* A verdict that somebody else gives is not against any result. */
	run(&state, "-", 2, 3);
	state_adopt(&state, UP);
	EXPECT_TRUE(state_settled(&state));
}

TEST(another_verdict_starts_a_new_row)
{
	struct state state = { .health = UP };

	run(&state, "--", 2, 3);
	state_adopt(&state, SICK);
	EXPECT_EQ(SICK, state.health);
	run(&state, "--", 2, 3);
	EXPECT_EQ(SICK, state.health);
	run(&state, "-", 2, 3);
	EXPECT_EQ(DOWN, state.health);

	state_adopt(&state, UNKNOWN);
	run(&state, "+", 2, 3);
	EXPECT_EQ(UP, state.health);
}

TEST(the_same_verdict_leaves_the_row_alone)
{
	struct state state = { .health = UP };

	run(&state, "--", 2, 3);
	state_adopt(&state, UP);
	run(&state, "-", 2, 3);
	EXPECT_EQ(DOWN, state.health);
}

TEST_HARNESS_MAIN
