/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The directory of what runs: locks and sockets, none of which is for others.
 */

#ifndef _LB_RUN_DIR_H
#define _LB_RUN_DIR_H

#define LB_RUN_DIR	"/run/l4lb"

int lb_run_dir_make(void);

#endif /* _LB_RUN_DIR_H */
