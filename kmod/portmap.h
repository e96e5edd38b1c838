/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Port maps: which VIP of an address has which ports, in the making.
 */

#ifndef _L4LB_PORTMAP_H
#define _L4LB_PORTMAP_H

#include <linux/list.h>

struct l4lb_addr;
struct l4lb_net;
struct l4lb_portmap;
struct l4lb_vip_draft;

/* One map for TCP, one for UDP. */
#define L4LB_PORTMAPS	2

/**
 * struct l4lb_addr_draft - what an address is to become
 * @list: entry in &l4lb_change.addrs
 * @addr: address, which points here until the change is done
 * @arrivals: &struct l4lb_vip_draft that will have it
 * @maps: its maps as they are to be, NULL without a port; once published, as
 *	they were
 */
struct l4lb_addr_draft {
	struct list_head list;
	struct l4lb_addr *addr;
	struct list_head arrivals;
	struct l4lb_portmap *maps[L4LB_PORTMAPS];
};

/* Process context, under l4lb_net.lock. */
int l4lb_addr_draft_join(struct list_head *drafts, struct l4lb_addr *addr,
			 struct l4lb_vip_draft *vip);
int l4lb_portmap_build(const struct l4lb_net *ln,
		       struct l4lb_addr_draft *draft,
		       struct l4lb_vip_draft **culprit);
void l4lb_portmap_publish(const struct l4lb_net *ln,
			  struct l4lb_addr_draft *draft);
void l4lb_addr_draft_free(struct l4lb_addr_draft *draft);

/* All VIPs leave their addresses. */
void l4lb_portmap_clear(const struct l4lb_net *ln, struct l4lb_addr *addr);

#endif /* _L4LB_PORTMAP_H */
