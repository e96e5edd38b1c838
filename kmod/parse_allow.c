// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netlink attributes as lists of clients.
 *
 * A list may be longer than a nest can be, so it comes in several nests of one
 * message, which are read as one.
 */

#include "parse.h"
#include "allow.h"
#include "request.h"

#include <linux/mm.h>
#include <linux/slab.h>

static const struct nla_policy range_policy[L4LB_A_ALLOW_RANGE_MAX + 1] = {
	[L4LB_A_ALLOW_FIRST4]	= { .type = NLA_BE32 },
	[L4LB_A_ALLOW_LAST4]	= { .type = NLA_BE32 },
	[L4LB_A_ALLOW_FIRST6]	=
		NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[L4LB_A_ALLOW_LAST6]	=
		NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
};

const struct nla_policy l4lb_allow_policy[L4LB_A_ALLOW_MAX + 1] = {
	[L4LB_A_ALLOW_RANGE]	= NLA_POLICY_NESTED(range_policy),
};

static void addr_parse4(const struct nlattr *attr, struct l4lb_allow_addr *addr)
{
	addr->hi = 0;
	addr->lo = ntohl(nla_get_be32(attr));
}

static void addr_parse6(const struct nlattr *attr, struct l4lb_allow_addr *addr)
{
	__be64 half[2];

	memcpy(half, nla_data(attr), sizeof(half));
	addr->hi = be64_to_cpu(half[0]);
	addr->lo = be64_to_cpu(half[1]);
}

static bool range_is_reversed(const struct l4lb_allow_range *range)
{
	return range->first.hi > range->last.hi ||
	       (range->first.hi == range->last.hi &&
		range->first.lo > range->last.lo);
}

static int range_parse(const struct nlattr *nest,
		       struct l4lb_allow_range *range, u8 *family,
		       struct netlink_ext_ack *extack)
{
	struct nlattr *tb[L4LB_A_ALLOW_RANGE_MAX + 1];
	bool v6;
	int err;

	err = nla_parse_nested(tb, L4LB_A_ALLOW_RANGE_MAX, nest, range_policy,
			       extack);
	if (err)
		return err;

	v6 = tb[L4LB_A_ALLOW_FIRST6] || tb[L4LB_A_ALLOW_LAST6];
	if (v6 && (tb[L4LB_A_ALLOW_FIRST4] || tb[L4LB_A_ALLOW_LAST4])) {
		NL_SET_ERR_MSG_ATTR(extack, nest,
				    "a range of clients is of one family");
		return -EINVAL;
	}

	if (v6) {
		if (l4lb_attr_misses(extack, nest, tb,
				     L4LB_A_ALLOW_FIRST6) ||
		    l4lb_attr_misses(extack, nest, tb, L4LB_A_ALLOW_LAST6))
			return -EINVAL;
		*family = AF_INET6;
		addr_parse6(tb[L4LB_A_ALLOW_FIRST6], &range->first);
		addr_parse6(tb[L4LB_A_ALLOW_LAST6], &range->last);
	} else {
		if (l4lb_attr_misses(extack, nest, tb,
				     L4LB_A_ALLOW_FIRST4) ||
		    l4lb_attr_misses(extack, nest, tb, L4LB_A_ALLOW_LAST4))
			return -EINVAL;
		*family = AF_INET;
		addr_parse4(tb[L4LB_A_ALLOW_FIRST4], &range->first);
		addr_parse4(tb[L4LB_A_ALLOW_LAST4], &range->last);
	}
	if (range_is_reversed(range)) {
		NL_SET_ERR_MSG_ATTR(extack, nest,
				    "a range of clients ends before it begins");
		return -EINVAL;
	}

	return 0;
}

static int nest_parse(const struct nlattr *nest,
		      struct l4lb_allow_change *change,
		      struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem, err;
	u8 family;

	nla_for_each_nested(attr, nest, rem) {
		err = range_parse(attr, &change->ranges[change->n], &family,
				  extack);
		if (err)
			return err;
		if (change->n && family != change->family) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "a list of clients is of one family");
			return -EINVAL;
		}
		change->family = family;
		change->n++;
	}

	return 0;
}

/* How many ranges a message has. */
static u32 ranges_count(const struct l4lb_request *request)
{
	const struct nlattr *attr, *range;
	int rem, rem_nest;
	u32 n = 0;

	nla_for_each_attr(attr, request->head, request->len, rem) {
		if (nla_type(attr) != L4LB_A_ALLOW)
			continue;
		nla_for_each_nested(range, attr, rem_nest)
			n++;
	}

	return n;
}

static int ranges_parse(const struct l4lb_request *request,
			struct l4lb_allow_change *change,
			struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem, err;

	nla_for_each_attr(attr, request->head, request->len, rem) {
		if (nla_type(attr) != L4LB_A_ALLOW)
			continue;
		err = nest_parse(attr, change, extack);
		if (err)
			return err;
	}

	return 0;
}

/* The operation comes with a list, and only a whole list may be empty. */
static int op_parse(const struct l4lb_request *request, u32 n, u8 *op,
		    struct netlink_ext_ack *extack)
{
	const struct nlattr *attr = NULL;

	*op = 0;
	if (request->cmd == L4LB_CMD_VIP_SET)
		attr = request->attrs[L4LB_A_ALLOW_OP];
	if (!request->attrs[L4LB_A_ALLOW]) {
		if (attr)
			NL_SET_ERR_ATTR_MISS(extack, NULL, L4LB_A_ALLOW);
		return attr ? -EINVAL : 0;
	}

	*op = attr ? nla_get_u8(attr) : L4LB_ALLOW_SET;
	if (*op != L4LB_ALLOW_SET && !n) {
		NL_SET_ERR_MSG_ATTR(extack, request->attrs[L4LB_A_ALLOW],
				    "the list of clients is empty");
		return -EINVAL;
	}

	return 0;
}

/**
 * l4lb_parse_allow() - what a request does to a list of clients
 * @request: request that may have a list
 * @change: to be filled; its ranges are to be freed with kvfree()
 * @extack: where to explain a failure
 *
 * Context: Process context.
 * Return: 0, or a negative errno; then there is nothing to be freed.
 */
int l4lb_parse_allow(const struct l4lb_request *request,
		     struct l4lb_allow_change *change,
		     struct netlink_ext_ack *extack)
{
	u32 n = ranges_count(request);
	int err;

	memset(change, 0, sizeof(*change));
	err = op_parse(request, n, &change->op, extack);
	if (err || !n)
		return err;

	change->ranges = kvmalloc_array(n, sizeof(*change->ranges),
					GFP_KERNEL_ACCOUNT);
	if (!change->ranges) {
		NL_SET_ERR_MSG(extack, "out of memory");
		return -ENOMEM;
	}

	err = ranges_parse(request, change, extack);
	if (err) {
		kvfree(change->ranges);
		change->ranges = NULL;
		return err;
	}
	change->n = l4lb_allow_merge(change->ranges, change->n);

	return 0;
}
