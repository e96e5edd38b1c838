// SPDX-License-Identifier: GPL-2.0-only
/*
 * A program that checks, while it runs.
 *
 * It has a session of its own, of which nothing is left when it ends, and may
 * do what its user may, but no more. Its end is seen by a descriptor of the
 * process, so that nobody else's children are waited for, and even one that
 * nobody is interested in any more leaves no zombie.
 */

#include "child.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Most that is read of what it prints before others have their turn. */
#define READS		16

/**
 * struct child - a program that runs
 * @pid: its process, the leader of its group
 * @exit: its end
 * @output: what it prints; without a descriptor once it prints no more
 * @error: where it says why it could not be run
 * @ops: who wants to know, NULL if nobody does any more
 * @data: for @ops
 * @line: the first line
 */
struct child {
	pid_t pid;
	struct event *exit;
	struct event *output;
	int error;
	const struct child_ops *ops;
	void *data;
	struct child_line line;
};

/* In the child, until it is another program. */

static int become(const struct child_user *user)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct none[2] = { 0 };

	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0))
		return -1;
	if (user->uid != geteuid() &&
	    (setgroups(0, NULL) ||
	     setresgid(user->gid, user->gid, user->gid) ||
	     setresuid(user->uid, user->uid, user->uid)))
		return -1;
	if (syscall(SYS_capset, &header, none))
		return -1;

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

