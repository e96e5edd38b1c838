/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The process that undoes what was applied, unless it is confirmed in time.
 */

#ifndef _LBCTL_SENTRY_H
#define _LBCTL_SENTRY_H

#include <stdint.h>

struct lb_site;

/* What it is told of the transaction. */
#define SENTRY_COMMITTED	'c'
#define SENTRY_REFUSED	'x'

/* What is said on its socket. */
#define SENTRY_ORDER	"confirm"
#define SENTRY_ANSWER	"confirmed"

/**
 * struct sentry - what the one who waits knows
 * @before: what there was
 * @applied: what there is to be from now on
 * @end: when it is undone, in ms of the clock that does not stop
 * @listener: where it is told that all is well
 * @pipe: where it is told what became of the transaction
 * @signals: where it is told not to wait
 */
struct sentry {
	const struct lb_site *before;
	const struct lb_site *applied;
	int64_t end;
	int listener;
	int pipe;
	int signals;
};

int64_t sentry_now(void);
void sentry_start(struct sentry *sentry);

#endif /* _LBCTL_SENTRY_H */
