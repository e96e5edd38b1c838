/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lbctl real check: check a real now.
 */

#ifndef _LBCTL_REAL_CHECK_H
#define _LBCTL_REAL_CHECK_H

struct cmd;
struct lb_words;

int real_check(struct cmd *cmd, struct lb_words *words);

#endif /* _LBCTL_REAL_CHECK_H */
