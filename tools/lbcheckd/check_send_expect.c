// SPDX-License-Identifier: GPL-2.0-only
/*
 * Check "send-expect": the server is sent a text and answers with another one,
 * up to so many times, over TCP, TLS or UDP.
 */

#include "check.h"
#include "args.h"
#include "dialog.h"
#include "err.h"
#include "plan.h"
#include "talk.h"

#include <errno.h>
#include <regex.h>
#include <stdio.h>
#include <string.h>

/* How often, and how much of an answer is looked at. */
#define ROUNDS		3
#define ANSWER_MAX	(16 * 1024)

/* A pattern is tried on all that has come, piece by piece. */
#define TRIES_MAX	256

/**
 * struct round - what is sent, and what answer is expected
 * @send: text, or NULL for none
 * @expect: text that must be in the answer, or NULL
 * @regex: what the answer must match, if @has_regex
 * @has_regex: whether there is such
 */
struct round {
	const char *send;
	const char *expect;
	regex_t regex;
	bool has_regex;
};

/**
 * struct rounds - all that is sent and expected
 * @round: that
 * @now: which one is at hand
 * @heard: whether anything was answered
 * @tries: how often a pattern was tried
 * @searched: bytes of the answer where the text does not begin
 */
struct rounds {
	struct round round[ROUNDS];
	unsigned int now;
	bool heard;
	unsigned int tries;
	size_t searched;
};

/* "send", "send2", ... */
static const char *round_arg(const struct talk *talk, const char *word,
			     unsigned int i)
{
	char key[16];

	if (i)
		snprintf(key, sizeof(key), "%s%u", word, i + 1);
	else
		snprintf(key, sizeof(key), "%s", word);

	return talk_arg(talk, key);
}

static int rounds_init(struct talk *talk, struct lb_err *err)
{
	struct rounds *rounds = talk->priv;
	struct round *round;
	const char *regex;
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		round = &rounds->round[i];
		round->send = round_arg(talk, "send", i);
		round->expect = round_arg(talk, "expect", i);
		regex = round_arg(talk, "regex", i);
		if (!regex)
			continue;
		if (regcomp(&round->regex, regex, REG_EXTENDED))
			return lb_err_set(err, -EINVAL, "args: bad regex");
		round->has_regex = true;
	}

	return 0;
}

static void rounds_exit(struct talk *talk)
{
	struct rounds *rounds = talk->priv;
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		if (rounds->round[i].has_regex)
			regfree(&rounds->round[i].regex);
	}
}

static bool answer_search(struct talk *talk, struct rounds *rounds,
			  const char *text)
{
	const char *found = memmem(talk->kept + rounds->searched,
				   talk->kept_len - rounds->searched, text,
				   strlen(text));

	if (found) {
		talk_drop(talk, (size_t)(found - talk->kept) + strlen(text));
		rounds->searched = 0;
		return true;
	}
	if (talk->kept_len >= strlen(text))
		rounds->searched = talk->kept_len - strlen(text) + 1;

	return false;
}

static bool answer_match(struct talk *talk, const regex_t *regex)
{
	regmatch_t match = { .rm_so = 0, .rm_eo = (regoff_t)talk->kept_len };

	if (regexec(regex, talk->kept, 1, &match, REG_STARTEND))
		return false;
	talk_drop(talk, (size_t)match.rm_eo);

	return true;
}

/* Whether the answer has come that the round at hand expects, if any. */
static bool round_done(struct talk *talk)
{
	struct rounds *rounds = talk->priv;
	struct round *round = &rounds->round[rounds->now];

	if (!round->expect && !round->has_regex)
		return true;
	if (!talk->kept_len)
		return false;
	if (round->expect)
		return answer_search(talk, rounds, round->expect);
	rounds->tries++;

	return answer_match(talk, &round->regex);
}

/* What is sent last may have no answer. */
static enum talk_step rounds_end(struct talk *talk)
{
	const struct rounds *rounds = talk->priv;

	talk_up(talk, "%s", rounds->heard ? "answers as expected" : "connected");
	if (!talk->say_len)
		return TALK_UP;
	talk->parting = true;

	return TALK_SAY;
}

/* Go on until an answer is missing. */
static enum talk_step rounds_go(struct talk *talk)
{
	struct rounds *rounds = talk->priv;
	const char *send;

	while (round_done(talk)) {
		rounds->searched = 0;
		if (++rounds->now == ROUNDS)
			return rounds_end(talk);
		send = rounds->round[rounds->now].send;
		if (send)
			talk_add(talk, send, strlen(send));
	}

	return talk->say_len ? TALK_SAY : TALK_MORE;
}

static enum talk_step rounds_begin(struct talk *talk)
{
	struct rounds *rounds = talk->priv;
	const char *send = rounds->round[0].send;

	if (send)
		talk_add(talk, send, strlen(send));

	return rounds_go(talk);
}

/* The first line of what has come in place of it. */
static enum talk_step rounds_wrong(struct talk *talk)
{
	size_t len = 0;

	while (len < talk->kept_len && talk->kept[len] != '\r' &&
	       talk->kept[len] != '\n')
		len++;

	return talk_sick(talk, "not as expected: \"%.*s\"",
			 len < TALK_TEXT ? (int)len : TALK_TEXT, talk->kept);
}

static enum talk_step rounds_data(struct talk *talk, const char *bytes,
				  size_t len)
{
	struct rounds *rounds = talk->priv;
	enum talk_step step;

	if (talk_keep(talk, bytes, len, ANSWER_MAX))
		return TALK_VOID;
	rounds->heard = true;
	step = rounds_go(talk);
	if (step == TALK_MORE && (talk->kept_len == ANSWER_MAX ||
				  rounds->tries == TRIES_MAX))
		return rounds_wrong(talk);

	return step;
}

/* The answer has no end, so that only time says that it is wrong. */
static enum talk_step rounds_late(struct talk *talk, bool closed)
{
	(void)closed;

	return talk->kept_len ? rounds_wrong(talk) : TALK_MORE;
}

const struct talk_ops talk_send_expect = {
	.size	= sizeof(struct rounds),
	.init	= rounds_init,
	.begin	= rounds_begin,
	.data	= rounds_data,
	.late	= rounds_late,
	.exit	= rounds_exit,
};

const struct talk_ops talk_send_expect_tls = {
	.size	= sizeof(struct rounds),
	.tls	= true,
	.init	= rounds_init,
	.begin	= rounds_begin,
	.data	= rounds_data,
	.late	= rounds_late,
	.exit	= rounds_exit,
};

static bool wants(const struct check *check, const char *key)
{
	const char *value = lb_args_get(&check->plan->args, key);

	return value && !strcmp(value, "yes");
}

static void check_send_expect_start(struct check *check)
{
	if (wants(check, "udp"))
		dialog_start_udp(check, &talk_send_expect);
	else if (wants(check, "tls"))
		dialog_start(check, &talk_send_expect_tls);
	else
		dialog_start(check, &talk_send_expect);
}

const struct check_ops check_send_expect_ops = {
	.type	= "send-expect",
	.start	= check_send_expect_start,
	.stop	= dialog_stop,
	.late	= dialog_late,
};
