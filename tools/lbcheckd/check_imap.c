// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checks "imap" and "imaps": a mail server greets, and lets somebody in if
 * there is a secret.
 */

#include "check.h"
#include "dialog.h"
#include "talk.h"

#include <string.h>
#include <strings.h>

#define LOGOUT	"a3 LOGOUT\r\n"

/**
 * enum imap_stage - what is waited for
 * @IMAP_GREETING: the server's greeting
 * @IMAP_STARTTLS: answer to STARTTLS
 * @IMAP_LOGIN: answer to LOGIN
 */
enum imap_stage {
	IMAP_GREETING,
	IMAP_STARTTLS,
	IMAP_LOGIN,
};

/**
 * struct imap - how far it is
 * @stage: what is waited for
 */
struct imap {
	enum imap_stage stage;
};

static void quoted_add(struct talk *talk, const char *text)
{
	talk_add(talk, " \"", 2);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			talk_add(talk, "\\", 1);
		talk_add(talk, text, 1);
	}
	talk_add(talk, "\"", 1);
}

static enum talk_step login_say(struct talk *talk)
{
	const struct secret *secret = &talk->secret;
	struct imap *imap = talk->priv;
	size_t from;

	if (!*secret->user)
		return talk_part(talk, "ready", LOGOUT, strlen(LOGOUT));

	imap->stage = IMAP_LOGIN;
	talk_say(talk, "LOGIN", "a2 LOGIN");
	quoted_add(talk, secret->user);
	from = talk->say_len;
	quoted_add(talk, secret->password);
	talk_hide(talk, from);
	talk_add(talk, "\r\n", 2);

	return TALK_SAY;
}

/* Whether a line begins with words, the last of which ends there. */
static bool begins(const char *line, const char *words)
{
	size_t len = strlen(words);

	return !strncasecmp(line, words, len) &&
	       (!line[len] || line[len] == ' ');
}

static enum talk_step greeting_hear(struct talk *talk, const char *line)
{
	struct imap *imap = talk->priv;

	if (begins(line, "* PREAUTH"))
		return talk_part(talk, "ready", LOGOUT, strlen(LOGOUT));
	if (!begins(line, "* OK"))
		return talk_sick(talk, "%s", line);
	if (talk->ops->tls || !talk_wants(talk, "starttls"))
		return login_say(talk);
	imap->stage = IMAP_STARTTLS;

	return talk_say(talk, "STARTTLS", "a1 STARTTLS\r\n");
}

static enum talk_step imap_line(struct talk *talk, const char *line)
{
	struct imap *imap = talk->priv;
	bool tls = imap->stage == IMAP_STARTTLS;

	if (imap->stage == IMAP_GREETING)
		return greeting_hear(talk, line);
	if (begins(line, "* BYE"))
		return talk_sick(talk, "%s", line);
	if (begins(line, "*"))
		return TALK_MORE;
	if (!begins(line, tls ? "a1 OK" : "a2 OK"))
		return talk_sick(talk, "%s", line);
	if (tls)
		return TALK_TLS;

	return talk_part(talk, "logged in", LOGOUT, strlen(LOGOUT));
}

const struct talk_ops talk_imap = {
	.size		= sizeof(struct imap),
	.secured	= login_say,
	.line		= imap_line,
};

const struct talk_ops talk_imaps = {
	.size		= sizeof(struct imap),
	.tls		= true,
	.line		= imap_line,
};

static void check_imap_start(struct check *check)
{
	dialog_start(check, &talk_imap);
}

static void check_imaps_start(struct check *check)
{
	dialog_start(check, &talk_imaps);
}

const struct check_ops check_imap_ops = {
	.type	= "imap",
	.start	= check_imap_start,
	.stop	= dialog_stop,
	.late	= dialog_late,
};

const struct check_ops check_imaps_ops = {
	.type	= "imaps",
	.start	= check_imaps_start,
	.stop	= dialog_stop,
	.late	= dialog_late,
};
