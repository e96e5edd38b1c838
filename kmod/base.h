/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Base tables: how a VIP's clients were placed before its table changed.
 *
 * Where the table alone decides, a SYN makes no entry, and the ACK that
 * completes the handshake must come to the same real although the table may
 * have changed in between, any number of times. So the table before the first
 * of these changes stays as the base until there has been none for as long as a
 * handshake may take. A packet of a connection that has no entry follows the
 * base; a SYN that the current table leads elsewhere has an entry at once. A
 * table by which no handshake has begun is no base: connections that come from
 * another balancer are to follow the table that is meant to be.
 *
 * The base is the old configuration itself. While it is the base of a VIP, no
 * real that it names is freed:
 *
 *  - &l4lb_real.bases counts the bases that name a real, under
 *    &l4lb_conn_table.tombs_lock. It is raised while the real is still in the
 *    VIP's current configuration, so the real is no tombstone then.
 *  - A tombstone that is counted stays. When the count is lowered the base has
 *    been unpublished, and the tombstone's two spells begin anew: readers that
 *    still see the base have left before the real is freed.
 *  - The base itself is freed after the grace period in which it was
 *    unpublished, as any old configuration is.
 *
 * A real that is halted, down or removed gets no packets by the base; their
 * connections follow the current table.
 */

#ifndef _L4LB_BASE_H
#define _L4LB_BASE_H

#include <linux/types.h>

struct l4lb_conn_key;
struct l4lb_real;
struct l4lb_vip;
struct l4lb_vip_conf;

/* Data path: any context, under rcu_read_lock(). */
struct l4lb_real *l4lb_base_choose(const struct l4lb_vip_conf *conf,
				   const struct l4lb_conn_key *client);

/* Control plane: process context, under l4lb_net.lock. */
bool l4lb_base_carry(struct l4lb_vip *vip, struct l4lb_vip_conf *old,
		     struct l4lb_vip_conf *conf);
void l4lb_base_drop(struct l4lb_vip *vip);
void l4lb_base_upkeep(struct l4lb_vip *vip);

#endif /* _L4LB_BASE_H */
