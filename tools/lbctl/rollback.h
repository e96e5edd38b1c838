/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who undoes what was applied, unless it is confirmed in time.
 */

#ifndef _LBCTL_ROLLBACK_H
#define _LBCTL_ROLLBACK_H

#include <stddef.h>
#include <stdint.h>

struct lb_err;
struct lb_site;

/**
 * struct rollback - how something is applied that is undone unless it is
 * confirmed
 * @listener: socket on which it is told that all is well, -1 for none
 * @pipe: where it is told what became of the transaction, -1 for none
 */
struct rollback {
	int listener;
	int pipe;
};

int rollback_reserve(struct rollback *rollback, struct lb_err *err);
int rollback_start(struct rollback *rollback, const struct lb_site *before,
		   const struct lb_site *applied, uint32_t ms,
		   struct lb_err *err);
void rollback_tell(struct rollback *rollback, char fate);
void rollback_release(struct rollback *rollback);
int rollback_confirm(struct lb_err *err);

/* For the one who waits. */
int rollback_path(char *path, size_t size, const char *suffix,
		  struct lb_err *err);
void rollback_close(int listener);

#endif /* _LBCTL_ROLLBACK_H */
