// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is applied is undone unless it is confirmed in time: who starts that, and
 * who confirms. Who waits is in sentry.c.
 *
 * The one who waits begins before the transaction does, so that nothing is
 * applied that nobody would undo. It listens on a socket in /run/l4lb, one for
 * each network namespace, which also says that one is at work.
 */

#include "rollback.h"
#include "err.h"
#include "file.h"
#include "run_dir.h"
#include "site.h"
#include "sentry.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/**
 * rollback_path() - name a file that belongs to the network namespace
 * @path: where to
 * @size: size of @path
 * @suffix: what its name ends with; empty for the socket
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int rollback_path(char *path, size_t size, const char *suffix,
		  struct lb_err *err)
{
	struct stat ns;

	if (stat("/proc/self/ns/net", &ns))
		return lb_err_set(err, -errno, "/proc/self/ns/net: %s",
				  strerror(errno));
	snprintf(path, size, LB_RUN_DIR "/confirm-%llu%s",
		 (unsigned long long)ns.st_ino, suffix);

	return 0;
}

static int address_set(struct sockaddr_un *address, struct lb_err *err)
{
	memset(address, 0, sizeof(*address));
	address->sun_family = AF_UNIX;

	return rollback_path(address->sun_path, sizeof(address->sun_path), "",
			     err);
}

static int folder_failed(int ret, struct lb_err *err)
{
	return lb_err_set(err, ret, LB_RUN_DIR ": %s", strerror(-ret));
}

/* A lock on it is held while somebody looks whether a socket is in use. */
static int folder_lock(struct lb_err *err)
{
	int fd, ret;

	ret = lb_run_dir_make();
	if (ret)
		return folder_failed(ret, err);
	fd = open(LB_RUN_DIR, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return folder_failed(-errno, err);
	if (flock(fd, LOCK_EX)) {
		folder_failed(-errno, err);
		close(fd);
		return -EACCES;
	}

	return fd;
}

static int socket_new(struct lb_err *err)
{
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	return fd < 0 ? lb_err_code(err, -errno) : fd;
}

/* Whether a guard is at work; a socket that nobody listens on is a leftover. */
static bool rollback_lives(const struct sockaddr_un *address)
{
	int fd = socket_new(NULL);
	bool lives;

	lives = fd >= 0 && !connect(fd, (const struct sockaddr *)address,
				    sizeof(*address));
	if (fd >= 0)
		close(fd);

	return lives;
}

static int listener_bind(int fd, const struct sockaddr_un *address,
			 struct lb_err *err)
{
	if (rollback_lives(address))
		return lb_err_set(err, -EBUSY,
				  "what was applied before waits to be confirmed; lbctl confirm");
	unlink(address->sun_path);
	if (bind(fd, (const struct sockaddr *)address, sizeof(*address)) ||
	    chmod(address->sun_path, 0600) || listen(fd, 8))
		return lb_err_set(err, -errno, "%s: %s", address->sun_path,
				  strerror(errno));

	return 0;
}

/**
 * rollback_reserve() - be the only one who applies something to be confirmed
 * @rollback: where to, for rollback_release()
 * @err: why not
 *
 * Return: 0 or -errno; -EBUSY while something else waits to be confirmed.
 */
int rollback_reserve(struct rollback *rollback, struct lb_err *err)
{
	struct sockaddr_un address;
	char path[128];
	int lock, fd, ret;

	ret = address_set(&address, err);
	if (ret)
		return ret;
	lock = folder_lock(err);
	if (lock < 0)
		return lock;

	fd = socket_new(err);
	ret = fd < 0 ? fd : listener_bind(fd, &address, err);
	if (!ret && !rollback_path(path, sizeof(path), ".report", err))
		unlink(path);
	close(lock);
	if (ret && fd >= 0)
		close(fd);
	if (!ret)
		rollback->listener = fd;

	return ret;
}

/**
 * rollback_close() - let others apply something to be confirmed
 * @listener: the socket that kept them from it
 */
void rollback_close(int listener)
{
	struct sockaddr_un address;

	if (!address_set(&address, NULL))
		unlink(address.sun_path);
	close(listener);
}

static int child_wait(pid_t pid, struct lb_err *err)
{
	int status;

	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return lb_err_code(err, -errno);
	}

	return status ? lb_err_code(err, -EAGAIN) : 0;
}

