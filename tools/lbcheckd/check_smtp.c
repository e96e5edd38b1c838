// SPDX-License-Identifier: GPL-2.0-only
/*
 * Check "smtp": a mail server greets, and answers EHLO; with TLS if that is
 * wanted.
 */

#include "check.h"
#include "dialog.h"
#include "talk.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/**
 * enum smtp_stage - what is waited for
 * @SMTP_BANNER: the server's greeting
 * @SMTP_EHLO: answer to EHLO
 * @SMTP_STARTTLS: answer to STARTTLS
 * @SMTP_SECURE: answer to EHLO with TLS
 */
enum smtp_stage {
	SMTP_BANNER,
	SMTP_EHLO,
	SMTP_STARTTLS,
	SMTP_SECURE,
};

/**
 * struct smtp - how far it is
 * @stage: what is waited for
 * @code: of the reply whose lines come, 0 before the first one
 * @starttls: whether the server offers it
 * @name: whom to say that this host is
 */
struct smtp {
	enum smtp_stage stage;
	unsigned int code;
	bool starttls;
	char name[256];
};

static int smtp_init(struct talk *talk, struct lb_err *err)
{
	const char *name = talk_arg(talk, "ehlo");
	struct smtp *smtp = talk->priv;

	(void)err;

	if (name)
		snprintf(smtp->name, sizeof(smtp->name), "%s", name);
	else if (gethostname(smtp->name, sizeof(smtp->name) - 1))
		snprintf(smtp->name, sizeof(smtp->name), "localhost");

	return 0;
}

static enum talk_step ehlo_say(struct talk *talk, enum smtp_stage stage)
{
	struct smtp *smtp = talk->priv;

	smtp->stage = stage;

	return talk_say(talk, "EHLO", "EHLO %s\r\n", smtp->name);
}

static enum talk_step ehlo_done(struct talk *talk)
{
	struct smtp *smtp = talk->priv;

	if (smtp->stage == SMTP_SECURE || !talk_wants(talk, "starttls"))
		return talk_part(talk, "ready", "QUIT\r\n", 6);
	if (!smtp->starttls)
		return talk_sick(talk, "STARTTLS is not offered");
	smtp->stage = SMTP_STARTTLS;

	return talk_say(talk, "STARTTLS", "STARTTLS\r\n");
}

/* A reply is complete. */
static enum talk_step smtp_reply(struct talk *talk, unsigned int code,
				 const char *line)
{
	const char *accept = talk_arg(talk, "accept");
	struct smtp *smtp = talk->priv;

	if (smtp->stage == SMTP_BANNER && accept && talk_listed(accept, code))
		return talk_up(talk, "%u, as accepted", code);
	if (code < 200 || code > 299)
		return talk_sick(talk, "%s", line);

	switch (smtp->stage) {
	case SMTP_BANNER:
		return ehlo_say(talk, SMTP_EHLO);
	case SMTP_STARTTLS:
		return TALK_TLS;
	default:
		return ehlo_done(talk);
	}
}

static unsigned int code_parse(const char *line)
{
	unsigned int i, code = 0;

	for (i = 0; i < 3; i++) {
		if (!isdigit((unsigned char)line[i]))
			return 0;
		code = code * 10 + (unsigned int)(line[i] - '0');
	}
	if (line[3] && line[3] != ' ' && line[3] != '-')
		return 0;

	return code;
}

static enum talk_step smtp_line(struct talk *talk, const char *line)
{
	unsigned int code = code_parse(line);
	struct smtp *smtp = talk->priv;

	if (!code || (smtp->code && code != smtp->code))
		return talk_sick(talk, "not a reply: %s", line);

	if (line[3] && !strcasecmp(line + 4, "STARTTLS"))
		smtp->starttls = true;
	if (line[3] == '-') {
		smtp->code = code;
		return TALK_MORE;
	}
	smtp->code = 0;

	return smtp_reply(talk, code, line);
}

static enum talk_step smtp_secured(struct talk *talk)
{
	return ehlo_say(talk, SMTP_SECURE);
}

const struct talk_ops talk_smtp = {
	.size		= sizeof(struct smtp),
	.init		= smtp_init,
	.secured	= smtp_secured,
	.line		= smtp_line,
};

static void check_smtp_start(struct check *check)
{
	dialog_start(check, &talk_smtp);
}

const struct check_ops check_smtp_ops = {
	.type	= "smtp",
	.start	= check_smtp_start,
	.stop	= dialog_stop,
	.late	= dialog_late,
};
