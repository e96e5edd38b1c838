// SPDX-License-Identifier: GPL-2.0-only
/*
 * lbctl real drain, lbctl drain: reals that get no new clients, for ever or as
 * a job that ends.
 */

#include "drain.h"
#include "cmd.h"
#include "describe.h"
#include "duration.h"
#include "err.h"
#include "job.h"
#include "names.h"
#include "option.h"
#include "out.h"
#include "request.h"
#include "subject.h"
#include "watch.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How it is to end. */
struct drain {
	struct subject subject;
	bool limited;
	uint32_t within;
	bool halt;
	bool wait;
};

static int set_within(void *object, const char *value, struct lb_err *err)
{
	struct drain *drain = object;

	drain->limited = value;

	return value ? lb_duration_parse(value, 0, &drain->within, err) : 0;
}

static int set_then(void *object, const char *value, struct lb_err *err)
{
	struct drain *drain = object;

	if (value && strcmp(value, "halt"))
		return lb_err_set(err, -EINVAL, "then \"%s\" is not halt",
				  value);
	drain->halt = value;

	return 0;
}

static void set_wait(void *object)
{
	struct drain *drain = object;

	drain->wait = true;
}

static const struct lb_option drain_options[] = {
	{ .word = "within", .set = set_within },
	{ .word = "then", .set = set_then },
	{ .word = "wait", .flag = set_wait },
	{ .word = NULL },
};

/* What is told while one waits. */

static const char *const outcome_words[] = {
	[JOB_GOING]	= "draining",
	[JOB_DRAINED]	= "drained",
	[JOB_CUT]	= "halted",
	[JOB_LATE]	= "late",
	[JOB_CHANGED]	= "changed",
	[JOB_TAKEN]	= "cancelled",
	[JOB_GONE]	= "removed",
};

static uint64_t time_left(uint64_t end)
{
	uint64_t now = watch_now();

	return end > now ? end - now : 0;
}

static void tell_json(const struct job *job, const struct job_real *real)
{
	struct lb_out *out = lb_out_new(stdout, true, false);

	if (!out)
		return;
	lb_out_object(out, NULL);
	lb_out_str(out, "vip", NULL, real->vip);
	lb_out_str(out, "name", NULL, real->name);
	lb_out_str(out, "progress", NULL, outcome_words[real->outcome]);
	lb_out_bool(out, "halted", NULL,
		    job->halt && (real->outcome == JOB_DRAINED ||
				  real->outcome == JOB_CUT));
	lb_out_uint(out, "conns", NULL, real->left.conns);
	lb_out_uint(out, "clients", NULL, real->left.clients);
	if (job->end && !real->outcome)
		lb_out_uint(out, "left", NULL, time_left(job->end));
	lb_out_end(out);
	lb_out_free(out);
}

static void tell_text(const struct job *job, const struct job_real *real)
{
	char text[LEFT_TEXT], span[LB_DURATION_TEXT];

	printf("%s/%s: ", real->vip, real->name);
	switch (real->outcome) {
	case JOB_GOING:
	case JOB_CUT:
	case JOB_LATE:
		printf("%s, %s left", outcome_words[real->outcome],
		       left_print(&real->left, text, sizeof(text)));
		if (job->end && !real->outcome)
			printf(", %s to go",
			       lb_duration_print((uint32_t)time_left(job->end) /
						 1000 * 1000, span,
						 sizeof(span)));
		break;
	case JOB_DRAINED:
		printf("drained%s", job->halt ? ", halted" : "");
		break;
	default:
		fputs(outcome_words[real->outcome], stdout);
		break;
	}
	putchar('\n');
}

static void tell(const struct job *job, const struct job_real *real,
		 void *data)
{
	const struct cmd *cmd = data;

	if (cmd->json)
		tell_json(job, real);
	else
		tell_text(job, real);
	fflush(stdout);
}

/* The worst of all that has become of them. */
static int wait_result(const struct job *job, struct lb_err *err)
{
	const struct job_real *real;
	int ret = 0;
	size_t i;

	for (i = 0; i < job->count && ret != -ECANCELED; i++) {
		real = &job->reals[i];
		if (real->outcome == JOB_CHANGED || real->outcome == JOB_TAKEN)
			ret = lb_err_set(err, -ECANCELED,
					 "%s/%s: somebody has ended it",
					 real->vip, real->name);
		else if (real->outcome == JOB_LATE)
			ret = lb_err_set(err, -ETIMEDOUT, "time ran out");
	}

	return ret;
}

