/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Talks to the family on its socket, with as little between as possible: the
 * tests are about the bytes. Each test has a network namespace of its own.
 */

#ifndef _L4LB_TESTS_NL_H
#define _L4LB_TESTS_NL_H

#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/l4lb.h>
#include <linux/netlink.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#define NL_SIZE		65536
/* A machine under emulation and sanitizers is slow. */
#define NL_PATIENCE	60

/**
 * struct nl - a socket of the family
 * @sock: the socket
 * @family: number of the family
 * @config: number of the group "config"
 * @health: number of the group "health"
 * @client: number of the group "client"
 * @seq: sequence number of the last request
 * @out: the request
 * @in: what came back
 */
struct nl {
	struct mnl_socket *sock;
	__u16 family;
	__u32 config;
	__u32 health;
	__u32 client;
	__u32 seq;
	char out[NL_SIZE * 2];
	char in[NL_SIZE];
};

/**
 * struct nl_answer - what the kernel said to a request
 * @err: 0 or -errno
 * @done: whether that is the end of a dump
 * @text: its words, empty if there are none
 * @has_offs: whether it named the attribute at fault
 * @offs: where in the request that is
 * @has_miss: whether it named an attribute that is missing
 * @miss_type: which
 * @miss_nest: where in the request the nest is that lacks it, 0 at the top
 */
struct nl_answer {
	int err;
	bool done;
	char text[256];
	bool has_offs;
	__u32 offs;
	bool has_miss;
	__u32 miss_type;
	__u32 miss_nest;
};

typedef void (*nl_each_t)(const struct nlmsghdr *nlh, void *data);

static inline struct nlmsghdr *nl_begin(struct nl *nl, __u8 cmd,
					__u16 flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(nl->out);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = nl->family;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	nlh->nlmsg_seq = ++nl->seq;

	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = L4LB_GENL_VERSION;

	return nlh;
}

static inline void nl_ext_ack(const struct nlattr *attr, size_t len,
			      struct nl_answer *answer)
{
	for (; mnl_attr_ok(attr, (int)len);
	     len -= MNL_ALIGN(attr->nla_len), attr = mnl_attr_next(attr)) {
		switch (mnl_attr_get_type(attr)) {
		case NLMSGERR_ATTR_MSG:
			strncpy(answer->text, mnl_attr_get_str(attr),
				sizeof(answer->text) - 1);
			break;
		case NLMSGERR_ATTR_OFFS:
			answer->has_offs = true;
			answer->offs = mnl_attr_get_u32(attr);
			break;
		case NLMSGERR_ATTR_MISS_TYPE:
			answer->has_miss = true;
			answer->miss_type = mnl_attr_get_u32(attr);
			break;
		case NLMSGERR_ATTR_MISS_NEST:
			answer->miss_nest = mnl_attr_get_u32(attr);
			break;
		}
	}
}

/* The last message of an answer has a number, and perhaps more behind it. */
static inline void nl_end(const struct nlmsghdr *nlh, struct nl_answer *answer)
{
	size_t len = nlh->nlmsg_type == NLMSG_DONE ? sizeof(int) :
						     sizeof(struct nlmsgerr);

	memset(answer, 0, sizeof(*answer));
	answer->done = nlh->nlmsg_type == NLMSG_DONE;
	answer->err = *(int *)mnl_nlmsg_get_payload(nlh);
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS)
		nl_ext_ack(mnl_nlmsg_get_payload_offset(nlh, len),
			   mnl_nlmsg_get_payload_len(nlh) - MNL_ALIGN(len),
			   answer);
}

/**
 * nl_recv() - read until the answer to the last request is complete
 * @nl: socket
 * @each: called for each message before the end, or NULL
 * @data: for @each
 * @answer: what the end says
 *
 * Return: 0, or -errno if there is no answer.
 */
static inline int nl_recv(struct nl *nl, nl_each_t each, void *data,
			  struct nl_answer *answer)
{
	const struct nlmsghdr *nlh;
	ssize_t got;
	int len;

