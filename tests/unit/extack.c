// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's extended acknowledgments become a reason and the word of the
 * command line that was at fault.
 */

#include "kselftest_harness.h"

#include "err.h"
#include "msg.h"
#include "nl.h"

#include <linux/genetlink.h>

FIXTURE(extack)
{
	char request_data[8192];
	char answer_data[16384];
	struct nlmsghdr *request;
	struct nlmsghdr *answer;
	struct lb_err err;
};

/* Find an attribute in a list of attributes. */
static const struct nlattr *find(const void *data, size_t len,
				 unsigned int type)
{
	const struct nlattr *attr;

	mnl_attr_for_each_payload(data, len) {
		if (mnl_attr_get_type(attr) == type)
			return attr;
	}

	return NULL;
}

static const struct nlattr *find_nested(const struct nlattr *nest,
					unsigned int type)
{
	return find(mnl_attr_get_payload(nest), mnl_attr_get_payload_len(nest),
		    type);
}

static const struct nlattr *find_top(const struct nlmsghdr *nlh,
				     unsigned int type)
{
	size_t head = sizeof(struct genlmsghdr);

	return find(mnl_nlmsg_get_payload_offset(nlh, head),
		    mnl_nlmsg_get_payload_len(nlh) - head, type);
}

FIXTURE_SETUP(extack)
{
	struct lb_vip vip = {
		.name = "HT-SMTP",
		.has = LB_BIT(L4LB_A_VIP_ADDR4) | LB_BIT(L4LB_A_VIP_PROTOS) |
		       LB_BIT(L4LB_A_VIP_PORTS) | LB_BIT(L4LB_A_VIP_CHECK) |
		       LB_BIT(L4LB_A_VIP_MODE) | LB_BIT(L4LB_A_VIP_IDLE) |
		       LB_BIT(L4LB_A_VIP_ORPHAN) |
		       LB_BIT(L4LB_A_VIP_NO_REAL) | LB_BIT(L4LB_A_VIP_SEED) |
		       LB_BIT(L4LB_A_VIP_PERSIST) | LB_BIT(L4LB_A_VIP_MASK) |
		       LB_BIT(L4LB_A_VIP_FALLBACK) |
		       LB_BIT(L4LB_A_VIP_SLOW_START),
		.protos = L4LB_PROTO_TCP,
		.mode = L4LB_MODE_NAT,
		.idle = 7440000,
		.orphan = L4LB_ORPHAN_DROP,
		.no_real = L4LB_NO_REAL_ICMP,
		.seed = 0xabc,
		.persist = 5400000,
		.mask = 33,
		.fallback_port = 8080,
		.slow_start = 60000,
		.check = {
			.has = LB_BIT(L4LB_A_CHECK_INTERVAL),
			.interval = 1000,
		},
	};

	lb_addr_parse("192.168.30.10", &vip.addr, NULL);
	lb_addr_parse("192.168.30.30", &vip.fallback, NULL);
	lb_ports_parse("25,587", &vip.ports, NULL);
	self->request = lb_nl_build(self->request_data, 33, L4LB_CMD_VIP_NEW,
				    NLM_F_ACK, 1);
	lb_msg_put_vip(self->request, &vip);
	lb_allow_parse("192.0.2.50-60", &vip.allow, NULL);
	lb_msg_put_allow(self->request, L4LB_ALLOW_ADD, &vip.allow);
	lb_vip_release(&vip);
}

FIXTURE_TEARDOWN(extack)
{
}

static void begin_answer(struct __test_metadata *_metadata,
			 struct nlmsghdr **answer, void *buf,
			 const struct nlmsghdr *request, int code, bool capped)
{
	size_t extra = capped ? 0 : request->nlmsg_len - sizeof(*request);
	struct nlmsgerr *ack;

	*answer = mnl_nlmsg_put_header(buf);
	(*answer)->nlmsg_type = NLMSG_ERROR;
	(*answer)->nlmsg_flags = NLM_F_ACK_TLVS | (capped ? NLM_F_CAPPED : 0);
	ack = mnl_nlmsg_put_extra_header(*answer, sizeof(*ack) + extra);
	ack->error = code;
	memcpy(&ack->msg, request, sizeof(*request) + extra);
	ASSERT_EQ(0, (*answer)->nlmsg_len % 4);
}

#define ANSWER(code, capped)						\
	begin_answer(_metadata, &self->answer, self->answer_data,	\
		     self->request, code, capped)

static void put_offset(struct nlmsghdr *answer, unsigned int type,
		       const struct nlmsghdr *request,
		       const struct nlattr *attr)
{
	mnl_attr_put_u32(answer, type,
			 (const char *)attr - (const char *)request);
}

TEST_F(extack, an_acknowledgment_is_no_error)
{
	ANSWER(0, true);
	EXPECT_EQ(0, lb_nl_decode(self->answer, self->request, &self->err));
	EXPECT_STREQ("", self->err.text);
	EXPECT_STREQ("", self->err.word);
	EXPECT_EQ(0, lb_nl_decode(self->answer, self->request, NULL));
}

