// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is checked: a target for every real.
 *
 * A target whose real has not changed keeps its timer and its rows of results.
 * What the module holds of a real's health is taken over, whoever said it, and
 * only what is news is reported.
 */

#include "target.h"
#include "check.h"
#include "kernel.h"
#include "log.h"
#include "model.h"
#include "names.h"
#include "plan.h"
#include "state.h"

#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BUCKETS		1024

/**
 * struct target - a real that is checked
 * @next: in its bucket
 * @targets: all of them
 * @vip: name of its VIP
 * @name: its name
 * @label: what it is called in the log
 * @plan: what to check, and how
 * @ops: type of the check; NULL if there is nothing to do
 * @check: the check
 * @timer: begins the next check
 * @started: when the last one began, in ms of the monotonic clock
 * @state: verdict of the checks
 * @health: what the module holds
 * @reason: what the module holds
 * @epoch: what a verdict is on
 * @round: number of the last update that had it
 * @fresh: new or changed in this update, hence to be started
 */
struct target {
	struct target *next;
	struct targets *targets;
	char vip[L4LB_NAME_MAX + 1];
	char name[L4LB_NAME_MAX + 1];
	char label[2 * L4LB_NAME_MAX + LB_ADDR_TEXT + 4];
	struct plan plan;
	const struct check_ops *ops;
	struct check check;
	struct event *timer;
	uint64_t started;
	struct state state;
	uint8_t health;
	char reason[CHECK_REASON];
	uint32_t epoch;
	unsigned int round;
	bool fresh;
};

/**
 * struct targets - all targets
 * @base: event loop
 * @pool: their checks
 * @report: whom to tell verdicts
 * @data: for @report
 * @round: number of the last update
 * @bucket: the targets, by a hash of their names
 */
struct targets {
	struct event_base *base;
	struct check_pool *pool;
	target_report_cb report;
	void *data;
	unsigned int round;
	struct target *bucket[BUCKETS];
};

/* FNV-1a */
static uint32_t hash_add(uint32_t hash, const char *text)
{
	do {
		hash = (hash ^ (unsigned char)*text) * 16777619U;
	} while (*text++);

	return hash;
}

static struct target **target_bucket(struct targets *targets, const char *vip,
				     const char *name)
{
	uint32_t hash = hash_add(hash_add(2166136261U, vip), name);

	return &targets->bucket[hash % BUCKETS];
}

static struct target *target_find(struct targets *targets, const char *vip,
				  const char *name)
{
	struct target *target = *target_bucket(targets, vip, name);

	while (target &&
	       (strcmp(target->vip, vip) || strcmp(target->name, name)))
		target = target->next;

	return target;
}

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);

	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void target_schedule(struct target *target, uint64_t ms)
{
	const struct timeval delay = {
		.tv_sec = (time_t)(ms / 1000),
		.tv_usec = (suseconds_t)(ms % 1000 * 1000),
	};

	event_add(target->timer, &delay);
}

static void target_begin(evutil_socket_t fd, short what, void *data)
{
	struct target *target = data;

	(void)fd;
	(void)what;

	target->started = now_ms();
	check_start(&target->check, target->ops, &target->plan);
}

static void log_change(const struct target *target, bool first,
		       const char *reason)
{
	const struct state *state = &target->state;
	bool up = state->health == L4LB_HEALTH_UP;
	unsigned int row = up ? state->good : state->bad;
	const char *health = lb_names_word(&lb_health_names, state->health);

	if (first)
		log_line(LOG_NOTICE, "%s: %s: %s (first check)", target->label,
			 health, reason);
	else
		log_line(LOG_NOTICE, "%s: %s: %s (after %u %s%s)",
			 target->label, health, reason, row,
			 up ? "success" : "failure",
			 row == 1 ? "" : up ? "es" : "s");
}

