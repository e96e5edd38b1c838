// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checks one server now, for whoever is watching, and tells nobody else: the
 * module is asked how, and not told what came of it.
 */

#include "trial.h"
#include "agent.h"
#include "check.h"
#include "check_type.h"
#include "duration.h"
#include "err.h"
#include "model.h"
#include "names.h"
#include "nl.h"
#include "out.h"
#include "plan.h"
#include "request.h"

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

/* Most bytes of one line that are shown, and most lines. */
#define LINE_MAX	512
#define LINES_MAX	1000

/**
 * struct trial - a check that somebody watches
 * @base: event loop
 * @file: where it is shown
 * @out: the same as JSON, or NULL
 * @lines: how many lines were
 * @outcome: what came of it
 * @text: why
 * @us: microseconds that it took
 */
struct trial {
	struct event_base *base;
	FILE *file;
	struct lb_out *out;
	unsigned int lines;
	enum check_outcome outcome;
	char text[CHECK_REASON];
	uint32_t us;
};

static void line_show(struct trial *trial, char direction, const char *text)
{
	const char sign[] = { direction, '\0' };

	if (!trial->out) {
		fprintf(trial->file, "%c %s\n", direction, text);
		fflush(trial->file);
		return;
	}
	lb_out_object(trial->out, NULL);
	lb_out_str(trial->out, "direction", NULL, sign);
	lb_out_str(trial->out, "text", NULL, text);
	lb_out_end(trial->out);
}

/* What a server sends may be anything. */
static void trial_trace(void *data, char direction, const void *bytes,
			size_t len)
{
	const char *at = bytes, *end = at + len, *eol;
	struct trial *trial = data;
	char line[LINE_MAX];
	size_t size;

	for (; at < end; at = eol + 1) {
		eol = memchr(at, '\n', (size_t)(end - at));
		if (!eol)
			eol = end;
		size = (size_t)(eol - at);
		if (size && at[size - 1] == '\r')
			size--;
		if (trial->lines++ == LINES_MAX)
			line_show(trial, '*', "and so on");
		if (trial->lines > LINES_MAX)
			return;
		lb_text_clean(line, sizeof(line), at, size);
		line_show(trial, direction, line);
	}
}

static void trial_done(void *data, enum check_outcome outcome,
		       const char *reason, uint32_t us)
{
	struct trial *trial = data;

	trial->outcome = outcome;
	trial->us = us;
	snprintf(trial->text, sizeof(trial->text), "%s", reason);
	event_base_loopbreak(trial->base);
}

static int trial_wait(struct trial *trial, const struct check_ops *ops,
		      const struct plan *plan)
{
	struct check_pool *pool = check_pool_new(trial->base, 1);
	struct check check;
	int ret;

	if (!pool)
		return -ENOMEM;
	ret = check_init(&check, pool, trial_done, trial);
	if (!ret) {
		check.trace = trial_trace;
		check_start(&check, ops, plan);
		/* It may have ended before the loop has begun. */
		if (check.state != CHECK_IDLE)
			event_base_dispatch(trial->base);
		check_exit(&check);
	}
	check_pool_free(pool);

	return ret;
}

static const char *outcome_word(enum check_outcome outcome)
{
	switch (outcome) {
	case CHECK_UP:
		return "up";
	case CHECK_SICK:
		return "sick";
	case CHECK_DOWN:
		return "down";
	default:
		return "not checked";
	}
}

/* One check with its transcript and its result. */
static int trial_show(struct trial *trial, const char *key,
		      const struct check_ops *ops, const struct plan *plan)
{
	char took[LB_DURATION_TEXT];
	int ret;

	trial->lines = 0;
	if (trial->out)
		lb_out_list(trial->out, key);
	ret = trial_wait(trial, ops, plan);
	if (trial->out)
		lb_out_end(trial->out);
	else if (!ret)
		fprintf(trial->file, "%s: %s (%s)\n",
			outcome_word(trial->outcome), trial->text,
			lb_duration_print_us(trial->us, took, sizeof(took)));

	return ret;
}

static void result_show(struct trial *trial, const char *word)
{
	if (!trial->out)
		return;
	lb_out_str(trial->out, "result", NULL, word);
	lb_out_str(trial->out, "result_text", NULL, trial->text);
	lb_out_uint(trial->out, "rtt_us", NULL, trial->us);
}

/* Nobody checks: what the module holds is all there is to say. */
static int passive_show(struct trial *trial, const struct lb_real *real,
			const char *type)
{
	const char *health = lb_names_word(&lb_health_names, real->health);

	snprintf(trial->text, sizeof(trial->text), "%s: nothing is checked",
		 type);
	if (!trial->out)
		fprintf(trial->file, "%s: %s\n", health, trial->text);
	result_show(trial, health);

	return real->health != L4LB_HEALTH_UP;
}

