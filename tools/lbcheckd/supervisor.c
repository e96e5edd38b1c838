// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tells the service manager, if there is one, that all is well: the protocol of
 * sd_notify(3), which is a datagram to a socket that the environment names.
 */

#include "supervisor.h"

#include <event2/event.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/**
 * struct supervisor - the service manager
 * @fd: socket to it, connected; -1 if it does not want to know
 * @watchdog: us within which it wants to hear that the program lives; 0 if it
 *	does not
 * @timer: tells it
 */
struct supervisor {
	int fd;
	uint64_t watchdog;
	struct event *timer;
};

static int manager_connect(const char *name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t len = strlen(name);
	int fd;

	if (len >= sizeof(address.sun_path) || (*name != '/' && *name != '@'))
		return -1;
	memcpy(address.sun_path, name, len);
	if (*name == '@')
		address.sun_path[0] = '\0';
	len += offsetof(struct sockaddr_un, sun_path);

	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address,
			       (socklen_t)len)) {
		close(fd);
		return -1;
	}

	return fd;
}

/* It may be meant for another process of the same environment. */
static uint64_t watchdog_us(void)
{
	const char *us = getenv("WATCHDOG_USEC");
	const char *pid = getenv("WATCHDOG_PID");

	if (!us || (pid && strtoull(pid, NULL, 10) != (uint64_t)getpid()))
		return 0;

	return strtoull(us, NULL, 10);
}

static void manager_tell(const struct supervisor *supervisor, const char *text)
{
	if (supervisor->fd >= 0)
		send(supervisor->fd, text, strlen(text),
		     MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void watchdog_feed(evutil_socket_t fd, short what, void *data)
{
	(void)fd;
	(void)what;

	manager_tell(data, "WATCHDOG=1");
}

/**
 * supervisor_new() - find the service manager
 *
 * To be called before another network namespace is entered: the socket may be
 * one of this. The environment is cleared of it.
 *
 * Return: the service manager, or NULL without memory.
 */
struct supervisor *supervisor_new(void)
{
	struct supervisor *supervisor = calloc(1, sizeof(*supervisor));
	const char *name = getenv("NOTIFY_SOCKET");

	if (!supervisor)
		return NULL;

	supervisor->fd = name ? manager_connect(name) : -1;
	supervisor->watchdog = watchdog_us();
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");

	return supervisor;
}

/**
 * supervisor_free() - forget the service manager
 * @supervisor: what supervisor_new() made, or NULL
 */
void supervisor_free(struct supervisor *supervisor)
{
	if (!supervisor)
		return;
	if (supervisor->timer)
		event_free(supervisor->timer);
	if (supervisor->fd >= 0)
		close(supervisor->fd);
	free(supervisor);
}

/**
 * supervisor_ready() - tell that all is ready, and from now on that all is well
 * @supervisor: what supervisor_new() made, or NULL
 * @base: event loop; while it turns, all is well
 */
void supervisor_ready(struct supervisor *supervisor, struct event_base *base)
{
	struct timeval half;

	if (!supervisor)
		return;

	manager_tell(supervisor, "READY=1");
	if (!supervisor->watchdog)
		return;
	half.tv_sec = (time_t)(supervisor->watchdog / 2 / 1000000);
	half.tv_usec = (suseconds_t)(supervisor->watchdog / 2 % 1000000);
	supervisor->timer = event_new(base, -1, EV_PERSIST, watchdog_feed,
				      supervisor);
	if (supervisor->timer)
		event_add(supervisor->timer, &half);
}

/**
 * supervisor_stopping() - tell that the program is about to end
 * @supervisor: what supervisor_new() made, or NULL
 */
void supervisor_stopping(struct supervisor *supervisor)
{
	if (supervisor)
		manager_tell(supervisor, "STOPPING=1");
}
