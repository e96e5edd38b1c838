// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transactions: requests of one socket that count together or not at all.
 *
 * Requests are kept as they came. What they name is looked up when all of them
 * are there, so what others change in the meantime does no harm.
 */

#include "transaction.h"
#include "change.h"
#include "netlink.h"
#include "netns.h"
#include "request.h"

#include <linux/mm.h>
#include <linux/netlink.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <net/genetlink.h>

/*
 * Enough for a namespace with all that it may have, and a limit all the same, for
 * all the transactions that are open in it.
 */
#define TXN_BYTES_MAX	(128U << 20)
#define TXN_BYTES_SMALL	(4U << 20)

/**
 * struct kept - a request that was kept
 * @list: entry in &l4lb_txn.requests
 * @cmd: &enum l4lb_cmd
 * @len: bytes of @attrs
 * @attrs: its attributes
 */
struct kept {
	struct list_head list;
	u8 cmd;
	u32 len;
	u8 attrs[] __aligned(NLA_ALIGNTO);
};

/**
 * struct l4lb_txn - a transaction that has begun
 * @list: entry in &l4lb_net.txns
 * @portid: socket
 * @based: whether it counts on a certain generation
 * @generation: which
 * @bytes: what its requests take
 * @requests: &struct kept in order
 */
struct l4lb_txn {
	struct list_head list;
	u32 portid;
	bool based;
	u32 generation;
	u32 bytes;
	struct list_head requests;
};

static struct l4lb_txn *txn_find(struct l4lb_net *ln, u32 portid)
{
	struct l4lb_txn *txn;

	lockdep_assert_held(&ln->lock);

	list_for_each_entry(txn, &ln->txns, list)
		if (txn->portid == portid)
			return txn;

	return NULL;
}

static void txn_free(struct l4lb_net *ln, struct l4lb_txn *txn)
{
	struct kept *kept, *next;

	if (!txn)
		return;

	ln->txn_bytes -= txn->bytes;
	list_del(&txn->list);
	list_for_each_entry_safe(kept, next, &txn->requests, list)
		kvfree(kept);
	kfree(txn);
}

static bool txn_is_stale(const struct l4lb_net *ln, const struct l4lb_txn *txn,
			 struct netlink_ext_ack *extack)
{
	if (!txn->based || txn->generation == ln->generation)
		return false;

	NL_SET_ERR_MSG(extack, "the configuration has changed meanwhile");

	return true;
}

/**
 * l4lb_txn_begin_doit() - begin a transaction
 * @skb: the message
 * @info: the request
 *
 * Context: Process context.
 * Return: 0, -EBUSY if the socket has one, -ESTALE if it is based on another
 * generation, or -ENOMEM.
 */
int l4lb_txn_begin_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *generation = info->attrs[L4LB_A_GENERATION];
	struct l4lb_net *ln = l4lb_net(genl_info_net(info));
	struct l4lb_txn *txn;
	int err = 0;

	txn = kzalloc(sizeof(*txn), GFP_KERNEL_ACCOUNT);
	if (!txn) {
		NL_SET_ERR_MSG(info->extack, "out of memory");
		return -ENOMEM;
	}
	txn->portid = info->snd_portid;
	txn->based = generation;
	if (generation)
		txn->generation = nla_get_u32(generation);
	INIT_LIST_HEAD(&txn->requests);

	mutex_lock(&ln->lock);
	if (txn_find(ln, txn->portid)) {
		NL_SET_ERR_MSG(info->extack,
			       "the socket has a transaction already");
		err = -EBUSY;
	} else if (txn_is_stale(ln, txn, info->extack)) {
		err = -ESTALE;
	} else {
		list_add_tail(&txn->list, &ln->txns);
	}
	mutex_unlock(&ln->lock);
	if (err)
		kfree(txn);

	return err;
}

/**
 * l4lb_txn_is_open() - whether the socket of a request has a transaction
 * @info: the request
 *
 * Context: Process context.
 * Return: true if it has.
 */
bool l4lb_txn_is_open(struct genl_info *info)
{
	struct l4lb_net *ln = l4lb_net(genl_info_net(info));
	bool open;

	mutex_lock(&ln->lock);
	open = txn_find(ln, info->snd_portid);
	mutex_unlock(&ln->lock);

	return open;
}

static bool txns_have_room(const struct l4lb_net *ln, size_t size)
{
	u32 max = l4lb_net_is_small(ln) ? TXN_BYTES_SMALL : TXN_BYTES_MAX;

	return size <= max - ln->txn_bytes;
}

/**
 * l4lb_txn_keep() - keep a request, if its socket has a transaction
 * @ln: namespace
 * @portid: the socket
 * @request: the request
 * @extack: where to explain a failure
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0 if it was kept, -ENOENT without a transaction, -ENOSPC or -ENOMEM;
 * the transaction is as it was then.
 */
int l4lb_txn_keep(struct l4lb_net *ln, u32 portid,
		  const struct l4lb_request *request,
		  struct netlink_ext_ack *extack)
{
	struct l4lb_txn *txn = txn_find(ln, portid);
	struct kept *kept;
	size_t size;

	if (!txn)
		return -ENOENT;

	size = struct_size(kept, attrs, request->len);
	if (!txns_have_room(ln, size)) {
		NL_SET_ERR_MSG(extack,
			       "the transactions of the namespace are too large");
		return -ENOSPC;
	}

