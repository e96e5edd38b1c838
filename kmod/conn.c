// SPDX-License-Identifier: GPL-2.0-only
/*
 * Connections: making, ending, expiring.
 *
 * Nodes are added and unlinked under the locks of their buckets. Only the
 * worker unlinks and frees, in batches that share one grace period, so a
 * reader may keep a connection for as long as it is in rcu_read_lock().
 */

#include "conn.h"
#include "addr.h"
#include "netns.h"
#include "persist.h"
#include "real.h"
#include "source.h"
#include "stock.h"
#include "vip.h"

#include <linux/bits.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/slab.h>

/* Longest chain: only an attack or a table far too small gets there. */
#define CONN_CHAIN_MAX	64

/* The worker sees each bucket once in so many runs. */
#define CONN_GC_PARTS	8
#define CONN_GC_PARTS_FLOOD	2
#define CONN_GC_PERIOD	HZ
#define CONN_GC_BATCH	4096

/* Ticks of the states that do not depend on the VIP, in ms. */
#define CONN_SYN_MS	60000
#define CONN_FLOOD_MS	10000
#define CONN_YIELD_MS	3000
#define CONN_SILENT_MS	10000
#define CONN_UNCONFIRMED_MS	10000
#define CONN_FIN_MS	120000
#define CONN_CLOSED_MS	10000
#define CONN_UDP_MS	300000
#define CONN_UDP_NEW_MS	30000

/* Ports tried for a connection by SNAT: enough where one in 30 is free. */
#define CONN_PORT_ATTEMPTS	128

/* Unless the administrator says otherwise, four times the pages of memory. */
#define CONNS_MIN	BIT(14)
#define CONNS_DEFAULT	BIT(22)
#define CONNS_SMALL	BIT(14)

#define CONN_BUCKETS_MIN	BIT(12)
#define CONNS_PER_BUCKET	4

static struct l4lb_stock conn_stock;
static struct l4lb_stock conn_nat_stock;

/* 0: as the VIP says */
static const u32 conn_idle[L4LB_CONN_STATE_MAX + 1] = {
	[L4LB_CONN_SYN]		= L4LB_TICKS(CONN_SYN_MS),
	[L4LB_CONN_UNCONFIRMED]	= L4LB_TICKS(CONN_UNCONFIRMED_MS),
	[L4LB_CONN_FIN]		= L4LB_TICKS(CONN_FIN_MS),
	[L4LB_CONN_CLOSED]	= L4LB_TICKS(CONN_CLOSED_MS),
	[L4LB_CONN_UDP]		= L4LB_TICKS(CONN_UDP_MS),
	[L4LB_CONN_UDP_NEW]	= L4LB_TICKS(CONN_UDP_NEW_MS),
};

/**
 * l4lb_conn_idle() - how long a connection may be silent
 * @real: its real
 * @state: its state, &enum l4lb_conn_state
 *
 * Context: Any.
 * Return: ticks.
 */
u32 l4lb_conn_idle(const struct l4lb_real *real, u8 state)
{
	return conn_idle[state] ?: READ_ONCE(real->idle);
}

/**
 * l4lb_conn_set_state() - a connection has come further
 * @conn: connection
 * @state: &enum l4lb_conn_state
 *
 * Context: Any but a hard interrupt, under rcu_read_lock().
 */
void l4lb_conn_set_state(struct l4lb_conn *conn, u8 state)
{
	if (READ_ONCE(conn->state) == state)
		return;

	WRITE_ONCE(conn->idle, l4lb_conn_idle(conn->real, state));
	WRITE_ONCE(conn->state, state);
}

static spinlock_t *conn_lock(struct l4lb_conn_table *table, u32 hash)
{
	return &table->locks[hash & table->mask &
			     (BIT(L4LB_CONN_LOCK_BITS) - 1)];
}

/* Locks one bucket, or two in the order of their locks; bottom halves are off. */
static void locks_take(spinlock_t *a, spinlock_t *b)
	__acquires(1)
	__acquires(2)
{
	if (a > b)
		swap(a, b);
	spin_lock(a);
	if (a != b)
		spin_lock_nested(b, SINGLE_DEPTH_NESTING);
	else
		__acquire(2); /* sparse counts, and cannot compare */
}

static void locks_release(spinlock_t *a, spinlock_t *b)
	__releases(1)
	__releases(2)
{
	if (a != b)
		spin_unlock(b);
	else
		__release(2);
	spin_unlock(a);
}

