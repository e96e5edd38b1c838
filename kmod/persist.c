// SPDX-License-Identifier: GPL-2.0-only
/*
 * Persistence: which real a client had, for its next connection.
 *
 * Entries are linked, changed and unlinked under the lock of their bucket, and
 * looked up without. Those that have ended are freed by the worker of the
 * connections, many with one grace period. A removed real is counted by the
 * entries that still point to it, as it is by connections, and stays until they
 * have gone.
 */

#include "persist.h"
#include "conn.h"
#include "netns.h"
#include "real.h"
#include "sched.h"
#include "vip.h"

#include <linux/bits.h>
#include <linux/jiffies.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/netlink.h>
#include <linux/random.h>
#include <linux/slab.h>

/* One entry for so many connections that the namespace may have. */
#define CONNS_PER_ENTRY		4
#define ENTRIES_PER_BUCKET	4

#define TENTATIVE_MS	10000

/* Who has connections is only looked up so often. */
#define LEAST_MS	10000

static struct kmem_cache *persist_cache;

static spinlock_t *entry_lock(struct l4lb_persist_table *table, u32 hash)
{
	return &table->locks[hash & table->mask &
			     (BIT(L4LB_PERSIST_LOCK_BITS) - 1)];
}

static struct hlist_head *entry_bucket(struct l4lb_persist_table *table,
				       u32 hash)
{
	return &table->heads[hash & table->mask];
}

static u32 key_hash(const struct l4lb_persist_table *table,
		    const struct l4lb_persist_key *key)
{
	u64 rest = (u64)key->len << 32 | key->vip;
	u64 hash = l4lb_conn_fold(key->lo ^ table->secret[0],
				  rest ^ table->secret[1]);

	if (key->hi)
		hash = l4lb_conn_fold(hash ^ table->secret[2],
				      key->hi ^ table->secret[3]);

	return (u32)hash;
}

static bool key_equal(const struct l4lb_persist_key *a,
		      const struct l4lb_persist_key *b)
{
	return a->lo == b->lo && a->hi == b->hi && a->vip == b->vip &&
	       a->len == b->len;
}

static void client_key(struct l4lb_persist_key *key, const struct l4lb_vip *vip,
		       const struct l4lb_vip_conf *conf, u64 hi, u64 lo)
{
	key->hi = hi;
	key->lo = lo;
	key->vip = vip->id;
	key->len = conf->config.mask;
	l4lb_persist_mask(key, conf->config.family);
}

static struct l4lb_persist *entry_find(struct l4lb_persist_table *table,
				       const struct l4lb_persist_key *key,
				       u32 hash)
{
	struct l4lb_persist *entry;

	hlist_for_each_entry_rcu(entry, entry_bucket(table, hash), node)
		if (key_equal(&entry->key, key))
			return entry;

	return NULL;
}

static struct l4lb_real *entry_real(const struct l4lb_persist *entry)
{
	return rcu_dereference(entry->real);
}

static bool entry_is_pinned(const struct l4lb_persist *entry)
{
	return READ_ONCE(entry->state) >= L4LB_PERSIST_PINNED;
}

/* A halt or a failure of the real ends it, although the real may be back. */
static bool entry_in_term(const struct l4lb_persist *entry,
			  const struct l4lb_real *real)
{
	return entry_is_pinned(entry) ||
	       READ_ONCE(entry->term) == READ_ONCE(real->term);
}

/* Whether new connections of the client go to the entry's real. */
static bool entry_holds(const struct l4lb_persist *entry,
			const struct l4lb_real *real, u32 now)
{
	return READ_ONCE(real->keeps) && entry_in_term(entry, real) &&
	       !l4lb_persist_expired(entry, now);
}

/* Whether it may be bound to another real. */
static bool entry_is_free(const struct l4lb_persist *entry, u32 now)
{
	return l4lb_persist_expired(entry, now) ||
	       (!entry_is_pinned(entry) &&
		!entry_holds(entry, entry_real(entry), now));
}

/* Whether it is of no use any more, whatever its real will do. */
static bool entry_is_over(const struct l4lb_persist *entry,
			  const struct l4lb_real *real, u32 now)
{
	const struct l4lb_vip_conf *conf = rcu_dereference(real->vip->conf);

	return l4lb_persist_expired(entry, now) || READ_ONCE(real->removed) ||
	       !entry_in_term(entry, real) || !conf->config.persist ||
	       conf->config.mask != entry->key.len;
}

