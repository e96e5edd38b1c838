/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sources: the address and port of this host that a real sees in place of the
 * client's, in full NAT.
 */

#ifndef _L4LB_SOURCE_H
#define _L4LB_SOURCE_H

#include <linux/types.h>

struct l4lb_conn_nat;
struct l4lb_net;

/* Data path: any context but a hard interrupt, under rcu_read_lock(). */
bool l4lb_source_choose(struct l4lb_net *ln, struct l4lb_conn_nat *nat);
void l4lb_source_next(struct l4lb_net *ln, struct l4lb_conn_nat *nat);
bool l4lb_source_is_free(struct l4lb_net *ln, const struct l4lb_conn_nat *nat);

#endif /* _L4LB_SOURCE_H */
