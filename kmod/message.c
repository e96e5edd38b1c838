// SPDX-License-Identifier: GPL-2.0-only
/*
 * Objects as netlink attributes, the same in replies, dumps and notifications.
 */

#include "message.h"
#include "conn.h"
#include "netns.h"
#include "persist.h"
#include "real.h"
#include "stats.h"
#include "vip.h"

#include <linux/in.h>
#include <net/netlink.h>

#include <uapi/linux/l4lb.h>

static int put_addr(struct sk_buff *msg, int attr4, int attr6, u8 family,
		    const union nf_inet_addr *addr)
{
	if (family == AF_INET)
		return nla_put_in_addr(msg, attr4, addr->ip);

	return nla_put_in6_addr(msg, attr6, &addr->in6);
}

static int put_range(struct sk_buff *msg, u16 first, u16 last)
{
	struct nlattr *nest = nla_nest_start(msg, L4LB_A_PORTS_RANGE);

	if (!nest ||
	    nla_put_be16(msg, L4LB_A_RANGE_FIRST, htons(first)) ||
	    nla_put_be16(msg, L4LB_A_RANGE_LAST, htons(last)))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);

	return 0;
}

static int put_ports(struct sk_buff *msg, const struct l4lb_vip_config *config)
{
	struct nlattr *nest = nla_nest_start(msg, L4LB_A_VIP_PORTS);
	unsigned int i;

	if (!nest)
		return -EMSGSIZE;

	for (i = 0; i < config->n_ports; i++)
		if (put_range(msg, config->ports[i].first,
			      config->ports[i].last))
			return -EMSGSIZE;
	nla_nest_end(msg, nest);

	return 0;
}

static int put_check_ports(struct sk_buff *msg, const struct l4lb_check *check)
{
	struct nlattr *nest;
	unsigned int i;

	if (!check->n_ports)
		return 0;

	nest = nla_nest_start(msg, L4LB_A_CHECK_PORTS);
	if (!nest)
		return -EMSGSIZE;

	for (i = 0; i < check->n_ports; i++)
		if (put_range(msg, check->ports[i], check->ports[i]))
			return -EMSGSIZE;
	nla_nest_end(msg, nest);

	return 0;
}

static int put_check(struct sk_buff *msg, int attr,
		     const struct l4lb_check *check)
{
	struct nlattr *nest = nla_nest_start(msg, attr);

	if (!nest ||
	    nla_put_string(msg, L4LB_A_CHECK_TYPE, check->type) ||
	    put_check_ports(msg, check) ||
	    nla_put_u32(msg, L4LB_A_CHECK_INTERVAL, check->interval) ||
	    nla_put_u32(msg, L4LB_A_CHECK_TIMEOUT, check->timeout) ||
	    nla_put_u8(msg, L4LB_A_CHECK_RISE, check->rise) ||
	    nla_put_u8(msg, L4LB_A_CHECK_FALL, check->fall))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);

	return 0;
}

static int put_count(struct sk_buff *msg, int attr, u64 count)
{
	return nla_put_u64_64bit(msg, attr, count, L4LB_A_STATS_PAD);
}

static int put_counts(struct sk_buff *msg, const struct l4lb_stats *stats)
{
	if (put_count(msg, L4LB_A_STATS_CONNS, stats->conns) ||
	    put_count(msg, L4LB_A_STATS_IN_PACKETS, stats->in_packets) ||
	    put_count(msg, L4LB_A_STATS_IN_BYTES, stats->in_bytes) ||
	    put_count(msg, L4LB_A_STATS_OUT_PACKETS, stats->out_packets) ||
	    put_count(msg, L4LB_A_STATS_OUT_BYTES, stats->out_bytes))
		return -EMSGSIZE;

	return 0;
}

static int put_stats(struct sk_buff *msg, int attr,
		     const struct l4lb_stats *stats)
{
	struct nlattr *nest = nla_nest_start(msg, attr);

	if (!nest || put_counts(msg, stats))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);

	return 0;
}

