/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libFuzzer plays the server of a talk. Before this is included FUZZ_OPS names
 * the protocol, and fuzz_args what the check may be told: the first byte of an
 * input says which, and whether there is a secret, the second one in how large
 * pieces the others come.
 */

#ifndef _FUZZ_SERVE_H
#define _FUZZ_SERVE_H

#include "args.h"
#include "err.h"
#include "talk.h"

#include <stdlib.h>

/* No protocol keeps more than this. */
#define KEPT_MAX	(256 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int truth)
{
	if (!truth)
		abort();
}

/* What whoever carries the talk does; whether there is more to hear. */
static int carry(struct talk *talk, enum talk_step step)
{
	while (step == TALK_SAY || step == TALK_TLS) {
		require(talk->say_len <= TALK_SAY_MAX);
		require(talk->hide + talk->hide_len <= talk->say_len);
		if (step == TALK_SAY) {
			talk_said(talk);
			return 1;
		}
		step = talk_secured(talk);
	}
	require(strnlen(talk->text, TALK_TEXT) < TALK_TEXT);
	require(talk->kept_len <= KEPT_MAX);

	return step == TALK_MORE;
}

static void serve(struct talk *talk, const uint8_t *data, size_t size,
		  size_t piece)
{
	int more = carry(talk, talk_begin(talk));
	size_t used, len;
	char *bytes;

	while (more && size) {
		len = size < piece ? size : piece;
		/* So that not a byte beyond it is read. */
		bytes = malloc(len);
		memcpy(bytes, data, len);
		more = carry(talk, talk_hear(talk, bytes, len, &used));
		free(bytes);
		require(used && used <= len);
		data += used;
		size -= used;
	}
	if (more)
		carry(talk, talk_late(talk, true));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lb_err err;
	struct lb_args args;
	struct talk *talk;

	if (size < 2)
		return 0;

	require(!lb_args_parse(&args,
			       fuzz_args[data[0] % ARRAY_SIZE(fuzz_args)],
			       NULL));
	talk = talk_new(&FUZZ_OPS, &args);
	if (data[0] & 0x80) {
		strcpy(talk->secret.user, "probe");
		strcpy(talk->secret.password, "a\"b\\c");
	}
	require(!talk_init(talk, &err));
	serve(talk, data + 2, size - 2, data[1] + 1U);
	talk_free(talk);

	return 0;
}

#endif /* _FUZZ_SERVE_H */
