// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a mail server says to the check "pop3".
 */

#include "compiler.h"

#include <string.h>

#define FUZZ_OPS	talk_pop3

static const char *const fuzz_args[] = {
	"", "starttls=yes",
};

#include "serve.h"
