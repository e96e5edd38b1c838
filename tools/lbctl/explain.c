// SPDX-License-Identifier: GPL-2.0-only
/*
 * lbctl explain: what would become of a client's packet, and why.
 *
 * In text each step of the decision is a line, in the order in which packets are
 * looked at.
 */

#include "explain.h"
#include "cmd.h"
#include "duration.h"
#include "err.h"
#include "names.h"
#include "out.h"
#include "request.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for any line, and for any address on a link. */
#define LINE_TEXT	256
#define MAC_TEXT	(3 * MAX_ADDR_LEN)

static const char *const standing_texts[] = {
	[L4LB_STANDING_CHOSEN]	= "",
	[L4LB_STANDING_SERVES]	= "another time",
	[L4LB_STANDING_FULL]	= "has its most connections",
	[L4LB_STANDING_WEIGHT]	= "its weight is 0",
	[L4LB_STANDING_DRAIN]	= "takes no new clients",
	[L4LB_STANDING_HALT]	= "takes no connections",
	[L4LB_STANDING_UNKNOWN]	= "waits for its first good check",
	[L4LB_STANDING_SICK]	= "answers its checks wrongly",
	[L4LB_STANDING_DOWN]	= "does not answer its checks",
};

static const char *const result_texts[] = {
	[L4LB_EXPLAIN_LOCAL]	= "goes to this host itself",
	[L4LB_EXPLAIN_NO_VIP]	= "left to the host: no vip has the address",
	[L4LB_EXPLAIN_NO_PORT]	= "left to the host: no vip has the port",
	[L4LB_EXPLAIN_NO_ADDRESS] =
		"left to the host: the vip's address is not on it",
	[L4LB_EXPLAIN_STANDBY]	= "left to the host: the balancer stands back",
};

static void line(struct cmd *cmd, const char *label, const char *fmt, ...)
	__printf(3, 4);

/* A step, in text only. */
static void line(struct cmd *cmd, const char *label, const char *fmt, ...)
{
	char text[LINE_TEXT];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	lb_out_str(cmd->out, NULL, label, text);
}

static const char *mac_print(const struct lb_hop *hop, char *buf, size_t size)
{
	size_t i, used = 0;

	*buf = '\0';
	for (i = 0; i < hop->mac_len; i++)
		used += (size_t)snprintf(buf + used, size - used, "%s%02x",
					 i ? ":" : "", hop->mac[i]);

	return buf;
}

static void show_packet(struct cmd *cmd, const struct lb_explain_query *query)
{
	const char *proto = lb_names_word(&lb_protos_names, query->proto);
	char from[LB_ADDR_TEXT], to[LB_ADDR_TEXT];

	lb_addr_print_port(&query->client, query->client_port, from,
			   sizeof(from));
	lb_addr_print_port(&query->addr, query->port, to, sizeof(to));
	line(cmd, "packet", "%s from %s to %s",
	     query->proto == L4LB_PROTO_TCP ? "tcp SYN" : "udp", from, to);

	lb_out_str(cmd->out, "client", NULL,
		   lb_addr_print(&query->client, from, sizeof(from)));
	lb_out_uint(cmd->out, "client_port", NULL, query->client_port);
	lb_out_str(cmd->out, "address", NULL,
		   lb_addr_print(&query->addr, to, sizeof(to)));
	lb_out_uint(cmd->out, "port", NULL, query->port);
	lb_out_str(cmd->out, "protocol", NULL, proto);
}

static void show_vip(struct cmd *cmd, const struct lb_explain *explain)
{
	bool looked = lb_has(explain->has, L4LB_A_EXPLAIN_HOOK);

	lb_out_str(cmd->out, "vip", "vip", explain->vip);
	if (!looked)
		return;

	lb_out_str(cmd->out, "hook", "hook",
		   lb_names_word(&lb_hook_names, explain->hook));
	lb_out_uint(cmd->out, "allow_count", NULL, explain->allows);
	if (!explain->allows)
		line(cmd, "allow", "any");
	else
		line(cmd, "allow", "%s of %u ranges",
		     explain->drop == L4LB_DROP_NOT_ALLOWED ? "in none" :
							      "in one",
		     explain->allows);
}

