// SPDX-License-Identifier: GPL-2.0-only
/*
 * Notifications: one for each change, in order, to the right group, with what
 * was promised, and none for what changed nothing.
 */

#include "nl.h"

#include "kselftest_harness.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

/**
 * struct notice - a notification
 * @cmd: &enum l4lb_cmd
 * @event: &enum l4lb_event
 * @vip: name of the VIP
 * @real: name of the real, empty if it is about the VIP
 * @whole: whether there is more than names
 * @generation: of the configuration
 * @state: &enum l4lb_vip_state, if it is about a VIP
 */
struct notice {
	__u8 cmd;
	__u8 event;
	char vip[L4LB_NAME_MAX + 1];
	char real[L4LB_NAME_MAX + 1];
	bool whole;
	__u32 generation;
	__u8 state;
};

FIXTURE(notify)
{
	struct nl nl;
	struct nl config;
	struct nl health;
	struct notice notice;
};

static int listen_to(struct nl *nl, __u32 group)
{
	return mnl_socket_setsockopt(nl->sock, NETLINK_ADD_MEMBERSHIP, &group,
				     sizeof(group));
}

FIXTURE_SETUP(notify)
{
	ASSERT_EQ(0, nl_open_new(&self->nl));
	ASSERT_EQ(0, nl_open(&self->config));
	ASSERT_EQ(0, nl_open(&self->health));
	ASSERT_NE(0, self->nl.config);
	ASSERT_NE(0, self->nl.health);
	ASSERT_EQ(0, listen_to(&self->config, self->nl.config));
	ASSERT_EQ(0, listen_to(&self->health, self->nl.health));
}

FIXTURE_TEARDOWN(notify)
{
	nl_close(&self->health);
	nl_close(&self->config);
	nl_close(&self->nl);
}

static bool is_silent(const struct nl *nl)
{
	struct pollfd fd = {
		.fd = mnl_socket_get_fd(nl->sock),
		.events = POLLIN,
	};

	/* They are sent before the answer to the request. */
	return poll(&fd, 1, 0) == 0;
}

static int hear(struct nl *nl, struct notice *notice)
{
	const struct nlmsghdr *nlh = (struct nlmsghdr *)nl->in;
	const struct nlattr *attr;

	memset(notice, 0, sizeof(*notice));
	if (mnl_socket_recvfrom(nl->sock, nl->in, sizeof(nl->in)) < 0)
		return -errno;
	if (nlh->nlmsg_type != nl->family)
		return -EBADMSG;

	notice->cmd = nl_cmd(nlh);
	snprintf(notice->vip, sizeof(notice->vip), "%s",
		 nl_name(nlh, L4LB_A_VIP));
	snprintf(notice->real, sizeof(notice->real), "%s",
		 nl_name(nlh, L4LB_A_REAL));
	notice->whole = nl_nested(nlh, L4LB_A_VIP, L4LB_A_VIP_STATS) ||
			nl_nested(nlh, L4LB_A_REAL, L4LB_A_REAL_STATS);
	attr = nl_attr(nlh, L4LB_A_EVENT);
	if (attr)
		notice->event = mnl_attr_get_u8(attr);
	attr = nl_attr(nlh, L4LB_A_GENERATION);
	if (attr)
		notice->generation = mnl_attr_get_u32(attr);
	attr = nl_nested(nlh, L4LB_A_VIP, L4LB_A_VIP_STATE);
	if (attr)
		notice->state = mnl_attr_get_u8(attr);

	return 0;
}

static bool is(const struct notice *notice, __u8 cmd, __u8 event,
	       const char *vip, const char *real)
{
	const bool whole = event != L4LB_EVENT_DEL;

	if (notice->cmd == cmd && notice->event == event &&
	    !strcmp(notice->vip, vip) && !strcmp(notice->real, real) &&
	    notice->whole == whole)
		return true;

	fprintf(stderr, "# command %u event %u of %s %s%s\n", notice->cmd,
		notice->event, notice->vip, notice->real,
		notice->whole ? ", whole" : "");

	return false;
}

