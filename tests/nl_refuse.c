// SPDX-License-Identifier: GPL-2.0-only
/*
 * Values that are well-formed and yet wrong, by themselves or because of what
 * there is already. Each is refused with a reason and changes nothing.
 */

#include "object.h"

#include "kselftest_harness.h"

#define BAD_NAME	"a name is a letter, then letters, digits and -_."
#define SEVENTEEN	\
	"1:: 2:: 3:: 4:: 5:: 6:: 7:: 8:: 9:: a:: b:: c:: d:: e:: f:: 1f:: 2f::"
#define NEW_VIP(n)	\
	.name = (n), .addr = "192.0.2.99", .protos = 1, .ports = "80"

/**
 * struct vip_refusal - a request about a VIP that is refused
 * @cmd: &enum l4lb_cmd
 * @vip: the request
 * @err: -errno of the answer
 * @text: what its text contains
 */
struct vip_refusal {
	__u8 cmd;
	struct vip vip;
	int err;
	const char *text;
};

static const struct vip_refusal vip_refusals[] = {
	{ L4LB_CMD_VIP_NEW, { NEW_VIP("1abc") }, -EINVAL, BAD_NAME },
	{ L4LB_CMD_VIP_NEW, { NEW_VIP("-abc") }, -EINVAL, BAD_NAME },
	{ L4LB_CMD_VIP_NEW, { NEW_VIP("a b") }, -EINVAL, BAD_NAME },
	{ L4LB_CMD_VIP_NEW, { NEW_VIP("a/b") }, -EINVAL, BAD_NAME },
	{ L4LB_CMD_VIP_NEW, { NEW_VIP("a\n") }, -EINVAL, BAD_NAME },
	{ L4LB_CMD_VIP_NEW, { NEW_VIP("\303\244") }, -EINVAL, BAD_NAME },
	{ L4LB_CMD_VIP_NEW, { NEW_VIP("a\303\244") }, -EINVAL, BAD_NAME },
	{ L4LB_CMD_VIP_NEW, { NEW_VIP("all") }, -EINVAL, BAD_NAME },
	{ L4LB_CMD_VIP_NEW, { NEW_VIP("any") }, -EINVAL, BAD_NAME },
	{ L4LB_CMD_VIP_NEW, { NEW_VIP("none") }, -EINVAL, BAD_NAME },
	{ L4LB_CMD_VIP_NEW, { NEW_VIP("off") }, -EINVAL, BAD_NAME },
	{ L4LB_CMD_VIP_NEW, { NEW_VIP("default") }, -EINVAL, BAD_NAME },
	{ L4LB_CMD_VIP_NEW, { NEW_VIP("inherit") }, -EINVAL, BAD_NAME },
	{ L4LB_CMD_VIP_NEW, { NEW_VIP("fallback") }, -EINVAL, BAD_NAME },
	{ L4LB_CMD_VIP_NEW, { NEW_VIP("x"), .new_name = "y" }, -EINVAL,
	  "only what exists can be renamed" },
	{ L4LB_CMD_VIP_NEW, { NEW_VIP("x"), .addr2 = "2001:db8::99" }, -EINVAL,
	  "give one address, IPv4 or IPv6" },
	{ L4LB_CMD_VIP_NEW,
	  { .name = "x", .addr = "0.0.0.0", .protos = 1, .ports = "80" },
	  -EINVAL, "a vip cannot have this address" },
	{ L4LB_CMD_VIP_NEW,
	  { .name = "x", .addr = "224.0.0.1", .protos = 1, .ports = "80" },
	  -EINVAL, "a vip cannot have this address" },
	{ L4LB_CMD_VIP_NEW,
	  { .name = "x", .addr = "255.255.255.255", .protos = 1, .ports = "80" },
	  -EINVAL, "a vip cannot have this address" },
	{ L4LB_CMD_VIP_NEW,
	  { .name = "x", .addr = "::", .protos = 1, .ports = "80" },
	  -EINVAL, "a vip cannot have this address" },
	{ L4LB_CMD_VIP_NEW,
	  { .name = "x", .addr = "ff02::1", .protos = 1, .ports = "80" },
	  -EINVAL, "a vip cannot have this address" },
	{ L4LB_CMD_VIP_NEW,
	  { .name = "x", .addr = "192.0.2.99", .protos = 1, .ports = "81-80" },
	  -EINVAL, "a range of ports ends before it begins" },
	{ L4LB_CMD_VIP_NEW,
	  { .name = "x", .addr = "192.0.2.99", .protos = 1, .no_ports = true },
	  -EINVAL, "the list of ports is empty" },
	{ L4LB_CMD_VIP_NEW, { NEW_VIP("x"), .dev = "a b" }, -EINVAL,
	  "no interface can have this name" },
	{ L4LB_CMD_VIP_NEW, { NEW_VIP("x"), .dev = "a/b" }, -EINVAL,
	  "no interface can have this name" },
	{ L4LB_CMD_VIP_SET, { .name = "web", .dev = ".." }, -EINVAL,
	  "no interface can have this name" },
	{ L4LB_CMD_VIP_SET, { .name = "web", .dev = "a:1" }, -EINVAL,
	  "no interface can have this name" },
	{ L4LB_CMD_VIP_NEW, { NEW_VIP("x"), .check = "TCP" }, -EINVAL,
	  "the type of a check is lower-case letters, digits and -" },
	{ L4LB_CMD_VIP_NEW, { NEW_VIP("x"), .check_ports = "80-81" }, -EINVAL,
	  "a check takes single ports" },
	{ L4LB_CMD_VIP_NEW,
	  { NEW_VIP("x"), .check_ports = "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17" },
	  -EINVAL, "a check has at most 16 ports" },
	{ L4LB_CMD_VIP_NEW, { NEW_VIP("x"), .interval = 2999 }, -EINVAL,
	  "the interval of a check is shorter than its timeout" },
	{ L4LB_CMD_VIP_NEW, { NEW_VIP("x"), .timeout = 5001 }, -EINVAL,
	  "the interval of a check is shorter than its timeout" },
	{ L4LB_CMD_VIP_NEW, { NEW_VIP("web") }, -EEXIST,
	  "a vip of this name exists" },
	{ L4LB_CMD_VIP_NEW,
	  { .name = "x", .addr = "192.0.2.10", .protos = 3, .ports = "22 443" },
	  -EEXIST, "another vip has this address, protocol and port" },
	{ L4LB_CMD_VIP_NEW,
	  { .name = "x", .addr = "192.0.2.10", .protos = 1, .ports = "81-1000" },
	  -EEXIST, "another vip has this address, protocol and port" },
	{ L4LB_CMD_VIP_NEW,
	  { .name = "x", .addr = "192.0.2.10", .protos = 3, .ports = "53" },
	  -EEXIST, "another vip has this address, protocol and port" },
	{ L4LB_CMD_VIP_SET, { .name = "x", .idle = 2000 }, -ENOENT,
	  "no such vip" },
	{ L4LB_CMD_VIP_SET, { .name = "web", .new_name = "all" }, -EINVAL,
	  BAD_NAME },
	{ L4LB_CMD_VIP_SET, { .name = "web", .new_name = "dns" }, -EEXIST,
	  "a vip of this name exists" },
	{ L4LB_CMD_VIP_SET, { .name = "web", .ports = "20-30" }, -EEXIST,
	  "another vip has this address, protocol and port" },
	{ L4LB_CMD_VIP_SET, { .name = "dns", .protos = 1, .ports = "25" },
	  -EEXIST, "another vip has this address, protocol and port" },
	{ L4LB_CMD_VIP_SET, { .name = "self", .addr = "192.0.2.10" }, -EEXIST,
	  "another vip has this address, protocol and port" },
	{ L4LB_CMD_VIP_SET, { .name = "web", .addr = "2001:db8::99" }, -EINVAL,
	  "the addresses of vip and real differ in family" },
	{ L4LB_CMD_VIP_SET, { .name = "nat", .ports = "25 465" }, -EINVAL,
	  "a real has a port of its own only where the vip has a single port" },
	{ L4LB_CMD_VIP_SET, { .name = "nat", .mode = L4LB_MODE_DR }, -EINVAL,
	  "mode dr cannot change the port" },
	{ L4LB_CMD_VIP_SET, { .name = "nat", .addr = "192.0.2.21" }, -EINVAL,
	  "the real is the vip itself" },
	{ L4LB_CMD_VIP_SET, { .name = "self", .mode = L4LB_MODE_NAT }, -EINVAL,
	  "the real is the vip itself" },
	{ L4LB_CMD_VIP_SET, { .name = "self", .mode = L4LB_MODE_SNAT }, -EINVAL,
	  "the real is the vip itself" },
	{ L4LB_CMD_VIP_SET, { .name = "web", .sources = "2001:db8::2" },
	  -EINVAL, "the addresses of vip and sources differ in family" },
	{ L4LB_CMD_VIP_SET,
	  { .name = "web", .sources = "192.0.2.2 2001:db8::2" }, -EINVAL,
	  "the sources differ in family" },
	{ L4LB_CMD_VIP_SET, { .name = "web", .sources = "127.0.0.1" }, -EINVAL,
	  "a source cannot be this address" },
	{ L4LB_CMD_VIP_SET,
	  { .name = "web", .sources = SEVENTEEN },
	  -EINVAL, "a vip has at most 16 sources" },
	{ L4LB_CMD_VIP_NEW, { NEW_VIP("x"), .fallback = "2001:db8::30" },
	  -EINVAL, "the addresses of vip and real differ in family" },
	{ L4LB_CMD_VIP_NEW, { NEW_VIP("x"), .fallback = "224.0.0.1" },
	  -EINVAL, "a fallback cannot have this address" },
	{ L4LB_CMD_VIP_NEW, { NEW_VIP("x"), .fallback = "0.0.0.0" },
	  -EINVAL, "a fallback cannot have this address" },
	{ L4LB_CMD_VIP_NEW,
	  { NEW_VIP("x"), .fallback = "192.0.2.30",
	    .fallback2 = "2001:db8::30" },
	  -EINVAL, "give one address, IPv4 or IPv6" },
	{ L4LB_CMD_VIP_NEW,
	  { NEW_VIP("x"), .fallback = "192.0.2.30", .fallback_port = 81 },
	  -EINVAL, "mode dr cannot change the port" },
	{ L4LB_CMD_VIP_SET,
	  { .name = "web", .fallback = "192.0.2.30", .fallback_port = 80 },
	  -EINVAL,
	  "a real has a port of its own only where the vip has a single port" },
	{ L4LB_CMD_VIP_SET, { .name = "nat", .fallback = "192.0.2.10" },
	  -EINVAL, "the real is the vip itself" },
	{ L4LB_CMD_VIP_NEW,
	  { NEW_VIP("x"), .allow = "192.0.2.9-192.0.2.8" }, -EINVAL,
	  "a range of clients ends before it begins" },
	{ L4LB_CMD_VIP_NEW,
	  { NEW_VIP("x"), .allow = "192.0.2.9-2001:db8::8" }, -EINVAL,
	  "a range of clients is of one family" },
	{ L4LB_CMD_VIP_NEW,
	  { NEW_VIP("x"),
	    .allow = "192.0.2.9-192.0.2.9 2001:db8::8-2001:db8::8" },
	  -EINVAL, "a list of clients is of one family" },
	{ L4LB_CMD_VIP_NEW,
	  { NEW_VIP("x"), .allow = "2001:db8::8-2001:db8::9" }, -EINVAL,
	  "the addresses of vip and clients differ in family" },
	{ L4LB_CMD_VIP_SET,
	  { .name = "web", .allow = "2001:db8::8-2001:db8::9" }, -EINVAL,
	  "the addresses of vip and clients differ in family" },
	{ L4LB_CMD_VIP_SET,
	  { .name = "web", .allow = "192.0.2.1-192.0.2.1",
	    .allow_op = L4LB_ALLOW_ADD },
	  -EINVAL, "the vip serves any client" },
	{ L4LB_CMD_VIP_SET,
	  { .name = "web", .allow = "192.0.2.1-192.0.2.1",
	    .allow_op = L4LB_ALLOW_DEL },
	  -EINVAL, "the vip serves any client" },
	{ L4LB_CMD_VIP_SET,
	  { .name = "some", .allow_any = true, .allow_op = L4LB_ALLOW_ADD },
	  -EINVAL, "the list of clients is empty" },
	{ L4LB_CMD_VIP_SET,
	  { .name = "some", .allow = "192.0.2.0-192.0.2.255",
	    .allow_op = L4LB_ALLOW_DEL },
	  -EINVAL, "no client would be left" },
	{ L4LB_CMD_VIP_SET,
	  { .name = "some", .allow = "2001:db8::1-2001:db8::1",
	    .allow_op = L4LB_ALLOW_ADD },
	  -EINVAL, "the addresses of vip and clients differ in family" },
	{ L4LB_CMD_VIP_SET,
	  { .name = "some", .allow = "2001:db8::1-2001:db8::1",
	    .allow_op = L4LB_ALLOW_DEL },
	  -EINVAL, "the addresses of vip and clients differ in family" },
	{ L4LB_CMD_VIP_SET, { .name = "some", .addr = "2001:db8::99" },
	  -EINVAL, "the addresses of vip and clients differ in family" },
	{ L4LB_CMD_VIP_SET, { .name = "web", .interval = 2000 }, -EINVAL,
	  "the interval of a check is shorter than its timeout" },
};

