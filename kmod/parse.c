// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netlink attributes as objects.
 *
 * Whatever a policy can express is in a policy. The rest is here, and what
 * depends on other objects is in the tables.
 */

#include "parse.h"
#include "conn.h"
#include "health.h"
#include "persist.h"
#include "probe.h"
#include "real.h"
#include "vip.h"

#include <linux/ctype.h>
#include <linux/netdevice.h>

#define ATTR_ERR(extack, attr, text) \
	({ NL_SET_ERR_MSG_ATTR(extack, attr, text); -EINVAL; })

static const struct nla_policy range_policy[L4LB_A_RANGE_MAX + 1] = {
	[L4LB_A_RANGE_FIRST]	= NLA_POLICY_MIN(NLA_BE16, 1),
	[L4LB_A_RANGE_LAST]	= NLA_POLICY_MIN(NLA_BE16, 1),
};

static const struct nla_policy ports_policy[L4LB_A_PORTS_MAX + 1] = {
	[L4LB_A_PORTS_RANGE]	= NLA_POLICY_NESTED(range_policy),
};

/* Not const: the policies of 6.1 point to what may be written. */
static struct netlink_range_validation check_time_range = {
	.min	= L4LB_CHECK_TIME_MIN,
	.max	= L4LB_TIME_MAX,
};

static const struct nla_policy check_policy[L4LB_A_CHECK_MAX + 1] = {
	[L4LB_A_CHECK_TYPE]	= { .type = NLA_NUL_STRING,
				    .len = L4LB_CHECK_TYPE_MAX },
	[L4LB_A_CHECK_PORTS]	= NLA_POLICY_NESTED(ports_policy),
	[L4LB_A_CHECK_INTERVAL]	= NLA_POLICY_FULL_RANGE(NLA_U32,
							&check_time_range),
	[L4LB_A_CHECK_TIMEOUT]	= NLA_POLICY_FULL_RANGE(NLA_U32,
							&check_time_range),
	[L4LB_A_CHECK_RISE]	= NLA_POLICY_RANGE(NLA_U8, 1,
						   L4LB_CHECK_COUNT_MAX),
	[L4LB_A_CHECK_FALL]	= NLA_POLICY_RANGE(NLA_U8, 1,
						   L4LB_CHECK_COUNT_MAX),
	[L4LB_A_CHECK_FAST]	= { .type = NLA_U32 },
	[L4LB_A_CHECK_VIA]	= NLA_POLICY_RANGE(NLA_U8, 1, L4LB_VIA_MAX),
	[L4LB_A_CHECK_AGENT]	= { .type = NLA_BE16 },
	[L4LB_A_CHECK_GUARD]	= NLA_POLICY_MAX(NLA_U8, 100),
	[L4LB_A_CHECK_SECRET]	= { .type = NLA_NUL_STRING,
				    .len = L4LB_NAME_MAX },
	[L4LB_A_CHECK_ARGS]	= { .type = NLA_NUL_STRING,
				    .len = L4LB_CHECK_ARGS_MAX },
};

static struct netlink_range_validation idle_range = {
	.min	= L4LB_IDLE_MIN,
	.max	= L4LB_TIME_MAX,
};

static struct netlink_range_validation persist_range = {
	.max	= L4LB_TIME_MAX,
};

static const struct nla_policy sources_policy[L4LB_A_SOURCES_MAX + 1] = {
	[L4LB_A_SOURCES_ADDR4]	= { .type = NLA_BE32 },
	[L4LB_A_SOURCES_ADDR6]	=
		NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
};

static struct netlink_range_validation slow_start_range = {
	.max	= L4LB_TIME_MAX,
};

static const struct nla_policy fallback_policy[L4LB_A_FALLBACK_MAX + 1] = {
	[L4LB_A_FALLBACK_ADDR4]	= { .type = NLA_BE32 },
	[L4LB_A_FALLBACK_ADDR6]	=
		NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[L4LB_A_FALLBACK_PORT]	= { .type = NLA_BE16 },
};

static const struct nla_policy vip_policy[L4LB_A_VIP_MAX + 1] = {
	[L4LB_A_VIP_NAME]	= { .type = NLA_NUL_STRING,
				    .len = L4LB_NAME_MAX },
	[L4LB_A_VIP_NEW_NAME]	= { .type = NLA_NUL_STRING,
				    .len = L4LB_NAME_MAX },
	[L4LB_A_VIP_ADDR4]	= { .type = NLA_BE32 },
	[L4LB_A_VIP_ADDR6]	=
		NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[L4LB_A_VIP_PROTOS]	= NLA_POLICY_RANGE(NLA_U8, 1, L4LB_PROTO_ALL),
	[L4LB_A_VIP_PORTS]	= NLA_POLICY_NESTED(ports_policy),
	[L4LB_A_VIP_MODE]	= NLA_POLICY_RANGE(NLA_U8, 1, L4LB_MODE_MAX),
	[L4LB_A_VIP_SCHED]	= NLA_POLICY_RANGE(NLA_U8, 1, L4LB_SCHED_MAX),
	[L4LB_A_VIP_IDLE]	= NLA_POLICY_FULL_RANGE(NLA_U32, &idle_range),
	[L4LB_A_VIP_CHECK]	= NLA_POLICY_NESTED(check_policy),
	[L4LB_A_VIP_ORPHAN]	= NLA_POLICY_RANGE(NLA_U8, 1, L4LB_ORPHAN_MAX),
	[L4LB_A_VIP_NO_REAL]	= NLA_POLICY_RANGE(NLA_U8, 1,
						   L4LB_NO_REAL_MAX),
	[L4LB_A_VIP_SEED]	= { .type = NLA_U64 },
	[L4LB_A_VIP_PERSIST]	= NLA_POLICY_FULL_RANGE(NLA_U32,
							&persist_range),
	[L4LB_A_VIP_MASK]	= NLA_POLICY_RANGE(NLA_U8, 1, 128),
	[L4LB_A_VIP_HOOK]	= NLA_POLICY_RANGE(NLA_U8, 1, L4LB_HOOK_MAX),
	[L4LB_A_VIP_SOURCES]	= NLA_POLICY_NESTED(sources_policy),
	[L4LB_A_VIP_FALLBACK]	= NLA_POLICY_NESTED(fallback_policy),
	[L4LB_A_VIP_SLOW_START]	= NLA_POLICY_FULL_RANGE(NLA_U32,
							&slow_start_range),
	[L4LB_A_VIP_DEV]	= { .type = NLA_NUL_STRING,
				    .len = IFNAMSIZ - 1 },
};

