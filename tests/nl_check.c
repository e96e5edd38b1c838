// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checks as they are configured, and what checkers report of reals.
 */

#include "nl.h"

#include "kselftest_harness.h"

#include <grp.h>
#include <stdio.h>
#include <unistd.h>

#define NOBODY		65534
#define BIT(n)		(1U << (n))

/**
 * struct check - a check as it is read, or as it is to be written
 * @type: its type
 * @fast: ms, or 0
 * @via: &enum l4lb_via, or 0
 * @agent: port of the agent
 * @guard: percent
 * @secret: name of the secret
 * @args: its arguments
 * @has_args: whether they could be read
 */
struct check {
	char type[L4LB_CHECK_TYPE_MAX + 1];
	__u32 fast;
	__u8 via;
	__u16 agent;
	__u8 guard;
	char secret[L4LB_NAME_MAX + 1];
	char args[L4LB_CHECK_ARGS_MAX + 2];
	bool has_args;
};

/**
 * struct real - what is read of a real
 * @check: its check, if it has its own
 * @epoch: epoch
 * @health: &enum l4lb_health
 * @serves: whether it takes new connections
 * @flaps: how often it has ceased to be up
 * @result: &enum l4lb_health of the last check
 * @text: what that has found
 * @rtt: microseconds that it has taken
 * @agent_weight: percent
 * @agent_admin: &enum l4lb_admin
 */
struct real {
	struct check check;
	__u32 epoch;
	__u8 health;
	__u8 serves;
	__u32 flaps;
	__u8 result;
	char text[L4LB_REASON_MAX + 1];
	__u32 rtt;
	__u16 agent_weight;
	__u8 agent_admin;
};

static void copy(char *to, size_t size, const struct nlattr *attr)
{
	snprintf(to, size, "%s", mnl_attr_get_str(attr));
}

static void read_check(const struct nlattr *nest, struct check *check)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest) {
		switch (mnl_attr_get_type(attr)) {
		case L4LB_A_CHECK_TYPE:
			copy(check->type, sizeof(check->type), attr);
			break;
		case L4LB_A_CHECK_FAST:
			check->fast = mnl_attr_get_u32(attr);
			break;
		case L4LB_A_CHECK_VIA:
			check->via = mnl_attr_get_u8(attr);
			break;
		case L4LB_A_CHECK_AGENT:
			check->agent = ntohs(mnl_attr_get_u16(attr));
			break;
		case L4LB_A_CHECK_GUARD:
			check->guard = mnl_attr_get_u8(attr);
			break;
		case L4LB_A_CHECK_SECRET:
			copy(check->secret, sizeof(check->secret), attr);
			break;
		case L4LB_A_CHECK_ARGS:
			copy(check->args, sizeof(check->args), attr);
			check->has_args = true;
			break;
		}
	}
}

static void each_vip(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *nest = nl_nested(nlh, L4LB_A_VIP,
					      L4LB_A_VIP_CHECK);

	read_check(nest, data);
}

static void each_real(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr, *nest = nl_attr(nlh, L4LB_A_REAL);
	struct real *real = data;

	mnl_attr_for_each_nested(attr, nest) {
		switch (mnl_attr_get_type(attr)) {
		case L4LB_A_REAL_CHECK:
			read_check(attr, &real->check);
			break;
		case L4LB_A_REAL_EPOCH:
			real->epoch = mnl_attr_get_u32(attr);
			break;
		case L4LB_A_REAL_HEALTH:
			real->health = mnl_attr_get_u8(attr);
			break;
		case L4LB_A_REAL_SERVES:
			real->serves = mnl_attr_get_u8(attr);
			break;
		case L4LB_A_REAL_FLAPS:
			real->flaps = mnl_attr_get_u32(attr);
			break;
		case L4LB_A_REAL_RESULT:
			real->result = mnl_attr_get_u8(attr);
			break;
		case L4LB_A_REAL_RESULT_TEXT:
			copy(real->text, sizeof(real->text), attr);
			break;
		case L4LB_A_REAL_RTT:
			real->rtt = mnl_attr_get_u32(attr);
			break;
		case L4LB_A_REAL_AGENT_WEIGHT:
			real->agent_weight = mnl_attr_get_u16(attr);
			break;
		case L4LB_A_REAL_AGENT_ADMIN:
			real->agent_admin = mnl_attr_get_u8(attr);
			break;
		}
	}
}

