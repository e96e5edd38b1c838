// SPDX-License-Identifier: GPL-2.0-only
/*
 * Objects to attributes and back. Text that comes from the wire is made safe
 * to print here, once.
 */

#include "msg.h"
#include "attr.h"
#include "err.h"
#include "schema.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <stdlib.h>
#include <string.h>

/* The length of a nest has 16 bits. */
#define ALLOWS_PER_NEST	1024

static void put_ports(struct nlmsghdr *nlh, uint16_t type,
		      const struct lb_ports *ports)
{
	struct nlattr *nest, *range;
	unsigned int i;

	nest = mnl_attr_nest_start(nlh, type);
	for (i = 0; i < ports->count; i++) {
		range = mnl_attr_nest_start(nlh, L4LB_A_PORTS_RANGE);
		mnl_attr_put_u16(nlh, L4LB_A_RANGE_FIRST,
				 htons(ports->range[i].first));
		mnl_attr_put_u16(nlh, L4LB_A_RANGE_LAST,
				 htons(ports->range[i].last));
		mnl_attr_nest_end(nlh, range);
	}
	mnl_attr_nest_end(nlh, nest);
}

static void put_check(struct nlmsghdr *nlh, uint16_t type,
		      const struct lb_check *check)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, type);

	if (lb_has(check->has, L4LB_A_CHECK_TYPE))
		mnl_attr_put_strz(nlh, L4LB_A_CHECK_TYPE, check->type);
	if (lb_has(check->has, L4LB_A_CHECK_PORTS))
		put_ports(nlh, L4LB_A_CHECK_PORTS, &check->ports);
	if (lb_has(check->has, L4LB_A_CHECK_INTERVAL))
		mnl_attr_put_u32(nlh, L4LB_A_CHECK_INTERVAL, check->interval);
	if (lb_has(check->has, L4LB_A_CHECK_TIMEOUT))
		mnl_attr_put_u32(nlh, L4LB_A_CHECK_TIMEOUT, check->timeout);
	if (lb_has(check->has, L4LB_A_CHECK_RISE))
		mnl_attr_put_u8(nlh, L4LB_A_CHECK_RISE, check->rise);
	if (lb_has(check->has, L4LB_A_CHECK_FALL))
		mnl_attr_put_u8(nlh, L4LB_A_CHECK_FALL, check->fall);
	if (lb_has(check->has, L4LB_A_CHECK_FAST))
		mnl_attr_put_u32(nlh, L4LB_A_CHECK_FAST, check->fast);
	if (lb_has(check->has, L4LB_A_CHECK_VIA))
		mnl_attr_put_u8(nlh, L4LB_A_CHECK_VIA, check->via);
	if (lb_has(check->has, L4LB_A_CHECK_AGENT))
		mnl_attr_put_u16(nlh, L4LB_A_CHECK_AGENT, htons(check->agent));
	if (lb_has(check->has, L4LB_A_CHECK_GUARD))
		mnl_attr_put_u8(nlh, L4LB_A_CHECK_GUARD, check->guard);
	if (lb_has(check->has, L4LB_A_CHECK_SECRET))
		mnl_attr_put_strz(nlh, L4LB_A_CHECK_SECRET, check->secret);
	if (lb_has(check->has, L4LB_A_CHECK_ARGS))
		mnl_attr_put_strz(nlh, L4LB_A_CHECK_ARGS,
				  check->args ? check->args : "");
	mnl_attr_nest_end(nlh, nest);
}

static void put_sources(struct nlmsghdr *nlh, const struct lb_sources *sources)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, L4LB_A_VIP_SOURCES);
	unsigned int i;

	for (i = 0; i < sources->count; i++)
		put_addr(nlh, L4LB_A_SOURCES_ADDR4, L4LB_A_SOURCES_ADDR6,
			 &sources->addr[i]);
	mnl_attr_nest_end(nlh, nest);
}

static void put_fallback(struct nlmsghdr *nlh, const struct lb_vip *vip)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, L4LB_A_VIP_FALLBACK);

	if (vip->fallback.family) {
		put_addr(nlh, L4LB_A_FALLBACK_ADDR4, L4LB_A_FALLBACK_ADDR6,
			 &vip->fallback);
		mnl_attr_put_u16(nlh, L4LB_A_FALLBACK_PORT,
				 htons(vip->fallback_port));
	}
	mnl_attr_nest_end(nlh, nest);
}

/**
 * lb_msg_put_vip() - add a VIP to a request
 * @nlh: the request
 * @vip: the VIP; its name, if not empty, and what it has are sent
 */
