// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transactions: all of it or nothing, judged by what there is in the end.
 */

#include "object.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "kselftest_harness.h"

#define NOBODY	-1

static void each_fault(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr = nl_attr(nlh, L4LB_A_TXN_MESSAGE);

	if (nl_cmd(nlh) == L4LB_CMD_TXN_COMMIT && attr)
		*(int *)data = (int)mnl_attr_get_u32(attr);
}

static int txn_begin(struct nl *nl)
{
	nl_begin(nl, L4LB_CMD_TXN_BEGIN, 0);

	return nl_do(nl);
}

static int txn_begin_based(struct nl *nl, __s64 generation)
{
	struct nlmsghdr *nlh = nl_begin(nl, L4LB_CMD_TXN_BEGIN, 0);

	mnl_attr_put_u32(nlh, L4LB_A_GENERATION, (__u32)generation);

	return nl_do(nl);
}

/* Sets @fault to the message that is to blame, or to NOBODY. */
static int txn_end(struct nl *nl, bool dry_run, int *fault,
		   struct nl_answer *answer)
{
	struct nlmsghdr *nlh = nl_begin(nl, L4LB_CMD_TXN_COMMIT, 0);
	int err;

	if (dry_run)
		mnl_attr_put(nlh, L4LB_A_DRY_RUN, 0, NULL);
	*fault = NOBODY;
	err = nl_talk(nl, each_fault, fault, answer);

	return err ? err : answer->err;
}

static int txn_commit(struct nl *nl)
{
	struct nl_answer answer;
	int fault;

	return txn_end(nl, false, &fault, &answer);
}

static int vip_ports(struct nl *nl, const char *name, const char *ports)
{
	struct vip vip = { 0 };
	struct nl_answer answer;

	snprintf(vip.name, sizeof(vip.name), "%s", name);
	snprintf(vip.ports, sizeof(vip.ports), "%s", ports);

	return vip_send(nl, L4LB_CMD_VIP_SET, false, &vip, &answer);
}

static int real_set(struct nl *nl, const char *vip, const char *name,
		    const char *addr, __u32 weight)
{
	struct real real = { .weight = weight };
	struct nl_answer answer;

	snprintf(real.vip, sizeof(real.vip), "%s", vip);
	snprintf(real.name, sizeof(real.name), "%s", name);
	snprintf(real.addr, sizeof(real.addr), "%s", addr);

	return real_send(nl, L4LB_CMD_REAL_SET, false, &real, &answer);
}

static void each_pin(const struct nlmsghdr *nlh, void *data)
{
	*(int *)data += nl_cmd(nlh) == L4LB_CMD_PERSIST_GET;
}

/* How many there are that still mean something, or -1. */
static int pins(struct nl *nl)
{
	struct nl_answer answer = { 0 };
	int n = 0;

	nl_begin(nl, L4LB_CMD_PERSIST_GET, NLM_F_DUMP);

	return nl_talk(nl, each_pin, &n, &answer) ? -1 : n;
}

static int unpin(struct nl *nl, const char *vip, const char *client,
		 __u32 limit)
{
	struct nlmsghdr *nlh = nl_begin(nl, L4LB_CMD_PERSIST_DEL, 0);
	struct nlattr *nest = mnl_attr_nest_start(nlh, L4LB_A_FILTER);

	mnl_attr_put_strz(nlh, L4LB_A_FILTER_VIP, vip);
	nl_put_addr(nlh, L4LB_A_FILTER_ADDR4, client);
	mnl_attr_put_u8(nlh, L4LB_A_FILTER_LEN, 32);
	if (limit)
		mnl_attr_put_u32(nlh, L4LB_A_FILTER_LIMIT, limit);
	mnl_attr_nest_end(nlh, nest);

	return nl_do(nl);
}

static int unpin_all(struct nl *nl, const char *vip)
{
	struct nlmsghdr *nlh = nl_begin(nl, L4LB_CMD_PERSIST_DEL, 0);
	struct nlattr *nest = mnl_attr_nest_start(nlh, L4LB_A_FILTER);

	mnl_attr_put_strz(nlh, L4LB_A_FILTER_VIP, vip);
	mnl_attr_nest_end(nlh, nest);

	return nl_do(nl);
}

FIXTURE(txn)
{
	struct nl nl;
	struct nl other;
	struct nl_picture before;
	struct nl_picture after;
	struct nl_answer answer;
	int fault;
};

