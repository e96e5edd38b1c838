// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs that check: where they are, and which may be run.
 *
 * Whoever can change one, or put another in its place, decides what runs: that
 * has to be root alone.
 */

#include "exec.h"
#include "err.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *exec_dir(void)
{
	const char *dir = secure_getenv(LB_EXEC_ENV);

	return dir && *dir ? dir : LB_EXEC_DIR;
}

static int owner_refuse(const char *path, const struct stat *st,
			struct lb_err *err)
{
	if (st->st_uid)
		return lb_err_set(err, -EINVAL, "%s is not owned by root",
				  path);
	if (st->st_mode & (0022))
		return lb_err_set(err, -EINVAL,
				  "%s can be written to by others than root",
				  path);

	return 0;
}

static int dir_refuse(const char *dir, struct lb_err *err)
{
	struct stat st;

	if (stat(dir, &st))
		return lb_err_set(err, -EINVAL, "%s: %s", dir, strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return lb_err_set(err, -EINVAL, "%s is not a directory", dir);

	return owner_refuse(dir, &st, err);
}

static int file_refuse(const char *path, struct lb_err *err)
{
	struct stat st;

	if (lstat(path, &st))
		return lb_err_set(err, -EINVAL, "%s: %s", path,
				  strerror(errno));
	if (!S_ISREG(st.st_mode))
		return lb_err_set(err, -EINVAL, "%s is not a regular file",
				  path);
	if (!(st.st_mode & (0111)))
		return lb_err_set(err, -EINVAL, "%s is not executable", path);

	return owner_refuse(path, &st, err);
}

/**
 * lb_exec_path() - say where a program is, if it may be run
 * @name: its name
 * @path: where to
 * @size: size of @path, %LB_EXEC_PATH is enough
 * @err: why not
 *
 * Return: 0 or -EINVAL.
 */
int lb_exec_path(const char *name, char *path, size_t size, struct lb_err *err)
{
	const char *dir = exec_dir();
	int ret;

	if (!*name || *name == '.' || strchr(name, '/'))
		return lb_err_set(err, -EINVAL,
				  "\"%s\" is not the name of a file in %s",
				  name, dir);
	if ((size_t)snprintf(path, size, "%s/%s", dir, name) >= size)
		return lb_err_set(err, -EINVAL, "\"%s\" is too long", name);

	ret = dir_refuse(dir, err);

	return ret ? ret : file_refuse(path, err);
}
