// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the administrator says of a whole namespace.
 */

#include "global.h"
#include "hook.h"
#include "netns.h"
#include "partner.h"
#include "persist.h"
#include "vip.h"

#include <linux/mm.h>
#include <linux/netlink.h>
#include <linux/slab.h>

/* What a namespace of an ordinary user may have. */
#define VIPS_MAX_SMALL		64
#define REALS_MAX_SMALL		1024

/* One entry for so many connections, unless the administrator says otherwise. */
#define CONNS_PER_PERSIST	4

static void global_defaults(const struct l4lb_net *ln,
			    struct l4lb_global *global)
{
	const bool small = l4lb_net_is_small(ln);

	memset(global, 0, sizeof(*global));
	global->vips_max = small ? VIPS_MAX_SMALL : L4LB_VIPS_MAX;
	global->reals_max = small ? REALS_MAX_SMALL : L4LB_REALS_MAX;
	global->conns_max = l4lb_conn_max_default(ln);
	global->persists_max = global->conns_max / CONNS_PER_PERSIST;
}

static bool global_is_above(const struct l4lb_global *a,
			    const struct l4lb_global *b)
{
	return a->vips_max > b->vips_max || a->reals_max > b->reals_max ||
	       a->conns_max > b->conns_max ||
	       a->persists_max > b->persists_max;
}

/**
 * l4lb_global_complete() - put defaults where nothing was said
 * @ln: namespace
 * @global: what is to hold; a limit of 0 becomes its default
 * @extack: where to explain a failure
 *
 * Context: Process context.
 * Return: 0, or -EPERM if the namespace may not have so many.
 */
int l4lb_global_complete(const struct l4lb_net *ln, struct l4lb_global *global,
			 struct netlink_ext_ack *extack)
{
	struct l4lb_global defaults;

	global_defaults(ln, &defaults);
	global->vips_max = global->vips_max ?: defaults.vips_max;
	global->reals_max = global->reals_max ?: defaults.reals_max;
	global->conns_max = global->conns_max ?: defaults.conns_max;
	global->persists_max = global->persists_max ?: defaults.persists_max;

	if (l4lb_net_is_small(ln) && global_is_above(global, &defaults)) {
		NL_SET_ERR_MSG(extack,
			       "a namespace of an ordinary user may not have so many");
		return -EPERM;
	}

	return 0;
}

/**
 * l4lb_global_limited() - which limits the administrator has set
 * @ln: namespace
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: bits L4LB_LIMIT_* of those that are not what they are by default.
 */
u8 l4lb_global_limited(const struct l4lb_net *ln)
{
	const struct l4lb_global *global = &ln->global;
	struct l4lb_global defaults;
	u8 limited = 0;

	lockdep_assert_held(&ln->lock);

	global_defaults(ln, &defaults);
	if (global->conns_max != defaults.conns_max)
		limited |= L4LB_LIMIT_CONNS;
	if (global->persists_max != defaults.persists_max)
		limited |= L4LB_LIMIT_PERSISTS;
	if (global->vips_max != defaults.vips_max)
		limited |= L4LB_LIMIT_VIPS;
	if (global->reals_max != defaults.reals_max)
		limited |= L4LB_LIMIT_REALS;

	return limited;
}

/**
 * l4lb_global_init() - prepare a new namespace
 * @ln: namespace
 *
 * Context: Process context.
 */
void l4lb_global_init(struct l4lb_net *ln)
{
	global_defaults(ln, &ln->global);
	ln->conns.max = ln->global.conns_max;
}

/**
 * l4lb_global_exit() - free what a namespace was told
 * @ln: namespace that ends, without packets
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_global_exit(struct l4lb_net *ln)
{
	l4lb_partners_swap(ln, NULL);
}