static int vip_get(struct nl *nl, const char *name, struct check *check)
{
	struct nlmsghdr *nlh = nl_begin(nl, L4LB_CMD_VIP_GET, 0);
	struct nl_answer answer = { 0 };
	int err;

	memset(check, 0, sizeof(*check));
	nl_put_name(nlh, L4LB_A_VIP, name);
	err = nl_talk(nl, each_vip, check, &answer);

	return err ? err : answer.err;
}

static int real_get(struct nl *nl, struct real *real)
{
	struct nlmsghdr *nlh = nl_begin(nl, L4LB_CMD_REAL_GET, 0);
	struct nl_answer answer = { 0 };
	int err;

	memset(real, 0, sizeof(*real));
	nl_put_name(nlh, L4LB_A_VIP, "web");
	nl_put_name(nlh, L4LB_A_REAL, "one");
	err = nl_talk(nl, each_real, real, &answer);

	return err ? err : answer.err;
}

/* What is zero or empty is left out. */
static void put_check(struct nlmsghdr *nlh, __u16 type,
		      const struct check *check)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, type);

	if (*check->type)
		mnl_attr_put_strz(nlh, L4LB_A_CHECK_TYPE, check->type);
	if (check->fast)
		mnl_attr_put_u32(nlh, L4LB_A_CHECK_FAST, check->fast);
	if (check->via)
		mnl_attr_put_u8(nlh, L4LB_A_CHECK_VIA, check->via);
	if (check->agent)
		mnl_attr_put_u16(nlh, L4LB_A_CHECK_AGENT, htons(check->agent));
	if (check->guard)
		mnl_attr_put_u8(nlh, L4LB_A_CHECK_GUARD, check->guard);
	if (*check->secret)
		mnl_attr_put_strz(nlh, L4LB_A_CHECK_SECRET, check->secret);
	if (*check->args)
		mnl_attr_put_strz(nlh, L4LB_A_CHECK_ARGS, check->args);
	mnl_attr_nest_end(nlh, nest);
}

static int vip_set(struct nl *nl, const struct check *check,
		   struct nl_answer *answer)
{
	struct nlmsghdr *nlh = nl_begin(nl, L4LB_CMD_VIP_SET, 0);
	struct nlattr *nest = mnl_attr_nest_start(nlh, L4LB_A_VIP);
	int err;

	mnl_attr_put_strz(nlh, L4LB_A_VIP_NAME, "web");
	put_check(nlh, L4LB_A_VIP_CHECK, check);
	mnl_attr_nest_end(nlh, nest);
	memset(answer, 0, sizeof(*answer));
	err = nl_talk(nl, NULL, NULL, answer);

	return err ? err : answer->err;
}

/* Its own check, or the VIP's if there is none. */
static int real_set(struct nl *nl, const struct check *check, __u32 weight)
{
	struct nlmsghdr *nlh = nl_begin(nl, L4LB_CMD_REAL_SET, 0);
	struct nlattr *nest;

	nl_put_name(nlh, L4LB_A_VIP, "web");
	nest = mnl_attr_nest_start(nlh, L4LB_A_REAL);
	mnl_attr_put_strz(nlh, L4LB_A_REAL_NAME, "one");
	if (check)
		put_check(nlh, L4LB_A_REAL_CHECK, check);
	else
		mnl_attr_put(nlh, L4LB_A_REAL_CHECK_INHERIT, 0, NULL);
	mnl_attr_put_u32(nlh, L4LB_A_REAL_WEIGHT, weight);
	mnl_attr_nest_end(nlh, nest);

	return nl_do(nl);
}

