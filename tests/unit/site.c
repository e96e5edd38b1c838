// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sites: what makes of one another, what it costs, and how it is undone. What a
 * file may have in it, ctl_apply.sh sees.
 */

#include "kselftest_harness.h"

#include "change.h"
#include "err.h"
#include "site.h"
#include "undo.h"

#include <errno.h>
#include <stdlib.h>

/* What is wrong with the text, if anything; then the site has to be freed. */
static const char *site_take(struct lb_site *site, const char *text)
{
	static struct lb_err err;
	char *copy = strdup(text);

	err.text[0] = '\0';
	if (!lb_site_parse(site, "f", copy, strlen(copy), &err))
		lb_site_check(site, "f", &err);
	free(copy);

	return err.text;
}

static char *site_text(const struct lb_site *site)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	lb_site_write(site, file);
	fclose(file);

	return text;
}

/* What the module would have of a real of which nothing was said. */
static void site_run(struct lb_site *site)
{
	size_t i;

	for (i = 0; i < site->real_count; i++) {
		if (lb_has(site->reals[i].has, L4LB_A_REAL_ADMIN))
			continue;
		site->reals[i].has |= LB_BIT(L4LB_A_REAL_ADMIN);
		site->reals[i].admin = L4LB_ADMIN_ONLINE;
	}
}

#define SITE	"vip add A 10.0.0.1 tcp 80 persist 1h\n"		\
		"real add A one 10.0.0.2\n"				\
		"real add A two 10.0.0.3\n"				\
		"persist add vip A src 1.2.3.4 real one forever\n"	\
		"vip add B 10.0.0.1 tcp 81\n"

TEST(order_does_not_matter_and_numbers_count)
{
	struct lb_site site;
	char *text;

	ASSERT_STREQ("", site_take(&site, "real add A r10 10.0.0.2\n"
				   "vip add B 10.0.0.1 udp 9\n"
				   "lbctl real add A r9 10.0.0.3 state halt\n"
				   "vip add A 10.0.0.1 tcp 9 sched rr\n"));
	text = site_text(&site);
	EXPECT_STREQ("vip add A 10.0.0.1 tcp 9 mode dr sched rr\n"
		     "real add A r9 10.0.0.3 state halt\n"
		     "real add A r10 10.0.0.2\n"
		     "vip add B 10.0.0.1 udp 9 mode dr sched wrr\n", text);
	free(text);
	lb_site_free(&site);
}

TEST(what_is_said_by_default_is_not_written)
{
	struct lb_site site;
	char *text;

	ASSERT_STREQ("", site_take(&site,
				   "vip add A 10.0.0.1 tcp 9 mode dr sched wrr persist off mask 32 idle 124m allow any orphan rst no-real rst fallback off hook early slow-start off seed 0 check tcp interval 5s timeout 3s rise 2 fall 3 via real\n"
				   "real add A r 10.0.0.2 weight 100 max-conns 0 state online check inherit\n"
				   "vip add U 10.0.0.1 udp 9 check off\n"));
	text = site_text(&site);
	EXPECT_STREQ("vip add A 10.0.0.1 tcp 9 mode dr sched wrr\n"
		     "real add A r 10.0.0.2 state online\n"
		     "vip add U 10.0.0.1 udp 9 mode dr sched wrr\n", text);
	free(text);
	lb_site_free(&site);
}

/* A part of a check is a change of that of the VIP. */
TEST(checks_of_reals)
{
	struct lb_site site;
	char *text;

	ASSERT_STREQ("", site_take(&site,
				   "vip add A 10.0.0.1 tcp 9 check http rise 5 args path=/x\n"
				   "real add A r 10.0.0.2 state online check fall 7\n"));
	text = site_text(&site);
	EXPECT_STREQ("vip add A 10.0.0.1 tcp 9 mode dr sched wrr check http rise 5 args path=/x\n"
		     "real add A r 10.0.0.2 state online check http rise 5 fall 7 args path=/x\n",
		     text);
	free(text);
	lb_site_free(&site);
}

