// SPDX-License-Identifier: GPL-2.0-only
/*
 * serve READY NAME PROTO/PORT... - server of the tests
 *
 * Says in one line who it is and which two ends it sees, then echoes. Makes the
 * file READY when it listens. A datagram is answered from the address that it
 * was sent to, which need not be one that the kernel would choose.
 */

#include <arpa/inet.h>
#include <err.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define LINE_MAX_LEN	256
#define DATAGRAM_MAX	65536

static struct event_base *base;
static const char *name;

/* The address of a socket for both families as people write it. */
static const char *plain(const struct in6_addr *addr, char *text)
{
	if (IN6_IS_ADDR_V4MAPPED(addr))
		return inet_ntop(AF_INET, &addr->s6_addr[12], text,
				 INET6_ADDRSTRLEN);

	return inet_ntop(AF_INET6, addr, text, INET6_ADDRSTRLEN);
}

static int greet(char *line, const struct sockaddr_in6 *client,
		 const struct in6_addr *local, in_port_t port)
{
	char from[INET6_ADDRSTRLEN], to[INET6_ADDRSTRLEN];

	return snprintf(line, LINE_MAX_LEN, "%s %s %u %s %u\n", name,
			plain(&client->sin6_addr, from),
			ntohs(client->sin6_port), plain(local, to),
			ntohs(port));
}

static void echo_cb(struct bufferevent *conn, void *data)
{
	bufferevent_write_buffer(conn, bufferevent_get_input(conn));
}

static void sent_cb(struct bufferevent *conn, void *data)
{
	bufferevent_free(conn);
}

/* What the client has sent before its end is still echoed. */
static void ended_cb(struct bufferevent *conn, short what, void *data)
{
	if (!(what & BEV_EVENT_EOF) ||
	    !evbuffer_get_length(bufferevent_get_output(conn))) {
		bufferevent_free(conn);
		return;
	}

	bufferevent_disable(conn, EV_READ);
	bufferevent_setcb(conn, NULL, sent_cb, ended_cb, NULL);
}

static void accept_cb(struct evconnlistener *listener, evutil_socket_t fd,
		      struct sockaddr *addr, int len, void *data)
{
	struct sockaddr_in6 client, local;
	socklen_t size = sizeof(local);
	struct bufferevent *conn;
	char line[LINE_MAX_LEN];

	memcpy(&client, addr, sizeof(client));
	if (getsockname(fd, (struct sockaddr *)&local, &size)) {
		close(fd);
		return;
	}

	conn = bufferevent_socket_new(base, fd, BEV_OPT_CLOSE_ON_FREE);
	if (!conn)
		errx(1, "no memory");
	bufferevent_setcb(conn, echo_cb, NULL, ended_cb, NULL);
	bufferevent_write(conn, line, greet(line, &client, &local.sin6_addr,
					    local.sin6_port));
	bufferevent_enable(conn, EV_READ | EV_WRITE);
}

/* Where the datagram was sent to, also for the answer. */
static struct in6_pktinfo *destination(struct msghdr *msg)
{
	struct cmsghdr *cmsg;

	for (cmsg = CMSG_FIRSTHDR(msg); cmsg; cmsg = CMSG_NXTHDR(msg, cmsg))
		if (cmsg->cmsg_level == IPPROTO_IPV6 &&
		    cmsg->cmsg_type == IPV6_PKTINFO)
			return (struct in6_pktinfo *)CMSG_DATA(cmsg);

	return NULL;
}

static void datagram_cb(evutil_socket_t fd, short what, void *data)
{
	static char bytes[DATAGRAM_MAX];
	char control[CMSG_SPACE(sizeof(struct in6_pktinfo))];
	const struct sockaddr_in6 *local = data;
	char line[LINE_MAX_LEN];
	struct sockaddr_in6 client;
	struct iovec parts[2] = {
		{ .iov_base = bytes, .iov_len = sizeof(bytes) },
	};
	struct msghdr msg = {
		.msg_name = &client, .msg_namelen = sizeof(client),
		.msg_iov = parts, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct in6_pktinfo *info;
	ssize_t size;

	size = recvmsg(fd, &msg, 0);
	info = size < 0 ? NULL : destination(&msg);
	if (!info)
		return;

	info->ipi6_ifindex = 0;
	parts[0].iov_base = line;
	parts[0].iov_len = greet(line, &client, &info->ipi6_addr,
				 local->sin6_port);
	parts[1].iov_base = bytes;
	parts[1].iov_len = size;
	msg.msg_iovlen = 2;
	if (sendmsg(fd, &msg, 0) < 0)
		warn("answer");
}

static void serve_datagrams(const struct sockaddr_in6 *local)
{
	static const int on = 1;
	struct event *event;
	int fd;

	fd = socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on)) ||
	    bind(fd, (const struct sockaddr *)local, sizeof(*local)))
		err(1, "udp/%u", ntohs(local->sin6_port));

	event = event_new(base, fd, EV_READ | EV_PERSIST, datagram_cb,
			  (void *)local);
	if (!event || event_add(event, NULL))
		errx(1, "no memory");
}

static void serve_streams(const struct sockaddr_in6 *local)
{
	if (!evconnlistener_new_bind(base, accept_cb, NULL,
				     LEV_OPT_REUSEABLE | LEV_OPT_CLOSE_ON_FREE,
				     1024, (const struct sockaddr *)local,
				     sizeof(*local)))
		err(1, "tcp/%u", ntohs(local->sin6_port));
}

static void serve(const char *service)
{
	struct sockaddr_in6 *local = calloc(1, sizeof(*local));

	if (!local)
		errx(1, "no memory");
	local->sin6_family = AF_INET6;
	local->sin6_port = htons(atoi(service + strlen("tcp/")));

	if (!strncmp(service, "tcp/", 4))
		serve_streams(local);
	else if (!strncmp(service, "udp/", 4))
		serve_datagrams(local);
	else
		errx(2, "no such service: %s", service);
}

int main(int argc, char **argv)
{
	int i;

	if (argc < 4)
		errx(2, "usage: serve READY NAME PROTO/PORT...");

	signal(SIGPIPE, SIG_IGN);
	base = event_base_new();
	if (!base)
		errx(1, "no memory");
	name = argv[2];
	for (i = 3; i < argc; i++)
		serve(argv[i]);

	if (creat(argv[1], 0644) < 0)
		err(1, "%s", argv[1]);

	return event_base_dispatch(base) < 0;
}
