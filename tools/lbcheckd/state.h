/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a row of check results says of a server.
 */

#ifndef _LBCHECKD_STATE_H
#define _LBCHECKD_STATE_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct state - health of a server and the results that may change it
 * @health: &enum l4lb_health
 * @good: good results in a row, up to the last one
 * @bad: bad results in a row, up to the last one
 */
struct state {
	uint8_t health;
	unsigned int good;
	unsigned int bad;
};

void state_adopt(struct state *state, uint8_t health);
void state_step(struct state *state, bool good, unsigned int rise,
		unsigned int fall);

#endif /* _LBCHECKD_STATE_H */
