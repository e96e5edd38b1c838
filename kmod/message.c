// SPDX-License-Identifier: GPL-2.0-only
/*
 * Objects as netlink attributes, the same in replies, dumps and notifications.
 */

#include "message.h"
#include "allow.h"
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
		     const struct l4lb_check *check, bool args)
{
	struct nlattr *nest = nla_nest_start(msg, attr);

	if (!nest ||
	    nla_put_string(msg, L4LB_A_CHECK_TYPE, check->type) ||
	    put_check_ports(msg, check) ||
	    nla_put_u32(msg, L4LB_A_CHECK_INTERVAL, check->interval) ||
	    nla_put_u32(msg, L4LB_A_CHECK_TIMEOUT, check->timeout) ||
	    nla_put_u8(msg, L4LB_A_CHECK_RISE, check->rise) ||
	    nla_put_u8(msg, L4LB_A_CHECK_FALL, check->fall) ||
	    nla_put_u32(msg, L4LB_A_CHECK_FAST, check->fast) ||
	    nla_put_u8(msg, L4LB_A_CHECK_VIA, check->via) ||
	    nla_put_be16(msg, L4LB_A_CHECK_AGENT, check->agent) ||
	    nla_put_u8(msg, L4LB_A_CHECK_GUARD, check->guard) ||
	    nla_put_string(msg, L4LB_A_CHECK_SECRET, check->secret) ||
	    (args && nla_put_string(msg, L4LB_A_CHECK_ARGS,
				    check->args ?: "")))
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

static int put_sources(struct sk_buff *msg,
		       const struct l4lb_vip_config *config)
{
	struct nlattr *nest;
	unsigned int i;

	if (!config->n_sources)
		return 0;

	nest = nla_nest_start(msg, L4LB_A_VIP_SOURCES);
	if (!nest)
		return -EMSGSIZE;

	for (i = 0; i < config->n_sources; i++)
		if (put_addr(msg, L4LB_A_SOURCES_ADDR4, L4LB_A_SOURCES_ADDR6,
			     config->family, &config->sources[i]))
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

static int put_vip_stats(struct sk_buff *msg, const struct l4lb_vip *vip)
{
	struct nlattr *nest = nla_nest_start(msg, L4LB_A_VIP_STATS);
	struct l4lb_stats stats = {};
	u8 reason;

	l4lb_vip_stats(vip, &stats);
	if (!nest || put_counts(msg, &stats))
		return -EMSGSIZE;

	for (reason = 1; reason <= L4LB_DROP_MAX; reason++)
		if (put_drop(msg, reason, l4lb_vip_drops(vip, reason)))
			return -EMSGSIZE;
	nla_nest_end(msg, nest);

	return 0;
}

static int put_fallback(struct sk_buff *msg,
			const struct l4lb_vip_fallback *fallback)
{
	struct nlattr *nest = nla_nest_start(msg, L4LB_A_VIP_FALLBACK);

	if (!nest ||
	    (fallback->family &&
	     (put_addr(msg, L4LB_A_FALLBACK_ADDR4, L4LB_A_FALLBACK_ADDR6,
		       fallback->family, &fallback->addr) ||
	      nla_put_be16(msg, L4LB_A_FALLBACK_PORT, fallback->port))))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);

	return 0;
}

static int put_vip_config(struct sk_buff *msg,
			  const struct l4lb_vip_config *config, bool args)
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
	    put_sources(msg, config) ||
	    put_fallback(msg, &config->fallback) ||
	    nla_put_u32(msg, L4LB_A_VIP_SLOW_START, config->slow_start) ||
	    nla_put_string(msg, L4LB_A_VIP_DEV, config->dev) ||
	    put_check(msg, L4LB_A_VIP_CHECK, &config->check, args))
		return -EMSGSIZE;

	return 0;
}

/**
 * l4lb_message_put_vip() - put a VIP into a message
 * @msg: message
 * @vip: VIP
 * @args: with the arguments of its check, which not everybody may read
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, or -EMSGSIZE; then the message is to be cancelled.
 */
