// SPDX-License-Identifier: GPL-2.0-only
/*
 * What has happened, as the module remembers it: what is in it, how much, and
 * for how long.
 */

#include "nl.h"

#include "kselftest_harness.h"

#include <stdio.h>
#include <sys/types.h>
#include <unistd.h>

/* What a namespace of an ordinary user remembers. */
#define SMALL	256

/**
 * struct past - events as they are read
 * @count: how many
 * @first: number of the first
 * @last: number of the last
 * @disorder: how many did not follow their predecessor
 * @event: &enum l4lb_event of the last
 * @what: &enum l4lb_record_what of the last
 * @pid: the process that did it
 * @uid: its user
 * @n: how many objects it was about
 * @time: when it was
 * @vip: name of its VIP
 * @real: name of its real
 */
struct past {
	__u32 count;
	__u64 first;
	__u64 last;
	__u32 disorder;
	__u8 event;
	__u8 what;
	__u32 pid;
	__u32 uid;
	__u32 n;
	__u64 time;
	char vip[32];
	char real[32];
};

static void each_attr(const struct nlattr *attr, struct past *past)
{
	switch (mnl_attr_get_type(attr)) {
	case L4LB_A_RECORD_SEQ:
		if (past->count++)
			past->disorder += mnl_attr_get_u64(attr) !=
					  past->last + 1;
		else
			past->first = mnl_attr_get_u64(attr);
		past->last = mnl_attr_get_u64(attr);
		break;
	case L4LB_A_RECORD_TIME:
		past->time = mnl_attr_get_u64(attr);
		break;
	case L4LB_A_RECORD_EVENT:
		past->event = mnl_attr_get_u8(attr);
		break;
	case L4LB_A_RECORD_WHAT:
		past->what = mnl_attr_get_u8(attr);
		break;
	case L4LB_A_RECORD_PID:
		past->pid = mnl_attr_get_u32(attr);
		break;
	case L4LB_A_RECORD_UID:
		past->uid = mnl_attr_get_u32(attr);
		break;
	case L4LB_A_RECORD_COUNT:
		past->n = mnl_attr_get_u32(attr);
		break;
	case L4LB_A_RECORD_VIP:
		snprintf(past->vip, sizeof(past->vip), "%s",
			 mnl_attr_get_str(attr));
		break;
	case L4LB_A_RECORD_REAL:
		snprintf(past->real, sizeof(past->real), "%s",
			 mnl_attr_get_str(attr));
		break;
	}
}

static void each_record(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr, *nest = nl_attr(nlh, L4LB_A_RECORD);
	struct past *past = data;

	past->n = 0;
	past->vip[0] = '\0';
	past->real[0] = '\0';
	mnl_attr_for_each_nested(attr, nest)
		each_attr(attr, past);
}

static int past_get(struct nl *nl, __u64 since, struct past *past)
{
	struct nlmsghdr *nlh = nl_begin(nl, L4LB_CMD_EVENT_GET, NLM_F_DUMP);
	struct nl_answer answer = { 0 };
	struct nlattr *nest;
	int err;

	memset(past, 0, sizeof(*past));
	if (since) {
		nest = mnl_attr_nest_start(nlh, L4LB_A_RECORD);
		mnl_attr_put_u64(nlh, L4LB_A_RECORD_TIME, since);
		mnl_attr_nest_end(nlh, nest);
	}
	err = nl_talk(nl, each_record, past, &answer);

	return err ? err : answer.err;
}

static int unpin(struct nl *nl)
{
	struct nlmsghdr *nlh = nl_begin(nl, L4LB_CMD_PERSIST_DEL, 0);
	struct nlattr *nest = mnl_attr_nest_start(nlh, L4LB_A_FILTER);

	mnl_attr_put_strz(nlh, L4LB_A_FILTER_VIP, "web");
	mnl_attr_nest_end(nlh, nest);

	return nl_do(nl);
}

FIXTURE(event)
{
	struct nl nl;
	struct past past;
};

FIXTURE_SETUP(event)
{
	ASSERT_EQ(0, nl_open_new(&self->nl));
}

FIXTURE_TEARDOWN(event)
{
	nl_close(&self->nl);
}

