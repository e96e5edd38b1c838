// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an administrator writes for the arguments of a check: taken apart, and
 * looked at by every type.
 */

#include "args.h"
#include "check_type.h"
#include "compiler.h"
#include "err.h"
#include "model.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const types[] = {
	"tcp", "icmp", "smtp", "imap", "imaps", "pop3", "pop3s", "http",
	"https", "tls", "ldap", "ldaps", "dns", "send-expect", "exec",
	"external", "off",
};

static void look(char *text)
{
	struct lb_check check = {
		.has = LB_BIT(L4LB_A_CHECK_TYPE), .args = text,
	};
	struct lb_err err;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		strcpy(check.type, types[i]);
		lb_check_type_refuse(&check, L4LB_PROTO_ALL, &err);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct lb_args args;
	struct lb_err err;
	unsigned int i;

	memcpy(text, data, size);
	text[size] = '\0';
	if (!lb_args_parse(&args, text, &err)) {
		for (i = 0; i < args.count; i++) {
			if (!*lb_args_key(&args, i) ||
			    lb_args_get(&args, lb_args_key(&args, i)) !=
			    lb_args_value(&args, i))
				abort();
		}
		look(text);
	}
	free(text);

	return 0;
}
