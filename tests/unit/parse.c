// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command line's words become objects, or are refused with the reason.
 */

#include "kselftest_harness.h"

#include "err.h"
#include "parse.h"

#include <arpa/inet.h>

#define WORDS_MAX	32

/* A line, cut into words at blanks. */
struct line {
	char text[1024];
	char *word[WORDS_MAX];
	struct lb_words words;
};

static struct lb_words *cut(struct line *line, const char *text,
			    const char *what)
{
	unsigned int count = 0;
	char *word, *rest;

	snprintf(line->text, sizeof(line->text), "%s", text);
	for (word = strtok_r(line->text, "\n ", &rest);
	     word && count < WORDS_MAX;
	     word = strtok_r(NULL, "\n ", &rest))
		line->word[count++] = word;
	line->words = (struct lb_words) {
		.word = line->word,
		.count = count,
		.what = what,
	};

	return &line->words;
}

static int parse_vip_new(const char *text, struct lb_vip *vip,
			 struct lb_err *err)
{
	struct line line;

	return lb_parse_vip_new(cut(&line, text, "vip add"), vip, err);
}

static int parse_vip_set(const char *text, struct lb_vip *vip,
			 struct lb_err *err)
{
	struct line line;

	return lb_parse_vip_set(cut(&line, text, "vip set"), vip, err);
}

static int parse_real_new(const char *text, struct lb_real *real,
			  struct lb_err *err)
{
	struct line line;

	return lb_parse_real_new(cut(&line, text, "real add"), real, err);
}

static int parse_real_set(const char *text, struct lb_real *real,
			  struct lb_err *err)
{
	struct line line;

	return lb_parse_real_set(cut(&line, text, "real set"), real, err);
}

TEST(a_vip_with_all_options)
{
	static const char text[] =
		"CAS-RPC 192.168.30.10 tcp,udp 60201,135,60200\n"
		"mode nat sched rr idle 2h\n"
		"persist 90m mask 24 orphan keep no-real icmp seed 00AbC\n"
		"check tcp port 135,60200 interval 10s timeout 2s rise 1 fall 5";
	char buf[LB_PORTS_TEXT];
	struct lb_vip vip;
	struct lb_err err;

	ASSERT_EQ(0, parse_vip_new(text, &vip, &err))
		TH_LOG("%s", err.text);
	EXPECT_STREQ("CAS-RPC", vip.name);
	EXPECT_EQ(AF_INET, vip.addr.family);
	EXPECT_EQ(htonl(0xc0a81e0a), vip.addr.v4.s_addr);
	EXPECT_EQ(L4LB_PROTO_ALL, vip.protos);
	EXPECT_STREQ("135,60200-60201",
		     lb_ports_print(&vip.ports, buf, sizeof(buf)));
	EXPECT_EQ(L4LB_MODE_NAT, vip.mode);
	EXPECT_EQ(L4LB_SCHED_RR, vip.sched);
	EXPECT_EQ(7200000, vip.idle);
	EXPECT_EQ(5400000, vip.persist);
	EXPECT_EQ(24, vip.mask);
	EXPECT_EQ(L4LB_ORPHAN_KEEP, vip.orphan);
	EXPECT_EQ(L4LB_NO_REAL_ICMP, vip.no_real);
	EXPECT_EQ(0xabc, vip.seed);
	EXPECT_STREQ("tcp", vip.check.type);
	EXPECT_STREQ("135,60200",
		     lb_ports_print(&vip.check.ports, buf, sizeof(buf)));
	EXPECT_EQ(10000, vip.check.interval);
	EXPECT_EQ(2000, vip.check.timeout);
	EXPECT_EQ(1, vip.check.rise);
	EXPECT_EQ(5, vip.check.fall);
	EXPECT_EQ(LB_BIT(L4LB_A_VIP_ADDR4) | LB_BIT(L4LB_A_VIP_PROTOS) |
		  LB_BIT(L4LB_A_VIP_PORTS) | LB_BIT(L4LB_A_VIP_MODE) |
		  LB_BIT(L4LB_A_VIP_SCHED) | LB_BIT(L4LB_A_VIP_IDLE) |
		  LB_BIT(L4LB_A_VIP_PERSIST) | LB_BIT(L4LB_A_VIP_MASK) |
		  LB_BIT(L4LB_A_VIP_ORPHAN) | LB_BIT(L4LB_A_VIP_NO_REAL) |
		  LB_BIT(L4LB_A_VIP_SEED) | LB_BIT(L4LB_A_VIP_CHECK), vip.has);
}

TEST(a_vip_without_options_leaves_them_to_the_module)
{
	struct lb_vip vip;

	ASSERT_EQ(0, parse_vip_new("A 2001:db8::1 udp any", &vip, NULL));
	EXPECT_EQ(LB_BIT(L4LB_A_VIP_ADDR4) | LB_BIT(L4LB_A_VIP_PROTOS) |
		  LB_BIT(L4LB_A_VIP_PORTS), vip.has);
	EXPECT_EQ(L4LB_PROTO_UDP, vip.protos);
}

