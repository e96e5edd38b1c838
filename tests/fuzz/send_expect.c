// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a server says to the check "send-expect".
 */

#include "compiler.h"

#include <string.h>

#define FUZZ_OPS	talk_send_expect

static const char *const fuzz_args[] = {
	"send=a expect=b", "expect=a send2=b regex2=c+d expect3=ef", "send=a",
	"regex=(a|b)+c$", "regex='a.*b'", "regex='(a|b)*a(a|b){12}c'",
	"expect=a expect2=b expect3=c regex4='a?b|c'",
};

#include "serve.h"
