/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is left of a VIP or a real that is being drained.
 */

#ifndef _LBCTL_LEFT_H
#define _LBCTL_LEFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lb_err;
struct lb_nl;
struct lb_real;
struct lb_vip;

/* Room for any printed rest. */
#define LEFT_TEXT	64

/**
 * struct left - what is left
 * @conns: connections
 * @clients: clients that a persistence entry binds to it, but for those that
 *	the administrator has bound for ever
 */
struct left {
	uint32_t conns;
	uint32_t clients;
};

int left_of_real(struct lb_nl *nl, const struct lb_real *real,
		 struct left *left, struct lb_err *err);
int left_of_vip(struct lb_nl *nl, const struct lb_vip *vip, struct left *left,
		struct lb_err *err);
bool left_nothing(const struct left *left);
const char *left_print(const struct left *left, char *buf, size_t size);

#endif /* _LBCTL_LEFT_H */