static u32 conn_hash2(struct l4lb_conn *conn)
{
	return conn->nat ? l4lb_conn_nat(conn)->hash : conn->hash;
}

static struct l4lb_conn_node *
bucket_first(struct l4lb_conn_table *table, u32 hash)
{
	return rcu_dereference_protected(table->heads[hash & table->mask],
					 lockdep_is_held(conn_lock(table, hash)));
}

static struct l4lb_conn_node *
bucket_next(struct l4lb_conn_table *table, struct l4lb_conn_node *node,
	    u32 hash)
{
	return rcu_dereference_protected(node->next,
					 lockdep_is_held(conn_lock(table, hash)));
}

static void node_link(struct l4lb_conn_table *table,
		      struct l4lb_conn_node *node, u32 hash)
{
	RCU_INIT_POINTER(node->next, bucket_first(table, hash));
	rcu_assign_pointer(table->heads[hash & table->mask], node);
}

static void node_unlink(struct l4lb_conn_table *table,
			struct l4lb_conn_node *node, u32 hash)
{
	struct l4lb_conn_node __rcu **link = &table->heads[hash & table->mask];
	struct l4lb_conn_node *pos;

	for (pos = bucket_first(table, hash); pos;
	     pos = bucket_next(table, pos, hash)) {
		if (pos == node) {
			/* The node stays whole for readers that are on it. */
			rcu_assign_pointer(*link, bucket_next(table, node, hash));
			return;
		}
		link = &pos->next;
	}
}

/* The newest node with a key, and how long the chain is up to it. */
static __always_inline struct l4lb_conn_node *
node_find(struct l4lb_conn_table *table, const struct l4lb_conn_key *key,
	  u32 hash, unsigned int *length)
{
	struct l4lb_conn_node *node;

	*length = 0;
	for (node = bucket_first(table, hash); node;
	     node = bucket_next(table, node, hash)) {
		if (l4lb_conn_key_equal(&node->key, key))
			return node;
		(*length)++;
	}

	return NULL;
}

/* How long the chain is behind a node, as far as that matters. */
static unsigned int chain_behind(struct l4lb_conn_table *table,
				 struct l4lb_conn_node *node, u32 hash)
{
	unsigned int length = 0;

	do {
		length++;
		node = bucket_next(table, node, hash);
	} while (node && length < CONN_CHAIN_MAX);

	return length;
}

static bool conn_lives(const struct l4lb_conn *conn, u32 now)
{
	return !READ_ONCE(conn->dead) && !l4lb_conn_expired(conn, now);
}

/* In ticks; a packet may have come since @now was taken. */
static s32 conn_silence(const struct l4lb_conn *conn, u32 now)
{
	return now - READ_ONCE(conn->seen);
}

/*
 * Whether a connection keeps its place on the real's side. With ports scarce, a
 * client that has begun and not gone on gives its port to the next.
 */
static bool reply_is_kept(const struct l4lb_conn *conn, u32 now)
{
	if (!conn_lives(conn, now))
		return false;

	return !conn->full || !READ_ONCE(conn->unproven) ||
	       conn_silence(conn, now) <= (s32)l4lb_ticks(CONN_YIELD_MS);
}

static void reply_key(struct l4lb_conn_key *reply,
		      const struct l4lb_conn_key *key,
		      const struct l4lb_real *real)
{
	reply->hi = key->hi;
	reply->lo = key->lo;
	reply->cport = key->cport;
	reply->port = real->port ?: key->port;
	reply->tag = (real->reply_addr->id << L4LB_KEY_ID_SHIFT) |
		     L4LB_KEY_REPLY | (key->tag & L4LB_KEY_UDP);
}

static noinline void conn_init_nat(const struct l4lb_conn_table *table,
				   struct l4lb_conn_nat *nat)
{
	reply_key(&nat->reply.key, &nat->conn.node.key, nat->conn.real);
	nat->hash = l4lb_conn_hash(table, &nat->reply.key);
	l4lb_route_init(&nat->client);
}

static struct l4lb_conn *conn_alloc(struct l4lb_conn_table *table,
				    const struct l4lb_conn_key *key, u32 hash,
				    struct l4lb_real *real, u8 mode, u8 state)
{
	struct l4lb_conn_nat *nat = NULL;
	struct l4lb_conn *conn;

