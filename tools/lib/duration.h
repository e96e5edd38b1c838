/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Spans of time as the command line writes them: ``500ms``, ``30``, ``2h``.
 */

#ifndef _LB_DURATION_H
#define _LB_DURATION_H

#include <stddef.h>
#include <stdint.h>

struct lb_err;

/* Room for any printed span. */
#define LB_DURATION_TEXT	16

int lb_duration_parse(const char *text, uint32_t min, uint32_t *ms,
		      struct lb_err *err);
const char *lb_duration_print(uint32_t ms, char *buf, size_t size);
const char *lb_duration_print_us(uint32_t us, char *buf, size_t size);

#endif /* _LB_DURATION_H */
