// SPDX-License-Identifier: GPL-2.0-only
/*
 * The process that undoes what was applied, unless it is confirmed in time.
 *
 * It is one of its own session, so that it outlives the terminal, which the
 * change may have cut off. What it has done it leaves in a file.
 */

#include "sentry.h"
#include "change.h"
#include "compiler.h"
#include "err.h"
#include "file.h"
#include "nl.h"
#include "place.h"
#include "request.h"
#include "rollback.h"
#include "site.h"
#include "undo.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

/* How often it is tried to undo; others may be changing things. */
#define TRIES	20

/* How long somebody who has connected may take to say why. */
#define PATIENCE_S	2

/**
 * sentry_now() - the time of the clock that a sentry ends by
 *
 * Return: the time in ms.
 */
int64_t sentry_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);

	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* For the log, and for who asks too late. */
static void leave_report(const char *text)
{
	char path[128], when[64] = "", line[LB_ERR_TEXT + 80];
	time_t now = time(NULL);
	struct tm local;

	if (localtime_r(&now, &local))
		strftime(when, sizeof(when), "%F %T", &local);
	snprintf(line, sizeof(line), "%s, %s\n", when, text);
	if (!rollback_path(path, sizeof(path), ".report", NULL))
		lb_file_write(path, line, strlen(line), NULL);
	syslog(LOG_WARNING, "%s", text);
}

/*
 * The mode of a VIP cannot change while it has connections, and those it has
 * now came by what is undone.
 */
static void conns_end(struct lb_nl *nl, const struct lb_plan *plan)
{
	const struct lb_change *change = plan->change;
	struct lb_filter filter = { .has = LB_BIT(L4LB_A_FILTER_VIP) };
	uint32_t count;
	size_t i;

	for (i = 0; i < plan->count; i++, change++) {
		if (change->noun != LB_NOUN_VIP ||
		    change->kind != LB_CHANGE_SET ||
		    !lb_has(change->has, L4LB_A_VIP_MODE))
			continue;
		lb_name_copy(filter.vip, change->now.vip->name);
		lb_conn_del(nl, &filter, &count, NULL);
	}
}

/* Let the module be a site. */
static int site_enforce(struct lb_nl *nl, const struct lb_site *now,
			const struct lb_site *target, size_t *changes,
			struct lb_err *err)
{
	const struct lb_change *at;
	struct lb_plan plan;
	int ret;

	ret = lb_plan_make(&plan, now, target, err);
	if (ret)
		return ret;
	*changes = plan.count;
	if (plan.count) {
		conns_end(nl, &plan);
		ret = lb_plan_send(nl, &plan, now->info.generation, false, &at,
				   err);
	}
	lb_plan_free(&plan);

	return ret;
}

/*
 * What was applied is gone altogether: by a flush, or because the module was
 * loaded anew. Nobody is waiting for a part of what there was.
 */
static bool site_is_gone(const struct lb_site *now,
			 const struct lb_site *applied)
{
	return !now->vip_count && applied->vip_count;
}

/* What somebody has changed since stays, if that goes together. */
static int undo_some(struct lb_nl *nl, const struct sentry *sentry,
		     size_t *changes, size_t *kept, struct lb_err *err)
{
	struct lb_site now, target;
	int ret;

	ret = lb_site_read(nl, &now, err);
	if (ret)
		return ret;
	if (site_is_gone(&now, sentry->applied)) {
		lb_site_free(&now);
		return 0;
	}
	ret = lb_undo_make(&target, &now, sentry->before, sentry->applied, kept,
			   err);
	if (!ret) {
		ret = site_enforce(nl, &now, &target, changes, err);
		lb_undo_free(&target);
	}
	lb_site_free(&now);

	return ret;
}

static int undo_all(struct lb_nl *nl, const struct sentry *sentry,
		    size_t *changes, struct lb_err *err)
{
	struct lb_site now, target;
	int ret;

	ret = lb_site_read(nl, &now, err);
	if (ret)
		return ret;
	lb_undo_all(&target, sentry->before);
	ret = site_enforce(nl, &now, &target, changes, err);
	lb_site_free(&now);

	return ret;
}

static void undo_report(size_t changes, size_t kept)
{
	char text[LB_ERR_TEXT];

	if (!changes)
		snprintf(text, sizeof(text),
			 "not confirmed in time, but nothing was left of it to undo");
	else if (!kept)
		snprintf(text, sizeof(text),
			 "not confirmed in time, so it was undone");
	else
		snprintf(text, sizeof(text),
			 "not confirmed in time, so it was undone, but for %zu that others have changed since",
			 kept);
	leave_report(text);
}

static int undo_try(const struct sentry *sentry, struct lb_err *err)
{
	size_t changes = 0, kept = 0;
	struct lb_nl *nl = NULL;
	int ret;

	ret = lb_nl_open(&nl, err);
	if (ret)
		return ret;
	ret = undo_some(nl, sentry, &changes, &kept, err);
	if (ret && ret != -ESTALE) {
		kept = 0;
		ret = undo_all(nl, sentry, &changes, err);
	}
	/* What it does not do, nobody could be told. */
	if (!ret)
		lb_place(nl, false, NULL);
	lb_nl_close(nl);
	if (!ret)
		undo_report(changes, kept);

	return ret;
}

