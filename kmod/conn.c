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
#include "vip.h"

#include <linux/bits.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/slab.h>

/* Longest chain: only an attack or a table far too small gets there. */
#define CONN_CHAIN_MAX	64

/* The worker sees each bucket once in so many runs. */
#define CONN_GC_PARTS	8
#define CONN_GC_PERIOD	HZ
#define CONN_GC_BATCH	1024

/* Ticks of the states that do not depend on the VIP, in ms. */
#define CONN_SYN_MS	60000
#define CONN_UNCONFIRMED_MS	10000
#define CONN_FIN_MS	120000
#define CONN_CLOSED_MS	10000
#define CONN_UDP_MS	300000

/* Buckets: as many as pages of memory, within bounds. */
#define CONN_BUCKETS_MIN	BIT(12)
#define CONN_BUCKETS_MAX	BIT(20)
#define CONN_BUCKETS_SMALL	BIT(12)
#define CONNS_PER_BUCKET	4

static struct kmem_cache *conn_cache;
static struct kmem_cache *conn_nat_cache;

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
	switch (state) {
	case L4LB_CONN_SYN:
		return l4lb_ticks(CONN_SYN_MS);
	case L4LB_CONN_UNCONFIRMED:
		return l4lb_ticks(CONN_UNCONFIRMED_MS);
	case L4LB_CONN_FIN:
		return l4lb_ticks(CONN_FIN_MS);
	case L4LB_CONN_CLOSED:
		return l4lb_ticks(CONN_CLOSED_MS);
	case L4LB_CONN_UDP:
		return l4lb_ticks(CONN_UDP_MS);
	default:
		return READ_ONCE(real->idle);
	}
}

static spinlock_t *conn_lock(struct l4lb_conn_table *table, u32 hash)
{
	return &table->locks[hash & table->mask &
			     (BIT(L4LB_CONN_LOCK_BITS) - 1)];
}

/* Locks one bucket, or two in the order of their locks; bottom halves are off. */
static void conn_lock_both(struct l4lb_conn_table *table, u32 hash, u32 hash2)
	__acquires(1)
	__acquires(2)
{
	spinlock_t *a = conn_lock(table, hash);
	spinlock_t *b = conn_lock(table, hash2);

	if (a > b)
		swap(a, b);
	spin_lock(a);
	if (a != b)
		spin_lock_nested(b, SINGLE_DEPTH_NESTING);
	else
		__acquire(2); /* sparse counts, and cannot compare */
}