/* web with one (192.0.2.21) and two, mail with one. */
FIXTURE_SETUP(txn)
{
	struct nl *nl = &self->nl;

	ASSERT_EQ(0, nl_open_new(nl));
	ASSERT_EQ(0, nl_open(&self->other));
	ASSERT_EQ(0, nl_vip_new(nl, "web", "192.0.2.10", 80, L4LB_MODE_DR));
	ASSERT_EQ(0, nl_real_new(nl, "web", "one", "192.0.2.21"));
	ASSERT_EQ(0, nl_real_new(nl, "web", "two", "192.0.2.22"));
	ASSERT_EQ(0, nl_vip_new(nl, "mail", "192.0.2.10", 25, L4LB_MODE_DR));
	ASSERT_EQ(0, nl_real_new(nl, "mail", "one", "192.0.2.21"));
	ASSERT_EQ(0, nl_vip_persist(nl, "web", 60000));
	ASSERT_EQ(0, nl_pin(nl, "web", "one", "198.51.100.1"));
	ASSERT_EQ(0, nl_picture(nl, &self->before));
}

FIXTURE_TEARDOWN(txn)
{
	nl_close(&self->nl);
	nl_close(&self->other);
}

#define EXPECT_UNCHANGED()						\
	do {								\
		EXPECT_EQ(0, nl_picture(&self->other, &self->after));	\
		EXPECT_EQ(self->before.len, self->after.len);		\
		EXPECT_EQ(0, memcmp(self->before.bytes,			\
				    self->after.bytes,			\
				    self->before.len));			\
	} while (0)

/* Every kind of request; the namespace looks altogether different then. */
static int much(struct nl *nl)
{
	int err = 0;

	err |= real_set(nl, "web", "one", "", 7);
	err |= real_set(nl, "web", "two", "192.0.2.29", 3);
	err |= real_set(nl, "web", "two", "192.0.2.28", 3);
	err |= vip_ports(nl, "web", "443");
	err |= nl_real_new(nl, "web", "three", "192.0.2.23");
	err |= nl_named(nl, L4LB_CMD_REAL_DEL, "web", "one");
	err |= nl_real_new(nl, "web", "one", "192.0.2.24");
	err |= nl_named(nl, L4LB_CMD_VIP_DEL, "mail", NULL);
	err |= nl_vip_new(nl, "mail", "2001:db8::10", 25, L4LB_MODE_NAT);
	err |= nl_real_new(nl, "mail", "one", "2001:db8::21");
	err |= nl_vip_new(nl, "brief", "192.0.2.11", 25, L4LB_MODE_NAT);
	err |= nl_real_new(nl, "brief", "one", "192.0.2.21");
	err |= nl_named(nl, L4LB_CMD_VIP_DEL, "brief", NULL);
	err |= unpin(nl, "web", "198.51.100.1", 0);
	err |= nl_pin(nl, "web", "three", "198.51.100.2");
	err |= nl_info_set(nl, L4LB_A_INFO_SEED, 5);
	err |= nl_info_set(nl, L4LB_A_INFO_REALS_MAX, 100);

	return err;
}

#define MUCH	17

TEST_F_TIMEOUT(txn, nothing_happens_before_the_end, 300)
{
	ASSERT_EQ(0, txn_begin(&self->nl));
	EXPECT_EQ(0, much(&self->nl));
	EXPECT_UNCHANGED();

	/* Also in the eyes of its own socket. */
	EXPECT_EQ(0, nl_picture(&self->nl, &self->after));
	EXPECT_EQ(self->before.len, self->after.len);
}

TEST_F_TIMEOUT(txn, all_of_it_happens_at_the_end, 300)
{
	struct real real = { 0 };
	struct vip vip = { 0 };
	const __s64 generation = nl_generation(&self->nl);

	ASSERT_EQ(0, txn_begin(&self->nl));
	ASSERT_EQ(0, much(&self->nl));
	EXPECT_EQ(0, txn_commit(&self->nl));

	EXPECT_LT(generation, nl_generation(&self->nl));
	EXPECT_EQ(0, vip_get(&self->nl, "web", &vip));
	EXPECT_STREQ("443", vip.ports);
	EXPECT_EQ(0, real_get(&self->nl, "web", "one", &real));
	EXPECT_STREQ("192.0.2.24", real.addr);
	EXPECT_EQ(L4LB_WEIGHT_DEFAULT, real.weight);
	EXPECT_EQ(0, real_get(&self->nl, "web", "two", &real));
	EXPECT_STREQ("192.0.2.28", real.addr);
	EXPECT_EQ(3, real.weight);
	EXPECT_EQ(0, real_get(&self->nl, "web", "three", &real));
	EXPECT_EQ(0, real_get(&self->nl, "mail", "one", &real));
	EXPECT_STREQ("2001:db8::21", real.addr);
	EXPECT_EQ(-ENOENT, vip_get(&self->nl, "brief", &vip));
	EXPECT_EQ(5, nl_info(&self->nl, L4LB_A_INFO_SEED));
	EXPECT_EQ(100, nl_info(&self->nl, L4LB_A_INFO_REALS_MAX));
	EXPECT_EQ(2, nl_info(&self->nl, L4LB_A_INFO_VIPS));
	EXPECT_EQ(4, nl_info(&self->nl, L4LB_A_INFO_REALS));
	EXPECT_EQ(1, pins(&self->nl));

	/* The socket is as others are again. */
	EXPECT_EQ(0, nl_named(&self->nl, L4LB_CMD_VIP_DEL, "mail", NULL));
	EXPECT_EQ(-ENOENT, txn_commit(&self->nl));
}

