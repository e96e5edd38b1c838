/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * VIPs and reals as structures, put into requests and taken from replies, and a
 * few of them to begin with.
 */

#ifndef _L4LB_TESTS_OBJECT_H
#define _L4LB_TESTS_OBJECT_H

#include "nl.h"

#include <stdio.h>

/**
 * struct vip - a VIP of a request or a reply, zero or empty where there is none
 * @name: name
 * @new_name: name from now on
 * @addr: address, of either family
 * @addr2: one more address
 * @protos: bits
 * @ports: ranges such as "80" or "25 60200-60201"
 * @no_ports: an empty list of ports
 * @mode: &enum l4lb_mode
 * @sched: &enum l4lb_sched
 * @idle: ms
 * @sources: addresses, of either family
 * @check: type of the check
 * @check_ports: its ports
 * @interval: its interval, ms
 * @timeout: its timeout, ms
 * @rise: its good results
 * @fall: its bad results
 * @fallback: address of its fallback
 * @fallback2: one more address of it
 * @fallback_port: its port
 * @no_fallback: an empty fallback
 * @slow_start: ms
 * @dev: name of an interface
 * @no_dev: an empty one
 * @allows: number of ranges of clients
 * @allow: ranges of clients such as "192.0.2.1-192.0.2.9 192.0.2.20-192.0.2.20"
 * @allow_any: an empty list of clients
 * @allow_op: &enum l4lb_allow_op
 */
struct vip {
	char name[64];
	char new_name[64];
	char addr[INET6_ADDRSTRLEN];
	char addr2[INET6_ADDRSTRLEN];
	__u8 protos;
	char ports[1024];
	bool no_ports;
	__u8 mode;
	__u8 sched;
	__u32 idle;
	char sources[1024];
	char check[16];
	char check_ports[128];
	__u32 interval;
	__u32 timeout;
	__u8 rise;
	__u8 fall;
	char fallback[INET6_ADDRSTRLEN];
	char fallback2[INET6_ADDRSTRLEN];
	__u16 fallback_port;
	bool no_fallback;
	__u32 slow_start;
	char dev[32];
	bool no_dev;
	__u32 allows;
	char allow[256];
	bool allow_any;
	__u8 allow_op;
};

/**
 * struct real - a real of a request or a reply, zero or empty as above
 * @vip: name of its VIP
 * @name: name
 * @name2: one more name
 * @addr: address, of either family
 * @addr2: one more address
 * @port: port
 * @weight: weight
 * @admin: &enum l4lb_admin
 * @check: type of its own check
 * @inherit: whether its check is that of the VIP
 * @health: &enum l4lb_health
 * @reason: why
 * @epoch: number of what a verdict is about
 * @serves: whether it takes new connections
 */
struct real {
	char vip[32];
	char name[64];
	char name2[64];
	char addr[INET6_ADDRSTRLEN];
	char addr2[INET6_ADDRSTRLEN];
	__u16 port;
	__u32 weight;
	__u8 admin;
	char check[16];
	bool inherit;
	__u8 health;
	char reason[256];
	__u32 epoch;
	bool serves;
};

static inline void put_text(struct nlmsghdr *nlh, __u16 type, const char *text)
{
	if (*text)
		mnl_attr_put_strz(nlh, type, text);
}

static inline void put_u8(struct nlmsghdr *nlh, __u16 type, __u8 value)
{
	if (value)
		mnl_attr_put_u8(nlh, type, value);
}

static inline void put_u32(struct nlmsghdr *nlh, __u16 type, __u32 value)
{
	if (value)
		mnl_attr_put_u32(nlh, type, value);
}

static inline void put_addr(struct nlmsghdr *nlh, __u16 type4, const char *text)
{
	if (*text)
		nl_put_addr(nlh, type4, text);
}

static inline void put_ports(struct nlmsghdr *nlh, __u16 type,
			     const char *ports, bool even_none)
{
	unsigned int first, last;
	struct nlattr *nest;
	int len;

	if (!*ports && !even_none)
		return;

	nest = mnl_attr_nest_start(nlh, type);
	while (sscanf(ports, "%u%n", &first, &len) == 1) {
		ports += len;
		last = first;
		if (sscanf(ports, "-%u%n", &last, &len) == 1)
			ports += len;
		nl_put_range(nlh, (__u16)first, (__u16)last);
	}
	mnl_attr_nest_end(nlh, nest);
}

