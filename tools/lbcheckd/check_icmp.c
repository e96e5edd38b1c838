// SPDX-License-Identifier: GPL-2.0-only
/*
 * Check "icmp": the server answers an echo request.
 *
 * One socket for each family serves all checks that run: a raw one sees every
 * answer, so that as many sockets as checks would each see all of them.
 */

#include "check.h"
#include "echo.h"
#include "plan.h"

#include <errno.h>
#include <event2/event.h>
#include <event2/util.h>
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* How often it is asked within the time there is. */
#define TRIES		3

#define BUCKETS		1024
#define RECEIVE_BUFFER	(4 << 20)

/* What waits for the address of a host that is gone counts as not sent yet. */
#define SEND_BUFFER	(16 << 20)

/* Most answers before others have their turn. */
#define READS		64

/* Longer than any answer to a request of ours with an IPv4 header. */
#define PACKET_MAX	256

/**
 * struct pinger - a socket that all checks of a family share
 * @event: socket; NULL while no check runs
 * @raw: the socket is a raw one
 * @users: how many checks use it
 * @cookie: what is sent along
 * @serial: of the last check
 * @bucket: the checks, by their serials
 */
struct pinger {
	struct event *event;
	bool raw;
	unsigned int users;
	uint64_t cookie;
	uint64_t serial;
	struct ping *bucket[BUCKETS];
};

/**
 * struct ping - a check that runs
 * @next: in its bucket
 * @check: the check
 * @pinger: socket
 * @again: asks again
 * @serial: by which it is known
 * @tries: how often it was asked
 */
struct ping {
	struct ping *next;
	struct check *check;
	struct pinger *pinger;
	struct event *again;
	uint64_t serial;
	uint16_t tries;
};

static struct pinger pinger4, pinger6;

static struct ping **ping_bucket(struct pinger *pinger, uint64_t serial)
{
	return &pinger->bucket[serial % BUCKETS];
}

static struct ping *ping_find(struct pinger *pinger, uint64_t serial)
{
	struct ping *ping = *ping_bucket(pinger, serial);

	while (ping && ping->serial != serial)
		ping = ping->next;

	return ping;
}

static socklen_t address_fill(const struct lb_addr *addr,
			      struct sockaddr_storage *address)
{
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)address;
	struct sockaddr_in *in = (struct sockaddr_in *)address;

	memset(address, 0, sizeof(*address));
	if (addr->family == AF_INET6) {
		in6->sin6_family = AF_INET6;
		in6->sin6_addr = addr->v6;
		return sizeof(*in6);
	}
	in->sin_family = AF_INET;
	in->sin_addr = addr->v4;

	return sizeof(*in);
}

static bool address_is(const struct sockaddr_storage *address,
		       const struct lb_addr *addr)
{
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)address;
	const struct sockaddr_in *in = (const struct sockaddr_in *)address;

	if (address->ss_family != addr->family)
		return false;
	if (addr->family == AF_INET6)
		return !memcmp(&in6->sin6_addr, &addr->v6, sizeof(addr->v6));

	return !memcmp(&in->sin_addr, &addr->v4, sizeof(addr->v4));
}

static void ping_ask(struct ping *ping)
{
	const struct lb_addr *addr = &ping->check->plan->addr;
	bool v6 = addr->family == AF_INET6;
	struct echo echo = {
		.type = v6 ? ICMPV6_ECHO_REQUEST : ICMP_ECHO,
		.id = (uint16_t)ping->pinger->cookie,
		.sequence = htons(++ping->tries),
		.cookie = ping->pinger->cookie,
		.serial = ping->serial,
	};
	struct sockaddr_storage address;
	socklen_t len = address_fill(addr, &address);

	if (!v6)
		echo.checksum = echo_checksum(&echo);
	check_note(ping->check, "echo request");
	if (sendto(event_get_fd(ping->pinger->event), &echo, sizeof(echo), 0,
		   (struct sockaddr *)&address, len) < 0)
		check_failed(ping->check, errno);
}

static void ping_again(evutil_socket_t fd, short what, void *data)
{
	struct ping *ping = data;

	(void)fd;
	(void)what;

	if (ping->tries < TRIES)
		ping_ask(ping);
}

static void pinger_heard(struct pinger *pinger, const uint8_t *packet,
			 size_t len, const struct sockaddr_storage *from)
{
	uint8_t reply = pinger == &pinger6 ? ICMPV6_ECHO_REPLY : ICMP_ECHOREPLY;
	/* A raw socket of IPv4 has the IP header too. */
	bool headed = pinger->raw && pinger != &pinger6;
	struct ping *ping;
	struct echo echo;

	if (!echo_take(packet, len, headed, &echo) || echo.type != reply ||
	    echo.cookie != pinger->cookie)
		return;

	ping = ping_find(pinger, echo.serial);
	if (!ping || !address_is(from, &ping->check->plan->addr))
		return;
	check_up(ping->check, "echo reply");
}

static void pinger_readable(evutil_socket_t fd, short what, void *data)
{
	struct sockaddr_storage from = { 0 };
	struct pinger *pinger = data;
	uint8_t packet[PACKET_MAX];
	unsigned int reads;
	socklen_t from_len;
	ssize_t len;

	(void)fd;
	(void)what;

	/* The socket goes with the last check, and comes with the next. */
	for (reads = 0; reads < READS && pinger->event; reads++) {
		from_len = sizeof(from);
		len = recvfrom(event_get_fd(pinger->event), packet,
			       sizeof(packet), 0, (struct sockaddr *)&from,
			       &from_len);
		if (len < 0)
			return;
		pinger_heard(pinger, packet, (size_t)len, &from);
	}
}

