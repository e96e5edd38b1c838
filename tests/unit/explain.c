// SPDX-License-Identifier: GPL-2.0-only
/*
 * The words of "explain", and what VIPs fill in.
 */

#include "kselftest_harness.h"

#include "err.h"
#include "explain.h"
#include "words.h"

#define WORDS_MAX	8

static int parse(const char *text, struct lb_explain_query *query,
		 struct lb_err *err)
{
	char *word[WORDS_MAX], *next, *rest, buf[256];
	struct lb_words words = { .word = word, .what = "explain" };

	memset(err, 0, sizeof(*err));
	snprintf(buf, sizeof(buf), "%s", text);
	for (next = strtok_r(buf, " ", &rest); next && words.count < WORDS_MAX;
	     next = strtok_r(NULL, " ", &rest))
		word[words.count++] = next;

	return lb_explain_parse(&words, query, err);
}

static void vip_make(struct lb_vip *vip, const char *name, const char *addr,
		     uint8_t protos, const char *ports)
{
	struct lb_err err;

	memset(vip, 0, sizeof(*vip));
	lb_name_copy(vip->name, name);
	lb_addr_parse(addr, &vip->addr, &err);
	lb_ports_parse(ports, &vip->ports, &err);
	vip->protos = protos;
}

FIXTURE(site)
{
	struct lb_vip vips[3];
	struct lb_explain_query query;
	struct lb_err err;
};

FIXTURE_SETUP(site)
{
	vip_make(&self->vips[0], "dns", "192.0.2.10", L4LB_PROTO_UDP, "53");
	vip_make(&self->vips[1], "web", "192.0.2.10", L4LB_PROTO_ALL, "80,443");
	vip_make(&self->vips[2], "fd30", "fd30::10", L4LB_PROTO_TCP, "25");
}

FIXTURE_TEARDOWN(site)
{
}

TEST_F(site, what_the_vips_fill_in)
{
	static const struct {
		const char *text;
		uint16_t cport;
		uint16_t port;
		uint8_t proto;
	} cases[] = {
		{ "192.0.2.50 web", 0, 80, L4LB_PROTO_TCP },
		{ "192.0.2.50:4000 web:443", 4000, 443, L4LB_PROTO_TCP },
		{ "192.0.2.50 web udp", 0, 80, L4LB_PROTO_UDP },
		{ "192.0.2.50 dns", 0, 53, L4LB_PROTO_UDP },
		{ "192.0.2.50 web:9999", 0, 9999, L4LB_PROTO_TCP },
		{ "192.0.2.50 192.0.2.10", 0, 53, L4LB_PROTO_UDP },
		{ "192.0.2.50 192.0.2.10 tcp", 0, 80, L4LB_PROTO_TCP },
		{ "192.0.2.50 192.0.2.10:443", 0, 443, L4LB_PROTO_TCP },
		{ "192.0.2.50 192.0.2.10:53", 0, 53, L4LB_PROTO_UDP },
		{ "192.0.2.50 192.0.2.10:53 tcp", 0, 53, L4LB_PROTO_TCP },
		{ "192.0.2.50 192.0.2.99:7", 0, 7, L4LB_PROTO_TCP },
		{ "fd30::50 fd30", 0, 25, L4LB_PROTO_TCP },
		{ "[fd30::50]:4000 [fd30::10]:26", 4000, 26, L4LB_PROTO_TCP },
		{ "fd30::50 fd30::10", 0, 25, L4LB_PROTO_TCP },
	};
	struct lb_explain_query *query = &self->query;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		ASSERT_EQ(0, parse(cases[i].text, query, &self->err))
			TH_LOG("%s: %s", cases[i].text, self->err.text);
		ASSERT_EQ(0, lb_explain_settle(query, self->vips, 3,
					       &self->err))
			TH_LOG("%s: %s", cases[i].text, self->err.text);
		EXPECT_EQ(cases[i].cport, query->client_port);
		EXPECT_EQ(cases[i].port, query->port)
			TH_LOG("%s", cases[i].text);
		EXPECT_EQ(cases[i].proto, query->proto)
			TH_LOG("%s", cases[i].text);
		EXPECT_EQ(query->client.family, query->addr.family);
	}
}

TEST_F(site, what_they_do_not_know)
{
	ASSERT_EQ(0, parse("192.0.2.50 mail", &self->query, &self->err));
	EXPECT_EQ(-ENOENT, lb_explain_settle(&self->query, self->vips, 3,
					     &self->err));
	ASSERT_EQ(0, parse("192.0.2.50 192.0.2.99", &self->query, &self->err));
	EXPECT_EQ(-ENOENT, lb_explain_settle(&self->query, self->vips, 3,
					     &self->err));
	ASSERT_EQ(0, parse("fd30::50 web", &self->query, &self->err));
	EXPECT_EQ(-EINVAL, lb_explain_settle(&self->query, self->vips, 3,
					     &self->err));
}

TEST_F(site, what_is_no_packet_is_refused)
{
	static const char *const bad[] = {
		"web web", "192.0.2.50:0 web", "192.0.2.50:65536 web",
		"192.0.2.50 web:0", "192.0.2.50 web:65536", "192.0.2.50 web:",
		"192.0.2.50 web:x", "192.0.2.50 any", "192.0.2.50 -x",
		"192.0.2.50 web icmp", "192.0.2.50 web tcp,udp",
		"192.0.2.50 abcdefghijklmnopqrstuvwxyzabcdef",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		EXPECT_EQ(-EINVAL, parse(bad[i], &self->query, &self->err))
			TH_LOG("accepted number %u", i);
	EXPECT_EQ(-ENODATA, parse("", &self->query, &self->err));
	EXPECT_EQ(-ENODATA, parse("192.0.2.50", &self->query, &self->err));
	EXPECT_EQ(-ENOPROTOOPT, parse("192.0.2.50 web tcp x", &self->query,
				      &self->err));
}

TEST_HARNESS_MAIN
