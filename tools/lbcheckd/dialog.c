// SPDX-License-Identifier: GPL-2.0-only
/*
 * Carries a talk to a server and back: over TCP, with TLS from the start or
 * later, or over UDP. What comes is given to the talk at once, so that nothing
 * piles up here.
 */

#include "dialog.h"
#include "check.h"
#include "duration.h"
#include "err.h"
#include "plan.h"
#include "talk.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define DATAGRAM	65536

/**
 * enum dialog_stage - how far a dialog is
 * @DIALOG_CONNECT: it is being connected
 * @DIALOG_SHAKE: TLS is being set up
 * @DIALOG_TALK: talk
 */
enum dialog_stage {
	DIALOG_CONNECT,
	DIALOG_SHAKE,
	DIALOG_TALK,
};

/**
 * struct dialog - carries a talk to a server and back
 * @check: the check that it is for
 * @talk: the talk
 * @stage: how far it is
 * @begun: the talk has begun
 * @bev: connection, if it is TCP
 * @ssl: TLS of @bev, which owns it, or NULL
 * @event: socket, if it is UDP
 * @addr: the server's address, as text
 */
struct dialog {
	struct check *check;
	struct talk *talk;
	enum dialog_stage stage;
	bool begun;
	struct bufferevent *bev;
	SSL *ssl;
	struct event *event;
	char addr[LB_ADDR_TEXT];
};

static bool dialog_step(struct dialog *dialog, enum talk_step step);

/* What is said, without what is secret. */
static void trace_say(const struct dialog *dialog)
{
	const struct talk *talk = dialog->talk;
	size_t after = talk->hide + talk->hide_len;
	char text[TALK_SAY_MAX + 3];
	size_t len = talk->hide;

	if (!dialog->check->trace)
		return;
	if (!talk->hide_len) {
		check_trace(dialog->check, '>', talk->say, talk->say_len);
		return;
	}

	memcpy(text, talk->say, len);
	memcpy(text + len, "***", 3);
	len += 3;
	memcpy(text + len, talk->say + after, talk->say_len - after);
	len += talk->say_len - after;
	check_trace(dialog->check, '>', text, len);
}

static int dialog_send(struct dialog *dialog)
{
	const struct talk *talk = dialog->talk;

	if (dialog->bev)
		return bufferevent_write(dialog->bev, talk->say, talk->say_len);
	if (send(event_get_fd(dialog->event), talk->say, talk->say_len, 0) < 0)
		return -1;

	return 0;
}

/* Returns whether there still is a dialog. */
static bool dialog_say(struct dialog *dialog)
{
	int error;

	trace_say(dialog);
	errno = ENOMEM;
	if (dialog_send(dialog)) {
		error = errno;
		check_failed(dialog->check, error);
		return false;
	}
	talk_said(dialog->talk);

	return true;
}

/* A server that has said a word is alive, if not well. */
static bool dialog_heard(const struct dialog *dialog)
{
	return dialog->talk->total || (dialog->ssl && tls_heard(dialog->ssl));
}

static void dialog_mute(struct dialog *dialog, int error)
{
	if (error)
		check_lost(dialog->check, error);
	else
		check_down(dialog->check, "connection closed without an answer");
}

static void dialog_close(struct dialog *dialog, int error)
{
	enum talk_step step = talk_late(dialog->talk, true);

	if (step != TALK_MORE)
		dialog_step(dialog, step);
	else if (!dialog_heard(dialog))
		dialog_mute(dialog, error);
	else if (dialog->talk->after)
		check_sick(dialog->check, "connection closed after %s",
			   dialog->talk->after);
	else
		check_sick(dialog->check, "connection closed");
}

/* Returns whether there still is a dialog. */
static bool dialog_hear(struct dialog *dialog)
{
	struct evbuffer *input = bufferevent_get_input(dialog->bev);
	enum talk_step step;
	size_t len, used;
	char *bytes;

	while ((len = evbuffer_get_contiguous_space(input))) {
		bytes = (char *)evbuffer_pullup(input, (ev_ssize_t)len);
		step = talk_hear(dialog->talk, bytes, len, &used);
		check_trace(dialog->check, '<', bytes, used);
		evbuffer_drain(input, used);
		if (!dialog_step(dialog, step))
			return false;
	}

	return true;
}

static void dialog_read(struct bufferevent *bev, void *data)
{
	(void)bev;

	dialog_hear(data);
}

static void shake_done(struct dialog *dialog)
{
	struct talk *talk = dialog->talk;
	bool begun = dialog->begun;

	tls_look(dialog->ssl, &talk->found);
	check_note(dialog->check, "%s", talk->found.version);
	if (talk->wish.alpn && !tls_took(dialog->ssl, talk->wish.alpn)) {
		check_sick(dialog->check, "tls: does not speak %s",
			   talk->wish.alpn);
		return;
	}

	dialog->stage = DIALOG_TALK;
	dialog->begun = true;
	dialog_step(dialog, begun ? talk_secured(talk) : talk_begin(talk));
}

