// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who drains which real: a small file for each, so that others can see it, take
 * the real over or call it off.
 *
 * A real belongs to the process that its file names, if that is still the same
 * process. Files are in a directory for each network namespace and are put in
 * place whole; who writes or removes one holds a lock on the directory.
 */

#include "claim.h"
#include "err.h"
#include "run_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/l4lb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Room for the path of any file. */
#define CLAIM_PATH	(sizeof(LB_RUN_DIR) + 64 + 2 * L4LB_NAME_MAX)

static int dir_path(char *path, size_t size)
{
	struct stat ns;

	if (stat("/proc/self/ns/net", &ns))
		return -errno;
	snprintf(path, size, LB_RUN_DIR "/drain-%ju", (uintmax_t)ns.st_ino);

	return 0;
}

/* No name has a colon. */
static int claim_path(const char *vip, const char *name, char *path,
		      size_t size)
{
	size_t used;
	int ret;

	ret = dir_path(path, size);
	if (ret)
		return ret;
	used = strlen(path);
	snprintf(path + used, size - used, "/%s:%s", vip, name);

	return 0;
}

/* Whether a directory is still there that somebody may have removed. */
static bool dir_is_there(int fd, const char *path)
{
	struct stat opened, there;

	return !fstat(fd, &opened) && !stat(path, &there) &&
	       opened.st_dev == there.st_dev && opened.st_ino == there.st_ino;
}

static int dir_try(const char *path, bool make)
{
	int fd, ret;

	if (make) {
		ret = lb_run_dir_make();
		if (ret)
			return ret;
		if (mkdir(path, 0700) && errno != EEXIST)
			return -errno;
	}

	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (!flock(fd, LOCK_EX))
		return fd;
	ret = -errno;
	close(fd);

	return ret;
}

/* The lock is gone when the descriptor is closed. */
static int dir_lock(bool make)
{
	char path[CLAIM_PATH];
	int fd = dir_path(path, sizeof(path));

	if (fd)
		return fd;
	for (;;) {
		fd = dir_try(path, make);
		if (fd == -ENOENT && make)
			continue;
		if (fd < 0 || dir_is_there(fd, path))
			return fd;
		close(fd);
	}
}

/* The last one's end is that of the directory: it stays if there are more. */
static void dir_unlock(int lock)
{
	char path[CLAIM_PATH];

	if (lock < 0)
		return;
	/* Who waits for the lock makes another. */
	if (!dir_path(path, sizeof(path)))
		rmdir(path);
	close(lock);
}

/* Field 22; the name of the program, in brackets, may be anything. */
static uint64_t process_start(pid_t pid)
{
	char path[32], line[1024];
	unsigned int field = 2;
	uint64_t start = 0;
	FILE *file;
	char *at;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "re");
	if (!file)
		return 0;
	at = fgets(line, sizeof(line), file) ? strrchr(line, ')') : NULL;
	while (at && ++field <= 22)
		at = strchr(at + 1, ' ');
	if (at)
		start = strtoull(at, NULL, 10);
	fclose(file);

	return start;
}

/**
 * claim_init() - note that it is this process that drains
 * @claim: claim
 */
void claim_init(struct claim *claim)
{
	claim->pid = getpid();
	claim->start = process_start(claim->pid);
}

static int claim_write(const char *path, const struct claim *claim)
{
	char temp[CLAIM_PATH + 8];
	FILE *file;
	int ret = 0;

	snprintf(temp, sizeof(temp), "%s.new", path);
	file = fopen(temp, "we");
	if (!file)
		return -errno;

	fprintf(file, "%d %ju %ju %ju %d %u\n", (int)claim->pid,
		(uintmax_t)claim->start, (uintmax_t)claim->began,
		(uintmax_t)claim->end, claim->halt, claim->was);
	if (ferror(file))
		ret = -EIO;
	if (fclose(file) && !ret)
		ret = -errno;
	if (!ret && rename(temp, path))
		ret = -errno;
	if (ret)
		unlink(temp);

	return ret;
}

/**
 * claim_make() - claim a real, whoever has it
 * @vip: name of its VIP
 * @name: its name
 * @claim: claim
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int claim_make(const char *vip, const char *name, const struct claim *claim,
	       struct lb_err *err)
{
	char path[CLAIM_PATH];
	int lock = dir_lock(true);
	int ret = lock < 0 ? lock : 0;

	if (!ret)
		ret = claim_path(vip, name, path, sizeof(path));
	if (!ret)
		ret = claim_write(path, claim);
	dir_unlock(lock);
	if (!ret)
		return 0;

	return lb_err_set(err, ret, "cannot note it in " LB_RUN_DIR ": %s",
			  strerror(-ret));
}

/**
 * claim_read() - see who drains a real
 * @vip: name of its VIP
 * @name: its name
 * @claim: where to
 *
 * Return: whether somebody does who is still there.
 */
bool claim_read(const char *vip, const char *name, struct claim *claim)
{
	uintmax_t start, began, end;
	unsigned int halt, was;
	char path[CLAIM_PATH];
	bool there;
	FILE *file;
	int pid;

	if (claim_path(vip, name, path, sizeof(path)))
		return false;
	file = fopen(path, "re");
	if (!file)
		return false;

	there = fscanf(file, "%d %ju %ju %ju %u %u", &pid, &start, &began, &end,
		       &halt, &was) == 6;
	fclose(file);
	if (!there)
		return false;
	*claim = (struct claim) {
		.pid = pid,
		.start = start,
		.began = began,
		.end = end,
		.halt = halt,
		.was = (uint8_t)was,
	};

	return claim->start && process_start(claim->pid) == claim->start;
}

/**
 * claim_is_mine() - ask whether a real is still claimed by this claim
 * @vip: name of its VIP
 * @name: its name
 * @claim: claim
 *
 * Return: whether it is.
 */
bool claim_is_mine(const char *vip, const char *name,
		   const struct claim *claim)
{
	struct claim now;

	return claim_read(vip, name, &now) && now.pid == claim->pid &&
	       now.start == claim->start;
}

/**
 * claim_drop() - end a claim, unless somebody else has taken over
 * @vip: name of the real's VIP
 * @name: name of the real
 * @claim: claim
 *
 * Return: whether it was there.
 */
bool claim_drop(const char *vip, const char *name, const struct claim *claim)
{
	char path[CLAIM_PATH];
	int lock = dir_lock(false);
	bool mine;

	if (lock < 0)
		return false;
	mine = claim_is_mine(vip, name, claim) &&
	       !claim_path(vip, name, path, sizeof(path)) && !unlink(path);
	dir_unlock(lock);

	return mine;
}
