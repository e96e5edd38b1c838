/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Carries a talk to a server and back.
 */

#ifndef _LBCHECKD_DIALOG_H
#define _LBCHECKD_DIALOG_H

struct check;
struct talk_ops;

void dialog_start(struct check *check, const struct talk_ops *ops);
void dialog_start_udp(struct check *check, const struct talk_ops *ops);
void dialog_stop(struct check *check);
void dialog_late(struct check *check);

#endif /* _LBCHECKD_DIALOG_H */
