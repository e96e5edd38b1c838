// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dumps: complete, in order, told from broken ones, and refused with a reason.
 */

#include "nl.h"

#include "kselftest_harness.h"

#include <stdio.h>

#define VIPS	300
#define REALS	3

/**
 * struct dump - what a dump brought
 * @objects: how many
 * @parts: in how many pieces
 * @interrupted: whether it says that something changed meanwhile
 * @disorder: how many came out of order
 * @next: name that comes next
 */
struct dump {
	int objects;
	int parts;
	bool interrupted;
	int disorder;
	char next[L4LB_NAME_MAX + 1];
};

static void vip_name(char *name, int number)
{
	snprintf(name, L4LB_NAME_MAX + 1, "vip-%d", number);
}

static void each_object(const struct nlmsghdr *nlh, void *data)
{
	struct dump *dump = data;

	if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
		dump->interrupted = true;

	if (nl_cmd(nlh) == L4LB_CMD_VIP_GET) {
		vip_name(dump->next, dump->objects);
		dump->disorder += !!strcmp(dump->next,
					   nl_name(nlh, L4LB_A_VIP));
	} else {
		vip_name(dump->next, dump->objects / REALS);
		dump->disorder += !!strcmp(dump->next,
					   nl_name(nlh, L4LB_A_VIP));
		snprintf(dump->next, sizeof(dump->next), "real-%d",
			 dump->objects % REALS);
		dump->disorder += !!strcmp(dump->next,
					   nl_name(nlh, L4LB_A_REAL));
	}
	dump->objects++;
}

/* Reads one piece. Returns whether the dump goes on. */
static bool dump_part(struct nl *nl, struct dump *dump,
		      struct nl_answer *answer)
{
	const struct nlmsghdr *nlh = (struct nlmsghdr *)nl->in;
	ssize_t got;
	int len;

	got = mnl_socket_recvfrom(nl->sock, nl->in, sizeof(nl->in));
	if (got < 0) {
		answer->err = -errno;
		return false;
	}

	dump->parts++;
	for (len = (int)got; mnl_nlmsg_ok(nlh, len);
	     nlh = mnl_nlmsg_next(nlh, &len)) {
		if (nlh->nlmsg_type == NLMSG_DONE ||
		    nlh->nlmsg_type == NLMSG_ERROR) {
			if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
				dump->interrupted = true;
			nl_end(nlh, answer);
			return false;
		}
		each_object(nlh, dump);
	}

	return true;
}

static void dump_begin(struct nl *nl, __u8 cmd, struct dump *dump)
{
	struct nlmsghdr *nlh = nl_begin(nl, cmd, NLM_F_DUMP);

	memset(dump, 0, sizeof(*dump));
	mnl_socket_sendto(nl->sock, nlh, nlh->nlmsg_len);
}

static int dump_all(struct nl *nl, __u8 cmd, struct dump *dump)
{
	struct nl_answer answer = { 0 };

	dump_begin(nl, cmd, dump);
	while (dump_part(nl, dump, &answer))
		;

	return answer.err;
}

FIXTURE(dump)
{
	struct nl nl;
	struct nl other;
	struct nl_answer answer;
	struct dump dump;
};

static int fill(struct nl *nl)
{
	char name[L4LB_NAME_MAX + 1], real[L4LB_NAME_MAX + 1], addr[64];
	int i, j, err = 0;

	for (i = 0; i < VIPS && !err; i++) {
		vip_name(name, i);
		snprintf(addr, sizeof(addr), "10.0.%d.%d", i / 250,
			 i % 250 + 1);
		err = nl_vip_new(nl, name, addr, 80, L4LB_MODE_DR);
		for (j = 0; j < REALS && !err; j++) {
			snprintf(real, sizeof(real), "real-%d", j);
			snprintf(addr, sizeof(addr), "10.1.0.%d", j + 1);
			err = nl_real_new(nl, name, real, addr);
		}
	}

	return err;
}