TEST(options_can_be_reset)
{
	static const char check_text[] =
		"A check port default interval default timeout default rise default fall default";
	static const char vip_text[] =
		"A persist default mask default orphan default no-real default seed default";
	static const char real_text[] =
		"A B port default weight default max-conns default state default check default";
	struct lb_real real;
	struct lb_vip vip;

	ASSERT_EQ(0, parse_vip_set("A mode default sched default idle default",
				   &vip, NULL));
	EXPECT_EQ(LB_BIT(L4LB_A_VIP_MODE) | LB_BIT(L4LB_A_VIP_SCHED) |
		  LB_BIT(L4LB_A_VIP_IDLE), vip.has);
	EXPECT_EQ(L4LB_MODE_DR, vip.mode);
	EXPECT_EQ(L4LB_SCHED_WRR, vip.sched);
	EXPECT_EQ(L4LB_IDLE_DEFAULT, vip.idle);

	ASSERT_EQ(0, parse_vip_set(vip_text, &vip, NULL));
	EXPECT_EQ(LB_BIT(L4LB_A_VIP_PERSIST) | LB_BIT(L4LB_A_VIP_MASK) |
		  LB_BIT(L4LB_A_VIP_ORPHAN) | LB_BIT(L4LB_A_VIP_NO_REAL) |
		  LB_BIT(L4LB_A_VIP_SEED), vip.has);
	EXPECT_EQ(0, vip.persist);
	EXPECT_EQ(0, vip.mask);
	EXPECT_EQ(L4LB_ORPHAN_RST, vip.orphan);
	EXPECT_EQ(L4LB_NO_REAL_RST, vip.no_real);
	EXPECT_EQ(0, vip.seed);

	ASSERT_EQ(0, parse_vip_set("A check default", &vip, NULL));
	EXPECT_EQ(LB_BIT(L4LB_A_VIP_CHECK), vip.has);
	EXPECT_EQ(0, vip.check.has);

	ASSERT_EQ(0, parse_vip_set(check_text, &vip, NULL));
	EXPECT_FALSE(lb_has(vip.check.has, L4LB_A_CHECK_TYPE));
	EXPECT_TRUE(lb_has(vip.check.has, L4LB_A_CHECK_PORTS));
	EXPECT_EQ(0, vip.check.ports.count);
	EXPECT_EQ(L4LB_CHECK_INTERVAL_DEFAULT, vip.check.interval);
	EXPECT_EQ(L4LB_CHECK_TIMEOUT_DEFAULT, vip.check.timeout);
	EXPECT_EQ(L4LB_CHECK_RISE_DEFAULT, vip.check.rise);
	EXPECT_EQ(L4LB_CHECK_FALL_DEFAULT, vip.check.fall);

	ASSERT_EQ(0, parse_real_set(real_text, &real, NULL));
	EXPECT_EQ(LB_BIT(L4LB_A_REAL_PORT) | LB_BIT(L4LB_A_REAL_WEIGHT) |
		  LB_BIT(L4LB_A_REAL_ADMIN) | LB_BIT(L4LB_A_REAL_MAX_CONNS) |
		  LB_BIT(L4LB_A_REAL_CHECK_INHERIT), real.has);
	EXPECT_EQ(0, real.max_conns);
	EXPECT_EQ(0, real.port);
	EXPECT_EQ(L4LB_WEIGHT_DEFAULT, real.weight);
	EXPECT_EQ(L4LB_ADMIN_ONLINE, real.admin);
}

TEST(every_scheduler_has_a_word)
{
	static const char *const words[] = {
		[L4LB_SCHED_WRR]	= "wrr",
		[L4LB_SCHED_RR]		= "rr",
		[L4LB_SCHED_WLC]	= "wlc",
		[L4LB_SCHED_LC]		= "lc",
		[L4LB_SCHED_SH]		= "sh",
		[L4LB_SCHED_MH]		= "mh",
	};
	struct lb_vip vip;
	char text[64];
	size_t i;

	ASSERT_EQ(L4LB_SCHED_MAX + 1, ARRAY_SIZE(words));
	for (i = 1; i < ARRAY_SIZE(words); i++) {
		snprintf(text, sizeof(text), "A sched %s", words[i]);
		ASSERT_EQ(0, parse_vip_set(text, &vip, NULL));
		EXPECT_EQ(i, vip.sched);
	}
}

TEST(values_at_the_edge)
{
	struct lb_real real;
	struct lb_vip vip;

	ASSERT_EQ(0, parse_vip_set("A persist 1s mask 1 seed f", &vip, NULL));
	EXPECT_EQ(1000, vip.persist);
	EXPECT_EQ(1, vip.mask);
	EXPECT_EQ(15, vip.seed);
	ASSERT_EQ(0, parse_vip_set("A persist 31d mask 128 seed fedcba9876543210",
				   &vip, NULL));
	EXPECT_EQ(L4LB_TIME_MAX, vip.persist);
	EXPECT_EQ(128, vip.mask);
	EXPECT_EQ(0xfedcba9876543210ULL, vip.seed);
	ASSERT_EQ(0, parse_vip_set("A persist off", &vip, NULL));
	EXPECT_EQ(0, vip.persist);
	EXPECT_EQ(LB_BIT(L4LB_A_VIP_PERSIST), vip.has);

	ASSERT_EQ(0, parse_vip_new("A 192.0.2.1 tcp 25 mask 32", &vip, NULL));
	EXPECT_EQ(32, vip.mask);
	ASSERT_EQ(0, parse_vip_new("A 2001:db8::1 tcp 25 mask 128", &vip,
				   NULL));
	EXPECT_EQ(128, vip.mask);

	ASSERT_EQ(0, parse_real_set("A B max-conns 4294967295", &real, NULL));
	EXPECT_EQ(UINT32_MAX, real.max_conns);
	EXPECT_EQ(LB_BIT(L4LB_A_REAL_MAX_CONNS), real.has);
	ASSERT_EQ(0, parse_real_set("A B max-conns 0", &real, NULL));
	EXPECT_EQ(0, real.max_conns);
}