static const struct nla_policy vip_key_policy[L4LB_A_VIP_NAME + 1] = {
	[L4LB_A_VIP_NAME]	= { .type = NLA_NUL_STRING,
				    .len = L4LB_NAME_MAX },
};

static struct netlink_range_validation weight_range = {
	.max	= L4LB_WEIGHT_MAX,
};

static const struct nla_policy real_policy[L4LB_A_REAL_MAX + 1] = {
	[L4LB_A_REAL_NAME]	= { .type = NLA_NUL_STRING,
				    .len = L4LB_NAME_MAX },
	[L4LB_A_REAL_ADDR4]	= { .type = NLA_BE32 },
	[L4LB_A_REAL_ADDR6]	=
		NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[L4LB_A_REAL_PORT]	= { .type = NLA_BE16 },
	[L4LB_A_REAL_WEIGHT]	= NLA_POLICY_FULL_RANGE(NLA_U32,
							&weight_range),
	[L4LB_A_REAL_ADMIN]	= NLA_POLICY_RANGE(NLA_U8, 1, L4LB_ADMIN_MAX),
	[L4LB_A_REAL_CHECK]	= NLA_POLICY_NESTED(check_policy),
	[L4LB_A_REAL_CHECK_INHERIT] = { .type = NLA_FLAG },
	[L4LB_A_REAL_MAX_CONNS]	= { .type = NLA_U32 },
};

static const struct nla_policy real_key_policy[L4LB_A_REAL_NAME + 1] = {
	[L4LB_A_REAL_NAME]	= { .type = NLA_NUL_STRING,
				    .len = L4LB_NAME_MAX },
};

static const struct nla_policy health_policy[L4LB_A_REAL_MAX + 1] = {
	[L4LB_A_REAL_NAME]	= { .type = NLA_NUL_STRING,
				    .len = L4LB_NAME_MAX },
	[L4LB_A_REAL_HEALTH]	= NLA_POLICY_RANGE(NLA_U8, L4LB_HEALTH_UP,
						   L4LB_HEALTH_DOWN),
	[L4LB_A_REAL_REASON]	= { .type = NLA_NUL_STRING,
				    .len = L4LB_REASON_MAX },
	[L4LB_A_REAL_EPOCH]	= { .type = NLA_U32 },
	[L4LB_A_REAL_RESULT]	= NLA_POLICY_RANGE(NLA_U8, L4LB_HEALTH_UP,
						   L4LB_HEALTH_DOWN),
	[L4LB_A_REAL_RESULT_TEXT] = { .type = NLA_NUL_STRING,
				      .len = L4LB_REASON_MAX },
	[L4LB_A_REAL_RTT]	= { .type = NLA_U32 },
	[L4LB_A_REAL_AGENT_WEIGHT] = NLA_POLICY_MAX(NLA_U16,
						    L4LB_AGENT_WEIGHT_MAX),
	[L4LB_A_REAL_AGENT_ADMIN] = NLA_POLICY_RANGE(NLA_U8, 1,
						     L4LB_ADMIN_MAX),
};

static const struct nla_policy filter_policy[L4LB_A_FILTER_MAX + 1] = {
	[L4LB_A_FILTER_VIP]	= { .type = NLA_NUL_STRING,
				    .len = L4LB_NAME_MAX },
	[L4LB_A_FILTER_REAL]	= { .type = NLA_NUL_STRING,
				    .len = L4LB_NAME_MAX },
	[L4LB_A_FILTER_ADDR4]	= { .type = NLA_BE32 },
	[L4LB_A_FILTER_ADDR6]	=
		NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[L4LB_A_FILTER_LEN]	= NLA_POLICY_MAX(NLA_U8, 128),
	[L4LB_A_FILTER_LIMIT]	= NLA_POLICY_MIN(NLA_U32, 1),
};

static struct netlink_range_validation left_range = {
	.min	= L4LB_PERSIST_MIN,
	.max	= L4LB_TIME_MAX,
};

static const struct nla_policy persist_policy[L4LB_A_PERSIST_MAX + 1] = {
	[L4LB_A_PERSIST_ADDR4]	= { .type = NLA_BE32 },
	[L4LB_A_PERSIST_ADDR6]	=
		NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[L4LB_A_PERSIST_LEFT]	= NLA_POLICY_FULL_RANGE(NLA_U32, &left_range),
	[L4LB_A_PERSIST_FOREVER] = { .type = NLA_FLAG },
};

const struct nla_policy l4lb_vip_new_policy[L4LB_A_ALLOW + 1] = {
	[L4LB_A_VIP]	= NLA_POLICY_NESTED(vip_policy),
	[L4LB_A_REPLACE] = { .type = NLA_FLAG },
	[L4LB_A_ALLOW]	= NLA_POLICY_NESTED(l4lb_allow_policy),
};

const struct nla_policy l4lb_vip_request_policy[L4LB_A_ALLOW_OP + 1] = {
	[L4LB_A_VIP]	= NLA_POLICY_NESTED(vip_policy),
	[L4LB_A_ALLOW]	= NLA_POLICY_NESTED(l4lb_allow_policy),
	[L4LB_A_ALLOW_OP] = NLA_POLICY_RANGE(NLA_U8, 1, L4LB_ALLOW_OP_MAX),
};

const struct nla_policy l4lb_vip_name_policy[L4LB_A_VIP + 1] = {
	[L4LB_A_VIP]	= NLA_POLICY_NESTED(vip_key_policy),
};

