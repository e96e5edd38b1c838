// SPDX-License-Identifier: GPL-2.0-only
/*
 * What there is to measure, as text for Prometheus (its format 0.0.4).
 *
 * All samples of a metric have to be together, and objects come one by one: so
 * there is a buffer for every metric, and a page is all of them in a row.
 */

#include "metrics.h"
#include "compiler.h"
#include "model.h"
#include "names.h"
#include "probe.h"
#include "version.h"

#include <errno.h>
#include <event2/buffer.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* Room for "vip" and "real" with their values: names need no escapes. */
#define OBJECT_TEXT	(2 * L4LB_NAME_MAX + 32)

enum metric {
	M_UP,
	M_INFO,
	M_STANDBY,
	M_FLOOD,
	M_CONNS,
	M_CONNS_MAX,
	M_PERSISTS,
	M_PERSISTS_MAX,
	M_DROPS,
	M_VIP_INFO,
	M_VIP_STATE,
	M_VIP_REALS,
	M_VIP_CONNS,
	M_VIP_PERSISTS,
	M_VIP_CONNECTIONS,
	M_VIP_PACKETS,
	M_VIP_BYTES,
	M_VIP_DROPS,
	M_REAL_INFO,
	M_REAL_STATE,
	M_REAL_HEALTH,
	M_REAL_SERVES,
	M_REAL_WEIGHT,
	M_REAL_AGENT_WEIGHT,
	M_REAL_AGENT_STATE,
	M_REAL_FLAPS,
	M_REAL_CHECK,
	M_REAL_CONNS,
	M_REAL_CONNECTIONS,
	M_REAL_PACKETS,
	M_REAL_BYTES,
	M_CHECK_RESULTS,
	M_CHECK_DURATION,
	M_OWN_INFO,
	M_OWN_TARGETS,
	M_OWN_HELD,
	M_OWN_PROBES,
	M_OWN_REPORTS,
	M_OWN_REFUSED,
	M_OWN_NOTIFY,
	M_OWN_CPU,
	M_OWN_MEMORY,
	METRICS
};

