// SPDX-License-Identifier: GPL-2.0-only
/*
 * Addresses, prefixes and lists of ports: what is accepted and how it is
 * printed, and what is refused and why.
 */

#include "kselftest_harness.h"

#include "addr.h"
#include "err.h"

#include <arpa/inet.h>

TEST(addresses_are_printed_as_parsed)
{
	static const char *const texts[] = {
		"192.168.30.10", "0.0.0.0", "255.255.255.255",
		"2001:db8::1", "::", "::ffff:192.0.2.1", "fe80::1",
	};
	char buf[LB_ADDR_TEXT];
	struct lb_addr addr;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		ASSERT_EQ(0, lb_addr_parse(texts[i], &addr, NULL));
		EXPECT_STREQ(texts[i],
			     lb_addr_print(&addr, buf, sizeof(buf)));
	}
}

TEST(what_is_no_address_is_refused)
{
	static const char *const texts[] = {
		"", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.4 ", "01.2.3.4",
		"[::1]", "fe80::1%eth0", "mail.example.org", "1.2.3.4/32",
	};
	struct lb_addr addr;
	struct lb_err err;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		EXPECT_EQ(-EINVAL, lb_addr_parse(texts[i], &addr, &err))
			TH_LOG("accepted \"%s\"", texts[i]);
		EXPECT_NE(NULL, strstr(err.text, "is not an address"));
	}
}

TEST(a_port_follows_an_address)
{
	static const struct {
		const char *text;
		int family;
		unsigned int port;
	} cases[] = {
		{ "192.0.2.1", AF_INET, 0 },
		{ "192.0.2.1:80", AF_INET, 80 },
		{ "192.0.2.1:65535", AF_INET, 65535 },
		{ "2001:db8::1", AF_INET6, 0 },
		{ "[2001:db8::1]:443", AF_INET6, 443 },
	};
	char buf[LB_ADDR_TEXT];
	struct lb_addr addr;
	in_port_t port;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		ASSERT_EQ(0, lb_addr_parse_port(cases[i].text, &addr, &port,
						NULL));
		EXPECT_EQ(cases[i].family, addr.family);
		EXPECT_EQ(cases[i].port, port);
		EXPECT_STREQ(cases[i].text,
			     lb_addr_print_port(&addr, port, buf,
						sizeof(buf)));
	}
}

TEST(what_is_no_address_with_port_is_refused)
{
	static const char *const texts[] = {
		"192.0.2.1:", "192.0.2.1:0", "192.0.2.1:65536", ":80",
		"[192.0.2.1]:80", "[2001:db8::1]", "[2001:db8::1", "[]:80",
		"[2001:db8::1]80", "192.0.2.1:80x", "192.0.2.1:-1",
	};
	struct lb_addr addr;
	struct lb_err err;
	in_port_t port;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		EXPECT_EQ(-EINVAL, lb_addr_parse_port(texts[i], &addr, &port,
						      &err))
			TH_LOG("accepted \"%s\"", texts[i]);
	}
}

TEST(addresses_are_compared_by_value)
{
	struct lb_addr a, b;

	ASSERT_EQ(0, lb_addr_parse("2001:db8::1", &a, NULL));
	ASSERT_EQ(0, lb_addr_parse("2001:0db8:0:0::1", &b, NULL));
	EXPECT_TRUE(lb_addr_equal(&a, &b));
	ASSERT_EQ(0, lb_addr_parse("2001:db8::2", &b, NULL));
	EXPECT_FALSE(lb_addr_equal(&a, &b));
	ASSERT_EQ(0, lb_addr_parse("192.0.2.1", &b, NULL));
	EXPECT_FALSE(lb_addr_equal(&a, &b));
	ASSERT_EQ(0, lb_addr_parse("192.0.2.1", &a, NULL));
	EXPECT_TRUE(lb_addr_equal(&a, &b));
}

