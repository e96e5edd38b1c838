// SPDX-License-Identifier: GPL-2.0-only
/*
 * Check "tcp": the port takes a connection, which is closed again at once.
 */

#include "check.h"
#include "plan.h"

#include <ctype.h>
#include <errno.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static socklen_t address_fill(const struct check *check,
			      struct sockaddr_storage *address)
{
	const struct lb_addr *addr = &check->plan->addr;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)address;
	struct sockaddr_in *in = (struct sockaddr_in *)address;

	memset(address, 0, sizeof(*address));
	if (addr->family == AF_INET6) {
		in6->sin6_family = AF_INET6;
		in6->sin6_addr = addr->v6;
		in6->sin6_port = htons(check->port);
		return sizeof(*in6);
	}
	in->sin_family = AF_INET;
	in->sin_addr = addr->v4;
	in->sin_port = htons(check->port);

	return sizeof(*in);
}

/* Whether this host, not the server, is the reason of a failure. */
static bool is_ours(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOBUFS ||
	       error == ENOMEM;
}

static void tcp_result(struct check *check, int error)
{
	char text[128];

	if (!error) {
		check_result(check, true, "connected");
		return;
	}

	/* The system's words are the beginning of a sentence, ours are not. */
	snprintf(text, sizeof(text), "%s", strerror(error));
	text[0] = (char)tolower((unsigned char)text[0]);
	check_result(check, false, "%s", text);
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
	struct sockaddr_storage address;
	socklen_t len = address_fill(check, &address);
	int fd, error = 0;

	fd = socket(address.ss_family,
		    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0) {
		error = errno;
	} else {
		if (connect(fd, (struct sockaddr *)&address, len))
			error = errno;
		if (error == EINPROGRESS) {
			if (!tcp_watch(check, fd))
				return;
			error = ENOMEM;
		}
		close(fd);
	}

	if (is_ours(error))
		check_void(check, error);
	else
		tcp_result(check, error);
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
