// SPDX-License-Identifier: GPL-2.0-only
/*
 * A check of a server: port after port, with one time-out for all of them, so
 * that the same fault always has the same reason. A bounded number runs at
 * once, the others wait for their turn.
 */

#include "check.h"
#include "carrier.h"
#include "check_type.h"
#include "duration.h"
#include "err.h"
#include "log.h"
#include "plan.h"
#include "prober.h"
#include "tls.h"

#include <ctype.h>
#include <errno.h>
#include <event2/event.h>
#include <net/if.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SECRETS_DIR	"/etc/l4lb/secrets"

/**
 * struct check_entry - who checks a type
 * @ops: NULL if nobody does
 */
struct check_entry {
	const struct check_ops *ops;
};

/* In the order of the types. */
static const struct check_entry check_types[] = {
#define CHECK_TYPE(id, ...)	{ &check_##id##_ops },
#define CHECK_PASSIVE(...)	{ NULL },
#include "check_types.h"
#undef CHECK_TYPE
#undef CHECK_PASSIVE
};

TAILQ_HEAD(check_queue, check);

/* The same complaint is not logged again before. */
#define COMPLAIN_US	60000000

/**
 * struct check_pool - checks that share this host
 * @base: event loop
 * @wake: starts those that wait, outside of any other check's doings
 * @waiting: those that wait for their turn
 * @running: how many run
 * @max: how many may
 * @short_of: errno that kept a check from being made, or 0
 * @complained: when that was last logged, in us of the monotonic clock
 * @secrets: directory of the secrets
 * @tls: what TLS needs, once a check has needed it
 * @prober: for checks via the VIP, once there has been one
 * @carrier: tells whether there is a way to a server, once one has failed
 */
struct check_pool {
	struct event_base *base;
	struct event *wake;
	struct check_queue waiting;
	unsigned int running;
	unsigned int max;
	int short_of;
	uint64_t complained;
	const char *secrets;
	struct tls *tls;
	struct prober *prober;
	struct carrier *carrier;
};

static struct timeval span(uint32_t ms)
{
	return (struct timeval) {
		.tv_sec = ms / 1000,
		.tv_usec = ms % 1000 * 1000,
	};
}

static uint64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);

	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static void type_stop(struct check *check)
{
	check->ops->stop(check);
	check_socket_closed(check);
}

/* Leave the running ones; whoever waits is next. */
static void check_end(struct check *check)
{
	static const struct timeval now;
	struct check_pool *pool = check->pool;

	type_stop(check);
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
	check->started = now_us();
	check->next_port = 1;
	check->port = check->plan->n_ports ? check->plan->port[0] : 0;
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
	pool->secrets = SECRETS_DIR;
	TAILQ_INIT(&pool->waiting);

	/* A server that closes while it is written to must not end us. */
	signal(SIGPIPE, SIG_IGN);

	return pool;
}

/**
 * check_pool_secrets() - say where the secrets are
 * @pool: pool
 * @dir: directory, stays valid; /etc/l4lb/secrets without this
 */
void check_pool_secrets(struct check_pool *pool, const char *dir)
{
	pool->secrets = dir;
}

/**
 * check_pool_free() - free a pool
 * @pool: pool without checks, or NULL
 */
void check_pool_free(struct check_pool *pool)
{
	if (!pool)
		return;
	tls_free(pool->tls);
	prober_free(pool->prober);
	carrier_free(pool->carrier);
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
	const struct lb_check_type *known = lb_check_type_find(type);

	return known ? check_types[lb_check_type_index(known)].ops : NULL;
}

static void check_silent(struct check *check)
{
	char text[LB_DURATION_TEXT];

	check_down(check, "no answer within %s",
		   lb_duration_print(check->plan->timeout, text, sizeof(text)));
}

