// SPDX-License-Identifier: GPL-2.0-only
/*
 * Generic netlink family: the only way in for configuration.
 *
 * Handlers parse, lock, call the tables and tell. They know no packet of the
 * data path; the data path knows no netlink.
 */

#include "netlink.h"
#include "allow.h"
#include "conn.h"
#include "event.h"
#include "lookup.h"
#include "message.h"
#include "netns.h"
#include "notify.h"
#include "parse.h"
#include "persist.h"
#include "probe.h"
#include "real.h"
#include "request.h"
#include "trace.h"
#include "transaction.h"
#include "version.h"
#include "vip.h"

#include <linux/module.h>
#include <net/genetlink.h>
#include <net/sock.h>

MODULE_ALIAS_GENL_FAMILY(L4LB_GENL_NAME);

static int l4lb_nl_real_health_doit(struct sk_buff *skb,
				    struct genl_info *info)
{
	struct l4lb_net *ln = l4lb_net(genl_info_net(info));
	struct l4lb_verdict verdict;
	struct l4lb_real *real;
	int err;

	mutex_lock(&ln->lock);
	real = l4lb_lookup_real(ln, info->attrs, info->extack);
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

	err = l4lb_real_report(real, &verdict, info->extack);
	if (err > 0) {
		l4lb_notify_real(real, L4LB_EVENT_HEALTH);
		l4lb_notify_state(real->vip);
		err = 0;
	}

unlock:
	mutex_unlock(&ln->lock);

	return err;
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

	if (l4lb_attr_misses(info->extack, NULL, info->attrs, L4LB_A_FILTER))
		return -EINVAL;

	msg = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	if (!msg)
		return -ENOMEM;

	mutex_lock(&ln->lock);
	err = l4lb_lookup_filter(ln, info->attrs, &filter, info->extack);
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

static u32 conn_end(struct l4lb_net *ln, const struct l4lb_conn_filter *filter)
{
	u32 n = l4lb_conn_end(ln, filter);

	if (n)
		l4lb_notify_count(ln, L4LB_RECORD_CONN, n);

	return n;
}

static int l4lb_nl_conn_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return filter_end(info, L4LB_A_CONN_COUNT, conn_end);
}

/* How many there are is known in a transaction when that is over. */
static int l4lb_nl_persist_del_doit(struct sk_buff *skb,
				    struct genl_info *info)
{
	if (l4lb_txn_is_open(info))
		return l4lb_request_doit(skb, info);

	return filter_end(info, L4LB_A_PERSIST_COUNT, l4lb_persist_end);
}

static int probe_change(struct genl_info *info,
			int (*change)(struct l4lb_real *real,
				      const struct l4lb_probe_key *key,
				      struct netlink_ext_ack *extack))
{
	struct l4lb_net *ln = l4lb_net(genl_info_net(info));
	struct l4lb_probe_key key;
	struct l4lb_real *real;
	int err;

	if (l4lb_attr_misses(info->extack, NULL, info->attrs, L4LB_A_PROBE))
		return -EINVAL;

	err = l4lb_parse_probe(info->attrs, &key, info->extack);
	if (err)
		return err;

	mutex_lock(&ln->lock);
	real = l4lb_lookup_real(ln, info->attrs, info->extack);
	err = IS_ERR(real) ? PTR_ERR(real) : change(real, &key, info->extack);
	mutex_unlock(&ln->lock);

	return err;
}

static int l4lb_nl_probe_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	return probe_change(info, l4lb_probe_add);
}

static int l4lb_nl_probe_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return probe_change(info, l4lb_probe_del);
}

static int l4lb_nl_flush_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct l4lb_net *ln = l4lb_net(genl_info_net(info));
	struct l4lb_vip *vip;

	mutex_lock(&ln->lock);
	if (!list_empty(&ln->vips)) {
		ln->generation++;
		l4lb_event_count(ln, L4LB_EVENT_DEL, L4LB_RECORD_ALL,
				 ln->n_vips);
	}
	list_for_each_entry(vip, &ln->vips, list)
		l4lb_notify_gone(ln, l4lb_vip_config(vip)->name, NULL);
	l4lb_vip_flush(ln);
	l4lb_net_stop(ln);
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
		ln->drops_base[reason] = l4lb_stats_drops(&ln->stats->drops,
							  reason);
	memset(&ln->past, 0, sizeof(ln->past));
	l4lb_event_count(ln, L4LB_EVENT_SET, L4LB_RECORD_STATS, 0);
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
	    nla_put_u32(msg, L4LB_A_INFO_PERSISTS, l4lb_persist_count(ln)) ||
	    l4lb_message_put_global(msg, ln) ||
	    nla_put_u8(msg, L4LB_A_INFO_FLOOD,
		       ln->started && l4lb_flood_is_on(&ln->conns.flood)))
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