/* Changes a VIP: its name, if there is another, else nothing but its idle. */
static int vip_set(struct nl *nl, const char *name, const char *new_name)
{
	struct nlmsghdr *nlh = nl_begin(nl, L4LB_CMD_VIP_SET, 0);
	struct nlattr *nest = mnl_attr_nest_start(nlh, L4LB_A_VIP);

	mnl_attr_put_strz(nlh, L4LB_A_VIP_NAME, name);
	if (new_name)
		mnl_attr_put_strz(nlh, L4LB_A_VIP_NEW_NAME, new_name);
	else
		mnl_attr_put_u32(nlh, L4LB_A_VIP_IDLE, 5000);
	mnl_attr_nest_end(nlh, nest);

	return nl_do(nl);
}

static int real_set(struct nl *nl, const char *vip, const char *name)
{
	struct nlmsghdr *nlh = nl_begin(nl, L4LB_CMD_REAL_SET, 0);
	struct nlattr *nest;

	nl_put_name(nlh, L4LB_A_VIP, vip);
	nest = mnl_attr_nest_start(nlh, L4LB_A_REAL);
	mnl_attr_put_strz(nlh, L4LB_A_REAL_NAME, name);
	mnl_attr_put_u8(nlh, L4LB_A_REAL_ADMIN, L4LB_ADMIN_DRAIN);
	mnl_attr_nest_end(nlh, nest);

	return nl_do(nl);
}

TEST_F_TIMEOUT(notify, every_change_of_the_configuration, 300)
{
	struct notice *n = &self->notice;
	struct nl *nl = &self->nl;

	ASSERT_EQ(0, nl_vip_new(nl, "web", "192.0.2.10", 80, L4LB_MODE_DR));
	ASSERT_EQ(0, hear(&self->config, n));
	EXPECT_TRUE(is(n, L4LB_CMD_VIP_NTF, L4LB_EVENT_NEW, "web", ""));
	EXPECT_EQ(nl_generation(nl), n->generation);

	ASSERT_EQ(0, vip_set(nl, "web", NULL));
	ASSERT_EQ(0, hear(&self->config, n));
	EXPECT_TRUE(is(n, L4LB_CMD_VIP_NTF, L4LB_EVENT_SET, "web", ""));
	EXPECT_EQ(nl_generation(nl), n->generation);

	ASSERT_EQ(0, nl_real_new(nl, "web", "one", "192.0.2.21"));
	ASSERT_EQ(0, hear(&self->config, n));
	EXPECT_TRUE(is(n, L4LB_CMD_REAL_NTF, L4LB_EVENT_NEW, "web", "one"));
	EXPECT_EQ(nl_generation(nl), n->generation);

	ASSERT_EQ(0, real_set(nl, "web", "one"));
	ASSERT_EQ(0, hear(&self->config, n));
	EXPECT_TRUE(is(n, L4LB_CMD_REAL_NTF, L4LB_EVENT_SET, "web", "one"));
	EXPECT_EQ(nl_generation(nl), n->generation);

	ASSERT_EQ(0, vip_set(nl, "web", "web2"));
	ASSERT_EQ(0, hear(&self->config, n));
	EXPECT_TRUE(is(n, L4LB_CMD_VIP_NTF, L4LB_EVENT_SET, "web2", ""));
	EXPECT_EQ(nl_generation(nl), n->generation);

	ASSERT_EQ(0, nl_named(nl, L4LB_CMD_REAL_DEL, "web2", "one"));
	ASSERT_EQ(0, hear(&self->config, n));
	EXPECT_TRUE(is(n, L4LB_CMD_REAL_NTF, L4LB_EVENT_DEL, "web2", "one"));
	EXPECT_EQ(nl_generation(nl), n->generation);

	ASSERT_EQ(0, nl_named(nl, L4LB_CMD_VIP_DEL, "web2", NULL));
	ASSERT_EQ(0, hear(&self->config, n));
	EXPECT_TRUE(is(n, L4LB_CMD_VIP_NTF, L4LB_EVENT_DEL, "web2", ""));
	EXPECT_EQ(nl_generation(nl), n->generation);

	EXPECT_TRUE(is_silent(&self->config));
	EXPECT_TRUE(is_silent(&self->health));
}

