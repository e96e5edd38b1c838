// SPDX-License-Identifier: GPL-2.0-only
/*
 * Objects survive the way into attributes and back, and messages that are
 * not what they should be are refused.
 */

#include "kselftest_harness.h"

#include "addr.h"
#include "msg.h"
#include "nl.h"

#include <arpa/inet.h>
#include <linux/genetlink.h>

#define FAMILY	33

/* Room for a request with every attribute. */
struct buffer {
	char data[16384];
};

static struct nlmsghdr *begin(struct buffer *buf, unsigned int cmd)
{
	memset(buf, 0xff, sizeof(*buf));

	return lb_nl_build(buf->data, FAMILY, cmd, NLM_F_ACK, 1);
}

static void set_address(struct lb_addr *addr, const char *text)
{
	lb_addr_parse(text, addr, NULL);
}

TEST(a_request_has_a_header)
{
	struct genlmsghdr *genl;
	struct nlmsghdr *nlh;
	struct buffer buf;

	nlh = begin(&buf, L4LB_CMD_VIP_NEW);
	genl = mnl_nlmsg_get_payload(nlh);
	EXPECT_EQ(FAMILY, nlh->nlmsg_type);
	EXPECT_EQ(NLM_F_REQUEST | NLM_F_ACK, nlh->nlmsg_flags);
	EXPECT_EQ(1, nlh->nlmsg_seq);
	EXPECT_EQ(L4LB_CMD_VIP_NEW, genl->cmd);
	EXPECT_EQ(L4LB_GENL_VERSION, genl->version);
	EXPECT_EQ(0, genl->reserved);
}

