/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is to be checked on a real, and how.
 */

#ifndef _LBCHECKD_PLAN_H
#define _LBCHECKD_PLAN_H

#include "addr.h"
#include "args.h"

#include <linux/l4lb.h>
#include <stdbool.h>
#include <stdint.h>

struct lb_real;
struct lb_vip;

/* Room for why a real cannot be checked. */
#define PLAN_FAULT	160

/**
 * struct plan - what is to be checked on a real, and how
 * @type: type of the check
 * @fault: why it cannot be checked so, such as ``args: "host" is missing``;
 *	empty if it can
 * @vip: name of its VIP
 * @vip_addr: address of its VIP
 * @vip_port: first port of its VIP, 0 if that has any port
 * @real: the real's name
 * @addr: the real's address
 * @real_port: the real's port, 0 if it is the VIP's
 * @n_ports: how many entries @port has; 0 if nothing says which to check
 * @port: ports, all of which must answer
 * @interval: ms between two checks
 * @fast: ms between two checks while results are against the verdict, 0 for
 *	@interval
 * @timeout: ms until a check has failed
 * @rise: good results until the real is up
 * @fall: bad results until it is not
 * @via: &enum l4lb_via
 * @agent: port of its agent, 0 for none
 * @guard: percent of the VIP's reals that may not fail at once, 0 for none
 * @secret: name of the secret to log in with, empty for none
 * @args: what the type is told
 *
 * Plain data: it may be copied by assignment.
 */
struct plan {
	char type[L4LB_CHECK_TYPE_MAX + 1];
	char fault[PLAN_FAULT];
	char vip[L4LB_NAME_MAX + 1];
	struct lb_addr vip_addr;
	uint16_t vip_port;
	char real[L4LB_NAME_MAX + 1];
	struct lb_addr addr;
	uint16_t real_port;
	unsigned int n_ports;
	uint16_t port[L4LB_CHECK_PORTS_MAX];
	uint32_t interval;
	uint32_t fast;
	uint32_t timeout;
	uint8_t rise;
	uint8_t fall;
	uint8_t via;
	uint16_t agent;
	uint8_t guard;
	char secret[L4LB_NAME_MAX + 1];
	struct lb_args args;
};

void plan_make(struct plan *plan, const struct lb_vip *vip,
	       const struct lb_real *real);
bool plan_equal(const struct plan *a, const struct plan *b);

#endif /* _LBCHECKD_PLAN_H */
