/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Regular expressions that are cheap enough to be used on what a server says.
 */

#ifndef _LB_PATTERN_H
#define _LB_PATTERN_H

struct lb_err;

int lb_pattern_check(const char *text, struct lb_err *err);

#endif /* _LB_PATTERN_H */