void lb_msg_put_vip(struct nlmsghdr *nlh, const struct lb_vip *vip)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, L4LB_A_VIP);

	if (*vip->name)
		mnl_attr_put_strz(nlh, L4LB_A_VIP_NAME, vip->name);
	if (lb_has(vip->has, L4LB_A_VIP_NEW_NAME))
		mnl_attr_put_strz(nlh, L4LB_A_VIP_NEW_NAME, vip->new_name);
	if (lb_has(vip->has, L4LB_A_VIP_ADDR4))
		put_addr(nlh, L4LB_A_VIP_ADDR4, L4LB_A_VIP_ADDR6, &vip->addr);
	if (lb_has(vip->has, L4LB_A_VIP_PROTOS))
		mnl_attr_put_u8(nlh, L4LB_A_VIP_PROTOS, vip->protos);
	if (lb_has(vip->has, L4LB_A_VIP_PORTS))
		put_ports(nlh, L4LB_A_VIP_PORTS, &vip->ports);
	if (lb_has(vip->has, L4LB_A_VIP_MODE))
		mnl_attr_put_u8(nlh, L4LB_A_VIP_MODE, vip->mode);
	if (lb_has(vip->has, L4LB_A_VIP_SCHED))
		mnl_attr_put_u8(nlh, L4LB_A_VIP_SCHED, vip->sched);
	if (lb_has(vip->has, L4LB_A_VIP_IDLE))
		mnl_attr_put_u32(nlh, L4LB_A_VIP_IDLE, vip->idle);
	if (lb_has(vip->has, L4LB_A_VIP_ORPHAN))
		mnl_attr_put_u8(nlh, L4LB_A_VIP_ORPHAN, vip->orphan);
	if (lb_has(vip->has, L4LB_A_VIP_NO_REAL))
		mnl_attr_put_u8(nlh, L4LB_A_VIP_NO_REAL, vip->no_real);
	if (lb_has(vip->has, L4LB_A_VIP_HOOK))
		mnl_attr_put_u8(nlh, L4LB_A_VIP_HOOK, vip->hook);
	if (lb_has(vip->has, L4LB_A_VIP_SEED))
		mnl_attr_put_u64(nlh, L4LB_A_VIP_SEED, vip->seed);
	if (lb_has(vip->has, L4LB_A_VIP_PERSIST))
		mnl_attr_put_u32(nlh, L4LB_A_VIP_PERSIST, vip->persist);
	if (lb_has(vip->has, L4LB_A_VIP_MASK))
		mnl_attr_put_u8(nlh, L4LB_A_VIP_MASK, vip->mask);
	if (lb_has(vip->has, L4LB_A_VIP_SOURCES))
		put_sources(nlh, &vip->sources);
	if (lb_has(vip->has, L4LB_A_VIP_FALLBACK))
		put_fallback(nlh, vip);
	if (lb_has(vip->has, L4LB_A_VIP_SLOW_START))
		mnl_attr_put_u32(nlh, L4LB_A_VIP_SLOW_START, vip->slow_start);
	if (lb_has(vip->has, L4LB_A_VIP_DEV))
		mnl_attr_put_strz(nlh, L4LB_A_VIP_DEV, vip->dev);
	if (lb_has(vip->has, L4LB_A_VIP_CHECK))
		put_check(nlh, L4LB_A_VIP_CHECK, &vip->check);
	mnl_attr_nest_end(nlh, nest);
}

static void put_allow_range(struct nlmsghdr *nlh,
			    const struct lb_allow_range *range)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, L4LB_A_ALLOW_RANGE);

	put_addr(nlh, L4LB_A_ALLOW_FIRST4, L4LB_A_ALLOW_FIRST6, &range->first);
	put_addr(nlh, L4LB_A_ALLOW_LAST4, L4LB_A_ALLOW_LAST6, &range->last);
	mnl_attr_nest_end(nlh, nest);
}

/**
 * lb_msg_put_allow() - add a list of clients to a request
 * @nlh: the request
 * @op: &enum l4lb_allow_op
 * @allow: the list; an empty one means any client
 */
void lb_msg_put_allow(struct nlmsghdr *nlh, uint8_t op,
		      const struct lb_allow *allow)
{
	struct nlattr *nest;
	size_t i = 0;

	if (op != L4LB_ALLOW_SET)
		mnl_attr_put_u8(nlh, L4LB_A_ALLOW_OP, op);
	do {
		nest = mnl_attr_nest_start(nlh, L4LB_A_ALLOW);
		while (i < allow->count) {
			put_allow_range(nlh, &allow->range[i++]);
			if (i % ALLOWS_PER_NEST == 0)
				break;
		}
		mnl_attr_nest_end(nlh, nest);
	} while (i < allow->count);
}

/* What a check or an agent has found. */
static void put_report(struct nlmsghdr *nlh, const struct lb_real *real)
{
	if (lb_has(real->has, L4LB_A_REAL_HEALTH))
		mnl_attr_put_u8(nlh, L4LB_A_REAL_HEALTH, real->health);
	if (lb_has(real->has, L4LB_A_REAL_REASON))
		mnl_attr_put_strz(nlh, L4LB_A_REAL_REASON, real->reason);
	if (lb_has(real->has, L4LB_A_REAL_RESULT))
		mnl_attr_put_u8(nlh, L4LB_A_REAL_RESULT, real->result);
	if (lb_has(real->has, L4LB_A_REAL_RESULT_TEXT))
		mnl_attr_put_strz(nlh, L4LB_A_REAL_RESULT_TEXT,
				  real->result_text);
	if (lb_has(real->has, L4LB_A_REAL_RTT))
		mnl_attr_put_u32(nlh, L4LB_A_REAL_RTT, real->rtt);
	if (lb_has(real->has, L4LB_A_REAL_AGENT_WEIGHT))
		mnl_attr_put_u16(nlh, L4LB_A_REAL_AGENT_WEIGHT,
				 real->agent_weight);
	if (lb_has(real->has, L4LB_A_REAL_AGENT_ADMIN))
		mnl_attr_put_u8(nlh, L4LB_A_REAL_AGENT_ADMIN,
				real->agent_admin);
}

