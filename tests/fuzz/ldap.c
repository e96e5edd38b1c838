// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a directory server says to the check "ldap".
 */

#include "compiler.h"

#include <string.h>

#define FUZZ_OPS	talk_ldap

static const char *const fuzz_args[] = {
	"", "base=dc=a", "base=dc=a expect=abc scope=sub filter=(uid=a)",
};

#include "serve.h"
