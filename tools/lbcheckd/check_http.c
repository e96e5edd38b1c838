// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checks "http" and "https": a web server answers a request with a status that
 * will do, and with a page that has in it what it should.
 */

#include "check.h"
#include "dialog.h"
#include "err.h"
#include "pattern.h"
#include "talk.h"

#include <ctype.h>
#include <errno.h>
#include <openssl/evp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* How much of a page is looked at, and how much may come for that. */
#define BODY_MAX	(256 * 1024)
#define ANSWER_MAX	(512 * 1024)
#define HEADERS_MAX	(64 * 1024)

#define STATUS_DEFAULT	"200-399"

/* Room for a user, a colon and a password, in base64. */
#define BASIC_TEXT	((2 * SECRET_MAX + 1 + 2) / 3 * 4 + 1)

/**
 * enum http_stage - what comes
 * @HTTP_STATUS: the line of the status
 * @HTTP_HEADER: header fields
 * @HTTP_BODY: the body, by its length or up to the end
 * @HTTP_SIZE: size of a chunk
 * @HTTP_CHUNK: a chunk
 * @HTTP_CHUNK_END: the end of its line
 */
enum http_stage {
	HTTP_STATUS,
	HTTP_HEADER,
	HTTP_BODY,
	HTTP_SIZE,
	HTTP_CHUNK,
	HTTP_CHUNK_END,
};

/**
 * struct http - a request and its answer
 * @stage: what comes
 * @method: method of the request
 * @body: what must be in the page, or NULL
 * @regex: what the page must match, or NULL
 * @status: of the answer
 * @chunked: whether the body comes in chunks
 * @sized: whether its length is known
 * @length: its length
 * @seen: bytes of the page that have come
 * @found: whether @body is in them
 */
struct http {
	enum http_stage stage;
	const char *method;
	const char *body;
	struct lb_pattern *regex;
	unsigned int status;
	bool chunked;
	bool sized;
	size_t length;
	size_t seen;
	bool found;
};

/* Nothing in a request may begin a new line of it, or a new word. */
static bool is_plain(const char *text)
{
	for (; *text; text++) {
		if ((unsigned char)*text <= ' ' || *text == 0x7f)
			return false;
	}

	return true;
}

static int words_check(const struct talk *talk, struct lb_err *err)
{
	static const char *const keys[] = { "method", "path", "host" };
	const char *value;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		value = talk_arg(talk, keys[i]);
		if (value && (!*value || !is_plain(value)))
			return lb_err_set(err, -EINVAL, "args: bad %s",
					  keys[i]);
	}

	return 0;
}

static int http_init(struct talk *talk, struct lb_err *err)
{
	const char *regex = talk_arg(talk, "regex");
	const char *host = talk_arg(talk, "host");
	struct http *http = talk->priv;
	int ret = words_check(talk, err);

	if (ret)
		return ret;

	if (host && !talk->wish.sni && !strchr(host, ':'))
		talk->wish.sni = host;
	http->method = talk_arg(talk, "method");
	if (!http->method)
		http->method = "GET";
	http->body = talk_arg(talk, "body");
	if (regex && lb_pattern_new(&http->regex, regex, NULL))
		return lb_err_set(err, -EINVAL, "args: bad regex");

	return 0;
}

static void http_exit(struct talk *talk)
{
	struct http *http = talk->priv;

	lb_pattern_free(http->regex);
}

static void basic_say(struct talk *talk)
{
	char plain[2 * SECRET_MAX + 2];
	unsigned char basic[BASIC_TEXT];
	size_t from;
	int len;

	len = snprintf(plain, sizeof(plain), "%s:%s", talk->secret.user,
		       talk->secret.password);
	EVP_EncodeBlock(basic, (unsigned char *)plain, len);

	talk_say(talk, NULL, "Authorization: Basic ");
	from = talk->say_len;
	talk_say(talk, NULL, "%s", (char *)basic);
	talk_hide(talk, from);
	talk_say(talk, NULL, "\r\n");
	explicit_bzero(plain, sizeof(plain));
	explicit_bzero(basic, sizeof(basic));
}