TEST(a_vip_survives)
{
	char args[] = "path=/owa/ body='all is well'";
	struct lb_vip vip = {
		.name = "CAS-RPC",
		.has = LB_BIT(L4LB_A_VIP_ADDR4) | LB_BIT(L4LB_A_VIP_PROTOS) |
		       LB_BIT(L4LB_A_VIP_PORTS) | LB_BIT(L4LB_A_VIP_MODE) |
		       LB_BIT(L4LB_A_VIP_SCHED) | LB_BIT(L4LB_A_VIP_IDLE) |
		       LB_BIT(L4LB_A_VIP_CHECK) | LB_BIT(L4LB_A_VIP_NEW_NAME) |
		       LB_BIT(L4LB_A_VIP_ORPHAN) |
		       LB_BIT(L4LB_A_VIP_NO_REAL) | LB_BIT(L4LB_A_VIP_SEED) |
		       LB_BIT(L4LB_A_VIP_PERSIST) | LB_BIT(L4LB_A_VIP_MASK) |
		       LB_BIT(L4LB_A_VIP_HOOK) | LB_BIT(L4LB_A_VIP_SOURCES) |
		       LB_BIT(L4LB_A_VIP_FALLBACK) |
		       LB_BIT(L4LB_A_VIP_SLOW_START) |
		       LB_BIT(L4LB_A_VIP_DEV),
		.new_name = "RPC",
		.protos = L4LB_PROTO_ALL,
		.mode = L4LB_MODE_NAT,
		.sched = L4LB_SCHED_RR,
		.idle = 3600000,
		.orphan = L4LB_ORPHAN_KEEP,
		.no_real = L4LB_NO_REAL_DROP,
		.hook = L4LB_HOOK_INPUT,
		.sources = { .count = 2 },
		.seed = 0xfedcba9876543210ULL,
		.persist = 5400000,
		.mask = 24,
		.fallback_port = 8080,
		.slow_start = 60000,
		.dev = "eth0",
		.check = {
			.has = LB_BIT(L4LB_A_CHECK_TYPE) |
			       LB_BIT(L4LB_A_CHECK_PORTS) |
			       LB_BIT(L4LB_A_CHECK_INTERVAL) |
			       LB_BIT(L4LB_A_CHECK_TIMEOUT) |
			       LB_BIT(L4LB_A_CHECK_RISE) |
			       LB_BIT(L4LB_A_CHECK_FALL) |
			       LB_BIT(L4LB_A_CHECK_FAST) |
			       LB_BIT(L4LB_A_CHECK_VIA) |
			       LB_BIT(L4LB_A_CHECK_AGENT) |
			       LB_BIT(L4LB_A_CHECK_GUARD) |
			       LB_BIT(L4LB_A_CHECK_SECRET) |
			       LB_BIT(L4LB_A_CHECK_ARGS),
			.type = "external",
			.interval = 7000,
			.timeout = 1500,
			.rise = 4,
			.fall = 100,
			.fast = 500,
			.via = L4LB_VIA_VIP,
			.agent = 6556,
			.guard = 50,
			.secret = "mail",
			.args = args,
		},
	};
	struct nlmsghdr *nlh;
	struct buffer buf;
	struct lb_vip got;

	set_address(&vip.addr, "192.168.30.10");
	set_address(&vip.sources.addr[0], "192.168.30.3");
	set_address(&vip.sources.addr[1], "192.168.30.4");
	set_address(&vip.fallback, "192.168.30.30");
	ASSERT_EQ(0, lb_ports_parse("135,60200-60201", &vip.ports, NULL));
	ASSERT_EQ(0, lb_ports_parse_single("135,60200", &vip.check.ports, 16,
					   NULL));

	nlh = begin(&buf, L4LB_CMD_VIP_SET);
	lb_msg_put_vip(nlh, &vip);
	ASSERT_EQ(0, lb_msg_get_vip(nlh, &got));

	EXPECT_STREQ(vip.name, got.name);
	EXPECT_STREQ(vip.new_name, got.new_name);
	EXPECT_EQ(vip.has | LB_BIT(L4LB_A_VIP_NAME), got.has);
	EXPECT_TRUE(lb_addr_equal(&vip.addr, &got.addr));
	EXPECT_EQ(vip.protos, got.protos);
	EXPECT_TRUE(lb_ports_equal(&vip.ports, &got.ports));
	EXPECT_EQ(vip.mode, got.mode);
	EXPECT_EQ(vip.sched, got.sched);
	EXPECT_EQ(vip.idle, got.idle);
	EXPECT_EQ(vip.orphan, got.orphan);
	EXPECT_EQ(vip.no_real, got.no_real);
	EXPECT_EQ(vip.hook, got.hook);
	EXPECT_EQ(2, got.sources.count);
	EXPECT_EQ(LB_LIST_SET, got.sources.op);
	EXPECT_TRUE(lb_addr_equal(&vip.sources.addr[1], &got.sources.addr[1]));
	EXPECT_EQ(vip.seed, got.seed);
	EXPECT_EQ(vip.persist, got.persist);
	EXPECT_EQ(vip.mask, got.mask);
	EXPECT_TRUE(lb_addr_equal(&vip.fallback, &got.fallback));
	EXPECT_EQ(8080, got.fallback_port);
	EXPECT_EQ(60000, got.slow_start);
	EXPECT_STREQ("eth0", got.dev);
	EXPECT_EQ(vip.check.has, got.check.has);
	EXPECT_STREQ(vip.check.type, got.check.type);
	EXPECT_TRUE(lb_ports_equal(&vip.check.ports, &got.check.ports));
	EXPECT_EQ(vip.check.interval, got.check.interval);
	EXPECT_EQ(vip.check.timeout, got.check.timeout);
	EXPECT_EQ(vip.check.rise, got.check.rise);
	EXPECT_EQ(vip.check.fall, got.check.fall);
	EXPECT_EQ(vip.check.fast, got.check.fast);
	EXPECT_EQ(vip.check.via, got.check.via);
	EXPECT_EQ(vip.check.agent, got.check.agent);
	EXPECT_EQ(vip.check.guard, got.check.guard);
	EXPECT_STREQ(vip.check.secret, got.check.secret);
	EXPECT_STREQ(args, got.check.args);
	lb_vip_release(&got);
	EXPECT_EQ(NULL, got.check.args);
}

/* What listens to notifications has nothing to release. */
TEST(arguments_of_a_check_are_not_in_notifications)
{
	char args[] = "path=/";
	struct lb_real real = {
		.vip = "V",
		.name = "R",
		.has = LB_BIT(L4LB_A_REAL_CHECK),
		.check = { .has = LB_BIT(L4LB_A_CHECK_ARGS), .args = args },
	};
	struct lb_event event;
	struct nlmsghdr *nlh;
	struct buffer buf;

	nlh = begin(&buf, L4LB_CMD_REAL_NTF);
	lb_msg_put_real(nlh, &real);
	ASSERT_EQ(0, lb_msg_get_event(nlh, &event));
	EXPECT_EQ(NULL, event.real.check.args);

	/* None is the same as empty. */
	real.check.args = NULL;
	nlh = begin(&buf, L4LB_CMD_REAL_NEW);
	lb_msg_put_real(nlh, &real);
	ASSERT_EQ(0, lb_msg_get_real(nlh, &event.real));
	EXPECT_TRUE(lb_has(event.real.check.has, L4LB_A_CHECK_ARGS));
	EXPECT_EQ(NULL, event.real.check.args);
}

