// SPDX-License-Identifier: GPL-2.0-only
/*
 * The way to a server: the one place that says where the packets of a check go.
 */

#include "check.h"
#include "plan.h"
#include "prober.h"

#include <errno.h>
#include <netinet/in.h>
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

/* The source that this host takes on the way to the server. */
static int source_find(const struct sockaddr_storage *address, socklen_t len,
		       struct sockaddr_storage *source)
{
	int fd = socket(address->ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int ret = 0;

	if (fd < 0)
		return -errno;
	if (connect(fd, (const struct sockaddr *)address, len) ||
	    getsockname(fd, (struct sockaddr *)source, &len))
		ret = -errno;
	close(fd);

	return ret;
}

/* Where the port is, is the same in both families. */
static uint16_t *port_of(struct sockaddr_storage *address)
{
	return &((struct sockaddr_in *)address)->sin_port;
}

static void probe_set(struct check *check, int type,
		      struct sockaddr_storage *local)
{
	struct lb_probe *probe = &check->probe;

	lb_name_copy(probe->vip, check->plan->vip);
	lb_name_copy(probe->real, check->plan->real);
	probe->source.family = local->ss_family;
	if (local->ss_family == AF_INET6)
		probe->source.v6 = ((struct sockaddr_in6 *)local)->sin6_addr;
	else
		probe->source.v4 = ((struct sockaddr_in *)local)->sin_addr;
	probe->sport = ntohs(*port_of(local));
	probe->port = check->port;
	probe->proto = type == SOCK_DGRAM ? L4LB_PROTO_UDP : L4LB_PROTO_TCP;
}

/* With UDP nothing is waited for after a check, so there are ports enough. */
static int port_choose(struct prober *prober, int fd, int type,
		       struct sockaddr_storage *local, socklen_t len)
{
	if (type == SOCK_STREAM)
		return prober_bind(prober, fd, local, len);

	*port_of(local) = 0;
	if (bind(fd, (struct sockaddr *)local, len) ||
	    getsockname(fd, (struct sockaddr *)local, &len))
		return -errno;

	return 0;
}

/* Lets what the socket will send be addressed to the VIP. */
static int go_via_vip(struct check *check, int fd, int type,
		      const struct sockaddr_storage *address, socklen_t len)
{
	struct prober *prober = check_prober(check);
	struct sockaddr_storage local = { 0 };
	int ret;

	if (!prober)
		return -ENOMEM;

	ret = source_find(address, len, &local);
	if (ret)
		return ret;
	ret = port_choose(prober, fd, type, &local, len);
	if (ret)
		return ret;

	probe_set(check, type, &local);
	ret = prober_begin(prober, &check->probe);
	if (ret)
		memset(&check->probe, 0, sizeof(check->probe));

	return ret;
}

/**
 * check_socket_closed() - the socket of check_socket() is closed, if there was
 *	one
 * @check: check
 */
void check_socket_closed(struct check *check)
{
	if (!check->probe.source.family)
		return;

	prober_end(check_prober(check), &check->probe);
	memset(&check->probe, 0, sizeof(check->probe));
}

/**
 * check_socket() - a socket to the port that is being checked
 * @check: running check
 * @type: SOCK_STREAM or SOCK_DGRAM
 *
 * Return: a nonblocking one that is connected, or is being connected, or
 * -errno, which is for check_failed().
 */
int check_socket(struct check *check, int type)
{
	struct sockaddr_storage address;
	socklen_t len = address_fill(check, &address);
	int fd, ret = 0;

	fd = socket(address.ss_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (check->plan->via == L4LB_VIA_VIP)
		ret = go_via_vip(check, fd, type, &address, len);
	if (!ret && connect(fd, (struct sockaddr *)&address, len) &&
	    errno != EINPROGRESS)
		ret = -errno;
	if (ret) {
		close(fd);
		return ret;
	}

	return fd;
}
