/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Notifications: what changed, for whoever listens.
 */

#ifndef _L4LB_NOTIFY_H
#define _L4LB_NOTIFY_H

#include <linux/types.h>

struct l4lb_net;
struct l4lb_real;
struct l4lb_vip;
union nf_inet_addr;

/* Control plane: process context, under l4lb_net.lock. */
void l4lb_notify_vip(struct l4lb_vip *vip, u8 event);
void l4lb_notify_state(struct l4lb_vip *vip);
void l4lb_notify_real(struct l4lb_real *real, u8 event);
void l4lb_notify_pin(const struct l4lb_real *real,
		     const union nf_inet_addr *client);
void l4lb_notify_count(struct l4lb_net *ln, u8 what, u32 count);
void l4lb_notify_global(struct l4lb_net *ln, bool standby);
void l4lb_notify_gone(struct l4lb_net *ln, const char *vip, const char *real);

#endif /* _L4LB_NOTIFY_H */
