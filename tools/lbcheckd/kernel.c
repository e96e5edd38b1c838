// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module: the one place that talks to it.
 *
 * A notification of a change only says which VIP is to be read anew, so that
 * what is passed on is always what there is, and never a step on the way to
 * it. After a burst, or when notifications were lost, all is read anew, which
 * may take a while, in which checks go on.
 */

#include "kernel.h"
#include "err.h"
#include "family.h"
#include "log.h"
#include "model.h"
#include "msg.h"
#include "nl.h"
#include "place.h"
#include "reading.h"
#include "request.h"

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

/* More VIPs than that are read sooner all together than one by one. */
#define STALE_MAX	32

/**
 * struct kernel - the module
 * @base: event loop
 * @ops: who is told
 * @data: for @ops
 * @family: tells when the module comes and goes
 * @request: socket for requests; NULL while the module is not there
 * @events: socket for notifications
 * @readable: @events can be read
 * @retry: connects again, after a failure
 * @sync: reads anew what is stale
 * @reading: everything, as far as it has come, or NULL
 * @all_stale: everything is stale
 * @stales: how many entries @stale has
 * @stale: names of VIPs that are
 * @waiting: it has been told that the module is not there
 * @stats: what it was told
 */
struct kernel {
	struct event_base *base;
	const struct kernel_ops *ops;
	void *data;
	struct family *family;
	struct lb_nl *request;
	struct lb_nl *events;
	struct event *readable;
	struct event *retry;
	struct event *sync;
	struct reading *reading;
	bool all_stale;
	unsigned int stales;
	char stale[STALE_MAX][L4LB_NAME_MAX + 1];
	bool waiting;
	struct kernel_stats stats;
};

static const struct timeval at_once;
static const struct timeval soon = { .tv_usec = 100 * 1000 };
static const struct timeval later = { .tv_sec = 1 };

static void stale_all(struct kernel *kernel)
{
	kernel->all_stale = true;
	event_add(kernel->sync, &at_once);
	kernel->ops->vips(kernel->data);
}

static void stale_vip(struct kernel *kernel, const char *name)
{
	unsigned int i;

	for (i = 0; i < kernel->stales; i++) {
		if (!strcmp(kernel->stale[i], name))
			return;
	}
	if (kernel->stales == STALE_MAX) {
		stale_all(kernel);
		return;
	}
	lb_name_copy(kernel->stale[kernel->stales++], name);
	event_add(kernel->sync, &at_once);
}

static void kernel_disconnect(struct kernel *kernel)
{
	event_del(kernel->sync);
	event_del(kernel->retry);
	if (kernel->readable)
		event_free(kernel->readable);
	lb_nl_close(kernel->events);
	lb_nl_close(kernel->request);
	reading_free(kernel->reading);
	kernel->readable = NULL;
	kernel->reading = NULL;
	kernel->events = NULL;
	kernel->request = NULL;
}

/* Something went wrong that may pass: start over in a while. */
static void kernel_failed(struct kernel *kernel, const struct lb_err *err)
{
	kernel_disconnect(kernel);
	if (!kernel->waiting)
		log_line(LOG_WARNING, "cannot talk to the module: %s",
			 err->text);
	kernel->waiting = true;
	event_add(kernel->retry, &later);
}

/* The module is not there: wait until it is. */
static void kernel_lost(struct kernel *kernel)
{
	static const struct config nothing;

	kernel_disconnect(kernel);
	if (!kernel->waiting)
		log_line(LOG_NOTICE, "the module is not loaded; waiting for it");
	kernel->waiting = true;
	kernel->ops->update(kernel->data, &nothing);
}

static void kernel_hear(struct kernel *kernel);

static void read_failed(struct kernel *kernel, int ret,
			const struct lb_err *err)
{
	/* It changes all the time. */
	if (ret == -EINTR)
		event_add(kernel->sync, &soon);
	/* The family is gone, which the controller will tell as well. */
	else if (ret == -ENOENT || ret == -EPROTONOSUPPORT)
		kernel_lost(kernel);
	else
		kernel_failed(kernel, err);
}

static void all_take(struct kernel *kernel)
{
	const struct config *config = reading_config(kernel->reading);

	log_line(LOG_INFO, "read %zu vips, %zu reals", config->vips,
		 config->reals);
	kernel->ops->update(kernel->data, config);
}

/*
 * What has been told since it began is heard first: of the health of a real it
 * is newer than what was read.
 */
static void all_read(void *data, int ret)
{
	struct kernel *kernel = data;
	struct lb_err err = { 0 };

	kernel_hear(kernel);
	if (!kernel->reading)
		return;

	if (!ret)
		all_take(kernel);
	reading_free(kernel->reading);
	kernel->reading = NULL;
	if (ret) {
		kernel->all_stale = true;
		lb_err_code(&err, ret);
		read_failed(kernel, ret, &err);
	} else if (kernel->all_stale || kernel->stales) {
		event_add(kernel->sync, &at_once);
	}
}

