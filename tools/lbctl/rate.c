// SPDX-License-Identifier: GPL-2.0-only
/*
 * How fast counters grow.
 */

#include "rate.h"

/**
 * rate_count() - compute how fast a counter has grown
 * @before: what it was
 * @now: what it is; less than @before if it began anew
 * @ms: time between the two
 *
 * Return: growth in a second, rounded up, so that what happens at all is seen.
 */
uint64_t rate_count(uint64_t before, uint64_t now, uint64_t ms)
{
	uint64_t grown = now < before ? now : now - before;

	if (!ms)
		return 0;

	return grown / ms * 1000 + (grown % ms * 1000 + ms - 1) / ms;
}

/**
 * rate_stats() - compute how fast all counters of something have grown
 * @before: what they were; NULL if it was not there
 * @now: what they are
 * @ms: time between the two
 * @rate: where to
 */
void rate_stats(const struct lb_stats *before, const struct lb_stats *now,
		uint64_t ms, struct lb_stats *rate)
{
	static const struct lb_stats none;

	if (!before)
		before = &none;
	rate->conns = rate_count(before->conns, now->conns, ms);
	rate->in_packets = rate_count(before->in_packets, now->in_packets, ms);
	rate->in_bytes = rate_count(before->in_bytes, now->in_bytes, ms);
	rate->out_packets = rate_count(before->out_packets, now->out_packets,
				       ms);
	rate->out_bytes = rate_count(before->out_bytes, now->out_bytes, ms);
}

static uint64_t drop_find(const struct lb_drops *drops, uint8_t reason)
{
	unsigned int i;

	for (i = 0; i < drops->count; i++) {
		if (drops->drop[i].reason == reason)
			return drops->drop[i].packets;
	}

	return 0;
}

/**
 * rate_drops() - compute how fast packets are dropped
 * @before: what was dropped
 * @now: what is dropped
 * @ms: time between the two
 * @rate: where to; reasons that do not grow are not in it
 */
void rate_drops(const struct lb_drops *before, const struct lb_drops *now,
		uint64_t ms, struct lb_drops *rate)
{
	const struct lb_drop *drop;
	uint64_t packets;
	unsigned int i;

	rate->count = 0;
	for (i = 0; i < now->count; i++) {
		drop = &now->drop[i];
		packets = rate_count(drop_find(before, drop->reason),
				     drop->packets, ms);
		if (packets)
			rate->drop[rate->count++] = (struct lb_drop) {
				.reason = drop->reason,
				.packets = packets,
			};
	}
}