/**
 * lb_msg_put_real() - add a real and the name of its VIP to a request
 * @nlh: the request
 * @real: the real; the names that are not empty and what it has are sent
 */
void lb_msg_put_real(struct nlmsghdr *nlh, const struct lb_real *real)
{
	struct nlattr *nest;

	if (*real->vip) {
		nest = mnl_attr_nest_start(nlh, L4LB_A_VIP);
		mnl_attr_put_strz(nlh, L4LB_A_VIP_NAME, real->vip);
		mnl_attr_nest_end(nlh, nest);
	}
	if (!*real->name)
		return;

	nest = mnl_attr_nest_start(nlh, L4LB_A_REAL);
	mnl_attr_put_strz(nlh, L4LB_A_REAL_NAME, real->name);
	if (lb_has(real->has, L4LB_A_REAL_ADDR4))
		put_addr(nlh, L4LB_A_REAL_ADDR4, L4LB_A_REAL_ADDR6,
			 &real->addr);
	if (lb_has(real->has, L4LB_A_REAL_PORT))
		mnl_attr_put_u16(nlh, L4LB_A_REAL_PORT, htons(real->port));
	if (lb_has(real->has, L4LB_A_REAL_WEIGHT))
		mnl_attr_put_u32(nlh, L4LB_A_REAL_WEIGHT, real->weight);
	if (lb_has(real->has, L4LB_A_REAL_MAX_CONNS))
		mnl_attr_put_u32(nlh, L4LB_A_REAL_MAX_CONNS, real->max_conns);
	if (lb_has(real->has, L4LB_A_REAL_ADMIN))
		mnl_attr_put_u8(nlh, L4LB_A_REAL_ADMIN, real->admin);
	if (lb_has(real->has, L4LB_A_REAL_CHECK))
		put_check(nlh, L4LB_A_REAL_CHECK, &real->check);
	if (lb_has(real->has, L4LB_A_REAL_CHECK_INHERIT))
		mnl_attr_put(nlh, L4LB_A_REAL_CHECK_INHERIT, 0, NULL);
	put_report(nlh, real);
	if (lb_has(real->has, L4LB_A_REAL_EPOCH))
		mnl_attr_put_u32(nlh, L4LB_A_REAL_EPOCH, real->epoch);
	mnl_attr_nest_end(nlh, nest);
}

/**
 * lb_msg_put_probe() - add a probe and whom it is for to a request
 * @nlh: the request
 * @probe: the probe
 */
void lb_msg_put_probe(struct nlmsghdr *nlh, const struct lb_probe *probe)
{
	struct lb_real real = { 0 };
	struct nlattr *nest;

	lb_name_copy(real.vip, probe->vip);
	lb_name_copy(real.name, probe->real);
	lb_msg_put_real(nlh, &real);

	nest = mnl_attr_nest_start(nlh, L4LB_A_PROBE);
	put_addr(nlh, L4LB_A_PROBE_ADDR4, L4LB_A_PROBE_ADDR6, &probe->source);
	mnl_attr_put_u16(nlh, L4LB_A_PROBE_SPORT, htons(probe->sport));
	mnl_attr_put_u16(nlh, L4LB_A_PROBE_PORT, htons(probe->port));
	mnl_attr_put_u8(nlh, L4LB_A_PROBE_PROTO, probe->proto);
	mnl_attr_nest_end(nlh, nest);
}

/**
 * lb_msg_put_persist() - add a persistence entry to a request
 * @nlh: the request
 * @persist: the entry, with the names of its VIP and its real
 */
void lb_msg_put_persist(struct nlmsghdr *nlh, const struct lb_persist *persist)
{
	struct lb_real real = { 0 };
	struct nlattr *nest;

	lb_name_copy(real.vip, persist->vip);
	lb_name_copy(real.name, persist->real);
	lb_msg_put_real(nlh, &real);

	nest = mnl_attr_nest_start(nlh, L4LB_A_PERSIST);
	put_addr(nlh, L4LB_A_PERSIST_ADDR4, L4LB_A_PERSIST_ADDR6,
		 &persist->client.addr);
	if (lb_has(persist->has, L4LB_A_PERSIST_LEFT))
		mnl_attr_put_u32(nlh, L4LB_A_PERSIST_LEFT, persist->left);
	if (persist->forever)
		mnl_attr_put(nlh, L4LB_A_PERSIST_FOREVER, 0, NULL);
	mnl_attr_nest_end(nlh, nest);
}

/**
 * lb_msg_put_info() - add what is to hold for the whole namespace to a request
 * @nlh: the request
 * @info: what it has is sent
 */