	if (mode != L4LB_MODE_DR) {
		nat = l4lb_stock_take(&conn_nat_stock);
		conn = nat ? &nat->conn : NULL;
	} else {
		conn = l4lb_stock_take(&conn_stock);
	}
	if (!conn)
		return NULL;

	conn->node.key = *key;
	conn->real = real;
	conn->seen = l4lb_tick_now();
	conn->hash = hash;
	conn->idle = l4lb_conn_idle(real, state);
	conn->state = state;
	conn->nat = nat;
	conn->full = mode == L4LB_MODE_SNAT;
	conn->dead = false;
	conn->fins = 0;
	conn->newcomer = false;
	conn->unproven = l4lb_conn_is_half_open(state);

	if (nat)
		conn_init_nat(table, nat);

	return conn;
}

static void conn_free(struct l4lb_net *ln, struct l4lb_conn *conn)
{
	if (conn->nat) {
		l4lb_route_forget(ln, &l4lb_conn_nat(conn)->client);
		kmem_cache_free(conn_nat_stock.cache, l4lb_conn_nat(conn));
	} else {
		kmem_cache_free(conn_stock.cache, conn);
	}
}

/*
 * Puts a connection into the table unless its place is taken: by the same
 * client's connection that another CPU has just made, which is returned then,
 * or by another VIP's connection between the same client and real.
 */
static __always_inline struct l4lb_conn *
conn_link_nodes(struct l4lb_conn_table *table, struct l4lb_conn *conn,
		struct l4lb_conn_nat *nat, enum l4lb_drop *why)
{
	struct l4lb_conn *other, *made = NULL;
	struct l4lb_conn_node *node;
	u32 hash2 = nat ? nat->hash : conn->hash;
	spinlock_t *lock = conn_lock(table, conn->hash);
	spinlock_t *lock2 = nat ? conn_lock(table, hash2) : lock;
	u32 now = l4lb_tick_now();
	unsigned int length;

	locks_take(lock, lock2);

	node = node_find(table, &conn->node.key, conn->hash, &length);
	if (node) {
		other = container_of(node, struct l4lb_conn, node);
		if (conn_lives(other, now)) {
			made = other;
			goto unlock;
		}
		WRITE_ONCE(other->dead, true);
		/* A client that begins again and again leaves many behind. */
		length += chain_behind(table, node, conn->hash);
	}
	*why = L4LB_DROP_CHAIN;
	if (length >= CONN_CHAIN_MAX) {
		l4lb_flood_note(&table->flood);
		goto unlock;
	}

	if (nat) {
		node = node_find(table, &nat->reply.key, hash2, &length);
		if (length >= CONN_CHAIN_MAX)
			goto unlock;
		*why = L4LB_DROP_COLLISION;
		if (node) {
			other = &l4lb_conn_of_reply(node)->conn;
			if (reply_is_kept(other, now))
				goto unlock;
			WRITE_ONCE(other->dead, true);
		}
		node_link(table, &nat->reply, hash2);
	}

	node_link(table, &conn->node, conn->hash);
	made = conn;

unlock:
	locks_release(lock, lock2);

	return made;
}

/* By DR there is one node and one lock: nothing is asked twice. */
static struct l4lb_conn *conn_link(struct l4lb_conn_table *table,
				   struct l4lb_conn *conn, enum l4lb_drop *why)
{
	return conn->nat ?
	       conn_link_nodes(table, conn, l4lb_conn_nat(conn), why) :
	       conn_link_nodes(table, conn, NULL, why);
}

/* Half-open connections have a budget, so that the others find room. */
static bool table_admits(struct l4lb_conn_table *table, u8 state,
			 enum l4lb_drop *why)
{
	u32 max = READ_ONCE(table->max);

	*why = L4LB_DROP_CONN_LIMIT;
	if ((u32)atomic_read(&table->count) < max) {
		if (!l4lb_conn_is_half_open(state) ||
		    l4lb_flood_take(&table->flood, max))
			return true;
		*why = L4LB_DROP_FLOOD;
	}
	l4lb_flood_note(&table->flood);

	return false;
}

/**
 * l4lb_conn_peek() - whether the table would take a new connection now
 * @ln: namespace
 * @state: &enum l4lb_conn_state that it would begin in
 * @why: where to say why not
 *
 * A rate that is exceeded does not show here.
 *
 * Context: Any.
 * Return: true if there is room.
 */
