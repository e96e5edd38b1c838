// SPDX-License-Identifier: GPL-2.0-only
/*
 * What has happened, as the module remembers it.
 */

#include "record.h"
#include "attr.h"
#include "nl.h"

#include <errno.h>
#include <string.h>

static void get_names(const struct nlattr *const tb[LB_TB_MAX],
		      struct lb_record *record)
{
	get_text(record->comm, sizeof(record->comm), tb[L4LB_A_RECORD_COMM]);
	get_text(record->vip, sizeof(record->vip), tb[L4LB_A_RECORD_VIP]);
	get_text(record->real, sizeof(record->real), tb[L4LB_A_RECORD_REAL]);
	get_text(record->reason, sizeof(record->reason),
		 tb[L4LB_A_RECORD_REASON]);
}

static int get_record(const struct nlmsghdr *nlh, struct lb_record *record)
{
	const struct nlattr *top[LB_TB_MAX], *tb[LB_TB_MAX];

	memset(record, 0, sizeof(*record));
	if (parse_message(nlh, top) || !top[L4LB_A_RECORD] ||
	    parse_nest(&lb_record_schema, top[L4LB_A_RECORD], tb))
		return -EBADMSG;

	record->has = get_bits(tb);
	if (tb[L4LB_A_RECORD_CLIENT6])
		record->has |= LB_BIT(L4LB_A_RECORD_CLIENT4);
	record->seq = get_u64(tb[L4LB_A_RECORD_SEQ]);
	record->time = get_u64(tb[L4LB_A_RECORD_TIME]);
	record->event = get_u8(tb[L4LB_A_RECORD_EVENT]);
	record->what = get_u8(tb[L4LB_A_RECORD_WHAT]);
	record->generation = get_u32(tb[L4LB_A_RECORD_GENERATION]);
	record->uid = get_u32(tb[L4LB_A_RECORD_UID]);
	record->pid = get_u32(tb[L4LB_A_RECORD_PID]);
	record->state = get_u8(tb[L4LB_A_RECORD_STATE]);
	record->admin = get_u8(tb[L4LB_A_RECORD_ADMIN]);
	record->health = get_u8(tb[L4LB_A_RECORD_HEALTH]);
	record->weight = get_u32(tb[L4LB_A_RECORD_WEIGHT]);
	record->count = get_u32(tb[L4LB_A_RECORD_COUNT]);
	get_either(tb[L4LB_A_RECORD_CLIENT4], tb[L4LB_A_RECORD_CLIENT6],
		   &record->client);
	get_names(tb, record);

	return 0;
}

/**
 * lb_record_get() - read an event that is told as it happens
 * @nlh: message of a multicast group
 * @record: to be filled
 *
 * Return: 0, -EOPNOTSUPP if it is a message of another kind, or -EBADMSG.
 */
int lb_record_get(const struct nlmsghdr *nlh, struct lb_record *record)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);

	if (genl->cmd != L4LB_CMD_EVENT_NTF)
		return -EOPNOTSUPP;

	return get_record(nlh, record);
}

/* Who takes the events of a dump. */
struct record_sink {
	lb_record_cb cb;
	void *data;
};

static int record_cb(const struct nlmsghdr *nlh, void *data)
{
	struct record_sink *sink = data;
	struct lb_record record;
	int ret;

	ret = get_record(nlh, &record);
	if (ret) {
		errno = -ret;
		return MNL_CB_ERROR;
	}
	sink->cb(&record, sink->data);

	return MNL_CB_OK;
}

/**
 * lb_record_list() - read what has happened
 * @nl: socket
 * @since: from when on, in ms since 1970; 0 for all that is remembered
 * @cb: takes each event, the oldest first
 * @data: for @cb
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int lb_record_list(struct lb_nl *nl, uint64_t since, lb_record_cb cb,
		   void *data, struct lb_err *err)
{
	struct nlmsghdr *nlh = lb_nl_request(nl, L4LB_CMD_EVENT_GET, NLM_F_DUMP);
	struct record_sink sink = { .cb = cb, .data = data };
	struct nlattr *nest;

	if (since) {
		nest = mnl_attr_nest_start(nlh, L4LB_A_RECORD);
		mnl_attr_put_u64(nlh, L4LB_A_RECORD_TIME, since);
		mnl_attr_nest_end(nlh, nest);
	}

	return lb_nl_talk(nl, nlh, record_cb, &sink, err);
}