static u32 conf_ticks(const struct l4lb_vip_conf *conf)
{
	return l4lb_ticks(max_t(u32, conf->config.persist, LEAST_MS));
}

static void entry_set_state(struct l4lb_persist_table *table,
			    struct l4lb_persist *entry, u8 state)
{
	if (entry->state == state)
		return;

	if (entry->state == L4LB_PERSIST_TENTATIVE)
		atomic_dec(&table->tentative);
	if (state == L4LB_PERSIST_TENTATIVE)
		atomic_inc(&table->tentative);
	WRITE_ONCE(entry->state, state);
}

/* Binds an entry anew that is in the table. */
static void entry_move(struct l4lb_persist_table *table,
		       struct l4lb_persist *entry, struct l4lb_real *real,
		       u8 state, u32 ticks)
{
	struct l4lb_real *old = entry_real(entry);
	u32 now = l4lb_tick_now();

	atomic_inc(&real->persists);
	entry_set_state(table, entry, state);
	WRITE_ONCE(entry->term, READ_ONCE(real->term));
	WRITE_ONCE(entry->until, now + ticks);
	WRITE_ONCE(entry->made, now);
	rcu_assign_pointer(entry->real, real);
	atomic_dec(&old->persists);
}

static void entry_link(struct l4lb_persist_table *table,
		       struct l4lb_persist *entry,
		       const struct l4lb_persist_key *key, u32 hash,
		       struct l4lb_real *real, u8 state, u32 ticks)
{
	u32 now = l4lb_tick_now();

	entry->key = *key;
	entry->term = READ_ONCE(real->term);
	entry->until = now + ticks;
	entry->made = now;
	entry->state = state;
	RCU_INIT_POINTER(entry->real, real);

	/* Counted before it is seen, or the real might be freed. */
	atomic_inc(&real->persists);
	atomic_inc(&real->vip->persists);
	atomic_inc(&table->count);
	if (state == L4LB_PERSIST_TENTATIVE)
		atomic_inc(&table->tentative);
	hlist_add_head_rcu(&entry->node, entry_bucket(table, hash));
}

static void entry_unlink(struct l4lb_persist_table *table,
			 struct l4lb_persist *entry)
{
	struct l4lb_real *real = entry_real(entry);

	hlist_del_rcu(&entry->node);
	if (entry->state == L4LB_PERSIST_TENTATIVE)
		atomic_dec(&table->tentative);
	atomic_dec(&real->vip->persists);
	atomic_dec(&real->persists);
}

static bool table_has_room(const struct l4lb_persist_table *table, u8 state)
{
	if (state == L4LB_PERSIST_TENTATIVE &&
	    atomic_read(&table->tentative) >= table->max / 2)
		return false;

	return atomic_read(&table->count) < table->max;
}

static void entry_make(struct l4lb_persist_table *table,
		       const struct l4lb_persist_key *key, u32 hash,
		       struct l4lb_real *real, u8 state, u32 ticks)
{
	struct l4lb_persist *entry;

	if (!table_has_room(table, state))
		return;

	entry = kmem_cache_alloc(persist_cache, GFP_ATOMIC | __GFP_NOWARN);
	if (entry)
		entry_link(table, entry, key, hash, real, state, ticks);
}

/*
 * Binds a client to a real for want of an entry that holds. If another CPU has
 * been faster, its choice is the client's.
 */
static struct l4lb_real *client_bind(struct l4lb_persist_table *table,
				     const struct l4lb_persist_key *key,
				     u32 hash, struct l4lb_real *real)
{
	u32 ticks = l4lb_ticks(TENTATIVE_MS);
	u32 now = l4lb_tick_now();
	struct l4lb_persist *entry;

	spin_lock_bh(entry_lock(table, hash));
	entry = entry_find(table, key, hash);
	if (!entry)
		entry_make(table, key, hash, real, L4LB_PERSIST_TENTATIVE,
			   ticks);
	else if (entry_holds(entry, entry_real(entry), now))
		real = entry_real(entry);
	else if (entry_is_free(entry, now))
		entry_move(table, entry, real, L4LB_PERSIST_TENTATIVE, ticks);
	spin_unlock_bh(entry_lock(table, hash));

	return real;
}

/* Many connections of one client within a tick take the lock once. */
static void entry_use(struct l4lb_persist_table *table,
		      struct l4lb_persist *entry, u32 hash, u32 ticks)
{
	u32 now = l4lb_tick_now();

