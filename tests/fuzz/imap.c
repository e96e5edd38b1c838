// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a mail server says to the check "imap".
 */

#include "compiler.h"

#include <string.h>

#define FUZZ_OPS	talk_imap

static const char *const fuzz_args[] = {
	"", "starttls=yes",
};

#include "serve.h"
