/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Probes: checks that reach a DR real the way that clients' packets do.
 *
 * A checker on this host talks to the real's own address. What it sends is
 * addressed to the VIP on its way out, and what the real answers comes from its
 * own address again before the host could refuse a packet from an address that
 * it has itself.
 */

#ifndef _L4LB_PROBE_H
#define _L4LB_PROBE_H

#include <linux/netfilter.h>
#include <linux/types.h>

struct l4lb_net;
struct l4lb_packet;
struct l4lb_real;
struct netlink_ext_ack;

/**
 * struct l4lb_probe_key - socket of a checker
 * @source: its address, unused bytes zero
 * @family: AF_INET or AF_INET6
 * @proto: IPPROTO_TCP or IPPROTO_UDP
 * @sport: its port
 * @port: port of the service
 */
struct l4lb_probe_key {
	union nf_inet_addr source;
	u8 family;
	u8 proto;
	__be16 sport;
	__be16 port;
};

/* Data path: any context, under rcu_read_lock(). */
bool l4lb_probe_out(struct l4lb_packet *pkt, unsigned int *verdict);
bool l4lb_probe_in(struct l4lb_packet *pkt, unsigned int *verdict);

/* Control plane: process context, under l4lb_net.lock. */
int l4lb_probe_add(struct l4lb_real *real, const struct l4lb_probe_key *key,
		   struct netlink_ext_ack *extack);
int l4lb_probe_del(struct l4lb_real *real, const struct l4lb_probe_key *key,
		   struct netlink_ext_ack *extack);
void l4lb_probe_forget(struct l4lb_real *real);
void l4lb_probe_upkeep(struct l4lb_net *ln);
void l4lb_probe_stop(struct l4lb_net *ln);

#endif /* _L4LB_PROBE_H */
