/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a VIP would take away from this host, or from its firewall.
 */

#ifndef _LBCTL_VIP_GUARD_H
#define _LBCTL_VIP_GUARD_H

#include <stddef.h>

struct cmd;
struct lb_err;
struct lb_vip;
struct listener;

int vip_guard_look(const struct lb_vip *vip, const struct listener *sockets,
		   size_t count, struct lb_err *err);
int vip_guard(const struct lb_vip *vip, struct lb_err *err);
void vip_guard_warn(const struct cmd *cmd, const struct lb_vip *vip);

#endif /* _LBCTL_VIP_GUARD_H */
