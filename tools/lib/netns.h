/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Enters a network namespace.
 */

#ifndef _LB_NETNS_H
#define _LB_NETNS_H

struct lb_err;

int lb_netns_enter(const char *name, struct lb_err *err);

#endif /* _LB_NETNS_H */