const struct nla_policy l4lb_real_new_policy[L4LB_A_REPLACE + 1] = {
	[L4LB_A_VIP]	= NLA_POLICY_NESTED(vip_key_policy),
	[L4LB_A_REAL]	= NLA_POLICY_NESTED(real_policy),
	[L4LB_A_REPLACE] = { .type = NLA_FLAG },
};

const struct nla_policy l4lb_real_request_policy[L4LB_A_REAL + 1] = {
	[L4LB_A_VIP]	= NLA_POLICY_NESTED(vip_key_policy),
	[L4LB_A_REAL]	= NLA_POLICY_NESTED(real_policy),
};

const struct nla_policy l4lb_real_name_policy[L4LB_A_REAL + 1] = {
	[L4LB_A_VIP]	= NLA_POLICY_NESTED(vip_key_policy),
	[L4LB_A_REAL]	= NLA_POLICY_NESTED(real_key_policy),
};

const struct nla_policy l4lb_health_request_policy[L4LB_A_REAL + 1] = {
	[L4LB_A_VIP]	= NLA_POLICY_NESTED(vip_key_policy),
	[L4LB_A_REAL]	= NLA_POLICY_NESTED(health_policy),
};

const struct nla_policy l4lb_filter_request_policy[L4LB_A_FILTER + 1] = {
	[L4LB_A_FILTER]	= NLA_POLICY_NESTED(filter_policy),
};

static const struct nla_policy probe_policy[L4LB_A_PROBE_MAX + 1] = {
	[L4LB_A_PROBE_ADDR4]	= { .type = NLA_BE32 },
	[L4LB_A_PROBE_ADDR6]	=
		NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[L4LB_A_PROBE_SPORT]	= NLA_POLICY_MIN(NLA_BE16, 1),
	[L4LB_A_PROBE_PORT]	= NLA_POLICY_MIN(NLA_BE16, 1),
	[L4LB_A_PROBE_PROTO]	= NLA_POLICY_RANGE(NLA_U8, L4LB_PROTO_TCP,
						   L4LB_PROTO_UDP),
};

const struct nla_policy l4lb_probe_policy[L4LB_A_PROBE + 1] = {
	[L4LB_A_VIP]	= NLA_POLICY_NESTED(vip_key_policy),
	[L4LB_A_REAL]	= NLA_POLICY_NESTED(real_key_policy),
	[L4LB_A_PROBE]	= NLA_POLICY_NESTED(probe_policy),
};

const struct nla_policy l4lb_persist_new_policy[L4LB_A_PERSIST + 1] = {
	[L4LB_A_VIP]	= NLA_POLICY_NESTED(vip_key_policy),
	[L4LB_A_REAL]	= NLA_POLICY_NESTED(real_key_policy),
	[L4LB_A_PERSIST] = NLA_POLICY_NESTED(persist_policy),
};

const struct nla_policy l4lb_txn_begin_policy[L4LB_A_GENERATION + 1] = {
	[L4LB_A_GENERATION] = { .type = NLA_U32 },
};

const struct nla_policy l4lb_txn_commit_policy[L4LB_A_DRY_RUN + 1] = {
	[L4LB_A_DRY_RUN] = { .type = NLA_FLAG },
};

static const char *const reserved_names[] = {
	"all", "any", "none", "off", "default", "inherit", "fallback",
};

static bool name_is_valid(const char *name)
{
	const char *c;

	if (!isascii(*name) || !isalpha(*name))
		return false;

	for (c = name; *c; c++)
		if (!isascii(*c) || (!isalnum(*c) && !strchr("-_.", *c)))
			return false;

	return match_string(reserved_names, ARRAY_SIZE(reserved_names),
			    name) < 0;
}

static int parse_name(const struct nlattr *attr, char *name,
		      struct netlink_ext_ack *extack)
{
	if (!name_is_valid(nla_data(attr)))
		return ATTR_ERR(extack, attr,
				"a name is a letter, then letters, digits and -_., and no reserved word");

	nla_strscpy(name, attr, L4LB_NAME_MAX + 1);

	return 0;
}

/*
 * Names that are looked up need not be valid: there is just no such object. Of
 * several names the last counts, as nla_parse_nested() has it. The text is for
 * dumps, whose answers do not tell what is missing.
 */
static const char *find_name(struct nlattr **attrs, int nest, int name,
			     struct netlink_ext_ack *extack)
{
	const struct nlattr *attr, *found = NULL;
	int rem;

	if (!attrs[nest]) {
		NL_SET_ERR_ATTR_MISS(extack, NULL, nest);
		return NULL;
	}

	nla_for_each_nested(attr, attrs[nest], rem)
		if (nla_type(attr) == name)
			found = attr;
	if (!found) {
		NL_SET_ERR_MSG(extack, "the name is missing");
		NL_SET_ERR_ATTR_MISS(extack, attrs[nest], name);
		return NULL;
	}

	return nla_data(found);
}

/**
 * l4lb_parse_vip_name() - which VIP a request is about
 * @attrs: attributes of the request
 * @extack: where to explain a failure
 *
 * Context: Process context.
 * Return: the name, or NULL if there is none.
 */
const char *l4lb_parse_vip_name(struct nlattr **attrs,
				struct netlink_ext_ack *extack)
{
	return find_name(attrs, L4LB_A_VIP, L4LB_A_VIP_NAME, extack);
}

/**
 * l4lb_parse_real_name() - which real a request is about
 * @attrs: attributes of the request
 * @extack: where to explain a failure
 *
 * Context: Process context.
 * Return: the name, or NULL if there is none.
 */
const char *l4lb_parse_real_name(struct nlattr **attrs,
				 struct netlink_ext_ack *extack)
{
	return find_name(attrs, L4LB_A_REAL, L4LB_A_REAL_NAME, extack);
}