TEST_F_TIMEOUT(notify, replacements, 300)
{
	struct notice *n = &self->notice;
	struct nl *nl = &self->nl;
	struct nlmsghdr *nlh;
	struct nlattr *nest;

	ASSERT_EQ(0, nl_vip_new(nl, "web", "192.0.2.10", 80, L4LB_MODE_DR));
	ASSERT_EQ(0, nl_real_new(nl, "web", "one", "192.0.2.21"));
	ASSERT_EQ(0, hear(&self->config, n));
	ASSERT_EQ(0, hear(&self->config, n));

	nlh = nl_begin(nl, L4LB_CMD_REAL_NEW, 0);
	nl_put_name(nlh, L4LB_A_VIP, "web");
	nest = mnl_attr_nest_start(nlh, L4LB_A_REAL);
	mnl_attr_put_strz(nlh, L4LB_A_REAL_NAME, "one");
	nl_put_addr(nlh, L4LB_A_REAL_ADDR4, "192.0.2.22");
	mnl_attr_nest_end(nlh, nest);
	mnl_attr_put(nlh, L4LB_A_REPLACE, 0, NULL);
	ASSERT_EQ(0, nl_do(nl));
	ASSERT_EQ(0, hear(&self->config, n));
	EXPECT_TRUE(is(n, L4LB_CMD_REAL_NTF, L4LB_EVENT_SET, "web", "one"));
	EXPECT_TRUE(is_silent(&self->config));
}

TEST_F_TIMEOUT(notify, verdicts_go_to_health, 300)
{
	struct notice *n = &self->notice;
	struct nl *nl = &self->nl;

	ASSERT_EQ(0, nl_vip_new(nl, "web", "192.0.2.10", 80, L4LB_MODE_DR));
	ASSERT_EQ(0, nl_real_new(nl, "web", "one", "192.0.2.21"));
	ASSERT_EQ(0, hear(&self->config, n));
	ASSERT_EQ(0, hear(&self->config, n));

	ASSERT_EQ(0, nl_real_health(nl, "web", "one", L4LB_HEALTH_UP));
	ASSERT_EQ(0, hear(&self->health, n));
	EXPECT_TRUE(is(n, L4LB_CMD_REAL_NTF, L4LB_EVENT_HEALTH, "web", "one"));
	EXPECT_EQ(nl_generation(nl), n->generation);

	/* The same again is no news. */
	ASSERT_EQ(0, nl_real_health(nl, "web", "one", L4LB_HEALTH_UP));
	EXPECT_TRUE(is_silent(&self->health));

	ASSERT_EQ(0, nl_real_health(nl, "web", "one", L4LB_HEALTH_DOWN));
	ASSERT_EQ(0, hear(&self->health, n));
	EXPECT_TRUE(is(n, L4LB_CMD_REAL_NTF, L4LB_EVENT_HEALTH, "web", "one"));
	EXPECT_TRUE(is_silent(&self->config));
	EXPECT_TRUE(is_silent(&self->health));
}

TEST_F_TIMEOUT(notify, an_address_that_comes_and_goes, 300)
{
	struct notice *n = &self->notice;
	struct nl *nl = &self->nl;

	ASSERT_EQ(0, system("ip link set lo up"));
	ASSERT_EQ(0, nl_vip_new(nl, "web", "192.0.2.10", 80, L4LB_MODE_DR));
	ASSERT_EQ(0, hear(&self->config, n));
	EXPECT_EQ(L4LB_VIP_NO_ADDRESS, n->state);

	ASSERT_EQ(0, system("ip addr add 192.0.2.10/32 dev lo"));
	ASSERT_EQ(0, hear(&self->health, n));
	EXPECT_TRUE(is(n, L4LB_CMD_VIP_NTF, L4LB_EVENT_HEALTH, "web", ""));
	EXPECT_EQ(L4LB_VIP_NO_REAL, n->state);

	ASSERT_EQ(0, system("ip addr del 192.0.2.10/32 dev lo"));
	ASSERT_EQ(0, hear(&self->health, n));
	EXPECT_TRUE(is(n, L4LB_CMD_VIP_NTF, L4LB_EVENT_HEALTH, "web", ""));
	EXPECT_EQ(L4LB_VIP_NO_ADDRESS, n->state);

	EXPECT_TRUE(is_silent(&self->config));
	EXPECT_TRUE(is_silent(&self->health));
}