	for (;;) {
		got = mnl_socket_recvfrom(nl->sock, nl->in, sizeof(nl->in));
		if (got < 0)
			return -errno;

		nlh = (struct nlmsghdr *)nl->in;
		for (len = (int)got; mnl_nlmsg_ok(nlh, len);
		     nlh = mnl_nlmsg_next(nlh, &len)) {
			if (nlh->nlmsg_seq != nl->seq)
				continue;
			if (nlh->nlmsg_type == NLMSG_ERROR ||
			    nlh->nlmsg_type == NLMSG_DONE) {
				nl_end(nlh, answer);
				return 0;
			}
			if (each)
				each(nlh, data);
		}
	}
}

/**
 * nl_talk() - send the request and read the answer
 * @nl: socket
 * @each: called for each message before the end, or NULL
 * @data: for @each
 * @answer: what the end says
 *
 * Return: 0, or -errno if there is no answer.
 */
static inline int nl_talk(struct nl *nl, nl_each_t each, void *data,
			  struct nl_answer *answer)
{
	const struct nlmsghdr *nlh = (struct nlmsghdr *)nl->out;

	if (mnl_socket_sendto(nl->sock, nlh, nlh->nlmsg_len) < 0)
		return -errno;

	return nl_recv(nl, each, data, answer);
}

/* As nl_talk(), where only the number is of interest. */
static inline int nl_do(struct nl *nl)
{
	struct nl_answer answer = { 0 };
	int err;

	err = nl_talk(nl, NULL, NULL, &answer);

	return err ? err : answer.err;
}

static inline const struct nlattr *nl_attr(const struct nlmsghdr *nlh,
					   __u16 type)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == type)
			return attr;
	}

	return NULL;
}

static inline const struct nlattr *nl_nested(const struct nlmsghdr *nlh,
					     __u16 nest, __u16 type)
{
	const struct nlattr *outer = nl_attr(nlh, nest);
	const struct nlattr *attr;

	if (!outer)
		return NULL;

	mnl_attr_for_each_nested(attr, outer) {
		if (mnl_attr_get_type(attr) == type)
			return attr;
	}

	return NULL;
}

/* The name of the VIP or the real in a message, or "". */
static inline const char *nl_name(const struct nlmsghdr *nlh, __u16 nest)
{
	const struct nlattr *attr = nl_nested(nlh, nest, L4LB_A_VIP_NAME);

	return attr ? mnl_attr_get_str(attr) : "";
}

static inline __u8 nl_cmd(const struct nlmsghdr *nlh)
{
	return ((struct genlmsghdr *)mnl_nlmsg_get_payload(nlh))->cmd;
}

static inline void nl_each_family(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr, *group, *groups;
	struct nl *nl = data;
	const char *name = "";
	__u32 id = 0;

	nl->family = mnl_attr_get_u16(nl_attr(nlh, CTRL_ATTR_FAMILY_ID));
	groups = nl_attr(nlh, CTRL_ATTR_MCAST_GROUPS);
	if (!groups)
		return;

	mnl_attr_for_each_nested(group, groups) {
		mnl_attr_for_each_nested(attr, group) {
			if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_NAME)
				name = mnl_attr_get_str(attr);
			else
				id = mnl_attr_get_u32(attr);
		}
		if (!strcmp(name, L4LB_MCGRP_CONFIG))
			nl->config = id;
		else if (!strcmp(name, L4LB_MCGRP_HEALTH))
			nl->health = id;
		else if (!strcmp(name, L4LB_MCGRP_CLIENT))
			nl->client = id;
	}
}

/**
 * nl_open() - open a socket in the namespace of the caller
 * @nl: to be filled
 *
 * Return: 0 or -errno.
 */