/* Whether the sender of a request may see what is not for everybody. */
static bool reads_all(struct sk_buff *skb)
{
	return netlink_ns_capable(skb, sock_net(skb->sk)->user_ns,
				  CAP_NET_ADMIN);
}

static int l4lb_nl_vip_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct l4lb_net *ln = l4lb_net(genl_info_net(info));
	struct l4lb_vip *vip;
	struct sk_buff *msg;
	int err = -EMSGSIZE;
	void *hdr;

	msg = genlmsg_new(L4LB_MESSAGE_SIZE, GFP_KERNEL);
	if (!msg)
		return -ENOMEM;

	hdr = genlmsg_put_reply(msg, info, &l4lb_genl_family, 0,
				L4LB_CMD_VIP_GET);
	if (!hdr)
		goto free;

	mutex_lock(&ln->lock);
	vip = l4lb_lookup_vip(ln, info->attrs, info->extack);
	err = IS_ERR(vip) ? PTR_ERR(vip) :
			    l4lb_message_put_vip(msg, vip, reads_all(skb));
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

	msg = genlmsg_new(L4LB_MESSAGE_SIZE, GFP_KERNEL);
	if (!msg)
		return -ENOMEM;

	hdr = genlmsg_put_reply(msg, info, &l4lb_genl_family, 0,
				L4LB_CMD_REAL_GET);
	if (!hdr)
		goto free;

	mutex_lock(&ln->lock);
	real = l4lb_lookup_real(ln, info->attrs, info->extack);
	err = IS_ERR(real) ? PTR_ERR(real) :
			     l4lb_message_put_real(msg, real, reads_all(skb));
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

static int dump_end(struct sk_buff *msg, void *hdr, int err)
{
	if (err)
		genlmsg_cancel(msg, hdr);
	else
		genlmsg_end(msg, hdr);

	return err;
}

static int dump_vip(struct sk_buff *msg, struct netlink_callback *cb,
		    const struct l4lb_vip *vip)
{
	void *hdr = dump_begin(msg, cb, L4LB_CMD_VIP_GET);

	if (!hdr)
		return -EMSGSIZE;

	return dump_end(msg, hdr,
			l4lb_message_put_vip(msg, vip, reads_all(cb->skb)));
}