TEST(a_fallback_has_a_port_or_none)
{
	struct lb_vip vip;
	char text[LB_ADDR_TEXT];

	ASSERT_EQ(0, parse_vip_set("A fallback 192.0.2.7:8080", &vip, NULL));
	EXPECT_EQ(LB_BIT(L4LB_A_VIP_FALLBACK), vip.has);
	EXPECT_STREQ("192.0.2.7:8080",
		     lb_addr_print_port(&vip.fallback, vip.fallback_port, text,
					sizeof(text)));
	ASSERT_EQ(0, parse_vip_set("A fallback 192.0.2.7", &vip, NULL));
	EXPECT_EQ(AF_INET, vip.fallback.family);
	EXPECT_EQ(0, vip.fallback_port);
	ASSERT_EQ(0, parse_vip_set("A fallback [2001:db8::7]:25", &vip, NULL));
	EXPECT_EQ(AF_INET6, vip.fallback.family);
	EXPECT_EQ(25, vip.fallback_port);

	ASSERT_EQ(0, parse_vip_set("A fallback off", &vip, NULL));
	EXPECT_EQ(LB_BIT(L4LB_A_VIP_FALLBACK), vip.has);
	EXPECT_EQ(0, vip.fallback.family);
	ASSERT_EQ(0, parse_vip_set("A fallback default", &vip, NULL));
	EXPECT_EQ(LB_BIT(L4LB_A_VIP_FALLBACK), vip.has);
	EXPECT_EQ(0, vip.fallback.family);
}

TEST(dev_is_an_interface)
{
	struct lb_vip vip;

	ASSERT_EQ(0, parse_vip_set("A dev eth0.4094-abcde", &vip, NULL));
	EXPECT_EQ(LB_BIT(L4LB_A_VIP_DEV), vip.has);
	EXPECT_STREQ("eth0.4094-abcde", vip.dev);
	ASSERT_EQ(0, parse_vip_set("A dev default", &vip, NULL));
	EXPECT_EQ(LB_BIT(L4LB_A_VIP_DEV), vip.has);
	EXPECT_STREQ("", vip.dev);
}

TEST(slow_start_is_a_time)
{
	struct lb_vip vip;

	ASSERT_EQ(0, parse_vip_set("A slow-start 90s", &vip, NULL));
	EXPECT_EQ(LB_BIT(L4LB_A_VIP_SLOW_START), vip.has);
	EXPECT_EQ(90000, vip.slow_start);
	ASSERT_EQ(0, parse_vip_set("A slow-start 31d", &vip, NULL));
	EXPECT_EQ(L4LB_TIME_MAX, vip.slow_start);
	ASSERT_EQ(0, parse_vip_set("A slow-start 0", &vip, NULL));
	EXPECT_EQ(0, vip.slow_start);
	ASSERT_EQ(0, parse_vip_set("A slow-start default", &vip, NULL));
	EXPECT_EQ(LB_BIT(L4LB_A_VIP_SLOW_START), vip.has);
	EXPECT_EQ(0, vip.slow_start);
}

TEST(clients_are_set_added_and_taken_out)
{
	static const struct {
		const char *text;
		unsigned int op;
		size_t count;
	} cases[] = {
		{ "A allow 192.0.2.1,192.0.2.3", L4LB_ALLOW_SET, 2 },
		{ "A allow +192.0.2.1", L4LB_ALLOW_ADD, 1 },
		{ "A allow -192.0.2.1-9", L4LB_ALLOW_DEL, 1 },
		{ "A allow any", L4LB_ALLOW_SET, 0 },
		{ "A allow default", L4LB_ALLOW_SET, 0 },
		{ "A mode dr", 0, 0 },
	};
	struct lb_vip vip;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		ASSERT_EQ(0, parse_vip_set(cases[i].text, &vip, NULL))
			TH_LOG("\"%s\"", cases[i].text);
		EXPECT_EQ(cases[i].op, vip.allow_op);
		EXPECT_EQ(cases[i].count, vip.allow.count);
		lb_vip_release(&vip);
	}
}

TEST(a_vip_is_changed)
{
	struct lb_vip vip;

	ASSERT_EQ(0, parse_vip_set("A address 192.0.2.7 ports 25 name B", &vip,
				   NULL));
	EXPECT_EQ(LB_BIT(L4LB_A_VIP_ADDR4) | LB_BIT(L4LB_A_VIP_PORTS) |
		  LB_BIT(L4LB_A_VIP_NEW_NAME), vip.has);
	EXPECT_STREQ("A", vip.name);
	EXPECT_STREQ("B", vip.new_name);
}

TEST(a_check_without_a_type_changes_only_what_is_given)
{
	struct lb_vip vip;

	ASSERT_EQ(0, parse_vip_set("A check rise 5 idle 1m", &vip, NULL));
	EXPECT_EQ(LB_BIT(L4LB_A_CHECK_RISE), vip.check.has);
	EXPECT_EQ(60000, vip.idle);

	ASSERT_EQ(0, parse_vip_set("A check off", &vip, NULL));
	EXPECT_EQ(LB_BIT(L4LB_A_CHECK_TYPE), vip.check.has);
	EXPECT_STREQ("off", vip.check.type);

	ASSERT_EQ(0, parse_vip_set("A check connect", &vip, NULL));
	EXPECT_STREQ("tcp", vip.check.type);
}

