/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What traffic makes, connections and persistence entries: those that match a
 * filter are shown or removed.
 */

#ifndef _LBCTL_MATCHING_H
#define _LBCTL_MATCHING_H

#include <stdbool.h>
#include <stdint.h>

struct cmd;
struct lb_err;
struct lb_filter;
struct lb_nl;
struct lb_words;

/**
 * struct matching - connections or persistence entries
 * @key: what they are in JSON
 * @removed: label of how many were removed
 * @parse: parses which are meant
 * @show: shows them
 * @del: removes them
 */
struct matching {
	const char *key;
	const char *removed;
	int (*parse)(struct lb_words *words, struct lb_filter *filter,
		     struct lb_err *err);
	int (*show)(struct cmd *cmd, const struct lb_filter *filter,
		    struct lb_err *err);
	int (*del)(struct lb_nl *nl, const struct lb_filter *filter,
		   uint32_t *count, struct lb_err *err);
};

int matching_show(struct cmd *cmd, struct lb_words *words,
		  const struct matching *what);
int matching_flush(struct cmd *cmd, struct lb_words *words,
		   const struct matching *what);

#endif /* _LBCTL_MATCHING_H */