/**
 * struct real_refusal - a request about a real that is refused
 * @cmd: &enum l4lb_cmd
 * @real: the request
 * @err: -errno of the answer
 * @text: what its text contains
 */
struct real_refusal {
	__u8 cmd;
	struct real real;
	int err;
	const char *text;
};

#define NEW_REAL(v)	.vip = (v), .name = "x", .addr = "192.0.2.99"

static const struct real_refusal real_refusals[] = {
	{ L4LB_CMD_REAL_NEW, { NEW_REAL("x") }, -ENOENT, "no such vip" },
	{ L4LB_CMD_REAL_NEW,
	  { .vip = "web", .name = "all", .addr = "192.0.2.99" },
	  -EINVAL, BAD_NAME },
	{ L4LB_CMD_REAL_NEW,
	  { .vip = "web", .name = "1", .addr = "192.0.2.99" },
	  -EINVAL, BAD_NAME },
	{ L4LB_CMD_REAL_NEW, { NEW_REAL("web"), .addr2 = "2001:db8::99" },
	  -EINVAL, "give one address, IPv4 or IPv6" },
	{ L4LB_CMD_REAL_NEW, { NEW_REAL("six") }, -EINVAL,
	  "the addresses of vip and real differ in family" },
	{ L4LB_CMD_REAL_NEW,
	  { .vip = "web", .name = "x", .addr = "2001:db8::99" }, -EINVAL,
	  "the addresses of vip and real differ in family" },
	{ L4LB_CMD_REAL_NEW,
	  { .vip = "web", .name = "x", .addr = "224.0.0.1" }, -EINVAL,
	  "a real cannot have this address" },
	{ L4LB_CMD_REAL_NEW,
	  { .vip = "web", .name = "x", .addr = "0.0.0.0" }, -EINVAL,
	  "a real cannot have this address" },
	{ L4LB_CMD_REAL_NEW,
	  { .vip = "six", .name = "x", .addr = "ff02::1" }, -EINVAL,
	  "a real cannot have this address" },
	{ L4LB_CMD_REAL_NEW,
	  { .vip = "web", .name = "one", .addr = "192.0.2.99" }, -EEXIST,
	  "the vip has a real of this name" },
	{ L4LB_CMD_REAL_NEW,
	  { .vip = "web", .name = "x", .addr = "192.0.2.21" }, -EEXIST,
	  "the vip has a real with this address and port" },
	{ L4LB_CMD_REAL_NEW,
	  { .vip = "nat", .name = "x", .addr = "192.0.2.21", .port = 2525 },
	  -EEXIST, "the vip has a real with this address and port" },
	{ L4LB_CMD_REAL_NEW, { NEW_REAL("web"), .port = 80 }, -EINVAL,
	  "a real has a port of its own only where the vip has a single port" },
	{ L4LB_CMD_REAL_NEW, { NEW_REAL("dns"), .port = 5353 }, -EINVAL,
	  "mode dr cannot change the port" },
	{ L4LB_CMD_REAL_NEW,
	  { .vip = "nat", .name = "x", .addr = "192.0.2.10" }, -EINVAL,
	  "the real is the vip itself" },
	{ L4LB_CMD_REAL_NEW,
	  { NEW_REAL("web"), .check = "tcp", .inherit = true }, -EINVAL,
	  "a check is either its own or inherited" },
	{ L4LB_CMD_REAL_NEW, { NEW_REAL("web"), .check = "a b" }, -EINVAL,
	  "the type of a check is lower-case letters, digits and -" },
	{ L4LB_CMD_REAL_SET, { .vip = "x", .name = "one", .weight = 1 },
	  -ENOENT, "no such vip" },
	{ L4LB_CMD_REAL_SET, { .vip = "web", .name = "x", .weight = 1 },
	  -ENOENT, "the vip has no such real" },
	{ L4LB_CMD_REAL_SET,
	  { .vip = "web", .name = "one", .addr = "192.0.2.22" }, -EEXIST,
	  "the vip has a real with this address and port" },
	{ L4LB_CMD_REAL_SET,
	  { .vip = "web", .name = "one", .addr = "2001:db8::1" }, -EINVAL,
	  "the addresses of vip and real differ in family" },
	{ L4LB_CMD_REAL_SET, { .vip = "dns", .name = "one", .port = 54 },
	  -EINVAL, "mode dr cannot change the port" },
	{ L4LB_CMD_REAL_SET,
	  { .vip = "nat", .name = "one", .addr = "192.0.2.10" }, -EINVAL,
	  "the real is the vip itself" },
	{ L4LB_CMD_REAL_DEL, { .vip = "x", .name = "one" }, -ENOENT,
	  "no such vip" },
	{ L4LB_CMD_REAL_DEL, { .vip = "web", .name = "x" }, -ENOENT,
	  "the vip has no such real" },
	{ L4LB_CMD_REAL_HEALTH,
	  { .vip = "web", .name = "x", .health = L4LB_HEALTH_UP }, -ENOENT,
	  "the vip has no such real" },
	{ L4LB_CMD_REAL_HEALTH,
	  { .vip = "dns", .name = "one", .health = L4LB_HEALTH_UP }, -EINVAL,
	  "the check of this real is off" },
	{ L4LB_CMD_REAL_HEALTH,
	  { .vip = "web", .name = "one", .health = L4LB_HEALTH_DOWN,
	    .epoch = 7 },
	  -ESTALE, "the real or its check has changed since" },
	{ L4LB_CMD_REAL_HEALTH,
	  { .vip = "web", .name = "one", .health = L4LB_HEALTH_DOWN,
	    .reason = "220 \033[2J" },
	  -EINVAL, "the text has control characters" },
	{ L4LB_CMD_REAL_HEALTH,
	  { .vip = "web", .name = "one", .health = L4LB_HEALTH_DOWN,
	    .reason = "two\nlines" },
	  -EINVAL, "the text has control characters" },
};

