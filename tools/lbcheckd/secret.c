// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a check logs in with: a file of two lines, user and password, that
 * nobody else may read.
 */

#include "secret.h"
#include "err.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Two lines with their ends, and one byte that tells that there is more. */
#define FILE_SIZE	(2 * (SECRET_MAX + 2) + 1)

static int secret_open(const char *dir, const char *name, struct lb_err *err)
{
	char path[512];
	int fd;

	/* Names come from the module: none of them leads elsewhere. */
	if (strchr(name, '/') || *name == '.')
		return lb_err_set(err, -EINVAL, "secret %s: bad name", name);

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return lb_err_set(err, -errno, "secret %s: %s", name,
				  strerror(errno));

	return fd;
}

static int secret_allow(int fd, const char *name, struct lb_err *err)
{
	struct stat st;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		return lb_err_set(err, -EINVAL, "secret %s: not a file", name);
	if (st.st_uid && st.st_uid != geteuid())
		return lb_err_set(err, -EPERM,
				  "secret %s: its owner is not root", name);
	if (st.st_mode & 077)
		return lb_err_set(err, -EPERM,
				  "secret %s: others may read it (mode %04o, not 0600)",
				  name, (unsigned int)(st.st_mode & 07777));

	return 0;
}

/* Cut one line off. */
static int line_take(char **text, char *line)
{
	size_t len = strcspn(*text, "\n");
	char *next = *text + len + ((*text)[len] == '\n');

	if (len && (*text)[len - 1] == '\r')
		len--;
	if (len > SECRET_MAX)
		return -EINVAL;
	memcpy(line, *text, len);
	line[len] = '\0';
	*text = next;

	return 0;
}

static int secret_parse(struct secret *secret, char *text)
{
	if (line_take(&text, secret->user) ||
	    line_take(&text, secret->password) || *text || !*secret->user)
		return -EINVAL;

	return 0;
}

static int secret_load(struct secret *secret, int fd)
{
	char text[FILE_SIZE + 1];
	ssize_t len = read(fd, text, FILE_SIZE);
	int ret = -EINVAL;

	if (len >= 0 && len < FILE_SIZE && !memchr(text, '\0', (size_t)len)) {
		text[len] = '\0';
		ret = secret_parse(secret, text);
	}
	explicit_bzero(text, sizeof(text));

	return ret;
}

/**
 * secret_read() - read a secret
 * @secret: where to, for secret_clear()
 * @dir: where the secrets are
 * @name: which one
 * @err: reason of a failure
 *
 * Return: 0 or -errno.
 */
int secret_read(struct secret *secret, const char *dir, const char *name,
		struct lb_err *err)
{
	int fd = secret_open(dir, name, err);
	int ret;

	if (fd < 0)
		return fd;

	ret = secret_allow(fd, name, err);
	if (!ret && secret_load(secret, fd)) {
		secret_clear(secret);
		ret = lb_err_set(err, -EINVAL,
				 "secret %s: not two lines, user and password",
				 name);
	}
	close(fd);

	return ret;
}

/**
 * secret_clear() - forget a secret
 * @secret: the secret
 */
void secret_clear(struct secret *secret)
{
	explicit_bzero(secret, sizeof(*secret));
}
