/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Checks one server now, for whoever is watching.
 */

#ifndef _LBCHECKD_TRIAL_H
#define _LBCHECKD_TRIAL_H

#include <stdbool.h>
#include <stdio.h>

struct lb_err;
struct lb_real;
struct lb_vip;

int trial_run(const char *name, bool json, FILE *file, struct lb_err *err);
int trial_check(const struct lb_vip *vip, const struct lb_real *real,
		bool json, FILE *file, struct lb_err *err);

#endif /* _LBCHECKD_TRIAL_H */
