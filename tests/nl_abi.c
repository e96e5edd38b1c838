// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests that the family must refuse, one by one.
 *
 * A good request is a tree of attributes. Every attribute of it is spoilt in
 * every way that applies: left out, too short, too long, out of range, with the
 * wrong flag, next to one that does not belong there, before bytes that are
 * none. Each time the answer must be an error that says where and why, and
 * nothing may have changed. In the end the good request itself must pass, so
 * that it was the damage that was refused.
 */

#include "nl.h"

#include "kselftest_harness.h"

#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum kind { U8, U16, U32, BE16, BE32, U64, IN6, MAC, STR, FLAG, NEST };

/**
 * struct node - an attribute of a request
 * @kind: what it holds
 * @type: its number, 0 for the message itself
 * @required: refused without it
 * @value: number
 * @min: smallest number
 * @max: largest number; most characters of a string
 * @text: string or address
 * @allowed: nest: bit mask of what may be in it
 * @last: nest: number of the last attribute that the header has for it
 * @kids: nest: what is in it, ended by a node without type
 */
struct node {
	enum kind kind;
	__u16 type;
	bool required;
	__u32 value;
	__u32 min;
	__u32 max;
	const char *text;
	__u32 allowed;
	__u16 last;
	const struct node *kids;
};

/**
 * struct request - a good request
 * @cmd: &enum l4lb_cmd
 * @flags: of the message, but for those that every request has
 * @root: its attributes
 */
struct request {
	__u8 cmd;
	__u16 flags;
	struct node root;
};

enum damage {
	NONE,
	MISSING,	/* left out */
	EMPTY,		/* without payload */
	SHORT,		/* a byte less */
	LONG,		/* a byte more, strings one character too many */
	BELOW,		/* one below the smallest number */
	ABOVE,		/* one above the largest number */
	NESTED_FLAG,	/* NLA_F_NESTED where it does not belong, or not */
	TRAILING,	/* three bytes behind the last attribute of a nest */
	OVERRUN,	/* a last attribute longer than its nest */
	TINY,		/* a last attribute shorter than its own header */
	STRANGER,	/* one more attribute, which does not belong there */
	N_DAMAGES
};

static const char *const damage_words[] = {
	[NONE]		= "as it is",
	[MISSING]	= "missing",
	[EMPTY]		= "empty",
	[SHORT]		= "too short",
	[LONG]		= "too long",
	[BELOW]		= "below its range",
	[ABOVE]		= "above its range",
	[NESTED_FLAG]	= "wrong flag",
	[TRAILING]	= "bytes behind it",
	[OVERRUN]	= "an attribute beyond its end",
	[TINY]		= "an attribute without a header",
	[STRANGER]	= "with a stranger",
};

#define STRING(t, s, m)	.kind = STR, .type = (t), .text = (s), .max = (m)
#define NAME(t, s)	STRING(t, s, L4LB_NAME_MAX), .required = true
#define NUMBER(k, t, v, lo, hi)	\
	.kind = (k), .type = (t), .value = (v), .min = (lo), .max = (hi)
#define ADDR4(t, s)	.kind = BE32, .type = (t), .text = (s)
#define ADDR6(t, s)	.kind = IN6, .type = (t), .text = (s)
#define NESTED(t, a, l, k)	\
	.kind = NEST, .type = (t), .allowed = (a), .last = (l), .kids = (k)
#define BIT(n)		(1U << (n))

static const struct node no_kids[] = { { .type = 0 } };

#define RANGE_MASK	(BIT(L4LB_A_RANGE_FIRST) | BIT(L4LB_A_RANGE_LAST))
#define PORTS_MASK	BIT(L4LB_A_PORTS_RANGE)
#define CHECK_MASK	(BIT(L4LB_A_CHECK_MAX + 1) - 2)
#define VIP_KEY_MASK	BIT(L4LB_A_VIP_NAME)
#define VIP_MASK	((BIT(L4LB_A_VIP_CHECK + 1) - 2) | \
			 BIT(L4LB_A_VIP_ORPHAN) | BIT(L4LB_A_VIP_NO_REAL) | \
			 BIT(L4LB_A_VIP_SEED) | BIT(L4LB_A_VIP_PERSIST) | \
			 BIT(L4LB_A_VIP_MASK) | BIT(L4LB_A_VIP_HOOK) | \
			 BIT(L4LB_A_VIP_SOURCES) | \
			 BIT(L4LB_A_VIP_FALLBACK) | \
			 BIT(L4LB_A_VIP_SLOW_START) | BIT(L4LB_A_VIP_DEV))
#define FALLBACK_MASK	(BIT(L4LB_A_FALLBACK_MAX + 1) - 2)
#define ALLOW_MASK	BIT(L4LB_A_ALLOW_RANGE)
#define ALLOW_RANGE_MASK	(BIT(L4LB_A_ALLOW_RANGE_MAX + 1) - 2)
#define REAL_KEY_MASK	BIT(L4LB_A_REAL_NAME)
#define REAL_MASK	((BIT(L4LB_A_REAL_CHECK_INHERIT + 1) - 2) | \
			 BIT(L4LB_A_REAL_MAX_CONNS))
#define HEALTH_MASK	(BIT(L4LB_A_REAL_NAME) | BIT(L4LB_A_REAL_HEALTH) | \
			 BIT(L4LB_A_REAL_REASON) | BIT(L4LB_A_REAL_EPOCH) | \
			 BIT(L4LB_A_REAL_RESULT) | \
			 BIT(L4LB_A_REAL_RESULT_TEXT) | \
			 BIT(L4LB_A_REAL_RTT) | \
			 BIT(L4LB_A_REAL_AGENT_WEIGHT) | \
			 BIT(L4LB_A_REAL_AGENT_ADMIN))
#define FILTER_MASK	(BIT(L4LB_A_FILTER_LIMIT + 1) - 2)
#define PERSIST_MASK	(BIT(L4LB_A_PERSIST_ADDR4) | \
			 BIT(L4LB_A_PERSIST_ADDR6) | \
			 BIT(L4LB_A_PERSIST_LEFT) | \
			 BIT(L4LB_A_PERSIST_FOREVER))

#define INFO_MASK	(BIT(L4LB_A_INFO_CONNS_MAX) | \
			 BIT(L4LB_A_INFO_PERSISTS_MAX) | \
			 BIT(L4LB_A_INFO_VIPS_MAX) | \
			 BIT(L4LB_A_INFO_REALS_MAX) | \
			 BIT(L4LB_A_INFO_SEED) | BIT(L4LB_A_INFO_STANDBY) | \
			 BIT(L4LB_A_INFO_PARTNERS))

