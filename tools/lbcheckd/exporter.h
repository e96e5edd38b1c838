/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Measures when it is asked.
 */

#ifndef _LBCHECKD_EXPORTER_H
#define _LBCHECKD_EXPORTER_H

struct event_base;
struct exporter;
struct figures;
struct lb_err;

/**
 * typedef exporter_cb - tells the daemon's own figures
 * @data: as given to exporter_new()
 * @figures: where to
 */
typedef void (*exporter_cb)(void *data, struct figures *figures);

int exporter_new(struct exporter **exporterp, struct event_base *base,
		 const char *where, exporter_cb cb, void *data,
		 struct lb_err *err);
void exporter_free(struct exporter *exporter);

#endif /* _LBCHECKD_EXPORTER_H */
