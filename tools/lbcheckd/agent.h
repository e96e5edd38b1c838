/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A server's own word on how much it wants to do.
 */

#ifndef _LBCHECKD_AGENT_H
#define _LBCHECKD_AGENT_H

#include "check.h"

#include <stdbool.h>
#include <stdint.h>

/**
 * struct agent_wish - what an agent has said
 * @has_weight: whether it has named a weight
 * @weight: percent of the configured one, at most %L4LB_AGENT_WEIGHT_MAX
 * @admin: &enum l4lb_admin, 0 if it has not named any
 */
struct agent_wish {
	bool has_weight;
	uint16_t weight;
	uint8_t admin;
};

bool agent_parse(const char *answer, struct agent_wish *wish);
const char *agent_answer(const char *reason);
void agent_plan(struct plan *plan, const struct plan *check);

extern const struct check_ops agent_ops;

#endif /* _LBCHECKD_AGENT_H */