TEST_F_TIMEOUT(txn, a_refusal_undoes_everything, 300)
{
	ASSERT_EQ(0, txn_begin(&self->nl));
	ASSERT_EQ(0, much(&self->nl));
	ASSERT_EQ(0, nl_named(&self->nl, L4LB_CMD_REAL_DEL, "web", "nobody"));
	EXPECT_EQ(-ENOENT, txn_end(&self->nl, false, &self->fault,
				   &self->answer));
	EXPECT_EQ(MUCH, self->fault);
	EXPECT_STREQ("the vip has no such real", self->answer.text);
	EXPECT_FALSE(self->answer.has_offs);
	EXPECT_UNCHANGED();
	EXPECT_EQ(0, nl_info(&self->nl, L4LB_A_INFO_SEED));
	EXPECT_EQ(1, pins(&self->nl));

	/* And it can be done again, by itself. */
	EXPECT_EQ(0, much(&self->nl));
}

TEST_F_TIMEOUT(txn, a_dry_run_changes_nothing_and_goes_on, 300)
{
	ASSERT_EQ(0, txn_begin(&self->nl));
	ASSERT_EQ(0, much(&self->nl));
	EXPECT_EQ(0, txn_end(&self->nl, true, &self->fault, &self->answer));
	EXPECT_EQ(NOBODY, self->fault);
	EXPECT_UNCHANGED();
	EXPECT_EQ(0, txn_commit(&self->nl));
	EXPECT_EQ(5, nl_info(&self->nl, L4LB_A_INFO_SEED));
}

TEST_F_TIMEOUT(txn, a_dry_run_is_refused_as_the_real_one, 300)
{
	ASSERT_EQ(0, txn_begin(&self->nl));
	ASSERT_EQ(0, vip_ports(&self->nl, "web", "25"));
	EXPECT_EQ(-EEXIST, txn_end(&self->nl, true, &self->fault,
				   &self->answer));
	EXPECT_EQ(0, self->fault);
	EXPECT_EQ(-ENOENT, txn_commit(&self->nl));
	EXPECT_UNCHANGED();
}

/* On the way there two would have the same. */
TEST_F_TIMEOUT(txn, the_end_is_judged_not_the_way, 300)
{
	struct real real = { 0 };
	struct vip vip = { 0 };

	ASSERT_EQ(0, txn_begin(&self->nl));
	ASSERT_EQ(0, vip_ports(&self->nl, "web", "25"));
	ASSERT_EQ(0, vip_ports(&self->nl, "mail", "80"));
	ASSERT_EQ(0, real_set(&self->nl, "web", "one", "192.0.2.22", 100));
	ASSERT_EQ(0, real_set(&self->nl, "web", "two", "192.0.2.21", 100));
	EXPECT_EQ(0, txn_commit(&self->nl));

	EXPECT_EQ(0, vip_get(&self->nl, "web", &vip));
	EXPECT_STREQ("25", vip.ports);
	EXPECT_EQ(0, vip_get(&self->nl, "mail", &vip));
	EXPECT_STREQ("80", vip.ports);
	EXPECT_EQ(0, real_get(&self->nl, "web", "one", &real));
	EXPECT_STREQ("192.0.2.22", real.addr);
	EXPECT_EQ(0, real_get(&self->nl, "web", "two", &real));
	EXPECT_STREQ("192.0.2.21", real.addr);
}

/**
 * struct clash - what fits by itself, but not together
 * @what: what it is about
 * @fault: which message is to blame
 * @err: -errno
 * @text: why
 */
struct clash {
	const char *what;
	int fault;
	int err;
	const char *text;
};

