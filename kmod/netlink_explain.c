// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests to explain what would become of a packet.
 */

#include "netlink.h"
#include "explain.h"
#include "message.h"
#include "netns.h"
#include "parse.h"

#include <net/genetlink.h>

/* Each real that is told of is a name and three numbers. */
#define EXPLAIN_SIZE	SKB_WITH_OVERHEAD(32768UL)

static int explain(struct sk_buff *msg, struct l4lb_net *ln,
		   const struct l4lb_explain_query *query)
{
	struct l4lb_explanation ex;
	int err;

	mutex_lock(&ln->lock);
	rcu_read_lock();
	local_bh_disable();
	err = l4lb_explain(ln, query, &ex);
	local_bh_enable();
	if (!err)
		err = l4lb_message_put_explanation(msg, query, &ex);
	rcu_read_unlock();
	mutex_unlock(&ln->lock);

	return err;
}

/**
 * l4lb_nl_explain_get_doit() - handle %L4LB_CMD_EXPLAIN_GET
 * @skb: request
 * @info: what is known of it
 *
 * Context: Process context.
 * Return: 0, or a negative errno.
 */
int l4lb_nl_explain_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct l4lb_net *ln = l4lb_net(genl_info_net(info));
	struct l4lb_explain_query query;
	struct sk_buff *msg;
	void *hdr;
	int err;

	if (l4lb_attr_misses(info->extack, NULL, info->attrs, L4LB_A_EXPLAIN))
		return -EINVAL;

	err = l4lb_parse_explain(info->attrs, &query, info->extack);
	if (err)
		return err;

	msg = genlmsg_new(EXPLAIN_SIZE, GFP_KERNEL);
	if (!msg)
		return -ENOMEM;

	err = -EMSGSIZE;
	hdr = genlmsg_put_reply(msg, info, &l4lb_genl_family, 0,
				L4LB_CMD_EXPLAIN_GET);
	if (hdr)
		err = explain(msg, ln, &query);
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	genlmsg_end(msg, hdr);

	return genlmsg_reply(msg, info);
}