static void show_conn(struct cmd *cmd, const struct lb_explain_query *query,
		      const struct lb_explain *explain)
{
	const char *state = lb_names_word(&lb_conn_state_names,
					  explain->conn.state);
	const struct lb_conn *conn = &explain->conn;
	char idle[LB_DURATION_TEXT], left[LB_DURATION_TEXT];

	if (!explain->has_conn) {
		line(cmd, "connection", query->client_port ? "none" :
		     "not looked up: that takes the client's port");
		return;
	}

	lb_duration_print(conn->idle / 1000 * 1000, idle, sizeof(idle));
	lb_duration_print(conn->left / 1000 * 1000, left, sizeof(left));
	line(cmd, "connection", "%s with %s, idle %s, expires in %s%s", state,
	     conn->real, idle, left,
	     !conn->orphan ? "" :
	     explain->orphan == L4LB_ORPHAN_KEEP ? ", orphan, kept" :
	     explain->orphan == L4LB_ORPHAN_DROP ?
	     ", orphan: its other packets are dropped" :
	     ", orphan: its other packets get a reset");

	lb_out_object(cmd->out, "conn");
	lb_out_str(cmd->out, "real", NULL, conn->real);
	lb_out_str(cmd->out, "state", NULL, state);
	lb_out_span(cmd->out, "idle", NULL, conn->idle);
	lb_out_span(cmd->out, "left", NULL, conn->left);
	lb_out_bool(cmd->out, "orphan", NULL, conn->orphan);
	if (lb_has(explain->has, L4LB_A_EXPLAIN_ORPHAN))
		lb_out_str(cmd->out, "answer", NULL,
			   lb_names_word(&lb_orphan_names, explain->orphan));
	lb_out_end(cmd->out);
}

static void entry_print(const struct lb_explain *explain, char *buf,
			size_t size)
{
	const struct lb_persist *persist = &explain->persist;
	char age[LB_DURATION_TEXT], left[LB_DURATION_TEXT];

	snprintf(buf, size, "no entry");
	if (!explain->has_persist)
		return;

	lb_duration_print(persist->age / 1000 * 1000, age, sizeof(age));
	lb_duration_print(persist->left / 1000 * 1000, left, sizeof(left));
	snprintf(buf, size, "%s entry for %s, age %s%s%s",
		 lb_persist_state(persist), persist->real, age,
		 persist->forever ? "" : ", left ", persist->forever ? "" : left);
}

static void show_persist(struct cmd *cmd, const struct lb_explain *explain)
{
	const struct lb_persist *persist = &explain->persist;
	char entry[LINE_TEXT / 2];

	if (!explain->way)
		return;

	entry_print(explain, entry, sizeof(entry));
	switch (explain->way) {
	case L4LB_PERSIST_KEEPS:
		line(cmd, "persistence", "%s", entry);
		break;
	case L4LB_PERSIST_AWAY:
		line(cmd, "persistence", "%s, which is full", entry);
		break;
	case L4LB_PERSIST_BINDS:
		line(cmd, "persistence", "%s%s", entry,
		     explain->has_persist ? ", which does not hold any more" :
					    " yet");
		break;
	default:
		line(cmd, "persistence", "no room for an entry");
		break;
	}

	lb_out_str(cmd->out, "persist", NULL,
		   lb_names_word(&lb_persist_way_names, explain->way));
	if (!explain->has_persist)
		return;

	lb_out_object(cmd->out, "persist_entry");
	lb_out_str(cmd->out, "real", NULL, persist->real);
	lb_out_str(cmd->out, "state", NULL, lb_persist_state(persist));
	lb_out_span(cmd->out, "age", NULL, persist->age);
	if (!persist->forever)
		lb_out_span(cmd->out, "left", NULL, persist->left);
	lb_out_end(cmd->out);
}