/* The largest VIP has to fit, whatever room the reader offers. */
static int dump_start(struct netlink_callback *cb)
{
	cb->min_dump_alloc = L4LB_MESSAGE_SIZE;

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

	return dump_end(msg, hdr,
			l4lb_message_put_real(msg, real, reads_all(cb->skb)));
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
		only = l4lb_lookup_vip(ln, attrs, cb->extack);
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

/* A bucket has to fit; the number is what parts of one are told by. */
static int dump_buckets_start(struct netlink_callback *cb)
{
	cb->min_dump_alloc = L4LB_DUMP_SIZE;
	cb->seq = 1;

	return 0;
}

static int dump_conn(struct sk_buff *msg, struct netlink_callback *cb,
		     const struct l4lb_conn *conn)
{
	void *hdr = dump_begin(msg, cb, L4LB_CMD_CONN_GET);

	if (!hdr)
		return -EMSGSIZE;

	return dump_end(msg, hdr, l4lb_message_put_conn(msg, conn));
}

/*
 * Entries have no order, and new ones come first: a bucket that does not fit any
 * more is begun again in the next message, whole. One that would fill a message
 * by itself goes in parts that are marked as inconsistent.
 */
static int dump_bucket_end(struct sk_buff *msg, struct netlink_callback *cb,
			   const struct dump_cursor *before, u32 len, int err)
{
	struct dump_cursor *cur = dump_cursor(cb);

	if (!err) {
		cur->skip = 0;
		cur->bucket++;
	} else if (len) {
		skb_trim(msg, len);
		*cur = *before;
	} else {
		cb->seq++;
	}

	return err;
}

static int dump_bucket(struct sk_buff *msg, struct netlink_callback *cb,
		       const struct l4lb_conn_table *table,
		       const struct l4lb_conn_filter *filter)
{
	const struct dump_cursor before = *dump_cursor(cb);
	const u32 len = msg->len;
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

	return dump_bucket_end(msg, cb, &before, len, err);
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
	err = l4lb_lookup_filter(ln, genl_info_dump(cb)->attrs, &filter,
				 cb->extack);
	if (err)
		goto unlock;

	while (table->heads && cur->bucket <= table->mask &&
	       !dump_bucket(msg, cb, table, &filter))
		cond_resched();

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

	return dump_end(msg, hdr, l4lb_message_put_persist(msg, entry));
}

static int dump_persists(struct sk_buff *msg, struct netlink_callback *cb,
			 const struct l4lb_persist_table *table,
			 const struct l4lb_conn_filter *filter)
{
	const struct dump_cursor before = *dump_cursor(cb);
	const u32 len = msg->len;
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

	return dump_bucket_end(msg, cb, &before, len, err);
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
	err = l4lb_lookup_filter(ln, genl_info_dump(cb)->attrs, &filter,
				 cb->extack);
	if (err)
		goto unlock;

	table = rcu_dereference_protected(ln->persists,
					  lockdep_is_held(&ln->lock));
	while (table && cur->bucket <= table->mask &&
	       !dump_persists(msg, cb, table, &filter))
		cond_resched();

unlock:
	mutex_unlock(&ln->lock);

	return err ?: msg->len;
}

/* What is left of a list that has changed meanwhile is marked as inconsistent. */
static int l4lb_nl_allow_get_dumpit(struct sk_buff *msg,
				    struct netlink_callback *cb)
{
	struct l4lb_net *ln = l4lb_net(sock_net(cb->skb->sk));
	struct nlattr **attrs = genl_info_dump(cb)->attrs;
	struct dump_cursor *cur = dump_cursor(cb);
	const struct l4lb_allow *allow;
	const struct l4lb_vip *vip;
	int err = 0;
	void *hdr;
	u32 n;

	if (!attrs[L4LB_A_VIP]) {
		NL_SET_ERR_MSG(cb->extack, "the vip is missing");
		return -EINVAL;
	}

	mutex_lock(&ln->lock);
	vip = l4lb_lookup_vip(ln, attrs, cb->extack);
	if (IS_ERR(vip)) {
		err = PTR_ERR(vip);
		goto unlock;
	}

	cb->seq = ln->generation;
	allow = l4lb_vip_allow(vip);
	if (!allow || cur->sent >= allow->n)
		goto unlock;

	hdr = dump_begin(msg, cb, L4LB_CMD_ALLOW_GET);
	if (!hdr)
		goto unlock;
	n = l4lb_message_put_allow(msg, allow, cur->sent);
	if (n)
		genlmsg_end(msg, hdr);
	else
		genlmsg_cancel(msg, hdr);
	cur->sent += n;

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
		.cmd		= L4LB_CMD_INFO_SET,
		.doit		= l4lb_request_doit,
		.policy		= l4lb_info_request_policy,
		.maxattr	= L4LB_A_INFO,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= L4LB_CMD_VIP_NEW,
		.doit		= l4lb_request_doit,
		.policy		= l4lb_vip_new_policy,
		.maxattr	= L4LB_A_ALLOW,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= L4LB_CMD_VIP_SET,
		.doit		= l4lb_request_doit,
		.policy		= l4lb_vip_request_policy,
		.maxattr	= L4LB_A_ALLOW_OP,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= L4LB_CMD_VIP_DEL,
		.doit		= l4lb_request_doit,
		.policy		= l4lb_vip_name_policy,
		.maxattr	= L4LB_A_VIP,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= L4LB_CMD_VIP_GET,
		.doit		= l4lb_nl_vip_get_doit,
		.start		= dump_start,
		.dumpit		= l4lb_nl_vip_get_dumpit,
		.policy		= l4lb_vip_name_policy,
		.maxattr	= L4LB_A_VIP,
	},
	{
		.cmd		= L4LB_CMD_REAL_NEW,
		.doit		= l4lb_request_doit,
		.policy		= l4lb_real_new_policy,
		.maxattr	= L4LB_A_REPLACE,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= L4LB_CMD_REAL_SET,
		.doit		= l4lb_request_doit,
		.policy		= l4lb_real_request_policy,
		.maxattr	= L4LB_A_REAL,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= L4LB_CMD_REAL_DEL,
		.doit		= l4lb_request_doit,
		.policy		= l4lb_real_name_policy,
		.maxattr	= L4LB_A_REAL,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= L4LB_CMD_REAL_GET,
		.doit		= l4lb_nl_real_get_doit,
		.start		= dump_start,
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
		.start		= dump_buckets_start,
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
		.start		= dump_buckets_start,
		.dumpit		= l4lb_nl_persist_get_dumpit,
		.policy		= l4lb_filter_request_policy,
		.maxattr	= L4LB_A_FILTER,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= L4LB_CMD_PROBE_NEW,
		.doit		= l4lb_nl_probe_new_doit,
		.policy		= l4lb_probe_policy,
		.maxattr	= L4LB_A_PROBE,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= L4LB_CMD_PROBE_DEL,
		.doit		= l4lb_nl_probe_del_doit,
		.policy		= l4lb_probe_policy,
		.maxattr	= L4LB_A_PROBE,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= L4LB_CMD_PERSIST_NEW,
		.doit		= l4lb_request_doit,
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
		.cmd		= L4LB_CMD_ALLOW_GET,
		.dumpit		= l4lb_nl_allow_get_dumpit,
		.policy		= l4lb_vip_name_policy,
		.maxattr	= L4LB_A_VIP,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= L4LB_CMD_EXPLAIN_GET,
		.doit		= l4lb_nl_explain_get_doit,
		.policy		= l4lb_explain_request_policy,
		.maxattr	= L4LB_A_EXPLAIN,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= L4LB_CMD_EVENT_GET,
		.dumpit		= l4lb_nl_event_get_dumpit,
		.policy		= l4lb_event_request_policy,
		.maxattr	= L4LB_A_RECORD,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= L4LB_CMD_TRACE_SET,
		.doit		= l4lb_nl_trace_set_doit,
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
	{
		.cmd		= L4LB_CMD_TXN_BEGIN,
		.doit		= l4lb_txn_begin_doit,
		.policy		= l4lb_txn_begin_policy,
		.maxattr	= L4LB_A_GENERATION,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= L4LB_CMD_TXN_COMMIT,
		.doit		= l4lb_txn_commit_doit,
		.policy		= l4lb_txn_commit_policy,
		.maxattr	= L4LB_A_DRY_RUN,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		/* No policy: the core refuses every attribute. */
		.cmd		= L4LB_CMD_TXN_ABORT,
		.doit		= l4lb_txn_abort_doit,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
};

static const struct genl_multicast_group l4lb_genl_groups[] = {
	[L4LB_GROUP_CONFIG]	= { .name = L4LB_MCGRP_CONFIG },
	[L4LB_GROUP_HEALTH]	= { .name = L4LB_MCGRP_HEALTH },
	[L4LB_GROUP_CLIENT]	= { .name = L4LB_MCGRP_CLIENT,
				    .flags = GENL_MCAST_CAP_NET_ADMIN },
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

/*
 * A socket that closes takes its transaction with it, and is told of no more
 * packets. Most sockets of generic netlink are others' and have neither.
 */
static int socket_event(struct notifier_block *nb, unsigned long event,
			void *ptr)
{
	const struct netlink_notify *notify = ptr;
	struct l4lb_net *ln;

	if (event != NETLINK_URELEASE || notify->protocol != NETLINK_GENERIC)
		return NOTIFY_DONE;

	ln = l4lb_net(notify->net);
	if (list_empty(&ln->txns) && !rcu_access_pointer(ln->tracer))
		return NOTIFY_DONE;

	mutex_lock(&ln->lock);
	l4lb_txn_forget(ln, notify->portid);
	l4lb_trace_stop(ln, notify->portid);
	mutex_unlock(&ln->lock);

	return NOTIFY_DONE;
}

static struct notifier_block socket_notifier = {
	.notifier_call = socket_event,
};

/**
 * l4lb_netlink_init() - register the family
 *
 * Context: Process context, at load, when namespaces are ready.
 * Return: 0, or a negative errno.
 */
int __init l4lb_netlink_init(void)
{
	int err;

	err = netlink_register_notifier(&socket_notifier);
	if (err)
		return err;

	err = genl_register_family(&l4lb_genl_family);
	if (err)
		netlink_unregister_notifier(&socket_notifier);

	return err;
}

/**
 * l4lb_netlink_exit() - unregister the family
 *
 * Context: Process context.
 */
void l4lb_netlink_exit(void)
{
	genl_unregister_family(&l4lb_genl_family);
	netlink_unregister_notifier(&socket_notifier);
}
