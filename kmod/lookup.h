/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Objects that a request names.
 */

#ifndef _L4LB_LOOKUP_H
#define _L4LB_LOOKUP_H

struct l4lb_conn_filter;
struct l4lb_net;
struct l4lb_real;
struct l4lb_vip;
struct netlink_ext_ack;
struct nlattr;

/* Process context, under l4lb_net.lock. Each refuses with a text. */
struct l4lb_vip *l4lb_lookup_vip(struct l4lb_net *ln, struct nlattr **attrs,
				 struct netlink_ext_ack *extack);
struct l4lb_real *l4lb_lookup_real(struct l4lb_net *ln, struct nlattr **attrs,
				   struct netlink_ext_ack *extack);
int l4lb_lookup_filter_vip(struct l4lb_net *ln, struct nlattr **attrs,
			   struct l4lb_conn_filter *filter,
			   struct l4lb_vip **vip,
			   struct netlink_ext_ack *extack);
int l4lb_lookup_filter(struct l4lb_net *ln, struct nlattr **attrs,
		       struct l4lb_conn_filter *filter,
		       struct netlink_ext_ack *extack);

#endif /* _L4LB_LOOKUP_H */
