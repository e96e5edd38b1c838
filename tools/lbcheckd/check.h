/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A check of a server: one at a time for each, a bounded number at once.
 */

#ifndef _LBCHECKD_CHECK_H
#define _LBCHECKD_CHECK_H

#include "compiler.h"
#include "model.h"

#include <linux/l4lb.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

struct check;
struct check_pool;
struct event;
struct event_base;
struct plan;
struct prober;
struct tls;

/* Room for any reason. */
#define CHECK_REASON	(L4LB_REASON_MAX + 1)

/**
 * enum check_outcome - what came of a check
 * @CHECK_UP: the server answered as it should
 * @CHECK_SICK: it answered wrongly
 * @CHECK_DOWN: it refused, cannot be reached or said nothing
 * @CHECK_VOID: it was not asked, for want of something on this host
 */
enum check_outcome {
	CHECK_UP,
	CHECK_SICK,
	CHECK_DOWN,
	CHECK_VOID,
};

/**
 * typedef check_done_cb - takes the outcome of a check
 * @data: as given to check_init()
 * @outcome: what came of it
 * @reason: why, one line without control characters, such as
 *	``tcp 25: connection refused``; with CHECK_VOID what this host is short
 *	of
 * @us: microseconds from its start to its end
 *
 * The check is idle again, and may be started from here.
 */
typedef void (*check_done_cb)(void *data, enum check_outcome outcome,
			      const char *reason, uint32_t us);

/**
 * typedef check_trace_cb - sees what goes on in a check
 * @data: as given to check_init()
 * @direction: '>' for what is sent, '<' for what is received, '*' for what
 *	happens, which is text
 * @bytes: what it is; without secrets, and anything may be in what is received
 * @len: length of @bytes
 */
typedef void (*check_trace_cb)(void *data, char direction, const void *bytes,
			       size_t len);

/**
 * struct check_ops - a type of check
 * @type: its name, as results begin with it
 * @start: begin with the port &check.port, or with none if that is 0, and call
 *	one of check_up(), check_sick(), check_down(), check_void(),
 *	check_failed() and check_lost() once, now or later
 * @stop: give up, or tidy up after the result; also if @start has ended at once
 * @late: time is out: end it as @start does, at once; NULL if that is no answer
 */
struct check_ops {
	const char *type;
	void (*start)(struct check *check);
	void (*stop)(struct check *check);
	void (*late)(struct check *check);
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
 * @plan: what is to be checked, and all that the type may want to know of it
 * @ops: its type
 * @pool: checks that it shares this host with
 * @done: takes the outcome
 * @trace: sees what goes on, or NULL; to be set after check_init()
 * @data: for @done and @trace
 * @state: where it is
 * @timer: ends it when time is out
 * @started: when it began to run, in us of the monotonic clock
 * @next_port: index of the port after @port
 * @port: port that is being checked, 0 for none
 * @probe: its socket, as the module knows it; without an address if it does
 *	not
 * @priv: of its type, NULL whenever @ops->start is called
 * @link: in the pool, while it waits
 */
struct check {
	const struct plan *plan;
	const struct check_ops *ops;
	struct check_pool *pool;
	check_done_cb done;
	check_trace_cb trace;
	void *data;
	enum check_state state;
	struct event *timer;
	uint64_t started;
	unsigned int next_port;
	uint16_t port;
	struct lb_probe probe;
	void *priv;

	TAILQ_ENTRY(check) link;
};

/* For whoever wants something checked. */
struct check_pool *check_pool_new(struct event_base *base, unsigned int max);
void check_pool_secrets(struct check_pool *pool, const char *dir);
void check_pool_free(struct check_pool *pool);
const struct check_ops *check_find(const char *type);
int check_init(struct check *check, struct check_pool *pool,
	       check_done_cb done, void *data);
void check_exit(struct check *check);
void check_start(struct check *check, const struct check_ops *ops,
		 const struct plan *plan);
void check_stop(struct check *check);

/* For the types: what they have at hand. */
struct event_base *check_base(const struct check *check);
struct tls *check_tls(const struct check *check);
const char *check_secrets(const struct check *check);
struct prober *check_prober(const struct check *check);
int check_socket(struct check *check, int type);
void check_socket_closed(struct check *check);

/* For the types: the transcript. */
void check_trace(struct check *check, char direction, const void *bytes,
		 size_t len);
void check_note(struct check *check, const char *fmt, ...) __printf(2, 3);

/*
 * For the types: the end of a port. The type's @stop has run when one of these
 * returns, and its @start may have run for the next port: touch nothing after.
 */
void check_up(struct check *check, const char *fmt, ...) __printf(2, 3);
void check_sick(struct check *check, const char *fmt, ...) __printf(2, 3);
void check_down(struct check *check, const char *fmt, ...) __printf(2, 3);
void check_void(struct check *check, int error);
void check_cannot(struct check *check, const char *fmt, ...) __printf(2, 3);
void check_failed(struct check *check, int error);
void check_lost(struct check *check, int error);

/* The last one ends the list. */
extern const struct check_ops
#define CHECK_TYPE(id, ...)	check_##id##_ops,
#define CHECK_PASSIVE(...)
#include "check_types.h"
#undef CHECK_TYPE
#undef CHECK_PASSIVE
	check_tcp_ops;

#endif /* _LBCHECKD_CHECK_H */
