// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shows VIPs, reals and persistence entries: all there is in JSON, in text
 * either all of one or what fits on a line.
 */

#include "describe.h"
#include "check_type.h"
#include "duration.h"
#include "model.h"
#include "names.h"
#include "out.h"
#include "place.h"
#include "seed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for any arguments of a check in quotes, and for any check in words. */
#define QUOTED_TEXT	(2 * L4LB_CHECK_ARGS_MAX + 3)
#define CHECK_TEXT	(LB_PORTS_TEXT + QUOTED_TEXT + 256)

/* Room for the time that a check has taken, and for what an agent wants. */
#define RESULT_TEXT	24

static void append(char *buf, size_t size, const char *word, const char *value)
{
	size_t used = strlen(buf);

	snprintf(buf + used, size - used, "%s%s%s%s", used ? " " : "", word,
		 *word && *value ? " " : "", value);
}

/* A text as one word. */
static const char *quoted(const char *text, char *buf, size_t size)
{
	size_t used = 0;

	if (!strchr(text, '\'')) {
		snprintf(buf, size, "'%s'", text);
		return buf;
	}

	buf[used++] = '"';
	for (; *text && used + 4 < size; text++) {
		if (*text == '"' || *text == '\\')
			buf[used++] = '\\';
		buf[used++] = *text;
	}
	snprintf(buf + used, size - used, "\"");

	return buf;
}

/* What most checks do not have. */
static void check_extras(const struct lb_check *check, char *buf, size_t size)
{
	char text[QUOTED_TEXT];

	if (check->via == L4LB_VIA_VIP)
		append(buf, size, "via",
		       lb_names_word(&lb_via_names, check->via));
	if (check->agent) {
		snprintf(text, sizeof(text), "%u", check->agent);
		append(buf, size, "agent", text);
	}
	if (check->guard) {
		snprintf(text, sizeof(text), "%u", check->guard);
		append(buf, size, "guard", text);
	}
	if (*check->secret)
		append(buf, size, "secret", check->secret);
	if (check->args)
		append(buf, size, "args",
		       quoted(check->args, text, sizeof(text)));
}

