/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What becomes of packets, as it happens.
 */

#ifndef _LB_TRACE_H
#define _LB_TRACE_H

#include "model.h"

#include <linux/netlink.h>

struct lb_nl;

/**
 * struct lb_trace - a packet and what became of it
 * @time: when, in ms since 1970
 * @verdict: &enum l4lb_trace_verdict
 * @drop: &enum l4lb_drop, if it was dropped
 * @proto: its protocol, as IP has it
 * @src: its source
 * @dst: its destination
 * @sport: its source port, 0 if it has none
 * @dport: its destination port, 0 if it has none
 * @flags: flags of its TCP header
 * @len: its bytes
 * @reply: whether it came from a real
 * @chosen: whether a real was chosen for it
 * @vip: name of its VIP, or empty
 * @real: name of its real, or empty
 * @state: &enum l4lb_conn_state, 0 without a connection
 * @missed: how many before it were not told of
 */
struct lb_trace {
	uint64_t time;
	uint8_t verdict;
	uint8_t drop;
	uint8_t proto;
	struct lb_addr src;
	struct lb_addr dst;
	uint16_t sport;
	uint16_t dport;
	uint8_t flags;
	uint32_t len;
	bool reply;
	bool chosen;
	char vip[L4LB_NAME_MAX + 1];
	char real[L4LB_NAME_MAX + 1];
	uint8_t state;
	uint32_t missed;
};

int lb_trace_begin(struct lb_nl *nl, const struct lb_filter *filter,
		   struct lb_err *err);
int lb_trace_get(const struct nlmsghdr *nlh, struct lb_trace *trace);

#endif /* _LB_TRACE_H */