static inline void put_sources(struct nlmsghdr *nlh, const char *sources)
{
	char addr[INET6_ADDRSTRLEN];
	struct nlattr *nest;
	int len;

	if (!*sources)
		return;

	nest = mnl_attr_nest_start(nlh, L4LB_A_VIP_SOURCES);
	for (; sscanf(sources, "%45s%n", addr, &len) == 1; sources += len)
		nl_put_addr(nlh, L4LB_A_SOURCES_ADDR4, addr);
	mnl_attr_nest_end(nlh, nest);
}

static inline void put_client(struct nlmsghdr *nlh, __u16 type4, __u16 type6,
			      const char *text)
{
	nl_put_addr(nlh, strchr(text, ':') ? type6 - 1 : type4, text);
}

static inline void put_allow(struct nlmsghdr *nlh, const struct vip *vip)
{
	char first[INET6_ADDRSTRLEN], last[INET6_ADDRSTRLEN];
	const char *text = vip->allow;
	struct nlattr *nest, *range;
	int len;

	if (vip->allow_op)
		mnl_attr_put_u8(nlh, L4LB_A_ALLOW_OP, vip->allow_op);
	if (!*text && !vip->allow_any)
		return;

	nest = mnl_attr_nest_start(nlh, L4LB_A_ALLOW);
	while (sscanf(text, " %45[^- ]-%45[^ ]%n", first, last, &len) == 2) {
		text += len;
		range = mnl_attr_nest_start(nlh, L4LB_A_ALLOW_RANGE);
		put_client(nlh, L4LB_A_ALLOW_FIRST4, L4LB_A_ALLOW_FIRST6,
			   first);
		put_client(nlh, L4LB_A_ALLOW_LAST4, L4LB_A_ALLOW_LAST6, last);
		mnl_attr_nest_end(nlh, range);
	}
	mnl_attr_nest_end(nlh, nest);
}

static inline void put_fallback(struct nlmsghdr *nlh, const struct vip *vip)
{
	struct nlattr *nest;

	if (!*vip->fallback && !vip->no_fallback)
		return;

	nest = mnl_attr_nest_start(nlh, L4LB_A_VIP_FALLBACK);
	put_addr(nlh, L4LB_A_FALLBACK_ADDR4, vip->fallback);
	put_addr(nlh, L4LB_A_FALLBACK_ADDR4, vip->fallback2);
	if (vip->fallback_port)
		mnl_attr_put_u16(nlh, L4LB_A_FALLBACK_PORT,
				 htons(vip->fallback_port));
	mnl_attr_nest_end(nlh, nest);
}

static inline bool vip_has_check(const struct vip *vip)
{
	return *vip->check || *vip->check_ports || vip->interval ||
	       vip->timeout || vip->rise || vip->fall;
}

static inline void put_vip(struct nlmsghdr *nlh, const struct vip *vip)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, L4LB_A_VIP);
	struct nlattr *check;

	put_text(nlh, L4LB_A_VIP_NAME, vip->name);
	put_text(nlh, L4LB_A_VIP_NEW_NAME, vip->new_name);
	put_addr(nlh, L4LB_A_VIP_ADDR4, vip->addr);
	put_addr(nlh, L4LB_A_VIP_ADDR4, vip->addr2);
	put_u8(nlh, L4LB_A_VIP_PROTOS, vip->protos);
	put_ports(nlh, L4LB_A_VIP_PORTS, vip->ports, vip->no_ports);
	put_u8(nlh, L4LB_A_VIP_MODE, vip->mode);
	put_u8(nlh, L4LB_A_VIP_SCHED, vip->sched);
	put_u32(nlh, L4LB_A_VIP_IDLE, vip->idle);
	put_sources(nlh, vip->sources);
	put_fallback(nlh, vip);
	put_u32(nlh, L4LB_A_VIP_SLOW_START, vip->slow_start);
	put_text(nlh, L4LB_A_VIP_DEV, vip->dev);
	if (vip->no_dev)
		mnl_attr_put_strz(nlh, L4LB_A_VIP_DEV, "");

	if (vip_has_check(vip)) {
		check = mnl_attr_nest_start(nlh, L4LB_A_VIP_CHECK);
		put_text(nlh, L4LB_A_CHECK_TYPE, vip->check);
		put_ports(nlh, L4LB_A_CHECK_PORTS, vip->check_ports, false);
		put_u32(nlh, L4LB_A_CHECK_INTERVAL, vip->interval);
		put_u32(nlh, L4LB_A_CHECK_TIMEOUT, vip->timeout);
		put_u8(nlh, L4LB_A_CHECK_RISE, vip->rise);
		put_u8(nlh, L4LB_A_CHECK_FALL, vip->fall);
		mnl_attr_nest_end(nlh, check);
	}
	mnl_attr_nest_end(nlh, nest);
}

