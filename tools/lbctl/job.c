// SPDX-License-Identifier: GPL-2.0-only
/*
 * Draining that comes to an end: looks after reals until all have ended.
 *
 * It is done by this process, or by one that it leaves behind. What counts is
 * in the module: who changes the state of a real otherwise has ended its
 * draining, and nobody needs to know of a job for that.
 */

#include "job.h"
#include "err.h"
#include "nl.h"
#include "request.h"
#include "subject.h"
#include "watch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <syslog.h>
#include <unistd.h>

/* How often reals are looked at, unless that takes long. */
#define LOOK_MS		1000
#define LOOK_SHARE	10

/* Of the process that is left behind: its end of the channel. */
#define CHANNEL_FD	3

/**
 * job_init() - begin a job
 * @job: job, with what is to be done; for job_free()
 * @reals: the reals that it is about
 * @count: how many
 * @err: why not
 *
 * Return: 0 or -ENOMEM.
 */
int job_init(struct job *job, const struct lb_real *reals, size_t count,
	     struct lb_err *err)
{
	struct job_real *real;
	struct claim now;
	size_t i;

	job->reals = calloc(count, sizeof(*job->reals));
	if (!job->reals)
		return lb_err_code(err, -ENOMEM);

	job->count = count;
	job->end = job->limited ? watch_now() + job->within : 0;
	for (i = 0; i < count; i++) {
		real = &job->reals[i];
		lb_name_copy(real->vip, reals[i].vip);
		lb_name_copy(real->name, reals[i].name);
		real->left.conns = reals[i].conns;
		real->claim.began = watch_now();
		real->claim.end = job->end;
		real->claim.halt = job->halt;
		real->claim.was = reals[i].admin;
		if (reals[i].admin == L4LB_ADMIN_DRAIN &&
		    claim_read(real->vip, real->name, &now))
			real->claim.was = now.was;
	}

	return 0;
}

/**
 * job_free() - drop what a job has
 * @job: job
 */
void job_free(struct job *job)
{
	free(job->reals);
}

/* Those that end a process; what it has claimed is to be dropped before. */
static void ends_fill(sigset_t *ends)
{
	sigemptyset(ends);
	sigaddset(ends, SIGINT);
	sigaddset(ends, SIGTERM);
	sigaddset(ends, SIGHUP);
}

/**
 * job_claim() - let others know that this process drains the reals
 * @job: job
 * @err: why not
 *
 * Return: 0 or -errno; then nothing is claimed. Signals that would end the
 * process wait until job_drop().
 */
int job_claim(struct job *job, struct lb_err *err)
{
	struct job_real *real;
	sigset_t ends;
	size_t i;
	int ret;

	ends_fill(&ends);
	if (sigprocmask(SIG_BLOCK, &ends, &job->before))
		return lb_err_code(err, -errno);
	job->claimed = true;
	for (i = 0; i < job->count; i++) {
		real = &job->reals[i];
		claim_init(&real->claim);
		ret = claim_make(real->vip, real->name, &real->claim, err);
		if (ret) {
			job_drop(job);
			return ret;
		}
	}

	return 0;
}

/**
 * job_drop() - end what job_claim() began
 * @job: job
 */
void job_drop(struct job *job)
{
	struct job_real *real;
	size_t i;

	for (i = 0; i < job->count; i++) {
		real = &job->reals[i];
		if (real->claim.pid)
			claim_drop(real->vip, real->name, &real->claim);
	}
	if (job->claimed)
		sigprocmask(SIG_SETMASK, &job->before, NULL);
	job->claimed = false;
}

/* Whether it is still this job's matter, and how much is left of it. */
static int real_look(struct job_real *real, struct lb_nl *nl,
		     struct lb_err *err)
{
	struct lb_real now;
	int ret;

	if (!claim_is_mine(real->vip, real->name, &real->claim)) {
		real->outcome = JOB_TAKEN;
		return 0;
	}
	ret = lb_real_get(nl, real->vip, real->name, &now, err);
	if (!ret && now.admin != L4LB_ADMIN_DRAIN)
		real->outcome = JOB_CHANGED;
	else if (!ret)
		ret = left_of_real(nl, &now, &real->left, err);
	if (!ret)
		lb_real_release(&now);
	if (ret != -ENOENT)
		return ret;
	real->outcome = JOB_GONE;

