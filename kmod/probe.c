// SPDX-License-Identifier: GPL-2.0-only
/*
 * Probes: checks that reach a DR real the way that clients' packets do.
 */

#include "probe.h"
#include "addr.h"
#include "netns.h"
#include "packet.h"
#include "real.h"
#include "vip.h"
#include "xmit.h"

#include <linux/jhash.h>
#include <linux/rculist.h>
#include <linux/slab.h>

#define PROBE_BITS	10

/* More than a checker has under way, unless it forgets to end them. */
#define PROBES_MAX	65536
#define PROBES_SMALL	1024
#define PROBE_TIME	(10 * 60 * HZ)

/* Both ends have something to say when a connection is closed. */
#define PROBE_LINGER	(10 * HZ)

/**
 * struct probe - a checker's socket and the real that it is for
 * @node: entry in &l4lb_probes.heads
 * @list: entry in &l4lb_probes.living or &l4lb_probes.ending
 * @rcu: delays freeing past the last reader
 * @real: real; it is not freed before the last reader of the probe has gone
 * @key: the socket
 * @since: jiffies at its creation or end
 */
struct probe {
	struct hlist_node node;
	struct list_head list;
	struct rcu_head rcu;
	struct l4lb_real *real;
	struct l4lb_probe_key key;
	unsigned long since;
};

/**
 * struct l4lb_probes - probes of a namespace
 * @living: probes of checks that run, the oldest first
 * @ending: those of checks that have ended, the first of them first
 * @n: how many
 * @heads: by ports; &l4lb_net.lock to write, RCU to read
 */
struct l4lb_probes {
	struct list_head living;
	struct list_head ending;
	u32 n;
	struct hlist_head heads[1 << PROBE_BITS];
};

static struct l4lb_probes *probes_locked(const struct l4lb_net *ln)
{
	return rcu_dereference_protected(ln->probes,
					 lockdep_is_held(&ln->lock));
}

static struct hlist_head *bucket(struct l4lb_probes *probes, __be16 sport,
				 __be16 port)
{
	u32 hash = jhash_2words((__force u16)sport, (__force u16)port, 0);

	return &probes->heads[hash & (ARRAY_SIZE(probes->heads) - 1)];
}

static bool key_equal(const struct l4lb_probe_key *a,
		      const struct l4lb_probe_key *b)
{
	return a->sport == b->sport && a->port == b->port &&
	       a->proto == b->proto && a->family == b->family &&
	       nf_inet_addr_cmp(&a->source, &b->source);
}

static void probe_enter(struct probe *probe, struct list_head *list)
{
	probe->since = jiffies;
	list_move_tail(&probe->list, list);
}

static void probe_unlink(struct l4lb_probes *probes, struct probe *probe)
{
	hlist_del_rcu(&probe->node);
	list_del(&probe->list);
	probe->real->probes--;
	probes->n--;
	kfree_rcu(probe, rcu);
}

/* Whether a packet of @key has the real's address, or the VIP's, at its end. */
static bool far_end_is(const struct l4lb_packet *pkt,
		       const union nf_inet_addr *addr, bool source)
{
	if (pkt->family == AF_INET)
		return (source ? ip_hdr(pkt->skb)->saddr :
				 ip_hdr(pkt->skb)->daddr) == addr->ip;

	return ipv6_addr_equal(source ? &ipv6_hdr(pkt->skb)->saddr :
					&ipv6_hdr(pkt->skb)->daddr,
			       &addr->in6);
}

static struct l4lb_real *probe_find(struct l4lb_packet *pkt, bool in)
{
	struct l4lb_probes *probes = rcu_dereference(pkt->ln->probes);
	struct l4lb_probe_key key = {
		.family	= pkt->family,
		.proto	= pkt->proto,
		.sport	= pkt->key.cport,
		.port	= pkt->key.port,
	};
	struct probe *probe;

