/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether somebody checks the servers of this network namespace.
 */

#ifndef _LB_CHECKER_H
#define _LB_CHECKER_H

#include <stdbool.h>

struct lb_err;

int lb_checker_claim(struct lb_err *err);
bool lb_checker_runs(void);

#endif /* _LB_CHECKER_H */