/* Answers alone, of all that a raw socket could see. */
static int raw_filter(int fd, bool v6)
{
	struct icmp6_filter filter6;
	struct icmp_filter filter;

	if (v6) {
		memset(&filter6, 0xff, sizeof(filter6));
		filter6.data[ICMPV6_ECHO_REPLY >> 5] &=
			~(1U << (ICMPV6_ECHO_REPLY & 31));
		return setsockopt(fd, SOL_ICMPV6, ICMPV6_FILTER, &filter6,
				  sizeof(filter6));
	}
	filter.data = ~(1U << ICMP_ECHOREPLY);

	return setsockopt(fd, SOL_RAW, ICMP_FILTER, &filter, sizeof(filter));
}

/* As much as there may be, who may not have as much as is wanted. */
static void room_set(int fd, int force, int ask, int room)
{
	if (setsockopt(fd, SOL_SOCKET, force, &room, sizeof(room)))
		setsockopt(fd, SOL_SOCKET, ask, &room, sizeof(room));
}

/* Who may have no raw socket may have one that only pings. */
static int pinger_socket(struct pinger *pinger)
{
	bool v6 = pinger == &pinger6;
	int flags = SOCK_NONBLOCK | SOCK_CLOEXEC;
	int family = v6 ? AF_INET6 : AF_INET;
	int proto = v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
	int fd;

	fd = socket(family, SOCK_RAW | flags, proto);
	pinger->raw = fd >= 0;
	if (fd < 0 && (errno == EPERM || errno == EACCES))
		fd = socket(family, SOCK_DGRAM | flags, proto);
	if (fd < 0)
		return -errno;
	if (pinger->raw && raw_filter(fd, v6)) {
		close(fd);
		return -EPERM;
	}
	room_set(fd, SO_RCVBUFFORCE, SO_RCVBUF, RECEIVE_BUFFER);
	room_set(fd, SO_SNDBUFFORCE, SO_SNDBUF, SEND_BUFFER);

	return fd;
}

static int pinger_open(struct pinger *pinger, struct event_base *base)
{
	int fd = pinger_socket(pinger);

	if (fd < 0)
		return fd;

	pinger->event = event_new(base, fd, EV_READ | EV_PERSIST,
				  pinger_readable, pinger);
	if (!pinger->event || event_add(pinger->event, NULL)) {
		if (pinger->event)
			event_free(pinger->event);
		pinger->event = NULL;
		close(fd);
		return -ENOMEM;
	}
	evutil_secure_rng_get_bytes(&pinger->cookie, sizeof(pinger->cookie));

	return 0;
}

static int pinger_get(struct pinger *pinger, struct event_base *base)
{
	int ret = 0;

	if (!pinger->event)
		ret = pinger_open(pinger, base);
	pinger->users += !ret;

	return ret;
}

static void pinger_put(struct pinger *pinger)
{
	evutil_socket_t fd;

	if (--pinger->users)
		return;

	fd = event_get_fd(pinger->event);
	event_free(pinger->event);
	pinger->event = NULL;
	close(fd);
}

static void ping_link(struct ping *ping)
{
	struct ping **bucket;

	ping->serial = ++ping->pinger->serial;
	bucket = ping_bucket(ping->pinger, ping->serial);
	ping->next = *bucket;
	*bucket = ping;
}

static void ping_unlink(struct ping *ping)
{
	struct ping **at = ping_bucket(ping->pinger, ping->serial);

	while (*at != ping)
		at = &(*at)->next;
	*at = ping->next;
}

static int ping_schedule(struct ping *ping)
{
	uint32_t ms = ping->check->plan->timeout / TRIES;
	const struct timeval span = {
		.tv_sec = ms / 1000,
		.tv_usec = ms % 1000 * 1000,
	};

	ping->again = event_new(check_base(ping->check), -1, EV_PERSIST,
				ping_again, ping);
	if (!ping->again || event_add(ping->again, &span))
		return -ENOMEM;

	return 0;
}

/* Whatever it has taken is given back by check_icmp_stop(). */
static int ping_begin(struct check *check)
{
	struct ping *ping = calloc(1, sizeof(*ping));
	struct pinger *pinger;
	int ret;

	if (!ping)
		return -ENOMEM;

	pinger = check->plan->addr.family == AF_INET6 ? &pinger6 : &pinger4;
	ret = pinger_get(pinger, check_base(check));
	if (ret) {
		free(ping);
		return ret;
	}
	ping->check = check;
	ping->pinger = pinger;
	ping_link(ping);
	check->priv = ping;

	return ping_schedule(ping);
}

static void check_icmp_start(struct check *check)
{
	int ret = ping_begin(check);

	if (ret)
		check_void(check, -ret);
	else
		ping_ask(check->priv);
}

static void check_icmp_stop(struct check *check)
{
	struct ping *ping = check->priv;

	if (!ping)
		return;

	check->priv = NULL;
	ping_unlink(ping);
	if (ping->again)
		event_free(ping->again);
	pinger_put(ping->pinger);
	free(ping);
}

const struct check_ops check_icmp_ops = {
	.type	= "icmp",
	.start	= check_icmp_start,
	.stop	= check_icmp_stop,
};