	return 0;
}

static int reals_look(struct job *job, struct lb_nl *nl, bool over,
		      struct lb_err *err)
{
	struct job_real *real;
	struct left before;
	size_t i;
	int ret;

	for (i = 0; i < job->count; i++) {
		real = &job->reals[i];
		real->news = false;
		real->ends = false;
		if (real->outcome)
			continue;
		before = real->left;
		ret = real_look(real, nl, err);
		if (ret)
			return ret;
		real->ends = !real->outcome &&
			     (over || left_nothing(&real->left));
		real->news = real->outcome || real->ends ||
			     memcmp(&before, &real->left, sizeof(before));
	}

	return 0;
}

/* Halt together what ends together. */
static int reals_halt(struct job *job, struct lb_nl *nl, struct lb_err *err)
{
	struct subject_name *names = calloc(job->count, sizeof(*names));
	size_t i, count = 0;
	int ret;

	if (!names)
		return lb_err_code(err, -ENOMEM);
	for (i = 0; i < job->count; i++) {
		if (!job->reals[i].ends)
			continue;
		names[count].vip = job->reals[i].vip;
		names[count++].name = job->reals[i].name;
	}
	ret = subject_change_many(nl, names, count, L4LB_ADMIN_HALT, err);
	for (i = 0, count = 0; i < job->count && !ret; i++) {
		if (job->reals[i].ends && names[count++].gone)
			job->reals[i].outcome = JOB_GONE;
	}
	free(names);

	return ret;
}

static void real_tell(const struct job *job, struct job_real *real)
{
	if (real->ends && !real->outcome) {
		if (left_nothing(&real->left))
			real->outcome = JOB_DRAINED;
		else
			real->outcome = job->halt ? JOB_CUT : JOB_LATE;
	}
	if (real->outcome)
		claim_drop(real->vip, real->name, &real->claim);
	job->tell(job, real, job->data);
}

static int job_look(struct job *job, struct lb_nl *nl, bool over,
		    size_t *going, struct lb_err *err)
{
	size_t i;
	int ret;

	ret = reals_look(job, nl, over, err);
	if (!ret && job->halt)
		ret = reals_halt(job, nl, err);
	if (ret)
		return ret;

	*going = 0;
	for (i = 0; i < job->count; i++) {
		if (job->reals[i].news)
			real_tell(job, &job->reals[i]);
		*going += !job->reals[i].outcome;
	}

	return 0;
}

static int signals_open(void)
{
	sigset_t ends;
	int fd;

	ends_fill(&ends);
	fd = signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);

	return fd < 0 ? -errno : fd;
}

static bool signal_came(int fd)
{
	struct signalfd_siginfo info;

	return read(fd, &info, sizeof(info)) > 0;
}

/* Long lists of clients take long to count: that must not be all it does. */
static uint32_t job_rest(uint64_t began)
{
	uint64_t took = (watch_now() - began) * LOOK_SHARE;

	return took > LOOK_MS ? (uint32_t)took : LOOK_MS;
}

static int job_loop(struct job *job, struct lb_nl *nl, struct watch *watch,
		    struct lb_err *err)
{
	size_t going = job->count, i;
	uint64_t began;
	int ret;

	/* From here on signals are waited for: who is told may send one. */
	for (i = 0; i < job->count; i++)
		job->tell(job, &job->reals[i], job->data);
	while (!signal_came(watch->fd)) {
		began = watch_now();
		ret = job_look(job, nl, watch_is_over(watch), &going, err);
		if (ret || !going)
			return ret;
		ret = watch_pause(watch, job_rest(began), err);
		if (ret && ret != -EINTR)
			return ret;
	}

	return lb_err_set(err, -EINTR,
			  "ended by a signal; what is being drained stays so");
}

/**
 * job_run() - look after the reals until all have ended
 * @job: job that has claimed them
 * @err: why not
 *
 * Return: 0 or -errno; -EINTR if a signal came. The claims are gone.
 */
