/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whole objects: with a value for every option, so that what a file says and
 * what the module has can be compared.
 */

#ifndef _LB_WHOLE_H
#define _LB_WHOLE_H

#include "model.h"

struct lb_err;

/* Bit of what is not an attribute of the VIP's nest, but belongs to it. */
#define LB_VIP_ALLOW	LB_BIT(31)

/* What a whole VIP has; and what a whole real has, its state and check aside. */
#define LB_VIP_OPTIONS	(LB_BIT(L4LB_A_VIP_ADDR4) | \
			 LB_BIT(L4LB_A_VIP_PROTOS) | \
			 LB_BIT(L4LB_A_VIP_PORTS) | LB_BIT(L4LB_A_VIP_MODE) | \
			 LB_BIT(L4LB_A_VIP_SCHED) | LB_BIT(L4LB_A_VIP_IDLE) | \
			 LB_BIT(L4LB_A_VIP_CHECK) | \
			 LB_BIT(L4LB_A_VIP_ORPHAN) | \
			 LB_BIT(L4LB_A_VIP_NO_REAL) | \
			 LB_BIT(L4LB_A_VIP_HOOK) | LB_BIT(L4LB_A_VIP_SEED) | \
			 LB_BIT(L4LB_A_VIP_PERSIST) | \
			 LB_BIT(L4LB_A_VIP_MASK) | \
			 LB_BIT(L4LB_A_VIP_SOURCES) | \
			 LB_BIT(L4LB_A_VIP_FALLBACK) | \
			 LB_BIT(L4LB_A_VIP_SLOW_START) | \
			 LB_BIT(L4LB_A_VIP_DEV))
#define LB_REAL_OPTIONS	(LB_BIT(L4LB_A_REAL_ADDR4) | \
			 LB_BIT(L4LB_A_REAL_PORT) | \
			 LB_BIT(L4LB_A_REAL_WEIGHT) | \
			 LB_BIT(L4LB_A_REAL_MAX_CONNS))

int lb_check_whole(struct lb_check *check, const struct lb_check *base,
		   struct lb_err *err);
int lb_vip_whole(struct lb_vip *vip, struct lb_err *err);
int lb_real_whole(struct lb_real *real, const struct lb_vip *vip,
		  struct lb_err *err);
bool lb_check_equal(const struct lb_check *a, const struct lb_check *b);
uint32_t lb_check_diff(const struct lb_check *a, const struct lb_check *b);
uint32_t lb_vip_diff(const struct lb_vip *now, const struct lb_vip *then);
uint32_t lb_real_diff(const struct lb_real *now, const struct lb_real *then);
uint32_t lb_info_diff(const struct lb_info *now, const struct lb_info *then);

#endif /* _LB_WHOLE_H */