/* Tell the module what it does not hold yet. */
static void target_report(struct target *target, const char *reason)
{
	struct lb_real verdict = {
		.has = LB_BIT(L4LB_A_REAL_HEALTH) |
		       LB_BIT(L4LB_A_REAL_REASON) | LB_BIT(L4LB_A_REAL_EPOCH),
		.health = target->state.health,
		.epoch = target->epoch,
	};
	uint8_t before = target->health;

	if (verdict.health == before && !strcmp(reason, target->reason))
		return;

	lb_name_copy(verdict.vip, target->vip);
	lb_name_copy(verdict.name, target->name);
	snprintf(verdict.reason, sizeof(verdict.reason), "%s", reason);
	if (target->targets->report(target->targets->data, &verdict))
		return;

	target->health = verdict.health;
	snprintf(target->reason, sizeof(target->reason), "%s", reason);
	if (before != verdict.health)
		log_change(target, before == L4LB_HEALTH_UNKNOWN, reason);
	else
		log_line(LOG_INFO, "%s: still %s: %s", target->label,
			 lb_names_word(&lb_health_names, before), reason);
}

static void target_done(void *data, enum check_outcome outcome,
			const char *reason)
{
	struct target *target = data;
	bool good = outcome == CHECK_GOOD;
	uint64_t due, now;

	now = now_ms();
	due = target->started + target->plan.interval;
	target_schedule(target, due > now ? due - now : 0);
	if (outcome == CHECK_VOID)
		return;

	state_step(&target->state, good, target->plan.rise, target->plan.fall);
	/* A result against the verdict says nothing until it changes it. */
	if (target->state.health == (good ? L4LB_HEALTH_UP : L4LB_HEALTH_DOWN))
		target_report(target, reason);
}

static struct target *target_new(struct targets *targets,
				 const struct lb_real *real)
{
	struct target *target = calloc(1, sizeof(*target));
	struct target **bucket;

	if (!target)
		return NULL;

	target->timer = evtimer_new(targets->base, target_begin, target);
	if (!target->timer || check_init(&target->check, targets->pool,
					 target_done, target)) {
		if (target->timer)
			event_free(target->timer);
		free(target);
		return NULL;
	}
	target->targets = targets;
	lb_name_copy(target->vip, real->vip);
	lb_name_copy(target->name, real->name);

	bucket = target_bucket(targets, real->vip, real->name);
	target->next = *bucket;
	*bucket = target;

	return target;
}

static void target_free(struct target *target)
{
	check_exit(&target->check);
	event_free(target->timer);
	free(target);
}

/* Types for which there is nothing to do here. */
static bool is_passive(const char *type)
{
	return !strcmp(type, "off") || !strcmp(type, "external");
}

static void target_plan(struct target *target, const struct plan *plan)
{
	char addr[LB_ADDR_TEXT];

	check_stop(&target->check);
	event_del(target->timer);
	target->plan = *plan;
	target->ops = NULL;
	target->state.good = 0;
	target->state.bad = 0;

	lb_addr_print_port(&plan->addr, plan->port[0], addr, sizeof(addr));
	snprintf(target->label, sizeof(target->label), "%s/%s %s", target->vip,
		 target->name, addr);

	if (is_passive(plan->type))
		return;
	target->ops = check_find(plan->type);
	if (!target->ops) {
		log_line(LOG_WARNING,
			 "%s: not checked: this program has no check \"%s\"",
			 target->label, plan->type);
	} else if (!plan->n_ports) {
		log_line(LOG_WARNING,
			 "%s: not checked: the vip has any port, and the check names none",
			 target->label);
		target->ops = NULL;
	}
	target->fresh = target->ops;
}

static void target_adopt(struct target *target, const struct lb_real *real)
{
	state_adopt(&target->state, real->health);
	target->health = real->health;
	snprintf(target->reason, sizeof(target->reason), "%s", real->reason);
}

