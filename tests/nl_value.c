// SPDX-License-Identifier: GPL-2.0-only
/*
 * What attributes mean: defaults, what a change leaves, what replaces what, and
 * that what goes in comes out.
 */

#include "object.h"

#include "kselftest_harness.h"

static bool vips_equal(const struct vip *a, const struct vip *b)
{
	return !strcmp(a->name, b->name) && !strcmp(a->addr, b->addr) &&
	       a->protos == b->protos && !strcmp(a->ports, b->ports) &&
	       a->mode == b->mode && a->sched == b->sched &&
	       a->idle == b->idle && !strcmp(a->sources, b->sources) &&
	       !strcmp(a->check, b->check) &&
	       !strcmp(a->check_ports, b->check_ports) &&
	       a->interval == b->interval && a->timeout == b->timeout &&
	       a->rise == b->rise && a->fall == b->fall &&
	       !strcmp(a->fallback, b->fallback) &&
	       a->fallback_port == b->fallback_port &&
	       a->slow_start == b->slow_start && !strcmp(a->dev, b->dev);
}

FIXTURE(value)
{
	struct nl nl;
};

FIXTURE_SETUP(value)
{
	ASSERT_EQ(0, nl_open_new(&self->nl));
	ASSERT_EQ(0, objects_new(&self->nl));
}

FIXTURE_TEARDOWN(value)
{
	nl_close(&self->nl);
}

/* Of two names it cannot be that one says which and the other how. */
TEST_F_TIMEOUT(value, a_second_name_renames_nothing, 300)
{
	const struct real twice = {
		.vip = "web", .name = "one", .name2 = "other",
		.addr = "192.0.2.98",
	};
	struct nl_answer answer;
	struct real real;

	real_send(&self->nl, L4LB_CMD_REAL_NEW, true, &twice, &answer);
	EXPECT_EQ(0, real_get(&self->nl, "web", "one", &real));
	EXPECT_STREQ("192.0.2.21", real.addr);
}

TEST_F_TIMEOUT(value, defaults_are_as_documented, 300)
{
	const struct vip udp = {
		.name = "udp", .addr = "192.0.2.99", .protos = 2,
		.ports = "1-65535",
	};
	const struct vip full = {
		.name = "web", .addr = "192.0.2.10", .protos = 1,
		.ports = "80 443", .mode = L4LB_MODE_DR,
		.sched = L4LB_SCHED_WRR, .idle = 124 * 60 * 1000,
		.check = "tcp", .interval = 5000, .timeout = 3000, .rise = 2,
		.fall = 3,
	};
	struct nl_answer answer;
	struct real real;
	struct vip vip;

	ASSERT_EQ(0, vip_get(&self->nl, "web", &vip));
	EXPECT_TRUE(vips_equal(&full, &vip));
	ASSERT_EQ(0, real_get(&self->nl, "web", "one", &real));
	EXPECT_EQ(100, real.weight);
	EXPECT_EQ(L4LB_ADMIN_ONLINE, real.admin);
	EXPECT_EQ(0, real.port);
	EXPECT_EQ(L4LB_HEALTH_UNKNOWN, real.health);
	EXPECT_STREQ("", real.reason);
	EXPECT_TRUE(real.inherit);
	EXPECT_TRUE(real.serves);

	ASSERT_EQ(0, vip_send(&self->nl, L4LB_CMD_VIP_NEW, false, &udp,
			      &answer));
	ASSERT_EQ(0, vip_get(&self->nl, "udp", &vip));
	EXPECT_STREQ("off", vip.check);
	EXPECT_STREQ("1-65535", vip.ports);
}

static const struct vip odd = {
	.name = "A-b_c.9abcdefghijklmnopqrstuvwx", .addr = "2001:db8::99",
	.protos = 3, .ports = "25 80 60200-60201", .mode = L4LB_MODE_SNAT,
	.sched = L4LB_SCHED_RR, .idle = L4LB_TIME_MAX,
	.sources = "2001:db8::2 2001:db8::1", .check = "send-expect",
	.check_ports = "443 25", .interval = L4LB_TIME_MAX, .timeout = 100,
	.rise = 100, .fall = 1, .fallback = "2001:db8::97",
	.slow_start = L4LB_TIME_MAX, .dev = "eth0.4094-abcde",
};

