/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Draining that comes to an end: looks after reals until all have ended.
 */

#ifndef _LBCTL_JOB_H
#define _LBCTL_JOB_H

#include "claim.h"
#include "left.h"

#include <linux/l4lb.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lb_err;
struct lb_real;

/**
 * enum job_outcome - what has become of a real
 * @JOB_GOING: it is being drained
 * @JOB_DRAINED: nothing was left
 * @JOB_CUT: time ran out, so it was halted
 * @JOB_LATE: time ran out
 * @JOB_CHANGED: somebody has put it into another state
 * @JOB_TAKEN: somebody has called it off, or drains it anew
 * @JOB_GONE: somebody has removed it
 */
enum job_outcome {
	JOB_GOING,
	JOB_DRAINED,
	JOB_CUT,
	JOB_LATE,
	JOB_CHANGED,
	JOB_TAKEN,
	JOB_GONE,
};

/**
 * struct job_real - a real that is being drained
 * @vip: name of its VIP
 * @name: its name
 * @claim: the claim on it
 * @outcome: what has become of it
 * @left: what was left when it was looked at
 * @news: something about it is to be told
 * @ends: its draining is over
 */
struct job_real {
	char vip[L4LB_NAME_MAX + 1];
	char name[L4LB_NAME_MAX + 1];
	struct claim claim;
	enum job_outcome outcome;
	struct left left;
	bool news;
	bool ends;
};

/**
 * struct job - reals that are drained together
 * @reals: the reals
 * @count: how many
 * @limited: whether there is an end to it
 * @within: ms until then
 * @halt: whether they are halted when nothing is left or time is over
 * @end: when it is over, as watch_now() has it; 0 for never
 * @claimed: signals that end a process wait
 * @before: those that waited before
 * @tell: called for each real at first, and then when something about it is news
 * @data: for @tell
 */
struct job {
	struct job_real *reals;
	size_t count;
	bool limited;
	uint32_t within;
	bool halt;
	uint64_t end;
	bool claimed;
	sigset_t before;
	void (*tell)(const struct job *job, const struct job_real *real,
		     void *data);
	void *data;
};

int job_init(struct job *job, const struct lb_real *reals, size_t count,
	     struct lb_err *err);
int job_claim(struct job *job, struct lb_err *err);
void job_drop(struct job *job);
int job_run(struct job *job, struct lb_err *err);
int job_detach(struct job *job, int *channel, struct lb_err *err);
int job_release(int channel, bool go);
void job_free(struct job *job);

#endif /* _LBCTL_JOB_H */