#define EXPLAIN_MASK	(BIT(L4LB_A_EXPLAIN_PROTO + 1) - 2)

#define VIP(mask, kids)	NESTED(L4LB_A_VIP, mask, L4LB_A_VIP_MAX, kids)
#define REAL(mask, kids)	NESTED(L4LB_A_REAL, mask, L4LB_A_REAL_MAX, kids)
#define CHECK(t, kids)	NESTED(t, CHECK_MASK, L4LB_A_CHECK_MAX, kids)
#define PORTS(t, kids)	NESTED(t, PORTS_MASK, L4LB_A_PORTS_MAX, kids)
#define RANGE(kids)	\
	NESTED(L4LB_A_PORTS_RANGE, RANGE_MASK, L4LB_A_RANGE_MAX, kids)
#define FALLBACK(kids)	\
	NESTED(L4LB_A_VIP_FALLBACK, FALLBACK_MASK, L4LB_A_FALLBACK_MAX, kids)
#define ALLOW(kids)	NESTED(L4LB_A_ALLOW, ALLOW_MASK, L4LB_A_ALLOW_MAX, kids)
#define ALLOW_RANGE(kids)	\
	NESTED(L4LB_A_ALLOW_RANGE, ALLOW_RANGE_MASK, \
	       L4LB_A_ALLOW_RANGE_MAX, kids)
#define ROOT(mask, kids)	NESTED(0, mask, L4LB_A_MAX, kids)

#define SOURCES(kids)	\
	NESTED(L4LB_A_VIP_SOURCES, (BIT(L4LB_A_SOURCES_MAX + 1) - 2), \
	       L4LB_A_SOURCES_MAX, kids)

static const struct node sources4[] = {
	{ ADDR4(L4LB_A_SOURCES_ADDR4, "192.0.2.2") },
	{ ADDR4(L4LB_A_SOURCES_ADDR4, "192.0.2.3") },
	{ .type = 0 }
};

static const struct node sources6[] = {
	{ ADDR6(L4LB_A_SOURCES_ADDR6, "2001:db8::2") },
	{ .type = 0 }
};

static const struct node range_25[] = {
	{ NUMBER(BE16, L4LB_A_RANGE_FIRST, 25, 1, 65535), .required = true },
	{ NUMBER(BE16, L4LB_A_RANGE_LAST, 25, 1, 65535), .required = true },
	{ .type = 0 }
};

static const struct node range_up[] = {
	{ NUMBER(BE16, L4LB_A_RANGE_FIRST, 60200, 1, 65535), .required = true },
	{ NUMBER(BE16, L4LB_A_RANGE_LAST, 60201, 1, 65535), .required = true },
	{ .type = 0 }
};

static const struct node ports_25[] = {
	{ RANGE(range_25) },
	{ .type = 0 }
};

static const struct node ports_many[] = {
	{ RANGE(range_up) },
	{ RANGE(range_25) },
	{ .type = 0 }
};

static const struct node check[] = {
	{ STRING(L4LB_A_CHECK_TYPE, "tcp", L4LB_CHECK_TYPE_MAX) },
	{ PORTS(L4LB_A_CHECK_PORTS, ports_25) },
	{ NUMBER(U32, L4LB_A_CHECK_INTERVAL, 2000, L4LB_CHECK_TIME_MIN,
		 L4LB_TIME_MAX) },
	{ NUMBER(U32, L4LB_A_CHECK_TIMEOUT, 1000, L4LB_CHECK_TIME_MIN,
		 L4LB_TIME_MAX) },
	{ NUMBER(U8, L4LB_A_CHECK_RISE, 4, 1, L4LB_CHECK_COUNT_MAX) },
	{ NUMBER(U8, L4LB_A_CHECK_FALL, 5, 1, L4LB_CHECK_COUNT_MAX) },
	{ NUMBER(U32, L4LB_A_CHECK_FAST, 500, L4LB_CHECK_TIME_MIN, 2000) },
	{ NUMBER(U8, L4LB_A_CHECK_VIA, L4LB_VIA_VIP, 1, L4LB_VIA_MAX) },
	{ NUMBER(BE16, L4LB_A_CHECK_AGENT, 9777, 0, 65535) },
	{ NUMBER(U8, L4LB_A_CHECK_GUARD, 50, 0, 100) },
	{ STRING(L4LB_A_CHECK_SECRET, "mail", L4LB_NAME_MAX) },
	{ STRING(L4LB_A_CHECK_ARGS, "path=/owa", L4LB_CHECK_ARGS_MAX) },
	{ .type = 0 }
};

/* Without an address there is none, but no port either. */
static const struct node fallback4[] = {
	{ ADDR4(L4LB_A_FALLBACK_ADDR4, "192.0.2.30") },
	{ .type = 0 }
};

static const struct node fallback4_port[] = {
	{ ADDR4(L4LB_A_FALLBACK_ADDR4, "192.0.2.30"), .required = true },
	{ NUMBER(BE16, L4LB_A_FALLBACK_PORT, 8080, 0, 65535) },
	{ .type = 0 }
};

static const struct node fallback6[] = {
	{ ADDR6(L4LB_A_FALLBACK_ADDR6, "2001:db8::30") },
	{ NUMBER(BE16, L4LB_A_FALLBACK_PORT, 8080, 0, 65535) },
	{ .type = 0 }
};

static const struct node allow_range4[] = {
	{ ADDR4(L4LB_A_ALLOW_FIRST4, "198.51.100.50"), .required = true },
	{ ADDR4(L4LB_A_ALLOW_LAST4, "198.51.100.60"), .required = true },
	{ .type = 0 }
};

static const struct node allow_range6[] = {
	{ ADDR6(L4LB_A_ALLOW_FIRST6, "2001:db8:1::50"), .required = true },
	{ ADDR6(L4LB_A_ALLOW_LAST6, "2001:db8:1::60"), .required = true },
	{ .type = 0 }
};

static const struct node allow4[] = {
	{ ALLOW_RANGE(allow_range4) },
	{ ALLOW_RANGE(allow_range4) },
	{ .type = 0 }
};

static const struct node allow6[] = {
	{ ALLOW_RANGE(allow_range6) },
	{ .type = 0 }
};

