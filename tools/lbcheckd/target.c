// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is checked: a target for every real, in a group for every VIP.
 *
 * A target whose real has not changed keeps its check and its rows of results.
 * What the module holds of a real's health is taken over, whoever said it, and
 * only what is news is reported. Nothing is reported while the configuration
 * is followed: what comes of it waits until that is done.
 */

#include "target.h"
#include "agent.h"
#include "answer.h"
#include "check.h"
#include "check_type.h"
#include "err.h"
#include "group.h"
#include "kernel.h"
#include "log.h"
#include "model.h"
#include "names.h"
#include "plan.h"
#include "probe.h"
#include "state.h"

#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <time.h>

#define BUCKETS		4096

TAILQ_HEAD(group_list, group);

/**
 * struct targets - all targets
 * @base: event loop
 * @probes: their checks
 * @ops: whom to tell
 * @data: for @ops
 * @settle: reports what is due after an update
 * @count: how many there are
 * @round: number of the last update
 * @groups: the VIPs
 * @bucket: the targets, by a hash of their names
 */
struct targets {
	struct event_base *base;
	struct probes *probes;
	const struct targets_ops *ops;
	void *data;
	struct event *settle;
	size_t count;
	unsigned int round;
	struct group_list groups;
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

static uint32_t text_hash(const char *text)
{
	uint32_t hash = hash_add(2166136261U, text);

	return hash ? hash : 1;
}

static struct target **target_bucket(struct targets *targets, const char *vip,
				     const char *name)
{
	uint32_t hash = hash_add(text_hash(vip), name);

	return &targets->bucket[hash % BUCKETS];
}

static struct target *target_find(struct targets *targets, const char *vip,
				  const char *name)
{
	struct target *target = *target_bucket(targets, vip, name);

	while (target &&
	       (strcmp(target->group->vip, vip) || strcmp(target->name, name)))
		target = target->next;

	return target;
}

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);

	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static uint8_t outcome_health(enum check_outcome outcome)
{
	switch (outcome) {
	case CHECK_UP:
		return L4LB_HEALTH_UP;
	case CHECK_SICK:
		return L4LB_HEALTH_SICK;
	case CHECK_DOWN:
		return L4LB_HEALTH_DOWN;
	default:
		return 0;
	}
}

/* What the module is to hold of the last check, with the agent's word. */
static void target_found(struct target *target, struct lb_real *report,
			 const struct probe_result *result)
{
	uint8_t health = outcome_health(result->outcome);
	char raw[2 * CHECK_REASON + 32], text[CHECK_REASON];

	snprintf(raw, sizeof(raw), "%s%.*s%s%s", health ? "" : "not checked: ",
		 target->says ? 200 : CHECK_REASON, result->reason,
		 target->says ? "; agent: " : "",
		 target->says ? target->says : "");
	/* It is cut off between characters. */
	lb_text_clean(text, sizeof(text), raw, sizeof(raw));
	told_result(&target->told, report, health, text, result->us, now_ms());
}

/* This host cannot check: whatever was the verdict, it stays. */
static void target_void(struct target *target,
			const struct probe_result *result)
{
	uint32_t hash = text_hash(result->reason);
	char label[TARGET_LABEL];

	if (hash != target->void_hash)
		log_line(LOG_INFO, "%s: not checked: %s; it stays %s",
			 target_label(target, label), result->reason,
			 lb_names_word(&lb_health_names,
				       target->told.health));
	target->void_hash = hash;
}

static bool target_result(void *data, const struct probe_result *result)
{
	struct lb_real report = { 0 };
	struct target *target = data;
	uint8_t health;
	bool tell;

	health = outcome_health(result->outcome);
	if (!health) {
		target_void(target, result);
		target_found(target, &report, result);
		target_tell(target, &report);
		return false;
	}

	target->void_hash = 0;
	state_step(&target->state, health, target->rise, target->fall);
	/* A result against the verdict says nothing until it changes it. */
	if (state_settled(&target->state))
		snprintf(target->why, sizeof(target->why), "%s",
			 result->reason);
	if (!target_is_failing(target))
		target->waits = 0;

	tell = group_judge(target->group, target);
	if (tell && state_settled(&target->state))
		target_verdict(target, &report);
	target_found(target, &report, result);
	target_tell(target, &report);

	return !state_settled(&target->state);
}

static struct group *group_find(struct targets *targets, const char *vip)
{
	struct group *group;

	for (group = TAILQ_FIRST(&targets->groups); group;
	     group = TAILQ_NEXT(group, link)) {
		if (!strcmp(group->vip, vip))
			return group;
	}

	return NULL;
}

