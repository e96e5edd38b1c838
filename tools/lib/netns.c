// SPDX-License-Identifier: GPL-2.0-only
/*
 * Enters a network namespace, by the name that ip netns gave it or by the path
 * of its file.
 */

#include "netns.h"
#include "err.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/**
 * lb_netns_enter() - enter a network namespace
 * @name: its name, or a path if it contains a slash
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int lb_netns_enter(const char *name, struct lb_err *err)
{
	char path[PATH_MAX];
	int ret = 0, fd;

	snprintf(path, sizeof(path), "%s%s",
		 strchr(name, '/') ? "" : "/run/netns/", name);

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return lb_err_set(err, -errno, "cannot open %s: %s", path,
				  strerror(errno));
	if (setns(fd, CLONE_NEWNET))
		ret = lb_err_set(err, -errno, "cannot enter %s: %s", path,
				 strerror(errno));
	close(fd);

	return ret;
}
