// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netlink attributes as the packet that is to be explained.
 */

#include "explain.h"
#include "parse.h"

#include <linux/in.h>

static const struct nla_policy explain_policy[L4LB_A_EXPLAIN_MAX + 1] = {
	[L4LB_A_EXPLAIN_CLIENT4] = { .type = NLA_BE32 },
	[L4LB_A_EXPLAIN_CLIENT6] =
		NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[L4LB_A_EXPLAIN_CLIENT_PORT] = NLA_POLICY_MIN(NLA_BE16, 1),
	[L4LB_A_EXPLAIN_ADDR4]	= { .type = NLA_BE32 },
	[L4LB_A_EXPLAIN_ADDR6]	=
		NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[L4LB_A_EXPLAIN_PORT]	= NLA_POLICY_MIN(NLA_BE16, 1),
	[L4LB_A_EXPLAIN_PROTO]	= NLA_POLICY_RANGE(NLA_U8, L4LB_PROTO_TCP,
						   L4LB_PROTO_UDP),
};

const struct nla_policy l4lb_explain_request_policy[L4LB_A_EXPLAIN + 1] = {
	[L4LB_A_EXPLAIN] = NLA_POLICY_NESTED(explain_policy),
};

/* One address of two that may be there. */
static int parse_either(const struct nlattr *addr4, const struct nlattr *addr6,
			u8 *family, union nf_inet_addr *addr,
			struct netlink_ext_ack *extack)
{
	if (addr4 && addr6) {
		NL_SET_ERR_MSG_ATTR(extack, addr6,
				    "give one address, IPv4 or IPv6");
		return -EINVAL;
	}

	if (addr4) {
		*family = AF_INET;
		addr->ip = nla_get_be32(addr4);
	} else {
		*family = AF_INET6;
		addr->in6 = nla_get_in6_addr(addr6);
	}

	return 0;
}

static int parse_addrs(struct nlattr **tb, struct l4lb_explain_query *query,
		       struct netlink_ext_ack *extack)
{
	u8 family;
	int err;

	err = parse_either(tb[L4LB_A_EXPLAIN_CLIENT4],
			   tb[L4LB_A_EXPLAIN_CLIENT6], &query->family,
			   &query->client, extack);
	if (!err)
		err = parse_either(tb[L4LB_A_EXPLAIN_ADDR4],
				   tb[L4LB_A_EXPLAIN_ADDR6], &family,
				   &query->addr, extack);
	if (err)
		return err;

	if (family != query->family) {
		NL_SET_ERR_MSG(extack,
			       "the addresses of vip and client differ in family");
		return -EINVAL;
	}

	return 0;
}

/**
 * l4lb_parse_explain() - which packet is to be explained
 * @attrs: attributes of the request, with such a packet
 * @query: to be filled
 * @extack: where to explain a failure
 *
 * Context: Process context.
 * Return: 0, or a negative errno.
 */
int l4lb_parse_explain(struct nlattr **attrs, struct l4lb_explain_query *query,
		       struct netlink_ext_ack *extack)
{
	struct nlattr *nest = attrs[L4LB_A_EXPLAIN];
	struct nlattr *tb[L4LB_A_EXPLAIN_MAX + 1];
	int err;

	err = nla_parse_nested(tb, L4LB_A_EXPLAIN_MAX, nest, explain_policy,
			       extack);
	if (err)
		return err;

	if ((!tb[L4LB_A_EXPLAIN_CLIENT6] &&
	     l4lb_attr_misses(extack, nest, tb, L4LB_A_EXPLAIN_CLIENT4)) ||
	    (!tb[L4LB_A_EXPLAIN_ADDR6] &&
	     l4lb_attr_misses(extack, nest, tb, L4LB_A_EXPLAIN_ADDR4)) ||
	    l4lb_attr_misses(extack, nest, tb, L4LB_A_EXPLAIN_PORT) ||
	    l4lb_attr_misses(extack, nest, tb, L4LB_A_EXPLAIN_PROTO))
		return -EINVAL;

	memset(query, 0, sizeof(*query));
	query->port = nla_get_be16(tb[L4LB_A_EXPLAIN_PORT]);
	if (tb[L4LB_A_EXPLAIN_CLIENT_PORT])
		query->cport = nla_get_be16(tb[L4LB_A_EXPLAIN_CLIENT_PORT]);
	query->proto = nla_get_u8(tb[L4LB_A_EXPLAIN_PROTO]) == L4LB_PROTO_UDP ?
		       IPPROTO_UDP : IPPROTO_TCP;

	return parse_addrs(tb, query, extack);
}
