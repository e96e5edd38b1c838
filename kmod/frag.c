// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fragments of IPv6 datagrams.
 *
 * The table has a fixed size and takes no memory per packet. An entry does not
 * point to the connection that its datagram belongs to, but remembers by what
 * it is found. Fragments that wait have left their device, which may go.
 */

#include "frag.h"
#include "netns.h"
#include "packet.h"
#include "stats.h"

#include <linux/mm.h>
#include <linux/netdevice.h>
#include <linux/random.h>
#include <linux/user_namespace.h>
#include <net/dst.h>

#define BUCKETS		512
#define BUCKETS_SMALL	32

#define SWEEP_PERIOD	(HZ / 4)

static struct l4lb_frag_table *table_of(const struct l4lb_net *ln)
{
	return rcu_dereference_check(ln->frags, lockdep_is_held(&ln->lock));
}

static struct l4lb_frag_bucket *bucket_of(struct l4lb_frag_table *table,
					  const struct l4lb_frag_key *key)
{
	u64 hash = table->secret[0] ^ (__force u32)key->id ^ key->reply;
	u64 word;
	size_t i;

	BUILD_BUG_ON(offsetof(struct l4lb_frag_key, daddr) != 16);
	for (i = 0; i < 4; i++) {
		memcpy(&word, (const u8 *)key + i * 8, 8);
		hash = l4lb_conn_fold(hash ^ word, table->secret[1]);
	}

	return &table->buckets[(u32)hash & table->mask];
}

static bool key_equal(const struct l4lb_frag_key *a,
		      const struct l4lb_frag_key *b)
{
	return a->id == b->id && a->reply == b->reply &&
	       ipv6_addr_equal(&a->saddr, &b->saddr) &&
	       ipv6_addr_equal(&a->daddr, &b->daddr);
}

static bool frag_is_over(const struct l4lb_frag *frag, u32 now)
{
	return frag->way == L4LB_FRAG_UNKNOWN ||
	       now - frag->since > l4lb_ticks(L4LB_FRAG_MS);
}

static struct sk_buff *frag_take_held(struct l4lb_frag_table *table,
				      struct l4lb_frag *frag)
{
	struct sk_buff *held = frag->held;

	atomic_sub(frag->n_held, &table->held);
	frag->n_held = 0;
	frag->held = NULL;

	return held;
}

static void held_drop(struct l4lb_net *ln, struct sk_buff *held)
{
	struct sk_buff *skb;

	while (held) {
		skb = held;
		held = skb->next;
		skb_mark_not_on_list(skb);
		skb->dev = NULL;
		l4lb_drop(ln->stats, L4LB_DROP_FRAGMENT);
		kfree_skb(skb);
	}
}

/* The entry of a datagram, or the place for one, which may be another's. */
static struct l4lb_frag *bucket_place(struct l4lb_frag_bucket *bucket,
				      const struct l4lb_frag_key *key, u32 now)
{
	struct l4lb_frag *frag, *place = bucket->entries;
	unsigned int i;

	for (i = 0; i < L4LB_FRAG_WAYS; i++) {
		frag = &bucket->entries[i];
		if (frag->way != L4LB_FRAG_UNKNOWN && key_equal(&frag->key, key))
			return frag;
		if (frag_is_over(place, now))
			continue;
		if (frag_is_over(frag, now) ||
		    now - frag->since > now - place->since)
			place = frag;
	}

	return place;
}

/*
 * The entry of a datagram, which is of an unknown way if there was none. What
 * waited for the first fragment of the one before is returned in @lost.
 */
static struct l4lb_frag *bucket_get(struct l4lb_frag_table *table,
				    struct l4lb_frag_bucket *bucket,
				    const struct l4lb_frag_key *key,
				    struct sk_buff **lost)
{
	u32 now = l4lb_tick_now();
	struct l4lb_frag *frag;

	lockdep_assert_held(&bucket->lock);

	*lost = NULL;
	frag = bucket_place(bucket, key, now);
	if (!frag_is_over(frag, now) && key_equal(&frag->key, key))
		return frag;

