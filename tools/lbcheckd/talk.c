// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is said to a server and what its answers mean: lines are put together,
 * and all that a server can make large is bounded.
 */

#include "talk.h"
#include "args.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/**
 * talk_new() - begin to talk
 * @ops: protocol
 * @args: what the check is told, stays valid
 *
 * Return: for talk_free(), or NULL.
 */
struct talk *talk_new(const struct talk_ops *ops, const struct lb_args *args)
{
	struct talk *talk = calloc(1, sizeof(*talk));

	if (!talk)
		return NULL;

	talk->priv = calloc(1, ops->size ? ops->size : 1);
	if (!talk->priv) {
		free(talk);
		return NULL;
	}
	talk->ops = ops;
	talk->args = args;
	talk->addr = "";
	talk->days = TALK_DAYS;
	talk->raw = ops->line ? 0 : SIZE_MAX;

	return talk;
}

/**
 * talk_free() - end a talk
 * @talk: the talk
 */
void talk_free(struct talk *talk)
{
	if (talk->ops->exit)
		talk->ops->exit(talk);
	secret_clear(&talk->secret);
	explicit_bzero(talk->say, sizeof(talk->say));
	free(talk->kept);
	free(talk->priv);
	free(talk);
}

/**
 * talk_init() - get ready, with the secret if there is one
 * @talk: the talk
 * @err: reason of a failure
 *
 * Return: 0 or -errno.
 */
int talk_init(struct talk *talk, struct lb_err *err)
{
	talk->wish.verify = talk_arg(talk, "verify");
	talk->wish.sni = talk->wish.verify;

	return talk->ops->init ? talk->ops->init(talk, err) : 0;
}

/**
 * talk_begin() - the connection is there, with TLS if that is wanted
 * @talk: the talk
 *
 * Return: what comes next.
 */
enum talk_step talk_begin(struct talk *talk)
{
	return talk->ops->begin ? talk->ops->begin(talk) : TALK_MORE;
}

/**
 * talk_secured() - what &TALK_TLS has asked for is done
 * @talk: the talk
 *
 * Return: what comes next.
 */
enum talk_step talk_secured(struct talk *talk)
{
	return talk->ops->secured(talk);
}

static enum talk_step line_end(struct talk *talk)
{
	size_t len = talk->line_len;

	if (len && talk->line[len - 1] == '\r')
		len--;
	talk->line[len] = '\0';
	talk->line_len = 0;

	return talk->ops->line(talk, talk->line);
}

/* Take bytes up to the end of a line. */
static enum talk_step line_hear(struct talk *talk, const char *bytes,
				size_t len, size_t *used)
{
	const char *end = memchr(bytes, '\n', len);
	size_t n = end ? (size_t)(end - bytes) : len;

	*used = end ? n + 1 : n;
	if (n > TALK_LINE_MAX - talk->line_len)
		return talk_sick(talk, "answer with a line that is too long");

	memcpy(talk->line + talk->line_len, bytes, n);
	talk->line_len += n;

	return end ? line_end(talk) : TALK_MORE;
}

static enum talk_step data_hear(struct talk *talk, const char *bytes,
				size_t len, size_t *used)
{
	*used = len < talk->raw ? len : talk->raw;
	if (talk->raw != SIZE_MAX)
		talk->raw -= *used;

	return talk->ops->data(talk, bytes, *used);
}

/**
 * talk_hear() - the server has said something
 * @talk: the talk
 * @bytes: what it has said
 * @len: how much, at least 1
 * @used: how much of it was taken, at least 1; the rest is to be given again,
 *	if there is more to hear
 *
 * Return: what comes next.
 */
enum talk_step talk_hear(struct talk *talk, const char *bytes, size_t len,
			 size_t *used)
{
	size_t limit = talk->ops->limit ? talk->ops->limit : TALK_TOTAL_MAX;
	enum talk_step step;

	if (talk->parting) {
		*used = len;
		return TALK_UP;
	}

	if (talk->raw)
		step = data_hear(talk, bytes, len, used);
	else
		step = line_hear(talk, bytes, len, used);
	talk->total += *used;
	if (step == TALK_MORE && talk->total > limit)
		return talk_sick(talk, "answer too long");

	return step;
}

/**
 * talk_late() - no more comes
 * @talk: the talk
 * @closed: the server has closed; otherwise time is out
 *
 * Return: TALK_UP or TALK_SICK, or TALK_MORE if the talk has not come to that.
 */
enum talk_step talk_late(struct talk *talk, bool closed)
{
	if (talk->parting)
		return TALK_UP;

	return talk->ops->late ? talk->ops->late(talk, closed) : TALK_MORE;
}

/**
 * talk_said() - what was to be said is on its way
 * @talk: the talk
 */
void talk_said(struct talk *talk)
{
	explicit_bzero(talk->say, talk->say_len);
	talk->say_len = 0;
	talk->hide = 0;
	talk->hide_len = 0;
}

/**
 * talk_arg() - look an argument up
 * @talk: the talk
 * @key: its key
 *
 * Return: its value, or NULL.
 */
