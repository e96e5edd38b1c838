/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads all VIPs and reals, and lets others have their turn meanwhile.
 */

#ifndef _LBCHECKD_READING_H
#define _LBCHECKD_READING_H

struct config;
struct event_base;
struct lb_real;
struct reading;

/**
 * typedef reading_cb - all is there
 * @data: as given to reading_new()
 * @ret: 0 or -errno; -EINTR if it has changed too often
 *
 * It may be freed from here.
 */
typedef void (*reading_cb)(void *data, int ret);

struct reading *reading_new(struct event_base *base, reading_cb cb, void *data);
void reading_free(struct reading *reading);
void reading_health(struct reading *reading, const struct lb_real *real);
const struct config *reading_config(struct reading *reading);

#endif /* _LBCHECKD_READING_H */
