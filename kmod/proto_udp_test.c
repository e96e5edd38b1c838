// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the UDP states.
 */

#include "conn.h"
#include "netns.h"
#include "packet.h"
#include "proto_udp.h"
#include "real.h"

#include <kunit/test.h>

/**
 * struct proto_udp_fixture - a connection that one datagram has made
 * @ln: namespace, with this half-open connection
 * @real: its real
 * @conn: the connection
 * @pkt: the next datagram
 */
struct proto_udp_fixture {
	struct l4lb_net ln;
	struct l4lb_real real;
	struct l4lb_conn conn;
	struct l4lb_packet pkt;
};

static int proto_udp_init(struct kunit *test)
{
	struct proto_udp_fixture *f;

	f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	if (!f)
		return -ENOMEM;

	atomic_set(&f->ln.conns.flood.half_open, 1);
	f->conn.real = &f->real;
	f->conn.state = L4LB_CONN_UDP_NEW;
	f->conn.unproven = true;
	f->conn.seen = l4lb_tick_now();
	f->pkt.ln = &f->ln;
	f->pkt.proto = IPPROTO_UDP;
	test->priv = f;

	return 0;
}

static void expect_proven(struct kunit *test, bool proven)
{
	struct proto_udp_fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, f->conn.state,
			proven ? L4LB_CONN_UDP : L4LB_CONN_UDP_NEW);
	KUNIT_EXPECT_EQ(test, atomic_read(&f->ln.conns.flood.half_open),
			!proven);
}

static void an_answer_proves_it(struct kunit *test)
{
	struct proto_udp_fixture *f = test->priv;

	l4lb_udp_reply(&f->conn, &f->pkt);
	expect_proven(test, true);
	l4lb_udp_reply(&f->conn, &f->pkt);
	expect_proven(test, true);
}

static void a_client_that_goes_on_proves_it(struct kunit *test)
{
	struct proto_udp_fixture *f = test->priv;

	f->conn.seen--;
	l4lb_udp_request(&f->conn, &f->pkt);
	expect_proven(test, true);
}

static void datagrams_at_once_prove_nothing(struct kunit *test)
{
	struct proto_udp_fixture *f = test->priv;

	/* The tick may end just here. */
	do {
		f->conn.seen = l4lb_tick_now();
		f->conn.state = L4LB_CONN_UDP_NEW;
		f->conn.unproven = true;
		atomic_set(&f->ln.conns.flood.half_open, 1);
		l4lb_udp_request(&f->conn, &f->pkt);
	} while (f->conn.seen != l4lb_tick_now());
	expect_proven(test, false);
}

static struct kunit_case proto_udp_cases[] = {
	KUNIT_CASE(an_answer_proves_it),
	KUNIT_CASE(a_client_that_goes_on_proves_it),
	KUNIT_CASE(datagrams_at_once_prove_nothing),
	{}
};

static struct kunit_suite proto_udp_suite = {
	.name		= "l4lb_proto_udp",
	.init		= proto_udp_init,
	.test_cases	= proto_udp_cases,
};

kunit_test_suite(proto_udp_suite);
