// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether somebody checks the servers of this network namespace: who does holds
 * the lock of a file of its own, which goes with its process. Only root can open
 * the file, so nobody else can hold it; all others see the lock in the list that
 * the kernel has of them.
 */

#include "checker.h"
#include "err.h"
#include "run_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* All locks of this host. */
#define LOCKS_FILE	"/proc/locks"

/* Room for the path of any lock. */
#define LOCK_PATH	64

static int lock_path(char path[LOCK_PATH])
{
	struct stat ns;

	if (stat("/proc/self/ns/net", &ns))
		return -errno;
	snprintf(path, LOCK_PATH, LB_RUN_DIR "/checker-%ju",
		 (uintmax_t)ns.st_ino);

	return 0;
}

static int lock_take(void)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	char path[LOCK_PATH];
	int fd, ret;

	ret = lock_path(path);
	if (ret)
		return ret;
	ret = lb_run_dir_make();
	if (ret)
		return ret;
	fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	if (fcntl(fd, F_OFD_SETLK, &lock)) {
		ret = errno == EACCES ? -EAGAIN : -errno;
		close(fd);
	}

	return ret;
}

/**
 * lb_checker_claim() - be who checks, until the process ends
 * @err: why not
 *
 * Return: 0 or -errno, -EADDRINUSE if somebody else is.
 */
int lb_checker_claim(struct lb_err *err)
{
	int ret = lock_take();

	if (ret == -EAGAIN)
		return lb_err_set(err, -EADDRINUSE,
				  "another lbcheckd runs in this network namespace");
	if (ret)
		return lb_err_set(err, ret, "cannot lock a file in " LB_RUN_DIR ": %s",
				  strerror(-ret));

	return 0;
}

/* What may be looked at and not opened. */
static bool lock_is_listed(const char *path)
{
	unsigned int major_id, minor_id;
	bool listed = false;
	char line[256];
	struct stat st;
	uintmax_t inode;
	FILE *file;

	file = stat(path, &st) ? NULL : fopen(LOCKS_FILE, "re");
	if (!file)
		return true;
	while (!listed && fgets(line, sizeof(line), file))
		listed = sscanf(line, "%*s OFDLCK %*s WRITE %*s %x:%x:%ju",
				&major_id, &minor_id, &inode) == 3 &&
			 makedev(major_id, minor_id) == st.st_dev &&
			 inode == st.st_ino;
	fclose(file);

	return listed;
}

/**
 * lb_checker_runs() - ask whether somebody checks
 *
 * Return: false if nobody does, true also if that cannot be found out.
 */
bool lb_checker_runs(void)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	char path[LOCK_PATH];
	bool runs = true;
	int fd;

	if (lock_path(path))
		return true;
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno == EACCES ? lock_is_listed(path) :
					 errno != ENOENT;
	/* To ask does not keep anybody from it, as to try would. */
	if (!fcntl(fd, F_OFD_GETLK, &lock))
		runs = lock.l_type != F_UNLCK;
	close(fd);

	return runs;
}
