/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether somebody checks the servers of this network namespace.
 */

#ifndef _LB_CHECKER_H
#define _LB_CHECKER_H

#include <stdbool.h>

/*
 * Name of the abstract datagram socket that whoever checks holds: there is one
 * in each network namespace, and it goes with its process.
 */
#define LB_CHECKER_NAME	"l4lb-lbcheckd"

bool lb_checker_runs(void);

#endif /* _LB_CHECKER_H */