void lb_msg_put_info(struct nlmsghdr *nlh, const struct lb_info *info)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, L4LB_A_INFO);

	if (lb_has(info->has, L4LB_A_INFO_CONNS_MAX))
		mnl_attr_put_u32(nlh, L4LB_A_INFO_CONNS_MAX, info->conns_max);
	if (lb_has(info->has, L4LB_A_INFO_PERSISTS_MAX))
		mnl_attr_put_u32(nlh, L4LB_A_INFO_PERSISTS_MAX,
				 info->persists_max);
	if (lb_has(info->has, L4LB_A_INFO_VIPS_MAX))
		mnl_attr_put_u32(nlh, L4LB_A_INFO_VIPS_MAX, info->vips_max);
	if (lb_has(info->has, L4LB_A_INFO_REALS_MAX))
		mnl_attr_put_u32(nlh, L4LB_A_INFO_REALS_MAX, info->reals_max);
	if (lb_has(info->has, L4LB_A_INFO_SEED))
		mnl_attr_put_u64(nlh, L4LB_A_INFO_SEED, info->seed);
	if (lb_has(info->has, L4LB_A_INFO_STANDBY))
		mnl_attr_put_u8(nlh, L4LB_A_INFO_STANDBY, info->standby);
	if (lb_has(info->has, L4LB_A_INFO_PARTNERS))
		mnl_attr_put(nlh, L4LB_A_INFO_PARTNERS,
			     info->partners.count * LB_MAC_LEN,
			     info->partners.mac);
	mnl_attr_nest_end(nlh, nest);
}

/**
 * lb_msg_put_filter() - add a filter to a request
 * @nlh: the request
 * @filter: which connections or persistence entries are meant
 */
void lb_msg_put_filter(struct nlmsghdr *nlh, const struct lb_filter *filter)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, L4LB_A_FILTER);

	if (lb_has(filter->has, L4LB_A_FILTER_VIP))
		mnl_attr_put_strz(nlh, L4LB_A_FILTER_VIP, filter->vip);
	if (lb_has(filter->has, L4LB_A_FILTER_REAL))
		mnl_attr_put_strz(nlh, L4LB_A_FILTER_REAL, filter->real);
	if (lb_has(filter->has, L4LB_A_FILTER_ADDR4)) {
		put_addr(nlh, L4LB_A_FILTER_ADDR4, L4LB_A_FILTER_ADDR6,
			 &filter->src.addr);
		mnl_attr_put_u8(nlh, L4LB_A_FILTER_LEN, filter->src.len);
	}
	if (lb_has(filter->has, L4LB_A_FILTER_LIMIT))
		mnl_attr_put_u32(nlh, L4LB_A_FILTER_LIMIT, filter->limit);
	mnl_attr_nest_end(nlh, nest);
}

/**
 * lb_msg_get_addr() - read an address
 * @attr: attribute of 4 or 16 bytes
 * @addr: where to
 */
void lb_msg_get_addr(const struct nlattr *attr, struct lb_addr *addr)
{
	memset(addr, 0, sizeof(*addr));
	if (mnl_attr_get_payload_len(attr) == sizeof(addr->v6)) {
		addr->family = AF_INET6;
		memcpy(&addr->v6, mnl_attr_get_payload(attr),
		       sizeof(addr->v6));
	} else {
		addr->family = AF_INET;
		addr->v4.s_addr = mnl_attr_get_u32(attr);
	}
}

/**
 * lb_msg_get_macs() - read MAC addresses
 * @attr: attribute with any number of them
 * @macs: where to, as many as fit
 */
void lb_msg_get_macs(const struct nlattr *attr, struct lb_macs *macs)
{
	size_t count = mnl_attr_get_payload_len(attr) / LB_MAC_LEN;

	memset(macs, 0, sizeof(*macs));
	macs->count = count < L4LB_PARTNERS_MAX ? (unsigned int)count :
						  L4LB_PARTNERS_MAX;
	memcpy(macs->mac, mnl_attr_get_payload(attr),
	       macs->count * sizeof(macs->mac[0]));
}

static int get_sources(const struct nlattr *nest, struct lb_sources *sources)
{
	const struct nlattr *tb[LB_TB_MAX];
	const struct nlattr *attr;
	unsigned int type;

	if (parse_nest(&lb_sources_schema, nest, tb))
		return -EBADMSG;

	mnl_attr_for_each_nested(attr, nest) {
		type = mnl_attr_get_type(attr);
		if (type != L4LB_A_SOURCES_ADDR4 &&
		    type != L4LB_A_SOURCES_ADDR6)
			continue;
		if (sources->count == L4LB_SOURCES_MAX)
			return -EBADMSG;
		lb_msg_get_addr(attr, &sources->addr[sources->count++]);
	}

	return 0;
}

/**
 * lb_msg_get_ports() - read a list of ports
 * @nest: nest of %L4LB_A_PORTS_RANGE
 * @ports: where to
 *
 * Return: 0 or -EBADMSG.
 */
int lb_msg_get_ports(const struct nlattr *nest, struct lb_ports *ports)
{
	const struct nlattr *tb[LB_TB_MAX];
	const struct nlattr *attr;
	struct lb_range *range;

	memset(ports, 0, sizeof(*ports));

	mnl_attr_for_each_nested(attr, nest) {
		if (mnl_attr_get_type(attr) != L4LB_A_PORTS_RANGE)
			continue;
		if (ports->count == L4LB_PORTS_MAX ||
		    parse_nest(&lb_range_schema, attr, tb))
			return -EBADMSG;
		range = &ports->range[ports->count++];
		range->first = get_be16(tb[L4LB_A_RANGE_FIRST]);
		range->last = get_be16(tb[L4LB_A_RANGE_LAST]);
	}

	return 0;
}

/**
 * lb_msg_get_allow_range() - read a range of clients
 * @nest: nest of &enum l4lb_allow_range_attr
 * @range: where to
 *
 * Return: 0 or -EBADMSG.
 */
int lb_msg_get_allow_range(const struct nlattr *nest,
			   struct lb_allow_range *range)
{
	const struct nlattr *tb[LB_TB_MAX];

