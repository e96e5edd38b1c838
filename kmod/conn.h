/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Connections: a hash table that the data path reads without a lock.
 *
 * A connection is one node under the client's side of it and, with NAT, a
 * second node under the real's side. Nothing is counted, timed or locked per
 * packet: a packet stamps the connection it belongs to at most once a tick, and
 * a worker removes those whose stamp is too old, many with one grace period.
 *
 * A connection keeps its real for life. A client that starts anew gets a new
 * connection, put in front of the old one, which is marked dead.
 */

#ifndef _L4LB_CONN_H
#define _L4LB_CONN_H

#include <linux/bits.h>
#include <linux/cache.h>
#include <linux/in6.h>
#include <linux/netfilter.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include <uapi/linux/l4lb.h>

#include "flood.h"
#include "nexthop.h"
#include "tick.h"

struct l4lb_net;
struct l4lb_real;

#define L4LB_CONN_LOCK_BITS	10

/**
 * struct l4lb_conn_key - one side of a connection
 * @hi: first half of the client's IPv6 address, 0 for IPv4
 * @lo: second half, or the IPv4 address
 * @cport: port of the client
 * @port: port of the VIP, or of the real on a real's side
 * @tag: &l4lb_addr.id of the VIP or real, with %L4LB_KEY_UDP and
 *	%L4LB_KEY_REPLY; family, protocol and direction follow from it
 * @rest: the last three as one word
 */
struct l4lb_conn_key {
	u64 hi;
	u64 lo;
	union {
		struct {
			__be16 cport;
			__be16 port;
			u32 tag;
		};
		u64 rest;
	};
};

/* Low bits of l4lb_conn_key.tag. */
#define L4LB_KEY_UDP		1
#define L4LB_KEY_REPLY		2
#define L4LB_KEY_ID_SHIFT	2

/**
 * struct l4lb_conn_node - entry in the table
 * @next: next in the bucket
 * @key: what it is found by, constant
 */
struct l4lb_conn_node {
	struct l4lb_conn_node __rcu *next;
	struct l4lb_conn_key key;
};

/**
 * struct l4lb_conn - a connection; one cache line
 * @node: the client's side
 * @real: where it goes, constant; outlives the connection
 * @seen: tick of its last packet
 * @hash: hash of @node.key, constant
 * @idle: ticks after which it is idle for too long, in its present state
 * @state: &enum l4lb_conn_state
 * @nat: whether it is a &struct l4lb_conn_nat, constant
 * @full: by NAT, whether the real sees another source than the client, constant
 * @unproven: counted as half-open; cleared once, by l4lb_conn_prove()
 * @dead: replaced or ended; nobody finds it any more
 * @fins: bit 0: the client has closed, bit 1: the real has
 * @newcomer: of a client that a VIP with persistence did not know, and not
 *	established yet
 *
 * What changes is written without a lock: the last writer wins, and any order
 * of writes leaves a state that is right for one of the packets.
 */
struct l4lb_conn {
	struct l4lb_conn_node node;
	struct l4lb_real *real;
	u32 seen;
	u32 hash;
	u32 idle;
	u8 state;
	bool nat;
	bool dead;
	u8 fins;
	bool newcomer;
	bool full;
	bool unproven;
} ____cacheline_aligned;

/**
 * struct l4lb_conn_nat - a connection by NAT; two cache lines
 * @conn: the client's side
 * @reply: the real's side; in full NAT its "client" is the source that the real
 *	sees
 * @client: way back to the client
 * @hash: hash of @reply.key, constant
 * @csum: in full NAT, what putting that source in the client's place adds to
 *	checksums, constant
 */
struct l4lb_conn_nat {
	struct l4lb_conn conn;
	struct l4lb_conn_node reply;
	struct l4lb_route client;
	u32 hash;
	__wsum csum;
} ____cacheline_aligned;

