/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the administrator says of a whole namespace. It does not come and go with
 * VIPs.
 */

#ifndef _L4LB_GLOBAL_H
#define _L4LB_GLOBAL_H

#include <linux/if_ether.h>
#include <linux/types.h>

#include <uapi/linux/l4lb.h>

struct l4lb_net;
struct netlink_ext_ack;

/**
 * struct l4lb_global - configuration of a namespace
 * @vips_max: most VIPs
 * @reals_max: most reals of all VIPs
 * @conns_max: most connections
 * @persists_max: most persistence entries
 * @seed: what is added to the seeds of all VIPs
 * @standby: every packet is left to the stack
 * @n_partners: number of @partners
 * @partners: MAC addresses of other balancers of which this one is a real,
 *	unused bytes zero
 */
struct l4lb_global {
	u32 vips_max;
	u32 reals_max;
	u32 conns_max;
	u32 persists_max;
	u64 seed;
	bool standby;
	u8 n_partners;
	u8 partners[L4LB_PARTNERS_MAX][ETH_ALEN];
};

/* Control plane: process context, under l4lb_net.lock. */
int l4lb_global_complete(const struct l4lb_net *ln, struct l4lb_global *global,
			 struct netlink_ext_ack *extack);

u8 l4lb_global_limited(const struct l4lb_net *ln);

/* Life of the namespace: process context. */
void l4lb_global_init(struct l4lb_net *ln);
void l4lb_global_exit(struct l4lb_net *ln);

#endif /* _L4LB_GLOBAL_H */
