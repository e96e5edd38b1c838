// SPDX-License-Identifier: GPL-2.0-only
/*
 * lbctl conn: connections.
 */

#include "cmd.h"
#include "describe.h"
#include "matching.h"
#include "names.h"
#include "out.h"
#include "request.h"

/* What the real sees in place of the client, if that is something else. */
static void conn_print_source(struct lb_out *out, const struct lb_conn *conn)
{
	char addr[LB_ADDR_TEXT] = "";

	if (conn->source.family)
		lb_addr_print_port(&conn->source, conn->source_port, addr,
				   sizeof(addr));
	lb_out_str(out, NULL, "source", addr);
	if (conn->source.family)
		lb_addr_print(&conn->source, addr, sizeof(addr));
	lb_out_str(out, "source", NULL, addr);
	lb_out_uint(out, "source_port", NULL, conn->source_port);
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
	lb_out_str(cmd->out, "mode", "mode",
		   conn->mode ? lb_names_word(&lb_mode_names, conn->mode) : "");
	conn_print_source(cmd->out, conn);
	describe_time(cmd->out, "idle", "idle", conn->idle);
	describe_time(cmd->out, "left", "expires", conn->left);
	lb_out_bool(cmd->out, "orphan", NULL, conn->orphan);
	lb_out_str(cmd->out, NULL, "note", conn->orphan ? "orphan" : "");
	lb_out_end(cmd->out);
}

static int conn_print_all(struct cmd *cmd, const struct lb_filter *filter,
			  struct lb_err *err)
{
	return lb_conn_list(cmd->nl, filter, conn_print, cmd, err);
}

static const struct matching conns = {
	.key = "conns",
	.removed = "ended",
	.parse = lb_parse_conn_filter,
	.show = conn_print_all,
	.del = lb_conn_del,
};

static int conn_show(struct cmd *cmd, struct lb_words *words)
{
	return matching_show(cmd, words, &conns);
}

static int conn_flush(struct cmd *cmd, struct lb_words *words)
{
	return matching_flush(cmd, words, &conns);
}

#define FILTER_USAGE	"[vip NAME] [real NAME] [src PREFIX] [limit N] [all]"

const struct verb conn_verbs[] = {
	{ .object = "conn", .name = "show", .usage = FILTER_USAGE,
	  .run = conn_show },
	{ .object = "conn", .name = "flush", .usage = FILTER_USAGE,
	  .run = conn_flush },
	{ .object = NULL },
};
