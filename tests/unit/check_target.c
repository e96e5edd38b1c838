// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is configured is checked, on this host's own ports, and what is news is
 * reported.
 */

#include "kselftest_harness.h"

#include "check.h"
#include "kernel.h"
#include "model.h"
#include "news.h"
#include "probe.h"
#include "target.h"

#include <arpa/inet.h>
#include <event2/event.h>
#include <sys/resource.h>
#include <sys/socket.h>

#define REALS	8

#define BITS_RESULT	(LB_BIT(L4LB_A_REAL_RESULT) | \
			 LB_BIT(L4LB_A_REAL_RESULT_TEXT) | \
			 LB_BIT(L4LB_A_REAL_RTT))

/* Targets, and what becomes of their verdicts. */
struct rig {
	struct event_base *base;
	struct check_pool *pool;
	struct probes *probes;
	struct targets *targets;
	struct lb_vip vip;
	struct lb_real real[REALS];
	struct config config;
	int open;
	int closed;
	unsigned int reports;
	unsigned int downs;
	unsigned int others;
	unsigned int news;
	char news_event[16];
	char news_health[16];
	struct lb_real report;
	struct lb_real other;
	int answer;
};

FIXTURE(target) {
	struct rig rig;
};

/* Verdicts are counted, and what is no verdict is apart. */
static int take_report(void *data, const struct lb_real *report)
{
	struct rig *rig = data;

	if (lb_has(report->has, L4LB_A_REAL_HEALTH)) {
		rig->reports++;
		rig->downs += report->health == L4LB_HEALTH_DOWN;
		rig->report = *report;
	} else {
		rig->others++;
		rig->other = *report;
	}

	return rig->answer;
}

static void take_news(void *data, const struct news *news)
{
	struct rig *rig = data;

	rig->news++;
	snprintf(rig->news_event, sizeof(rig->news_event), "%s", news->event);
	snprintf(rig->news_health, sizeof(rig->news_health), "%s",
		 news->health);
}

static const struct targets_ops ops = {
	.report	= take_report,
	.news	= take_news,
};

/* A port of this host: one that is bound and does not listen refuses. */
static int port_new(bool listens, uint16_t *port)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t len = sizeof(address);

	if (bind(fd, (struct sockaddr *)&address, len) ||
	    (listens && listen(fd, 64)) ||
	    getsockname(fd, (struct sockaddr *)&address, &len))
		return -1;
	*port = ntohs(address.sin_port);

	return fd;
}

static void check_on(struct lb_real *real, const char *type, uint16_t port)
{
	real->has = LB_BIT(L4LB_A_REAL_CHECK);
	snprintf(real->check.type, sizeof(real->check.type), "%s", type);
	real->check.ports.count = 1;
	real->check.ports.range[0].first = port;
	real->check.ports.range[0].last = port;
	real->check.interval = L4LB_CHECK_TIME_MIN;
	real->check.timeout = L4LB_CHECK_TIME_MIN;
	real->check.rise = 2;
	real->check.fall = 2;
}

FIXTURE_SETUP(target)
{
	in_port_t open, closed;
	unsigned int i;

	memset(self, 0, sizeof(*self));
	self->rig.open = port_new(true, &open);
	self->rig.closed = port_new(false, &closed);
	ASSERT_GE(self->rig.open, 0);
	ASSERT_GE(self->rig.closed, 0);

	self->rig.base = event_base_new();
	self->rig.pool = check_pool_new(self->rig.base, 1);
	self->rig.probes = probes_new(self->rig.base, self->rig.pool);
	self->rig.targets = targets_new(self->rig.base, self->rig.probes, &ops,
					&self->rig);
	ASSERT_NE(NULL, self->rig.targets);

	lb_name_copy(self->rig.vip.name, "SMTP");
	for (i = 0; i < REALS; i++) {
		lb_name_copy(self->rig.real[i].vip, "SMTP");
		snprintf(self->rig.real[i].name, sizeof(self->rig.real[i].name),
			 "HT%u", i);
		ASSERT_EQ(0, lb_addr_parse("127.0.0.1", &self->rig.real[i].addr,
					   NULL));
		self->rig.real[i].health = L4LB_HEALTH_UNKNOWN;
		self->rig.real[i].epoch = 7;
		check_on(&self->rig.real[i], "tcp", i == 1 ? closed : open);
	}
	self->rig.config.vip = &self->rig.vip;
	self->rig.config.vips = 1;
	self->rig.config.real = self->rig.real;
	self->rig.config.reals = 1;
}

