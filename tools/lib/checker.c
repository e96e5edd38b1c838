// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether somebody checks the servers of this network namespace.
 */

#include "checker.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/**
 * lb_checker_runs() - ask whether somebody checks
 *
 * Return: false if nobody does, true also if that cannot be found out.
 */
bool lb_checker_runs(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	bool runs = true;
	socklen_t len;
	int fd;

	memcpy(address.sun_path + 1, LB_CHECKER_NAME, strlen(LB_CHECKER_NAME));
	len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
			  strlen(LB_CHECKER_NAME));

	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return true;
	if (connect(fd, (struct sockaddr *)&address, len))
		runs = errno != ECONNREFUSED;
	close(fd);

	return runs;
}
