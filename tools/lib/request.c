// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the balancer can be asked and told, one function for each.
 */

#include "request.h"
#include "err.h"
#include "msg.h"
#include "nl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* How often a list is read anew because it changed while it was read. */
#define DUMP_TRIES	20

/* Objects that grow in number while a dump is read. */
struct list {
	char *item;
	size_t size;
	size_t count;
	size_t room;
	void (*release)(void *item);
};

static void *list_grow(struct list *list)
{
	size_t room = list->room ? list->room * 2 : 16;
	char *item;

	if (list->count == list->room) {
		item = reallocarray(list->item, room, list->size);
		if (!item)
			return NULL;
		list->item = item;
		list->room = room;
	}

	return list->item + list->size * list->count++;
}

static void list_clear(struct list *list)
{
	while (list->count)
		list->release(list->item + list->size * --list->count);
}

static void vip_release(void *item)
{
	lb_vip_release(item);
}

static void real_release(void *item)
{
	lb_real_release(item);
}

static int reply(int ret)
{
	if (!ret)
		return MNL_CB_OK;
	errno = -ret;

	return MNL_CB_ERROR;
}

static int info_cb(const struct nlmsghdr *nlh, void *data)
{
	return reply(lb_msg_get_info(nlh, data));
}

static int vip_cb(const struct nlmsghdr *nlh, void *data)
{
	return reply(lb_msg_get_vip(nlh, data));
}

static int real_cb(const struct nlmsghdr *nlh, void *data)
{
	return reply(lb_msg_get_real(nlh, data));
}

static int count_cb(const struct nlmsghdr *nlh, void *data)
{
	return reply(lb_msg_get_count(nlh, data));
}

static int vip_list_cb(const struct nlmsghdr *nlh, void *data)
{
	struct lb_vip *vip = list_grow(data);

	return reply(vip ? lb_msg_get_vip(nlh, vip) : -ENOMEM);
}

static int real_list_cb(const struct nlmsghdr *nlh, void *data)
{
	struct lb_real *real = list_grow(data);

	return reply(real ? lb_msg_get_real(nlh, real) : -ENOMEM);
}

/* Dump reals of a VIP, or of all; or VIPs, if vip is NULL too. */
static int dump(struct lb_nl *nl, uint8_t cmd, const char *vip,
		struct list *list, mnl_cb_t cb, struct lb_err *err)
{
	struct lb_real key = { 0 };
	struct nlmsghdr *nlh;
	int tries = 0, ret;

	do {
		list_clear(list);
		nlh = lb_nl_request(nl, cmd, NLM_F_DUMP);
		if (vip) {
			lb_name_copy(key.vip, vip);
			lb_msg_put_real(nlh, &key);
		}
		ret = lb_nl_talk(nl, nlh, cb, list, err);
	} while (ret == -EINTR && ++tries < DUMP_TRIES);

	if (ret) {
		list_clear(list);
		free(list->item);
		list->item = NULL;
	}

	return ret;
}

/**
 * lb_info_get() - read versions, limits and totals
 * @nl: socket
 * @info: where to
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int lb_info_get(struct lb_nl *nl, struct lb_info *info, struct lb_err *err)
{
	struct nlmsghdr *nlh = lb_nl_request(nl, L4LB_CMD_INFO_GET, 0);

	return lb_nl_talk(nl, nlh, info_cb, info, err);
}

/**
 * lb_info_set() - change what holds for the whole namespace
 * @nl: socket
 * @info: what it has is changed
 * @err: why not; its text is a warning if the result is 0
 *
 * Return: 0 or -errno.
 */
int lb_info_set(struct lb_nl *nl, const struct lb_info *info,
		struct lb_err *err)
{
	struct nlmsghdr *nlh = lb_nl_request(nl, L4LB_CMD_INFO_SET, 0);

	lb_msg_put_info(nlh, info);

	return lb_nl_talk(nl, nlh, NULL, NULL, err);
}

/**
 * lb_vip_get() - read a VIP
 * @nl: socket
 * @name: its name
 * @vip: where to, for lb_vip_release()
 * @err: why not
 *
 * Return: 0 or -errno, -ENOENT if there is none.
 */