/* The job sees which of them have been removed. */
static int drain_begin(struct cmd *cmd, const struct lb_real *reals,
		       size_t count, struct lb_err *err)
{
	struct subject_name *names = calloc(count, sizeof(*names));
	size_t i;
	int ret;

	if (!names)
		return lb_err_code(err, -ENOMEM);
	for (i = 0; i < count; i++) {
		names[i].vip = reals[i].vip;
		names[i].name = reals[i].name;
	}
	ret = subject_change_many(cmd->nl, names, count, L4LB_ADMIN_DRAIN,
				  err);
	free(names);

	return ret;
}

static int drain_wait(struct cmd *cmd, struct job *job,
		      const struct lb_real *reals, size_t count,
		      struct lb_err *err)
{
	sighandler_t was;
	int ret;

	ret = job_claim(job, err);
	if (!ret)
		ret = drain_begin(cmd, reals, count, err);
	if (ret) {
		job_drop(job);
		return ret;
	}

	/* What is to be done then is done, whether or not anyone still reads. */
	was = signal(SIGPIPE, SIG_IGN);
	job->tell = tell;
	job->data = cmd;
	ret = job_run(job, err);
	signal(SIGPIPE, was);

	return ret ? ret : wait_result(job, err);
}

static int drain_detach(struct cmd *cmd, struct job *job,
			const struct subject *subject,
			const struct lb_real *reals, size_t count,
			struct lb_err *err)
{
	int ret, channel;

	ret = job_detach(job, &channel, err);
	if (ret)
		return ret;
	ret = subject_change_all(cmd, subject, reals, count, L4LB_ADMIN_DRAIN,
				 err);
	if (job_release(channel, !ret) && !ret)
		ret = lb_err_set(err, -ECHILD,
				 "they are draining, but what was to end that has ended");

	return ret;
}

static int drain_job(struct cmd *cmd, const struct drain *drain,
		     const struct lb_real *reals, size_t count,
		     struct lb_err *err)
{
	struct job job = {
		.limited = drain->limited,
		.within = drain->within,
		.halt = drain->halt,
	};
	int ret;

	ret = job_init(&job, reals, count, err);
	if (!ret && drain->wait)
		ret = drain_wait(cmd, &job, reals, count, err);
	else if (!ret && (drain->limited || drain->halt))
		ret = drain_detach(cmd, &job, &drain->subject, reals, count,
				   err);
	else if (!ret)
		ret = subject_change_all(cmd, &drain->subject, reals, count,
					 L4LB_ADMIN_DRAIN, err);
	job_free(&job);

	return ret;
}

/**
 * real_drain() - run ``real drain VIP|all NAME|ADDRESS [within TIME] [then halt]
 * [wait]``
 * @cmd: command
 * @words: its arguments
 *
 * Return: the exit status.
 */
int real_drain(struct cmd *cmd, struct lb_words *words)
{
	struct drain drain = { .limited = false };
	struct lb_err err = { 0 };
	struct lb_real *reals;
	size_t count;
	int ret;

	ret = subject_parse(cmd, words, &drain.subject, &err);
	if (!ret)
		ret = lb_options_take(words, drain_options, &drain, &err);
	if (ret)
		return cmd_usage(cmd, ret, &err);

	ret = cmd_open(cmd);
	if (ret)
		return ret;
	ret = subject_list(cmd->nl, &drain.subject, &reals, &count, &err);
	if (ret)
		return cmd_refused(cmd, ret, &err);
	ret = drain_job(cmd, &drain, reals, count, &err);
	lb_real_list_free(reals, count);

	return ret ? cmd_refused(cmd, ret, &err) : EXIT_DONE;
}

static void show_job(struct lb_out *out, const struct claim *claim)
{
	if (claim->end) {
		lb_out_uint(out, "left", NULL, time_left(claim->end));
		describe_time(out, NULL, "time left",
			      (uint32_t)time_left(claim->end));
	}
	lb_out_str(out, "then", "then", claim->halt ? "halt" : "drain");
	lb_out_uint(out, "pid", "job", (uint64_t)claim->pid);
}