bool l4lb_conn_peek(const struct l4lb_net *ln, u8 state, enum l4lb_drop *why)
{
	const struct l4lb_conn_table *table = &ln->conns;
	u32 max = READ_ONCE(table->max);

	*why = L4LB_DROP_CONN_LIMIT;
	if ((u32)atomic_read(&table->count) >= max)
		return false;

	*why = L4LB_DROP_FLOOD;

	return !l4lb_conn_is_half_open(state) ||
	       l4lb_flood_has_room(&table->flood, max);
}

/* Ports of the most part of attempts are taken: that is seen without a lock. */
static bool reply_is_taken(struct l4lb_conn_table *table,
			   const struct l4lb_conn_nat *nat)
{
	struct l4lb_conn_node *node;

	node = l4lb_conn_find(table, &nat->reply.key, nat->hash);

	return node && reply_is_kept(&l4lb_conn_of_reply(node)->conn,
				     l4lb_tick_now());
}

/* Tries ports until one is free. */
static noinline struct l4lb_conn *conn_link_full(struct l4lb_net *ln,
						 struct l4lb_conn *conn,
						 enum l4lb_drop *why)
{
	struct l4lb_conn_nat *nat = l4lb_conn_nat(conn);
	struct l4lb_conn *made;
	unsigned int attempt;

	*why = L4LB_DROP_NO_ROUTE;
	if (!l4lb_source_choose(ln, nat))
		return NULL;

	for (attempt = 0; attempt < CONN_PORT_ATTEMPTS; attempt++) {
		l4lb_source_next(ln, nat);
		nat->hash = l4lb_conn_hash(&ln->conns, &nat->reply.key);
		if (reply_is_taken(&ln->conns, nat) ||
		    !l4lb_source_is_free(ln, nat))
			continue;
		made = conn_link(&ln->conns, conn, why);
		if (made || *why != L4LB_DROP_COLLISION)
			return made;
	}

	*why = L4LB_DROP_PORTS;
	WRITE_ONCE(conn->real->ports_ran_out, true);

	return NULL;
}

static struct l4lb_conn *conn_make(struct l4lb_net *ln,
				   const struct l4lb_conn_key *key, u32 hash,
				   struct l4lb_real *real, u8 mode, u8 state,
				   enum l4lb_drop *why)
{
	struct l4lb_conn_table *table = &ln->conns;
	struct l4lb_conn *conn, *made;

	conn = conn_alloc(table, key, hash, real, mode, state);
	if (!conn) {
		*why = L4LB_DROP_NO_MEMORY;
		if (l4lb_conn_is_half_open(state))
			l4lb_flood_give(&table->flood);
		l4lb_flood_note(&table->flood);
		return NULL;
	}

	/* Counted before it is seen: a real with readers is never at zero. */
	atomic_inc(&table->count);
	atomic_inc(&real->conns);
	made = conn->full ? conn_link_full(ln, conn, why) :
			    conn_link(table, conn, why);
	if (made == conn) {
		this_cpu_inc(real->stats->conns);
		return conn;
	}

	atomic_dec(&table->count);
	atomic_dec(&real->conns);
	l4lb_conn_prove(table, conn);
	conn_free(ln, conn);

	return made;
}

/**
 * l4lb_conn_add() - make a connection
 * @ln: namespace
 * @key: the client's side
 * @hash: its hash
 * @real: where it goes
 * @mode: &enum l4lb_mode, how
 * @state: &enum l4lb_conn_state
 * @why: where to say why there is none
 *
 * Context: Any but a hard interrupt, under rcu_read_lock().
 * Return: the connection, which another CPU may have made for another packet
 * of the same client, or NULL.
 */
struct l4lb_conn *l4lb_conn_add(struct l4lb_net *ln,
				const struct l4lb_conn_key *key, u32 hash,
				struct l4lb_real *real, u8 mode, u8 state,
				enum l4lb_drop *why)
{
	struct l4lb_conn *made;

	if (!table_admits(&ln->conns, state, why))
		return NULL;

	if (likely(softirq_count()))
		return conn_make(ln, key, hash, real, mode, state, why);

	/* A packet that a rule has queued comes back from a process. */
	local_bh_disable();
	made = conn_make(ln, key, hash, real, mode, state, why);
	local_bh_enable();

	return made;
}

/**
 * l4lb_conn_client() - the client's address
 * @conn: connection
 * @addr: where to put it, unused bytes zero
 *
 * Context: Any.
 */