static inline int nl_open(struct nl *nl)
{
	const struct timeval patience = { .tv_sec = NL_PATIENCE };
	struct nl_answer answer = { 0 };
	struct nlmsghdr *nlh;
	int on = 1, err;

	memset(nl, 0, sizeof(*nl));
	nl->sock = mnl_socket_open(NETLINK_GENERIC);
	if (!nl->sock || mnl_socket_bind(nl->sock, 0, MNL_SOCKET_AUTOPID))
		return -errno;

	mnl_socket_setsockopt(nl->sock, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(nl->sock, NETLINK_CAP_ACK, &on, sizeof(on));
	setsockopt(mnl_socket_get_fd(nl->sock), SOL_SOCKET, SO_RCVTIMEO,
		   &patience, sizeof(patience));

	nl->family = GENL_ID_CTRL;
	nlh = nl_begin(nl, CTRL_CMD_GETFAMILY, 0);
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, L4LB_GENL_NAME);
	err = nl_talk(nl, nl_each_family, nl, &answer);

	return err ? err : answer.err;
}

/**
 * nl_open_new() - enter a new network namespace and open a socket there
 * @nl: to be filled
 *
 * Return: 0 or -errno.
 */
static inline int nl_open_new(struct nl *nl)
{
	if (unshare(CLONE_NEWNET))
		return -errno;

	return nl_open(nl);
}

static inline void nl_close(struct nl *nl)
{
	if (nl->sock)
		mnl_socket_close(nl->sock);
	nl->sock = NULL;
}

static inline void nl_put_range(struct nlmsghdr *nlh, __u16 first,
				__u16 last)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, L4LB_A_PORTS_RANGE);

	mnl_attr_put_u16(nlh, L4LB_A_RANGE_FIRST, htons(first));
	mnl_attr_put_u16(nlh, L4LB_A_RANGE_LAST, htons(last));
	mnl_attr_nest_end(nlh, nest);
}

static inline void nl_put_name(struct nlmsghdr *nlh, __u16 type,
			       const char *name)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, type);

	mnl_attr_put_strz(nlh, L4LB_A_VIP_NAME, name);
	mnl_attr_nest_end(nlh, nest);
}

/* The number for an IPv6 address is the next one everywhere. */
static inline void nl_put_addr(struct nlmsghdr *nlh, __u16 type4,
			       const char *text)
{
	struct in6_addr in6;
	struct in_addr in;

	if (inet_pton(AF_INET, text, &in) == 1)
		mnl_attr_put(nlh, type4, sizeof(in), &in);
	else if (inet_pton(AF_INET6, text, &in6) == 1)
		mnl_attr_put(nlh, type4 + 1, sizeof(in6), &in6);
}

/**
 * nl_vip_new() - create a TCP VIP with one port
 * @nl: socket
 * @name: its name
 * @addr: its address
 * @port: its port
 * @mode: &enum l4lb_mode
 *
 * Return: 0 or -errno.
 */
static inline int nl_vip_new(struct nl *nl, const char *name, const char *addr,
			     __u16 port, __u8 mode)
{
	struct nlmsghdr *nlh = nl_begin(nl, L4LB_CMD_VIP_NEW, 0);
	struct nlattr *nest = mnl_attr_nest_start(nlh, L4LB_A_VIP);
	struct nlattr *ports;

	mnl_attr_put_strz(nlh, L4LB_A_VIP_NAME, name);
	nl_put_addr(nlh, L4LB_A_VIP_ADDR4, addr);
	mnl_attr_put_u8(nlh, L4LB_A_VIP_PROTOS, L4LB_PROTO_TCP);
	ports = mnl_attr_nest_start(nlh, L4LB_A_VIP_PORTS);
	nl_put_range(nlh, port, port);
	mnl_attr_nest_end(nlh, ports);
	mnl_attr_put_u8(nlh, L4LB_A_VIP_MODE, mode);
	mnl_attr_nest_end(nlh, nest);

	return nl_do(nl);
}

/**
 * nl_real_new() - create a real
 * @nl: socket
 * @vip: its VIP
 * @name: its name
 * @addr: its address
 *
 * Return: 0 or -errno.
 */