static void shake_failed(struct dialog *dialog, int error)
{
	unsigned long why = bufferevent_get_openssl_error(dialog->bev);

	if (dialog_heard(dialog))
		check_sick(dialog->check, "tls: %s",
			   tls_error(dialog->ssl, why));
	else
		dialog_mute(dialog, error);
}

static void dialog_connected(struct dialog *dialog)
{
	check_note(dialog->check, "connected");
	dialog->stage = DIALOG_TALK;
	if (dialog->talk->ops->tls) {
		dialog_step(dialog, TALK_TLS);
		return;
	}
	dialog->begun = true;
	dialog_step(dialog, talk_begin(dialog->talk));
}

static void dialog_event(struct bufferevent *bev, short what, void *data)
{
	int error = what & BEV_EVENT_ERROR ? EVUTIL_SOCKET_ERROR() : 0;
	struct dialog *dialog = data;

	(void)bev;

	if (what & BEV_EVENT_CONNECTED) {
		if (dialog->stage == DIALOG_CONNECT)
			dialog_connected(dialog);
		else if (dialog->stage == DIALOG_SHAKE)
			shake_done(dialog);
	} else if (dialog->stage == DIALOG_CONNECT) {
		check_lost(dialog->check, error);
	} else if (dialog->stage == DIALOG_SHAKE) {
		shake_failed(dialog, error);
	} else if (dialog_hear(dialog)) {
		/* With TLS the end may be told before the last words. */
		dialog_close(dialog, error);
	}
}

static void bev_begin(struct dialog *dialog)
{
	bufferevent_setcb(dialog->bev, dialog_read, NULL, dialog_event, dialog);
	bufferevent_enable(dialog->bev, EV_READ | EV_WRITE);
}

/* Take the socket out of the connection, which ends. */
static int bev_take(struct bufferevent *bev)
{
	int fd = bufferevent_getfd(bev);

	bufferevent_disable(bev, EV_READ | EV_WRITE);
	bufferevent_setcb(bev, NULL, NULL, NULL, NULL);
	bufferevent_setfd(bev, -1);
	bufferevent_free(bev);

	return fd;
}

static bool shake_begin(struct dialog *dialog, SSL *ssl)
{
	struct event_base *base = check_base(dialog->check);
	int fd = bev_take(dialog->bev);

	dialog->stage = DIALOG_SHAKE;
	dialog->bev = bufferevent_openssl_socket_new(base, fd, ssl,
						     BUFFEREVENT_SSL_CONNECTING,
						     BEV_OPT_CLOSE_ON_FREE);
	if (!dialog->bev) {
		SSL_free(ssl);
		close(fd);
		return false;
	}
	dialog->ssl = ssl;
	bufferevent_openssl_set_allow_dirty_shutdown(dialog->bev, 1);
	bev_begin(dialog);

	return true;
}

static void dialog_secure(struct dialog *dialog)
{
	struct tls *tls = check_tls(dialog->check);
	SSL *ssl;

	/* Whoever sits between may have said it. */
	if (evbuffer_get_length(bufferevent_get_input(dialog->bev))) {
		check_sick(dialog->check, "it goes on without TLS");
		return;
	}

	ssl = tls ? tls_session(tls, &dialog->talk->wish) : NULL;
	if (!ssl || !shake_begin(dialog, ssl))
		check_void(dialog->check, ENOMEM);
}

/* Returns whether there is more to hear in the same way. */
static bool dialog_step(struct dialog *dialog, enum talk_step step)
{
	switch (step) {
	case TALK_SAY:
		return dialog_say(dialog);
	case TALK_TLS:
		dialog_secure(dialog);
		return false;
	case TALK_UP:
		check_up(dialog->check, "%s", dialog->talk->text);
		return false;
	case TALK_SICK:
		check_sick(dialog->check, "%s", dialog->talk->text);
		return false;
	case TALK_VOID:
		check_void(dialog->check, ENOMEM);
		return false;
	default:
		return true;
	}
}

/*
 * The secret, and what the protocol makes of the check's args. Returns whether
 * there still is a dialog.
 */
static bool dialog_prepare(struct dialog *dialog)
{
	struct check *check = dialog->check;
	const struct plan *plan = check->plan;
	struct talk *talk = dialog->talk;
	struct lb_err err = { 0 };

	lb_addr_print(&plan->addr, dialog->addr, sizeof(dialog->addr));
	talk->addr = dialog->addr;
	/* It is this host that has lost it. */
	if (*plan->secret && secret_read(&talk->secret, check_secrets(check),
					 plan->secret, &err)) {
		check_cannot(check, "%s", err.text);
		return false;
	}
	if (talk_init(talk, &err)) {
		check_sick(check, "%s", err.text);
		return false;
	}

	return true;
}

