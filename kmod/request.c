// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests that change the configuration, alone or in a transaction.
 *
 * Each becomes steps of a change. Alone, it is a change of its own.
 */

#include "request.h"
#include "allow.h"
#include "change.h"
#include "conn.h"
#include "lookup.h"
#include "netns.h"
#include "parse.h"
#include "persist.h"
#include "real.h"
#include "transaction.h"
#include "vip.h"

#include <linux/mm.h>
#include <net/genetlink.h>

static bool is_replace(struct l4lb_request *request)
{
	return nla_get_flag(request->attrs[L4LB_A_REPLACE]);
}

static int vip_new(struct l4lb_change *change,
		   struct l4lb_request *request,
		   struct netlink_ext_ack *extack)
{
	struct l4lb_allow_change allows;
	struct l4lb_vip_config config;
	struct l4lb_allow *allow;
	struct l4lb_vip *vip;
	int err;

	if (!l4lb_parse_vip_name(request->attrs, extack))
		return -EINVAL;

	l4lb_vip_config_init(&config);
	err = l4lb_parse_vip_new(request->attrs, &config,
				 extack);
	if (!err)
		err = l4lb_parse_allow(request, &allows, extack);
	if (err)
		return err;

	err = l4lb_allow_apply(&allows, NULL, &allow, extack);
	kvfree(allows.ranges);
	if (err)
		return err;

	vip = l4lb_vip_find(change->ln, config.name);
	if (vip && is_replace(request))
		err = l4lb_change_vip_set(change, vip, &config, allow, extack);
	else
		err = l4lb_change_vip_add(change, &config, allow, extack);
	l4lb_allow_put(allow);

	return err;
}

static int vip_set(struct l4lb_change *change,
		   struct l4lb_request *request,
		   struct netlink_ext_ack *extack)
{
	struct nlattr **attrs = request->attrs;
	struct l4lb_allow_change allows;
	struct l4lb_vip_config config;
	struct l4lb_allow *allow;
	struct l4lb_vip *vip;
	int err;

	vip = l4lb_lookup_vip(change->ln, attrs, extack);
	if (IS_ERR(vip))
		return PTR_ERR(vip);

	config = *l4lb_vip_config(vip);
	err = l4lb_parse_vip_set(attrs, &config, extack);
	if (!err)
		err = l4lb_parse_allow(request, &allows, extack);
	if (err)
		return err;

	err = l4lb_allow_apply(&allows, l4lb_vip_allow(vip), &allow, extack);
	kvfree(allows.ranges);
	if (err)
		return err;

	err = l4lb_change_vip_set(change, vip, &config, allow, extack);
	l4lb_allow_put(allow);

	return err;
}

static int vip_del(struct l4lb_change *change,
		   struct l4lb_request *request,
		   struct netlink_ext_ack *extack)
{
	struct l4lb_vip *vip;

	vip = l4lb_lookup_vip(change->ln, request->attrs,
			      extack);
	if (IS_ERR(vip))
		return PTR_ERR(vip);

	return l4lb_change_vip_del(change, vip, extack);
}

static int real_new(struct l4lb_change *change,
		    struct l4lb_request *request,
		    struct netlink_ext_ack *extack)
{
	struct nlattr **attrs = request->attrs;
	struct l4lb_real_config config;
	struct l4lb_real *real;
	struct l4lb_vip *vip;
	const char *name;
	int err;

	name = l4lb_parse_real_name(attrs, extack);
	if (!name)
		return -EINVAL;
	vip = l4lb_lookup_vip(change->ln, attrs, extack);
	if (IS_ERR(vip))
		return PTR_ERR(vip);

	l4lb_real_config_init(&config);
	real = is_replace(request) ? l4lb_real_find(vip, name) : NULL;
	if (real)
		config.admin = real->config.admin;
	err = l4lb_parse_real_new(attrs, &config, l4lb_vip_config(vip), extack);
	if (err)
		return err;

	return real ? l4lb_change_real_set(change, real, &config, extack) :
		      l4lb_change_real_add(change, vip, &config, extack);
}

