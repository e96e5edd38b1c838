// SPDX-License-Identifier: GPL-2.0-only
/*
 * All there is in the module, twice, to see how fast it changes: the module
 * counts, and knows no rates.
 */

#include "sample.h"
#include "cmd.h"
#include "duration.h"
#include "err.h"
#include "watch.h"

#include <errno.h>
#include <time.h>

/* Over what time rates are taken, and what would be too short for it. */
#define RATE_MS		1000
#define RATE_MIN_MS	100

static int time_parse(struct lb_words *words, uint32_t *ms, struct lb_err *err)
{
	const char *word = lb_words_take(words);
	int ret = 0;

	*ms = RATE_MS;
	if (word)
		ret = lb_duration_parse(word, RATE_MIN_MS, ms, err);

	return ret ? ret : lb_words_end(words, err);
}

static void pause_ms(uint32_t ms)
{
	struct timespec left = {
		.tv_sec = ms / 1000,
		.tv_nsec = ms % 1000 * 1000000L,
	};

	while (nanosleep(&left, &left) && errno == EINTR)
		;
}

/**
 * sample_take() - read all there is, wait, and read it again
 * @cmd: command
 * @words: its arguments, ``[TIME]``
 * @sample: where to, for sample_free()
 *
 * Return: the exit status.
 */
int sample_take(struct cmd *cmd, struct lb_words *words, struct sample *sample)
{
	struct lb_err err = { 0 };
	uint64_t began;
	uint32_t ms;
	int ret;

	ret = time_parse(words, &ms, &err);
	if (ret)
		return cmd_usage(cmd, ret, &err);
	ret = picture_get(cmd, words, &sample->before);
	if (ret)
		return ret;

	began = watch_now();
	pause_ms(ms);
	ret = picture_read(cmd->nl, &sample->now, &err);
	if (ret) {
		picture_free(&sample->before);
		return cmd_refused(cmd, ret, &err);
	}
	sample->ms = watch_now() - began;

	return EXIT_DONE;
}

/**
 * sample_free() - drop what was read
 * @sample: sample
 */
void sample_free(struct sample *sample)
{
	picture_free(&sample->before);
	picture_free(&sample->now);
}
