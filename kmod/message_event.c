// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events as netlink attributes.
 */

#include "message.h"
#include "event.h"

#include <linux/user_namespace.h>
#include <net/netlink.h>

#include <uapi/linux/l4lb.h>

static int put_actor(struct sk_buff *msg, const struct l4lb_record *record,
		     struct user_namespace *reader)
{
	if (nla_put_u32(msg, L4LB_A_RECORD_UID,
			from_kuid_munged(reader, record->uid)) ||
	    nla_put_u32(msg, L4LB_A_RECORD_PID, record->pid) ||
	    nla_put_string(msg, L4LB_A_RECORD_COMM, record->comm))
		return -EMSGSIZE;

	return 0;
}

static int put_client(struct sk_buff *msg, const struct l4lb_record *record)
{
	if (record->family == AF_INET)
		return nla_put_in_addr(msg, L4LB_A_RECORD_CLIENT4,
				       record->client.ip);
	if (record->family == AF_INET6)
		return nla_put_in6_addr(msg, L4LB_A_RECORD_CLIENT6,
					&record->client.in6);

	return 0;
}

/* What an event does not have is left out. */
static int put_state(struct sk_buff *msg, const struct l4lb_record *record)
{
	bool is_standby = record->what == L4LB_RECORD_STANDBY;

	if (((record->state || is_standby) &&
	     nla_put_u8(msg, L4LB_A_RECORD_STATE, record->state)) ||
	    (record->count &&
	     nla_put_u32(msg, L4LB_A_RECORD_COUNT, record->count)))
		return -EMSGSIZE;
	if (!record->health)
		return 0;

	if (nla_put_u8(msg, L4LB_A_RECORD_ADMIN, record->admin) ||
	    nla_put_u8(msg, L4LB_A_RECORD_HEALTH, record->health) ||
	    nla_put_u32(msg, L4LB_A_RECORD_WEIGHT, record->weight) ||
	    (record->reason &&
	     nla_put_string(msg, L4LB_A_RECORD_REASON, record->reason)))
		return -EMSGSIZE;

	return 0;
}

/**
 * l4lb_message_put_record() - put an event into a message
 * @msg: message
 * @record: event
 * @reader: user namespace of who reads it, or NULL if anybody may: not who did it
 *	then, nor to which client
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, or -EMSGSIZE; then the message is to be cancelled.
 */
int l4lb_message_put_record(struct sk_buff *msg,
			    const struct l4lb_record *record,
			    struct user_namespace *reader)
{
	struct nlattr *nest = nla_nest_start(msg, L4LB_A_RECORD);

	if (!nest ||
	    nla_put_u64_64bit(msg, L4LB_A_RECORD_SEQ, record->seq,
			      L4LB_A_RECORD_PAD) ||
	    nla_put_u64_64bit(msg, L4LB_A_RECORD_TIME, record->time,
			      L4LB_A_RECORD_PAD) ||
	    nla_put_u8(msg, L4LB_A_RECORD_EVENT, record->event) ||
	    nla_put_u8(msg, L4LB_A_RECORD_WHAT, record->what) ||
	    nla_put_u32(msg, L4LB_A_RECORD_GENERATION, record->generation) ||
	    (reader && put_actor(msg, record, reader)) ||
	    (*record->vip &&
	     nla_put_string(msg, L4LB_A_RECORD_VIP, record->vip)) ||
	    (*record->real &&
	     nla_put_string(msg, L4LB_A_RECORD_REAL, record->real)) ||
	    put_state(msg, record) || (reader && put_client(msg, record)))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);

	return 0;
}
