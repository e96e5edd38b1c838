// SPDX-License-Identifier: GPL-2.0-only
/*
 * Echo requests to this host itself, one and many at once.
 */

#include "kselftest_harness.h"

#include "check.h"
#include "plan.h"

#include <dirent.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#define MANY	2000

/* Checks of this host, and what came of them. */
struct rig {
	struct event_base *base;
	struct check_pool *pool;
	struct plan plan;
	struct check check[MANY];
	unsigned int dones;
	unsigned int ups;
	char reason[CHECK_REASON];
};

FIXTURE(icmp) {
	struct rig *rig;
};

static void take_done(void *data, enum check_outcome outcome,
		      const char *reason, uint32_t us)
{
	struct rig *rig = data;

	(void)us;

	rig->dones++;
	rig->ups += outcome == CHECK_UP;
	snprintf(rig->reason, sizeof(rig->reason), "%s", reason);
}

static bool can_ping(int family, int proto)
{
	int fd = socket(family, SOCK_RAW | SOCK_CLOEXEC, proto);

	if (fd < 0)
		fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, proto);
	if (fd < 0)
		return false;
	close(fd);

	return true;
}

FIXTURE_SETUP(icmp)
{
	struct rig *rig = calloc(1, sizeof(*rig));
	size_t i;

	ASSERT_NE(NULL, rig);
	self->rig = rig;
	rig->base = event_base_new();
	rig->pool = check_pool_new(rig->base, MANY);
	ASSERT_NE(NULL, rig->pool);
	for (i = 0; i < MANY; i++)
		ASSERT_EQ(0, check_init(&rig->check[i], rig->pool, take_done,
					rig));
	rig->plan.timeout = 30000;
	strcpy(rig->plan.type, "icmp");
	lb_addr_parse("127.0.0.1", &rig->plan.addr, NULL);
	if (!can_ping(AF_INET, IPPROTO_ICMP))
		SKIP(return, "needs CAP_NET_RAW");
}

FIXTURE_TEARDOWN(icmp)
{
	struct rig *rig = self->rig;
	size_t i;

	for (i = 0; i < MANY; i++)
		check_exit(&rig->check[i]);
	check_pool_free(rig->pool);
	event_base_free(rig->base);
	free(rig);
}

static void run(struct rig *rig, unsigned int count)
{
	const struct check_ops *ops = check_find("icmp");
	unsigned int i;

	rig->dones = 0;
	rig->ups = 0;
	for (i = 0; i < count; i++)
		check_start(&rig->check[i], ops, &rig->plan);
	while (rig->dones < count)
		event_base_loop(rig->base, EVLOOP_ONCE);
}

static unsigned int files_open(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned int count = 0;

	while (dir && readdir(dir))
		count++;
	if (dir)
		closedir(dir);

	return count;
}

TEST_F(icmp, this_host_answers)
{
	struct rig *rig = self->rig;
	unsigned int before = files_open();

	run(rig, 1);
	EXPECT_EQ(1, rig->ups);
	EXPECT_STREQ("icmp: echo reply", rig->reason);
	EXPECT_EQ(before, files_open());

	lb_addr_parse("127.9.9.9", &rig->plan.addr, NULL);
	run(rig, 1);
	EXPECT_EQ(1, rig->ups);
}

TEST_F(icmp, by_ipv6)
{
	struct rig *rig = self->rig;

	if (access("/proc/net/if_inet6", F_OK) ||
	    !can_ping(AF_INET6, IPPROTO_ICMPV6))
		SKIP(return, "no IPv6");
	lb_addr_parse("::1", &rig->plan.addr, NULL);
	run(rig, 1);
	if (!rig->ups)
		SKIP(return, "%s", rig->reason);
	EXPECT_STREQ("icmp: echo reply", rig->reason);
}

/* They share a socket. */
TEST_F(icmp, many_at_once)
{
	unsigned int before = files_open();
	struct rig *rig = self->rig;
	const struct check_ops *ops = check_find("icmp");
	unsigned int i;

	for (i = 0; i < MANY; i++)
		check_start(&rig->check[i], ops, &rig->plan);
	EXPECT_EQ(before + 1, files_open());
	for (i = 0; i < MANY; i++)
		check_stop(&rig->check[i]);
	EXPECT_EQ(before, files_open());
	EXPECT_EQ(0, rig->dones);

	run(rig, MANY);
	EXPECT_EQ(MANY, rig->ups);
	EXPECT_EQ(before, files_open());
}

/* All have answered before the first answer is read. */
TEST_F(icmp, others_have_their_turn_between_answers)
{
	const struct check_ops *ops = check_find("icmp");
	struct rig *rig = self->rig;
	unsigned int i;

	for (i = 0; i < 500; i++)
		check_start(&rig->check[i], ops, &rig->plan);
	event_base_loop(rig->base, EVLOOP_ONCE);
	EXPECT_LT(0, rig->dones);
	EXPECT_GE(64, rig->dones);
	while (rig->dones < 500)
		event_base_loop(rig->base, EVLOOP_ONCE);
	EXPECT_EQ(500, rig->ups);
}

/* The last answer closes the socket, the next check opens one. */
static void again_done(void *data, enum check_outcome outcome,
		       const char *reason, uint32_t us)
{
	struct rig *rig = data;

	take_done(data, outcome, reason, us);
	if (rig->dones < 100)
		check_start(&rig->check[0], check_find("icmp"), &rig->plan);
}

TEST_F(icmp, one_after_the_other)
{
	struct rig *rig = self->rig;

	rig->check[0].done = again_done;
	check_start(&rig->check[0], check_find("icmp"), &rig->plan);
	while (rig->dones < 100)
		event_base_loop(rig->base, EVLOOP_ONCE);
	EXPECT_EQ(100, rig->ups);
}

TEST_HARNESS_MAIN
