// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a web server says to the check "http".
 */

#include "compiler.h"

#include <string.h>

#define FUZZ_OPS	talk_http

static const char *const fuzz_args[] = {
	"", "body=abc", "regex=a+b status=200-599", "regex='a.*b'", "body=b regex=^a.*b$",
	"method=HEAD host=a status=100-999",
};

#include "serve.h"
