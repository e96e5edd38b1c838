/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Other programs, for what they print: no longer than a while, and no more than
 * can be looked at.
 */

#ifndef _LBCTL_PROGRAM_H
#define _LBCTL_PROGRAM_H

#include <stddef.h>

/* Most that one may print, and ms that it may take. */
#define PROGRAM_BYTES	8000000
#define PROGRAM_MS	10000

int program_read(const char *const args[], char **text, size_t *len);

#endif /* _LBCTL_PROGRAM_H */
