// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netfilter hooks.
 *
 * The early hook comes after the raw table, whose rules it honours, and before
 * connection tracking, which it spares the packets it takes. The late ones are
 * for what the early one left to the stack, at the priority of IPVS.
 */

#include "hook.h"
#include "forward.h"
#include "netns.h"

#include <linux/err.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/slab.h>

#define HOOK_EARLY	(NF_IP_PRI_CONNTRACK - 50)
#define HOOK_LATE	(NF_IP_PRI_NAT_SRC - 1)

static unsigned int hook_early4(void *priv, struct sk_buff *skb,
				const struct nf_hook_state *state)
{
	return l4lb_forward_early4(priv, skb);
}

static unsigned int hook_early6(void *priv, struct sk_buff *skb,
				const struct nf_hook_state *state)
{
	return l4lb_forward_early6(priv, skb);
}

static unsigned int hook_local4(void *priv, struct sk_buff *skb,
				const struct nf_hook_state *state)
{
	return l4lb_forward_local4(priv, skb);
}

static unsigned int hook_local6(void *priv, struct sk_buff *skb,
				const struct nf_hook_state *state)
{
	return l4lb_forward_local6(priv, skb);
}

static unsigned int hook_reply4(void *priv, struct sk_buff *skb,
				const struct nf_hook_state *state)
{
	return l4lb_forward_reply4(priv, skb);
}

static unsigned int hook_reply6(void *priv, struct sk_buff *skb,
				const struct nf_hook_state *state)
{
	return l4lb_forward_reply6(priv, skb);
}

static const struct nf_hook_ops hook_ops[] = {
	{
		.hook		= hook_early4,
		.pf		= NFPROTO_IPV4,
		.hooknum	= NF_INET_PRE_ROUTING,
		.priority	= HOOK_EARLY,
	},
	{
		.hook		= hook_early6,
		.pf		= NFPROTO_IPV6,
		.hooknum	= NF_INET_PRE_ROUTING,
		.priority	= HOOK_EARLY,
	},
	{
		.hook		= hook_local4,
		.pf		= NFPROTO_IPV4,
		.hooknum	= NF_INET_LOCAL_IN,
		.priority	= HOOK_LATE,
	},
	{
		.hook		= hook_local6,
		.pf		= NFPROTO_IPV6,
		.hooknum	= NF_INET_LOCAL_IN,
		.priority	= HOOK_LATE,
	},
	{
		.hook		= hook_reply4,
		.pf		= NFPROTO_IPV4,
		.hooknum	= NF_INET_FORWARD,
		.priority	= HOOK_LATE,
	},
	{
		.hook		= hook_reply6,
		.pf		= NFPROTO_IPV6,
		.hooknum	= NF_INET_FORWARD,
		.priority	= HOOK_LATE,
	},
};

/**
 * l4lb_hook_register() - let packets come in
 * @ln: namespace whose tables are ready
 *
 * Context: Process context.
 * Return: the hooks, or an ERR_PTR.
 */
struct nf_hook_ops *l4lb_hook_register(struct l4lb_net *ln)
{
	struct nf_hook_ops *ops;
	unsigned int i;
	int err;

	ops = kmemdup(hook_ops, sizeof(hook_ops), GFP_KERNEL_ACCOUNT);
	if (!ops)
		return ERR_PTR(-ENOMEM);

	for (i = 0; i < ARRAY_SIZE(hook_ops); i++)
		ops[i].priv = ln;

	err = nf_register_net_hooks(ln->net, ops, ARRAY_SIZE(hook_ops));
	if (err) {
		kfree(ops);
		return ERR_PTR(err);
	}

	return ops;
}

/**
 * l4lb_hook_unregister() - let no more packets in
 * @ln: namespace
 * @ops: its hooks; packets may be in them until a grace period has passed
 *
 * Context: Process context.
 */
void l4lb_hook_unregister(struct l4lb_net *ln, struct nf_hook_ops *ops)
{
	nf_unregister_net_hooks(ln->net, ops, ARRAY_SIZE(hook_ops));
}

/**
 * l4lb_hook_free() - free hooks
 * @ops: hooks, a grace period after they were unregistered
 *
 * Context: Process context.
 */
void l4lb_hook_free(struct nf_hook_ops *ops)
{
	kfree(ops);
}