TEST(a_check_with_all_options)
{
	static const char text[] =
		"A check https port 443 interval 10s fast 500ms timeout 2s\n"
		"rise 1 fall 5 via vip agent 6556 guard 50 secret mail\n"
		"args path=/owa/";
	struct lb_vip vip;
	struct lb_err err;

	ASSERT_EQ(0, parse_vip_set(text, &vip, &err))
		TH_LOG("%s", err.text);
	EXPECT_EQ((1U << (L4LB_A_CHECK_MAX + 1)) - 2, vip.check.has);
	EXPECT_STREQ("https", vip.check.type);
	EXPECT_EQ(500, vip.check.fast);
	EXPECT_EQ(L4LB_VIA_VIP, vip.check.via);
	EXPECT_EQ(6556, vip.check.agent);
	EXPECT_EQ(50, vip.check.guard);
	EXPECT_STREQ("mail", vip.check.secret);
	EXPECT_STREQ("path=/owa/", vip.check.args);
	lb_vip_release(&vip);
}

TEST(options_of_a_check_can_be_reset)
{
	static const char *const texts[] = {
		"A check fast default via default agent default guard default secret default args default",
		"A check fast off via real agent off guard off secret none args default",
	};
	struct lb_vip vip;
	struct lb_err err;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		ASSERT_EQ(0, parse_vip_set(texts[i], &vip, &err))
			TH_LOG("%s", err.text);
		EXPECT_EQ(LB_BIT(L4LB_A_CHECK_FAST) | LB_BIT(L4LB_A_CHECK_VIA) |
			  LB_BIT(L4LB_A_CHECK_AGENT) |
			  LB_BIT(L4LB_A_CHECK_GUARD) |
			  LB_BIT(L4LB_A_CHECK_SECRET) |
			  LB_BIT(L4LB_A_CHECK_ARGS), vip.check.has);
		EXPECT_EQ(0, vip.check.fast);
		EXPECT_EQ(L4LB_VIA_REAL, vip.check.via);
		EXPECT_EQ(0, vip.check.agent);
		EXPECT_EQ(0, vip.check.guard);
		EXPECT_STREQ("", vip.check.secret);
		EXPECT_EQ(NULL, vip.check.args);
	}
}

/* The last of several counts, and nothing of the others is left. */
TEST(arguments_of_a_check_are_taken_whole)
{
	char *word[10] = { "A", "B", "check", "http", "args", "body='a b'",
			 "args", "path=/ body=\"\\x00\"", "args",
			 "path='/' body=\"\\x41 b\"" };
	struct lb_words words = { .word = word, .count = 10, .what = "x" };
	struct lb_real real;
	struct lb_err err;

	EXPECT_EQ(-EINVAL, lb_parse_real_set(&words, &real, &err));
	EXPECT_NE(NULL, strstr(err.text, "\\x00 cannot be in a value"));
	lb_real_release(&real);

	word[7] = "default";
	words.next = 0;
	ASSERT_EQ(0, lb_parse_real_set(&words, &real, &err))
		TH_LOG("%s", err.text);
	EXPECT_STREQ(word[9], real.check.args);
	lb_real_release(&real);
}

TEST(a_real_with_all_options)
{
	static const char text[] =
		"CAS-WEB CAS1 192.168.30.20 port 8080 weight 0 state halt check external rise 1";
	struct lb_real real;
	struct lb_err err;

	ASSERT_EQ(0, parse_real_new(text, &real, &err))
		TH_LOG("%s", err.text);
	EXPECT_STREQ("CAS-WEB", real.vip);
	EXPECT_STREQ("CAS1", real.name);
	EXPECT_EQ(8080, real.port);
	EXPECT_EQ(0, real.weight);
	EXPECT_EQ(L4LB_ADMIN_HALT, real.admin);
	EXPECT_STREQ("external", real.check.type);
	EXPECT_EQ(1, real.check.rise);
}

TEST(the_port_after_check_is_that_of_the_check)
{
	static const char text[] =
		"A B 192.0.2.1 check tcp port 81 weight 5 port 82";
	struct lb_real real;

	ASSERT_EQ(0, parse_real_new(text, &real, NULL));
	EXPECT_EQ(81, real.check.ports.range[0].first);
	EXPECT_EQ(82, real.port);
	EXPECT_EQ(5, real.weight);
}

/* What is refused, with which code and which text. */
struct refusal {
	const char *text;
	int code;
	const char *why;
};

