// SPDX-License-Identifier: GPL-2.0-only
/*
 * What becomes of packets, as it happens.
 */

#include "trace.h"
#include "attr.h"
#include "nl.h"

#include <errno.h>
#include <string.h>

/**
 * lb_trace_begin() - ask to be told of packets
 * @nl: socket; does not block from now on, is for lb_nl_receive() and takes no
 *	more requests
 * @filter: whose packets, and at most how many in a second
 * @err: why not
 *
 * Return: 0 or -errno; -EBUSY if another is told.
 */
int lb_trace_begin(struct lb_nl *nl, const struct lb_filter *filter,
		   struct lb_err *err)
{
	struct nlmsghdr *nlh = lb_nl_request(nl, L4LB_CMD_TRACE_SET, 0);
	int ret;

	lb_msg_put_filter(nlh, filter);
	ret = lb_nl_talk(nl, nlh, NULL, NULL, err);

	return ret ? ret : lb_nl_listen(nl, err);
}

static void get_packet(const struct nlattr *const tb[LB_TB_MAX],
		       struct lb_trace *trace)
{
	trace->proto = get_u8(tb[L4LB_A_TRACE_PROTO]);
	get_either(tb[L4LB_A_TRACE_SRC4], tb[L4LB_A_TRACE_SRC6], &trace->src);
	get_either(tb[L4LB_A_TRACE_DST4], tb[L4LB_A_TRACE_DST6], &trace->dst);
	trace->sport = get_be16(tb[L4LB_A_TRACE_SPORT]);
	trace->dport = get_be16(tb[L4LB_A_TRACE_DPORT]);
	trace->flags = get_u8(tb[L4LB_A_TRACE_FLAGS]);
	trace->len = get_u32(tb[L4LB_A_TRACE_LEN]);
	trace->reply = tb[L4LB_A_TRACE_REPLY];
}

/**
 * lb_trace_get() - read what became of a packet
 * @nlh: notification
 * @trace: where to
 *
 * Return: 0, -EBADMSG; -EOPNOTSUPP for a notification of another kind.
 */
int lb_trace_get(const struct nlmsghdr *nlh, struct lb_trace *trace)
{
	const struct nlattr *top[LB_TB_MAX], *tb[LB_TB_MAX];
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);

	memset(trace, 0, sizeof(*trace));
	if (parse_message(nlh, top))
		return -EBADMSG;
	if (genl->cmd != L4LB_CMD_TRACE_NTF)
		return -EOPNOTSUPP;
	if (!top[L4LB_A_TRACE] ||
	    parse_nest(&lb_trace_schema, top[L4LB_A_TRACE], tb))
		return -EBADMSG;

	get_packet(tb, trace);
	trace->time = get_u64(tb[L4LB_A_TRACE_TIME]);
	trace->verdict = get_u8(tb[L4LB_A_TRACE_VERDICT]);
	trace->drop = get_u8(tb[L4LB_A_TRACE_DROP]);
	trace->chosen = tb[L4LB_A_TRACE_NEW];
	trace->state = get_u8(tb[L4LB_A_TRACE_STATE]);
	trace->missed = get_u32(tb[L4LB_A_TRACE_MISSED]);
	get_text(trace->vip, sizeof(trace->vip), tb[L4LB_A_TRACE_VIP]);
	get_text(trace->real, sizeof(trace->real), tb[L4LB_A_TRACE_REAL]);

	return 0;
}