static int parse_addr(const struct nlattr *addr4, const struct nlattr *addr6,
		      u8 *family, union nf_inet_addr *addr,
		      struct netlink_ext_ack *extack)
{
	if (addr4 && addr6)
		return ATTR_ERR(extack, addr6,
				"give one address, IPv4 or IPv6");

	memset(addr, 0, sizeof(*addr));
	if (addr4) {
		*family = AF_INET;
		addr->ip = nla_get_be32(addr4);
	} else {
		*family = AF_INET6;
		addr->in6 = nla_get_in6_addr(addr6);
	}

	return 0;
}

static int parse_range(const struct nlattr *attr,
		       struct l4lb_port_range *range,
		       struct netlink_ext_ack *extack)
{
	struct nlattr *tb[L4LB_A_RANGE_MAX + 1];
	int err;

	err = nla_parse_nested(tb, L4LB_A_RANGE_MAX, attr, range_policy,
			       extack);
	if (err)
		return err;

	if (l4lb_attr_misses(extack, attr, tb, L4LB_A_RANGE_FIRST) ||
	    l4lb_attr_misses(extack, attr, tb, L4LB_A_RANGE_LAST))
		return -EINVAL;

	range->first = ntohs(nla_get_be16(tb[L4LB_A_RANGE_FIRST]));
	range->last = ntohs(nla_get_be16(tb[L4LB_A_RANGE_LAST]));
	if (range->first > range->last)
		return ATTR_ERR(extack, attr,
				"a range of ports ends before it begins");

	return 0;
}

/* Keeps the list ascending and disjoint; returns how many ranges are left. */
static unsigned int ranges_insert(struct l4lb_port_range *ranges,
				  unsigned int n, struct l4lb_port_range add)
{
	unsigned int i, first = 0, last;

	while (first < n && ranges[first].last + 1 < add.first)
		first++;
	for (last = first; last < n && ranges[last].first <= add.last + 1;
	     last++) {
		add.first = min(add.first, ranges[last].first);
		add.last = max(add.last, ranges[last].last);
	}

	if (last == first) {
		for (i = n; i > first; i--)
			ranges[i] = ranges[i - 1];
		ranges[first] = add;
		return n + 1;
	}

	ranges[first] = add;
	for (i = last; i < n; i++)
		ranges[first + 1 + i - last] = ranges[i];

	return n - (last - first) + 1;
}

static int parse_ports(const struct nlattr *nest,
		       struct l4lb_vip_config *config,
		       struct netlink_ext_ack *extack)
{
	struct l4lb_port_range ranges[L4LB_PORTS_MAX + 1];
	struct l4lb_port_range range;
	const struct nlattr *attr;
	unsigned int n = 0;
	int rem, err;

	nla_for_each_nested(attr, nest, rem) {
		err = parse_range(attr, &range, extack);
		if (err)
			return err;
		n = ranges_insert(ranges, n, range);
		if (n > L4LB_PORTS_MAX)
			return ATTR_ERR(extack, nest,
					"a vip has at most 64 ranges of ports");
	}

	if (!n)
		return ATTR_ERR(extack, nest, "the list of ports is empty");

	config->n_ports = n;
	memcpy(config->ports, ranges, n * sizeof(*ranges));

	return 0;
}

static int parse_check_ports(const struct nlattr *nest,
			     struct l4lb_check *check,
			     struct netlink_ext_ack *extack)
{
	struct l4lb_port_range range;
	const struct nlattr *attr;
	int rem, err;

	check->n_ports = 0;
	memset(check->ports, 0, sizeof(check->ports));
	nla_for_each_nested(attr, nest, rem) {
		err = parse_range(attr, &range, extack);
		if (err)
			return err;
		if (range.first != range.last)
			return ATTR_ERR(extack, attr,
					"a check takes single ports");
		if (check->n_ports == L4LB_CHECK_PORTS_MAX)
			return ATTR_ERR(extack, nest,
					"a check has at most 16 ports");
		check->ports[check->n_ports++] = range.first;
	}

	return 0;
}

static bool check_type_is_valid(const char *type)
{
	const char *c;

	for (c = type; *c; c++)
		if (!isascii(*c) ||
		    (!islower(*c) && !isdigit(*c) && *c != '-'))
			return false;

	return c != type;
}

/* Empty for none. */
static int parse_check_secret(const struct nlattr *attr,
			      struct l4lb_check *check,
			      struct netlink_ext_ack *extack)
{
	memset(check->secret, 0, sizeof(check->secret));
	if (!*(const char *)nla_data(attr))
		return 0;

	return parse_name(attr, check->secret, extack);
}

static const char *parse_check_args(const struct nlattr *attr)
{
	const char *args = nla_data(attr);

	return *args ? args : NULL;
}

static int check_validate(const struct nlattr *nest, struct nlattr **tb,
			  const struct l4lb_check *check,
			  struct netlink_ext_ack *extack)
{
	if (check->interval < check->timeout)
		return ATTR_ERR(extack, tb[L4LB_A_CHECK_INTERVAL] ?:
					tb[L4LB_A_CHECK_TIMEOUT] ?: nest,
				"the interval of a check is shorter than its timeout");
	if (check->fast && check->fast < L4LB_CHECK_TIME_MIN)
		return ATTR_ERR(extack, tb[L4LB_A_CHECK_FAST] ?: nest,
				"the fast interval of a check is too short");
	if (check->fast > check->interval)
		return ATTR_ERR(extack, tb[L4LB_A_CHECK_FAST] ?:
					tb[L4LB_A_CHECK_INTERVAL] ?: nest,
				"the fast interval of a check is longer than its interval");

	return 0;
}

static int parse_check(const struct nlattr *nest, struct l4lb_check *check,
		       struct netlink_ext_ack *extack)
{
	struct nlattr *tb[L4LB_A_CHECK_MAX + 1];
	int err;

	err = nla_parse_nested(tb, L4LB_A_CHECK_MAX, nest, check_policy,
			       extack);
	if (err)
		return err;

