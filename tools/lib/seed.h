/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Seeds of hashes as the command line writes them: hexadecimal digits.
 */

#ifndef _LB_SEED_H
#define _LB_SEED_H

#include <stddef.h>
#include <stdint.h>

struct lb_err;

/* Room for any printed seed. */
#define LB_SEED_TEXT	17

int lb_seed_parse(const char *text, uint64_t *seed, struct lb_err *err);
const char *lb_seed_print(uint64_t seed, char *buf, size_t size);

#endif /* _LB_SEED_H */