TEST_F_TIMEOUT(value, what_goes_in_comes_out, 300)
{
	const struct real set = {
		.vip = "A-b_c.9abcdefghijklmnopqrstuvwx", .name = "r",
		.addr = "2001:db8::98", .weight = 65535,
		.admin = L4LB_ADMIN_HALT, .check = "external",
	};
	struct nl_answer answer;
	struct real real;
	struct vip vip;

	ASSERT_EQ(0, vip_send(&self->nl, L4LB_CMD_VIP_NEW, false, &odd,
			      &answer));
	ASSERT_EQ(0, vip_get(&self->nl, odd.name, &vip));
	EXPECT_TRUE(vips_equal(&odd, &vip));

	ASSERT_EQ(0, real_send(&self->nl, L4LB_CMD_REAL_NEW, false, &set,
			       &answer));
	ASSERT_EQ(0, real_get(&self->nl, odd.name, "r", &real));
	EXPECT_STREQ(set.vip, real.vip);
	EXPECT_STREQ(set.addr, real.addr);
	EXPECT_EQ(65535, real.weight);
	EXPECT_EQ(L4LB_ADMIN_HALT, real.admin);
	EXPECT_STREQ("external", real.check);
	EXPECT_FALSE(real.inherit);
}

TEST_F_TIMEOUT(value, set_leaves_what_is_not_given, 300)
{
	const struct vip set = { .name = "A-b_c.9abcdefghijklmnopqrstuvwx",
				 .sched = L4LB_SCHED_WRR };
	struct nl_answer answer;
	struct vip vip, want;

	ASSERT_EQ(0, vip_send(&self->nl, L4LB_CMD_VIP_NEW, false, &odd,
			      &answer));
	ASSERT_EQ(0, vip_send(&self->nl, L4LB_CMD_VIP_SET, false, &set,
			      &answer));
	ASSERT_EQ(0, vip_get(&self->nl, odd.name, &vip));
	want = odd;
	want.sched = L4LB_SCHED_WRR;
	EXPECT_TRUE(vips_equal(&want, &vip));
}

/* An interface is not looked for: it may come later. */
TEST_F_TIMEOUT(value, an_empty_interface_is_none, 300)
{
	const struct vip set = { .name = "web", .dev = "none.such" };
	const struct vip none = { .name = "web", .no_dev = true };
	struct nl_answer answer;
	struct vip vip;

	ASSERT_EQ(0, vip_get(&self->nl, "web", &vip));
	EXPECT_STREQ("", vip.dev);
	ASSERT_EQ(0, vip_send(&self->nl, L4LB_CMD_VIP_SET, false, &set,
			      &answer));
	ASSERT_EQ(0, vip_get(&self->nl, "web", &vip));
	EXPECT_STREQ("none.such", vip.dev);
	ASSERT_EQ(0, vip_send(&self->nl, L4LB_CMD_VIP_SET, false, &none,
			      &answer));
	ASSERT_EQ(0, vip_get(&self->nl, "web", &vip));
	EXPECT_STREQ("", vip.dev);
}

TEST_F_TIMEOUT(value, a_check_with_a_type_is_new, 300)
{
	const struct vip typed = { .name = "web", .check = "http", .rise = 9 };
	const struct vip given = { .name = "web", .fall = 7,
				   .check_ports = "8080" };
	struct nl_answer answer;
	struct vip vip;

	ASSERT_EQ(0, vip_send(&self->nl, L4LB_CMD_VIP_SET, false, &given,
			      &answer));
	ASSERT_EQ(0, vip_get(&self->nl, "web", &vip));
	EXPECT_STREQ("tcp", vip.check);
	EXPECT_STREQ("8080", vip.check_ports);
	EXPECT_EQ(2, vip.rise);
	EXPECT_EQ(7, vip.fall);

	ASSERT_EQ(0, vip_send(&self->nl, L4LB_CMD_VIP_SET, false, &typed,
			      &answer));
	ASSERT_EQ(0, vip_get(&self->nl, "web", &vip));
	EXPECT_STREQ("http", vip.check);
	EXPECT_STREQ("", vip.check_ports);
	EXPECT_EQ(9, vip.rise);
	EXPECT_EQ(3, vip.fall);
}

