/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Regular expressions that are cheap enough to be used on what a server says.
 */

#ifndef _LB_PATTERN_H
#define _LB_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

struct lb_err;
struct lb_pattern;

/* What a check may spend, in parts of the expression times bytes: some 50 ms. */
#define LB_PATTERN_WORK	((size_t)8 << 20)

int lb_pattern_check(const char *text, struct lb_err *err);
int lb_pattern_new(struct lb_pattern **patternp, const char *text,
		   struct lb_err *err);
void lb_pattern_free(struct lb_pattern *pattern);
bool lb_pattern_find(const struct lb_pattern *pattern, const char *text,
		     size_t len, size_t *work, size_t *end);

#endif /* _LB_PATTERN_H */