static void undo(const struct sentry *sentry)
{
	const struct timespec pause = { .tv_nsec = 100 * 1000 * 1000 };
	char text[LB_ERR_TEXT + 64];
	struct lb_err err = { 0 };
	int tries = 0, ret;

	do {
		if (tries)
			nanosleep(&pause, NULL);
		ret = undo_try(sentry, &err);
	} while (ret && ret != -EPROTONOSUPPORT && ++tries < TRIES);
	if (!ret)
		return;

	snprintf(text, sizeof(text),
		 "not confirmed in time, but it could not be undone: %s",
		 err.text);
	leave_report(text);
}

/* Whoever connects says why, or is not listened to. */
static bool order_take(int listener)
{
	const struct timeval patience = { .tv_sec = PATIENCE_S };
	char order[sizeof(SENTRY_ORDER)];
	bool meant = false;
	int fd;

	fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	if (fd < 0)
		return false;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (recv(fd, order, sizeof(order), 0) == (ssize_t)strlen(SENTRY_ORDER) &&
	    !memcmp(order, SENTRY_ORDER, strlen(SENTRY_ORDER))) {
		meant = true;
		send(fd, SENTRY_ANSWER, strlen(SENTRY_ANSWER), MSG_NOSIGNAL);
	}
	close(fd);

	return meant;
}

/* True if it was confirmed, false if time is up, or it is told not to wait. */
static bool sentry_wait(const struct sentry *sentry)
{
	struct pollfd fd[] = {
		{ .fd = sentry->listener, .events = POLLIN },
		{ .fd = sentry->signals, .events = POLLIN },
	};
	int64_t left;

	for (;;) {
		left = sentry->end - sentry_now();
		if (left <= 0 || fd[1].revents)
			return false;
		fd[0].revents = 0;
		poll(fd, ARRAY_SIZE(fd), left < 60000 ? (int)left : 60000);
		if (fd[0].revents && order_take(sentry->listener))
			return true;
	}
}

/* Whether somebody who died had done it: then nothing is as it was before. */
static bool was_committed(const struct sentry *sentry)
{
	struct lb_info info = { 0 };
	struct lb_nl *nl = NULL;
	bool changed = false;

	if (!lb_nl_open(&nl, NULL))
		changed = !lb_info_get(nl, &info, NULL) &&
			  info.generation != sentry->before->info.generation;
	lb_nl_close(nl);

	return changed;
}

/* What became of the transaction. */
static bool sentry_begin(const struct sentry *sentry)
{
	char fate = 0;
	ssize_t got;

	do {
		got = read(sentry->pipe, &fate, 1);
	} while (got < 0 && errno == EINTR);
	if (got == 1)
		return fate == SENTRY_COMMITTED;
	if (was_committed(sentry))
		return true;
	rollback_close(sentry->listener);

	return false;
}

static void sentry_run(const struct sentry *sentry)
{
	if (!sentry_begin(sentry))
		return;
	openlog("lbctl", LOG_PID, LOG_DAEMON);
	if (sentry_wait(sentry))
		syslog(LOG_NOTICE, "what was applied is confirmed");
	else
		undo(sentry);
	rollback_close(sentry->listener);
}

/* Of those that end others only one is meant for it, and that has to wait. */
static void sentry_take_signals(void)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	sigset_t end;

	sigaction(SIGHUP, &ignore, NULL);
	sigaction(SIGINT, &ignore, NULL);
	sigaction(SIGQUIT, &ignore, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
	sigemptyset(&end);
	sigaddset(&end, SIGTERM);
	sigprocmask(SIG_BLOCK, &end, NULL);
}

/* What belongs to the one who started it. */
static void sentry_detach(struct sentry *sentry)
{
	int fd = open("/dev/null", O_RDWR);
	sigset_t end;

	if (fd >= 0) {
		dup2(fd, STDIN_FILENO);
		dup2(fd, STDOUT_FILENO);
		dup2(fd, STDERR_FILENO);
	}
	for (fd = STDERR_FILENO + 1; fd < 1024; fd++) {
		if (fd != sentry->listener && fd != sentry->pipe)
			close(fd);
	}

	sigemptyset(&end);
	sigaddset(&end, SIGTERM);
	sentry->signals = signalfd(-1, &end, SFD_CLOEXEC);
	if (chdir("/"))
		return;
}

/**
 * sentry_start() - wait, as the child of a child of the caller, which is one
 * @sentry: what there is to be known; its pipe and listener are all that is open
 *
 * The caller may go on, and be gone, before the one who waits has run at all.
 */
void sentry_start(struct sentry *sentry)
{
	pid_t pid;

	if (setsid() < 0)
		_exit(1);
	sentry_take_signals();
	pid = fork();
	if (pid)
		_exit(pid < 0);
	sentry_detach(sentry);
	sentry_run(sentry);
	_exit(0);
}
