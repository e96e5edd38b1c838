// SPDX-License-Identifier: GPL-2.0-only
/*
 * Addresses that the data path looks packets up by.
 *
 * Readers walk a bucket under RCU. Writers hold l4lb_net.addr_lock; an address
 * leaves its table with its last user and is freed a grace period later.
 */

#include "addr.h"
#include "netns.h"

#include <linux/inetdevice.h>
#include <linux/slab.h>
#include <net/addrconf.h>
#include <net/ipv6.h>
#include <net/route.h>

/**
 * l4lb_addr_table_alloc() - make an empty table
 *
 * Context: Process context.
 * Return: the table, for kvfree(), or NULL.
 */
struct l4lb_addr_table *l4lb_addr_table_alloc(void)
{
	return kvzalloc(sizeof(struct l4lb_addr_table), GFP_KERNEL_ACCOUNT);
}

/**
 * l4lb_addr_find() - look an address up
 * @table: table to search
 * @family: AF_INET or AF_INET6
 * @addr: the address
 *
 * Context: Any, under rcu_read_lock().
 * Return: the address, without a reference, or NULL.
 */
struct l4lb_addr *l4lb_addr_find(const struct l4lb_addr_table *table,
				 u8 family, const union nf_inet_addr *addr)
{
	if (family == AF_INET)
		return l4lb_addr_find4(table, addr->ip);

	return l4lb_addr_find6(table, &addr->in6);
}

/**
 * l4lb_addr_get() - take a reference to an address, made if it is missing
 * @ln: namespace
 * @table: table of @ln
 * @family: AF_INET or AF_INET6
 * @addr: the address, unused bytes zero
 *
 * Context: Process context.
 * Return: the address, or an ERR_PTR: -ENOMEM, or -ENOSPC if ids ran out.
 */
struct l4lb_addr *l4lb_addr_get(struct l4lb_net *ln,
				struct l4lb_addr_table *table, u8 family,
				const union nf_inet_addr *addr)
{
	struct l4lb_addr *a, *fresh;
	u32 bucket;

	fresh = kzalloc(sizeof(*fresh), GFP_KERNEL_ACCOUNT);
	if (!fresh)
		return ERR_PTR(-ENOMEM);

	fresh->addr = *addr;
	fresh->family = family;
	refcount_set(&fresh->refs, 1);
	bucket = family == AF_INET ? l4lb_addr_hash4(addr->ip) :
				     l4lb_addr_hash6(&addr->in6);

	rcu_read_lock();
	spin_lock(&ln->addr_lock);
	a = l4lb_addr_find(table, family, addr);
	if (a) {
		refcount_inc(&a->refs);
		kfree(fresh);
	} else if (ln->next_addr_id == L4LB_ADDR_ID_MAX) {
		a = ERR_PTR(-ENOSPC);
		kfree(fresh);
	} else {
		a = fresh;
		a->id = ++ln->next_addr_id;
		hlist_add_head_rcu(&a->node, &table->heads[bucket]);
	}
	spin_unlock(&ln->addr_lock);
	rcu_read_unlock();

	return a;
}

/**
 * l4lb_addr_hold() - take a reference on an address, if it is there
 * @ln: namespace
 * @table: table to search
 * @family: AF_INET or AF_INET6
 * @addr: the address
 *
 * Context: Process context.
 * Return: the address, for l4lb_addr_put(), or NULL.
 */
struct l4lb_addr *l4lb_addr_hold(struct l4lb_net *ln,
				 struct l4lb_addr_table *table, u8 family,
				 const union nf_inet_addr *addr)
{
	struct l4lb_addr *a;

	rcu_read_lock();
	spin_lock(&ln->addr_lock);
	a = l4lb_addr_find(table, family, addr);
	if (a)
		refcount_inc(&a->refs);
	spin_unlock(&ln->addr_lock);
	rcu_read_unlock();

	return a;
}

/**
 * l4lb_addr_put() - drop a reference
 * @ln: namespace
 * @a: address, or NULL
 *
 * Context: Process context.
 */
void l4lb_addr_put(struct l4lb_net *ln, struct l4lb_addr *a)
{
	bool last;

	if (!a)
		return;

	spin_lock(&ln->addr_lock);
	last = refcount_dec_and_test(&a->refs);
	if (last)
		hlist_del_rcu(&a->node);
	spin_unlock(&ln->addr_lock);

	if (last)
		kfree_rcu(a, rcu);
}

/**
 * l4lb_addr_is_local() - whether an address is on this host
 * @net: namespace
 * @family: AF_INET or AF_INET6
 * @addr: the address
 *
 * Context: Any.
 * Return: true if it is.
 */
bool l4lb_addr_is_local(struct net *net, u8 family,
			const union nf_inet_addr *addr)
{
	if (family == AF_INET)
		return inet_addr_type(net, addr->ip) == RTN_LOCAL;

	return ipv6_chk_addr(net, &addr->in6, NULL, 0);
}

/**
 * l4lb_addr_is_unicast() - whether a VIP or real may have an address
 * @family: AF_INET or AF_INET6
 * @addr: the address
 *
 * Context: Any.
 * Return: false for unspecified, loopback, multicast, broadcast and, since it
 * would need a device, IPv6 link-local addresses.
 */
bool l4lb_addr_is_unicast(u8 family, const union nf_inet_addr *addr)
{
	int type;

	if (family == AF_INET)
		return !ipv4_is_zeronet(addr->ip) &&
		       !ipv4_is_loopback(addr->ip) &&
		       !ipv4_is_multicast(addr->ip) &&
		       !ipv4_is_lbcast(addr->ip);

	type = ipv6_addr_type(&addr->in6);

	return (type & IPV6_ADDR_UNICAST) &&
	       !(type & (IPV6_ADDR_LOOPBACK | IPV6_ADDR_LINKLOCAL |
			 IPV6_ADDR_MAPPED));
}

/**
 * l4lb_addrs_upkeep() - see which VIPs' addresses are on this host
 * @ln: namespace with tables
 *
 * Those that only connections of removed reals still have are among them.
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_addrs_upkeep(struct l4lb_net *ln)
{
	struct l4lb_addr *a;
	unsigned int i;

	lockdep_assert_held(&ln->lock);

	rcu_read_lock();
	for (i = 0; i < ARRAY_SIZE(ln->vip_addrs->heads); i++)
		hlist_for_each_entry_rcu(a, &ln->vip_addrs->heads[i], node)
			WRITE_ONCE(a->local,
				   l4lb_addr_is_local(ln->net, a->family,
						      &a->addr));
	rcu_read_unlock();
}
