// SPDX-License-Identifier: GPL-2.0-only
/*
 * What comes to the check "icmp": the first byte says whether with a header.
 */

#include "echo.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct echo echo;
	uint8_t *packet;

	if (!size)
		return 0;

	/* So that not a byte beyond it is read. */
	packet = malloc(size - 1);
	memcpy(packet, data + 1, size - 1);
	if (echo_take(packet, size - 1, data[0] & 1, &echo)) {
		echo.checksum = 0;
		echo.checksum = echo_checksum(&echo);
		if (echo_checksum(&echo))
			abort();
	}
	free(packet);

	return 0;
}