/**
 * rollback_start() - start a guard
 * @rollback: reserved by rollback_reserve()
 * @before: what there is
 * @applied: what is going to be
 * @ms: for how long it can be confirmed
 * @err: why not
 *
 * Return: 0, then rollback_tell() has to follow; or -errno.
 */
int rollback_start(struct rollback *rollback, const struct lb_site *before,
		   const struct lb_site *applied, uint32_t ms,
		   struct lb_err *err)
{
	struct sentry sentry = {
		.before = before,
		.applied = applied,
		.end = sentry_now() + ms,
		.listener = rollback->listener,
	};
	int ends[2], ret;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return lb_err_code(err, -errno);

	sentry.pipe = ends[0];
	pid = fork();
	if (!pid) {
		close(ends[1]);
		sentry_start(&sentry);
	}
	close(ends[0]);
	ret = pid < 0 ? lb_err_code(err, -errno) : child_wait(pid, err);
	if (ret)
		close(ends[1]);
	else
		rollback->pipe = ends[1];

	return ret;
}

/**
 * rollback_tell() - tell a guard what became of the transaction
 * @rollback: started by rollback_start()
 * @fate: %SENTRY_COMMITTED or %SENTRY_REFUSED; with the latter it ends
 */
void rollback_tell(struct rollback *rollback, char fate)
{
	ssize_t done = write(rollback->pipe, &fate, 1);

	/* One that has died has nothing to be told. */
	(void)done;
	close(rollback->pipe);
	rollback->pipe = -1;
	if (fate == SENTRY_COMMITTED) {
		close(rollback->listener);
		rollback->listener = -1;
	}
}

/**
 * rollback_release() - end what rollback_reserve() began, unless a
 * guard is at work
 * @rollback: the rollback
 */
void rollback_release(struct rollback *rollback)
{
	if (rollback->listener >= 0)
		rollback_close(rollback->listener);
	rollback->listener = -1;
}

/* What one that has ended has left. */
static int report_read(struct lb_err *err)
{
	char path[128], *text;
	size_t len;
	int ret;

	ret = rollback_path(path, sizeof(path), ".report", err);
	if (ret)
		return ret;
	if (lb_file_read(path, &text, &len, NULL))
		return lb_err_set(err, -ENOENT,
				  "nothing waits to be confirmed");

	lb_err_set(err, -ETIMEDOUT, "it is too late: %.*s",
		   (int)strcspn(text, "\n"), text);
	free(text);

	return -ETIMEDOUT;
}

static int order_give(int fd, struct lb_err *err)
{
	char answer[sizeof(SENTRY_ANSWER)];
	ssize_t got;

	if (send(fd, SENTRY_ORDER, strlen(SENTRY_ORDER), MSG_NOSIGNAL) < 0)
		return report_read(err);
	do {
		got = recv(fd, answer, sizeof(answer), 0);
	} while (got < 0 && errno == EINTR);

	return got == (ssize_t)strlen(SENTRY_ANSWER) ? 0 : report_read(err);
}

/**
 * rollback_confirm() - tell the guard of this network namespace that all
 * is well
 * @err: why not
 *
 * Return: 0; -ENOENT if there is none; -ETIMEDOUT if it has undone what it
 * guarded; other -errno.
 */
int rollback_confirm(struct lb_err *err)
{
	struct sockaddr_un address;
	int fd, ret;

	ret = address_set(&address, err);
	if (ret)
		return ret;
	fd = socket_new(err);
	if (fd < 0)
		return fd;

	if (!connect(fd, (const struct sockaddr *)&address, sizeof(address)))
		ret = order_give(fd, err);
	else if (errno == ECONNREFUSED)
		ret = lb_err_set(err, -ENOENT,
				 "who would have undone it was killed; what was applied stays");
	else if (errno == ENOENT)
		ret = report_read(err);
	else
		ret = lb_err_code(err, -errno);
	close(fd);

	return ret;
}