int lb_vip_get(struct lb_nl *nl, const char *name, struct lb_vip *vip,
	       struct lb_err *err)
{
	struct nlmsghdr *nlh = lb_nl_request(nl, L4LB_CMD_VIP_GET, 0);
	struct lb_vip key = { 0 };

	lb_name_copy(key.name, name);
	lb_msg_put_vip(nlh, &key);

	return lb_nl_talk(nl, nlh, vip_cb, vip, err);
}

/**
 * lb_vip_list() - read all VIPs
 * @nl: socket
 * @vips: where to, for lb_vip_list_free()
 * @count: how many
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int lb_vip_list(struct lb_nl *nl, struct lb_vip **vips, size_t *count,
		struct lb_err *err)
{
	struct list list = { .size = sizeof(**vips), .release = vip_release };
	int ret;

	ret = dump(nl, L4LB_CMD_VIP_GET, NULL, &list, vip_list_cb, err);
	*vips = (struct lb_vip *)list.item;
	*count = list.count;

	return ret;
}

/**
 * lb_vip_send() - create, change or remove a VIP
 * @nl: socket
 * @cmd: %L4LB_CMD_VIP_NEW, SET or DEL
 * @replace: for NEW: set what exists instead of refusing
 * @vip: the VIP
 * @err: why not; its text is a warning if the result is 0
 *
 * Return: 0 or -errno.
 */
int lb_vip_send(struct lb_nl *nl, uint8_t cmd, bool replace,
		const struct lb_vip *vip, struct lb_err *err)
{
	struct nlmsghdr *nlh = lb_nl_request(nl, cmd, 0);

	lb_msg_put_vip(nlh, vip);
	if (vip->allow_op)
		lb_msg_put_allow(nlh, vip->allow_op, &vip->allow);
	if (replace)
		mnl_attr_put(nlh, L4LB_A_REPLACE, 0, NULL);

	return lb_nl_talk(nl, nlh, NULL, NULL, err);
}

static int allow_cb(const struct nlmsghdr *nlh, void *data)
{
	return reply(lb_msg_get_allow(nlh, data));
}

/**
 * lb_allow_list() - read the clients that a VIP serves
 * @nl: socket
 * @vip: name of the VIP
 * @allow: where to, for lb_allow_free(); empty for any client
 * @err: why not
 *
 * Return: 0 or -errno; -EPERM without the privilege to see them.
 */
int lb_allow_list(struct lb_nl *nl, const char *vip, struct lb_allow *allow,
		  struct lb_err *err)
{
	struct lb_vip key = { 0 };
	struct nlmsghdr *nlh;
	int tries = 0, ret;

	memset(allow, 0, sizeof(*allow));
	lb_name_copy(key.name, vip);
	do {
		allow->count = 0;
		nlh = lb_nl_request(nl, L4LB_CMD_ALLOW_GET, NLM_F_DUMP);
		lb_msg_put_vip(nlh, &key);
		ret = lb_nl_talk(nl, nlh, allow_cb, allow, err);
	} while (ret == -EINTR && ++tries < DUMP_TRIES);
	if (ret)
		lb_allow_free(allow);

	return ret;
}

/**
 * lb_real_get() - read a real
 * @nl: socket
 * @vip: name of its VIP
 * @name: its name
 * @real: where to, for lb_real_release()
 * @err: why not
 *
 * Return: 0 or -errno, -ENOENT if there is none.
 */
int lb_real_get(struct lb_nl *nl, const char *vip, const char *name,
		struct lb_real *real, struct lb_err *err)
{
	struct nlmsghdr *nlh = lb_nl_request(nl, L4LB_CMD_REAL_GET, 0);
	struct lb_real key = { 0 };

	lb_name_copy(key.vip, vip);
	lb_name_copy(key.name, name);
	lb_msg_put_real(nlh, &key);

	return lb_nl_talk(nl, nlh, real_cb, real, err);
}