TEST(prefixes)
{
	static const struct {
		const char *text;
		const char *printed;
	} cases[] = {
		{ "192.0.2.1", "192.0.2.1" },
		{ "192.0.2.1/32", "192.0.2.1" },
		{ "192.0.2.0/24", "192.0.2.0/24" },
		{ "192.0.2.128/25", "192.0.2.128/25" },
		{ "0.0.0.0/0", "0.0.0.0/0" },
		{ "2001:db8::/32", "2001:db8::/32" },
		{ "2001:db8::1/128", "2001:db8::1" },
		{ "192.0.2.1/24", NULL },
		{ "192.0.2.0/33", NULL },
		{ "192.0.2.0/", NULL },
		{ "192.0.2.0/-1", NULL },
		{ "192.0.2.0/24/1", NULL },
		{ "2001:db8::/129", NULL },
		{ "2001:db8::1/64", NULL },
		{ "/24", NULL },
	};
	struct lb_prefix prefix;
	char buf[LB_ADDR_TEXT];
	struct lb_err err;
	size_t i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		ret = lb_prefix_parse(cases[i].text, &prefix, &err);
		EXPECT_EQ(!cases[i].printed, !!ret)
			TH_LOG("\"%s\"", cases[i].text);
		if (!ret) {
			EXPECT_STREQ(cases[i].printed,
				     lb_prefix_print(&prefix, buf,
						     sizeof(buf)));
		}
	}
}

TEST(port_lists_are_sorted_and_merged)
{
	static const struct {
		const char *text;
		const char *printed;
	} cases[] = {
		{ "25", "25" },
		{ "443,80", "80,443" },
		{ "135,60200,60201", "135,60200-60201" },
		{ "135,60200-60201", "135,60200-60201" },
		{ "80,80,80", "80" },
		{ "1-10,5-20,21", "1-21" },
		{ "65535", "65535" },
		{ "7-7", "7" },
		{ "any", "any" },
		{ "1-65535", "any" },
		{ "1-65534,65535", "any" },
		{ "080", "80" },
	};
	char buf[LB_PORTS_TEXT];
	struct lb_ports ports;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		ASSERT_EQ(0, lb_ports_parse(cases[i].text, &ports, NULL));
		EXPECT_STREQ(cases[i].printed,
			     lb_ports_print(&ports, buf, sizeof(buf)));
	}
}

TEST(what_is_no_port_list_is_refused_with_the_reason)
{
	static const struct {
		const char *text;
		const char *why;
	} cases[] = {
		{ "", "not a list of ports" },
		{ ",", "not a list of ports" },
		{ "80,", "not a list of ports" },
		{ ",80", "not a list of ports" },
		{ "80,,443", "not a list of ports" },
		{ "0", "port 0 is not within 1-65535" },
		{ "70000", "port 70000 is not within 1-65535" },
		{ "99999999999999999999", "is not within 1-65535" },
		{ "80-70000", "port 70000 is not within 1-65535" },
		{ "90-80", "range 90-80 is reversed" },
		{ "-80", "\"\" is not a port" },
		{ "80-", "\"\" is not a port" },
		{ "1-2-3", "\"2-3\" is not a port" },
		{ "http", "\"http\" is not a port" },
		{ "80 ", "\"80 \" is not a port" },
		{ "+80", "\"+80\" is not a port" },
		{ "80,any", "\"any\" is not a port" },
	};
	struct lb_ports ports;
	struct lb_err err;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		EXPECT_EQ(-EINVAL, lb_ports_parse(cases[i].text, &ports, &err))
			TH_LOG("accepted \"%s\"", cases[i].text);
		EXPECT_NE(NULL, strstr(err.text, cases[i].why))
			TH_LOG("\"%s\": %s", cases[i].text, err.text);
	}
}

TEST(ranges_of_ports_are_counted_after_merging)
{
	char text[4096] = "", again[LB_PORTS_TEXT];
	struct lb_ports ports;
	size_t used = 0;
	int i;

	/* Many ports, one range. */
	for (i = 0; i < 500; i++)
		used += snprintf(text + used, sizeof(text) - used, "%s%d",
				 i ? "," : "", 1000 + i);
	ASSERT_EQ(0, lb_ports_parse(text, &ports, NULL));
	EXPECT_EQ(1, ports.count);

	/* As many ranges as there may be, as long as they can be. */
	for (i = 0, used = 0; i < L4LB_PORTS_MAX; i++)
		used += snprintf(text + used, sizeof(text) - used, "%s%d-%d",
				 i ? "," : "", 10000 + 10 * i, 10005 + 10 * i);
	ASSERT_EQ(0, lb_ports_parse(text, &ports, NULL));
	EXPECT_EQ(L4LB_PORTS_MAX, ports.count);
	EXPECT_STREQ(text, lb_ports_print(&ports, again, sizeof(again)));

	strcat(text, ",9");
	EXPECT_EQ(-EINVAL, lb_ports_parse(text, &ports, NULL));
}