static bool has_no_body(const char *method)
{
	return !strcmp(method, "GET") || !strcmp(method, "HEAD");
}

static enum talk_step http_begin(struct talk *talk)
{
	const char *path = talk_arg(talk, "path");
	const char *host = talk_arg(talk, "host");
	struct http *http = talk->priv;
	bool v6 = !host && strchr(talk->addr, ':');

	talk_say(talk, http->method,
		 "%s %s HTTP/1.1\r\nHost: %s%s%s\r\nUser-Agent: lbcheckd\r\nAccept: */*\r\nConnection: close\r\n",
		 http->method, path ? path : "/", v6 ? "[" : "",
		 host ? host : talk->addr, v6 ? "]" : "");
	if (*talk->secret.user)
		basic_say(talk);
	if (!has_no_body(http->method))
		talk_say(talk, NULL, "Content-Length: 0\r\n");

	return talk_say(talk, http->method, "\r\n");
}

/* Of what has been searched only that is kept with which the text may begin. */
static void body_search(struct talk *talk)
{
	struct http *http = talk->priv;
	size_t len = strlen(http->body);

	if (memmem(talk->kept, talk->kept_len, http->body, len))
		http->found = true;
	else if (!http->regex && talk->kept_len >= len)
		talk_drop(talk, talk->kept_len - len + 1);
}

static bool body_match(const struct talk *talk)
{
	const struct http *http = talk->priv;
	size_t work = LB_PATTERN_WORK;

	return lb_pattern_find(http->regex, talk->kept ? talk->kept : "",
			       talk->kept_len, &work, NULL);
}

/* No more of the page is needed. */
static enum talk_step body_end(struct talk *talk)
{
	struct http *http = talk->priv;

	if (http->body && http->regex && talk->kept)
		body_search(talk);
	if (http->body && !http->found)
		return talk_sick(talk, "status %u, but \"%s\" is not in the page",
				 http->status, http->body);
	if (http->regex && !body_match(talk))
		return talk_sick(talk, "status %u, but the page does not match \"%s\"",
				 http->status, talk_arg(talk, "regex"));

	return talk_up(talk, "status %u", http->status);
}

static enum talk_step http_data(struct talk *talk, const char *bytes,
				size_t len)
{
	struct http *http = talk->priv;

	if (talk_keep(talk, bytes, len, BODY_MAX))
		return TALK_VOID;
	http->seen += len;
	/* A text is there as soon as it comes, a pattern may need all. */
	if (!http->regex)
		body_search(talk);
	if (http->found || http->seen >= BODY_MAX)
		return body_end(talk);

	if (!talk->raw) {
		if (http->stage == HTTP_BODY)
			return body_end(talk);
		http->stage = HTTP_CHUNK_END;
	}

	return TALK_MORE;
}

static enum talk_step status_hear(struct talk *talk, const char *line)
{
	const char *status = talk_arg(talk, "status");
	struct http *http = talk->priv;
	int code = 0;

	if (strncmp(line, "HTTP/1.", 7) ||
	    !isdigit((unsigned char)line[7]) || line[8] != ' ' ||
	    sscanf(line + 9, "%3d", &code) != 1 || code < 100)
		return talk_sick(talk, "not HTTP: %s", line);

	http->status = (unsigned int)code;
	http->stage = HTTP_HEADER;
	http->chunked = false;
	http->sized = false;
	if (code >= 200 && !talk_listed(status ? status : STATUS_DEFAULT,
					http->status))
		return talk_sick(talk, "status %s", line + 9);

	return TALK_MORE;
}