static const struct clash clashes[] = {
	{ "ports", 1, -EEXIST,
	  "another vip has this address, protocol and port" },
	{ "places", 1, -EEXIST,
	  "the vip has a real with this address and port" },
	{ "names", 1, -EEXIST, "a vip of this name exists" },
	{ "family", 0, -EINVAL,
	  "the addresses of vip and real differ in family" },
	{ "pin", 0, -EINVAL, "the vip has no persistence" },
	{ "pinned", 0, -EINVAL, "the real is removed or moved" },
	{ "pinned vip", 0, -EINVAL, "the real is removed or moved" },
	{ "pinned new vip", 2, -EINVAL, "the real is removed or moved" },
	{ "limited", 0, -EINVAL,
	  "in a transaction all matching entries are removed" },
	{ "limit", 1, -ENOSPC, "the namespace has as many reals as it may have" },
	{ "lower", 0, -EBUSY, "there are more reals than that" },
};

static int clash_make(struct nl *nl, const char *what)
{
	int err = 0;

	if (!strcmp(what, "ports")) {
		err |= nl_vip_new(nl, "x", "192.0.2.11", 80, L4LB_MODE_DR);
		err |= nl_vip_new(nl, "y", "192.0.2.11", 80, L4LB_MODE_DR);
	} else if (!strcmp(what, "places")) {
		err |= nl_real_new(nl, "web", "x", "192.0.2.23");
		err |= nl_real_new(nl, "web", "y", "192.0.2.23");
	} else if (!strcmp(what, "names")) {
		err |= nl_vip_new(nl, "x", "192.0.2.11", 80, L4LB_MODE_DR);
		err |= nl_vip_new(nl, "x", "192.0.2.12", 80, L4LB_MODE_DR);
	} else if (!strcmp(what, "family")) {
		err |= nl_real_new(nl, "web", "x", "2001:db8::23");
	} else if (!strcmp(what, "pin")) {
		err |= nl_pin(nl, "web", "one", "198.51.100.2");
		err |= nl_vip_persist(nl, "web", 0);
	} else if (!strcmp(what, "pinned")) {
		err |= nl_pin(nl, "web", "one", "198.51.100.2");
		err |= nl_named(nl, L4LB_CMD_REAL_DEL, "web", "one");
	} else if (!strcmp(what, "pinned vip")) {
		err |= nl_pin(nl, "web", "one", "198.51.100.2");
		err |= nl_named(nl, L4LB_CMD_VIP_DEL, "web", NULL);
	} else if (!strcmp(what, "pinned new vip")) {
		err |= nl_vip_new(nl, "x", "192.0.2.11", 80, L4LB_MODE_DR);
		err |= nl_real_new(nl, "x", "one", "192.0.2.23");
		err |= nl_pin(nl, "x", "one", "198.51.100.2");
		err |= nl_named(nl, L4LB_CMD_VIP_DEL, "x", NULL);
	} else if (!strcmp(what, "limited")) {
		err |= unpin(nl, "web", "198.51.100.1", 1);
	} else if (!strcmp(what, "limit")) {
		err |= nl_real_new(nl, "web", "x", "192.0.2.23");
		err |= nl_real_new(nl, "web", "y", "192.0.2.24");
	} else {
		err |= nl_info_set(nl, L4LB_A_INFO_REALS_MAX, 2);
	}

	return err;
}

TEST_F_TIMEOUT(txn, what_clashes_is_refused_with_its_message, 300)
{
	size_t i;

	for (i = 0; i < sizeof(clashes) / sizeof(*clashes); i++) {
		const struct clash *clash = &clashes[i];

		ASSERT_EQ(0, nl_info_set(&self->nl, L4LB_A_INFO_REALS_MAX,
					 strcmp(clash->what, "limit") ? 9 : 4));
		ASSERT_EQ(0, txn_begin(&self->nl));
		ASSERT_EQ(0, clash_make(&self->nl, clash->what));
		EXPECT_EQ(clash->err, txn_end(&self->nl, false, &self->fault,
					      &self->answer)) {
			TH_LOG("%s", clash->what);
		}
		EXPECT_EQ(clash->fault, self->fault) {
			TH_LOG("%s", clash->what);
		}
		EXPECT_STREQ(clash->text, self->answer.text);
		EXPECT_UNCHANGED();
	}
}