	memset(range, 0, sizeof(*range));
	if (parse_nest(&lb_allow_range_schema, nest, tb))
		return -EBADMSG;
	get_either(tb[L4LB_A_ALLOW_FIRST4], tb[L4LB_A_ALLOW_FIRST6],
		   &range->first);
	get_either(tb[L4LB_A_ALLOW_LAST4], tb[L4LB_A_ALLOW_LAST6],
		   &range->last);

	return range->first.family && range->first.family == range->last.family ?
	       0 : -EBADMSG;
}

/**
 * lb_msg_get_allow() - read ranges of clients
 * @nlh: one message of the reply to %L4LB_CMD_ALLOW_GET
 * @allow: where to add them
 *
 * Return: 0, -EBADMSG or -ENOMEM.
 */
int lb_msg_get_allow(const struct nlmsghdr *nlh, struct lb_allow *allow)
{
	const struct nlattr *top[LB_TB_MAX], *attr;
	struct lb_allow_range range;

	if (parse_message(nlh, top) || !top[L4LB_A_ALLOW])
		return -EBADMSG;

	mnl_attr_for_each_nested(attr, top[L4LB_A_ALLOW]) {
		if (mnl_attr_get_type(attr) != L4LB_A_ALLOW_RANGE)
			continue;
		if (lb_msg_get_allow_range(attr, &range))
			return -EBADMSG;
		if (lb_allow_add(allow, &range))
			return -ENOMEM;
	}

	return 0;
}

/**
 * lb_msg_get_fallback() - read a fallback
 * @nest: nest of &enum l4lb_fallback_attr
 * @addr: where to, without a family if there is none
 * @port: where to, 0 if there is none
 *
 * Return: 0 or -EBADMSG.
 */
int lb_msg_get_fallback(const struct nlattr *nest, struct lb_addr *addr,
			uint16_t *port)
{
	const struct nlattr *tb[LB_TB_MAX];

	memset(addr, 0, sizeof(*addr));
	if (parse_nest(&lb_fallback_schema, nest, tb))
		return -EBADMSG;
	get_either(tb[L4LB_A_FALLBACK_ADDR4], tb[L4LB_A_FALLBACK_ADDR6], addr);
	*port = get_be16(tb[L4LB_A_FALLBACK_PORT]);

	return 0;
}

/* Most checks have none, and a real would be twice its size with room for it. */
static int get_args(const struct nlattr *attr, struct lb_check *check)
{
	size_t size = attr ? mnl_attr_get_payload_len(attr) : 0;

	if (size < 2)
		return 0;
	check->args = malloc(size);
	if (!check->args)
		return -ENOMEM;
	get_text(check->args, size, attr);

	return 0;
}

static int get_check(const struct nlattr *nest, struct lb_check *check)
{
	const struct nlattr *tb[LB_TB_MAX];
	int ret = 0;

	if (parse_nest(&lb_check_schema, nest, tb))
		return -EBADMSG;

	check->has = get_bits(tb);
	get_text(check->type, sizeof(check->type), tb[L4LB_A_CHECK_TYPE]);
	check->interval = get_u32(tb[L4LB_A_CHECK_INTERVAL]);
	check->timeout = get_u32(tb[L4LB_A_CHECK_TIMEOUT]);
	check->rise = get_u8(tb[L4LB_A_CHECK_RISE]);
	check->fall = get_u8(tb[L4LB_A_CHECK_FALL]);
	check->fast = get_u32(tb[L4LB_A_CHECK_FAST]);
	check->via = get_u8(tb[L4LB_A_CHECK_VIA]);
	check->agent = get_be16(tb[L4LB_A_CHECK_AGENT]);
	check->guard = get_u8(tb[L4LB_A_CHECK_GUARD]);
	get_text(check->secret, sizeof(check->secret),
		 tb[L4LB_A_CHECK_SECRET]);
	if (tb[L4LB_A_CHECK_PORTS])
		ret = lb_msg_get_ports(tb[L4LB_A_CHECK_PORTS], &check->ports);

	return ret ? ret : get_args(tb[L4LB_A_CHECK_ARGS], check);
}

static int get_stats(const struct nlattr *nest, struct lb_stats *stats)
{
	const struct nlattr *tb[LB_TB_MAX];

	if (parse_nest(&lb_stats_schema, nest, tb))
		return -EBADMSG;

	stats->conns = get_u64(tb[L4LB_A_STATS_CONNS]);
	stats->in_packets = get_u64(tb[L4LB_A_STATS_IN_PACKETS]);
	stats->in_bytes = get_u64(tb[L4LB_A_STATS_IN_BYTES]);
	stats->out_packets = get_u64(tb[L4LB_A_STATS_OUT_PACKETS]);
	stats->out_bytes = get_u64(tb[L4LB_A_STATS_OUT_BYTES]);

	return 0;
}

static int get_drops(const struct nlattr *stats, struct lb_drops *drops)
{
	const struct nlattr *tb[LB_TB_MAX];
	const struct nlattr *attr;
	struct lb_drop *drop;

	mnl_attr_for_each_nested(attr, stats) {
		if (mnl_attr_get_type(attr) != L4LB_A_STATS_DROP)
			continue;
		if (drops->count == LB_DROPS_MAX ||
		    parse_nest(&lb_drop_schema, attr, tb))
			return -EBADMSG;
		drop = &drops->drop[drops->count++];
		drop->reason = get_u8(tb[L4LB_A_DROP_REASON]);
		drop->packets = get_u64(tb[L4LB_A_DROP_PACKETS]);
	}

	return 0;
}

