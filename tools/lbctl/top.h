/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lbctl top: a live screen. What is on it is in rows of VIPs and reals.
 */

#ifndef _LBCTL_TOP_H
#define _LBCTL_TOP_H

#include "picture.h"

#include <linux/l4lb.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lb_err;
struct lb_nl;

/* How many samples of the past are kept, and shown. */
#define TOP_HISTORY	60

/**
 * enum top_sort - what rows are sorted by; reals stay below their VIP
 * @TOP_SORT_NONE: nothing: they are as the module lists them
 * @TOP_SORT_NAME: names
 * @TOP_SORT_CONNS: connections
 * @TOP_SORT_RATE: new connections in a second
 * @TOP_SORT_BYTES: bytes in a second, both ways
 * @TOP_SORT_COUNT: how many ways there are
 */
enum top_sort {
	TOP_SORT_NONE,
	TOP_SORT_NAME,
	TOP_SORT_CONNS,
	TOP_SORT_RATE,
	TOP_SORT_BYTES,

	TOP_SORT_COUNT
};

/**
 * struct top_row - a VIP or a real
 * @vip: name of the VIP
 * @real: name of the real; empty for a VIP
 * @addr: its address and ports
 * @state: word for how it is
 * @good: whether that is as it should be
 * @conns: connections now
 * @total: counters
 * @rate: how fast they grow
 * @history: new connections in a second, the last one last
 */
struct top_row {
	char vip[L4LB_NAME_MAX + 1];
	char real[L4LB_NAME_MAX + 1];
	char addr[LB_ADDR_TEXT];
	const char *state;
	bool good;
	uint32_t conns;
	struct lb_stats total;
	struct lb_stats rate;
	uint64_t history[TOP_HISTORY];
};

/**
 * struct top - all that is known
 * @info: totals of the namespace
 * @rate: how fast they grow
 * @drops: packets dropped in a second
 * @taken: when that was, as watch_now() has it; 0 for not yet
 * @row: VIPs, each followed by its reals
 * @count: how many
 */
struct top {
	struct lb_info info;
	struct lb_stats rate;
	struct lb_drops drops;
	uint64_t taken;
	struct top_row *row;
	size_t count;
};

int top_read(struct top *top, struct lb_nl *nl, struct lb_err *err);
size_t top_select(const struct top *top, enum top_sort sort,
		  const char *filter, const struct top_row **rows);
void top_free(struct top *top);
const char *top_count_print(uint64_t count, char *buf, size_t size);
void top_history_print(const struct top_row *row, bool utf8, char *buf,
		       unsigned int width);

/* Room for a printed count, and for a history of all samples. */
#define TOP_COUNT_TEXT		16
#define TOP_HISTORY_TEXT	(3 * TOP_HISTORY + 1)

#endif /* _LBCTL_TOP_H */