	*lost = frag_take_held(table, frag);
	frag->key = *key;
	frag->since = now;
	frag->way = L4LB_FRAG_UNKNOWN;

	return frag;
}

/**
 * l4lb_frag_key() - which datagram a packet is part of
 * @pkt: packet with frag set
 * @reply: whether it is from a real
 * @key: where to say it
 *
 * Context: Any.
 * Return: false if it has no fragment header.
 */
bool l4lb_frag_key(const struct l4lb_packet *pkt, bool reply,
		   struct l4lb_frag_key *key)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(pkt->skb);
	const struct frag_hdr *header;
	struct frag_hdr buffer;

	header = skb_header_pointer(pkt->skb, skb_network_offset(pkt->skb) +
				    pkt->frag, sizeof(buffer), &buffer);
	if (!header)
		return false;

	key->saddr = ip6h->saddr;
	key->daddr = ip6h->daddr;
	key->id = header->identification;
	key->reply = reply;

	return true;
}

/**
 * l4lb_frag_lead() - remember the way that a first fragment went
 * @ln: namespace
 * @key: its datagram
 * @way: the way
 * @conn: one side of the connection if that is %L4LB_FRAG_CONN
 *
 * Context: Any but a hard interrupt, under rcu_read_lock().
 * Return: fragments that have waited for it, linked by &sk_buff.next; each is
 * to be given to l4lb_frag_resume().
 */
struct sk_buff *l4lb_frag_lead(struct l4lb_net *ln,
			       const struct l4lb_frag_key *key,
			       enum l4lb_frag_way way,
			       const struct l4lb_conn_key *conn)
{
	struct l4lb_frag_table *table = table_of(ln);
	struct l4lb_frag_bucket *bucket;
	struct sk_buff *held, *lost;
	struct l4lb_frag *frag;

	if (!table)
		return NULL;

	bucket = bucket_of(table, key);
	spin_lock_bh(&bucket->lock);
	frag = bucket_get(table, bucket, key, &lost);
	held = frag_take_held(table, frag);
	frag->since = l4lb_tick_now();
	frag->way = way;
	frag->conn = *conn;
	spin_unlock_bh(&bucket->lock);
	held_drop(ln, lost);

	return held;
}

/*
 * Takes a fragment that is to wait. It keeps what the stack has found out about
 * it, but not what may go meanwhile.
 */
static bool frag_hold(struct l4lb_frag_table *table, struct l4lb_frag *frag,
		      struct sk_buff *skb)
{
	if (frag->n_held == L4LB_FRAG_HELD_MAX)
		return false;
	if (atomic_inc_return(&table->held) > L4LB_FRAGS_HELD_MAX ||
	    !skb_dst_force(skb)) {
		atomic_dec(&table->held);
		return false;
	}

	skb_orphan(skb);
	l4lb_packet_leave_bridge(skb);
	skb->dev_scratch = skb->dev->ifindex;
	skb->next = frag->held;
	frag->held = skb;
	frag->n_held++;
	queue_delayed_work(system_unbound_wq, &table->sweep, SWEEP_PERIOD);

	return true;
}

/**
 * l4lb_frag_follow() - find the way of a fragment that is not the first
 * @ln: namespace
 * @key: its datagram
 * @skb: the fragment
 * @conn: where to say which side of which connection it belongs to
 *
 * Context: Any but a hard interrupt, under rcu_read_lock().
 * Return: the way; with %L4LB_FRAG_WAIT @skb has been taken.
 */
enum l4lb_frag_way l4lb_frag_follow(struct l4lb_net *ln,
				    const struct l4lb_frag_key *key,
				    struct sk_buff *skb,
				    struct l4lb_conn_key *conn)
{
	struct l4lb_frag_table *table = table_of(ln);
	struct l4lb_frag_bucket *bucket;
	enum l4lb_frag_way way;
	struct l4lb_frag *frag;
	struct sk_buff *lost;

	if (!table)
		return L4LB_FRAG_ACCEPT;