/* What is wrong by itself is found at once, and no harm done. */
TEST_F_TIMEOUT(txn, what_is_malformed_is_refused_at_once, 300)
{
	struct nlmsghdr *nlh;

	ASSERT_EQ(0, txn_begin(&self->nl));
	nlh = nl_begin(&self->nl, L4LB_CMD_VIP_DEL, 0);
	mnl_attr_put_u32(nlh, L4LB_A_VIP, 1);
	EXPECT_EQ(-EINVAL, nl_do(&self->nl));
	EXPECT_EQ(0, nl_named(&self->nl, L4LB_CMD_VIP_DEL, "mail", NULL));
	EXPECT_EQ(0, txn_commit(&self->nl));
	EXPECT_EQ(1, nl_info(&self->nl, L4LB_A_INFO_VIPS));
}

/* Attributes that only the command itself looks at. */
TEST_F_TIMEOUT(txn, what_lacks_something_is_refused_at_the_end, 300)
{
	ASSERT_EQ(0, txn_begin(&self->nl));
	ASSERT_EQ(0, nl_named(&self->nl, L4LB_CMD_VIP_DEL, "mail", NULL));
	ASSERT_EQ(0, nl_named(&self->nl, L4LB_CMD_REAL_DEL, "web", NULL));
	EXPECT_EQ(-EINVAL, txn_end(&self->nl, false, &self->fault,
				   &self->answer));
	EXPECT_EQ(1, self->fault);
	EXPECT_NE('\0', self->answer.text[0]);
	EXPECT_FALSE(self->answer.has_miss);
	EXPECT_UNCHANGED();
}

TEST_F_TIMEOUT(txn, a_socket_has_one, 300)
{
	ASSERT_EQ(0, txn_begin(&self->nl));
	EXPECT_EQ(-EBUSY, txn_begin(&self->nl));
	EXPECT_EQ(0, txn_begin(&self->other));
	EXPECT_EQ(0, nl_named(&self->nl, L4LB_CMD_VIP_DEL, "mail", NULL));
	EXPECT_EQ(0, nl_named(&self->other, L4LB_CMD_VIP_DEL, "mail", NULL));
	EXPECT_EQ(0, txn_commit(&self->other));
	EXPECT_EQ(-ENOENT, txn_end(&self->nl, false, &self->fault,
				   &self->answer));
	EXPECT_EQ(0, self->fault);
}

TEST_F_TIMEOUT(txn, without_one_there_is_nothing_to_end, 300)
{
	EXPECT_EQ(-ENOENT, txn_end(&self->nl, false, &self->fault,
				   &self->answer));
	EXPECT_STREQ("the socket has no transaction", self->answer.text);
	EXPECT_EQ(-ENOENT, nl_named(&self->nl, L4LB_CMD_TXN_ABORT, NULL, NULL));
	EXPECT_UNCHANGED();
}

TEST_F_TIMEOUT(txn, it_can_be_forgotten, 300)
{
	ASSERT_EQ(0, txn_begin(&self->nl));
	ASSERT_EQ(0, much(&self->nl));
	EXPECT_EQ(0, nl_named(&self->nl, L4LB_CMD_TXN_ABORT, NULL, NULL));
	EXPECT_EQ(-ENOENT, txn_commit(&self->nl));
	EXPECT_UNCHANGED();
	EXPECT_EQ(0, txn_begin(&self->nl));
	EXPECT_EQ(0, txn_commit(&self->nl));
	EXPECT_UNCHANGED();
}

TEST_F_TIMEOUT(txn, it_ends_with_its_socket, 300)
{
	ASSERT_EQ(0, txn_begin(&self->nl));
	ASSERT_EQ(0, much(&self->nl));
	nl_close(&self->nl);
	EXPECT_UNCHANGED();
	ASSERT_EQ(0, nl_open(&self->nl));
	EXPECT_EQ(-ENOENT, txn_commit(&self->nl));
}

TEST_F_TIMEOUT(txn, what_it_is_based_on_must_not_change, 300)
{
	const __s64 generation = nl_generation(&self->nl);

	EXPECT_EQ(-ESTALE, txn_begin_based(&self->nl, generation - 1));
	EXPECT_EQ(-ENOENT, txn_commit(&self->nl));

	ASSERT_EQ(0, txn_begin_based(&self->nl, generation));
	ASSERT_EQ(0, nl_named(&self->nl, L4LB_CMD_VIP_DEL, "web", NULL));
	ASSERT_EQ(0, nl_named(&self->other, L4LB_CMD_VIP_DEL, "mail", NULL));
	EXPECT_EQ(-ESTALE, txn_end(&self->nl, false, &self->fault,
				   &self->answer));
	EXPECT_EQ(NOBODY, self->fault);
	EXPECT_EQ(1, nl_info(&self->nl, L4LB_A_INFO_VIPS));
}