/* Bits of @has are attributes that are sent. */
static int report(struct nl *nl, __u32 has, const struct real *real,
		  const char *reason, struct nl_answer *answer)
{
	struct nlmsghdr *nlh = nl_begin(nl, L4LB_CMD_REAL_HEALTH, 0);
	struct nlattr *nest;
	int err;

	nl_put_name(nlh, L4LB_A_VIP, "web");
	nest = mnl_attr_nest_start(nlh, L4LB_A_REAL);
	mnl_attr_put_strz(nlh, L4LB_A_REAL_NAME, "one");
	if (real->health)
		mnl_attr_put_u8(nlh, L4LB_A_REAL_HEALTH, real->health);
	if (reason)
		mnl_attr_put_strz(nlh, L4LB_A_REAL_REASON, reason);
	if (real->result)
		mnl_attr_put_u8(nlh, L4LB_A_REAL_RESULT, real->result);
	if (*real->text)
		mnl_attr_put_strz(nlh, L4LB_A_REAL_RESULT_TEXT, real->text);
	if (real->rtt)
		mnl_attr_put_u32(nlh, L4LB_A_REAL_RTT, real->rtt);
	if (has & BIT(L4LB_A_REAL_AGENT_WEIGHT))
		mnl_attr_put_u16(nlh, L4LB_A_REAL_AGENT_WEIGHT,
				 real->agent_weight);
	if (has & BIT(L4LB_A_REAL_AGENT_ADMIN))
		mnl_attr_put_u8(nlh, L4LB_A_REAL_AGENT_ADMIN,
				real->agent_admin);
	mnl_attr_nest_end(nlh, nest);
	memset(answer, 0, sizeof(*answer));
	err = nl_talk(nl, NULL, NULL, answer);

	return err ? err : answer->err;
}

#define AGENT	(BIT(L4LB_A_REAL_AGENT_WEIGHT) | BIT(L4LB_A_REAL_AGENT_ADMIN))

static const struct check full = {
	.type = "https", .fast = 500, .via = L4LB_VIA_VIP, .agent = 9777,
	.guard = 50, .secret = "mail", .args = "path=/owa status=200",
};

FIXTURE(check)
{
	struct nl nl;
	struct nl user;
	struct nl_answer answer;
	struct check check;
	struct real real;
};

FIXTURE_SETUP(check)
{
	ASSERT_EQ(0, nl_open_new(&self->nl));
	ASSERT_EQ(0, nl_vip_new(&self->nl, "web", "192.0.2.10", 80,
				L4LB_MODE_DR));
	ASSERT_EQ(0, nl_real_new(&self->nl, "web", "one", "192.0.2.21"));
}

FIXTURE_TEARDOWN(check)
{
	nl_close(&self->nl);
}

TEST_F_TIMEOUT(check, it_is_read_as_it_was_written, 300)
{
	const struct check guard = { .guard = 30 }, tcp = { .type = "tcp" };
	struct nl *nl = &self->nl;

	ASSERT_EQ(0, vip_set(nl, &full, &self->answer));
	ASSERT_EQ(0, vip_get(nl, "web", &self->check));
	EXPECT_STREQ("https", self->check.type);
	EXPECT_EQ(500, self->check.fast);
	EXPECT_EQ(L4LB_VIA_VIP, self->check.via);
	EXPECT_EQ(9777, self->check.agent);
	EXPECT_EQ(50, self->check.guard);
	EXPECT_STREQ("mail", self->check.secret);
	EXPECT_STREQ("path=/owa status=200", self->check.args);

	ASSERT_EQ(0, vip_set(nl, &guard, &self->answer));
	ASSERT_EQ(0, vip_get(nl, "web", &self->check));
	EXPECT_EQ(30, self->check.guard);
	EXPECT_STREQ("path=/owa status=200", self->check.args);

	/* The VIP's is copied. */
	ASSERT_EQ(0, real_set(nl, &guard, 100));
	ASSERT_EQ(0, real_get(nl, &self->real));
	EXPECT_STREQ("path=/owa status=200", self->real.check.args);

	ASSERT_EQ(0, vip_set(nl, &tcp, &self->answer));
	ASSERT_EQ(0, vip_get(nl, "web", &self->check));
	EXPECT_STREQ("", self->check.secret);
	EXPECT_TRUE(self->check.has_args);
	EXPECT_STREQ("", self->check.args);
	EXPECT_EQ(0, self->check.agent);
	EXPECT_EQ(L4LB_VIA_REAL, self->check.via);
	ASSERT_EQ(0, real_get(nl, &self->real));
	EXPECT_STREQ("path=/owa status=200", self->real.check.args);
}