static inline int nl_real_new(struct nl *nl, const char *vip, const char *name,
			      const char *addr)
{
	struct nlmsghdr *nlh = nl_begin(nl, L4LB_CMD_REAL_NEW, 0);
	struct nlattr *nest;

	nl_put_name(nlh, L4LB_A_VIP, vip);
	nest = mnl_attr_nest_start(nlh, L4LB_A_REAL);
	mnl_attr_put_strz(nlh, L4LB_A_REAL_NAME, name);
	nl_put_addr(nlh, L4LB_A_REAL_ADDR4, addr);
	mnl_attr_nest_end(nlh, nest);

	return nl_do(nl);
}

/**
 * nl_real_health() - report a verdict
 * @nl: socket
 * @vip: VIP of the real
 * @name: its name
 * @health: &enum l4lb_health
 *
 * Return: 0 or -errno.
 */
static inline int nl_real_health(struct nl *nl, const char *vip,
				 const char *name, __u8 health)
{
	struct nlmsghdr *nlh = nl_begin(nl, L4LB_CMD_REAL_HEALTH, 0);
	struct nlattr *nest;

	nl_put_name(nlh, L4LB_A_VIP, vip);
	nest = mnl_attr_nest_start(nlh, L4LB_A_REAL);
	mnl_attr_put_strz(nlh, L4LB_A_REAL_NAME, name);
	mnl_attr_put_u8(nlh, L4LB_A_REAL_HEALTH, health);
	mnl_attr_nest_end(nlh, nest);

	return nl_do(nl);
}

/**
 * nl_vip_persist() - let a VIP's clients come back to their reals, or not
 * @nl: socket
 * @vip: its name
 * @ms: for how long, or 0
 *
 * Return: 0 or -errno.
 */
static inline int nl_vip_persist(struct nl *nl, const char *vip, __u32 ms)
{
	struct nlmsghdr *nlh = nl_begin(nl, L4LB_CMD_VIP_SET, 0);
	struct nlattr *nest = mnl_attr_nest_start(nlh, L4LB_A_VIP);

	mnl_attr_put_strz(nlh, L4LB_A_VIP_NAME, vip);
	mnl_attr_put_u32(nlh, L4LB_A_VIP_PERSIST, ms);
	mnl_attr_nest_end(nlh, nest);

	return nl_do(nl);
}

/**
 * nl_pin() - bind a client to a real for ever
 * @nl: socket
 * @vip: VIP of the real
 * @real: its name
 * @client: address of the client
 *
 * Return: 0 or -errno.
 */
static inline int nl_pin(struct nl *nl, const char *vip, const char *real,
			 const char *client)
{
	struct nlmsghdr *nlh = nl_begin(nl, L4LB_CMD_PERSIST_NEW, 0);
	struct nlattr *nest;

	nl_put_name(nlh, L4LB_A_VIP, vip);
	nl_put_name(nlh, L4LB_A_REAL, real);
	nest = mnl_attr_nest_start(nlh, L4LB_A_PERSIST);
	nl_put_addr(nlh, L4LB_A_PERSIST_ADDR4, client);
	mnl_attr_put(nlh, L4LB_A_PERSIST_FOREVER, 0, NULL);
	mnl_attr_nest_end(nlh, nest);

	return nl_do(nl);
}

/**
 * nl_info_set() - change a number of the namespace
 * @nl: socket
 * @type: &enum l4lb_info_attr
 * @value: the number
 *
 * Return: 0 or -errno.
 */
static inline int nl_info_set(struct nl *nl, __u16 type, __u32 value)
{
	struct nlmsghdr *nlh = nl_begin(nl, L4LB_CMD_INFO_SET, 0);
	struct nlattr *nest = mnl_attr_nest_start(nlh, L4LB_A_INFO);

	if (type == L4LB_A_INFO_SEED)
		mnl_attr_put_u64(nlh, type, value);
	else if (type == L4LB_A_INFO_STANDBY)
		mnl_attr_put_u8(nlh, type, (__u8)value);
	else
		mnl_attr_put_u32(nlh, type, value);
	mnl_attr_nest_end(nlh, nest);

	return nl_do(nl);
}

