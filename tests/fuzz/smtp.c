// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a mail server says to the check "smtp".
 */

#include "compiler.h"

#include <string.h>

#define FUZZ_OPS	talk_smtp

static const char *const fuzz_args[] = {
	"", "starttls=yes", "accept=421,500-599 ehlo=a",
};

#include "serve.h"