static int put_vip_config(struct sk_buff *msg,
			  const struct l4lb_vip_config *config)
{
	if (nla_put_string(msg, L4LB_A_VIP_NAME, config->name) ||
	    put_addr(msg, L4LB_A_VIP_ADDR4, L4LB_A_VIP_ADDR6, config->family,
		     &config->addr) ||
	    nla_put_u8(msg, L4LB_A_VIP_PROTOS, config->protos) ||
	    put_ports(msg, config) ||
	    nla_put_u8(msg, L4LB_A_VIP_MODE, config->mode) ||
	    nla_put_u8(msg, L4LB_A_VIP_SCHED, config->sched) ||
	    nla_put_u32(msg, L4LB_A_VIP_IDLE, config->idle) ||
	    nla_put_u8(msg, L4LB_A_VIP_ORPHAN, config->orphan) ||
	    nla_put_u8(msg, L4LB_A_VIP_NO_REAL, config->no_real) ||
	    nla_put_u8(msg, L4LB_A_VIP_HOOK, config->hook) ||
	    nla_put_u64_64bit(msg, L4LB_A_VIP_SEED, config->seed,
			      L4LB_A_VIP_PAD) ||
	    nla_put_u32(msg, L4LB_A_VIP_PERSIST, config->persist) ||
	    nla_put_u8(msg, L4LB_A_VIP_MASK, config->mask) ||
	    put_check(msg, L4LB_A_VIP_CHECK, &config->check))
		return -EMSGSIZE;

	return 0;
}

/**
 * l4lb_message_put_vip() - put a VIP into a message
 * @msg: message
 * @vip: VIP
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, or -EMSGSIZE; then the message is to be cancelled.
 */
int l4lb_message_put_vip(struct sk_buff *msg, const struct l4lb_vip *vip)
{
	struct nlattr *nest = nla_nest_start(msg, L4LB_A_VIP);
	struct l4lb_stats stats = {};

	l4lb_vip_stats(vip, &stats);
	if (!nest ||
	    put_vip_config(msg, l4lb_vip_config(vip)) ||
	    nla_put_u8(msg, L4LB_A_VIP_STATE, l4lb_vip_state(vip)) ||
	    nla_put_u32(msg, L4LB_A_VIP_REALS, vip->n_reals) ||
	    nla_put_u32(msg, L4LB_A_VIP_CONNS, l4lb_vip_conns(vip)) ||
	    nla_put_u32(msg, L4LB_A_VIP_PERSISTS,
			atomic_read(&vip->persists)) ||
	    put_stats(msg, L4LB_A_VIP_STATS, &stats))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);

	return 0;
}

static int put_name(struct sk_buff *msg, int nest_attr, int attr,
		    const char *name)
{
	struct nlattr *nest = nla_nest_start(msg, nest_attr);

	if (!nest || nla_put_string(msg, attr, name))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);

	return 0;
}

/**
 * l4lb_message_put_names() - put the names of a VIP and a real into a message
 * @msg: message
 * @vip: name of the VIP
 * @real: name of the real, or NULL
 *
 * Context: Process context.
 * Return: 0, or -EMSGSIZE; then the message is to be cancelled.
 */
int l4lb_message_put_names(struct sk_buff *msg, const char *vip,
			   const char *real)
{
	if (put_name(msg, L4LB_A_VIP, L4LB_A_VIP_NAME, vip) ||
	    (real && put_name(msg, L4LB_A_REAL, L4LB_A_REAL_NAME, real)))
		return -EMSGSIZE;

	return 0;
}

static int put_real_config(struct sk_buff *msg,
			   const struct l4lb_real_config *config)
{
	if (nla_put_string(msg, L4LB_A_REAL_NAME, config->name) ||
	    put_addr(msg, L4LB_A_REAL_ADDR4, L4LB_A_REAL_ADDR6, config->family,
		     &config->addr) ||
	    nla_put_be16(msg, L4LB_A_REAL_PORT, config->port) ||
	    nla_put_u32(msg, L4LB_A_REAL_WEIGHT, config->weight) ||
	    nla_put_u8(msg, L4LB_A_REAL_ADMIN, config->admin) ||
	    nla_put_u32(msg, L4LB_A_REAL_MAX_CONNS, config->max_conns))
		return -EMSGSIZE;

	if (config->check_own)
		return put_check(msg, L4LB_A_REAL_CHECK, &config->check);

	return nla_put_flag(msg, L4LB_A_REAL_CHECK_INHERIT);
}

