// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules of IPVS, and of iptables.
 */

#include "err.h"
#include "ipvs.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ipvs ipvs = { 0 };
	struct lb_err err;
	FILE *file;
	size_t i;

	if (!size)
		return 0;
	file = fmemopen((void *)data, size, "r");
	if (!file || ipvs_read(&ipvs, file, &err))
		abort();
	for (i = 0; i < ipvs.remark_count; i++) {
		if (!*ipvs.remark[i].text || !ipvs.remark[i].line)
			abort();
	}
	fclose(file);
	ipvs_free(&ipvs);

	return 0;
}