	l4lb_conn_key_addr(&pkt->key, pkt->family, &key.source);
	hlist_for_each_entry_rcu(probe, bucket(probes, key.sport, key.port),
				 node)
		if (key_equal(&probe->key, &key) &&
		    far_end_is(pkt, in ? &probe->real->vip_addr :
					 &probe->real->addr, in))
			return probe->real;

	return NULL;
}

static enum l4lb_packet_kind probe_parse(struct l4lb_packet *pkt, bool in)
{
	return pkt->family == AF_INET ? l4lb_packet_parse4(pkt, in) :
					l4lb_packet_parse6(pkt, in);
}

/**
 * l4lb_probe_out() - look for a probe in what this host sends
 * @pkt: packet to an address that is no VIP's, routed
 * @verdict: where to put the verdict of the hook
 *
 * Context: Any but a hard interrupt, under rcu_read_lock(). May move the
 * headers.
 * Return: true if it was one.
 */
bool l4lb_probe_out(struct l4lb_packet *pkt, unsigned int *verdict)
{
	struct l4lb_real *real;

	if (probe_parse(pkt, false) != L4LB_PACKET_PLAIN)
		return false;
	real = probe_find(pkt, false);
	if (!real)
		return false;

	pkt->skb->dev = skb_dst(pkt->skb)->dev;
	*verdict = l4lb_xmit_probe(pkt, real);

	return true;
}

/**
 * l4lb_probe_in() - look for the answer to a probe in what comes in
 * @pkt: packet that is not for a VIP, not routed
 * @verdict: where to put the verdict of the hook
 *
 * Context: Any but a hard interrupt, under rcu_read_lock(). May move the
 * headers.
 * Return: true if it was one.
 */
bool l4lb_probe_in(struct l4lb_packet *pkt, unsigned int *verdict)
{
	struct l4lb_real *real;

	if (!l4lb_packet_is_ours(pkt->skb) ||
	    probe_parse(pkt, true) != L4LB_PACKET_PLAIN)
		return false;
	real = probe_find(pkt, true);
	if (!real)
		return false;

	*verdict = l4lb_xmit_probe_answer(pkt, real);

	return true;
}

static struct probe *probe_lookup(struct l4lb_probes *probes,
				  const struct l4lb_real *real,
				  const struct l4lb_probe_key *key)
{
	struct probe *probe;

	hlist_for_each_entry(probe, bucket(probes, key->sport, key->port), node)
		if (probe->real == real && key_equal(&probe->key, key))
			return probe;

	return NULL;
}

static int probe_validate(const struct l4lb_real *real,
			  const struct l4lb_probe_key *key,
			  struct netlink_ext_ack *extack)
{
	struct l4lb_net *ln = real->vip->ln;
	bool is_vip;

	if (real->mode != L4LB_MODE_DR) {
		NL_SET_ERR_MSG(extack,
			       "only with mode dr are there probes: reals of others know no address but their own");
		return -EINVAL;
	}
	if (key->family != real->family) {
		NL_SET_ERR_MSG(extack,
			       "the addresses of real and source differ in family");
		return -EINVAL;
	}

	rcu_read_lock();
	is_vip = l4lb_addr_find(ln->vip_addrs, key->family, &key->source);
	rcu_read_unlock();
	if (is_vip || !l4lb_addr_is_local(ln->net, key->family, &key->source)) {
		NL_SET_ERR_MSG(extack,
			       "the source is no address of this host, or it is a vip's");
		return -EADDRNOTAVAIL;
	}

	return 0;
}

/* The first probe brings the table along, which stays as long as there are VIPs. */
static struct l4lb_probes *probes_get(struct l4lb_net *ln)
{
	struct l4lb_probes *probes = probes_locked(ln);

	if (probes)
		return probes;

	probes = kvzalloc(sizeof(*probes), GFP_KERNEL_ACCOUNT);
	if (!probes)
		return NULL;
	INIT_LIST_HEAD(&probes->living);
	INIT_LIST_HEAD(&probes->ending);
	rcu_assign_pointer(ln->probes, probes);

	return probes;
}

static u32 probes_max(const struct l4lb_net *ln)
{
	return l4lb_net_is_small(ln) ? PROBES_SMALL : PROBES_MAX;
}

