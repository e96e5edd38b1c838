/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What people may want to know.
 */

#ifndef _LBCHECKD_NEWS_H
#define _LBCHECKD_NEWS_H

#include <stdint.h>

struct lb_addr;

/**
 * struct news - what has happened
 * @event: ``health``, ``agent`` or ``guard``
 * @vip: name of the VIP
 * @real: name of the real; NULL if it is about the VIP
 * @addr: the real's address, or NULL
 * @port: the port that is checked, 0 for none
 * @health: what it is now, in a word
 * @old: what it was before
 * @reason: why
 */
struct news {
	const char *event;
	const char *vip;
	const char *real;
	const struct lb_addr *addr;
	uint16_t port;
	const char *health;
	const char *old;
	const char *reason;
};

#endif /* _LBCHECKD_NEWS_H */