	if (tb[L4LB_A_CHECK_TYPE]) {
		if (!check_type_is_valid(nla_data(tb[L4LB_A_CHECK_TYPE])))
			return ATTR_ERR(extack, tb[L4LB_A_CHECK_TYPE],
					"the type of a check is lower-case letters, digits and -");
		l4lb_check_init(check, nla_data(tb[L4LB_A_CHECK_TYPE]));
	}
	if (tb[L4LB_A_CHECK_PORTS]) {
		err = parse_check_ports(tb[L4LB_A_CHECK_PORTS], check, extack);
		if (err)
			return err;
	}
	if (tb[L4LB_A_CHECK_INTERVAL])
		check->interval = nla_get_u32(tb[L4LB_A_CHECK_INTERVAL]);
	if (tb[L4LB_A_CHECK_TIMEOUT])
		check->timeout = nla_get_u32(tb[L4LB_A_CHECK_TIMEOUT]);
	if (tb[L4LB_A_CHECK_RISE])
		check->rise = nla_get_u8(tb[L4LB_A_CHECK_RISE]);
	if (tb[L4LB_A_CHECK_FALL])
		check->fall = nla_get_u8(tb[L4LB_A_CHECK_FALL]);
	if (tb[L4LB_A_CHECK_FAST])
		check->fast = nla_get_u32(tb[L4LB_A_CHECK_FAST]);
	if (tb[L4LB_A_CHECK_VIA])
		check->via = nla_get_u8(tb[L4LB_A_CHECK_VIA]);
	if (tb[L4LB_A_CHECK_AGENT])
		check->agent = nla_get_be16(tb[L4LB_A_CHECK_AGENT]);
	if (tb[L4LB_A_CHECK_GUARD])
		check->guard = nla_get_u8(tb[L4LB_A_CHECK_GUARD]);
	if (tb[L4LB_A_CHECK_SECRET]) {
		err = parse_check_secret(tb[L4LB_A_CHECK_SECRET], check, extack);
		if (err)
			return err;
	}
	if (tb[L4LB_A_CHECK_ARGS])
		check->args = parse_check_args(tb[L4LB_A_CHECK_ARGS]);

	return check_validate(nest, tb, check, extack);
}

/* Of which family they may be is said where the VIP is known as a whole. */
static int parse_sources(const struct nlattr *nest,
			 struct l4lb_vip_config *config,
			 struct netlink_ext_ack *extack)
{
	union nf_inet_addr *addr = config->sources;
	const struct nlattr *attr;
	u8 family;
	int rem;

	memset(config->sources, 0, sizeof(config->sources));
	config->n_sources = 0;
	nla_for_each_nested(attr, nest, rem) {
		if (config->n_sources == L4LB_SOURCES_MAX)
			return ATTR_ERR(extack, nest,
					"a vip has at most 16 sources");
		if (nla_type(attr) == L4LB_A_SOURCES_ADDR4) {
			family = AF_INET;
			addr->ip = nla_get_be32(attr);
		} else {
			family = AF_INET6;
			addr->in6 = nla_get_in6_addr(attr);
		}
		if (config->n_sources && family != config->source_family)
			return ATTR_ERR(extack, attr,
					"the sources differ in family");
		config->source_family = family;
		config->n_sources++;
		addr++;
	}

	return 0;
}

static u8 addr_len(u8 family)
{
	return family == AF_INET ? 32 : 128;
}

static int parse_persist(struct nlattr **tb, struct l4lb_vip_config *config,
			 struct netlink_ext_ack *extack)
{
	if (tb[L4LB_A_VIP_PERSIST]) {
		config->persist = nla_get_u32(tb[L4LB_A_VIP_PERSIST]);
		if (config->persist && config->persist < L4LB_PERSIST_MIN)
			return ATTR_ERR(extack, tb[L4LB_A_VIP_PERSIST],
					"persistence lasts a second at least");
	}
	if (tb[L4LB_A_VIP_MASK]) {
		config->mask = nla_get_u8(tb[L4LB_A_VIP_MASK]);
		if (config->mask > addr_len(config->family))
			return ATTR_ERR(extack, tb[L4LB_A_VIP_MASK],
					"the mask is longer than the address");
	}

	return 0;
}

static int parse_fallback(const struct nlattr *nest,
			  struct l4lb_vip_fallback *fallback,
			  struct netlink_ext_ack *extack)
{
	struct nlattr *tb[L4LB_A_FALLBACK_MAX + 1];
	int err;

	memset(fallback, 0, sizeof(*fallback));
	if (!nla_len(nest))
		return 0;

	err = nla_parse_nested(tb, L4LB_A_FALLBACK_MAX, nest, fallback_policy,
			       extack);
	if (err)
		return err;

	if (!tb[L4LB_A_FALLBACK_ADDR6] &&
	    l4lb_attr_misses(extack, nest, tb, L4LB_A_FALLBACK_ADDR4))
		return -EINVAL;
	if (tb[L4LB_A_FALLBACK_PORT])
		fallback->port = nla_get_be16(tb[L4LB_A_FALLBACK_PORT]);

	return parse_addr(tb[L4LB_A_FALLBACK_ADDR4], tb[L4LB_A_FALLBACK_ADDR6],
			  &fallback->family, &fallback->addr, extack);
}

/* The interface may come later: only its name can be wrong. */
static int parse_dev(const struct nlattr *attr, char dev[IFNAMSIZ],
		     struct netlink_ext_ack *extack)
{
	const char *name = nla_data(attr);

	if (*name && !dev_valid_name(name))
		return ATTR_ERR(extack, attr, "no interface can have this name");
	strscpy_pad(dev, name, IFNAMSIZ);

	return 0;
}

/* What a new VIP and a changed one have in common. */
static int parse_vip_options(struct nlattr **tb,
			     struct l4lb_vip_config *config,
			     struct netlink_ext_ack *extack)
{
	int err;

