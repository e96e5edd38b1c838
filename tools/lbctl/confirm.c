// SPDX-License-Identifier: GPL-2.0-only
/*
 * lbctl confirm: what was applied is to stay.
 */

#include "cmd.h"
#include "err.h"
#include "rollback.h"

static int confirm(struct cmd *cmd, struct lb_words *words)
{
	struct lb_err err = { 0 };
	int ret;

	ret = lb_words_end(words, &err);
	if (ret)
		return cmd_usage(cmd, ret, &err);
	ret = rollback_confirm(&err);

	return cmd_result(cmd, ret, &err);
}

const struct verb confirm_verbs[] = {
	{ .object = "confirm", .usage = "", .run = confirm },
	{ .object = NULL },
};