	if (READ_ONCE(entry->state) == L4LB_PERSIST_TENTATIVE)
		ticks = l4lb_ticks(TENTATIVE_MS);
	if (l4lb_persist_prolong(entry, now, ticks) ==
	    READ_ONCE(entry->until))
		return;

	spin_lock_bh(entry_lock(table, hash));
	if (entry->state == L4LB_PERSIST_TENTATIVE)
		ticks = l4lb_ticks(TENTATIVE_MS);
	WRITE_ONCE(entry->until, l4lb_persist_prolong(entry, now, ticks));
	spin_unlock_bh(entry_lock(table, hash));
}

/**
 * l4lb_persist_choose() - choose a real for a new connection
 * @vip: VIP
 * @conf: its configuration, with persistence
 * @client: the client's side of the connection
 *
 * Without room for an entry the choice follows from the client's address, so
 * that it is the same again the next time.
 *
 * Context: Softirq or with bottom halves off, under rcu_read_lock().
 * Return: the real, or NULL if none takes the connection.
 */
struct l4lb_real *l4lb_persist_choose(struct l4lb_vip *vip,
				      const struct l4lb_vip_conf *conf,
				      const struct l4lb_conn_key *client)
{
	struct l4lb_persist_table *table = rcu_dereference(vip->ln->persists);
	struct l4lb_persist_key key;
	struct l4lb_persist *entry;
	struct l4lb_real *real;
	u32 hash;

	if (!table)
		return l4lb_vip_choose(vip, conf, client);

	client_key(&key, vip, conf, client->hi, client->lo);
	hash = key_hash(table, &key);
	entry = entry_find(table, &key, hash);
	if (entry) {
		real = entry_real(entry);
		if (entry_holds(entry, real, l4lb_tick_now())) {
			if (l4lb_real_is_full(real))
				return l4lb_vip_choose(vip, conf, client);
			entry_use(table, entry, hash, conf_ticks(conf));
			return real;
		}
	} else if (!table_has_room(table, L4LB_PERSIST_TENTATIVE)) {
		return l4lb_sched_by_source(conf, key.hi, key.lo);
	}

	real = l4lb_vip_choose(vip, conf, client);
	if (!real)
		return NULL;

	return client_bind(table, &key, hash, real);
}

/**
 * l4lb_persist_confirm() - a client has answered: it is who it says it is
 * @conn: its connection, which has just been established
 *
 * A client that found no room for a tentative entry gets its entry here.
 *
 * Context: Softirq or with bottom halves off, under rcu_read_lock().
 */
void l4lb_persist_confirm(const struct l4lb_conn *conn)
{
	struct l4lb_real *real = conn->real;
	const struct l4lb_vip_conf *conf = rcu_dereference(real->vip->conf);
	struct l4lb_persist_table *table;
	struct l4lb_persist_key key;
	struct l4lb_persist *entry;
	u32 hash, ticks, now = l4lb_tick_now();

	table = rcu_dereference(real->vip->ln->persists);
	if (!conf->config.persist || !table || !READ_ONCE(real->keeps))
		return;

	ticks = conf_ticks(conf);
	client_key(&key, real->vip, conf, conn->node.key.hi, conn->node.key.lo);
	hash = key_hash(table, &key);

	spin_lock_bh(entry_lock(table, hash));
	entry = entry_find(table, &key, hash);
	if (!entry) {
		entry_make(table, &key, hash, real, L4LB_PERSIST_FULL, ticks);
	} else if (entry_is_free(entry, now)) {
		entry_move(table, entry, real, L4LB_PERSIST_FULL, ticks);
	} else if (entry_real(entry) == real) {
		if (entry->state == L4LB_PERSIST_TENTATIVE)
			entry_set_state(table, entry, L4LB_PERSIST_FULL);
		WRITE_ONCE(entry->until,
			   l4lb_persist_prolong(entry, now, ticks));
	}
	spin_unlock_bh(entry_lock(table, hash));
}

/**
 * l4lb_persist_refresh() - keep the entry of a client that has a connection
 * @conn: its connection, established
 *
 * Context: Process context, under rcu_read_lock().
 */
