// SPDX-License-Identifier: GPL-2.0-only
/*
 * Generic netlink family: the only way in for configuration.
 *
 * Handlers parse, lock, call the tables and tell. They know no packet of the
 * data path; the data path knows no netlink.
 */

#include "netlink.h"
#include "conn.h"
#include "message.h"
#include "netns.h"
#include "notify.h"
#include "parse.h"
#include "persist.h"
#include "real.h"
#include "version.h"
#include "vip.h"

#include <linux/module.h>
#include <net/genetlink.h>
#include <net/sock.h>

MODULE_ALIAS_GENL_FAMILY(L4LB_GENL_NAME);

static struct l4lb_vip *vip_lookup(struct l4lb_net *ln, struct nlattr **attrs,
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

static struct l4lb_real *real_lookup(struct l4lb_net *ln,
				     struct nlattr **attrs,
				     struct netlink_ext_ack *extack)
{
	struct l4lb_vip *vip = vip_lookup(ln, attrs, extack);
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

static bool is_replace(const struct genl_info *info)
{
	return nla_get_flag(info->attrs[L4LB_A_REPLACE]);
}

static int l4lb_nl_vip_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct l4lb_net *ln = l4lb_net(genl_info_net(info));
	struct netlink_ext_ack *extack = info->extack;
	struct l4lb_vip_config config;
	struct l4lb_vip *vip;
	u8 event;
	int err;

	if (!l4lb_parse_vip_name(info->attrs, extack))
		return -EINVAL;

	l4lb_vip_config_init(&config);
	err = l4lb_parse_vip_new(info->attrs, &config, extack);
	if (err)
		return err;

	mutex_lock(&ln->lock);
	vip = l4lb_vip_find(ln, config.name);
	if (vip && is_replace(info)) {
		event = L4LB_EVENT_SET;
		err = l4lb_vip_set(vip, &config, extack);
	} else {
		event = L4LB_EVENT_NEW;
		err = l4lb_vip_add(ln, &config, extack);
	}
	if (!err)
		l4lb_notify_vip(l4lb_vip_find(ln, config.name), event);
	mutex_unlock(&ln->lock);

	return err;
}

static int l4lb_nl_vip_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct l4lb_net *ln = l4lb_net(genl_info_net(info));
	struct l4lb_vip_config config;
	struct l4lb_vip *vip;
	int err;

	mutex_lock(&ln->lock);
	vip = vip_lookup(ln, info->attrs, info->extack);
	if (IS_ERR(vip)) {
		err = PTR_ERR(vip);
		goto unlock;
	}

	config = *l4lb_vip_config(vip);
	err = l4lb_parse_vip_set(info->attrs, &config, info->extack);
	if (!err)
		err = l4lb_vip_set(vip, &config, info->extack);
	if (!err)
		l4lb_notify_vip(vip, L4LB_EVENT_SET);

unlock:
	mutex_unlock(&ln->lock);

	return err;
}

static int l4lb_nl_vip_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct l4lb_net *ln = l4lb_net(genl_info_net(info));
	char name[L4LB_NAME_MAX + 1];
	struct l4lb_vip *vip;
	int err;

	mutex_lock(&ln->lock);
	vip = vip_lookup(ln, info->attrs, info->extack);
	if (IS_ERR(vip)) {
		err = PTR_ERR(vip);
		goto unlock;
	}

	strscpy(name, l4lb_vip_config(vip)->name, sizeof(name));
	err = l4lb_vip_del(vip, info->extack);
	if (!err)
		l4lb_notify_gone(ln, name, NULL);

unlock:
	mutex_unlock(&ln->lock);

	return err;
}

