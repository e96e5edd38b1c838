/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Addresses that the data path looks packets up by: those of VIPs, each with
 * a map from port to VIP, and those of reals whose replies come back here.
 */

#ifndef _L4LB_ADDR_H
#define _L4LB_ADDR_H

#include <linux/hash.h>
#include <linux/in6.h>
#include <linux/netfilter.h>
#include <linux/rculist.h>
#include <linux/refcount.h>
#include <linux/types.h>
#include <net/checksum.h>
#include <net/ipv6.h>

struct l4lb_addr_draft;
struct l4lb_net;
struct l4lb_vip;

/* A constant, so that the shift is one: packets of any kind are looked up. */
#define L4LB_ADDR_HASH_BITS	14

/* Ids have 30 bits in a connection's key and are never used again. */
#define L4LB_ADDR_ID_MAX	((1U << 30) - 1)

/**
 * struct l4lb_port_range - ports of one VIP
 * @first: first port, host order
 * @last: last port, host order
 */
struct l4lb_port_range {
	u16 first;
	u16 last;
};

/**
 * struct l4lb_portmap_range - ports and whose they are
 * @ports: the ports
 * @vip: VIP that has them
 */
struct l4lb_portmap_range {
	struct l4lb_port_range ports;
	struct l4lb_vip *vip;
};

/**
 * struct l4lb_portmap - which VIP has which port, immutable
 * @rcu: delays freeing past the last reader
 * @n: number of @ranges
 * @ranges: disjoint ranges in ascending order
 */
struct l4lb_portmap {
	struct rcu_head rcu;
	unsigned int n;
	struct l4lb_portmap_range ranges[];
};

/**
 * struct l4lb_addr - one address
 * @node: entry in a &struct l4lb_addr_table
 * @addr: the address; bytes that @family does not use are zero
 * @id: stands for the address in the keys of connections
 * @family: AF_INET or AF_INET6
 * @local: whether the address is on this host; only meant for VIPs, written
 *	by the control plane and read by the data path without a lock
 * @input: whether some VIP of it is not taken early; as @local
 * @refs: users of the address
 * @ports: maps for TCP and UDP, NULL without a VIP; &l4lb_net.lock to write
 * @rcu: delays freeing past the last reader
 * @draft: what becomes of @ports in the change that is going on, or NULL; under
 *	&l4lb_net.lock
 */
struct l4lb_addr {
	struct hlist_node node;
	union nf_inet_addr addr;
	u32 id;
	u8 family;
	bool local;
	bool input;
	refcount_t refs;
	struct l4lb_portmap __rcu *ports[2];
	struct rcu_head rcu;
	struct l4lb_addr_draft *draft;
};

/**
 * struct l4lb_addr_table - addresses by hash
 * @heads: buckets; &l4lb_net.addr_lock to write, RCU to read
 *
 * The hash has no secret: only the administrator chooses what is stored.
 */
struct l4lb_addr_table {
	struct hlist_head heads[1 << L4LB_ADDR_HASH_BITS];
};

static inline u32 l4lb_addr_hash4(__be32 addr)
{
	return hash_32((__force u32)addr, L4LB_ADDR_HASH_BITS);
}

static inline u32 l4lb_addr_hash6(const struct in6_addr *addr)
{
	return hash_32((__force u32)(addr->s6_addr32[0] ^ addr->s6_addr32[1] ^
				     addr->s6_addr32[2] ^ addr->s6_addr32[3]),
		       L4LB_ADDR_HASH_BITS);
}

/* Data path: any context, under rcu_read_lock(). */

/**
 * l4lb_addr_find4() - look an IPv4 address up
 * @table: table to search
 * @addr: the address
 *
 * Context: Any, under rcu_read_lock().
 * Return: the address, without a reference, or NULL.
 */
static inline struct l4lb_addr *
l4lb_addr_find4(const struct l4lb_addr_table *table, __be32 addr)
{
	struct l4lb_addr *a;

	hlist_for_each_entry_rcu(a, &table->heads[l4lb_addr_hash4(addr)], node)
		if (a->addr.ip == addr && a->family == AF_INET)
			return a;

	return NULL;
}

/**
 * l4lb_addr_find6() - look an IPv6 address up
 * @table: table to search
 * @addr: the address
 *
 * Context: Any, under rcu_read_lock().
 * Return: the address, without a reference, or NULL.
 */
static inline struct l4lb_addr *
l4lb_addr_find6(const struct l4lb_addr_table *table,
		const struct in6_addr *addr)
{
	struct l4lb_addr *a;

	hlist_for_each_entry_rcu(a, &table->heads[l4lb_addr_hash6(addr)], node)
		if (ipv6_addr_equal(&a->addr.in6, addr) &&
		    a->family == AF_INET6)
			return a;

	return NULL;
}

/* What translating @from into @to adds to a checksum over it. */
static inline __wsum l4lb_addr_csum(const union nf_inet_addr *from,
				    const union nf_inet_addr *to)
{
	return csum_sub(csum_partial(to, sizeof(*to), 0),
			csum_partial(from, sizeof(*from), 0));
}

struct l4lb_addr *l4lb_addr_find(const struct l4lb_addr_table *table,
				 u8 family, const union nf_inet_addr *addr);

/**
 * l4lb_portmap_find() - which VIP has a port
 * @map: map to search, may be NULL
 * @port: port in host order
 *
 * Context: Any, under rcu_read_lock().
 * Return: the VIP, or NULL.
 */
static inline struct l4lb_vip *
l4lb_portmap_find(const struct l4lb_portmap *map, u16 port)
{
	unsigned int low = 0, high, mid;

	if (!map)
		return NULL;

	high = map->n;
	while (low < high) {
		mid = (low + high) / 2;
		if (port < map->ranges[mid].ports.first)
			high = mid;
		else if (port > map->ranges[mid].ports.last)
			low = mid + 1;
		else
			return map->ranges[mid].vip;
	}

	return NULL;
}

/* Process context. */
struct l4lb_addr_table *l4lb_addr_table_alloc(void);
struct l4lb_addr *l4lb_addr_get(struct l4lb_net *ln,
				struct l4lb_addr_table *table, u8 family,
				const union nf_inet_addr *addr);
struct l4lb_addr *l4lb_addr_hold(struct l4lb_net *ln,
				 struct l4lb_addr_table *table, u8 family,
				 const union nf_inet_addr *addr);
void l4lb_addr_put(struct l4lb_net *ln, struct l4lb_addr *a);
bool l4lb_addr_is_local(struct net *net, u8 family,
			const union nf_inet_addr *addr);
bool l4lb_addr_is_unicast(u8 family, const union nf_inet_addr *addr);

/* Control plane: process context, under l4lb_net.lock. */
void l4lb_addrs_upkeep(struct l4lb_net *ln);

#endif /* _L4LB_ADDR_H */