/* What was read before it turns out to be bad is given back. */
TEST(a_bad_message_leaves_nothing)
{
	struct nlattr *vip, *check;
	struct nlmsghdr *nlh;
	struct buffer buf;
	struct lb_vip got;

	nlh = begin(&buf, L4LB_CMD_VIP_NTF);
	vip = mnl_attr_nest_start(nlh, L4LB_A_VIP);
	check = mnl_attr_nest_start(nlh, L4LB_A_VIP_CHECK);
	mnl_attr_put_strz(nlh, L4LB_A_CHECK_ARGS, "path=/");
	mnl_attr_nest_end(nlh, check);
	check = mnl_attr_nest_start(nlh, L4LB_A_VIP_STATS);
	mnl_attr_put_u8(nlh, L4LB_A_STATS_CONNS, 1);
	mnl_attr_nest_end(nlh, check);
	mnl_attr_nest_end(nlh, vip);
	EXPECT_EQ(-EBADMSG, lb_msg_get_vip(nlh, &got));
	EXPECT_EQ(NULL, got.check.args);
}

TEST(what_holds_for_all_survives)
{
	const struct lb_info info = {
		.has = LB_BIT(L4LB_A_INFO_VIPS_MAX) |
		       LB_BIT(L4LB_A_INFO_REALS_MAX) |
		       LB_BIT(L4LB_A_INFO_CONNS_MAX) |
		       LB_BIT(L4LB_A_INFO_PERSISTS_MAX) |
		       LB_BIT(L4LB_A_INFO_SEED) | LB_BIT(L4LB_A_INFO_STANDBY) |
		       LB_BIT(L4LB_A_INFO_PARTNERS),
		.vips_max = 1,
		.reals_max = 2,
		.conns_max = 3,
		.persists_max = 4,
		.seed = 0xfedcba9876543210ULL,
		.standby = true,
		.partners = { .count = 2,
			      .mac = { { 2, 1 }, { 2, 2, 0, 0, 0, 255 } } },
	};
	struct nlmsghdr *nlh;
	struct buffer buf;
	struct lb_info got;

	nlh = begin(&buf, L4LB_CMD_INFO_SET);
	lb_msg_put_info(nlh, &info);
	ASSERT_EQ(0, lb_msg_get_info(nlh, &got));
	EXPECT_EQ(info.has, got.has);
	EXPECT_EQ(1, got.vips_max);
	EXPECT_EQ(2, got.reals_max);
	EXPECT_EQ(3, got.conns_max);
	EXPECT_EQ(4, got.persists_max);
	EXPECT_EQ(info.seed, got.seed);
	EXPECT_TRUE(got.standby);
	EXPECT_EQ(2, got.partners.count);
	EXPECT_EQ(0, memcmp(info.partners.mac, got.partners.mac,
			    sizeof(info.partners.mac)));
}

TEST(no_fallback_survives)
{
	struct lb_vip vip = {
		.name = "A",
		.has = LB_BIT(L4LB_A_VIP_FALLBACK),
	};
	struct nlmsghdr *nlh;
	struct buffer buf;
	struct lb_vip got;

	nlh = begin(&buf, L4LB_CMD_VIP_SET);
	lb_msg_put_vip(nlh, &vip);
	ASSERT_EQ(0, lb_msg_get_vip(nlh, &got));
	EXPECT_TRUE(lb_has(got.has, L4LB_A_VIP_FALLBACK));
	EXPECT_EQ(0, got.fallback.family);
}

/* How many lists of clients a message has, which is not what a reply has. */
static size_t allow_lists(const struct nlmsghdr *nlh)
{
	const struct nlattr *attr;
	size_t n = 0;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
		n += mnl_attr_get_type(attr) == L4LB_A_ALLOW;

	return n;
}

TEST(a_list_of_clients_survives)
{
	struct lb_allow allow, got = { 0 };
	struct nlmsghdr *nlh;
	struct buffer buf;
	char *text;

	ASSERT_EQ(0, lb_allow_parse("2001:db8::/32,fd30::50-fd30::60", &allow,
				    NULL));
	nlh = begin(&buf, L4LB_CMD_VIP_SET);
	lb_msg_put_allow(nlh, L4LB_ALLOW_SET, &allow);
	ASSERT_EQ(0, lb_msg_get_allow(nlh, &got));
	text = lb_allow_text(&got);
	EXPECT_STREQ("2001:db8::/32,fd30::50-fd30::60", text);
	free(text);
	lb_allow_free(&got);
	lb_allow_free(&allow);

	/* Any client is a list with nothing in it. */
	nlh = begin(&buf, L4LB_CMD_VIP_SET);
	lb_msg_put_allow(nlh, L4LB_ALLOW_SET, &allow);
	EXPECT_EQ(1, allow_lists(nlh));
	ASSERT_EQ(0, lb_msg_get_allow(nlh, &got));
	EXPECT_EQ(0, got.count);
}