	bucket = bucket_of(table, key);
	spin_lock_bh(&bucket->lock);
	frag = bucket_get(table, bucket, key, &lost);
	if (frag->way == L4LB_FRAG_UNKNOWN)
		frag->way = L4LB_FRAG_WAIT;
	way = frag->way;
	*conn = frag->conn;
	if (way == L4LB_FRAG_WAIT && !frag_hold(table, frag, skb))
		way = L4LB_FRAG_DROP;
	spin_unlock_bh(&bucket->lock);
	held_drop(ln, lost);

	return way;
}

/**
 * l4lb_frag_resume() - let a fragment that has waited go on
 * @ln: namespace
 * @skb: the fragment
 *
 * Context: Any, under rcu_read_lock().
 * Return: false if it is gone, since its device is.
 */
bool l4lb_frag_resume(struct l4lb_net *ln, struct sk_buff *skb)
{
	skb_mark_not_on_list(skb);
	skb->dev = dev_get_by_index_rcu(ln->net, skb->dev_scratch);
	if (skb->dev)
		return true;

	held_drop(ln, skb);

	return false;
}

static void bucket_sweep(struct l4lb_frag_table *table,
			 struct l4lb_frag_bucket *bucket)
{
	struct l4lb_frag *frag;
	struct sk_buff *lost;
	unsigned int i;

	for (i = 0; i < L4LB_FRAG_WAYS; i++) {
		frag = &bucket->entries[i];
		if (!READ_ONCE(frag->held))
			continue;
		lost = NULL;
		spin_lock_bh(&bucket->lock);
		/* An unknown datagram is as good as one that nobody waits for. */
		if (l4lb_tick_now() - frag->since >
		    l4lb_ticks(L4LB_FRAG_HELD_MS)) {
			lost = frag_take_held(table, frag);
			frag->way = L4LB_FRAG_UNKNOWN;
		}
		spin_unlock_bh(&bucket->lock);
		held_drop(table->ln, lost);
	}
}

static void table_sweep(struct work_struct *work)
{
	struct l4lb_frag_table *table = container_of(to_delayed_work(work),
						     struct l4lb_frag_table,
						     sweep);
	u32 i;

	for (i = 0; i <= table->mask; i++)
		bucket_sweep(table, &table->buckets[i]);

	if (atomic_read(&table->held))
		queue_delayed_work(system_unbound_wq, &table->sweep,
				   SWEEP_PERIOD);
}

/**
 * l4lb_frag_start() - make the table, if there is none
 * @ln: namespace
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, or -ENOMEM.
 */
int l4lb_frag_start(struct l4lb_net *ln)
{
	u32 i, n = ln->net->user_ns == &init_user_ns ? BUCKETS : BUCKETS_SMALL;
	struct l4lb_frag_table *table;

	lockdep_assert_held(&ln->lock);

	if (table_of(ln))
		return 0;

	table = kvzalloc(struct_size(table, buckets, n), GFP_KERNEL_ACCOUNT);
	if (!table)
		return -ENOMEM;

	table->ln = ln;
	table->mask = n - 1;
	get_random_bytes(table->secret, sizeof(table->secret));
	INIT_DELAYED_WORK(&table->sweep, table_sweep);
	for (i = 0; i < n; i++)
		spin_lock_init(&table->buckets[i].lock);
	rcu_assign_pointer(ln->frags, table);

	return 0;
}

/**
 * l4lb_frag_stop() - free the table and what waits in it
 * @ln: namespace, a grace period after its hooks were unregistered, whose
 *	counters are still there
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_frag_stop(struct l4lb_net *ln)
{
	struct l4lb_frag_table *table = table_of(ln);
	u32 i, j;

	lockdep_assert_held(&ln->lock);

	if (!table)
		return;

	cancel_delayed_work_sync(&table->sweep);
	for (i = 0; i <= table->mask; i++)
		for (j = 0; j < L4LB_FRAG_WAYS; j++)
			held_drop(ln, table->buckets[i].entries[j].held);
	RCU_INIT_POINTER(ln->frags, NULL);
	kvfree(table);
}