TEST_F_TIMEOUT(value, replace_sets_defaults_but_keeps_the_state, 300)
{
	const struct real halted = {
		.vip = "web", .name = "one", .admin = L4LB_ADMIN_HALT,
		.weight = 7, .check = "external",
	};
	const struct vip spare = {
		.name = "web", .addr = "192.0.2.10", .protos = 1,
		.ports = "80", .sched = L4LB_SCHED_RR, .idle = 9000,
		.fallback = "192.0.2.30", .fallback_port = 80,
		.slow_start = 9000, .dev = "eth0", .allow = "192.0.2.1-192.0.2.9",
	};
	const struct vip plain = {
		.name = "web", .addr = "192.0.2.10", .protos = 1,
		.ports = "80 443",
	};
	struct nl_answer answer;
	struct real real;
	struct vip vip;

	ASSERT_EQ(0, vip_send(&self->nl, L4LB_CMD_VIP_SET, false, &spare,
			      &answer));
	ASSERT_EQ(0, vip_send(&self->nl, L4LB_CMD_VIP_NEW, true, &plain,
			      &answer));
	ASSERT_EQ(0, vip_get(&self->nl, "web", &vip));
	EXPECT_EQ(L4LB_SCHED_WRR, vip.sched);
	EXPECT_EQ(L4LB_IDLE_DEFAULT, vip.idle);
	EXPECT_STREQ("80 443", vip.ports);
	EXPECT_STREQ("", vip.fallback);
	EXPECT_EQ(0, vip.slow_start);
	EXPECT_STREQ("", vip.dev);
	EXPECT_EQ(0, vip.allows);

	ASSERT_EQ(0, real_send(&self->nl, L4LB_CMD_REAL_SET, false, &halted,
			       &answer));
	ASSERT_EQ(0, real_send(&self->nl, L4LB_CMD_REAL_NEW, true, &reals[0],
			       &answer));
	ASSERT_EQ(0, real_get(&self->nl, "web", "one", &real));
	EXPECT_EQ(100, real.weight);
	EXPECT_EQ(L4LB_ADMIN_HALT, real.admin);
	EXPECT_TRUE(real.inherit);
}

TEST_F_TIMEOUT(value, a_fallback_is_replaced_as_a_whole, 300)
{
	const struct vip first = {
		.name = "nat", .fallback = "192.0.2.30", .fallback_port = 2525,
	};
	const struct vip second = { .name = "nat", .fallback = "192.0.2.31" };
	const struct vip other = { .name = "nat", .idle = 5000 };
	const struct vip none = { .name = "nat", .no_fallback = true };
	struct nl_answer answer;
	struct vip vip;

	ASSERT_EQ(0, vip_send(&self->nl, L4LB_CMD_VIP_SET, false, &first,
			      &answer));
	ASSERT_EQ(0, vip_send(&self->nl, L4LB_CMD_VIP_SET, false, &other,
			      &answer));
	ASSERT_EQ(0, vip_get(&self->nl, "nat", &vip));
	EXPECT_STREQ("192.0.2.30", vip.fallback);
	EXPECT_EQ(2525, vip.fallback_port);

	ASSERT_EQ(0, vip_send(&self->nl, L4LB_CMD_VIP_SET, false, &second,
			      &answer));
	ASSERT_EQ(0, vip_get(&self->nl, "nat", &vip));
	EXPECT_STREQ("192.0.2.31", vip.fallback);
	EXPECT_EQ(0, vip.fallback_port);

	ASSERT_EQ(0, vip_send(&self->nl, L4LB_CMD_VIP_SET, false, &none,
			      &answer));
	ASSERT_EQ(0, vip_get(&self->nl, "nat", &vip));
	EXPECT_STREQ("", vip.fallback);
}

/* It is not one of the reals that can be named. */
TEST_F_TIMEOUT(value, a_fallback_is_no_real, 300)
{
	const struct vip set = { .name = "web", .fallback = "192.0.2.21" };
	struct nl_answer answer;
	struct real real;

	ASSERT_EQ(0, vip_send(&self->nl, L4LB_CMD_VIP_SET, false, &set,
			      &answer));
	EXPECT_EQ(-ENOENT, real_get(&self->nl, "web", "fallback", &real));
	EXPECT_EQ(-ENOENT, nl_real_health(&self->nl, "web", "fallback",
					  L4LB_HEALTH_DOWN));
	EXPECT_EQ(-ENOENT, nl_named(&self->nl, L4LB_CMD_REAL_DEL, "web",
				    "fallback"));
}

