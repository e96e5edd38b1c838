// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which check a real has, and which ports it asks.
 */

#include "kselftest_harness.h"

#include "model.h"
#include "plan.h"

#include <arpa/inet.h>

FIXTURE(plan) {
	struct lb_vip vip;
	struct lb_real real;
	struct plan plan;
};

FIXTURE_SETUP(plan)
{
	memset(self, 0, sizeof(*self));
	ASSERT_EQ(0, lb_ports_parse("25,587", &self->vip.ports, NULL));
	snprintf(self->vip.check.type, sizeof(self->vip.check.type), "tcp");
	self->vip.check.interval = 5000;
	self->vip.check.timeout = 3000;
	self->vip.check.rise = 2;
	self->vip.check.fall = 3;

	ASSERT_EQ(0, lb_addr_parse("192.168.30.20", &self->real.addr, NULL));
	self->real.has = LB_BIT(L4LB_A_REAL_CHECK_INHERIT);
}

FIXTURE_TEARDOWN(plan)
{
}

/* The ports that are checked, as text. */
static const char *ports(FIXTURE_DATA(plan) * self)
{
	static char text[128];
	size_t used = 0;
	unsigned int i;

	plan_make(&self->plan, &self->vip, &self->real);
	text[0] = '\0';
	for (i = 0; i < self->plan.n_ports; i++)
		used += snprintf(text + used, sizeof(text) - used, "%s%u",
				 i ? "," : "", self->plan.port[i]);

	return text;
}

TEST_F(plan, the_check_is_that_of_the_vip)
{
	EXPECT_STREQ("25", ports(self));
	EXPECT_STREQ("tcp", self->plan.type);
	EXPECT_EQ(5000, self->plan.interval);
	EXPECT_EQ(3000, self->plan.timeout);
	EXPECT_EQ(2, self->plan.rise);
	EXPECT_EQ(3, self->plan.fall);
	EXPECT_TRUE(lb_addr_equal(&self->real.addr, &self->plan.addr));
}

TEST_F(plan, a_check_of_its_own_replaces_it)
{
	struct lb_check *check = &self->real.check;

	self->real.has = LB_BIT(L4LB_A_REAL_CHECK);
	snprintf(check->type, sizeof(check->type), "external");
	check->interval = 1000;
	check->timeout = 500;
	check->rise = 4;
	check->fall = 5;

	EXPECT_STREQ("25", ports(self));
	EXPECT_STREQ("external", self->plan.type);
	EXPECT_EQ(1000, self->plan.interval);
	EXPECT_EQ(500, self->plan.timeout);
	EXPECT_EQ(4, self->plan.rise);
	EXPECT_EQ(5, self->plan.fall);
}

TEST_F(plan, the_port_of_the_real_comes_before_that_of_the_vip)
{
	self->real.port = 2525;
	EXPECT_STREQ("2525", ports(self));
}

TEST_F(plan, the_ports_of_the_check_come_first)
{
	self->real.port = 2525;
	ASSERT_EQ(0, lb_ports_parse("135,60200-60201",
				    &self->vip.check.ports, NULL));
	EXPECT_STREQ("135,60200,60201", ports(self));
}

TEST_F(plan, a_check_has_no_more_ports_than_it_may)
{
	ASSERT_EQ(0, lb_ports_parse("1000-60000", &self->vip.check.ports,
				    NULL));
	ports(self);
	EXPECT_EQ(L4LB_CHECK_PORTS_MAX, self->plan.n_ports);
}

TEST_F(plan, any_port_is_none_to_check)
{
	ASSERT_EQ(0, lb_ports_parse("any", &self->vip.ports, NULL));
	EXPECT_STREQ("", ports(self));
	ASSERT_EQ(0, lb_ports_parse("80", &self->vip.check.ports, NULL));
	EXPECT_STREQ("80", ports(self));
}

