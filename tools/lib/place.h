/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Puts the addresses of VIPs on the interfaces that they name, and takes them
 * off again.
 */

#ifndef _LB_PLACE_H
#define _LB_PLACE_H

#include <stdbool.h>

struct lb_addr;
struct lb_err;
struct lb_nl;
struct lb_vip;

int lb_place(struct lb_nl *nl, bool anew, struct lb_err *err);
bool lb_place_waits(const struct lb_vip *vip);
bool lb_place_is_foreign(const struct lb_addr *addr);

#endif /* _LB_PLACE_H */