FIXTURE(refuse)
{
	struct nl nl;
	struct nl_picture before;
	struct nl_picture after;
};

/* Those of the table are given by others. */
static const struct vip some = {
	.name = "some", .addr = "192.0.2.12", .protos = 1, .ports = "80",
	.allow = "192.0.2.1-192.0.2.9",
};

FIXTURE_SETUP(refuse)
{
	struct nl_answer answer;

	ASSERT_EQ(0, nl_open_new(&self->nl));
	ASSERT_EQ(0, objects_new(&self->nl));
	ASSERT_EQ(0, vip_send(&self->nl, L4LB_CMD_VIP_NEW, false, &some,
			      &answer));
	ASSERT_EQ(0, nl_picture(&self->nl, &self->before));
}

FIXTURE_TEARDOWN(refuse)
{
	EXPECT_EQ(0, nl_picture(&self->nl, &self->after));
	EXPECT_EQ(0, memcmp(&self->before, &self->after,
			    sizeof(self->before)));
	nl_close(&self->nl);
}

TEST_F_TIMEOUT(refuse, wrong_vips_are_refused, 300)
{
	const __s64 generation = nl_generation(&self->nl);
	struct nl_answer answer;
	size_t i;

	for (i = 0; i < sizeof(vip_refusals) / sizeof(*vip_refusals); i++) {
		const struct vip_refusal *r = &vip_refusals[i];

		EXPECT_EQ(r->err, vip_send(&self->nl, r->cmd, false, &r->vip,
					   &answer)) {
			TH_LOG("vip %s, to be refused with: %s", r->vip.name,
			       r->text);
		}
		EXPECT_NE(NULL, strstr(answer.text, r->text)) {
			TH_LOG("vip %s: \"%s\", not \"%s\"", r->vip.name,
			       answer.text, r->text);
		}
	}

	EXPECT_EQ(generation, nl_generation(&self->nl));
}