TEST_F_TIMEOUT(check, other_arguments_are_another_epoch, 300)
{
	const struct check args = { .args = "path=/ews" };
	struct nl *nl = &self->nl;
	__u32 epoch;

	ASSERT_EQ(0, vip_set(nl, &full, &self->answer));
	ASSERT_EQ(0, real_get(nl, &self->real));
	epoch = self->real.epoch;

	ASSERT_EQ(0, vip_set(nl, &full, &self->answer));
	ASSERT_EQ(0, real_get(nl, &self->real));
	EXPECT_EQ(epoch, self->real.epoch);

	ASSERT_EQ(0, vip_set(nl, &args, &self->answer));
	ASSERT_EQ(0, real_get(nl, &self->real));
	EXPECT_NE(epoch, self->real.epoch);
	epoch = self->real.epoch;

	/* The same as that of the VIP. */
	ASSERT_EQ(0, real_set(nl, &args, 50));
	ASSERT_EQ(0, real_get(nl, &self->real));
	EXPECT_EQ(epoch, self->real.epoch);
	ASSERT_EQ(0, real_set(nl, NULL, 50));
	ASSERT_EQ(0, real_get(nl, &self->real));
	EXPECT_EQ(epoch, self->real.epoch);
}

TEST_F_TIMEOUT(check, arguments_are_not_for_everybody, 300)
{
	ASSERT_EQ(0, vip_set(&self->nl, &full, &self->answer));
	ASSERT_EQ(0, real_set(&self->nl, &full, 100));

	ASSERT_EQ(0, setgroups(0, NULL));
	ASSERT_EQ(0, setresgid(NOBODY, NOBODY, NOBODY));
	ASSERT_EQ(0, setresuid(NOBODY, NOBODY, NOBODY));
	ASSERT_EQ(0, nl_open(&self->user));
	EXPECT_EQ(0, vip_get(&self->user, "web", &self->check));
	EXPECT_STREQ("https", self->check.type);
	EXPECT_FALSE(self->check.has_args);
	EXPECT_EQ(0, real_get(&self->user, &self->real));
	EXPECT_STREQ("https", self->real.check.type);
	EXPECT_FALSE(self->real.check.has_args);
	nl_close(&self->user);
}

TEST_F_TIMEOUT(check, what_makes_no_sense_is_refused, 300)
{
	const struct check slow = { .fast = 5001 }, quick = { .fast = 99 };
	const struct check secret = { .secret = "../x" };
	struct nl_answer *answer = &self->answer;

	EXPECT_EQ(-EINVAL, vip_set(&self->nl, &slow, answer));
	EXPECT_STREQ("the fast interval of a check is longer than its interval",
		     answer->text);
	EXPECT_EQ(-EINVAL, vip_set(&self->nl, &quick, answer));
	EXPECT_STREQ("the fast interval of a check is too short",
		     answer->text);
	EXPECT_EQ(-EINVAL, vip_set(&self->nl, &secret, answer));
	EXPECT_STREQ("a name is a letter, then letters, digits and -_., and no reserved word",
		     answer->text);
}

TEST_F_TIMEOUT(check, results_are_kept, 300)
{
	const struct real up = {
		.health = L4LB_HEALTH_UP, .result = L4LB_HEALTH_UP,
		.text = "tcp 80: connected", .rtt = 1234,
	}, failed = {
		.result = L4LB_HEALTH_DOWN, .text = "tcp 80: refused",
	}, down = { .health = L4LB_HEALTH_DOWN };
	const struct real text = { .text = "not checked" }, rtt = { .rtt = 5 };
	struct nl *nl = &self->nl;

	ASSERT_EQ(0, report(nl, 0, &up, "tcp 80: connected", &self->answer));
	ASSERT_EQ(0, real_get(nl, &self->real));
	EXPECT_EQ(L4LB_HEALTH_UP, self->real.health);
	EXPECT_EQ(L4LB_HEALTH_UP, self->real.result);
	EXPECT_STREQ("tcp 80: connected", self->real.text);
	EXPECT_EQ(1234, self->real.rtt);

	ASSERT_EQ(0, report(nl, 0, &text, NULL, &self->answer));
	ASSERT_EQ(0, report(nl, 0, &rtt, NULL, &self->answer));
	ASSERT_EQ(0, real_get(nl, &self->real));
	EXPECT_EQ(L4LB_HEALTH_UP, self->real.result);
	EXPECT_STREQ("not checked", self->real.text);
	EXPECT_EQ(5, self->real.rtt);

	ASSERT_EQ(0, report(nl, 0, &failed, NULL, &self->answer));
	ASSERT_EQ(0, real_get(nl, &self->real));
	EXPECT_EQ(L4LB_HEALTH_UP, self->real.health);
	EXPECT_EQ(L4LB_HEALTH_DOWN, self->real.result);
	EXPECT_STREQ("tcp 80: refused", self->real.text);
	EXPECT_EQ(0, self->real.flaps);

	ASSERT_EQ(0, report(nl, 0, &down, NULL, &self->answer));
	ASSERT_EQ(0, report(nl, 0, &up, NULL, &self->answer));
	ASSERT_EQ(0, report(nl, 0, &down, NULL, &self->answer));
	ASSERT_EQ(0, real_get(nl, &self->real));
	EXPECT_EQ(2, self->real.flaps);
	ASSERT_EQ(0, nl_named(nl, L4LB_CMD_STATS_RESET, NULL, NULL));
	ASSERT_EQ(0, real_get(nl, &self->real));
	EXPECT_EQ(0, self->real.flaps);
}

