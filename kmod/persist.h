/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Persistence: which real a client had, for its next connection.
 *
 * An entry binds a client, or a network of them, to a real of one VIP, over all
 * the VIP's ports and protocols. Only new connections look here. What a single
 * packet makes, which anybody can send, is tentative and soon forgotten.
 */

#ifndef _L4LB_PERSIST_H
#define _L4LB_PERSIST_H

#include <linux/cache.h>
#include <linux/minmax.h>
#include <linux/mutex.h>
#include <linux/netfilter.h>
#include <linux/rculist.h>
#include <linux/spinlock.h>

#include <uapi/linux/l4lb.h>

#include "tick.h"

struct l4lb_conn;
struct l4lb_conn_filter;
struct l4lb_conn_key;
struct l4lb_net;
struct l4lb_packet;
struct l4lb_real;
struct l4lb_vip;
struct l4lb_vip_conf;
struct netlink_ext_ack;

#define L4LB_PERSIST_LOCK_BITS	8

/* Who has connections is only looked up so often: no entry lasts less. */
#define L4LB_PERSIST_LEAST_MS	10000

#define L4LB_PERSIST_BATCH	1024

/**
 * struct l4lb_persist_key - a client of a VIP
 * @hi: first half of its IPv6 network, 0 for IPv4
 * @lo: second half, or the IPv4 network
 * @vip: &l4lb_vip.id
 * @len: prefix length
 *
 * The bytes are in the order in which they are sent.
 */
struct l4lb_persist_key {
	u64 hi;
	u64 lo;
	u32 vip;
	u8 len;
};

/**
 * enum l4lb_persist_state - how an entry ends
 * @L4LB_PERSIST_TENTATIVE: soon, as no connection of it was ever established
 * @L4LB_PERSIST_FULL: some time after its last use, or with its real
 * @L4LB_PERSIST_PINNED: the same, but it stays while its real is halted or down
 * @L4LB_PERSIST_FOREVER: not by itself
 */
enum l4lb_persist_state {
	L4LB_PERSIST_TENTATIVE,
	L4LB_PERSIST_FULL,
	L4LB_PERSIST_PINNED,
	L4LB_PERSIST_FOREVER,
};

/**
 * struct l4lb_persist - a client bound to a real; one cache line
 * @node: entry in the table
 * @key: the client, constant
 * @real: where it goes; counted in &l4lb_real.persists
 * @term: &l4lb_real.term when it was bound
 * @until: tick after which it has expired
 * @made: tick when it was bound
 * @state: &enum l4lb_persist_state
 * @leaves: marked by l4lb_persist_mark()
 *
 * From @real on: written under the lock of its bucket, read without. A use puts
 * @until off without the lock, if nobody else has.
 */
struct l4lb_persist {
	struct hlist_node node;
	struct l4lb_persist_key key;
	struct l4lb_real __rcu *real;
	u32 term;
	u32 until;
	u32 made;
	u8 state;
	bool leaves;
} ____cacheline_aligned;

/**
 * struct l4lb_persist_table - entries of a namespace
 * @secret: what the hash is keyed with
 * @mask: number of buckets less one
 * @max: most entries; half of them may be tentative; &l4lb_net.lock to write
 * @count: entries now
 * @tentative: how many of them are tentative
 * @locks: guard groups of buckets
 * @sweep_lock: held while entries are unlinked and freed
 * @bucket: where the next sweep goes on; under @sweep_lock
 * @batch: what the sweep has unlinked; under @sweep_lock
 * @heads: buckets
 */
struct l4lb_persist_table {
	u64 secret[4];
	u32 mask;
	u32 max;
	atomic_t count;
	atomic_t tentative;
	spinlock_t locks[1 << L4LB_PERSIST_LOCK_BITS]; /* buckets */
	struct mutex sweep_lock; /* unlinking and freeing */
	u32 bucket;
	struct l4lb_persist *batch[L4LB_PERSIST_BATCH];
	struct hlist_head heads[];
};

/**
 * struct l4lb_persist_pin - what the administrator says of a client
 * @family: AF_INET or AF_INET6
 * @forever: whether the entry is not to end by itself
 * @left: ms after which it may end, or 0 for the VIP's time
 * @client: the client's address, unused bytes zero
 */
struct l4lb_persist_pin {
	u8 family;
	bool forever;
	u32 left;
	union nf_inet_addr client;
};

/**
 * struct l4lb_persist_draft - a client that is going to be bound to a real
 * @pin: the client, and for how long
 * @entry: its entry, if it has none by then
 */
struct l4lb_persist_draft {
	struct l4lb_persist_pin pin;
	struct l4lb_persist *entry;
};

