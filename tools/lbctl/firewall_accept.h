/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Commands that have packets of a VIP accepted.
 */

#ifndef _LBCTL_FIREWALL_ACCEPT_H
#define _LBCTL_FIREWALL_ACCEPT_H

#include <stdbool.h>
#include <stddef.h>

struct lb_vip;
struct rule_chain;

void firewall_accept(const struct rule_chain *chain, const struct lb_vip *vip,
		     bool later, char *buf, size_t size);

#endif /* _LBCTL_FIREWALL_ACCEPT_H */
