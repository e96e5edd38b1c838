/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fragments of IPv6 datagrams, which the stack forwards without putting them
 * together. Only the first of a datagram has ports. The others go the way that
 * it went, and those that come before it wait for it, a little while.
 */

#ifndef _L4LB_FRAG_H
#define _L4LB_FRAG_H

#include <linux/atomic.h>
#include <linux/in6.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "conn.h"

struct l4lb_net;
struct l4lb_packet;
struct sk_buff;

/* Entries that share a bucket. */
#define L4LB_FRAG_WAYS	8

/* Fragments that wait: of one datagram, and of a namespace. */
#define L4LB_FRAG_HELD_MAX	16
#define L4LB_FRAGS_HELD_MAX	256

/* How long a way is known, and how long a fragment waits at least, in ms. */
#define L4LB_FRAG_MS		5000
#define L4LB_FRAG_HELD_MS	500

/**
 * enum l4lb_frag_way - what becomes of the fragments of a datagram
 * @L4LB_FRAG_UNKNOWN: nothing is known of it
 * @L4LB_FRAG_WAIT: the first has not come yet
 * @L4LB_FRAG_CONN: they belong to a connection
 * @L4LB_FRAG_ACCEPT: they are the stack's
 * @L4LB_FRAG_DROP: they are dropped, as the first was or for want of room
 */
enum l4lb_frag_way {
	L4LB_FRAG_UNKNOWN,
	L4LB_FRAG_WAIT,
	L4LB_FRAG_CONN,
	L4LB_FRAG_ACCEPT,
	L4LB_FRAG_DROP,
};

/**
 * struct l4lb_frag_key - a datagram in parts
 * @saddr: from whom
 * @daddr: to whom
 * @id: the number that the sender gave it
 * @reply: whether it is from a real
 */
struct l4lb_frag_key {
	struct in6_addr saddr;
	struct in6_addr daddr;
	__be32 id;
	bool reply;
};

/**
 * struct l4lb_frag - what is known of a datagram
 * @key: the datagram
 * @since: tick when that became known
 * @way: &enum l4lb_frag_way
 * @n_held: how many fragments wait
 * @conn: one side of the connection, with %L4LB_FRAG_CONN; it is looked up for
 *	each fragment, since it may end
 * @held: fragments that wait, linked by &sk_buff.next
 */
struct l4lb_frag {
	struct l4lb_frag_key key;
	u32 since;
	u8 way;
	u8 n_held;
	struct l4lb_conn_key conn;
	struct sk_buff *held;
};

/**
 * struct l4lb_frag_bucket - entries with one hash
 * @lock: guards @entries
 * @entries: the entries; a new one takes the place of the oldest
 */
struct l4lb_frag_bucket {
	spinlock_t lock; /* entries */
	struct l4lb_frag entries[L4LB_FRAG_WAYS];
};

/**
 * struct l4lb_frag_table - datagrams in parts of a namespace
 * @ln: namespace
 * @secret: what the hash is keyed with
 * @mask: number of buckets less one
 * @held: fragments that wait
 * @sweep: drops those that have waited for too long, while there are any
 * @buckets: the entries
 */
struct l4lb_frag_table {
	struct l4lb_net *ln;
	u64 secret[2];
	u32 mask;
	atomic_t held;
	struct delayed_work sweep;
	struct l4lb_frag_bucket buckets[];
};

/* Data path: softirq or with bottom halves off, under rcu_read_lock(). */
bool l4lb_frag_key(const struct l4lb_packet *pkt, bool reply,
		   struct l4lb_frag_key *key);
struct sk_buff *l4lb_frag_lead(struct l4lb_net *ln,
			       const struct l4lb_frag_key *key,
			       enum l4lb_frag_way way,
			       const struct l4lb_conn_key *conn);
enum l4lb_frag_way l4lb_frag_follow(struct l4lb_net *ln,
				    const struct l4lb_frag_key *key,
				    struct sk_buff *skb,
				    struct l4lb_conn_key *conn);
bool l4lb_frag_resume(struct l4lb_net *ln, struct sk_buff *skb);

/* Life of the table: process context, under l4lb_net.lock. */
int l4lb_frag_start(struct l4lb_net *ln);
void l4lb_frag_stop(struct l4lb_net *ln);

#endif /* _L4LB_FRAG_H */
