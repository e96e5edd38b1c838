// SPDX-License-Identifier: GPL-2.0-only
/*
 * Seeds of hashes as the command line writes them: hexadecimal digits.
 */

#include "seed.h"
#include "err.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEED_DIGITS	"0123456789abcdefABCDEF"

/**
 * lb_seed_parse() - parse a seed
 * @text: 1 to 16 hexadecimal digits
 * @seed: where to
 * @err: why not
 *
 * Return: 0 or -EINVAL.
 */
int lb_seed_parse(const char *text, uint64_t *seed, struct lb_err *err)
{
	size_t len = strlen(text);

	if (!len || len > 16 || strspn(text, SEED_DIGITS) != len)
		return lb_err_set(err, -EINVAL,
				  "seed \"%s\" is not 1-16 hexadecimal digits",
				  text);
	*seed = strtoull(text, NULL, 16);

	return 0;
}

/**
 * lb_seed_print() - print a seed, without leading zeros
 * @seed: the seed
 * @buf: where to
 * @size: size of @buf, %LB_SEED_TEXT fits all
 *
 * Return: @buf.
 */
const char *lb_seed_print(uint64_t seed, char *buf, size_t size)
{
	snprintf(buf, size, "%llx", (unsigned long long)seed);

	return buf;
}
