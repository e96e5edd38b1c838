// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a name server answers. The first byte says what was asked for; the id
 * and the question are made right, or little would get beyond them.
 */

#include "args.h"
#include "compiler.h"
#include "dns.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const asked[] = {
	"name=a.x", "name=a.x expect=192.0.2.1", "name=a.x type=MX expect=a.x",
	"name=a.x type=TXT expect=a", "name=a.x type=SOA expect=7",
	"name=a.x type=SRV expect='1 2 3 a.x'", "name=a.x type=NS expect=.",
	"name=192.0.2.1 type=PTR rcode=any", "name=::1 type=PTR expect=a",
	"name=a.x type=AAAA expect=::1",
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum dns_verdict verdict;
	struct dns_query query;
	char text[DNS_TEXT];
	struct lb_args args;
	uint8_t *bytes;
	size_t len;

	if (size < 13)
		return 0;
	if (lb_args_parse(&args, asked[data[0] % ARRAY_SIZE(asked)], NULL) ||
	    dns_query_make(&query, &args, 0x1234))
		abort();

	len = size - 1 + query.len - 12;
	bytes = malloc(len);
	memcpy(bytes, data + 1, 12);
	memcpy(bytes + 12, query.bytes + 12, query.len - 12);
	memcpy(bytes + query.len, data + 13, size - 13);
	if (!(data[0] & 0x80)) {
		memcpy(bytes, query.bytes, 2);
		bytes[2] |= 0x80;
		memcpy(bytes + 4, query.bytes + 4, 2);
	}

	verdict = dns_judge(&query, bytes, len, text, sizeof(text));
	if (!memchr(text, '\0', sizeof(text)) ||
	    (verdict != DNS_OTHER && !*text))
		abort();
	free(bytes);

	return 0;
}