FIXTURE_SETUP(dump)
{
	ASSERT_EQ(0, nl_open_new(&self->nl));
	ASSERT_EQ(0, nl_open(&self->other));
	ASSERT_EQ(0, fill(&self->nl));
}

FIXTURE_TEARDOWN(dump)
{
	nl_close(&self->other);
	nl_close(&self->nl);
}

TEST_F_TIMEOUT(dump, all_vips_in_order, 300)
{
	EXPECT_EQ(0, dump_all(&self->nl, L4LB_CMD_VIP_GET, &self->dump));
	EXPECT_EQ(VIPS, self->dump.objects);
	EXPECT_EQ(0, self->dump.disorder);
	EXPECT_LT(1, self->dump.parts);
	EXPECT_FALSE(self->dump.interrupted);
}

TEST_F_TIMEOUT(dump, all_reals_in_order, 300)
{
	EXPECT_EQ(0, dump_all(&self->nl, L4LB_CMD_REAL_GET, &self->dump));
	EXPECT_EQ(VIPS * REALS, self->dump.objects);
	EXPECT_EQ(0, self->dump.disorder);
	EXPECT_LT(1, self->dump.parts);
	EXPECT_FALSE(self->dump.interrupted);
}

TEST_F_TIMEOUT(dump, reals_of_one_vip, 300)
{
	struct nlmsghdr *nlh;

	nlh = nl_begin(&self->nl, L4LB_CMD_REAL_GET, NLM_F_DUMP);
	nl_put_name(nlh, L4LB_A_VIP, "vip-0");
	ASSERT_EQ(0, nl_talk(&self->nl, each_object, &self->dump,
			     &self->answer));
	EXPECT_EQ(0, self->answer.err);
	EXPECT_EQ(REALS, self->dump.objects);
	EXPECT_EQ(0, self->dump.disorder);

	memset(&self->dump, 0, sizeof(self->dump));
	nlh = nl_begin(&self->nl, L4LB_CMD_REAL_GET, NLM_F_DUMP);
	nl_put_name(nlh, L4LB_A_VIP, "vip-299");
	ASSERT_EQ(0, nl_talk(&self->nl, each_object, &self->dump,
			     &self->answer));
	EXPECT_EQ(REALS, self->dump.objects);
}

TEST_F_TIMEOUT(dump, two_at_a_time, 300)
{
	struct nl_answer answer = { 0 };
	struct dump second;
	bool more = true;

	dump_begin(&self->nl, L4LB_CMD_VIP_GET, &self->dump);
	ASSERT_TRUE(dump_part(&self->nl, &self->dump, &answer));
	EXPECT_EQ(0, dump_all(&self->other, L4LB_CMD_REAL_GET, &second));
	while (more)
		more = dump_part(&self->nl, &self->dump, &answer);
	EXPECT_EQ(VIPS, self->dump.objects);
	EXPECT_EQ(VIPS * REALS, second.objects);
	EXPECT_EQ(0, self->dump.disorder + second.disorder);
	EXPECT_FALSE(self->dump.interrupted);
}

/* Begins a dump, makes a change in its middle and reads the rest. */
static int dump_around(struct nl *nl, struct nl *other, __u8 cmd,
		       __u8 change, const char *vip, const char *real,
		       struct dump *dump)
{
	struct nl_answer answer = { 0 };
	int err;

	dump_begin(nl, cmd, dump);
	if (!dump_part(nl, dump, &answer))
		return -ENODATA;
	err = nl_named(other, change, vip, real);
	if (err)
		return err;
	while (dump_part(nl, dump, &answer))
		;

	return answer.err;
}

static const __u8 dumps[] = { L4LB_CMD_VIP_GET, L4LB_CMD_REAL_GET };