/**
 * lb_real_list() - read the reals of a VIP, or all
 * @nl: socket
 * @vip: name of the VIP, or NULL for all
 * @reals: where to, for lb_real_list_free()
 * @count: how many
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int lb_real_list(struct lb_nl *nl, const char *vip, struct lb_real **reals,
		 size_t *count, struct lb_err *err)
{
	struct list list = {
		.size = sizeof(**reals),
		.release = real_release,
	};
	int ret;

	ret = dump(nl, L4LB_CMD_REAL_GET, vip, &list, real_list_cb, err);
	*reals = (struct lb_real *)list.item;
	*count = list.count;

	return ret;
}

/**
 * lb_real_send() - create, change or remove a real, or report its health
 * @nl: socket
 * @cmd: %L4LB_CMD_REAL_NEW, SET, DEL or HEALTH
 * @replace: for NEW: set what exists instead of refusing
 * @real: the real
 * @err: why not; its text is a warning if the result is 0
 *
 * Return: 0 or -errno; -ESTALE for a verdict on an epoch that has passed.
 */
int lb_real_send(struct lb_nl *nl, uint8_t cmd, bool replace,
		 const struct lb_real *real, struct lb_err *err)
{
	struct nlmsghdr *nlh = lb_nl_request(nl, cmd, 0);

	lb_msg_put_real(nlh, real);
	if (replace)
		mnl_attr_put(nlh, L4LB_A_REPLACE, 0, NULL);

	return lb_nl_talk(nl, nlh, NULL, NULL, err);
}

/**
 * lb_probe_send() - begin or end a probe
 * @nl: socket
 * @cmd: %L4LB_CMD_PROBE_NEW or DEL
 * @probe: the probe
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int lb_probe_send(struct lb_nl *nl, uint8_t cmd, const struct lb_probe *probe,
		  struct lb_err *err)
{
	struct nlmsghdr *nlh = lb_nl_request(nl, cmd, 0);

	lb_msg_put_probe(nlh, probe);

	return lb_nl_talk(nl, nlh, NULL, NULL, err);
}

/* Who takes the connections of a dump. */
struct conn_sink {
	lb_conn_cb cb;
	void *data;
};

static int conn_cb(const struct nlmsghdr *nlh, void *data)
{
	struct conn_sink *sink = data;
	struct lb_conn conn;
	int ret;

	ret = lb_msg_get_conn(nlh, &conn);
	if (!ret)
		sink->cb(&conn, sink->data);

	return reply(ret);
}

/*
 * What traffic makes comes and goes, so a list of it is never exact, and one
 * that changed while it was read is as good as any.
 */
static int list_matching(struct lb_nl *nl, uint8_t cmd,
			 const struct lb_filter *filter, mnl_cb_t cb,
			 void *data, struct lb_err *err)
{
	struct nlmsghdr *nlh = lb_nl_request(nl, cmd, NLM_F_DUMP);
	int ret;

	lb_msg_put_filter(nlh, filter);
	ret = lb_nl_talk(nl, nlh, cb, data, err);

	return ret == -EINTR ? 0 : ret;
}

static int del_matching(struct lb_nl *nl, uint8_t cmd,
			const struct lb_filter *filter, uint32_t *count,
			struct lb_err *err)
{
	struct nlmsghdr *nlh = lb_nl_request(nl, cmd, 0);

	*count = 0;
	lb_msg_put_filter(nlh, filter);

	return lb_nl_talk(nl, nlh, count_cb, count, err);
}

/**
 * lb_conn_list() - read connections
 * @nl: socket
 * @filter: which are meant
 * @cb: takes each
 * @data: for @cb
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int lb_conn_list(struct lb_nl *nl, const struct lb_filter *filter,
		 lb_conn_cb cb, void *data, struct lb_err *err)
{
	struct conn_sink sink = { .cb = cb, .data = data };

	return list_matching(nl, L4LB_CMD_CONN_GET, filter, conn_cb, &sink,
			     err);
}

/**
 * lb_conn_del() - end connections
 * @nl: socket
 * @filter: which are meant
 * @count: how many it were
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int lb_conn_del(struct lb_nl *nl, const struct lb_filter *filter,
		uint32_t *count, struct lb_err *err)
{
	return del_matching(nl, L4LB_CMD_CONN_DEL, filter, count, err);
}

/* Who takes the persistence entries of a dump. */
struct persist_sink {
	lb_persist_cb cb;
	void *data;
};

