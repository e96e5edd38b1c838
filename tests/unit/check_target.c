// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is configured is checked, on this host's own ports, and what is news is
 * reported.
 */

#include "kselftest_harness.h"

#include "check.h"
#include "kernel.h"
#include "model.h"
#include "target.h"

#include <arpa/inet.h>
#include <event2/event.h>
#include <sys/socket.h>

#define REALS	8

/* Targets, and what becomes of their verdicts. */
struct rig {
	struct event_base *base;
	struct check_pool *pool;
	struct targets *targets;
	struct lb_vip vip;
	struct lb_real real[REALS];
	struct config config;
	int open;
	int closed;
	unsigned int reports;
	struct lb_real report;
	int answer;
};

FIXTURE(target) {
	struct rig rig;
};

static int take_report(void *data, const struct lb_real *verdict)
{
	struct rig *rig = data;

	rig->reports++;
	rig->report = *verdict;

	return rig->answer;
}

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
	self->rig.targets = targets_new(self->rig.base, self->rig.pool, take_report,
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
		  LB_BIT(L4LB_A_REAL_EPOCH), self->rig.report.has);
	EXPECT_NE(NULL, strstr(self->rig.report.reason, ": connected"));
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

TEST_HARNESS_MAIN
