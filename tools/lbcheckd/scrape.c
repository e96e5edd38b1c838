// SPDX-License-Identifier: GPL-2.0-only
/*
 * Gives a page to whoever asks for it by HTTP on this host.
 *
 * libevent's HTTP server bounds neither how many connect nor how long they
 * stay. What is needed of HTTP is little: one request, one answer, and then the
 * connection is closed. Whoever asks while the page is being written gets the
 * same one.
 */

#include "scrape.h"
#include "addr.h"
#include "err.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* How many may be there at once, for how long, and how much they may say. */
#define VISITS_MAX	8
#define VISIT_SECONDS	20
#define REQUEST_MAX	8192

/**
 * struct visit - somebody who asks
 * @scrape: whom they ask
 * @bev: the connection
 * @timer: they have been here for too long
 * @waits: for the page
 * @leaves: has an answer
 * @head: wants to know about the page, not the page
 * @link: among all of them
 */
struct visit {
	struct scrape *scrape;
	struct bufferevent *bev;
	struct event *timer;
	bool waits;
	bool leaves;
	bool head;

	TAILQ_ENTRY(visit) link;
};

TAILQ_HEAD(visit_list, visit);

/**
 * struct scrape - gives a page
 * @base: event loop
 * @cb: asked for the page
 * @data: for @cb
 * @path: unix socket, or NULL
 * @listener: takes connections; not while there are VISITS_MAX
 * @timer: until it takes some again
 * @asked: the page has been asked for
 * @count: how many visits there are
 * @visits: these
 */
struct scrape {
	struct event_base *base;
	scrape_cb cb;
	void *data;
	char *path;
	struct evconnlistener *listener;
	struct event *timer;
	bool asked;
	unsigned int count;
	struct visit_list visits;
};

static void visit_end(struct visit *visit)
{
	struct scrape *scrape = visit->scrape;

	TAILQ_REMOVE(&scrape->visits, visit, link);
	scrape->count--;
	evconnlistener_enable(scrape->listener);
	bufferevent_free(visit->bev);
	if (visit->timer)
		event_free(visit->timer);
	free(visit);
}

static void visit_late(evutil_socket_t fd, short what, void *data)
{
	(void)fd;
	(void)what;

	visit_end(data);
}

static void visit_answer(struct visit *visit, const char *status,
			 struct evbuffer *body)
{
	struct evbuffer *out = bufferevent_get_output(visit->bev);
	size_t len = evbuffer_get_length(body);

	visit->waits = false;
	visit->leaves = true;
	evbuffer_add_printf(out,
			    "HTTP/1.1 %s\r\n"
			    "Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
			    "Content-Length: %zu\r\n"
			    "Connection: close\r\n\r\n", status, len);
	if (!visit->head)
		evbuffer_add_buffer_reference(out, body);
}

static void visit_refuse(struct visit *visit, const char *status)
{
	struct evbuffer *body = evbuffer_new();

	if (!body) {
		visit_end(visit);
		return;
	}
	evbuffer_add_printf(body, "%s\n", status);
	visit_answer(visit, status, body);
	evbuffer_free(body);
}

static void visit_ask(struct visit *visit)
{
	struct scrape *scrape = visit->scrape;

	visit->waits = true;
	if (scrape->asked)
		return;
	scrape->asked = true;
	scrape->cb(scrape->data);
}

/**
 * scrape_judge() - understand a request
 * @request: the request, whose first line says all that matters; is changed
 * @head: where it goes whether no page is wanted, but to know about it
 *
 * Return: with what status it is refused, NULL if it is not.
 */
const char *scrape_judge(char *request, bool *head)
{
	char *method, *path, *rest;

	request[strcspn(request, "\r\n")] = '\0';
	method = strtok_r(request, " ", &rest);
	path = strtok_r(NULL, " ", &rest);
	if (path)
		path[strcspn(path, "?")] = '\0';

	*head = method && !strcmp(method, "HEAD");
	if (!method || !path)
		return "400 Bad Request";
	if (!*head && strcmp(method, "GET"))
		return "405 Method Not Allowed";

	return strcmp(path, "/metrics") ? "404 Not Found" : NULL;
}

/* The request is there. */
static void visit_serve(struct visit *visit, char *request)
{
	const char *status = scrape_judge(request, &visit->head);

	if (status)
		visit_refuse(visit, status);
	else
		visit_ask(visit);
}