static void expect_change(struct __test_metadata *_metadata,
			  const struct lb_change *change, const char *want,
			  const char *was)
{
	char *text = lb_change_text(change);

	EXPECT_STREQ(want, text);
	free(text);
	text = lb_change_was(change);
	EXPECT_STREQ(was, text);
	free(text);
}

/* What has no option of its own is said by making it anew. */
TEST(changes_without_an_option)
{
	struct lb_site now, then;
	struct lb_plan plan;

	ASSERT_STREQ("", site_take(&now, SITE));
	ASSERT_STREQ("", site_take(&then,
				   "vip add A 10.0.0.1 tcp,udp 80 persist 1h check tcp force\n"
				   "real add A one 10.0.0.9 weight 5 state drain\n"
				   "real add A two 10.0.0.3 weight 6\n"
				   "persist add vip A src 1.2.3.4 real one forever\n"
				   "vip add B 10.0.0.1 tcp 82 force\n"));
	site_run(&now);
	ASSERT_EQ(0, lb_plan_make(&plan, &now, &then, NULL));
	ASSERT_EQ(4, plan.count);
	expect_change(_metadata, &plan.change[0],
		      "vip replace A 10.0.0.1 tcp,udp 80 mode dr sched wrr persist 1h force",
		      "protocol tcp");
	expect_change(_metadata, &plan.change[1],
		      "real replace A one 10.0.0.9 weight 5 state drain",
		      "address 10.0.0.2 weight 100 state online");
	expect_change(_metadata, &plan.change[2], "real set A two weight 6",
		      "weight 100");
	expect_change(_metadata, &plan.change[3], "vip set B ports 82 force",
		      "ports 81");
	lb_plan_free(&plan);
	lb_site_free(&now);
	lb_site_free(&then);
}

TEST(changes)
{
	struct lb_site now, then;
	struct lb_plan plan;

	ASSERT_STREQ("", site_take(&now, SITE));
	ASSERT_STREQ("", site_take(&then,
				   "global set seed 1 limit vips 9\n"
				   "vip add A 10.0.0.1 tcp 80 persist 2h idle 1h\n"
				   "real add A one 10.0.0.2 weight 5\n"
				   "real add A three 10.0.0.4\n"
				   "persist add vip A src 1.2.3.4 real three forever\n"
				   "vip add C 10.0.0.1 tcp 81\n"));
	now.vips[0].conns = 50;
	now.vips[1].conns = 7;
	now.vips[1].persists = 3;
	now.reals[1].conns = 20;
	now.reals[1].clients = 9;
	ASSERT_EQ(0, lb_plan_make(&plan, &now, &then, NULL));
	ASSERT_EQ(8, plan.count);
	EXPECT_EQ(2, plan.added);
	EXPECT_EQ(4, plan.changed);
	EXPECT_EQ(2, plan.removed);
	EXPECT_EQ(27, plan.conns);
	EXPECT_EQ(13, plan.clients);
	expect_change(_metadata, &plan.change[0],
		      "global set seed 1 limit vips 9",
		      "global set seed 0 limit vips default");
	expect_change(_metadata, &plan.change[1],
		      "vip set A persist 2h idle 1h", "persist 1h idle 124m");
	expect_change(_metadata, &plan.change[2], "real set A one weight 5",
		      "weight 100");
	EXPECT_EQ(3, plan.change[2].line);
	expect_change(_metadata, &plan.change[3], "real add A three 10.0.0.4",
		      "");
	expect_change(_metadata, &plan.change[4], "real del A two", "");
	EXPECT_EQ(0, plan.change[4].line);
	expect_change(_metadata, &plan.change[5],
		      "persist add vip A src 1.2.3.4 real three forever",
		      "real one");
	expect_change(_metadata, &plan.change[6], "vip del B", "");
	expect_change(_metadata, &plan.change[7],
		      "vip add C 10.0.0.1 tcp 81 mode dr sched wrr", "");
	ASSERT_EQ(1, plan.bare_count);
	EXPECT_STREQ("C", plan.bare[0]->name);
	lb_plan_free(&plan);
	lb_site_free(&now);
	lb_site_free(&then);
}