TEST_F_TIMEOUT(value, clients_are_sorted_and_merged, 300)
{
	static const struct vip steps[] = {
		{ .name = "web",
		  .allow = "192.0.2.9-192.0.2.9 10.0.0.0-10.0.0.255 192.0.2.5-192.0.2.8" },
		{ .name = "web", .allow = "192.0.2.1-192.0.2.3",
		  .allow_op = L4LB_ALLOW_ADD },
		{ .name = "web", .allow = "192.0.2.4-192.0.2.4",
		  .allow_op = L4LB_ALLOW_ADD },
		{ .name = "web", .allow = "192.0.2.4-192.0.2.7 1.0.0.0-1.0.0.1",
		  .allow_op = L4LB_ALLOW_DEL },
		{ .name = "web", .idle = 5000 },
		{ .name = "web", .allow = "0.0.0.0-255.255.255.255",
		  .allow_op = L4LB_ALLOW_SET },
		{ .name = "web", .allow_any = true },
	};
	static const char *const wants[] = {
		"10.0.0.0-10.0.0.255 192.0.2.5-192.0.2.9",
		"10.0.0.0-10.0.0.255 192.0.2.1-192.0.2.3 192.0.2.5-192.0.2.9",
		"10.0.0.0-10.0.0.255 192.0.2.1-192.0.2.9",
		"10.0.0.0-10.0.0.255 192.0.2.1-192.0.2.3 192.0.2.8-192.0.2.9",
		"10.0.0.0-10.0.0.255 192.0.2.1-192.0.2.3 192.0.2.8-192.0.2.9",
		"0.0.0.0-255.255.255.255",
		"",
	};
	const __u32 counts[] = { 2, 3, 2, 3, 3, 1, 0 };
	struct nl_answer answer;
	struct vip vip;
	size_t i;

	for (i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		ASSERT_EQ(0, vip_send(&self->nl, L4LB_CMD_VIP_SET, false,
				      &steps[i], &answer));
		ASSERT_EQ(0, allow_get(&self->nl, "web", &vip));
		EXPECT_STREQ(wants[i], vip.allow);
		ASSERT_EQ(0, vip_get(&self->nl, "web", &vip));
		EXPECT_EQ(counts[i], vip.allows);
	}
	EXPECT_EQ(-ENOENT, allow_get(&self->nl, "nobody", &vip));
}

TEST_F_TIMEOUT(value, clients_of_ipv6_are_whole, 300)
{
	const struct vip set = {
		.name = "six",
		.allow = "2001:db8::ffff:ffff:ffff:ffff-2001:db8:0:1:: ::-::",
	};
	struct nl_answer answer;
	struct vip vip;

	ASSERT_EQ(0, vip_send(&self->nl, L4LB_CMD_VIP_SET, false, &set,
			      &answer));
	ASSERT_EQ(0, allow_get(&self->nl, "six", &vip));
	EXPECT_STREQ("::-:: 2001:db8::ffff:ffff:ffff:ffff-2001:db8:0:1::",
		     vip.allow);
}

/* With a list of its own, or with any client, a VIP may change its family. */
TEST_F_TIMEOUT(value, clients_move_with_their_vip, 300)
{
	static const struct vip steps[] = {
		{ .name = "x", .addr = "2001:db8::99",
		  .allow = "2001:db8::1-2001:db8::2" },
		{ .name = "x", .addr = "192.0.2.99", .allow_any = true },
	};
	const struct vip add = {
		.name = "x", .addr = "192.0.2.99", .protos = 1, .ports = "80",
		.allow = "192.0.2.1-192.0.2.1",
	};
	struct nl_answer answer;
	struct vip vip;

	ASSERT_EQ(0, vip_send(&self->nl, L4LB_CMD_VIP_NEW, false, &add,
			      &answer));
	ASSERT_EQ(0, vip_send(&self->nl, L4LB_CMD_VIP_SET, false, &steps[0],
			      &answer));
	ASSERT_EQ(0, allow_get(&self->nl, "x", &vip));
	EXPECT_STREQ("2001:db8::1-2001:db8::2", vip.allow);
	ASSERT_EQ(0, vip_send(&self->nl, L4LB_CMD_VIP_SET, false, &steps[1],
			      &answer));
	ASSERT_EQ(0, vip_get(&self->nl, "x", &vip));
	EXPECT_EQ(0, vip.allows);
}

