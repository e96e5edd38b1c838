// SPDX-License-Identifier: GPL-2.0-only
/*
 * Many checks that are configured at once do not begin at once.
 */

#include "kselftest_harness.h"

#include "check.h"
#include "plan.h"
#include "probe.h"

#include <event2/event.h>
#include <time.h>

#define MANY		200
#define INTERVAL	2000
#define PARTS		10

static unsigned int started[PARTS];
static unsigned int starts;
static uint64_t begun;

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);

	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void fake_start(struct check *check)
{
	uint64_t part = (now_ms() - begun) * PARTS / INTERVAL;

	starts++;
	if (part < PARTS)
		started[part]++;
	check_up(check, "fine");
}

static void fake_stop(struct check *check)
{
	(void)check;
}

static const struct check_ops fake_ops = {
	.type	= "fake",
	.start	= fake_start,
	.stop	= fake_stop,
};

static bool take(void *data, const struct probe_result *result)
{
	(void)data;
	(void)result;

	return false;
}

static void join(struct probes *probes, struct probe_user *user,
		 unsigned int i)
{
	struct plan plan = {
		.type = "fake", .n_ports = 1, .interval = INTERVAL,
		.timeout = INTERVAL, .rise = 1, .fall = 1,
	};

	plan.port[0] = (uint16_t)(i + 1);
	lb_addr_parse("127.0.0.1", &plan.addr, NULL);
	*user = (struct probe_user) { .cb = take };
	if (probe_join(probes, user, &fake_ops, &plan))
		abort();
}

/* Even where a machine is slow, no part of the interval has most of them. */
TEST(starts_are_spread_over_the_interval)
{
	static struct probe_user user[MANY];
	struct event_base *base = event_base_new();
	struct check_pool *pool = check_pool_new(base, MANY);
	struct probes *probes = probes_new(base, pool);
	unsigned int i;

	for (i = 0; i < MANY; i++)
		join(probes, &user[i], i);
	begun = now_ms();
	probes_start(probes);
	while (now_ms() - begun < INTERVAL)
		event_base_loop(base, EVLOOP_ONCE);

	EXPECT_LE(MANY, starts);
	for (i = 0; i < PARTS; i++) {
		/* Towards the end come the first ones' second checks. */
		EXPECT_LT(0, started[i]);
		EXPECT_GT(MANY / 2, started[i]);
	}
	EXPECT_GE(MANY / PARTS + 5, started[0]);

	for (i = 0; i < MANY; i++)
		probe_leave(&user[i]);
	probes_free(probes);
	check_pool_free(pool);
	event_base_free(base);
}

/* A single one is not kept waiting. */
TEST(one_begins_at_once)
{
	struct event_base *base = event_base_new();
	struct check_pool *pool = check_pool_new(base, 1);
	struct probes *probes = probes_new(base, pool);
	struct probe_user user;

	starts = 0;
	join(probes, &user, 0);
	begun = now_ms();
	probes_start(probes);
	event_base_loop(base, EVLOOP_ONCE);
	EXPECT_EQ(1, starts);
	EXPECT_GT(INTERVAL / 2, now_ms() - begun);

	probe_leave(&user);
	probes_free(probes);
	check_pool_free(pool);
	event_base_free(base);
}

TEST_HARNESS_MAIN