void l4lb_conn_client(const struct l4lb_conn *conn, union nf_inet_addr *addr)
{
	l4lb_conn_key_addr(&conn->node.key, conn->real->family, addr);
}

/**
 * l4lb_conn_source() - the address that the real sees
 * @conn: connection by NAT
 * @addr: where to put it, unused bytes zero
 *
 * Context: Any.
 */
void l4lb_conn_source(const struct l4lb_conn *conn, union nf_inet_addr *addr)
{
	const struct l4lb_conn_nat *nat =
		container_of_const(conn, struct l4lb_conn_nat, conn);

	l4lb_conn_key_addr(&nat->reply.key, conn->real->family, addr);
}

/**
 * l4lb_conn_mode() - how a connection gets to its real
 * @conn: connection
 *
 * Context: Any.
 * Return: &enum l4lb_mode.
 */
u8 l4lb_conn_mode(const struct l4lb_conn *conn)
{
	if (conn->full)
		return L4LB_MODE_SNAT;

	return conn->nat ? L4LB_MODE_NAT : L4LB_MODE_DR;
}

/**
 * l4lb_conn_matches() - whether a filter means a connection
 * @conn: connection
 * @filter: filter
 *
 * Context: Process context, under rcu_read_lock().
 * Return: true if it does.
 */
bool l4lb_conn_matches(const struct l4lb_conn *conn,
		       const struct l4lb_conn_filter *filter)
{
	const struct l4lb_real *real = conn->real;
	union nf_inet_addr client;

	if (READ_ONCE(conn->dead) ||
	    l4lb_conn_expired(conn, l4lb_tick_now()))
		return false;
	if (filter->vip && filter->vip != real->vip->id)
		return false;
	if (filter->real[0] && strcmp(filter->real, real->config.name))
		return false;
	if (!filter->family)
		return true;
	if (filter->family != real->family)
		return false;

	l4lb_conn_client(conn, &client);

	return ipv6_prefix_equal(&client.in6, &filter->client, filter->len);
}

static bool bucket_has(struct l4lb_conn_table *table, u32 bucket)
{
	return rcu_access_pointer(table->heads[bucket]);
}

/**
 * l4lb_conn_bury() - give a removed real to the worker
 * @ln: namespace
 * @real: real that no configuration names any more
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_conn_bury(struct l4lb_net *ln, struct l4lb_real *real)
{
	struct l4lb_conn_table *table = &ln->conns;

	lockdep_assert_held(&ln->lock);

	WRITE_ONCE(real->orphans, true);
	WRITE_ONCE(real->removed, true);
	WRITE_ONCE(real->keeps, false);
	WRITE_ONCE(real->serves, false);
	spin_lock(&table->tombs_lock);
	list_move_tail(&real->list, &table->tombs);
	real->spell = table->spell;
	spin_unlock(&table->tombs_lock);
}

static void conn_unlink(struct l4lb_conn_table *table, struct l4lb_conn *conn)
{
	u32 hash2 = conn_hash2(conn);
	spinlock_t *lock = conn_lock(table, conn->hash);
	spinlock_t *lock2 = conn_lock(table, hash2);

	local_bh_disable();
	locks_take(lock, lock2);
	node_unlink(table, &conn->node, conn->hash);
	if (conn->nat)
		node_unlink(table, &l4lb_conn_nat(conn)->reply, hash2);
	locks_release(lock, lock2);
	local_bh_enable();
}

/*
 * A removed real must not wait for a client that is silent for hours, unless it
 * was said that such connections are kept.
 */
static bool conn_abandoned(const struct l4lb_conn *conn, u32 now)
{
	const struct l4lb_real *real = conn->real;

	return READ_ONCE(real->removed) &&
	       conn_silence(conn, now) > (s32)l4lb_ticks(CONN_FIN_MS) &&
	       rcu_dereference(real->vip->conf)->config.orphan !=
	       L4LB_ORPHAN_KEEP;
}

/* During a flood what is half-open must make room before its time. */
static bool conn_is_in_the_way(const struct l4lb_conn *conn, u32 now)
{
	return READ_ONCE(conn->unproven) &&
	       conn_silence(conn, now) > (s32)l4lb_ticks(CONN_FLOOD_MS);
}

/*
 * What a connection that lives does besides. A neighbour in use is not given up
 * by the kernel, which has room for a thousand or so: clients that are silent
 * must not hold theirs.
 */
