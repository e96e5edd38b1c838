// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of port maps: every lookup against a plain search.
 */

#include "addr.h"

#include <kunit/test.h>

static struct l4lb_vip *fake_vip(unsigned long i)
{
	return (struct l4lb_vip *)((i + 1) << 12);
}

static const struct l4lb_port_range ranges[] = {
	{ 1, 1 }, { 25, 25 }, { 80, 90 }, { 135, 135 }, { 443, 443 },
	{ 60200, 60201 }, { 65535, 65535 },
};

static struct l4lb_portmap *map_of(struct kunit *test, unsigned int n)
{
	struct l4lb_portmap *map;
	unsigned int i;

	map = kunit_kzalloc(test, struct_size(map, ranges, n), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, map);
	map->n = n;
	for (i = 0; i < n; i++) {
		map->ranges[i].ports = ranges[i];
		map->ranges[i].vip = fake_vip(i);
	}

	return map;
}

static struct l4lb_vip *plain_search(unsigned int n, u16 port)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (port >= ranges[i].first && port <= ranges[i].last)
			return fake_vip(i);

	return NULL;
}

static void portmap_finds_every_port(struct kunit *test)
{
	struct l4lb_portmap *map;
	unsigned int n, port;

	for (n = 0; n <= ARRAY_SIZE(ranges); n++) {
		map = map_of(test, n);
		for (port = 0; port <= 65535; port++)
			if (l4lb_portmap_find(map, port) !=
			    plain_search(n, port))
				KUNIT_FAIL(test, "port %u of %u ranges", port,
					   n);
	}
}

static void portmap_may_be_missing(struct kunit *test)
{
	KUNIT_EXPECT_NULL(test, l4lb_portmap_find(NULL, 25));
}

static void unicast_addresses_are_told(struct kunit *test)
{
	static const struct {
		u8 bytes[4];
		bool unicast;
	} cases[] = {
		{ { 192, 168, 30, 10 }, true },
		{ { 10, 0, 0, 1 }, true },
		{ { 0, 0, 0, 0 }, false },
		{ { 0, 1, 2, 3 }, true }, /* to the kernel since 5.3 */
		{ { 127, 0, 0, 1 }, false },
		{ { 224, 0, 0, 1 }, false },
		{ { 255, 255, 255, 255 }, false },
	};
	union nf_inet_addr addr;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		memset(&addr, 0, sizeof(addr));
		memcpy(&addr.ip, cases[i].bytes, 4);
		KUNIT_EXPECT_EQ(test, l4lb_addr_is_unicast(AF_INET, &addr),
				cases[i].unicast);
	}
}

static void unicast_addresses6_are_told(struct kunit *test)
{
	static const struct {
		struct in6_addr addr;
		bool unicast;
	} cases[] = {
		{ { { { 0xfd, 0x30, [15] = 0x10 } } }, true },
		{ { { { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 } } }, true },
		{ IN6ADDR_ANY_INIT, false },
		{ IN6ADDR_LOOPBACK_INIT, false },
		{ { { { 0xfe, 0x80, [15] = 1 } } }, false },
		{ { { { 0xff, 0x02, [15] = 1 } } }, false },
		{ { { { [10] = 0xff, [11] = 0xff, [12] = 10 } } }, false },
	};
	union nf_inet_addr addr;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		addr.in6 = cases[i].addr;
		KUNIT_EXPECT_EQ(test, l4lb_addr_is_unicast(AF_INET6, &addr),
				cases[i].unicast);
	}
}

static struct kunit_case addr_cases[] = {
	KUNIT_CASE(portmap_finds_every_port),
	KUNIT_CASE(portmap_may_be_missing),
	KUNIT_CASE(unicast_addresses_are_told),
	KUNIT_CASE(unicast_addresses6_are_told),
	{}
};

static struct kunit_suite addr_suite = {
	.name		= "l4lb_addr",
	.test_cases	= addr_cases,
};

kunit_test_suite(addr_suite);
