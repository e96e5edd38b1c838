/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lists of clients that a VIP serves: parsed and printed as the command line
 * writes them.
 */

#ifndef _LB_ALLOW_H
#define _LB_ALLOW_H

#include "addr.h"

struct lb_err;

/* Room for any printed range. */
#define LB_ALLOW_TEXT	(2 * LB_ADDR_TEXT)

/**
 * struct lb_allow_range - a range of addresses
 * @first: first address
 * @last: last address, of the same family
 */
struct lb_allow_range {
	struct lb_addr first;
	struct lb_addr last;
};

/**
 * struct lb_allow - a list of ranges of one family
 * @count: how many
 * @room: for how many there is memory
 * @range: the ranges
 */
struct lb_allow {
	size_t count;
	size_t room;
	struct lb_allow_range *range;
};

int lb_allow_add(struct lb_allow *allow, const struct lb_allow_range *range);
int lb_allow_parse(const char *text, struct lb_allow *allow,
		   struct lb_err *err);
const char *lb_allow_print(const struct lb_allow_range *range, char *buf,
			   size_t size);
char *lb_allow_text(const struct lb_allow *allow);
void lb_allow_free(struct lb_allow *allow);

#endif /* _LB_ALLOW_H */