/* What becomes of a VIP by its reals, once for each time that it is news. */
TEST_F_TIMEOUT(notify, how_a_vip_serves, 300)
{
	struct notice *n = &self->notice;
	struct nl *nl = &self->nl;
	int i;

	ASSERT_EQ(0, system("ip link set lo up"));
	ASSERT_EQ(0, system("ip addr add 192.0.2.10/32 dev lo"));
	ASSERT_EQ(0, nl_vip_new(nl, "web", "192.0.2.10", 80, L4LB_MODE_DR));
	ASSERT_EQ(0, nl_real_new(nl, "web", "one", "192.0.2.21"));
	ASSERT_EQ(0, hear(&self->health, n));
	EXPECT_TRUE(is(n, L4LB_CMD_VIP_NTF, L4LB_EVENT_HEALTH, "web", ""));
	EXPECT_EQ(L4LB_VIP_UP, n->state);
	ASSERT_EQ(0, nl_real_new(nl, "web", "two", "192.0.2.22"));
	EXPECT_TRUE(is_silent(&self->health));

	ASSERT_EQ(0, nl_real_health(nl, "web", "one", L4LB_HEALTH_DOWN));
	ASSERT_EQ(0, hear(&self->health, n));
	EXPECT_TRUE(is(n, L4LB_CMD_REAL_NTF, L4LB_EVENT_HEALTH, "web", "one"));
	ASSERT_EQ(0, hear(&self->health, n));
	EXPECT_TRUE(is(n, L4LB_CMD_VIP_NTF, L4LB_EVENT_HEALTH, "web", ""));
	EXPECT_EQ(L4LB_VIP_DEGRADED, n->state);

	ASSERT_EQ(0, nl_real_health(nl, "web", "two", L4LB_HEALTH_SICK));
	ASSERT_EQ(0, hear(&self->health, n));
	ASSERT_EQ(0, hear(&self->health, n));
	EXPECT_TRUE(is(n, L4LB_CMD_VIP_NTF, L4LB_EVENT_HEALTH, "web", ""));
	EXPECT_EQ(L4LB_VIP_NO_REAL, n->state);

	/* By the administrator too, after what was done. */
	ASSERT_EQ(0, nl_real_health(nl, "web", "one", L4LB_HEALTH_UP));
	ASSERT_EQ(0, hear(&self->health, n));
	ASSERT_EQ(0, hear(&self->health, n));
	EXPECT_EQ(L4LB_VIP_DEGRADED, n->state);
	ASSERT_EQ(0, nl_named(nl, L4LB_CMD_REAL_DEL, "web", "two"));
	ASSERT_EQ(0, hear(&self->health, n));
	EXPECT_TRUE(is(n, L4LB_CMD_VIP_NTF, L4LB_EVENT_HEALTH, "web", ""));
	EXPECT_EQ(L4LB_VIP_UP, n->state);
	EXPECT_TRUE(is_silent(&self->health));
	for (i = 0; i < 4; i++)
		ASSERT_EQ(0, hear(&self->config, n));
	EXPECT_TRUE(is_silent(&self->config));
}

TEST_F_TIMEOUT(notify, nothing_of_what_is_refused, 300)
{
	struct notice *n = &self->notice;
	struct nl *nl = &self->nl;

	ASSERT_EQ(0, nl_vip_new(nl, "web", "192.0.2.10", 80, L4LB_MODE_DR));
	ASSERT_EQ(0, hear(&self->config, n));

	EXPECT_EQ(-EEXIST, nl_vip_new(nl, "web", "192.0.2.10", 80,
				      L4LB_MODE_DR));
	EXPECT_EQ(-ENOENT, vip_set(nl, "wob", NULL));
	EXPECT_EQ(-ENOENT, nl_real_new(nl, "wob", "one", "192.0.2.21"));
	EXPECT_EQ(-ENOENT, real_set(nl, "web", "one"));
	EXPECT_EQ(-ENOENT, nl_real_health(nl, "web", "one", L4LB_HEALTH_UP));
	EXPECT_EQ(-ENOENT, nl_named(nl, L4LB_CMD_VIP_DEL, "wob", NULL));
	EXPECT_EQ(0, nl_named(nl, L4LB_CMD_STATS_RESET, NULL, NULL));
	EXPECT_TRUE(is_silent(&self->config));
	EXPECT_TRUE(is_silent(&self->health));
}

