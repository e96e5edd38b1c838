/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Options of a command: tables of a word and a function that takes its value.
 */

#ifndef _LB_OPTION_H
#define _LB_OPTION_H

#include <linux/l4lb.h>
#include <stdbool.h>
#include <stdint.h>

struct lb_err;
struct lb_names;
struct lb_words;

/**
 * struct lb_option - an option of a command
 * @word: the option; NULL at the end of a table
 * @set: takes its value, which is NULL for its default
 * @clause: in place of @set, takes all words that belong to it
 * @flag: in place of @set, for an option without a value
 * @repeats: it may be given several times
 */
struct lb_option {
	const char *word;
	int (*set)(void *object, const char *value, struct lb_err *err);
	int (*clause)(void *object, struct lb_words *words,
		      struct lb_err *err);
	void (*flag)(void *object);
	bool repeats;
};

const struct lb_option *lb_option_find(const struct lb_option *options,
				       const char *word);
int lb_option_take(struct lb_words *words, const struct lb_option *option,
		   void *object, struct lb_err *err);
int lb_options_take(struct lb_words *words, const struct lb_option *options,
		    void *object, struct lb_err *err);

bool lb_option_is_default(const char *value);
int lb_option_word(const char *option, const char *value,
		   const struct lb_names *names, uint8_t *field,
		   struct lb_err *err);
int lb_option_name(const char *value, char name[L4LB_NAME_MAX + 1],
		   struct lb_err *err);
int lb_option_number(const char *option, const char *value, unsigned int min,
		     unsigned int max, unsigned int *number,
		     struct lb_err *err);

int lb_option_no_default(const char *option, struct lb_err *err);
int lb_option_missing(const char *label, struct lb_err *err);

#endif /* _LB_OPTION_H */
