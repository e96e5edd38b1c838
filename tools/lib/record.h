/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What has happened, as the module remembers it.
 */

#ifndef _LB_RECORD_H
#define _LB_RECORD_H

#include "model.h"

struct lb_nl;
struct nlmsghdr;

/* Longest command name, with the final NUL. */
#define LB_COMM_NAME	32

/**
 * struct lb_record - something that has happened
 * @has: bits of &enum l4lb_record_attr, L4LB_A_RECORD_CLIENT4 for either family
 * @seq: its number
 * @time: when, in ms since 1970
 * @event: &enum l4lb_event
 * @what: &enum l4lb_record_what
 * @generation: of the configuration, after it
 * @uid: who did it
 * @pid: the process that did it, 0 for the module itself
 * @comm: command name of that process
 * @vip: name of the VIP, or empty
 * @real: name of the real, or empty
 * @state: &enum l4lb_vip_state, or whether standby is on
 * @admin: &enum l4lb_admin of a real
 * @health: &enum l4lb_health of a real
 * @weight: weight of a real
 * @reason: why its health is what it is
 * @client: the client that was bound
 * @count: how many entries, connections or VIPs it were
 */
struct lb_record {
	uint32_t has;
	uint64_t seq;
	uint64_t time;
	uint8_t event;
	uint8_t what;
	uint32_t generation;
	uint32_t uid;
	uint32_t pid;
	char comm[LB_COMM_NAME];
	char vip[L4LB_NAME_MAX + 1];
	char real[L4LB_NAME_MAX + 1];
	uint8_t state;
	uint8_t admin;
	uint8_t health;
	uint32_t weight;
	char reason[L4LB_REASON_MAX + 1];
	struct lb_addr client;
	uint32_t count;
};

/**
 * typedef lb_record_cb - takes one event of many
 * @record: the event
 * @data: as given to lb_record_list()
 */
typedef void (*lb_record_cb)(const struct lb_record *record, void *data);

int lb_record_get(const struct nlmsghdr *nlh, struct lb_record *record);
int lb_record_list(struct lb_nl *nl, uint64_t since, lb_record_cb cb,
		   void *data, struct lb_err *err);

#endif /* _LB_RECORD_H */