TEST_F_TIMEOUT(dump, a_change_in_the_middle_shows, 300)
{
	char vip[L4LB_NAME_MAX + 1];
	size_t i;

	for (i = 0; i < sizeof(dumps); i++) {
		EXPECT_EQ(0, dump_around(&self->nl, &self->other, dumps[i],
					 L4LB_CMD_VIP_SET, "vip-0", NULL,
					 &self->dump));
		EXPECT_TRUE(self->dump.interrupted);
		EXPECT_EQ(dumps[i] == L4LB_CMD_VIP_GET ? VIPS : VIPS * REALS,
			  self->dump.objects);
		EXPECT_EQ(0, self->dump.disorder);
	}

	for (i = 0; i < sizeof(dumps); i++) {
		EXPECT_EQ(0, dump_around(&self->nl, &self->other, dumps[i],
					 L4LB_CMD_REAL_DEL, "vip-0",
					 i ? "real-0" : "real-1",
					 &self->dump));
		EXPECT_TRUE(self->dump.interrupted);
	}

	for (i = 0; i < sizeof(dumps); i++) {
		vip_name(vip, VIPS - 1 - (int)i);
		EXPECT_EQ(0, dump_around(&self->nl, &self->other, dumps[i],
					 L4LB_CMD_VIP_DEL, vip, NULL,
					 &self->dump));
		EXPECT_TRUE(self->dump.interrupted);
	}
}

TEST_F_TIMEOUT(dump, nothing_is_left_in_the_middle, 300)
{
	EXPECT_EQ(0, dump_around(&self->nl, &self->other, L4LB_CMD_VIP_GET,
				 L4LB_CMD_FLUSH, NULL, NULL, &self->dump));
	EXPECT_TRUE(self->dump.interrupted);
	EXPECT_EQ(0, dump_all(&self->nl, L4LB_CMD_VIP_GET, &self->dump));
	EXPECT_EQ(0, self->dump.objects);
	EXPECT_FALSE(self->dump.interrupted);
}

/* A dump that nobody reads to its end goes with its socket. */
TEST_F_TIMEOUT(dump, an_abandoned_dump_harms_nobody, 300)
{
	dump_begin(&self->other, L4LB_CMD_REAL_GET, &self->dump);
	nl_close(&self->other);
	EXPECT_EQ(0, nl_named(&self->nl, L4LB_CMD_FLUSH, NULL, NULL));
}

FIXTURE(small)
{
	struct nl nl;
	struct nl_answer answer;
	struct dump dump;
};

FIXTURE_SETUP(small)
{
	ASSERT_EQ(0, nl_open_new(&self->nl));
}

FIXTURE_TEARDOWN(small)
{
	nl_close(&self->nl);
}

TEST_F_TIMEOUT(small, nothing_to_dump, 300)
{
	EXPECT_EQ(0, dump_all(&self->nl, L4LB_CMD_VIP_GET, &self->dump));
	EXPECT_EQ(0, self->dump.objects);
	EXPECT_EQ(0, dump_all(&self->nl, L4LB_CMD_REAL_GET, &self->dump));
	EXPECT_EQ(0, self->dump.objects);
	EXPECT_EQ(0, dump_all(&self->nl, L4LB_CMD_CONN_GET, &self->dump));
	EXPECT_EQ(0, self->dump.objects);
}

/* The largest VIPs and reals that there can be, by as many as fill messages. */
static void put_large_ports(struct nlmsghdr *nlh, __u16 type, int count)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, type);
	int i;

	for (i = 0; i < count; i++)
		nl_put_range(nlh, (__u16)(2 * i + 1), (__u16)(2 * i + 1));
	mnl_attr_nest_end(nlh, nest);
}

static void large_name(char *name, int number)
{
	snprintf(name, L4LB_NAME_MAX + 1, "a%030d", number);
}

static void large_text(char *text, size_t len)
{
	memset(text, 'r', len);
	text[len] = '\0';
}

