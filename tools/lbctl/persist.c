// SPDX-License-Identifier: GPL-2.0-only
/*
 * lbctl persist: clients bound to reals.
 */

#include "cmd.h"
#include "describe.h"
#include "err.h"
#include "matching.h"
#include "out.h"
#include "request.h"

#include <errno.h>

static void persist_print(const struct lb_persist *persist, void *data)
{
	struct cmd *cmd = data;

	lb_out_object(cmd->out, NULL);
	describe_persist(cmd->out, persist);
	lb_out_end(cmd->out);
}

static int persist_print_all(struct cmd *cmd, const struct lb_filter *filter,
			     struct lb_err *err)
{
	return lb_persist_list(cmd->nl, filter, persist_print, cmd, err);
}

static const struct matching persists = {
	.key = "persists",
	.removed = "removed",
	.parse = lb_parse_persist_filter,
	.show = persist_print_all,
	.del = lb_persist_del,
};

static int persist_show(struct cmd *cmd, struct lb_words *words)
{
	return matching_show(cmd, words, &persists);
}

static int persist_flush(struct cmd *cmd, struct lb_words *words)
{
	return matching_flush(cmd, words, &persists);
}

static int persist_add(struct cmd *cmd, struct lb_words *words)
{
	struct lb_persist persist;
	struct lb_err err = { 0 };
	int ret;

	cmd_words(cmd, words);
	ret = lb_parse_persist_new(words, &persist, &err);
	if (ret)
		return cmd_usage(cmd, ret, &err);

	ret = cmd_open(cmd);
	if (ret)
		return ret;
	ret = lb_persist_add(cmd->nl, &persist, &err);

	return cmd_result(cmd, ret, &err);
}

static int persist_del(struct cmd *cmd, struct lb_words *words)
{
	struct lb_filter filter;
	struct lb_err err = { 0 };
	uint32_t count;
	int ret;

	cmd_words(cmd, words);
	ret = lb_parse_persist_del(words, &filter, &err);
	if (ret)
		return cmd_usage(cmd, ret, &err);

	ret = cmd_open(cmd);
	if (ret)
		return ret;
	ret = lb_persist_del(cmd->nl, &filter, &count, &err);
	if (!ret && !count)
		ret = lb_err_set(&err, -ENOENT,
				 "the client is not bound to a real");

	return cmd_result(cmd, ret, &err);
}

#define FILTER_USAGE	"[vip NAME] [src PREFIX] [real NAME] [all]"
#define KEY_USAGE	"vip NAME src ADDRESS"

const struct verb persist_verbs[] = {
	{ .object = "persist", .name = "show", .usage = FILTER_USAGE,
	  .run = persist_show },
	{ .object = "persist", .name = "flush", .usage = FILTER_USAGE,
	  .run = persist_flush },
	{ .object = "persist", .name = "add",
	  .usage = KEY_USAGE " real NAME [for TIME|forever]",
	  .run = persist_add },
	{ .object = "persist", .name = "del", .usage = KEY_USAGE,
	  .run = persist_del },
	{ .object = NULL },
};
