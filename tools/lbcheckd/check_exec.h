/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Check "exec": who it runs programs as.
 */

#ifndef _LBCHECKD_CHECK_EXEC_H
#define _LBCHECKD_CHECK_EXEC_H

void check_exec_user(const char *name);

#endif /* _LBCHECKD_CHECK_EXEC_H */
