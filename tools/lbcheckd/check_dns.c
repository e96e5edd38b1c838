// SPDX-License-Identifier: GPL-2.0-only
/*
 * Check "dns": a name server answers a question, by UDP or TCP.
 */

#include "args.h"
#include "check.h"
#include "dns.h"
#include "duration.h"
#include "plan.h"

#include <errno.h>
#include <event2/event.h>
#include <event2/util.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* How often a question by UDP is asked within the time there is. */
#define TRIES		3

/**
 * struct asking - a question that is being asked
 * @check: the check that it is for
 * @event: socket
 * @query: question
 * @prefix: with TCP, length of the answer
 * @got: with TCP, how much of @prefix and @answer there is
 * @answer: with TCP, as long as @prefix says, once that is there
 */
struct asking {
	struct check *check;
	struct event *event;
	struct dns_query query;
	uint8_t prefix[2];
	size_t got;
	uint8_t *answer;
};

static size_t answer_len(const struct asking *asking)
{
	return (size_t)asking->prefix[0] << 8 | asking->prefix[1];
}

/* Returns whether it was to another question, so that the check goes on. */
static bool asking_heard(struct asking *asking, const uint8_t *answer,
			 size_t len)
{
	struct check *check = asking->check;
	char text[DNS_TEXT];

	check_trace(check, '<', answer, len);
	switch (dns_judge(&asking->query, answer, len, text, sizeof(text))) {
	case DNS_GOOD:
		check_up(check, "%s", text);
		return false;
	case DNS_WRONG:
		check_sick(check, "%s", text);
		return false;
	default:
		return true;
	}
}

/* UDP. */

static void udp_ask(struct asking *asking)
{
	const struct dns_query *query = &asking->query;
	struct check *check = asking->check;

	check_trace(check, '>', query->bytes, query->len);
	if (send(event_get_fd(asking->event), query->bytes, query->len, 0) < 0)
		check_failed(check, errno);
}

static void udp_event(evutil_socket_t fd, short what, void *data)
{
	static uint8_t answer[DNS_ANSWER];
	struct asking *asking = data;
	ssize_t len;

	if (what & EV_TIMEOUT) {
		udp_ask(asking);
		return;
	}

	len = recv(fd, answer, sizeof(answer), 0);
	if (len >= 0)
		asking_heard(asking, answer, (size_t)len);
	else if (errno != EAGAIN && errno != EINTR)
		check_lost(asking->check, errno);
}

static void udp_start(struct asking *asking)
{
	uint32_t ms = asking->check->plan->timeout / TRIES;
	const struct timeval again = {
		.tv_sec = ms / 1000,
		.tv_usec = ms % 1000 * 1000,
	};

	if (event_add(asking->event, &again))
		check_void(asking->check, ENOMEM);
	else
		udp_ask(asking);
}

/* TCP. */

/* Where the next bytes of the answer go; NULL without memory. */
static uint8_t *tcp_room(struct asking *asking, size_t *len)
{
	if (asking->got < sizeof(asking->prefix)) {
		*len = sizeof(asking->prefix) - asking->got;
		return asking->prefix + asking->got;
	}
	if (!asking->answer)
		asking->answer = malloc(answer_len(asking) + 1);
	if (!asking->answer)
		return NULL;
	*len = sizeof(asking->prefix) + answer_len(asking) - asking->got;

	return asking->answer + asking->got - sizeof(asking->prefix);
}

