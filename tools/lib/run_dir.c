// SPDX-License-Identifier: GPL-2.0-only
/*
 * The directory of what runs.
 */

#include "run_dir.h"

#include <errno.h>
#include <sys/stat.h>

/* Others may see that a file is there, but not open the directory or list it. */
#define MODE	0711

/**
 * lb_run_dir_make() - see to it that the directory is there
 *
 * Return: 0 or -errno.
 */
int lb_run_dir_make(void)
{
	if (mkdir(LB_RUN_DIR, MODE))
		return errno == EEXIST ? 0 : -errno;

	/* Whatever the mask of this process is. */
	return chmod(LB_RUN_DIR, MODE) ? -errno : 0;
}
