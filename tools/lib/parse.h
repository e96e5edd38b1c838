/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The command line's words to objects.
 *
 * All functions return 0, or one of
 *	-EINVAL		a word is not what it should be
 *	-ENODATA	a word is missing
 *	-ENOPROTOOPT	a word is unknown here
 *	-EOPNOTSUPP	a word is known, what it means is not there yet
 */

#ifndef _LB_PARSE_H
#define _LB_PARSE_H

#include "model.h"
#include "words.h"

struct lb_err;

int lb_parse_name(struct lb_words *words, const char *label,
		  char name[L4LB_NAME_MAX + 1], struct lb_err *err);
int lb_parse_vip_new(struct lb_words *words, struct lb_vip *vip,
		     struct lb_err *err);
int lb_parse_vip_set(struct lb_words *words, struct lb_vip *vip,
		     struct lb_err *err);
int lb_parse_real_new(struct lb_words *words, struct lb_real *real,
		      struct lb_err *err);
int lb_parse_real_set(struct lb_words *words, struct lb_real *real,
		      struct lb_err *err);
int lb_parse_real_health(struct lb_words *words, struct lb_real *real,
			 struct lb_err *err);
int lb_parse_global(struct lb_words *words, struct lb_info *info,
		    struct lb_err *err);
int lb_parse_if_exists(struct lb_words *words, bool *if_exists,
		       struct lb_err *err);
int lb_parse_conn_filter(struct lb_words *words, struct lb_filter *filter,
			 struct lb_err *err);
int lb_parse_persist_filter(struct lb_words *words, struct lb_filter *filter,
			    struct lb_err *err);
int lb_parse_persist_new(struct lb_words *words, struct lb_persist *persist,
			 struct lb_err *err);
int lb_parse_persist_del(struct lb_words *words, struct lb_filter *filter,
			 struct lb_err *err);

#endif /* _LB_PARSE_H */