static inline void put_real(struct nlmsghdr *nlh, const struct real *real)
{
	struct nlattr *nest, *check;

	nl_put_name(nlh, L4LB_A_VIP, real->vip);
	nest = mnl_attr_nest_start(nlh, L4LB_A_REAL);
	put_text(nlh, L4LB_A_REAL_NAME, real->name);
	put_text(nlh, L4LB_A_REAL_NAME, real->name2);
	put_addr(nlh, L4LB_A_REAL_ADDR4, real->addr);
	put_addr(nlh, L4LB_A_REAL_ADDR4, real->addr2);
	if (real->port)
		mnl_attr_put_u16(nlh, L4LB_A_REAL_PORT, htons(real->port));
	put_u32(nlh, L4LB_A_REAL_WEIGHT, real->weight);
	put_u8(nlh, L4LB_A_REAL_ADMIN, real->admin);
	if (*real->check) {
		check = mnl_attr_nest_start(nlh, L4LB_A_REAL_CHECK);
		put_text(nlh, L4LB_A_CHECK_TYPE, real->check);
		mnl_attr_nest_end(nlh, check);
	}
	if (real->inherit)
		mnl_attr_put(nlh, L4LB_A_REAL_CHECK_INHERIT, 0, NULL);
	put_u8(nlh, L4LB_A_REAL_HEALTH, real->health);
	put_text(nlh, L4LB_A_REAL_REASON, real->reason);
	put_u32(nlh, L4LB_A_REAL_EPOCH, real->epoch);
	mnl_attr_nest_end(nlh, nest);
}

static inline void get_text(const struct nlattr *attr, char *text, size_t size)
{
	snprintf(text, size, "%s", mnl_attr_get_str(attr));
}

static inline void get_addr(const struct nlattr *attr, char *text, size_t size)
{
	inet_ntop(mnl_attr_get_payload_len(attr) == 4 ? AF_INET : AF_INET6,
		  mnl_attr_get_payload(attr), text, size);
}

static inline void get_ports(const struct nlattr *nest, char *text, size_t size)
{
	const struct nlattr *range, *attr;
	unsigned int port[3] = { 0 };
	size_t used = 0;

	mnl_attr_for_each_nested(range, nest) {
		mnl_attr_for_each_nested(attr, range)
			port[mnl_attr_get_type(attr)] =
				ntohs(mnl_attr_get_u16(attr));
		used += snprintf(text + used, size - used, "%s%u",
				 used ? " " : "", port[L4LB_A_RANGE_FIRST]);
		if (port[L4LB_A_RANGE_FIRST] != port[L4LB_A_RANGE_LAST])
			used += snprintf(text + used, size - used, "-%u",
					 port[L4LB_A_RANGE_LAST]);
	}
}

static inline void get_sources(const struct nlattr *nest, char *text,
			       size_t size)
{
	const struct nlattr *attr;
	size_t used = 0;

	mnl_attr_for_each_nested(attr, nest) {
		if (used)
			text[used++] = ' ';
		get_addr(attr, text + used, size - used);
		used += strlen(text + used);
	}
}

static inline void get_vip_check(const struct nlattr *nest, struct vip *vip)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest) {
		switch (mnl_attr_get_type(attr)) {
		case L4LB_A_CHECK_TYPE:
			get_text(attr, vip->check, sizeof(vip->check));
			break;
		case L4LB_A_CHECK_PORTS:
			get_ports(attr, vip->check_ports,
				  sizeof(vip->check_ports));
			break;
		case L4LB_A_CHECK_INTERVAL:
			vip->interval = mnl_attr_get_u32(attr);
			break;
		case L4LB_A_CHECK_TIMEOUT:
			vip->timeout = mnl_attr_get_u32(attr);
			break;
		case L4LB_A_CHECK_RISE:
			vip->rise = mnl_attr_get_u8(attr);
			break;
		case L4LB_A_CHECK_FALL:
			vip->fall = mnl_attr_get_u8(attr);
			break;
		}
	}
}

