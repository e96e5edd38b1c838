// SPDX-License-Identifier: GPL-2.0-only
/*
 * What agents say is understood, and asked for as a check is.
 */

#include "kselftest_harness.h"

#include "agent.h"
#include "plan.h"

#include <arpa/inet.h>
#include <event2/event.h>
#include <sys/socket.h>

#define NONE	0
#define ONLINE	L4LB_ADMIN_ONLINE
#define DRAIN	L4LB_ADMIN_DRAIN
#define HALT	L4LB_ADMIN_HALT

TEST(words_are_understood)
{
	static const struct {
		const char *answer;
		int weight;
		unsigned int admin;
	} cases[] = {
		{ "75%", 75, NONE },
		{ "0%", 0, NONE },
		{ "100%", 100, NONE },
		{ "256%", 256, NONE },
		{ "257%", 256, NONE },
		{ "99999999999999999999%", 256, NONE },
		{ "up", -1, ONLINE },
		{ "ready", -1, ONLINE },
		{ "UP", -1, ONLINE },
		{ "drain", -1, DRAIN },
		{ "maint", -1, HALT },
		{ "down", -1, HALT },
		{ "fail", -1, HALT },
		{ "failed", -1, HALT },
		{ "stopped", -1, HALT },
		{ "up 75%", 75, ONLINE },
		{ "75%,ready", 75, ONLINE },
		{ "\tready;\t50% ", 50, ONLINE },
		{ "drain up", -1, ONLINE },
		{ "up maxconn:30 20%", 20, ONLINE },
		{ "maxconn:30", -1, NONE },
		{ "down #disk full, up tomorrow", -1, HALT },
		{ "down#disk full", -1, HALT },
	};
	struct agent_wish wish;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		EXPECT_TRUE(agent_parse(cases[i].answer, &wish))
			TH_LOG("\"%s\"", cases[i].answer);
		EXPECT_EQ(cases[i].weight >= 0, wish.has_weight)
			TH_LOG("\"%s\"", cases[i].answer);
		if (wish.has_weight)
			EXPECT_EQ(cases[i].weight, wish.weight)
				TH_LOG("\"%s\"", cases[i].answer);
		EXPECT_EQ(cases[i].admin, wish.admin)
			TH_LOG("\"%s\"", cases[i].answer);
	}
}

TEST(other_words_are_not)
{
	static const char *const answers[] = {
		"", " ", "#up", "75", "%", "-5%", "75%%", "7 5%", "7.5%",
		"upp", "up but slow", "HTTP/1.0 400 Bad Request",
	};
	struct agent_wish wish;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(answers); i++)
		EXPECT_FALSE(agent_parse(answers[i], &wish))
			TH_LOG("case %zu", i);
}

TEST(the_answer_is_what_follows_the_port)
{
	EXPECT_STREQ("75%", agent_answer("agent 8888: 75%"));
	EXPECT_STREQ("down #a: b", agent_answer("agent 8888: down #a: b"));
	EXPECT_STREQ("", agent_answer("agent 8888: "));
}

/* One question, and what came of it. */
struct rig {
	struct event_base *base;
	enum check_outcome outcome;
	char reason[CHECK_REASON];
	bool done;
};

static void take(void *data, enum check_outcome outcome, const char *reason,
		 uint32_t us)
{
	struct rig *rig = data;

	rig->outcome = outcome;
	rig->done = true;
	snprintf(rig->reason, sizeof(rig->reason), "%s", reason);
	event_base_loopbreak(rig->base);
}

static void say(evutil_socket_t listener, short what, void *data)
{
	int fd = accept(listener, NULL, NULL);

	if (send(fd, data, strlen(data), 0) < 0)
		abort();
	close(fd);
}

/* Ask one that says this, or that is not there. */
static void ask(struct rig *rig, const char *answer)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct plan of = { .interval = 60000, .timeout = 60000 };
	socklen_t len = sizeof(address);
	struct check_pool *pool;
	struct event *event;
	struct plan plan;
	struct check check;

	memset(rig, 0, sizeof(*rig));
	if (bind(fd, (struct sockaddr *)&address, len) ||
	    (answer && listen(fd, 1)) ||
	    getsockname(fd, (struct sockaddr *)&address, &len))
		abort();
	of.addr.family = AF_INET;
	of.addr.v4 = address.sin_addr;
	of.agent = ntohs(address.sin_port);
	agent_plan(&plan, &of);

	rig->base = event_base_new();
	event = event_new(rig->base, fd, EV_READ | EV_PERSIST, say,
			  (void *)answer);
	if (answer)
		event_add(event, NULL);
	pool = check_pool_new(rig->base, 1);
	if (check_init(&check, pool, take, rig))
		abort();
	check_start(&check, &agent_ops, &plan);
	if (!rig->done)
		event_base_dispatch(rig->base);

	check_exit(&check);
	check_pool_free(pool);
	event_free(event);
	event_base_free(rig->base);
	close(fd);
}

TEST(a_line_is_the_answer)
{
	char big[4096];
	struct rig rig;

	ask(&rig, "75%\r\nup\r\n");
	EXPECT_EQ(CHECK_UP, rig.outcome);
	EXPECT_STREQ("75%", agent_answer(rig.reason));

	ask(&rig, "drain");
	EXPECT_EQ(CHECK_UP, rig.outcome);
	EXPECT_STREQ("drain", agent_answer(rig.reason));

	ask(&rig, "a\tb\x1b[1m\n");
	EXPECT_STREQ("a b?[1m", agent_answer(rig.reason));

	memset(big, 'x', sizeof(big));
	big[sizeof(big) - 1] = '\0';
	ask(&rig, big);
	EXPECT_EQ(CHECK_UP, rig.outcome);
	EXPECT_LT(200, strlen(rig.reason));
	EXPECT_GT(CHECK_REASON, strlen(rig.reason));

	ask(&rig, "");
	EXPECT_STREQ("", agent_answer(rig.reason));
}

TEST(tabs_are_between_words_as_blanks_are)
{
	struct agent_wish wish;
	struct rig rig;

	ask(&rig, "\tup\t75%\t#well\n");
	EXPECT_EQ(CHECK_UP, rig.outcome);
	ASSERT_TRUE(agent_parse(agent_answer(rig.reason), &wish));
	EXPECT_EQ(75, wish.weight);
	EXPECT_EQ(L4LB_ADMIN_ONLINE, wish.admin);
}

TEST(one_that_is_not_there_says_nothing)
{
	struct rig rig;

	ask(&rig, NULL);
	EXPECT_EQ(CHECK_DOWN, rig.outcome);
	EXPECT_NE(NULL, strstr(rig.reason, "connection refused"));
}

TEST_HARNESS_MAIN