static int l4lb_nl_real_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct l4lb_net *ln = l4lb_net(genl_info_net(info));
	struct netlink_ext_ack *extack = info->extack;
	struct l4lb_real_config config;
	struct l4lb_real *real;
	struct l4lb_vip *vip;
	const char *name;
	u8 event;
	int err;

	name = l4lb_parse_real_name(info->attrs, extack);
	if (!name)
		return -EINVAL;

	mutex_lock(&ln->lock);
	vip = vip_lookup(ln, info->attrs, extack);
	if (IS_ERR(vip)) {
		err = PTR_ERR(vip);
		goto unlock;
	}

	l4lb_real_config_init(&config);
	real = is_replace(info) ? l4lb_real_find(vip, name) : NULL;
	if (real)
		config.admin = real->config.admin;
	err = l4lb_parse_real_new(info->attrs, &config, l4lb_vip_config(vip),
				  extack);
	if (err)
		goto unlock;

	if (real) {
		event = L4LB_EVENT_SET;
		err = l4lb_real_set(real, &config, extack);
	} else {
		event = L4LB_EVENT_NEW;
		err = l4lb_real_add(vip, &config, extack);
	}
	if (!err)
		l4lb_notify_real(l4lb_real_find(vip, config.name), event);

unlock:
	mutex_unlock(&ln->lock);

	return err;
}

static int l4lb_nl_real_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct l4lb_net *ln = l4lb_net(genl_info_net(info));
	struct l4lb_real_config config;
	struct l4lb_real *real;
	struct l4lb_vip *vip;
	int err;

	mutex_lock(&ln->lock);
	real = real_lookup(ln, info->attrs, info->extack);
	if (IS_ERR(real)) {
		err = PTR_ERR(real);
		goto unlock;
	}

	vip = real->vip;
	config = real->config;
	err = l4lb_parse_real_set(info->attrs, &config, l4lb_vip_config(vip),
				  info->extack);
	if (!err)
		err = l4lb_real_set(real, &config, info->extack);
	if (!err)
		l4lb_notify_real(l4lb_real_find(vip, config.name),
				 L4LB_EVENT_SET);

unlock:
	mutex_unlock(&ln->lock);

	return err;
}

static int l4lb_nl_real_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct l4lb_net *ln = l4lb_net(genl_info_net(info));
	char name[L4LB_NAME_MAX + 1];
	struct l4lb_real *real;
	struct l4lb_vip *vip;
	int err;

	mutex_lock(&ln->lock);
	real = real_lookup(ln, info->attrs, info->extack);
	if (IS_ERR(real)) {
		err = PTR_ERR(real);
		goto unlock;
	}

	vip = real->vip;
	strscpy(name, real->config.name, sizeof(name));
	err = l4lb_real_del(real, info->extack);
	if (!err)
		l4lb_notify_gone(ln, l4lb_vip_config(vip)->name, name);

unlock:
	mutex_unlock(&ln->lock);

	return err;
}

static int l4lb_nl_real_health_doit(struct sk_buff *skb,
				    struct genl_info *info)
{
	struct l4lb_net *ln = l4lb_net(genl_info_net(info));
	struct l4lb_verdict verdict;
	struct l4lb_real *real;
	int err;

	mutex_lock(&ln->lock);
	real = real_lookup(ln, info->attrs, info->extack);
	if (IS_ERR(real)) {
		err = PTR_ERR(real);
		goto unlock;
	}

	err = l4lb_parse_verdict(info->attrs, &verdict, info->extack);
	if (err)
		goto unlock;

	if (verdict.epoch && *verdict.epoch != real->epoch) {
		NL_SET_ERR_MSG(info->extack,
			       "the real or its check has changed since");
		err = -ESTALE;
		goto unlock;
	}

	err = l4lb_real_report(real, verdict.health, verdict.reason,
			       info->extack);
	if (err > 0) {
		l4lb_notify_real(real, L4LB_EVENT_HEALTH);
		err = 0;
	}

unlock:
	mutex_unlock(&ln->lock);

	return err;
}

static int filter_lookup(struct l4lb_net *ln, struct nlattr **attrs,
			 struct l4lb_conn_filter *filter,
			 struct netlink_ext_ack *extack)
{
	struct l4lb_vip *vip;
	const char *name;
	int err;

	lockdep_assert_held(&ln->lock);

	err = l4lb_parse_filter(attrs, filter, &name, extack);
	if (err || !name)
		return err;

	vip = l4lb_vip_find(ln, name);
	if (!vip) {
		NL_SET_ERR_MSG_ATTR(extack, attrs[L4LB_A_FILTER],
				    "no such vip");
		return -ENOENT;
	}
	filter->vip = vip->id;

	return 0;
}