static inline void get_fallback(const struct nlattr *nest, struct vip *vip)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest) {
		if (mnl_attr_get_type(attr) == L4LB_A_FALLBACK_PORT)
			vip->fallback_port = ntohs(mnl_attr_get_u16(attr));
		else
			get_addr(attr, vip->fallback, sizeof(vip->fallback));
	}
}

static inline void each_vip(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr, *nest = nl_attr(nlh, L4LB_A_VIP);
	struct vip *vip = data;

	mnl_attr_for_each_nested(attr, nest) {
		switch (mnl_attr_get_type(attr)) {
		case L4LB_A_VIP_NAME:
			get_text(attr, vip->name, sizeof(vip->name));
			break;
		case L4LB_A_VIP_ADDR4:
		case L4LB_A_VIP_ADDR6:
			get_addr(attr, vip->addr, sizeof(vip->addr));
			break;
		case L4LB_A_VIP_PROTOS:
			vip->protos = mnl_attr_get_u8(attr);
			break;
		case L4LB_A_VIP_PORTS:
			get_ports(attr, vip->ports, sizeof(vip->ports));
			break;
		case L4LB_A_VIP_MODE:
			vip->mode = mnl_attr_get_u8(attr);
			break;
		case L4LB_A_VIP_SCHED:
			vip->sched = mnl_attr_get_u8(attr);
			break;
		case L4LB_A_VIP_IDLE:
			vip->idle = mnl_attr_get_u32(attr);
			break;
		case L4LB_A_VIP_SOURCES:
			get_sources(attr, vip->sources, sizeof(vip->sources));
			break;
		case L4LB_A_VIP_CHECK:
			get_vip_check(attr, vip);
			break;
		case L4LB_A_VIP_FALLBACK:
			get_fallback(attr, vip);
			break;
		case L4LB_A_VIP_SLOW_START:
			vip->slow_start = mnl_attr_get_u32(attr);
			break;
		case L4LB_A_VIP_DEV:
			get_text(attr, vip->dev, sizeof(vip->dev));
			break;
		case L4LB_A_VIP_ALLOWS:
			vip->allows = mnl_attr_get_u32(attr);
			break;
		}
	}
}

static inline void each_real(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr, *nest = nl_attr(nlh, L4LB_A_REAL);
	struct real *real = data;

	get_text(nl_nested(nlh, L4LB_A_VIP, L4LB_A_VIP_NAME), real->vip,
		 sizeof(real->vip));
	mnl_attr_for_each_nested(attr, nest) {
		switch (mnl_attr_get_type(attr)) {
		case L4LB_A_REAL_NAME:
			get_text(attr, real->name, sizeof(real->name));
			break;
		case L4LB_A_REAL_ADDR4:
		case L4LB_A_REAL_ADDR6:
			get_addr(attr, real->addr, sizeof(real->addr));
			break;
		case L4LB_A_REAL_PORT:
			real->port = ntohs(mnl_attr_get_u16(attr));
			break;
		case L4LB_A_REAL_WEIGHT:
			real->weight = mnl_attr_get_u32(attr);
			break;
		case L4LB_A_REAL_ADMIN:
			real->admin = mnl_attr_get_u8(attr);
			break;
		case L4LB_A_REAL_CHECK:
			get_text(mnl_attr_get_payload(attr), real->check,
				 sizeof(real->check));
			break;
		case L4LB_A_REAL_CHECK_INHERIT:
			real->inherit = true;
			break;
		case L4LB_A_REAL_HEALTH:
			real->health = mnl_attr_get_u8(attr);
			break;
		case L4LB_A_REAL_REASON:
			get_text(attr, real->reason, sizeof(real->reason));
			break;
		case L4LB_A_REAL_EPOCH:
			real->epoch = mnl_attr_get_u32(attr);
			break;
		case L4LB_A_REAL_SERVES:
			real->serves = mnl_attr_get_u8(attr);
			break;
		}
	}
}

static inline int vip_send(struct nl *nl, __u8 cmd, bool replace,
			   const struct vip *vip, struct nl_answer *answer)
{
	struct nlmsghdr *nlh = nl_begin(nl, cmd, 0);
	int err;

	put_vip(nlh, vip);
	put_allow(nlh, vip);
	if (replace)
		mnl_attr_put(nlh, L4LB_A_REPLACE, 0, NULL);
	err = nl_talk(nl, NULL, NULL, answer);

	return err ? err : answer->err;
}

