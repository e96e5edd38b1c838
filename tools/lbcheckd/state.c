// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a row of check results says of a server. Pure: knows no clock, no
 * socket and no kernel.
 *
 * Sick and down are both bad: a server that is up goes by a row of bad results
 * of whatever kind, and the last of them is the verdict. From sick to down and
 * back it goes by a row of the same kind only, so that one that answers now and
 * then does not cost its connections again and again.
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

	*state = (struct state) { .health = health };
}

/**
 * state_step() - take a result
 * @state: state; its health is the verdict
 * @result: %L4LB_HEALTH_UP, %L4LB_HEALTH_SICK or %L4LB_HEALTH_DOWN
 * @rise: good results in a row that make a server up
 * @fall: bad results in a row that make it sick or down
 *
 * Of a server of which nothing is known any result says more than nothing: the
 * first one decides.
 */
void state_step(struct state *state, uint8_t result, unsigned int rise,
		unsigned int fall)
{
	bool good = result == L4LB_HEALTH_UP;
	unsigned int row, need;

	state->same = state->last == result ? state->same + 1 : 1;
	state->last = result;
	state->good = good ? state->good + 1 : 0;
	state->bad = good ? 0 : state->bad + 1;

	if (good)
		row = state->good;
	else if (state->health == L4LB_HEALTH_UP)
		row = state->bad;
	else
		row = state->same;
	need = good ? rise : fall;

	if (state->health == L4LB_HEALTH_UNKNOWN || row >= need)
		state->health = result;
}

/**
 * state_settled() - ask whether the last result agrees with the verdict
 * @state: state
 *
 * Return: false while a row of results against the verdict goes on.
 */
bool state_settled(const struct state *state)
{
	return !state->last || state->last == state->health;
}
