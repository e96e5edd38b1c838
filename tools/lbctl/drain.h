/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lbctl real drain: for ever, or as a job that ends.
 */

#ifndef _LBCTL_DRAIN_H
#define _LBCTL_DRAIN_H

struct cmd;
struct lb_words;

int real_drain(struct cmd *cmd, struct lb_words *words);

#endif /* _LBCTL_DRAIN_H */
