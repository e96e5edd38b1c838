// SPDX-License-Identifier: GPL-2.0-only
/*
 * Name servers that answer, answer wrongly, late, in pieces or not at all.
 */

#include "kselftest_harness.h"

#include "args.h"
#include "check.h"
#include "plan.h"

#include <arpa/inet.h>
#include <event2/event.h>
#include <sys/socket.h>
#include <unistd.h>

#define MESSAGE		512

/* A name server, and what came of asking it. */
struct rig {
	struct event_base *base;
	struct check_pool *pool;
	struct check check;
	struct plan plan;
	struct event *udp;
	struct event *listener;
	struct event *tcp;
	unsigned int asked;
	unsigned int deaf;
	unsigned int rcode;
	bool strange;
	size_t piece;
	bool cut;
	bool stall;
	uint8_t out[MESSAGE];
	size_t out_len;
	size_t out_at;
	unsigned int dones;
	enum check_outcome outcome;
	char reason[CHECK_REASON];
};

FIXTURE(dns) {
	struct rig rig;
};

static void take_done(void *data, enum check_outcome outcome,
		      const char *reason, uint32_t us)
{
	struct rig *rig = data;

	(void)us;

	rig->dones++;
	rig->outcome = outcome;
	snprintf(rig->reason, sizeof(rig->reason), "%s", reason);
	event_base_loopbreak(rig->base);
}

/* The question, with 192.0.2.1 for an answer. */
static size_t make_answer(const struct rig *rig, uint8_t *bytes, size_t len)
{
	static const uint8_t record[] = {
		0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1,
	};

	bytes[2] |= 0x80;
	bytes[3] = (uint8_t)(0x80 | rig->rcode);
	if (!rig->rcode) {
		bytes[7] = 1;
		memcpy(bytes + len, record, sizeof(record));
		len += sizeof(record);
	}

	return len;
}

static void udp_asked(evutil_socket_t fd, short what, void *data)
{
	struct sockaddr_storage from;
	socklen_t from_len = sizeof(from);
	struct rig *rig = data;
	uint8_t bytes[MESSAGE];
	ssize_t len;

	(void)what;

	len = recvfrom(fd, bytes, sizeof(bytes) / 2, 0,
		       (struct sockaddr *)&from, &from_len);
	if (len < 12 || rig->asked++ < rig->deaf)
		return;
	len = (ssize_t)make_answer(rig, bytes, (size_t)len);
	if (rig->strange) {
		bytes[0]++;
		sendto(fd, bytes, (size_t)len, 0, (struct sockaddr *)&from,
		       from_len);
		sendto(fd, bytes, 5, 0, (struct sockaddr *)&from, from_len);
		bytes[0]--;
	}
	sendto(fd, bytes, (size_t)len, 0, (struct sockaddr *)&from, from_len);
}

static void tcp_close(struct rig *rig)
{
	evutil_socket_t fd;

	if (!rig->tcp)
		return;
	fd = event_get_fd(rig->tcp);
	event_free(rig->tcp);
	rig->tcp = NULL;
	close(fd);
}

/* Piece by piece, so that the client can read in between. */
static void tcp_writable(evutil_socket_t fd, short what, void *data)
{
	struct rig *rig = data;
	size_t left = rig->out_len - rig->out_at;

	(void)what;

	if (rig->piece && rig->piece < left)
		left = rig->piece;
	if (!left || send(fd, rig->out + rig->out_at, left, MSG_NOSIGNAL) < 0) {
		event_del(rig->tcp);
		if (rig->cut && !rig->stall)
			tcp_close(rig);
		return;
	}
	rig->out_at += left;
}

static void tcp_asked(evutil_socket_t fd, short what, void *data)
{
	struct rig *rig = data;
	uint8_t *bytes = rig->out;
	ssize_t len;

	(void)what;

	len = recv(fd, bytes, sizeof(rig->out) / 2, 0);
	if (len < 14) {
		tcp_close(rig);
		return;
	}
	rig->asked++;
	len = (ssize_t)make_answer(rig, bytes + 2, (size_t)len - 2);
	if (rig->strange)
		bytes[2]++;
	bytes[0] = (uint8_t)(len >> 8);
	bytes[1] = (uint8_t)len;
	rig->out_len = (size_t)len + 2 - (rig->cut ? 3 : 0);
	rig->out_at = 0;

	event_del(rig->tcp);
	event_assign(rig->tcp, rig->base, fd, EV_WRITE | EV_PERSIST,
		     tcp_writable, rig);
	event_add(rig->tcp, NULL);
}

