// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netfilter hooks.
 *
 * The early hook comes after the raw table, whose rules it honours, and before
 * connection tracking, which it spares the packets it takes. The late ones are
 * for what the early one left to the stack, at the priority of IPVS: after the
 * rules of INPUT. What this host sends itself is taken before connection
 * tracking too, so that it sees neither direction.
 */

#include "hook.h"
#include "forward.h"
#include "netns.h"
#include "trace.h"

#include <linux/bits.h>
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
	return l4lb_forward_local4(priv, skb, state);
}

static unsigned int hook_local6(void *priv, struct sk_buff *skb,
				const struct nf_hook_state *state)
{
	return l4lb_forward_local6(priv, skb, state);
}

static unsigned int hook_out4(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state)
{
	return l4lb_forward_out4(priv, skb, state);
}

static unsigned int hook_out6(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state)
{
	return l4lb_forward_out6(priv, skb, state);
}

static unsigned int hook_reply4(void *priv, struct sk_buff *skb,
				const struct nf_hook_state *state)
{
	return l4lb_forward_reply4(priv, skb);
}

static unsigned int hook_reply6(void *priv, struct sk_buff *skb,
				const struct nf_hook_state *state)
{
	return l4lb_forward_reply6(priv, skb, state);
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
	{
		.hook		= hook_out4,
		.pf		= NFPROTO_IPV4,
		.hooknum	= NF_INET_LOCAL_OUT,
		.priority	= HOOK_EARLY,
	},
	{
		.hook		= hook_out6,
		.pf		= NFPROTO_IPV6,
		.hooknum	= NF_INET_LOCAL_OUT,
		.priority	= HOOK_EARLY,
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

/* The hook that there would be if nobody traced. */
static nf_hookfn *plain_hook(const struct nf_hook_state *state)
{
	const struct nf_hook_ops *ops;
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(hook_sets); i++) {
		for (j = 0; j < hook_sets[i].n; j++) {
			ops = &hook_sets[i].ops[j];
			if (ops->pf == state->pf && ops->hooknum == state->hook)
				return ops->hook;
		}
	}

	return NULL;
}

/* In the place of any of them, so that they need not know of it. */
static unsigned int hook_traced(void *priv, struct sk_buff *skb,
				const struct nf_hook_state *state)
{
	nf_hookfn *hook = plain_hook(state);
	struct l4lb_trace trace;
	unsigned int verdict;

	if (WARN_ON_ONCE(!hook))
		return NF_ACCEPT;

	local_bh_disable();
	l4lb_trace_begin(priv, skb, &trace);
	verdict = hook(priv, skb, state);
	l4lb_trace_end(priv, &trace, verdict);
	local_bh_enable();

	return verdict;
}

static struct nf_hook_ops *set_register(struct l4lb_net *ln, unsigned int which)
{
	const struct hook_set *set = &hook_sets[which];
	struct nf_hook_ops *ops;
	unsigned int i;
	int err;

	ops = kmemdup(set->ops, set->n * sizeof(*ops), GFP_KERNEL_ACCOUNT);
	if (!ops)
		return ERR_PTR(-ENOMEM);

	for (i = 0; i < set->n; i++) {
		ops[i].priv = ln;
		if (ln->hooks_traced)
			ops[i].hook = hook_traced;
	}

	err = nf_register_net_hooks(ln->net, ops, set->n);
	if (err) {
		/* Packets may be in those that were registered for a moment. */
		synchronize_net();
		kfree(ops);
		return ERR_PTR(err);
	}

	return ops;
}

static int set_start(struct l4lb_net *ln, unsigned int which)
{
	struct nf_hook_ops *ops = set_register(ln, which);

	if (IS_ERR(ops))
		return PTR_ERR(ops);
	ln->hooks[which] = ops;

	return 0;
}

/**
 * l4lb_hook_register() - let packets come in, if they do not; as long as the
 *	namespace is standby, when that ends
 * @ln: namespace whose tables are ready
 * @which: set of hooks
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, or a negative errno.
 */
int l4lb_hook_register(struct l4lb_net *ln, enum l4lb_hooks which)
{
	int err;

	lockdep_assert_held(&ln->lock);

	if (!ln->global.standby && !ln->hooks[which]) {
		err = set_start(ln, which);
		if (err)
			return err;
	}
	ln->hooks_wanted |= BIT(which);

	return 0;
}

static void sets_free(struct l4lb_net *ln)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(hook_sets); i++) {
		kfree(ln->hooks[i]);
		ln->hooks[i] = NULL;
	}
}

