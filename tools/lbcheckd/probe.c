// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checks that go on and on, each for all who want the same one: a server that
 * has a part in several VIPs is asked once.
 *
 * A probe has a verdict of its own, from the results alone, which is what it
 * offers to who joins later: that one need not wait, and does not take the only
 * failure in a row of successes for all there is to know.
 */

#include "probe.h"
#include "plan.h"

#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SLOTS		4096
#define TYPES_MAX	32

/* 2^32 / phi: multiples of it spread evenly, however many there are. */
#define SPREAD		2654435769U

TAILQ_HEAD(probe_users, probe_user);

/**
 * struct probe - a check that goes on and on
 * @next: in its slot
 * @probes: all of them
 * @hash: of its plan
 * @plan: what to check
 * @ops: type of the check
 * @check: the check
 * @timer: begins the next one
 * @started: when the last one began, in ms of the monotonic clock
 * @phase: where in the interval it belongs, in 65536ths
 * @fresh: it has not begun
 * @moved: it has found its place in the interval
 * @state: verdict of the results
 * @reason: of that verdict
 * @users: who wants it
 * @link: among those that have not begun
 */
struct probe {
	struct probe *next;
	struct probes *probes;
	uint32_t hash;
	struct plan plan;
	const struct check_ops *ops;
	struct check check;
	struct event *timer;
	uint64_t started;
	uint16_t phase;
	bool fresh;
	bool moved;
	struct state state;
	char reason[CHECK_REASON];
	struct probe_users users;

	TAILQ_ENTRY(probe) link;
};

TAILQ_HEAD(probe_list, probe);

/**
 * struct probes - all probes
 * @base: event loop
 * @pool: their checks
 * @count: how many
 * @made: how many have ever been
 * @fresh: those that have not begun
 * @fresh_count: how many these are
 * @types: how many entries @stats has
 * @stats: checks that have been made, by type
 * @slot: the probes, by the hash of their plans
 */
struct probes {
	struct event_base *base;
	struct check_pool *pool;
	size_t count;
	uint32_t made;
	struct probe_list fresh;
	size_t fresh_count;
	size_t types;
	struct probe_stats stats[TYPES_MAX];
	struct probe *slot[SLOTS];
};

const uint32_t probe_bounds[PROBE_BUCKETS] = {
	500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 1000000,
	2500000, 5000000,
};

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);

	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* FNV-1a */
static uint32_t hash_add(uint32_t hash, const void *data, size_t len)
{
	const unsigned char *byte = data;

	while (len--)
		hash = (hash ^ *byte++) * 16777619U;

	return hash;
}

/* Only what is the same in all plans that are equal. */
static uint32_t plan_hash(const struct plan *plan)
{
	char addr[LB_ADDR_TEXT];
	uint32_t hash;

	lb_addr_print(&plan->addr, addr, sizeof(addr));
	hash = hash_add(2166136261U, plan->type, strlen(plan->type));
	hash = hash_add(hash, addr, strlen(addr));

	return hash_add(hash, plan->port,
			plan->n_ports * sizeof(plan->port[0]));
}

static void probe_schedule(struct probe *probe, uint64_t ms)
{
	const struct timeval delay = {
		.tv_sec = (time_t)(ms / 1000),
		.tv_usec = (suseconds_t)(ms % 1000 * 1000),
	};

	event_add(probe->timer, &delay);
}

static void probe_begin(evutil_socket_t fd, short what, void *data)
{
	struct probe *probe = data;

	(void)fd;
	(void)what;

	probe->started = now_ms();
	check_start(&probe->check, probe->ops, &probe->plan);
}

static struct probe_stats *stats_find(struct probes *probes, const char *type)
{
	struct probe_stats *stats = probes->stats;
	size_t i;

	for (i = 0; i < probes->types; i++) {
		if (!strcmp(stats[i].type, type))
			return &stats[i];
	}
	if (probes->types == TYPES_MAX)
		return NULL;
	stats = &stats[probes->types++];
	snprintf(stats->type, sizeof(stats->type), "%s", type);

	return stats;
}

static void stats_take(struct probes *probes, const char *type,
		       const struct probe_result *result)
{
	struct probe_stats *stats = stats_find(probes, type);
	size_t i = 0;

	if (!stats)
		return;
	stats->results[result->outcome]++;
	if (result->outcome == CHECK_VOID)
		return;

	while (i < PROBE_BUCKETS && result->us > probe_bounds[i])
		i++;
	stats->bucket[i]++;
	stats->us += result->us;
}

static uint8_t outcome_health(enum check_outcome outcome)
{
	switch (outcome) {
	case CHECK_UP:
		return L4LB_HEALTH_UP;
	case CHECK_SICK:
		return L4LB_HEALTH_SICK;
	default:
		return L4LB_HEALTH_DOWN;
	}
}

static void probe_judge(struct probe *probe, const struct probe_result *result)
{
	if (result->outcome == CHECK_VOID)
		return;

	state_step(&probe->state, outcome_health(result->outcome),
		   probe->plan.rise, probe->plan.fall);
	if (probe->state.last == probe->state.health)
		snprintf(probe->reason, sizeof(probe->reason), "%s",
			 result->reason);
}

/*
 * When the next one is due. Those that were configured one after the other, in
 * no time, began all at once: the second check of each comes sooner by a part
 * of the interval that is its own.
 */
static uint64_t probe_gap(struct probe *probe, bool hurry)
{
	uint64_t gap = probe->plan.interval;

	if (hurry && probe->plan.fast)
		return probe->plan.fast;
	if (!probe->moved) {
		probe->moved = true;
		gap -= gap / 2 * probe->phase / 65536;
	}

	return gap;
}