static void put_large_check(struct nlmsghdr *nlh, __u16 type)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, type);
	char text[L4LB_CHECK_ARGS_MAX + 1];

	mnl_attr_put_strz(nlh, L4LB_A_CHECK_TYPE, "abcdefghijklmno");
	put_large_ports(nlh, L4LB_A_CHECK_PORTS, L4LB_CHECK_PORTS_MAX);
	large_name(text, 0);
	mnl_attr_put_strz(nlh, L4LB_A_CHECK_SECRET, text);
	large_text(text, L4LB_CHECK_ARGS_MAX);
	mnl_attr_put_strz(nlh, L4LB_A_CHECK_ARGS, text);
	mnl_attr_nest_end(nlh, nest);
}

static void put_large_sources(struct nlmsghdr *nlh)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, L4LB_A_VIP_SOURCES);
	char addr[64];
	int i;

	for (i = 0; i < L4LB_SOURCES_MAX; i++) {
		snprintf(addr, sizeof(addr), "2001:db8:2::%x", i + 1);
		nl_put_addr(nlh, L4LB_A_SOURCES_ADDR4, addr);
	}
	mnl_attr_nest_end(nlh, nest);
}

static int large_vip(struct nl *nl, int number)
{
	struct nlmsghdr *nlh = nl_begin(nl, L4LB_CMD_VIP_NEW, 0);
	struct nlattr *nest = mnl_attr_nest_start(nlh, L4LB_A_VIP);
	char name[L4LB_NAME_MAX + 1], addr[64];

	large_name(name, number);
	snprintf(addr, sizeof(addr), "2001:db8::%x", number + 1);
	mnl_attr_put_strz(nlh, L4LB_A_VIP_NAME, name);
	nl_put_addr(nlh, L4LB_A_VIP_ADDR4, addr);
	mnl_attr_put_u8(nlh, L4LB_A_VIP_PROTOS, L4LB_PROTO_ALL);
	put_large_ports(nlh, L4LB_A_VIP_PORTS, L4LB_PORTS_MAX);
	mnl_attr_put_u8(nlh, L4LB_A_VIP_MODE, L4LB_MODE_SNAT);
	put_large_sources(nlh);
	put_large_check(nlh, L4LB_A_VIP_CHECK);
	mnl_attr_nest_end(nlh, nest);

	return nl_do(nl);
}

static int large_real(struct nl *nl, int number)
{
	char name[L4LB_NAME_MAX + 1], reason[L4LB_REASON_MAX + 1];
	struct nlmsghdr *nlh;
	struct nlattr *nest;
	int err;

	large_name(name, number);
	nlh = nl_begin(nl, L4LB_CMD_REAL_NEW, 0);
	nl_put_name(nlh, L4LB_A_VIP, name);
	nest = mnl_attr_nest_start(nlh, L4LB_A_REAL);
	mnl_attr_put_strz(nlh, L4LB_A_REAL_NAME, name);
	nl_put_addr(nlh, L4LB_A_REAL_ADDR4, "2001:db8:1::1");
	put_large_check(nlh, L4LB_A_REAL_CHECK);
	mnl_attr_nest_end(nlh, nest);
	err = nl_do(nl);
	if (err)
		return err;

	large_text(reason, L4LB_REASON_MAX);
	nlh = nl_begin(nl, L4LB_CMD_REAL_HEALTH, 0);
	nl_put_name(nlh, L4LB_A_VIP, name);
	nest = mnl_attr_nest_start(nlh, L4LB_A_REAL);
	mnl_attr_put_strz(nlh, L4LB_A_REAL_NAME, name);
	mnl_attr_put_u8(nlh, L4LB_A_REAL_HEALTH, L4LB_HEALTH_DOWN);
	mnl_attr_put_strz(nlh, L4LB_A_REAL_REASON, reason);
	mnl_attr_put_u8(nlh, L4LB_A_REAL_RESULT, L4LB_HEALTH_DOWN);
	mnl_attr_put_strz(nlh, L4LB_A_REAL_RESULT_TEXT, reason);
	mnl_attr_nest_end(nlh, nest);

	return nl_do(nl);
}

