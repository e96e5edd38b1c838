// SPDX-License-Identifier: GPL-2.0-only
/*
 * Check "tcp": the port takes a connection, which is closed again at once.
 */

#include "check.h"

#include <errno.h>
#include <event2/event.h>
#include <sys/socket.h>
#include <unistd.h>

static void tcp_result(struct check *check, int error)
{
	if (error)
		check_lost(check, error);
	else
		check_up(check, "connected");
}

static void tcp_writable(evutil_socket_t fd, short what, void *data)
{
	socklen_t len = sizeof(int);
	int error = 0;

	(void)what;

	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len))
		error = errno;
	tcp_result(data, error);
}

/* Keep the socket until check_tcp_stop(). */
static int tcp_watch(struct check *check, int fd)
{
	struct event *event;

	event = event_new(check_base(check), fd, EV_WRITE, tcp_writable, check);
	if (!event || event_add(event, NULL)) {
		if (event)
			event_free(event);
		return -ENOMEM;
	}
	check->priv = event;

	return 0;
}

static void check_tcp_start(struct check *check)
{
	int fd = check_socket(check, SOCK_STREAM);

	if (fd < 0) {
		check_failed(check, -fd);
	} else if (tcp_watch(check, fd)) {
		close(fd);
		check_void(check, ENOMEM);
	}
}

static void check_tcp_stop(struct check *check)
{
	struct event *event = check->priv;
	evutil_socket_t fd;

	if (!event)
		return;

	check->priv = NULL;
	fd = event_get_fd(event);
	event_free(event);
	close(fd);
}

const struct check_ops check_tcp_ops = {
	.type	= "tcp",
	.start	= check_tcp_start,
	.stop	= check_tcp_stop,
};
