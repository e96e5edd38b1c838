/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What would become of a client's packet, and why: the question, and what the
 * module answers.
 */

#ifndef _LB_EXPLAIN_H
#define _LB_EXPLAIN_H

#include "model.h"

#include <linux/netdevice.h>

struct lb_nl;
struct lb_words;

/* Longest name of a device, with the final NUL. */
#define LB_DEV_NAME	16

/**
 * struct lb_explain_query - a client's SYN or datagram
 * @client: the client's address
 * @client_port: the client's port, 0 if that does not matter
 * @vip: name of the VIP that it is to, empty if @addr says that
 * @addr: address that it is to
 * @port: port that it is to, 0 for the first one of the VIP
 * @proto: L4LB_PROTO_TCP or L4LB_PROTO_UDP, 0 for that of the VIP
 */
struct lb_explain_query {
	struct lb_addr client;
	uint16_t client_port;
	char vip[L4LB_NAME_MAX + 1];
	struct lb_addr addr;
	uint16_t port;
	uint8_t proto;
};

/**
 * struct lb_standing - a real that it may go to
 * @real: name of the real
 * @is: &enum l4lb_standing
 * @conns: its connections now
 * @weight: the weight that counts
 */
struct lb_standing {
	char real[L4LB_NAME_MAX + 1];
	uint8_t is;
	uint32_t conns;
	uint32_t weight;
};

/**
 * struct lb_hop - how it leaves
 * @real: name of the real
 * @mode: &enum l4lb_mode
 * @addr: address of the real
 * @port: port of the real
 * @source: with SNAT, the source that the real sees
 * @reach: &enum l4lb_reach
 * @dev: the device, empty if there is none
 * @mac: the neighbour's address on the link
 * @mac_len: its length, 0 if it is not known
 * @mtu: bytes that may be sent
 */
struct lb_hop {
	char real[L4LB_NAME_MAX + 1];
	uint8_t mode;
	struct lb_addr addr;
	uint16_t port;
	struct lb_addr source;
	uint8_t reach;
	char dev[LB_DEV_NAME];
	uint8_t mac[MAX_ADDR_LEN];
	size_t mac_len;
	uint32_t mtu;
};

/**
 * struct lb_explain - what would become of it
 * @has: bits of &enum l4lb_explain_attr
 * @result: &enum l4lb_explain_result
 * @drop: &enum l4lb_drop
 * @vip: name of the VIP that it is for, or empty
 * @hook: &enum l4lb_hook
 * @allows: ranges of clients that the VIP serves, 0 for any client
 * @no_real: &enum l4lb_no_real, if no real can take it
 * @orphan: &enum l4lb_orphan, if the client's connection has ended
 * @by: &enum l4lb_explain_by
 * @way: &enum l4lb_persist_way, 0 without persistence
 * @sched: &enum l4lb_sched, if the scheduler decides
 * @slot: where the real stands in the scheduler's table
 * @slots: how many slots there are, 0 without a table
 * @cpu: the processor whose turn it is
 * @stateless: whether it makes no connection
 * @reals: how many reals the VIP has
 * @standings: how many of them are in @standing
 * @standing: its reals
 * @hop: how it leaves
 * @has_conn: whether the client has a connection
 * @conn: that connection
 * @has_persist: whether the client has a persistence entry
 * @persist: that entry
 */
struct lb_explain {
	uint32_t has;
	uint8_t result;
	uint8_t drop;
	char vip[L4LB_NAME_MAX + 1];
	uint8_t hook;
	uint32_t allows;
	uint8_t no_real;
	uint8_t orphan;
	uint8_t by;
	uint8_t way;
	uint8_t sched;
	uint32_t slot;
	uint32_t slots;
	uint32_t cpu;
	bool stateless;
	uint32_t reals;
	unsigned int standings;
	struct lb_standing standing[L4LB_EXPLAIN_REALS_MAX];
	struct lb_hop hop;
	bool has_conn;
	struct lb_conn conn;
	bool has_persist;
	struct lb_persist persist;
};

int lb_explain_parse(struct lb_words *words, struct lb_explain_query *query,
		     struct lb_err *err);
int lb_explain_settle(struct lb_explain_query *query, const struct lb_vip *vips,
		      size_t count, struct lb_err *err);
int lb_explain_get(struct lb_nl *nl, const struct lb_explain_query *query,
		   struct lb_explain *explain, struct lb_err *err);

#endif /* _LB_EXPLAIN_H */
