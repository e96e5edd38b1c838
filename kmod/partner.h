/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Partners: other balancers of which this one is a real. What comes from them
 * has been balanced and is for a service of this host.
 */

#ifndef _L4LB_PARTNER_H
#define _L4LB_PARTNER_H

#include <linux/etherdevice.h>
#include <linux/rcupdate.h>
#include <linux/skbuff.h>
#include <linux/types.h>

#include "netns.h"

/**
 * struct l4lb_partners - addresses of partners, immutable
 * @rcu: delays freeing past the last reader
 * @n: number of @macs
 * @macs: their MAC addresses
 */
struct l4lb_partners {
	struct rcu_head rcu;
	unsigned int n;
	u8 macs[L4LB_PARTNERS_MAX][ETH_ALEN];
};

bool l4lb_partner_has(const struct l4lb_partners *partners,
		      const struct sk_buff *skb);

/* Data path: any context, under rcu_read_lock(). */

/**
 * l4lb_partner_sent() - whether a packet comes from a partner
 * @ln: namespace
 * @skb: packet that came in
 *
 * Context: Any, under rcu_read_lock().
 * Return: true if it does.
 */
static inline bool l4lb_partner_sent(const struct l4lb_net *ln,
				     const struct sk_buff *skb)
{
	const struct l4lb_partners *partners = rcu_dereference(ln->partners);

	return unlikely(partners) && l4lb_partner_has(partners, skb);
}

/* Control plane: process context, under l4lb_net.lock. */
struct l4lb_partners *l4lb_partners_alloc(const struct l4lb_global *global);
void l4lb_partners_swap(struct l4lb_net *ln, struct l4lb_partners *partners);

#endif /* _L4LB_PARTNER_H */