TEST(a_long_list_of_clients_is_cut_into_several)
{
	struct lb_allow allow = { 0 };
	struct lb_allow_range range;
	struct nlmsghdr *nlh;
	char *data;
	unsigned int i;

	data = calloc(1, 1 << 20);
	ASSERT_NE(NULL, data);
	set_address(&range.first, "2001:db8::");
	for (i = 0; i < 2048; i++) {
		range.first.v6.s6_addr[14] = (uint8_t)(i >> 8);
		range.first.v6.s6_addr[15] = (uint8_t)i;
		range.last = range.first;
		ASSERT_EQ(0, lb_allow_add(&allow, &range));
	}

	nlh = lb_nl_build(data, FAMILY, L4LB_CMD_VIP_SET, NLM_F_ACK, 1);
	lb_msg_put_allow(nlh, L4LB_ALLOW_ADD, &allow);
	EXPECT_EQ(2, allow_lists(nlh));
	EXPECT_GT(nlh->nlmsg_len, 2048 * 44);
	lb_allow_free(&allow);
	free(data);
}

TEST(only_what_a_vip_has_is_sent)
{
	struct lb_vip vip = { .name = "A", .mode = L4LB_MODE_NAT };
	struct nlmsghdr *nlh;
	struct buffer buf;
	struct lb_vip got;

	nlh = begin(&buf, L4LB_CMD_VIP_SET);
	lb_msg_put_vip(nlh, &vip);
	ASSERT_EQ(0, lb_msg_get_vip(nlh, &got));
	EXPECT_EQ(LB_BIT(L4LB_A_VIP_NAME), got.has);
	EXPECT_EQ(0, got.addr.family);
}

TEST(a_real_survives)
{
	struct lb_real real = {
		.vip = "CAS-WEB",
		.name = "CAS1",
		.has = LB_BIT(L4LB_A_REAL_ADDR4) | LB_BIT(L4LB_A_REAL_PORT) |
		       LB_BIT(L4LB_A_REAL_WEIGHT) | LB_BIT(L4LB_A_REAL_ADMIN) |
		       LB_BIT(L4LB_A_REAL_CHECK) | LB_BIT(L4LB_A_REAL_HEALTH) |
		       LB_BIT(L4LB_A_REAL_REASON) | LB_BIT(L4LB_A_REAL_EPOCH) |
		       LB_BIT(L4LB_A_REAL_MAX_CONNS) |
		       LB_BIT(L4LB_A_REAL_RESULT) |
		       LB_BIT(L4LB_A_REAL_RESULT_TEXT) |
		       LB_BIT(L4LB_A_REAL_RTT) |
		       LB_BIT(L4LB_A_REAL_AGENT_WEIGHT) |
		       LB_BIT(L4LB_A_REAL_AGENT_ADMIN),
		.port = 8080,
		.weight = 65535,
		.max_conns = UINT32_MAX,
		.admin = L4LB_ADMIN_DRAIN,
		.check = {
			.has = LB_BIT(L4LB_A_CHECK_TYPE),
			.type = "off",
		},
		.health = L4LB_HEALTH_SICK,
		.reason = "smtp: 421 too busy",
		.epoch = 0xfffffffe,
		.result = L4LB_HEALTH_DOWN,
		.result_text = "connection refused",
		.rtt = 0xfffffffd,
		.agent_weight = 256,
		.agent_admin = L4LB_ADMIN_HALT,
	};
	struct nlmsghdr *nlh;
	struct buffer buf;
	struct lb_real got;

	set_address(&real.addr, "2001:db8::20");

	nlh = begin(&buf, L4LB_CMD_REAL_NEW);
	lb_msg_put_real(nlh, &real);
	ASSERT_EQ(0, lb_msg_get_real(nlh, &got));

	EXPECT_STREQ(real.vip, got.vip);
	EXPECT_STREQ(real.name, got.name);
	EXPECT_EQ(real.has | LB_BIT(L4LB_A_REAL_NAME) |
		  LB_BIT(L4LB_A_REAL_ADDR6), got.has);
	EXPECT_TRUE(lb_addr_equal(&real.addr, &got.addr));
	EXPECT_EQ(real.port, got.port);
	EXPECT_EQ(real.weight, got.weight);
	EXPECT_EQ(real.max_conns, got.max_conns);
	EXPECT_EQ(real.admin, got.admin);
	EXPECT_STREQ(real.check.type, got.check.type);
	EXPECT_EQ(real.health, got.health);
	EXPECT_STREQ(real.reason, got.reason);
	EXPECT_EQ(real.epoch, got.epoch);
	EXPECT_EQ(real.result, got.result);
	EXPECT_STREQ(real.result_text, got.result_text);
	EXPECT_EQ(real.rtt, got.rtt);
	EXPECT_EQ(real.agent_weight, got.agent_weight);
	EXPECT_EQ(real.agent_admin, got.agent_admin);
}

