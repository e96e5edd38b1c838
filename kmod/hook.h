/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Netfilter hooks: where packets come in.
 */

#ifndef _L4LB_HOOK_H
#define _L4LB_HOOK_H

struct l4lb_net;
struct nf_hook_ops;

/* Process context. */
struct nf_hook_ops *l4lb_hook_register(struct l4lb_net *ln);
void l4lb_hook_unregister(struct l4lb_net *ln, struct nf_hook_ops *ops);
void l4lb_hook_free(struct nf_hook_ops *ops);

#endif /* _L4LB_HOOK_H */
