// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may do what, and in which network namespace.
 */

#include "nl.h"

#include "kselftest_harness.h"

#include <grp.h>
#include <poll.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY		65534

/* What a namespace of an ordinary user may have. */
#define SMALL_VIPS	64
#define SMALL_REALS	1024
#define SMALL_CONNS	16384

static const __u8 changes[] = {
	L4LB_CMD_VIP_NEW, L4LB_CMD_VIP_SET, L4LB_CMD_VIP_DEL,
	L4LB_CMD_REAL_NEW, L4LB_CMD_REAL_SET, L4LB_CMD_REAL_DEL,
	L4LB_CMD_REAL_HEALTH, L4LB_CMD_CONN_DEL, L4LB_CMD_STATS_RESET,
	L4LB_CMD_FLUSH, L4LB_CMD_INFO_SET, L4LB_CMD_EXPLAIN_GET,
	L4LB_CMD_TRACE_SET,
};

static void each_count(const struct nlmsghdr *nlh, void *data)
{
	++*(int *)data;
}

static int get(struct nl *nl, __u8 cmd, __u16 flags, const char *vip,
	       const char *real, int *count)
{
	struct nlmsghdr *nlh = nl_begin(nl, cmd, flags);
	struct nl_answer answer = { 0 };
	int err;

	*count = 0;
	if (vip)
		nl_put_name(nlh, L4LB_A_VIP, vip);
	if (real)
		nl_put_name(nlh, L4LB_A_REAL, real);
	err = nl_talk(nl, each_count, count, &answer);

	return err ? err : answer.err;
}

static int set_limit(struct nl *nl, __u16 type, __u32 value)
{
	struct nlmsghdr *nlh = nl_begin(nl, L4LB_CMD_INFO_SET, 0);
	struct nlattr *nest = mnl_attr_nest_start(nlh, L4LB_A_INFO);

	mnl_attr_put_u32(nlh, type, value);
	mnl_attr_nest_end(nlh, nest);

	return nl_do(nl);
}

static int be_nobody(void)
{
	return setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) ||
	       setresuid(NOBODY, NOBODY, NOBODY);
}

/* As anybody sees it, whoever is asking, where the socket was opened. */
static int picture_of_nobody(struct nl *nl, struct nl_picture *pic)
{
	struct nl_picture *shared;
	int status = -1;
	pid_t pid;

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return -1;

	pid = fork();
	if (!pid)
		_exit((!geteuid() && be_nobody()) || nl_picture(nl, shared));
	if (pid > 0 && waitpid(pid, &status, 0) == pid && !status)
		*pic = *shared;
	munmap(shared, sizeof(*shared));

	return status;
}

FIXTURE(perm)
{
	struct nl nl;
	struct nl user;
	struct nl_picture before;
	struct nl_picture after;
};

FIXTURE_SETUP(perm)
{
	ASSERT_EQ(0, nl_open_new(&self->nl));
	ASSERT_EQ(0, nl_vip_new(&self->nl, "web", "192.0.2.10", 80,
				L4LB_MODE_DR));
	ASSERT_EQ(0, nl_real_new(&self->nl, "web", "one", "192.0.2.21"));
	ASSERT_EQ(0, picture_of_nobody(&self->nl, &self->before));
}

FIXTURE_TEARDOWN(perm)
{
	EXPECT_EQ(0, picture_of_nobody(&self->nl, &self->after));
	EXPECT_EQ(0, memcmp(&self->before, &self->after,
			    sizeof(self->before)));
	nl_close(&self->user);
	nl_close(&self->nl);
}

