// SPDX-License-Identifier: GPL-2.0-only
/*
 * Explanations on the socket: what is in an answer, and that asking changes
 * nothing.
 */

#include "object.h"

#include "kselftest_harness.h"

#include <net/if.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* As many reals as an explanation does not tell of any more. */
#define MANY	(L4LB_EXPLAIN_REALS_MAX + 3)

/**
 * struct answer - an explanation
 * @result: &enum l4lb_explain_result
 * @drop: &enum l4lb_drop, or 0
 * @by: &enum l4lb_explain_by, or 0
 * @vip: name of the VIP
 * @real: name of the real, or empty
 * @mode: &enum l4lb_mode
 * @port: port of the real
 * @total: how many reals there are
 * @told: how many of them are told of
 * @slot: where the real stands, or -1
 * @bad: how many reals stand otherwise than as chosen or serving
 */
struct answer {
	__u8 result;
	__u8 drop;
	__u8 by;
	char vip[32];
	char real[32];
	__u8 mode;
	__u16 port;
	__u32 total;
	__u32 told;
	__s64 slot;
	__u32 bad;
};

static void each_hop(const struct nlattr *nest, struct answer *got)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest) {
		switch (mnl_attr_get_type(attr)) {
		case L4LB_A_HOP_REAL:
			get_text(attr, got->real, sizeof(got->real));
			break;
		case L4LB_A_HOP_MODE:
			got->mode = mnl_attr_get_u8(attr);
			break;
		case L4LB_A_HOP_PORT:
			got->port = ntohs(mnl_attr_get_u16(attr));
			break;
		}
	}
}

static void each_standing(const struct nlattr *nest, struct answer *got)
{
	const struct nlattr *attr;

	got->told++;
	mnl_attr_for_each_nested(attr, nest) {
		if (mnl_attr_get_type(attr) == L4LB_A_STANDING_IS)
			got->bad += mnl_attr_get_u8(attr) >
				    L4LB_STANDING_SERVES;
	}
}

static void each_answer(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr, *nest = nl_attr(nlh, L4LB_A_EXPLAIN);
	struct answer *got = data;

	mnl_attr_for_each_nested(attr, nest) {
		switch (mnl_attr_get_type(attr)) {
		case L4LB_A_EXPLAIN_RESULT:
			got->result = mnl_attr_get_u8(attr);
			break;
		case L4LB_A_EXPLAIN_DROP:
			got->drop = mnl_attr_get_u8(attr);
			break;
		case L4LB_A_EXPLAIN_BY:
			got->by = mnl_attr_get_u8(attr);
			break;
		case L4LB_A_EXPLAIN_VIP:
			get_text(attr, got->vip, sizeof(got->vip));
			break;
		case L4LB_A_EXPLAIN_SLOT:
			got->slot = mnl_attr_get_u32(attr);
			break;
		case L4LB_A_EXPLAIN_REALS:
			got->total = mnl_attr_get_u32(attr);
			break;
		case L4LB_A_EXPLAIN_REAL:
			each_standing(attr, got);
			break;
		case L4LB_A_EXPLAIN_HOP:
			each_hop(attr, got);
			break;
		}
	}
}

static int ask(struct nl *nl, const char *client, const char *addr,
	       __u16 port, __u8 proto, struct answer *got)
{
	struct nlmsghdr *nlh = nl_begin(nl, L4LB_CMD_EXPLAIN_GET, 0);
	struct nlattr *nest = mnl_attr_nest_start(nlh, L4LB_A_EXPLAIN);
	struct nl_answer answer = { 0 };
	int err;

	memset(got, 0, sizeof(*got));
	got->slot = -1;
	nl_put_addr(nlh, L4LB_A_EXPLAIN_CLIENT4, client);
	nl_put_addr(nlh, L4LB_A_EXPLAIN_ADDR4, addr);
	mnl_attr_put_u16(nlh, L4LB_A_EXPLAIN_CLIENT_PORT, htons(40000));
	mnl_attr_put_u16(nlh, L4LB_A_EXPLAIN_PORT, htons(port));
	mnl_attr_put_u8(nlh, L4LB_A_EXPLAIN_PROTO, proto);
	mnl_attr_nest_end(nlh, nest);
	err = nl_talk(nl, each_answer, got, &answer);

	return err ? err : answer.err;
}

/* The VIPs' addresses are on this host, and the reals' are not. */
static int host_setup(void)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	struct ifreq request = { .ifr_name = "lo" };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	int ret;

	inet_pton(AF_INET, "192.0.2.10", &sin.sin_addr);
	memcpy(&request.ifr_addr, &sin, sizeof(sin));
	ret = ioctl(fd, SIOCSIFADDR, &request);
	inet_pton(AF_INET, "255.255.255.255", &sin.sin_addr);
	memcpy(&request.ifr_netmask, &sin, sizeof(sin));
	ret |= ioctl(fd, SIOCSIFNETMASK, &request);
	request.ifr_flags = IFF_UP;
	ret |= ioctl(fd, SIOCSIFFLAGS, &request);
	close(fd);

	return ret;
}

FIXTURE(explain)
{
	struct nl nl;
	struct answer got;
	struct nl_picture before;
	struct nl_picture after;
};

FIXTURE_SETUP(explain)
{
	ASSERT_EQ(0, nl_open_new(&self->nl));
	ASSERT_EQ(0, host_setup());
	ASSERT_EQ(0, objects_new(&self->nl));
	ASSERT_EQ(0, nl_picture(&self->nl, &self->before));
}

