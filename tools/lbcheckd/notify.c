// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tells people what has happened: runs a command of theirs for each, with what
 * there is to know in its environment.
 *
 * A few run at once, in the order of what happened; the others wait, as many as
 * there is room for. What takes too long is ended with all that it has started.
 * No shell reads what servers have written: that is in the environment only.
 */

#include "notify.h"
#include "addr.h"
#include "child.h"
#include "compiler.h"
#include "err.h"
#include "log.h"
#include "news.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/queue.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define RUNNING_MAX	4
#define WAITING_MAX	1024
#define LIMIT_DEFAULT	30000

#define WORDS_MAX	32
#define ENV_MAX		12
#define PATH_DEFAULT	"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/**
 * struct job - a command for one piece of news
 * @notify: whose it is
 * @env: its environment, ended by NULL
 * @envs: how many entries @env has
 * @pid: its process, and process group
 * @fd: that process
 * @ended: the process has
 * @timer: it takes too long
 * @link: among those that wait or run
 */
struct job {
	struct notify *notify;
	char *env[ENV_MAX + 1];
	unsigned int envs;
	pid_t pid;
	int fd;
	struct event *ended;
	struct event *timer;

	TAILQ_ENTRY(job) link;
};

TAILQ_HEAD(job_list, job);

/**
 * struct notify - tells people
 * @base: event loop
 * @words: the command; what @argv points into
 * @argv: its words, ended by NULL
 * @limit: ms that it may take
 * @waiting: those that wait
 * @waits: how many
 * @running: those that run
 * @runs: how many
 * @full: it has been logged that there is no room
 * @stats: what became of the news
 */
struct notify {
	struct event_base *base;
	char *words;
	char *argv[WORDS_MAX + 1];
	unsigned int limit;
	struct job_list waiting;
	unsigned int waits;
	struct job_list running;
	unsigned int runs;
	bool full;
	struct notify_stats stats;
};

static void notify_next(struct notify *notify);

static void job_free(struct job *job)
{
	while (job->envs)
		free(job->env[--job->envs]);
	if (job->ended)
		event_free(job->ended);
	if (job->timer)
		event_free(job->timer);
	if (job->fd >= 0)
		close(job->fd);
	free(job);
}

static void __printf(2, 3) job_env(struct job *job, const char *fmt, ...)
{
	va_list args;
	int len;

	if (job->envs == ENV_MAX)
		return;
	va_start(args, fmt);
	len = vasprintf(&job->env[job->envs], fmt, args);
	va_end(args);

	job->envs += len >= 0;
	job->env[job->envs] = NULL;
}

static const char *text_or(const char *text, const char *otherwise)
{
	return text ? text : otherwise;
}

static struct job *job_new(struct notify *notify, const struct news *news)
{
	struct job *job = calloc(1, sizeof(*job));
	char addr[LB_ADDR_TEXT] = "";

	if (!job)
		return NULL;
	job->notify = notify;
	job->fd = -1;
	if (news->addr)
		lb_addr_print(news->addr, addr, sizeof(addr));

	job_env(job, "PATH=%s", text_or(getenv("PATH"), PATH_DEFAULT));
	job_env(job, "L4LB_EVENT=%s", news->event);
	job_env(job, "L4LB_VIP=%s", news->vip);
	job_env(job, "L4LB_REAL=%s", text_or(news->real, ""));
	job_env(job, "L4LB_ADDRESS=%s", addr);
	if (news->port)
		job_env(job, "L4LB_PORT=%u", news->port);
	else
		job_env(job, "L4LB_PORT=");
	job_env(job, "L4LB_HEALTH=%s", news->health);
	job_env(job, "L4LB_OLD=%s", news->old);
	job_env(job, "L4LB_REASON=%s", news->reason);

	return job;
}

/* It and all that it has started, as far as that has stayed with it. */
static void job_kill(const struct job *job)
{
	kill(-job->pid, SIGKILL);
}