static void conn_keep(struct l4lb_net *ln, struct l4lb_conn *conn, u32 now)
{
	if (l4lb_conn_is_open(READ_ONCE(conn->state)))
		l4lb_persist_refresh(conn);
	if (conn->nat && conn_silence(conn, now) > (s32)l4lb_ticks(CONN_SILENT_MS))
		l4lb_route_forget(ln, &l4lb_conn_nat(conn)->client);
}

/*
 * Unlinks what is dead or expired in a bucket, as far as there is room. What
 * lives keeps its client's persistence alive.
 */
static u32 gc_bucket(struct l4lb_net *ln, u32 bucket, struct l4lb_conn **batch,
		     u32 room)
{
	struct l4lb_conn_table *table = &ln->conns;
	bool flood = l4lb_flood_presses(&table->flood);
	u32 i, n = 0, now = l4lb_tick_now();
	struct l4lb_conn_node *node;
	struct l4lb_conn *conn;

	if (!bucket_has(table, bucket))
		return 0;

	rcu_read_lock();
	for (node = rcu_dereference(table->heads[bucket]); node && n < room;
	     node = rcu_dereference(node->next)) {
		conn = l4lb_conn_of_request(node);
		if (!conn)
			continue;
		if (!conn_lives(conn, now) || conn_abandoned(conn, now) ||
		    (flood && conn_is_in_the_way(conn, now)))
			batch[n++] = conn;
		else
			conn_keep(ln, conn, now);
	}
	rcu_read_unlock();

	/* Nobody else frees, so they are still there. */
	for (i = 0; i < n; i++) {
		WRITE_ONCE(batch[i]->dead, true);
		conn_unlink(table, batch[i]);
	}

	return n;
}

/*
 * Tombstones without connections and clients, that no base names. Two spells
 * on, a whole grace period has passed since the burial, so no reader is left
 * that could still make one.
 */
static void gc_tombs(struct l4lb_conn_table *table, struct list_head *gone)
{
	struct l4lb_real *real, *next;

	spin_lock(&table->tombs_lock);
	list_for_each_entry_safe(real, next, &table->tombs, list)
		if ((s32)(table->spell - real->spell) > 1 &&
		    !real->bases && !atomic_read(&real->conns) &&
		    !atomic_read(&real->persists))
			list_move_tail(&real->list, gone);
	spin_unlock(&table->tombs_lock);
}

static bool tombs_wait(struct l4lb_conn_table *table)
{
	bool wait;

	spin_lock(&table->tombs_lock);
	wait = !list_empty(&table->tombs);
	spin_unlock(&table->tombs_lock);

	return wait;
}

/*
 * One grace period covers readers of the connections that were unlinked and,
 * with that, the last users of the reals that had none left before it.
 */
static void gc_finish(struct l4lb_net *ln, struct l4lb_conn **batch, u32 n,
		      struct list_head *gone)
{
	struct l4lb_conn_table *table = &ln->conns;
	struct l4lb_real *real, *next;
	u32 i;

	synchronize_rcu();

	spin_lock(&table->tombs_lock);
	table->spell++;
	spin_unlock(&table->tombs_lock);

	for (i = 0; i < n; i++) {
		atomic_dec(&batch[i]->real->conns);
		l4lb_conn_prove(table, batch[i]);
		conn_free(ln, batch[i]);
	}
	atomic_sub(n, &table->count);

	list_for_each_entry_safe(real, next, gone, list) {
		list_del(&real->list);
		l4lb_real_free(real);
	}
}

/* Goes through so many buckets, from where the last sweep ended. */
static int conn_sweep(struct l4lb_net *ln, u32 left)
{
	struct l4lb_conn_table *table = &ln->conns;
	struct l4lb_conn **batch;
	LIST_HEAD(gone);
	u32 n;

	batch = kvmalloc_array(CONN_GC_BATCH, sizeof(*batch), GFP_KERNEL);
	if (!batch)
		return -ENOMEM;

	mutex_lock(&table->gc_lock);
	do {
		gc_tombs(table, &gone);
		for (n = 0; left; left--) {
			n += gc_bucket(ln, table->bucket, batch + n,
				       CONN_GC_BATCH - n);
			/* There may be more in this one. */
			if (n == CONN_GC_BATCH)
				break;
			table->bucket = (table->bucket + 1) & table->mask;
			cond_resched();
		}
		if (n || !list_empty(&gone) || tombs_wait(table))
			gc_finish(ln, batch, n, &gone);
	} while (left);
	mutex_unlock(&table->gc_lock);
	kvfree(batch);

	return 0;
}

