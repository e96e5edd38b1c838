// SPDX-License-Identifier: GPL-2.0-only
/*
 * The targets of a VIP: what the module is told of each, and whether they are
 * believed when they fail at once.
 */

#include "group.h"
#include "addr.h"
#include "check.h"
#include "err.h"
#include "guard.h"
#include "log.h"
#include "model.h"
#include "names.h"
#include "news.h"
#include "target.h"

#include <stdio.h>
#include <time.h>

/* Own results for which a failing real waits for those of the others. */
#define GUARD_WAITS	2

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);

	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/**
 * target_label() - what a target is called in the log
 * @target: target
 * @label: where to
 *
 * Return: @label.
 */
const char *target_label(const struct target *target, char label[TARGET_LABEL])
{
	char addr[LB_ADDR_TEXT];

	lb_addr_print_port(&target->addr, target->port, addr, sizeof(addr));
	snprintf(label, TARGET_LABEL, "%s/%s %s", target->group->vip,
		 target->name, addr);

	return label;
}

/**
 * target_news() - let people know what has happened
 * @target: to whom
 * @event: what
 * @health: what it is now, in a word
 * @old: what it was before
 * @reason: why
 */
void target_news(const struct target *target, const char *event,
		 const char *health, const char *old, const char *reason)
{
	const struct news news = {
		.event = event,
		.vip = target->group->vip,
		.real = target->name,
		.addr = &target->addr,
		.port = target->port,
		.health = health,
		.old = old,
		.reason = reason,
	};

	target->group->ops->news(target->group->data, &news);
}

static const char *health_word(uint8_t health)
{
	return lb_names_word(&lb_health_names, health);
}

/**
 * target_news_health() - let people know of another health
 * @target: whose
 * @old: what it was
 * @health: what it is
 * @reason: why
 *
 * That a new server works is what everybody expects.
 */
void target_news_health(const struct target *target, uint8_t old,
			uint8_t health, const char *reason)
{
	if (old == health || (old == L4LB_HEALTH_UNKNOWN &&
			      health == L4LB_HEALTH_UP))
		return;
	target_news(target, "health", health_word(health), health_word(old),
		    reason);
}

static void log_change(const struct target *target, uint8_t before,
		       const char *reason)
{
	const struct state *state = &target->state;
	bool up = state->health == L4LB_HEALTH_UP;
	unsigned int row = up ? state->good : state->bad;
	const char *health = health_word(state->health);
	char label[TARGET_LABEL];

	target_label(target, label);
	if (before != L4LB_HEALTH_UNKNOWN && before != L4LB_HEALTH_UP && !up)
		row = state->same;

	if (before == L4LB_HEALTH_UNKNOWN)
		log_line(LOG_NOTICE, "%s: %s: %s (first check)", label, health,
			 reason);
	else
		log_line(LOG_NOTICE, "%s: %s: %s (after %u %s%s)", label,
			 health, reason, row, up ? "success" : "failure",
			 row == 1 ? "" : up ? "es" : "s");
}

static void log_report(const struct target *target,
		       const struct lb_real *report, uint8_t before)
{
	char label[TARGET_LABEL];

	if (!lb_has(report->has, L4LB_A_REAL_HEALTH))
		return;

	if (before != report->health)
		log_change(target, before, report->reason);
	else
		log_line(LOG_INFO, "%s: still %s: %s",
			 target_label(target, label), health_word(before),
			 report->reason);
}

/**
 * target_tell() - tell the module, if it is news to it
 * @target: of whom
 * @report: what may be news; names and epoch are added
 */
void target_tell(struct target *target, struct lb_real *report)
{
	const struct group *group = target->group;
	uint8_t before = target->told.health;
	uint64_t now = now_ms();

	if (!told_is_news(report) || !told_allow(&target->told, report, now))
		return;

	lb_name_copy(report->vip, group->vip);
	lb_name_copy(report->name, target->name);
	report->has |= LB_BIT(L4LB_A_REAL_EPOCH);
	report->epoch = target->epoch;
	if (group->ops->report(group->data, report))
		return;

	told_keep(&target->told, report, now);
	target_count(target);
	log_report(target, report, before);
	if (lb_has(report->has, L4LB_A_REAL_HEALTH))
		target_news_health(target, before, report->health,
				   report->reason);
}

/**
 * target_is_failing() - ask whether it has to leave, as its checks say
 * @target: target
 *
 * Return: whether the module holds it as up, and it is not.
 */
bool target_is_failing(const struct target *target)
{
	return target->told.health == L4LB_HEALTH_UP &&
	       (target->state.health == L4LB_HEALTH_SICK ||
		target->state.health == L4LB_HEALTH_DOWN);
}

