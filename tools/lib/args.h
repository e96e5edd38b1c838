/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The arguments of a check: words of the form key=value in one text. They
 * are quoted as those in files are, see lex.h.
 */

#ifndef _LB_ARGS_H
#define _LB_ARGS_H

#include <linux/l4lb.h>
#include <stdbool.h>
#include <stdint.h>

struct lb_err;

/* Most words of one check. */
#define LB_ARGS_MAX	32

/**
 * struct lb_args - the arguments of a check
 * @count: how many
 * @key: where in @text their keys begin, in the order in which they were given
 * @value: where in @text their values begin
 * @text: keys and values, each ended by a NUL
 *
 * Has no pointers, so that a copy of it is one.
 */
struct lb_args {
	unsigned int count;
	uint16_t key[LB_ARGS_MAX];
	uint16_t value[LB_ARGS_MAX];
	char text[L4LB_CHECK_ARGS_MAX + 1];
};

int lb_args_parse(struct lb_args *args, const char *text, struct lb_err *err);
const char *lb_args_key(const struct lb_args *args, unsigned int index);
const char *lb_args_value(const struct lb_args *args, unsigned int index);
const char *lb_args_get(const struct lb_args *args, const char *key);
const char *lb_args_or(const struct lb_args *args, const char *key,
		       const char *otherwise);
unsigned int lb_args_number(const struct lb_args *args, const char *key,
			    unsigned int otherwise);
bool lb_args_yes(const struct lb_args *args, const char *key);

#endif /* _LB_ARGS_H */
