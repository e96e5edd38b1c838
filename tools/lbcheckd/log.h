/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The daemon's log.
 */

#ifndef _LBCHECKD_LOG_H
#define _LBCHECKD_LOG_H

#include "compiler.h"

#include <stdbool.h>
#include <syslog.h>

void log_init(bool verbose, bool to_syslog);
void log_line(int priority, const char *fmt, ...) __printf(2, 3);

#endif /* _LBCHECKD_LOG_H */