static const struct node vip_new4[] = {
	{ NAME(L4LB_A_VIP_NAME, "new") },
	{ ADDR4(L4LB_A_VIP_ADDR4, "192.0.2.11"), .required = true },
	{ NUMBER(U8, L4LB_A_VIP_PROTOS, 1, 1, 3), .required = true },
	{ PORTS(L4LB_A_VIP_PORTS, ports_many), .required = true },
	{ NUMBER(U8, L4LB_A_VIP_MODE, L4LB_MODE_NAT, 1, L4LB_MODE_MAX) },
	{ NUMBER(U8, L4LB_A_VIP_SCHED, L4LB_SCHED_RR, 1, L4LB_SCHED_MAX) },
	{ NUMBER(U32, L4LB_A_VIP_IDLE, 5000, L4LB_IDLE_MIN, L4LB_TIME_MAX) },
	{ CHECK(L4LB_A_VIP_CHECK, check) },
	{ NUMBER(U8, L4LB_A_VIP_ORPHAN, L4LB_ORPHAN_KEEP, 1, L4LB_ORPHAN_MAX) },
	{ NUMBER(U8, L4LB_A_VIP_NO_REAL, L4LB_NO_REAL_DROP, 1,
		 L4LB_NO_REAL_MAX) },
	{ NUMBER(U8, L4LB_A_VIP_HOOK, L4LB_HOOK_INPUT, 1, L4LB_HOOK_MAX) },
	{ NUMBER(U64, L4LB_A_VIP_SEED, 0xabc, 0, UINT32_MAX) },
	{ NUMBER(U32, L4LB_A_VIP_PERSIST, 5000, L4LB_PERSIST_MIN,
		 L4LB_TIME_MAX) },
	{ NUMBER(U8, L4LB_A_VIP_MASK, 24, 1, 32) },
	{ SOURCES(sources4) },
	{ FALLBACK(fallback4) },
	{ NUMBER(U32, L4LB_A_VIP_SLOW_START, 5000, 0, L4LB_TIME_MAX) },
	{ STRING(L4LB_A_VIP_DEV, "eth0", 15) },
	{ .type = 0 }
};

/* Without an address it is the IPv4 address that is said to be missing. */
static const struct node vip_new6[] = {
	{ NAME(L4LB_A_VIP_NAME, "new") },
	{ ADDR6(L4LB_A_VIP_ADDR6, "2001:db8::11") },
	{ NUMBER(U8, L4LB_A_VIP_PROTOS, 3, 1, 3), .required = true },
	{ PORTS(L4LB_A_VIP_PORTS, ports_25), .required = true },
	{ NUMBER(U8, L4LB_A_VIP_MODE, L4LB_MODE_NAT, 1, L4LB_MODE_MAX) },
	{ NUMBER(U8, L4LB_A_VIP_SCHED, L4LB_SCHED_RR, 1, L4LB_SCHED_MAX) },
	{ NUMBER(U32, L4LB_A_VIP_IDLE, 5000, L4LB_IDLE_MIN, L4LB_TIME_MAX) },
	{ CHECK(L4LB_A_VIP_CHECK, check) },
	{ NUMBER(U8, L4LB_A_VIP_ORPHAN, L4LB_ORPHAN_KEEP, 1, L4LB_ORPHAN_MAX) },
	{ NUMBER(U8, L4LB_A_VIP_NO_REAL, L4LB_NO_REAL_DROP, 1,
		 L4LB_NO_REAL_MAX) },
	{ NUMBER(U8, L4LB_A_VIP_HOOK, L4LB_HOOK_INPUT, 1, L4LB_HOOK_MAX) },
	{ NUMBER(U64, L4LB_A_VIP_SEED, 0xabc, 0, UINT32_MAX) },
	{ NUMBER(U32, L4LB_A_VIP_PERSIST, 5000, L4LB_PERSIST_MIN,
		 L4LB_TIME_MAX) },
	{ NUMBER(U8, L4LB_A_VIP_MASK, 64, 1, 128) },
	{ SOURCES(sources6) },
	{ FALLBACK(fallback6) },
	{ NUMBER(U32, L4LB_A_VIP_SLOW_START, 5000, 0, L4LB_TIME_MAX) },
	{ STRING(L4LB_A_VIP_DEV, "eth0", 15) },
	{ .type = 0 }
};

static const struct node vip_set[] = {
	{ NAME(L4LB_A_VIP_NAME, "web") },
	{ STRING(L4LB_A_VIP_NEW_NAME, "web2", L4LB_NAME_MAX) },
	{ ADDR4(L4LB_A_VIP_ADDR4, "192.0.2.12") },
	{ NUMBER(U8, L4LB_A_VIP_PROTOS, 1, 1, 3) },
	{ PORTS(L4LB_A_VIP_PORTS, ports_25) },
	{ NUMBER(U8, L4LB_A_VIP_MODE, L4LB_MODE_NAT, 1, L4LB_MODE_MAX) },
	{ NUMBER(U8, L4LB_A_VIP_SCHED, L4LB_SCHED_RR, 1, L4LB_SCHED_MAX) },
	{ NUMBER(U32, L4LB_A_VIP_IDLE, 5000, L4LB_IDLE_MIN, L4LB_TIME_MAX) },
	{ CHECK(L4LB_A_VIP_CHECK, check) },
	{ NUMBER(U8, L4LB_A_VIP_ORPHAN, L4LB_ORPHAN_KEEP, 1, L4LB_ORPHAN_MAX) },
	{ NUMBER(U8, L4LB_A_VIP_NO_REAL, L4LB_NO_REAL_DROP, 1,
		 L4LB_NO_REAL_MAX) },
	{ NUMBER(U8, L4LB_A_VIP_HOOK, L4LB_HOOK_INPUT, 1, L4LB_HOOK_MAX) },
	{ NUMBER(U64, L4LB_A_VIP_SEED, 0xabc, 0, UINT32_MAX) },
	{ NUMBER(U32, L4LB_A_VIP_PERSIST, 5000, L4LB_PERSIST_MIN,
		 L4LB_TIME_MAX) },
	{ NUMBER(U8, L4LB_A_VIP_MASK, 24, 1, 32) },
	{ SOURCES(sources4) },
	{ FALLBACK(fallback4_port) },
	{ NUMBER(U32, L4LB_A_VIP_SLOW_START, 5000, 0, L4LB_TIME_MAX) },
	{ STRING(L4LB_A_VIP_DEV, "eth0", 15) },
	{ .type = 0 }
};

static const struct node vip_set6[] = {
	{ NAME(L4LB_A_VIP_NAME, "web6") },
	{ ADDR6(L4LB_A_VIP_ADDR6, "2001:db8::12") },
	{ .type = 0 }
};