	if (tb[L4LB_A_VIP_ADDR4] || tb[L4LB_A_VIP_ADDR6]) {
		u8 family = config->family;

		err = parse_addr(tb[L4LB_A_VIP_ADDR4], tb[L4LB_A_VIP_ADDR6],
				 &config->family, &config->addr, extack);
		if (err)
			return err;
		if (config->family != family)
			config->mask = addr_len(config->family);
	}
	if (tb[L4LB_A_VIP_PORTS]) {
		err = parse_ports(tb[L4LB_A_VIP_PORTS], config, extack);
		if (err)
			return err;
	}
	if (tb[L4LB_A_VIP_PROTOS])
		config->protos = nla_get_u8(tb[L4LB_A_VIP_PROTOS]);
	if (tb[L4LB_A_VIP_MODE])
		config->mode = nla_get_u8(tb[L4LB_A_VIP_MODE]);
	if (tb[L4LB_A_VIP_SCHED])
		config->sched = nla_get_u8(tb[L4LB_A_VIP_SCHED]);
	if (tb[L4LB_A_VIP_IDLE])
		config->idle = nla_get_u32(tb[L4LB_A_VIP_IDLE]);
	if (tb[L4LB_A_VIP_ORPHAN])
		config->orphan = nla_get_u8(tb[L4LB_A_VIP_ORPHAN]);
	if (tb[L4LB_A_VIP_NO_REAL])
		config->no_real = nla_get_u8(tb[L4LB_A_VIP_NO_REAL]);
	if (tb[L4LB_A_VIP_HOOK])
		config->hook = nla_get_u8(tb[L4LB_A_VIP_HOOK]);
	if (tb[L4LB_A_VIP_SEED])
		config->seed = nla_get_u64(tb[L4LB_A_VIP_SEED]);
	if (tb[L4LB_A_VIP_SOURCES]) {
		err = parse_sources(tb[L4LB_A_VIP_SOURCES], config, extack);
		if (err)
			return err;
	}
	if (tb[L4LB_A_VIP_SLOW_START])
		config->slow_start = nla_get_u32(tb[L4LB_A_VIP_SLOW_START]);
	err = parse_persist(tb, config, extack);
	if (err)
		return err;
	if (tb[L4LB_A_VIP_FALLBACK]) {
		err = parse_fallback(tb[L4LB_A_VIP_FALLBACK],
				     &config->fallback, extack);
		if (err)
			return err;
	}
	if (tb[L4LB_A_VIP_DEV]) {
		err = parse_dev(tb[L4LB_A_VIP_DEV], config->dev, extack);
		if (err)
			return err;
	}

	if (!config->check.type[0])
		l4lb_check_init(&config->check,
				config->protos & L4LB_PROTO_TCP ? "tcp" : "off");
	if (tb[L4LB_A_VIP_CHECK])
		return parse_check(tb[L4LB_A_VIP_CHECK], &config->check,
				   extack);

	return 0;
}

/**
 * l4lb_parse_vip_new() - what a new VIP is to be
 * @attrs: attributes of the request, with a VIP that has a name
 * @config: defaults, to be filled
 * @extack: where to explain a failure
 *
 * Context: Process context.
 * Return: 0, or a negative errno.
 */
int l4lb_parse_vip_new(struct nlattr **attrs, struct l4lb_vip_config *config,
		       struct netlink_ext_ack *extack)
{
	struct nlattr *nest = attrs[L4LB_A_VIP];
	struct nlattr *tb[L4LB_A_VIP_MAX + 1];
	int err;

	err = nla_parse_nested(tb, L4LB_A_VIP_MAX, nest, vip_policy, extack);
	if (err)
		return err;

	if (l4lb_attr_misses(extack, nest, tb, L4LB_A_VIP_PROTOS) ||
	    l4lb_attr_misses(extack, nest, tb, L4LB_A_VIP_PORTS))
		return -EINVAL;
	if (!tb[L4LB_A_VIP_ADDR6] &&
	    l4lb_attr_misses(extack, nest, tb, L4LB_A_VIP_ADDR4))
		return -EINVAL;
	if (tb[L4LB_A_VIP_NEW_NAME])
		return ATTR_ERR(extack, tb[L4LB_A_VIP_NEW_NAME],
				"only what exists can be renamed");

	err = parse_name(tb[L4LB_A_VIP_NAME], config->name, extack);
	if (err)
		return err;

	return parse_vip_options(tb, config, extack);
}

/**
 * l4lb_parse_vip_set() - what a VIP is to be from now on
 * @attrs: attributes of the request, with a VIP that has a name
 * @config: what it is, to be changed
 * @extack: where to explain a failure
 *
 * Context: Process context.
 * Return: 0, or a negative errno.
 */
int l4lb_parse_vip_set(struct nlattr **attrs, struct l4lb_vip_config *config,
		       struct netlink_ext_ack *extack)
{
	struct nlattr *tb[L4LB_A_VIP_MAX + 1];
	int err;

	err = nla_parse_nested(tb, L4LB_A_VIP_MAX, attrs[L4LB_A_VIP],
			       vip_policy, extack);
	if (err)
		return err;

	if (tb[L4LB_A_VIP_NEW_NAME]) {
		err = parse_name(tb[L4LB_A_VIP_NEW_NAME], config->name,
				 extack);
		if (err)
			return err;
	}

	return parse_vip_options(tb, config, extack);
}

/* What a new real and a changed one have in common. */
static int parse_real_options(struct nlattr **tb,
			      struct l4lb_real_config *config,
			      const struct l4lb_vip_config *vip,
			      struct netlink_ext_ack *extack)
{
	int err;

	if (tb[L4LB_A_REAL_ADDR4] || tb[L4LB_A_REAL_ADDR6]) {
		err = parse_addr(tb[L4LB_A_REAL_ADDR4], tb[L4LB_A_REAL_ADDR6],
				 &config->family, &config->addr, extack);
		if (err)
			return err;
	}
	if (tb[L4LB_A_REAL_PORT])
		config->port = nla_get_be16(tb[L4LB_A_REAL_PORT]);
	if (tb[L4LB_A_REAL_WEIGHT])
		config->weight = nla_get_u32(tb[L4LB_A_REAL_WEIGHT]);
	if (tb[L4LB_A_REAL_ADMIN])
		config->admin = nla_get_u8(tb[L4LB_A_REAL_ADMIN]);
	if (tb[L4LB_A_REAL_MAX_CONNS])
		config->max_conns = nla_get_u32(tb[L4LB_A_REAL_MAX_CONNS]);

