// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is to be checked on a real, and how: its own check or that of its VIP.
 */

#include "plan.h"
#include "model.h"

#include <stdio.h>
#include <string.h>

static void port_add(struct plan *plan, uint16_t port)
{
	if (plan->n_ports < L4LB_CHECK_PORTS_MAX)
		plan->port[plan->n_ports++] = port;
}

static void ports_expand(struct plan *plan, const struct lb_ports *ports)
{
	unsigned int i, port;

	for (i = 0; i < ports->count; i++) {
		for (port = ports->range[i].first; port <= ports->range[i].last;
		     port++)
			port_add(plan, (uint16_t)port);
	}
}

/* A service on any port has none that could be taken for it. */
static bool is_any(const struct lb_ports *ports)
{
	return ports->range[0].first == 1 && ports->range[0].last == UINT16_MAX;
}

static void ports_choose(struct plan *plan, const struct lb_check *check,
			 const struct lb_vip *vip, const struct lb_real *real)
{
	if (check->ports.count)
		ports_expand(plan, &check->ports);
	else if (real->port)
		port_add(plan, real->port);
	else if (vip->ports.count && !is_any(&vip->ports))
		port_add(plan, vip->ports.range[0].first);
}

/**
 * plan_make() - say what is to be checked on a real
 * @plan: where to
 * @vip: its VIP
 * @real: the real
 */
void plan_make(struct plan *plan, const struct lb_vip *vip,
	       const struct lb_real *real)
{
	const struct lb_check *check = &vip->check;

	if (lb_has(real->has, L4LB_A_REAL_CHECK))
		check = &real->check;

	memset(plan, 0, sizeof(*plan));
	snprintf(plan->type, sizeof(plan->type), "%s", check->type);
	plan->addr = real->addr;
	plan->interval = check->interval;
	plan->timeout = check->timeout;
	plan->rise = check->rise;
	plan->fall = check->fall;
	ports_choose(plan, check, vip, real);
}

/**
 * plan_equal() - compare two plans
 * @a: one
 * @b: the other
 *
 * Return: whether they are the same.
 */
bool plan_equal(const struct plan *a, const struct plan *b)
{
	return !strcmp(a->type, b->type) && lb_addr_equal(&a->addr, &b->addr) &&
	       a->n_ports == b->n_ports &&
	       !memcmp(a->port, b->port, sizeof(a->port)) &&
	       a->interval == b->interval && a->timeout == b->timeout &&
	       a->rise == b->rise && a->fall == b->fall;
}