/* Ends what a filter means, and says how much that was. */
static int filter_end(struct genl_info *info, int count_attr,
		      u32 (*end)(struct l4lb_net *ln,
				 const struct l4lb_conn_filter *filter))
{
	struct l4lb_net *ln = l4lb_net(genl_info_net(info));
	struct l4lb_conn_filter filter;
	struct sk_buff *msg;
	void *hdr;
	u32 n;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, L4LB_A_FILTER))
		return -EINVAL;

	msg = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	if (!msg)
		return -ENOMEM;

	mutex_lock(&ln->lock);
	err = filter_lookup(ln, info->attrs, &filter, info->extack);
	if (!err)
		n = end(ln, &filter);
	mutex_unlock(&ln->lock);
	if (err)
		goto free;

	err = -EMSGSIZE;
	hdr = genlmsg_put_reply(msg, info, &l4lb_genl_family, 0,
				info->genlhdr->cmd);
	if (!hdr || nla_put_u32(msg, count_attr, n))
		goto free;
	genlmsg_end(msg, hdr);

	return genlmsg_reply(msg, info);

free:
	nlmsg_free(msg);
	return err;
}

static int l4lb_nl_conn_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return filter_end(info, L4LB_A_CONN_COUNT, l4lb_conn_end);
}

static int l4lb_nl_persist_del_doit(struct sk_buff *skb,
				    struct genl_info *info)
{
	return filter_end(info, L4LB_A_PERSIST_COUNT, l4lb_persist_end);
}

static int l4lb_nl_persist_new_doit(struct sk_buff *skb,
				    struct genl_info *info)
{
	struct l4lb_net *ln = l4lb_net(genl_info_net(info));
	struct l4lb_persist_pin pin;
	struct l4lb_real *real;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, L4LB_A_PERSIST))
		return -EINVAL;

	err = l4lb_parse_persist(info->attrs, &pin, info->extack);
	if (err)
		return err;

	mutex_lock(&ln->lock);
	real = real_lookup(ln, info->attrs, info->extack);
	err = IS_ERR(real) ? PTR_ERR(real) :
			     l4lb_persist_pin(real, &pin, info->extack);
	mutex_unlock(&ln->lock);

	return err;
}

static int l4lb_nl_flush_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct l4lb_net *ln = l4lb_net(genl_info_net(info));
	struct l4lb_vip *vip;

	mutex_lock(&ln->lock);
	if (!list_empty(&ln->vips))
		ln->generation++;
	list_for_each_entry(vip, &ln->vips, list)
		l4lb_notify_gone(ln, l4lb_vip_config(vip)->name, NULL);
	l4lb_vip_flush(ln);
	mutex_unlock(&ln->lock);

	return 0;
}

static int l4lb_nl_stats_reset_doit(struct sk_buff *skb,
				    struct genl_info *info)
{
	struct l4lb_net *ln = l4lb_net(genl_info_net(info));
	struct l4lb_vip *vip;
	u8 reason;

	mutex_lock(&ln->lock);
	list_for_each_entry(vip, &ln->vips, list)
		l4lb_vip_stats_reset(vip);
	for (reason = 1; ln->stats && reason <= L4LB_DROP_MAX; reason++)
		ln->drops_base[reason] = l4lb_stats_drops(ln->stats, reason);
	mutex_unlock(&ln->lock);

	return 0;
}

static int put_info(struct sk_buff *msg, struct l4lb_net *ln)
{
	struct nlattr *nest = nla_nest_start(msg, L4LB_A_INFO);

	if (!nest ||
	    nla_put_string(msg, L4LB_A_INFO_VERSION, L4LB_VERSION) ||
	    nla_put_u32(msg, L4LB_A_INFO_VIPS, ln->n_vips) ||
	    nla_put_u32(msg, L4LB_A_INFO_REALS, ln->n_reals) ||
	    nla_put_u32(msg, L4LB_A_INFO_CONNS,
			atomic_read(&ln->conns.count)) ||
	    nla_put_u32(msg, L4LB_A_INFO_CONNS_MAX, ln->conns.max) ||
	    nla_put_u32(msg, L4LB_A_INFO_PERSISTS, l4lb_persist_count(ln)) ||
	    nla_put_u32(msg, L4LB_A_INFO_PERSISTS_MAX, l4lb_persist_max(ln)))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);

	return 0;
}

