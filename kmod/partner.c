// SPDX-License-Identifier: GPL-2.0-only
/*
 * Partners: other balancers of which this one is a real.
 *
 * Two balancers that are each a real of the other would pass a packet to and
 * fro. Who gets one from a partner leaves it to the stack.
 */

#include "partner.h"

#include <linux/if_arp.h>
#include <linux/slab.h>

/**
 * l4lb_partner_has() - whether a packet comes from one of several partners
 * @partners: the partners
 * @skb: packet that came in
 *
 * Context: Any.
 * Return: true if it does; false where the device has no MAC addresses.
 */
bool l4lb_partner_has(const struct l4lb_partners *partners,
		      const struct sk_buff *skb)
{
	unsigned int i;

	if (skb->dev->type != ARPHRD_ETHER || !skb_mac_header_was_set(skb) ||
	    skb_mac_header(skb) + ETH_HLEN > skb->data)
		return false;

	for (i = 0; i < partners->n; i++)
		if (ether_addr_equal(eth_hdr(skb)->h_source, partners->macs[i]))
			return true;

	return false;
}

/**
 * l4lb_partners_alloc() - make a list of partners
 * @global: what is configured
 *
 * Context: Process context.
 * Return: the list, for l4lb_partners_swap() or kfree(), or NULL.
 */
struct l4lb_partners *l4lb_partners_alloc(const struct l4lb_global *global)
{
	struct l4lb_partners *partners;

	partners = kzalloc(sizeof(*partners), GFP_KERNEL_ACCOUNT);
	if (!partners)
		return NULL;

	partners->n = global->n_partners;
	memcpy(partners->macs, global->partners, sizeof(partners->macs));

	return partners;
}

/**
 * l4lb_partners_swap() - let the data path see other partners
 * @ln: namespace
 * @partners: the partners, NULL for none
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_partners_swap(struct l4lb_net *ln, struct l4lb_partners *partners)
{
	struct l4lb_partners *old;

	old = rcu_replace_pointer(ln->partners, partners,
				  lockdep_is_held(&ln->lock));
	if (old)
		kfree_rcu(old, rcu);
}