TEST_F_TIMEOUT(refuse, wrong_reals_are_refused, 300)
{
	const __s64 generation = nl_generation(&self->nl);
	struct nl_answer answer;
	size_t i;

	for (i = 0; i < sizeof(real_refusals) / sizeof(*real_refusals); i++) {
		const struct real_refusal *r = &real_refusals[i];

		EXPECT_EQ(r->err, real_send(&self->nl, r->cmd, false, &r->real,
					    &answer)) {
			TH_LOG("real %s %s, to be refused with: %s",
			       r->real.vip, r->real.name, r->text);
		}
		EXPECT_NE(NULL, strstr(answer.text, r->text)) {
			TH_LOG("real %s %s: \"%s\", not \"%s\"", r->real.vip,
			       r->real.name, answer.text, r->text);
		}
	}

	EXPECT_EQ(generation, nl_generation(&self->nl));
}

/**
 * struct info_refusal - a request about the namespace that is refused
 * @type: attribute
 * @value: its value
 * @mac: MAC addresses in place of it, or NULL
 * @macs: how many
 * @err: -errno of the answer
 * @text: its text
 */
struct info_refusal {
	__u16 type;
	__u32 value;
	const char *mac;
	size_t macs;
	int err;
	const char *text;
};

#define ONE_MAC		"a partner's mac address is that of one host"

