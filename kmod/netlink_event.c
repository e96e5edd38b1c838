// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests for what has happened.
 */

#include "netlink.h"
#include "event.h"
#include "message.h"
#include "netns.h"
#include "parse.h"

#include <net/genetlink.h>
#include <net/sock.h>

/**
 * struct event_cursor - where a dump goes on
 * @next: number of the next event, 0 at the beginning
 * @last: number of the last one that there was at the beginning
 */
struct event_cursor {
	u64 next;
	u64 last;
};

static int dump_record(struct sk_buff *msg, struct netlink_callback *cb,
		       const struct l4lb_record *record)
{
	struct user_namespace *reader = sk_user_ns(NETLINK_CB(cb->skb).sk);
	void *hdr;

	hdr = genlmsg_put(msg, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &l4lb_genl_family, NLM_F_MULTI, L4LB_CMD_EVENT_GET);
	if (!hdr)
		return -EMSGSIZE;
	if (l4lb_message_put_record(msg, record, reader)) {
		genlmsg_cancel(msg, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, hdr);

	return 0;
}

/**
 * l4lb_nl_event_get_dumpit() - handle %L4LB_CMD_EVENT_GET
 * @msg: message to fill
 * @cb: the dump
 *
 * Events that come while it goes on are not in it.
 *
 * Context: Process context.
 * Return: bytes in @msg, 0 at the end, or a negative errno.
 */
int l4lb_nl_event_get_dumpit(struct sk_buff *msg, struct netlink_callback *cb)
{
	struct l4lb_net *ln = l4lb_net(sock_net(cb->skb->sk));
	struct event_cursor *cur = (struct event_cursor *)cb->ctx;
	const struct l4lb_record *record;
	u64 since;
	int err;

	BUILD_BUG_ON(sizeof(*cur) > sizeof(cb->ctx));

	err = l4lb_parse_since(genl_info_dump(cb)->attrs, &since, cb->extack);
	if (err)
		return err;

	mutex_lock(&ln->lock);
	if (!cur->next)
		cur->last = ln->events.last;
	while ((record = l4lb_event_find(ln, cur->next)) &&
	       record->seq <= cur->last) {
		if (record->time >= since && dump_record(msg, cb, record))
			break;
		cur->next = record->seq + 1;
	}
	mutex_unlock(&ln->lock);

	return msg->len;
}
