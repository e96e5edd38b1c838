// SPDX-License-Identifier: GPL-2.0-only
/*
 * lbctl real check: check a real now.
 *
 * It is lbcheckd that checks: what it prints and its exit status are those of
 * the command. It finds itself in the network namespace that has been entered.
 */

#include "real_check.h"
#include "cmd.h"
#include "err.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHECKER		"lbcheckd"

/* The one that came with this program, if there is one. */
static const char *checker_beside(char *path, size_t size)
{
	ssize_t len = readlink("/proc/self/exe", path, size - 1);
	char *name;

	if (len < 0)
		return NULL;
	path[len] = '\0';
	name = strrchr(path, '/');
	if (!name)
		return NULL;
	name++;
	if ((size_t)snprintf(name, size - (size_t)(name - path), CHECKER) >=
	    size - (size_t)(name - path))
		return NULL;

	return access(path, X_OK) ? NULL : path;
}

/* Of the process that is to become the checker; who ends this one ends it. */
static void checker_become(const struct cmd *cmd, char *real, pid_t parent)
{
	char path[PATH_MAX];
	char checker[] = CHECKER, json[] = "-j", check[] = "-c";
	char *args[5] = { checker };
	unsigned int count = 1;

	if (prctl(PR_SET_PDEATHSIG, SIGTERM) || getppid() != parent)
		_exit(EXIT_REFUSED);
	if (cmd->json)
		args[count++] = json;
	args[count++] = check;
	args[count++] = real;

	if (checker_beside(path, sizeof(path)))
		execv(path, args);
	execvp(CHECKER, args);

	fprintf(stderr, "lbctl: %s%s: cannot run " CHECKER ": %s\n", cmd->where,
		cmd->what, strerror(errno));
	_exit(EXIT_REFUSED);
}

/*
 * By a process of its own, because there may be more to do: this may be a line
 * of a file.
 */
static int checker_run(const struct cmd *cmd, char *real, int *status,
		       struct lb_err *err)
{
	pid_t parent = getpid(), pid;

	/* What was shown before comes before. */
	fflush(stdout);
	pid = fork();
	if (!pid)
		checker_become(cmd, real, parent);
	if (pid < 0)
		return lb_err_code(err, -errno);

	while (waitpid(pid, status, 0) < 0) {
		if (errno != EINTR)
			return lb_err_code(err, -errno);
	}
	if (WIFSIGNALED(*status))
		return lb_err_set(err, -ECHILD, CHECKER " was ended: %s",
				  strsignal(WTERMSIG(*status)));
	*status = WEXITSTATUS(*status);

	return 0;
}

/**
 * real_check() - run ``real check VIP NAME``
 * @cmd: command
 * @words: its arguments
 *
 * Return: the exit status, which is that of the checker.
 */
int real_check(struct cmd *cmd, struct lb_words *words)
{
	char vip[L4LB_NAME_MAX + 1] = "", name[L4LB_NAME_MAX + 1] = "";
	char real[2 * L4LB_NAME_MAX + 2];
	struct lb_err err = { 0 };
	int ret, status = 0;

	ret = lb_parse_name(words, "VIP", vip, &err);
	if (!ret)
		ret = lb_parse_name(words, "NAME", name, &err);
	if (*vip)
		cmd_object(cmd, vip);
	if (*name)
		cmd_object(cmd, name);
	if (!ret)
		ret = lb_words_end(words, &err);
	if (ret)
		return cmd_usage(cmd, ret, &err);

	snprintf(real, sizeof(real), "%s/%s", vip, name);
	ret = checker_run(cmd, real, &status, &err);

	return ret ? cmd_refused(cmd, ret, &err) : status;
}