/* There are five VIPs and six reals. */
static const struct info_refusal info_refusals[] = {
	{ L4LB_A_INFO_VIPS_MAX, 4, .err = -EBUSY,
	  .text = "there are more vips than that" },
	{ L4LB_A_INFO_REALS_MAX, 5, .err = -EBUSY,
	  .text = "there are more reals than that" },
	{ L4LB_A_INFO_PARTNERS, 0, "\0\0\0\0\0\0", 1, -EINVAL, ONE_MAC },
	{ L4LB_A_INFO_PARTNERS, 0, "\1\0\136\0\0\1", 1, -EINVAL, ONE_MAC },
	{ L4LB_A_INFO_PARTNERS, 0, "\2\1\1\1\1\1\377\377\377\377\377\377", 2,
	  -EINVAL, ONE_MAC },
};

/* Each comes with a seed and a limit that would do. */
TEST_F_TIMEOUT(refuse, wrong_limits_and_partners_are_refused, 300)
{
	const __s64 generation = nl_generation(&self->nl);
	struct nl_answer answer;
	struct nlmsghdr *nlh;
	struct nlattr *nest;
	size_t i;

	for (i = 0; i < sizeof(info_refusals) / sizeof(*info_refusals); i++) {
		const struct info_refusal *r = &info_refusals[i];

		nlh = nl_begin(&self->nl, L4LB_CMD_INFO_SET, 0);
		nest = mnl_attr_nest_start(nlh, L4LB_A_INFO);
		mnl_attr_put_u64(nlh, L4LB_A_INFO_SEED, 7);
		mnl_attr_put_u32(nlh, L4LB_A_INFO_CONNS_MAX, 7);
		if (r->mac)
			mnl_attr_put(nlh, r->type, r->macs * 6, r->mac);
		else
			mnl_attr_put_u32(nlh, r->type, r->value);
		mnl_attr_nest_end(nlh, nest);
		ASSERT_EQ(0, nl_talk(&self->nl, NULL, NULL, &answer));
		EXPECT_EQ(r->err, answer.err);
		EXPECT_STREQ(r->text, answer.text);
	}

	EXPECT_EQ(generation, nl_generation(&self->nl));
	EXPECT_EQ(0, nl_info(&self->nl, L4LB_A_INFO_SEED));
	EXPECT_NE(7, nl_info(&self->nl, L4LB_A_INFO_CONNS_MAX));
}

TEST_F_TIMEOUT(refuse, unwanted_replacement_changes_nothing, 300)
{
	const struct vip moved = {
		.name = "self", .addr = "192.0.2.10", .protos = 1,
		.ports = "80",
	};
	const struct real doubled = {
		.vip = "web", .name = "one", .addr = "192.0.2.22",
	};
	struct nl_answer answer;

	EXPECT_EQ(-EEXIST, vip_send(&self->nl, L4LB_CMD_VIP_NEW, true, &moved,
				    &answer));
	EXPECT_EQ(-EEXIST, real_send(&self->nl, L4LB_CMD_REAL_NEW, true,
				     &doubled, &answer));
}

TEST_HARNESS_MAIN
