// SPDX-License-Identifier: GPL-2.0-only
/*
 * lbctl conn: connections.
 */

#include "cmd.h"
#include "err.h"
#include "names.h"
#include "out.h"
#include "request.h"

#include <errno.h>

/* Whole seconds, because nobody reads more of a time that passes. */
static uint32_t seconds(uint32_t ms)
{
	return ms / 1000 * 1000;
}

static void show_time(struct lb_out *out, const char *key, const char *label,
		      uint32_t ms)
{
	lb_out_span(out, key, NULL, ms);
	lb_out_span(out, NULL, label, seconds(ms));
}

static void conn_print(const struct lb_conn *conn, void *data)
{
	const char *proto = conn->proto == IPPROTO_UDP ? "udp" : "tcp";
	struct cmd *cmd = data;
	char addr[LB_ADDR_TEXT];

	lb_out_object(cmd->out, NULL);
	lb_out_str(cmd->out, "protocol", "protocol", proto);
	lb_out_str(cmd->out, NULL, "client",
		   lb_addr_print_port(&conn->client, conn->client_port, addr,
				      sizeof(addr)));
	lb_out_str(cmd->out, "client", NULL,
		   lb_addr_print(&conn->client, addr, sizeof(addr)));
	lb_out_uint(cmd->out, "client_port", NULL, conn->client_port);
	lb_out_str(cmd->out, "vip", "vip", conn->vip);
	lb_out_uint(cmd->out, "vip_port", "port", conn->vip_port);
	lb_out_str(cmd->out, "real", "real", conn->real);
	lb_out_str(cmd->out, "state", "state",
		   lb_names_word(&lb_conn_state_names, conn->state));
	show_time(cmd->out, "idle", "idle", conn->idle);
	show_time(cmd->out, "left", "expires", conn->left);
	lb_out_bool(cmd->out, "orphan", NULL, conn->orphan);
	lb_out_str(cmd->out, NULL, "note", conn->orphan ? "orphan" : "");
	lb_out_end(cmd->out);
}

static int conn_show(struct cmd *cmd, struct lb_words *words)
{
	struct lb_filter filter;
	struct lb_err err = { 0 };
	bool all;
	int ret;

	cmd_words(cmd, words);
	ret = lb_parse_filter(words, &filter, &all, &err);
	if (ret)
		return cmd_usage(cmd, ret, &err);

	ret = cmd_open(cmd);
	if (ret)
		return ret;

	lb_out_object(cmd->out, NULL);
	lb_out_list(cmd->out, "conns");
	ret = lb_conn_list(cmd->nl, &filter, conn_print, cmd, &err);
	lb_out_end(cmd->out);
	lb_out_end(cmd->out);

	return ret ? cmd_refused(cmd, ret, &err) : EXIT_DONE;
}

static int conn_flush(struct cmd *cmd, struct lb_words *words)
{
	struct lb_filter filter;
	struct lb_err err = { 0 };
	uint32_t count;
	bool all;
	int ret;

	cmd_words(cmd, words);
	ret = lb_parse_filter(words, &filter, &all, &err);
	if (!ret && !all && !filter.has)
		ret = lb_err_set(&err, -ENODATA, "\"all\" or a filter is missing");
	if (ret)
		return cmd_usage(cmd, ret, &err);

	ret = cmd_open(cmd);
	if (ret)
		return ret;

	ret = lb_conn_del(cmd->nl, &filter, &count, &err);
	if (ret)
		return cmd_refused(cmd, ret, &err);

	lb_out_object(cmd->out, NULL);
	lb_out_uint(cmd->out, "conns", "ended", count);
	lb_out_end(cmd->out);

	return EXIT_DONE;
}

#define FILTER_USAGE	"[vip NAME] [real NAME] [src PREFIX] [limit N] [all]"

const struct verb conn_verbs[] = {
	{ .object = "conn", .name = "show", .usage = FILTER_USAGE,
	  .run = conn_show },
	{ .object = "conn", .name = "flush", .usage = FILTER_USAGE,
	  .run = conn_flush },
	{ .object = NULL },
};
