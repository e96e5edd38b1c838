/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Events as text and as JSON.
 */

#ifndef _LBCTL_EVENTS_H
#define _LBCTL_EVENTS_H

#include "addr.h"
#include "record.h"

#include <stddef.h>

struct lb_out;

/* Room for what an event is about. */
#define EVENTS_OBJECT_TEXT	(2 * (L4LB_NAME_MAX + 1) + LB_ADDR_TEXT + 16)
#define EVENTS_STATE_TEXT	64

const char *events_object(const struct lb_record *record, char *buf,
			  size_t size);
const char *events_state(const struct lb_record *record, char *buf,
			 size_t size);
void events_json(struct lb_out *out, const struct lb_record *record);

#endif /* _LBCTL_EVENTS_H */