static const struct node vip_key[] = {
	{ NAME(L4LB_A_VIP_NAME, "web") },
	{ .type = 0 }
};

static const struct node vip_key6[] = {
	{ NAME(L4LB_A_VIP_NAME, "web6") },
	{ .type = 0 }
};

static const struct node real_new4[] = {
	{ NAME(L4LB_A_REAL_NAME, "new") },
	{ ADDR4(L4LB_A_REAL_ADDR4, "192.0.2.22"), .required = true },
	{ NUMBER(BE16, L4LB_A_REAL_PORT, 8080, 0, 65535) },
	{ NUMBER(U32, L4LB_A_REAL_WEIGHT, 50, 0, L4LB_WEIGHT_MAX) },
	{ NUMBER(U8, L4LB_A_REAL_ADMIN, L4LB_ADMIN_DRAIN, 1, L4LB_ADMIN_MAX) },
	{ CHECK(L4LB_A_REAL_CHECK, check) },
	{ NUMBER(U32, L4LB_A_REAL_MAX_CONNS, 5000, 0, UINT32_MAX) },
	{ .type = 0 }
};

static const struct node real_new6[] = {
	{ NAME(L4LB_A_REAL_NAME, "new") },
	{ ADDR6(L4LB_A_REAL_ADDR6, "2001:db8::22") },
	{ NUMBER(BE16, L4LB_A_REAL_PORT, 8080, 0, 65535) },
	{ NUMBER(U32, L4LB_A_REAL_WEIGHT, 50, 0, L4LB_WEIGHT_MAX) },
	{ NUMBER(U8, L4LB_A_REAL_ADMIN, L4LB_ADMIN_DRAIN, 1, L4LB_ADMIN_MAX) },
	{ .kind = FLAG, .type = L4LB_A_REAL_CHECK_INHERIT },
	{ NUMBER(U32, L4LB_A_REAL_MAX_CONNS, 5000, 0, UINT32_MAX) },
	{ .type = 0 }
};

static const struct node real_set[] = {
	{ NAME(L4LB_A_REAL_NAME, "one") },
	{ ADDR4(L4LB_A_REAL_ADDR4, "192.0.2.23") },
	{ NUMBER(BE16, L4LB_A_REAL_PORT, 8080, 0, 65535) },
	{ NUMBER(U32, L4LB_A_REAL_WEIGHT, 50, 0, L4LB_WEIGHT_MAX) },
	{ NUMBER(U8, L4LB_A_REAL_ADMIN, L4LB_ADMIN_DRAIN, 1, L4LB_ADMIN_MAX) },
	{ CHECK(L4LB_A_REAL_CHECK, check) },
	{ NUMBER(U32, L4LB_A_REAL_MAX_CONNS, 5000, 0, UINT32_MAX) },
	{ .type = 0 }
};

static const struct node real_key[] = {
	{ NAME(L4LB_A_REAL_NAME, "one") },
	{ .type = 0 }
};

static const struct node health[] = {
	{ NAME(L4LB_A_REAL_NAME, "one") },
	{ NUMBER(U8, L4LB_A_REAL_HEALTH, L4LB_HEALTH_SICK, L4LB_HEALTH_UP,
		 L4LB_HEALTH_MAX), .required = true },
	{ STRING(L4LB_A_REAL_REASON, "421 too busy", L4LB_REASON_MAX) },
	{ NUMBER(U32, L4LB_A_REAL_EPOCH, 1, 0, UINT32_MAX) },
	{ .type = 0 }
};

static const struct node filter4[] = {
	{ STRING(L4LB_A_FILTER_VIP, "web", L4LB_NAME_MAX) },
	{ STRING(L4LB_A_FILTER_REAL, "one", L4LB_NAME_MAX) },
	{ ADDR4(L4LB_A_FILTER_ADDR4, "198.51.100.0") },
	{ NUMBER(U8, L4LB_A_FILTER_LEN, 24, 0, 32) },
	{ NUMBER(U32, L4LB_A_FILTER_LIMIT, 10, 1, UINT32_MAX) },
	{ .type = 0 }
};

static const struct node filter6[] = {
	{ ADDR6(L4LB_A_FILTER_ADDR6, "2001:db8:1::") },
	{ NUMBER(U8, L4LB_A_FILTER_LEN, 48, 0, 128) },
	{ .type = 0 }
};

static const struct node persist4[] = {
	{ ADDR4(L4LB_A_PERSIST_ADDR4, "198.51.100.7"), .required = true },
	{ NUMBER(U32, L4LB_A_PERSIST_LEFT, 60000, L4LB_PERSIST_MIN,
		 L4LB_TIME_MAX) },
	{ .type = 0 }
};

/* As with VIPs, it is the IPv4 address that is said to be missing. */
static const struct node persist6[] = {
	{ ADDR6(L4LB_A_PERSIST_ADDR6, "2001:db8:1::7") },
	{ .kind = FLAG, .type = L4LB_A_PERSIST_FOREVER },
	{ .type = 0 }
};

/* With mode dr, and from an address that every host has. */
static const struct node vip_key_dr[] = {
	{ NAME(L4LB_A_VIP_NAME, "dr") },
	{ .type = 0 }
};

static const struct node vip_key_dr6[] = {
	{ NAME(L4LB_A_VIP_NAME, "dr6") },
	{ .type = 0 }
};

static const struct node probe4[] = {
	{ ADDR4(L4LB_A_PROBE_ADDR4, "127.0.0.1"), .required = true },
	{ NUMBER(BE16, L4LB_A_PROBE_SPORT, 40000, 1, 65535), .required = true },
	{ NUMBER(BE16, L4LB_A_PROBE_PORT, 25, 1, 65535), .required = true },
	{ NUMBER(U8, L4LB_A_PROBE_PROTO, L4LB_PROTO_UDP, 1, 2),
	  .required = true },
	{ .type = 0 }
};

static const struct node probe6[] = {
	{ ADDR6(L4LB_A_PROBE_ADDR6, "::1") },
	{ NUMBER(BE16, L4LB_A_PROBE_SPORT, 40000, 1, 65535), .required = true },
	{ NUMBER(BE16, L4LB_A_PROBE_PORT, 25, 1, 65535), .required = true },
	{ NUMBER(U8, L4LB_A_PROBE_PROTO, L4LB_PROTO_TCP, 1, 2),
	  .required = true },
	{ .type = 0 }
};

