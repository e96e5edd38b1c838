// SPDX-License-Identifier: GPL-2.0-only
/*
 * lbctl apply, lbctl plan: make the module equal to a file, or tell what that
 * would change and what it would cost.
 */

#include "cmd.h"
#include "caution.h"
#include "change.h"
#include "duration.h"
#include "err.h"
#include "file.h"
#include "option.h"
#include "out.h"
#include "rollback.h"
#include "sentry.h"
#include "site.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How often a plan is made anew because others changed something. */
#define TRIES	10

/**
 * struct apply - what is to be applied
 * @cmd: the command
 * @name: of the file
 * @label: what it is called in messages
 * @confirm: ms until it is undone, 0 for never
 * @empty: there is nothing at all in the file
 * @warned: of what is in it
 * @now: what there is
 * @then: what there is to be
 * @plan: what makes @then of @now
 */
struct apply {
	struct cmd *cmd;
	const char *name;
	char label[128];
	uint32_t confirm;
	bool empty;
	bool warned;
	struct lb_site now;
	struct lb_site then;
	struct lb_plan plan;
};

static int words_parse(struct cmd *cmd, struct lb_words *words,
		       struct apply *apply, struct lb_err *err)
{
	const char *word;
	int ret = 0;

	apply->cmd = cmd;
	apply->name = lb_words_take(words);
	if (!apply->name)
		return lb_option_missing("FILE", err);
	word = lb_file_label(apply->name);
	lb_text_clean(apply->label, sizeof(apply->label), word, strlen(word));

	word = lb_words_peek(words);
	if (word && !strcmp(word, "confirm") &&
	    strcmp(cmd->verb->object, "plan")) {
		lb_words_take(words);
		word = lb_words_take(words);
		if (!word)
			return lb_option_missing("TIME", err);
		ret = lb_duration_parse(word, 1000, &apply->confirm, err);
	}

	return ret ? ret : lb_words_end(words, err);
}

/* Says what is wrong with a file, which says itself where that is. */
static int file_refused(struct apply *apply, int ret, bool fits,
			const struct lb_err *err)
{
	int status = cmd_refused(apply->cmd, ret, err);

	return fits || status != EXIT_REFUSED ? status : EXIT_USAGE;
}

/* A batch has read standard input itself. */
static int file_read(struct apply *apply, char **text, size_t *len,
		     struct lb_err *err)
{
	if (*apply->cmd->where && !strcmp(apply->name, "-"))
		return lb_err_set(err, -EINVAL,
				  "in a batch there is no standard input");

	return lb_file_read(apply->name, text, len, err);
}

static int file_load(struct apply *apply)
{
	struct lb_err err = { 0 };
	char *text = NULL;
	size_t len = 0;
	int ret;

	if (file_read(apply, &text, &len, &err))
		return cmd_refused(apply->cmd, -EIO, &err);

	apply->empty = !len;
	ret = lb_site_parse(&apply->then, apply->label, text, len, &err);
	free(text);
	if (ret)
		return file_refused(apply, ret, false, &err);
	ret = lb_site_check(&apply->then, apply->label, &err);

	return ret ? file_refused(apply, ret, true, &err) : EXIT_DONE;
}

static int plan_read(struct apply *apply, struct lb_err *err)
{
	int ret;

	lb_plan_free(&apply->plan);
	lb_site_free(&apply->now);
	ret = lb_site_read(apply->cmd->nl, &apply->now, err);
	if (!ret)
		ret = lb_plan_make(&apply->plan, &apply->now, &apply->then,
				   err);
	if (!ret && apply->empty && apply->plan.removed)
		ret = lb_err_set(err, -ENODATA,
				 "%s is empty; \"lbctl flush all\" removes everything",
				 apply->label);
	if (ret || apply->warned)
		return ret;

	/* While there is somebody to read it. */
	caution(apply->cmd, apply->label, &apply->plan);
	apply->warned = true;

	return 0;
}

