// SPDX-License-Identifier: GPL-2.0-only
/*
 * Notifications: what changed, for whoever listens.
 *
 * They are sent, and what happened is remembered, under the lock that the change
 * was made under, so they arrive in the order of the changes. A listener that is
 * too slow is told so by its socket and reads everything again.
 */

#include "notify.h"
#include "event.h"
#include "message.h"
#include "netlink.h"
#include "netns.h"
#include "real.h"
#include "vip.h"

#include <net/genetlink.h>

/**
 * struct notice - what is told
 * @event: &enum l4lb_event
 * @vip: VIP it is about, or NULL
 * @real: real it is about, or NULL
 * @vip_name: name of what is gone, where there is neither
 * @real_name: name of the real that is gone, or NULL
 */
struct notice {
	u8 event;
	const struct l4lb_vip *vip;
	const struct l4lb_real *real;
	const char *vip_name;
	const char *real_name;
};

static int notice_put(struct sk_buff *msg, const struct notice *notice)
{
	if (notice->vip)
		return l4lb_message_put_vip(msg, notice->vip, false);
	if (notice->real)
		return l4lb_message_put_real(msg, notice->real, false);

	return l4lb_message_put_names(msg, notice->vip_name,
				      notice->real_name);
}

static int notice_fill(struct sk_buff *msg, const struct l4lb_net *ln,
		       const struct notice *notice)
{
	u8 cmd = notice->real || notice->real_name ? L4LB_CMD_REAL_NTF :
						     L4LB_CMD_VIP_NTF;
	void *hdr = genlmsg_put(msg, 0, 0, &l4lb_genl_family, 0, cmd);

	if (!hdr || notice_put(msg, notice) ||
	    nla_put_u8(msg, L4LB_A_EVENT, notice->event) ||
	    nla_put_u32(msg, L4LB_A_GENERATION, ln->generation))
		return -EMSGSIZE;
	genlmsg_end(msg, hdr);

	return 0;
}

/* Whoever cannot be told is told that something was missed. */
static void notice_send(const struct l4lb_net *ln, const struct notice *notice)
{
	unsigned int group = notice->event == L4LB_EVENT_HEALTH ||
			     notice->event == L4LB_EVENT_PORTS ?
			     L4LB_GROUP_HEALTH : L4LB_GROUP_CONFIG;
	struct sk_buff *msg;

	lockdep_assert_held(&ln->lock);

	if (!genl_has_listeners(&l4lb_genl_family, ln->net, group))
		return;

	msg = genlmsg_new(L4LB_MESSAGE_SIZE, GFP_KERNEL);
	if (!msg || notice_fill(msg, ln, notice)) {
		nlmsg_free(msg);
		genl_set_err(&l4lb_genl_family, ln->net, 0, group, -ENOBUFS);
		return;
	}

	genlmsg_multicast_netns(&l4lb_genl_family, ln->net, msg, 0, group,
				GFP_KERNEL);
}

/**
 * l4lb_notify_vip() - tell of a VIP
 * @vip: VIP
 * @event: &enum l4lb_event
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_notify_vip(struct l4lb_vip *vip, u8 event)
{
	const struct notice notice = { .event = event, .vip = vip };

	vip->told = l4lb_vip_state(vip);
	l4lb_event_vip(vip, event);
	notice_send(vip->ln, &notice);
}

/**
 * l4lb_notify_state() - tell of a VIP that serves otherwise than was told last
 * @vip: VIP, whose reals may have changed
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_notify_state(struct l4lb_vip *vip)
{
	if (l4lb_vip_state(vip) != vip->told)
		l4lb_notify_vip(vip, L4LB_EVENT_HEALTH);
}

/**
 * l4lb_notify_real() - tell of a real
 * @real: real
 * @event: &enum l4lb_event
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_notify_real(struct l4lb_real *real, u8 event)
{
	const struct notice notice = { .event = event, .real = real };

	l4lb_event_real(real, event);
	notice_send(real->vip->ln, &notice);
}

/**
 * l4lb_notify_gone() - tell that something was removed
 * @ln: namespace
 * @vip: name of the VIP
 * @real: name of the real, or NULL if the VIP itself is gone
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_notify_gone(struct l4lb_net *ln, const char *vip, const char *real)
{
	const struct notice notice = {
		.event		= L4LB_EVENT_DEL,
		.vip_name	= vip,
		.real_name	= real,
	};

	l4lb_event_gone(ln, vip, real);
	notice_send(ln, &notice);
}

/* Only who may read all events is told of the client, and who bound it. */
static void record_send(const struct l4lb_net *ln,
			const struct l4lb_record *record, unsigned int group)
{
	struct user_namespace *reader = group == L4LB_GROUP_CLIENT ?
					ln->net->user_ns : NULL;
	struct sk_buff *msg = NULL;
	void *hdr = NULL;

	if (!genl_has_listeners(&l4lb_genl_family, ln->net, group))
		return;

	if (record)
		msg = genlmsg_new(L4LB_MESSAGE_SIZE, GFP_KERNEL);
	if (msg)
		hdr = genlmsg_put(msg, 0, 0, &l4lb_genl_family, 0,
				  L4LB_CMD_EVENT_NTF);
	if (!hdr || l4lb_message_put_record(msg, record, reader)) {
		nlmsg_free(msg);
		genl_set_err(&l4lb_genl_family, ln->net, 0, group, -ENOBUFS);
		return;
	}
	genlmsg_end(msg, hdr);

	genlmsg_multicast_netns(&l4lb_genl_family, ln->net, msg, 0, group,
				GFP_KERNEL);
}

/**
 * l4lb_notify_pin() - tell that a client was bound to a real
 * @real: real
 * @client: the client, as it was given
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_notify_pin(const struct l4lb_real *real,
		     const union nf_inet_addr *client)
{
	record_send(real->vip->ln, l4lb_event_pin(real, client),
		    L4LB_GROUP_CLIENT);
}

/**
 * l4lb_notify_count() - tell that objects without names were removed
 * @ln: namespace
 * @what: &enum l4lb_record_what
 * @count: how many
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_notify_count(struct l4lb_net *ln, u8 what, u32 count)
{
	record_send(ln, l4lb_event_count(ln, L4LB_EVENT_DEL, what, count),
		    L4LB_GROUP_CONFIG);
}

/**
 * l4lb_notify_global() - tell that something holds for the whole namespace
 * @ln: namespace
 * @standby: whether that is, or is not, standby
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_notify_global(struct l4lb_net *ln, bool standby)
{
	record_send(ln, l4lb_event_global(ln, standby), L4LB_GROUP_CONFIG);
}