/* A verdict is no change of the configuration. */
TEST_F_TIMEOUT(txn, health_goes_on_meanwhile, 300)
{
	const __s64 generation = nl_generation(&self->nl);
	struct real real = { 0 };

	ASSERT_EQ(0, txn_begin_based(&self->nl, generation));
	ASSERT_EQ(0, real_set(&self->nl, "web", "one", "", 7));
	ASSERT_EQ(0, nl_real_health(&self->nl, "web", "one", L4LB_HEALTH_UP));
	ASSERT_EQ(0, nl_real_health(&self->other, "web", "two",
				    L4LB_HEALTH_SICK));
	EXPECT_EQ(0, txn_commit(&self->nl));
	EXPECT_EQ(0, real_get(&self->nl, "web", "one", &real));
	EXPECT_EQ(7, real.weight);
	EXPECT_EQ(L4LB_HEALTH_UP, real.health);
}

/* The second of these is no more than there were, nor is the third. */
TEST_F_TIMEOUT(txn, pins_are_replaced_at_the_limit, 300)
{
	ASSERT_EQ(0, nl_info_set(&self->nl, L4LB_A_INFO_PERSISTS_MAX, 2));
	ASSERT_EQ(0, txn_begin(&self->nl));
	ASSERT_EQ(0, nl_pin(&self->nl, "web", "two", "198.51.100.1"));
	ASSERT_EQ(0, nl_pin(&self->nl, "web", "two", "198.51.100.2"));
	EXPECT_EQ(0, txn_commit(&self->nl));
	EXPECT_EQ(2, pins(&self->nl));

	ASSERT_EQ(0, txn_begin(&self->nl));
	ASSERT_EQ(0, unpin(&self->nl, "web", "198.51.100.1", 0));
	ASSERT_EQ(0, nl_pin(&self->nl, "web", "two", "198.51.100.3"));
	EXPECT_EQ(0, txn_commit(&self->nl));
	EXPECT_EQ(2, pins(&self->nl));

	ASSERT_EQ(0, txn_begin(&self->nl));
	ASSERT_EQ(0, unpin_all(&self->nl, "web"));
	ASSERT_EQ(0, nl_pin(&self->nl, "web", "one", "198.51.100.3"));
	ASSERT_EQ(0, nl_pin(&self->nl, "web", "one", "198.51.100.4"));
	EXPECT_EQ(0, txn_commit(&self->nl));
	EXPECT_EQ(2, pins(&self->nl));

	/* What was not there does not make room, nor the same twice. */
	ASSERT_EQ(0, txn_begin(&self->nl));
	ASSERT_EQ(0, unpin(&self->nl, "web", "198.51.100.9", 0));
	ASSERT_EQ(0, nl_pin(&self->nl, "web", "two", "198.51.100.5"));
	EXPECT_EQ(-ENOSPC, txn_end(&self->nl, false, &self->fault,
				   &self->answer));
	EXPECT_EQ(1, self->fault);
	ASSERT_EQ(0, txn_begin(&self->nl));
	ASSERT_EQ(0, unpin(&self->nl, "web", "198.51.100.3", 0));
	ASSERT_EQ(0, unpin(&self->nl, "web", "198.51.100.3", 0));
	ASSERT_EQ(0, nl_pin(&self->nl, "web", "two", "198.51.100.5"));
	ASSERT_EQ(0, nl_pin(&self->nl, "web", "two", "198.51.100.6"));
	EXPECT_EQ(-ENOSPC, txn_end(&self->nl, false, &self->fault,
				   &self->answer));
	EXPECT_EQ(3, self->fault);
	EXPECT_EQ(2, pins(&self->nl));
}

/* The first VIP and the last one bring tables and hooks, and take them away. */
TEST_F_TIMEOUT(txn, a_namespace_is_filled_and_emptied, 300)
{
	int i;

	ASSERT_EQ(0, nl_named(&self->nl, L4LB_CMD_FLUSH, NULL, NULL));
	for (i = 0; i < 20; i++) {
		ASSERT_EQ(0, txn_begin(&self->nl));
		ASSERT_EQ(0, nl_vip_new(&self->nl, "web", "192.0.2.10", 80,
					L4LB_MODE_NAT));
		ASSERT_EQ(0, nl_vip_persist(&self->nl, "web", 60000));
		ASSERT_EQ(0, nl_real_new(&self->nl, "web", "one",
					 "192.0.2.21"));
		ASSERT_EQ(0, nl_pin(&self->nl, "web", "one", "198.51.100.1"));
		if (i & 1)
			ASSERT_EQ(0, nl_named(&self->nl, L4LB_CMD_VIP_DEL,
					      "nobody", NULL));
		EXPECT_EQ(i & 1 ? -ENOENT : 0, txn_commit(&self->nl));
		EXPECT_EQ(!(i & 1), nl_info(&self->nl, L4LB_A_INFO_VIPS));
		if (i & 1)
			continue;

		ASSERT_EQ(0, txn_begin(&self->nl));
		ASSERT_EQ(0, nl_named(&self->nl, L4LB_CMD_VIP_DEL, "web",
				      NULL));
		EXPECT_EQ(0, txn_commit(&self->nl));
		EXPECT_EQ(0, nl_info(&self->nl, L4LB_A_INFO_REALS));
	}
}