const char *talk_arg(const struct talk *talk, const char *key)
{
	return lb_args_get(talk->args, key);
}

/**
 * talk_wants() - look an argument up that is ``yes`` or ``no``
 * @talk: the talk
 * @key: its key
 *
 * Return: whether it is ``yes``.
 */
bool talk_wants(const struct talk *talk, const char *key)
{
	const char *value = talk_arg(talk, key);

	return value && !strcmp(value, "yes");
}

/**
 * talk_listed() - look a number up in a list
 * @list: such as ``200,301,400-403``
 * @number: the number
 *
 * Return: whether it is there.
 */
bool talk_listed(const char *list, unsigned int number)
{
	unsigned long first, last;
	char *end;

	while (*list) {
		first = strtoul(list, &end, 10);
		last = first;
		if (*end == '-')
			last = strtoul(end + 1, &end, 10);
		if (number >= first && number <= last)
			return true;
		list = end + strcspn(end, ",");
		list += *list == ',';
	}

	return false;
}

/**
 * talk_keep() - keep what the server has said
 * @talk: the talk
 * @bytes: what it has said
 * @len: how much; what is beyond @max is lost
 * @max: most to keep in all
 *
 * Return: 0 or -ENOMEM.
 */
int talk_keep(struct talk *talk, const char *bytes, size_t len, size_t max)
{
	size_t room = talk->kept_room ? talk->kept_room : 1024;
	char *kept;

	if (len > max - talk->kept_len)
		len = max - talk->kept_len;
	while (room <= talk->kept_len + len)
		room *= 2;
	if (room != talk->kept_room) {
		kept = realloc(talk->kept, room);
		if (!kept)
			return -ENOMEM;
		talk->kept = kept;
		talk->kept_room = room;
	}

	memcpy(talk->kept + talk->kept_len, bytes, len);
	talk->kept_len += len;
	talk->kept[talk->kept_len] = '\0';

	return 0;
}

/**
 * talk_drop() - forget the begin of what was kept
 * @talk: the talk
 * @len: how much of it
 */
void talk_drop(struct talk *talk, size_t len)
{
	talk->kept_len -= len;
	memmove(talk->kept, talk->kept + len, talk->kept_len + 1);
}

/**
 * talk_say() - say something
 * @talk: the talk
 * @after: what that is called, for ``no answer to``
 * @fmt: format of it
 *
 * Return: TALK_SAY, or TALK_SICK if it is too long.
 */
enum talk_step talk_say(struct talk *talk, const char *after, const char *fmt,
			...)
{
	size_t room = sizeof(talk->say) - talk->say_len;
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(talk->say + talk->say_len, room, fmt, args);
	va_end(args);
	if (len < 0 || (size_t)len >= room)
		return talk_sick(talk, "more to say than fits");

	talk->say_len += (size_t)len;
	talk->after = after;

	return TALK_SAY;
}

/**
 * talk_add() - say bytes
 * @talk: the talk
 * @bytes: the bytes
 * @len: how many; what does not fit is lost
 */
void talk_add(struct talk *talk, const void *bytes, size_t len)
{
	size_t room = sizeof(talk->say) - talk->say_len;

	if (len > room)
		len = room;
	memcpy(talk->say + talk->say_len, bytes, len);
	talk->say_len += len;
}

/**
 * talk_hide() - keep the end of what is to be said out of transcripts
 * @talk: the talk
 * @from: where the secret part begins
 */
void talk_hide(struct talk *talk, size_t from)
{
	talk->hide = from;
	talk->hide_len = talk->say_len - from;
}

/**
 * talk_part() - the server works: take leave of it
 * @talk: the talk
 * @text: what it has answered
 * @last: last word
 * @len: its length
 *
 * Return: TALK_SAY.
 */
enum talk_step talk_part(struct talk *talk, const char *text, const void *last,
			 size_t len)
{
	talk_up(talk, "%s", text);
	talk_add(talk, last, len);
	talk->parting = true;

	return TALK_SAY;
}

/* "ready, certificate expires in 9 days" */
static void found_add(struct talk *talk)
{
	const struct tls_found *found = &talk->found;
	size_t len = strlen(talk->text);

	if (!found->dated || (!found->expired && found->days >= talk->days) ||
	    len + 2 >= sizeof(talk->text))
		return;

	memcpy(talk->text + len, ", ", 3);
	tls_print(found, talk->text + len + 2, sizeof(talk->text) - len - 2);
}

/**
 * talk_up() - the server works
 * @talk: the talk
 * @fmt: format of what it has answered
 *
 * Return: TALK_UP.
 */
enum talk_step talk_up(struct talk *talk, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(talk->text, sizeof(talk->text), fmt, args);
	va_end(args);
	found_add(talk);

	return TALK_UP;
}

/**
 * talk_sick() - the server answers wrongly
 * @talk: the talk
 * @fmt: format of what it has answered
 *
 * Return: TALK_SICK.
 */
enum talk_step talk_sick(struct talk *talk, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(talk->text, sizeof(talk->text), fmt, args);
	va_end(args);

	return TALK_SICK;
}