void l4lb_persist_refresh(const struct l4lb_conn *conn)
{
	const struct l4lb_real *real = conn->real;
	const struct l4lb_vip_conf *conf = rcu_dereference(real->vip->conf);
	struct l4lb_persist_table *table;
	struct l4lb_persist_key key;
	struct l4lb_persist *entry;
	u32 hash;

	if (likely(!conf->config.persist))
		return;

	table = rcu_dereference(real->vip->ln->persists);
	if (!table)
		return;

	client_key(&key, real->vip, conf, conn->node.key.hi, conn->node.key.lo);
	hash = key_hash(table, &key);
	entry = entry_find(table, &key, hash);
	if (entry && entry_real(entry) == real && entry_in_term(entry, real) &&
	    READ_ONCE(entry->state) != L4LB_PERSIST_TENTATIVE)
		entry_use(table, entry, hash, conf_ticks(conf));
}

/* Unlinks what a filter means, or without one what is over. */
static u32 bucket_sweep(struct l4lb_persist_table *table, u32 bucket,
			const struct l4lb_conn_filter *filter,
			struct l4lb_persist **batch, u32 room)
{
	spinlock_t *lock = entry_lock(table, bucket);
	struct l4lb_persist *entry;
	struct hlist_node *next;
	u32 n = 0;

	if (hlist_empty(&table->heads[bucket]))
		return 0;

	rcu_read_lock();
	spin_lock_bh(lock);
	hlist_for_each_entry_safe(entry, next, &table->heads[bucket], node) {
		if (n == room)
			break;
		if (filter ? !l4lb_persist_matches(entry, filter) :
			     !entry_is_over(entry, entry_real(entry),
					    l4lb_tick_now()))
			continue;
		entry_unlink(table, entry);
		batch[n++] = entry;
	}
	spin_unlock_bh(lock);
	rcu_read_unlock();

	return n;
}

static u32 batch_fill(struct l4lb_persist_table *table,
		      const struct l4lb_conn_filter *filter, u32 room,
		      u32 *left)
{
	u32 n = 0;

	while (*left) {
		n += bucket_sweep(table, table->bucket, filter,
				  table->batch + n, room - n);
		if (n == room)
			break;
		table->bucket = (table->bucket + 1) & table->mask;
		(*left)--;
		cond_resched();
	}

	return n;
}

static void batch_free(struct l4lb_persist_table *table, u32 n)
{
	u32 i;

	if (!n)
		return;

	synchronize_rcu();
	for (i = 0; i < n; i++)
		kmem_cache_free(persist_cache, table->batch[i]);
	atomic_sub(n, &table->count);
}

static u32 table_sweep(struct l4lb_persist_table *table,
		       const struct l4lb_conn_filter *filter, u32 left,
		       u32 most)
{
	u32 n, total = 0;

	mutex_lock(&table->sweep_lock);
	while (left && total < most) {
		n = batch_fill(table, filter,
			       min_t(u32, L4LB_PERSIST_BATCH, most - total),
			       &left);
		batch_free(table, n);
		total += n;
	}
	mutex_unlock(&table->sweep_lock);

	return total;
}

/**
 * l4lb_persist_sweep() - free entries that are over
 * @ln: namespace, whose table stays for as long as the caller runs
 * @parts: look at one of so many parts of the table
 *
 * Context: Process context; may wait for grace periods.
 */
void l4lb_persist_sweep(struct l4lb_net *ln, u32 parts)
{
	struct l4lb_persist_table *table;

	rcu_read_lock();
	table = rcu_dereference(ln->persists);
	rcu_read_unlock();

	if (table && atomic_read(&table->count))
		table_sweep(table, NULL, DIV_ROUND_UP(table->mask + 1, parts),
			    U32_MAX);
}

static struct l4lb_persist_table *table_of(struct l4lb_net *ln)
{
	return rcu_dereference_protected(ln->persists,
					 lockdep_is_held(&ln->lock));
}

/**
 * l4lb_persist_max() - most entries
 * @ln: namespace
 *
 * Context: Any.
 * Return: how many it may have.
 */
u32 l4lb_persist_max(const struct l4lb_net *ln)
{
	return ln->conns.max / CONNS_PER_ENTRY;
}

/**
 * l4lb_persist_count() - entries of a namespace
 * @ln: namespace
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: how many there are now.
 */
u32 l4lb_persist_count(struct l4lb_net *ln)
{
	struct l4lb_persist_table *table = table_of(ln);

	return table ? atomic_read(&table->count) : 0;
}