TEST(a_real_can_inherit_its_check)
{
	struct lb_real real = {
		.vip = "A",
		.name = "B",
		.has = LB_BIT(L4LB_A_REAL_CHECK_INHERIT),
	};
	struct nlmsghdr *nlh;
	struct buffer buf;
	struct lb_real got;

	nlh = begin(&buf, L4LB_CMD_REAL_SET);
	lb_msg_put_real(nlh, &real);
	ASSERT_EQ(0, lb_msg_get_real(nlh, &got));
	EXPECT_TRUE(lb_has(got.has, L4LB_A_REAL_CHECK_INHERIT));
	EXPECT_FALSE(lb_has(got.has, L4LB_A_REAL_CHECK));
}

TEST(nests_are_marked_as_such)
{
	struct lb_filter filter = {
		.has = LB_BIT(L4LB_A_FILTER_ADDR4) |
		       LB_BIT(L4LB_A_FILTER_LIMIT),
		.limit = 5,
	};
	struct nlmsghdr *nlh;
	struct nlattr *attr;
	struct buffer buf;

	ASSERT_EQ(0, lb_prefix_parse("192.0.2.0/24", &filter.src, NULL));
	nlh = begin(&buf, L4LB_CMD_CONN_GET);
	lb_msg_put_filter(nlh, &filter);

	attr = mnl_nlmsg_get_payload_offset(nlh, sizeof(struct genlmsghdr));
	EXPECT_EQ(L4LB_A_FILTER | NLA_F_NESTED, attr->nla_type);
	attr = mnl_attr_get_payload(attr);
	EXPECT_EQ(L4LB_A_FILTER_ADDR4, attr->nla_type);
	EXPECT_EQ(htonl(0xc0000200), mnl_attr_get_u32(attr));
	attr = mnl_attr_next(attr);
	EXPECT_EQ(L4LB_A_FILTER_LEN, attr->nla_type);
	EXPECT_EQ(24, mnl_attr_get_u8(attr));
	attr = mnl_attr_next(attr);
	EXPECT_EQ(L4LB_A_FILTER_LIMIT, attr->nla_type);
	EXPECT_EQ(5, mnl_attr_get_u32(attr));
}

static void put_stats(struct nlmsghdr *nlh, unsigned int type,
		      unsigned long long base, bool drops)
{
	struct nlattr *stats = mnl_attr_nest_start(nlh, type), *drop;

	mnl_attr_put_u64(nlh, L4LB_A_STATS_CONNS, base + 1);
	mnl_attr_put_u64(nlh, L4LB_A_STATS_IN_PACKETS, base + 2);
	mnl_attr_put_u64(nlh, L4LB_A_STATS_IN_BYTES, base + 3);
	mnl_attr_put_u64(nlh, L4LB_A_STATS_OUT_PACKETS, base + 4);
	mnl_attr_put_u64(nlh, L4LB_A_STATS_OUT_BYTES, base + 5);
	if (drops) {
		drop = mnl_attr_nest_start(nlh, L4LB_A_STATS_DROP);
		mnl_attr_put_u8(nlh, L4LB_A_DROP_REASON, L4LB_DROP_TTL);
		mnl_attr_put_u64(nlh, L4LB_A_DROP_PACKETS, 7);
		mnl_attr_nest_end(nlh, drop);
		drop = mnl_attr_nest_start(nlh, L4LB_A_STATS_DROP);
		mnl_attr_put_u8(nlh, L4LB_A_DROP_REASON, 200);
		mnl_attr_put_u64(nlh, L4LB_A_DROP_PACKETS, 8);
		mnl_attr_nest_end(nlh, drop);
	}
	mnl_attr_nest_end(nlh, stats);
}