/* A check as the words that would set it. */
static void check_text(const struct lb_check *check, char *buf, size_t size)
{
	char text[LB_PORTS_TEXT];

	*buf = '\0';
	append(buf, size, check->type, "");
	if (lb_check_is_passive(check)) {
		check_extras(check, buf, size);
		return;
	}

	if (check->ports.count)
		append(buf, size, "port",
		       lb_ports_print(&check->ports, text, sizeof(text)));
	append(buf, size, "interval",
	       lb_duration_print(check->interval, text, sizeof(text)));
	if (check->fast)
		append(buf, size, "fast",
		       lb_duration_print(check->fast, text, sizeof(text)));
	append(buf, size, "timeout",
	       lb_duration_print(check->timeout, text, sizeof(text)));
	snprintf(text, sizeof(text), "%u", check->rise);
	append(buf, size, "rise", text);
	snprintf(text, sizeof(text), "%u", check->fall);
	append(buf, size, "fall", text);
	check_extras(check, buf, size);
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
	lb_out_span(out, "fast", NULL, check->fast);
	lb_out_str(out, "via", NULL, lb_names_word(&lb_via_names, check->via));
	lb_out_uint(out, "agent", NULL, check->agent);
	lb_out_uint(out, "guard", NULL, check->guard);
	lb_out_str(out, "secret", NULL, check->secret);
	if (lb_has(check->has, L4LB_A_CHECK_ARGS))
		lb_out_str(out, "args", NULL, check->args ? check->args : "");
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

/**
 * describe_drops() - show packets dropped, by reason
 * @out: writer, in an object
 * @drops: the packets
 */
void describe_drops(struct lb_out *out, const struct lb_drops *drops)
{
	const struct lb_drop *drop;
	unsigned int i;

	lb_out_list(out, "drops");
	for (i = 0; i < drops->count; i++) {
		drop = &drops->drop[i];
		lb_out_object(out, NULL);
		lb_out_str(out, "reason", "dropped",
			   lb_names_word(&lb_drop_names, drop->reason));
		lb_out_uint(out, "packets", "packets", drop->packets);
		lb_out_str(out, "text", "because", lb_drop_text(drop->reason));
		lb_out_end(out);
	}
	lb_out_end(out);
}

static void describe_rates(struct lb_out *out, const struct lb_stats *rate)
{
	lb_out_uint(out, "conns_rate", "new/s", rate->conns);
	lb_out_uint(out, NULL, "packets/s",
		    rate->in_packets + rate->out_packets);
	lb_out_uint(out, NULL, "bytes/s", rate->in_bytes + rate->out_bytes);
	lb_out_uint(out, "in_packets_rate", NULL, rate->in_packets);
	lb_out_uint(out, "in_bytes_rate", NULL, rate->in_bytes);
	lb_out_uint(out, "out_packets_rate", NULL, rate->out_packets);
	lb_out_uint(out, "out_bytes_rate", NULL, rate->out_bytes);
}

/* On a line there is room for totals or rates. */
static void describe_totals(struct lb_out *out, const struct lb_stats *stats,
			    const struct lb_stats *rate, bool detail)
{
	if (rate) {
		describe_rates(out, rate);
	} else if (!detail) {
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

/* As the words that would set it, in JSON as well. */
static void describe_fallback(struct lb_out *out, const struct lb_vip *vip,
			      bool detail)
{
	char text[LB_ADDR_TEXT] = "off";

	if (vip->fallback.family)
		lb_addr_print_port(&vip->fallback, vip->fallback_port, text,
				   sizeof(text));
	lb_out_str(out, "fallback", detail ? "fallback" : NULL, text);
}

static void describe_slow_start(struct lb_out *out, const struct lb_vip *vip,
				bool detail)
{
	const char *label = detail ? "slow-start" : NULL;

	if (vip->slow_start)
		lb_out_span(out, NULL, label, vip->slow_start);
	else
		lb_out_str(out, NULL, label, "off");
	lb_out_span(out, "slow_start", NULL, vip->slow_start);
}

static void describe_ranges(struct lb_out *out, const struct lb_allow *allow)
{
	char range[LB_ALLOW_TEXT], *text;
	size_t i;

	text = lb_allow_text(allow);
	lb_out_str(out, NULL, "allow", text ? text : "");
	free(text);

	lb_out_list(out, "allow");
	for (i = 0; i < allow->count; i++)
		lb_out_str(out, "range", NULL,
			   lb_allow_print(&allow->range[i], range,
					  sizeof(range)));
	lb_out_end(out);
}

/* The list is there if it was asked for and may be seen. */
static void describe_allow(struct lb_out *out, const struct lb_vip *vip,
			   bool detail)
{
	char text[32];

	lb_out_uint(out, "allow_count", NULL, vip->allows);
	if (!detail)
		return;

	if (vip->allow.count) {
		describe_ranges(out, &vip->allow);
	} else if (vip->allows) {
		snprintf(text, sizeof(text), "%u range%s", vip->allows,
			 vip->allows == 1 ? "" : "s");
		lb_out_str(out, NULL, "allow", text);
	} else {
		lb_out_str(out, NULL, "allow", "any");
		lb_out_list(out, "allow");
		lb_out_str(out, "range", NULL, "any");
		lb_out_end(out);
	}
}

static void describe_dev(struct lb_out *out, const struct lb_vip *vip,
			 bool detail)
{
	lb_out_str(out, NULL, detail ? "dev" : NULL,
		   *vip->dev ? vip->dev : "none");
	lb_out_str(out, "dev", NULL, vip->dev);
}

/**
 * describe_vip_state() - say in words how a VIP is
 * @vip: the VIP
 * @buf: where to
 * @size: size of @buf, %VIP_STATE_TEXT is enough
 *
 * Return: @buf.
 */
const char *describe_vip_state(const struct lb_vip *vip, char *buf, size_t size)
{
	if (vip->state == L4LB_VIP_NO_ADDRESS && lb_place_waits(vip))
		snprintf(buf, size, "waiting for %s", vip->dev);
	else
		snprintf(buf, size, "%s",
			 lb_names_word(&lb_vip_state_names, vip->state));

	return buf;
}

static void vip_describe(struct lb_out *out, const struct lb_vip *vip,
			 const struct lb_stats *rate, bool detail)
{
	char addr[LB_ADDR_TEXT], ports[LB_PORTS_TEXT], seed[LB_SEED_TEXT];
	char sources[LB_SOURCES_TEXT], state[VIP_STATE_TEXT];

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
	lb_out_str(out, "state", NULL,
		   lb_names_word(&lb_vip_state_names, vip->state));
	lb_out_str(out, NULL, "state",
		   describe_vip_state(vip, state, sizeof(state)));
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
	lb_out_str(out, "source", detail ? "source" : NULL,
		   lb_sources_print(&vip->sources, sources, sizeof(sources)));
	describe_dev(out, vip, detail);
	describe_fallback(out, vip, detail);
	describe_slow_start(out, vip, detail);
	describe_allow(out, vip, detail);
	describe_check(out, &vip->check, detail);
	lb_out_uint(out, "real_count", "reals", vip->reals);
	lb_out_uint(out, "conns", "conns", vip->conns);
	lb_out_uint(out, "persists", detail ? "persists" : NULL,
		    vip->persists);
	describe_totals(out, &vip->stats, rate, detail);
	if (detail)
		describe_drops(out, &vip->drops);
}

/**
 * describe_vip() - show a VIP
 * @out: writer, in an object
 * @vip: the VIP
 * @detail: all in text, not only what fits on a line
 */
void describe_vip(struct lb_out *out, const struct lb_vip *vip, bool detail)
{
	vip_describe(out, vip, NULL, detail);
}

/**
 * describe_vip_rate() - show a VIP, with how fast its counters grow
 * @out: writer, in an object
 * @vip: the VIP
 * @rate: how fast
 */
void describe_vip_rate(struct lb_out *out, const struct lb_vip *vip,
		       const struct lb_stats *rate)
{
	vip_describe(out, vip, rate, false);
}

/* What the agent wants; nothing if it is what there is without one. */
static void agent_print(const struct lb_real *real, char *buf, size_t size)
{
	*buf = '\0';
	if (lb_has(real->has, L4LB_A_REAL_AGENT_WEIGHT) &&
	    real->agent_weight != 100)
		snprintf(buf, size, "%u%%", real->agent_weight);
	if (lb_has(real->has, L4LB_A_REAL_AGENT_ADMIN) &&
	    real->agent_admin != L4LB_ADMIN_ONLINE)
		append(buf, size, "",
		       lb_names_word(&lb_admin_names, real->agent_admin));
}

/* On a line, what the last check found is with it if that is news. */
static void describe_reason(struct lb_out *out, const struct lb_real *real,
			    bool detail)
{
	char text[2 * L4LB_REASON_MAX + 32];

	lb_out_str(out, "reason", NULL, real->reason);
	if (!detail && *real->result_text &&
	    strcmp(real->result_text, real->reason))
		snprintf(text, sizeof(text), "%s%s(last check: %s)",
			 real->reason, *real->reason ? " " : "",
			 real->result_text);
	else
		snprintf(text, sizeof(text), "%s", real->reason);
	lb_out_str(out, NULL, "reason", text);
}

/* The last check, in a line of a table without its text. */
static void describe_result(struct lb_out *out, const struct lb_real *real,
			    bool detail, bool in_text)
{
	const char *result = "unknown";
	char text[RESULT_TEXT] = "";

	if (real->result)
		result = lb_names_word(&lb_health_names, real->result);
	if (real->rtt)
		lb_duration_print_us(real->rtt, text, sizeof(text));

	lb_out_str(out, "result", detail ? "result" : NULL, result);
	lb_out_str(out, "result_text", detail ? "result text" : NULL,
		   real->result_text);
	lb_out_str(out, NULL, in_text ? "rtt" : NULL, text);
	lb_out_uint(out, "rtt_us", NULL, real->rtt);
	lb_out_uint(out, "flaps", in_text ? "flaps" : NULL, real->flaps);

	agent_print(real, text, sizeof(text));
	lb_out_str(out, NULL, in_text ? "agent" : NULL, text);
	if (lb_has(real->has, L4LB_A_REAL_AGENT_WEIGHT))
		lb_out_uint(out, "agent_weight", NULL, real->agent_weight);
	if (lb_has(real->has, L4LB_A_REAL_AGENT_ADMIN))
		lb_out_str(out, "agent_state", NULL,
			   lb_names_word(&lb_admin_names, real->agent_admin));
}

static void real_describe(struct lb_out *out, const struct lb_real *real,
			  const struct lb_stats *rate, bool detail,
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
	describe_result(out, real, detail, !rate);
	lb_out_bool(out, "serves", "serves", real->serves);
	lb_out_str(out, "reach", "reach", reach);
	lb_out_uint(out, "conns", "conns", real->conns);
	if (inherit)
		lb_out_str(out, NULL, detail ? "check" : NULL, "inherit");
	else
		describe_check(out, &real->check, detail);
	lb_out_bool(out, "check_inherit", NULL, inherit);
	lb_out_uint(out, "epoch", NULL, real->epoch);
	describe_totals(out, &real->stats, rate, detail);
	describe_reason(out, real, detail);
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
	real_describe(out, real, NULL, detail, with_vip);
}

/**
 * describe_real_rate() - show a real, with how fast its counters grow
 * @out: writer, in an object
 * @real: the real
 * @rate: how fast
 */
void describe_real_rate(struct lb_out *out, const struct lb_real *real,
			const struct lb_stats *rate)
{
	real_describe(out, real, rate, false, false);
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
