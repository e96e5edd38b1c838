// SPDX-License-Identifier: GPL-2.0-only
/*
 * lbctl version: that of this program, and of the module if it is there.
 */

#include "version.h"
#include "cmd.h"
#include "err.h"
#include "out.h"
#include "request.h"

static int version_module(struct cmd *cmd)
{
	struct lb_err err = { 0 };
	struct lb_info info;
	int ret;

	ret = cmd_open(cmd);
	if (ret)
		return ret;
	ret = lb_info_get(cmd->nl, &info, &err);
	if (ret)
		return cmd_refused(cmd, ret, &err);

	lb_out_str(cmd->out, "module", "module", info.version);

	return EXIT_DONE;
}

static int version(struct cmd *cmd, struct lb_words *words)
{
	struct lb_err err = { 0 };
	int ret;

	ret = lb_words_end(words, &err);
	if (ret)
		return cmd_usage(cmd, ret, &err);

	lb_out_object(cmd->out, NULL);
	lb_out_str(cmd->out, "lbctl", "lbctl", LB_VERSION);
	lb_out_uint(cmd->out, "interface", NULL, L4LB_GENL_VERSION);
	ret = version_module(cmd);
	lb_out_end(cmd->out);

	return ret;
}

const struct verb version_verbs[] = {
	{ .object = "version", .usage = "", .run = version },
	{ .object = NULL },
};
