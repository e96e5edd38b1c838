/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether servers that fail at once are believed to.
 */

#ifndef _LBCHECKD_GUARD_H
#define _LBCHECKD_GUARD_H

/**
 * struct guard - the reals of a VIP, counted
 * @percent: share of those that are up whose failure is not believed; 0 if any
 *	is
 * @up: how many the module holds as up
 * @failing: how many of them are not, as their checks say
 * @doubtful: how many of the others have not passed a check since the first of
 *	these failed
 */
struct guard {
	unsigned int percent;
	unsigned int up;
	unsigned int failing;
	unsigned int doubtful;
};

/**
 * enum guard_verdict - what becomes of those that fail
 * @GUARD_PASS: they leave
 * @GUARD_WAIT: it depends on the next results of the others
 * @GUARD_HOLD: they stay
 */
enum guard_verdict {
	GUARD_PASS,
	GUARD_WAIT,
	GUARD_HOLD,
};

enum guard_verdict guard_judge(const struct guard *guard);

#endif /* _LBCHECKD_GUARD_H */
