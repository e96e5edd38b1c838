// SPDX-License-Identifier: GPL-2.0-only
/*
 * lbctl real check: check a real now.
 *
 * It is lbcheckd that checks: it takes this program's place, so that what it
 * prints and its exit status are those of the command. It finds itself in the
 * network namespace that has been entered.
 */

#include "real_check.h"
#include "cmd.h"
#include "err.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
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

static int silence(void)
{
	int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	int ret;

	if (fd < 0)
		return -errno;
	ret = dup2(fd, STDOUT_FILENO) < 0 ? -errno : 0;
	close(fd);

	return ret;
}

/* Returns only if it could not be done. */
static int checker_run(const struct cmd *cmd, char *real, struct lb_err *err)
{
	char path[PATH_MAX];
	char checker[] = CHECKER, json[] = "-j", check[] = "-c";
	char *args[5] = { checker };
	unsigned int count = 1;
	int ret = 0;

	if (cmd->json)
		args[count++] = json;
	args[count++] = check;
	args[count++] = real;

	if (cmd->quiet)
		ret = silence();
	if (ret)
		return lb_err_code(err, ret);

	if (checker_beside(path, sizeof(path)))
		execv(path, args);
	execvp(CHECKER, args);

	return lb_err_set(err, -errno, "cannot run " CHECKER ": %s",
			  strerror(errno));
}

/**
 * real_check() - run ``real check VIP NAME``
 * @cmd: command
 * @words: its arguments
 *
 * Return: the exit status, if it could not be done.
 */
int real_check(struct cmd *cmd, struct lb_words *words)
{
	char vip[L4LB_NAME_MAX + 1] = "", name[L4LB_NAME_MAX + 1] = "";
	char real[2 * L4LB_NAME_MAX + 2];
	struct lb_err err = { 0 };
	int ret;

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
	checker_run(cmd, real, &err);

	return cmd_refused(cmd, -ENOEXEC, &err);
}
