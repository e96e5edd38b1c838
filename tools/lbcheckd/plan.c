// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is to be checked on a real, and how: its own check or that of its VIP.
 */

#include "plan.h"
#include "check_type.h"
#include "err.h"
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

/* What lbctl would have refused may have come by another way. */
static void fault_find(struct plan *plan, const struct lb_check *check,
		       const struct lb_vip *vip)
{
	struct lb_err err = { 0 };

	if (lb_args_parse(&plan->args, check->args, &err))
		snprintf(plan->fault, sizeof(plan->fault), "args: %.*s",
			 PLAN_FAULT - 8, err.text);
	else if (lb_check_type_find(check->type) &&
		 lb_check_type_refuse(check, vip->protos, &err))
		snprintf(plan->fault, sizeof(plan->fault), "%.*s",
			 PLAN_FAULT - 1, err.text);
}

/* Reals of other modes know no address but their own. */
static uint8_t via_choose(const struct lb_check *check, const struct lb_vip *vip)
{
	return vip->mode == L4LB_MODE_DR ? check->via : L4LB_VIA_REAL;
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
	const struct lb_check_type *type;

	if (lb_has(real->has, L4LB_A_REAL_CHECK))
		check = &real->check;
	type = lb_check_type_find(check->type);

	memset(plan, 0, sizeof(*plan));
	snprintf(plan->type, sizeof(plan->type), "%s", check->type);
	lb_name_copy(plan->vip, vip->name);
	lb_name_copy(plan->real, real->name);
	plan->vip_addr = vip->addr;
	if (vip->ports.count && !is_any(&vip->ports))
		plan->vip_port = vip->ports.range[0].first;
	plan->addr = real->addr;
	plan->real_port = real->port;
	plan->interval = check->interval;
	plan->fast = check->fast;
	plan->timeout = check->timeout;
	plan->rise = check->rise;
	plan->fall = check->fall;
	plan->via = via_choose(check, vip);
	plan->agent = check->agent;
	plan->guard = check->guard;
	snprintf(plan->secret, sizeof(plan->secret), "%s", check->secret);
	fault_find(plan, check, vip);
	if (!type || type->port != LB_CHECK_PORT_NONE)
		ports_choose(plan, check, vip, real);
}

/* Most checks are the same for whichever VIP they are made. */
static bool is_of_vip(const struct plan *plan)
{
	return plan->via == L4LB_VIA_VIP || !strcmp(plan->type, "exec");
}

static bool vips_equal(const struct plan *a, const struct plan *b)
{
	return !strcmp(a->vip, b->vip) && !strcmp(a->real, b->real) &&
	       lb_addr_equal(&a->vip_addr, &b->vip_addr) &&
	       a->vip_port == b->vip_port && a->real_port == b->real_port;
}

static bool ports_equal(const struct plan *a, const struct plan *b)
{
	return a->n_ports == b->n_ports &&
	       !memcmp(a->port, b->port, sizeof(a->port));
}

static bool times_equal(const struct plan *a, const struct plan *b)
{
	return a->interval == b->interval && a->fast == b->fast &&
	       a->timeout == b->timeout && a->rise == b->rise &&
	       a->fall == b->fall;
}

/**
 * plan_equal() - compare two plans
 * @a: one
 * @b: the other
 *
 * Return: whether one check does for both; of the VIP only what the check
 * depends on is compared.
 */
bool plan_equal(const struct plan *a, const struct plan *b)
{
	return !strcmp(a->type, b->type) && !strcmp(a->fault, b->fault) &&
	       lb_addr_equal(&a->addr, &b->addr) && ports_equal(a, b) &&
	       times_equal(a, b) && a->via == b->via &&
	       (!is_of_vip(a) || vips_equal(a, b)) && a->agent == b->agent &&
	       a->guard == b->guard && !strcmp(a->secret, b->secret) &&
	       !memcmp(&a->args, &b->args, sizeof(a->args));
}
