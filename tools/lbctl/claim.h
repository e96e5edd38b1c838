/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who drains which real: a small file for each, so that others can see it, take
 * the real over or call it off.
 */

#ifndef _LBCTL_CLAIM_H
#define _LBCTL_CLAIM_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct lb_err;

/**
 * struct claim - a real that is being drained
 * @pid: process that does it
 * @start: when that process was started, because numbers come back
 * @began: when it began, as watch_now() has it
 * @end: when it is to be over; 0 for never
 * @halt: whether the real is halted then
 * @was: &enum l4lb_admin that the real had before
 */
struct claim {
	pid_t pid;
	uint64_t start;
	uint64_t began;
	uint64_t end;
	bool halt;
	uint8_t was;
};

void claim_init(struct claim *claim);
int claim_make(const char *vip, const char *name, const struct claim *claim,
	       struct lb_err *err);
bool claim_read(const char *vip, const char *name, struct claim *claim);
bool claim_is_mine(const char *vip, const char *name,
		   const struct claim *claim);
bool claim_drop(const char *vip, const char *name, const struct claim *claim);

#endif /* _LBCTL_CLAIM_H */