static void show_sched(struct cmd *cmd, const struct lb_explain_query *query,
		       const struct lb_explain *explain)
{
	const char *sched = lb_names_word(&lb_sched_names, explain->sched);
	bool has_slot = lb_has(explain->has, L4LB_A_EXPLAIN_SLOT);
	bool has_cpu = lb_has(explain->has, L4LB_A_EXPLAIN_CPU);
	char slot[48] = "", cpu[48] = "";

	lb_out_str(cmd->out, "sched", NULL, sched);
	if (has_slot) {
		lb_out_uint(cmd->out, "slot", NULL, explain->slot);
		lb_out_uint(cmd->out, "slots", NULL, explain->slots);
		snprintf(slot, sizeof(slot), ", slot %u of %u", explain->slot,
			 explain->slots);
	}
	if (has_cpu) {
		lb_out_uint(cmd->out, "cpu", NULL, explain->cpu);
		snprintf(cpu, sizeof(cpu), ", by turns: next on processor %u",
			 explain->cpu);
	}
	line(cmd, "decided by", "scheduler %s%s%s%s", sched, slot, cpu,
	     explain->sched == L4LB_SCHED_MH && !query->client_port ?
	     ", for a client's port of 0" : "");
}

static void show_choice(struct cmd *cmd, const struct lb_explain_query *query,
			const struct lb_explain *explain)
{
	if (!explain->by)
		return;

	lb_out_str(cmd->out, "by", NULL,
		   lb_names_word(&lb_explain_by_names, explain->by));
	switch (explain->by) {
	case L4LB_BY_CONN:
		line(cmd, "decided by", "connection");
		break;
	case L4LB_BY_PERSIST:
		line(cmd, "decided by", "persistence");
		break;
	case L4LB_BY_SCHED:
		show_sched(cmd, query, explain);
		break;
	case L4LB_BY_FALLBACK:
		line(cmd, "decided by", "fallback: no real can take it");
		break;
	default:
		line(cmd, "decided by",
		     "hash of the client's address: there is no room");
		break;
	}
	lb_out_bool(cmd->out, "stateless", NULL, explain->stateless);
	if (explain->stateless)
		line(cmd, "entry", "none is made");
}

static void show_hop(struct cmd *cmd, const struct lb_explain *explain)
{
	const struct lb_hop *hop = &explain->hop;
	char addr[LB_ADDR_TEXT], mac[MAC_TEXT];
	const char *mode = lb_names_word(&lb_mode_names, hop->mode);
	const char *reach = lb_names_word(&lb_reach_names, hop->reach);

	if (!lb_has(explain->has, L4LB_A_EXPLAIN_HOP))
		return;

	lb_out_object(cmd->out, "hop");
	lb_addr_print_port(&hop->addr, hop->port, addr, sizeof(addr));
	line(cmd, "real", "%s, %s by %s", hop->real, addr, mode);
	lb_out_str(cmd->out, "real", NULL, hop->real);
	lb_out_str(cmd->out, "mode", NULL, mode);
	lb_out_str(cmd->out, "address", NULL,
		   lb_addr_print(&hop->addr, addr, sizeof(addr)));
	lb_out_uint(cmd->out, "port", NULL, hop->port);
	if (hop->source.family)
		lb_out_str(cmd->out, "source", "source",
			   lb_addr_print(&hop->source, addr, sizeof(addr)));
	lb_out_str(cmd->out, "reach",
		   hop->reach == L4LB_REACH_OK ? NULL : "reach", reach);
	if (*hop->dev) {
		mac_print(hop, mac, sizeof(mac));
		line(cmd, "leaves by", "%s, %s%s, mtu %u", hop->dev,
		     *mac ? "mac " : "the neighbour's mac is not known", mac,
		     hop->mtu);
		lb_out_str(cmd->out, "dev", NULL, hop->dev);
		lb_out_str(cmd->out, "mac", NULL, mac);
		lb_out_uint(cmd->out, "mtu", NULL, hop->mtu);
	}
	lb_out_end(cmd->out);
}

static const char *no_real_text(const struct lb_explain_query *query,
				uint8_t no_real)
{
	if (no_real == L4LB_NO_REAL_DROP)
		return "";
	if (no_real == L4LB_NO_REAL_RST && query->proto == L4LB_PROTO_TCP)
		return ", the client gets a reset";

	return ", the client gets an icmp error";
}

