// SPDX-License-Identifier: GPL-2.0-only
/*
 * What traffic makes, connections and persistence entries: those that match a
 * filter are shown or removed.
 */

#include "matching.h"
#include "cmd.h"
#include "err.h"
#include "out.h"

#include <errno.h>

/**
 * matching_show() - show those that match
 * @cmd: command
 * @words: its arguments
 * @what: connections or persistence entries
 *
 * Return: the exit status.
 */
int matching_show(struct cmd *cmd, struct lb_words *words,
		  const struct matching *what)
{
	struct lb_filter filter;
	struct lb_err err = { 0 };
	int ret;

	cmd_words(cmd, words);
	ret = what->parse(words, &filter, &err);
	if (ret)
		return cmd_usage(cmd, ret, &err);

	ret = cmd_open(cmd);
	if (ret)
		return ret;

	lb_out_object(cmd->out, NULL);
	lb_out_list(cmd->out, what->key);
	ret = what->show(cmd, &filter, &err);
	lb_out_end(cmd->out);
	lb_out_end(cmd->out);

	return ret ? cmd_refused(cmd, ret, &err) : EXIT_DONE;
}

/**
 * matching_flush() - remove those that match, and show how many it were
 * @cmd: command
 * @words: its arguments
 * @what: connections or persistence entries
 *
 * Return: the exit status.
 */
int matching_flush(struct cmd *cmd, struct lb_words *words,
		   const struct matching *what)
{
	struct lb_filter filter;
	struct lb_err err = { 0 };
	uint32_t count;
	int ret;

	cmd_words(cmd, words);
	ret = what->parse(words, &filter, &err);
	if (!ret && !filter.all && !filter.has)
		ret = lb_err_set(&err, -ENODATA, "\"all\" or a filter is missing");
	if (ret)
		return cmd_usage(cmd, ret, &err);

	ret = cmd_open(cmd);
	if (ret)
		return ret;

	ret = what->del(cmd->nl, &filter, &count, &err);
	if (ret)
		return cmd_refused(cmd, ret, &err);

	lb_out_object(cmd->out, NULL);
	lb_out_uint(cmd->out, what->key, what->removed, count);
	lb_out_end(cmd->out);

	return EXIT_DONE;
}