static int put_real_state(struct sk_buff *msg, const struct l4lb_real *real)
{
	const struct l4lb_check *check = &l4lb_vip_config(real->vip)->check;

	if (nla_put_u8(msg, L4LB_A_REAL_HEALTH,
		       l4lb_real_health(real, check)) ||
	    nla_put_string(msg, L4LB_A_REAL_REASON, real->reason) ||
	    nla_put_u64_64bit(msg, L4LB_A_REAL_SINCE, real->since,
			      L4LB_A_REAL_PAD) ||
	    nla_put_u32(msg, L4LB_A_REAL_EPOCH, real->epoch) ||
	    nla_put_u8(msg, L4LB_A_REAL_SERVES,
		       l4lb_real_serves(real, check)) ||
	    nla_put_u8(msg, L4LB_A_REAL_REACH,
		       READ_ONCE(real->route.reach)) ||
	    nla_put_u32(msg, L4LB_A_REAL_CONNS, atomic_read(&real->conns)))
		return -EMSGSIZE;

	return 0;
}

/**
 * l4lb_message_put_real() - put a real and its VIP's name into a message
 * @msg: message
 * @real: real
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, or -EMSGSIZE; then the message is to be cancelled.
 */
int l4lb_message_put_real(struct sk_buff *msg, const struct l4lb_real *real)
{
	struct l4lb_stats stats = {};
	struct nlattr *nest;

	if (l4lb_message_put_names(msg, l4lb_vip_config(real->vip)->name,
				   NULL))
		return -EMSGSIZE;

	l4lb_real_stats(real, &stats);
	nest = nla_nest_start(msg, L4LB_A_REAL);
	if (!nest ||
	    put_real_config(msg, &real->config) ||
	    put_real_state(msg, real) ||
	    put_stats(msg, L4LB_A_REAL_STATS, &stats))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);

	return 0;
}

static int put_conn_times(struct sk_buff *msg, const struct l4lb_conn *conn)
{
	u32 idle = l4lb_tick_now() - READ_ONCE(conn->seen);
	u32 most = READ_ONCE(conn->idle);

	if (nla_put_u32(msg, L4LB_A_CONN_IDLE, l4lb_ticks_to_ms(idle)) ||
	    nla_put_u32(msg, L4LB_A_CONN_LEFT,
			most > idle ? l4lb_ticks_to_ms(most - idle) : 0))
		return -EMSGSIZE;

	return 0;
}

/**
 * l4lb_message_put_conn() - put a connection into a message
 * @msg: message
 * @conn: connection
 *
 * Context: Process context, under &l4lb_net.lock and rcu_read_lock().
 * Return: 0, or -EMSGSIZE; then the message is to be cancelled.
 */
int l4lb_message_put_conn(struct sk_buff *msg, const struct l4lb_conn *conn)
{
	const struct l4lb_conn_key *key = &conn->node.key;
	const struct l4lb_real *real = conn->real;
	union nf_inet_addr client;
	struct nlattr *nest;

	l4lb_conn_client(conn, &client.in6);
	nest = nla_nest_start(msg, L4LB_A_CONN);
	if (!nest ||
	    nla_put_string(msg, L4LB_A_CONN_VIP,
			   l4lb_vip_config(real->vip)->name) ||
	    nla_put_string(msg, L4LB_A_CONN_REAL, real->config.name) ||
	    nla_put_u8(msg, L4LB_A_CONN_PROTO, key->tag & L4LB_KEY_UDP ?
					       IPPROTO_UDP : IPPROTO_TCP) ||
	    put_addr(msg, L4LB_A_CONN_CLIENT4, L4LB_A_CONN_CLIENT6,
		     real->family, &client) ||
	    nla_put_be16(msg, L4LB_A_CONN_CLIENT_PORT, key->cport) ||
	    nla_put_be16(msg, L4LB_A_CONN_VIP_PORT, key->port) ||
	    nla_put_u8(msg, L4LB_A_CONN_STATE, READ_ONCE(conn->state)) ||
	    put_conn_times(msg, conn) ||
	    (READ_ONCE(real->orphans) &&
	     nla_put_flag(msg, L4LB_A_CONN_ORPHAN)))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);

	return 0;
}

