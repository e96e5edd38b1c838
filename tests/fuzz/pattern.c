// SPDX-License-Identifier: GPL-2.0-only
/*
 * A regular expression, and a text that it is tried on: up to the first line's
 * end, and behind it. Whatever they are, that is soon done.
 */

#include "err.h"
#include "pattern.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try(const struct lb_pattern *pattern, const char *text, size_t len)
{
	size_t work = LB_PATTERN_WORK, end = 0;

	if (lb_pattern_find(pattern, text, len, &work, &end) && end > len)
		abort();
	if (work > LB_PATTERN_WORK)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = memchr(data, '\n', size);
	struct lb_pattern *pattern;
	struct lb_err err = { 0 };
	size_t len;
	char *text, *rest;

	len = end ? (size_t)(end - data) : size;
	text = malloc(len + 1);
	memcpy(text, data, len);
	text[len] = '\0';
	/* So that not a byte beyond it is read. */
	size -= len;
	rest = malloc(size);
	memcpy(rest, data + len, size);
	if (!lb_pattern_new(&pattern, text, &err)) {
		try(pattern, rest, size);
		lb_pattern_free(pattern);
	} else if (!*err.text) {
		abort();
	}
	free(rest);
	free(text);

	return 0;
}