	if (tb[L4LB_A_REAL_CHECK_INHERIT]) {
		if (tb[L4LB_A_REAL_CHECK])
			return ATTR_ERR(extack, tb[L4LB_A_REAL_CHECK_INHERIT],
					"a check is either its own or inherited");
		config->check_own = false;
	} else if (tb[L4LB_A_REAL_CHECK]) {
		if (!config->check_own)
			config->check = vip->check;
		config->check_own = true;
		return parse_check(tb[L4LB_A_REAL_CHECK], &config->check,
				   extack);
	}

	return 0;
}

/**
 * l4lb_parse_real_new() - what a new real is to be
 * @attrs: attributes of the request, with a real that has a name
 * @config: defaults, to be filled
 * @vip: its VIP
 * @extack: where to explain a failure
 *
 * Context: Process context.
 * Return: 0, or a negative errno.
 */
int l4lb_parse_real_new(struct nlattr **attrs, struct l4lb_real_config *config,
			const struct l4lb_vip_config *vip,
			struct netlink_ext_ack *extack)
{
	struct nlattr *nest = attrs[L4LB_A_REAL];
	struct nlattr *tb[L4LB_A_REAL_MAX + 1];
	int err;

	err = nla_parse_nested(tb, L4LB_A_REAL_MAX, nest, real_policy, extack);
	if (err)
		return err;

	if (!tb[L4LB_A_REAL_ADDR6] &&
	    l4lb_attr_misses(extack, nest, tb, L4LB_A_REAL_ADDR4))
		return -EINVAL;

	err = parse_name(tb[L4LB_A_REAL_NAME], config->name, extack);
	if (err)
		return err;

	return parse_real_options(tb, config, vip, extack);
}

/**
 * l4lb_parse_real_set() - what a real is to be from now on
 * @attrs: attributes of the request, with a real that has a name
 * @config: what it is, to be changed
 * @vip: its VIP
 * @extack: where to explain a failure
 *
 * Context: Process context.
 * Return: 0, or a negative errno.
 */
int l4lb_parse_real_set(struct nlattr **attrs, struct l4lb_real_config *config,
			const struct l4lb_vip_config *vip,
			struct netlink_ext_ack *extack)
{
	struct nlattr *tb[L4LB_A_REAL_MAX + 1];
	int err;

	err = nla_parse_nested(tb, L4LB_A_REAL_MAX, attrs[L4LB_A_REAL],
			       real_policy, extack);
	if (err)
		return err;

	return parse_real_options(tb, config, vip, extack);
}

/* It is shown to administrators, and may come from a hostile server. */
static int parse_text(const struct nlattr *attr, const char **text,
		      struct netlink_ext_ack *extack)
{
	const char *c;

	if (!attr)
		return 0;

	*text = nla_data(attr);
	for (c = *text; *c; c++)
		if (iscntrl(*c))
			return ATTR_ERR(extack, attr,
					"the text has control characters");

	return 0;
}

/**
 * l4lb_parse_verdict() - what a checker reports of a real
 * @attrs: attributes of the request, with a real that has a name
 * @verdict: to be filled; points into @attrs
 * @extack: where to explain a failure
 *
 * Context: Process context.
 * Return: 0, or a negative errno.
 */
int l4lb_parse_verdict(struct nlattr **attrs, struct l4lb_verdict *verdict,
		       struct netlink_ext_ack *extack)
{
	struct nlattr *nest = attrs[L4LB_A_REAL];
	struct nlattr *tb[L4LB_A_REAL_MAX + 1];
	int err;

	err = nla_parse_nested(tb, L4LB_A_REAL_MAX, nest, health_policy,
			       extack);
	if (err)
		return err;

	if (!tb[L4LB_A_REAL_RESULT] && !tb[L4LB_A_REAL_RESULT_TEXT] &&
	    !tb[L4LB_A_REAL_RTT] && !tb[L4LB_A_REAL_AGENT_WEIGHT] &&
	    !tb[L4LB_A_REAL_AGENT_ADMIN] &&
	    l4lb_attr_misses(extack, nest, tb, L4LB_A_REAL_HEALTH))
		return -EINVAL;

	memset(verdict, 0, sizeof(*verdict));
	if (tb[L4LB_A_REAL_EPOCH])
		verdict->epoch = nla_data(tb[L4LB_A_REAL_EPOCH]);
	if (tb[L4LB_A_REAL_HEALTH])
		verdict->health = nla_get_u8(tb[L4LB_A_REAL_HEALTH]);
	if (tb[L4LB_A_REAL_RESULT])
		verdict->result = nla_get_u8(tb[L4LB_A_REAL_RESULT]);
	if (tb[L4LB_A_REAL_RTT])
		verdict->rtt = nla_data(tb[L4LB_A_REAL_RTT]);
	if (tb[L4LB_A_REAL_AGENT_WEIGHT])
		verdict->agent_weight = nla_data(tb[L4LB_A_REAL_AGENT_WEIGHT]);
	if (tb[L4LB_A_REAL_AGENT_ADMIN])
		verdict->agent_admin =
			nla_get_u8(tb[L4LB_A_REAL_AGENT_ADMIN]);

	if (tb[L4LB_A_REAL_REASON] && !tb[L4LB_A_REAL_HEALTH])
		return ATTR_ERR(extack, tb[L4LB_A_REAL_REASON],
				"a reason needs a health");
	err = parse_text(tb[L4LB_A_REAL_REASON], &verdict->reason, extack);
	if (err)
		return err;