int l4lb_message_put_vip(struct sk_buff *msg, const struct l4lb_vip *vip,
			 bool args)
{
	struct nlattr *nest = nla_nest_start(msg, L4LB_A_VIP);
	const struct l4lb_allow *allow = l4lb_vip_allow(vip);

	if (!nest ||
	    put_vip_config(msg, l4lb_vip_config(vip), args) ||
	    nla_put_u8(msg, L4LB_A_VIP_STATE, l4lb_vip_state(vip)) ||
	    nla_put_u32(msg, L4LB_A_VIP_REALS, vip->n_reals) ||
	    nla_put_u32(msg, L4LB_A_VIP_CONNS, l4lb_vip_conns(vip)) ||
	    nla_put_u32(msg, L4LB_A_VIP_PERSISTS,
			atomic_read(&vip->persists)) ||
	    nla_put_u32(msg, L4LB_A_VIP_ALLOWS, allow ? allow->n : 0) ||
	    put_vip_stats(msg, vip))
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
			   const struct l4lb_real_config *config, bool args)
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
		return put_check(msg, L4LB_A_REAL_CHECK, &config->check, args);

	return nla_put_flag(msg, L4LB_A_REAL_CHECK_INHERIT);
}

static int put_checked(struct sk_buff *msg, const struct l4lb_real_health *health)
{
	if (nla_put_string(msg, L4LB_A_REAL_REASON, health->reason ?: "") ||
	    nla_put_u64_64bit(msg, L4LB_A_REAL_SINCE, health->since,
			      L4LB_A_REAL_PAD) ||
	    nla_put_u32(msg, L4LB_A_REAL_FLAPS, health->flaps) ||
	    nla_put_u16(msg, L4LB_A_REAL_AGENT_WEIGHT, health->agent_weight) ||
	    nla_put_u8(msg, L4LB_A_REAL_AGENT_ADMIN, health->agent_admin))
		return -EMSGSIZE;
	if ((health->result &&
	     nla_put_u8(msg, L4LB_A_REAL_RESULT, health->result)) ||
	    (health->result_text &&
	     nla_put_string(msg, L4LB_A_REAL_RESULT_TEXT,
			    health->result_text)) ||
	    (health->rtt && nla_put_u32(msg, L4LB_A_REAL_RTT, health->rtt)))
		return -EMSGSIZE;

	return 0;
}