static void conn_gc(struct work_struct *work)
{
	struct l4lb_net *ln = container_of(to_delayed_work(work),
					   struct l4lb_net, conns.gc);
	struct l4lb_conn_table *table = &ln->conns;
	u32 parts = l4lb_flood_presses(&table->flood) ? CONN_GC_PARTS_FLOOD :
							CONN_GC_PARTS;

	/* Without memory now, perhaps with some a second later. */
	conn_sweep(ln, (table->mask + 1) / parts);
	l4lb_persist_sweep(ln, CONN_GC_PARTS);
	queue_delayed_work(system_unbound_wq, &table->gc, CONN_GC_PERIOD);
}

static u32 bucket_end(struct l4lb_conn_table *table, u32 bucket,
		      const struct l4lb_conn_filter *filter, u32 room)
{
	struct l4lb_conn_node *node;
	struct l4lb_conn *conn;
	u32 n = 0;

	if (!bucket_has(table, bucket))
		return 0;

	rcu_read_lock();
	for (node = rcu_dereference(table->heads[bucket]); node && n < room;
	     node = rcu_dereference(node->next)) {
		conn = l4lb_conn_of_request(node);
		if (!conn || !l4lb_conn_matches(conn, filter))
			continue;
		WRITE_ONCE(conn->dead, true);
		n++;
	}
	rcu_read_unlock();

	return n;
}

/**
 * l4lb_conn_end() - end connections
 * @ln: namespace
 * @filter: which
 *
 * Context: Process context, under &l4lb_net.lock; waits for a grace period if
 * there are any.
 * Return: how many.
 */
u32 l4lb_conn_end(struct l4lb_net *ln, const struct l4lb_conn_filter *filter)
{
	struct l4lb_conn_table *table = &ln->conns;
	u32 bucket, n = 0, most = filter->limit ?: U32_MAX;

	lockdep_assert_held(&ln->lock);

	if (!table->heads)
		return 0;

	for (bucket = 0; bucket <= table->mask; bucket++) {
		n += bucket_end(table, bucket, filter, most - n);
		cond_resched();
	}

	/* Now, not when the worker comes by: the counts are to be right. */
	if (n)
		conn_sweep(ln, table->mask + 1);

	return n;
}

/**
 * l4lb_conn_max_default() - most connections, if nothing else is said
 * @ln: namespace
 *
 * Context: Any.
 * Return: how many.
 */
u32 l4lb_conn_max_default(const struct l4lb_net *ln)
{
	unsigned long most = roundup_pow_of_two(totalram_pages()) *
			     CONNS_PER_BUCKET;

	if (ln->net->user_ns != &init_user_ns)
		return CONNS_SMALL;

	return clamp_t(unsigned long, most, CONNS_MIN, CONNS_DEFAULT);
}

/* The table does not follow a limit that changes later: chains do. */
static u32 buckets_wanted(const struct l4lb_net *ln)
{
	return max_t(u32, CONN_BUCKETS_MIN,
		     roundup_pow_of_two(ln->global.conns_max) /
		     CONNS_PER_BUCKET);
}

/**
 * l4lb_conn_start() - make the table
 * @ln: namespace without VIPs
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, or -ENOMEM.
 */
int l4lb_conn_start(struct l4lb_net *ln)
{
	struct l4lb_conn_table *table = &ln->conns;
	u32 i, buckets = buckets_wanted(ln);

	lockdep_assert_held(&ln->lock);

	table->locks = kvmalloc_array(BIT(L4LB_CONN_LOCK_BITS),
				      sizeof(*table->locks),
				      GFP_KERNEL_ACCOUNT);
	if (!table->locks)
		return -ENOMEM;
	for (i = 0; i < BIT(L4LB_CONN_LOCK_BITS); i++)
		spin_lock_init(&table->locks[i]);

	table->heads = kvcalloc(buckets, sizeof(*table->heads),
				GFP_KERNEL_ACCOUNT);
	if (!table->heads)
		goto err_locks;
	if (l4lb_flood_start(&table->flood))
		goto err_heads;

	table->mask = buckets - 1;
	table->bucket = 0;
	get_random_bytes(table->secret, sizeof(table->secret));
	queue_delayed_work(system_unbound_wq, &table->gc, CONN_GC_PERIOD);

	return 0;

err_heads:
	kvfree(table->heads);
	table->heads = NULL;
err_locks:
	kvfree(table->locks);
	return -ENOMEM;
}

