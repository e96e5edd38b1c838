/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The reals that a change of state is about: one by name, or every one with a
 * name or an address.
 */

#ifndef _LBCTL_SUBJECT_H
#define _LBCTL_SUBJECT_H

#include "model.h"

struct cmd;
struct lb_nl;
struct lb_words;

/**
 * struct subject - which reals are meant
 * @vip: name of their VIP, unless @all
 * @name: their name, unless they have @addr
 * @addr: their address; no family if @name says who they are
 * @all: those of any VIP
 */
struct subject {
	char vip[L4LB_NAME_MAX + 1];
	char name[L4LB_NAME_MAX + 1];
	struct lb_addr addr;
	bool all;
};

/**
 * struct subject_name - a real whose state is to change
 * @vip: name of its VIP
 * @name: its name
 * @gone: it has been removed meanwhile
 */
struct subject_name {
	const char *vip;
	const char *name;
	bool gone;
};

int subject_parse(struct cmd *cmd, struct lb_words *words,
		  struct subject *subject, struct lb_err *err);
bool subject_is_one(const struct subject *subject);
int subject_list(struct lb_nl *nl, const struct subject *subject,
		 struct lb_real **reals, size_t *count, struct lb_err *err);
int subject_change(struct lb_nl *nl, const char *vip, const char *name,
		   uint8_t admin, struct lb_err *err);
int subject_change_many(struct lb_nl *nl, struct subject_name *names,
			size_t count, uint8_t admin, struct lb_err *err);
int subject_change_all(struct cmd *cmd, const struct subject *subject,
		       const struct lb_real *reals, size_t count,
		      uint8_t admin, struct lb_err *err);
void subject_show(struct cmd *cmd, const struct lb_real *real, uint8_t admin);

#endif /* _LBCTL_SUBJECT_H */
