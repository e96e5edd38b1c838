/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Forwarding: what becomes of a packet.
 */

#ifndef _L4LB_FORWARD_H
#define _L4LB_FORWARD_H

struct l4lb_net;
struct nf_hook_state;
struct sk_buff;

/*
 * Data path, under rcu_read_lock(): softirq as a rule; a system call for what
 * this host sends and for what comes back from a queue. Each returns a hook's
 * verdict.
 */
unsigned int l4lb_forward_early4(struct l4lb_net *ln, struct sk_buff *skb);
unsigned int l4lb_forward_early6(struct l4lb_net *ln, struct sk_buff *skb);
unsigned int l4lb_forward_local4(struct l4lb_net *ln, struct sk_buff *skb,
				 const struct nf_hook_state *state);
unsigned int l4lb_forward_local6(struct l4lb_net *ln, struct sk_buff *skb,
				 const struct nf_hook_state *state);
unsigned int l4lb_forward_out4(struct l4lb_net *ln, struct sk_buff *skb,
			       const struct nf_hook_state *state);
unsigned int l4lb_forward_out6(struct l4lb_net *ln, struct sk_buff *skb,
			       const struct nf_hook_state *state);
unsigned int l4lb_forward_reply4(struct l4lb_net *ln, struct sk_buff *skb);
unsigned int l4lb_forward_reply6(struct l4lb_net *ln, struct sk_buff *skb,
				 const struct nf_hook_state *state);

#endif /* _L4LB_FORWARD_H */