/* The object that a change is about, and the file's line if there is one. */
static void change_label(const struct apply *apply,
			 const struct lb_change *change, char *buf, size_t size)
{
	static const char *const verbs[] = { "add", "set", "del" };
	const char *verb = verbs[change->kind];
	union lb_object object = change->then;
	char line[32] = "";

	if (change->kind == LB_CHANGE_DEL)
		object = change->now;
	if (change->line)
		snprintf(line, sizeof(line), ", line %u", change->line);

	switch (change->noun) {
	case LB_NOUN_GLOBAL:
		snprintf(buf, size, "%s%s: global set", apply->label, line);
		break;
	case LB_NOUN_VIP:
		snprintf(buf, size, "%s%s: vip %s %s", apply->label, line, verb,
			 object.vip->name);
		break;
	case LB_NOUN_REAL:
		snprintf(buf, size, "%s%s: real %s %s %s", apply->label, line,
			 verb, object.real->vip, object.real->name);
		break;
	case LB_NOUN_PIN:
		snprintf(buf, size, "%s%s: persist %s vip %s", apply->label,
			 line, verb, object.pin->vip);
		break;
	}
}

/* Let the module do it, or look at it only. */
static int plan_send(struct apply *apply, bool dry_run, struct lb_err *err)
{
	const struct lb_change *at;
	char label[300], word[LB_ERR_WORD];
	struct lb_err why;
	int ret;

	ret = lb_plan_send(apply->cmd->nl, &apply->plan,
			   apply->now.info.generation, dry_run, &at, err);
	if (!ret || !at)
		return ret;

	change_label(apply, at, label, sizeof(label));
	why = *err;
	memcpy(word, why.word, sizeof(word));
	lb_err_set(err, ret, "%s: %s", label, why.text);
	memcpy(err->word, word, sizeof(word));

	return ret;
}

/*
 * In text as one word, because a table has its widest column last. What was is
 * a comment, so that the line can be run as it is.
 */
static void show_command(struct lb_out *out, const struct lb_change *change)
{
	char *text = lb_change_text(change);
	char *was = lb_change_was(change);
	char *both = NULL;

	if (text && was && *was && asprintf(&both, "%s # was %s", text, was) < 0)
		both = NULL;
	lb_out_str(out, NULL, "command", both ? both : text ? text : "");
	lb_out_str(out, "command", NULL, text ? text : "");
	if (change->kind == LB_CHANGE_SET)
		lb_out_str(out, "was", NULL, was ? was : "");
	free(both);
	free(was);
	free(text);
}

static void show_change(struct lb_out *out, const struct lb_change *change)
{
	static const char *const words[] = { "add", "change", "remove" };
	char number[16] = "";

	if (change->line)
		snprintf(number, sizeof(number), "%u", change->line);
	lb_out_object(out, NULL);
	lb_out_str(out, "change", "change", words[change->kind]);
	lb_out_str(out, NULL, "line", number);
	lb_out_uint(out, "line", NULL, change->line);
	lb_out_uint(out, "conns", "conns", change->conns);
	lb_out_uint(out, "clients", "clients", change->clients);
	show_command(out, change);
	lb_out_end(out);
}

/* In an order in which they can be run as commands. */
static void show_changes(struct lb_out *out, const struct lb_plan *plan)
{
	unsigned int step;
	size_t i;

	lb_out_list(out, "changes");
	for (step = 0; step < LB_STEPS; step++) {
		for (i = 0; i < plan->count; i++) {
			if (lb_change_step(&plan->change[i]) == step)
				show_change(out, &plan->change[i]);
		}
	}
	lb_out_end(out);
}

static void show_bare(struct lb_out *out, const struct lb_plan *plan)
{
	char names[1024] = "";
	size_t i, used = 0;

	for (i = 0; i < plan->bare_count && used < sizeof(names); i++)
		used += (size_t)snprintf(names + used, sizeof(names) - used,
					 "%s%s", i ? " " : "",
					 plan->bare[i]->name);
	if (plan->bare_count)
		lb_out_str(out, NULL, "without real", names);
	lb_out_list(out, "without_real");
	for (i = 0; i < plan->bare_count; i++)
		lb_out_str(out, "vip", NULL, plan->bare[i]->name);
	lb_out_end(out);
}

