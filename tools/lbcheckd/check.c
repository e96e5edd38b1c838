// SPDX-License-Identifier: GPL-2.0-only
/*
 * A check of a server: port after port, with one time-out for all of them, so
 * that the same fault always has the same reason. A bounded number runs at
 * once, the others wait for their turn.
 */

#include "check.h"
#include "duration.h"
#include "log.h"
#include "plan.h"

#include <errno.h>
#include <event2/event.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct check_ops *const check_types[] = {
	&check_tcp_ops,
};

TAILQ_HEAD(check_queue, check);

/**
 * struct check_pool - checks that share this host
 * @base: event loop
 * @wake: starts those that wait, outside of any other check's doings
 * @waiting: those that wait for their turn
 * @running: how many run
 * @max: how many may
 * @short_of: errno that kept the last check from being made, or 0
 */
struct check_pool {
	struct event_base *base;
	struct event *wake;
	struct check_queue waiting;
	unsigned int running;
	unsigned int max;
	int short_of;
};

static struct timeval span(uint32_t ms)
{
	return (struct timeval) {
		.tv_sec = ms / 1000,
		.tv_usec = ms % 1000 * 1000,
	};
}

/* Leave the running ones; whoever waits is next. */
static void check_end(struct check *check)
{
	static const struct timeval now;
	struct check_pool *pool = check->pool;

	check->ops->stop(check);
	event_del(check->timer);
	check->state = CHECK_IDLE;
	pool->running--;
	if (!TAILQ_EMPTY(&pool->waiting))
		event_add(pool->wake, &now);
}

static void check_run(struct check *check)
{
	const struct timeval timeout = span(check->plan->timeout);

	check->state = CHECK_RUNNING;
	check->pool->running++;
	check->next_port = 1;
	check->port = check->plan->port[0];
	event_add(check->timer, &timeout);
	check->ops->start(check);
}

static void pool_wake(evutil_socket_t fd, short what, void *data)
{
	struct check_pool *pool = data;
	struct check *check;

	(void)fd;
	(void)what;

	while (pool->running < pool->max && !TAILQ_EMPTY(&pool->waiting)) {
		check = TAILQ_FIRST(&pool->waiting);
		TAILQ_REMOVE(&pool->waiting, check, link);
		check_run(check);
	}
}

/**
 * check_pool_new() - make a pool
 * @base: event loop
 * @max: how many checks may run at once
 *
 * Return: the pool, or NULL.
 */
struct check_pool *check_pool_new(struct event_base *base, unsigned int max)
{
	struct check_pool *pool = calloc(1, sizeof(*pool));

	if (!pool)
		return NULL;

	pool->wake = evtimer_new(base, pool_wake, pool);
	if (!pool->wake) {
		free(pool);
		return NULL;
	}
	pool->base = base;
	pool->max = max;
	TAILQ_INIT(&pool->waiting);

	return pool;
}

/**
 * check_pool_free() - free a pool
 * @pool: pool without checks, or NULL
 */
void check_pool_free(struct check_pool *pool)
{
	if (!pool)
		return;
	event_free(pool->wake);
	free(pool);
}

/**
 * check_find() - look a type up
 * @type: its name
 *
 * Return: the type, or NULL if there is none of that name.
 */
const struct check_ops *check_find(const char *type)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(check_types); i++) {
		if (!strcmp(check_types[i]->type, type))
			return check_types[i];
	}

	return NULL;
}

static void check_time_out(evutil_socket_t fd, short what, void *data)
{
	char text[LB_DURATION_TEXT];
	struct check *check = data;

	(void)fd;
	(void)what;

	check_result(check, false, "no answer within %s",
		     lb_duration_print(check->plan->timeout, text,
				       sizeof(text)));
}

/**
 * check_init() - make a check
 * @check: where to
 * @pool: checks that it shares this host with
 * @done: takes the outcome
 * @data: for @done
 *
 * Return: 0 or -ENOMEM.
 */
int check_init(struct check *check, struct check_pool *pool,
	       check_done_cb done, void *data)
{
	memset(check, 0, sizeof(*check));
	check->timer = evtimer_new(pool->base, check_time_out, check);
	if (!check->timer)
		return -ENOMEM;
	check->pool = pool;
	check->done = done;
	check->data = data;

	return 0;
}

/**
 * check_exit() - free what a check has
 * @check: check
 */
void check_exit(struct check *check)
{
	check_stop(check);
	event_free(check->timer);
}

/**
 * check_start() - check, as soon as it is possible
 * @check: check that is idle
 * @ops: its type
 * @plan: what to check, at least one port; stays valid until the outcome
 */
void check_start(struct check *check, const struct check_ops *ops,
		 const struct plan *plan)
{
	struct check_pool *pool = check->pool;

	check->ops = ops;
	check->plan = plan;

	if (pool->running < pool->max) {
		check_run(check);
		return;
	}
	check->state = CHECK_WAITING;
	TAILQ_INSERT_TAIL(&pool->waiting, check, link);
}

/**
 * check_stop() - give a check up, without an outcome
 * @check: check
 */
void check_stop(struct check *check)
{
	if (check->state == CHECK_RUNNING)
		check_end(check);
	else if (check->state == CHECK_WAITING)
		TAILQ_REMOVE(&check->pool->waiting, check, link);
	check->state = CHECK_IDLE;
}

/**
 * check_base() - the event loop that a check is in
 * @check: check
 *
 * Return: the event loop.
 */
struct event_base *check_base(const struct check *check)
{
	return check->pool->base;
}

/* "tcp 25: ", or all the ports if all have answered. */
static int reason_begin(const struct check *check, bool all, char *buf,
			size_t size)
{
	const struct plan *plan = check->plan;
	unsigned int port = all ? plan->port[0] : check->port;
	unsigned int i;
	int len;

	len = snprintf(buf, size, "%s %u", check->ops->type, port);
	for (i = 1; all && i < plan->n_ports; i++)
		len += snprintf(buf + len, size - len, ",%u", plan->port[i]);
	len += snprintf(buf + len, size - len, ": ");

	return len;
}

/**
 * check_result() - a port has answered, or has not
 * @check: running check
 * @good: whether it answered as it should
 * @fmt: format of the reason
 */
void check_result(struct check *check, bool good, const char *fmt, ...)
{
	char reason[CHECK_REASON];
	va_list args;
	int len;

	check->pool->short_of = 0;
	if (good && check->next_port < check->plan->n_ports) {
		check->ops->stop(check);
		check->port = check->plan->port[check->next_port++];
		check->ops->start(check);
		return;
	}

	len = reason_begin(check, good, reason, sizeof(reason));
	va_start(args, fmt);
	vsnprintf(reason + len, sizeof(reason) - len, fmt, args);
	va_end(args);

	check_end(check);
	check->done(check->data, good ? CHECK_GOOD : CHECK_BAD, reason);
}

/**
 * check_void() - a check cannot be made, which is not the server's fault
 * @check: running check
 * @error: errno, what this host is short of
 */
void check_void(struct check *check, int error)
{
	if (check->pool->short_of != error)
		log_line(LOG_WARNING, "checks cannot be made: %s",
			 strerror(error));
	check->pool->short_of = error;

	check_end(check);
	check->done(check->data, CHECK_VOID, "");
}
