// SPDX-License-Identifier: GPL-2.0-only
/*
 * Other programs, for what they print: no longer than a while, and no more than
 * can be looked at.
 */

#include "program.h"
#include "watch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* Room that is made at once. */
#define CHUNK	65536

/* Returns an errno. What it says of itself is for nobody: it fails or not. */
static int program_start(const char *const args[], int out, pid_t *pid)
{
	posix_spawn_file_actions_t files;
	int ret;

	ret = posix_spawn_file_actions_init(&files);
	if (ret)
		return ret;
	ret = posix_spawn_file_actions_addopen(&files, STDIN_FILENO,
					       "/dev/null", O_RDONLY, 0);
	if (!ret)
		ret = posix_spawn_file_actions_adddup2(&files, out,
						       STDOUT_FILENO);
	if (!ret)
		ret = posix_spawn_file_actions_addopen(&files, STDERR_FILENO,
						       "/dev/null", O_WRONLY,
						       0);
	if (!ret)
		ret = posix_spawnp(pid, args[0], &files, NULL,
				   (char *const *)args, environ);
	posix_spawn_file_actions_destroy(&files);

	return ret;
}

/* Waits until there is something to read. */
static int output_wait(int fd, uint64_t until)
{
	struct pollfd polled = { .fd = fd, .events = POLLIN };
	uint64_t now;
	int ret;

	do {
		now = watch_now();
		if (now >= until)
			return -ETIME;
		ret = poll(&polled, 1, (int)(until - now));
	} while (!ret || (ret < 0 && errno == EINTR));

	return ret < 0 ? -errno : 0;
}

/* Room for one more chunk and an end. */
static int output_grow(char **text, size_t len, size_t *size)
{
	char *grown;

	if (len > PROGRAM_BYTES)
		return -EFBIG;
	if (*size > len + CHUNK)
		return 0;
	grown = realloc(*text, 2 * *size + CHUNK + 1);
	if (!grown)
		return -ENOMEM;
	*text = grown;
	*size = 2 * *size + CHUNK + 1;

	return 0;
}

static int output_read(int fd, char **text, size_t *len)
{
	uint64_t until = watch_now() + PROGRAM_MS;
	size_t size = 0;
	ssize_t got;
	int ret;

	for (;;) {
		ret = output_grow(text, *len, &size);
		if (!ret)
			ret = output_wait(fd, until);
		if (ret)
			return ret;
		got = read(fd, *text + *len, CHUNK);
		if (got < 0)
			return -errno;
		(*text)[*len + (size_t)got] = '\0';
		if (!got)
			return 0;
		*len += (size_t)got;
	}
}

/* One that is not read to its end is not waited for. */
static int program_end(pid_t pid, int ret)
{
	int status;

	if (ret)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	if (!ret && status)
		ret = -EIO;

	return ret;
}

/**
 * program_read() - run a program and take what it prints
 * @args: its name, and its arguments up to a NULL
 * @text: where to, for free()
 * @len: its length without the '\0' that ends it
 *
 * Return: 0 or -errno, then there is nothing to free; -ENOENT if there is no
 * such program, -EIO if it failed, -ETIME or -EFBIG if it was too much.
 */
int program_read(const char *const args[], char **text, size_t *len)
{
	int fds[2], ret;
	pid_t pid;

	*text = NULL;
	*len = 0;
	if (pipe2(fds, O_CLOEXEC))
		return -errno;
	ret = program_start(args, fds[1], &pid);
	close(fds[1]);
	if (ret)
		ret = -ret;
	else
		ret = program_end(pid, output_read(fds[0], text, len));
	close(fds[0]);
	if (ret) {
		free(*text);
		*text = NULL;
	}

	return ret;
}