static int put_persist_times(struct sk_buff *msg,
			     const struct l4lb_persist *entry)
{
	u32 now = l4lb_tick_now();
	s32 left = READ_ONCE(entry->until) - now;
	u8 state = READ_ONCE(entry->state);

	if (nla_put_u32(msg, L4LB_A_PERSIST_AGE,
			l4lb_ticks_to_ms(now - READ_ONCE(entry->made))))
		return -EMSGSIZE;
	if (state == L4LB_PERSIST_FOREVER)
		return nla_put_flag(msg, L4LB_A_PERSIST_FOREVER);
	if (nla_put_u32(msg, L4LB_A_PERSIST_LEFT,
			left > 0 ? l4lb_ticks_to_ms(left) : 0))
		return -EMSGSIZE;
	if (state == L4LB_PERSIST_TENTATIVE)
		return nla_put_flag(msg, L4LB_A_PERSIST_TENTATIVE);

	return 0;
}

/**
 * l4lb_message_put_persist() - put a persistence entry into a message
 * @msg: message
 * @entry: entry
 *
 * Context: Process context, under &l4lb_net.lock and rcu_read_lock().
 * Return: 0, or -EMSGSIZE; then the message is to be cancelled.
 */
int l4lb_message_put_persist(struct sk_buff *msg,
			     const struct l4lb_persist *entry)
{
	const struct l4lb_real *real = rcu_dereference(entry->real);
	union nf_inet_addr client;
	struct nlattr *nest;

	l4lb_persist_client(entry, &client);
	nest = nla_nest_start(msg, L4LB_A_PERSIST);
	if (!nest ||
	    nla_put_string(msg, L4LB_A_PERSIST_VIP,
			   l4lb_vip_config(real->vip)->name) ||
	    nla_put_string(msg, L4LB_A_PERSIST_REAL, real->config.name) ||
	    put_addr(msg, L4LB_A_PERSIST_ADDR4, L4LB_A_PERSIST_ADDR6,
		     real->family, &client) ||
	    nla_put_u8(msg, L4LB_A_PERSIST_LEN, entry->key.len) ||
	    put_persist_times(msg, entry))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);

	return 0;
}

static int put_drop(struct sk_buff *msg, u8 reason, u64 packets)
{
	struct nlattr *nest;

	if (!packets)
		return 0;

	nest = nla_nest_start(msg, L4LB_A_STATS_DROP);
	if (!nest ||
	    nla_put_u8(msg, L4LB_A_DROP_REASON, reason) ||
	    nla_put_u64_64bit(msg, L4LB_A_DROP_PACKETS, packets,
			      L4LB_A_DROP_PAD))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);

	return 0;
}

/**
 * l4lb_message_put_totals() - put the counters of a namespace into a message
 * @msg: message
 * @ln: namespace
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, or -EMSGSIZE; then the message is to be cancelled.
 */
int l4lb_message_put_totals(struct sk_buff *msg, struct l4lb_net *ln)
{
	struct l4lb_stats stats = {};
	const struct l4lb_vip *vip;
	struct nlattr *nest;
	u8 reason;

	list_for_each_entry(vip, &ln->vips, list)
		l4lb_vip_stats(vip, &stats);

	nest = nla_nest_start(msg, L4LB_A_STATS);
	if (!nest || put_counts(msg, &stats))
		return -EMSGSIZE;

	for (reason = 1; ln->stats && reason <= L4LB_DROP_MAX; reason++)
		if (put_drop(msg, reason,
			     l4lb_stats_drops(ln->stats, reason) -
			     ln->drops_base[reason]))
			return -EMSGSIZE;
	nla_nest_end(msg, nest);

	return 0;
}