static int real_set(struct l4lb_change *change,
		    struct l4lb_request *request,
		    struct netlink_ext_ack *extack)
{
	struct nlattr **attrs = request->attrs;
	struct l4lb_real_config config;
	struct l4lb_real *real;
	int err;

	real = l4lb_lookup_real(change->ln, attrs, extack);
	if (IS_ERR(real))
		return PTR_ERR(real);

	config = real->config;
	err = l4lb_parse_real_set(attrs, &config, l4lb_vip_config(real->vip),
				  extack);
	if (err)
		return err;

	return l4lb_change_real_set(change, real, &config, extack);
}

static int real_del(struct l4lb_change *change,
		    struct l4lb_request *request,
		    struct netlink_ext_ack *extack)
{
	struct l4lb_real *real;

	real = l4lb_lookup_real(change->ln, request->attrs,
				extack);
	if (IS_ERR(real))
		return PTR_ERR(real);

	return l4lb_change_real_del(change, real, extack);
}

static int attr_missing(struct l4lb_request *request, int attr,
			struct netlink_ext_ack *extack)
{
	return l4lb_attr_misses(extack, NULL, request->attrs, attr) ? -EINVAL : 0;
}

static int persist_new(struct l4lb_change *change,
		       struct l4lb_request *request,
		       struct netlink_ext_ack *extack)
{
	struct nlattr **attrs = request->attrs;
	struct l4lb_persist_pin pin;
	struct l4lb_real *real;
	int err;

	err = attr_missing(request, L4LB_A_PERSIST, extack);
	if (!err)
		err = l4lb_parse_persist(attrs, &pin, extack);
	if (err)
		return err;

	real = l4lb_lookup_real(change->ln, attrs, extack);
	if (IS_ERR(real))
		return PTR_ERR(real);

	return l4lb_change_pin(change, real, &pin, extack);
}

static int persist_del(struct l4lb_change *change,
		       struct l4lb_request *request,
		       struct netlink_ext_ack *extack)
{
	struct l4lb_conn_filter filter;
	struct l4lb_vip *vip;
	int err;

	err = attr_missing(request, L4LB_A_FILTER, extack);
	if (!err)
		err = l4lb_lookup_filter_vip(change->ln, request->attrs,
					     &filter, &vip, extack);
	if (err)
		return err;
	if (filter.limit) {
		NL_SET_ERR_MSG_ATTR(extack, request->attrs[L4LB_A_FILTER],
				    "in a transaction all matching entries are removed");
		return -EINVAL;
	}

	return l4lb_change_unpin(change, vip, &filter, extack);
}

static int info_set(struct l4lb_change *change,
		    struct l4lb_request *request,
		    struct netlink_ext_ack *extack)
{
	struct l4lb_global global = *l4lb_change_global_now(change);
	int err;

	err = attr_missing(request, L4LB_A_INFO, extack);
	if (!err)
		err = l4lb_parse_info(request->attrs, &global,
				      extack);
	if (err)
		return err;

	return l4lb_change_global(change, &global, extack);
}

/**
 * struct request_kind - a kind of request
 * @policy: of its attributes
 * @maxattr: the last of them
 * @object: which of them says what it is about
 * @apply: makes steps of a change of it
 */
struct request_kind {
	const struct nla_policy *policy;
	int maxattr;
	int object;
	int (*apply)(struct l4lb_change *change,
		     struct l4lb_request *request,
		     struct netlink_ext_ack *extack);
};

