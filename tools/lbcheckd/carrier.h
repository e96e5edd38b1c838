/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether this host is connected to what is between it and a server.
 */

#ifndef _LBCHECKD_CARRIER_H
#define _LBCHECKD_CARRIER_H

#include <net/if.h>
#include <stdbool.h>

struct carrier;
struct lb_addr;

struct carrier *carrier_new(void);
void carrier_free(struct carrier *carrier);
bool carrier_is_lost(struct carrier *carrier, const struct lb_addr *addr,
		     char name[IF_NAMESIZE]);

#endif /* _LBCHECKD_CARRIER_H */
