// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads all that the module has, a piece at a time, so that no check waits for
 * the end of a long list.
 */

#include "dump.h"
#include "compiler.h"
#include "err.h"
#include "model.h"
#include "msg.h"
#include "nl.h"

#include <errno.h>
#include <event2/event.h>
#include <linux/l4lb.h>
#include <stdlib.h>

/* How often it is begun anew because something changed meanwhile. */
#define TRIES		5

/**
 * struct dump - all that the module has
 * @base: event loop
 * @ops: who takes it
 * @data: for @ops
 * @nl: socket
 * @readable: there is a piece
 * @begin: begins, from the event loop
 * @step: what is being read
 * @tries: how often it has begun
 */
struct dump {
	struct event_base *base;
	const struct dump_ops *ops;
	void *data;
	struct lb_nl *nl;
	struct event *readable;
	struct event *begin;
	unsigned int step;
	unsigned int tries;
};

static int reply(int ret)
{
	if (!ret)
		return MNL_CB_OK;
	errno = -ret;

	return MNL_CB_ERROR;
}

static int vip_cb(const struct nlmsghdr *nlh, void *data)
{
	struct dump *dump = data;
	struct lb_vip vip;
	int ret;

	ret = lb_msg_get_vip(nlh, &vip);
	if (!ret)
		dump->ops->vip(dump->data, &vip);
	lb_vip_release(&vip);

	return reply(ret);
}

static int real_cb(const struct nlmsghdr *nlh, void *data)
{
	struct dump *dump = data;
	struct lb_real real;
	int ret;

	ret = lb_msg_get_real(nlh, &real);
	if (!ret)
		dump->ops->real(dump->data, &real);
	lb_real_release(&real);

	return reply(ret);
}

static int info_cb(const struct nlmsghdr *nlh, void *data)
{
	struct dump *dump = data;
	struct lb_info info;
	int ret;

	ret = lb_msg_get_info(nlh, &info);
	if (!ret && dump->ops->info)
		dump->ops->info(dump->data, &info);

	return reply(ret);
}

/* One request after the other, each with its own answers. */
static const struct {
	uint8_t cmd;
	uint16_t flags;
	mnl_cb_t cb;
} steps[] = {
	{ L4LB_CMD_INFO_GET, 0, info_cb },
	{ L4LB_CMD_VIP_GET, NLM_F_DUMP, vip_cb },
	{ L4LB_CMD_REAL_GET, NLM_F_DUMP, real_cb },
};

static void dump_end(struct dump *dump, int ret)
{
	const struct dump_ops *ops = dump->ops;
	void *data = dump->data;

	dump_free(dump);
	ops->end(data, ret);
}

static void dump_step(struct dump *dump)
{
	struct nlmsghdr *nlh;
	int ret;

	nlh = lb_nl_request(dump->nl, steps[dump->step].cmd,
			    steps[dump->step].flags);
	ret = lb_nl_begin(dump->nl, nlh, NULL);
	if (ret)
		dump_end(dump, ret);
}

/* From the beginning, unless it has been so too often. */
static void dump_again(struct dump *dump)
{
	if (++dump->tries > TRIES) {
		dump_end(dump, -EINTR);
		return;
	}
	dump->step = 0;
	dump->ops->begin(dump->data);
	dump_step(dump);
}

static void dump_readable(evutil_socket_t fd, short what, void *data)
{
	struct lb_err err = { 0 };
	struct dump *dump = data;
	int ret;

	(void)fd;
	(void)what;

	ret = lb_nl_continue(dump->nl, steps[dump->step].cb, dump, &err);
	if (!ret)
		return;

	if (ret == -EINTR)
		dump_again(dump);
	else if (ret < 0)
		dump_end(dump, ret);
	else if (++dump->step < ARRAY_SIZE(steps))
		dump_step(dump);
	else
		dump_end(dump, 0);
}

static void dump_begin(evutil_socket_t fd, short what, void *data)
{
	struct dump *dump = data;
	struct lb_err err = { 0 };
	int ret;

	(void)fd;
	(void)what;

	ret = lb_nl_open(&dump->nl, &err);
	if (ret) {
		dump_end(dump, ret);
		return;
	}
	dump->readable = event_new(dump->base, lb_nl_fd(dump->nl),
				   EV_READ | EV_PERSIST, dump_readable, dump);
	if (!dump->readable || event_add(dump->readable, NULL)) {
		dump_end(dump, -ENOMEM);
		return;
	}
	dump_again(dump);
}

/**
 * dump_new() - begin to read
 * @base: event loop
 * @ops: who takes what is read; from the event loop only
 * @data: for @ops
 *
 * Who asks makes the kernel load the module: only where it is known to be
 * there.
 *
 * Return: the dump, which ends by itself, or NULL.
 */
struct dump *dump_new(struct event_base *base, const struct dump_ops *ops,
		      void *data)
{
	static const struct timeval at_once;
	struct dump *dump = calloc(1, sizeof(*dump));

	if (!dump)
		return NULL;

	dump->base = base;
	dump->ops = ops;
	dump->data = data;
	dump->begin = evtimer_new(base, dump_begin, dump);
	if (!dump->begin || event_add(dump->begin, &at_once)) {
		dump_free(dump);
		return NULL;
	}

	return dump;
}

/**
 * dump_free() - read no further
 * @dump: what dump_new() made and has not ended, or NULL
 */
void dump_free(struct dump *dump)
{
	if (!dump)
		return;
	if (dump->readable)
		event_free(dump->readable);
	if (dump->begin)
		event_free(dump->begin);
	lb_nl_close(dump->nl);
	free(dump);
}