static int put_all(struct sk_buff *msg, struct l4lb_net *ln)
{
	if (put_info(msg, ln) || l4lb_message_put_totals(msg, ln) ||
	    nla_put_u32(msg, L4LB_A_GENERATION, ln->generation))
		return -EMSGSIZE;

	return 0;
}

static int l4lb_nl_info_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct l4lb_net *ln = l4lb_net(genl_info_net(info));
	struct sk_buff *msg;
	int err = -EMSGSIZE;
	void *hdr;

	msg = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	if (!msg)
		return -ENOMEM;

	hdr = genlmsg_put_reply(msg, info, &l4lb_genl_family, 0,
				L4LB_CMD_INFO_GET);
	if (hdr) {
		mutex_lock(&ln->lock);
		err = put_all(msg, ln);
		mutex_unlock(&ln->lock);
	}
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	genlmsg_end(msg, hdr);

	return genlmsg_reply(msg, info);
}

static int l4lb_nl_vip_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct l4lb_net *ln = l4lb_net(genl_info_net(info));
	struct l4lb_vip *vip;
	struct sk_buff *msg;
	int err = -EMSGSIZE;
	void *hdr;

	msg = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	if (!msg)
		return -ENOMEM;

	hdr = genlmsg_put_reply(msg, info, &l4lb_genl_family, 0,
				L4LB_CMD_VIP_GET);
	if (!hdr)
		goto free;

	mutex_lock(&ln->lock);
	vip = vip_lookup(ln, info->attrs, info->extack);
	err = IS_ERR(vip) ? PTR_ERR(vip) : l4lb_message_put_vip(msg, vip);
	mutex_unlock(&ln->lock);
	if (err)
		goto free;
	genlmsg_end(msg, hdr);

	return genlmsg_reply(msg, info);

free:
	nlmsg_free(msg);
	return err;
}

static int l4lb_nl_real_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct l4lb_net *ln = l4lb_net(genl_info_net(info));
	struct l4lb_real *real;
	struct sk_buff *msg;
	int err = -EMSGSIZE;
	void *hdr;

	msg = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	if (!msg)
		return -ENOMEM;

	hdr = genlmsg_put_reply(msg, info, &l4lb_genl_family, 0,
				L4LB_CMD_REAL_GET);
	if (!hdr)
		goto free;

	mutex_lock(&ln->lock);
	real = real_lookup(ln, info->attrs, info->extack);
	err = IS_ERR(real) ? PTR_ERR(real) : l4lb_message_put_real(msg, real);
	mutex_unlock(&ln->lock);
	if (err)
		goto free;
	genlmsg_end(msg, hdr);

	return genlmsg_reply(msg, info);

free:
	nlmsg_free(msg);
	return err;
}

/**
 * struct dump_cursor - where a dump goes on
 * @vip: id of the last VIP that is done
 * @real: id of the last real that is done
 * @bucket: next bucket of the connections or persistence entries
 * @skip: those of that bucket that are done
 * @sent: how many were sent
 */
struct dump_cursor {
	u32 vip;
	u32 real;
	u32 bucket;
	u32 skip;
	u32 sent;
};

static struct dump_cursor *dump_cursor(struct netlink_callback *cb)
{
	BUILD_BUG_ON(sizeof(struct dump_cursor) > sizeof(cb->ctx));

	return (struct dump_cursor *)cb->ctx;
}

static void *dump_begin(struct sk_buff *msg, struct netlink_callback *cb,
			u8 cmd)
{
	void *hdr;

	hdr = genlmsg_put(msg, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &l4lb_genl_family, NLM_F_MULTI, cmd);
	if (hdr)
		genl_dump_check_consistent(cb, hdr);

	return hdr;
}