/* A state that is not said is no change, one that is not there is. */
TEST(states)
{
	struct lb_site now, then;
	struct lb_plan plan;

	ASSERT_STREQ("", site_take(&now, SITE));
	site_run(&now);
	now.reals[0].admin = L4LB_ADMIN_DRAIN;
	ASSERT_STREQ("", site_take(&then, SITE));
	ASSERT_EQ(0, lb_plan_make(&plan, &now, &then, NULL));
	EXPECT_EQ(0, plan.count);
	lb_plan_free(&plan);
	lb_site_free(&then);
	ASSERT_STREQ("", site_take(&then, SITE));
	site_run(&then);
	ASSERT_EQ(0, lb_plan_make(&plan, &now, &then, NULL));
	ASSERT_EQ(1, plan.count);
	expect_change(_metadata, &plan.change[0], "real set A one state online",
		      "state drain");
	lb_plan_free(&plan);
	lb_site_free(&now);
	lb_site_free(&then);
}

/* What is undone of it if, in between, there was this. */
static char *undone(const char *before, const char *applied, const char *now,
		    size_t *kept)
{
	struct lb_site sites[3], target;
	char *text = NULL;

	*kept = 0;
	if (*site_take(&sites[0], before) || *site_take(&sites[1], applied) ||
	    *site_take(&sites[2], now))
		return NULL;
	site_run(&sites[0]);
	site_run(&sites[2]);
	if (!lb_undo_make(&target, &sites[2], &sites[0], &sites[1], kept,
			  NULL)) {
		text = site_text(&target);
		lb_undo_free(&target);
	}
	lb_site_free(&sites[0]);
	lb_site_free(&sites[1]);
	lb_site_free(&sites[2]);

	return text;
}

#define VIP_A	"vip add A 10.0.0.1 tcp 80 mode dr sched wrr"
#define VIP_B	"vip add B 10.0.0.1 tcp 81 mode dr sched wrr"
#define REAL_A	"real add A one 10.0.0.2"

TEST(undo)
{
	static const struct {
		const char *before;
		const char *applied;
		const char *now;
		const char *want;
		size_t kept;
	} cases[] = {
		/* Nobody has done anything since. */
		{ VIP_A "\n", VIP_B "\n", VIP_B "\n", VIP_A "\n", 0 },
		{ "global set seed 1\n" VIP_A "\n", VIP_A "\n", VIP_A "\n",
		  "global set seed 1\n" VIP_A "\n", 0 },
		{ VIP_A "\n" REAL_A " state drain\n",
		  VIP_A "\n" REAL_A " weight 5\n",
		  VIP_A "\n" REAL_A " weight 5 state drain\n",
		  VIP_A "\n" REAL_A " state drain\n", 0 },
		/* Somebody has changed what was not applied, or what was. */
		{ VIP_A "\n", VIP_A " seed 5\n", VIP_A " seed 5\n" VIP_B "\n",
		  VIP_A "\n" VIP_B "\n", 1 },
		{ VIP_A "\n", VIP_A " seed 5\n", VIP_A " seed 6\n",
		  VIP_A " seed 6\n", 1 },
		{ VIP_A "\n" VIP_B "\n", VIP_A "\n", "", VIP_B "\n", 1 },
		/* A state that somebody has changed counts too. */
		{ VIP_A "\n" REAL_A " state drain\n",
		  VIP_A "\n" REAL_A " weight 5\n",
		  VIP_A "\n" REAL_A " weight 5 state halt\n",
		  VIP_A "\n" REAL_A " weight 5 state halt\n", 1 },
		/* Reals that somebody has added go with their VIP. */
		{ VIP_B "\n", VIP_A "\n", VIP_A "\n" REAL_A "\n",
		  VIP_B "\n", 1 },
	};
	size_t i, kept;
	char *text;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		text = undone(cases[i].before, cases[i].applied, cases[i].now,
			      &kept);
		EXPECT_STREQ(cases[i].want, text);
		EXPECT_EQ(cases[i].kept, kept) {
			TH_LOG("case %zu", i);
		}
		free(text);
	}
}

TEST_HARNESS_MAIN