TEST_F_TIMEOUT(notify, a_flush_is_told_vip_by_vip, 300)
{
	struct notice *n = &self->notice;
	struct nl *nl = &self->nl;
	char name[L4LB_NAME_MAX + 1], addr[64];
	__u32 before;
	int i;

	for (i = 0; i < 3; i++) {
		snprintf(name, sizeof(name), "vip-%d", i);
		snprintf(addr, sizeof(addr), "192.0.2.%d", i + 1);
		ASSERT_EQ(0, nl_vip_new(nl, name, addr, 80, L4LB_MODE_DR));
		ASSERT_EQ(0, nl_real_new(nl, name, "one", "192.0.2.21"));
		ASSERT_EQ(0, hear(&self->config, n));
		ASSERT_EQ(0, hear(&self->config, n));
	}

	before = n->generation;
	ASSERT_EQ(0, nl_named(nl, L4LB_CMD_FLUSH, NULL, NULL));
	for (i = 0; i < 3; i++) {
		snprintf(name, sizeof(name), "vip-%d", i);
		ASSERT_EQ(0, hear(&self->config, n));
		EXPECT_TRUE(is(n, L4LB_CMD_VIP_NTF, L4LB_EVENT_DEL, name, ""));
		/* Who has seen "before" must see that this is news. */
		EXPECT_LT(before, n->generation);
	}
	EXPECT_EQ(nl_generation(nl), n->generation);
	EXPECT_TRUE(is_silent(&self->config));
}

TEST_F_TIMEOUT(notify, all_in_the_order_of_the_changes, 300)
{
	struct notice *n = &self->notice;
	struct nl *nl = &self->nl;
	char name[L4LB_NAME_MAX + 1], addr[64];
	__u32 last = 0;
	int i;

	for (i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "vip-%d", i);
		snprintf(addr, sizeof(addr), "192.0.2.%d", i + 1);
		ASSERT_EQ(0, nl_vip_new(nl, name, addr, 80, L4LB_MODE_DR));
	}
	for (i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "vip-%d", i);
		ASSERT_EQ(0, hear(&self->config, n));
		EXPECT_TRUE(is(n, L4LB_CMD_VIP_NTF, L4LB_EVENT_NEW, name, ""));
		EXPECT_LT(last, n->generation);
		last = n->generation;
	}
}

/* Who reads too slowly is told so, and may go on. */
TEST_F_TIMEOUT(notify, a_slow_listener_knows, 300)
{
	struct notice *n = &self->notice;
	struct nl *nl = &self->nl;
	int i, err = 0, heard = 0, size = 1;

	ASSERT_EQ(0, setsockopt(mnl_socket_get_fd(self->config.sock),
				SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)));
	ASSERT_EQ(0, nl_vip_new(nl, "web", "192.0.2.10", 80, L4LB_MODE_DR));
	for (i = 0; i < 50; i++)
		ASSERT_EQ(0, vip_set(nl, "web", NULL));

	while (!err && heard < 51) {
		err = hear(&self->config, n);
		heard++;
	}
	EXPECT_EQ(-ENOBUFS, err);

	while (!is_silent(&self->config))
		ASSERT_EQ(0, hear(&self->config, n));
	ASSERT_EQ(0, nl_named(nl, L4LB_CMD_VIP_DEL, "web", NULL));
	ASSERT_EQ(0, hear(&self->config, n));
	EXPECT_TRUE(is(n, L4LB_CMD_VIP_NTF, L4LB_EVENT_DEL, "web", ""));
}

static int standby(struct nl *nl, __u8 on)
{
	struct nlmsghdr *nlh = nl_begin(nl, L4LB_CMD_INFO_SET, 0);
	struct nlattr *nest = mnl_attr_nest_start(nlh, L4LB_A_INFO);

	mnl_attr_put_u8(nlh, L4LB_A_INFO_STANDBY, on);
	mnl_attr_nest_end(nlh, nest);

	return nl_do(nl);
}

