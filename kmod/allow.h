/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Clients that a VIP serves: ranges of addresses of one family, sorted and
 * disjoint, that are never changed. A change makes a new list, which the
 * configurations of the VIP that follow share.
 */

#ifndef _L4LB_ALLOW_H
#define _L4LB_ALLOW_H

#include <linux/refcount.h>
#include <linux/stddef.h>
#include <linux/types.h>

#include <uapi/linux/l4lb.h>

struct netlink_ext_ack;

/**
 * struct l4lb_allow_addr - an address of either family, to compare and count
 * @hi: first half of an IPv6 address, host order; 0 for IPv4
 * @lo: second half, or the IPv4 address
 */
struct l4lb_allow_addr {
	u64 hi;
	u64 lo;
};

/**
 * struct l4lb_allow_range - a range of addresses
 * @first: first address
 * @last: last address
 */
struct l4lb_allow_range {
	struct l4lb_allow_addr first;
	struct l4lb_allow_addr last;
};

/**
 * struct l4lb_allow_range4 - a range of IPv4 addresses
 * @first: first address, host order
 * @last: last address
 */
struct l4lb_allow_range4 {
	u32 first;
	u32 last;
};

/**
 * struct l4lb_allow - clients that a VIP serves
 * @rcu: delays freeing past the last reader
 * @refs: users; the data path is none
 * @family: AF_INET or AF_INET6
 * @n: number of ranges, 1 to %L4LB_ALLOWS_MAX
 * @range4: ranges of IPv4, ascending, with a gap between any two
 * @range6: the same of IPv6
 */
struct l4lb_allow {
	struct rcu_head rcu;
	refcount_t refs;
	u8 family;
	u32 n;
	union {
		DECLARE_FLEX_ARRAY(struct l4lb_allow_range4, range4);
		DECLARE_FLEX_ARRAY(struct l4lb_allow_range, range6);
	};
};

/**
 * struct l4lb_allow_change - what a request does to a list of clients
 * @op: &enum l4lb_allow_op, or 0 if it says nothing of them
 * @family: AF_INET or AF_INET6, 0 without ranges
 * @n: number of @ranges
 * @ranges: ranges, ascending and disjoint, or NULL
 */
struct l4lb_allow_change {
	u8 op;
	u8 family;
	u32 n;
	struct l4lb_allow_range *ranges;
};

/* Data path: any context, under rcu_read_lock(). */
bool l4lb_allow_has(const struct l4lb_allow *allow, u64 hi, u64 lo);

/* Control plane: process context. */
u32 l4lb_allow_merge(struct l4lb_allow_range *ranges, u32 n);
u32 l4lb_allow_subtract(struct l4lb_allow_range *left,
			const struct l4lb_allow_range *from, u32 n,
			const struct l4lb_allow_range *what, u32 m);
struct l4lb_allow *l4lb_allow_make(u8 family,
				   const struct l4lb_allow_range *ranges,
				   u32 n);
int l4lb_allow_apply(const struct l4lb_allow_change *change,
		     struct l4lb_allow *now, struct l4lb_allow **then,
		     struct netlink_ext_ack *extack);
void l4lb_allow_range(const struct l4lb_allow *allow, u32 i,
		      struct l4lb_allow_range *range);

/* Any context. */
struct l4lb_allow *l4lb_allow_get(struct l4lb_allow *allow);
void l4lb_allow_put(struct l4lb_allow *allow);

#endif /* _L4LB_ALLOW_H */