int job_run(struct job *job, struct lb_err *err)
{
	struct lb_nl *nl = NULL;
	struct watch watch;
	int ret, fd;

	ret = watch_open(&watch, err);
	if (ret) {
		job_drop(job);
		return ret;
	}
	fd = signals_open();
	if (fd < 0)
		ret = lb_err_code(err, fd);
	else
		ret = lb_nl_open(&nl, err);
	if (!ret) {
		watch.end = job->end;
		watch.fd = fd;
		ret = job_loop(job, nl, &watch, err);
	}
	if (fd >= 0)
		close(fd);
	lb_nl_close(nl);
	watch_close(&watch);
	job_drop(job);

	return ret;
}

/* What the process that is left behind says before anything happens. */
struct answer {
	int code;
	struct lb_err err;
};

static const char *const outcome_text[] = {
	[JOB_DRAINED]	= "drained",
	[JOB_CUT]	= "halted, because time ran out, with",
	[JOB_LATE]	= "time ran out, with",
	[JOB_CHANGED]	= "its state was changed while it was being drained",
	[JOB_GONE]	= "removed while it was being drained",
};

static void log_outcome(const struct job *job, const struct job_real *real,
			void *data)
{
	char text[LEFT_TEXT] = "";

	(void)data;
	if (!real->outcome || real->outcome == JOB_TAKEN)
		return;
	if (real->outcome == JOB_CUT || real->outcome == JOB_LATE)
		left_print(&real->left, text, sizeof(text));
	syslog(LOG_NOTICE, "real %s/%s: %s%s%s%s", real->vip, real->name,
	       outcome_text[real->outcome], *text ? " " : "", text,
	       real->outcome == JOB_DRAINED && job->halt ? ", halted" : "");
}

/* Away from the terminal, and from everything that it has open. */
static int job_leave(int channel)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0 || setsid() < 0 || chdir("/") ||
	    dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0 ||
	    dup2(null, STDERR_FILENO) < 0 || dup2(channel, CHANNEL_FD) < 0)
		return -errno;
	close_range(CHANNEL_FD + 1, ~0U, 0);

	return 0;
}

/* It goes on only when it is told that the reals are being drained. */
static void job_child(struct job *job, int channel)
{
	struct answer answer = { 0 };
	char go;

	answer.code = job_leave(channel);
	if (answer.code) {
		lb_err_code(&answer.err, answer.code);
	} else {
		channel = CHANNEL_FD;
		answer.code = job_claim(job, &answer.err);
	}
	if (send(channel, &answer, sizeof(answer), MSG_NOSIGNAL) < 0 ||
	    answer.code || recv(channel, &go, 1, 0) != 1) {
		job_drop(job);
		_exit(1);
	}
	close(channel);

	openlog("lbctl", LOG_PID, LOG_DAEMON);
	job->tell = log_outcome;
	if (job_run(job, &answer.err))
		syslog(LOG_WARNING, "drain: %s", answer.err.text);
	_exit(0);
}

/**
 * job_detach() - leave the job to a process of its own, which survives this one
 * and its terminal
 * @job: job
 * @channel: for job_release(); nothing happens before
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int job_detach(struct job *job, int *channel, struct lb_err *err)
{
	struct answer answer = { 0 };
	int pair[2], ret;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return lb_err_code(err, -errno);
	pid = fork();
	if (!pid) {
		close(pair[0]);
		job_child(job, pair[1]);
	}
	ret = pid < 0 ? lb_err_code(err, -errno) : 0;
	close(pair[1]);
	if (!ret && recv(pair[0], &answer, sizeof(answer), 0) != sizeof(answer))
		ret = lb_err_set(err, -ECHILD,
				 "the process for it has ended");
	if (!ret && answer.code) {
		*err = answer.err;
		ret = answer.code;
	}
	if (ret)
		close(pair[0]);
	else
		*channel = pair[0];

	return ret;
}

/**
 * job_release() - let the process of job_detach() begin
 * @channel: from job_detach()
 * @go: whether it shall; else it ends
 *
 * Return: 0, or -errno if it is not there any more.
 */
int job_release(int channel, bool go)
{
	int ret = 0;

	if (go && send(channel, "g", 1, MSG_NOSIGNAL) != 1)
		ret = -errno;
	close(channel);

	return ret;
}
