// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages that are wrong as such: headers, lengths and flags, whatever is in
 * them. None of them changes anything, and the socket works on.
 */

#include "nl.h"

#include "kselftest_harness.h"

FIXTURE(message)
{
	struct nl nl;
	struct nl_answer answer;
	struct nl_picture before;
	struct nl_picture after;
};

FIXTURE_SETUP(message)
{
	ASSERT_EQ(0, nl_open_new(&self->nl));
	ASSERT_EQ(0, nl_vip_new(&self->nl, "web", "192.0.2.10", 80,
				L4LB_MODE_DR));
	ASSERT_EQ(0, nl_real_new(&self->nl, "web", "one", "192.0.2.21"));
	ASSERT_EQ(0, nl_picture(&self->nl, &self->before));
}

FIXTURE_TEARDOWN(message)
{
	EXPECT_EQ(0, nl_picture(&self->nl, &self->after));
	EXPECT_EQ(0, memcmp(&self->before, &self->after,
			    sizeof(self->before)));
	nl_close(&self->nl);
}

TEST_F_TIMEOUT(message, unknown_commands_are_refused, 300)
{
	const __u8 cmds[] = { 0, L4LB_CMD_MAX + 1, 255 };
	size_t i;

	for (i = 0; i < sizeof(cmds); i++) {
		nl_begin(&self->nl, cmds[i], 0);
		EXPECT_EQ(-EOPNOTSUPP, nl_do(&self->nl));
		nl_begin(&self->nl, cmds[i], NLM_F_DUMP);
		EXPECT_EQ(-EOPNOTSUPP, nl_do(&self->nl));
	}
}

TEST_F_TIMEOUT(message, notifications_are_no_requests, 300)
{
	EXPECT_EQ(-EOPNOTSUPP, nl_named(&self->nl, L4LB_CMD_VIP_NTF, "web",
					NULL));
	EXPECT_EQ(-EOPNOTSUPP, nl_named(&self->nl, L4LB_CMD_REAL_NTF, "web",
					"one"));
}

TEST_F_TIMEOUT(message, only_some_commands_dump, 300)
{
	const __u8 cmds[] = {
		L4LB_CMD_INFO_GET, L4LB_CMD_VIP_NEW, L4LB_CMD_VIP_SET,
		L4LB_CMD_VIP_DEL, L4LB_CMD_REAL_NEW, L4LB_CMD_REAL_SET,
		L4LB_CMD_REAL_DEL, L4LB_CMD_REAL_HEALTH, L4LB_CMD_CONN_DEL,
		L4LB_CMD_STATS_RESET, L4LB_CMD_FLUSH,
	};
	size_t i;

	for (i = 0; i < sizeof(cmds); i++) {
		nl_begin(&self->nl, cmds[i], NLM_F_DUMP);
		EXPECT_EQ(-EOPNOTSUPP, nl_do(&self->nl)) {
			TH_LOG("command %u", cmds[i]);
		}
	}

	nl_begin(&self->nl, L4LB_CMD_CONN_GET, 0);
	EXPECT_EQ(-EOPNOTSUPP, nl_do(&self->nl));
}

TEST_F_TIMEOUT(message, flags_without_a_meaning_are_refused, 300)
{
	const __u16 flags[] = {
		NLM_F_ROOT, NLM_F_MATCH, NLM_F_ATOMIC, NLM_F_CREATE,
		NLM_F_APPEND, 0x1000, 0x8000,
	};
	size_t i;

	for (i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
		nl_begin(&self->nl, L4LB_CMD_FLUSH, flags[i]);
		ASSERT_EQ(0, nl_talk(&self->nl, NULL, NULL, &self->answer));
		EXPECT_EQ(-EINVAL, self->answer.err) {
			TH_LOG("flag %#x", flags[i]);
		}
		EXPECT_STRNE("", self->answer.text);
	}
}

TEST_F_TIMEOUT(message, the_reserved_field_is_zero, 300)
{
	struct nlmsghdr *nlh = nl_begin(&self->nl, L4LB_CMD_FLUSH, 0);
	struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);

	genl->reserved = 1;
	ASSERT_EQ(0, nl_talk(&self->nl, NULL, NULL, &self->answer));
	EXPECT_EQ(-EINVAL, self->answer.err);
	EXPECT_STRNE("", self->answer.text);
}