/**
 * struct l4lb_conn_table - connections of a namespace
 * @heads: buckets, NULL before the first VIP
 * @mask: number of buckets less one
 * @max: most connections; &l4lb_net.lock to write
 * @secret: what the hash is keyed with
 * @locks: guard groups of buckets; a connection with two nodes needs both
 *	locks, the lower first
 * @count: connections now
 * @flood: limits those of them that are half-open
 * @gc: the worker
 * @gc_lock: held while connections are unlinked and freed
 * @bucket: where @gc goes on; under @gc_lock
 * @tombs_lock: guards @tombs
 * @tombs: &struct l4lb_real that are removed but may still have connections
 * @spell: grows with every grace period that @gc has waited for; under
 *	@tombs_lock to write
 */
struct l4lb_conn_table {
	struct l4lb_conn_node __rcu **heads;
	u32 mask;
	u32 max;
	u64 secret[4];
	spinlock_t *locks; /* buckets */
	atomic_t count;
	struct l4lb_flood flood;
	struct delayed_work gc;
	struct mutex gc_lock; /* unlinking and freeing */
	u32 bucket;
	spinlock_t tombs_lock; /* tombs, spell */
	struct list_head tombs;
	u32 spell;
};

static inline bool l4lb_conn_expired(const struct l4lb_conn *conn, u32 now)
{
	return (s32)(now - READ_ONCE(conn->seen)) > (s32)READ_ONCE(conn->idle);
}

/* Whether its client has not shown yet that it is there. */
static inline bool l4lb_conn_is_half_open(u8 state)
{
	return BIT(state) & (BIT(L4LB_CONN_SYN) | BIT(L4LB_CONN_UNCONFIRMED) |
			     BIT(L4LB_CONN_UDP_NEW));
}

static inline bool l4lb_conn_is_open(u8 state)
{
	return state == L4LB_CONN_ESTABLISHED || state == L4LB_CONN_UDP;
}

static inline struct l4lb_conn_nat *l4lb_conn_nat(struct l4lb_conn *conn)
{
	return container_of(conn, struct l4lb_conn_nat, conn);
}

static inline struct l4lb_conn_nat *
l4lb_conn_of_reply(struct l4lb_conn_node *node)
{
	return container_of(node, struct l4lb_conn_nat, reply);
}

/* NULL for a real's side, whose connection has another node. */
static inline struct l4lb_conn *
l4lb_conn_of_request(struct l4lb_conn_node *node)
{
	if (node->key.tag & L4LB_KEY_REPLY)
		return NULL;

	return container_of(node, struct l4lb_conn, node);
}

static inline void l4lb_conn_key_set_addr(struct l4lb_conn_key *key, u8 family,
					  const union nf_inet_addr *addr)
{
	if (family == AF_INET) {
		key->hi = 0;
		key->lo = (__force u32)addr->ip;
	} else {
		memcpy(&key->hi, &addr->in6.s6_addr[0], 8);
		memcpy(&key->lo, &addr->in6.s6_addr[8], 8);
	}
}

static inline void l4lb_conn_key_addr(const struct l4lb_conn_key *key,
				      u8 family, union nf_inet_addr *addr)
{
	memset(addr, 0, sizeof(*addr));
	if (family == AF_INET) {
		addr->ip = (__force __be32)key->lo;
	} else {
		memcpy(&addr->in6.s6_addr[0], &key->hi, 8);
		memcpy(&addr->in6.s6_addr[8], &key->lo, 8);
	}
}

static inline bool l4lb_conn_key_equal(const struct l4lb_conn_key *a,
				       const struct l4lb_conn_key *b)
{
	return a->lo == b->lo && a->rest == b->rest && a->hi == b->hi;
}

/* Both halves of the product, so that every bit of it counts. */
static inline u64 l4lb_conn_fold(u64 a, u64 b)
{
	unsigned __int128 product = (unsigned __int128)a * b;

	return (u64)product ^ (u64)(product >> 64);
}

