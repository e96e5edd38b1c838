/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A program that checks, while it runs.
 */

#ifndef _LBCHECKD_CHILD_H
#define _LBCHECKD_CHILD_H

#include <linux/l4lb.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct child;
struct event_base;
struct lb_err;

/* Descriptors that a program may have, as is usual. */
#define CHILD_FILES	1024

/* Room for the first line of what it prints. */
#define CHILD_LINE	(L4LB_REASON_MAX + 1)

/**
 * struct child_line - the first line of what a program prints
 * @text: as much of it as there is, and as fits
 * @len: its length
 * @done: it is complete
 */
struct child_line {
	char text[CHILD_LINE];
	size_t len;
	bool done;
};

/**
 * struct child_ops - who wants to know of a program
 * @output: what it has printed
 * @ended: it has ended; &child is gone afterwards. The status is that of
 *	waitpid(), the line the first one that it has printed
 * @failed: it was not run, for the reason errno; &child is gone afterwards
 */
struct child_ops {
	void (*output)(void *data, const char *bytes, size_t len);
	void (*ended)(void *data, int status, const char *line);
	void (*failed)(void *data, int error);
};

/**
 * struct child_user - who a program runs as
 * @uid: user
 * @gid: group
 */
struct child_user {
	uid_t uid;
	gid_t gid;
};

int child_run(struct child **childp, struct event_base *base,
	      const char *path, char *const *args,
	      const struct child_user *user, const struct child_ops *ops,
	      void *data);
void child_line_add(struct child_line *line, const char *bytes, size_t len);
void child_drop(struct child *child);

#endif /* _LBCHECKD_CHILD_H */