/* Where nothing else is: what it leaves goes with it. */
TEST_F_TIMEOUT(txn, a_vip_comes_and_goes_within, 300)
{
	struct nl *nl = &self->nl;

	nl_begin(nl, L4LB_CMD_FLUSH, 0);
	ASSERT_EQ(0, nl_do(nl));
	ASSERT_EQ(0, txn_begin(nl));
	ASSERT_EQ(0, nl_vip_new(nl, "brief", "192.0.2.11", 25, L4LB_MODE_NAT));
	ASSERT_EQ(0, nl_real_new(nl, "brief", "one", "192.0.2.21"));
	ASSERT_EQ(0, nl_named(nl, L4LB_CMD_VIP_DEL, "brief", NULL));
	ASSERT_EQ(0, txn_commit(nl));

	ASSERT_EQ(0, nl_vip_new(nl, "web", "192.0.2.21", 80, L4LB_MODE_DR));
	ASSERT_EQ(0, nl_real_new(nl, "web", "two", "192.0.2.22"));
	/* Removed reals are gone by then, with what they had in tables. */
	sleep(10);
	EXPECT_EQ(-EEXIST, nl_vip_new(nl, "other", "192.0.2.21", 80,
				      L4LB_MODE_DR));
}

TEST_F_TIMEOUT(txn, standby_can_be_part_of_it, 300)
{
	ASSERT_EQ(0, txn_begin(&self->nl));
	ASSERT_EQ(0, nl_info_set(&self->nl, L4LB_A_INFO_STANDBY, 1));
	ASSERT_EQ(0, nl_vip_new(&self->nl, "x", "192.0.2.11", 80,
				L4LB_MODE_NAT));
	ASSERT_EQ(0, txn_commit(&self->nl));
	EXPECT_EQ(1, nl_info(&self->nl, L4LB_A_INFO_STANDBY));

	ASSERT_EQ(0, txn_begin(&self->nl));
	ASSERT_EQ(0, nl_info_set(&self->nl, L4LB_A_INFO_STANDBY, 0));
	ASSERT_EQ(0, nl_named(&self->nl, L4LB_CMD_VIP_DEL, "nobody", NULL));
	EXPECT_EQ(-ENOENT, txn_commit(&self->nl));
	EXPECT_EQ(1, nl_info(&self->nl, L4LB_A_INFO_STANDBY));

	ASSERT_EQ(0, nl_info_set(&self->nl, L4LB_A_INFO_STANDBY, 0));
	EXPECT_EQ(0, nl_info(&self->nl, L4LB_A_INFO_STANDBY));
}

/* Random requests, one by one and as a transaction, come to the same. */
static __u32 dice_state;

static __u32 dice(__u32 n)
{
	dice_state = dice_state * 1664525 + 1013904223;

	return (dice_state >> 16) % n;
}

#define MOVE_PIN	8

struct move {
	__u32 kind;
	char vip[8];
	char real[8];
	char addr[20];
	__u32 value;
};

static void move_throw(struct move *move)
{
	move->kind = dice(11);
	snprintf(move->vip, sizeof(move->vip), "v%u", dice(4));
	snprintf(move->real, sizeof(move->real), "r%u", dice(4));
	snprintf(move->addr, sizeof(move->addr), "192.0.2.%u", 20 + dice(6));
	move->value = 1 + dice(3);
}