static const struct request_kind kinds[L4LB_CMD_MAX + 1] = {
	[L4LB_CMD_VIP_NEW] = {
		l4lb_vip_new_policy, L4LB_A_ALLOW, L4LB_A_VIP,
		vip_new
	},
	[L4LB_CMD_VIP_SET] = {
		l4lb_vip_request_policy, L4LB_A_ALLOW_OP, L4LB_A_VIP,
		vip_set
	},
	[L4LB_CMD_VIP_DEL] = {
		l4lb_vip_name_policy, L4LB_A_VIP, L4LB_A_VIP,
		vip_del
	},
	[L4LB_CMD_REAL_NEW] = {
		l4lb_real_new_policy, L4LB_A_REPLACE, L4LB_A_REAL,
		real_new
	},
	[L4LB_CMD_REAL_SET] = {
		l4lb_real_request_policy, L4LB_A_REAL, L4LB_A_REAL,
		real_set
	},
	[L4LB_CMD_REAL_DEL] = {
		l4lb_real_name_policy, L4LB_A_REAL, L4LB_A_REAL,
		real_del
	},
	[L4LB_CMD_PERSIST_NEW] = {
		l4lb_persist_new_policy, L4LB_A_PERSIST, L4LB_A_PERSIST,
		persist_new
	},
	[L4LB_CMD_PERSIST_DEL] = {
		l4lb_filter_request_policy, L4LB_A_FILTER, L4LB_A_FILTER,
		persist_del
	},
	[L4LB_CMD_INFO_SET] = {
		l4lb_info_request_policy, L4LB_A_INFO, L4LB_A_INFO,
		info_set
	},
};

/**
 * l4lb_request_parse() - find the attributes of a request that was kept
 * @request: request, whose attributes are found by @head and @len
 * @extack: where to explain a failure
 *
 * Context: Process context.
 * Return: 0, or a negative errno.
 */
int l4lb_request_parse(struct l4lb_request *request,
		       struct netlink_ext_ack *extack)
{
	const struct request_kind *kind = &kinds[request->cmd];

	memset(request->attrs, 0, sizeof(request->attrs));

	return __nla_parse(request->attrs, kind->maxattr, request->head,
			   request->len, kind->policy, NL_VALIDATE_STRICT,
			   extack);
}

/**
 * l4lb_request_apply() - make steps of a change of a request
 * @change: change
 * @request: request
 * @extack: where to explain a failure
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, or a negative errno; then the change is to be undone.
 */
int l4lb_request_apply(struct l4lb_change *change,
		       struct l4lb_request *request,
		       struct netlink_ext_ack *extack)
{
	return kinds[request->cmd].apply(change, request, extack);
}

static void request_init(struct l4lb_request *request,
			 const struct genl_info *info)
{
	const int maxattr = kinds[info->genlhdr->cmd].maxattr;

	memset(request, 0, sizeof(*request));
	request->cmd = info->genlhdr->cmd;
	request->head = nlmsg_attrdata(info->nlhdr, GENL_HDRLEN);
	request->len = nlmsg_attrlen(info->nlhdr, GENL_HDRLEN);
	memcpy(request->attrs, info->attrs,
	       array_size(maxattr + 1, sizeof(request->attrs[0])));
}

/* What does not fit to what there is already is no fault of a single detail. */
static void request_blame(const struct l4lb_request *request, int err,
			  struct netlink_ext_ack *extack)
{
	if (!err || err == -ENOMEM || !extack || extack->bad_attr ||
	    extack->miss_type)
		return;

	NL_SET_BAD_ATTR(extack, request->attrs[kinds[request->cmd].object]);
}

/**
 * l4lb_request_doit() - do what a request wants, or keep it for a transaction
 * @skb: the message
 * @info: the request
 *
 * Context: Process context.
 * Return: 0, or a negative errno; then nothing has changed.
 */
int l4lb_request_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct l4lb_net *ln = l4lb_net(genl_info_net(info));
	struct l4lb_request request;
	struct l4lb_change change;
	int err;

	request_init(&request, info);
	mutex_lock(&ln->lock);
	err = l4lb_txn_keep(ln, info->snd_portid, &request, info->extack);
	if (err != -ENOENT)
		goto unlock;

	l4lb_change_begin(&change, ln);
	err = l4lb_request_apply(&change, &request, info->extack);
	if (err)
		l4lb_change_undo(&change);
	else
		err = l4lb_change_commit(&change, info->extack);
	request_blame(&request, err, info->extack);

unlock:
	mutex_unlock(&ln->lock);

	return err;
}
