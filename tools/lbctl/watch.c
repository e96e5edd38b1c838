// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waits for something to happen to the balancer, or for time to pass.
 *
 * Events only say that it is time to look: not all that matters is told, the
 * number of connections for one.
 */

#include "watch.h"
#include "err.h"
#include "nl.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/l4lb.h>
#include <poll.h>
#include <time.h>

/**
 * watch_now() - what time it is, by a clock that nobody sets and that goes on
 * while the machine sleeps
 *
 * Return: ms since the machine was started.
 */
uint64_t watch_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);

	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/**
 * watch_open() - begin to listen; what happens from here on is not missed
 * @watch: for watch_close()
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int watch_open(struct watch *watch, struct lb_err *err)
{
	int ret;

	watch->nl = NULL;
	watch->end = 0;
	watch->fd = -1;
	ret = lb_nl_open(&watch->nl, err);
	if (!ret)
		ret = lb_nl_watch(watch->nl, err);
	if (!ret)
		ret = lb_nl_subscribe(watch->nl, L4LB_MCGRP_CONFIG, err);
	if (!ret)
		ret = lb_nl_subscribe(watch->nl, L4LB_MCGRP_HEALTH, err);
	if (ret)
		watch_close(watch);

	return ret;
}

/**
 * watch_close() - listen no more
 * @watch: somebody who waits
 */
void watch_close(struct watch *watch)
{
	lb_nl_close(watch->nl);
	watch->nl = NULL;
}

static int event_pass(const struct nlmsghdr *nlh, void *data)
{
	(void)nlh;
	(void)data;

	return MNL_CB_OK;
}

/**
 * watch_pause() - wait until something happens
 * @watch: somebody who waits
 * @ms: at most for so long, and not past @end
 * @err: why not
 *
 * Return: 0 or -errno; -EINTR if a signal came, -EPROTONOSUPPORT if the module
 * has gone.
 */
int watch_pause(struct watch *watch, uint32_t ms, struct lb_err *err)
{
	struct pollfd fds[] = {
		{ .fd = lb_nl_fd(watch->nl), .events = POLLIN },
		{ .fd = watch->fd, .events = POLLIN },
	};
	uint64_t now = watch_now();
	int ret;

	if (watch->end && watch->end < now + ms)
		ms = watch->end > now ? (uint32_t)(watch->end - now) : 0;
	if (poll(fds, ARRAY_SIZE(fds), (int)ms) < 0)
		return lb_err_code(err, -errno);

	/* To have lost some is as good as to have read them. */
	ret = lb_nl_receive(watch->nl, event_pass, NULL, err);

	return ret == -ENOBUFS ? 0 : ret;
}

/**
 * watch_is_over() - ask whether it is time to give up
 * @watch: somebody who waits
 *
 * Return: whether it is.
 */
bool watch_is_over(const struct watch *watch)
{
	return watch->end && watch_now() >= watch->end;
}