FIXTURE_TEARDOWN(target)
{
	targets_free(self->rig.targets);
	probes_free(self->rig.probes);
	check_pool_free(self->rig.pool);
	event_base_free(self->rig.base);
	close(self->rig.open);
	close(self->rig.closed);
}

/* Go on until there are so many reports; the harness ends what takes long. */
static void run_until(struct rig *rig, unsigned int reports)
{
	while (rig->reports < reports)
		event_base_loop(rig->base, EVLOOP_ONCE);
}

/* Whether nothing is ever going to happen. */
static bool is_quiet(struct rig *rig)
{
	/* What comes of an update itself. */
	event_base_loop(rig->base, EVLOOP_NONBLOCK);

	return event_base_loop(rig->base, EVLOOP_NONBLOCK) == 1;
}

TEST_F(target, a_verdict_has_all_that_the_module_wants)
{
	targets_update(self->rig.targets, &self->rig.config);
	run_until(&self->rig, 1);
	EXPECT_STREQ("SMTP", self->rig.report.vip);
	EXPECT_STREQ("HT0", self->rig.report.name);
	EXPECT_EQ(L4LB_HEALTH_UP, self->rig.report.health);
	EXPECT_EQ(7, self->rig.report.epoch);
	EXPECT_EQ(LB_BIT(L4LB_A_REAL_HEALTH) | LB_BIT(L4LB_A_REAL_REASON) |
		  LB_BIT(L4LB_A_REAL_EPOCH) | BITS_RESULT,
		  self->rig.report.has);
	EXPECT_NE(NULL, strstr(self->rig.report.reason, ": connected"));
	EXPECT_EQ(L4LB_HEALTH_UP, self->rig.report.result);
	EXPECT_STREQ(self->rig.report.reason, self->rig.report.result_text);
	EXPECT_NE(0, self->rig.report.rtt);
}

TEST_F(target, a_port_that_refuses_is_down)
{
	self->rig.config.real = &self->rig.real[1];
	targets_update(self->rig.targets, &self->rig.config);
	run_until(&self->rig, 1);
	EXPECT_EQ(L4LB_HEALTH_DOWN, self->rig.report.health);
	EXPECT_NE(NULL, strstr(self->rig.report.reason, ": connection refused"));
}

TEST_F(target, more_are_checked_than_may_be_at_once)
{
	self->rig.config.reals = REALS;
	targets_update(self->rig.targets, &self->rig.config);
	run_until(&self->rig, REALS);
}

TEST_F(target, the_next_one_has_its_turn_when_a_waiting_one_goes)
{
	self->rig.config.reals = REALS;
	targets_update(self->rig.targets, &self->rig.config);
	run_until(&self->rig, 1);
	self->rig.config.real = &self->rig.real[REALS - 1];
	self->rig.config.reals = 1;
	targets_update(self->rig.targets, &self->rig.config);
	while (strcmp(self->rig.report.name, self->rig.real[REALS - 1].name))
		event_base_loop(self->rig.base, EVLOOP_ONCE);
}

TEST_F(target, what_the_module_did_not_take_is_told_again)
{
	self->rig.answer = -ENOMEM;
	targets_update(self->rig.targets, &self->rig.config);
	run_until(&self->rig, 3);
	EXPECT_EQ(L4LB_HEALTH_UP, self->rig.report.health);
}

TEST_F(target, what_the_module_holds_is_not_told_again)
{
	self->rig.config.reals = 2;
	targets_update(self->rig.targets, &self->rig.config);
	run_until(&self->rig, 2);

	/* Another one's second verdict shows that time has passed. */
	self->rig.real[1].health = L4LB_HEALTH_UP;
	targets_health(self->rig.targets, &self->rig.real[1]);
	run_until(&self->rig, 3);
	EXPECT_STREQ("HT1", self->rig.report.name);
	EXPECT_EQ(L4LB_HEALTH_DOWN, self->rig.report.health);
}

