/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Values of the netlink interface and the words that stand for them.
 */

#ifndef _LB_NAMES_H
#define _LB_NAMES_H

#include <stdbool.h>
#include <stddef.h>

struct lb_err;

/**
 * struct lb_names - the words of an enumeration that begins with 1
 * @what: what the words are
 * @word: indexed by value; NULL where there is none
 * @max: largest value
 */
struct lb_names {
	const char *what;
	const char *const *word;
	unsigned int max;
};

extern const struct lb_names lb_mode_names;
extern const struct lb_names lb_sched_names;
extern const struct lb_names lb_orphan_names;
extern const struct lb_names lb_no_real_names;
extern const struct lb_names lb_hook_names;
extern const struct lb_names lb_protos_names;
extern const struct lb_names lb_vip_state_names;
extern const struct lb_names lb_via_names;
extern const struct lb_names lb_admin_names;
extern const struct lb_names lb_health_names;
extern const struct lb_names lb_reach_names;
extern const struct lb_names lb_conn_state_names;
extern const struct lb_names lb_event_names;
extern const struct lb_names lb_drop_names;
extern const struct lb_names lb_trace_verdict_names;
extern const struct lb_names lb_record_names;
extern const struct lb_names lb_explain_result_names;
extern const struct lb_names lb_explain_by_names;
extern const struct lb_names lb_persist_way_names;
extern const struct lb_names lb_standing_names;

const char *lb_names_word(const struct lb_names *names, unsigned int value);
unsigned int lb_names_value(const struct lb_names *names, const char *word);
const char *lb_names_nearest(const struct lb_names *names, const char *word);
const char *lb_names_list(const struct lb_names *names, char *buf, size_t size);
const char *lb_drop_text(unsigned int reason);
int lb_name_check(const char *name, struct lb_err *err);

#endif /* _LB_NAMES_H */