static struct group *group_get(struct targets *targets, const char *vip)
{
	struct group *group = group_find(targets, vip);

	if (group)
		return group;
	group = calloc(1, sizeof(*group));
	if (!group)
		return NULL;

	group->ops = targets->ops;
	group->data = targets->data;
	lb_name_copy(group->vip, vip);
	TAILQ_INIT(&group->targets);
	TAILQ_INSERT_HEAD(&targets->groups, group, link);

	return group;
}

static struct target *target_new(struct targets *targets, struct group *group,
				 const struct lb_real *real)
{
	struct target *target = calloc(1, sizeof(*target));
	struct target **bucket;

	if (!target)
		return NULL;

	target->targets = targets;
	target->group = group;
	lb_name_copy(target->name, real->name);
	target->state.health = L4LB_HEALTH_UNKNOWN;
	target->told.health = L4LB_HEALTH_UNKNOWN;
	target->check.cb = target_result;
	target->check.data = target;
	target->agent.cb = answer_take;
	target->agent.data = target;

	bucket = target_bucket(targets, real->vip, real->name);
	target->next = *bucket;
	*bucket = target;
	TAILQ_INSERT_TAIL(&group->targets, target, link);
	targets->count++;

	return target;
}

static void target_free(struct target *target)
{
	struct targets *targets = target->targets;
	struct group *group = target->group;

	probe_leave(&target->check);
	probe_leave(&target->agent);
	free(target->says);
	target_uncount(target);
	TAILQ_REMOVE(&group->targets, target, link);
	free(target);
	targets->count--;

	if (TAILQ_EMPTY(&group->targets)) {
		TAILQ_REMOVE(&targets->groups, group, link);
		free(group);
	}
}

/* Log why a real is not checked, once. */
static void target_complain(struct target *target, const char *why)
{
	uint32_t hash = text_hash(why);
	char label[TARGET_LABEL];

	if (hash != target->complaint)
		log_line(LOG_WARNING, "%s: not checked: %s",
			 target_label(target, label), why);
	target->complaint = hash;
}

/* The type that is to be run; NULL if there is nothing to do, or a fault. */
static const struct check_ops *target_ops(struct target *target,
					  const struct plan *plan)
{
	const struct lb_check_type *type = lb_check_type_find(plan->type);
	const struct check_ops *ops = check_find(plan->type);
	char why[PLAN_FAULT + 64];

	if (type && type->passive) {
		target->complaint = 0;
		return NULL;
	}

	if (!type || !ops)
		snprintf(why, sizeof(why), "this program has no check \"%s\"",
			 plan->type);
	else if (*plan->fault)
		snprintf(why, sizeof(why), "%s", plan->fault);
	else if (!plan->n_ports && type->port == LB_CHECK_PORT_MUST)
		snprintf(why, sizeof(why),
			 "the vip has any port, and the check names none");
	else
		why[0] = '\0';

	if (!*why) {
		target->complaint = 0;
		return ops;
	}
	target_complain(target, why);

	return NULL;
}

/* Want this check, in place of another one. */
static void user_plan(struct target *target, struct probe_user *user,
		      const struct check_ops *ops, const struct plan *plan)
{
	const struct plan *before = probe_plan(user);
	struct probe_user old = *user;
	char label[TARGET_LABEL];

	if (before && ops && plan_equal(before, plan))
		return;

	user->probe = NULL;
	if (ops && probe_join(target->targets->probes, user, ops, plan))
		log_line(LOG_ERR, "%s: not checked: %s",
			 target_label(target, label), strerror(ENOMEM));
	if (old.probe)
		probe_leave(&old);
}

static void target_check(struct target *target, const struct check_ops *ops,
			 const struct plan *plan)
{
	struct probe *before = target->check.probe;
	const struct state *state;
	const char *reason;

	user_plan(target, &target->check, ops, plan);
	target->rise = plan->rise;
	target->fall = plan->fall;
	if (target->check.probe == before)
		return;

	target->state = (struct state) { .health = target->state.health };
	if (!target->check.probe)
		return;

	/* What others know of the same server need not be found out again. */
	state = probe_state(&target->check, &reason);
	if (target->state.health == L4LB_HEALTH_UNKNOWN &&
	    state->health != L4LB_HEALTH_UNKNOWN) {
		target->state = *state;
		snprintf(target->why, sizeof(target->why), "%s", reason);
		target->due = true;
	}
}