TEST(what_is_wrong_with_a_vip_is_said)
{
	static const struct refusal cases[] = {
		{ "", -ENODATA, "NAME is missing" },
		{ "A", -ENODATA, "ADDRESS is missing" },
		{ "A 192.0.2.1", -ENODATA, "PROTOCOL is missing" },
		{ "A 192.0.2.1 tcp", -ENODATA, "PORTS is missing" },
		{ "A 192.0.2.1 tcp 25 mode", -ENODATA,
		  "\"mode\" needs a value" },
		{ "A 192.0.2.1 tcp 25 check", -ENODATA,
		  "\"check\" needs a value" },
		{ "A 192.0.2.1 tcp 25 check tcp rise", -ENODATA,
		  "\"rise\" needs a value" },
		{ "all 192.0.2.1 tcp 25", -EINVAL, "reserved" },
		{ "A 192.0.2 tcp 25", -EINVAL, "not an address" },
		{ "A default tcp 25", -EINVAL, "not an address" },
		{ "A 192.0.2.1 udp,tcp 25", -EINVAL,
		  "protocol \"udp,tcp\" is not tcp|udp|tcp,udp" },
		{ "A 192.0.2.1 tcp 0", -EINVAL, "port 0" },
		{ "A 192.0.2.1 tcp 25 mode tunnel", -EINVAL,
		  "mode \"tunnel\" is not dr|nat" },
		{ "A 192.0.2.1 tcp 25 sched dh", -EINVAL,
		  "sched \"dh\" is not wrr|rr|wlc|lc|sh|mh" },
		{ "A 192.0.2.1 tcp 25 sched", -ENODATA,
		  "\"sched\" needs a value" },
		{ "A 192.0.2.1 tcp 25 orphan reset", -EINVAL,
		  "orphan \"reset\" is not rst|drop|keep" },
		{ "A 192.0.2.1 tcp 25 hook late", -EINVAL,
		  "hook \"late\" is not early|input" },
		{ "A 192.0.2.1 tcp 25 no-real keep", -EINVAL,
		  "no-real \"keep\" is not rst|icmp|drop" },
		{ "A 192.0.2.1 tcp 25 no-real", -ENODATA,
		  "\"no-real\" needs a value" },
		{ "A 192.0.2.1 tcp 25 orphan rst orphan drop", -EINVAL,
		  "\"orphan\" is given twice" },
		{ "A 192.0.2.1 tcp 25 persist 0s", -EINVAL,
		  "0s is less than 1s" },
		{ "A 192.0.2.1 tcp 25 persist 999ms", -EINVAL,
		  "999ms is less than 1s" },
		{ "A 192.0.2.1 tcp 25 persist 32d", -EINVAL,
		  "32d is more than 31d" },
		{ "A 192.0.2.1 tcp 25 persist on", -EINVAL,
		  "\"on\" is not a time" },
		{ "A 192.0.2.1 tcp 25 persist 1h persist off", -EINVAL,
		  "\"persist\" is given twice" },
		{ "A 192.0.2.1 tcp 25 mask 0", -EINVAL,
		  "mask 0 is not within 1-32" },
		{ "A 192.0.2.1 tcp 25 mask 33", -EINVAL,
		  "mask 33 is not within 1-32" },
		{ "A 192.0.2.1 tcp 25 mask /24", -EINVAL, "mask /24 is not" },
		{ "A 2001:db8::1 tcp 25 mask 129", -EINVAL,
		  "mask 129 is not within 1-128" },
		{ "A 192.0.2.1 tcp 25 seed xyz", -EINVAL,
		  "seed \"xyz\" is not 1-16 hexadecimal digits" },
		{ "A 192.0.2.1 tcp 25 seed 1 seed 1", -EINVAL,
		  "\"seed\" is given twice" },
		{ "A 192.0.2.1 tcp 25 idle 999ms", -EINVAL,
		  "999ms is less than 1s" },
		{ "A 192.0.2.1 tcp 25 idle 1h idle 2h", -EINVAL,
		  "\"idle\" is given twice" },
		{ "A 192.0.2.1 tcp 25 check ping", -EINVAL,
		  "check \"ping\" is not tcp|icmp|smtp" },
		{ "A 192.0.2.1 tcp 25 check inherit", -EINVAL,
		  "check \"inherit\" is not" },
		{ "A 192.0.2.1 tcp 25 check tcp rise 0", -EINVAL,
		  "rise 0 is not within 1-100" },
		{ "A 192.0.2.1 tcp 25 check tcp fall 101", -EINVAL,
		  "fall 101 is not within 1-100" },
		{ "A 192.0.2.1 tcp 25 check tcp port 80-81", -EINVAL,
		  "only single ports" },
		{ "A 192.0.2.1 tcp 25 check tcp timeout 99ms", -EINVAL,
		  "99ms is less than 100ms" },
		{ "A 192.0.2.1 tcp 25 modus nat", -ENOPROTOOPT,
		  "unknown option \"modus\" for vip add; is it \"mode\"?" },
		{ "A 192.0.2.1 tcp 25 frobnicate", -ENOPROTOOPT,
		  "unknown option \"frobnicate\" for vip add" },
		{ "A 192.0.2.1 tcp 25 name B", -ENOPROTOOPT,
		  "unknown option \"name\" for vip add" },
		{ "A 192.0.2.1 tcp 25 dev a/b", -EINVAL,
		  "dev \"a/b\" is no name of an interface" },
		{ "A 192.0.2.1 tcp 25 dev ..", -EINVAL,
		  "is no name of an interface" },
		{ "A 192.0.2.1 tcp 25 dev sixteen-letters-", -EINVAL,
		  "is no name of an interface" },
		{ "A 192.0.2.1 tcp 25 dev", -ENODATA, "\"dev\" needs a value" },
		{ "A 192.0.2.1 tcp 25 check smpt", -EINVAL,
		  "unknown check \"smpt\"; is it \"smtp\"?" },
		{ "A 192.0.2.1 tcp 25 check tcp interval 2s", -EINVAL,
		  "timeout 3s is longer than interval 2s" },
		{ "A 192.0.2.1 tcp 25 check timeout 2s interval 1s", -EINVAL,
		  "timeout 2s is longer than interval 1s" },
		{ "A 192.0.2.1 tcp 25 check tcp fast 6s", -EINVAL,
		  "fast 6s is longer than interval 5s" },
		{ "A 192.0.2.1 tcp 25 check tcp fast 99ms", -EINVAL,
		  "99ms is less than 100ms" },
		{ "A 192.0.2.1 tcp 25 check tcp via real via", -ENODATA,
		  "\"via\" needs a value" },
		{ "A 192.0.2.1 tcp 25 check tcp via both", -EINVAL,
		  "via \"both\" is not real|vip" },
		{ "A 192.0.2.1 tcp 25 check tcp agent 0", -EINVAL,
		  "agent 0 is not within 1-65535" },
		{ "A 192.0.2.1 tcp 25 check tcp agent 65536", -EINVAL,
		  "agent 65536 is not within 1-65535" },
		{ "A 192.0.2.1 tcp 25 check tcp guard 101", -EINVAL,
		  "guard 101 is not within 1-100" },
		{ "A 192.0.2.1 tcp 25 check tcp guard 0", -EINVAL,
		  "guard 0 is not within 1-100" },
		{ "A 192.0.2.1 tcp 25 check tcp secret s", -EINVAL,
		  "tcp does not log in" },
		{ "A 192.0.2.1 tcp 25 check imap secret ../s", -EINVAL,
		  "does not start with a letter" },
		{ "A 192.0.2.1 tcp 25 check imap secret a/b", -EINVAL,
		  "has a character other than" },
		{ "A 192.0.2.1 tcp 25 check imap secret all", -EINVAL,
		  "reserved" },
		{ "A 192.0.2.1 tcp 25 check http args path", -EINVAL,
		  "args: \"path\" is not key=value" },
		{ "A 192.0.2.1 tcp 25 check http args paht=/", -EINVAL,
		  "http does not take \"paht\"" },
		{ "A 192.0.2.1 tcp 25 check http args path=\001", -EINVAL,
		  "control characters" },
		{ "A 192.0.2.1 tcp 25 check http args body=\377", -EINVAL,
		  "what is not UTF-8" },
		{ "A 192.0.2.1 tcp 25 check dns", -EINVAL,
		  "args: \"name\" is missing" },
		{ "A 192.0.2.1 tcp 25 check icmp port 80", -EINVAL,
		  "icmp has nothing to do with ports" },
		{ "A 192.0.2.1 tcp 25 check exec args run=none via vip",
		  -EINVAL, "exec cannot go via vip" },
		{ "A 192.0.2.1 tcp 25 check exec args run=a/b", -EINVAL,
		  "is not the name of a file" },
		{ "A 192.0.2.1 tcp 25 fallback 192.0.2.0/24", -EINVAL,
		  "\"192.0.2.0/24\" is not an address" },
		{ "A 192.0.2.1 tcp 25 fallback 192.0.2.7:0", -EINVAL,
		  "port 0 is not within 1-65535" },
		{ "A 192.0.2.1 tcp 25 fallback none", -EINVAL,
		  "\"none\" is not an address" },
		{ "A 192.0.2.1 tcp 25 fallback", -ENODATA,
		  "\"fallback\" needs a value" },
		{ "A 192.0.2.1 tcp 25 slow-start 32d", -EINVAL,
		  "32d is more than 31d" },
		{ "A 192.0.2.1 tcp 25 slow-start on", -EINVAL,
		  "\"on\" is not a time" },
		{ "A 192.0.2.1 tcp 25 allow", -ENODATA,
		  "\"allow\" needs a value" },
		{ "A 192.0.2.1 tcp 25 allow none", -EINVAL,
		  "\"none\" is not an address" },
		{ "A 192.0.2.1 tcp 25 allow any allow any", -EINVAL,
		  "\"allow\" is given twice" },
		{ "A 192.0.2.1 tcp 25 allow +192.0.2.7", -EINVAL,
		  "a new vip has no list of clients to change" },
		{ "A 192.0.2.1 tcp 25 allow -192.0.2.7", -EINVAL,
		  "a new vip has no list of clients to change" },
	};
	struct lb_vip vip;
	struct lb_err err;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		EXPECT_EQ(cases[i].code, parse_vip_new(cases[i].text, &vip,
						       &err))
			TH_LOG("\"%s\"", cases[i].text);
		EXPECT_NE(NULL, strstr(err.text, cases[i].why))
			TH_LOG("\"%s\": %s", cases[i].text, err.text);
		lb_vip_release(&vip);
	}
}