TEST_F_TIMEOUT(value, ports_are_sorted_and_merged, 300)
{
	const struct vip mixed = {
		.name = "x", .addr = "192.0.2.99", .protos = 1,
		.ports = "443 80 79 81-90 85-100 1 65535 2-3 443",
	};
	struct nl_answer answer;
	struct vip vip;

	ASSERT_EQ(0, vip_send(&self->nl, L4LB_CMD_VIP_NEW, false, &mixed,
			      &answer));
	ASSERT_EQ(0, vip_get(&self->nl, "x", &vip));
	EXPECT_STREQ("1-3 79-100 443 65535", vip.ports);
}

/* Ranges of every second port, so that they cannot be merged, and COUNT. */
static void fill_ports(struct vip *vip, int count)
{
	size_t used = 0;
	int i;

	for (i = 0; i < count; i++)
		used += snprintf(vip->ports + used, sizeof(vip->ports) - used,
				 "%s%d", used ? " " : "", 2 * i + 1);
}

TEST_F_TIMEOUT(value, ports_are_64_ranges_at_most, 300)
{
	struct vip many = { .name = "x", .addr = "192.0.2.99", .protos = 1 };
	struct nl_answer answer;
	struct vip vip;

	fill_ports(&many, L4LB_PORTS_MAX + 1);
	EXPECT_EQ(-EINVAL, vip_send(&self->nl, L4LB_CMD_VIP_NEW, false, &many,
				    &answer));
	EXPECT_STREQ("a vip has at most 64 ranges of ports", answer.text);

	fill_ports(&many, L4LB_PORTS_MAX);
	ASSERT_EQ(0, vip_send(&self->nl, L4LB_CMD_VIP_NEW, false, &many,
			      &answer));
	ASSERT_EQ(0, vip_get(&self->nl, "x", &vip));
	EXPECT_STREQ(many.ports, vip.ports);
}

TEST_F_TIMEOUT(value, the_epoch_follows_address_port_and_check, 300)
{
	const struct vip recheck = { .name = "web", .rise = 5 };
	const struct vip idle = { .name = "web", .idle = 5000 };
	const struct real steps[] = {
		{ .vip = "web", .name = "one", .weight = 1 },
		{ .vip = "web", .name = "one", .admin = L4LB_ADMIN_DRAIN },
		{ .vip = "web", .name = "one", .addr = "192.0.2.29" },
		{ .vip = "web", .name = "one", .check = "external" },
		{ .vip = "web", .name = "one", .check = "external" },
	};
	const bool news[] = { false, false, true, true, false };
	struct nl_answer answer;
	struct real real;
	__u32 epoch, one, two;
	size_t i;

	ASSERT_EQ(0, real_get(&self->nl, "web", "two", &real));
	two = real.epoch;
	ASSERT_EQ(0, real_get(&self->nl, "web", "one", &real));
	one = real.epoch;
	EXPECT_NE(one, two);
	for (i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		ASSERT_EQ(0, real_send(&self->nl, L4LB_CMD_REAL_SET, false,
				       &steps[i], &answer));
		ASSERT_EQ(0, real_get(&self->nl, "web", "one", &real));
		EXPECT_EQ(news[i], real.epoch != one) {
			TH_LOG("after step %zu", i);
		}
		EXPECT_NE(two, real.epoch);
		one = real.epoch;
	}

	/* That of the VIP matters to those that inherit it. */
	ASSERT_EQ(0, vip_send(&self->nl, L4LB_CMD_VIP_SET, false, &recheck,
			      &answer));
	ASSERT_EQ(0, vip_send(&self->nl, L4LB_CMD_VIP_SET, false, &idle,
			      &answer));
	ASSERT_EQ(0, real_get(&self->nl, "web", "one", &real));
	EXPECT_EQ(one, real.epoch);
	ASSERT_EQ(0, real_get(&self->nl, "web", "two", &real));
	EXPECT_NE(two, real.epoch);
	epoch = real.epoch;

	/* A successor has its own, whatever it is called and where it is. */
	ASSERT_EQ(0, nl_named(&self->nl, L4LB_CMD_REAL_DEL, "web", "two"));
	ASSERT_EQ(0, nl_real_new(&self->nl, "web", "two", real.addr));
	ASSERT_EQ(0, real_get(&self->nl, "web", "two", &real));
	EXPECT_NE(two, real.epoch);
	EXPECT_NE(epoch, real.epoch);
	EXPECT_NE(one, real.epoch);
}

