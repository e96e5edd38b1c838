/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Netfilter hooks: where packets come in.
 */

#ifndef _L4LB_HOOK_H
#define _L4LB_HOOK_H

#include <linux/types.h>

struct l4lb_net;

/**
 * enum l4lb_hooks - sets of hooks
 * @L4LB_HOOKS_REQUEST: for what clients send, and what comes for or from this
 *	host itself
 * @L4LB_HOOKS_REPLY: for odd packets of NAT reals, which the host forwards
 * @L4LB_HOOKS_N: how many sets
 */
enum l4lb_hooks {
	L4LB_HOOKS_REQUEST,
	L4LB_HOOKS_REPLY,

	L4LB_HOOKS_N
};

/* Process context. */
int l4lb_hook_register(struct l4lb_net *ln, enum l4lb_hooks which);
void l4lb_hook_drop(struct l4lb_net *ln, enum l4lb_hooks which);
void l4lb_hook_pause(struct l4lb_net *ln);
int l4lb_hook_resume(struct l4lb_net *ln);
int l4lb_hook_trace(struct l4lb_net *ln, bool on);
void l4lb_hook_unregister(struct l4lb_net *ln);
void l4lb_hook_free(struct l4lb_net *ln);

#endif /* _L4LB_HOOK_H */