FIXTURE_TEARDOWN(explain)
{
	nl_close(&self->nl);
}

TEST_F_TIMEOUT(explain, what_is_left_to_the_host, 300)
{
	struct nl *nl = &self->nl;

	ASSERT_EQ(0, ask(nl, "192.0.2.50", "192.0.2.77", 80, 1, &self->got));
	EXPECT_EQ(L4LB_EXPLAIN_NO_VIP, self->got.result);
	EXPECT_STREQ("", self->got.vip);
	ASSERT_EQ(0, ask(nl, "192.0.2.50", "192.0.2.10", 81, 1, &self->got));
	EXPECT_EQ(L4LB_EXPLAIN_NO_PORT, self->got.result);
	ASSERT_EQ(0, ask(nl, "192.0.2.50", "192.0.2.10", 80, 2, &self->got));
	EXPECT_EQ(L4LB_EXPLAIN_NO_PORT, self->got.result);
	ASSERT_EQ(0, ask(nl, "192.0.2.50", "192.0.2.11", 25, 1, &self->got));
	EXPECT_EQ(L4LB_EXPLAIN_NO_ADDRESS, self->got.result);
	EXPECT_STREQ("self", self->got.vip);
}

/* Nothing leads to the reals of this host. */
TEST_F_TIMEOUT(explain, a_real_without_a_way, 300)
{
	struct nl *nl = &self->nl;

	ASSERT_EQ(0, ask(nl, "192.0.2.50", "192.0.2.10", 80, 1, &self->got));
	EXPECT_EQ(L4LB_EXPLAIN_DROP, self->got.result);
	EXPECT_EQ(L4LB_DROP_NO_ROUTE, self->got.drop);
	EXPECT_EQ(L4LB_BY_SCHED, self->got.by);
	EXPECT_STREQ("web", self->got.vip);
	EXPECT_EQ(L4LB_MODE_DR, self->got.mode);
	EXPECT_EQ(80, self->got.port);
	EXPECT_EQ(2, self->got.total);
	EXPECT_EQ(2, self->got.told);
	EXPECT_EQ(0, self->got.bad);

	ASSERT_EQ(0, ask(nl, "192.0.2.50", "192.0.2.10", 25, 1, &self->got));
	EXPECT_STREQ("nat", self->got.vip);
	EXPECT_STREQ("one", self->got.real);
	EXPECT_EQ(L4LB_MODE_NAT, self->got.mode);
	EXPECT_EQ(2525, self->got.port);
}

TEST_F_TIMEOUT(explain, a_source_that_cannot_be, 300)
{
	ASSERT_EQ(0, ask(&self->nl, "224.0.0.1", "192.0.2.10", 80, 1,
			 &self->got));
	EXPECT_EQ(L4LB_EXPLAIN_DROP, self->got.result);
	EXPECT_EQ(L4LB_DROP_MARTIAN, self->got.drop);
	EXPECT_EQ(0, self->got.by);
}

TEST_F_TIMEOUT(explain, asking_takes_no_turn, 300)
{
	const __s64 generation = nl_generation(&self->nl);
	cpu_set_t cpu;
	__s64 slot;
	int i;

	CPU_ZERO(&cpu);
	CPU_SET(0, &cpu);
	ASSERT_EQ(0, sched_setaffinity(0, sizeof(cpu), &cpu));
	ASSERT_EQ(0, ask(&self->nl, "192.0.2.50", "192.0.2.10", 80, 1,
			 &self->got));
	slot = self->got.slot;
	EXPECT_LE(0, slot);
	for (i = 0; i < 5; i++) {
		ASSERT_EQ(0, ask(&self->nl, "192.0.2.50", "192.0.2.10", 80, 1,
				 &self->got));
		EXPECT_EQ(slot, self->got.slot);
	}

	ASSERT_EQ(0, nl_picture(&self->nl, &self->after));
	EXPECT_EQ(self->before.len, self->after.len);
	EXPECT_EQ(0, memcmp(self->before.bytes, self->after.bytes,
			    self->before.len));
	EXPECT_EQ(generation, nl_generation(&self->nl));
}

TEST_F_TIMEOUT(explain, of_many_reals_the_first_are_told_of, 300)
{
	char name[16], addr[16];
	int i;

	for (i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "r%d", i);
		snprintf(addr, sizeof(addr), "10.0.%d.%d", i / 200,
			 1 + i % 200);
		ASSERT_EQ(0, nl_real_new(&self->nl, "web", name, addr));
	}
	ASSERT_EQ(0, ask(&self->nl, "192.0.2.50", "192.0.2.10", 80, 1,
			 &self->got));
	EXPECT_EQ(MANY + 2, self->got.total);
	EXPECT_EQ(L4LB_EXPLAIN_REALS_MAX, self->got.told);
}

TEST_F_TIMEOUT(explain, without_a_vip_there_is_none, 300)
{
	ASSERT_EQ(0, nl_named(&self->nl, L4LB_CMD_FLUSH, NULL, NULL));
	ASSERT_EQ(0, ask(&self->nl, "192.0.2.50", "192.0.2.10", 80, 1,
			 &self->got));
	EXPECT_EQ(L4LB_EXPLAIN_NO_VIP, self->got.result);
}

TEST_F_TIMEOUT(explain, families_do_not_mix, 300)
{
	EXPECT_EQ(-EINVAL, ask(&self->nl, "2001:db8::50", "192.0.2.10", 80, 1,
			       &self->got));
}

TEST_HARNESS_MAIN
