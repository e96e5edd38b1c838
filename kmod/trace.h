/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracing: what becomes of packets, told one by one to a socket that asks.
 *
 * While nobody does, packets of connections do not know of it: who traces puts
 * hooks of its own in the place of the others. Only those who decide on other
 * packets have a place, switched off, where they say what they did.
 */

#ifndef _L4LB_TRACE_H
#define _L4LB_TRACE_H

#include <linux/jump_label.h>
#include <linux/netfilter.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

#include "conn.h"

struct l4lb_net;
struct l4lb_real;
struct l4lb_vip;
struct sk_buff;

/**
 * struct l4lb_tracer - who is told
 * @rcu: delays freeing past the last reader
 * @portid: address of its socket
 * @filter: whose packets; at most &l4lb_conn_filter.limit in a second
 * @second: the present second, in jiffies from boot
 * @sent: how many it was told of in it
 * @missed: how many it was not told of since
 */
struct l4lb_tracer {
	struct rcu_head rcu;
	u32 portid;
	struct l4lb_conn_filter filter;
	unsigned long second;
	atomic_t sent;
	atomic_t missed;
};

/**
 * struct l4lb_trace - a packet and what became of it
 * @outer: the packet that this one was sent for, as an ICMP error is, or NULL
 * @ours: whether its address is that of a VIP or real
 * @reply: it comes from a real
 * @has_ports: @sport and @dport are known
 * @family: AF_INET or AF_INET6
 * @proto: its protocol
 * @flags: flags of its TCP header
 * @drop: &enum l4lb_drop, or 0
 * @verdict: &enum l4lb_trace_verdict
 * @state: &enum l4lb_conn_state of its connection, 0 if it has none
 * @chosen: whether @real was chosen for it
 * @here: it has reached this host itself
 * @sport: source port
 * @dport: destination port
 * @len: bytes, from the IP header on
 * @missed: how many were not told of before it
 * @id: &l4lb_addr.id of the VIP or real
 * @src: source, unused bytes zero
 * @dst: destination, unused bytes zero
 * @vip: its VIP, or NULL
 * @real: its real, or NULL
 */
struct l4lb_trace {
	struct l4lb_trace *outer;
	bool ours;
	bool reply;
	bool has_ports;
	u8 family;
	u8 proto;
	u8 flags;
	u8 drop;
	u8 verdict;
	u8 state;
	bool chosen;
	bool here;
	__be16 sport;
	__be16 dport;
	u32 len;
	u32 missed;
	u32 id;
	union nf_inet_addr src;
	union nf_inet_addr dst;
	const struct l4lb_vip *vip;
	const struct l4lb_real *real;
};

DECLARE_STATIC_KEY_FALSE(l4lb_trace_key);

/* For those below, while somebody traces somewhere. */
void l4lb_trace_note_drop(const struct l4lb_vip *vip, enum l4lb_drop reason);
void l4lb_trace_note_real(const struct l4lb_real *real);
void l4lb_trace_note_here(void);

/* Data path: any context, under rcu_read_lock(). */

/**
 * l4lb_trace_drop() - say why the packet that is looked at is dropped
 * @vip: its VIP, or NULL
 * @reason: why
 *
 * Context: Any, under rcu_read_lock().
 */
static inline void l4lb_trace_drop(const struct l4lb_vip *vip,
				   enum l4lb_drop reason)
{
	if (static_branch_unlikely(&l4lb_trace_key))
		l4lb_trace_note_drop(vip, reason);
}

/**
 * l4lb_trace_real() - say which real was chosen for the packet that is looked at
 * @real: real
 *
 * Context: Any, under rcu_read_lock().
 */
static inline void l4lb_trace_real(const struct l4lb_real *real)
{
	if (static_branch_unlikely(&l4lb_trace_key))
		l4lb_trace_note_real(real);
}

/**
 * l4lb_trace_here() - say that the packet that is looked at has reached this
 *	host itself, so that its being accepted is no leaving it to the stack
 *
 * Context: Any, under rcu_read_lock().
 */
static inline void l4lb_trace_here(void)
{
	if (static_branch_unlikely(&l4lb_trace_key))
		l4lb_trace_note_here();
}

/* Hooks that are traced: bottom halves off, under rcu_read_lock(). */
void l4lb_trace_begin(struct l4lb_net *ln, const struct sk_buff *skb,
		      struct l4lb_trace *trace);
void l4lb_trace_end(struct l4lb_net *ln, struct l4lb_trace *trace,
		    unsigned int verdict);

/* In netlink_trace.c; any context, under rcu_read_lock(). */
bool l4lb_trace_send(struct l4lb_net *ln, u32 portid,
		     const struct l4lb_trace *trace);

/* Control plane: process context, under l4lb_net.lock. */
int l4lb_trace_start(struct l4lb_net *ln, u32 portid,
		     const struct l4lb_conn_filter *filter);
void l4lb_trace_stop(struct l4lb_net *ln, u32 portid);
void l4lb_trace_exit(struct l4lb_net *ln);

#endif /* _L4LB_TRACE_H */