static void target_plan(struct target *target, struct plan *plan)
{
	struct plan agent;

	target->addr = plan->addr;
	target->port = plan->n_ports ? plan->port[0] : 0;

	agent_plan(&agent, plan);
	user_plan(target, &target->agent, plan->agent ? &agent_ops : NULL,
		  &agent);
	if (!plan->agent)
		target->due |= answer_forget(target);

	/* What is no matter of the check itself does not keep others from it. */
	plan->agent = 0;
	plan->guard = 0;
	target_check(target, target_ops(target, plan), plan);
}

/* Take over what the module holds, but for what it was told from here. */
static void target_adopt(struct target *target, const struct lb_real *real)
{
	uint8_t before = target->told.health;

	told_adopt(&target->told, real);
	if (before == real->health)
		return;

	state_adopt(&target->state, real->health);
	snprintf(target->why, sizeof(target->why), "%s", real->reason);
	target->waits = 0;
}

static void target_update(struct targets *targets, const struct lb_vip *vip,
			  const struct lb_real *real)
{
	struct target *target = target_find(targets, real->vip, real->name);
	struct group *group;
	struct plan plan;

	if (!target) {
		group = group_get(targets, real->vip);
		target = group ? target_new(targets, group, real) : NULL;
	}
	if (!target) {
		log_line(LOG_ERR, "%s/%s: not checked: %s", real->vip,
			 real->name, strerror(ENOMEM));
		return;
	}

	target_adopt(target, real);
	target->epoch = real->epoch;
	target->round = targets->round;
	target->group->guard.percent = vip->check.guard;
	plan_make(&plan, vip, real);
	target_plan(target, &plan);
	target_count(target);
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
	       (!scope || !strcmp(target->group->vip, scope));
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

static void target_settle(struct target *target)
{
	struct lb_real report = { 0 };

	if (!target->due)
		return;
	target->due = false;

	if (!target->agent.probe)
		answer_none(target);
	if (target->check.probe && !target_is_failing(target) &&
	    target->state.health != L4LB_HEALTH_UNKNOWN &&
	    target->state.health != target->told.health) {
		target_verdict(target, &report);
		target_tell(target, &report);
	}
}

static void targets_settle(evutil_socket_t fd, short what, void *data)
{
	struct targets *targets = data;
	struct target *target;
	struct group *group;

	(void)fd;
	(void)what;

	for (group = TAILQ_FIRST(&targets->groups); group;
	     group = TAILQ_NEXT(group, link)) {
		for (target = TAILQ_FIRST(&group->targets); target;
		     target = TAILQ_NEXT(target, link))
			target_settle(target);
		group_judge(group, NULL);
	}
}

/**
 * targets_new() - make an empty set of targets
 * @base: event loop
 * @probes: their checks
 * @ops: whom to tell
 * @data: for @ops
 *
 * Return: the set, or NULL.
 */
struct targets *targets_new(struct event_base *base, struct probes *probes,
			    const struct targets_ops *ops, void *data)
{
	struct targets *targets = calloc(1, sizeof(*targets));

	if (!targets)
		return NULL;

	targets->settle = evtimer_new(base, targets_settle, targets);
	if (!targets->settle) {
		free(targets);
		return NULL;
	}
	targets->base = base;
	targets->probes = probes;
	targets->ops = ops;
	targets->data = data;
	TAILQ_INIT(&targets->groups);

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
	event_free(targets->settle);
	free(targets);
}

/**
 * targets_update() - follow the configuration
 * @targets: the set
 * @config: what is configured
 */
void targets_update(struct targets *targets, const struct config *config)
{
	static const struct timeval at_once;
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
	probes_start(targets->probes);
	if (config->reals)
		event_add(targets->settle, &at_once);
}

/**
 * targets_health() - take over the health of a real
 * @targets: the set
 * @real: the real, as the module holds it
 */
void targets_health(struct targets *targets, const struct lb_real *real)
{
	struct target *target = target_find(targets, real->vip, real->name);
	uint8_t before;

	if (!target || target->epoch != real->epoch)
		return;

	before = target->told.health;
	target_adopt(target, real);
	target_count(target);
	target_news_health(target, before, real->health, real->reason);
}

/**
 * targets_count() - count them
 * @targets: the set
 *
 * Return: how many there are.
 */
size_t targets_count(const struct targets *targets)
{
	return targets->count;
}

/**
 * targets_held() - count those that fail and are held by a guard
 * @targets: the set
 *
 * Return: how many these are.
 */
size_t targets_held(const struct targets *targets)
{
	const struct target *target;
	const struct group *group;
	size_t held = 0;

	for (group = TAILQ_FIRST(&targets->groups); group;
	     group = TAILQ_NEXT(group, link)) {
		for (target = TAILQ_FIRST(&group->targets); target;
		     target = TAILQ_NEXT(target, link))
			held += group->holding && target_is_failing(target);
	}

	return held;
}