/**
 * l4lb_hook_drop() - let no more packets in by one set of hooks
 * @ln: namespace
 * @which: the set
 *
 * Context: Process context, under &l4lb_net.lock; waits for a grace period if
 * they are registered.
 */
void l4lb_hook_drop(struct l4lb_net *ln, enum l4lb_hooks which)
{
	struct nf_hook_ops *ops = ln->hooks[which];

	lockdep_assert_held(&ln->lock);

	ln->hooks_wanted &= ~BIT(which);
	ln->hooks[which] = NULL;
	if (!ops)
		return;

	nf_unregister_net_hooks(ln->net, ops, hook_sets[which].n);
	synchronize_net();
	kfree(ops);
}

/**
 * l4lb_hook_pause() - let no more packets in, for now
 * @ln: namespace
 *
 * Context: Process context, under &l4lb_net.lock; waits for a grace period.
 */
void l4lb_hook_pause(struct l4lb_net *ln)
{
	l4lb_hook_unregister(ln);
	synchronize_net();
	sets_free(ln);
}

/**
 * l4lb_hook_resume() - let packets in again
 * @ln: namespace
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, or a negative errno; then no packet comes in.
 */
int l4lb_hook_resume(struct l4lb_net *ln)
{
	unsigned int i;
	int err;

	lockdep_assert_held(&ln->lock);

	for (i = 0; i < ARRAY_SIZE(hook_sets); i++) {
		if (!(ln->hooks_wanted & BIT(i)))
			continue;
		err = set_start(ln, i);
		if (err) {
			l4lb_hook_pause(ln);
			return err;
		}
	}

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

static void sets_end(struct l4lb_net *ln, struct nf_hook_ops **ops)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(hook_sets); i++)
		if (ops[i])
			nf_unregister_net_hooks(ln->net, ops[i],
						hook_sets[i].n);
	synchronize_net();
	for (i = 0; i < ARRAY_SIZE(hook_sets); i++)
		kfree(ops[i]);
}

/**
 * l4lb_hook_trace() - let packets be traced, or not any more
 * @ln: namespace
 * @on: whether they are to be
 *
 * Other hooks take the place of those there are, so that packets pay for tracing
 * only while it goes on. What both see is left to the stack by both.
 *
 * Context: Process context, under &l4lb_net.lock; waits for a grace period.
 * Return: 0, or a negative errno; then nothing has changed.
 */
int l4lb_hook_trace(struct l4lb_net *ln, bool on)
{
	struct nf_hook_ops *ops[ARRAY_SIZE(hook_sets)] = {}, *next;
	unsigned int i;

	lockdep_assert_held(&ln->lock);

	ln->hooks_traced = on;
	for (i = 0; i < ARRAY_SIZE(hook_sets); i++) {
		if (!ln->hooks[i])
			continue;
		next = set_register(ln, i);
		if (IS_ERR(next)) {
			ln->hooks_traced = !on;
			sets_end(ln, ops);
			return PTR_ERR(next);
		}
		ops[i] = next;
	}

	for (i = 0; i < ARRAY_SIZE(hook_sets); i++)
		swap(ln->hooks[i], ops[i]);
	sets_end(ln, ops);

	return 0;
}

/**
 * l4lb_hook_free() - free hooks
 * @ln: namespace, a grace period after its hooks were unregistered
 *
 * Context: Process context.
 */
void l4lb_hook_free(struct l4lb_net *ln)
{
	sets_free(ln);
	ln->hooks_wanted = 0;
}