/* Not everybody may see who the clients are, or how many. */
static int show_real(struct cmd *cmd, const struct lb_real *real,
		     struct lb_err *err)
{
	char addr[LB_ADDR_TEXT];
	struct claim claim;
	struct left left;
	bool job;
	int ret;

	ret = left_of_real(cmd->nl, real, &left, err);
	if (ret == -ENOENT)
		return 0;
	if (ret && ret != -EPERM)
		return ret;

	job = claim_read(real->vip, real->name, &claim);
	lb_out_object(cmd->out, NULL);
	lb_out_str(cmd->out, "vip", "vip", real->vip);
	lb_out_str(cmd->out, "name", "real", real->name);
	lb_out_str(cmd->out, "address", "address",
		   lb_addr_print(&real->addr, addr, sizeof(addr)));
	lb_out_uint(cmd->out, "conns", "conns", left.conns);
	if (!ret)
		lb_out_uint(cmd->out, "clients", "clients", left.clients);
	lb_out_bool(cmd->out, "drained", "drained",
		    !ret && left_nothing(&left));
	if (job)
		show_job(cmd->out, &claim);
	lb_out_end(cmd->out);

	return 0;
}

static int drain_show(struct cmd *cmd, struct lb_words *words)
{
	struct lb_err err = { 0 };
	struct lb_real *reals;
	size_t count, i;
	int ret;

	ret = cmd_begin(cmd, words);
	if (ret)
		return ret;
	ret = lb_real_list(cmd->nl, NULL, &reals, &count, &err);
	if (ret)
		return cmd_refused(cmd, ret, &err);

	lb_out_object(cmd->out, NULL);
	lb_out_list(cmd->out, "drains");
	for (i = 0; i < count && !ret; i++) {
		if (reals[i].admin == L4LB_ADMIN_DRAIN)
			ret = show_real(cmd, &reals[i], &err);
	}
	lb_out_end(cmd->out);
	lb_out_end(cmd->out);
	lb_real_list_free(reals, count);

	return ret ? cmd_refused(cmd, ret, &err) : EXIT_DONE;
}

/* The job sees that it is no longer wanted; what it began is undone here. */
static int cancel_one(struct cmd *cmd, const struct lb_real *real, bool *found,
		      struct lb_err *err)
{
	struct claim claim;
	int ret;

	if (real->admin != L4LB_ADMIN_DRAIN ||
	    !claim_read(real->vip, real->name, &claim) ||
	    !claim_drop(real->vip, real->name, &claim))
		return 0;

	*found = true;
	ret = subject_change(cmd->nl, real->vip, real->name, claim.was, err);
	if (!ret)
		subject_show(cmd, real, claim.was);

	return ret == -ENOENT ? 0 : ret;
}

static int drain_cancel(struct cmd *cmd, struct lb_words *words)
{
	struct lb_err err = { 0 };
	struct lb_real *reals;
	struct subject subject;
	bool found = false;
	size_t count, i;
	int ret;

	ret = subject_parse(cmd, words, &subject, &err);
	if (!ret)
		ret = lb_words_end(words, &err);
	if (ret)
		return cmd_usage(cmd, ret, &err);

	ret = cmd_open(cmd);
	if (ret)
		return ret;
	ret = subject_list(cmd->nl, &subject, &reals, &count, &err);
	if (ret)
		return cmd_refused(cmd, ret, &err);

	lb_out_object(cmd->out, NULL);
	lb_out_list(cmd->out, "reals");
	for (i = 0; i < count && !ret; i++)
		ret = cancel_one(cmd, &reals[i], &found, &err);
	lb_out_end(cmd->out);
	lb_out_end(cmd->out);
	lb_real_list_free(reals, count);
	if (!ret && !found)
		ret = lb_err_set(&err, -ENOENT, "no job drains it");

	return ret ? cmd_refused(cmd, ret, &err) : EXIT_DONE;
}

const struct verb drain_verbs[] = {
	{ .object = "drain", .name = "show", .usage = "", .run = drain_show },
	{ .object = "drain", .name = "cancel",
	  .usage = "VIP|all NAME|ADDRESS", .run = drain_cancel },
	{ .object = NULL },
};
