// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checks "pop3" and "pop3s": a mail server greets, and lets somebody in if
 * there is a secret.
 */

#include "check.h"
#include "dialog.h"
#include "talk.h"

#include <string.h>

#define QUIT	"QUIT\r\n"

/**
 * enum pop3_stage - what is waited for
 * @POP3_GREETING: the server's greeting
 * @POP3_STLS: answer to STLS
 * @POP3_USER: answer to USER
 * @POP3_PASS: answer to PASS
 */
enum pop3_stage {
	POP3_GREETING,
	POP3_STLS,
	POP3_USER,
	POP3_PASS,
};

/**
 * struct pop3 - how far it is
 * @stage: what is waited for
 */
struct pop3 {
	enum pop3_stage stage;
};

static enum talk_step user_say(struct talk *talk)
{
	struct pop3 *pop3 = talk->priv;

	if (!*talk->secret.user)
		return talk_part(talk, "ready", QUIT, strlen(QUIT));
	pop3->stage = POP3_USER;

	return talk_say(talk, "USER", "USER %s\r\n", talk->secret.user);
}

static enum talk_step pass_say(struct talk *talk)
{
	struct pop3 *pop3 = talk->priv;
	size_t from = strlen("PASS ");

	pop3->stage = POP3_PASS;
	talk_say(talk, "PASS", "PASS %s", talk->secret.password);
	talk_hide(talk, from);
	talk_add(talk, "\r\n", 2);

	return TALK_SAY;
}

static enum talk_step stls_say(struct talk *talk)
{
	struct pop3 *pop3 = talk->priv;

	pop3->stage = POP3_STLS;

	return talk_say(talk, "STLS", "STLS\r\n");
}

static enum talk_step pop3_line(struct talk *talk, const char *line)
{
	struct pop3 *pop3 = talk->priv;

	if (strncmp(line, "+OK", 3) || (line[3] && line[3] != ' '))
		return talk_sick(talk, "%s", line);

	switch (pop3->stage) {
	case POP3_GREETING:
		if (!talk->ops->tls && talk_wants(talk, "starttls"))
			return stls_say(talk);
		return user_say(talk);
	case POP3_STLS:
		return TALK_TLS;
	case POP3_USER:
		return pass_say(talk);
	default:
		return talk_part(talk, "logged in", QUIT, strlen(QUIT));
	}
}

const struct talk_ops talk_pop3 = {
	.size		= sizeof(struct pop3),
	.secured	= user_say,
	.line		= pop3_line,
};

const struct talk_ops talk_pop3s = {
	.size		= sizeof(struct pop3),
	.tls		= true,
	.line		= pop3_line,
};

static void check_pop3_start(struct check *check)
{
	dialog_start(check, &talk_pop3);
}

static void check_pop3s_start(struct check *check)
{
	dialog_start(check, &talk_pop3s);
}

const struct check_ops check_pop3_ops = {
	.type	= "pop3",
	.start	= check_pop3_start,
	.stop	= dialog_stop,
	.late	= dialog_late,
};

const struct check_ops check_pop3s_ops = {
	.type	= "pop3s",
	.start	= check_pop3s_start,
	.stop	= dialog_stop,
	.late	= dialog_late,
};