static const struct {
	const char *name;
	const char *type;
	const char *help;
} metric_names[METRICS] = {
	[M_UP] = { "l4lb_up", "gauge",
		"Whether the module is there and answers." },
	[M_INFO] = { "l4lb_info", "gauge", "The module." },
	[M_STANDBY] = { "l4lb_standby", "gauge",
		"Whether every packet is left to the stack." },
	[M_FLOOD] = { "l4lb_flood", "gauge",
		"Whether more clients open connections without going on than the budget allows." },
	[M_CONNS] = { "l4lb_conns", "gauge", "Connections now." },
	[M_CONNS_MAX] = { "l4lb_conns_max", "gauge",
		"Most connections there may be." },
	[M_PERSISTS] = { "l4lb_persists", "gauge",
		"Persistence entries now." },
	[M_PERSISTS_MAX] = { "l4lb_persists_max", "gauge",
		"Most persistence entries there may be." },
	[M_DROPS] = { "l4lb_drops_total", "counter",
		"Packets dropped, by reason." },
	[M_VIP_INFO] = { "l4lb_vip_info", "gauge", "A virtual service." },
	[M_VIP_STATE] = { "l4lb_vip_state", "gauge",
		"Whether and how a virtual service serves: 1 for the state it is in." },
	[M_VIP_REALS] = { "l4lb_vip_reals", "gauge", "Its reals." },
	[M_VIP_CONNS] = { "l4lb_vip_conns", "gauge", "Its connections now." },
	[M_VIP_PERSISTS] = { "l4lb_vip_persists", "gauge",
		"Its persistence entries now." },
	[M_VIP_CONNECTIONS] = { "l4lb_vip_connections_total", "counter",
		"Connections made." },
	[M_VIP_PACKETS] = { "l4lb_vip_packets_total", "counter",
		"Packets towards the reals (in) and the clients (out)." },
	[M_VIP_BYTES] = { "l4lb_vip_bytes_total", "counter",
		"Their bytes." },
	[M_VIP_DROPS] = { "l4lb_vip_drops_total", "counter",
		"Packets dropped, by reason." },
	[M_REAL_INFO] = { "l4lb_real_info", "gauge", "A real server." },
	[M_REAL_STATE] = { "l4lb_real_state", "gauge",
		"What the administrator wants of a real: 1 for the state it is in." },
	[M_REAL_HEALTH] = { "l4lb_real_health", "gauge",
		"What the checks say of a real: 1 for the health it has." },
	[M_REAL_SERVES] = { "l4lb_real_serves", "gauge",
		"Whether it takes new connections." },
	[M_REAL_WEIGHT] = { "l4lb_real_weight", "gauge",
		"Its configured weight." },
	[M_REAL_AGENT_WEIGHT] = { "l4lb_real_agent_weight_ratio", "gauge",
		"Share of its weight that its agent wants." },
	[M_REAL_AGENT_STATE] = { "l4lb_real_agent_state", "gauge",
		"What its agent wants: 1 for that state." },
	[M_REAL_FLAPS] = { "l4lb_real_flaps_total", "counter",
		"How often it has ceased to be up." },
	[M_REAL_CHECK] = { "l4lb_real_check_seconds", "gauge",
		"How long its check took, as last reported." },
	[M_REAL_CONNS] = { "l4lb_real_conns", "gauge",
		"Its connections now." },
	[M_REAL_CONNECTIONS] = { "l4lb_real_connections_total", "counter",
		"Connections made." },
	[M_REAL_PACKETS] = { "l4lb_real_packets_total", "counter",
		"Packets towards the real (in) and the clients (out)." },
	[M_REAL_BYTES] = { "l4lb_real_bytes_total", "counter",
		"Their bytes." },
	[M_CHECK_RESULTS] = { "l4lb_check_results_total", "counter",
		"Checks made, by type and what they found; void if they could not be made." },
	[M_CHECK_DURATION] = { "l4lb_check_duration_seconds", "histogram",
		"How long checks took, by type." },
	[M_OWN_INFO] = { "l4lb_lbcheckd_info", "gauge", "The checker." },
	[M_OWN_TARGETS] = { "l4lb_lbcheckd_targets", "gauge",
		"Reals that the checker knows." },
	[M_OWN_HELD] = { "l4lb_lbcheckd_held", "gauge",
		"Reals that fail and are held by a guard." },
	[M_OWN_PROBES] = { "l4lb_lbcheckd_probes", "gauge",
		"Checks and agents that go on; what is the same for several reals counts once." },
	[M_OWN_REPORTS] = { "l4lb_lbcheckd_reports_total", "counter",
		"What the module was told." },
	[M_OWN_REFUSED] = { "l4lb_lbcheckd_reports_refused_total", "counter",
		"What the module has not taken." },
	[M_OWN_NOTIFY] = { "l4lb_lbcheckd_notifications_total", "counter",
		"News for the notify command, by what became of them." },
	[M_OWN_CPU] = { "process_cpu_seconds_total", "counter",
		"CPU time of the checker." },
	[M_OWN_MEMORY] = { "process_resident_memory_bytes", "gauge",
		"Memory of the checker." },
};

/**
 * struct metrics - a page that is being written
 * @buffer: the samples of every metric
 * @failed: there was no memory for one
 */
struct metrics {
	struct evbuffer *buffer[METRICS];
	bool failed;
};

/* "NAME{LABELS} VALUE", without braces if there is nothing between them. */
static void __printf(4, 5) sample(struct metrics *metrics, enum metric metric,
				  const char *labels, const char *fmt, ...)
{
	struct evbuffer *buffer = metrics->buffer[metric];
	const char *name = metric_names[metric].name;
	va_list args;
	int ret;

	if (*labels)
		ret = evbuffer_add_printf(buffer, "%s{%s} ", name, labels);
	else
		ret = evbuffer_add_printf(buffer, "%s ", name);
	va_start(args, fmt);
	ret |= evbuffer_add_vprintf(buffer, fmt, args);
	va_end(args);
	ret |= evbuffer_add(buffer, "\n", 1);
	metrics->failed |= ret < 0;
}

static void number(struct metrics *metrics, enum metric metric,
		   const char *labels, uint64_t value)
{
	sample(metrics, metric, labels, "%llu", (unsigned long long)value);
}

static void seconds(struct metrics *metrics, enum metric metric,
		    const char *labels, uint64_t us)
{
	sample(metrics, metric, labels, "%llu.%06u",
	       (unsigned long long)us / 1000000,
	       (unsigned int)(us % 1000000));
}

/* A label more: "OBJECT,KEY="VALUE"", for values without special characters. */
static const char *labelled(char *buf, size_t size, const char *object,
			    const char *key, const char *value)
{
	snprintf(buf, size, "%s%s%s=\"%s\"", object, *object ? "," : "", key,
		 value);

	return buf;
}

