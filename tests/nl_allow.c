// SPDX-License-Identifier: GPL-2.0-only
/*
 * Long lists of clients: they come in several nests of one message, and go out
 * in several messages, of which somebody who changes the list makes a mess that
 * is told.
 */

#include "nl.h"

#include "kselftest_harness.h"

/* Those of a list are every second address from here on. */
#define BASE		0x0a000000

/* As many as one nest has room for, and not a round number. */
#define PER_NEST	1000

/**
 * struct reading - a list as it is read
 * @next: number of the next range
 * @messages: how many it came in
 * @disorder: how many ranges were not those that were due
 * @interrupted: whether it is said not to be consistent
 */
struct reading {
	__u32 next;
	__u32 messages;
	__u32 disorder;
	bool interrupted;
};

static int allow(struct nl *nl, __u32 first, __u32 count, __u8 op,
		 struct nl_answer *answer)
{
	struct nlmsghdr *nlh = nl_begin(nl, L4LB_CMD_VIP_SET, 0);
	struct nlattr *nest, *range;
	__u32 i = 0, addr;
	int err;

	nl_put_name(nlh, L4LB_A_VIP, "web");
	mnl_attr_put_u8(nlh, L4LB_A_ALLOW_OP, op);
	while (i < count) {
		nest = mnl_attr_nest_start(nlh, L4LB_A_ALLOW);
		do {
			addr = htonl(BASE + first + 2 * i++);
			range = mnl_attr_nest_start(nlh, L4LB_A_ALLOW_RANGE);
			mnl_attr_put_u32(nlh, L4LB_A_ALLOW_FIRST4, addr);
			mnl_attr_put_u32(nlh, L4LB_A_ALLOW_LAST4, addr);
			mnl_attr_nest_end(nlh, range);
		} while (i < count && i % PER_NEST);
		mnl_attr_nest_end(nlh, nest);
	}
	err = nl_talk(nl, NULL, NULL, answer);

	return err ? err : answer->err;
}

static void each_range(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *range, *attr, *nest = nl_attr(nlh, L4LB_A_ALLOW);
	struct reading *reading = data;
	__u32 want;

	reading->messages++;
	if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
		reading->interrupted = true;
	mnl_attr_for_each_nested(range, nest) {
		want = htonl(BASE + 2 * reading->next++);
		mnl_attr_for_each_nested(attr, range)
			reading->disorder += mnl_attr_get_u32(attr) != want;
	}
}

/* Begins to read, and reads one piece of it. */
static int read_begin(struct nl *nl, struct reading *reading)
{
	struct nlmsghdr *nlh = nl_begin(nl, L4LB_CMD_ALLOW_GET, NLM_F_DUMP);

	memset(reading, 0, sizeof(*reading));
	nl_put_name(nlh, L4LB_A_VIP, "web");
	if (mnl_socket_sendto(nl->sock, nlh, nlh->nlmsg_len) < 0 ||
	    mnl_socket_recvfrom(nl->sock, nl->in, sizeof(nl->in)) < 0)
		return -errno;
	each_range((struct nlmsghdr *)nl->in, reading);

	return 0;
}

static int read_on(struct nl *nl, struct reading *reading)
{
	const struct nlmsghdr *end = (struct nlmsghdr *)nl->in;
	struct nl_answer answer = { 0 };
	int err;

	err = nl_recv(nl, each_range, reading, &answer);
	if (end->nlmsg_flags & NLM_F_DUMP_INTR)
		reading->interrupted = true;

	return err ? err : answer.err;
}

FIXTURE(allow)
{
	struct nl nl;
	struct nl other;
	struct nl_answer answer;
	struct reading reading;
};

FIXTURE_SETUP(allow)
{
	int room = 1 << 20;

	ASSERT_EQ(0, nl_open_new(&self->nl));
	ASSERT_EQ(0, nl_open(&self->other));
	ASSERT_EQ(0, setsockopt(mnl_socket_get_fd(self->nl.sock), SOL_SOCKET,
				SO_SNDBUFFORCE, &room, sizeof(room)));
	ASSERT_EQ(0, nl_vip_new(&self->nl, "web", "192.0.2.10", 80,
				L4LB_MODE_DR));
}

FIXTURE_TEARDOWN(allow)
{
	nl_close(&self->other);
	nl_close(&self->nl);
}

TEST_F_TIMEOUT(allow, a_list_is_read_as_it_was_written, 300)
{
	ASSERT_EQ(0, allow(&self->nl, 0, 5001, L4LB_ALLOW_SET, &self->answer));
	ASSERT_EQ(0, read_begin(&self->nl, &self->reading));
	ASSERT_EQ(0, read_on(&self->nl, &self->reading));
	EXPECT_EQ(5001, self->reading.next);
	EXPECT_EQ(0, self->reading.disorder);
	EXPECT_FALSE(self->reading.interrupted);
	EXPECT_LT(1, self->reading.messages);
}

TEST_F_TIMEOUT(allow, a_change_in_the_middle_shows, 300)
{
	ASSERT_EQ(0, allow(&self->nl, 0, 5000, L4LB_ALLOW_SET, &self->answer));
	ASSERT_EQ(0, read_begin(&self->nl, &self->reading));
	ASSERT_EQ(0, allow(&self->other, 2, 1, L4LB_ALLOW_DEL, &self->answer));
	ASSERT_EQ(0, read_on(&self->nl, &self->reading));
	EXPECT_TRUE(self->reading.interrupted);

	/* It may even have become very short, or its VIP may have gone. */
	ASSERT_EQ(0, read_begin(&self->nl, &self->reading));
	ASSERT_EQ(0, allow(&self->other, 0, 1, L4LB_ALLOW_SET, &self->answer));
	ASSERT_EQ(0, read_on(&self->nl, &self->reading));
	EXPECT_TRUE(self->reading.interrupted);
	ASSERT_EQ(0, allow(&self->nl, 0, 5000, L4LB_ALLOW_SET, &self->answer));
	ASSERT_EQ(0, read_begin(&self->nl, &self->reading));
	ASSERT_EQ(0, nl_named(&self->other, L4LB_CMD_VIP_DEL, "web", NULL));
	EXPECT_EQ(-ENOENT, read_on(&self->nl, &self->reading));
}

TEST_F_TIMEOUT(allow, more_than_there_can_be_is_refused, 300)
{
	const __u32 part = L4LB_ALLOWS_MAX / 4;
	__u32 i;

	for (i = 0; i < 4; i++)
		ASSERT_EQ(0, allow(&self->nl, 2 * i * part, part,
				   i ? L4LB_ALLOW_ADD : L4LB_ALLOW_SET,
				   &self->answer));
	EXPECT_EQ(-ENOSPC, allow(&self->nl, 0x100000, 1, L4LB_ALLOW_ADD,
				 &self->answer));
	EXPECT_STREQ("a vip has at most 16384 ranges of clients",
		     self->answer.text);
	ASSERT_EQ(0, read_begin(&self->nl, &self->reading));
	ASSERT_EQ(0, read_on(&self->nl, &self->reading));
	EXPECT_EQ(L4LB_ALLOWS_MAX, self->reading.next);
	EXPECT_EQ(0, self->reading.disorder);

	/* Those that close gaps have room. */
	EXPECT_EQ(0, allow(&self->nl, 1, part, L4LB_ALLOW_ADD, &self->answer));
}

TEST_HARNESS_MAIN
