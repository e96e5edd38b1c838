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
 * @last: last result, one of &enum l4lb_health; 0 for none since the verdict
 *	was taken over
 * @good: good results in a row, up to the last one
 * @bad: bad results in a row, sick or down, up to the last one
 * @same: results in a row like the last one
 */
struct state {
	uint8_t health;
	uint8_t last;
	unsigned int good;
	unsigned int bad;
	unsigned int same;
};

void state_adopt(struct state *state, uint8_t health);
void state_step(struct state *state, uint8_t result, unsigned int rise,
		unsigned int fall);
bool state_settled(const struct state *state);

#endif /* _LBCHECKD_STATE_H */