static int put_real_state(struct sk_buff *msg, const struct l4lb_real *real)
{
	const struct l4lb_check *check = &l4lb_vip_config(real->vip)->check;

	if (nla_put_u8(msg, L4LB_A_REAL_HEALTH,
		       l4lb_real_health(real, check)) ||
	    put_checked(msg, &real->health) ||
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
 * @args: with the arguments of its check, which not everybody may read
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, or -EMSGSIZE; then the message is to be cancelled.
 */
int l4lb_message_put_real(struct sk_buff *msg, const struct l4lb_real *real,
			  bool args)
{
	struct l4lb_stats stats = {};
	struct nlattr *nest;

	if (l4lb_message_put_names(msg, l4lb_vip_config(real->vip)->name,
				   NULL))
		return -EMSGSIZE;

	l4lb_real_stats(real, &stats);
	nest = nla_nest_start(msg, L4LB_A_REAL);
	if (!nest ||
	    put_real_config(msg, &real->config, args) ||
	    put_real_state(msg, real) ||
	    put_stats(msg, L4LB_A_REAL_STATS, &stats))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);

	return 0;
}

static int put_conn_times(struct sk_buff *msg, const struct l4lb_conn *conn)
{
	/* Before the time, or a packet might come later than that. */
	const u32 seen = READ_ONCE(conn->seen);
	u32 idle = l4lb_tick_now() - seen;
	u32 most = READ_ONCE(conn->idle);

	if (nla_put_u32(msg, L4LB_A_CONN_IDLE, l4lb_ticks_to_ms(idle)) ||
	    nla_put_u32(msg, L4LB_A_CONN_LEFT,
			most > idle ? l4lb_ticks_to_ms(most - idle) : 0))
		return -EMSGSIZE;

	return 0;
}

static int put_conn_source(struct sk_buff *msg, const struct l4lb_conn *conn)
{
	const struct l4lb_conn_nat *nat =
		container_of_const(conn, struct l4lb_conn_nat, conn);
	union nf_inet_addr source;

	l4lb_conn_source(conn, &source);
	if (put_addr(msg, L4LB_A_CONN_SOURCE4, L4LB_A_CONN_SOURCE6,
		     conn->real->family, &source) ||
	    nla_put_be16(msg, L4LB_A_CONN_SOURCE_PORT, nat->reply.key.cport))
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

	l4lb_conn_client(conn, &client);
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
	    nla_put_u8(msg, L4LB_A_CONN_MODE, l4lb_conn_mode(conn)) ||
	    (conn->full && put_conn_source(msg, conn)) ||
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

static int put_allow_addr(struct sk_buff *msg, int attr4, int attr6, u8 family,
			  const struct l4lb_allow_addr *from)
{
	union nf_inet_addr addr = {};

	if (family == AF_INET) {
		addr.ip = htonl(from->lo);
	} else {
		addr.ip6[0] = htonl(from->hi >> 32);
		addr.ip6[1] = htonl(from->hi);
		addr.ip6[2] = htonl(from->lo >> 32);
		addr.ip6[3] = htonl(from->lo);
	}

	return put_addr(msg, attr4, attr6, family, &addr);
}

static int put_allow_range(struct sk_buff *msg, u8 family,
			   const struct l4lb_allow_range *range)
{
	struct nlattr *nest = nla_nest_start(msg, L4LB_A_ALLOW_RANGE);

	if (!nest ||
	    put_allow_addr(msg, L4LB_A_ALLOW_FIRST4, L4LB_A_ALLOW_FIRST6,
			   family, &range->first) ||
	    put_allow_addr(msg, L4LB_A_ALLOW_LAST4, L4LB_A_ALLOW_LAST6,
			   family, &range->last)) {
		nla_nest_cancel(msg, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(msg, nest);

	return 0;
}

/**
 * l4lb_message_put_allow() - put clients that a VIP serves into a message
 * @msg: message
 * @allow: the list
 * @from: number of the range to begin with
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: the number of ranges that had room, 0 if none; then the message is
 * to be cancelled.
 */
u32 l4lb_message_put_allow(struct sk_buff *msg, const struct l4lb_allow *allow,
			   u32 from)
{
	struct nlattr *nest = nla_nest_start(msg, L4LB_A_ALLOW);
	struct l4lb_allow_range range;
	u32 i;

	if (!nest)
		return 0;

	for (i = from; i < allow->n; i++) {
		l4lb_allow_range(allow, i, &range);
		if (put_allow_range(msg, allow->family, &range))
			break;
	}
	nla_nest_end(msg, nest);

	return i - from;
}

/**
 * l4lb_message_put_global() - put what holds for a namespace into a message
 * @msg: message, in %L4LB_A_INFO
 * @ln: namespace
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, or -EMSGSIZE; then the message is to be cancelled.
 */
int l4lb_message_put_global(struct sk_buff *msg, const struct l4lb_net *ln)
{
	const struct l4lb_global *global = &ln->global;

	if (nla_put_u32(msg, L4LB_A_INFO_CONNS_MAX, global->conns_max) ||
	    nla_put_u32(msg, L4LB_A_INFO_PERSISTS_MAX, global->persists_max) ||
	    nla_put_u32(msg, L4LB_A_INFO_VIPS_MAX, global->vips_max) ||
	    nla_put_u32(msg, L4LB_A_INFO_REALS_MAX, global->reals_max) ||
	    nla_put_u64_64bit(msg, L4LB_A_INFO_SEED, global->seed,
			      L4LB_A_INFO_PAD) ||
	    nla_put_u8(msg, L4LB_A_INFO_STANDBY, global->standby) ||
	    nla_put_u8(msg, L4LB_A_INFO_LIMITED, l4lb_global_limited(ln)) ||
	    nla_put(msg, L4LB_A_INFO_PARTNERS, global->n_partners * ETH_ALEN,
		    global->partners))
		return -EMSGSIZE;

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
	struct l4lb_stats stats = ln->past;
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
			     l4lb_stats_drops(&ln->stats->drops, reason) -
			     ln->drops_base[reason]))
			return -EMSGSIZE;
	nla_nest_end(msg, nest);

	return 0;
}