TEST(counters_and_drops_are_read)
{
	struct nlmsghdr *nlh;
	struct lb_info info;
	struct buffer buf;
	struct nlattr *nest;

	nlh = begin(&buf, L4LB_CMD_INFO_GET);
	nest = mnl_attr_nest_start(nlh, L4LB_A_INFO);
	mnl_attr_put_strz(nlh, L4LB_A_INFO_VERSION, "0.1");
	mnl_attr_put_u32(nlh, L4LB_A_INFO_VIPS, 2);
	mnl_attr_put_u32(nlh, L4LB_A_INFO_REALS, 3);
	mnl_attr_put_u32(nlh, L4LB_A_INFO_CONNS, 4);
	mnl_attr_put_u32(nlh, L4LB_A_INFO_CONNS_MAX, 5);
	mnl_attr_put_u32(nlh, L4LB_A_INFO_PERSISTS, 6);
	mnl_attr_put_u32(nlh, L4LB_A_INFO_PERSISTS_MAX, 7);
	mnl_attr_put_u8(nlh, L4LB_A_INFO_FLOOD, 1);
	mnl_attr_nest_end(nlh, nest);
	put_stats(nlh, L4LB_A_STATS, 1ULL << 40, true);
	mnl_attr_put_u32(nlh, L4LB_A_GENERATION, 99);

	ASSERT_EQ(0, lb_msg_get_info(nlh, &info));
	EXPECT_STREQ("0.1", info.version);
	EXPECT_EQ(2, info.vips);
	EXPECT_EQ(3, info.reals);
	EXPECT_EQ(4, info.conns);
	EXPECT_EQ(5, info.conns_max);
	EXPECT_EQ(6, info.persists);
	EXPECT_EQ(7, info.persists_max);
	EXPECT_TRUE(info.flood);
	EXPECT_EQ(99, info.generation);
	EXPECT_EQ((1ULL << 40) + 1, info.stats.conns);
	EXPECT_EQ((1ULL << 40) + 5, info.stats.out_bytes);
	ASSERT_EQ(2, info.drops.count);
	EXPECT_EQ(L4LB_DROP_TTL, info.drops.drop[0].reason);
	EXPECT_EQ(7, info.drops.drop[0].packets);
	EXPECT_EQ(200, info.drops.drop[1].reason);
}

static void put_conn(struct nlmsghdr *nlh, bool orphan)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, L4LB_A_CONN);

	mnl_attr_put_strz(nlh, L4LB_A_CONN_VIP, "V");
	mnl_attr_put_strz(nlh, L4LB_A_CONN_REAL, "R");
	mnl_attr_put_u8(nlh, L4LB_A_CONN_PROTO, IPPROTO_UDP);
	mnl_attr_put_u32(nlh, L4LB_A_CONN_CLIENT4, htonl(0xc0000201));
	mnl_attr_put_u16(nlh, L4LB_A_CONN_CLIENT_PORT, htons(40000));
	mnl_attr_put_u16(nlh, L4LB_A_CONN_VIP_PORT, htons(53));
	mnl_attr_put_u8(nlh, L4LB_A_CONN_STATE, L4LB_CONN_UDP);
	mnl_attr_put_u32(nlh, L4LB_A_CONN_IDLE, 250);
	mnl_attr_put_u32(nlh, L4LB_A_CONN_LEFT, 29750);
	if (orphan)
		mnl_attr_put(nlh, L4LB_A_CONN_ORPHAN, 0, NULL);
	mnl_attr_nest_end(nlh, nest);
}

TEST(connections_are_read)
{
	char addr[LB_ADDR_TEXT];
	struct nlmsghdr *nlh;
	struct lb_conn conn;
	struct buffer buf;

	nlh = begin(&buf, L4LB_CMD_CONN_GET);
	put_conn(nlh, true);
	ASSERT_EQ(0, lb_msg_get_conn(nlh, &conn));
	EXPECT_STREQ("V", conn.vip);
	EXPECT_STREQ("R", conn.real);
	EXPECT_EQ(IPPROTO_UDP, conn.proto);
	EXPECT_STREQ("192.0.2.1:40000",
		     lb_addr_print_port(&conn.client, conn.client_port, addr,
					sizeof(addr)));
	EXPECT_EQ(53, conn.vip_port);
	EXPECT_EQ(L4LB_CONN_UDP, conn.state);
	EXPECT_EQ(250, conn.idle);
	EXPECT_EQ(29750, conn.left);
	EXPECT_TRUE(conn.orphan);

	nlh = begin(&buf, L4LB_CMD_CONN_GET);
	put_conn(nlh, false);
	ASSERT_EQ(0, lb_msg_get_conn(nlh, &conn));
	EXPECT_FALSE(conn.orphan);
}

