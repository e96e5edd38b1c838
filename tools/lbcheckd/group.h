/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The targets of a VIP.
 */

#ifndef _LBCHECKD_GROUP_H
#define _LBCHECKD_GROUP_H

#include "addr.h"
#include "check.h"
#include "guard.h"
#include "probe.h"
#include "state.h"
#include "told.h"

#include <linux/l4lb.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

struct group;
struct lb_real;
struct targets;
struct targets_ops;

/* Room for what a target is called in the log. */
#define TARGET_LABEL	(2 * L4LB_NAME_MAX + LB_ADDR_TEXT + 4)

/**
 * struct target - a real that is checked
 * @next: in its bucket
 * @targets: all of them
 * @group: those of the same VIP
 * @name: its name
 * @addr: its address
 * @port: the first port that is checked, 0 for none
 * @check: its check
 * @agent: its agent
 * @rise: good results until it is up
 * @fall: bad results until it is not
 * @state: verdict of the checks
 * @why: reason of that verdict
 * @told: what the module holds
 * @complaint: hash of why it is not checked, as was logged; 0 for none
 * @void_hash: hash of why the last check could not be made; 0 if it could
 * @says: answer of the agent if it does not want to be online, or NULL
 * @agent_lost: it has been logged that the agent does not answer
 * @waits: own results since it fails and that is not believed yet
 * @passed: it has passed a check since the first of its group failed
 * @held: it fails, and the guard has kept it
 * @counted: what it counts as in @group
 * @due: there is something to report when the configuration is done with
 * @epoch: what a verdict is on
 * @round: number of the last update that had it
 * @link: in @group
 */
struct target {
	struct target *next;
	struct targets *targets;
	struct group *group;
	char name[L4LB_NAME_MAX + 1];
	struct lb_addr addr;
	uint16_t port;
	struct probe_user check;
	struct probe_user agent;
	uint8_t rise;
	uint8_t fall;
	struct state state;
	char why[CHECK_REASON];
	struct told told;
	uint32_t complaint;
	uint32_t void_hash;
	char *says;
	bool agent_lost;
	unsigned int waits;
	bool passed;
	bool held;
	struct guard counted;
	bool due;
	uint32_t epoch;
	unsigned int round;

	TAILQ_ENTRY(target) link;
};

TAILQ_HEAD(target_list, target);

/**
 * struct group - the targets of a VIP
 * @ops: whom to tell
 * @data: for @ops
 * @vip: name of the VIP
 * @guard: its reals, counted, and which share of them is not believed to fail
 * @holding: such a share is held
 * @waiting: some fail, and it is to be said what becomes of them
 * @suspect: one of them fails, and it is not believed yet
 * @targets: the targets
 * @link: in all groups
 */
struct group {
	const struct targets_ops *ops;
	void *data;
	char vip[L4LB_NAME_MAX + 1];
	struct guard guard;
	bool holding;
	bool waiting;
	bool suspect;
	struct target_list targets;

	TAILQ_ENTRY(group) link;
};

const char *target_label(const struct target *target,
			 char label[TARGET_LABEL]);
void target_news(const struct target *target, const char *event,
		 const char *health, const char *old, const char *reason);
void target_news_health(const struct target *target, uint8_t old,
			uint8_t health, const char *reason);
void target_tell(struct target *target, struct lb_real *report);
bool target_is_failing(const struct target *target);
void target_count(struct target *target);
void target_uncount(struct target *target);
void target_verdict(struct target *target, struct lb_real *report);
bool group_judge(struct group *group, struct target *last);

#endif /* _LBCHECKD_GROUP_H */