static void probe_done(void *data, enum check_outcome outcome,
		       const char *reason, uint32_t us)
{
	const struct probe_result result = { outcome, reason, us };
	struct probe_user *user, *next;
	struct probe *probe = data;
	uint64_t due, now;
	bool hurry = false;

	stats_take(probe->probes, probe->plan.type, &result);
	probe_judge(probe, &result);
	for (user = TAILQ_FIRST(&probe->users); user; user = next) {
		next = TAILQ_NEXT(user, link);
		hurry |= user->cb(user->data, &result);
	}

	now = now_ms();
	due = probe->started + probe_gap(probe, hurry);
	probe_schedule(probe, due > now ? due - now : 0);
}

static struct probe *probe_new(struct probes *probes,
			       const struct check_ops *ops,
			       const struct plan *plan, uint32_t hash)
{
	struct probe **slot = &probes->slot[hash % SLOTS];
	struct probe *probe = calloc(1, sizeof(*probe));

	if (!probe)
		return NULL;

	probe->timer = evtimer_new(probes->base, probe_begin, probe);
	if (!probe->timer ||
	    check_init(&probe->check, probes->pool, probe_done, probe)) {
		if (probe->timer)
			event_free(probe->timer);
		free(probe);
		return NULL;
	}
	probe->probes = probes;
	probe->hash = hash;
	probe->plan = *plan;
	probe->ops = ops;
	probe->phase = (uint16_t)(probes->made++ * SPREAD >> 16);
	probe->state.health = L4LB_HEALTH_UNKNOWN;
	TAILQ_INIT(&probe->users);

	probe->fresh = true;
	TAILQ_INSERT_TAIL(&probes->fresh, probe, link);
	probes->fresh_count++;
	probe->next = *slot;
	*slot = probe;
	probes->count++;

	return probe;
}

static void probe_settle(struct probe *probe)
{
	if (!probe->fresh)
		return;
	probe->fresh = false;
	TAILQ_REMOVE(&probe->probes->fresh, probe, link);
	probe->probes->fresh_count--;
}

static void probe_free(struct probe *probe)
{
	struct probe **link = &probe->probes->slot[probe->hash % SLOTS];

	while (*link != probe)
		link = &(*link)->next;
	*link = probe->next;

	probe_settle(probe);
	probe->probes->count--;
	check_exit(&probe->check);
	event_free(probe->timer);
	free(probe);
}

/**
 * probes_new() - make an empty set of probes
 * @base: event loop
 * @pool: their checks
 *
 * Return: the set, or NULL.
 */
struct probes *probes_new(struct event_base *base, struct check_pool *pool)
{
	struct probes *probes = calloc(1, sizeof(*probes));

	if (!probes)
		return NULL;

	probes->base = base;
	probes->pool = pool;
	TAILQ_INIT(&probes->fresh);

	return probes;
}

/**
 * probes_free() - free a set of probes
 * @probes: the set, which nobody uses any more, or NULL
 */
void probes_free(struct probes *probes)
{
	free(probes);
}

/**
 * probes_start() - begin those that have not begun
 * @probes: the set
 *
 * A single one begins at once; many spread over their interval.
 */
void probes_start(struct probes *probes)
{
	size_t all = probes->fresh_count, n = 0;
	struct probe *probe;

	while ((probe = TAILQ_FIRST(&probes->fresh))) {
		probe_settle(probe);
		probe_schedule(probe,
			       (uint64_t)probe->plan.interval * n++ / all);
	}
}

/**
 * probes_count() - count them
 * @probes: the set
 *
 * Return: how many there are.
 */
size_t probes_count(const struct probes *probes)
{
	return probes->count;
}

/**
 * probes_stats() - say which checks have been made
 * @probes: the set
 * @count: how many types there are
 *
 * Return: the types.
 */
const struct probe_stats *probes_stats(const struct probes *probes,
				       size_t *count)
{
	*count = probes->types;

	return probes->stats;
}

/**
 * probe_join() - want a check
 * @probes: the set
 * @user: who does, with callback and data
 * @ops: type of the check
 * @plan: what to check; copied
 *
 * Return: 0 or -ENOMEM.
 */
int probe_join(struct probes *probes, struct probe_user *user,
	       const struct check_ops *ops, const struct plan *plan)
{
	uint32_t hash = plan_hash(plan);
	struct probe *probe = probes->slot[hash % SLOTS];

	while (probe &&
	       (probe->hash != hash || !plan_equal(&probe->plan, plan)))
		probe = probe->next;
	if (!probe)
		probe = probe_new(probes, ops, plan, hash);
	if (!probe)
		return -ENOMEM;

	user->probe = probe;
	TAILQ_INSERT_TAIL(&probe->users, user, link);

	return 0;
}

/**
 * probe_leave() - do not want a check any more
 * @user: who does not; may not have wanted any
 */
void probe_leave(struct probe_user *user)
{
	struct probe *probe = user->probe;

	if (!probe)
		return;

	user->probe = NULL;
	TAILQ_REMOVE(&probe->users, user, link);
	if (TAILQ_EMPTY(&probe->users))
		probe_free(probe);
}

/**
 * probe_plan() - say what is checked
 * @user: who wants it
 *
 * Return: the plan, NULL for nothing.
 */
const struct plan *probe_plan(const struct probe_user *user)
{
	return user->probe ? &user->probe->plan : NULL;
}

/**
 * probe_state() - say what the results so far amount to
 * @user: who wants them
 * @reason: why
 *
 * Return: the verdict, unknown if there is no result yet.
 */
const struct state *probe_state(const struct probe_user *user,
				const char **reason)
{
	*reason = user->probe->reason;

	return &user->probe->state;
}