TEST_F(extack, a_warning_comes_with_success)
{
	ANSWER(0, true);
	mnl_attr_put_strz(self->answer, NLMSGERR_ATTR_MSG, "beware");
	EXPECT_EQ(0, lb_nl_decode(self->answer, self->request, &self->err));
	EXPECT_STREQ("beware", self->err.text);
}

TEST_F(extack, without_a_text_the_code_is_the_reason)
{
	ANSWER(-EPERM, true);
	self->answer->nlmsg_flags = 0;
	EXPECT_EQ(-EPERM, lb_nl_decode(self->answer, self->request,
				       &self->err));
	EXPECT_STREQ(strerror(EPERM), self->err.text);
}

TEST_F(extack, text_and_word)
{
	const struct nlattr *vip = find_top(self->request, L4LB_A_VIP);

	ANSWER(-EEXIST, true);
	mnl_attr_put_strz(self->answer, NLMSGERR_ATTR_MSG,
			  "ports are taken by another VIP");
	put_offset(self->answer, NLMSGERR_ATTR_OFFS, self->request,
		   find_nested(vip, L4LB_A_VIP_PORTS));
	EXPECT_EQ(-EEXIST, lb_nl_decode(self->answer, self->request,
					&self->err));
	EXPECT_STREQ("ports are taken by another VIP", self->err.text);
	EXPECT_STREQ("ports \"25,587\"", self->err.word);
}

TEST_F(extack, the_request_may_be_repeated_in_the_answer)
{
	const struct nlattr *vip = find_top(self->request, L4LB_A_VIP);

	ANSWER(-EINVAL, false);
	mnl_attr_put_strz(self->answer, NLMSGERR_ATTR_MSG, "no");
	put_offset(self->answer, NLMSGERR_ATTR_OFFS, self->request,
		   find_nested(vip, L4LB_A_VIP_ADDR4));
	EXPECT_EQ(-EINVAL, lb_nl_decode(self->answer, self->request,
					&self->err));
	EXPECT_STREQ("no", self->err.text);
	EXPECT_STREQ("address \"192.168.30.10\"", self->err.word);
}

TEST_F(extack, values_are_printed_as_the_command_line_has_them)
{
	const struct nlattr *vip = find_top(self->request, L4LB_A_VIP);
	const struct nlattr *check = find_nested(vip, L4LB_A_VIP_CHECK);
	const struct nlattr *ports = find_nested(vip, L4LB_A_VIP_PORTS);
	const struct nlattr *fallback = find_nested(vip, L4LB_A_VIP_FALLBACK);
	const struct nlattr *allow = find_top(self->request, L4LB_A_ALLOW);
	const struct nlattr *range = find_nested(allow, L4LB_A_ALLOW_RANGE);
	const struct {
		const struct nlattr *attr;
		const char *word;
	} cases[] = {
		{ vip, "vip \"HT-SMTP\"" },
		{ find_nested(vip, L4LB_A_VIP_NAME), "vip \"HT-SMTP\"" },
		{ find_nested(vip, L4LB_A_VIP_PROTOS), "protocol \"tcp\"" },
		{ find_nested(vip, L4LB_A_VIP_MODE), "mode \"nat\"" },
		{ find_nested(vip, L4LB_A_VIP_IDLE), "idle \"124m\"" },
		{ find_nested(vip, L4LB_A_VIP_ORPHAN), "orphan \"drop\"" },
		{ find_nested(vip, L4LB_A_VIP_NO_REAL), "no-real \"icmp\"" },
		{ find_nested(vip, L4LB_A_VIP_SEED), "seed \"abc\"" },
		{ find_nested(vip, L4LB_A_VIP_PERSIST), "persist \"90m\"" },
		{ find_nested(vip, L4LB_A_VIP_MASK), "mask \"33\"" },
		{ find_nested(vip, L4LB_A_VIP_SLOW_START), "slow-start \"1m\"" },
		{ fallback, "fallback \"192.168.30.30:8080\"" },
		{ find_nested(fallback, L4LB_A_FALLBACK_PORT),
		  "fallback \"192.168.30.30:8080\"" },
		{ allow, "allow" },
		{ range, "allow \"192.0.2.50-192.0.2.60\"" },
		{ find_nested(range, L4LB_A_ALLOW_LAST4),
		  "allow \"192.0.2.50-192.0.2.60\"" },
		{ check, "check" },
		{ find_nested(check, L4LB_A_CHECK_INTERVAL),
		  "check interval \"1s\"" },
		{ find_nested(ports, L4LB_A_PORTS_RANGE),
		  "ports \"25,587\"" },
		{ find_nested(find_nested(ports, L4LB_A_PORTS_RANGE),
			      L4LB_A_RANGE_LAST), "ports \"25,587\"" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		ASSERT_NE(NULL, cases[i].attr);
		ANSWER(-EINVAL, true);
		put_offset(self->answer, NLMSGERR_ATTR_OFFS, self->request,
			   cases[i].attr);
		EXPECT_EQ(-EINVAL, lb_nl_decode(self->answer, self->request,
						&self->err));
		EXPECT_STREQ(cases[i].word, self->err.word);
		EXPECT_STREQ(strerror(EINVAL), self->err.text);
	}
}

TEST_F(extack, words_of_a_persistence_entry)
{
	struct lb_persist persist = {
		.vip = "V",
		.real = "R",
		.has = LB_BIT(L4LB_A_PERSIST_LEFT),
		.left = 60000,
		.forever = true,
	};
	const struct nlattr *nest;
	unsigned int i;
	const struct {
		unsigned int type;
		const char *word;
	} cases[] = {
		{ L4LB_A_PERSIST_ADDR4, "src \"192.0.2.7\"" },
		{ L4LB_A_PERSIST_LEFT, "for \"1m\"" },
		{ L4LB_A_PERSIST_FOREVER, "forever" },
	};

	lb_addr_parse("192.0.2.7", &persist.client.addr, NULL);
	self->request = lb_nl_build(self->request_data, 33,
				    L4LB_CMD_PERSIST_NEW, NLM_F_ACK, 1);
	lb_msg_put_persist(self->request, &persist);
	nest = find_top(self->request, L4LB_A_PERSIST);

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		ANSWER(-EINVAL, true);
		put_offset(self->answer, NLMSGERR_ATTR_OFFS, self->request,
			   find_nested(nest, cases[i].type));
		EXPECT_EQ(-EINVAL, lb_nl_decode(self->answer, self->request,
						&self->err));
		EXPECT_STREQ(cases[i].word, self->err.word);
	}

	ANSWER(-EINVAL, true);
	mnl_attr_put_u32(self->answer, NLMSGERR_ATTR_MISS_TYPE,
			 L4LB_A_PERSIST_ADDR4);
	put_offset(self->answer, NLMSGERR_ATTR_MISS_NEST, self->request, nest);
	lb_nl_decode(self->answer, self->request, &self->err);
	EXPECT_STREQ("src is missing", self->err.text);
}