static inline int real_send(struct nl *nl, __u8 cmd, bool replace,
			    const struct real *real, struct nl_answer *answer)
{
	struct nlmsghdr *nlh = nl_begin(nl, cmd, 0);
	int err;

	put_real(nlh, real);
	if (replace)
		mnl_attr_put(nlh, L4LB_A_REPLACE, 0, NULL);
	err = nl_talk(nl, NULL, NULL, answer);

	return err ? err : answer->err;
}

static inline int vip_get(struct nl *nl, const char *name, struct vip *vip)
{
	struct nlmsghdr *nlh = nl_begin(nl, L4LB_CMD_VIP_GET, 0);
	struct nl_answer answer;
	int err;

	memset(vip, 0, sizeof(*vip));
	nl_put_name(nlh, L4LB_A_VIP, name);
	err = nl_talk(nl, each_vip, vip, &answer);

	return err ? err : answer.err;
}

static inline void each_allow(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *range, *attr, *nest = nl_attr(nlh, L4LB_A_ALLOW);
	char addr[INET6_ADDRSTRLEN];
	struct vip *vip = data;
	size_t used;

	mnl_attr_for_each_nested(range, nest) {
		used = strlen(vip->allow);
		mnl_attr_for_each_nested(attr, range) {
			get_addr(attr, addr, sizeof(addr));
			used += snprintf(vip->allow + used,
					 sizeof(vip->allow) - used, "%s%s",
					 attr == mnl_attr_get_payload(range) ?
					 used ? " " : "" : "-", addr);
		}
	}
}

/* The VIP's clients alone. */
static inline int allow_get(struct nl *nl, const char *name, struct vip *vip)
{
	struct nlmsghdr *nlh = nl_begin(nl, L4LB_CMD_ALLOW_GET, NLM_F_DUMP);
	struct nl_answer answer;
	int err;

	memset(vip, 0, sizeof(*vip));
	nl_put_name(nlh, L4LB_A_VIP, name);
	err = nl_talk(nl, each_allow, vip, &answer);

	return err ? err : answer.err;
}

static inline int real_get(struct nl *nl, const char *vip, const char *name,
			   struct real *real)
{
	struct nlmsghdr *nlh = nl_begin(nl, L4LB_CMD_REAL_GET, 0);
	struct nl_answer answer;
	int err;

	memset(real, 0, sizeof(*real));
	nl_put_name(nlh, L4LB_A_VIP, vip);
	nl_put_name(nlh, L4LB_A_REAL, name);
	err = nl_talk(nl, each_real, real, &answer);

	return err ? err : answer.err;
}

static const struct vip vips[] = {
	{ .name = "web", .addr = "192.0.2.10", .protos = 1, .ports = "80 443" },
	{ .name = "six", .addr = "2001:db8::10", .protos = 1, .ports = "80" },
	{ .name = "nat", .addr = "192.0.2.10", .protos = 1, .ports = "25",
	  .mode = L4LB_MODE_NAT },
	{ .name = "dns", .addr = "192.0.2.10", .protos = 2, .ports = "53" },
	{ .name = "self", .addr = "192.0.2.11", .protos = 1, .ports = "25" },
};

static const struct real reals[] = {
	{ .vip = "web", .name = "one", .addr = "192.0.2.21" },
	{ .vip = "web", .name = "two", .addr = "192.0.2.22" },
	{ .vip = "six", .name = "one", .addr = "2001:db8::21" },
	{ .vip = "nat", .name = "one", .addr = "192.0.2.21", .port = 2525 },
	{ .vip = "dns", .name = "one", .addr = "192.0.2.21" },
	{ .vip = "self", .name = "one", .addr = "192.0.2.11" },
};

/**
 * objects_new() - create all of the above
 * @nl: socket
 *
 * Return: 0 or -errno.
 */
static inline int objects_new(struct nl *nl)
{
	struct nl_answer answer;
	size_t i;
	int err = 0;

	for (i = 0; i < sizeof(vips) / sizeof(*vips) && !err; i++)
		err = vip_send(nl, L4LB_CMD_VIP_NEW, false, &vips[i], &answer);
	for (i = 0; i < sizeof(reals) / sizeof(*reals) && !err; i++)
		err = real_send(nl, L4LB_CMD_REAL_NEW, false, &reals[i],
				&answer);

	return err;
}

#endif /* _L4LB_TESTS_OBJECT_H */