static const char *escaped(const char *text, char *buf, size_t size)
{
	size_t used = 0;

	for (; *text && used + 3 < size; text++) {
		if (*text == '\\' || *text == '"' || *text == '\n')
			buf[used++] = '\\';
		buf[used++] = *text == '\n' ? 'n' : *text;
	}
	buf[used] = '\0';

	return buf;
}

/* One sample for each word, of which one is 1. */
static void one_of(struct metrics *metrics, enum metric metric,
		   const char *object, const char *key,
		   const struct lb_names *names, unsigned int value)
{
	char labels[OBJECT_TEXT + 64];
	unsigned int i;

	for (i = 1; i <= names->max; i++) {
		labelled(labels, sizeof(labels), object, key, names->word[i]);
		number(metrics, metric, labels, i == value);
	}
}

static void both_ways(struct metrics *metrics, enum metric metric,
		      const char *object, uint64_t in, uint64_t out)
{
	char labels[OBJECT_TEXT + 64];

	labelled(labels, sizeof(labels), object, "direction", "in");
	number(metrics, metric, labels, in);
	labelled(labels, sizeof(labels), object, "direction", "out");
	number(metrics, metric, labels, out);
}

/* Every reason, also those that did not occur, so that the first one shows. */
static void drops(struct metrics *metrics, enum metric metric,
		  const char *object, const struct lb_drops *dropped)
{
	uint64_t packets[L4LB_DROP_MAX + 1] = { 0 };
	char labels[OBJECT_TEXT + 64];
	unsigned int i;

	for (i = 0; i < dropped->count; i++) {
		if (dropped->drop[i].reason <= L4LB_DROP_MAX)
			packets[dropped->drop[i].reason] =
				dropped->drop[i].packets;
	}
	for (i = 1; i <= L4LB_DROP_MAX; i++) {
		labelled(labels, sizeof(labels), object, "reason",
			 lb_names_word(&lb_drop_names, i));
		number(metrics, metric, labels, packets[i]);
	}
}

/**
 * metrics_new() - begin a page
 *
 * Return: the page, or NULL.
 */
struct metrics *metrics_new(void)
{
	struct metrics *metrics = calloc(1, sizeof(*metrics));
	unsigned int i;

	if (!metrics)
		return NULL;
	for (i = 0; i < METRICS; i++) {
		metrics->buffer[i] = evbuffer_new();
		if (!metrics->buffer[i]) {
			metrics_free(metrics);
			return NULL;
		}
	}

	return metrics;
}

/**
 * metrics_free() - free a page
 * @metrics: page, or NULL
 */
void metrics_free(struct metrics *metrics)
{
	unsigned int i;

	if (!metrics)
		return;
	for (i = 0; i < METRICS; i++) {
		if (metrics->buffer[i])
			evbuffer_free(metrics->buffer[i]);
	}
	free(metrics);
}

/**
 * metrics_clear() - begin a page anew
 * @metrics: page
 */
void metrics_clear(struct metrics *metrics)
{
	unsigned int i;

	for (i = 0; i < METRICS; i++)
		evbuffer_drain(metrics->buffer[i],
			       evbuffer_get_length(metrics->buffer[i]));
	metrics->failed = false;
}

static void vip_info(struct metrics *metrics, const struct lb_vip *vip,
		     const char *object)
{
	char labels[LB_PORTS_TEXT + 512], ports[LB_PORTS_TEXT];
	char addr[LB_ADDR_TEXT];

	snprintf(labels, sizeof(labels),
		 "%s,address=\"%s\",ports=\"%s\",protocols=\"%s\",mode=\"%s\",scheduler=\"%s\"",
		 object, lb_addr_print(&vip->addr, addr, sizeof(addr)),
		 lb_ports_print(&vip->ports, ports, sizeof(ports)),
		 lb_names_word(&lb_protos_names, vip->protos),
		 lb_names_word(&lb_mode_names, vip->mode),
		 lb_names_word(&lb_sched_names, vip->sched));
	number(metrics, M_VIP_INFO, labels, 1);
}

/**
 * metrics_vip() - add a VIP to a page
 * @metrics: page
 * @vip: the VIP
 */
