/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What becomes of the answers of a target's agent.
 */

#ifndef _LBCHECKD_ANSWER_H
#define _LBCHECKD_ANSWER_H

#include <stdbool.h>

struct probe_result;
struct target;

bool answer_take(void *data, const struct probe_result *result);
bool answer_forget(struct target *target);
void answer_none(struct target *target);

#endif /* _LBCHECKD_ANSWER_H */