static void tcp_accepted(evutil_socket_t fd, short what, void *data)
{
	struct rig *rig = data;
	int conn = accept4(fd, NULL, NULL, SOCK_CLOEXEC);

	(void)what;

	tcp_close(rig);
	rig->tcp = event_new(rig->base, conn, EV_READ | EV_PERSIST, tcp_asked,
			     rig);
	event_add(rig->tcp, NULL);
}

static int bound(int type, uint16_t *port)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons(*port),
	};
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
	socklen_t len = sizeof(address);

	if (bind(fd, (struct sockaddr *)&address, len) ||
	    getsockname(fd, (struct sockaddr *)&address, &len))
		return -1;
	*port = ntohs(address.sin_port);

	return fd;
}

FIXTURE_SETUP(dns)
{
	struct rig *rig = &self->rig;
	uint16_t port = 0;
	int fd;

	rig->base = event_base_new();
	rig->pool = check_pool_new(rig->base, 4);
	ASSERT_NE(NULL, rig->pool);
	ASSERT_EQ(0, check_init(&rig->check, rig->pool, take_done, rig));

	fd = bound(SOCK_DGRAM, &port);
	ASSERT_LE(0, fd);
	rig->udp = event_new(rig->base, fd, EV_READ | EV_PERSIST, udp_asked,
			     rig);
	event_add(rig->udp, NULL);
	rig->plan.port[0] = port;
	port = 0;
	fd = bound(SOCK_STREAM, &port);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, listen(fd, 4));
	rig->listener = event_new(rig->base, fd, EV_READ | EV_PERSIST,
				  tcp_accepted, rig);
	event_add(rig->listener, NULL);

	rig->plan.n_ports = 1;
	rig->plan.timeout = 30000;
	strcpy(rig->plan.type, "dns");
	lb_addr_parse("127.0.0.1", &rig->plan.addr, NULL);
}

static void event_drop(struct event *event)
{
	evutil_socket_t fd = event_get_fd(event);

	event_free(event);
	close(fd);
}

FIXTURE_TEARDOWN(dns)
{
	struct rig *rig = &self->rig;

	check_exit(&rig->check);
	check_pool_free(rig->pool);
	tcp_close(rig);
	if (rig->udp)
		event_drop(rig->udp);
	if (rig->listener)
		event_drop(rig->listener);
	event_base_free(rig->base);
}

static void ask(struct rig *rig, const char *args)
{
	lb_args_parse(&rig->plan.args, args, NULL);
	check_start(&rig->check, check_find("dns"), &rig->plan);
}

static const char *hear(struct rig *rig, unsigned int dones)
{
	const char *text;

	while (rig->dones == dones)
		event_base_loop(rig->base, EVLOOP_ONCE);
	text = strstr(rig->reason, ": ");

	return text ? text + 2 : rig->reason;
}

/* What is said of the server when it is asked so; the port aside. */
static const char *said(struct rig *rig, const char *args)
{
	unsigned int dones = rig->dones;

	ask(rig, args);

	return hear(rig, dones);
}

/* The same, where time is out when it has sent all that it will, in pieces. */
static const char *said_late(struct rig *rig, const char *args)
{
	unsigned int dones = rig->dones, i;

	rig->out_len = 0;
	ask(rig, args);
	while (rig->dones == dones &&
	       (!rig->out_len || rig->out_at < rig->out_len))
		event_base_loop(rig->base, EVLOOP_ONCE);
	/* All of it has come, and is read within a few turns. */
	for (i = 0; i < MESSAGE; i++)
		event_base_loop(rig->base, EVLOOP_NONBLOCK);
	if (rig->dones == dones) {
		event_del(rig->check.timer);
		event_active(rig->check.timer, EV_TIMEOUT, 1);
	}

	return hear(rig, dones);
}