#define PROBE(kids)	\
	NESTED(L4LB_A_PROBE, BIT(L4LB_A_PROBE_MAX + 1) - 2, \
	       L4LB_A_PROBE_MAX, kids)
#define PERSIST(kids)	\
	NESTED(L4LB_A_PERSIST, PERSIST_MASK, L4LB_A_PERSIST_MAX, kids)
#define FILTER(kids)	\
	NESTED(L4LB_A_FILTER, FILTER_MASK, L4LB_A_FILTER_MAX, kids)

static const struct node with_vip_new4[] = {
	{ VIP(VIP_MASK, vip_new4), .required = true },
	{ .kind = FLAG, .type = L4LB_A_REPLACE },
	{ ALLOW(allow4) },
	{ ALLOW(allow4) },
	{ .type = 0 }
};

static const struct node with_vip_new6[] = {
	{ VIP(VIP_MASK, vip_new6), .required = true },
	{ ALLOW(allow6) },
	{ .type = 0 }
};

static const struct node with_vip_set[] = {
	{ VIP(VIP_MASK, vip_set), .required = true },
	{ ALLOW(allow4), .required = true },
	{ NUMBER(U8, L4LB_A_ALLOW_OP, L4LB_ALLOW_SET, 1, L4LB_ALLOW_OP_MAX) },
	{ .type = 0 }
};

static const struct node with_vip_set6[] = {
	{ VIP(VIP_MASK, vip_set6), .required = true },
	{ .type = 0 }
};

static const struct node with_vip_key[] = {
	{ VIP(VIP_KEY_MASK, vip_key), .required = true },
	{ .type = 0 }
};

static const struct node with_vip_key_optional[] = {
	{ VIP(VIP_KEY_MASK, vip_key) },
	{ .type = 0 }
};

static const struct node with_real_new4[] = {
	{ VIP(VIP_KEY_MASK, vip_key), .required = true },
	{ REAL(REAL_MASK, real_new4), .required = true },
	{ .kind = FLAG, .type = L4LB_A_REPLACE },
	{ .type = 0 }
};

static const struct node with_real_new6[] = {
	{ VIP(VIP_KEY_MASK, vip_key6), .required = true },
	{ REAL(REAL_MASK, real_new6), .required = true },
	{ .type = 0 }
};

static const struct node with_real_set[] = {
	{ VIP(VIP_KEY_MASK, vip_key), .required = true },
	{ REAL(REAL_MASK, real_set), .required = true },
	{ .type = 0 }
};

static const struct node with_real_key[] = {
	{ VIP(VIP_KEY_MASK, vip_key), .required = true },
	{ REAL(REAL_KEY_MASK, real_key), .required = true },
	{ .type = 0 }
};

static const struct node with_health[] = {
	{ VIP(VIP_KEY_MASK, vip_key), .required = true },
	{ REAL(HEALTH_MASK, health), .required = true },
	{ .type = 0 }
};

static const struct node with_probe4[] = {
	{ VIP(VIP_KEY_MASK, vip_key_dr), .required = true },
	{ REAL(REAL_KEY_MASK, real_key), .required = true },
	{ PROBE(probe4), .required = true },
	{ .type = 0 }
};

static const struct node with_probe6[] = {
	{ VIP(VIP_KEY_MASK, vip_key_dr6), .required = true },
	{ REAL(REAL_KEY_MASK, real_key), .required = true },
	{ PROBE(probe6), .required = true },
	{ .type = 0 }
};

static const struct node with_persist4[] = {
	{ VIP(VIP_KEY_MASK, vip_key), .required = true },
	{ REAL(REAL_KEY_MASK, real_key), .required = true },
	{ PERSIST(persist4), .required = true },
	{ .type = 0 }
};

static const struct node with_persist6[] = {
	{ VIP(VIP_KEY_MASK, vip_key6), .required = true },
	{ REAL(REAL_KEY_MASK, real_key), .required = true },
	{ PERSIST(persist6), .required = true },
	{ .type = 0 }
};

static const struct node info[] = {
	{ NUMBER(U32, L4LB_A_INFO_CONNS_MAX, 1000, 0, L4LB_CONNS_MAX) },
	{ NUMBER(U32, L4LB_A_INFO_PERSISTS_MAX, 1000, 0, L4LB_PERSISTS_MAX) },
	{ NUMBER(U32, L4LB_A_INFO_VIPS_MAX, 1000, 0, L4LB_VIPS_MAX) },
	{ NUMBER(U32, L4LB_A_INFO_REALS_MAX, 1000, 0, L4LB_REALS_MAX) },
	{ NUMBER(U64, L4LB_A_INFO_SEED, 77, 0, UINT32_MAX) },
	{ NUMBER(U8, L4LB_A_INFO_STANDBY, 1, 0, 1) },
	{ .kind = MAC, .type = L4LB_A_INFO_PARTNERS, .text = "\2\1\1\1\1\1" },
	{ .type = 0 }
};

static const struct node with_info[] = {
	{ NESTED(L4LB_A_INFO, INFO_MASK, L4LB_A_INFO_MAX, info),
	  .required = true },
	{ .type = 0 }
};

static const struct node with_filter4[] = {
	{ FILTER(filter4) },
	{ .type = 0 }
};

static const struct node with_filter4_required[] = {
	{ FILTER(filter4), .required = true },
	{ .type = 0 }
};

static const struct node with_filter6_required[] = {
	{ FILTER(filter6), .required = true },
	{ .type = 0 }
};

static const struct node explain4[] = {
	{ ADDR4(L4LB_A_EXPLAIN_CLIENT4, "192.0.2.50"), .required = true },
	{ NUMBER(BE16, L4LB_A_EXPLAIN_CLIENT_PORT, 40000, 1, 65535) },
	{ ADDR4(L4LB_A_EXPLAIN_ADDR4, "192.0.2.10"), .required = true },
	{ NUMBER(BE16, L4LB_A_EXPLAIN_PORT, 80, 1, 65535), .required = true },
	{ NUMBER(U8, L4LB_A_EXPLAIN_PROTO, 1, 1, 2), .required = true },
	{ .type = 0 }
};

static const struct node explain6[] = {
	{ ADDR6(L4LB_A_EXPLAIN_CLIENT6, "2001:db8::50") },
	{ ADDR6(L4LB_A_EXPLAIN_ADDR6, "2001:db8::10") },
	{ NUMBER(BE16, L4LB_A_EXPLAIN_PORT, 80, 1, 65535), .required = true },
	{ NUMBER(U8, L4LB_A_EXPLAIN_PROTO, 2, 1, 2), .required = true },
	{ .type = 0 }
};