static int persist_cb(const struct nlmsghdr *nlh, void *data)
{
	struct persist_sink *sink = data;
	struct lb_persist persist;
	int ret;

	ret = lb_msg_get_persist(nlh, &persist);
	if (!ret)
		sink->cb(&persist, sink->data);

	return reply(ret);
}

/**
 * lb_persist_list() - read persistence entries
 * @nl: socket
 * @filter: which are meant
 * @cb: takes each
 * @data: for @cb
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int lb_persist_list(struct lb_nl *nl, const struct lb_filter *filter,
		    lb_persist_cb cb, void *data, struct lb_err *err)
{
	struct persist_sink sink = { .cb = cb, .data = data };

	return list_matching(nl, L4LB_CMD_PERSIST_GET, filter, persist_cb,
			     &sink, err);
}

/**
 * lb_persist_add() - bind a client to a real, or bind it anew
 * @nl: socket
 * @persist: who to what
 * @err: why not; its text is a warning if the result is 0
 *
 * Return: 0 or -errno.
 */
int lb_persist_add(struct lb_nl *nl, const struct lb_persist *persist,
		   struct lb_err *err)
{
	struct nlmsghdr *nlh = lb_nl_request(nl, L4LB_CMD_PERSIST_NEW, 0);

	lb_msg_put_persist(nlh, persist);

	return lb_nl_talk(nl, nlh, NULL, NULL, err);
}

/**
 * lb_persist_del() - remove persistence entries
 * @nl: socket
 * @filter: which are meant
 * @count: how many it were
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int lb_persist_del(struct lb_nl *nl, const struct lb_filter *filter,
		   uint32_t *count, struct lb_err *err)
{
	return del_matching(nl, L4LB_CMD_PERSIST_DEL, filter, count, err);
}

static int txn_cb(const struct nlmsghdr *nlh, void *data)
{
	return reply(lb_msg_get_txn(nlh, data));
}

/**
 * lb_txn_begin() - begin a transaction
 * @nl: socket; what is sent on it to change VIPs, reals, clients that are bound
 *	and what holds for the namespace is done by lb_txn_commit() or not at all
 * @generation: of the configuration that it is based on
 * @err: why not
 *
 * Return: 0 or -errno; -ESTALE if that generation has passed.
 */
int lb_txn_begin(struct lb_nl *nl, uint32_t generation, struct lb_err *err)
{
	struct nlmsghdr *nlh = lb_nl_request(nl, L4LB_CMD_TXN_BEGIN, 0);

	mnl_attr_put_u32(nlh, L4LB_A_GENERATION, generation);

	return lb_nl_talk(nl, nlh, NULL, NULL, err);
}

/**
 * lb_txn_commit() - end a transaction
 * @nl: socket
 * @dry_run: only see whether it can be done; it goes on then
 * @message: which of those that were sent was refused, the first is 0; -1 if it
 *	was none
 * @err: why not
 *
 * Return: 0 or -errno; then nothing has changed, and the transaction is over.
 */
int lb_txn_commit(struct lb_nl *nl, bool dry_run, int64_t *message,
		  struct lb_err *err)
{
	struct nlmsghdr *nlh = lb_nl_request(nl, L4LB_CMD_TXN_COMMIT, 0);

	*message = -1;
	if (dry_run)
		mnl_attr_put(nlh, L4LB_A_DRY_RUN, 0, NULL);

	return lb_nl_talk(nl, nlh, txn_cb, message, err);
}

/**
 * lb_simple_send() - send a request that takes nothing
 * @nl: socket
 * @cmd: %L4LB_CMD_STATS_RESET, %L4LB_CMD_FLUSH or %L4LB_CMD_TXN_ABORT
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int lb_simple_send(struct lb_nl *nl, uint8_t cmd, struct lb_err *err)
{
	return lb_nl_talk(nl, lb_nl_request(nl, cmd, 0), NULL, NULL, err);
}