/* What of a VIP is a nest of its own. */
static int get_vip_nests(const struct nlattr *const tb[LB_TB_MAX],
			 struct lb_vip *vip)
{
	int ret = 0;

	if (tb[L4LB_A_VIP_PORTS])
		ret = lb_msg_get_ports(tb[L4LB_A_VIP_PORTS], &vip->ports);
	if (!ret && tb[L4LB_A_VIP_CHECK])
		ret = get_check(tb[L4LB_A_VIP_CHECK], &vip->check);
	if (!ret && tb[L4LB_A_VIP_SOURCES])
		ret = get_sources(tb[L4LB_A_VIP_SOURCES], &vip->sources);
	if (!ret && tb[L4LB_A_VIP_FALLBACK])
		ret = lb_msg_get_fallback(tb[L4LB_A_VIP_FALLBACK],
					  &vip->fallback, &vip->fallback_port);
	if (!ret && tb[L4LB_A_VIP_STATS])
		ret = get_stats(tb[L4LB_A_VIP_STATS], &vip->stats);
	if (!ret && tb[L4LB_A_VIP_STATS])
		ret = get_drops(tb[L4LB_A_VIP_STATS], &vip->drops);
	if (ret)
		lb_vip_release(vip);

	return ret;
}

/**
 * lb_msg_get_vip() - read a VIP
 * @nlh: reply or notification
 * @vip: where to, for lb_vip_release()
 *
 * Return: 0, -EBADMSG or -ENOMEM.
 */
int lb_msg_get_vip(const struct nlmsghdr *nlh, struct lb_vip *vip)
{
	const struct nlattr *top[LB_TB_MAX], *tb[LB_TB_MAX];

	memset(vip, 0, sizeof(*vip));
	if (parse_message(nlh, top) || !top[L4LB_A_VIP] ||
	    parse_nest(&lb_vip_schema, top[L4LB_A_VIP], tb))
		return -EBADMSG;

	vip->has = get_bits(tb);
	if (tb[L4LB_A_VIP_ADDR6])
		vip->has |= LB_BIT(L4LB_A_VIP_ADDR4);
	get_text(vip->name, sizeof(vip->name), tb[L4LB_A_VIP_NAME]);
	get_text(vip->new_name, sizeof(vip->new_name),
		 tb[L4LB_A_VIP_NEW_NAME]);
	get_either(tb[L4LB_A_VIP_ADDR4], tb[L4LB_A_VIP_ADDR6], &vip->addr);
	vip->protos = get_u8(tb[L4LB_A_VIP_PROTOS]);
	vip->mode = get_u8(tb[L4LB_A_VIP_MODE]);
	vip->sched = get_u8(tb[L4LB_A_VIP_SCHED]);
	vip->idle = get_u32(tb[L4LB_A_VIP_IDLE]);
	vip->orphan = get_u8(tb[L4LB_A_VIP_ORPHAN]);
	vip->no_real = get_u8(tb[L4LB_A_VIP_NO_REAL]);
	vip->hook = get_u8(tb[L4LB_A_VIP_HOOK]);
	vip->seed = get_u64(tb[L4LB_A_VIP_SEED]);
	vip->persist = get_u32(tb[L4LB_A_VIP_PERSIST]);
	vip->mask = get_u8(tb[L4LB_A_VIP_MASK]);
	vip->state = get_u8(tb[L4LB_A_VIP_STATE]);
	vip->reals = get_u32(tb[L4LB_A_VIP_REALS]);
	vip->conns = get_u32(tb[L4LB_A_VIP_CONNS]);
	vip->persists = get_u32(tb[L4LB_A_VIP_PERSISTS]);
	vip->slow_start = get_u32(tb[L4LB_A_VIP_SLOW_START]);
	vip->allows = get_u32(tb[L4LB_A_VIP_ALLOWS]);
	get_text(vip->dev, sizeof(vip->dev), tb[L4LB_A_VIP_DEV]);

	return get_vip_nests(tb, vip);
}

static int get_vip_name(const struct nlattr *nest,
			char name[L4LB_NAME_MAX + 1])
{
	const struct nlattr *tb[LB_TB_MAX];

	if (parse_nest(&lb_vip_schema, nest, tb))
		return -EBADMSG;
	get_text(name, L4LB_NAME_MAX + 1, tb[L4LB_A_VIP_NAME]);

	return 0;
}

/* What its check and its agent have found. */
static void get_report(const struct nlattr *const tb[LB_TB_MAX],
		       struct lb_real *real)
{
	real->health = get_u8(tb[L4LB_A_REAL_HEALTH]);
	get_text(real->reason, sizeof(real->reason), tb[L4LB_A_REAL_REASON]);
	real->result = get_u8(tb[L4LB_A_REAL_RESULT]);
	get_text(real->result_text, sizeof(real->result_text),
		 tb[L4LB_A_REAL_RESULT_TEXT]);
	real->rtt = get_u32(tb[L4LB_A_REAL_RTT]);
	real->flaps = get_u32(tb[L4LB_A_REAL_FLAPS]);
	real->agent_weight = get_u16(tb[L4LB_A_REAL_AGENT_WEIGHT]);
	real->agent_admin = get_u8(tb[L4LB_A_REAL_AGENT_ADMIN]);
}

