/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tells the service manager, if there is one, that all is well.
 */

#ifndef _LBCHECKD_SUPERVISOR_H
#define _LBCHECKD_SUPERVISOR_H

struct event_base;
struct supervisor;

struct supervisor *supervisor_new(void);
void supervisor_free(struct supervisor *supervisor);
void supervisor_ready(struct supervisor *supervisor, struct event_base *base);
void supervisor_stopping(struct supervisor *supervisor);

#endif /* _LBCHECKD_SUPERVISOR_H */