static int dump_vip(struct sk_buff *msg, struct netlink_callback *cb,
		    const struct l4lb_vip *vip)
{
	void *hdr = dump_begin(msg, cb, L4LB_CMD_VIP_GET);

	if (!hdr)
		return -EMSGSIZE;
	if (l4lb_message_put_vip(msg, vip)) {
		genlmsg_cancel(msg, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, hdr);

	return 0;
}

static int l4lb_nl_vip_get_dumpit(struct sk_buff *msg,
				  struct netlink_callback *cb)
{
	struct l4lb_net *ln = l4lb_net(sock_net(cb->skb->sk));
	struct nlattr **attrs = genl_info_dump(cb)->attrs;
	struct dump_cursor *cur = dump_cursor(cb);
	const struct l4lb_vip *vip;

	if (attrs[L4LB_A_VIP]) {
		NL_SET_ERR_MSG_ATTR(cb->extack, attrs[L4LB_A_VIP],
				    "a dump is of all vips");
		return -EINVAL;
	}

	mutex_lock(&ln->lock);
	cb->seq = ln->generation;
	list_for_each_entry(vip, &ln->vips, list) {
		if (vip->id <= cur->vip)
			continue;
		if (dump_vip(msg, cb, vip))
			break;
		cur->vip = vip->id;
	}
	mutex_unlock(&ln->lock);

	return msg->len;
}

static int dump_real(struct sk_buff *msg, struct netlink_callback *cb,
		     const struct l4lb_real *real)
{
	void *hdr = dump_begin(msg, cb, L4LB_CMD_REAL_GET);

	if (!hdr)
		return -EMSGSIZE;
	if (l4lb_message_put_real(msg, real)) {
		genlmsg_cancel(msg, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, hdr);

	return 0;
}

/*
 * Reals of a VIP are in the order of creation but for those that moved, which
 * keep their place: a dump that such a change cuts in two is marked as
 * inconsistent, and read again.
 */
static int dump_reals(struct sk_buff *msg, struct netlink_callback *cb,
		      const struct l4lb_vip *vip)
{
	struct dump_cursor *cur = dump_cursor(cb);
	const struct l4lb_real *real;
	u32 n = 0;

	list_for_each_entry(real, &vip->reals, list) {
		if (n++ < cur->real)
			continue;
		if (dump_real(msg, cb, real))
			return -EMSGSIZE;
		cur->real++;
	}

	return 0;
}

static int l4lb_nl_real_get_dumpit(struct sk_buff *msg,
				   struct netlink_callback *cb)
{
	struct l4lb_net *ln = l4lb_net(sock_net(cb->skb->sk));
	struct nlattr **attrs = genl_info_dump(cb)->attrs;
	struct dump_cursor *cur = dump_cursor(cb);
	const struct l4lb_vip *vip, *only = NULL;

	if (attrs[L4LB_A_REAL]) {
		NL_SET_ERR_MSG_ATTR(cb->extack, attrs[L4LB_A_REAL],
				    "a dump is of all reals");
		return -EINVAL;
	}

	mutex_lock(&ln->lock);
	if (attrs[L4LB_A_VIP]) {
		only = vip_lookup(ln, attrs, cb->extack);
		if (IS_ERR(only)) {
			mutex_unlock(&ln->lock);
			return PTR_ERR(only);
		}
	}

	cb->seq = ln->generation;
	list_for_each_entry(vip, &ln->vips, list) {
		if (vip->id <= cur->vip || (only && vip != only))
			continue;
		if (dump_reals(msg, cb, vip))
			break;
		cur->vip = vip->id;
		cur->real = 0;
	}
	mutex_unlock(&ln->lock);

	return msg->len;
}

static int dump_conn(struct sk_buff *msg, struct netlink_callback *cb,
		     const struct l4lb_conn *conn)
{
	void *hdr = dump_begin(msg, cb, L4LB_CMD_CONN_GET);

	if (!hdr)
		return -EMSGSIZE;
	if (l4lb_message_put_conn(msg, conn)) {
		genlmsg_cancel(msg, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, hdr);

	return 0;
}

static int dump_bucket(struct sk_buff *msg, struct netlink_callback *cb,
		       const struct l4lb_conn_table *table,
		       const struct l4lb_conn_filter *filter)
{
	struct dump_cursor *cur = dump_cursor(cb);
	struct l4lb_conn_node *node;
	const struct l4lb_conn *conn;
	int err = 0;
	u32 n = 0;

	rcu_read_lock();
	for (node = rcu_dereference(table->heads[cur->bucket]); node;
	     node = rcu_dereference(node->next)) {
		if (filter->limit && cur->sent == filter->limit)
			break;
		conn = l4lb_conn_of_request(node);
		if (!conn || !l4lb_conn_matches(conn, filter) ||
		    n++ < cur->skip)
			continue;
		err = dump_conn(msg, cb, conn);
		if (err)
			break;
		cur->skip++;
		cur->sent++;
	}
	rcu_read_unlock();

	return err;
}

static int l4lb_nl_conn_get_dumpit(struct sk_buff *msg,
				   struct netlink_callback *cb)
{
	struct l4lb_net *ln = l4lb_net(sock_net(cb->skb->sk));
	struct dump_cursor *cur = dump_cursor(cb);
	struct l4lb_conn_table *table = &ln->conns;
	struct l4lb_conn_filter filter;
	int err;

	mutex_lock(&ln->lock);
	err = filter_lookup(ln, genl_info_dump(cb)->attrs, &filter, cb->extack);
	if (err)
		goto unlock;

	for (; table->heads && cur->bucket <= table->mask; cur->bucket++) {
		if (dump_bucket(msg, cb, table, &filter))
			break;
		cur->skip = 0;
		cond_resched();
	}

unlock:
	mutex_unlock(&ln->lock);

	return err ?: msg->len;
}

static int dump_persist(struct sk_buff *msg, struct netlink_callback *cb,
			const struct l4lb_persist *entry)
{
	void *hdr = dump_begin(msg, cb, L4LB_CMD_PERSIST_GET);

	if (!hdr)
		return -EMSGSIZE;
	if (l4lb_message_put_persist(msg, entry)) {
		genlmsg_cancel(msg, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, hdr);

	return 0;
}

static int dump_persists(struct sk_buff *msg, struct netlink_callback *cb,
			 const struct l4lb_persist_table *table,
			 const struct l4lb_conn_filter *filter)
{
	struct dump_cursor *cur = dump_cursor(cb);
	const struct l4lb_persist *entry;
	int err = 0;
	u32 n = 0;

	rcu_read_lock();
	hlist_for_each_entry_rcu(entry, &table->heads[cur->bucket], node) {
		if (filter->limit && cur->sent == filter->limit)
			break;
		if (!l4lb_persist_matches(entry, filter) || n++ < cur->skip)
			continue;
		err = dump_persist(msg, cb, entry);
		if (err)
			break;
		cur->skip++;
		cur->sent++;
	}
	rcu_read_unlock();

	return err;
}

static int l4lb_nl_persist_get_dumpit(struct sk_buff *msg,
				      struct netlink_callback *cb)
{
	struct l4lb_net *ln = l4lb_net(sock_net(cb->skb->sk));
	const struct l4lb_persist_table *table;
	struct dump_cursor *cur = dump_cursor(cb);
	struct l4lb_conn_filter filter;
	int err;

	mutex_lock(&ln->lock);
	err = filter_lookup(ln, genl_info_dump(cb)->attrs, &filter, cb->extack);
	if (err)
		goto unlock;

	table = rcu_dereference_protected(ln->persists,
					  lockdep_is_held(&ln->lock));
	for (; table && cur->bucket <= table->mask; cur->bucket++) {
		if (dump_persists(msg, cb, table, &filter))
			break;
		cur->skip = 0;
		cond_resched();
	}

unlock:
	mutex_unlock(&ln->lock);

	return err ?: msg->len;
}

static const struct genl_ops l4lb_genl_ops[] = {
	{
		/* No policy: the core refuses every attribute. */
		.cmd		= L4LB_CMD_INFO_GET,
		.doit		= l4lb_nl_info_get_doit,
	},
	{
		.cmd		= L4LB_CMD_VIP_NEW,
		.doit		= l4lb_nl_vip_new_doit,
		.policy		= l4lb_vip_new_policy,
		.maxattr	= L4LB_A_REPLACE,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= L4LB_CMD_VIP_SET,
		.doit		= l4lb_nl_vip_set_doit,
		.policy		= l4lb_vip_request_policy,
		.maxattr	= L4LB_A_VIP,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= L4LB_CMD_VIP_DEL,
		.doit		= l4lb_nl_vip_del_doit,
		.policy		= l4lb_vip_name_policy,
		.maxattr	= L4LB_A_VIP,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= L4LB_CMD_VIP_GET,
		.doit		= l4lb_nl_vip_get_doit,
		.dumpit		= l4lb_nl_vip_get_dumpit,
		.policy		= l4lb_vip_name_policy,
		.maxattr	= L4LB_A_VIP,
	},
	{
		.cmd		= L4LB_CMD_REAL_NEW,
		.doit		= l4lb_nl_real_new_doit,
		.policy		= l4lb_real_new_policy,
		.maxattr	= L4LB_A_REPLACE,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= L4LB_CMD_REAL_SET,
		.doit		= l4lb_nl_real_set_doit,
		.policy		= l4lb_real_request_policy,
		.maxattr	= L4LB_A_REAL,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= L4LB_CMD_REAL_DEL,
		.doit		= l4lb_nl_real_del_doit,
		.policy		= l4lb_real_name_policy,
		.maxattr	= L4LB_A_REAL,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= L4LB_CMD_REAL_GET,
		.doit		= l4lb_nl_real_get_doit,
		.dumpit		= l4lb_nl_real_get_dumpit,
		.policy		= l4lb_real_name_policy,
		.maxattr	= L4LB_A_REAL,
	},
	{
		.cmd		= L4LB_CMD_REAL_HEALTH,
		.doit		= l4lb_nl_real_health_doit,
		.policy		= l4lb_health_request_policy,
		.maxattr	= L4LB_A_REAL,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= L4LB_CMD_CONN_GET,
		.dumpit		= l4lb_nl_conn_get_dumpit,
		.policy		= l4lb_filter_request_policy,
		.maxattr	= L4LB_A_FILTER,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= L4LB_CMD_CONN_DEL,
		.doit		= l4lb_nl_conn_del_doit,
		.policy		= l4lb_filter_request_policy,
		.maxattr	= L4LB_A_FILTER,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= L4LB_CMD_PERSIST_GET,
		.dumpit		= l4lb_nl_persist_get_dumpit,
		.policy		= l4lb_filter_request_policy,
		.maxattr	= L4LB_A_FILTER,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= L4LB_CMD_PERSIST_NEW,
		.doit		= l4lb_nl_persist_new_doit,
		.policy		= l4lb_persist_new_policy,
		.maxattr	= L4LB_A_PERSIST,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= L4LB_CMD_PERSIST_DEL,
		.doit		= l4lb_nl_persist_del_doit,
		.policy		= l4lb_filter_request_policy,
		.maxattr	= L4LB_A_FILTER,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= L4LB_CMD_STATS_RESET,
		.doit		= l4lb_nl_stats_reset_doit,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= L4LB_CMD_FLUSH,
		.doit		= l4lb_nl_flush_doit,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
};

static const struct genl_multicast_group l4lb_genl_groups[] = {
	[L4LB_GROUP_CONFIG]	= { .name = L4LB_MCGRP_CONFIG },
	[L4LB_GROUP_HEALTH]	= { .name = L4LB_MCGRP_HEALTH },
};

/* No .resv_start_op and no .validate: the strictest checks of the core. */
struct genl_family l4lb_genl_family __ro_after_init = {
	.name		= L4LB_GENL_NAME,
	.version	= L4LB_GENL_VERSION,
	.maxattr	= L4LB_A_MAX,
	.netnsok	= true,
	.parallel_ops	= true,
	.module		= THIS_MODULE,
	.ops		= l4lb_genl_ops,
	.n_ops		= ARRAY_SIZE(l4lb_genl_ops),
	.mcgrps		= l4lb_genl_groups,
	.n_mcgrps	= ARRAY_SIZE(l4lb_genl_groups),
};

/**
 * l4lb_netlink_init() - register the family
 *
 * Context: Process context, at load.
 * Return: 0, or a negative errno.
 */
int __init l4lb_netlink_init(void)
{
	return genl_register_family(&l4lb_genl_family);
}

/**
 * l4lb_netlink_exit() - unregister the family
 *
 * Context: Process context.
 */
void l4lb_netlink_exit(void)
{
	genl_unregister_family(&l4lb_genl_family);
}
