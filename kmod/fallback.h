/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fallback of a VIP: a real of its own kind, to which new connections go
 * that no other can take.
 *
 * It is a real to its connections, and none to schedulers, checks and
 * whoever lists reals. It has no state: it always serves.
 */

#ifndef _L4LB_FALLBACK_H
#define _L4LB_FALLBACK_H

#include <linux/types.h>

struct l4lb_real;
struct l4lb_vip;
struct l4lb_vip_config;
struct netlink_ext_ack;

/* Control plane: process context, under l4lb_net.lock. */
int l4lb_fallback_validate(const struct l4lb_vip_config *config,
			   struct netlink_ext_ack *extack);
int l4lb_fallback_prepare(struct l4lb_vip *vip,
			  const struct l4lb_vip_config *config, bool moves,
			  struct l4lb_real **fallback);
void l4lb_fallback_discard(const struct l4lb_vip *vip,
			   struct l4lb_real *fallback);
void l4lb_fallback_publish(struct l4lb_vip *vip, struct l4lb_real *fallback);

#endif /* _L4LB_FALLBACK_H */
