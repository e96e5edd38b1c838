// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shows VIPs, reals and persistence entries: all there is in JSON, in text
 * either all of one or what fits on a line.
 */

#include "describe.h"
#include "duration.h"
#include "model.h"
#include "names.h"
#include "out.h"
#include "seed.h"

#include <stdio.h>
#include <string.h>

/* Room for any check in words. */
#define CHECK_TEXT	(LB_PORTS_TEXT + 128)

static void append(char *buf, size_t size, const char *word, const char *value)
{
	size_t used = strlen(buf);

	snprintf(buf + used, size - used, "%s%s%s%s", used ? " " : "", word,
		 *word && *value ? " " : "", value);
}

/* A check as the words that would set it. */
static void check_text(const struct lb_check *check, char *buf, size_t size)
{
	char text[LB_PORTS_TEXT];

	*buf = '\0';
	append(buf, size, check->type, "");
	if (!strcmp(check->type, "off") || !strcmp(check->type, "external"))
		return;

	if (check->ports.count)
		append(buf, size, "port",
		       lb_ports_print(&check->ports, text, sizeof(text)));
	append(buf, size, "interval",
	       lb_duration_print(check->interval, text, sizeof(text)));
	append(buf, size, "timeout",
	       lb_duration_print(check->timeout, text, sizeof(text)));
	snprintf(text, sizeof(text), "%u", check->rise);
	append(buf, size, "rise", text);
	snprintf(text, sizeof(text), "%u", check->fall);
	append(buf, size, "fall", text);
}

static void describe_check(struct lb_out *out, const struct lb_check *check,
			   bool detail)
{
	char ports[LB_PORTS_TEXT], text[CHECK_TEXT];

	check_text(check, text, sizeof(text));
	lb_out_str(out, NULL, detail ? "check" : NULL, text);

	lb_out_object(out, "check");
	lb_out_str(out, "type", NULL, check->type);
	lb_out_str(out, "port", NULL,
		   lb_ports_print(&check->ports, ports, sizeof(ports)));
	lb_out_span(out, "interval", NULL, check->interval);
	lb_out_span(out, "timeout", NULL, check->timeout);
	lb_out_uint(out, "rise", NULL, check->rise);
	lb_out_uint(out, "fall", NULL, check->fall);
	lb_out_end(out);
}

/**
 * describe_stats() - show counters
 * @out: writer, in an object
 * @stats: the counters
 */
void describe_stats(struct lb_out *out, const struct lb_stats *stats)
{
	lb_out_uint(out, "conns", "total conns", stats->conns);
	lb_out_uint(out, "in_packets", "in packets", stats->in_packets);
	lb_out_uint(out, "in_bytes", "in bytes", stats->in_bytes);
	lb_out_uint(out, "out_packets", "out packets", stats->out_packets);
	lb_out_uint(out, "out_bytes", "out bytes", stats->out_bytes);
}

static void describe_totals(struct lb_out *out, const struct lb_stats *stats,
			    bool detail)
{
	if (!detail) {
		lb_out_uint(out, NULL, "total", stats->conns);
		lb_out_uint(out, NULL, "packets",
			    stats->in_packets + stats->out_packets);
	}

	lb_out_object(out, "stats");
	if (detail) {
		describe_stats(out, stats);
	} else {
		lb_out_uint(out, "conns", NULL, stats->conns);
		lb_out_uint(out, "in_packets", NULL, stats->in_packets);
		lb_out_uint(out, "in_bytes", NULL, stats->in_bytes);
		lb_out_uint(out, "out_packets", NULL, stats->out_packets);
		lb_out_uint(out, "out_bytes", NULL, stats->out_bytes);
	}
	lb_out_end(out);
}

static void describe_persistence(struct lb_out *out, const struct lb_vip *vip,
				 bool detail)
{
	const char *label = detail ? "persist" : NULL;

	if (vip->persist)
		lb_out_span(out, NULL, label, vip->persist);
	else
		lb_out_str(out, NULL, label, "off");
	lb_out_span(out, "persist", NULL, vip->persist);
	lb_out_uint(out, "mask", detail ? "mask" : NULL, vip->mask);
}

/**
 * describe_vip() - show a VIP
 * @out: writer, in an object
 * @vip: the VIP
 * @detail: all in text, not only what fits on a line
 */
