/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lists of status or reply codes, such as ``200,301,400-403``.
 */

#ifndef _LB_CODES_H
#define _LB_CODES_H

#include <stdbool.h>

struct lb_err;

int lb_codes_check(const char *text, unsigned int min, unsigned int max,
		   struct lb_err *err);
bool lb_codes_has(const char *text, unsigned int code);

#endif /* _LB_CODES_H */