TEST_F_TIMEOUT(event, nothing_has_happened_yet, 300)
{
	ASSERT_EQ(0, past_get(&self->nl, 0, &self->past));
	EXPECT_EQ(0, self->past.count);
}

TEST_F_TIMEOUT(event, a_change_is_remembered_with_who_made_it, 300)
{
	struct nl *nl = &self->nl;
	struct past *past = &self->past;

	ASSERT_EQ(0, nl_vip_new(nl, "web", "192.0.2.10", 80, L4LB_MODE_DR));
	ASSERT_EQ(0, nl_real_new(nl, "web", "one", "192.0.2.21"));
	ASSERT_EQ(0, past_get(nl, 0, past));
	EXPECT_EQ(2, past->count);
	EXPECT_EQ(1, past->first);
	EXPECT_EQ(L4LB_EVENT_NEW, past->event);
	EXPECT_EQ(L4LB_RECORD_REAL, past->what);
	EXPECT_STREQ("web", past->vip);
	EXPECT_STREQ("one", past->real);
	EXPECT_EQ((__u32)getpid(), past->pid);
	EXPECT_EQ(getuid(), past->uid);

	/* What is refused has not happened. */
	ASSERT_EQ(-EEXIST, nl_real_new(nl, "web", "one", "192.0.2.21"));
	ASSERT_EQ(0, past_get(nl, 0, past));
	EXPECT_EQ(2, past->count);

	ASSERT_EQ(0, nl_real_health(nl, "web", "one", L4LB_HEALTH_UP));
	ASSERT_EQ(0, past_get(nl, 0, past));
	EXPECT_EQ(L4LB_EVENT_HEALTH, past->event);
	ASSERT_EQ(0, nl_named(nl, L4LB_CMD_VIP_DEL, "web", NULL));
	ASSERT_EQ(0, past_get(nl, 0, past));
	EXPECT_EQ(4, past->count);
	EXPECT_EQ(L4LB_EVENT_DEL, past->event);
	EXPECT_EQ(L4LB_RECORD_VIP, past->what);
}

TEST_F_TIMEOUT(event, what_has_no_notification_is_remembered_too, 300)
{
	struct nl *nl = &self->nl;
	struct past *past = &self->past;
	__s64 generation;

	ASSERT_EQ(0, nl_vip_new(nl, "web", "192.0.2.10", 80, L4LB_MODE_DR));
	ASSERT_EQ(0, nl_real_new(nl, "web", "one", "192.0.2.21"));
	ASSERT_EQ(0, nl_vip_persist(nl, "web", 60000));

	generation = nl_generation(nl);
	ASSERT_EQ(0, nl_pin(nl, "web", "one", "192.0.2.50"));
	EXPECT_EQ(generation + 1, nl_generation(nl));
	ASSERT_EQ(0, past_get(nl, 0, past));
	EXPECT_EQ(L4LB_EVENT_NEW, past->event);
	EXPECT_EQ(L4LB_RECORD_PERSIST, past->what);
	EXPECT_STREQ("one", past->real);

	ASSERT_EQ(0, unpin(nl));
	EXPECT_EQ(generation + 2, nl_generation(nl));
	ASSERT_EQ(0, past_get(nl, 0, past));
	EXPECT_EQ(L4LB_EVENT_DEL, past->event);
	EXPECT_EQ(1, past->n);

	/* There is nothing to remove any more. */
	ASSERT_EQ(0, unpin(nl));
	EXPECT_EQ(generation + 2, nl_generation(nl));
	ASSERT_EQ(0, nl_named(nl, L4LB_CMD_STATS_RESET, NULL, NULL));
	ASSERT_EQ(0, past_get(nl, 0, past));
	EXPECT_EQ(L4LB_RECORD_STATS, past->what);
	EXPECT_EQ(6, past->count);

	ASSERT_EQ(0, nl_named(nl, L4LB_CMD_FLUSH, NULL, NULL));
	ASSERT_EQ(0, past_get(nl, 0, past));
	EXPECT_EQ(8, past->count);
	ASSERT_EQ(0, nl_info_set(nl, L4LB_A_INFO_STANDBY, 1));
	ASSERT_EQ(0, past_get(nl, 0, past));
	EXPECT_EQ(L4LB_RECORD_STANDBY, past->what);
	ASSERT_EQ(0, nl_info_set(nl, L4LB_A_INFO_STANDBY, 1));
	ASSERT_EQ(0, past_get(nl, 0, past));
	EXPECT_EQ(L4LB_RECORD_GLOBAL, past->what);
	EXPECT_EQ(10, past->count);
	EXPECT_EQ(0, past->disorder);
}