TEST(a_persistence_entry_survives)
{
	struct lb_persist persist = {
		.vip = "V",
		.real = "R",
		.has = LB_BIT(L4LB_A_PERSIST_LEFT),
		.left = 60000,
	};
	struct lb_persist got;
	struct nlmsghdr *nlh;
	struct lb_real real;
	struct buffer buf;

	set_address(&persist.client.addr, "2001:db8::7");
	nlh = begin(&buf, L4LB_CMD_PERSIST_NEW);
	lb_msg_put_persist(nlh, &persist);
	ASSERT_EQ(0, lb_msg_get_real(nlh, &real));
	EXPECT_STREQ("V", real.vip);
	EXPECT_STREQ("R", real.name);
	EXPECT_EQ(LB_BIT(L4LB_A_REAL_NAME), real.has);
	ASSERT_EQ(0, lb_msg_get_persist(nlh, &got));
	EXPECT_EQ(LB_BIT(L4LB_A_PERSIST_ADDR6) | LB_BIT(L4LB_A_PERSIST_LEFT),
		  got.has);
	EXPECT_TRUE(lb_addr_equal(&persist.client.addr, &got.client.addr));
	EXPECT_EQ(60000, got.left);
	EXPECT_FALSE(got.forever);

	persist.has = 0;
	persist.forever = true;
	nlh = begin(&buf, L4LB_CMD_PERSIST_NEW);
	lb_msg_put_persist(nlh, &persist);
	ASSERT_EQ(0, lb_msg_get_persist(nlh, &got));
	EXPECT_FALSE(lb_has(got.has, L4LB_A_PERSIST_LEFT));
	EXPECT_TRUE(got.forever);
}

TEST(persistence_entries_are_read)
{
	struct lb_persist persist;
	char addr[LB_ADDR_TEXT];
	struct nlmsghdr *nlh;
	struct nlattr *nest;
	struct buffer buf;

	nlh = begin(&buf, L4LB_CMD_PERSIST_GET);
	nest = mnl_attr_nest_start(nlh, L4LB_A_PERSIST);
	mnl_attr_put_strz(nlh, L4LB_A_PERSIST_VIP, "V");
	mnl_attr_put_strz(nlh, L4LB_A_PERSIST_REAL, "R");
	mnl_attr_put_u32(nlh, L4LB_A_PERSIST_ADDR4, htonl(0xc0000200));
	mnl_attr_put_u8(nlh, L4LB_A_PERSIST_LEN, 24);
	mnl_attr_put_u32(nlh, L4LB_A_PERSIST_LEFT, 3599000);
	mnl_attr_put_u32(nlh, L4LB_A_PERSIST_AGE, 1000);
	mnl_attr_put(nlh, L4LB_A_PERSIST_TENTATIVE, 0, NULL);
	mnl_attr_nest_end(nlh, nest);

	ASSERT_EQ(0, lb_msg_get_persist(nlh, &persist));
	EXPECT_STREQ("V", persist.vip);
	EXPECT_STREQ("R", persist.real);
	EXPECT_STREQ("192.0.2.0/24", lb_prefix_print(&persist.client, addr,
						     sizeof(addr)));
	EXPECT_EQ(3599000, persist.left);
	EXPECT_EQ(1000, persist.age);
	EXPECT_FALSE(persist.forever);
	EXPECT_TRUE(persist.tentative);

	nlh = begin(&buf, L4LB_CMD_PERSIST_GET);
	EXPECT_EQ(-EBADMSG, lb_msg_get_persist(nlh, &persist));
}

TEST(what_was_removed_is_counted)
{
	struct nlmsghdr *nlh;
	struct buffer buf;
	unsigned int count;

	nlh = begin(&buf, L4LB_CMD_CONN_DEL);
	EXPECT_EQ(-EBADMSG, lb_msg_get_count(nlh, &count));
	mnl_attr_put_u32(nlh, L4LB_A_CONN_COUNT, 7);
	ASSERT_EQ(0, lb_msg_get_count(nlh, &count));
	EXPECT_EQ(7, count);

	nlh = begin(&buf, L4LB_CMD_PERSIST_DEL);
	mnl_attr_put_u32(nlh, L4LB_A_PERSIST_COUNT, 8);
	ASSERT_EQ(0, lb_msg_get_count(nlh, &count));
	EXPECT_EQ(8, count);
}

TEST(notifications_are_read)
{
	struct lb_real real = { .vip = "V", .name = "R" };
	struct lb_vip vip = { .name = "V" };
	struct lb_event event;
	struct nlmsghdr *nlh;
	struct buffer buf;

	nlh = begin(&buf, L4LB_CMD_VIP_NTF);
	lb_msg_put_vip(nlh, &vip);
	mnl_attr_put_u8(nlh, L4LB_A_EVENT, L4LB_EVENT_DEL);
	mnl_attr_put_u32(nlh, L4LB_A_GENERATION, 12);
	ASSERT_EQ(0, lb_msg_get_event(nlh, &event));
	EXPECT_FALSE(event.is_real);
	EXPECT_EQ(L4LB_EVENT_DEL, event.event);
	EXPECT_EQ(12, event.generation);
	EXPECT_STREQ("V", event.vip.name);

	nlh = begin(&buf, L4LB_CMD_REAL_NTF);
	lb_msg_put_real(nlh, &real);
	mnl_attr_put_u8(nlh, L4LB_A_EVENT, L4LB_EVENT_HEALTH);
	ASSERT_EQ(0, lb_msg_get_event(nlh, &event));
	EXPECT_TRUE(event.is_real);
	EXPECT_STREQ("V", event.real.vip);
	EXPECT_STREQ("R", event.real.name);

	nlh = begin(&buf, L4LB_CMD_INFO_GET);
	EXPECT_EQ(-EOPNOTSUPP, lb_msg_get_event(nlh, &event));
}