static int read_all(struct kernel *kernel, struct lb_err *err)
{
	kernel->reading = reading_new(kernel->base, all_read, kernel);
	if (!kernel->reading)
		return lb_err_code(err, -ENOMEM);
	kernel->all_stale = false;
	kernel->stales = 0;

	return 0;
}

static int read_vip(struct kernel *kernel, const char *name,
		    struct lb_err *err)
{
	struct config config = { .scope = name };
	struct lb_real *real = NULL;
	struct lb_vip vip = { 0 };
	int ret;

	ret = lb_vip_get(kernel->request, name, &vip, err);
	if (!ret)
		ret = lb_real_list(kernel->request, name, &real, &config.reals,
				   err);
	if (!ret) {
		config.vip = &vip;
		config.vips = 1;
		config.real = real;
	}
	if (!ret || ret == -ENOENT)
		kernel->ops->update(kernel->data, &config);
	lb_real_list_free(real, config.reals);
	lb_vip_release(&vip);

	return ret == -ENOENT ? 0 : ret;
}

static int read_stale(struct kernel *kernel, struct lb_err *err)
{
	int ret = 0;

	if (kernel->all_stale)
		return read_all(kernel, err);

	while (!ret && kernel->stales) {
		ret = read_vip(kernel, kernel->stale[kernel->stales - 1], err);
		if (!ret)
			kernel->stales--;
	}

	return ret;
}

static void kernel_sync(evutil_socket_t fd, short what, void *data)
{
	struct kernel *kernel = data;
	struct lb_err err = { 0 };
	int ret;

	(void)fd;
	(void)what;

	/* What is read of a VIP would be older than this when that is done. */
	if (kernel->reading)
		return;
	ret = read_stale(kernel, &err);
	if (ret)
		read_failed(kernel, ret, &err);
}

static void health_take(struct kernel *kernel, const struct lb_real *real)
{
	if (kernel->reading)
		reading_health(kernel->reading, real);
	kernel->ops->health(kernel->data, real);
}

static int event_cb(const struct nlmsghdr *nlh, void *data)
{
	struct kernel *kernel = data;
	struct lb_event event;
	int ret;

	ret = lb_msg_get_event(nlh, &event);
	if (ret == -EOPNOTSUPP)
		return MNL_CB_OK;
	if (ret) {
		stale_all(kernel);
		return MNL_CB_OK;
	}

	if (event.is_real) {
		/* Whether source ports run out changes nothing to be checked. */
		if (event.event == L4LB_EVENT_HEALTH)
			health_take(kernel, &event.real);
		else if (event.event != L4LB_EVENT_PORTS)
			stale_vip(kernel, event.real.vip);
		return MNL_CB_OK;
	}

	kernel->ops->vips(kernel->data);
	if (event.event == L4LB_EVENT_DEL) {
		stale_vip(kernel, event.vip.name);
	} else if (event.event == L4LB_EVENT_SET) {
		/* It may have had another name, and that is not told. */
		stale_all(kernel);
	}

	return MNL_CB_OK;
}

static void kernel_hear(struct kernel *kernel)
{
	struct lb_err err = { 0 };
	int ret;

	ret = lb_nl_receive(kernel->events, event_cb, kernel, &err);
	if (ret == -ENOBUFS) {
		log_line(LOG_INFO, "notifications were lost; reading all anew");
		stale_all(kernel);
	} else if (ret) {
		kernel_failed(kernel, &err);
	}
}

static void kernel_readable(evutil_socket_t fd, short what, void *data)
{
	(void)fd;
	(void)what;

	kernel_hear(data);
}

static int kernel_open(struct kernel *kernel, struct lb_err *err)
{
	int ret;

	ret = lb_nl_open(&kernel->request, err);
	if (!ret)
		ret = lb_nl_open(&kernel->events, err);
	if (!ret)
		ret = lb_nl_subscribe(kernel->events, L4LB_MCGRP_CONFIG, err);
	if (!ret)
		ret = lb_nl_subscribe(kernel->events, L4LB_MCGRP_HEALTH, err);
	if (ret)
		return ret;

	kernel->readable = event_new(kernel->base, lb_nl_fd(kernel->events),
				     EV_READ | EV_PERSIST, kernel_readable,
				     kernel);
	if (!kernel->readable || event_add(kernel->readable, NULL))
		return lb_err_code(err, -ENOMEM);

	return 0;
}