	kept = kvmalloc(size, GFP_KERNEL_ACCOUNT);
	if (!kept) {
		NL_SET_ERR_MSG(extack, "out of memory");
		return -ENOMEM;
	}
	kept->cmd = request->cmd;
	kept->len = request->len;
	memcpy(kept->attrs, request->head, request->len);
	list_add_tail(&kept->list, &txn->requests);
	txn->bytes += size;
	ln->txn_bytes += size;

	return 0;
}

static int txn_apply(const struct l4lb_txn *txn, struct l4lb_change *change,
		     struct netlink_ext_ack *extack)
{
	struct l4lb_request request;
	struct kept *kept;
	u32 n = 0;
	int err;

	list_for_each_entry(kept, &txn->requests, list) {
		change->message = n++;
		request.cmd = kept->cmd;
		request.len = kept->len;
		request.head = (const struct nlattr *)kept->attrs;
		err = l4lb_request_parse(&request, extack);
		if (!err)
			err = l4lb_request_apply(change, &request, extack);
		if (err)
			return err;
		cond_resched();
	}

	return 0;
}

/* What it points to is no part of the message that is being answered. */
static void extack_detach(struct netlink_ext_ack *extack)
{
	if (!extack->_msg)
		extack->_msg = "an attribute is missing or wrong";
	extack->bad_attr = NULL;
	extack->policy = NULL;
	extack->miss_nest = NULL;
	extack->miss_type = 0;
}

/* Comes before the error; without memory for it there is just the error. */
static void fault_send(struct genl_info *info, u32 message)
{
	struct sk_buff *msg;
	void *hdr;

	if (message == L4LB_CHANGE_NO_MESSAGE)
		return;

	msg = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!msg)
		return;
	hdr = genlmsg_put_reply(msg, info, &l4lb_genl_family, 0,
				L4LB_CMD_TXN_COMMIT);
	if (!hdr || nla_put_u32(msg, L4LB_A_TXN_MESSAGE, message)) {
		nlmsg_free(msg);
		return;
	}
	genlmsg_end(msg, hdr);
	genlmsg_reply(msg, info);
}

static int txn_run(struct l4lb_net *ln, const struct l4lb_txn *txn,
		   bool dry_run, u32 *message, struct netlink_ext_ack *extack)
{
	struct l4lb_change change;
	int err;

	if (txn_is_stale(ln, txn, extack))
		return -ESTALE;

	l4lb_change_begin(&change, ln);
	err = txn_apply(txn, &change, extack);
	if (err)
		l4lb_change_undo(&change);
	else if (list_empty(&txn->requests))
		return 0;
	else if (dry_run)
		err = l4lb_change_try(&change, extack);
	else
		err = l4lb_change_commit(&change, extack);
	*message = change.message;

	return err;
}

/**
 * l4lb_txn_commit_doit() - do all that a transaction has gathered
 * @skb: the message
 * @info: the request
 *
 * Context: Process context.
 * Return: 0, or a negative errno; then nothing has changed, and the transaction
 * is over.
 */
int l4lb_txn_commit_doit(struct sk_buff *skb, struct genl_info *info)
{
	const bool dry_run = nla_get_flag(info->attrs[L4LB_A_DRY_RUN]);
	struct l4lb_net *ln = l4lb_net(genl_info_net(info));
	u32 message = L4LB_CHANGE_NO_MESSAGE;
	struct l4lb_txn *txn;
	int err;

	mutex_lock(&ln->lock);
	txn = txn_find(ln, info->snd_portid);
	if (!txn) {
		mutex_unlock(&ln->lock);
		NL_SET_ERR_MSG(info->extack, "the socket has no transaction");
		return -ENOENT;
	}

	err = txn_run(ln, txn, dry_run, &message, info->extack);
	if (err || !dry_run)
		txn_free(ln, txn);
	mutex_unlock(&ln->lock);

	if (err) {
		extack_detach(info->extack);
		fault_send(info, message);
	}

	return err;
}

/**
 * l4lb_txn_abort_doit() - forget a transaction
 * @skb: the message
 * @info: the request
 *
 * Context: Process context.
 * Return: 0, or -ENOENT if the socket has none.
 */
int l4lb_txn_abort_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct l4lb_net *ln = l4lb_net(genl_info_net(info));
	struct l4lb_txn *txn;

	mutex_lock(&ln->lock);
	txn = txn_find(ln, info->snd_portid);
	txn_free(ln, txn);
	mutex_unlock(&ln->lock);

	if (txn)
		return 0;

	NL_SET_ERR_MSG(info->extack, "the socket has no transaction");

	return -ENOENT;
}

/**
 * l4lb_txn_forget() - forget the transaction of a socket that closes
 * @ln: namespace
 * @portid: the socket, which need not have one
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_txn_forget(struct l4lb_net *ln, u32 portid)
{
	txn_free(ln, txn_find(ln, portid));
}

/**
 * l4lb_txn_net_exit() - forget the transactions of a namespace
 * @ln: namespace that ends
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_txn_net_exit(struct l4lb_net *ln)
{
	struct l4lb_txn *txn, *next;

	lockdep_assert_held(&ln->lock);

	list_for_each_entry_safe(txn, next, &ln->txns, list)
		txn_free(ln, txn);
}
