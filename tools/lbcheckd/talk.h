/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is said to a server and what its answers mean. Pure: knows no socket,
 * no clock and no check.
 */

#ifndef _LBCHECKD_TALK_H
#define _LBCHECKD_TALK_H

#include "compiler.h"
#include "secret.h"
#include "tls.h"

#include <linux/l4lb.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lb_args;
struct lb_err;
struct talk;

/* Longest line of a server, most of what a check says at once. */
#define TALK_LINE_MAX	4096
#define TALK_SAY_MAX	4096

/* Most that a server may say, unless its protocol allows more. */
#define TALK_TOTAL_MAX	(64 * 1024)

#define TALK_TEXT	(L4LB_REASON_MAX + 1)

/* Days before a certificate expires at which that is told. */
#define TALK_DAYS	14

/**
 * enum talk_step - what comes next
 * @TALK_MORE: hear more
 * @TALK_SAY: say &talk.say, and hear more
 * @TALK_TLS: go on with TLS
 * @TALK_UP: the server works
 * @TALK_SICK: it does not
 * @TALK_VOID: this host has no memory for what it says
 */
enum talk_step {
	TALK_MORE,
	TALK_SAY,
	TALK_TLS,
	TALK_UP,
	TALK_SICK,
	TALK_VOID,
};

/**
 * struct talk_ops - a protocol
 * @size: bytes of its &talk.priv, which are 0 at first
 * @tls: it begins with TLS
 * @limit: most bytes that a server may say, 0 for %TALK_TOTAL_MAX
 * @init: get ready, by &talk.args; may be NULL. 0 or -errno, which makes the
 *	server sick, with the reason
 * @begin: connected; NULL if the server speaks first
 * @secured: %TALK_TLS is done; NULL if the protocol has none
 * @line: a line, without its end; what follows its NUL, if it has one, is not
 *	looked at. NULL if it has none: @data takes all
 * @data: a piece, at most as long as &talk.raw was, which is what is left then
 * @late: no more comes: by the server's closing, or time is out; NULL if it has
 *	nothing to say to that
 * @exit: free what @init took, even if that failed; may be NULL
 */
struct talk_ops {
	size_t size;
	bool tls;
	size_t limit;
	int (*init)(struct talk *talk, struct lb_err *err);
	enum talk_step (*begin)(struct talk *talk);
	enum talk_step (*secured)(struct talk *talk);
	enum talk_step (*line)(struct talk *talk, const char *line);
	enum talk_step (*data)(struct talk *talk, const char *bytes,
			       size_t len);
	enum talk_step (*late)(struct talk *talk, bool closed);
	void (*exit)(struct talk *talk);
};

/**
 * struct talk - what is said to a server, and what it says
 * @ops: protocol
 * @priv: of the protocol
 * @args: what the check is told
 * @secret: what it logs in with
 * @addr: the server's address, as text
 * @wish: what is wanted of TLS
 * @days: days before a certificate expires at which that is told
 * @found: what the handshake has shown
 * @after: what the server has been told, for ``no answer to``
 * @parting: the server works, whatever it says to a last word; the text is @text
 * @raw: bytes until lines come again, SIZE_MAX if they do not
 * @total: bytes that the server has said
 * @line: begin of a line
 * @line_len: its length
 * @kept: what was kept of what the server has said, with a NUL after it
 * @kept_len: its length
 * @kept_room: bytes at @kept
 * @say: what to say
 * @say_len: its length
 * @hide: where something secret begins in @say
 * @hide_len: its length
 * @text: what came of it
 */
struct talk {
	const struct talk_ops *ops;
	void *priv;
	const struct lb_args *args;
	struct secret secret;
	const char *addr;
	struct tls_wish wish;
	int days;
	struct tls_found found;
	const char *after;
	bool parting;
	size_t raw;
	size_t total;
	char line[TALK_LINE_MAX + 1];
	size_t line_len;
	char *kept;
	size_t kept_len;
	size_t kept_room;
	char say[TALK_SAY_MAX];
	size_t say_len;
	size_t hide;
	size_t hide_len;
	char text[TALK_TEXT];
};

/* For whoever carries it to the server and back. */
struct talk *talk_new(const struct talk_ops *ops, const struct lb_args *args);
void talk_free(struct talk *talk);
int talk_init(struct talk *talk, struct lb_err *err);
enum talk_step talk_begin(struct talk *talk);
enum talk_step talk_secured(struct talk *talk);
enum talk_step talk_hear(struct talk *talk, const char *bytes, size_t len,
			 size_t *used);
enum talk_step talk_late(struct talk *talk, bool closed);
void talk_said(struct talk *talk);

/* For the protocols. */
const char *talk_arg(const struct talk *talk, const char *key);
bool talk_wants(const struct talk *talk, const char *key);
bool talk_listed(const char *list, unsigned int number);
int talk_keep(struct talk *talk, const char *bytes, size_t len, size_t max);
void talk_drop(struct talk *talk, size_t len);
enum talk_step talk_say(struct talk *talk, const char *after, const char *fmt,
			...) __printf(3, 4);
void talk_add(struct talk *talk, const void *bytes, size_t len);
void talk_hide(struct talk *talk, size_t from);
enum talk_step talk_part(struct talk *talk, const char *text, const void *last,
			 size_t len);
enum talk_step talk_up(struct talk *talk, const char *fmt, ...)
	__printf(2, 3);
enum talk_step talk_sick(struct talk *talk, const char *fmt, ...)
	__printf(2, 3);

extern const struct talk_ops talk_http;
extern const struct talk_ops talk_https;
extern const struct talk_ops talk_imap;
extern const struct talk_ops talk_imaps;
extern const struct talk_ops talk_ldap;
extern const struct talk_ops talk_ldaps;
extern const struct talk_ops talk_pop3;
extern const struct talk_ops talk_pop3s;
extern const struct talk_ops talk_send_expect;
extern const struct talk_ops talk_send_expect_tls;
extern const struct talk_ops talk_smtp;
extern const struct talk_ops talk_tls;

#endif /* _LBCHECKD_TALK_H */
