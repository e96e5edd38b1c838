// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the TCP states.
 */

#include "conn.h"
#include "netns.h"
#include "packet.h"
#include "proto_tcp.h"
#include "real.h"

#include <kunit/test.h>

#define S	L4LB_TCP_SYN
#define A	L4LB_TCP_ACK
#define F	L4LB_TCP_FIN
#define R	L4LB_TCP_RST
#define END	0xff
#define REPLY	0x80

/**
 * struct story - packets and what they lead to
 * @packets: flags of each, with %REPLY if the real sends it
 * @state: &enum l4lb_conn_state at the end
 * @proven: whether the connection is not half-open any more
 */
struct story {
	u8 packets[8];
	u8 state;
	bool proven;
};

static const struct story stories[] = {
	{ { S, END }, L4LB_CONN_SYN, false },
	{ { S, S, END }, L4LB_CONN_SYN, false },
	{ { S, REPLY | S | A, END }, L4LB_CONN_SYN, false },
	{ { S, A, END }, L4LB_CONN_ESTABLISHED, true },
	{ { S, REPLY | S | A, A, END }, L4LB_CONN_ESTABLISHED, true },
	{ { S, A, S, END }, L4LB_CONN_ESTABLISHED, true },
	{ { S, A, F | A, END }, L4LB_CONN_FIN, true },
	{ { S, A, REPLY | F | A, A, END }, L4LB_CONN_FIN, true },
	{ { S, A, F | A, A, END }, L4LB_CONN_FIN, true },
	{ { S, A, F | A, REPLY | F | A, A, END }, L4LB_CONN_CLOSED, true },
	{ { S, A, REPLY | F | A, F | A, END }, L4LB_CONN_CLOSED, true },
	{ { S, A, R, END }, L4LB_CONN_CLOSED, true },
	{ { S, A, REPLY | R, END }, L4LB_CONN_CLOSED, true },
	{ { S, A, F | R | A, END }, L4LB_CONN_CLOSED, true },
	{ { S, F | A, END }, L4LB_CONN_FIN, true },
	{ { S, F, END }, L4LB_CONN_FIN, false },
	{ { S, R, END }, L4LB_CONN_CLOSED, false },
	{ { S, REPLY | R | A, END }, L4LB_CONN_CLOSED, false },
};

static void tell(struct l4lb_conn *conn, struct l4lb_net *ln, const u8 *flags)
{
	struct l4lb_packet pkt = { .ln = ln, .proto = IPPROTO_TCP };

	for (; *flags != END; flags++) {
		pkt.flags = *flags & ~REPLY;
		if (*flags & REPLY)
			l4lb_tcp_reply(conn, &pkt);
		else
			l4lb_tcp_request(conn, &pkt);
	}
}

static void tcp_states_follow_packets(struct kunit *test)
{
	struct l4lb_real *real;
	struct l4lb_net *ln;
	unsigned int i;

	ln = kunit_kzalloc(test, sizeof(*ln), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, ln);
	real = kunit_kzalloc(test, sizeof(*real), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, real);
	real->idle = 12345;

	for (i = 0; i < ARRAY_SIZE(stories); i++) {
		struct l4lb_conn conn = {
			.real = real, .state = L4LB_CONN_SYN,
			.unproven = true,
		};

		atomic_set(&ln->conns.flood.half_open, 1);
		tell(&conn, ln, stories[i].packets);
		KUNIT_EXPECT_EQ_MSG(test,
				    atomic_read(&ln->conns.flood.half_open),
				    !stories[i].proven, "story %u", i);
		KUNIT_EXPECT_EQ_MSG(test, conn.state, stories[i].state,
				    "story %u", i);
		if (conn.state == L4LB_CONN_ESTABLISHED)
			KUNIT_EXPECT_EQ(test, conn.idle, 12345);
	}
}

/* Port reuse: at once after the end, but nobody resets what is open. */
static void tcp_restarts_after_the_end(struct kunit *test)
{
	static const struct {
		u8 state;
		u8 flags;
		bool restarts;
	} cases[] = {
		{ L4LB_CONN_FIN, S, true },
		{ L4LB_CONN_CLOSED, S, true },
		{ L4LB_CONN_FIN, A, false },
		{ L4LB_CONN_CLOSED, S | A, false },
		{ L4LB_CONN_SYN, S, false },
		{ L4LB_CONN_ESTABLISHED, S, false },
	};
	struct l4lb_packet pkt = { .proto = IPPROTO_TCP };
	struct l4lb_conn conn = {};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		conn.state = cases[i].state;
		pkt.flags = cases[i].flags;
		KUNIT_EXPECT_EQ_MSG(test, l4lb_tcp_restarts(&conn, &pkt),
				    cases[i].restarts, "case %u", i);
	}
}

static struct kunit_case proto_tcp_cases[] = {
	KUNIT_CASE(tcp_states_follow_packets),
	KUNIT_CASE(tcp_restarts_after_the_end),
	{}
};

static struct kunit_suite proto_tcp_suite = {
	.name		= "l4lb_proto_tcp",
	.test_cases	= proto_tcp_cases,
};

kunit_test_suite(proto_tcp_suite);