TEST_F(dns, by_udp)
{
	struct rig *rig = &self->rig;

	EXPECT_STREQ("A", said(rig, "name=www.x"));
	EXPECT_EQ(CHECK_UP, rig->outcome);
	EXPECT_STREQ("A 192.0.2.1", said(rig, "name=www.x expect=192.0.2.1"));
	EXPECT_EQ(CHECK_UP, rig->outcome);
	EXPECT_STREQ("no A is 192.0.2.2",
		     said(rig, "name=www.x expect=192.0.2.2"));
	EXPECT_EQ(CHECK_SICK, rig->outcome);
	rig->rcode = 2;
	EXPECT_STREQ("SERVFAIL", said(rig, "name=www.x"));
	EXPECT_EQ(CHECK_SICK, rig->outcome);
}

/* What is lost is asked again, what is no answer is not taken for one. */
TEST_F(dns, by_udp_with_losses_and_noise)
{
	struct rig *rig = &self->rig;

	/* After a third of it. */
	rig->plan.timeout = 15000;
	rig->deaf = 1;
	EXPECT_STREQ("A", said(rig, "name=www.x"));
	EXPECT_EQ(CHECK_UP, rig->outcome);
	EXPECT_EQ(2, rig->asked);

	rig->strange = true;
	rig->plan.timeout = 30000;
	EXPECT_STREQ("A", said(rig, "name=www.x"));
	EXPECT_EQ(CHECK_UP, rig->outcome);
}

TEST_F(dns, nobody_answers)
{
	struct rig *rig = &self->rig;

	rig->plan.timeout = 200;
	rig->deaf = 1000;
	EXPECT_STREQ("no answer within 200ms", said(rig, "name=www.x"));
	EXPECT_EQ(CHECK_DOWN, rig->outcome);

	rig->plan.timeout = 30000;
	event_drop(rig->udp);
	rig->udp = NULL;
	EXPECT_STREQ("connection refused", said(rig, "name=www.x"));
	EXPECT_EQ(CHECK_DOWN, rig->outcome);
}

TEST_F(dns, by_tcp)
{
	struct rig *rig = &self->rig;
	struct sockaddr_in address;
	socklen_t len = sizeof(address);

	ASSERT_EQ(0, getsockname(event_get_fd(rig->listener),
				 (struct sockaddr *)&address, &len));
	rig->plan.port[0] = ntohs(address.sin_port);

	EXPECT_STREQ("A", said(rig, "name=www.x proto=tcp"));
	EXPECT_EQ(CHECK_UP, rig->outcome);
	rig->piece = 1;
	EXPECT_STREQ("A", said(rig, "name=www.x proto=tcp"));
	EXPECT_EQ(CHECK_UP, rig->outcome);
	rig->cut = true;
	EXPECT_STREQ("connection closed within the answer",
		     said(rig, "name=www.x proto=tcp"));
	EXPECT_EQ(CHECK_SICK, rig->outcome);
	rig->stall = true;
	EXPECT_STREQ("no end of the answer within 30s",
		     said_late(rig, "name=www.x proto=tcp"));
	EXPECT_EQ(CHECK_SICK, rig->outcome);
	rig->stall = false;
	rig->cut = false;
	rig->strange = true;
	EXPECT_STREQ("the answer is to another question",
		     said(rig, "name=www.x proto=tcp"));
	EXPECT_EQ(CHECK_SICK, rig->outcome);

	event_drop(rig->listener);
	rig->listener = NULL;
	EXPECT_STREQ("connection refused", said(rig, "name=www.x proto=tcp"));
	EXPECT_EQ(CHECK_DOWN, rig->outcome);
}

/* Given up while it is under way. */
TEST_F(dns, one_that_is_given_up)
{
	struct rig *rig = &self->rig;

	lb_args_parse(&rig->plan.args, "name=x", NULL);
	check_start(&rig->check, check_find("dns"), &rig->plan);
	check_stop(&rig->check);
	lb_args_parse(&rig->plan.args, "name=x proto=tcp", NULL);
	check_start(&rig->check, check_find("dns"), &rig->plan);
	check_stop(&rig->check);
	EXPECT_EQ(0, rig->dones);
}

TEST_HARNESS_MAIN