static void job_end(struct job *job, bool good)
{
	struct notify *notify = job->notify;

	notify->stats.run += good;
	notify->stats.failed += !good;
	TAILQ_REMOVE(&notify->running, job, link);
	notify->runs--;
	job_free(job);
	notify_next(notify);
}

static void job_late(evutil_socket_t fd, short what, void *data)
{
	struct job *job = data;

	(void)fd;
	(void)what;

	log_line(LOG_WARNING, "notify: %s takes longer than %u ms; ended",
		 job->notify->argv[0], job->notify->limit);
	job_kill(job);
}

static void job_ended(evutil_socket_t fd, short what, void *data)
{
	struct job *job = data;
	siginfo_t info = { 0 };

	(void)fd;
	(void)what;

	if (waitid(P_PID, (id_t)job->pid, &info,
		   WEXITED | WNOHANG | WNOWAIT) || !info.si_pid)
		return;

	/* What it has left behind must not pile up; its number is its own yet. */
	job_kill(job);
	waitid(P_PID, (id_t)job->pid, &info, WEXITED);
	if (info.si_code != CLD_EXITED)
		log_line(LOG_WARNING, "notify: %s: ended by signal %d",
			 job->notify->argv[0], info.si_status);
	else if (info.si_status)
		log_line(LOG_WARNING, "notify: %s: exit status %d",
			 job->notify->argv[0], info.si_status);
	job_end(job, info.si_code == CLD_EXITED && !info.si_status);
}

/* It inherits the limit, which was raised for checks, and has it from its start. */
static int limited_spawn(struct job *job, char *const *argv,
			 const posix_spawn_file_actions_t *files,
			 const posix_spawnattr_t *attr)
{
	struct rlimit own, few;
	int ret;

	if (getrlimit(RLIMIT_NOFILE, &own))
		return errno;
	few = own;
	if (few.rlim_cur > CHILD_FILES)
		few.rlim_cur = CHILD_FILES;
	if (setrlimit(RLIMIT_NOFILE, &few))
		return errno;
	ret = posix_spawn(&job->pid, argv[0], files, attr, argv, job->env);
	setrlimit(RLIMIT_NOFILE, &own);

	return ret;
}

static int job_spawn(struct job *job, char *const *argv)
{
	short flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
		      POSIX_SPAWN_SETSIGDEF;
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none, all;
	int ret;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_init(&attr);
	posix_spawn_file_actions_init(&files);
	posix_spawnattr_setflags(&attr, flags);
	posix_spawnattr_setpgroup(&attr, 0);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	ret = posix_spawn_file_actions_addopen(&files, STDIN_FILENO,
					       "/dev/null", O_RDONLY, 0);
	if (!ret)
		ret = limited_spawn(job, argv, &files, &attr);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);

	return ret;
}

static int job_watch(struct job *job)
{
	struct notify *notify = job->notify;
	const struct timeval limit = {
		.tv_sec = notify->limit / 1000,
		.tv_usec = notify->limit % 1000 * 1000,
	};

	job->fd = pidfd_open(job->pid, 0);
	if (job->fd < 0)
		return -errno;
	job->ended = event_new(notify->base, job->fd, EV_READ | EV_PERSIST,
			       job_ended, job);
	job->timer = evtimer_new(notify->base, job_late, job);
	if (!job->ended || !job->timer || event_add(job->ended, NULL) ||
	    event_add(job->timer, &limit))
		return -ENOMEM;

	return 0;
}

static void job_start(struct job *job)
{
	struct notify *notify = job->notify;
	int ret;

	ret = -job_spawn(job, notify->argv);
	if (!ret) {
		ret = job_watch(job);
		if (ret) {
			job_kill(job);
			waitpid(job->pid, NULL, 0);
		}
	}
	if (!ret) {
		TAILQ_INSERT_TAIL(&notify->running, job, link);
		notify->runs++;
		return;
	}

	log_line(LOG_WARNING, "notify: %s: %s", notify->argv[0],
		 strerror(-ret));
	notify->stats.failed++;
	job_free(job);
}

