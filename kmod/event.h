/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Events: what has happened last, and who did it, for whoever asks later.
 *
 * Notifications are for those who listen at the time. This is for the question
 * of what it was that happened in the night.
 */

#ifndef _L4LB_EVENT_H
#define _L4LB_EVENT_H

#include <linux/netfilter.h>
#include <linux/sched.h>
#include <linux/types.h>
#include <linux/uidgid.h>

#include <uapi/linux/l4lb.h>

struct l4lb_net;
struct l4lb_real;
struct l4lb_vip;

/* The memory for so many comes when they do. */
#define L4LB_EVENT_BLOCK	64

/**
 * struct l4lb_record - something that has happened
 * @seq: its number
 * @time: when, in ms since 1970
 * @reason: why the health of a real is what it is, or NULL
 * @uid: who did it
 * @pid: the process that did it, 0 for the module itself
 * @generation: of the configuration, after it
 * @count: how many objects it was about, if they have no names
 * @weight: weight of a real
 * @client: client that was bound, unused bytes zero
 * @family: AF_INET or AF_INET6 for @client, 0 without one
 * @event: &enum l4lb_event
 * @what: &enum l4lb_record_what
 * @state: &enum l4lb_vip_state, or whether standby is on
 * @admin: &enum l4lb_admin of a real, or 0
 * @health: &enum l4lb_health of a real, or 0
 * @comm: command name of the process
 * @vip: name of the VIP, or empty
 * @real: name of the real, or empty
 */
struct l4lb_record {
	u64 seq;
	u64 time;
	char *reason;
	kuid_t uid;
	u32 pid;
	u32 generation;
	u32 count;
	u32 weight;
	union nf_inet_addr client;
	u8 family;
	u8 event;
	u8 what;
	u8 state;
	u8 admin;
	u8 health;
	char comm[TASK_COMM_LEN];
	char vip[L4LB_NAME_MAX + 1];
	char real[L4LB_NAME_MAX + 1];
};

/**
 * struct l4lb_events - the last events of a namespace
 * @last: number of the last one, 0 before the first
 * @blocks: the events by their number, as far as there were so many
 */
struct l4lb_events {
	u64 last;
	struct l4lb_record *blocks[L4LB_RECORDS_MAX / L4LB_EVENT_BLOCK];
};

/* Control plane: process context, under l4lb_net.lock. */
void l4lb_event_vip(const struct l4lb_vip *vip, u8 event);
void l4lb_event_real(struct l4lb_real *real, u8 event);
void l4lb_event_gone(struct l4lb_net *ln, const char *vip, const char *real);
const struct l4lb_record *l4lb_event_pin(const struct l4lb_real *real,
					 const union nf_inet_addr *client);
const struct l4lb_record *l4lb_event_global(struct l4lb_net *ln, bool standby);
const struct l4lb_record *l4lb_event_count(struct l4lb_net *ln, u8 event,
					   u8 what, u32 count);
const struct l4lb_record *l4lb_event_find(const struct l4lb_net *ln, u64 seq);
void l4lb_event_exit(struct l4lb_net *ln);

#endif /* _L4LB_EVENT_H */