TEST_F_TIMEOUT(perm, anyone_may_read, 300)
{
	int n;

	ASSERT_EQ(0, be_nobody());
	ASSERT_EQ(0, nl_open(&self->user));
	EXPECT_EQ(0, get(&self->user, L4LB_CMD_INFO_GET, 0, NULL, NULL, &n));
	EXPECT_EQ(1, n);
	EXPECT_EQ(0, get(&self->user, L4LB_CMD_VIP_GET, 0, "web", NULL, &n));
	EXPECT_EQ(1, n);
	EXPECT_EQ(0, get(&self->user, L4LB_CMD_VIP_GET, NLM_F_DUMP, NULL, NULL,
			 &n));
	EXPECT_EQ(1, n);
	EXPECT_EQ(0, get(&self->user, L4LB_CMD_REAL_GET, 0, "web", "one", &n));
	EXPECT_EQ(1, n);
	EXPECT_EQ(0, get(&self->user, L4LB_CMD_REAL_GET, NLM_F_DUMP, NULL,
			 NULL, &n));
	EXPECT_EQ(1, n);
}

TEST_F_TIMEOUT(perm, not_anyone_may_change, 300)
{
	size_t i;
	int n;

	ASSERT_EQ(0, be_nobody());
	ASSERT_EQ(0, nl_open(&self->user));
	for (i = 0; i < sizeof(changes); i++) {
		EXPECT_EQ(-EPERM, get(&self->user, changes[i], 0, "web", "one",
				      &n)) {
			TH_LOG("command %u", changes[i]);
		}
	}
	EXPECT_EQ(-EPERM, get(&self->user, L4LB_CMD_CONN_GET, NLM_F_DUMP, NULL,
			      NULL, &n));
	EXPECT_EQ(-EPERM, get(&self->user, L4LB_CMD_ALLOW_GET, NLM_F_DUMP,
			      "web", NULL, &n));
	EXPECT_EQ(-EPERM, get(&self->user, L4LB_CMD_EVENT_GET, NLM_F_DUMP,
			      NULL, NULL, &n));
	EXPECT_EQ(-EPERM, nl_vip_new(&self->user, "mine", "192.0.2.11", 80,
				     L4LB_MODE_DR));
}

/* A socket does not carry the rights of who opened it. */
TEST_F_TIMEOUT(perm, nor_on_an_inherited_socket, 300)
{
	size_t i;
	int n;

	ASSERT_EQ(0, be_nobody());
	for (i = 0; i < sizeof(changes); i++)
		EXPECT_EQ(-EPERM, get(&self->nl, changes[i], 0, "web", "one",
				      &n));
}

TEST_F_TIMEOUT(perm, anyone_may_listen, 300)
{
	ASSERT_EQ(0, be_nobody());
	ASSERT_EQ(0, nl_open(&self->user));
	EXPECT_EQ(0, mnl_socket_setsockopt(self->user.sock,
					   NETLINK_ADD_MEMBERSHIP,
					   &self->user.config,
					   sizeof(__u32)));
	EXPECT_EQ(0, mnl_socket_setsockopt(self->user.sock,
					   NETLINK_ADD_MEMBERSHIP,
					   &self->user.health,
					   sizeof(__u32)));
}

/* All rights in a user namespace are none in that of the network. */
TEST_F_TIMEOUT(perm, rights_elsewhere_do_not_count, 300)
{
	size_t i;
	int n;

	ASSERT_EQ(0, be_nobody());
	ASSERT_EQ(0, unshare(CLONE_NEWUSER));
	ASSERT_EQ(0, nl_open(&self->user));
	for (i = 0; i < sizeof(changes); i++)
		EXPECT_EQ(-EPERM, get(&self->user, changes[i], 0, "web", "one",
				      &n));
	EXPECT_EQ(-EPERM, get(&self->user, L4LB_CMD_CONN_GET, NLM_F_DUMP, NULL,
			      NULL, &n));
	EXPECT_EQ(-EPERM, get(&self->user, L4LB_CMD_ALLOW_GET, NLM_F_DUMP,
			      "web", NULL, &n));
	EXPECT_EQ(-EPERM, get(&self->user, L4LB_CMD_EVENT_GET, NLM_F_DUMP,
			      NULL, NULL, &n));
}

