// SPDX-License-Identifier: GPL-2.0-only
/*
 * Measures when it is asked: the counters are the module's, and are read by one
 * dump at a time, whoever asks meanwhile.
 */

#include "exporter.h"
#include "dump.h"
#include "err.h"
#include "metrics.h"
#include "scrape.h"

#include <errno.h>
#include <event2/buffer.h>
#include <stdlib.h>

/**
 * struct exporter - measures
 * @base: event loop
 * @cb: tells the daemon's own figures
 * @data: for @cb
 * @scrape: takes requests
 * @metrics: what has been measured so far
 * @dump: what is being read, or NULL
 */
struct exporter {
	struct event_base *base;
	exporter_cb cb;
	void *data;
	struct scrape *scrape;
	struct metrics *metrics;
	struct dump *dump;
};

static void exporter_give(struct exporter *exporter)
{
	struct evbuffer *page = evbuffer_new();

	if (page && !metrics_take(exporter->metrics, page))
		scrape_page(exporter->scrape, page);
	else
		scrape_page(exporter->scrape, NULL);
	if (page)
		evbuffer_free(page);
}

static void dump_begin(void *data)
{
	struct exporter *exporter = data;

	metrics_clear(exporter->metrics);
}

static void dump_vip(void *data, struct lb_vip *vip)
{
	struct exporter *exporter = data;

	metrics_vip(exporter->metrics, vip);
}

static void dump_real(void *data, struct lb_real *real)
{
	struct exporter *exporter = data;

	metrics_real(exporter->metrics, real);
}

static void dump_info(void *data, const struct lb_info *info)
{
	struct exporter *exporter = data;

	metrics_info(exporter->metrics, info);
}

static void dump_end(void *data, int ret)
{
	struct exporter *exporter = data;
	struct figures figures = { 0 };

	exporter->dump = NULL;
	if (ret == -EINTR) {
		scrape_page(exporter->scrape, NULL);
		return;
	}

	exporter->cb(exporter->data, &figures);
	if (ret) {
		metrics_clear(exporter->metrics);
		figures.connected = false;
	}
	metrics_figures(exporter->metrics, &figures);
	exporter_give(exporter);
}

static const struct dump_ops dump_ops = {
	.begin	= dump_begin,
	.vip	= dump_vip,
	.real	= dump_real,
	.info	= dump_info,
	.end	= dump_end,
};

/* Without the module there is less to tell. */
static void exporter_asked(void *data)
{
	struct exporter *exporter = data;
	struct figures figures = { 0 };

	exporter->cb(exporter->data, &figures);
	if (figures.connected)
		exporter->dump = dump_new(exporter->base, &dump_ops, exporter);
	if (!exporter->dump)
		dump_end(exporter, -ENOTCONN);
}

/**
 * exporter_new() - begin to measure
 * @exporterp: where to
 * @base: event loop
 * @where: loopback address and port, or unix:PATH
 * @cb: tells the daemon's own figures
 * @data: for @cb
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int exporter_new(struct exporter **exporterp, struct event_base *base,
		 const char *where, exporter_cb cb, void *data,
		 struct lb_err *err)
{
	struct exporter *exporter = calloc(1, sizeof(*exporter));
	int ret;

	if (!exporter)
		return lb_err_code(err, -ENOMEM);

	exporter->base = base;
	exporter->cb = cb;
	exporter->data = data;
	exporter->metrics = metrics_new();
	if (!exporter->metrics) {
		exporter_free(exporter);
		return lb_err_code(err, -ENOMEM);
	}
	ret = scrape_new(&exporter->scrape, base, where, exporter_asked,
			 exporter, err);
	if (ret) {
		exporter_free(exporter);
		return ret;
	}
	*exporterp = exporter;

	return 0;
}

/**
 * exporter_free() - measure no more
 * @exporter: what exporter_new() made, or NULL
 */
void exporter_free(struct exporter *exporter)
{
	if (!exporter)
		return;
	dump_free(exporter->dump);
	scrape_free(exporter->scrape);
	metrics_free(exporter->metrics);
	free(exporter);
}
