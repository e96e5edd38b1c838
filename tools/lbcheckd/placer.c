// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keeps the addresses of VIPs on their interfaces, also on those that come
 * later: whenever an interface or a VIP has changed, or an address has been taken
 * off, a moment after it.
 */

#include "placer.h"
#include "compiler.h"
#include "err.h"
#include "log.h"

#include <errno.h>
#include <event2/event.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RECEIVE_SIZE	32768

/* What is told of. */
static const int groups[] = {
	RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR,
};

/**
 * struct port - an interface
 * @index: its number
 * @runs: whether it was up, with a carrier, when it was last heard of
 */
struct port {
	int index;
	bool runs;
};

/**
 * struct placer - keeps addresses in place
 * @sock: socket that tells of interfaces and addresses
 * @readable: it can be read
 * @timer: puts addresses in place
 * @cb: does it
 * @data: for @cb
 * @anew: neighbours are to be told again, because an interface has come up
 * @refused: it has been told that it is not permitted
 * @retries: @timer is for what has failed
 * @said: what was told of that
 * @ports: interfaces that were heard of
 * @count: how many
 */
struct placer {
	struct mnl_socket *sock;
	struct event *readable;
	struct event *timer;
	placer_cb cb;
	void *data;
	bool anew;
	bool refused;
	bool retries;
	char said[LB_ERR_TEXT];
	struct port *ports;
	size_t count;
};

/* Changes come in bursts. */
static const struct timeval soon = { .tv_usec = 100 * 1000 };

/* Of what was in the way not everything tells when it is gone. */
static const struct timeval later = { .tv_sec = 10 };

/**
 * placer_kick() - put addresses in place in a moment
 * @placer: what placer_new() made
 */
void placer_kick(struct placer *placer)
{
	if (!placer->retries && event_pending(placer->timer, EV_TIMEOUT, NULL))
		return;
	placer->retries = false;
	event_add(placer->timer, &soon);
}

static void failed(struct placer *placer, int ret, const struct lb_err *err)
{
	if (ret == -EPERM) {
		if (!placer->refused)
			log_line(LOG_WARNING, "addresses are left to others: %s",
				 err->text);
		placer->refused = true;
		return;
	}

	if (strcmp(placer->said, err->text))
		log_line(LOG_WARNING, "an address is not where it belongs: %s",
			 err->text);
	snprintf(placer->said, sizeof(placer->said), "%s", err->text);
	placer->retries = true;
	event_add(placer->timer, &later);
}

static void placer_run(evutil_socket_t fd, short what, void *data)
{
	struct placer *placer = data;
	struct lb_err err = { 0 };
	int ret;

	(void)fd;
	(void)what;

	placer->retries = false;
	ret = placer->cb(placer->data, placer->anew, &err);
	if (!ret) {
		placer->anew = false;
		*placer->said = '\0';
	} else if (ret != -ENOTCONN) {
		failed(placer, ret, &err);
	}
}

static struct port *port_find(struct placer *placer, int index)
{
	struct port *ports;
	size_t i;

	for (i = 0; i < placer->count; i++) {
		if (placer->ports[i].index == index)
			return &placer->ports[i];
	}
	ports = realloc(placer->ports, (placer->count + 1) * sizeof(*ports));
	if (!ports)
		return NULL;
	placer->ports = ports;
	ports[placer->count] = (struct port) { .index = index };

	return &ports[placer->count++];
}

static void port_note(struct placer *placer, int index, bool runs)
{
	struct port *port = port_find(placer, index);

	if (!port || (runs && !port->runs))
		placer->anew = true;
	if (port)
		port->runs = runs;
}

static void port_forget(struct placer *placer, int index)
{
	size_t i;

	for (i = 0; i < placer->count; i++) {
		if (placer->ports[i].index == index) {
			placer->ports[i] = placer->ports[--placer->count];
			return;
		}
	}
}

static void link_changed(struct placer *placer, const struct nlmsghdr *nlh)
{
	const struct ifinfomsg *link = mnl_nlmsg_get_payload(nlh);
	const unsigned int runs = IFF_UP | IFF_RUNNING;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*link))
		return;

	/* A bridge that loses a port tells that its end in it is gone. */
	if (nlh->nlmsg_type == RTM_NEWLINK)
		port_note(placer, link->ifi_index,
			  (link->ifi_flags & runs) == runs);
	else if (link->ifi_family == AF_UNSPEC)
		port_forget(placer, link->ifi_index);
	placer_kick(placer);
}

/* One that comes is no matter: what is to be there is put there. */
static int change_cb(const struct nlmsghdr *nlh, void *data)
{
	struct placer *placer = data;

	switch (nlh->nlmsg_type) {
	case RTM_NEWLINK:
	case RTM_DELLINK:
		link_changed(placer, nlh);
		break;
	case RTM_DELADDR:
		placer_kick(placer);
		break;
	default:
		break;
	}

	return MNL_CB_OK;
}

static void placer_readable(evutil_socket_t fd, short what, void *data)
{
	struct placer *placer = data;
	char buf[RECEIVE_SIZE];
	ssize_t got;

	(void)fd;
	(void)what;

	for (;;) {
		got = mnl_socket_recvfrom(placer->sock, buf, sizeof(buf));
		if (got >= 0) {
			mnl_cb_run(buf, (size_t)got, 0, 0, change_cb, placer);
		} else if (errno == ENOBUFS) {
			placer->anew = true;
			placer_kick(placer);
		} else if (errno != EINTR) {
			break;
		}
	}
}

static int socket_join(struct placer *placer, struct event_base *base)
{
	size_t i;
	int group;

	placer->sock = mnl_socket_open2(NETLINK_ROUTE,
					SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (!placer->sock ||
	    mnl_socket_bind(placer->sock, 0, MNL_SOCKET_AUTOPID) < 0)
		return -errno;
	for (i = 0; i < ARRAY_SIZE(groups); i++) {
		group = groups[i];
		if (mnl_socket_setsockopt(placer->sock, NETLINK_ADD_MEMBERSHIP,
					  &group, sizeof(group)) < 0)
			return -errno;
	}

	placer->readable = event_new(base, mnl_socket_get_fd(placer->sock),
				     EV_READ | EV_PERSIST, placer_readable,
				     placer);
	if (!placer->readable || event_add(placer->readable, NULL))
		return -ENOMEM;

	return 0;
}

/**
 * placer_new() - begin to watch interfaces
 * @placerp: where to
 * @base: event loop
 * @cb: puts addresses in place; from the event loop only
 * @data: for @cb
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int placer_new(struct placer **placerp, struct event_base *base, placer_cb cb,
	       void *data, struct lb_err *err)
{
	struct placer *placer = calloc(1, sizeof(*placer));
	int ret = -ENOMEM;

	if (!placer)
		return lb_err_code(err, -ENOMEM);

	placer->cb = cb;
	placer->data = data;
	placer->timer = evtimer_new(base, placer_run, placer);
	if (placer->timer)
		ret = socket_join(placer, base);
	if (ret) {
		placer_free(placer);
		return lb_err_code(err, ret);
	}
	*placerp = placer;

	return 0;
}

/**
 * placer_free() - stop watching; addresses stay where they are
 * @placer: what placer_new() made, or NULL
 */
void placer_free(struct placer *placer)
{
	if (!placer)
		return;
	if (placer->readable)
		event_free(placer->readable);
	if (placer->timer)
		event_free(placer->timer);
	if (placer->sock)
		mnl_socket_close(placer->sock);
	free(placer->ports);
	free(placer);
}
