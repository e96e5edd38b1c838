// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files that are read and written as a whole. One that is written is the old one
 * or the new one, whatever happens.
 */

#include "file.h"
#include "err.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Nobody writes so much: it is the wrong file, or one without end. */
#define SIZE_MAX_READ	(256U << 20)

static bool is_standard(const char *name)
{
	return !strcmp(name, "-");
}

/**
 * lb_file_label() - what a file is called in messages
 * @name: its name, or ``-``
 *
 * Return: a name for it.
 */
const char *lb_file_label(const char *name)
{
	return is_standard(name) ? "standard input" : name;
}

static int file_failed(const char *name, int code, struct lb_err *err)
{
	return lb_err_set(err, code, "%s: %s", name, strerror(-code));
}

/* With a byte of room behind the text. */
static int read_rest(int fd, char **text, size_t *len)
{
	size_t room = 0, used = 0;
	char *grown;
	ssize_t got;

	*text = NULL;
	for (;;) {
		if (room - used < 2) {
			room = room ? room * 2 : 65536;
			grown = room <= SIZE_MAX_READ ? realloc(*text, room) :
							NULL;
			if (!grown)
				return room <= SIZE_MAX_READ ? -ENOMEM : -EFBIG;
			*text = grown;
		}
		got = read(fd, *text + used, room - used - 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (!got)
			break;
		used += (size_t)got;
	}
	(*text)[used] = '\0';
	*len = used;

	return 0;
}

/**
 * lb_file_read() - read a file
 * @name: its name, ``-`` for standard input
 * @text: where to, for the caller to free(); with a NUL at its end
 * @len: its length
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int lb_file_read(const char *name, char **text, size_t *len,
		 struct lb_err *err)
{
	int fd = STDIN_FILENO;
	int code;

	if (!is_standard(name))
		fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return file_failed(name, -errno, err);

	code = read_rest(fd, text, len);
	if (fd != STDIN_FILENO)
		close(fd);
	if (!code)
		return 0;
	free(*text);
	*text = NULL;

	return file_failed(lb_file_label(name), code, err);
}

static int write_rest(int fd, const char *text, size_t len)
{
	ssize_t done;

	while (len) {
		done = write(fd, text, len);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -errno;
		text += done;
		len -= (size_t)done;
	}

	return 0;
}

/* A device or a pipe is no file that another could take the place of. */
static int write_through(const char *name, const char *text, size_t len)
{
	int fd = open(name, O_WRONLY | O_CLOEXEC);
	int code;

	if (fd < 0)
		return -errno;
	code = write_rest(fd, text, len);
	if (close(fd) && !code)
		code = -errno;

	return code;
}

static int write_new(int fd, const struct stat *old, const char *text,
		     size_t len)
{
	int code;

	code = write_rest(fd, text, len);
	if (code)
		return code;
	if (old && (fchown(fd, old->st_uid, old->st_gid) ||
		    fchmod(fd, old->st_mode & 07777)))
		return -errno;

	return fsync(fd) ? -errno : 0;
}

/* So that the name, too, is there after the power has failed. */
static int sync_folder(const char *name)
{
	char *copy = strdup(name);
	int fd, code = 0;

	if (!copy)
		return -ENOMEM;
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(copy);
	if (fd < 0 || fsync(fd))
		code = -errno;
	if (fd >= 0)
		close(fd);

	return code == -EINVAL ? 0 : code;
}

static int write_replace(const char *name, const struct stat *old,
			 const char *text, size_t len)
{
	char *temp;
	int fd, code;

	if (asprintf(&temp, "%s.XXXXXX", name) < 0)
		return -ENOMEM;
	fd = mkostemp(temp, O_CLOEXEC);
	if (fd < 0) {
		code = -errno;
		free(temp);
		return code;
	}

	code = write_new(fd, old, text, len);
	if (close(fd) && !code)
		code = -errno;
	if (!code && rename(temp, name))
		code = -errno;
	if (code)
		unlink(temp);
	free(temp);

	return code ? code : sync_folder(name);
}

/* Who interrupts it finds no half of it, and nothing beside it. */
static int write_undisturbed(const char *name, const struct stat *old,
			     const char *text, size_t len)
{
	sigset_t signals, before;
	int code;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGQUIT);
	sigprocmask(SIG_BLOCK, &signals, &before);
	code = write_replace(name, old, text, len);
	sigprocmask(SIG_SETMASK, &before, NULL);

	return code;
}

/**
 * lb_file_write() - write a file
 * @name: its name; what a link points to is replaced, not the link
 * @text: what is to be in it
 * @len: how long that is
 * @err: why not
 *
 * A new file is for its owner only: what is in it not everybody may see.
 *
 * Return: 0 or -errno; then the file is what it was, unless it is a device.
 */
int lb_file_write(const char *name, const char *text, size_t len,
		  struct lb_err *err)
{
	char *target = realpath(name, NULL);
	struct stat old;
	int code;

	if (!target && errno != ENOENT)
		return file_failed(name, -errno, err);
	if (!target && !lstat(name, &old))
		return lb_err_set(err, -ENOENT,
				  "%s: links to a file that is not there", name);

	if (!target)
		code = write_undisturbed(name, NULL, text, len);
	else if (stat(target, &old))
		code = -errno;
	else if (S_ISREG(old.st_mode) || S_ISDIR(old.st_mode))
		code = write_undisturbed(target, &old, text, len);
	else
		code = write_through(target, text, len);
	free(target);

	return code ? file_failed(name, code, err) : 0;
}