static const struct node since[] = {
	{ NUMBER(U64, L4LB_A_RECORD_TIME, 1, 0, UINT32_MAX) },
	{ .type = 0 }
};

static const struct node with_since[] = {
	{ NESTED(L4LB_A_RECORD, BIT(L4LB_A_RECORD_TIME), L4LB_A_RECORD_MAX,
		 since) },
	{ .type = 0 }
};

static const struct node with_explain4[] = {
	{ NESTED(L4LB_A_EXPLAIN, EXPLAIN_MASK, L4LB_A_EXPLAIN_MAX, explain4),
	  .required = true },
	{ .type = 0 }
};

static const struct node with_explain6[] = {
	{ NESTED(L4LB_A_EXPLAIN, EXPLAIN_MASK, L4LB_A_EXPLAIN_MAX, explain6),
	  .required = true },
	{ .type = 0 }
};

/**
 * struct writer - puts a request into bytes
 * @buf: where to
 * @len: how many there are
 * @node: which attribute to spoil, in the order that they are written in
 * @damage: how
 * @stranger: number of the attribute to add
 * @next: number of the next attribute
 * @at: where the attribute is that is at fault
 * @nest_at: where the nest is that it is in, 0 if it is the message
 * @nest: where the nest is that is being written
 */
struct writer {
	char *buf;
	size_t len;
	int node;
	enum damage damage;
	__u16 stranger;
	int next;
	__u32 at;
	__u32 nest_at;
	__u32 nest;
};

static void write_bytes(struct writer *w, const void *bytes, size_t len)
{
	memcpy(w->buf + w->len, bytes, len);
	w->len += len;
}

static void write_align(struct writer *w)
{
	while (w->len % NLA_ALIGNTO)
		w->buf[w->len++] = 0;
}

static void write_number(struct writer *w, const struct node *node,
			 __u32 value)
{
	__u16 be16 = htons((__u16)value);
	__u16 u16 = (__u16)value;
	__u8 u8 = (__u8)value;
	__u64 u64 = value;

	switch (node->kind) {
	case U8:
		write_bytes(w, &u8, sizeof(u8));
		break;
	case U16:
		write_bytes(w, &u16, sizeof(u16));
		break;
	case BE16:
		write_bytes(w, &be16, sizeof(be16));
		break;
	case U64:
		write_bytes(w, &u64, sizeof(u64));
		break;
	default:
		write_bytes(w, &value, sizeof(value));
		break;
	}
}

static void write_payload(struct writer *w, const struct node *node,
			  enum damage damage)
{
	struct in6_addr in6;
	struct in_addr in;

	switch (node->kind) {
	case STR:
		if (damage == LONG)
			w->len += sprintf(w->buf + w->len, "%0*d",
					  (int)node->max, 0);
		write_bytes(w, node->text, strlen(node->text) + 1);
		break;
	case BE32:
		inet_pton(AF_INET, node->text, &in);
		write_bytes(w, &in, sizeof(in));
		break;
	case IN6:
		inet_pton(AF_INET6, node->text, &in6);
		write_bytes(w, &in6, sizeof(in6));
		break;
	case MAC:
		write_bytes(w, node->text, 6);
		break;
	case FLAG:
		break;
	default:
		write_number(w, node, damage == BELOW ? node->min - 1 :
				      damage == ABOVE ? node->max + 1 :
							node->value);
		break;
	}

	if (damage == LONG && node->kind != STR)
		w->buf[w->len++] = 0;
	if (damage == SHORT)
		w->len--;
}

/* What does not belong at the end of a nest. */
static void write_tail(struct writer *w, enum damage damage)
{
	struct nlattr attr = { .nla_len = NLA_HDRLEN + 4 };
	const __u32 payload = 1;

	switch (damage) {
	case TRAILING:
		write_bytes(w, "\1\1\1", 3);
		break;
	case OVERRUN:
		attr.nla_len = 100;
		attr.nla_type = 1;
		write_bytes(w, &attr, sizeof(attr));
		break;
	case TINY:
		attr.nla_len = 2;
		attr.nla_type = 1;
		write_bytes(w, &attr, sizeof(attr));
		break;
	case STRANGER:
		w->nest_at = w->at;
		w->at = (__u32)w->len;
		attr.nla_type = w->stranger;
		write_bytes(w, &attr, sizeof(attr));
		write_bytes(w, &payload, sizeof(payload));
		break;
	default:
		break;
	}
}

static void write_node(struct writer *w, const struct node *node);

static void write_kids(struct writer *w, const struct node *node,
		       __u32 start)
{
	const __u32 outer = w->nest;
	const struct node *kid;

	w->nest = start;
	for (kid = node->kids; kid->type; kid++)
		write_node(w, kid);
	w->nest = outer;
}

static void write_node(struct writer *w, const struct node *node)
{
	const bool spoilt = w->next++ == w->node;
	const enum damage damage = spoilt ? w->damage : NONE;
	const __u32 start = (__u32)w->len;
	struct nlattr attr;

	if (spoilt) {
		w->at = start;
		w->nest_at = w->nest;
	}
	if (damage == MISSING)
		return;

	w->len += sizeof(attr);
	if (node->kind == NEST) {
		write_kids(w, node, start);
		write_tail(w, damage);
	} else if (damage != EMPTY) {
		write_payload(w, node, damage);
	}

	attr.nla_len = (__u16)(w->len - start);
	attr.nla_type = node->type;
	if (node->kind == NEST)
		attr.nla_type |= NLA_F_NESTED;
	if (damage == NESTED_FLAG)
		attr.nla_type ^= NLA_F_NESTED;
	memcpy(w->buf + start, &attr, sizeof(attr));
	write_align(w);
}

/* The message itself is attribute number 0. */
static void write_request(struct nl *nl, const struct request *request,
			  struct writer *w)
{
	struct nlmsghdr *nlh = nl_begin(nl, request->cmd, request->flags);

	w->buf = nl->out;
	w->len = nlh->nlmsg_len;
	w->next = 1;
	write_kids(w, &request->root, 0);
	if (w->node == 0)
		write_tail(w, w->damage);
	nlh->nlmsg_len = (__u32)w->len;
}

static const struct node *find_node(const struct node *node, int *number)
{
	const struct node *kid, *found;

	if ((*number)-- == 0)
		return node;
	if (node->kind != NEST)
		return NULL;

	for (kid = node->kids; kid->type; kid++) {
		found = find_node(kid, number);
		if (found)
			return found;
	}

	return NULL;
}