TEST_F_TIMEOUT(small, the_largest_objects_fit, 300)
{
	char name[L4LB_NAME_MAX + 1];
	int i;

	for (i = 0; i < 40; i++) {
		ASSERT_EQ(0, large_vip(&self->nl, i));
		ASSERT_EQ(0, large_real(&self->nl, i));
		large_name(name, i);
		EXPECT_EQ(0, nl_named(&self->nl, L4LB_CMD_VIP_GET, name, NULL));
		EXPECT_EQ(0, nl_named(&self->nl, L4LB_CMD_REAL_GET, name,
				      name));
	}

	EXPECT_EQ(0, dump_all(&self->nl, L4LB_CMD_VIP_GET, &self->dump));
	EXPECT_EQ(40, self->dump.objects);
	EXPECT_LT(1, self->dump.parts);
	EXPECT_EQ(0, dump_all(&self->nl, L4LB_CMD_REAL_GET, &self->dump));
	EXPECT_EQ(40, self->dump.objects);
}

static int talk(struct nl *nl, struct nl_answer *answer)
{
	int err;

	memset(answer, 0, sizeof(*answer));
	err = nl_talk(nl, NULL, NULL, answer);

	return err ? err : answer->err;
}

TEST_F_TIMEOUT(small, dumps_of_what_is_not_there, 300)
{
	struct nl_answer *answer = &self->answer;
	struct nl *nl = &self->nl;
	struct nlmsghdr *nlh;
	struct nlattr *nest;

	ASSERT_EQ(0, nl_vip_new(nl, "web", "192.0.2.10", 80, L4LB_MODE_DR));

	nlh = nl_begin(nl, L4LB_CMD_VIP_GET, NLM_F_DUMP);
	nl_put_name(nlh, L4LB_A_VIP, "web");
	EXPECT_EQ(-EINVAL, talk(nl, answer));
	EXPECT_STREQ("a dump is of all vips", answer->text);

	nlh = nl_begin(nl, L4LB_CMD_REAL_GET, NLM_F_DUMP);
	nl_put_name(nlh, L4LB_A_VIP, "web");
	nl_put_name(nlh, L4LB_A_REAL, "one");
	EXPECT_EQ(-EINVAL, talk(nl, answer));
	EXPECT_STREQ("a dump is of all reals", answer->text);

	nlh = nl_begin(nl, L4LB_CMD_REAL_GET, NLM_F_DUMP);
	nl_put_name(nlh, L4LB_A_VIP, "wob");
	EXPECT_EQ(-ENOENT, talk(nl, answer));
	EXPECT_STREQ("no such vip", answer->text);

	nlh = nl_begin(nl, L4LB_CMD_CONN_GET, NLM_F_DUMP);
	nest = mnl_attr_nest_start(nlh, L4LB_A_FILTER);
	mnl_attr_put_strz(nlh, L4LB_A_FILTER_VIP, "wob");
	mnl_attr_nest_end(nlh, nest);
	EXPECT_EQ(-ENOENT, talk(nl, answer));
	EXPECT_STREQ("no such vip", answer->text);
}

#define CLIENTS	600

static void client_addr(char *addr, size_t size, int number)
{
	snprintf(addr, size, "198.51.%d.%d", number / 250, number % 250 + 1);
}

static int pin_clients(struct nl *nl, int from)
{
	char addr[INET_ADDRSTRLEN];
	int i, err = 0;

	for (i = from; !err && i < from + CLIENTS; i++) {
		client_addr(addr, sizeof(addr), i);
		err = nl_pin(nl, "web", "one", addr);
	}

	return err;
}

/**
 * struct clients - what a dump of clients brought
 * @other: socket by which others come while it is read, or NULL
 * @err: whether that went wrong
 * @seen: how often each of the first ones came
 */
struct clients {
	struct nl *other;
	int err;
	int seen[CLIENTS];
};

