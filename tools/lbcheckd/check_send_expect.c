// SPDX-License-Identifier: GPL-2.0-only
/*
 * Check "send-expect": the server is sent a text and answers with another one,
 * up to so many times, over TCP, TLS or UDP.
 */

#include "check.h"
#include "args.h"
#include "check_type.h"
#include "dialog.h"
#include "err.h"
#include "pattern.h"
#include "plan.h"
#include "talk.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* How much of an answer is looked at. */
#define ANSWER_MAX	(16 * 1024)

/**
 * struct round - what is sent, and what answer is expected
 * @send: text, or NULL for none
 * @expect: text that must be in the answer, or NULL
 * @regex: what the answer must match, or NULL
 */
struct round {
	const char *send;
	const char *expect;
	struct lb_pattern *regex;
};

/**
 * struct rounds - all that is sent and expected
 * @round: that
 * @now: which one is at hand
 * @heard: whether anything was answered
 * @work: what may still be spent on patterns: each is tried on all that has
 *	come, piece by piece
 * @searched: bytes of the answer where the text does not begin
 */
struct rounds {
	struct round round[LB_SEND_EXPECT_ROUNDS];
	unsigned int now;
	bool heard;
	size_t work;
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

	rounds->work = LB_PATTERN_WORK;
	for (i = 0; i < LB_SEND_EXPECT_ROUNDS; i++) {
		round = &rounds->round[i];
		round->send = round_arg(talk, "send", i);
		round->expect = round_arg(talk, "expect", i);
		regex = round_arg(talk, "regex", i);
		if (regex && lb_pattern_new(&round->regex, regex, NULL))
			return lb_err_set(err, -EINVAL, "args: bad regex");
	}

	return 0;
}

static void rounds_exit(struct talk *talk)
{
	struct rounds *rounds = talk->priv;
	unsigned int i;

	for (i = 0; i < LB_SEND_EXPECT_ROUNDS; i++)
		lb_pattern_free(rounds->round[i].regex);
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

static bool answer_match(struct talk *talk, struct rounds *rounds,
			 const struct lb_pattern *regex)
{
	size_t end;

	if (!lb_pattern_find(regex, talk->kept, talk->kept_len, &rounds->work,
			     &end))
		return false;
	talk_drop(talk, end);

	return true;
}

/* Whether the answer has come that the round at hand expects, if any. */
static bool round_done(struct talk *talk)
{
	struct rounds *rounds = talk->priv;
	const struct round *round = &rounds->round[rounds->now];

	if (!round->expect && !round->regex)
		return true;
	if (!talk->kept_len)
		return false;
	if (round->expect)
		return answer_search(talk, rounds, round->expect);

	return answer_match(talk, rounds, round->regex);
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
		if (++rounds->now == LB_SEND_EXPECT_ROUNDS)
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
				  !rounds->work))
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