static void show_plan(const struct apply *apply, bool changes)
{
	const struct lb_plan *plan = &apply->plan;
	struct lb_out *out = apply->cmd->out;

	lb_out_object(out, NULL);
	if (changes)
		show_changes(out, plan);
	if (!plan->count)
		lb_out_str(out, NULL, "changes", "none");
	lb_out_uint(out, "added", plan->count ? "added" : NULL, plan->added);
	lb_out_uint(out, "changed", plan->count ? "changed" : NULL,
		    plan->changed);
	lb_out_uint(out, "removed", plan->count ? "removed" : NULL,
		    plan->removed);
	lb_out_uint(out, "conns", plan->conns ? "conns ended" : NULL,
		    plan->conns);
	lb_out_uint(out, "clients", plan->clients ? "clients moved" : NULL,
		    plan->clients);
	show_bare(out, plan);
	if (apply->confirm && plan->count)
		lb_out_span(out, "confirm", "confirm in", apply->confirm);
	lb_out_end(out);
}

/* One attempt; -ESTALE if others were faster. */
static int commit(struct apply *apply, struct rollback *rollback,
		  struct lb_err *err)
{
	int ret;

	ret = plan_read(apply, err);
	if (ret || !apply->plan.count)
		return ret;
	if (!apply->confirm)
		return plan_send(apply, false, err);

	ret = rollback_start(rollback, &apply->now, &apply->then,
			     apply->confirm, err);
	if (ret)
		return ret;
	ret = plan_send(apply, false, err);
	rollback_tell(rollback, ret ? SENTRY_REFUSED : SENTRY_COMMITTED);

	return ret;
}

static int apply_commit(struct apply *apply, struct lb_err *err)
{
	struct rollback rollback = { .listener = -1, .pipe = -1 };
	int tries = 0, ret = 0;

	if (apply->confirm)
		ret = rollback_reserve(&rollback, err);
	if (ret)
		return ret;

	do {
		ret = commit(apply, &rollback, err);
	} while (ret == -ESTALE && ++tries < TRIES);
	rollback_release(&rollback);

	return ret;
}

static void apply_free(struct apply *apply)
{
	lb_plan_free(&apply->plan);
	lb_site_free(&apply->now);
	lb_site_free(&apply->then);
}

static int apply_run(struct cmd *cmd, struct lb_words *words)
{
	struct apply apply = { 0 };
	struct lb_err err = { 0 };
	int ret;

	ret = words_parse(cmd, words, &apply, &err);
	if (ret)
		return cmd_usage(cmd, ret, &err);

	ret = file_load(&apply);
	if (!ret)
		ret = cmd_open(cmd);
	if (!ret) {
		cmd_hold(cmd);
		ret = apply_commit(&apply, &err);
		cmd->place |= !ret;
		if (ret)
			ret = cmd_refused(cmd, ret, &err);
		else
			show_plan(&apply, false);
	}
	apply_free(&apply);

	return ret;
}

/* Whatever it says, the module may know better. */
static int plan_look(struct apply *apply)
{
	struct lb_err err = { 0 };
	int tries = 0, ret;

	do {
		ret = plan_read(apply, &err);
		if (!ret && apply->plan.count)
			ret = plan_send(apply, true, &err);
	} while (ret == -ESTALE && ++tries < TRIES);
	if (!ret || apply->plan.count)
		show_plan(apply, true);
	if (ret)
		return cmd_refused(apply->cmd, ret, &err);

	return apply->plan.count ? EXIT_CHANGES : EXIT_DONE;
}

static int plan_run(struct cmd *cmd, struct lb_words *words)
{
	struct apply apply = { 0 };
	struct lb_err err = { 0 };
	int ret;

	ret = words_parse(cmd, words, &apply, &err);
	if (ret)
		return cmd_usage(cmd, ret, &err);

	ret = file_load(&apply);
	if (!ret)
		ret = cmd_open(cmd);
	if (!ret)
		ret = plan_look(&apply);
	apply_free(&apply);

	return ret;
}

const struct verb apply_verbs[] = {
	{ .object = "apply", .usage = "FILE|- [confirm TIME]",
	  .run = apply_run },
	{ .object = NULL },
};

const struct verb plan_verbs[] = {
	{ .object = "plan", .usage = "FILE|-", .run = plan_run },
	{ .object = NULL },
};