static void each_client(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr = nl_nested(nlh, L4LB_A_PERSIST,
					      L4LB_A_PERSIST_ADDR4);
	struct clients *clients = data;
	const __u8 *addr;
	int number;

	if (attr) {
		addr = mnl_attr_get_payload(attr);
		number = addr[2] * 250 + addr[3] - 1;
		if (number < CLIENTS)
			clients->seen[number]++;
	}
	if (clients->other)
		clients->err = pin_clients(clients->other, CLIENTS);
	clients->other = NULL;
}

/* In few buckets, so that each has many: every client is there, and once. */
TEST_F_TIMEOUT(small, clients_that_come_meanwhile, 300)
{
	struct clients clients = { 0 };
	struct nl_answer answer = { 0 };
	struct nl *nl = &self->nl;
	struct nl other;
	int i, wrong = 0;

	ASSERT_EQ(0, nl_open(&other));
	ASSERT_EQ(0, nl_info_set(nl, L4LB_A_INFO_PERSISTS_MAX, 16));
	ASSERT_EQ(0, nl_vip_new(nl, "web", "192.0.2.10", 80, L4LB_MODE_DR));
	ASSERT_EQ(0, nl_real_new(nl, "web", "one", "192.0.2.21"));
	ASSERT_EQ(0, nl_vip_persist(nl, "web", 60000));
	ASSERT_EQ(0, nl_info_set(nl, L4LB_A_INFO_PERSISTS_MAX, 4 * CLIENTS));
	ASSERT_EQ(0, pin_clients(&other, 0));

	clients.other = &other;
	nl_begin(nl, L4LB_CMD_PERSIST_GET, NLM_F_DUMP);
	ASSERT_EQ(0, nl_talk(nl, each_client, &clients, &answer));
	EXPECT_EQ(0, clients.err);
	for (i = 0; i < CLIENTS; i++)
		wrong += clients.seen[i] != 1;
	EXPECT_EQ(0, wrong);
	nl_close(&other);
}

TEST_F_TIMEOUT(small, filters_that_are_wrong, 300)
{
	const struct {
		__u8 cmd;
		__u16 flags;
	} requests[] = {
		{ L4LB_CMD_CONN_GET, NLM_F_DUMP },
		{ L4LB_CMD_CONN_DEL, 0 },
	};
	struct nl_answer *answer = &self->answer;
	struct nl *nl = &self->nl;
	struct nlmsghdr *nlh;
	struct nlattr *nest;
	size_t i;

	for (i = 0; i < 2; i++) {
		nlh = nl_begin(nl, requests[i].cmd, requests[i].flags);
		nest = mnl_attr_nest_start(nlh, L4LB_A_FILTER);
		mnl_attr_put_u8(nlh, L4LB_A_FILTER_LEN, 24);
		mnl_attr_nest_end(nlh, nest);
		EXPECT_EQ(-EINVAL, talk(nl, answer));
		EXPECT_STREQ("a prefix length needs an address", answer->text);

		nlh = nl_begin(nl, requests[i].cmd, requests[i].flags);
		nest = mnl_attr_nest_start(nlh, L4LB_A_FILTER);
		nl_put_addr(nlh, L4LB_A_FILTER_ADDR4, "192.0.2.0");
		mnl_attr_put_u8(nlh, L4LB_A_FILTER_LEN, 33);
		mnl_attr_nest_end(nlh, nest);
		EXPECT_EQ(-EINVAL, talk(nl, answer));
		EXPECT_STREQ("the prefix is longer than the address",
			     answer->text);

		nlh = nl_begin(nl, requests[i].cmd, requests[i].flags);
		nest = mnl_attr_nest_start(nlh, L4LB_A_FILTER);
		nl_put_addr(nlh, L4LB_A_FILTER_ADDR4, "192.0.2.0");
		nl_put_addr(nlh, L4LB_A_FILTER_ADDR4, "2001:db8::");
		mnl_attr_nest_end(nlh, nest);
		EXPECT_EQ(-EINVAL, talk(nl, answer));
		EXPECT_STREQ("give one address, IPv4 or IPv6", answer->text);
	}
}

TEST_HARNESS_MAIN