/**
 * nl_named() - a request with nothing but names
 * @nl: socket
 * @cmd: &enum l4lb_cmd
 * @vip: name of the VIP, or NULL
 * @real: name of the real, or NULL
 *
 * Return: 0 or -errno.
 */
static inline int nl_named(struct nl *nl, __u8 cmd, const char *vip,
			   const char *real)
{
	struct nlmsghdr *nlh = nl_begin(nl, cmd, 0);

	if (vip)
		nl_put_name(nlh, L4LB_A_VIP, vip);
	if (real)
		nl_put_name(nlh, L4LB_A_REAL, real);

	return nl_do(nl);
}

static inline void nl_each_generation(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *attr = nl_attr(nlh, L4LB_A_GENERATION);

	if (attr)
		*(__s64 *)data = mnl_attr_get_u32(attr);
}

/**
 * nl_generation() - how often the configuration has changed
 * @nl: socket
 *
 * Return: the generation, or -1 if it cannot be read.
 */
static inline __s64 nl_generation(struct nl *nl)
{
	struct nl_answer answer = { 0 };
	__s64 generation = -1;

	nl_begin(nl, L4LB_CMD_INFO_GET, 0);
	if (nl_talk(nl, nl_each_generation, &generation, &answer) || answer.err)
		return -1;

	return generation;
}

struct nl_info_want {
	__u16 type;
	__s64 value;
};

static inline void nl_each_info(const struct nlmsghdr *nlh, void *data)
{
	struct nl_info_want *want = data;
	const struct nlattr *attr = nl_nested(nlh, L4LB_A_INFO, want->type);

	if (!attr)
		return;
	if (mnl_attr_get_payload_len(attr) == sizeof(__u64))
		want->value = (__s64)mnl_attr_get_u64(attr);
	else if (mnl_attr_get_payload_len(attr) == sizeof(__u32))
		want->value = mnl_attr_get_u32(attr);
	else
		want->value = mnl_attr_get_u8(attr);
}

/**
 * nl_info() - read a number of the namespace
 * @nl: socket
 * @type: &enum l4lb_info_attr
 *
 * Return: the number, or -1 if it cannot be read.
 */
static inline __s64 nl_info(struct nl *nl, __u16 type)
{
	struct nl_info_want want = { .type = type, .value = -1 };
	struct nl_answer answer = { 0 };

	nl_begin(nl, L4LB_CMD_INFO_GET, 0);
	if (nl_talk(nl, nl_each_info, &want, &answer) || answer.err)
		return -1;

	return want.value;
}

/**
 * struct nl_picture - all VIPs and reals, byte for byte
 * @len: how many bytes
 * @bytes: the dumps without their message headers
 */
struct nl_picture {
	size_t len;
	char bytes[NL_SIZE];
};

static inline void nl_each_picture(const struct nlmsghdr *nlh, void *data)
{
	size_t len = mnl_nlmsg_get_payload_len(nlh);
	struct nl_picture *pic = data;

	if (pic->len + len > sizeof(pic->bytes))
		return;
	memcpy(pic->bytes + pic->len, mnl_nlmsg_get_payload(nlh), len);
	pic->len += len;
}

/**
 * nl_picture() - read all there is
 * @nl: socket
 * @pic: where to
 *
 * Return: 0 or -errno.
 */
static inline int nl_picture(struct nl *nl, struct nl_picture *pic)
{
	static const __u8 cmds[] = { L4LB_CMD_VIP_GET, L4LB_CMD_REAL_GET };
	struct nl_answer answer = { 0 };
	size_t i;
	int err;

	memset(pic, 0, sizeof(*pic));
	for (i = 0; i < 2; i++) {
		nl_begin(nl, cmds[i], NLM_F_DUMP);
		err = nl_talk(nl, nl_each_picture, pic, &answer);
		if (err || answer.err)
			return err ? err : answer.err;
	}

	return 0;
}

#endif /* _L4LB_TESTS_NL_H */
