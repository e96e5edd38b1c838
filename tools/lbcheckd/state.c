// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a row of check results says of a server. Pure: knows no clock, no
 * socket and no kernel.
 */

#include "state.h"

#include <linux/l4lb.h>

/**
 * state_adopt() - take over a verdict that somebody else has given
 * @state: state
 * @health: &enum l4lb_health
 *
 * What is no news leaves the rows of results alone.
 */
void state_adopt(struct state *state, uint8_t health)
{
	if (state->health == health)
		return;

	state->health = health;
	state->good = 0;
	state->bad = 0;
}

/**
 * state_step() - take a result
 * @state: state; its health is the verdict
 * @good: whether the check was passed
 * @rise: good results in a row that make a server up
 * @fall: bad results in a row that make it down
 *
 * Of a server of which nothing is known any result says more than nothing: the
 * first one decides.
 */
void state_step(struct state *state, bool good, unsigned int rise,
		unsigned int fall)
{
	bool known = state->health != L4LB_HEALTH_UNKNOWN;

	state->good = good ? state->good + 1 : 0;
	state->bad = good ? 0 : state->bad + 1;

	if (good && (!known || state->good >= rise))
		state->health = L4LB_HEALTH_UP;
	else if (!good && (!known || state->bad >= fall))
		state->health = L4LB_HEALTH_DOWN;
}
