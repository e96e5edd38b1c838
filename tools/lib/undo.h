/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What there is to be when what was applied is undone.
 */

#ifndef _LB_UNDO_H
#define _LB_UNDO_H

#include <stddef.h>

struct lb_err;
struct lb_site;

int lb_undo_make(struct lb_site *target, const struct lb_site *now,
		 const struct lb_site *before, const struct lb_site *applied,
		 size_t *kept, struct lb_err *err);
void lb_undo_all(struct lb_site *target, const struct lb_site *before);
void lb_undo_free(struct lb_site *target);

#endif /* _LB_UNDO_H */