/**
 * l4lb_probe_add() - let the packets of a socket be a probe
 * @real: real that the socket talks to
 * @key: the socket
 * @extack: where to explain a failure
 *
 * It ends by l4lb_probe_del(), with the real, or after ten minutes; to begin
 * anew with one that there is begins its time anew.
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, or a negative errno.
 */
int l4lb_probe_add(struct l4lb_real *real, const struct l4lb_probe_key *key,
		   struct netlink_ext_ack *extack)
{
	struct l4lb_net *ln = real->vip->ln;
	struct l4lb_probes *probes;
	struct probe *probe;
	int err;

	lockdep_assert_held(&ln->lock);

	err = probe_validate(real, key, extack);
	if (err)
		return err;

	probes = probes_get(ln);
	if (probes && probes->n >= probes_max(ln)) {
		NL_SET_ERR_MSG(extack,
			       "there are as many probes as there may be");
		return -ENOSPC;
	}
	probe = probes ? probe_lookup(probes, real, key) : NULL;
	if (probe) {
		probe_enter(probe, &probes->living);
		return 0;
	}

	probe = probes ? kzalloc(sizeof(*probe), GFP_KERNEL_ACCOUNT) : NULL;
	if (!probe) {
		NL_SET_ERR_MSG(extack, "out of memory");
		return -ENOMEM;
	}
	probe->real = real;
	probe->key = *key;
	INIT_LIST_HEAD(&probe->list);
	probe_enter(probe, &probes->living);
	hlist_add_head_rcu(&probe->node, bucket(probes, key->sport, key->port));
	real->probes++;
	probes->n++;

	return 0;
}

/**
 * l4lb_probe_del() - let the packets of a socket soon be what they are
 * @real: real that the socket talks to
 * @key: the socket, which is closed
 * @extack: where to explain a failure
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, or -ENOENT.
 */
int l4lb_probe_del(struct l4lb_real *real, const struct l4lb_probe_key *key,
		   struct netlink_ext_ack *extack)
{
	struct l4lb_probes *probes = probes_locked(real->vip->ln);
	struct probe *probe;

	probe = probes ? probe_lookup(probes, real, key) : NULL;
	if (!probe) {
		NL_SET_ERR_MSG(extack, "there is no such probe");
		return -ENOENT;
	}
	probe_enter(probe, &probes->ending);

	return 0;
}

static void list_forget(struct l4lb_probes *probes, struct list_head *list,
			const struct l4lb_real *real)
{
	struct probe *probe, *next;

	list_for_each_entry_safe(probe, next, list, list)
		if (probe->real == real)
			probe_unlink(probes, probe);
}

/**
 * l4lb_probe_forget() - end the probes of a real
 * @real: real that is about to be removed
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_probe_forget(struct l4lb_real *real)
{
	struct l4lb_probes *probes = probes_locked(real->vip->ln);

	if (!real->probes)
		return;

	list_forget(probes, &probes->living, real);
	list_forget(probes, &probes->ending, real);
}

static void list_expire(struct l4lb_probes *probes, struct list_head *list,
			unsigned long time)
{
	struct probe *probe, *next;

	list_for_each_entry_safe(probe, next, list, list) {
		if (time_before(jiffies, probe->since + time))
			break;
		probe_unlink(probes, probe);
	}
}

/**
 * l4lb_probe_upkeep() - free the probes that have had their time
 * @ln: namespace
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_probe_upkeep(struct l4lb_net *ln)
{
	struct l4lb_probes *probes = probes_locked(ln);

	if (!probes)
		return;

	list_expire(probes, &probes->living, PROBE_TIME);
	list_expire(probes, &probes->ending, PROBE_LINGER);
}

/**
 * l4lb_probe_stop() - free the table
 * @ln: namespace without VIPs, whose hooks are gone and whose readers have left
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_probe_stop(struct l4lb_net *ln)
{
	kvfree(probes_locked(ln));
	RCU_INIT_POINTER(ln->probes, NULL);
}
