/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What makes of one site another, and what it costs.
 */

#ifndef _LB_CHANGE_H
#define _LB_CHANGE_H

#include "model.h"

/* In so many steps what a plan says can be done, one change after the other. */
#define LB_STEPS	7

struct lb_err;
struct lb_nl;
struct lb_site;

/**
 * enum lb_change_kind - what becomes of an object
 * @LB_CHANGE_ADD: it comes
 * @LB_CHANGE_SET: it changes
 * @LB_CHANGE_DEL: it goes
 */
enum lb_change_kind {
	LB_CHANGE_ADD,
	LB_CHANGE_SET,
	LB_CHANGE_DEL,
};

/**
 * enum lb_noun - what an object is
 * @LB_NOUN_GLOBAL: what holds for the namespace
 * @LB_NOUN_VIP: a VIP
 * @LB_NOUN_REAL: a real
 * @LB_NOUN_PIN: a client that is bound for ever
 */
enum lb_noun {
	LB_NOUN_GLOBAL,
	LB_NOUN_VIP,
	LB_NOUN_REAL,
	LB_NOUN_PIN,
};

/**
 * union lb_object - an object of a site
 * @info: if %LB_NOUN_GLOBAL
 * @vip: if %LB_NOUN_VIP
 * @real: if %LB_NOUN_REAL
 * @pin: if %LB_NOUN_PIN
 */
union lb_object {
	const struct lb_info *info;
	const struct lb_vip *vip;
	const struct lb_real *real;
	const struct lb_persist *pin;
};

/**
 * struct lb_change - a change of one object
 * @kind: what becomes of it
 * @noun: what it is
 * @implied: it follows from another change, so the module is not told
 * @now: what it is, unless it comes
 * @then: what it is to be, unless it goes
 * @has: the options that change, see lb_vip_diff(), lb_real_diff() and
 *	lb_info_diff()
 * @line: where in a file it is, 0 if it is not
 * @conns: connections that end by it
 * @clients: clients that lose their real by it
 */
struct lb_change {
	enum lb_change_kind kind;
	enum lb_noun noun;
	bool implied;
	union lb_object now;
	union lb_object then;
	uint32_t has;
	unsigned int line;
	uint32_t conns;
	uint32_t clients;
};

/**
 * struct lb_plan - all changes that make of one site another
 * @change: the changes, in the order of the sites
 * @count: how many
 * @room: for how many there is memory
 * @added: how many objects come
 * @changed: how many change
 * @removed: how many go
 * @conns: connections that end
 * @clients: clients that lose their real
 * @bare: VIPs that have to do with a change and would have no real that serves
 * @bare_count: how many
 */
struct lb_plan {
	struct lb_change *change;
	size_t count;
	size_t room;
	size_t added;
	size_t changed;
	size_t removed;
	uint64_t conns;
	uint64_t clients;
	const struct lb_vip **bare;
	size_t bare_count;
};

int lb_plan_make(struct lb_plan *plan, const struct lb_site *now,
		 const struct lb_site *then, struct lb_err *err);
unsigned int lb_change_step(const struct lb_change *change);
int lb_plan_send(struct lb_nl *nl, const struct lb_plan *plan,
		 uint32_t generation, bool dry_run,
		 const struct lb_change **at, struct lb_err *err);
char *lb_change_text(const struct lb_change *change);
char *lb_change_was(const struct lb_change *change);
void lb_plan_free(struct lb_plan *plan);

#endif /* _LB_CHANGE_H */
