// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netfilter hooks.
 *
 * The early hook comes after the raw table, whose rules it honours, and before
 * connection tracking, which it spares the packets it takes. The late ones are
 * for what the early one left to the stack, at the priority of IPVS: after the
 * rules of INPUT.
 */

#include "hook.h"
#include "forward.h"
#include "netns.h"

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

static const struct nf_hook_ops request_ops[] = {
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
};

/* Apart, since they cost every packet that the host forwards. */
static const struct nf_hook_ops reply_ops[] = {
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
 * struct hook_set - hooks that are registered together
 * @ops: what to register
 * @n: how many
 */
struct hook_set {
	const struct nf_hook_ops *ops;
	unsigned int n;
};

static const struct hook_set hook_sets[] = {
	[L4LB_HOOKS_REQUEST]	= { request_ops, ARRAY_SIZE(request_ops) },
	[L4LB_HOOKS_REPLY]	= { reply_ops, ARRAY_SIZE(reply_ops) },
};

/**
 * l4lb_hook_register() - let packets come in, if they do not
 * @ln: namespace whose tables are ready
 * @which: set of hooks
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, or a negative errno.
 */
int l4lb_hook_register(struct l4lb_net *ln, enum l4lb_hooks which)
{
	const struct hook_set *set = &hook_sets[which];
	struct nf_hook_ops *ops;
	unsigned int i;
	int err;

	lockdep_assert_held(&ln->lock);

	if (ln->hooks[which])
		return 0;

	ops = kmemdup(set->ops, set->n * sizeof(*ops), GFP_KERNEL_ACCOUNT);
	if (!ops)
		return -ENOMEM;

	for (i = 0; i < set->n; i++)
		ops[i].priv = ln;

	err = nf_register_net_hooks(ln->net, ops, set->n);
	if (err) {
		kfree(ops);
		return err;
	}
	ln->hooks[which] = ops;

	return 0;
}

/**
 * l4lb_hook_unregister() - let no more packets in
 * @ln: namespace; packets may be in its hooks until a grace period has passed
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_hook_unregister(struct l4lb_net *ln)
{
	unsigned int i;

	lockdep_assert_held(&ln->lock);

	for (i = 0; i < ARRAY_SIZE(hook_sets); i++)
		if (ln->hooks[i])
			nf_unregister_net_hooks(ln->net, ln->hooks[i],
						hook_sets[i].n);
}

/**
 * l4lb_hook_free() - free hooks
 * @ln: namespace, a grace period after its hooks were unregistered
 *
 * Context: Process context.
 */
void l4lb_hook_free(struct l4lb_net *ln)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(hook_sets); i++) {
		kfree(ln->hooks[i]);
		ln->hooks[i] = NULL;
	}
}