	return parse_text(tb[L4LB_A_REAL_RESULT_TEXT], &verdict->result_text,
			  extack);
}

/**
 * l4lb_parse_filter() - which connections or entries a request means
 * @attrs: attributes of the request
 * @filter: to be filled but for the VIP's id
 * @vip: name of the VIP, or NULL for all
 * @extack: where to explain a failure
 *
 * Context: Process context.
 * Return: 0, or a negative errno.
 */
int l4lb_parse_filter(struct nlattr **attrs, struct l4lb_conn_filter *filter,
		      const char **vip, struct netlink_ext_ack *extack)
{
	struct nlattr *nest = attrs[L4LB_A_FILTER];
	struct nlattr *tb[L4LB_A_FILTER_MAX + 1];
	union nf_inet_addr client;
	int err;

	memset(filter, 0, sizeof(*filter));
	*vip = NULL;
	if (!nest)
		return 0;

	err = nla_parse_nested(tb, L4LB_A_FILTER_MAX, nest, filter_policy,
			       extack);
	if (err)
		return err;

	if (tb[L4LB_A_FILTER_VIP])
		*vip = nla_data(tb[L4LB_A_FILTER_VIP]);
	if (tb[L4LB_A_FILTER_REAL])
		nla_strscpy(filter->real, tb[L4LB_A_FILTER_REAL],
			    sizeof(filter->real));
	if (tb[L4LB_A_FILTER_LIMIT])
		filter->limit = nla_get_u32(tb[L4LB_A_FILTER_LIMIT]);

	if (!tb[L4LB_A_FILTER_ADDR4] && !tb[L4LB_A_FILTER_ADDR6]) {
		if (tb[L4LB_A_FILTER_LEN])
			return ATTR_ERR(extack, tb[L4LB_A_FILTER_LEN],
					"a prefix length needs an address");
		return 0;
	}

	err = parse_addr(tb[L4LB_A_FILTER_ADDR4], tb[L4LB_A_FILTER_ADDR6],
			 &filter->family, &client, extack);
	if (err)
		return err;

	filter->client = client.in6;
	filter->len = filter->family == AF_INET ? 32 : 128;
	if (!tb[L4LB_A_FILTER_LEN])
		return 0;
	if (nla_get_u8(tb[L4LB_A_FILTER_LEN]) > filter->len)
		return ATTR_ERR(extack, tb[L4LB_A_FILTER_LEN],
				"the prefix is longer than the address");
	filter->len = nla_get_u8(tb[L4LB_A_FILTER_LEN]);

	return 0;
}

/**
 * l4lb_parse_persist() - which client is to be bound, and for how long
 * @attrs: attributes of the request, with a persistence entry
 * @pin: to be filled
 * @extack: where to explain a failure
 *
 * Context: Process context.
 * Return: 0, or a negative errno.
 */
int l4lb_parse_persist(struct nlattr **attrs, struct l4lb_persist_pin *pin,
		       struct netlink_ext_ack *extack)
{
	struct nlattr *nest = attrs[L4LB_A_PERSIST];
	struct nlattr *tb[L4LB_A_PERSIST_MAX + 1];
	int err;

	err = nla_parse_nested(tb, L4LB_A_PERSIST_MAX, nest, persist_policy,
			       extack);
	if (err)
		return err;

	if (!tb[L4LB_A_PERSIST_ADDR6] &&
	    l4lb_attr_misses(extack, nest, tb, L4LB_A_PERSIST_ADDR4))
		return -EINVAL;
	if (tb[L4LB_A_PERSIST_FOREVER] && tb[L4LB_A_PERSIST_LEFT])
		return ATTR_ERR(extack, tb[L4LB_A_PERSIST_LEFT],
				"what lasts forever has no time left");

	memset(pin, 0, sizeof(*pin));
	pin->forever = nla_get_flag(tb[L4LB_A_PERSIST_FOREVER]);
	if (tb[L4LB_A_PERSIST_LEFT])
		pin->left = nla_get_u32(tb[L4LB_A_PERSIST_LEFT]);

	return parse_addr(tb[L4LB_A_PERSIST_ADDR4], tb[L4LB_A_PERSIST_ADDR6],
			  &pin->family, &pin->client, extack);
}

/**
 * l4lb_parse_probe() - which socket of a checker is meant
 * @attrs: attributes of the request, with a probe
 * @key: to be filled
 * @extack: where to explain a failure
 *
 * Context: Process context.
 * Return: 0, or a negative errno.
 */
int l4lb_parse_probe(struct nlattr **attrs, struct l4lb_probe_key *key,
		     struct netlink_ext_ack *extack)
{
	struct nlattr *nest = attrs[L4LB_A_PROBE];
	struct nlattr *tb[L4LB_A_PROBE_MAX + 1];
	int err;

	err = nla_parse_nested(tb, L4LB_A_PROBE_MAX, nest, probe_policy,
			       extack);
	if (err)
		return err;

	if (!tb[L4LB_A_PROBE_ADDR6] &&
	    l4lb_attr_misses(extack, nest, tb, L4LB_A_PROBE_ADDR4))
		return -EINVAL;
	if (l4lb_attr_misses(extack, nest, tb, L4LB_A_PROBE_SPORT) ||
	    l4lb_attr_misses(extack, nest, tb, L4LB_A_PROBE_PORT) ||
	    l4lb_attr_misses(extack, nest, tb, L4LB_A_PROBE_PROTO))
		return -EINVAL;

	memset(key, 0, sizeof(*key));
	key->sport = nla_get_be16(tb[L4LB_A_PROBE_SPORT]);
	key->port = nla_get_be16(tb[L4LB_A_PROBE_PORT]);
	key->proto = nla_get_u8(tb[L4LB_A_PROBE_PROTO]) == L4LB_PROTO_UDP ?
		     IPPROTO_UDP : IPPROTO_TCP;

	return parse_addr(tb[L4LB_A_PROBE_ADDR4], tb[L4LB_A_PROBE_ADDR6],
			  &key->family, &key->source, extack);
}