TEST_F_TIMEOUT(perm, a_network_of_ones_own_is_small, 300)
{
	struct nl_answer answer = { 0 };
	char name[L4LB_NAME_MAX + 1];
	struct nl *nl = &self->user;
	int i, n;

	ASSERT_EQ(0, be_nobody());
	ASSERT_EQ(0, unshare(CLONE_NEWUSER));
	ASSERT_EQ(0, nl_open_new(nl));
	for (i = 0; i < SMALL_VIPS; i++) {
		snprintf(name, sizeof(name), "mine-%d", i);
		ASSERT_EQ(0, nl_vip_new(nl, name, "192.0.2.10",
					(__u16)(i + 1), L4LB_MODE_DR));
	}
	EXPECT_EQ(-ENOSPC, nl_vip_new(nl, "more", "192.0.2.10", 1000,
				      L4LB_MODE_DR));
	/* Said again, to hear the reason. */
	((struct nlmsghdr *)nl->out)->nlmsg_seq = ++nl->seq;
	ASSERT_EQ(0, nl_talk(nl, NULL, NULL, &answer));
	EXPECT_STREQ("the namespace has as many vips as it may have",
		     answer.text);

	/* Nor may the owner change that. */
	EXPECT_EQ(-EPERM, set_limit(nl, L4LB_A_INFO_VIPS_MAX, SMALL_VIPS + 1));
	EXPECT_EQ(-EPERM, set_limit(nl, L4LB_A_INFO_REALS_MAX,
				    SMALL_REALS + 1));
	EXPECT_EQ(-EPERM, set_limit(nl, L4LB_A_INFO_CONNS_MAX,
				    SMALL_CONNS + 1));
	EXPECT_EQ(-EPERM, set_limit(nl, L4LB_A_INFO_PERSISTS_MAX,
				    SMALL_CONNS));
	EXPECT_EQ(0, set_limit(nl, L4LB_A_INFO_REALS_MAX, 1));
	EXPECT_EQ(0, set_limit(nl, L4LB_A_INFO_REALS_MAX, 0));

	EXPECT_EQ(0, nl_real_new(nl, "mine-0", "one", "192.0.2.21"));
	EXPECT_EQ(0, get(nl, L4LB_CMD_CONN_GET, NLM_F_DUMP, NULL, NULL, &n));
	EXPECT_EQ(0, nl_named(nl, L4LB_CMD_VIP_DEL, "mine-1", NULL));
	EXPECT_EQ(0, nl_vip_new(nl, "more", "192.0.2.10", 1000, L4LB_MODE_DR));
}

TEST_F_TIMEOUT(perm, namespaces_do_not_see_each_other, 300)
{
	struct nl *nl = &self->user;
	struct pollfd fd;
	int n;

	ASSERT_EQ(0, nl_open_new(nl));
	ASSERT_EQ(0, mnl_socket_setsockopt(nl->sock, NETLINK_ADD_MEMBERSHIP,
					   &nl->config, sizeof(__u32)));
	EXPECT_EQ(0, get(nl, L4LB_CMD_VIP_GET, NLM_F_DUMP, NULL, NULL, &n));
	EXPECT_EQ(0, n);
	EXPECT_EQ(0, get(nl, L4LB_CMD_REAL_GET, NLM_F_DUMP, NULL, NULL, &n));
	EXPECT_EQ(0, n);
	EXPECT_EQ(-ENOENT, get(nl, L4LB_CMD_VIP_GET, 0, "web", NULL, &n));
	EXPECT_EQ(0, nl_generation(nl));

	/* Their changes are not heard here. */
	ASSERT_EQ(0, nl_vip_new(&self->nl, "more", "192.0.2.11", 80,
				L4LB_MODE_DR));
	ASSERT_EQ(0, nl_named(&self->nl, L4LB_CMD_VIP_DEL, "more", NULL));
	fd = (struct pollfd) {
		.fd = mnl_socket_get_fd(nl->sock),
		.events = POLLIN,
	};
	EXPECT_EQ(0, poll(&fd, 1, 0));

	/* The same name, address and port are free here, and a flush is ours. */
	EXPECT_EQ(0, nl_vip_new(nl, "web", "192.0.2.10", 80, L4LB_MODE_DR));
	EXPECT_EQ(0, nl_named(nl, L4LB_CMD_FLUSH, NULL, NULL));
}

TEST_HARNESS_MAIN
