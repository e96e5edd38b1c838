/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Checks that go on and on, each for all who want the same one.
 */

#ifndef _LBCHECKD_PROBE_H
#define _LBCHECKD_PROBE_H

#include "check.h"
#include "state.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

struct event_base;
struct plan;
struct probe;
struct probes;

/**
 * struct probe_result - what one check has come to
 * @outcome: &enum check_outcome
 * @reason: why
 * @us: microseconds that it has taken
 */
struct probe_result {
	enum check_outcome outcome;
	const char *reason;
	uint32_t us;
};

/**
 * typedef probe_cb - takes a result
 * @data: as given to probe_join()
 * @result: the result
 *
 * It must not leave, nor make anybody else join or leave.
 *
 * Return: true if the next one is wanted sooner than usual.
 */
typedef bool (*probe_cb)(void *data, const struct probe_result *result);

/**
 * struct probe_user - who wants a check
 * @probe: the check, NULL for none
 * @cb: takes the results
 * @data: for @cb
 * @link: others who want the same
 */
struct probe_user {
	struct probe *probe;
	probe_cb cb;
	void *data;

	TAILQ_ENTRY(probe_user) link;
};

#define PROBE_OUTCOMES	(CHECK_VOID + 1)
#define PROBE_BUCKETS	12

/**
 * struct probe_stats - checks of a type that have been made
 * @type: the type
 * @results: how many, by &enum check_outcome
 * @bucket: how many that were not void took at most probe_bounds[] us, and not
 *	at most the one before; the last one has no bound
 * @us: how long these took together
 */
struct probe_stats {
	char type[L4LB_CHECK_TYPE_MAX + 1];
	uint64_t results[PROBE_OUTCOMES];
	uint64_t bucket[PROBE_BUCKETS + 1];
	uint64_t us;
};

extern const uint32_t probe_bounds[PROBE_BUCKETS];

struct probes *probes_new(struct event_base *base, struct check_pool *pool);
void probes_free(struct probes *probes);
void probes_start(struct probes *probes);
size_t probes_count(const struct probes *probes);
const struct probe_stats *probes_stats(const struct probes *probes,
				       size_t *count);

int probe_join(struct probes *probes, struct probe_user *user,
	       const struct check_ops *ops, const struct plan *plan);
void probe_leave(struct probe_user *user);
const struct plan *probe_plan(const struct probe_user *user);
const struct state *probe_state(const struct probe_user *user,
				const char **reason);

#endif /* _LBCHECKD_PROBE_H */