TEST(lists_of_single_ports)
{
	char buf[LB_PORTS_TEXT];
	struct lb_ports ports;
	struct lb_err err;

	ASSERT_EQ(0, lb_ports_parse_single("81,80,80", &ports, 16, &err));
	EXPECT_EQ(2, ports.count);
	EXPECT_STREQ("80,81", lb_ports_print(&ports, buf, sizeof(buf)));

	EXPECT_EQ(-EINVAL, lb_ports_parse_single("1,2,3", &ports, 2, &err));
	EXPECT_EQ(-EINVAL, lb_ports_parse_single("80-81", &ports, 16, &err));
	EXPECT_NE(NULL, strstr(err.text, "only single ports"));
	EXPECT_EQ(-EINVAL, lb_ports_parse_single("any", &ports, 16, &err));
}

TEST(lists_of_ports_overlap)
{
	struct lb_ports a, b;
	struct lb_range common;

	ASSERT_EQ(0, lb_ports_parse("80,443,60200-60210", &a, NULL));
	ASSERT_EQ(0, lb_ports_parse("25,60205-60300", &b, NULL));
	EXPECT_TRUE(lb_ports_overlap(&a, &b, &common));
	EXPECT_EQ(60205, common.first);
	EXPECT_EQ(60210, common.last);
	EXPECT_FALSE(lb_ports_equal(&a, &b));
	EXPECT_TRUE(lb_ports_equal(&a, &a));

	ASSERT_EQ(0, lb_ports_parse("81-442,60211", &b, NULL));
	EXPECT_FALSE(lb_ports_overlap(&a, &b, &common));
}

TEST(numbers_are_digits_in_a_range)
{
	unsigned int value = 7;

	EXPECT_EQ(0, lb_uint_parse("0", 0, 10, &value));
	EXPECT_EQ(0, value);
	EXPECT_EQ(0, lb_uint_parse("4294967295", 0, ~0U, &value));
	EXPECT_EQ(~0U, value);
	EXPECT_EQ(-ERANGE, lb_uint_parse("4294967296", 0, ~0U, &value));
	EXPECT_EQ(-ERANGE, lb_uint_parse("18446744073709551617", 0, ~0U,
					 &value));
	EXPECT_EQ(-ERANGE, lb_uint_parse("11", 0, 10, &value));
	EXPECT_EQ(-EINVAL, lb_uint_parse("", 0, 10, &value));
	EXPECT_EQ(-EINVAL, lb_uint_parse(" 1", 0, 10, &value));
	EXPECT_EQ(-EINVAL, lb_uint_parse("-1", 0, 10, &value));
	EXPECT_EQ(-EINVAL, lb_uint_parse("0x1", 0, 10, &value));
}

TEST(ports_are_added_and_taken_out)
{
	static const struct {
		const char *list;
		const char *other;
		const char *more;
		const char *less;
	} cases[] = {
		{ "80", "443", "80,443", "80" },
		{ "80", "81", "80-81", "80" },
		{ "80", "80", "80", "" },
		{ "any", "25", "any", "1-24,26-65535" },
		{ "any", "1,65535", "any", "2-65534" },
		{ "10-20", "15-30", "10-30", "10-14" },
	};
	struct lb_ports more, less, other;
	char text[LB_PORTS_TEXT];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		ASSERT_EQ(0, lb_ports_parse(cases[i].list, &more, NULL));
		ASSERT_EQ(0, lb_ports_parse(cases[i].other, &other, NULL));
		less = more;
		EXPECT_EQ(0, lb_ports_add(&more, &other, NULL));
		EXPECT_EQ(0, lb_ports_del(&less, &other, NULL));
		EXPECT_STREQ(cases[i].more,
			     lb_ports_print(&more, text, sizeof(text)));
		EXPECT_STREQ(cases[i].less,
			     lb_ports_print(&less, text, sizeof(text)));
	}
}

TEST(a_list_that_becomes_too_long_is_refused)
{
	struct lb_ports list, one;
	unsigned int port;
	struct lb_err err;

	ASSERT_EQ(0, lb_ports_parse("any", &list, NULL));
	ASSERT_EQ(0, lb_ports_parse("2", &one, NULL));
	for (port = 2; port < 2 * L4LB_PORTS_MAX; port += 2) {
		one.range[0].first = (uint16_t)port;
		one.range[0].last = (uint16_t)port;
		ASSERT_EQ(0, lb_ports_del(&list, &one, &err));
	}
	one.range[0].first = (uint16_t)port;
	one.range[0].last = (uint16_t)port;
	EXPECT_EQ(-EINVAL, lb_ports_del(&list, &one, &err));
	EXPECT_NE(NULL, strstr(err.text, "more than 64 ranges"));
}

TEST_HARNESS_MAIN
