// SPDX-License-Identifier: GPL-2.0-only
/*
 * Objects: what two VIPs both claim, and the check of a VIP without one.
 */

#include "kselftest_harness.h"

#include "model.h"

static void set(struct lb_vip *vip, const char *addr, unsigned int protos,
		const char *ports)
{
	memset(vip, 0, sizeof(*vip));
	lb_addr_parse(addr, &vip->addr, NULL);
	vip->protos = protos;
	lb_ports_parse(ports, &vip->ports, NULL);
}

TEST(vips_overlap_by_address_protocol_and_port)
{
	struct lb_range common;
	struct lb_vip a, b;
	unsigned char protos;

	set(&a, "192.0.2.1", L4LB_PROTO_ALL, "80,443");
	set(&b, "192.0.2.1", L4LB_PROTO_UDP, "400-500");
	EXPECT_TRUE(lb_vip_overlap(&a, &b, &protos, &common));
	EXPECT_EQ(L4LB_PROTO_UDP, protos);
	EXPECT_EQ(443, common.first);
	EXPECT_EQ(443, common.last);

	set(&b, "192.0.2.2", L4LB_PROTO_UDP, "400-500");
	EXPECT_FALSE(lb_vip_overlap(&a, &b, &protos, &common));
	set(&b, "192.0.2.1", L4LB_PROTO_UDP, "81-442");
	EXPECT_FALSE(lb_vip_overlap(&a, &b, &protos, &common));
	set(&a, "192.0.2.1", L4LB_PROTO_TCP, "80");
	set(&b, "192.0.2.1", L4LB_PROTO_UDP, "80");
	EXPECT_FALSE(lb_vip_overlap(&a, &b, &protos, &common));
}

TEST(the_default_check_depends_on_the_protocols)
{
	struct lb_check check;

	lb_check_default(&check, L4LB_PROTO_TCP);
	EXPECT_STREQ("tcp", check.type);
	lb_check_default(&check, L4LB_PROTO_ALL);
	EXPECT_STREQ("tcp", check.type);
	lb_check_default(&check, L4LB_PROTO_UDP);
	EXPECT_STREQ("off", check.type);
	EXPECT_EQ(LB_BIT(L4LB_A_CHECK_TYPE), check.has);
}

TEST_HARNESS_MAIN