static inline u32 l4lb_conn_hash(const struct l4lb_conn_table *table,
				 const struct l4lb_conn_key *key)
{
	u64 hash = l4lb_conn_fold(key->lo ^ table->secret[0],
				  key->rest ^ table->secret[1]);

	if (key->hi)
		hash = l4lb_conn_fold(hash ^ table->secret[2],
				      key->hi ^ table->secret[3]);

	return (u32)hash;
}

/* Data path: softirq or with bottom halves off, under rcu_read_lock(). */

/**
 * l4lb_conn_find() - look one side of a connection up
 * @table: table to search
 * @key: the side
 * @hash: its hash
 *
 * Context: Any, under rcu_read_lock().
 * Return: the newest node with that key, whose connection may be dead or
 * expired, or NULL.
 */
static inline struct l4lb_conn_node *
l4lb_conn_find(const struct l4lb_conn_table *table,
	       const struct l4lb_conn_key *key, u32 hash)
{
	struct l4lb_conn_node *node;

	for (node = rcu_dereference(table->heads[hash & table->mask]); node;
	     node = rcu_dereference(node->next))
		if (l4lb_conn_key_equal(&node->key, key))
			return node;

	return NULL;
}

/**
 * l4lb_conn_prove() - a packet has shown that both sides are there
 * @table: table of the connection
 * @conn: connection
 *
 * Context: Any but a hard interrupt, under rcu_read_lock().
 */
static inline void l4lb_conn_prove(struct l4lb_conn_table *table,
				   struct l4lb_conn *conn)
{
	if (READ_ONCE(conn->unproven) && xchg(&conn->unproven, false))
		l4lb_flood_give(&table->flood);
}

u32 l4lb_conn_idle(const struct l4lb_real *real, u8 state);
void l4lb_conn_set_state(struct l4lb_conn *conn, u8 state);
struct l4lb_conn *l4lb_conn_add(struct l4lb_net *ln,
				const struct l4lb_conn_key *key, u32 hash,
				struct l4lb_real *real, u8 mode, u8 state,
				enum l4lb_drop *why);

/* Any context. */
bool l4lb_conn_peek(const struct l4lb_net *ln, u8 state, enum l4lb_drop *why);

/* Control plane: process context. */
struct l4lb_conn_filter;
u32 l4lb_conn_end(struct l4lb_net *ln, const struct l4lb_conn_filter *filter);
void l4lb_conn_bury(struct l4lb_net *ln, struct l4lb_real *real);
u32 l4lb_conn_max_default(const struct l4lb_net *ln);

/* Life of the table: process context. */
int l4lb_conn_start(struct l4lb_net *ln);
void l4lb_conn_forget_tombs(struct l4lb_net *ln);
void l4lb_conn_stop(struct l4lb_net *ln);
void l4lb_conn_net_init(struct l4lb_net *ln);
int l4lb_conn_init(void);
void l4lb_conn_exit(void);

/**
 * struct l4lb_conn_filter - which connections are meant
 * @vip: id of the VIP, or 0 for all
 * @real: name of the real, or empty for all
 * @family: AF_INET, AF_INET6, or 0 for all
 * @len: length of the client's prefix
 * @client: the client's network
 * @limit: at most so many, or 0
 */
struct l4lb_conn_filter {
	u32 vip;
	char real[L4LB_NAME_MAX + 1];
	u8 family;
	u8 len;
	struct in6_addr client;
	u32 limit;
};

bool l4lb_conn_matches(const struct l4lb_conn *conn,
		       const struct l4lb_conn_filter *filter);
void l4lb_conn_client(const struct l4lb_conn *conn, union nf_inet_addr *addr);
void l4lb_conn_source(const struct l4lb_conn *conn, union nf_inet_addr *addr);
u8 l4lb_conn_mode(const struct l4lb_conn *conn);

#endif /* _L4LB_CONN_H */