static int reason(struct nl *nl, __u8 health, const char *text)
{
	struct nlmsghdr *nlh = nl_begin(nl, L4LB_CMD_REAL_HEALTH, 0);
	struct nlattr *nest;

	nl_put_name(nlh, L4LB_A_VIP, "web");
	nest = mnl_attr_nest_start(nlh, L4LB_A_REAL);
	mnl_attr_put_strz(nlh, L4LB_A_REAL_NAME, "one");
	mnl_attr_put_u8(nlh, L4LB_A_REAL_HEALTH, health);
	mnl_attr_put_strz(nlh, L4LB_A_REAL_REASON, text);
	mnl_attr_nest_end(nlh, nest);

	return nl_do(nl);
}

/* Or a server that words its failure anew each time would be all there is. */
TEST_F_TIMEOUT(event, another_reason_is_no_other_health, 300)
{
	struct nl *nl = &self->nl;
	struct past *past = &self->past;

	ASSERT_EQ(0, nl_vip_new(nl, "web", "192.0.2.10", 80, L4LB_MODE_DR));
	ASSERT_EQ(0, nl_real_new(nl, "web", "one", "192.0.2.21"));
	ASSERT_EQ(0, reason(nl, L4LB_HEALTH_SICK, "421 too busy, 17 waiting"));
	ASSERT_EQ(0, past_get(nl, 0, past));
	EXPECT_EQ(3, past->count);
	ASSERT_EQ(0, reason(nl, L4LB_HEALTH_SICK, "421 too busy, 18 waiting"));
	ASSERT_EQ(0, past_get(nl, 0, past));
	EXPECT_EQ(3, past->count);
	ASSERT_EQ(0, reason(nl, L4LB_HEALTH_UP, "250 ok"));
	ASSERT_EQ(0, past_get(nl, 0, past));
	EXPECT_EQ(4, past->count);
}

TEST_F_TIMEOUT(event, the_oldest_are_forgotten, 300)
{
	struct nl *nl = &self->nl;
	struct past *past = &self->past;
	int i;

	for (i = 0; i < L4LB_RECORDS_MAX + 5; i++)
		ASSERT_EQ(0, nl_named(nl, L4LB_CMD_STATS_RESET, NULL, NULL));
	ASSERT_EQ(0, past_get(nl, 0, past));
	EXPECT_EQ(L4LB_RECORDS_MAX, past->count);
	EXPECT_EQ(6, past->first);
	EXPECT_EQ(0, past->disorder);

	/* Those from the last one's time on, however many that are. */
	i = (int)past->last;
	ASSERT_EQ(0, past_get(nl, past->time, past));
	EXPECT_LE(1, past->count);
	EXPECT_GT(L4LB_RECORDS_MAX, past->count);
	EXPECT_EQ((__u64)i, past->last);
	ASSERT_EQ(0, past_get(nl, UINT64_MAX, past));
	EXPECT_EQ(0, past->count);
}

TEST_F_TIMEOUT(event, a_network_of_ones_own_remembers_less, 300)
{
	struct past *past = &self->past;
	struct nl user = { 0 };
	int i;

	ASSERT_EQ(0, unshare(CLONE_NEWUSER | CLONE_NEWNET));
	ASSERT_EQ(0, nl_open(&user));
	for (i = 0; i < SMALL + 5; i++)
		ASSERT_EQ(0, nl_named(&user, L4LB_CMD_STATS_RESET, NULL,
				      NULL));
	ASSERT_EQ(0, past_get(&user, 0, past));
	EXPECT_EQ(SMALL, past->count);
	EXPECT_EQ(6, past->first);
	nl_close(&user);
}

TEST_HARNESS_MAIN