static void notify_next(struct notify *notify)
{
	struct job *job;

	while (notify->runs < RUNNING_MAX &&
	       (job = TAILQ_FIRST(&notify->waiting))) {
		TAILQ_REMOVE(&notify->waiting, job, link);
		notify->waits--;
		job_start(job);
	}
	if (!notify->waits)
		notify->full = false;
}

/* Blanks separate words; whoever needs more writes a script. */
static int command_split(struct notify *notify, const char *command,
			 struct lb_err *err)
{
	unsigned int words = 0;
	char *word, *rest;

	notify->words = strdup(command);
	if (!notify->words)
		return lb_err_code(err, -ENOMEM);

	word = strtok_r(notify->words, " \t", &rest);
	for (; word; word = strtok_r(NULL, " \t", &rest)) {
		if (words == WORDS_MAX)
			return lb_err_set(err, -E2BIG,
					  "notify command has too many words");
		notify->argv[words++] = word;
	}

	if (!words || *notify->argv[0] != '/')
		return lb_err_set(err, -EINVAL,
				  "notify command does not begin with \"/\"");
	if (access(notify->argv[0], X_OK))
		return lb_err_set(err, -errno, "notify command %s: %s",
				  notify->argv[0], strerror(errno));

	return 0;
}

/**
 * notify_new() - be ready to tell people
 * @notifyp: where to
 * @base: event loop
 * @command: absolute name of a program, and words for it
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int notify_new(struct notify **notifyp, struct event_base *base,
	       const char *command, struct lb_err *err)
{
	struct notify *notify = calloc(1, sizeof(*notify));
	int ret;

	if (!notify)
		return lb_err_code(err, -ENOMEM);

	notify->base = base;
	notify->limit = LIMIT_DEFAULT;
	TAILQ_INIT(&notify->waiting);
	TAILQ_INIT(&notify->running);

	ret = command_split(notify, command, err);
	if (ret) {
		notify_free(notify);
		return ret;
	}
	*notifyp = notify;

	return 0;
}

/**
 * notify_free() - tell nobody any more
 * @notify: what notify_new() made, or NULL
 *
 * What runs goes on, what waits is forgotten.
 */
void notify_free(struct notify *notify)
{
	struct job *job;

	if (!notify)
		return;

	while ((job = TAILQ_FIRST(&notify->waiting))) {
		TAILQ_REMOVE(&notify->waiting, job, link);
		job_free(job);
	}
	while ((job = TAILQ_FIRST(&notify->running))) {
		TAILQ_REMOVE(&notify->running, job, link);
		job_free(job);
	}
	free(notify->words);
	free(notify);
}

/**
 * notify_limit() - say how long a command may take
 * @notify: what notify_new() made
 * @ms: so long
 */
void notify_limit(struct notify *notify, unsigned int ms)
{
	notify->limit = ms;
}

/**
 * notify_tell() - tell what has happened, as soon as it is possible
 * @notify: what notify_new() made, or NULL
 * @news: what has happened
 */
void notify_tell(struct notify *notify, const struct news *news)
{
	struct job *job;

	if (!notify)
		return;

	job = notify->waits < WAITING_MAX ? job_new(notify, news) : NULL;
	if (!job) {
		if (!notify->full)
			log_line(LOG_WARNING,
				 "notify: too much happens to tell all of it");
		notify->full = true;
		notify->stats.lost++;
		return;
	}
	TAILQ_INSERT_TAIL(&notify->waiting, job, link);
	notify->waits++;
	notify_next(notify);
}

/**
 * notify_stats() - say what became of the news
 * @notify: what notify_new() made, or NULL
 *
 * Return: the numbers.
 */
struct notify_stats notify_stats(const struct notify *notify)
{
	const struct notify_stats none = { 0 };

	return notify ? notify->stats : none;
}
