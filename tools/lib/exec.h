/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Programs that check: where they are, and which may be run.
 */

#ifndef _LB_EXEC_H
#define _LB_EXEC_H

#include <stddef.h>

struct lb_err;

/* Where they are, unless the environment says otherwise. */
#define LB_EXEC_DIR	"/etc/l4lb/checks.d"
#define LB_EXEC_ENV	"L4LB_CHECKS_DIR"

/* Most bytes of a program's path. */
#define LB_EXEC_PATH	512

int lb_exec_path(const char *name, char *path, size_t size, struct lb_err *err);

#endif /* _LB_EXEC_H */