TEST_F_TIMEOUT(message, no_room_for_the_header, 300)
{
	unsigned int len;

	for (len = NLMSG_HDRLEN; len < NLMSG_HDRLEN + GENL_HDRLEN; len++) {
		struct nlmsghdr *nlh = nl_begin(&self->nl, L4LB_CMD_FLUSH, 0);

		nlh->nlmsg_len = len;
		EXPECT_EQ(-EINVAL, nl_do(&self->nl));
	}
}

/* The kernel does not answer what it cannot delimit. */
TEST_F_TIMEOUT(message, truncated_messages_do_nothing, 300)
{
	struct nl *nl = &self->nl;
	struct nlmsghdr *nlh;
	unsigned int len, sent;

	nlh = nl_begin(nl, L4LB_CMD_VIP_DEL, 0);
	nl_put_name(nlh, L4LB_A_VIP, "web");
	len = nlh->nlmsg_len;
	for (sent = 1; sent < len; sent++)
		ASSERT_EQ(sent, mnl_socket_sendto(nl->sock, nlh, sent));
	ASSERT_LE(0, nl_generation(nl));
}

/* A message that claims to end within an attribute. */
TEST_F_TIMEOUT(message, cut_attributes_are_refused, 300)
{
	struct nl *nl = &self->nl;
	struct nlmsghdr *nlh;
	unsigned int len, cut;

	nlh = nl_begin(nl, L4LB_CMD_VIP_DEL, 0);
	nl_put_name(nlh, L4LB_A_VIP, "web");
	len = nlh->nlmsg_len;
	for (cut = NLMSG_HDRLEN + GENL_HDRLEN; cut < len; cut++) {
		nlh = nl_begin(nl, L4LB_CMD_VIP_DEL, 0);
		nl_put_name(nlh, L4LB_A_VIP, "web");
		nlh->nlmsg_len = cut;
		ASSERT_EQ(0, nl_talk(nl, NULL, NULL, &self->answer));
		EXPECT_EQ(-EINVAL, self->answer.err) {
			TH_LOG("%u bytes of %u", cut, len);
		}
		EXPECT_TRUE(*self->answer.text || self->answer.has_miss);
	}
}

TEST_F_TIMEOUT(message, the_longest_attribute_is_refused, 300)
{
	struct nlmsghdr *nlh = nl_begin(&self->nl, L4LB_CMD_VIP_DEL, 0);
	static char name[65000];
	struct nlattr *nest;

	memset(name, 'a', sizeof(name) - 1);
	nest = mnl_attr_nest_start(nlh, L4LB_A_VIP);
	mnl_attr_put_strz(nlh, L4LB_A_VIP_NAME, name);
	mnl_attr_nest_end(nlh, nest);
	ASSERT_EQ(0, nl_talk(&self->nl, NULL, NULL, &self->answer));
	EXPECT_EQ(-EINVAL, self->answer.err);
	EXPECT_TRUE(self->answer.has_offs);
}

TEST_F_TIMEOUT(message, thousands_of_ports_are_refused, 300)
{
	struct nlmsghdr *nlh = nl_begin(&self->nl, L4LB_CMD_VIP_SET, 0);
	struct nlattr *nest, *ports;
	__u16 port;

	nest = mnl_attr_nest_start(nlh, L4LB_A_VIP);
	mnl_attr_put_strz(nlh, L4LB_A_VIP_NAME, "web");
	ports = mnl_attr_nest_start(nlh, L4LB_A_VIP_PORTS);
	for (port = 1; port < 6000; port += 2)
		nl_put_range(nlh, port, port);
	mnl_attr_nest_end(nlh, ports);
	mnl_attr_nest_end(nlh, nest);
	ASSERT_EQ(0, nl_talk(&self->nl, NULL, NULL, &self->answer));
	EXPECT_EQ(-EINVAL, self->answer.err);
	EXPECT_STREQ("a vip has at most 64 ranges of ports",
		     self->answer.text);
}

/* More than one attribute could hold: the last VIP of many counts. */
TEST_F_TIMEOUT(message, a_long_message_is_read_to_its_end, 300)
{
	struct nlmsghdr *nlh = nl_begin(&self->nl, L4LB_CMD_VIP_DEL, 0);
	int i;

	for (i = 0; i < 8000; i++)
		nl_put_name(nlh, L4LB_A_VIP, "web");
	mnl_attr_put_u32(nlh, L4LB_A_MAX, 1);
	ASSERT_EQ(0, nl_talk(&self->nl, NULL, NULL, &self->answer));
	EXPECT_EQ(-EINVAL, self->answer.err);
	EXPECT_EQ(nlh->nlmsg_len - 8, self->answer.offs);
}

TEST_HARNESS_MAIN
