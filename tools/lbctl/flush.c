// SPDX-License-Identifier: GPL-2.0-only
/*
 * lbctl flush: removes everything.
 */

#include "cmd.h"
#include "err.h"
#include "request.h"

static int flush_all(struct cmd *cmd, struct lb_words *words)
{
	struct lb_err err = { 0 };
	int ret;

	ret = cmd_begin(cmd, words);
	if (ret)
		return ret;
	cmd_hold(cmd);
	ret = lb_simple_send(cmd->nl, L4LB_CMD_FLUSH, &err);
	if (!ret)
		cmd->place = true;

	return cmd_result(cmd, ret, &err);
}

const struct verb flush_verbs[] = {
	{ .object = "flush", .name = "all", .usage = "", .run = flush_all },
	{ .object = NULL },
};
