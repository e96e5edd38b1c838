// SPDX-License-Identifier: GPL-2.0-only
/*
 * Objects: what two VIPs both claim, defaults that depend on the VIP, and the
 * states of a persistence entry.
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

TEST(defaults_that_depend_on_the_rest_are_filled_in)
{
	struct lb_vip request = {
		.has = LB_BIT(L4LB_A_VIP_CHECK) | LB_BIT(L4LB_A_VIP_MASK),
	};
	struct lb_vip vip;

	EXPECT_TRUE(lb_vip_unsettled(&request));
	set(&vip, "2001:db8::1", L4LB_PROTO_UDP, "53");
	EXPECT_EQ(0, lb_vip_settle(&request, &vip, NULL));
	EXPECT_STREQ("off", request.check.type);
	EXPECT_EQ(128, request.mask);
	request.has &= ~LB_BIT(L4LB_A_VIP_CHECK);
	EXPECT_FALSE(lb_vip_unsettled(&request));

	request.mask = 24;
	set(&vip, "192.0.2.1", L4LB_PROTO_TCP, "53");
	EXPECT_EQ(0, lb_vip_settle(&request, &vip, NULL));
	EXPECT_STREQ("off", request.check.type);
	EXPECT_EQ(24, request.mask);

	request.mask = 0;
	EXPECT_TRUE(lb_vip_unsettled(&request));
	EXPECT_EQ(0, lb_vip_settle(&request, &vip, NULL));
	EXPECT_EQ(32, request.mask);

	memset(&request, 0, sizeof(request));
	EXPECT_FALSE(lb_vip_unsettled(&request));
	EXPECT_EQ(0, lb_vip_settle(&request, &vip, NULL));
	EXPECT_EQ(0, request.mask);
}

TEST(persistence_entries_have_a_state)
{
	struct lb_persist persist = { .tentative = true };

	EXPECT_STREQ("tentative", lb_persist_state(&persist));
	persist.forever = true;
	EXPECT_STREQ("forever", lb_persist_state(&persist));
	persist.tentative = false;
	EXPECT_STREQ("forever", lb_persist_state(&persist));
	persist.forever = false;
	EXPECT_STREQ("full", lb_persist_state(&persist));
}

TEST_HARNESS_MAIN
