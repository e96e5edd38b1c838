/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rules of the host's firewall that refuse packets of VIPs.
 */

#ifndef _LBCTL_FIREWALL_H
#define _LBCTL_FIREWALL_H

#include <stdbool.h>
#include <stddef.h>

struct firewall;
struct lb_vip;

/* Room for what a rule is called. */
#define FIREWALL_TEXT	160

struct firewall *firewall_read(void);
bool firewall_find(const struct firewall *firewall, const struct lb_vip *vip,
		   char *rule, size_t size);
void firewall_free(struct firewall *firewall);

#endif /* _LBCTL_FIREWALL_H */