static void check_time_out(evutil_socket_t fd, short what, void *data)
{
	struct check *check = data;

	(void)fd;
	(void)what;

	if (check->ops->late)
		check->ops->late(check);
	else
		check_silent(check);
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

/**
 * check_prober() - who tells the module of checks via the VIP
 * @check: check
 *
 * Return: the prober, or NULL.
 */
struct prober *check_prober(const struct check *check)
{
	struct check_pool *pool = check->pool;

	if (!pool->prober)
		pool->prober = prober_new();

	return pool->prober;
}

/**
 * check_tls() - what TLS needs
 * @check: check
 *
 * Return: that, shared by all checks, or NULL.
 */
struct tls *check_tls(const struct check *check)
{
	struct check_pool *pool = check->pool;

	if (!pool->tls)
		pool->tls = tls_new();

	return pool->tls;
}

/**
 * check_secrets() - where the secrets are
 * @check: check
 *
 * Return: name of the directory.
 */
const char *check_secrets(const struct check *check)
{
	return check->pool->secrets;
}

/**
 * check_trace() - let whoever watches see what goes on
 * @check: running check
 * @direction: '>' for what is sent, '<' for what is received
 * @bytes: what it is, without secrets
 * @len: length of @bytes
 */
void check_trace(struct check *check, char direction, const void *bytes,
		 size_t len)
{
	if (check->trace)
		check->trace(check->data, direction, bytes, len);
}

/**
 * check_note() - let whoever watches know what happens
 * @check: running check
 * @fmt: format of the text
 */
void check_note(struct check *check, const char *fmt, ...)
{
	char raw[CHECK_REASON], text[CHECK_REASON];
	va_list args;

	if (!check->trace)
		return;

	va_start(args, fmt);
	vsnprintf(raw, sizeof(raw), fmt, args);
	va_end(args);
	lb_text_clean(text, sizeof(text), raw, sizeof(raw));
	check->trace(check->data, '*', text, strlen(text));
}

/* "tcp 25: ", or all the ports if all have answered. */
static int reason_begin(const struct check *check, bool all, char *buf,
			size_t size)
{
	const struct plan *plan = check->plan;
	unsigned int port = all ? plan->port[0] : check->port;
	unsigned int i;
	int len;

	len = snprintf(buf, size, "%s", check->ops->type);
	if (check->port)
		len += snprintf(buf + len, size - len, " %u", port);
	for (i = 1; all && i < plan->n_ports; i++)
		len += snprintf(buf + len, size - len, ",%u", plan->port[i]);
	len += snprintf(buf + len, size - len, ": ");

	return len;
}

static uint32_t check_took(const struct check *check)
{
	uint64_t us = now_us() - check->started;

	return us < UINT32_MAX ? (uint32_t)us : UINT32_MAX;
}

/* Of a server at the other end of a cable that is cut nothing is known. */
static bool is_cut_off(struct check *check, char name[IF_NAMESIZE])
{
	struct check_pool *pool = check->pool;

	if (!pool->carrier)
		pool->carrier = carrier_new();

	return pool->carrier &&
	       carrier_is_lost(pool->carrier, &check->plan->addr, name);
}

static __printf(3, 0) void
check_result(struct check *check, enum check_outcome outcome, const char *fmt,
	     va_list args)
{
	char raw[CHECK_REASON], reason[CHECK_REASON], link[IF_NAMESIZE];
	uint32_t us = check_took(check);
	int len;

	if (outcome != CHECK_UP && is_cut_off(check, link)) {
		check_cannot(check, "%s has no carrier", link);
		return;
	}
	len = reason_begin(check, outcome == CHECK_UP, raw, sizeof(raw));
	vsnprintf(raw + len, sizeof(raw) - len, fmt, args);
	/* Servers write parts of it. */
	lb_text_clean(reason, sizeof(reason), raw, sizeof(raw));

	check_end(check);
	check->done(check->data, outcome, reason, us);
}

static void check_next(struct check *check)
{
	type_stop(check);
	check->port = check->plan->port[check->next_port++];
	/* The last port was late, but passed. */
	if (evtimer_pending(check->timer, NULL))
		check->ops->start(check);
	else
		check_silent(check);
}

/**
 * check_up() - a port has answered as it should
 * @check: running check
 * @fmt: format of what it has answered; the same at each check, as far as
 *	possible, as what differs is news
 */
void check_up(struct check *check, const char *fmt, ...)
{
	va_list args;

	if (check->next_port < check->plan->n_ports) {
		check_next(check);
		return;
	}

	va_start(args, fmt);
	check_result(check, CHECK_UP, fmt, args);
	va_end(args);
}

/**
 * check_sick() - a port has answered wrongly
 * @check: running check
 * @fmt: format of what it has answered
 */
void check_sick(struct check *check, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	check_result(check, CHECK_SICK, fmt, args);
	va_end(args);
}

/**
 * check_down() - a port refuses, cannot be reached or says nothing
 * @check: running check
 * @fmt: format of what is wrong
 */
void check_down(struct check *check, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	check_result(check, CHECK_DOWN, fmt, args);
	va_end(args);
}

/* The system's words are the beginning of a sentence, ours are not. */
static const char *error_text(int error, char *buf, size_t size)
{
	snprintf(buf, size, "%s", strerror(error));
	if (!isupper((unsigned char)buf[1]))
		buf[0] = (char)tolower((unsigned char)buf[0]);

	return buf;
}

/* Many checks may have the same to complain of, many times. */
static void pool_complain(struct check_pool *pool, int error, const char *text)
{
	uint64_t now = now_us();

	if (pool->short_of == error && now - pool->complained < COMPLAIN_US)
		return;

	log_line(LOG_WARNING, "checks cannot be made: %s", text);
	pool->short_of = error;
	pool->complained = now;
}

/**
 * check_void() - a check cannot be made, which is not the server's fault
 * @check: running check
 * @error: errno, what this host is short of
 */
void check_void(struct check *check, int error)
{
	uint32_t us = check_took(check);
	char text[CHECK_REASON];

	error_text(error, text, sizeof(text));
	pool_complain(check->pool, error, text);

	check_end(check);
	check->done(check->data, CHECK_VOID, text, us);
}

/**
 * check_cannot() - a check cannot be made, for want of something of its own
 * @check: running check
 * @fmt: format of what is wrong
 */
void check_cannot(struct check *check, const char *fmt, ...)
{
	char raw[CHECK_REASON], text[CHECK_REASON];
	uint32_t us = check_took(check);
	va_list args;

	va_start(args, fmt);
	vsnprintf(raw, sizeof(raw), fmt, args);
	va_end(args);
	lb_text_clean(text, sizeof(text), raw, sizeof(raw));

	check_end(check);
	check->done(check->data, CHECK_VOID, text, us);
}

/* What no server can bring about. */
static bool is_ours(int error)
{
	switch (error) {
	case EMFILE:
	case ENFILE:
	case ENOBUFS:
	case ENOMEM:
	case EAGAIN:
	case ENETDOWN:
	case EADDRINUSE:
	case EADDRNOTAVAIL:
		return true;
	default:
		return false;
	}
}

/**
 * check_failed() - a socket could not be made, or not even begin to connect
 * @check: running check
 * @error: errno of that
 *
 * Without a route, or against this host's own rules, the server was not asked.
 */
void check_failed(struct check *check, int error)
{
	if (error == ENETUNREACH || error == EHOSTUNREACH || error == EACCES ||
	    error == EPERM)
		check_void(check, error);
	else
		check_lost(check, error);
}

/**
 * check_lost() - a connection was not made, or is lost
 * @check: running check
 * @error: errno of that
 */
void check_lost(struct check *check, int error)
{
	char text[CHECK_REASON];

	if (is_ours(error))
		check_void(check, error);
	else
		check_down(check, "%s", error_text(error, text, sizeof(text)));
}