static void kernel_connect(struct kernel *kernel)
{
	struct lb_err err = { 0 };
	int ret;

	kernel_disconnect(kernel);
	ret = kernel_open(kernel, &err);
	if (ret == -EPROTONOSUPPORT) {
		kernel_lost(kernel);
	} else if (ret == -EPROTO) {
		kernel->ops->fail(kernel->data, ret, &err);
	} else if (ret) {
		kernel_failed(kernel, &err);
	} else {
		if (kernel->waiting)
			log_line(LOG_NOTICE, "connected to the module");
		kernel->waiting = false;
		stale_all(kernel);
	}
}

static void kernel_retry(evutil_socket_t fd, short what, void *data)
{
	(void)fd;
	(void)what;

	kernel_connect(data);
}

static void family_changed(void *data, bool gone)
{
	if (gone)
		kernel_lost(data);
	else
		kernel_connect(data);
}

/**
 * kernel_new() - connect to the module, now or when it is there
 * @kernelp: where to
 * @base: event loop
 * @ops: who is told what it says; from the event loop only
 * @data: for @ops
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int kernel_new(struct kernel **kernelp, struct event_base *base,
	       const struct kernel_ops *ops, void *data, struct lb_err *err)
{
	struct kernel *kernel = calloc(1, sizeof(*kernel));
	int ret;

	if (!kernel)
		return lb_err_code(err, -ENOMEM);

	kernel->base = base;
	kernel->ops = ops;
	kernel->data = data;
	kernel->retry = evtimer_new(base, kernel_retry, kernel);
	kernel->sync = evtimer_new(base, kernel_sync, kernel);
	if (!kernel->retry || !kernel->sync ||
	    event_add(kernel->retry, &at_once)) {
		kernel_free(kernel);
		return lb_err_code(err, -ENOMEM);
	}

	ret = family_new(&kernel->family, base, family_changed, kernel, err);
	if (ret) {
		kernel_free(kernel);
		return ret;
	}
	*kernelp = kernel;

	return 0;
}

/**
 * kernel_free() - disconnect from the module
 * @kernel: what kernel_new() made, or NULL
 */
void kernel_free(struct kernel *kernel)
{
	if (!kernel)
		return;

	family_free(kernel->family);
	if (kernel->retry && kernel->sync)
		kernel_disconnect(kernel);
	if (kernel->retry)
		event_free(kernel->retry);
	if (kernel->sync)
		event_free(kernel->sync);
	free(kernel);
}

/**
 * kernel_refresh() - read everything anew
 * @kernel: module
 */
void kernel_refresh(struct kernel *kernel)
{
	if (kernel->request)
		stale_all(kernel);
	else
		kernel_connect(kernel);
}

/**
 * kernel_report() - tell what is news of a real
 * @kernel: module
 * @report: names of VIP and real, epoch, and what its bits say
 *
 * Return: 0 or -errno; -ESTALE if the report is on what is no longer
 * configured. What is configured is read anew then.
 */
int kernel_report(struct kernel *kernel, const struct lb_real *report)
{
	struct lb_err err = { 0 };
	int ret;

	if (!kernel->request)
		return -ENOTCONN;

	ret = lb_real_send(kernel->request, L4LB_CMD_REAL_HEALTH, 0, report,
			   &err);
	if (!ret) {
		kernel->stats.reports++;
		return 0;
	}

	kernel->stats.refused++;
	if (ret == -EPERM) {
		kernel->ops->fail(kernel->data, ret, &err);
		return ret;
	}

	log_line(LOG_INFO, "%s/%s: the module does not take the report: %s",
		 report->vip, report->name, err.text);
	if (ret == -ESTALE || ret == -ENOENT || ret == -EINVAL)
		stale_vip(kernel, report->vip);
	else
		kernel_failed(kernel, &err);

	return ret;
}

/**
 * kernel_place() - put the addresses of VIPs on their interfaces
 * @kernel: module
 * @anew: tell neighbours of those that are there already as well
 * @err: why not
 *
 * Return: 0 or -errno; -ENOTCONN if the module is not there.
 */
int kernel_place(struct kernel *kernel, bool anew, struct lb_err *err)
{
	/* To connect for it would load a module that was just unloaded. */
	if (!kernel->request)
		return lb_err_code(err, -ENOTCONN);

	return lb_place(kernel->request, anew, err);
}

/**
 * kernel_is_connected() - ask whether the module is there
 * @kernel: module
 *
 * Return: whether it is, as far as is known.
 */
bool kernel_is_connected(const struct kernel *kernel)
{
	return kernel->request;
}

/**
 * kernel_stats() - say what the module was told
 * @kernel: module
 *
 * Return: the numbers.
 */
struct kernel_stats kernel_stats(const struct kernel *kernel)
{
	return kernel->stats;
}