TEST_F(target, health_of_another_epoch_is_not_taken_over)
{
	self->rig.config.reals = 2;
	targets_update(self->rig.targets, &self->rig.config);
	run_until(&self->rig, 2);

	self->rig.real[0].health = L4LB_HEALTH_DOWN;
	self->rig.real[0].epoch = 6;
	targets_health(self->rig.targets, &self->rig.real[0]);
	self->rig.real[1].health = L4LB_HEALTH_UP;
	targets_health(self->rig.targets, &self->rig.real[1]);
	run_until(&self->rig, 3);
	EXPECT_STREQ("HT1", self->rig.report.name);
}

TEST_F(target, what_is_gone_is_not_checked)
{
	self->rig.config.reals = REALS;
	targets_update(self->rig.targets, &self->rig.config);
	EXPECT_FALSE(is_quiet(&self->rig));
	self->rig.config.reals = 0;
	targets_update(self->rig.targets, &self->rig.config);
	EXPECT_TRUE(is_quiet(&self->rig));
}

TEST_F(target, an_update_of_one_vip_leaves_the_others_alone)
{
	targets_update(self->rig.targets, &self->rig.config);
	self->rig.config.scope = "OTHER";
	self->rig.config.vips = 0;
	self->rig.config.reals = 0;
	targets_update(self->rig.targets, &self->rig.config);
	EXPECT_FALSE(is_quiet(&self->rig));
	self->rig.config.scope = "SMTP";
	targets_update(self->rig.targets, &self->rig.config);
	EXPECT_TRUE(is_quiet(&self->rig));
}

TEST_F(target, what_is_not_for_this_program_is_left_alone)
{
	static const char *const types[] = { "off", "external", "no-such" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		check_on(&self->rig.real[0], types[i], 25);
		targets_update(self->rig.targets, &self->rig.config);
		EXPECT_TRUE(is_quiet(&self->rig));
	}

	self->rig.real[0].check.ports.count = 0;
	ASSERT_EQ(0, lb_ports_parse("any", &self->rig.vip.ports, NULL));
	check_on(&self->rig.real[0], "tcp", 25);
	self->rig.real[0].check.ports.count = 0;
	targets_update(self->rig.targets, &self->rig.config);
	EXPECT_TRUE(is_quiet(&self->rig));
	EXPECT_EQ(0, self->rig.reports);
}

TEST_F(target, a_failure_is_told_before_it_is_a_verdict)
{
	self->rig.real[1].health = L4LB_HEALTH_UP;
	self->rig.config.real = &self->rig.real[1];
	targets_update(self->rig.targets, &self->rig.config);
	run_until(&self->rig, 1);
	EXPECT_EQ(1, self->rig.others);
	EXPECT_EQ(BITS_RESULT | LB_BIT(L4LB_A_REAL_EPOCH),
		  self->rig.other.has);
	EXPECT_EQ(L4LB_HEALTH_DOWN, self->rig.other.result);
	EXPECT_EQ(7, self->rig.other.epoch);
	EXPECT_EQ(L4LB_HEALTH_DOWN, self->rig.report.health);
	EXPECT_EQ(1, self->rig.news);
	EXPECT_STREQ("down", self->rig.news_health);
}

/* It would take longer than the harness waits. */
TEST_F(target, failures_are_made_certain_fast)
{
	self->rig.real[1].health = L4LB_HEALTH_UP;
	self->rig.real[1].check.interval = 3600 * 1000;
	self->rig.real[1].check.fast = L4LB_CHECK_TIME_MIN;
	self->rig.config.real = &self->rig.real[1];
	targets_update(self->rig.targets, &self->rig.config);
	run_until(&self->rig, 1);
	EXPECT_EQ(L4LB_HEALTH_DOWN, self->rig.report.health);
}

