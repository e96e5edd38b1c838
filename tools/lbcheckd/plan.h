/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is to be checked on a real, and how.
 */

#ifndef _LBCHECKD_PLAN_H
#define _LBCHECKD_PLAN_H

#include "addr.h"

#include <linux/l4lb.h>
#include <stdbool.h>
#include <stdint.h>

struct lb_real;
struct lb_vip;

/**
 * struct plan - what is to be checked on a real, and how
 * @type: type of the check
 * @addr: the real's address
 * @n_ports: how many entries @port has; 0 if nothing says which to check
 * @port: ports, all of which must answer
 * @interval: ms between two checks
 * @timeout: ms until a check has failed
 * @rise: good results until the real is up
 * @fall: bad results until it is not
 */
struct plan {
	char type[L4LB_CHECK_TYPE_MAX + 1];
	struct lb_addr addr;
	unsigned int n_ports;
	uint16_t port[L4LB_CHECK_PORTS_MAX];
	uint32_t interval;
	uint32_t timeout;
	unsigned int rise;
	unsigned int fall;
};

void plan_make(struct plan *plan, const struct lb_vip *vip,
	       const struct lb_real *real);
bool plan_equal(const struct plan *a, const struct plan *b);

#endif /* _LBCHECKD_PLAN_H */