/* What is inherited and a program does not expect. */
static int settle(pid_t parent)
{
	const struct rlimit core = { 0 };
	struct rlimit files;
	sigset_t none;

	sigemptyset(&none);
	if (signal(SIGPIPE, SIG_DFL) == SIG_ERR ||
	    sigprocmask(SIG_SETMASK, &none, NULL) ||
	    getrlimit(RLIMIT_NOFILE, &files))
		return -1;
	if (files.rlim_cur > CHILD_FILES)
		files.rlim_cur = CHILD_FILES;
	if (setrlimit(RLIMIT_NOFILE, &files) ||
	    setrlimit(RLIMIT_CORE, &core) || chdir("/"))
		return -1;
	umask(0022);

	/* It ends with us, even if we have ended already. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL))
		return -1;
	if (getppid() != parent)
		_exit(EXIT_FAILURE);

	return 0;
}

static int redirect(int output)
{
	int null = open("/dev/null", O_RDWR);

	if (null < 0)
		return -1;
	if (dup2(null, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0 ||
	    dup2(null, STDERR_FILENO) < 0)
		return -1;

	return close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
}

static void child_exec(const char *path, char *const *args,
		       const struct child_user *user, pid_t parent, int output,
		       int error)
{
	char search[] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
	char *env[2] = { search };
	int why;

	if (setsid() >= 0 && !redirect(output) && !become(user) &&
	    !settle(parent))
		execve(path, args, env);

	why = errno;
	if (write(error, &why, sizeof(why)) < 0)
		_exit(EXIT_FAILURE);
	_exit(EXIT_FAILURE);
}

/* In the parent. */

/**
 * child_line_add() - take the first line out of what is printed
 * @line: what there is of it
 * @bytes: what is printed next
 * @len: length of @bytes
 */
void child_line_add(struct child_line *line, const char *bytes, size_t len)
{
	const char *end = memchr(bytes, '\n', len);
	size_t room = sizeof(line->text) - 1 - line->len;

	if (line->done)
		return;
	line->done = end;
	if (end)
		len = (size_t)(end - bytes);
	if (len > room)
		len = room;
	memcpy(line->text + line->len, bytes, len);
	line->len += len;
	line->text[line->len] = '\0';
}

/* What more it prints than can be read at once has to wait. */
static void child_readable(evutil_socket_t fd, short what, void *data)
{
	struct child *child = data;
	unsigned int reads;
	char bytes[4096];
	ssize_t len;

	(void)what;

	for (reads = 0; reads < READS; reads++) {
		len = read(fd, bytes, sizeof(bytes));
		if (len < 0)
			return;
		if (!len) {
			event_del(child->output);
			return;
		}
		child_line_add(&child->line, bytes, (size_t)len);
		if (child->ops)
			child->ops->output(child->data, bytes, (size_t)len);
	}
}

static void event_close(struct event *event)
{
	evutil_socket_t fd;

	if (!event)
		return;
	fd = event_get_fd(event);
	event_free(event);
	close(fd);
}

static void child_free(struct child *child)
{
	event_close(child->output);
	event_close(child->exit);
	if (child->error >= 0)
		close(child->error);
	free(child);
}

static void child_exited(evutil_socket_t fd, short what, void *data)
{
	const struct child_ops *ops;
	struct child *child = data;
	int status, error = 0;

	/* While it is not waited for, its group is nobody else's. */
	kill(-child->pid, SIGKILL);
	while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
		;

	child_readable(event_get_fd(child->output), what, child);
	if (read(child->error, &error, sizeof(error)) != sizeof(error))
		error = 0;

	(void)fd;

	ops = child->ops;
	child->ops = NULL;
	if (ops && error)
		ops->failed(child->data, error);
	else if (ops)
		ops->ended(child->data, status, child->line.text);
	child_free(child);
}

static int pipe_new(int ends[2])
{
	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	if (fcntl(ends[0], F_SETFL, O_NONBLOCK)) {
		close(ends[0]);
		close(ends[1]);
		return -ENOMEM;
	}

	return 0;
}

static int child_watch(struct child *child, struct event_base *base, int output)
{
	int fd;

	child->output = event_new(base, output, EV_READ | EV_PERSIST,
				  child_readable, child);
	if (!child->output) {
		close(output);
		return -ENOMEM;
	}
	fd = pidfd_open(child->pid, 0);
	if (fd < 0)
		return -errno;
	child->exit = event_new(base, fd, EV_READ, child_exited, child);
	if (!child->exit) {
		close(fd);
		return -ENOMEM;
	}
	if (event_add(child->output, NULL) || event_add(child->exit, NULL))
		return -ENOMEM;

	return 0;
}

/* One that cannot be watched must not run. */
static void child_abort(struct child *child)
{
	kill(child->pid, SIGKILL);
	while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
		;
	child_free(child);
}

static int child_fork(struct child *child, struct event_base *base,
		      const char *path, char *const *args,
		      const struct child_user *user, int output[2],
		      int error[2])
{
	pid_t parent = getpid();
	int ret;

	child->pid = fork();
	if (!child->pid)
		child_exec(path, args, user, parent, output[1], error[1]);

	ret = -errno;
	close(output[1]);
	close(error[1]);
	child->error = error[0];
	if (child->pid < 0) {
		close(output[0]);
		child_free(child);
		return ret;
	}
	ret = child_watch(child, base, output[0]);
	if (ret)
		child_abort(child);

	return ret;
}

/**
 * child_run() - run a program
 * @childp: where to; set before anything is told
 * @base: event loop
 * @path: where it is
 * @args: its arguments, with its name for the first
 * @user: who it runs as
 * @ops: who wants to know of it; from the event loop only
 * @data: for @ops
 *
 * Return: 0 or -errno.
 */
int child_run(struct child **childp, struct event_base *base,
	      const char *path, char *const *args,
	      const struct child_user *user, const struct child_ops *ops,
	      void *data)
{
	struct child *child = calloc(1, sizeof(*child));
	int output[2], error[2], ret;

	if (!child)
		return -ENOMEM;
	child->ops = ops;
	child->data = data;
	child->error = -1;

	ret = pipe_new(output);
	if (ret) {
		child_free(child);
		return ret;
	}
	ret = pipe_new(error);
	if (ret) {
		close(output[0]);
		close(output[1]);
		child_free(child);
		return ret;
	}

	ret = child_fork(child, base, path, args, user, output, error);
	if (!ret)
		*childp = child;

	return ret;
}

/**
 * child_drop() - end a program, of which nobody wants to know any more
 * @child: what child_run() made, which is gone once its process is
 */
void child_drop(struct child *child)
{
	child->ops = NULL;
	kill(-child->pid, SIGKILL);
	/* It may not be the leader of a group yet. */
	kill(child->pid, SIGKILL);
}