void metrics_vip(struct metrics *metrics, const struct lb_vip *vip)
{
	const struct lb_stats *stats = &vip->stats;
	char object[OBJECT_TEXT];

	labelled(object, sizeof(object), "", "vip", vip->name);
	vip_info(metrics, vip, object);
	one_of(metrics, M_VIP_STATE, object, "state", &lb_vip_state_names,
	       vip->state);
	number(metrics, M_VIP_REALS, object, vip->reals);
	number(metrics, M_VIP_CONNS, object, vip->conns);
	number(metrics, M_VIP_PERSISTS, object, vip->persists);
	number(metrics, M_VIP_CONNECTIONS, object, stats->conns);
	both_ways(metrics, M_VIP_PACKETS, object, stats->in_packets,
		  stats->out_packets);
	both_ways(metrics, M_VIP_BYTES, object, stats->in_bytes,
		  stats->out_bytes);
	drops(metrics, M_VIP_DROPS, object, &vip->drops);
}

static void real_check(struct metrics *metrics, const struct lb_real *real,
		       const char *object)
{
	number(metrics, M_REAL_FLAPS, object, real->flaps);
	if (lb_has(real->has, L4LB_A_REAL_RTT))
		seconds(metrics, M_REAL_CHECK, object, real->rtt);
	if (lb_has(real->has, L4LB_A_REAL_AGENT_WEIGHT))
		sample(metrics, M_REAL_AGENT_WEIGHT, object, "%u.%02u",
		       real->agent_weight / 100, real->agent_weight % 100);
	if (lb_has(real->has, L4LB_A_REAL_AGENT_ADMIN))
		one_of(metrics, M_REAL_AGENT_STATE, object, "state",
		       &lb_admin_names, real->agent_admin);
}

/**
 * metrics_real() - add a real to a page
 * @metrics: page
 * @real: the real
 */
void metrics_real(struct metrics *metrics, const struct lb_real *real)
{
	const struct lb_stats *stats = &real->stats;
	char object[OBJECT_TEXT], labels[OBJECT_TEXT + LB_ADDR_TEXT + 64];
	char addr[LB_ADDR_TEXT];

	snprintf(object, sizeof(object), "vip=\"%s\",real=\"%s\"", real->vip,
		 real->name);
	snprintf(labels, sizeof(labels), "%s,address=\"%s\",port=\"%u\"",
		 object, lb_addr_print(&real->addr, addr, sizeof(addr)),
		 real->port);
	number(metrics, M_REAL_INFO, labels, 1);
	one_of(metrics, M_REAL_STATE, object, "state", &lb_admin_names,
	       real->admin);
	one_of(metrics, M_REAL_HEALTH, object, "health", &lb_health_names,
	       real->health);
	number(metrics, M_REAL_SERVES, object, real->serves);
	number(metrics, M_REAL_WEIGHT, object, real->weight);
	real_check(metrics, real, object);
	number(metrics, M_REAL_CONNS, object, real->conns);
	number(metrics, M_REAL_CONNECTIONS, object, stats->conns);
	both_ways(metrics, M_REAL_PACKETS, object, stats->in_packets,
		  stats->out_packets);
	both_ways(metrics, M_REAL_BYTES, object, stats->in_bytes,
		  stats->out_bytes);
}

/**
 * metrics_info() - add the totals to a page
 * @metrics: page
 * @info: the totals
 */
void metrics_info(struct metrics *metrics, const struct lb_info *info)
{
	char labels[2 * sizeof(info->version) + 16];
	char version[2 * sizeof(info->version)];

	escaped(info->version, version, sizeof(version));
	labelled(labels, sizeof(labels), "", "version", version);
	number(metrics, M_INFO, labels, 1);
	number(metrics, M_STANDBY, "", info->standby);
	number(metrics, M_FLOOD, "", info->flood);
	number(metrics, M_CONNS, "", info->conns);
	number(metrics, M_CONNS_MAX, "", info->conns_max);
	number(metrics, M_PERSISTS, "", info->persists);
	number(metrics, M_PERSISTS_MAX, "", info->persists_max);
	drops(metrics, M_DROPS, "", &info->drops);
}

static void check_results(struct metrics *metrics,
			  const struct probe_stats *stats, const char *object)
{
	static const char *const words[PROBE_OUTCOMES] = {
		[CHECK_UP]	= "up",
		[CHECK_SICK]	= "sick",
		[CHECK_DOWN]	= "down",
		[CHECK_VOID]	= "void",
	};
	char labels[OBJECT_TEXT + 64];
	unsigned int i;

	for (i = 0; i < PROBE_OUTCOMES; i++) {
		labelled(labels, sizeof(labels), object, "result", words[i]);
		number(metrics, M_CHECK_RESULTS, labels, stats->results[i]);
	}
}

