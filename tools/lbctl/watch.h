/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Waits for something to happen to the balancer, or for time to pass.
 */

#ifndef _LBCTL_WATCH_H
#define _LBCTL_WATCH_H

#include <stdbool.h>
#include <stdint.h>

struct lb_err;
struct lb_nl;

/**
 * struct watch - somebody who waits
 * @nl: socket for events
 * @end: when to give up, as watch_now() has it; 0 for never
 * @fd: what also ends a pause when it can be read; -1 for nothing
 */
struct watch {
	struct lb_nl *nl;
	uint64_t end;
	int fd;
};

uint64_t watch_now(void);
int watch_open(struct watch *watch, struct lb_err *err);
void watch_close(struct watch *watch);
int watch_pause(struct watch *watch, uint32_t ms, struct lb_err *err);
bool watch_is_over(const struct watch *watch);

#endif /* _LBCTL_WATCH_H */