/**
 * lb_msg_get_real() - read a real and the name of its VIP
 * @nlh: reply or notification
 * @real: where to, for lb_real_release()
 *
 * Return: 0, -EBADMSG or -ENOMEM.
 */
int lb_msg_get_real(const struct nlmsghdr *nlh, struct lb_real *real)
{
	const struct nlattr *top[LB_TB_MAX], *tb[LB_TB_MAX];
	int ret = 0;

	memset(real, 0, sizeof(*real));
	if (parse_message(nlh, top) || !top[L4LB_A_VIP] || !top[L4LB_A_REAL] ||
	    get_vip_name(top[L4LB_A_VIP], real->vip) ||
	    parse_nest(&lb_real_schema, top[L4LB_A_REAL], tb))
		return -EBADMSG;

	real->has = get_bits(tb);
	if (tb[L4LB_A_REAL_ADDR6])
		real->has |= LB_BIT(L4LB_A_REAL_ADDR4);
	get_text(real->name, sizeof(real->name), tb[L4LB_A_REAL_NAME]);
	get_either(tb[L4LB_A_REAL_ADDR4], tb[L4LB_A_REAL_ADDR6], &real->addr);
	real->port = get_be16(tb[L4LB_A_REAL_PORT]);
	real->weight = get_u32(tb[L4LB_A_REAL_WEIGHT]);
	real->max_conns = get_u32(tb[L4LB_A_REAL_MAX_CONNS]);
	real->admin = get_u8(tb[L4LB_A_REAL_ADMIN]);
	real->since = get_u64(tb[L4LB_A_REAL_SINCE]);
	real->epoch = get_u32(tb[L4LB_A_REAL_EPOCH]);
	real->serves = get_u8(tb[L4LB_A_REAL_SERVES]);
	real->reach = get_u8(tb[L4LB_A_REAL_REACH]);
	real->conns = get_u32(tb[L4LB_A_REAL_CONNS]);

	get_report(tb, real);

	if (tb[L4LB_A_REAL_STATS])
		ret = get_stats(tb[L4LB_A_REAL_STATS], &real->stats);
	if (!ret && tb[L4LB_A_REAL_CHECK])
		ret = get_check(tb[L4LB_A_REAL_CHECK], &real->check);
	if (ret)
		lb_real_release(real);

	return ret;
}

/**
 * lb_msg_get_conn() - read a connection
 * @nlh: reply
 * @conn: where to
 *
 * Return: 0 or -EBADMSG.
 */
int lb_msg_get_conn(const struct nlmsghdr *nlh, struct lb_conn *conn)
{
	const struct nlattr *top[LB_TB_MAX], *tb[LB_TB_MAX];

	memset(conn, 0, sizeof(*conn));
	if (parse_message(nlh, top) || !top[L4LB_A_CONN] ||
	    parse_nest(&lb_conn_schema, top[L4LB_A_CONN], tb))
		return -EBADMSG;

	get_text(conn->vip, sizeof(conn->vip), tb[L4LB_A_CONN_VIP]);
	get_text(conn->real, sizeof(conn->real), tb[L4LB_A_CONN_REAL]);
	conn->proto = get_u8(tb[L4LB_A_CONN_PROTO]);
	get_either(tb[L4LB_A_CONN_CLIENT4], tb[L4LB_A_CONN_CLIENT6],
		   &conn->client);
	conn->client_port = get_be16(tb[L4LB_A_CONN_CLIENT_PORT]);
	conn->vip_port = get_be16(tb[L4LB_A_CONN_VIP_PORT]);
	conn->state = get_u8(tb[L4LB_A_CONN_STATE]);
	conn->idle = get_u32(tb[L4LB_A_CONN_IDLE]);
	conn->left = get_u32(tb[L4LB_A_CONN_LEFT]);
	conn->orphan = tb[L4LB_A_CONN_ORPHAN];
	conn->mode = get_u8(tb[L4LB_A_CONN_MODE]);
	get_either(tb[L4LB_A_CONN_SOURCE4], tb[L4LB_A_CONN_SOURCE6],
		   &conn->source);
	conn->source_port = get_be16(tb[L4LB_A_CONN_SOURCE_PORT]);

	return 0;
}

/**
 * lb_msg_get_persist() - read a persistence entry
 * @nlh: reply
 * @persist: where to
 *
 * Return: 0 or -EBADMSG.
 */
int lb_msg_get_persist(const struct nlmsghdr *nlh, struct lb_persist *persist)
{
	const struct nlattr *top[LB_TB_MAX], *tb[LB_TB_MAX];

	memset(persist, 0, sizeof(*persist));
	if (parse_message(nlh, top) || !top[L4LB_A_PERSIST] ||
	    parse_nest(&lb_persist_schema, top[L4LB_A_PERSIST], tb))
		return -EBADMSG;

	persist->has = get_bits(tb);
	get_text(persist->vip, sizeof(persist->vip), tb[L4LB_A_PERSIST_VIP]);
	get_text(persist->real, sizeof(persist->real),
		 tb[L4LB_A_PERSIST_REAL]);
	get_either(tb[L4LB_A_PERSIST_ADDR4], tb[L4LB_A_PERSIST_ADDR6],
		   &persist->client.addr);
	persist->client.len = get_u8(tb[L4LB_A_PERSIST_LEN]);
	persist->left = get_u32(tb[L4LB_A_PERSIST_LEFT]);
	persist->age = get_u32(tb[L4LB_A_PERSIST_AGE]);
	persist->forever = tb[L4LB_A_PERSIST_FOREVER];
	persist->tentative = tb[L4LB_A_PERSIST_TENTATIVE];

	return 0;
}