static void conn_unlock_both(struct l4lb_conn_table *table, u32 hash,
			     u32 hash2)
	__releases(1)
	__releases(2)
{
	spinlock_t *a = conn_lock(table, hash);
	spinlock_t *b = conn_lock(table, hash2);

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
static struct l4lb_conn_node *node_find(struct l4lb_conn_table *table,
					const struct l4lb_conn_key *key,
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

static bool conn_lives(const struct l4lb_conn *conn, u32 now)
{
	return !READ_ONCE(conn->dead) && !l4lb_conn_expired(conn, now);
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

static struct l4lb_conn *conn_alloc(struct l4lb_conn_table *table,
				    const struct l4lb_conn_key *key, u32 hash,
				    struct l4lb_real *real, u8 state)
{
	struct l4lb_conn_nat *nat = NULL;
	struct l4lb_conn *conn;

	if (real->nat) {
		nat = kmem_cache_alloc(conn_nat_cache,
				       GFP_ATOMIC | __GFP_NOWARN);
		conn = nat ? &nat->conn : NULL;
	} else {
		conn = kmem_cache_alloc(conn_cache, GFP_ATOMIC | __GFP_NOWARN);
	}
	if (!conn)
		return NULL;

	conn->node.key = *key;
	conn->real = real;
	conn->seen = l4lb_tick_now();
	conn->hash = hash;
	conn->idle = l4lb_conn_idle(real, state);
	conn->state = state;
	conn->nat = real->nat;
	conn->dead = false;
	conn->fins = 0;
	conn->newcomer = false;

	if (nat) {
		reply_key(&nat->reply.key, key, real);
		nat->hash = l4lb_conn_hash(table, &nat->reply.key);
		l4lb_route_init(&nat->client);
	}

	return conn;
}

static void conn_free(struct l4lb_net *ln, struct l4lb_conn *conn)
{
	if (conn->nat) {
		l4lb_route_forget(ln, &l4lb_conn_nat(conn)->client);
		kmem_cache_free(conn_nat_cache, l4lb_conn_nat(conn));
	} else {
		kmem_cache_free(conn_cache, conn);
	}
}

/*
 * Puts a connection into the table unless its place is taken: by the same
 * client's connection that another CPU has just made, which is returned then,
 * or by another VIP's connection between the same client and real.
 */
static struct l4lb_conn *conn_link(struct l4lb_conn_table *table,
				   struct l4lb_conn *conn, enum l4lb_drop *why)
{
	struct l4lb_conn_nat *nat = conn->nat ? l4lb_conn_nat(conn) : NULL;
	struct l4lb_conn *other, *made = NULL;
	struct l4lb_conn_node *node;
	u32 hash2 = conn_hash2(conn);
	u32 now = l4lb_tick_now();
	unsigned int length;

	conn_lock_both(table, conn->hash, hash2);

	node = node_find(table, &conn->node.key, conn->hash, &length);
	if (node) {
		other = container_of(node, struct l4lb_conn, node);
		if (conn_lives(other, now)) {
			made = other;
			goto unlock;
		}
		WRITE_ONCE(other->dead, true);
	}
	*why = L4LB_DROP_CHAIN;
	if (length >= CONN_CHAIN_MAX)
		goto unlock;

	if (nat) {
		node = node_find(table, &nat->reply.key, hash2, &length);
		if (length >= CONN_CHAIN_MAX)
			goto unlock;
		*why = L4LB_DROP_COLLISION;
		if (node && conn_lives(&l4lb_conn_of_reply(node)->conn, now))
			goto unlock;
		node_link(table, &nat->reply, hash2);
	}

	node_link(table, &conn->node, conn->hash);
	made = conn;

unlock:
	conn_unlock_both(table, conn->hash, hash2);

	return made;
}

/**
 * l4lb_conn_add() - make a connection
 * @ln: namespace
 * @key: the client's side
 * @hash: its hash
 * @real: where it goes
 * @state: &enum l4lb_conn_state
 * @why: where to say why there is none
 *
 * Context: Softirq or with bottom halves off, under rcu_read_lock().
 * Return: the connection, which another CPU may have made for another packet
 * of the same client, or NULL.
 */
struct l4lb_conn *l4lb_conn_add(struct l4lb_net *ln,
				const struct l4lb_conn_key *key, u32 hash,
				struct l4lb_real *real, u8 state,
				enum l4lb_drop *why)
{
	struct l4lb_conn_table *table = &ln->conns;
	struct l4lb_conn *conn, *made;

	if (atomic_read(&table->count) >= table->max) {
		*why = L4LB_DROP_CONN_LIMIT;
		return NULL;
	}

	conn = conn_alloc(table, key, hash, real, state);
	if (!conn) {
		*why = L4LB_DROP_NO_MEMORY;
		return NULL;
	}

	/* Counted before it is seen: a real with readers is never at zero. */
	atomic_inc(&table->count);
	atomic_inc(&real->conns);
	made = conn_link(table, conn, why);
	if (made != conn) {
		atomic_dec(&table->count);
		atomic_dec(&real->conns);
		conn_free(ln, conn);
		return made;
	}

	this_cpu_inc(real->stats->conns);

	return conn;
}

/**
 * l4lb_conn_client() - the client's address
 * @conn: connection
 * @addr: where to put it; an IPv4 address goes into the first four bytes
 *
 * Context: Any.
 */
void l4lb_conn_client(const struct l4lb_conn *conn, struct in6_addr *addr)
{
	memset(addr, 0, sizeof(*addr));
	if (conn->real->family == AF_INET) {
		addr->s6_addr32[0] = (__force __be32)conn->node.key.lo;
	} else {
		memcpy(&addr->s6_addr[0], &conn->node.key.hi, 8);
		memcpy(&addr->s6_addr[8], &conn->node.key.lo, 8);
	}
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
	struct in6_addr client;

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

	return ipv6_prefix_equal(&client, &filter->client, filter->len);
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
	spin_lock(&table->tombs_lock);
	list_move_tail(&real->list, &table->tombs);
	real->spell = table->spell;
	spin_unlock(&table->tombs_lock);
}

static void conn_unlink(struct l4lb_conn_table *table, struct l4lb_conn *conn)
{
	u32 hash2 = conn_hash2(conn);

	local_bh_disable();
	conn_lock_both(table, conn->hash, hash2);
	node_unlink(table, &conn->node, conn->hash);
	if (conn->nat)
		node_unlink(table, &l4lb_conn_nat(conn)->reply, hash2);
	conn_unlock_both(table, conn->hash, hash2);
	local_bh_enable();
}

/* A removed real must not wait for a client that is silent for hours. */
static bool conn_abandoned(const struct l4lb_conn *conn, u32 now)
{
	return READ_ONCE(conn->real->removed) &&
	       now - READ_ONCE(conn->seen) > l4lb_ticks(CONN_FIN_MS);
}

static bool conn_is_established(const struct l4lb_conn *conn)
{
	u8 state = READ_ONCE(conn->state);

	return state == L4LB_CONN_ESTABLISHED || state == L4LB_CONN_UDP;
}

/*
 * Unlinks what is dead or expired in a bucket, as far as there is room. What
 * lives keeps its client's persistence alive.
 */
static u32 gc_bucket(struct l4lb_conn_table *table, u32 bucket,
		     struct l4lb_conn **batch, u32 room)
{
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
		if (!conn_lives(conn, now) || conn_abandoned(conn, now))
			batch[n++] = conn;
		else if (conn_is_established(conn))
			l4lb_persist_refresh(conn);
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
 * Tombstones without connections and clients. Two spells on, a whole grace
 * period has passed since the burial, so no reader is left that could still
 * make one.
 */
static void gc_tombs(struct l4lb_conn_table *table, struct list_head *gone)
{
	struct l4lb_real *real, *next;

	spin_lock(&table->tombs_lock);
	list_for_each_entry_safe(real, next, &table->tombs, list)
		if ((s32)(table->spell - real->spell) > 1 &&
		    !atomic_read(&real->conns) && !atomic_read(&real->persists))
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
		for (n = 0; left && n < CONN_GC_BATCH; left--) {
			n += gc_bucket(table, table->bucket, batch + n,
				       CONN_GC_BATCH - n);
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

	/* Without memory now, perhaps with some a second later. */
	conn_sweep(ln, (table->mask + 1) / CONN_GC_PARTS);
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

static u32 buckets_wanted(const struct l4lb_net *ln)
{
	if (ln->net->user_ns != &init_user_ns)
		return CONN_BUCKETS_SMALL;

	return clamp_t(u32, roundup_pow_of_two(totalram_pages()),
		       CONN_BUCKETS_MIN, CONN_BUCKETS_MAX);
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
	if (!table->heads) {
		kvfree(table->locks);
		return -ENOMEM;
	}

	table->mask = buckets - 1;
	table->bucket = 0;
	get_random_bytes(table->secret, sizeof(table->secret));
	queue_delayed_work(system_unbound_wq, &table->gc, CONN_GC_PERIOD);

	return 0;
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
	struct l4lb_real *real, *next_real;
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

	list_for_each_entry_safe(real, next_real, &table->tombs, list) {
		list_del(&real->list);
		l4lb_real_free(real);
	}

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

	table->max = CONNS_PER_BUCKET * buckets_wanted(ln);
	mutex_init(&table->gc_lock);
	spin_lock_init(&table->tombs_lock);
	INIT_LIST_HEAD(&table->tombs);
	INIT_DELAYED_WORK(&table->gc, conn_gc);
}

/**
 * l4lb_conn_init() - make the caches
 *
 * Context: Process context, at load.
 * Return: 0, or -ENOMEM.
 */
int __init l4lb_conn_init(void)
{
	BUILD_BUG_ON(sizeof(struct l4lb_conn_key) != 24);
	BUILD_BUG_ON(sizeof(struct l4lb_conn) != 64);
	BUILD_BUG_ON(sizeof(struct l4lb_conn_nat) != 128);

	conn_cache = KMEM_CACHE(l4lb_conn, SLAB_HWCACHE_ALIGN);
	if (!conn_cache)
		return -ENOMEM;

	conn_nat_cache = KMEM_CACHE(l4lb_conn_nat, SLAB_HWCACHE_ALIGN);
	if (!conn_nat_cache) {
		kmem_cache_destroy(conn_cache);
		return -ENOMEM;
	}

	return 0;
}

/**
 * l4lb_conn_exit() - destroy the caches
 *
 * Context: Process context, when no connection is left.
 */
void l4lb_conn_exit(void)
{
	kmem_cache_destroy(conn_nat_cache);
	kmem_cache_destroy(conn_cache);
}
