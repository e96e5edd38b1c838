/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The configuration that is there after the next boot.
 */

#ifndef _LBCTL_SAVED_H
#define _LBCTL_SAVED_H

#include <stddef.h>

#define SAVED_FILE	"/etc/l4lb.conf"

/**
 * enum saved - how it is beside the one that runs
 * @SAVED_SAME: the same, or that cannot be found out
 * @SAVED_NONE: there is none
 * @SAVED_DIFFERS: another
 * @SAVED_WRONG: one that cannot be applied
 */
enum saved {
	SAVED_SAME,
	SAVED_NONE,
	SAVED_DIFFERS,
	SAVED_WRONG,
};

enum saved saved_compare(char *why, size_t size);

#endif /* _LBCTL_SAVED_H */