TEST(text_from_the_wire_is_safe_to_print)
{
	struct nlmsghdr *nlh;
	struct nlattr *nest;
	struct lb_real real;
	struct buffer buf;

	nlh = begin(&buf, L4LB_CMD_REAL_NTF);
	nest = mnl_attr_nest_start(nlh, L4LB_A_VIP);
	mnl_attr_put_strz(nlh, L4LB_A_VIP_NAME, "V");
	mnl_attr_nest_end(nlh, nest);
	nest = mnl_attr_nest_start(nlh, L4LB_A_REAL);
	mnl_attr_put_strz(nlh, L4LB_A_REAL_NAME, "R\x1b[2J");
	mnl_attr_put_strz(nlh, L4LB_A_REAL_REASON, "bad\nnews\xff");
	mnl_attr_nest_end(nlh, nest);

	ASSERT_EQ(0, lb_msg_get_real(nlh, &real));
	EXPECT_STREQ("R?[2J", real.name);
	EXPECT_STREQ("bad?news?", real.reason);
}

TEST(attributes_of_a_newer_module_are_skipped)
{
	struct nlmsghdr *nlh;
	struct nlattr *nest;
	struct buffer buf;
	struct lb_vip vip;

	nlh = begin(&buf, L4LB_CMD_VIP_GET);
	mnl_attr_put_u32(nlh, 30000, 1);
	nest = mnl_attr_nest_start(nlh, L4LB_A_VIP);
	mnl_attr_put_strz(nlh, L4LB_A_VIP_NAME, "V");
	mnl_attr_put_u32(nlh, L4LB_A_VIP_MAX + 1, 1);
	mnl_attr_put_u32(nlh, 30000, 1);
	mnl_attr_nest_end(nlh, nest);

	ASSERT_EQ(0, lb_msg_get_vip(nlh, &vip));
	EXPECT_STREQ("V", vip.name);
}

TEST(attributes_of_a_wrong_length_are_refused)
{
	struct nlmsghdr *nlh;
	struct nlattr *nest;
	struct buffer buf;
	struct lb_vip vip;

	nlh = begin(&buf, L4LB_CMD_VIP_GET);
	nest = mnl_attr_nest_start(nlh, L4LB_A_VIP);
	mnl_attr_put_u16(nlh, L4LB_A_VIP_IDLE, 1);
	mnl_attr_nest_end(nlh, nest);
	EXPECT_EQ(-EBADMSG, lb_msg_get_vip(nlh, &vip));

	nlh = begin(&buf, L4LB_CMD_VIP_GET);
	nest = mnl_attr_nest_start(nlh, L4LB_A_VIP);
	mnl_attr_put(nlh, L4LB_A_VIP_NAME, 3, "abc");
	mnl_attr_nest_end(nlh, nest);
	EXPECT_EQ(-EBADMSG, lb_msg_get_vip(nlh, &vip));

	nlh = begin(&buf, L4LB_CMD_VIP_GET);
	EXPECT_EQ(-EBADMSG, lb_msg_get_vip(nlh, &vip));
	nlh->nlmsg_len = NLMSG_HDRLEN;
	EXPECT_EQ(-EBADMSG, lb_msg_get_vip(nlh, &vip));
}

TEST(too_many_ranges_are_refused)
{
	struct nlattr *nest, *ports, *range;
	struct nlmsghdr *nlh;
	struct buffer buf;
	struct lb_vip vip;
	int i;

	nlh = begin(&buf, L4LB_CMD_VIP_GET);
	nest = mnl_attr_nest_start(nlh, L4LB_A_VIP);
	ports = mnl_attr_nest_start(nlh, L4LB_A_VIP_PORTS);
	for (i = 0; i <= L4LB_PORTS_MAX; i++) {
		range = mnl_attr_nest_start(nlh, L4LB_A_PORTS_RANGE);
		mnl_attr_put_u16(nlh, L4LB_A_RANGE_FIRST, htons(i * 2 + 1));
		mnl_attr_put_u16(nlh, L4LB_A_RANGE_LAST, htons(i * 2 + 1));
		mnl_attr_nest_end(nlh, range);
	}
	mnl_attr_nest_end(nlh, ports);
	mnl_attr_nest_end(nlh, nest);

	EXPECT_EQ(-EBADMSG, lb_msg_get_vip(nlh, &vip));
}

TEST_HARNESS_MAIN