/* The same server in another VIP. */
static void share(struct rig *rig, struct lb_vip vip[2])
{
	vip[0] = rig->vip;
	vip[1] = rig->vip;
	lb_name_copy(vip[1].name, "OTHER");
	rig->real[2] = rig->real[0];
	lb_name_copy(rig->real[2].vip, "OTHER");
	rig->real[1] = rig->real[2];
	rig->config.vip = vip;
	rig->config.vips = 2;
}

TEST_F(target, what_is_the_same_is_checked_once)
{
	struct lb_vip vip[2];

	share(&self->rig, vip);
	self->rig.config.reals = 2;
	targets_update(self->rig.targets, &self->rig.config);
	EXPECT_EQ(2, targets_count(self->rig.targets));
	EXPECT_EQ(1, probes_count(self->rig.probes));
	run_until(&self->rig, 2);
	EXPECT_STREQ("OTHER", self->rig.report.vip);

	/* One that asks otherwise is on its own. */
	self->rig.real[1].check.rise = 3;
	targets_update(self->rig.targets, &self->rig.config);
	EXPECT_EQ(2, probes_count(self->rig.probes));
	self->rig.real[1].check.rise = 2;
	targets_update(self->rig.targets, &self->rig.config);
	EXPECT_EQ(1, probes_count(self->rig.probes));
}

TEST_F(target, a_guard_or_an_agent_does_not_keep_checks_apart)
{
	struct lb_vip vip[2];

	share(&self->rig, vip);
	vip[1].check.guard = 50;
	self->rig.real[1].check.agent = 1;
	self->rig.config.reals = 2;
	targets_update(self->rig.targets, &self->rig.config);
	EXPECT_EQ(1 + 1, probes_count(self->rig.probes));
}

/* The check goes on when the first who wanted it does not any more. */
TEST_F(target, who_joins_later_need_not_wait)
{
	struct lb_vip vip[2];

	share(&self->rig, vip);
	self->rig.real[0].check.interval = 3600 * 1000;
	self->rig.real[1].check.interval = 3600 * 1000;
	targets_update(self->rig.targets, &self->rig.config);
	run_until(&self->rig, 1);
	self->rig.real[0].health = L4LB_HEALTH_UP;
	self->rig.config.reals = 2;
	targets_update(self->rig.targets, &self->rig.config);
	run_until(&self->rig, 2);
	EXPECT_STREQ("OTHER", self->rig.report.vip);
	EXPECT_EQ(L4LB_HEALTH_UP, self->rig.report.health);
	EXPECT_NE(NULL, strstr(self->rig.report.reason, ": connected"));

	self->rig.config.real = &self->rig.real[1];
	self->rig.config.reals = 1;
	targets_update(self->rig.targets, &self->rig.config);
	EXPECT_EQ(1, probes_count(self->rig.probes));
	EXPECT_FALSE(is_quiet(&self->rig));
}

/* All up, as the module holds; the first on a port that refuses, too. */
static void guard(struct rig *rig, unsigned int percent, unsigned int reals,
		  unsigned int failing)
{
	struct lb_real bad = rig->real[1];
	unsigned int i;

	rig->vip.check.guard = percent;
	rig->config.reals = reals;
	for (i = 0; i < reals; i++) {
		rig->real[i].health = L4LB_HEALTH_UP;
		if (i >= failing)
			check_on(&rig->real[i], "tcp",
				 rig->real[REALS - 1].check.ports.range[0].first);
		else
			rig->real[i].check = bad.check;
	}
	targets_update(rig->targets, &rig->config);
}

TEST_F(target, all_that_fail_at_once_are_held)
{
	guard(&self->rig, 100, 3, 3);
	run_until(&self->rig, 3);
	EXPECT_EQ(L4LB_HEALTH_UP, self->rig.report.health);
	EXPECT_EQ(0, strncmp(self->rig.report.reason, "held by guard: tcp ",
			     strlen("held by guard: tcp ")));
	EXPECT_NE(NULL, strstr(self->rig.report.result_text, "refused"));
	EXPECT_EQ(3, targets_held(self->rig.targets));
	EXPECT_EQ(1, self->rig.news);
	EXPECT_STREQ("guard", self->rig.news_event);
	EXPECT_STREQ("held", self->rig.news_health);

	/* They are back. */
	ASSERT_EQ(0, listen(self->rig.closed, 64));
	run_until(&self->rig, 6);
	EXPECT_EQ(L4LB_HEALTH_UP, self->rig.report.health);
	EXPECT_NE(NULL, strstr(self->rig.report.reason, ": connected"));
	EXPECT_EQ(0, targets_held(self->rig.targets));
	EXPECT_EQ(0, self->rig.downs);
	EXPECT_EQ(2, self->rig.news);
	EXPECT_STREQ("free", self->rig.news_health);
}