void describe_vip(struct lb_out *out, const struct lb_vip *vip, bool detail)
{
	char addr[LB_ADDR_TEXT], ports[LB_PORTS_TEXT], seed[LB_SEED_TEXT];

	lb_out_str(out, "name", "vip", vip->name);
	lb_out_str(out, "address", "address",
		   lb_addr_print(&vip->addr, addr, sizeof(addr)));
	lb_out_str(out, "ports", "ports",
		   lb_ports_print(&vip->ports, ports, sizeof(ports)));
	lb_out_str(out, "protocol", "protocol",
		   lb_names_word(&lb_protos_names, vip->protos));
	lb_out_str(out, "mode", "mode",
		   lb_names_word(&lb_mode_names, vip->mode));
	lb_out_str(out, "sched", "sched",
		   lb_names_word(&lb_sched_names, vip->sched));
	lb_out_str(out, "state", "state",
		   lb_names_word(&lb_vip_state_names, vip->state));
	lb_out_span(out, "idle", detail ? "idle" : NULL, vip->idle);
	describe_persistence(out, vip, detail);
	lb_out_str(out, "orphan", detail ? "orphan" : NULL,
		   lb_names_word(&lb_orphan_names, vip->orphan));
	lb_out_str(out, "no_real", detail ? "no-real" : NULL,
		   lb_names_word(&lb_no_real_names, vip->no_real));
	lb_out_str(out, "hook", detail ? "hook" : NULL,
		   lb_names_word(&lb_hook_names, vip->hook));
	lb_out_str(out, "seed", detail ? "seed" : NULL,
		   lb_seed_print(vip->seed, seed, sizeof(seed)));
	describe_check(out, &vip->check, detail);
	lb_out_uint(out, "real_count", "reals", vip->reals);
	lb_out_uint(out, "conns", "conns", vip->conns);
	lb_out_uint(out, "persists", detail ? "persists" : NULL,
		    vip->persists);
	describe_totals(out, &vip->stats, detail);
}

/**
 * describe_real() - show a real
 * @out: writer, in an object
 * @real: the real
 * @detail: all in text, not only what fits on a line
 * @with_vip: the name of its VIP too
 */
void describe_real(struct lb_out *out, const struct lb_real *real, bool detail,
		   bool with_vip)
{
	const char *reach = lb_names_word(&lb_reach_names, real->reach);
	bool inherit = !lb_has(real->has, L4LB_A_REAL_CHECK);
	char addr[LB_ADDR_TEXT];

	if (with_vip)
		lb_out_str(out, "vip", "vip", real->vip);
	lb_out_str(out, "name", "real", real->name);
	lb_out_str(out, NULL, "address",
		   lb_addr_print_port(&real->addr, real->port, addr,
				      sizeof(addr)));
	lb_out_str(out, "address", NULL,
		   lb_addr_print(&real->addr, addr, sizeof(addr)));
	lb_out_uint(out, "port", NULL, real->port);
	lb_out_uint(out, "weight", "weight", real->weight);
	lb_out_uint(out, "max_conns", detail ? "max-conns" : NULL,
		    real->max_conns);
	lb_out_str(out, "state", "state",
		   lb_names_word(&lb_admin_names, real->admin));
	lb_out_str(out, "health", "health",
		   lb_names_word(&lb_health_names, real->health));
	lb_out_when(out, "since", "since", real->since);
	lb_out_bool(out, "serves", "serves", real->serves);
	lb_out_str(out, "reach", "reach", reach);
	lb_out_uint(out, "conns", "conns", real->conns);
	if (inherit)
		lb_out_str(out, NULL, detail ? "check" : NULL, "inherit");
	else
		describe_check(out, &real->check, detail);
	lb_out_bool(out, "check_inherit", NULL, inherit);
	lb_out_uint(out, "epoch", NULL, real->epoch);
	describe_totals(out, &real->stats, detail);
	lb_out_str(out, "reason", "reason", real->reason);
}

/**
 * describe_time() - show a time that passes: in text whole seconds, because
 * nobody reads more of it
 * @out: writer
 * @key: its name in JSON
 * @label: its name in text
 * @ms: the time
 */
void describe_time(struct lb_out *out, const char *key, const char *label,
		   uint32_t ms)
{
	lb_out_span(out, key, NULL, ms);
	lb_out_span(out, NULL, label, ms / 1000 * 1000);
}

/**
 * describe_persist() - show a persistence entry
 * @out: writer, in an object
 * @persist: the entry; one that does not end has no time left
 */
void describe_persist(struct lb_out *out, const struct lb_persist *persist)
{
	char client[LB_ADDR_TEXT];

	lb_out_str(out, "vip", "vip", persist->vip);
	lb_out_str(out, "client", "client",
		   lb_prefix_print(&persist->client, client, sizeof(client)));
	lb_out_str(out, "real", "real", persist->real);
	if (persist->forever)
		lb_out_str(out, NULL, "left", "");
	else
		describe_time(out, "left", "left", persist->left);
	describe_time(out, "age", "age", persist->age);
	lb_out_str(out, "state", "state", lb_persist_state(persist));
}