static void target_update(struct targets *targets, const struct lb_vip *vip,
			  const struct lb_real *real)
{
	struct target *target = target_find(targets, real->vip, real->name);
	bool created = !target;
	struct plan plan;

	if (created)
		target = target_new(targets, real);
	if (!target) {
		log_line(LOG_ERR, "%s/%s: not checked: %s", real->vip,
			 real->name, strerror(ENOMEM));
		return;
	}

	plan_make(&plan, vip, real);
	if (created || !plan_equal(&plan, &target->plan))
		target_plan(target, &plan);
	target_adopt(target, real);
	target->epoch = real->epoch;
	target->round = targets->round;
}

/* Reals are mostly in the order of their VIPs, so the search goes on. */
static const struct lb_vip *vip_find(const struct config *config,
				     const char *name, size_t *at)
{
	size_t i;

	for (i = 0; i < config->vips; i++) {
		if (!strcmp(config->vip[*at].name, name))
			return &config->vip[*at];
		*at = (*at + 1) % config->vips;
	}

	return NULL;
}

static bool is_gone(const struct target *target, const char *scope)
{
	return target->round != target->targets->round &&
	       (!scope || !strcmp(target->vip, scope));
}

static void targets_sweep(struct targets *targets, const char *scope)
{
	struct target *target, **link;
	size_t i;

	for (i = 0; i < BUCKETS; i++) {
		link = &targets->bucket[i];
		while ((target = *link)) {
			if (is_gone(target, scope)) {
				*link = target->next;
				target_free(target);
			} else {
				link = &target->next;
			}
		}
	}
}

/* A single one begins at once; many spread over their interval. */
static void targets_start(struct targets *targets, const struct config *config)
{
	struct target *target;
	uint64_t fresh = 0, n = 0;
	size_t i;

	for (i = 0; i < config->reals; i++) {
		target = target_find(targets, config->real[i].vip,
				     config->real[i].name);
		fresh += target && target->fresh;
	}
	if (!fresh)
		return;

	for (i = 0; i < config->reals; i++) {
		target = target_find(targets, config->real[i].vip,
				     config->real[i].name);
		if (!target || !target->fresh)
			continue;
		target->fresh = false;
		target_schedule(target, target->plan.interval * n++ / fresh);
	}
}

/**
 * targets_new() - make an empty set of targets
 * @base: event loop
 * @pool: their checks
 * @report: whom to tell verdicts
 * @data: for @report
 *
 * Return: the set, or NULL.
 */
struct targets *targets_new(struct event_base *base, struct check_pool *pool,
			    target_report_cb report, void *data)
{
	struct targets *targets = calloc(1, sizeof(*targets));

	if (!targets)
		return NULL;

	targets->base = base;
	targets->pool = pool;
	targets->report = report;
	targets->data = data;

	return targets;
}

/**
 * targets_free() - free a set of targets
 * @targets: the set, or NULL
 */
void targets_free(struct targets *targets)
{
	if (!targets)
		return;

	targets->round++;
	targets_sweep(targets, NULL);
	free(targets);
}

/**
 * targets_update() - follow the configuration
 * @targets: the set
 * @config: what is configured
 */
void targets_update(struct targets *targets, const struct config *config)
{
	const struct lb_vip *vip;
	size_t at = 0;
	size_t i;

	targets->round++;
	for (i = 0; i < config->reals; i++) {
		vip = vip_find(config, config->real[i].vip, &at);
		/* A real that is newer than the VIPs: there will be more. */
		if (vip)
			target_update(targets, vip, &config->real[i]);
	}
	targets_sweep(targets, config->scope);
	targets_start(targets, config);
}

/**
 * targets_health() - take over the health of a real
 * @targets: the set
 * @real: the real, as the module holds it
 */
void targets_health(struct targets *targets, const struct lb_real *real)
{
	struct target *target = target_find(targets, real->vip, real->name);

	if (target && target->epoch == real->epoch)
		target_adopt(target, real);
}
