/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Points in time of lines that tell what happens.
 */

#ifndef _LBCTL_STAMP_H
#define _LBCTL_STAMP_H

#include <stdint.h>

uint64_t stamp_now(void);
void stamp_print(uint64_t ms);

#endif /* _LBCTL_STAMP_H */
