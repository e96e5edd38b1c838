// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packets that are traced as netlink attributes.
 */

#include "message.h"
#include "real.h"
#include "trace.h"
#include "vip.h"

#include <linux/timekeeping.h>
#include <net/netlink.h>

#include <uapi/linux/l4lb.h>

static int put_addr(struct sk_buff *msg, int attr4, int attr6, u8 family,
		    const union nf_inet_addr *addr)
{
	if (family == AF_INET)
		return nla_put_in_addr(msg, attr4, addr->ip);

	return nla_put_in6_addr(msg, attr6, &addr->in6);
}

static int put_packet(struct sk_buff *msg, const struct l4lb_trace *trace)
{
	if (nla_put_u8(msg, L4LB_A_TRACE_PROTO, trace->proto) ||
	    put_addr(msg, L4LB_A_TRACE_SRC4, L4LB_A_TRACE_SRC6, trace->family,
		     &trace->src) ||
	    put_addr(msg, L4LB_A_TRACE_DST4, L4LB_A_TRACE_DST6, trace->family,
		     &trace->dst) ||
	    nla_put_u32(msg, L4LB_A_TRACE_LEN, trace->len) ||
	    (trace->reply && nla_put_flag(msg, L4LB_A_TRACE_REPLY)))
		return -EMSGSIZE;
	if (!trace->has_ports)
		return 0;

	if (nla_put_be16(msg, L4LB_A_TRACE_SPORT, trace->sport) ||
	    nla_put_be16(msg, L4LB_A_TRACE_DPORT, trace->dport) ||
	    nla_put_u8(msg, L4LB_A_TRACE_FLAGS, trace->flags))
		return -EMSGSIZE;

	return 0;
}

static int put_names(struct sk_buff *msg, const struct l4lb_trace *trace)
{
	const struct l4lb_vip_conf *conf = NULL;

	if (trace->vip)
		conf = rcu_dereference(trace->vip->conf);
	if (conf && nla_put_string(msg, L4LB_A_TRACE_VIP, conf->config.name))
		return -EMSGSIZE;

	/* The name of a real is the same all its life. */
	return trace->real ? nla_put_string(msg, L4LB_A_TRACE_REAL,
					    trace->real->config.name) : 0;
}

/**
 * l4lb_message_put_trace() - put what became of a packet into a message
 * @msg: message
 * @trace: the packet
 *
 * Context: Any, under rcu_read_lock().
 * Return: 0, or -EMSGSIZE; then the message is to be cancelled.
 */
int l4lb_message_put_trace(struct sk_buff *msg, const struct l4lb_trace *trace)
{
	struct nlattr *nest = nla_nest_start(msg, L4LB_A_TRACE);
	u64 now = ktime_get_real_ns() / NSEC_PER_MSEC;
	bool dropped = trace->verdict == L4LB_TRACE_DROPPED;

	if (!nest ||
	    nla_put_u64_64bit(msg, L4LB_A_TRACE_TIME, now,
			      L4LB_A_TRACE_PAD) ||
	    nla_put_u8(msg, L4LB_A_TRACE_VERDICT, trace->verdict) ||
	    (dropped && nla_put_u8(msg, L4LB_A_TRACE_DROP, trace->drop)) ||
	    put_packet(msg, trace) || put_names(msg, trace) ||
	    (trace->chosen && nla_put_flag(msg, L4LB_A_TRACE_NEW)) ||
	    (trace->state &&
	     nla_put_u8(msg, L4LB_A_TRACE_STATE, trace->state)) ||
	    (trace->missed &&
	     nla_put_u32(msg, L4LB_A_TRACE_MISSED, trace->missed)))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);

	return 0;
}