/* The bits of an IPv6 half that a prefix covers, as they are sent. */
static inline u64 l4lb_persist_half(unsigned int len)
{
	if (!len)
		return 0;

	return (__force u64)cpu_to_be64(len < 64 ? ~0ULL << (64 - len) : ~0ULL);
}

/**
 * l4lb_persist_mask() - leave a client's network of its address
 * @key: the address, to be masked; the prefix length
 * @family: AF_INET or AF_INET6
 *
 * Context: Any.
 */
static inline void l4lb_persist_mask(struct l4lb_persist_key *key, u8 family)
{
	unsigned int len = key->len;

	if (family == AF_INET) {
		key->lo &= len ? (__force u32)htonl(~0U << (32 - len)) : 0;
	} else {
		key->hi &= l4lb_persist_half(len);
		key->lo &= l4lb_persist_half(len < 64 ? 0 : len - 64);
	}
}

/* Of a VIP's time in ms, which may be none. */
static inline u32 l4lb_persist_ticks(u32 ms)
{
	return ms ? l4lb_ticks(max_t(u32, ms, L4LB_PERSIST_LEAST_MS)) : 0;
}

static inline bool l4lb_persist_expired(const struct l4lb_persist *entry,
					u32 now)
{
	return READ_ONCE(entry->state) != L4LB_PERSIST_FOREVER &&
	       (s32)(now - READ_ONCE(entry->until)) > 0;
}

/**
 * l4lb_persist_prolong() - when an entry expires that is used now
 * @entry: entry
 * @now: this tick
 * @ticks: how long entries last after their last use
 *
 * Context: Any.
 * Return: a tick, for &l4lb_persist.until.
 */
static inline u32 l4lb_persist_prolong(const struct l4lb_persist *entry,
				       u32 now, u32 ticks)
{
	u32 until = READ_ONCE(entry->until);

	/* What the administrator has given is not taken away. */
	if (READ_ONCE(entry->state) >= L4LB_PERSIST_PINNED &&
	    (s32)(until - (now + ticks)) > 0)
		return until;

	return now + ticks;
}

/* Any context, under rcu_read_lock(). */
u8 l4lb_persist_peek(const struct l4lb_vip *vip,
		     const struct l4lb_vip_conf *conf,
		     const struct l4lb_conn_key *client,
		     const struct l4lb_persist **entry,
		     struct l4lb_real **real);

/* Data path: softirq or with bottom halves off, under rcu_read_lock(). */
struct l4lb_real *l4lb_persist_choose(struct l4lb_vip *vip,
				      const struct l4lb_vip_conf *conf,
				      struct l4lb_packet *pkt);
void l4lb_persist_confirm(const struct l4lb_conn *conn);

/* The worker of the connections: process context. */
void l4lb_persist_refresh(const struct l4lb_conn *conn);
void l4lb_persist_sweep(struct l4lb_net *ln, u32 parts);

/* Control plane: process context, under l4lb_net.lock. */
void l4lb_persist_limit(struct l4lb_net *ln);
u32 l4lb_persist_count(struct l4lb_net *ln);
struct l4lb_persist_draft *
l4lb_persist_draft(const struct l4lb_persist_pin *pin);
void l4lb_persist_draft_free(struct l4lb_persist_draft *draft);
int l4lb_persist_draft_validate(const struct l4lb_persist_draft *draft,
				const struct l4lb_vip *vip, s64 *more,
				struct netlink_ext_ack *extack);
void l4lb_persist_draft_publish(struct l4lb_persist_draft *draft,
				const struct l4lb_vip *vip,
				struct l4lb_real *real);
u32 l4lb_persist_end(struct l4lb_net *ln,
		     const struct l4lb_conn_filter *filter);
void l4lb_persist_end_each(struct l4lb_net *ln,
			   const struct l4lb_conn_filter *
			   (*next)(void *data, const struct l4lb_vip **vip),
			   void *data);
u32 l4lb_persist_mark(struct l4lb_net *ln, const struct l4lb_vip *vip,
		      const struct l4lb_conn_filter *filter);
void l4lb_persist_unmark(struct l4lb_net *ln);
void l4lb_persist_inherit(struct l4lb_net *ln);
bool l4lb_persist_matches(const struct l4lb_persist *entry,
			  const struct l4lb_conn_filter *filter);
void l4lb_persist_client(const struct l4lb_persist *entry,
			 union nf_inet_addr *client);

/* Life of the table: process context. */
int l4lb_persist_start(struct l4lb_net *ln);
bool l4lb_persist_has_table(struct l4lb_net *ln);
void l4lb_persist_discard(struct l4lb_net *ln);
void l4lb_persist_stop(struct l4lb_net *ln);
int l4lb_persist_init(void);
void l4lb_persist_exit(void);

#endif /* _L4LB_PERSIST_H */