TEST_F(target, a_pool_of_one_is_held)
{
	guard(&self->rig, 100, 1, 1);
	run_until(&self->rig, 1);
	EXPECT_EQ(L4LB_HEALTH_UP, self->rig.report.health);
	EXPECT_EQ(1, targets_held(self->rig.targets));

	/* Without the guard it is as it is. */
	self->rig.vip.check.guard = 0;
	targets_update(self->rig.targets, &self->rig.config);
	run_until(&self->rig, 2);
	EXPECT_EQ(L4LB_HEALTH_DOWN, self->rig.report.health);
	EXPECT_EQ(0, targets_held(self->rig.targets));
}

TEST_F(target, few_that_fail_leave)
{
	guard(&self->rig, 100, 3, 2);
	run_until(&self->rig, 2);
	EXPECT_EQ(L4LB_HEALTH_DOWN, self->rig.report.health);
	EXPECT_EQ(0, targets_held(self->rig.targets));
	EXPECT_STREQ("health", self->rig.news_event);
}

/* The others do not fail any more: who still does leaves. */
TEST_F(target, a_guard_ends_when_fewer_fail)
{
	in_port_t port;
	int fd;

	guard(&self->rig, 100, 2, 2);
	run_until(&self->rig, 2);
	EXPECT_EQ(2, targets_held(self->rig.targets));
	fd = port_new(true, &port);
	check_on(&self->rig.real[0], "tcp", port);
	targets_update(self->rig.targets, &self->rig.config);
	while (self->rig.report.health == L4LB_HEALTH_UP)
		event_base_loop(self->rig.base, EVLOOP_ONCE);
	EXPECT_STREQ("HT1", self->rig.report.name);
	EXPECT_EQ(0, targets_held(self->rig.targets));
	close(fd);
}

/* An agent that says one thing. */
struct agent_rig {
	const char *answer;
	struct event *event;
	unsigned int asked;
};

static void agent_answer(evutil_socket_t listener, short what, void *data)
{
	struct agent_rig *agent = data;
	int fd = accept(listener, NULL, NULL);

	agent->asked++;
	if (*agent->answer && send(fd, agent->answer, strlen(agent->answer),
				   0) < 0)
		abort();
	close(fd);
}

static void other_until(struct rig *rig, unsigned int others)
{
	while (rig->others < others)
		event_base_loop(rig->base, EVLOOP_ONCE);
}