static void show_result(struct cmd *cmd, const struct lb_explain_query *query,
			const struct lb_explain *explain)
{
	lb_out_str(cmd->out, "result", NULL,
		   lb_names_word(&lb_explain_result_names, explain->result));
	switch (explain->result) {
	case L4LB_EXPLAIN_FORWARD:
		line(cmd, "result", "goes to %s", explain->hop.real);
		break;
	case L4LB_EXPLAIN_DROP:
		line(cmd, "result", "dropped: %s%s",
		     lb_drop_text(explain->drop),
		     no_real_text(query, explain->no_real ? explain->no_real :
							    L4LB_NO_REAL_DROP));
		lb_out_str(cmd->out, "drop", NULL,
			   lb_names_word(&lb_drop_names, explain->drop));
		break;
	default:
		line(cmd, "result", "%s",
		     explain->result > L4LB_EXPLAIN_RESULT_MAX ? "other" :
		     result_texts[explain->result]);
		break;
	}
}

static void show_standings(struct cmd *cmd, const struct lb_explain *explain)
{
	const struct lb_standing *standing;
	unsigned int i;

	if (!lb_has(explain->has, L4LB_A_EXPLAIN_REALS))
		return;

	lb_out_uint(cmd->out, "real_count", NULL, explain->reals);
	if (explain->standings < explain->reals)
		line(cmd, "shown", "%u of %u reals", explain->standings,
		     explain->reals);
	lb_out_list(cmd->out, "reals");
	for (i = 0; i < explain->standings; i++) {
		standing = &explain->standing[i];
		lb_out_object(cmd->out, NULL);
		lb_out_str(cmd->out, "real", "real", standing->real);
		lb_out_uint(cmd->out, "weight", "weight", standing->weight);
		lb_out_uint(cmd->out, "conns", "conns", standing->conns);
		lb_out_str(cmd->out, "standing", "standing",
			   lb_names_word(&lb_standing_names, standing->is));
		lb_out_str(cmd->out, NULL, "because",
			   standing->is > L4LB_STANDING_MAX ? "" :
			   standing_texts[standing->is]);
		lb_out_end(cmd->out);
	}
	lb_out_end(cmd->out);
}

static void show(struct cmd *cmd, const struct lb_explain_query *query,
		 const struct lb_explain *explain)
{
	lb_out_object(cmd->out, NULL);
	show_packet(cmd, query);
	show_vip(cmd, explain);
	if (lb_has(explain->has, L4LB_A_EXPLAIN_HOOK)) {
		show_conn(cmd, query, explain);
		show_persist(cmd, explain);
		show_choice(cmd, query, explain);
		show_hop(cmd, explain);
	}
	show_result(cmd, query, explain);
	show_standings(cmd, explain);
	lb_out_end(cmd->out);
}

static int ask(struct cmd *cmd, struct lb_explain_query *query,
	       struct lb_explain *explain, struct lb_err *err)
{
	struct lb_vip *vips;
	size_t count;
	int ret;

	ret = lb_vip_list(cmd->nl, &vips, &count, err);
	if (ret)
		return ret;
	ret = lb_explain_settle(query, vips, count, err);
	lb_vip_list_free(vips, count);

	return ret ? ret : lb_explain_get(cmd->nl, query, explain, err);
}

static int explain_run(struct cmd *cmd, struct lb_words *words)
{
	struct lb_explain_query query;
	struct lb_explain explain;
	struct lb_err err = { 0 };
	int ret;

	cmd_words(cmd, words);
	ret = lb_explain_parse(words, &query, &err);
	if (ret)
		return cmd_usage(cmd, ret, &err);

	ret = cmd_open(cmd);
	if (ret)
		return ret;
	ret = ask(cmd, &query, &explain, &err);
	if (ret)
		return cmd_refused(cmd, ret, &err);
	show(cmd, &query, &explain);

	return EXIT_DONE;
}

const struct verb explain_verbs[] = {
	{ .object = "explain", .usage = "SRC[:PORT] VIP[:PORT] [tcp|udp]",
	  .run = explain_run },
	{ .object = NULL },
};
