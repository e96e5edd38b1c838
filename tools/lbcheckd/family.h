/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Watches the module come and go.
 */

#ifndef _LBCHECKD_FAMILY_H
#define _LBCHECKD_FAMILY_H

#include <stdbool.h>

struct event_base;
struct family;
struct lb_err;

/**
 * typedef family_cb - told when the module comes or goes
 * @data: as given to family_new()
 * @gone: it was unloaded; else it was loaded, or what happened was missed
 */
typedef void (*family_cb)(void *data, bool gone);

int family_new(struct family **familyp, struct event_base *base, family_cb cb,
	       void *data, struct lb_err *err);
void family_free(struct family *family);

#endif /* _LBCHECKD_FAMILY_H */
