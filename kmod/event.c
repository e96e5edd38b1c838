// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events: what has happened last, and who did it.
 *
 * The memory of an event is that of the one that is forgotten for it. Where
 * there is none for a new one, that is lost: a change is not refused for it.
 */

#include "event.h"
#include "netns.h"
#include "real.h"
#include "vip.h"

#include <linux/cred.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>

/* In a namespace not owned by the initial user namespace. */
#define RECORDS_SMALL	256

static u32 records_max(const struct l4lb_net *ln)
{
	return l4lb_net_is_small(ln) ? RECORDS_SMALL : L4LB_RECORDS_MAX;
}

/* Where the event with a number is, or NULL if that has no memory. */
static struct l4lb_record *record_at(const struct l4lb_net *ln, u64 seq)
{
	u32 at = seq & (records_max(ln) - 1);
	struct l4lb_record *block = ln->events.blocks[at / L4LB_EVENT_BLOCK];

	return block ? &block[at % L4LB_EVENT_BLOCK] : NULL;
}

static void record_actor(struct l4lb_record *record)
{
	record->uid = current_uid();
	if (current->flags & PF_KTHREAD) {
		strscpy(record->comm, "kernel", sizeof(record->comm));
		return;
	}

	record->pid = task_tgid_vnr(current);
	get_task_comm(record->comm, current);
}

/* Returns the record, filled in but for what it is about, or NULL. */
static struct l4lb_record *record_new(struct l4lb_net *ln, u8 event, u8 what)
{
	struct l4lb_events *events = &ln->events;
	u32 at = (events->last + 1) & (records_max(ln) - 1);
	struct l4lb_record **block = &events->blocks[at / L4LB_EVENT_BLOCK];
	struct l4lb_record *record;

	lockdep_assert_held(&ln->lock);

	events->last++;
	if (!*block)
		*block = kvcalloc(L4LB_EVENT_BLOCK, sizeof(**block),
				  GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!*block)
		return NULL;

	record = &(*block)[at % L4LB_EVENT_BLOCK];
	kfree(record->reason);
	memset(record, 0, sizeof(*record));
	record->seq = events->last;
	record->time = ktime_get_real_ns() / NSEC_PER_MSEC;
	record->generation = ln->generation;
	record->event = event;
	record->what = what;
	record_actor(record);

	return record;
}

/**
 * l4lb_event_vip() - remember what happened to a VIP
 * @vip: VIP
 * @event: &enum l4lb_event
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_event_vip(const struct l4lb_vip *vip, u8 event)
{
	struct l4lb_record *record = record_new(vip->ln, event,
						L4LB_RECORD_VIP);

	if (!record)
		return;

	strscpy(record->vip, l4lb_vip_config(vip)->name, sizeof(record->vip));
	record->state = l4lb_vip_state(vip);
}

/**
 * l4lb_event_real() - remember what happened to a real
 * @real: real
 * @event: &enum l4lb_event
 *
 * Of its health only what it is counts: a check that words the same failure
 * differently each time would leave room for nothing else.
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_event_real(struct l4lb_real *real, u8 event)
{
	const struct l4lb_vip_config *config = l4lb_vip_config(real->vip);
	const u8 health = l4lb_real_health(real, &config->check);
	struct l4lb_record *record;

	if (event == L4LB_EVENT_HEALTH && health == real->recorded)
		return;
	record = record_new(real->vip->ln, event, L4LB_RECORD_REAL);
	if (!record)
		return;

	strscpy(record->vip, config->name, sizeof(record->vip));
	strscpy(record->real, real->config.name, sizeof(record->real));
	record->admin = real->config.admin;
	record->health = health;
	real->recorded = health;
	record->weight = real->config.weight;
	if (real->health.reason)
		record->reason = kstrdup(real->health.reason,
					 GFP_KERNEL_ACCOUNT);
}

/**
 * l4lb_event_gone() - remember that something was removed
 * @ln: namespace
 * @vip: name of the VIP
 * @real: name of the real, or NULL if the VIP itself is gone
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_event_gone(struct l4lb_net *ln, const char *vip, const char *real)
{
	struct l4lb_record *record = record_new(ln, L4LB_EVENT_DEL,
						real ? L4LB_RECORD_REAL :
						       L4LB_RECORD_VIP);

	if (!record)
		return;

	strscpy(record->vip, vip, sizeof(record->vip));
	if (real)
		strscpy(record->real, real, sizeof(record->real));
}

/**
 * l4lb_event_pin() - remember that a client was bound to a real
 * @real: real
 * @client: the client, as it was given
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: the event, or NULL if there is no memory for it.
 */
const struct l4lb_record *l4lb_event_pin(const struct l4lb_real *real,
					 const union nf_inet_addr *client)
{
	struct l4lb_record *record = record_new(real->vip->ln, L4LB_EVENT_NEW,
						L4LB_RECORD_PERSIST);

	if (!record)
		return NULL;

	strscpy(record->vip, l4lb_vip_config(real->vip)->name,
		sizeof(record->vip));
	strscpy(record->real, real->config.name, sizeof(record->real));
	record->family = real->family;
	record->client = *client;

	return record;
}

/**
 * l4lb_event_global() - remember that something holds for the whole namespace
 * @ln: namespace
 * @standby: whether that is, or is not, standby
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: the event, or NULL if there is no memory for it.
 */
const struct l4lb_record *l4lb_event_global(struct l4lb_net *ln, bool standby)
{
	struct l4lb_record *record = record_new(ln, L4LB_EVENT_SET,
						standby ? L4LB_RECORD_STANDBY :
							  L4LB_RECORD_GLOBAL);

	if (record && standby)
		record->state = ln->global.standby;

	return record;
}

/**
 * l4lb_event_count() - remember what happened to objects without names
 * @ln: namespace
 * @event: &enum l4lb_event
 * @what: &enum l4lb_record_what
 * @count: how many
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: the event, or NULL if there is no memory for it.
 */
const struct l4lb_record *l4lb_event_count(struct l4lb_net *ln, u8 event,
					   u8 what, u32 count)
{
	struct l4lb_record *record = record_new(ln, event, what);

	if (record)
		record->count = count;

	return record;
}

/**
 * l4lb_event_find() - the first event from a number on
 * @ln: namespace
 * @seq: the number
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: the event, or NULL if there is none.
 */
const struct l4lb_record *l4lb_event_find(const struct l4lb_net *ln, u64 seq)
{
	const u64 last = ln->events.last, max = records_max(ln);
	const struct l4lb_record *record;

	lockdep_assert_held(&ln->lock);

	if (last > max)
		seq = max(seq, last - max + 1);
	for (seq = max_t(u64, seq, 1); seq <= last; seq++) {
		record = record_at(ln, seq);
		if (record && record->seq == seq)
			return record;
	}

	return NULL;
}

/**
 * l4lb_event_exit() - forget everything
 * @ln: namespace that ends
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_event_exit(struct l4lb_net *ln)
{
	struct l4lb_record *block;
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(ln->events.blocks); i++) {
		block = ln->events.blocks[i];
		for (j = 0; block && j < L4LB_EVENT_BLOCK; j++)
			kfree(block[j].reason);
		kvfree(block);
		ln->events.blocks[i] = NULL;
	}
}