static int plan_refuse(const struct plan *plan, struct lb_err *err)
{
	const struct lb_check_type *type = lb_check_type_find(plan->type);

	if (!type || (!type->passive && !check_find(plan->type)))
		return lb_err_set(err, -EINVAL,
				  "this program has no check \"%s\"",
				  plan->type);
	if (*plan->fault)
		return lb_err_set(err, -EINVAL, "%s", plan->fault);
	if (!type->passive && !plan->n_ports &&
	    type->port == LB_CHECK_PORT_MUST)
		return lb_err_set(err, -EINVAL,
				  "the vip has any port, and the check names none");

	return 0;
}

static int agent_show(struct trial *trial, const struct plan *plan)
{
	struct plan agent;

	if (!plan->agent)
		return 0;
	agent_plan(&agent, plan);

	return trial_show(trial, "agent_transcript", &agent_ops, &agent);
}

/* The verdict is that of the check; the agent is only shown. */
static int plan_show(struct trial *trial, const struct plan *plan,
		     const struct lb_real *real)
{
	int ret, verdict;

	if (lb_check_type_find(plan->type)->passive) {
		verdict = passive_show(trial, real, plan->type);
	} else {
		ret = trial_show(trial, "transcript", check_find(plan->type),
				 plan);
		if (ret)
			return ret;
		result_show(trial, outcome_word(trial->outcome));
		verdict = trial->outcome != CHECK_UP;
	}
	ret = agent_show(trial, plan);

	return ret ? ret : verdict;
}

static void trial_begin(struct trial *trial, const struct plan *plan)
{
	char addr[LB_ADDR_TEXT];

	if (!trial->out)
		return;
	lb_out_object(trial->out, NULL);
	lb_out_str(trial->out, "vip", NULL, plan->vip);
	lb_out_str(trial->out, "real", NULL, plan->real);
	lb_out_str(trial->out, "address", NULL,
		   lb_addr_print(&plan->addr, addr, sizeof(addr)));
	lb_out_str(trial->out, "type", NULL, plan->type);
}

/**
 * trial_check() - check a real now, and show how
 * @vip: its VIP
 * @real: the real
 * @json: show it as JSON
 * @file: where to
 * @err: why not
 *
 * Return: 0 if it is up, 1 if it is not, or -errno.
 */
int trial_check(const struct lb_vip *vip, const struct lb_real *real,
		bool json, FILE *file, struct lb_err *err)
{
	struct trial trial = { .file = file };
	struct plan plan;
	int ret;

	plan_make(&plan, vip, real);
	ret = plan_refuse(&plan, err);
	if (ret)
		return ret;

	trial.base = event_base_new();
	if (json)
		trial.out = lb_out_new(file, true, false);
	if (!trial.base || (json && !trial.out)) {
		ret = -ENOMEM;
	} else {
		trial_begin(&trial, &plan);
		ret = plan_show(&trial, &plan, real);
	}
	if (lb_out_free(trial.out) || fflush(file))
		ret = -EIO;
	if (trial.base)
		event_base_free(trial.base);

	return ret < 0 ? lb_err_code(err, ret) : ret;
}

/* Another check than the one there is would say nothing of the real. */
static int refuse_hidden(const struct lb_vip *vip, const struct lb_real *real,
			 struct lb_err *err)
{
	const struct lb_check *check = &vip->check;

	if (lb_has(real->has, L4LB_A_REAL_CHECK))
		check = &real->check;
	if (lb_check_is_passive(check) ||
	    lb_has(check->has, L4LB_A_CHECK_ARGS))
		return 0;

	return lb_err_set(err, -EPERM,
			  "the arguments of the check are shown to root alone");
}

/**
 * trial_run() - check a real of the module now, and show how
 * @name: VIP/NAME
 * @json: show it as JSON
 * @file: where to
 * @err: why not
 *
 * Return: 0 if it is up, 1 if it is not, or -errno; -ENOENT if there is no such
 * real, -EPROTONOSUPPORT if the module is not loaded.
 */
int trial_run(const char *name, bool json, FILE *file, struct lb_err *err)
{
	const char *slash = strchr(name, '/');
	struct lb_real real = { 0 };
	struct lb_vip vip = { 0 };
	struct lb_nl *nl;
	char *of;
	int ret;

	if (!slash || slash == name || !slash[1] ||
	    slash - name > L4LB_NAME_MAX || strlen(slash + 1) > L4LB_NAME_MAX)
		return lb_err_set(err, -EINVAL, "\"%s\" is not VIP/NAME", name);

	ret = lb_nl_open(&nl, err);
	if (ret)
		return ret;
	of = strndup(name, (size_t)(slash - name));
	ret = of ? lb_vip_get(nl, of, &vip, err) : lb_err_code(err, -ENOMEM);
	if (!ret)
		ret = lb_real_get(nl, of, slash + 1, &real, err);
	if (!ret)
		ret = refuse_hidden(&vip, &real, err);
	if (!ret)
		ret = trial_check(&vip, &real, json, file, err);
	lb_real_release(&real);
	lb_vip_release(&vip);
	free(of);
	lb_nl_close(nl);

	return ret;
}
