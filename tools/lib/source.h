/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lists of addresses that reals see in place of the clients'.
 */

#ifndef _LB_SOURCE_H
#define _LB_SOURCE_H

#include "addr.h"

struct lb_err;

/* Room for any printed list. */
#define LB_SOURCES_TEXT	(L4LB_SOURCES_MAX * INET6_ADDRSTRLEN)

/**
 * enum lb_list_op - what a list does to the one there is
 * @LB_LIST_SET: takes its place
 * @LB_LIST_ADD: comes in addition
 * @LB_LIST_DEL: is taken out of it
 */
enum lb_list_op {
	LB_LIST_SET,
	LB_LIST_ADD,
	LB_LIST_DEL,
};

/**
 * struct lb_sources - addresses of one family, sorted and different
 * @op: what to do with it in a request
 * @count: how many
 * @addr: the addresses
 */
struct lb_sources {
	enum lb_list_op op;
	unsigned int count;
	struct lb_addr addr[L4LB_SOURCES_MAX];
};

enum lb_list_op lb_list_op(const char **text);
int lb_sources_parse(const char *text, struct lb_sources *sources,
		     struct lb_err *err);
int lb_sources_settle(struct lb_sources *sources, const struct lb_sources *now,
		      struct lb_err *err);
const char *lb_sources_print(const struct lb_sources *sources, char *buf,
			     size_t size);

#endif /* _LB_SOURCE_H */