TEST_F(target, an_agent_is_heard)
{
	struct agent_rig agent = { .answer = "75%\n" };
	const struct lb_real *said = &self->rig.other;
	in_port_t port;
	int fd;

	fd = port_new(true, &port);
	ASSERT_GE(fd, 0);
	agent.event = event_new(self->rig.base, fd, EV_READ | EV_PERSIST,
				agent_answer, &agent);
	event_add(agent.event, NULL);

	check_on(&self->rig.real[0], "external", 25);
	self->rig.real[0].check.agent = port;
	targets_update(self->rig.targets, &self->rig.config);
	other_until(&self->rig, 1);
	EXPECT_EQ(75, said->agent_weight);
	EXPECT_EQ(L4LB_ADMIN_ONLINE, said->agent_admin);
	EXPECT_STREQ("agent: 75%", said->result_text);
	EXPECT_FALSE(lb_has(said->has, L4LB_A_REAL_HEALTH));

	agent.answer = "drain\n";
	other_until(&self->rig, 2);
	EXPECT_EQ(75, said->agent_weight);
	EXPECT_EQ(L4LB_ADMIN_DRAIN, said->agent_admin);
	EXPECT_STREQ("agent", self->rig.news_event);
	EXPECT_STREQ("drain", self->rig.news_health);

	/* Nothing understood, nothing changed. */
	agent.answer = "what?\n";
	agent.asked = 0;
	while (agent.asked < 3)
		event_base_loop(self->rig.base, EVLOOP_ONCE);
	EXPECT_EQ(2, self->rig.others);

	agent.answer = "down #disk full\n";
	other_until(&self->rig, 3);
	EXPECT_EQ(L4LB_ADMIN_HALT, said->agent_admin);
	EXPECT_STREQ("agent: down #disk full", said->result_text);

	/* Nobody asks any more. */
	self->rig.real[0].check.agent = 0;
	self->rig.real[0].has |= LB_BIT(L4LB_A_REAL_AGENT_WEIGHT) |
				 LB_BIT(L4LB_A_REAL_AGENT_ADMIN);
	self->rig.real[0].agent_weight = 75;
	self->rig.real[0].agent_admin = L4LB_ADMIN_HALT;
	targets_update(self->rig.targets, &self->rig.config);
	other_until(&self->rig, 4);
	EXPECT_EQ(100, said->agent_weight);
	EXPECT_EQ(L4LB_ADMIN_ONLINE, said->agent_admin);
	EXPECT_EQ(0, self->rig.reports);

	event_free(agent.event);
	close(fd);
}

TEST_F(target, what_an_agent_says_is_shown_with_the_check)
{
	struct agent_rig agent = { .answer = "maint\n" };
	in_port_t port;
	int fd;

	fd = port_new(true, &port);
	ASSERT_GE(fd, 0);
	agent.event = event_new(self->rig.base, fd, EV_READ | EV_PERSIST,
				agent_answer, &agent);
	event_add(agent.event, NULL);
	self->rig.real[0].check.agent = port;
	targets_update(self->rig.targets, &self->rig.config);
	while (!strstr(self->rig.other.result_text, ": connected; agent: m") &&
	       !strstr(self->rig.report.result_text, ": connected; agent: m"))
		event_base_loop(self->rig.base, EVLOOP_ONCE);

	event_free(agent.event);
	close(fd);
}

/* As after a restart: all is as it was, and nothing is news but the time. */
TEST_F(target, what_the_module_holds_is_taken_over)
{
	struct lb_real *real = self->rig.real;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		real[i].has |= BITS_RESULT;
		real[i].health = i ? L4LB_HEALTH_DOWN : L4LB_HEALTH_UP;
		real[i].result = real[i].health;
		snprintf(real[i].reason, sizeof(real[i].reason), "tcp %u: %s",
			 real[i].check.ports.range[0].first,
			 i ? "connection refused" : "connected");
		snprintf(real[i].result_text, sizeof(real[i].result_text),
			 "%s", real[i].reason);
	}
	self->rig.config.reals = 2;
	targets_update(self->rig.targets, &self->rig.config);
	other_until(&self->rig, 2);
	EXPECT_EQ(LB_BIT(L4LB_A_REAL_RTT) | LB_BIT(L4LB_A_REAL_EPOCH),
		  self->rig.other.has);
	EXPECT_EQ(0, self->rig.reports);
	EXPECT_EQ(0, self->rig.news);
}

/* Without descriptors nobody can be asked. */
TEST_F(target, what_cannot_be_checked_stays_as_it_is)
{
	struct rlimit limit = { 3, 3 };

	self->rig.real[1].health = L4LB_HEALTH_UP;
	self->rig.real[1].check.fall = 1;
	self->rig.config.real = &self->rig.real[1];
	targets_update(self->rig.targets, &self->rig.config);
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
	other_until(&self->rig, 1);
	EXPECT_EQ(LB_BIT(L4LB_A_REAL_RESULT_TEXT) | LB_BIT(L4LB_A_REAL_EPOCH),
		  self->rig.other.has);
	EXPECT_STREQ("not checked: too many open files",
		     self->rig.other.result_text);
	EXPECT_EQ(0, self->rig.reports);
}

TEST_HARNESS_MAIN
