// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests to trace packets, and what is told then.
 */

#include "lookup.h"
#include "netlink.h"
#include "message.h"
#include "netns.h"
#include "trace.h"

#include <linux/netlink.h>
#include <net/genetlink.h>

/* A packet with two names. */
#define TRACE_SIZE	512

/**
 * l4lb_trace_send() - tell a socket of a packet
 * @ln: namespace
 * @portid: address of the socket
 * @trace: the packet
 *
 * Context: Any, under rcu_read_lock().
 * Return: false if it could not be told.
 */
bool l4lb_trace_send(struct l4lb_net *ln, u32 portid,
		     const struct l4lb_trace *trace)
{
	struct sk_buff *msg = genlmsg_new(TRACE_SIZE, GFP_ATOMIC);
	void *hdr;

	if (!msg)
		return false;

	hdr = genlmsg_put(msg, 0, 0, &l4lb_genl_family, 0,
			  L4LB_CMD_TRACE_NTF);
	if (!hdr || l4lb_message_put_trace(msg, trace)) {
		nlmsg_free(msg);
		return false;
	}
	genlmsg_end(msg, hdr);

	return !genlmsg_unicast(ln->net, msg, portid);
}

/**
 * l4lb_nl_trace_set_doit() - handle %L4LB_CMD_TRACE_SET
 * @skb: request
 * @info: what is known of it
 *
 * Context: Process context.
 * Return: 0, or a negative errno.
 */
int l4lb_nl_trace_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct l4lb_net *ln = l4lb_net(genl_info_net(info));
	struct l4lb_conn_filter filter;
	int err;

	mutex_lock(&ln->lock);
	err = l4lb_lookup_filter(ln, info->attrs, &filter, info->extack);
	if (!err) {
		filter.limit = filter.limit ?: L4LB_TRACE_LIMIT_DEFAULT;
		err = l4lb_trace_start(ln, info->snd_portid, &filter);
		if (err == -EBUSY)
			NL_SET_ERR_MSG(info->extack,
				       "another socket traces already");
		else if (err)
			NL_SET_ERR_MSG(info->extack,
				       "out of memory, or the hooks cannot be set up");
	}
	mutex_unlock(&ln->lock);

	return err;
}