/* Returns whether more may have come. */
static bool tcp_read(struct asking *asking, int fd)
{
	struct check *check = asking->check;
	uint8_t *room;
	ssize_t len;
	size_t left;

	room = tcp_room(asking, &left);
	if (!room) {
		check_void(check, ENOMEM);
		return false;
	}
	len = recv(fd, room, left, 0);
	if (len < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (len < 0) {
		check_lost(check, errno);
		return false;
	}
	if (!len) {
		if (asking->got)
			check_sick(check, "connection closed within the answer");
		else
			check_down(check,
				   "connection closed without an answer");
		return false;
	}

	asking->got += (size_t)len;
	if (asking->got < sizeof(asking->prefix) ||
	    asking->got < sizeof(asking->prefix) + answer_len(asking))
		return true;
	if (asking_heard(asking, asking->answer, answer_len(asking)))
		check_sick(check, "the answer is to another question");

	return false;
}

static void tcp_readable(evutil_socket_t fd, short what, void *data)
{
	(void)what;

	while (tcp_read(data, fd))
		;
}

static void tcp_ask(struct asking *asking, int fd)
{
	const struct dns_query *query = &asking->query;
	struct check *check = asking->check;
	uint8_t bytes[2 + DNS_QUERY];
	ssize_t len = (ssize_t)query->len + 2;

	bytes[0] = (uint8_t)(query->len >> 8);
	bytes[1] = (uint8_t)query->len;
	memcpy(bytes + 2, query->bytes, query->len);

	check_trace(check, '>', query->bytes, query->len);
	/* So little fits into any new connection. */
	if (send(fd, bytes, (size_t)len, MSG_NOSIGNAL) != len)
		check_lost(check, errno);
}

static void tcp_connected(evutil_socket_t fd, short what, void *data)
{
	struct asking *asking = data;
	socklen_t len = sizeof(int);
	int error = 0;

	(void)what;

	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len))
		error = errno;
	if (error) {
		check_lost(asking->check, error);
		return;
	}

	check_note(asking->check, "connected");
	event_del(asking->event);
	if (event_assign(asking->event, check_base(asking->check), fd,
			 EV_READ | EV_PERSIST, tcp_readable, asking) ||
	    event_add(asking->event, NULL)) {
		check_void(asking->check, ENOMEM);
		return;
	}
	tcp_ask(asking, fd);
}

/* Kept until check_dns_stop(), whatever becomes of it. */
static struct asking *asking_new(struct check *check)
{
	struct asking *asking = calloc(1, sizeof(*asking));

	if (!asking)
		return NULL;
	asking->check = check;
	check->priv = asking;

	return asking;
}

static void asking_start(struct asking *asking, bool tcp)
{
	struct check *check = asking->check;
	int fd;

	fd = check_socket(check, tcp ? SOCK_STREAM : SOCK_DGRAM);
	if (fd < 0) {
		check_failed(check, -fd);
		return;
	}
	asking->event = event_new(check_base(check), fd,
				  tcp ? EV_WRITE : EV_READ | EV_PERSIST,
				  tcp ? tcp_connected : udp_event, asking);
	if (!asking->event) {
		close(fd);
		check_void(check, ENOMEM);
		return;
	}

	if (!tcp)
		udp_start(asking);
	else if (event_add(asking->event, NULL))
		check_void(check, ENOMEM);
}

static void check_dns_start(struct check *check)
{
	const struct lb_args *args = &check->plan->args;
	struct asking *asking = asking_new(check);
	uint16_t id;

	if (!asking) {
		check_void(check, ENOMEM);
		return;
	}
	evutil_secure_rng_get_bytes(&id, sizeof(id));
	if (dns_query_make(&asking->query, args, id)) {
		check_cannot(check, "args: the name cannot be asked for");
		return;
	}
	asking_start(asking, !strcmp(lb_args_or(args, "proto", "udp"), "tcp"));
}

static void check_dns_stop(struct check *check)
{
	struct asking *asking = check->priv;
	evutil_socket_t fd;

	if (!asking)
		return;

	check->priv = NULL;
	if (asking->event) {
		fd = event_get_fd(asking->event);
		event_free(asking->event);
		close(fd);
	}
	free(asking->answer);
	free(asking);
}

/* One that has begun to answer lives. */
static void check_dns_late(struct check *check)
{
	const struct asking *asking = check->priv;
	char time[LB_DURATION_TEXT];

	lb_duration_print(check->plan->timeout, time, sizeof(time));
	if (asking->got)
		check_sick(check, "no end of the answer within %s", time);
	else
		check_down(check, "no answer within %s", time);
}

const struct check_ops check_dns_ops = {
	.type	= "dns",
	.start	= check_dns_start,
	.stop	= check_dns_stop,
	.late	= check_dns_late,
};