TEST_F(extack, a_missing_attribute_is_named)
{
	const struct nlattr *vip = find_top(self->request, L4LB_A_VIP);

	ANSWER(-EINVAL, true);
	mnl_attr_put_u32(self->answer, NLMSGERR_ATTR_MISS_TYPE,
			 L4LB_A_VIP_PORTS);
	put_offset(self->answer, NLMSGERR_ATTR_MISS_NEST, self->request, vip);
	EXPECT_EQ(-EINVAL, lb_nl_decode(self->answer, self->request,
					&self->err));
	EXPECT_STREQ("ports is missing", self->err.text);

	ANSWER(-EINVAL, true);
	mnl_attr_put_u32(self->answer, NLMSGERR_ATTR_MISS_TYPE, L4LB_A_REAL);
	EXPECT_EQ(-EINVAL, lb_nl_decode(self->answer, self->request,
					&self->err));
	EXPECT_STREQ("real is missing", self->err.text);
}

TEST_F(extack, what_a_newer_kernel_says_does_no_harm)
{
	ANSWER(-EINVAL, true);
	mnl_attr_put_u32(self->answer, NLMSGERR_ATTR_OFFS, 1U << 30);
	mnl_attr_put_u32(self->answer, NLMSGERR_ATTR_MAX + 5, 1);
	EXPECT_EQ(-EINVAL, lb_nl_decode(self->answer, self->request,
					&self->err));
	EXPECT_STREQ("", self->err.word);

	ANSWER(-EINVAL, true);
	mnl_attr_put_u32(self->answer, NLMSGERR_ATTR_MISS_TYPE, 12345);
	mnl_attr_put_u32(self->answer, NLMSGERR_ATTR_MISS_NEST, 1U << 30);
	EXPECT_EQ(-EINVAL, lb_nl_decode(self->answer, self->request,
					&self->err));
	EXPECT_STREQ(strerror(EINVAL), self->err.text);
}

TEST_F(extack, the_text_is_safe_to_print)
{
	ANSWER(-EINVAL, true);
	mnl_attr_put_strz(self->answer, NLMSGERR_ATTR_MSG, "a\nb\x1b[m");
	lb_nl_decode(self->answer, self->request, &self->err);
	EXPECT_STREQ("a?b?[m", self->err.text);
}

TEST_F(extack, a_dump_ends_with_a_code)
{
	int *code;

	self->answer = mnl_nlmsg_put_header(self->answer_data);
	self->answer->nlmsg_type = NLMSG_DONE;
	EXPECT_EQ(0, lb_nl_decode(self->answer, self->request, &self->err));

	code = mnl_nlmsg_put_extra_header(self->answer, sizeof(*code));
	EXPECT_EQ(0, lb_nl_decode(self->answer, self->request, &self->err));

	*code = -ENOENT;
	self->answer->nlmsg_flags = NLM_F_ACK_TLVS;
	mnl_attr_put_strz(self->answer, NLMSGERR_ATTR_MSG, "no such VIP");
	EXPECT_EQ(-ENOENT, lb_nl_decode(self->answer, self->request,
					&self->err));
	EXPECT_STREQ("no such VIP", self->err.text);
}

TEST_HARNESS_MAIN
