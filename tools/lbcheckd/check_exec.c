// SPDX-License-Identifier: GPL-2.0-only
/*
 * Check "exec": a program of the administrator's says how the server is, by its
 * exit status: 0 is up, 2 is sick, any other is down.
 */

#include "check_exec.h"
#include "args.h"
#include "check.h"
#include "child.h"
#include "err.h"
#include "exec.h"
#include "plan.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define STATUS_UP	0
#define STATUS_SICK	2

/* Most programs at once: a machine has more servers than it can run those. */
#define RUNNING_MAX	512

/* Name of the program, VIP, its port, real, its port, and the end. */
#define ARGS		6

/**
 * struct run - what a program is told
 * @path: where it is
 * @vip: address of the VIP
 * @vip_port: port of the VIP
 * @real: address of the real
 * @real_port: port of the real
 */
struct run {
	char path[LB_EXEC_PATH];
	char vip[LB_ADDR_TEXT];
	char vip_port[8];
	char real[LB_ADDR_TEXT];
	char real_port[8];
};

static const char *user_name = "l4lb";
static struct child_user user;
static bool user_known;
static unsigned int running;

/**
 * check_exec_user() - say who programs run as
 * @name: name of a user, stays valid; ``l4lb`` without this
 */
void check_exec_user(const char *name)
{
	user_name = name;
	user_known = false;
}

/* Looked up once: it may be slow. Who is not root cannot become another. */
static int user_find(struct lb_err *err)
{
	const struct passwd *entry;

	if (user_known)
		return 0;
	if (geteuid()) {
		user = (struct child_user) {
			.uid = geteuid(), .gid = getegid(),
		};
	} else {
		entry = getpwnam(user_name);
		if (!entry)
			return lb_err_set(err, -ENOENT,
					  "there is no user \"%s\"", user_name);
		if (!entry->pw_uid)
			return lb_err_set(err, -EINVAL, "user \"%s\" is root",
					  user_name);
		user = (struct child_user) {
			.uid = entry->pw_uid, .gid = entry->pw_gid,
		};
	}
	user_known = true;

	return 0;
}

/* What runs for a check no longer does, and is not waited for. */
static void run_end(struct check *check)
{
	check->priv = NULL;
	running--;
}

static void run_output(void *data, const char *bytes, size_t len)
{
	check_trace(data, '<', bytes, len);
}

static void run_ended(void *data, int status, const char *line)
{
	struct check *check = data;
	char text[64];

	run_end(check);
	if (WIFSIGNALED(status))
		snprintf(text, sizeof(text), "killed by signal %d",
			 WTERMSIG(status));
	else
		snprintf(text, sizeof(text), "exit status %d",
			 WEXITSTATUS(status));
	check_note(check, "%s", text);

	if (!*line)
		line = text;
	if (WIFEXITED(status) && WEXITSTATUS(status) == STATUS_UP)
		check_up(check, "%s", line);
	else if (WIFEXITED(status) && WEXITSTATUS(status) == STATUS_SICK)
		check_sick(check, "%s", line);
	else
		check_down(check, "%s", line);
}

static void run_failed(void *data, int error)
{
	struct check *check = data;

	run_end(check);
	check_cannot(check, "%s: %s",
		     lb_args_or(&check->plan->args, "run", ""),
		     strerror(error));
}

static const struct child_ops run_ops = {
	.output	= run_output,
	.ended	= run_ended,
	.failed	= run_failed,
};

static int run_prepare(const struct check *check, struct run *run,
		       struct lb_err *err)
{
	const struct plan *plan = check->plan;
	int ret;

	ret = lb_exec_path(lb_args_or(&plan->args, "run", ""), run->path,
			   sizeof(run->path), err);
	if (!ret)
		ret = user_find(err);
	if (ret)
		return ret;

	lb_addr_print(&plan->vip_addr, run->vip, sizeof(run->vip));
	lb_addr_print(&plan->addr, run->real, sizeof(run->real));
	snprintf(run->vip_port, sizeof(run->vip_port), "%u", plan->vip_port);
	snprintf(run->real_port, sizeof(run->real_port), "%u", check->port);

	return 0;
}

static void check_exec_start(struct check *check)
{
	struct lb_err err = { 0 };
	struct child *child;
	struct run run;
	char *args[ARGS] = {
		run.path, run.vip, run.vip_port, run.real, run.real_port, NULL,
	};
	int ret;

	if (running == RUNNING_MAX) {
		check_void(check, EAGAIN);
		return;
	}
	if (run_prepare(check, &run, &err)) {
		check_cannot(check, "%s", err.text);
		return;
	}
	check_note(check, "%s %s %s %s %s", run.path, run.vip, run.vip_port,
		   run.real, run.real_port);

	ret = child_run(&child, check_base(check), run.path, args, &user,
			&run_ops, check);
	if (ret) {
		check_void(check, -ret);
		return;
	}
	check->priv = child;
	running++;
}

static void check_exec_stop(struct check *check)
{
	struct child *child = check->priv;

	if (!child)
		return;

	run_end(check);
	child_drop(child);
}

const struct check_ops check_exec_ops = {
	.type	= "exec",
	.start	= check_exec_start,
	.stop	= check_exec_stop,
};
