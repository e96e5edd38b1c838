/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tells people what has happened, by a command of theirs.
 */

#ifndef _LBCHECKD_NOTIFY_H
#define _LBCHECKD_NOTIFY_H

#include <stddef.h>
#include <stdint.h>

struct event_base;
struct lb_err;
struct news;
struct notify;

/**
 * struct notify_stats - what became of the news
 * @run: commands that ended well
 * @failed: commands that could not be started, ended badly or were ended
 * @lost: news for which there was no room
 */
struct notify_stats {
	uint64_t run;
	uint64_t failed;
	uint64_t lost;
};

int notify_new(struct notify **notifyp, struct event_base *base,
	       const char *command, struct lb_err *err);
void notify_free(struct notify *notify);
void notify_limit(struct notify *notify, unsigned int ms);
void notify_tell(struct notify *notify, const struct news *news);
struct notify_stats notify_stats(const struct notify *notify);

#endif /* _LBCHECKD_NOTIFY_H */