static int move_do(struct nl *nl, const struct move *move)
{
	char text[20];

	switch (move->kind) {
	case 0:
		snprintf(text, sizeof(text), "192.0.2.%u", 10 + move->value);
		return nl_vip_new(nl, move->vip, text, (__u16)move->value,
				  L4LB_MODE_DR);
	case 1:
		snprintf(text, sizeof(text), "%u", move->value);
		return vip_ports(nl, move->vip, text);
	case 2:
		return nl_named(nl, L4LB_CMD_VIP_DEL, move->vip, NULL);
	case 3:
	case 4:
		return nl_real_new(nl, move->vip, move->real, move->addr);
	case 5:
		return real_set(nl, move->vip, move->real, move->addr,
				move->value);
	case 6:
		return real_set(nl, move->vip, move->real, "", move->value);
	case 7:
		return nl_vip_persist(nl, move->vip, 60000 * (move->value > 1));
	case MOVE_PIN:
		snprintf(text, sizeof(text), "198.51.100.%u", move->value);
		return nl_pin(nl, move->vip, move->real, text);
	case 9:
		snprintf(text, sizeof(text), "198.51.100.%u", move->value);
		return unpin(nl, move->vip, text, 0);
	default:
		return nl_named(nl, L4LB_CMD_REAL_DEL, move->vip, move->real);
	}
}

static void text_real(const struct nlmsghdr *nlh, void *data)
{
	struct nl_picture *pic = data;
	struct real real = { 0 };

	each_real(nlh, &real);
	pic->len += (size_t)snprintf(pic->bytes + pic->len,
				     sizeof(pic->bytes) - pic->len,
				     "%s %s %s %u %u\n", real.vip, real.name,
				     real.addr, real.weight, real.serves);
}

static void text_vip(const struct nlmsghdr *nlh, void *data)
{
	struct nl_picture *pic = data;
	struct vip vip = { 0 };

	each_vip(nlh, &vip);
	pic->len += (size_t)snprintf(pic->bytes + pic->len,
				     sizeof(pic->bytes) - pic->len,
				     "%s %s %s\n", vip.name, vip.addr,
				     vip.ports);
}

/*
 * As one change. A pin that means nothing in the end is refused, although it
 * meant something on the way there; without those the rest is to go through.
 */
static int moves_commit(struct nl *nl, struct move *moves, int *n, int *fault,
			struct nl_answer *answer)
{
	int err, i;

	do {
		err = txn_begin(nl);
		for (i = 0; !err && i < *n; i++)
			err = move_do(nl, &moves[i]);
		if (err)
			return err;
		err = txn_end(nl, false, fault, answer);
		if (err != -EINVAL || *fault < 0 ||
		    moves[*fault].kind != MOVE_PIN)
			return err;
		memmove(&moves[*fault], &moves[*fault + 1],
			sizeof(*moves) * (size_t)(--*n - *fault));
	} while (1);
}

/* As nl_picture(), without epochs and times. */
static int text_picture(struct nl *nl, struct nl_picture *pic)
{
	struct nl_answer answer = { 0 };
	int err;

	memset(pic, 0, sizeof(*pic));
	nl_begin(nl, L4LB_CMD_VIP_GET, NLM_F_DUMP);
	err = nl_talk(nl, text_vip, pic, &answer);
	nl_begin(nl, L4LB_CMD_REAL_GET, NLM_F_DUMP);
	err |= nl_talk(nl, text_real, pic, &answer);

	return err;
}

TEST_F_TIMEOUT(txn, at_random, 300)
{
	const __u32 seed = (__u32)getpid();
	struct move moves[40];
	struct nl *one = &self->nl, *all = &self->other;
	int round, i, n;

	dice_state = seed;
	nl_close(all);
	ASSERT_EQ(0, nl_open_new(all));
	ASSERT_EQ(0, nl_named(one, L4LB_CMD_FLUSH, NULL, NULL));
	for (round = 0; round < 40; round++) {
		for (n = 0, i = 0; i < 40; i++) {
			move_throw(&moves[n]);
			n += !move_do(one, &moves[n]);
		}

		ASSERT_EQ(0, txn_begin(all));
		for (i = 0; i < n; i++)
			ASSERT_EQ(0, move_do(all, &moves[i]));
		ASSERT_EQ(0, text_picture(all, &self->before));
		ASSERT_EQ(0, move_do(all, &(struct move){ .kind = 2 }));
		ASSERT_NE(0, txn_commit(all));
		ASSERT_EQ(0, text_picture(all, &self->after));
		ASSERT_STREQ(self->before.bytes, self->after.bytes);

		ASSERT_EQ(0, moves_commit(all, moves, &n, &self->fault,
					  &self->answer)) {
			TH_LOG("seed %u round %d: message %d, %s", seed, round,
			       self->fault, self->answer.text);
		}
		ASSERT_EQ(0, text_picture(one, &self->before));
		ASSERT_EQ(0, text_picture(all, &self->after));
		ASSERT_STREQ(self->before.bytes, self->after.bytes) {
			TH_LOG("seed %u round %d", seed, round);
		}
	}
}

TEST_HARNESS_MAIN
