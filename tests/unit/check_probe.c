// SPDX-License-Identifier: GPL-2.0-only
/*
 * Many checks that are configured at once do not begin at once.
 */

#include "kselftest_harness.h"

#include "check.h"
#include "plan.h"
#include "probe.h"

#include <event2/event.h>
#include <sys/time.h>

#define MANY		200
#define INTERVAL	2000
#define PARTS		10

static unsigned int starts;

static void fake_start(struct check *check)
{
	starts++;
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

/**
 * struct spread - when probes are to start, after they have been told to
 * @probes: the probes
 * @own: a timer of this test, in whose turn they are told
 * @first: when that was
 * @due: how many in each part of the interval
 * @others: how many at another time
 */
struct spread {
	struct probes *probes;
	struct event *own;
	struct timeval first;
	unsigned int due[PARTS];
	unsigned int others;
};

static int spread_take(const struct event_base *base, const struct event *event,
		       void *data)
{
	struct spread *spread = data;
	struct timeval at;
	unsigned int part;

	(void)base;

	if (!event_pending(event, EV_TIMEOUT, &at))
		return 0;
	timersub(&at, &spread->first, &at);
	part = (unsigned int)(at.tv_sec * 1000 + at.tv_usec / 1000) * PARTS /
	       INTERVAL;
	if (at.tv_sec >= 0 && part < PARTS)
		spread->due[part]++;
	else
		spread->others++;

	return 0;
}

/* Within a turn of the event loop no time passes, however long it takes. */
static void spread_find(evutil_socket_t fd, short what, void *data)
{
	static const struct timeval at_once;
	struct spread *spread = data;
	struct event *now;

	(void)fd;
	(void)what;

	now = evtimer_new(event_get_base(spread->own), spread_find, NULL);
	event_add(now, &at_once);
	event_pending(now, EV_TIMEOUT, &spread->first);
	event_free(now);
	probes_start(spread->probes);
	event_base_foreach_event(event_get_base(spread->own), spread_take,
				 spread);
}

TEST(starts_are_spread_over_the_interval)
{
	static const struct timeval at_once;
	static struct probe_user user[MANY];
	struct event_base *base = event_base_new();
	struct check_pool *pool = check_pool_new(base, MANY);
	struct probes *probes = probes_new(base, pool);
	struct spread spread = { .probes = probes };
	unsigned int i;

	for (i = 0; i < MANY; i++)
		join(probes, &user[i], i);
	spread.own = evtimer_new(base, spread_find, &spread);
	event_add(spread.own, &at_once);
	event_base_loop(base, EVLOOP_ONCE);

	for (i = 0; i < PARTS; i++)
		EXPECT_EQ(MANY / PARTS, spread.due[i]);
	EXPECT_EQ(0, spread.others);
	while (starts < MANY)
		event_base_loop(base, EVLOOP_ONCE);

	event_free(spread.own);
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
	probes_start(probes);
	event_base_loop(base, EVLOOP_NONBLOCK);
	EXPECT_EQ(1, starts);

	probe_leave(&user);
	probes_free(probes);
	check_pool_free(pool);
	event_base_free(base);
}

TEST_HARNESS_MAIN