/**
 * l4lb_conn_forget_tombs() - free what is left of removed reals
 * @ln: namespace without VIPs, in which no packet can see them
 *
 * Context: Process context, under &l4lb_net.lock or at the end of @ln.
 */
void l4lb_conn_forget_tombs(struct l4lb_net *ln)
{
	struct l4lb_conn_table *table = &ln->conns;
	struct l4lb_real *real, *next;

	list_for_each_entry_safe(real, next, &table->tombs, list) {
		list_del(&real->list);
		l4lb_real_free(real);
	}
}

/**
 * l4lb_conn_stop() - free every connection, tombstone and the table
 * @ln: namespace without VIPs, whose hooks are gone and whose readers have
 *	left
 *
 * Context: Process context, under &l4lb_net.lock or at the end of @ln.
 */
void l4lb_conn_stop(struct l4lb_net *ln)
{
	struct l4lb_conn_table *table = &ln->conns;
	struct l4lb_conn_node *node, *next;
	struct l4lb_conn *conn, *all = NULL;
	u32 bucket;

	cancel_delayed_work_sync(&table->gc);

	/* Reply nodes hang in other buckets: free when all have been seen. */
	for (bucket = 0; bucket <= table->mask; bucket++) {
		cond_resched();
		for (node = rcu_access_pointer(table->heads[bucket]); node;
		     node = next) {
			next = rcu_access_pointer(node->next);
			conn = l4lb_conn_of_request(node);
			if (!conn)
				continue;
			RCU_INIT_POINTER(conn->node.next,
					 all ? &all->node : NULL);
			all = conn;
		}
	}
	while (all) {
		conn = all;
		node = rcu_access_pointer(conn->node.next);
		all = node ? container_of(node, struct l4lb_conn, node) : NULL;
		conn_free(ln, conn);
	}
	atomic_set(&table->count, 0);
	l4lb_flood_stop(&table->flood);

	l4lb_conn_forget_tombs(ln);

	kvfree(table->heads);
	kvfree(table->locks);
	table->heads = NULL;
	table->locks = NULL;
}

/**
 * l4lb_conn_net_init() - prepare a new namespace
 * @ln: namespace
 *
 * Context: Process context.
 */
void l4lb_conn_net_init(struct l4lb_net *ln)
{
	struct l4lb_conn_table *table = &ln->conns;

	mutex_init(&table->gc_lock);
	spin_lock_init(&table->tombs_lock);
	INIT_LIST_HEAD(&table->tombs);
	INIT_DELAYED_WORK(&table->gc, conn_gc);
}

static int __init stock_start(struct l4lb_stock *stock,
			      struct kmem_cache *cache)
{
	int err;

	if (!cache)
		return -ENOMEM;

	err = l4lb_stock_start(stock, cache);
	if (err)
		kmem_cache_destroy(cache);

	return err;
}

static void stock_stop(struct l4lb_stock *stock)
{
	l4lb_stock_stop(stock);
	kmem_cache_destroy(stock->cache);
}

/**
 * l4lb_conn_init() - make the caches
 *
 * Context: Process context, at load.
 * Return: 0, or -ENOMEM.
 */
int __init l4lb_conn_init(void)
{
	int err;

	BUILD_BUG_ON(sizeof(struct l4lb_conn_key) != 24);
	BUILD_BUG_ON(sizeof(struct l4lb_conn) != 64);
	BUILD_BUG_ON(sizeof(struct l4lb_conn_nat) != 128);

	err = stock_start(&conn_stock, KMEM_CACHE(l4lb_conn, SLAB_HWCACHE_ALIGN));
	if (err)
		return err;

	err = stock_start(&conn_nat_stock,
			  KMEM_CACHE(l4lb_conn_nat, SLAB_HWCACHE_ALIGN));
	if (err)
		stock_stop(&conn_stock);

	return err;
}

/**
 * l4lb_conn_exit() - destroy the caches
 *
 * Context: Process context, when no connection is left.
 */
void l4lb_conn_exit(void)
{
	stock_stop(&conn_nat_stock);
	stock_stop(&conn_stock);
}