static bool is_complete(const char *request)
{
	return strstr(request, "\r\n\r\n") || strstr(request, "\n\n");
}

static void visit_readable(struct bufferevent *bev, void *data)
{
	struct evbuffer *in = bufferevent_get_input(bev);
	struct visit *visit = data;
	char request[REQUEST_MAX + 1];
	ev_ssize_t got;

	if (visit->waits || visit->leaves) {
		evbuffer_drain(in, evbuffer_get_length(in));
		return;
	}

	got = evbuffer_copyout(in, request, REQUEST_MAX);
	if (got < 0)
		return;
	request[got] = '\0';
	if (is_complete(request))
		visit_serve(visit, request);
	else if (got == REQUEST_MAX)
		visit_refuse(visit, "431 Request Header Fields Too Large");
}

static void visit_written(struct bufferevent *bev, void *data)
{
	struct visit *visit = data;

	(void)bev;

	if (visit->leaves)
		visit_end(visit);
}

static void visit_event(struct bufferevent *bev, short what, void *data)
{
	struct visit *visit = data;

	(void)bev;

	/* Who has nothing more to say may still be listening. */
	if (what & BEV_EVENT_EOF && (visit->waits || visit->leaves))
		return;
	visit_end(visit);
}

static void scrape_accept(struct evconnlistener *listener, evutil_socket_t fd,
			  struct sockaddr *address, int len, void *data)
{
	static const struct timeval limit = { .tv_sec = VISIT_SECONDS };
	struct visit *visit = calloc(1, sizeof(*visit));
	struct scrape *scrape = data;

	(void)address;
	(void)len;

	if (visit)
		visit->bev = bufferevent_socket_new(scrape->base, fd,
						    BEV_OPT_CLOSE_ON_FREE);
	if (!visit || !visit->bev) {
		close(fd);
		free(visit);
		return;
	}

	visit->scrape = scrape;
	TAILQ_INSERT_TAIL(&scrape->visits, visit, link);
	if (++scrape->count == VISITS_MAX)
		evconnlistener_disable(listener);

	visit->timer = evtimer_new(scrape->base, visit_late, visit);
	if (!visit->timer || event_add(visit->timer, &limit)) {
		visit_end(visit);
		return;
	}
	bufferevent_setcb(visit->bev, visit_readable, visit_written,
			  visit_event, visit);
	bufferevent_setwatermark(visit->bev, EV_READ, 0, REQUEST_MAX);
	bufferevent_enable(visit->bev, EV_READ | EV_WRITE);
}

/* Such as no descriptor left: whoever asks waits until there may be one. */
static void scrape_refused(struct evconnlistener *listener, void *data)
{
	static const struct timeval pause = { .tv_sec = 1 };
	struct scrape *scrape = data;

	if (!event_add(scrape->timer, &pause))
		evconnlistener_disable(listener);
}

static void scrape_again(evutil_socket_t fd, short what, void *data)
{
	struct scrape *scrape = data;

	(void)fd;
	(void)what;

	if (scrape->count < VISITS_MAX)
		evconnlistener_enable(scrape->listener);
}

static bool is_loopback(const struct lb_addr *addr)
{
	if (addr->family == AF_INET6)
		return IN6_IS_ADDR_LOOPBACK(&addr->v6);

	return ntohl(addr->v4.s_addr) >> 24 == 127;
}

static int where_port(const char *where, struct sockaddr_storage *address,
		      int *len, struct lb_err *err)
{
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)address;
	struct sockaddr_in *in = (struct sockaddr_in *)address;
	struct lb_addr addr;
	uint16_t port;
	int ret;

	ret = lb_addr_parse_port(where, &addr, &port, err);
	if (ret)
		return ret;
	if (!port)
		return lb_err_set(err, -EINVAL, "metrics \"%s\" has no port",
				  where);
	if (!is_loopback(&addr))
		return lb_err_set(err, -EINVAL,
				  "metrics \"%s\" is not a loopback address",
				  where);

	if (addr.family == AF_INET6) {
		in6->sin6_family = AF_INET6;
		in6->sin6_addr = addr.v6;
		in6->sin6_port = htons(port);
		*len = sizeof(*in6);
	} else {
		in->sin_family = AF_INET;
		in->sin_addr = addr.v4;
		in->sin_port = htons(port);
		*len = sizeof(*in);
	}

	return 0;
}