TEST_F_TIMEOUT(notify, standby_is_news_of_every_vip, 300)
{
	struct nl *nl = &self->nl;
	int i;

	ASSERT_EQ(0, nl_vip_new(nl, "web", "192.0.2.10", 80, L4LB_MODE_DR));
	ASSERT_EQ(0, nl_vip_new(nl, "mail", "192.0.2.10", 25, L4LB_MODE_DR));
	ASSERT_EQ(0, hear(&self->config, &self->notice));
	ASSERT_EQ(0, hear(&self->config, &self->notice));

	ASSERT_EQ(0, standby(nl, 1));
	ASSERT_EQ(0, hear(&self->health, &self->notice));
	EXPECT_TRUE(is(&self->notice, L4LB_CMD_VIP_NTF, L4LB_EVENT_HEALTH,
		       "web", ""));
	EXPECT_EQ(L4LB_VIP_STANDBY, self->notice.state);
	ASSERT_EQ(0, hear(&self->health, &self->notice));
	EXPECT_TRUE(is(&self->notice, L4LB_CMD_VIP_NTF, L4LB_EVENT_HEALTH,
		       "mail", ""));

	/* It is no news that it is so still. */
	ASSERT_EQ(0, standby(nl, 1));
	EXPECT_TRUE(is_silent(&self->health));

	ASSERT_EQ(0, standby(nl, 0));
	ASSERT_EQ(0, hear(&self->health, &self->notice));
	EXPECT_EQ(L4LB_VIP_NO_ADDRESS, self->notice.state);

	/* The setting itself is told each time that it is made. */
	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, hear(&self->config, &self->notice));
		EXPECT_EQ(L4LB_CMD_EVENT_NTF, self->notice.cmd);
	}
	EXPECT_TRUE(is_silent(&self->config));
}

static __u8 record_what(const struct nl *nl)
{
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)nl->in;
	const struct nlattr *attr = nl_nested(nlh, L4LB_A_RECORD,
					      L4LB_A_RECORD_WHAT);

	return attr ? mnl_attr_get_u8(attr) : 0;
}

static bool record_has(const struct nl *nl, __u16 type)
{
	return nl_nested((const struct nlmsghdr *)nl->in, L4LB_A_RECORD, type);
}

/* What is about no VIP or real itself; only some may know which clients it is. */
TEST_F_TIMEOUT(notify, what_else_happens, 300)
{
	struct notice *n = &self->notice;
	struct nl *nl = &self->nl;
	struct nlmsghdr *nlh;
	struct nlattr *nest;
	struct nl client;

	ASSERT_NE(0, nl->client);
	ASSERT_EQ(0, nl_open(&client));
	ASSERT_EQ(0, listen_to(&client, nl->client));
	ASSERT_EQ(0, nl_vip_new(nl, "web", "192.0.2.10", 80, L4LB_MODE_DR));
	ASSERT_EQ(0, nl_real_new(nl, "web", "one", "192.0.2.21"));
	ASSERT_EQ(0, nl_vip_persist(nl, "web", 60000));
	ASSERT_EQ(0, hear(&self->config, n));
	ASSERT_EQ(0, hear(&self->config, n));
	ASSERT_EQ(0, hear(&self->config, n));

	ASSERT_EQ(0, nl_info_set(nl, L4LB_A_INFO_SEED, 5));
	ASSERT_EQ(0, hear(&self->config, n));
	EXPECT_EQ(L4LB_CMD_EVENT_NTF, n->cmd);
	EXPECT_EQ(L4LB_RECORD_GLOBAL, record_what(&self->config));
	EXPECT_FALSE(record_has(&self->config, L4LB_A_RECORD_UID));
	EXPECT_FALSE(record_has(&self->config, L4LB_A_RECORD_COMM));

	ASSERT_EQ(0, nl_pin(nl, "web", "one", "198.51.100.1"));
	ASSERT_EQ(0, hear(&client, n));
	EXPECT_EQ(L4LB_CMD_EVENT_NTF, n->cmd);
	EXPECT_EQ(L4LB_RECORD_PERSIST, record_what(&client));
	EXPECT_TRUE(record_has(&client, L4LB_A_RECORD_CLIENT4));
	EXPECT_TRUE(record_has(&client, L4LB_A_RECORD_UID));
	EXPECT_TRUE(is_silent(&self->config));

	nlh = nl_begin(nl, L4LB_CMD_PERSIST_DEL, 0);
	nest = mnl_attr_nest_start(nlh, L4LB_A_FILTER);
	mnl_attr_put_strz(nlh, L4LB_A_FILTER_VIP, "web");
	mnl_attr_nest_end(nlh, nest);
	ASSERT_EQ(0, nl_do(nl));
	ASSERT_EQ(0, hear(&self->config, n));
	EXPECT_EQ(L4LB_RECORD_PERSIST, record_what(&self->config));
	EXPECT_TRUE(record_has(&self->config, L4LB_A_RECORD_COUNT));
	EXPECT_TRUE(is_silent(&client));
	nl_close(&client);
}

TEST_HARNESS_MAIN
