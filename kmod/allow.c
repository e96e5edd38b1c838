// SPDX-License-Identifier: GPL-2.0-only
/*
 * Clients that a VIP serves.
 *
 * Lists are sorted, merged and subtracted in a form that both families share,
 * and kept in one that is as small as the family allows.
 */

#include "allow.h"

#include <linux/mm.h>
#include <linux/netlink.h>
#include <linux/overflow.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/socket.h>
#include <linux/sort.h>
#include <linux/string.h>

static int addr_compare(const struct l4lb_allow_addr *a,
			const struct l4lb_allow_addr *b)
{
	if (a->hi != b->hi)
		return a->hi < b->hi ? -1 : 1;

	return a->lo < b->lo ? -1 : a->lo > b->lo;
}

/* After the last address of all comes the first. */
static struct l4lb_allow_addr addr_next(struct l4lb_allow_addr addr)
{
	addr.hi += !++addr.lo;

	return addr;
}

static struct l4lb_allow_addr addr_before(struct l4lb_allow_addr addr)
{
	addr.hi -= !addr.lo--;

	return addr;
}

static int range_compare(const void *a, const void *b)
{
	const struct l4lb_allow_range *x = a, *y = b;

	return addr_compare(&x->first, &y->first);
}

/* Whether a range begins within another or right behind it. */
static bool range_joins(const struct l4lb_allow_range *range,
			const struct l4lb_allow_range *before)
{
	struct l4lb_allow_addr next = addr_next(before->last);

	return addr_compare(&range->first, &before->last) <= 0 ||
	       !addr_compare(&range->first, &next);
}

/**
 * l4lb_allow_merge() - sort ranges and make them disjoint
 * @ranges: ranges in any order, to be replaced
 * @n: how many
 *
 * Context: Any.
 * Return: how many are left.
 */
u32 l4lb_allow_merge(struct l4lb_allow_range *ranges, u32 n)
{
	u32 i, last = 0;

	if (!n)
		return 0;

	sort(ranges, n, sizeof(*ranges), range_compare, NULL);
	for (i = 1; i < n; i++) {
		if (!range_joins(&ranges[i], &ranges[last]))
			ranges[++last] = ranges[i];
		else if (addr_compare(&ranges[i].last, &ranges[last].last) > 0)
			ranges[last].last = ranges[i].last;
	}

	return last + 1;
}

/* What is left of one range; none of what is taken out lies before it. */
static u32 range_subtract(struct l4lb_allow_range *left,
			  struct l4lb_allow_range rest,
			  const struct l4lb_allow_range *what, u32 m)
{
	u32 i, count = 0;

	for (i = 0; i < m; i++) {
		if (addr_compare(&what[i].first, &rest.last) > 0)
			break;
		if (addr_compare(&what[i].first, &rest.first) > 0) {
			left[count].first = rest.first;
			left[count++].last = addr_before(what[i].first);
		}
		if (addr_compare(&what[i].last, &rest.last) >= 0)
			return count;
		rest.first = addr_next(what[i].last);
	}
	left[count++] = rest;

	return count;
}

/**
 * l4lb_allow_subtract() - take ranges out of ranges
 * @left: where to put what is left, with room for @n + @m
 * @from: what there is, sorted and disjoint
 * @n: how many
 * @what: what to take out, sorted and disjoint
 * @m: how many
 *
 * Context: Any.
 * Return: how many are left.
 */
u32 l4lb_allow_subtract(struct l4lb_allow_range *left,
			const struct l4lb_allow_range *from, u32 n,
			const struct l4lb_allow_range *what, u32 m)
{
	u32 i, j = 0, count = 0;

	for (i = 0; i < n; i++) {
		while (j < m && addr_compare(&what[j].last, &from[i].first) < 0)
			j++;
		count += range_subtract(left + count, from[i], what + j, m - j);
	}

	return count;
}

/**
 * l4lb_allow_make() - make a list
 * @family: AF_INET or AF_INET6
 * @ranges: its ranges, sorted and disjoint
 * @n: how many
 *
 * Context: Process context.
 * Return: the list with one reference, or NULL if memory ran out.
 */
struct l4lb_allow *l4lb_allow_make(u8 family,
				   const struct l4lb_allow_range *ranges,
				   u32 n)
{
	struct l4lb_allow *allow;
	size_t size;
	u32 i;

	size = family == AF_INET ? struct_size(allow, range4, n) :
				   struct_size(allow, range6, n);
	allow = kvmalloc(size, GFP_KERNEL_ACCOUNT);
	if (!allow)
		return NULL;

	refcount_set(&allow->refs, 1);
	allow->family = family;
	allow->n = n;
	if (family != AF_INET) {
		memcpy(allow->range6, ranges, n * sizeof(*ranges));
		return allow;
	}
	for (i = 0; i < n; i++) {
		allow->range4[i].first = ranges[i].first.lo;
		allow->range4[i].last = ranges[i].last.lo;
	}

	return allow;
}

/**
 * l4lb_allow_range() - one range of a list
 * @allow: list
 * @i: its number, below &l4lb_allow.n
 * @range: where to put it
 *
 * Context: Process context.
 */
void l4lb_allow_range(const struct l4lb_allow *allow, u32 i,
		      struct l4lb_allow_range *range)
{
	if (allow->family != AF_INET) {
		*range = allow->range6[i];
		return;
	}