TEST_F_TIMEOUT(check, agents_overwrite_nothing, 300)
{
	struct real wish = { .agent_admin = L4LB_ADMIN_DRAIN,
			     .agent_weight = 50 };
	struct nl *nl = &self->nl;

	EXPECT_EQ(-EINVAL, report(nl, AGENT, &wish, NULL, &self->answer));
	EXPECT_STREQ("the check of this real has no agent", self->answer.text);

	ASSERT_EQ(0, vip_set(nl, &full, &self->answer));
	ASSERT_EQ(0, real_get(nl, &self->real));
	EXPECT_EQ(100, self->real.agent_weight);
	EXPECT_EQ(L4LB_ADMIN_ONLINE, self->real.agent_admin);
	EXPECT_EQ(1, self->real.serves);

	ASSERT_EQ(0, report(nl, AGENT, &wish, NULL, &self->answer));
	ASSERT_EQ(0, real_get(nl, &self->real));
	EXPECT_EQ(50, self->real.agent_weight);
	EXPECT_EQ(L4LB_ADMIN_DRAIN, self->real.agent_admin);
	EXPECT_EQ(0, self->real.serves);

	wish.agent_admin = L4LB_ADMIN_ONLINE;
	wish.agent_weight = 0;
	ASSERT_EQ(0, report(nl, AGENT, &wish, NULL, &self->answer));
	ASSERT_EQ(0, real_get(nl, &self->real));
	EXPECT_EQ(0, self->real.serves);
	wish.agent_weight = 1;
	ASSERT_EQ(0, report(nl, AGENT, &wish, NULL, &self->answer));
	ASSERT_EQ(0, real_get(nl, &self->real));
	EXPECT_EQ(1, self->real.serves);

	/* Nothing is left of it when it is not asked any more. */
	ASSERT_EQ(0, real_set(nl, &(struct check){ .type = "tcp" }, 100));
	ASSERT_EQ(0, real_set(nl, NULL, 100));
	ASSERT_EQ(0, real_get(nl, &self->real));
	EXPECT_EQ(100, self->real.agent_weight);
}

TEST_F_TIMEOUT(check, half_a_report_is_refused, 300)
{
	const struct real nothing = { 0 };
	const struct real heavy = {
		.agent_admin = L4LB_ADMIN_ONLINE,
		.agent_weight = L4LB_AGENT_WEIGHT_MAX + 1,
	};
	struct nl_answer *answer = &self->answer;

	EXPECT_EQ(-EINVAL, report(&self->nl, 0, &nothing, NULL, answer));
	EXPECT_TRUE(answer->has_miss);
	EXPECT_EQ(L4LB_A_REAL_HEALTH, answer->miss_type);
	EXPECT_EQ(-EINVAL, report(&self->nl, 0, &nothing, "x", answer));
	EXPECT_EQ(-ERANGE, report(&self->nl, AGENT, &heavy, NULL, answer));
	EXPECT_EQ(0, real_get(&self->nl, &self->real));
	EXPECT_EQ(L4LB_HEALTH_UNKNOWN, self->real.health);
}

TEST_HARNESS_MAIN