/* Names of a histogram have endings, so it is written by hand. */
static void duration_bucket(struct metrics *metrics, const char *object,
			    const char *bound, unsigned long long count)
{
	int ret;

	ret = evbuffer_add_printf(metrics->buffer[M_CHECK_DURATION],
				  "%s_bucket{%s,le=\"%s\"} %llu\n",
				  metric_names[M_CHECK_DURATION].name, object,
				  bound, count);
	metrics->failed |= ret < 0;
}

static void check_duration(struct metrics *metrics,
			   const struct probe_stats *stats, const char *object)
{
	const char *name = metric_names[M_CHECK_DURATION].name;
	unsigned long long count = 0;
	char bound[32];
	unsigned int i;
	int ret;

	for (i = 0; i < PROBE_BUCKETS; i++) {
		count += stats->bucket[i];
		snprintf(bound, sizeof(bound), "%g", probe_bounds[i] / 1e6);
		duration_bucket(metrics, object, bound, count);
	}
	count += stats->bucket[PROBE_BUCKETS];
	duration_bucket(metrics, object, "+Inf", count);

	ret = evbuffer_add_printf(metrics->buffer[M_CHECK_DURATION],
				  "%s_sum{%s} %.6f\n%s_count{%s} %llu\n",
				  name, object, (double)stats->us / 1e6, name,
				  object, count);
	metrics->failed |= ret < 0;
}

static void process_figures(struct metrics *metrics)
{
	FILE *file = fopen("/proc/self/statm", "re");
	unsigned long pages = 0;
	struct rusage usage;

	if (!getrusage(RUSAGE_SELF, &usage))
		seconds(metrics, M_OWN_CPU, "",
			(uint64_t)(usage.ru_utime.tv_sec +
				   usage.ru_stime.tv_sec) * 1000000 +
			(uint64_t)(usage.ru_utime.tv_usec +
				   usage.ru_stime.tv_usec));
	if (!file)
		return;
	if (fscanf(file, "%*u %lu", &pages) == 1)
		number(metrics, M_OWN_MEMORY, "",
		       (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE));
	fclose(file);
}

/**
 * metrics_figures() - add the daemon's own figures to a page
 * @metrics: page
 * @figures: the figures
 */
void metrics_figures(struct metrics *metrics, const struct figures *figures)
{
	const struct notify_stats *notify = &figures->notify;
	char object[OBJECT_TEXT];
	size_t i;

	number(metrics, M_UP, "", figures->connected);
	number(metrics, M_OWN_INFO, "version=\"" LB_VERSION "\"", 1);
	number(metrics, M_OWN_TARGETS, "", figures->targets);
	number(metrics, M_OWN_HELD, "", figures->held);
	number(metrics, M_OWN_PROBES, "", figures->probes);
	number(metrics, M_OWN_REPORTS, "", figures->reports);
	number(metrics, M_OWN_REFUSED, "", figures->refused);
	number(metrics, M_OWN_NOTIFY, "result=\"done\"", notify->run);
	number(metrics, M_OWN_NOTIFY, "result=\"failed\"", notify->failed);
	number(metrics, M_OWN_NOTIFY, "result=\"lost\"", notify->lost);
	for (i = 0; i < figures->types; i++) {
		labelled(object, sizeof(object), "", "type",
			 figures->stats[i].type);
		check_results(metrics, &figures->stats[i], object);
		check_duration(metrics, &figures->stats[i], object);
	}
	process_figures(metrics);
}

/**
 * metrics_take() - take what is on a page, which is empty then
 * @metrics: page
 * @page: where to
 *
 * Return: 0 or -ENOMEM.
 */
int metrics_take(struct metrics *metrics, struct evbuffer *page)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < METRICS; i++) {
		if (!evbuffer_get_length(metrics->buffer[i]))
			continue;
		ret |= evbuffer_add_printf(page, "# HELP %s %s\n# TYPE %s %s\n",
					   metric_names[i].name,
					   metric_names[i].help,
					   metric_names[i].name,
					   metric_names[i].type);
		ret |= evbuffer_add_buffer(page, metrics->buffer[i]);
	}
	if (ret >= 0 && !metrics->failed)
		return 0;
	metrics_clear(metrics);

	return -ENOMEM;
}
