// SPDX-License-Identifier: GPL-2.0-only
/*
 * Points in time of lines that tell what happens.
 */

#include "stamp.h"

#include <stdio.h>
#include <time.h>

/**
 * stamp_now() - the time
 *
 * Return: ms since 1970.
 */
uint64_t stamp_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);

	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/**
 * stamp_print() - begin a line with a time
 * @ms: ms since 1970
 */
void stamp_print(uint64_t ms)
{
	time_t seconds = (time_t)(ms / 1000);
	char text[32] = "";
	struct tm local;

	if (localtime_r(&seconds, &local))
		strftime(text, sizeof(text), "%F %T", &local);
	printf("%s.%03u ", text, (unsigned int)(ms % 1000));
}
