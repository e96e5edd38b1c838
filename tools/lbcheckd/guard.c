// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether servers that fail at once are believed to, or whether it is rather
 * the checker, or what is between, that has failed. Pure.
 *
 * They are counted before the first of them leaves: who has left has lost its
 * connections, and to take it back would not bring them back.
 */

#include "guard.h"

#include <stdbool.h>

static bool is_reached(const struct guard *guard, unsigned int count)
{
	return (unsigned long long)count * 100 >=
	       (unsigned long long)guard->percent * guard->up;
}

/**
 * guard_judge() - say what becomes of those that fail
 * @guard: the reals of a VIP, counted
 *
 * Return: &enum guard_verdict.
 */
enum guard_verdict guard_judge(const struct guard *guard)
{
	if (!guard->percent || !guard->failing)
		return GUARD_PASS;
	if (is_reached(guard, guard->failing))
		return GUARD_HOLD;
	if (is_reached(guard, guard->failing + guard->doubtful))
		return GUARD_WAIT;

	return GUARD_PASS;
}