/**
 * lb_msg_get_info() - read versions, limits and totals
 * @nlh: reply
 * @info: where to
 *
 * Return: 0 or -EBADMSG.
 */
int lb_msg_get_info(const struct nlmsghdr *nlh, struct lb_info *info)
{
	const struct nlattr *top[LB_TB_MAX], *tb[LB_TB_MAX];

	memset(info, 0, sizeof(*info));
	if (parse_message(nlh, top) || !top[L4LB_A_INFO] ||
	    parse_nest(&lb_info_schema, top[L4LB_A_INFO], tb))
		return -EBADMSG;

	info->has = get_bits(tb);
	get_text(info->version, sizeof(info->version),
		 tb[L4LB_A_INFO_VERSION]);
	info->vips = get_u32(tb[L4LB_A_INFO_VIPS]);
	info->reals = get_u32(tb[L4LB_A_INFO_REALS]);
	info->conns = get_u32(tb[L4LB_A_INFO_CONNS]);
	info->conns_max = get_u32(tb[L4LB_A_INFO_CONNS_MAX]);
	info->persists = get_u32(tb[L4LB_A_INFO_PERSISTS]);
	info->persists_max = get_u32(tb[L4LB_A_INFO_PERSISTS_MAX]);
	info->vips_max = get_u32(tb[L4LB_A_INFO_VIPS_MAX]);
	info->reals_max = get_u32(tb[L4LB_A_INFO_REALS_MAX]);
	info->seed = get_u64(tb[L4LB_A_INFO_SEED]);
	info->standby = get_u8(tb[L4LB_A_INFO_STANDBY]);
	if (tb[L4LB_A_INFO_PARTNERS])
		lb_msg_get_macs(tb[L4LB_A_INFO_PARTNERS], &info->partners);
	info->flood = get_u8(tb[L4LB_A_INFO_FLOOD]);
	info->limited = get_u8(tb[L4LB_A_INFO_LIMITED]);
	info->generation = get_u32(top[L4LB_A_GENERATION]);

	if (top[L4LB_A_STATS] &&
	    (get_stats(top[L4LB_A_STATS], &info->stats) ||
	     get_drops(top[L4LB_A_STATS], &info->drops)))
		return -EBADMSG;

	return 0;
}

/**
 * lb_msg_get_count() - read how many connections or persistence entries were
 * removed
 * @nlh: reply to %L4LB_CMD_CONN_DEL or %L4LB_CMD_PERSIST_DEL
 * @count: where to
 *
 * Return: 0 or -EBADMSG.
 */
int lb_msg_get_count(const struct nlmsghdr *nlh, uint32_t *count)
{
	const struct nlattr *top[LB_TB_MAX], *attr;

	if (parse_message(nlh, top))
		return -EBADMSG;
	attr = top[L4LB_A_CONN_COUNT];
	if (!attr)
		attr = top[L4LB_A_PERSIST_COUNT];
	if (!attr)
		return -EBADMSG;
	*count = mnl_attr_get_u32(attr);

	return 0;
}

/**
 * lb_msg_get_txn() - read which message of a transaction was refused
 * @nlh: reply to %L4LB_CMD_TXN_COMMIT
 * @message: where to, unless it was none; the first is 0
 *
 * Return: 0 or -EBADMSG.
 */
int lb_msg_get_txn(const struct nlmsghdr *nlh, int64_t *message)
{
	const struct nlattr *top[LB_TB_MAX];

	if (parse_message(nlh, top))
		return -EBADMSG;
	if (top[L4LB_A_TXN_MESSAGE])
		*message = get_u32(top[L4LB_A_TXN_MESSAGE]);

	return 0;
}

/**
 * lb_msg_get_event() - read a notification
 * @nlh: notification
 * @event: where to; without the arguments of checks, which not everybody who
 *	listens may see, so that nothing has to be released
 *
 * Return: 0; -EBADMSG; -ENOMEM; -EOPNOTSUPP for a notification of another kind.
 */
int lb_msg_get_event(const struct nlmsghdr *nlh, struct lb_event *event)
{
	const struct nlattr *top[LB_TB_MAX];
	const struct genlmsghdr *genl;
	int ret;

	memset(event, 0, sizeof(*event));
	if (parse_message(nlh, top))
		return -EBADMSG;

	event->event = get_u8(top[L4LB_A_EVENT]);
	event->generation = get_u32(top[L4LB_A_GENERATION]);

	genl = mnl_nlmsg_get_payload(nlh);
	if (genl->cmd == L4LB_CMD_VIP_NTF) {
		ret = lb_msg_get_vip(nlh, &event->vip);
		lb_check_release(&event->vip.check);
		return ret;
	}
	if (genl->cmd != L4LB_CMD_REAL_NTF)
		return -EOPNOTSUPP;
	event->is_real = true;
	ret = lb_msg_get_real(nlh, &event->real);
	lb_check_release(&event->real.check);

	return ret;
}