static int where_path(struct scrape *scrape, const char *path,
		      struct sockaddr_storage *address, int *len,
		      struct lb_err *err)
{
	struct sockaddr_un *un = (struct sockaddr_un *)address;
	struct stat info;

	if (*path != '/' || strlen(path) >= sizeof(un->sun_path))
		return lb_err_set(err, -EINVAL,
				  "metrics \"unix:%s\" is not an absolute name of at most %zu bytes",
				  path, sizeof(un->sun_path) - 1);

	/* One that was left behind: there is only one of this program. */
	if (!lstat(path, &info) && S_ISSOCK(info.st_mode))
		unlink(path);
	scrape->path = strdup(path);
	if (!scrape->path)
		return lb_err_code(err, -ENOMEM);
	un->sun_family = AF_UNIX;
	strcpy(un->sun_path, path);
	*len = sizeof(*un);

	return 0;
}

static int scrape_listen(struct scrape *scrape, const char *where,
			 struct lb_err *err)
{
	unsigned int flags = LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC |
			     LEV_OPT_REUSEABLE;
	struct sockaddr_storage address = { 0 };
	mode_t mask;
	int len = 0;
	int ret;

	if (!strncmp(where, "unix:", strlen("unix:")))
		ret = where_path(scrape, where + strlen("unix:"), &address,
				 &len, err);
	else
		ret = where_port(where, &address, &len, err);
	if (ret)
		return ret;

	/* For the owner and the group of its directory. */
	mask = umask(0117);
	scrape->listener =
		evconnlistener_new_bind(scrape->base, scrape_accept, scrape,
					flags, VISITS_MAX,
					(struct sockaddr *)&address, len);
	ret = -errno;
	umask(mask);
	if (!scrape->listener)
		return lb_err_set(err, ret, "metrics \"%s\": %s", where,
				  strerror(-ret));
	evconnlistener_set_error_cb(scrape->listener, scrape_refused);

	return 0;
}

/**
 * scrape_new() - begin to take requests
 * @scrapep: where to
 * @base: event loop
 * @where: loopback address and port, or unix:PATH
 * @cb: asked for the page
 * @data: for @cb
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int scrape_new(struct scrape **scrapep, struct event_base *base,
	       const char *where, scrape_cb cb, void *data, struct lb_err *err)
{
	struct scrape *scrape = calloc(1, sizeof(*scrape));
	int ret;

	if (!scrape)
		return lb_err_code(err, -ENOMEM);

	/* Who asks and goes must not end us. */
	signal(SIGPIPE, SIG_IGN);
	scrape->base = base;
	scrape->cb = cb;
	scrape->data = data;
	TAILQ_INIT(&scrape->visits);
	scrape->timer = evtimer_new(base, scrape_again, scrape);
	if (scrape->timer)
		ret = scrape_listen(scrape, where, err);
	else
		ret = lb_err_code(err, -ENOMEM);
	if (ret) {
		if (scrape->timer)
			event_free(scrape->timer);
		free(scrape->path);
		free(scrape);
		return ret;
	}
	*scrapep = scrape;

	return 0;
}

/**
 * scrape_free() - take no requests any more
 * @scrape: what scrape_new() made, or NULL
 */
void scrape_free(struct scrape *scrape)
{
	struct visit *visit, *next;

	if (!scrape)
		return;
	for (visit = TAILQ_FIRST(&scrape->visits); visit; visit = next) {
		next = TAILQ_NEXT(visit, link);
		visit_end(visit);
	}
	evconnlistener_free(scrape->listener);
	event_free(scrape->timer);
	if (scrape->path)
		unlink(scrape->path);
	free(scrape->path);
	free(scrape);
}

/**
 * scrape_page() - give the page to all who have asked for it
 * @scrape: what scrape_new() made
 * @page: the page, to be freed and not written to any more; NULL if there is none
 */
void scrape_page(struct scrape *scrape, struct evbuffer *page)
{
	struct visit *visit, *next;

	scrape->asked = false;
	for (visit = TAILQ_FIRST(&scrape->visits); visit; visit = next) {
		next = TAILQ_NEXT(visit, link);
		if (!visit->waits)
			continue;
		if (page)
			visit_answer(visit, "200 OK", page);
		else
			visit_refuse(visit, "503 Service Unavailable");
	}
}
