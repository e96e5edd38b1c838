// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is asked of whoever gives the metrics.
 */

#include "scrape.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *request = malloc(size + 1);
	const char *status;
	bool head;

	memcpy(request, data, size);
	request[size] = '\0';
	status = scrape_judge(request, &head);
	/* What is given has been asked for by its name. */
	if (!status && (!memmem(data, size, "/metrics", 8) ||
			!memmem(data, size, head ? "HEAD" : "GET",
				head ? 4 : 3)))
		abort();
	free(request);

	return 0;
}