TEST(what_is_wrong_with_a_real_is_said)
{
	static const struct refusal cases[] = {
		{ "", -ENODATA, "VIP is missing" },
		{ "A", -ENODATA, "NAME is missing" },
		{ "A B", -ENODATA, "ADDRESS is missing" },
		{ "A B 192.0.2.1:80", -EINVAL, "give it as \"port 80\"" },
		{ "A B 192.0.2.1 weight 65536", -EINVAL,
		  "weight 65536 is not within 0-65535" },
		{ "A B 192.0.2.1 weight -1", -EINVAL, "weight -1" },
		{ "A B 192.0.2.1 max-conns -1", -EINVAL,
		  "max-conns -1 is not within 0-4294967295" },
		{ "A B 192.0.2.1 max-conns 4294967296", -EINVAL,
		  "max-conns 4294967296 is not within" },
		{ "A B 192.0.2.1 max-conns", -ENODATA,
		  "\"max-conns\" needs a value" },
		{ "A B 192.0.2.1 max-conns 5 max-conns 5", -EINVAL,
		  "\"max-conns\" is given twice" },
		{ "A B 192.0.2.1 port 0", -EINVAL,
		  "port 0 is not within 1-65535" },
		{ "A B 192.0.2.1 state up", -EINVAL,
		  "state \"up\" is not online|drain|halt" },
		{ "A B 192.0.2.1 wieght 5", -ENOPROTOOPT, "is it \"weight\"?" },
	};
	struct lb_real real;
	struct lb_err err;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		EXPECT_EQ(cases[i].code, parse_real_new(cases[i].text, &real,
							&err))
			TH_LOG("\"%s\"", cases[i].text);
		EXPECT_NE(NULL, strstr(err.text, cases[i].why))
			TH_LOG("\"%s\": %s", cases[i].text, err.text);
	}
}

