/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A check of a server: one at a time for each, a bounded number at once.
 */

#ifndef _LBCHECKD_CHECK_H
#define _LBCHECKD_CHECK_H

#include "compiler.h"

#include <linux/l4lb.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

struct check;
struct check_pool;
struct event;
struct event_base;
struct plan;

/* Room for any reason. */
#define CHECK_REASON	(L4LB_REASON_MAX + 1)

/**
 * enum check_outcome - what came of a check
 * @CHECK_GOOD: the server answered as it should
 * @CHECK_BAD: it did not
 * @CHECK_VOID: it was not asked, for want of something on this host
 */
enum check_outcome {
	CHECK_GOOD,
	CHECK_BAD,
	CHECK_VOID,
};

/**
 * typedef check_done_cb - takes the outcome of a check
 * @data: as given to check_init()
 * @outcome: what came of it
 * @reason: why, such as ``tcp 25: connection refused``
 */
typedef void (*check_done_cb)(void *data, enum check_outcome outcome,
			      const char *reason);

/**
 * struct check_ops - a type of check
 * @type: its name
 * @start: begin with the port &check.port, and call check_result() once, now or
 *	later; or check_void(), at once
 * @stop: give up, or tidy up after the result
 */
struct check_ops {
	const char *type;
	void (*start)(struct check *check);
	void (*stop)(struct check *check);
};

/**
 * enum check_state - where a check is
 * @CHECK_IDLE: not running
 * @CHECK_WAITING: for its turn
 * @CHECK_RUNNING: running
 */
enum check_state {
	CHECK_IDLE,
	CHECK_WAITING,
	CHECK_RUNNING,
};

/**
 * struct check - a check of a server
 * @plan: what is to be checked
 * @ops: its type
 * @pool: checks that it shares this host with
 * @done: takes the outcome
 * @data: for @done
 * @state: where it is
 * @timer: ends it when time is out
 * @next_port: index of the port after @port
 * @port: port that is being checked
 * @priv: of its type
 * @link: in the pool, while it waits
 */
struct check {
	const struct plan *plan;
	const struct check_ops *ops;
	struct check_pool *pool;
	check_done_cb done;
	void *data;
	enum check_state state;
	struct event *timer;
	unsigned int next_port;
	uint16_t port;
	void *priv;

	TAILQ_ENTRY(check) link;
};

/* For whoever wants something checked. */
struct check_pool *check_pool_new(struct event_base *base, unsigned int max);
void check_pool_free(struct check_pool *pool);
const struct check_ops *check_find(const char *type);
int check_init(struct check *check, struct check_pool *pool,
	       check_done_cb done, void *data);
void check_exit(struct check *check);
void check_start(struct check *check, const struct check_ops *ops,
		 const struct plan *plan);
void check_stop(struct check *check);

/* For the types. */
struct event_base *check_base(const struct check *check);
void check_result(struct check *check, bool good, const char *fmt, ...)
	__printf(3, 4);
void check_void(struct check *check, int error);

extern const struct check_ops check_tcp_ops;

#endif /* _LBCHECKD_CHECK_H */