static bool damage_applies(const struct node *node, enum damage damage)
{
	const bool number = node->kind <= BE16;

	switch (damage) {
	case MISSING:
		return node->required;
	case EMPTY:
		return node->kind != FLAG && node->kind != NEST &&
		       node->kind != MAC;
	case SHORT:
		return node->kind != FLAG && node->kind != NEST;
	case LONG:
		return node->kind != NEST;
	case BELOW:
		return number && node->min > 0;
	case ABOVE:
		return number && node->max != UINT32_MAX &&
		       !(node->kind == U8 && node->max == UINT8_MAX) &&
		       !(node->kind == BE16 && node->max == UINT16_MAX);
	case NESTED_FLAG:
		return node->type;
	case TRAILING:
	case OVERRUN:
	case TINY:
		return node->kind == NEST;
	default:
		return false;
	}
}

/*
 * Whether the answer says what was wrong, and where. A dump that has begun can
 * only give a text.
 */
static bool answer_explains(const struct writer *w, const struct node *node,
			    const struct nl_answer *answer)
{
	if (answer->err != -EINVAL && answer->err != -ERANGE)
		return false;
	if (answer->done)
		return *answer->text;

	switch (w->damage) {
	case MISSING:
		return answer->has_miss && answer->miss_type == node->type &&
		       answer->miss_nest == w->nest_at;
	case TRAILING:
	case OVERRUN:
	case TINY:
		return *answer->text;
	default:
		return *answer->text && answer->has_offs &&
		       answer->offs == w->at;
	}
}

FIXTURE(request)
{
	struct nl nl;
	struct nl_picture before;
	struct nl_picture after;
};

FIXTURE_VARIANT(request)
{
	struct request request;
};

#define REQUEST(c, f, mask, k)						\
	.request = {							\
		.cmd = L4LB_CMD_##c,					\
		.flags = (f),						\
		.root = { ROOT(mask, k) },				\
	}

#define VIP_BIT		BIT(L4LB_A_VIP)
#define REAL_BIT	BIT(L4LB_A_REAL)
#define FILTER_BIT	BIT(L4LB_A_FILTER)
#define REPLACE_BIT	BIT(L4LB_A_REPLACE)
#define PERSIST_BIT	BIT(L4LB_A_PERSIST)
#define PROBE_BIT	BIT(L4LB_A_PROBE)
#define ALLOW_BIT	BIT(L4LB_A_ALLOW)
#define ALLOW_OP_BIT	BIT(L4LB_A_ALLOW_OP)

FIXTURE_VARIANT_ADD(request, info_get) {
	REQUEST(INFO_GET, 0, 0, no_kids),
};

FIXTURE_VARIANT_ADD(request, info_set) {
	REQUEST(INFO_SET, 0, BIT(L4LB_A_INFO), with_info),
};

FIXTURE_VARIANT_ADD(request, vip_new4) {
	REQUEST(VIP_NEW, 0, VIP_BIT | REPLACE_BIT | ALLOW_BIT, with_vip_new4),
};

FIXTURE_VARIANT_ADD(request, vip_new6) {
	REQUEST(VIP_NEW, 0, VIP_BIT | REPLACE_BIT | ALLOW_BIT, with_vip_new6),
};

FIXTURE_VARIANT_ADD(request, vip_set) {
	REQUEST(VIP_SET, 0, VIP_BIT | ALLOW_BIT | ALLOW_OP_BIT, with_vip_set),
};

FIXTURE_VARIANT_ADD(request, vip_set6) {
	REQUEST(VIP_SET, 0, VIP_BIT | ALLOW_BIT | ALLOW_OP_BIT, with_vip_set6),
};

FIXTURE_VARIANT_ADD(request, vip_del) {
	REQUEST(VIP_DEL, 0, VIP_BIT, with_vip_key),
};

FIXTURE_VARIANT_ADD(request, vip_get) {
	REQUEST(VIP_GET, 0, VIP_BIT, with_vip_key),
};

FIXTURE_VARIANT_ADD(request, vip_dump) {
	REQUEST(VIP_GET, NLM_F_DUMP, VIP_BIT, no_kids),
};

FIXTURE_VARIANT_ADD(request, allow_dump) {
	REQUEST(ALLOW_GET, NLM_F_DUMP, VIP_BIT, with_vip_key),
};

FIXTURE_VARIANT_ADD(request, real_new4) {
	REQUEST(REAL_NEW, 0, VIP_BIT | REAL_BIT | REPLACE_BIT, with_real_new4),
};

FIXTURE_VARIANT_ADD(request, real_new6) {
	REQUEST(REAL_NEW, 0, VIP_BIT | REAL_BIT | REPLACE_BIT, with_real_new6),
};

FIXTURE_VARIANT_ADD(request, real_set) {
	REQUEST(REAL_SET, 0, VIP_BIT | REAL_BIT, with_real_set),
};

FIXTURE_VARIANT_ADD(request, real_del) {
	REQUEST(REAL_DEL, 0, VIP_BIT | REAL_BIT, with_real_key),
};

FIXTURE_VARIANT_ADD(request, real_get) {
	REQUEST(REAL_GET, 0, VIP_BIT | REAL_BIT, with_real_key),
};

FIXTURE_VARIANT_ADD(request, real_dump) {
	REQUEST(REAL_GET, NLM_F_DUMP, VIP_BIT | REAL_BIT,
		with_vip_key_optional),
};

FIXTURE_VARIANT_ADD(request, real_health) {
	REQUEST(REAL_HEALTH, 0, VIP_BIT | REAL_BIT, with_health),
};

FIXTURE_VARIANT_ADD(request, conn_dump) {
	REQUEST(CONN_GET, NLM_F_DUMP, FILTER_BIT, with_filter4),
};

FIXTURE_VARIANT_ADD(request, conn_del4) {
	REQUEST(CONN_DEL, 0, FILTER_BIT, with_filter4_required),
};

FIXTURE_VARIANT_ADD(request, conn_del6) {
	REQUEST(CONN_DEL, 0, FILTER_BIT, with_filter6_required),
};

FIXTURE_VARIANT_ADD(request, persist_dump) {
	REQUEST(PERSIST_GET, NLM_F_DUMP, FILTER_BIT, with_filter4),
};

FIXTURE_VARIANT_ADD(request, persist_new4) {
	REQUEST(PERSIST_NEW, 0, VIP_BIT | REAL_BIT | PERSIST_BIT,
		with_persist4),
};