/* Says whether there was room for it; @entry is used or freed. */
static bool client_pin(struct l4lb_persist_table *table,
		       const struct l4lb_persist_key *key,
		       struct l4lb_real *real, struct l4lb_persist *entry,
		       u8 state, u32 ticks)
{
	u32 hash = key_hash(table, key);
	struct l4lb_persist *old;
	bool done = true;

	rcu_read_lock();
	spin_lock_bh(entry_lock(table, hash));
	old = entry_find(table, key, hash);
	if (old) {
		entry_move(table, old, real, state, ticks);
	} else if (table_has_room(table, state)) {
		entry_link(table, entry, key, hash, real, state, ticks);
		entry = NULL;
	} else {
		done = false;
	}
	spin_unlock_bh(entry_lock(table, hash));
	rcu_read_unlock();

	if (entry)
		kmem_cache_free(persist_cache, entry);

	return done;
}

/**
 * l4lb_persist_pin() - bind a client to a real
 * @real: real
 * @pin: the client, and for how long
 * @extack: where to explain a failure
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, or a negative errno.
 */
int l4lb_persist_pin(struct l4lb_real *real,
		     const struct l4lb_persist_pin *pin,
		     struct netlink_ext_ack *extack)
{
	struct l4lb_vip *vip = real->vip;
	struct l4lb_persist_table *table = table_of(vip->ln);
	const struct l4lb_vip_conf *conf;
	struct l4lb_persist_key key;
	struct l4lb_persist *entry;
	u64 hi = 0, lo;

	conf = rcu_dereference_protected(vip->conf,
					 lockdep_is_held(&vip->ln->lock));
	if (!conf->config.persist) {
		NL_SET_ERR_MSG(extack, "the vip has no persistence");
		return -EINVAL;
	}
	if (pin->family != conf->config.family) {
		NL_SET_ERR_MSG(extack,
			       "the addresses of vip and client differ in family");
		return -EINVAL;
	}

	if (pin->family == AF_INET) {
		lo = (__force u32)pin->client.ip;
	} else {
		memcpy(&hi, &pin->client.in6.s6_addr[0], sizeof(hi));
		memcpy(&lo, &pin->client.in6.s6_addr[8], sizeof(lo));
	}
	client_key(&key, vip, conf, hi, lo);

	entry = kmem_cache_alloc(persist_cache, GFP_KERNEL);
	if (!entry) {
		NL_SET_ERR_MSG(extack, "out of memory");
		return -ENOMEM;
	}

	if (!client_pin(table, &key, real, entry,
			pin->forever ? L4LB_PERSIST_FOREVER :
				       L4LB_PERSIST_PINNED,
			l4lb_ticks(pin->left ?: conf->config.persist))) {
		NL_SET_ERR_MSG(extack,
			       "the namespace has as many persistence entries as it may have");
		return -ENOSPC;
	}

	return 0;
}

/**
 * l4lb_persist_client() - the client's network
 * @entry: entry
 * @client: where to put it, unused bytes zero
 *
 * Context: Any, under rcu_read_lock().
 */
void l4lb_persist_client(const struct l4lb_persist *entry,
			 union nf_inet_addr *client)
{
	const struct l4lb_persist_key *key = &entry->key;

	memset(client, 0, sizeof(*client));
	if (entry_real(entry)->family == AF_INET) {
		client->ip = (__force __be32)key->lo;
	} else {
		memcpy(&client->in6.s6_addr[0], &key->hi, sizeof(key->hi));
		memcpy(&client->in6.s6_addr[8], &key->lo, sizeof(key->lo));
	}
}

/**
 * l4lb_persist_matches() - whether a filter means an entry
 * @entry: entry
 * @filter: filter; its client may be of the entry's network, or the other way
 *	round
 *
 * Context: Any, under rcu_read_lock().
 * Return: true if it does.
 */
bool l4lb_persist_matches(const struct l4lb_persist *entry,
			  const struct l4lb_conn_filter *filter)
{
	const struct l4lb_real *real = entry_real(entry);
	union nf_inet_addr client;

	if (entry_is_over(entry, real, l4lb_tick_now()))
		return false;
	if (filter->vip && filter->vip != entry->key.vip)
		return false;
	if (filter->real[0] && strcmp(filter->real, real->config.name))
		return false;
	if (!filter->family)
		return true;
	if (filter->family != real->family)
		return false;

	l4lb_persist_client(entry, &client);

	return ipv6_prefix_equal(&client.in6, &filter->client,
				 min(filter->len, entry->key.len));
}

