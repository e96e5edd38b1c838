// SPDX-License-Identifier: GPL-2.0-only
/*
 * Slow start.
 */

#include "ramp.h"
#include "netns.h"
#include "real.h"
#include "sched.h"
#include "vip.h"

#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/timekeeping.h>

/* It begins with one part in so many, and goes on in such steps. */
#define STEPS	100

static u64 ramp_now(void)
{
	return ktime_get_ns() / NSEC_PER_MSEC;
}

static bool ramp_is_over(const struct l4lb_ramp *ramp, u32 time, u64 now)
{
	return !ramp->on || now - ramp->since >= time;
}

/**
 * l4lb_ramp_weight() - weight that counts now
 * @weight: weight in the end
 * @time: ms until then
 * @elapsed: ms that have passed
 *
 * Context: Any.
 * Return: the weight in hundredths, 1 or more if @weight is.
 */
u32 l4lb_ramp_weight(u32 weight, u32 time, u64 elapsed)
{
	if (elapsed >= time)
		return weight * STEPS;

	return max_t(u32, weight,
		     div_u64((u64)weight * STEPS * (u32)elapsed, time));
}

static bool vip_serves_without(const struct l4lb_vip *vip,
			       const struct l4lb_real *without)
{
	const struct l4lb_check *check = &l4lb_vip_config(vip)->check;
	const struct l4lb_real *real;

	list_for_each_entry(real, &vip->reals, list)
		if (real != without && l4lb_real_serves(real, check))
			return true;

	return false;
}

/**
 * l4lb_ramp_follow() - see whether a change of a real begins or ends its ramp
 * @real: real, as it is to be from now on
 * @was_out: whether it was halted or not fit before
 *
 * Context: Process context, under &l4lb_net.lock, before the configuration for
 * the data path is made.
 */
void l4lb_ramp_follow(struct l4lb_real *real, bool was_out)
{
	const struct l4lb_vip_config *config = l4lb_vip_config(real->vip);

	lockdep_assert_held(&real->vip->ln->lock);

	if (!l4lb_real_serves(real, &config->check)) {
		real->ramp.on = false;
	} else if (was_out && config->slow_start &&
		   vip_serves_without(real->vip, real)) {
		real->ramp.on = true;
		real->ramp.since = ramp_now();
	}
}

/**
 * l4lb_ramp_shares() - let weights be what they are now
 * @shares: reals that take new connections
 * @n: how many
 * @time: the VIP's time in ms
 *
 * While there is a ramp all weights count in hundredths, or there would be
 * nothing between a weight of 1 and none.
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_ramp_shares(struct l4lb_share *shares, u32 n, u32 time)
{
	const u64 now = ramp_now();
	const struct l4lb_ramp *ramp;
	bool on = false;
	u32 i;

	for (i = 0; i < n; i++)
		on |= !ramp_is_over(&shares[i].real->ramp, time, now);
	if (!on)
		return;

	for (i = 0; i < n; i++) {
		ramp = &shares[i].real->ramp;
		shares[i].weight =
			l4lb_ramp_weight(shares[i].weight, ramp->on ? time : 0,
					 now - ramp->since);
	}
}

static bool vip_ramps(const struct l4lb_vip *vip)
{
	const struct l4lb_real *real;

	list_for_each_entry(real, &vip->reals, list)
		if (real->ramp.on)
			return true;

	return false;
}

/**
 * l4lb_ramp_upkeep() - let the data path follow the weights of a VIP's reals
 * @vip: VIP
 *
 * Without memory it follows later.
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_ramp_upkeep(struct l4lb_vip *vip)
{
	const u32 time = l4lb_vip_config(vip)->slow_start;
	const u64 now = ramp_now();
	struct l4lb_real *real;

	lockdep_assert_held(&vip->ln->lock);

	if (now - vip->ramped < time / STEPS || !vip_ramps(vip) ||
	    l4lb_vip_refresh(vip))
		return;

	vip->ramped = now;
	list_for_each_entry(real, &vip->reals, list)
		if (ramp_is_over(&real->ramp, time, now))
			real->ramp.on = false;
}