TEST_F_TIMEOUT(value, a_verdict_on_a_predecessor_does_not_count, 300)
{
	struct real late = { .vip = "web", .name = "one",
			     .health = L4LB_HEALTH_DOWN };
	struct nl_answer answer;
	struct real real;

	ASSERT_EQ(0, real_get(&self->nl, "web", "one", &real));
	late.epoch = real.epoch;
	ASSERT_EQ(0, nl_named(&self->nl, L4LB_CMD_VIP_DEL, "web", NULL));
	ASSERT_EQ(0, nl_vip_new(&self->nl, "web", "192.0.2.10", 80,
				L4LB_MODE_DR));
	ASSERT_EQ(0, nl_real_new(&self->nl, "web", "one", real.addr));
	EXPECT_EQ(-ESTALE, real_send(&self->nl, L4LB_CMD_REAL_HEALTH, false,
				     &late, &answer));
	EXPECT_STREQ("the real or its check has changed since", answer.text);
	ASSERT_EQ(0, real_get(&self->nl, "web", "one", &real));
	EXPECT_EQ(L4LB_HEALTH_UNKNOWN, real.health);
}

TEST_F_TIMEOUT(value, a_verdict_is_kept_with_its_reason, 300)
{
	struct real sick = {
		.vip = "web", .name = "one", .health = L4LB_HEALTH_SICK,
		.reason = "421 too busy \303\244",
	};
	struct nl_answer answer;
	struct real real;

	ASSERT_EQ(0, real_get(&self->nl, "web", "one", &real));
	sick.epoch = real.epoch;
	ASSERT_EQ(0, real_send(&self->nl, L4LB_CMD_REAL_HEALTH, false, &sick,
			       &answer));
	ASSERT_EQ(0, real_get(&self->nl, "web", "one", &real));
	EXPECT_EQ(L4LB_HEALTH_SICK, real.health);
	EXPECT_STREQ(sick.reason, real.reason);
	EXPECT_FALSE(real.serves);

	ASSERT_EQ(0, nl_real_health(&self->nl, "web", "one", L4LB_HEALTH_UP));
	ASSERT_EQ(0, real_get(&self->nl, "web", "one", &real));
	EXPECT_EQ(L4LB_HEALTH_UP, real.health);
	EXPECT_STREQ("", real.reason);
	EXPECT_TRUE(real.serves);
}

/* They are of the namespace, not of its VIPs. */
TEST_F_TIMEOUT(value, what_holds_for_all_outlives_the_vips, 300)
{
	static const __u16 types[] = {
		L4LB_A_INFO_VIPS_MAX, L4LB_A_INFO_REALS_MAX,
		L4LB_A_INFO_CONNS_MAX, L4LB_A_INFO_PERSISTS_MAX,
		L4LB_A_INFO_SEED, L4LB_A_INFO_STANDBY,
	};
	static const __u32 values[] = { 5, 6, 7, 8, 0xabc, 1 };
	struct nl *nl = &self->nl;
	__s64 generation;
	size_t i;

	EXPECT_EQ(4096, nl_info(nl, L4LB_A_INFO_VIPS_MAX));
	EXPECT_EQ(65536, nl_info(nl, L4LB_A_INFO_REALS_MAX));
	EXPECT_EQ(0, nl_info(nl, L4LB_A_INFO_SEED));
	EXPECT_EQ(0, nl_info(nl, L4LB_A_INFO_STANDBY));
	EXPECT_EQ(nl_info(nl, L4LB_A_INFO_CONNS_MAX) / 4,
		  nl_info(nl, L4LB_A_INFO_PERSISTS_MAX));

	generation = nl_generation(nl);
	for (i = 0; i < sizeof(values) / sizeof(*values); i++)
		ASSERT_EQ(0, nl_info_set(nl, types[i], values[i]));
	EXPECT_LT(generation, nl_generation(nl));
	ASSERT_EQ(0, nl_named(nl, L4LB_CMD_FLUSH, NULL, NULL));
	for (i = 0; i < sizeof(values) / sizeof(*values); i++)
		EXPECT_EQ(values[i], nl_info(nl, types[i]));

	EXPECT_EQ(0, nl_info_set(nl, L4LB_A_INFO_VIPS_MAX, 0));
	EXPECT_EQ(4096, nl_info(nl, L4LB_A_INFO_VIPS_MAX));
	EXPECT_EQ(0, objects_new(nl));
	EXPECT_EQ(7, nl_info(nl, L4LB_A_INFO_CONNS_MAX));
}

TEST_HARNESS_MAIN