/**
 * l4lb_persist_end() - remove entries
 * @ln: namespace
 * @filter: which
 *
 * Context: Process context, under &l4lb_net.lock; waits for grace periods if
 * there are any.
 * Return: how many.
 */
u32 l4lb_persist_end(struct l4lb_net *ln, const struct l4lb_conn_filter *filter)
{
	struct l4lb_persist_table *table = table_of(ln);

	if (!table)
		return 0;

	return table_sweep(table, filter, table->mask + 1,
			   filter->limit ?: U32_MAX);
}

static void entry_inherit(struct l4lb_persist_table *table,
			  struct l4lb_persist *entry)
{
	struct l4lb_real *real = entry_real(entry);
	struct l4lb_real *heir = real->heir;
	u32 made = entry->made, until = entry->until;

	if (!heir || real->removed || !entry_in_term(entry, real))
		return;
	if (!entry_is_pinned(entry) &&
	    (!nf_inet_addr_cmp(&heir->addr, &real->addr) ||
	     heir->port != real->port))
		return;

	entry_move(table, entry, heir, entry->state, 0);
	WRITE_ONCE(entry->made, made);
	WRITE_ONCE(entry->until, until);
}

/**
 * l4lb_persist_inherit() - let entries go over to the heirs of their reals
 * @vip: VIP whose reals have heirs, and are about to be removed
 *
 * The administrator's entries name a real; others mean a machine, and end if
 * the heir is another.
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_persist_inherit(struct l4lb_vip *vip)
{
	struct l4lb_persist_table *table = table_of(vip->ln);
	struct l4lb_persist *entry;
	u32 bucket;

	if (!atomic_read(&vip->persists))
		return;

	for (bucket = 0; bucket <= table->mask; bucket++) {
		if (hlist_empty(&table->heads[bucket]))
			continue;
		rcu_read_lock();
		spin_lock_bh(entry_lock(table, bucket));
		hlist_for_each_entry(entry, &table->heads[bucket], node)
			if (entry->key.vip == vip->id)
				entry_inherit(table, entry);
		spin_unlock_bh(entry_lock(table, bucket));
		rcu_read_unlock();
		cond_resched();
	}
}

/**
 * l4lb_persist_start() - make the table, if there is none
 * @ln: namespace
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, or -ENOMEM.
 */
int l4lb_persist_start(struct l4lb_net *ln)
{
	u32 i, buckets, max = l4lb_persist_max(ln);
	struct l4lb_persist_table *table;

	if (table_of(ln))
		return 0;

	buckets = roundup_pow_of_two(max / ENTRIES_PER_BUCKET);
	table = kvzalloc(struct_size(table, heads, buckets),
			 GFP_KERNEL_ACCOUNT);
	if (!table)
		return -ENOMEM;

	table->mask = buckets - 1;
	table->max = max;
	get_random_bytes(table->secret, sizeof(table->secret));
	for (i = 0; i < ARRAY_SIZE(table->locks); i++)
		spin_lock_init(&table->locks[i]);
	mutex_init(&table->sweep_lock);
	rcu_assign_pointer(ln->persists, table);

	return 0;
}

/**
 * l4lb_persist_stop() - free every entry and the table
 * @ln: namespace without VIPs, reals, readers and workers
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_persist_stop(struct l4lb_net *ln)
{
	struct l4lb_persist_table *table = table_of(ln);
	struct l4lb_persist *entry;
	struct hlist_node *next;
	u32 bucket;

	if (!table)
		return;

	for (bucket = 0; bucket <= table->mask; bucket++) {
		hlist_for_each_entry_safe(entry, next, &table->heads[bucket],
					  node)
			kmem_cache_free(persist_cache, entry);
		cond_resched();
	}
	RCU_INIT_POINTER(ln->persists, NULL);
	kvfree(table);
}

/**
 * l4lb_persist_init() - make the cache
 *
 * Context: Process context, at load.
 * Return: 0, or -ENOMEM.
 */
int __init l4lb_persist_init(void)
{
	BUILD_BUG_ON(sizeof(struct l4lb_persist) != 64);

	persist_cache = KMEM_CACHE(l4lb_persist, SLAB_HWCACHE_ALIGN);

	return persist_cache ? 0 : -ENOMEM;
}

/**
 * l4lb_persist_exit() - destroy the cache
 *
 * Context: Process context, when no entry is left.
 */
void l4lb_persist_exit(void)
{
	kmem_cache_destroy(persist_cache);
}