	memset(range, 0, sizeof(*range));
	range->first.lo = allow->range4[i].first;
	range->last.lo = allow->range4[i].last;
}

/* A list of a list and a change, and its length, which may be too much. */
static u32 list_change(struct l4lb_allow_range *list,
		       const struct l4lb_allow_change *change,
		       const struct l4lb_allow *now)
{
	struct l4lb_allow_range *old;
	u32 i;

	if (change->op == L4LB_ALLOW_SET) {
		memcpy(list, change->ranges,
		       change->n * sizeof(*change->ranges));
		return change->n;
	}

	/* Behind the room for what subtracting makes of it. */
	old = change->op == L4LB_ALLOW_ADD ? list : list + now->n + change->n;
	for (i = 0; i < now->n; i++)
		l4lb_allow_range(now, i, &old[i]);
	if (change->op == L4LB_ALLOW_DEL)
		return l4lb_allow_subtract(list, old, now->n, change->ranges,
					   change->n);

	memcpy(list + now->n, change->ranges,
	       change->n * sizeof(*change->ranges));

	return l4lb_allow_merge(list, now->n + change->n);
}

static int change_check(const struct l4lb_allow_change *change,
			const struct l4lb_allow *now,
			struct netlink_ext_ack *extack)
{
	if (change->op == L4LB_ALLOW_SET)
		return 0;

	if (!now) {
		NL_SET_ERR_MSG(extack,
			       "the vip serves any client, so there is no list to change");
		return -EINVAL;
	}
	if (change->family != now->family) {
		NL_SET_ERR_MSG(extack,
			       "the addresses of vip and clients differ in family");
		return -EINVAL;
	}

	return 0;
}

static int list_check(u32 n, struct netlink_ext_ack *extack)
{
	if (!n) {
		NL_SET_ERR_MSG(extack,
			       "no client would be left that the vip serves");
		return -EINVAL;
	}
	if (n > L4LB_ALLOWS_MAX) {
		NL_SET_ERR_MSG(extack,
			       "a vip has at most 16384 ranges of clients");
		return -ENOSPC;
	}

	return 0;
}

/**
 * l4lb_allow_apply() - what becomes of a list of clients
 * @change: what a request does to it
 * @now: the list, or NULL for any client
 * @then: where to put what it is to be, to be put by the caller
 * @extack: where to explain a failure
 *
 * Context: Process context, with @now protected from being freed.
 * Return: 0, or a negative errno.
 */
int l4lb_allow_apply(const struct l4lb_allow_change *change,
		     struct l4lb_allow *now, struct l4lb_allow **then,
		     struct netlink_ext_ack *extack)
{
	struct l4lb_allow_range *list;
	u32 n;
	int err;

	*then = NULL;
	if (!change->op) {
		*then = l4lb_allow_get(now);
		return 0;
	}
	if (change->op == L4LB_ALLOW_SET && !change->n)
		return 0;

	err = change_check(change, now, extack);
	if (err)
		return err;

	n = change->n + 2 * (now ? now->n : 0);
	list = kvmalloc_array(n, sizeof(*list), GFP_KERNEL_ACCOUNT);
	if (!list)
		goto err_memory;

	n = list_change(list, change, now);
	err = list_check(n, extack);
	if (!err)
		*then = l4lb_allow_make(change->family, list, n);
	kvfree(list);
	if (!err && !*then)
		goto err_memory;

	return err;

err_memory:
	NL_SET_ERR_MSG(extack, "out of memory");
	return -ENOMEM;
}

/**
 * l4lb_allow_get() - take a reference
 * @allow: list that somebody has a reference on, or NULL
 *
 * Context: Any.
 * Return: @allow.
 */
struct l4lb_allow *l4lb_allow_get(struct l4lb_allow *allow)
{
	if (allow)
		refcount_inc(&allow->refs);

	return allow;
}

/**
 * l4lb_allow_put() - drop a reference
 * @allow: list that no configuration of the caller names any more, or NULL
 *
 * Context: Any.
 */
void l4lb_allow_put(struct l4lb_allow *allow)
{
	if (allow && refcount_dec_and_test(&allow->refs))
		kvfree_rcu(allow, rcu);
}

static bool has4(const struct l4lb_allow *allow, u32 addr)
{
	u32 low = 0, high = allow->n, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (allow->range4[mid].last < addr)
			low = mid + 1;
		else
			high = mid;
	}

	return low < allow->n && allow->range4[low].first <= addr;
}

static bool has6(const struct l4lb_allow *allow,
		 const struct l4lb_allow_addr *addr)
{
	u32 low = 0, high = allow->n, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (addr_compare(&allow->range6[mid].last, addr) < 0)
			low = mid + 1;
		else
			high = mid;
	}

	return low < allow->n &&
	       addr_compare(&allow->range6[low].first, addr) <= 0;
}

/**
 * l4lb_allow_has() - whether a list has a client
 * @allow: list
 * @hi: client's address, as in &struct l4lb_conn_key
 * @lo: its second half
 *
 * Context: Any, under rcu_read_lock().
 * Return: true if it has.
 */
bool l4lb_allow_has(const struct l4lb_allow *allow, u64 hi, u64 lo)
{
	struct l4lb_allow_addr addr;

	if (allow->family == AF_INET)
		return has4(allow, ntohl((__force __be32)lo));

	addr.hi = be64_to_cpu((__force __be64)hi);
	addr.lo = be64_to_cpu((__force __be64)lo);

	return has6(allow, &addr);
}
