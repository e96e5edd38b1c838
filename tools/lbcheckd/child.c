// SPDX-License-Identifier: GPL-2.0-only
/*
 * A program that checks, while it runs.
 *
 * It has a keeper: a process of ours between the program and us, to which all
 * comes that the program has started and not waited for, whatever session it
 * has made for itself. Once the program has ended, or the keeper is told to end
 * it, or we are no more, the keeper kills what there is, ends as the program
 * did, and by that tells how it was. That may take a moment, in which nobody
 * here waits.
 *
 * A program may do what its user may, but no more; it cannot end its keeper,
 * unless all run as the same user. The end of a keeper is seen by a descriptor
 * of the process, so that nobody else's children are waited for, and even one
 * that nobody is interested in any more leaves no zombie.
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
#include <stdio.h>
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

/*
 * How often a keeper kills what is left, and how long it waits in between. What
 * cannot be killed, such as what waits for a disk, is not waited for.
 */
#define SWEEPS		1000
#define SWEEP_NS	(10 * 1000 * 1000)

/* The descriptor by which a keeper and its program say why it was not run. */
#define ERROR_FILENO	(STDERR_FILENO + 1)

/**
 * struct child - a program that runs
 * @pid: its keeper
 * @exit: the end of both
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

/* In the process that becomes the program. */

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
static int settle(pid_t keeper)
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

	/* It ends with its keeper, even if that has ended already. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL))
		return -1;
	if (getppid() != keeper)
		_exit(EXIT_FAILURE);

	return 0;
}

static void give_up(int error)
{
	int why = errno;

	if (write(error, &why, sizeof(why)) < 0)
		_exit(EXIT_FAILURE);
	_exit(EXIT_FAILURE);
}

static void child_exec(const char *path, char *const *args,
		       const struct child_user *user, pid_t keeper)
{
	char search[] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
	char *env[2] = { search };

	if (setsid() >= 0 && !become(user) && !settle(keeper))
		execve(path, args, env);
	give_up(ERROR_FILENO);
}

/* In the keeper. Every signal is blocked there, and taken where it is wanted. */

/* Of what we have open it keeps nothing: connections would not end. */
static int redirect(int output, int error)
{
	int null = open("/dev/null", O_RDWR);

	if (null < 0)
		return -1;
	if (dup2(null, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0 ||
	    dup2(null, STDERR_FILENO) < 0 ||
	    (error != ERROR_FILENO && dup2(error, ERROR_FILENO) < 0) ||
	    fcntl(ERROR_FILENO, F_SETFD, FD_CLOEXEC))
		return -1;

	return close_range(ERROR_FILENO + 1, ~0U, 0);
}

/* Whether the program has; what else has is nobody's any more. */
static bool has_ended(pid_t program)
{
	siginfo_t info;

	for (;;) {
		info.si_pid = 0;
		if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) ||
		    !info.si_pid)
			return false;
		if (info.si_pid == program)
			return true;
		waitpid(info.si_pid, NULL, 0);
	}
}

/*
 * What these have started comes to us when they are gone. Returns whether the
 * kernel says which they are: that is an option of it.
 */
static bool kill_children(void)
{
	FILE *file = fopen("/proc/thread-self/children", "re");
	int pid;

	if (!file)
		return false;
	while (fscanf(file, "%d", &pid) == 1)
		kill(pid, SIGKILL);
	fclose(file);

	return true;
}

/* Returns how the program has ended. */
static int sweep(pid_t program)
{
	const struct timespec pause = { .tv_nsec = SWEEP_NS };
	int status, how = SIGKILL;
	bool known, ended = false;
	unsigned int i;
	sigset_t child;
	pid_t pid;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);

	/*
	 * While it is not waited for, its group is nobody else's; it may not be
	 * the leader of it yet.
	 */
	kill(-program, SIGKILL);
	kill(program, SIGKILL);
	for (i = 0; i < SWEEPS; i++) {
		known = kill_children();
		while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
			if (pid != program)
				continue;
			how = status;
			ended = true;
		}
		if (pid < 0 || (ended && !known))
			break;
		sigtimedwait(&child, NULL, &pause);
	}

	return how;
}

/* Without a core: ours has secrets. */
static void end_as(int status)
{
	sigset_t set;

	if (WIFSIGNALED(status)) {
		sigemptyset(&set);
		sigaddset(&set, WTERMSIG(status));
		prctl(PR_SET_DUMPABLE, 0);
		signal(WTERMSIG(status), SIG_DFL);
		raise(WTERMSIG(status));
		sigprocmask(SIG_UNBLOCK, &set, NULL);
	}
	_exit(WEXITSTATUS(status));
}

static void child_keep(const char *path, char *const *args,
		       const struct child_user *user, pid_t parent, int output,
		       int error)
{
	pid_t program, keeper = getpid();
	sigset_t set;
	int sig;

	if (redirect(output, error))
		give_up(error);
	if (signal(SIGCHLD, SIG_DFL) == SIG_ERR ||
	    prctl(PR_SET_CHILD_SUBREAPER, 1) ||
	    prctl(PR_SET_PDEATHSIG, SIGTERM))
		give_up(ERROR_FILENO);
	if (getppid() != parent)
		_exit(EXIT_FAILURE);

	program = fork();
	if (program < 0)
		give_up(ERROR_FILENO);
	if (!program)
		child_exec(path, args, user, keeper);

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGTERM);
	do
		sig = sigwaitinfo(&set, NULL);
	while (sig != SIGTERM && !has_ended(program));

	end_as(sweep(program));
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

/* One that cannot be watched must not run; it ends with its keeper. */
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
	sigset_t all, before;
	int ret;

	/* A handler of ours would tell us what was meant for the keeper. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	child->pid = fork();
	if (!child->pid)
		child_keep(path, args, user, parent, output[1], error[1]);

	ret = -errno;
	sigprocmask(SIG_SETMASK, &before, NULL);
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
	kill(child->pid, SIGTERM);
}