TEST(a_verdict)
{
	char long_reason[L4LB_REASON_MAX + 2];
	char *word[4] = { "A", "B", "down", "smtp: 421 too busy" };
	struct lb_words words = { .word = word, .count = 4, .what = "x" };
	struct lb_real real;

	ASSERT_EQ(0, lb_parse_real_health(&words, &real, NULL));
	EXPECT_EQ(L4LB_HEALTH_DOWN, real.health);
	EXPECT_STREQ("smtp: 421 too busy", real.reason);
	EXPECT_EQ(LB_BIT(L4LB_A_REAL_HEALTH) | LB_BIT(L4LB_A_REAL_REASON),
		  real.has);

	words = (struct lb_words) { .word = word, .count = 3, .what = "x" };
	ASSERT_EQ(0, lb_parse_real_health(&words, &real, NULL));
	EXPECT_EQ(LB_BIT(L4LB_A_REAL_HEALTH), real.has);

	memset(long_reason, 'x', sizeof(long_reason) - 1);
	long_reason[sizeof(long_reason) - 1] = '\0';
	word[3] = long_reason;
	words = (struct lb_words) { .word = word, .count = 4, .what = "x" };
	EXPECT_EQ(-EINVAL, lb_parse_real_health(&words, &real, NULL));

	word[3] = "two\nlines";
	words = (struct lb_words) { .word = word, .count = 4, .what = "x" };
	EXPECT_EQ(-EINVAL, lb_parse_real_health(&words, &real, NULL));

	word[2] = "unknown";
	words = (struct lb_words) { .word = word, .count = 3, .what = "x" };
	EXPECT_EQ(-EINVAL, lb_parse_real_health(&words, &real, NULL));
}

static int parse_conn_filter(const char *text, struct lb_filter *filter,
			     struct lb_err *err)
{
	struct line line;

	return lb_parse_conn_filter(cut(&line, text, "conn show"), filter, err);
}

TEST(filters)
{
	static const struct refusal refused[] = {
		{ "src 192.0.2.1/24", -EINVAL, "beyond its prefix" },
		{ "limit 0", -EINVAL, "limit 0 is not within" },
		{ "limit default", -EINVAL, "has no default" },
		{ "vip all", -EINVAL, "reserved" },
		{ "vip default", -EINVAL, "reserved" },
		{ "vip", -ENODATA, "needs a value" },
		{ "vip A all", -ENOPROTOOPT, "\"all\"" },
		{ "all vip A", -ENOPROTOOPT, "\"vip\"" },
		{ "limit 5 all src 192.0.2.1", -ENOPROTOOPT, "\"src\"" },
		{ "all all", -EINVAL, "given twice" },
		{ "colour red", -ENOPROTOOPT, "\"colour\"" },
	};
	struct lb_filter filter;
	struct lb_err err;
	size_t i;

	ASSERT_EQ(0, parse_conn_filter("vip A real B src 192.0.2.0/24 limit 10",
				       &filter, NULL));
	EXPECT_FALSE(filter.all);
	EXPECT_STREQ("A", filter.vip);
	EXPECT_STREQ("B", filter.real);
	EXPECT_EQ(24, filter.src.len);
	EXPECT_EQ(10, filter.limit);

	ASSERT_EQ(0, parse_conn_filter("real fallback", &filter, NULL));
	EXPECT_STREQ("fallback", filter.real);

	ASSERT_EQ(0, parse_conn_filter("all", &filter, NULL));
	EXPECT_TRUE(filter.all);
	EXPECT_EQ(0, filter.has);

	ASSERT_EQ(0, parse_conn_filter("limit 5 all", &filter, NULL));
	EXPECT_TRUE(filter.all);
	EXPECT_EQ(5, filter.limit);

	ASSERT_EQ(0, parse_conn_filter("all limit 5", &filter, NULL));
	EXPECT_TRUE(filter.all);

	ASSERT_EQ(0, parse_conn_filter("", &filter, NULL));
	EXPECT_FALSE(filter.all);
	EXPECT_EQ(0, filter.has);

	for (i = 0; i < ARRAY_SIZE(refused); i++) {
		EXPECT_EQ(refused[i].code,
			  parse_conn_filter(refused[i].text, &filter, &err))
			TH_LOG("\"%s\"", refused[i].text);
		EXPECT_NE(NULL, strstr(err.text, refused[i].why))
			TH_LOG("\"%s\": %s", refused[i].text, err.text);
	}
}

TEST(filters_of_persistence_entries)
{
	struct lb_filter filter;
	struct line line;
	struct lb_err err;

	ASSERT_EQ(0, lb_parse_persist_filter(cut(&line, "vip A src 2001:db8::/32 real B",
						 "x"), &filter, NULL));
	EXPECT_FALSE(filter.all);
	EXPECT_STREQ("A", filter.vip);
	EXPECT_STREQ("B", filter.real);
	EXPECT_EQ(32, filter.src.len);

	ASSERT_EQ(0, lb_parse_persist_filter(cut(&line, "all", "x"), &filter,
					     NULL));
	EXPECT_TRUE(filter.all);

	EXPECT_EQ(-ENOPROTOOPT,
		  lb_parse_persist_filter(cut(&line, "limit 5", "x"), &filter,
					  &err));
	EXPECT_NE(NULL, strstr(err.text, "unknown option \"limit\""));
	EXPECT_EQ(-EINVAL,
		  lb_parse_persist_filter(cut(&line, "vip A vip B", "x"),
					  &filter, &err));
	EXPECT_NE(NULL, strstr(err.text, "\"vip\" is given twice"));
}