static bool is_doubtful(const struct target *target)
{
	return target->told.health == L4LB_HEALTH_UP &&
	       !target_is_failing(target) && target->check.probe &&
	       !target->passed;
}

/**
 * target_count() - count a target anew in its group
 * @target: target of which something has changed that is counted
 *
 * All are never counted at once: there may be many, and all may fail.
 */
void target_count(struct target *target)
{
	const struct guard now = {
		.up = target->told.health == L4LB_HEALTH_UP,
		.failing = target_is_failing(target),
		.doubtful = is_doubtful(target),
	};
	struct guard *all = &target->group->guard;
	struct guard *own = &target->counted;

	all->up += now.up - own->up;
	all->failing += now.failing - own->failing;
	all->doubtful += now.doubtful - own->doubtful;
	*own = now;
}

/**
 * target_uncount() - count a target no longer
 * @target: target that leaves its group
 */
void target_uncount(struct target *target)
{
	struct guard *all = &target->group->guard;

	all->up -= target->counted.up;
	all->failing -= target->counted.failing;
	all->doubtful -= target->counted.doubtful;
}

/**
 * target_verdict() - add the verdict of the checks, or of the guard, to a report
 * @target: whose
 * @report: where to
 */
void target_verdict(struct target *target, struct lb_real *report)
{
	char raw[CHECK_REASON + 16], reason[CHECK_REASON];

	if (target->group->holding && target_is_failing(target)) {
		snprintf(raw, sizeof(raw), "held by guard: %s", target->why);
		lb_text_clean(reason, sizeof(reason), raw, sizeof(raw));
		target->held = true;
		told_verdict(&target->told, report, L4LB_HEALTH_UP, reason);
	} else {
		told_verdict(&target->told, report, target->state.health,
			     target->why);
	}
}

static void group_hold(struct group *group, bool hold)
{
	const struct guard *guard = &group->guard;
	char reason[128];
	const struct news news = {
		.event = "guard",
		.vip = group->vip,
		.health = hold ? "held" : "free",
		.old = hold ? "free" : "held",
		.reason = reason,
	};

	group->holding = hold;
	snprintf(reason, sizeof(reason), "%u of %u servers that are up fail",
		 guard->failing, guard->up);
	log_line(hold ? LOG_WARNING : LOG_NOTICE, "%s: %s by guard: %s",
		 group->vip, hold ? "held" : "no longer held", reason);
	group->ops->news(group->data, &news);
}

/*
 * Those that fail leave, or are held. Not the one whose result it was, which is
 * told with that, and not those that are about to come back, nor those that
 * were held until now: each of these leaves by its own next result.
 */
static void group_apply(struct group *group, const struct target *except)
{
	struct target *target;

	for (target = TAILQ_FIRST(&group->targets); target;
	     target = TAILQ_NEXT(target, link)) {
		struct lb_real report = { 0 };

		if (target == except || !target_is_failing(target) ||
		    !state_settled(&target->state) ||
		    (target->held && !group->holding))
			continue;
		target_verdict(target, &report);
		target_tell(target, &report);
	}
}

/* From here on the others' results are those that count. */
static void group_suspect(struct group *group, bool suspect)
{
	struct target *target;

	if (group->suspect == suspect)
		return;
	group->suspect = suspect;
	for (target = TAILQ_FIRST(&group->targets); target;
	     target = TAILQ_NEXT(target, link)) {
		target->passed = !suspect;
		target_count(target);
	}
}

/**
 * group_judge() - judge those that fail, after a result or another configuration
 * @group: the targets of a VIP
 * @last: whose result it was, or NULL
 *
 * Return: whether what @last says may be told now.
 */
bool group_judge(struct group *group, struct target *last)
{
	enum guard_verdict verdict;
	bool hold;

	if (last) {
		last->held &= group->holding;
		target_count(last);
	}
	if (!group->guard.percent && !group->holding)
		return true;

	group_suspect(group, group->guard.failing);
	if (last && last->state.last == L4LB_HEALTH_UP) {
		last->passed = true;
		target_count(last);
	}

	verdict = guard_judge(&group->guard);
	/* Who is held stays so until few enough fail. */
	if (group->holding && verdict == GUARD_WAIT)
		verdict = GUARD_HOLD;
	if (verdict == GUARD_WAIT) {
		if (!last || !target_is_failing(last))
			return true;
		group->waiting = true;
		return ++last->waits > GUARD_WAITS;
	}

	hold = verdict == GUARD_HOLD;
	if (group->holding != hold) {
		group_hold(group, hold);
		group->waiting = hold;
	}
	/* Only now, not at each result: there may be many. */
	if (group->waiting)
		group_apply(group, last);
	group->waiting = false;

	return true;
}
