// SPDX-License-Identifier: GPL-2.0-only
/*
 * Objects that a request names.
 */

#include "lookup.h"
#include "conn.h"
#include "netns.h"
#include "parse.h"
#include "real.h"
#include "vip.h"

#include <linux/err.h>
#include <linux/netlink.h>

/**
 * l4lb_lookup_vip() - the VIP that a request names
 * @ln: namespace
 * @attrs: attributes of the request
 * @extack: where to explain a failure
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: the VIP, or an ERR_PTR().
 */
struct l4lb_vip *l4lb_lookup_vip(struct l4lb_net *ln, struct nlattr **attrs,
				 struct netlink_ext_ack *extack)
{
	const char *name = l4lb_parse_vip_name(attrs, extack);
	struct l4lb_vip *vip;

	if (!name)
		return ERR_PTR(-EINVAL);

	vip = l4lb_vip_find(ln, name);
	if (!vip) {
		NL_SET_ERR_MSG_ATTR(extack, attrs[L4LB_A_VIP], "no such vip");
		return ERR_PTR(-ENOENT);
	}

	return vip;
}

/**
 * l4lb_lookup_real() - the real that a request names
 * @ln: namespace
 * @attrs: attributes of the request
 * @extack: where to explain a failure
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: the real, or an ERR_PTR().
 */
struct l4lb_real *l4lb_lookup_real(struct l4lb_net *ln, struct nlattr **attrs,
				   struct netlink_ext_ack *extack)
{
	struct l4lb_vip *vip = l4lb_lookup_vip(ln, attrs, extack);
	struct l4lb_real *real;
	const char *name;

	if (IS_ERR(vip))
		return ERR_CAST(vip);

	name = l4lb_parse_real_name(attrs, extack);
	if (!name)
		return ERR_PTR(-EINVAL);

	real = l4lb_real_find(vip, name);
	if (!real) {
		NL_SET_ERR_MSG_ATTR(extack, attrs[L4LB_A_REAL],
				    "the vip has no such real");
		return ERR_PTR(-ENOENT);
	}

	return real;
}

/**
 * l4lb_lookup_filter_vip() - the connections or entries that a request means
 * @ln: namespace
 * @attrs: attributes of the request
 * @filter: to be filled
 * @vip: where to put the VIP that they are of, or NULL if that does not matter
 * @extack: where to explain a failure
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, or a negative errno.
 */
int l4lb_lookup_filter_vip(struct l4lb_net *ln, struct nlattr **attrs,
			   struct l4lb_conn_filter *filter,
			   struct l4lb_vip **vip,
			   struct netlink_ext_ack *extack)
{
	const char *name;
	int err;

	lockdep_assert_held(&ln->lock);

	*vip = NULL;
	err = l4lb_parse_filter(attrs, filter, &name, extack);
	if (err || !name)
		return err;

	*vip = l4lb_vip_find(ln, name);
	if (!*vip) {
		NL_SET_ERR_MSG_ATTR(extack, attrs[L4LB_A_FILTER],
				    "no such vip");
		return -ENOENT;
	}
	filter->vip = (*vip)->id;

	return 0;
}

/**
 * l4lb_lookup_filter() - the same, where the filter is all that is wanted
 * @ln: namespace
 * @attrs: attributes of the request
 * @filter: to be filled
 * @extack: where to explain a failure
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, or a negative errno.
 */
int l4lb_lookup_filter(struct l4lb_net *ln, struct nlattr **attrs,
		       struct l4lb_conn_filter *filter,
		       struct netlink_ext_ack *extack)
{
	struct l4lb_vip *vip;

	return l4lb_lookup_filter_vip(ln, attrs, filter, &vip, extack);
}
