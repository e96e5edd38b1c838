// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an agent says: nothing is made of it but what there is.
 */

#include "agent.h"
#include "check.h"
#include "model.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct agent_wish wish;

	memcpy(text, data, size);
	text[size] = '\0';
	if (agent_parse(agent_answer(text), &wish) &&
	    ((wish.has_weight && wish.weight > L4LB_AGENT_WEIGHT_MAX) ||
	     (wish.admin && wish.admin != L4LB_ADMIN_ONLINE &&
	      wish.admin != L4LB_ADMIN_DRAIN &&
	      wish.admin != L4LB_ADMIN_HALT)))
		abort();
	free(text);

	return 0;
}