TEST_F(plan, what_matters_makes_plans_differ)
{
	struct plan before;

	plan_make(&before, &self->vip, &self->real);

	self->real.weight = 7;
	self->real.admin = L4LB_ADMIN_DRAIN;
	self->real.epoch = 9;
	plan_make(&self->plan, &self->vip, &self->real);
	EXPECT_TRUE(plan_equal(&before, &self->plan));

	self->real.port = 26;
	plan_make(&self->plan, &self->vip, &self->real);
	EXPECT_FALSE(plan_equal(&before, &self->plan));
	self->real.port = 0;

	ASSERT_EQ(0, lb_addr_parse("2001:db8::1", &self->real.addr, NULL));
	plan_make(&self->plan, &self->vip, &self->real);
	EXPECT_FALSE(plan_equal(&before, &self->plan));
	ASSERT_EQ(0, lb_addr_parse("192.168.30.20", &self->real.addr, NULL));

	self->vip.check.fall = 4;
	plan_make(&self->plan, &self->vip, &self->real);
	EXPECT_FALSE(plan_equal(&before, &self->plan));
	self->vip.check.fall = 3;

	plan_make(&self->plan, &self->vip, &self->real);
	EXPECT_TRUE(plan_equal(&before, &self->plan));
}

TEST_F(plan, one_check_does_for_several_vips_unless_it_depends_on_them)
{
	struct plan before;

	plan_make(&before, &self->vip, &self->real);
	lb_name_copy(self->vip.name, "OTHER");
	lb_name_copy(self->real.name, "HT2");
	ASSERT_EQ(0, lb_addr_parse("192.168.30.9", &self->vip.addr, NULL));
	plan_make(&self->plan, &self->vip, &self->real);
	EXPECT_STREQ("OTHER", self->plan.vip);
	EXPECT_STREQ("HT2", self->plan.real);
	EXPECT_EQ(25, self->plan.vip_port);
	EXPECT_TRUE(lb_addr_equal(&self->vip.addr, &self->plan.vip_addr));
	EXPECT_TRUE(plan_equal(&before, &self->plan));

	before.via = L4LB_VIA_VIP;
	self->plan.via = L4LB_VIA_VIP;
	EXPECT_FALSE(plan_equal(&before, &self->plan));

	before.via = L4LB_VIA_REAL;
	self->plan.via = L4LB_VIA_REAL;
	strcpy(before.type, "exec");
	strcpy(self->plan.type, "exec");
	EXPECT_FALSE(plan_equal(&before, &self->plan));
}

TEST_F(plan, args_are_taken_apart)
{
	char first[] = "host=a body=\"200 OK\"";
	char second[] = "host=b body=\"200 OK\"";
	char open[] = "body=\"200 OK";
	struct lb_check *check = &self->vip.check;
	struct plan before;

	check->args = first;
	snprintf(check->secret, sizeof(check->secret), "probe");
	plan_make(&before, &self->vip, &self->real);
	EXPECT_STREQ("200 OK", lb_args_get(&before.args, "body"));
	EXPECT_STREQ("probe", before.secret);
	EXPECT_STREQ("", before.fault);

	check->args = second;
	plan_make(&self->plan, &self->vip, &self->real);
	EXPECT_FALSE(plan_equal(&before, &self->plan));

	check->args = open;
	plan_make(&self->plan, &self->vip, &self->real);
	EXPECT_EQ(0, strncmp("args: ", self->plan.fault, 6));
	EXPECT_EQ(NULL, lb_args_get(&self->plan.args, "body"));
}

/* What lbctl would have refused, and a type that has no port. */
TEST_F(plan, what_makes_no_sense_is_a_fault)
{
	struct lb_check *check = &self->vip.check;
	char args[] = "odd=1";

	check->has = LB_BIT(L4LB_A_CHECK_TYPE);
	strcpy(check->type, "icmp");
	plan_make(&self->plan, &self->vip, &self->real);
	EXPECT_STREQ("", self->plan.fault);
	EXPECT_EQ(0, self->plan.n_ports);

	check->args = args;
	plan_make(&self->plan, &self->vip, &self->real);
	EXPECT_STREQ("args: icmp takes none, so not \"odd\" either",
		     self->plan.fault);
	strcpy(check->type, "newer");
	plan_make(&self->plan, &self->vip, &self->real);
	EXPECT_STREQ("", self->plan.fault);
}

TEST_HARNESS_MAIN