/* Kept until dialog_stop(), whatever becomes of it. */
static struct dialog *dialog_new(struct check *check,
				 const struct talk_ops *ops)
{
	struct dialog *dialog = calloc(1, sizeof(*dialog));

	if (!dialog)
		return NULL;

	dialog->check = check;
	dialog->talk = talk_new(ops, &check->plan->args);
	if (!dialog->talk) {
		free(dialog);
		return NULL;
	}
	check->priv = dialog;

	return dialog;
}

static struct dialog *dialog_open(struct check *check,
				  const struct talk_ops *ops, int type,
				  int *fd)
{
	struct dialog *dialog = dialog_new(check, ops);

	if (!dialog) {
		check_void(check, ENOMEM);
		return NULL;
	}
	if (!dialog_prepare(dialog))
		return NULL;
	*fd = check_socket(check, type);
	if (*fd < 0) {
		check_failed(check, -*fd);
		return NULL;
	}

	return dialog;
}

/**
 * dialog_start() - talk to a server over TCP
 * @check: running check
 * @ops: protocol
 *
 * For &check_ops.start, with dialog_stop() and dialog_late() as the others.
 */
void dialog_start(struct check *check, const struct talk_ops *ops)
{
	struct dialog *dialog;
	int fd;

	dialog = dialog_open(check, ops, SOCK_STREAM, &fd);
	if (!dialog)
		return;

	dialog->bev = bufferevent_socket_new(check_base(check), fd,
					     BEV_OPT_CLOSE_ON_FREE);
	if (!dialog->bev) {
		close(fd);
		check_void(check, ENOMEM);
		return;
	}
	bev_begin(dialog);
	if (bufferevent_socket_connect(dialog->bev, NULL, 0))
		check_void(check, ENOMEM);
}

static void dialog_datagram(evutil_socket_t fd, short what, void *data)
{
	static char bytes[DATAGRAM];
	struct dialog *dialog = data;
	size_t at, used;
	ssize_t len;

	(void)what;

	len = recv(fd, bytes, sizeof(bytes), 0);
	if (len < 0) {
		if (errno != EAGAIN && errno != EINTR)
			check_lost(dialog->check, errno);
		return;
	}

	check_trace(dialog->check, '<', bytes, (size_t)len);
	for (at = 0; at < (size_t)len; at += used) {
		if (!dialog_step(dialog, talk_hear(dialog->talk, bytes + at,
						   (size_t)len - at, &used)))
			return;
	}
}

/**
 * dialog_start_udp() - talk to a server over UDP
 * @check: running check
 * @ops: protocol, without TLS
 *
 * For &check_ops.start, with dialog_stop() and dialog_late() as the others.
 */
void dialog_start_udp(struct check *check, const struct talk_ops *ops)
{
	struct dialog *dialog;
	int fd;

	dialog = dialog_open(check, ops, SOCK_DGRAM, &fd);
	if (!dialog)
		return;

	dialog->event = event_new(check_base(check), fd, EV_READ | EV_PERSIST,
				  dialog_datagram, dialog);
	if (!dialog->event || event_add(dialog->event, NULL)) {
		if (!dialog->event)
			close(fd);
		check_void(check, ENOMEM);
		return;
	}
	dialog->stage = DIALOG_TALK;
	dialog_step(dialog, talk_begin(dialog->talk));
}

static void event_close(struct event *event)
{
	evutil_socket_t fd = event_get_fd(event);

	event_free(event);
	close(fd);
}

/**
 * dialog_stop() - give a dialog up
 * @check: running check, with or without one
 */
void dialog_stop(struct check *check)
{
	struct dialog *dialog = check->priv;

	if (!dialog)
		return;

	check->priv = NULL;
	if (dialog->bev)
		bufferevent_free(dialog->bev);
	if (dialog->event)
		event_close(dialog->event);
	talk_free(dialog->talk);
	free(dialog);
}

static const char *late_what(const struct dialog *dialog)
{
	switch (dialog->stage) {
	case DIALOG_CONNECT:
		return NULL;
	case DIALOG_SHAKE:
		return "the TLS handshake";
	default:
		return dialog->talk->after;
	}
}

/**
 * dialog_late() - time is out
 * @check: running check
 */
void dialog_late(struct check *check)
{
	struct dialog *dialog = check->priv;
	const char *what = late_what(dialog);
	char time[LB_DURATION_TEXT], text[CHECK_REASON];
	enum talk_step step;

	lb_duration_print(check->plan->timeout, time, sizeof(time));
	if (what)
		snprintf(text, sizeof(text), "no answer to %s within %s", what,
			 time);
	else
		snprintf(text, sizeof(text), "no answer within %s", time);

	step = talk_late(dialog->talk, false);
	if (step != TALK_MORE)
		dialog_step(dialog, step);
	else if (dialog_heard(dialog))
		check_sick(check, "%s", text);
	else
		check_down(check, "%s", text);
}
