/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a plan does that whoever wrote the file may not have meant.
 */

#ifndef _LBCTL_CAUTION_H
#define _LBCTL_CAUTION_H

struct cmd;
struct lb_plan;

void caution(const struct cmd *cmd, const char *label,
	     const struct lb_plan *plan);

#endif /* _LBCTL_CAUTION_H */
