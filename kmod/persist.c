// SPDX-License-Identifier: GPL-2.0-only
/*
 * Persistence: which real a client had, for its next connection.
 *
 * Entries are linked, changed and unlinked under the lock of their bucket, and
 * looked up and prolonged without. Those that have ended are freed by the worker
 * of the connections, many with one grace period. A removed real is counted by
 * the entries that still point to it, as it is by connections, and stays until
 * they have gone.
 */

#include "persist.h"
#include "conn.h"
#include "netns.h"
#include "notify.h"
#include "packet.h"
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

#define ENTRIES_PER_BUCKET	4

#define TENTATIVE_MS	10000

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
		       const struct l4lb_vip_config *config, u64 hi, u64 lo)
{
	key->hi = hi;
	key->lo = lo;
	key->vip = vip->id;
	key->len = config->mask;
	l4lb_persist_mask(key, config->family);
}

static __always_inline struct l4lb_persist *
entry_find(struct l4lb_persist_table *table, const struct l4lb_persist_key *key,
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

/* Of an entry in the table, after its state. */
static void entry_set_until(struct l4lb_persist *entry, u32 until)
{
	/* Pairs with entry_use(). */
	smp_store_release(&entry->until, until);
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
	entry_set_until(entry, now + ticks);
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
	entry->leaves = false;
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
	    atomic_read(&table->tentative) >= READ_ONCE(table->max) / 2)
		return false;

	return atomic_read(&table->count) < READ_ONCE(table->max);
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

/*
 * Puts off the end of an entry. Should it be bound anew meanwhile, what that says
 * of its end holds: the end is read before the state, and written after it.
 * Returns whether a connection of it was ever established.
 */
static bool entry_use(struct l4lb_persist *entry, u32 ticks)
{
	/* Pairs with entry_set_until(). */
	u32 until = smp_load_acquire(&entry->until);
	bool tentative = READ_ONCE(entry->state) == L4LB_PERSIST_TENTATIVE;
	u32 then;

	if (tentative)
		ticks = L4LB_TICKS(TENTATIVE_MS);
	then = l4lb_persist_prolong(entry, l4lb_tick_now(), ticks);
	if (then != until)
		cmpxchg(&entry->until, until, then);

	return !tentative;
}

/* What a client's entry, and the room for one, make of a new connection. */
static __always_inline enum l4lb_persist_way
client_way(struct l4lb_persist_table *table, const struct l4lb_persist_key *key,
	   u32 hash, struct l4lb_persist **entry, struct l4lb_real **real)
{
	*entry = entry_find(table, key, hash);
	if (!*entry)
		return table_has_room(table, L4LB_PERSIST_TENTATIVE) ?
		       L4LB_PERSIST_BINDS : L4LB_PERSIST_HASHED;

	*real = entry_real(*entry);
	if (!entry_holds(*entry, *real, l4lb_tick_now()))
		return L4LB_PERSIST_BINDS;

	return l4lb_real_is_full(*real) ? L4LB_PERSIST_AWAY :
					  L4LB_PERSIST_KEEPS;
}

/* Where a client's entry, if it has one, does not say it. */
static noinline struct l4lb_real *
client_place(struct l4lb_persist_table *table, struct l4lb_vip *vip,
	     const struct l4lb_vip_conf *conf,
	     const struct l4lb_conn_key *client, enum l4lb_persist_way way)
{
	struct l4lb_persist_key key;
	struct l4lb_real *real;

	client_key(&key, vip, &conf->config, client->hi, client->lo);
	if (way == L4LB_PERSIST_HASHED)
		return l4lb_sched_by_source(conf, key.hi, key.lo);

	real = l4lb_vip_choose(vip, conf, client);
	if (!real || way == L4LB_PERSIST_AWAY)
		return real;

	return client_bind(table, &key, key_hash(table, &key), real);
}

/* The entry of a client that has shown that it is there is for the whole time. */
static noinline void entry_confirm(struct l4lb_persist_table *table,
				   const struct l4lb_persist_key *key, u32 hash,
				   struct l4lb_real *real, u32 ticks)
{
	struct l4lb_persist *entry;
	u32 now = l4lb_tick_now();

	spin_lock_bh(entry_lock(table, hash));
	entry = entry_find(table, key, hash);
	if (!entry) {
		entry_make(table, key, hash, real, L4LB_PERSIST_FULL, ticks);
	} else if (entry_is_free(entry, now)) {
		entry_move(table, entry, real, L4LB_PERSIST_FULL, ticks);
	} else if (entry_real(entry) == real) {
		if (entry->state == L4LB_PERSIST_TENTATIVE)
			entry_set_state(table, entry, L4LB_PERSIST_FULL);
		entry_set_until(entry,
				l4lb_persist_prolong(entry, now, ticks));
	}
	spin_unlock_bh(entry_lock(table, hash));
}

/**
 * l4lb_persist_choose() - choose a real for a new connection
 * @vip: VIP
 * @conf: its configuration, with persistence
 * @pkt: packet that begins it; settled if there will be nothing to do when its
 *	client has answered
 *
 * Without room for an entry the choice follows from the client's address, so
 * that it is the same again the next time.
 *
 * Context: Any but a hard interrupt, under rcu_read_lock().
 * Return: the real, or NULL if none takes the connection.
 */
struct l4lb_real *l4lb_persist_choose(struct l4lb_vip *vip,
				      const struct l4lb_vip_conf *conf,
				      struct l4lb_packet *pkt)
{
	struct l4lb_persist_table *table = rcu_dereference(vip->ln->persists);
	enum l4lb_persist_way way;
	struct l4lb_persist_key key;
	struct l4lb_persist *entry;
	struct l4lb_real *real;
	u32 hash;

	if (unlikely(!table))
		return l4lb_vip_choose(vip, conf, &pkt->key);

	client_key(&key, vip, &conf->config, pkt->key.hi, pkt->key.lo);
	hash = key_hash(table, &key);
	way = client_way(table, &key, hash, &entry, &real);
	if (way != L4LB_PERSIST_KEEPS)
		return client_place(table, vip, conf, &pkt->key, way);

	pkt->settled = entry_use(entry, conf->persist_ticks);
	/* With a port for each datagram a client can only come again. */
	if (unlikely(!pkt->settled) && pkt->proto == IPPROTO_UDP) {
		entry_confirm(table, &key, hash, real, conf->persist_ticks);
		pkt->settled = true;
	}

	return real;
}

/**
 * l4lb_persist_peek() - how a client's new connection would be placed now
 * @vip: VIP
 * @conf: its configuration, with persistence
 * @client: the client's side of the connection
 * @entry: where to put the client's entry, or NULL if it has none
 * @real: where to put the real, unless the scheduler chooses it
 *
 * Context: Any, under rcu_read_lock().
 * Return: &enum l4lb_persist_way.
 */
u8 l4lb_persist_peek(const struct l4lb_vip *vip,
		     const struct l4lb_vip_conf *conf,
		     const struct l4lb_conn_key *client,
		     const struct l4lb_persist **entry,
		     struct l4lb_real **real)
{
	struct l4lb_persist_table *table = rcu_dereference(vip->ln->persists);
	struct l4lb_persist *found = NULL;
	struct l4lb_persist_key key;
	u8 way;

	*entry = NULL;
	if (!table)
		return L4LB_PERSIST_AWAY;

	client_key(&key, vip, &conf->config, client->hi, client->lo);
	way = client_way(table, &key, key_hash(table, &key), &found, real);
	*entry = found;
	if (way == L4LB_PERSIST_HASHED)
		*real = l4lb_sched_by_source(conf, key.hi, key.lo);

	return way;
}

/* Whether there is nothing to write, as of a client that comes often. */
static bool entry_is_confirmed(const struct l4lb_persist *entry,
			       const struct l4lb_real *real, u32 now, u32 ticks)
{
	return entry && entry_real(entry) == real &&
	       READ_ONCE(entry->state) != L4LB_PERSIST_TENTATIVE &&
	       READ_ONCE(entry->until) ==
	       l4lb_persist_prolong(entry, now, ticks);
}

/**
 * l4lb_persist_confirm() - a client has answered: it is who it says it is
 * @conn: its connection, which has just been established
 *
 * A client that found no room for a tentative entry gets its entry here.
 *
 * Context: Any but a hard interrupt, under rcu_read_lock().
 */
void l4lb_persist_confirm(const struct l4lb_conn *conn)
{
	struct l4lb_real *real = conn->real;
	const struct l4lb_vip_conf *conf = rcu_dereference(real->vip->conf);
	struct l4lb_persist_table *table;
	struct l4lb_persist_key key;
	u32 hash, ticks, now = l4lb_tick_now();

	table = rcu_dereference(real->vip->ln->persists);
	if (!conf->persist_ticks || !table || !READ_ONCE(real->keeps))
		return;

	ticks = conf->persist_ticks;
	client_key(&key, real->vip, &conf->config,
		   conn->node.key.hi, conn->node.key.lo);
	hash = key_hash(table, &key);
	if (entry_is_confirmed(entry_find(table, &key, hash), real, now, ticks))
		return;

	entry_confirm(table, &key, hash, real, ticks);
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

	if (likely(!conf->persist_ticks))
		return;

	table = rcu_dereference(real->vip->ln->persists);
	if (!table)
		return;

	client_key(&key, real->vip, &conf->config,
		   conn->node.key.hi, conn->node.key.lo);
	entry = entry_find(table, &key, key_hash(table, &key));
	if (entry && entry_real(entry) == real && entry_in_term(entry, real) &&
	    READ_ONCE(entry->state) != L4LB_PERSIST_TENTATIVE)
		entry_use(entry, conf->persist_ticks);
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

/* Adds to the @n that there are in the batch, until there are @room. */
static u32 batch_fill(struct l4lb_persist_table *table,
		      const struct l4lb_conn_filter *filter, u32 n, u32 room,
		      u32 *left)
{
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

/* Returns how many the administrator had made. */
static u32 batch_free(struct l4lb_persist_table *table, u32 n)
{
	u32 i, pins = 0;

	if (!n)
		return 0;

	synchronize_rcu();
	for (i = 0; i < n; i++) {
		pins += entry_is_pinned(table->batch[i]);
		kmem_cache_free(persist_cache, table->batch[i]);
	}
	atomic_sub(n, &table->count);

	return pins;
}

static u32 table_sweep(struct l4lb_persist_table *table,
		       const struct l4lb_conn_filter *filter, u32 left,
		       u32 most, u32 *pins)
{
	u32 n, total = 0;

	*pins = 0;
	mutex_lock(&table->sweep_lock);
	while (left && total < most) {
		n = batch_fill(table, filter, 0,
			       min_t(u32, L4LB_PERSIST_BATCH, most - total),
			       &left);
		*pins += batch_free(table, n);
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
	bool used;
	u32 pins;

	/* One without entries may be discarded; one that had some is not. */
	rcu_read_lock();
	table = rcu_dereference(ln->persists);
	used = table && atomic_read(&table->count);
	rcu_read_unlock();

	if (used)
		table_sweep(table, NULL, DIV_ROUND_UP(table->mask + 1, parts),
			    U32_MAX, &pins);
}

static struct l4lb_persist_table *table_of(struct l4lb_net *ln)
{
	return rcu_dereference_protected(ln->persists,
					 lockdep_is_held(&ln->lock));
}

/**
 * l4lb_persist_limit() - let the limit of the namespace count
 * @ln: namespace
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_persist_limit(struct l4lb_net *ln)
{
	struct l4lb_persist_table *table = table_of(ln);

	if (table)
		WRITE_ONCE(table->max, ln->global.persists_max);
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

static void addr_key(u8 family, const union nf_inet_addr *client,
		     const struct l4lb_vip *vip, struct l4lb_persist_key *key)
{
	struct l4lb_conn_key whole;

	l4lb_conn_key_set_addr(&whole, family, client);
	client_key(key, vip, l4lb_vip_config(vip), whole.hi, whole.lo);
}

static void pin_key(const struct l4lb_persist_pin *pin,
		    const struct l4lb_vip *vip, struct l4lb_persist_key *key)
{
	addr_key(pin->family, &pin->client, vip, key);
}

/* Whether a filter can only mean one entry, which is found by its key. */
static bool filter_key(const struct l4lb_conn_filter *filter,
		       const struct l4lb_vip *vip, struct l4lb_persist_key *key)
{
	const union nf_inet_addr client = { .in6 = filter->client };
	const struct l4lb_vip_config *config;

	if (!vip || !filter->family)
		return false;
	config = l4lb_vip_config(vip);
	if (filter->family != config->family || filter->len < config->mask)
		return false;

	addr_key(filter->family, &client, vip, key);

	return true;
}

/**
 * l4lb_persist_draft() - get ready to bind a client to a real
 * @pin: the client, and for how long
 *
 * Context: Process context.
 * Return: the draft, for l4lb_persist_draft_publish() or
 * l4lb_persist_draft_free(), or NULL if memory ran out.
 */
struct l4lb_persist_draft *
l4lb_persist_draft(const struct l4lb_persist_pin *pin)
{
	struct l4lb_persist_draft *draft;

	draft = kmalloc(sizeof(*draft), GFP_KERNEL_ACCOUNT);
	if (!draft)
		return NULL;

	draft->pin = *pin;
	draft->entry = kmem_cache_alloc(persist_cache, GFP_KERNEL_ACCOUNT);
	if (!draft->entry) {
		kfree(draft);
		return NULL;
	}

	return draft;
}

/**
 * l4lb_persist_draft_free() - forget a draft
 * @draft: draft that was not published, or NULL
 *
 * Context: Process context.
 */
void l4lb_persist_draft_free(struct l4lb_persist_draft *draft)
{
	if (!draft)
		return;

	if (draft->entry)
		kmem_cache_free(persist_cache, draft->entry);
	kfree(draft);
}

/* Whether a client has an entry; one that was to go comes back with it. */
static bool key_stays(struct l4lb_persist_table *table,
		      const struct l4lb_persist_key *key)
{
	u32 hash = key_hash(table, key);
	struct l4lb_persist *entry;
	bool stays;

	rcu_read_lock();
	spin_lock_bh(entry_lock(table, hash));
	entry = entry_find(table, key, hash);
	stays = entry && !entry->leaves;
	if (entry)
		entry->leaves = false;
	spin_unlock_bh(entry_lock(table, hash));
	rcu_read_unlock();

	return stays;
}

/**
 * l4lb_persist_draft_validate() - whether a client can be bound
 * @draft: draft
 * @vip: VIP of the real, as it is to be
 * @more: how many entries there will be more than there are, to which this one
 *	is added
 * @extack: where to say why not
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, -EINVAL or -ENOSPC.
 */
int l4lb_persist_draft_validate(const struct l4lb_persist_draft *draft,
				const struct l4lb_vip *vip, s64 *more,
				struct netlink_ext_ack *extack)
{
	const struct l4lb_vip_config *config = l4lb_vip_config(vip);
	struct l4lb_persist_table *table = table_of(vip->ln);
	struct l4lb_persist_key key;

	if (!config->persist) {
		NL_SET_ERR_MSG(extack, "the vip has no persistence");
		return -EINVAL;
	}
	if (draft->pin.family != config->family) {
		NL_SET_ERR_MSG(extack,
			       "the addresses of vip and client differ in family");
		return -EINVAL;
	}

	pin_key(&draft->pin, vip, &key);
	if (key_stays(table, &key))
		return 0;
	if (atomic_read(&table->count) + ++*more >
	    vip->ln->global.persists_max) {
		NL_SET_ERR_MSG(extack,
			       "the namespace has as many persistence entries as it may have");
		return -ENOSPC;
	}

	return 0;
}

/**
 * l4lb_persist_draft_publish() - bind a client to a real
 * @draft: draft, which is gone afterwards
 * @vip: VIP that it was validated for, as it is now
 * @real: real
 *
 * Clients that came since it was validated may have taken the room; then there
 * is one entry more than there should be.
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_persist_draft_publish(struct l4lb_persist_draft *draft,
				const struct l4lb_vip *vip,
				struct l4lb_real *real)
{
	struct l4lb_persist_table *table = table_of(vip->ln);
	const struct l4lb_persist_pin *pin = &draft->pin;
	const u8 state = pin->forever ? L4LB_PERSIST_FOREVER :
					L4LB_PERSIST_PINNED;
	const u32 ticks = l4lb_ticks(pin->left ?:
				     l4lb_vip_config(vip)->persist);
	struct l4lb_persist_key key;
	struct l4lb_persist *old;
	u32 hash;

	pin_key(pin, vip, &key);
	hash = key_hash(table, &key);
	rcu_read_lock();
	spin_lock_bh(entry_lock(table, hash));
	old = entry_find(table, &key, hash);
	if (old) {
		entry_move(table, old, real, state, ticks);
	} else {
		entry_link(table, draft->entry, &key, hash, real, state, ticks);
		draft->entry = NULL;
	}
	spin_unlock_bh(entry_lock(table, hash));
	rcu_read_unlock();

	l4lb_notify_pin(real, &pin->client);
	l4lb_persist_draft_free(draft);
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
	const struct l4lb_conn_key key = {
		.hi = entry->key.hi, .lo = entry->key.lo,
	};

	l4lb_conn_key_addr(&key, entry_real(entry)->family, client);
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
	u32 n, pins;

	if (!table)
		return 0;

	n = table_sweep(table, filter, table->mask + 1,
			filter->limit ?: U32_MAX, &pins);
	if (pins)
		ln->generation++;
	if (n)
		l4lb_notify_count(ln, L4LB_RECORD_PERSIST, n);

	return n;
}

/* Marks those of a bucket, that have a key if one is given; how many is new. */
static u32 bucket_mark(struct l4lb_persist_table *table, u32 bucket,
		       const struct l4lb_persist_key *key,
		       const struct l4lb_conn_filter *filter)
{
	struct l4lb_persist *entry;
	u32 n = 0;

	rcu_read_lock();
	spin_lock_bh(entry_lock(table, bucket));
	hlist_for_each_entry(entry, entry_bucket(table, bucket), node) {
		if (entry->leaves || (key && !key_equal(&entry->key, key)) ||
		    !l4lb_persist_matches(entry, filter))
			continue;
		entry->leaves = true;
		n++;
	}
	spin_unlock_bh(entry_lock(table, bucket));
	rcu_read_unlock();

	return n;
}

/**
 * l4lb_persist_mark() - count entries that are going to be removed, each once
 * @ln: namespace
 * @vip: VIP that they are of, or NULL for any
 * @filter: which
 *
 * Context: Process context, under &l4lb_net.lock until l4lb_persist_unmark().
 * Return: how many there are that no other filter has meant.
 */
u32 l4lb_persist_mark(struct l4lb_net *ln, const struct l4lb_vip *vip,
		      const struct l4lb_conn_filter *filter)
{
	struct l4lb_persist_table *table = table_of(ln);
	struct l4lb_persist_key key;
	u32 bucket, n = 0;

	if (!table)
		return 0;
	if (filter_key(filter, vip, &key))
		return bucket_mark(table, key_hash(table, &key), &key, filter);

	for (bucket = 0; bucket <= table->mask; bucket++) {
		n += bucket_mark(table, bucket, NULL, filter);
		cond_resched();
	}

	return n;
}

/**
 * l4lb_persist_unmark() - forget which entries were going to be removed
 * @ln: namespace
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_persist_unmark(struct l4lb_net *ln)
{
	struct l4lb_persist_table *table = table_of(ln);
	struct l4lb_persist *entry;
	u32 bucket;

	for (bucket = 0; table && bucket <= table->mask; bucket++) {
		spin_lock_bh(entry_lock(table, bucket));
		hlist_for_each_entry(entry, &table->heads[bucket], node)
			entry->leaves = false;
		spin_unlock_bh(entry_lock(table, bucket));
		cond_resched();
	}
}

/* Unlinks the entry of a key, if a filter means it; returns how many. */
static u32 key_sweep(struct l4lb_persist_table *table,
		     const struct l4lb_persist_key *key,
		     const struct l4lb_conn_filter *filter,
		     struct l4lb_persist **batch)
{
	u32 hash = key_hash(table, key);
	struct l4lb_persist *entry;

	rcu_read_lock();
	spin_lock_bh(entry_lock(table, hash));
	entry = entry_find(table, key, hash);
	if (entry && !l4lb_persist_matches(entry, filter))
		entry = NULL;
	if (entry)
		entry_unlink(table, entry);
	spin_unlock_bh(entry_lock(table, hash));
	rcu_read_unlock();
	*batch = entry;

	return !!entry;
}

/* Adds what a filter means to the @n in the batch, which is emptied when full. */
static u32 filter_sweep(struct l4lb_persist_table *table,
			const struct l4lb_vip *vip,
			const struct l4lb_conn_filter *filter, u32 *n)
{
	struct l4lb_persist_key key;
	u32 left = table->mask + 1, total = 0;
	bool exact = filter_key(filter, vip, &key);

	while (left) {
		if (exact) {
			*n += key_sweep(table, &key, filter,
					table->batch + *n);
			left = 0;
		} else {
			*n = batch_fill(table, filter, *n, L4LB_PERSIST_BATCH,
					&left);
		}
		if (*n < L4LB_PERSIST_BATCH)
			continue;
		batch_free(table, *n);
		total += *n;
		*n = 0;
	}

	return total;
}

/**
 * l4lb_persist_end_each() - remove the entries that any of several filters means
 * @ln: namespace
 * @next: gives one filter after the other, with the VIP that it is of or NULL for
 *	any, and then NULL; their limits do not count
 * @data: for @next
 *
 * Context: Process context, under &l4lb_net.lock; waits for one grace period for
 * so many entries as fit into a batch, whichever filters they are of.
 */
void l4lb_persist_end_each(struct l4lb_net *ln,
			   const struct l4lb_conn_filter *
			   (*next)(void *data, const struct l4lb_vip **vip),
			   void *data)
{
	struct l4lb_persist_table *table = table_of(ln);
	const struct l4lb_conn_filter *filter;
	const struct l4lb_vip *vip;
	u32 n = 0, total = 0;

	if (!table)
		return;

	mutex_lock(&table->sweep_lock);
	while ((filter = next(data, &vip))) {
		total += filter_sweep(table, vip, filter, &n);
		cond_resched();
	}
	batch_free(table, n);
	total += n;
	mutex_unlock(&table->sweep_lock);

	if (total)
		l4lb_notify_count(ln, L4LB_RECORD_PERSIST, total);
}

static void entry_inherit(struct l4lb_persist_table *table,
			  struct l4lb_persist *entry)
{
	struct l4lb_real *real = entry_real(entry);
	u32 made = entry->made, until = entry->until;
	struct l4lb_real *heir;

	/* What inherited from a real removed before may be gone itself. */
	if (READ_ONCE(real->removed))
		return;

	/* Several changes at once, each with an heir of its own. */
	heir = real->heir;
	while (heir && heir->heir)
		heir = heir->heir;
	if (!heir || !entry_in_term(entry, real))
		return;
	if (!entry_is_pinned(entry) &&
	    (!nf_inet_addr_cmp(&heir->addr, &real->addr) ||
	     heir->port != real->port))
		return;

	entry_move(table, entry, heir, entry->state, 0);
	WRITE_ONCE(entry->made, made);
	entry_set_until(entry, until);
}

/**
 * l4lb_persist_inherit() - let entries go over to the heirs of their reals
 * @ln: namespace with reals that have heirs, and are about to be removed
 *
 * The administrator's entries name a real; others mean a machine, and end if
 * the heir is another.
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_persist_inherit(struct l4lb_net *ln)
{
	struct l4lb_persist_table *table = table_of(ln);
	struct l4lb_persist *entry;
	u32 bucket;

	for (bucket = 0; bucket <= table->mask; bucket++) {
		if (hlist_empty(&table->heads[bucket]))
			continue;
		rcu_read_lock();
		spin_lock_bh(entry_lock(table, bucket));
		hlist_for_each_entry(entry, &table->heads[bucket], node)
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
	u32 i, buckets, max = ln->global.persists_max;
	struct l4lb_persist_table *table;

	if (table_of(ln))
		return 0;

	buckets = roundup_pow_of_two(max / ENTRIES_PER_BUCKET + 1);
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
 * l4lb_persist_has_table() - whether there is a table
 * @ln: namespace
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: true if there is.
 */
bool l4lb_persist_has_table(struct l4lb_net *ln)
{
	return table_of(ln);
}

/**
 * l4lb_persist_discard() - free a table that was made for nothing
 * @ln: namespace in which no VIP has had persistence since the table was made
 *
 * Context: Process context, under &l4lb_net.lock; waits for a grace period.
 */
void l4lb_persist_discard(struct l4lb_net *ln)
{
	struct l4lb_persist_table *table = table_of(ln);

	RCU_INIT_POINTER(ln->persists, NULL);
	synchronize_net();
	kvfree(table);
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