/* Value of the field, if the line is of that name. */
static const char *field(const char *line, const char *name)
{
	size_t len = strlen(name);

	if (strncasecmp(line, name, len) || line[len] != ':')
		return NULL;

	return line + len + 1 + strspn(line + len + 1, " \t");
}

static enum talk_step header_hear(struct talk *talk, const char *line)
{
	const char *length = field(line, "Content-Length");
	const char *coding = field(line, "Transfer-Encoding");
	struct http *http = talk->priv;

	if (length && isdigit((unsigned char)*length)) {
		http->sized = true;
		http->length = strtoul(length, NULL, 10);
	}
	if (coding && !strncasecmp(coding, "chunked", 7))
		http->chunked = true;

	/* What has come of a body is not counted here, as there is none yet. */
	if (talk->total > HEADERS_MAX)
		return talk_sick(talk, "answer with a header that is too long");

	return TALK_MORE;
}

static enum talk_step header_end(struct talk *talk)
{
	struct http *http = talk->priv;

	if (http->status < 200) {
		http->stage = HTTP_STATUS;
		return TALK_MORE;
	}
	if ((!http->body && !http->regex) ||
	    !strcmp(http->method, "HEAD") || http->status == 204 ||
	    http->status == 304)
		return body_end(talk);

	if (http->chunked) {
		http->stage = HTTP_SIZE;
		return TALK_MORE;
	}
	http->stage = HTTP_BODY;
	if (http->sized && !http->length)
		return body_end(talk);
	talk->raw = http->sized ? http->length : SIZE_MAX;

	return TALK_MORE;
}

static enum talk_step size_hear(struct talk *talk, const char *line)
{
	struct http *http = talk->priv;
	unsigned long size;
	char *end;

	if (!isxdigit((unsigned char)*line))
		return talk_sick(talk, "chunk without a size");
	size = strtoul(line, &end, 16);
	if (end - line > 8 || size >= SIZE_MAX)
		return talk_sick(talk, "chunk without a size");
	if (!size)
		return body_end(talk);

	http->stage = HTTP_CHUNK;
	talk->raw = size;

	return TALK_MORE;
}

static enum talk_step http_line(struct talk *talk, const char *line)
{
	struct http *http = talk->priv;

	switch (http->stage) {
	case HTTP_STATUS:
		return status_hear(talk, line);
	case HTTP_HEADER:
		return *line ? header_hear(talk, line) : header_end(talk);
	case HTTP_CHUNK_END:
		http->stage = HTTP_SIZE;
		return *line ? talk_sick(talk, "chunk without an end") :
			       TALK_MORE;
	default:
		return size_hear(talk, line);
	}
}

/* Many a page has no other end than that of the connection. */
static enum talk_step http_late(struct talk *talk, bool closed)
{
	struct http *http = talk->priv;

	if (!closed || http->stage < HTTP_BODY)
		return TALK_MORE;

	return body_end(talk);
}

const struct talk_ops talk_http = {
	.size	= sizeof(struct http),
	.limit	= ANSWER_MAX,
	.init	= http_init,
	.begin	= http_begin,
	.line	= http_line,
	.data	= http_data,
	.late	= http_late,
	.exit	= http_exit,
};

const struct talk_ops talk_https = {
	.size	= sizeof(struct http),
	.tls	= true,
	.limit	= ANSWER_MAX,
	.init	= http_init,
	.begin	= http_begin,
	.line	= http_line,
	.data	= http_data,
	.late	= http_late,
	.exit	= http_exit,
};

static void check_http_start(struct check *check)
{
	dialog_start(check, &talk_http);
}

static void check_https_start(struct check *check)
{
	dialog_start(check, &talk_https);
}

const struct check_ops check_http_ops = {
	.type	= "http",
	.start	= check_http_start,
	.stop	= dialog_stop,
	.late	= dialog_late,
};

const struct check_ops check_https_ops = {
	.type	= "https",
	.start	= check_https_start,
	.stop	= dialog_stop,
	.late	= dialog_late,
};
