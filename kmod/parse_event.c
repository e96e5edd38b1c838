// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netlink attributes as which events are meant.
 */

#include "parse.h"

static const struct nla_policy since_policy[L4LB_A_RECORD_MAX + 1] = {
	[L4LB_A_RECORD_TIME]	= { .type = NLA_U64 },
};

const struct nla_policy l4lb_event_request_policy[L4LB_A_RECORD + 1] = {
	[L4LB_A_RECORD]	= NLA_POLICY_NESTED(since_policy),
};

/**
 * l4lb_parse_since() - from when on events are meant
 * @attrs: attributes of the request
 * @since: where to put the time, in ms since 1970; 0 for all
 * @extack: where to explain a failure
 *
 * Context: Process context.
 * Return: 0, or a negative errno.
 */
int l4lb_parse_since(struct nlattr **attrs, u64 *since,
		     struct netlink_ext_ack *extack)
{
	struct nlattr *tb[L4LB_A_RECORD_MAX + 1];
	int err;

	*since = 0;
	if (!attrs[L4LB_A_RECORD])
		return 0;

	err = nla_parse_nested(tb, L4LB_A_RECORD_MAX, attrs[L4LB_A_RECORD],
			       since_policy, extack);
	if (!err && tb[L4LB_A_RECORD_TIME])
		*since = nla_get_u64(tb[L4LB_A_RECORD_TIME]);

	return err;
}