static int parse_persist_new(const char *text, struct lb_persist *persist,
			     struct lb_err *err)
{
	struct line line;

	return lb_parse_persist_new(cut(&line, text, "persist add"), persist,
				    err);
}

TEST(a_client_is_bound_to_a_real)
{
	struct lb_persist persist;
	char addr[LB_ADDR_TEXT];

	ASSERT_EQ(0, parse_persist_new("vip A src 192.0.2.7 real B", &persist,
				       NULL));
	EXPECT_STREQ("A", persist.vip);
	EXPECT_STREQ("B", persist.real);
	EXPECT_STREQ("192.0.2.7", lb_prefix_print(&persist.client, addr,
						  sizeof(addr)));
	EXPECT_EQ(0, persist.has);
	EXPECT_FALSE(persist.forever);

	ASSERT_EQ(0, parse_persist_new("real B src 2001:db8::7 vip A for 2h",
				       &persist, NULL));
	EXPECT_EQ(128, persist.client.len);
	EXPECT_EQ(LB_BIT(L4LB_A_PERSIST_LEFT), persist.has);
	EXPECT_EQ(7200000, persist.left);

	ASSERT_EQ(0, parse_persist_new("vip A src 192.0.2.7 real B forever",
				       &persist, NULL));
	EXPECT_TRUE(persist.forever);
	EXPECT_EQ(0, persist.has);
}

TEST(what_is_wrong_with_a_persistence_entry_is_said)
{
	static const struct refusal cases[] = {
		{ "", -ENODATA, "vip NAME is missing" },
		{ "src 192.0.2.7 real B", -ENODATA, "vip NAME is missing" },
		{ "vip A real B", -ENODATA, "src ADDRESS is missing" },
		{ "vip A src 192.0.2.7", -ENODATA, "real NAME is missing" },
		{ "vip A src", -ENODATA, "\"src\" needs a value" },
		{ "vip A src 192.0.2.7 real B for", -ENODATA,
		  "\"for\" needs a value" },
		{ "vip all src 192.0.2.7 real B", -EINVAL, "reserved" },
		{ "vip A src 192.0.2.0/24 real B", -EINVAL,
		  "\"192.0.2.0/24\" is not an address" },
		{ "vip A src default real B", -EINVAL,
		  "\"src\" has no default" },
		{ "vip A src 192.0.2.7 real B for 0s", -EINVAL,
		  "0s is less than 1s" },
		{ "vip A src 192.0.2.7 real B for 32d", -EINVAL,
		  "32d is more than 31d" },
		{ "vip A src 192.0.2.7 real B for forever", -EINVAL,
		  "\"forever\" is not a time" },
		{ "vip A src 192.0.2.7 real B for default", -EINVAL,
		  "\"for\" has no default" },
		{ "vip A src 192.0.2.7 real B for 1h forever", -EINVAL,
		  "\"for\" and \"forever\" exclude each other" },
		{ "vip A src 192.0.2.7 real B forever forever", -EINVAL,
		  "\"forever\" is given twice" },
		{ "vip A src 192.0.2.7 real B real C", -EINVAL,
		  "\"real\" is given twice" },
		{ "vip A src 192.0.2.7 real B all", -ENOPROTOOPT,
		  "unknown option \"all\"" },
	};
	struct lb_persist persist;
	struct lb_err err;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		EXPECT_EQ(cases[i].code,
			  parse_persist_new(cases[i].text, &persist, &err))
			TH_LOG("\"%s\"", cases[i].text);
		EXPECT_NE(NULL, strstr(err.text, cases[i].why))
			TH_LOG("\"%s\": %s", cases[i].text, err.text);
	}
}

TEST(a_persistence_entry_is_removed_by_vip_and_address)
{
	struct lb_filter filter;
	struct line line;

	ASSERT_EQ(0, lb_parse_persist_del(cut(&line, "vip A src 192.0.2.7",
					      "x"), &filter, NULL));
	EXPECT_EQ(LB_BIT(L4LB_A_FILTER_VIP) | LB_BIT(L4LB_A_FILTER_ADDR4),
		  filter.has);
	EXPECT_STREQ("A", filter.vip);
	EXPECT_EQ(32, filter.src.len);
	EXPECT_EQ(htonl(0xc0000207), filter.src.addr.v4.s_addr);

	EXPECT_EQ(-ENODATA, lb_parse_persist_del(cut(&line, "vip A", "x"),
						 &filter, NULL));
	EXPECT_EQ(-ENODATA, lb_parse_persist_del(cut(&line, "src 192.0.2.7",
						     "x"), &filter, NULL));
	EXPECT_EQ(-ENOPROTOOPT,
		  lb_parse_persist_del(cut(&line, "vip A src 192.0.2.7 real B",
					   "x"), &filter, NULL));
}

TEST(if_exists)
{
	struct line line;
	bool there;

	ASSERT_EQ(0, lb_parse_if_exists(cut(&line, "", "x"), &there, NULL));
	EXPECT_FALSE(there);
	ASSERT_EQ(0, lb_parse_if_exists(cut(&line, "if-exists", "x"), &there,
					NULL));
	EXPECT_TRUE(there);
	EXPECT_EQ(-ENOPROTOOPT, lb_parse_if_exists(cut(&line, "if-exists x",
						       "x"), &there, NULL));
	EXPECT_EQ(-ENOPROTOOPT, lb_parse_if_exists(cut(&line, "now", "x"),
						   &there, NULL));
}

TEST_HARNESS_MAIN