FIXTURE_VARIANT_ADD(request, persist_new6) {
	REQUEST(PERSIST_NEW, 0, VIP_BIT | REAL_BIT | PERSIST_BIT,
		with_persist6),
};

FIXTURE_VARIANT_ADD(request, probe_new4) {
	REQUEST(PROBE_NEW, 0, VIP_BIT | REAL_BIT | PROBE_BIT, with_probe4),
};

FIXTURE_VARIANT_ADD(request, probe_new6) {
	REQUEST(PROBE_NEW, 0, VIP_BIT | REAL_BIT | PROBE_BIT, with_probe6),
};

FIXTURE_VARIANT_ADD(request, persist_del4) {
	REQUEST(PERSIST_DEL, 0, FILTER_BIT, with_filter4_required),
};

FIXTURE_VARIANT_ADD(request, persist_del6) {
	REQUEST(PERSIST_DEL, 0, FILTER_BIT, with_filter6_required),
};

FIXTURE_VARIANT_ADD(request, trace_set) {
	REQUEST(TRACE_SET, 0, FILTER_BIT, with_filter4),
};

FIXTURE_VARIANT_ADD(request, event_dump) {
	REQUEST(EVENT_GET, NLM_F_DUMP, BIT(L4LB_A_RECORD), with_since),
};

FIXTURE_VARIANT_ADD(request, explain4) {
	REQUEST(EXPLAIN_GET, 0, BIT(L4LB_A_EXPLAIN), with_explain4),
};

FIXTURE_VARIANT_ADD(request, explain6) {
	REQUEST(EXPLAIN_GET, 0, BIT(L4LB_A_EXPLAIN), with_explain6),
};

FIXTURE_VARIANT_ADD(request, stats_reset) {
	REQUEST(STATS_RESET, 0, 0, no_kids),
};

FIXTURE_VARIANT_ADD(request, flush) {
	REQUEST(FLUSH, 0, 0, no_kids),
};

static int loopback_up(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	int ret = fd < 0 ? -1 : ioctl(fd, SIOCSIFFLAGS, &request);

	close(fd);

	return ret;
}

FIXTURE_SETUP(request)
{
	struct nl *nl = &self->nl;

	ASSERT_EQ(0, nl_open_new(nl));
	ASSERT_EQ(0, loopback_up());
	/* The first real has the first epoch. */
	ASSERT_EQ(0, nl_vip_new(nl, "web", "192.0.2.10", 80, L4LB_MODE_NAT));
	ASSERT_EQ(0, nl_real_new(nl, "web", "one", "192.0.2.21"));
	ASSERT_EQ(0, nl_vip_new(nl, "dr", "192.0.2.90", 80, L4LB_MODE_DR));
	ASSERT_EQ(0, nl_real_new(nl, "dr", "one", "192.0.2.21"));
	ASSERT_EQ(0, nl_vip_new(nl, "dr6", "2001:db8::90", 80, L4LB_MODE_DR));
	ASSERT_EQ(0, nl_real_new(nl, "dr6", "one", "2001:db8::21"));
	ASSERT_EQ(0, nl_vip_new(nl, "web6", "2001:db8::10", 80,
				L4LB_MODE_NAT));
	ASSERT_EQ(0, nl_real_new(nl, "web6", "one", "2001:db8::21"));
	ASSERT_EQ(0, nl_vip_persist(nl, "web", 60000));
	ASSERT_EQ(0, nl_vip_persist(nl, "web6", 60000));
	ASSERT_EQ(0, nl_picture(nl, &self->before));
}

FIXTURE_TEARDOWN(request)
{
	nl_close(&self->nl);
}

/* Returns whether the request was refused as it must be. */
static bool refused(struct nl *nl, const struct request *request,
		    struct writer *w, const struct node *node)
{
	const __s64 generation = nl_generation(nl);
	struct nl_answer answer;
	int err;

	write_request(nl, request, w);
	err = nl_talk(nl, NULL, NULL, &answer);
	if (!err && generation >= 0 && answer_explains(w, node, &answer) &&
	    nl_generation(nl) == generation)
		return true;

	fprintf(stderr, "# attribute %d of type %u, %s", w->node, node->type,
		damage_words[w->damage]);
	if (w->damage == STRANGER)
		fprintf(stderr, " of type %u", w->stranger);
	fprintf(stderr, ": answer %d/%d \"%s\"", err, answer.err, answer.text);
	if (answer.has_offs)
		fprintf(stderr, " at %u", answer.offs);
	if (answer.has_miss)
		fprintf(stderr, " missing %u in %u", answer.miss_type,
			answer.miss_nest);
	fprintf(stderr, ", fault at %u in %u, generation %lld, then %lld\n",
		w->at, w->nest_at, (long long)generation,
		(long long)nl_generation(nl));

	return false;
}

static int refuse_strangers(struct nl *nl, const struct request *request,
			    int number, const struct node *node)
{
	int failures = 0;
	unsigned int type;

	for (type = 0; type <= node->last + 2U; type++) {
		struct writer w = {
			.node = number,
			.damage = STRANGER,
			.stranger = (__u16)type,
		};

		if (!(node->allowed & BIT(type)))
			failures += !refused(nl, request, &w, node);
	}

	return failures;
}

static int refuse_all(struct nl *nl, const struct request *request)
{
	const struct node *node;
	int number, left, failures = 0;
	enum damage damage;

	for (number = 0; ; number++) {
		left = number;
		node = find_node(&request->root, &left);
		if (!node)
			return failures;

		for (damage = MISSING; damage < N_DAMAGES; damage++) {
			struct writer w = { .node = number, .damage = damage };

			if (damage_applies(node, damage))
				failures += !refused(nl, request, &w, node);
		}
		if (node->kind == NEST)
			failures += refuse_strangers(nl, request, number, node);
	}
}

TEST_F_TIMEOUT(request, refused_if_spoilt, 600)
{
	struct writer good = { .node = -1 };
	struct nl *nl = &self->nl;
	struct nl_answer answer;

	EXPECT_EQ(0, refuse_all(nl, &variant->request));
	ASSERT_EQ(0, nl_picture(nl, &self->after));
	EXPECT_EQ(self->before.len, self->after.len);
	EXPECT_EQ(0, memcmp(self->before.bytes, self->after.bytes,
			    self->before.len));

	write_request(nl, &variant->request, &good);
	ASSERT_EQ(0, nl_talk(nl, NULL, NULL, &answer));
	EXPECT_EQ(0, answer.err) {
		TH_LOG("the good request: %s", answer.text);
	}
}

TEST_HARNESS_MAIN
