/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All there is in the module, twice, to see how fast it changes.
 */

#ifndef _LBCTL_SAMPLE_H
#define _LBCTL_SAMPLE_H

#include "picture.h"

/**
 * struct sample - all there is, twice
 * @before: what there was
 * @now: what there is
 * @ms: time between the two
 */
struct sample {
	struct picture before;
	struct picture now;
	uint64_t ms;
};

int sample_take(struct cmd *cmd, struct lb_words *words, struct sample *sample);
void sample_free(struct sample *sample);

#endif /* _LBCTL_SAMPLE_H */
