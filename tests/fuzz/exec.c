// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a program of the check "exec" prints: the first byte says in how large
 * pieces.
 */

#include "child.h"
#include "err.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(const struct child_line *line)
{
	char text[CHILD_LINE];

	if (line->len >= sizeof(line->text) || line->text[line->len] ||
	    memchr(line->text, '\n', line->len))
		abort();
	lb_text_clean(text, sizeof(text), line->text, sizeof(line->text));
	if (!memchr(text, '\0', sizeof(text)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct child_line line = { .len = 0 };
	size_t piece, len;
	char *bytes;

	if (!size)
		return 0;
	piece = data[0] + 1U;
	for (data++, size--; size; data += len, size -= len) {
		len = size < piece ? size : piece;
		/* So that not a byte beyond it is read. */
		bytes = malloc(len);
		memcpy(bytes, data, len);
		child_line_add(&line, bytes, len);
		free(bytes);
		look(&line);
	}

	return 0;
}
