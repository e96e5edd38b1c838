/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Changes of the configuration, of one object or of many at once.
 *
 * The lists, names and settings that the control plane goes by change step by
 * step, and every step can be undone. The data path sees none of it until the
 * change is complete, has been found to fit together, and everything that it
 * takes has been built. From then on nothing can fail.
 */

#ifndef _L4LB_CHANGE_H
#define _L4LB_CHANGE_H

#include <linux/list.h>

#include "global.h"
#include "portmap.h"
#include "vip.h"

struct l4lb_conn_filter;
struct l4lb_net;
struct l4lb_partners;
struct l4lb_persist_pin;
struct l4lb_real;
struct l4lb_real_config;
struct netlink_ext_ack;

/* Of l4lb_change.message: it is nobody's fault. */
#define L4LB_CHANGE_NO_MESSAGE	U32_MAX

/**
 * struct l4lb_vip_draft - what a VIP is to become
 * @list: entry in &l4lb_change.drafts
 * @arrival: entry in &l4lb_addr_draft.arrivals
 * @vip: VIP, which points here until the change is done
 * @message: which message last had to do with it
 * @fresh: the data path has not seen it yet
 * @gone: it is to be removed
 * @set: the VIP itself changes, not only its reals
 * @moves: packets will reach its reals in another way
 * @inherits: reals have heirs, to whom their clients go over
 * @config: what it is to be, with arguments of its own
 * @allow: clients that it is to serve, with a reference, or NULL for any
 * @clones: its reals as they will be, if it @moves
 * @conf: what the data path is going to see
 * @fallback: its fallback, which it may have already, or NULL
 * @addr: with @set, its address, with a reference
 */
struct l4lb_vip_draft {
	struct list_head list;
	struct list_head arrival;
	struct l4lb_vip *vip;
	u32 message;
	bool fresh;
	bool gone;
	bool set;
	bool moves;
	bool inherits;
	struct l4lb_vip_config config;
	struct l4lb_allow *allow;
	struct list_head clones;
	struct l4lb_vip_conf *conf;
	struct l4lb_real *fallback;
	struct l4lb_addr *addr;
};

/**
 * struct l4lb_change - a change in the making
 * @ln: namespace
 * @message: which message the steps that follow belong to; after a failure,
 *	which one is at fault, or %L4LB_CHANGE_NO_MESSAGE
 * @steps: what was done so far, in order
 * @drafts: &struct l4lb_vip_draft of the VIPs that are concerned
 * @addrs: &struct l4lb_addr_draft of the addresses that are concerned
 * @vips_made: how many VIPs were made so far, whatever has become of them
 * @reals_made: how many reals
 * @made_persists: whether the table of persistence entries was made for it
 * @has_global: whether what holds for the whole namespace changes
 * @global_message: which message last wanted that
 * @global: what is to hold then
 * @global_before: what holds now
 * @partners: other partners then, or NULL for none
 */
struct l4lb_change {
	struct l4lb_net *ln;
	u32 message;
	struct list_head steps;
	struct list_head drafts;
	struct list_head addrs;
	u32 vips_made;
	u32 reals_made;
	bool made_persists;
	bool has_global;
	u32 global_message;
	struct l4lb_global global;
	struct l4lb_global global_before;
	struct l4lb_partners *partners;
};

/* Process context, under l4lb_net.lock from the first to the last. */
void l4lb_change_begin(struct l4lb_change *change, struct l4lb_net *ln);
int l4lb_change_vip_add(struct l4lb_change *change,
			const struct l4lb_vip_config *config,
			struct l4lb_allow *allow,
			struct netlink_ext_ack *extack);
int l4lb_change_vip_set(struct l4lb_change *change, struct l4lb_vip *vip,
			const struct l4lb_vip_config *config,
			struct l4lb_allow *allow,
			struct netlink_ext_ack *extack);
int l4lb_change_vip_del(struct l4lb_change *change, struct l4lb_vip *vip,
			struct netlink_ext_ack *extack);
int l4lb_change_real_add(struct l4lb_change *change, struct l4lb_vip *vip,
			 const struct l4lb_real_config *config,
			 struct netlink_ext_ack *extack);
int l4lb_change_real_set(struct l4lb_change *change, struct l4lb_real *real,
			 const struct l4lb_real_config *config,
			 struct netlink_ext_ack *extack);
int l4lb_change_real_del(struct l4lb_change *change, struct l4lb_real *real,
			 struct netlink_ext_ack *extack);
int l4lb_change_pin(struct l4lb_change *change, struct l4lb_real *real,
		    const struct l4lb_persist_pin *pin,
		    struct netlink_ext_ack *extack);
int l4lb_change_unpin(struct l4lb_change *change, struct l4lb_vip *vip,
		      const struct l4lb_conn_filter *filter,
		      struct netlink_ext_ack *extack);
const struct l4lb_global *
l4lb_change_global_now(const struct l4lb_change *change);
int l4lb_change_global(struct l4lb_change *change,
		       const struct l4lb_global *global,
		       struct netlink_ext_ack *extack);
int l4lb_change_commit(struct l4lb_change *change,
		       struct netlink_ext_ack *extack);
int l4lb_change_try(struct l4lb_change *change,
		    struct netlink_ext_ack *extack);
void l4lb_change_undo(struct l4lb_change *change);

#endif /* _L4LB_CHANGE_H */
