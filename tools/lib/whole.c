// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whole objects: with a value for every option.
 */

#include "whole.h"
#include "err.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What a check of a type is like of which nothing else is said. */
static void check_defaults(struct lb_check *check)
{
	uint32_t has = check->has;

	if (!lb_has(has, L4LB_A_CHECK_INTERVAL))
		check->interval = L4LB_CHECK_INTERVAL_DEFAULT;
	if (!lb_has(has, L4LB_A_CHECK_TIMEOUT))
		check->timeout = L4LB_CHECK_TIMEOUT_DEFAULT;
	if (!lb_has(has, L4LB_A_CHECK_RISE))
		check->rise = L4LB_CHECK_RISE_DEFAULT;
	if (!lb_has(has, L4LB_A_CHECK_FALL))
		check->fall = L4LB_CHECK_FALL_DEFAULT;
	if (!lb_has(has, L4LB_A_CHECK_VIA))
		check->via = L4LB_VIA_REAL;
}

/* What a check is like of which a part is said, and the rest is another's. */
static int check_inherit(struct lb_check *check, const struct lb_check *base)
{
	uint32_t has = check->has;

	memcpy(check->type, base->type, sizeof(check->type));
	if (!lb_has(has, L4LB_A_CHECK_PORTS))
		check->ports = base->ports;
	if (!lb_has(has, L4LB_A_CHECK_INTERVAL))
		check->interval = base->interval;
	if (!lb_has(has, L4LB_A_CHECK_TIMEOUT))
		check->timeout = base->timeout;
	if (!lb_has(has, L4LB_A_CHECK_RISE))
		check->rise = base->rise;
	if (!lb_has(has, L4LB_A_CHECK_FALL))
		check->fall = base->fall;
	if (!lb_has(has, L4LB_A_CHECK_FAST))
		check->fast = base->fast;
	if (!lb_has(has, L4LB_A_CHECK_VIA))
		check->via = base->via;
	if (!lb_has(has, L4LB_A_CHECK_AGENT))
		check->agent = base->agent;
	if (!lb_has(has, L4LB_A_CHECK_GUARD))
		check->guard = base->guard;
	if (!lb_has(has, L4LB_A_CHECK_SECRET))
		lb_name_copy(check->secret, base->secret);
	if (lb_has(has, L4LB_A_CHECK_ARGS) || !base->args)
		return 0;
	check->args = strdup(base->args);

	return check->args ? 0 : -ENOMEM;
}

/**
 * lb_check_whole() - give a check a value for everything
 * @check: what is said of it
 * @base: a whole check that it is a change of, if it has no type
 * @err: why not
 *
 * Return: 0 or -ENOMEM.
 */
int lb_check_whole(struct lb_check *check, const struct lb_check *base,
		   struct lb_err *err)
{
	if (lb_has(check->has, L4LB_A_CHECK_TYPE))
		check_defaults(check);
	else if (check_inherit(check, base))
		return lb_err_code(err, -ENOMEM);
	check->has = (LB_BIT(L4LB_A_CHECK_MAX + 1) - 1) & ~1U;

	return 0;
}

/**
 * lb_vip_whole() - give a VIP a value for every option
 * @vip: what is said of it, lb_vip_settle() done
 * @err: why not
 *
 * Return: 0 or -ENOMEM.
 */
int lb_vip_whole(struct lb_vip *vip, struct lb_err *err)
{
	struct lb_check base;
	uint32_t has = vip->has;

	if (!lb_has(has, L4LB_A_VIP_MODE))
		vip->mode = L4LB_MODE_DR;
	if (!lb_has(has, L4LB_A_VIP_SCHED))
		vip->sched = L4LB_SCHED_WRR;
	if (!lb_has(has, L4LB_A_VIP_IDLE))
		vip->idle = L4LB_IDLE_DEFAULT;
	if (!lb_has(has, L4LB_A_VIP_ORPHAN))
		vip->orphan = L4LB_ORPHAN_RST;
	if (!lb_has(has, L4LB_A_VIP_NO_REAL))
		vip->no_real = L4LB_NO_REAL_RST;
	if (!lb_has(has, L4LB_A_VIP_HOOK))
		vip->hook = L4LB_HOOK_EARLY;
	if (!lb_has(has, L4LB_A_VIP_MASK))
		vip->mask = (uint8_t)lb_addr_bits(&vip->addr);

	lb_check_default(&base, vip->protos);
	if (!lb_has(has, L4LB_A_VIP_CHECK))
		vip->check = base;
	check_defaults(&base);
	vip->has |= LB_VIP_OPTIONS;

	return lb_check_whole(&vip->check, &base, err);
}

/**
 * lb_real_whole() - give a real a value for every option but its state, which
 * it keeps if nothing is said of it
 * @real: what is said of it
 * @vip: its VIP, a whole one
 * @err: why not
 *
 * Return: 0 or -ENOMEM.
 */
int lb_real_whole(struct lb_real *real, const struct lb_vip *vip,
		  struct lb_err *err)
{
	if (!lb_has(real->has, L4LB_A_REAL_WEIGHT))
		real->weight = L4LB_WEIGHT_DEFAULT;
	real->has |= LB_REAL_OPTIONS;
	if (!lb_has(real->has, L4LB_A_REAL_CHECK))
		return 0;

	return lb_check_whole(&real->check, &vip->check, err);
}

static bool text_equal(const char *a, const char *b)
{
	return !strcmp(a ? a : "", b ? b : "");
}

static uint32_t bit_if(bool differs, unsigned int attr)
{
	return differs ? LB_BIT(attr) : 0;
}

/**
 * lb_check_diff() - compare two whole checks
 * @a: one
 * @b: the other
 *
 * Return: bits of &enum l4lb_check_attr in which they differ.
 */
uint32_t lb_check_diff(const struct lb_check *a, const struct lb_check *b)
{
	return bit_if(strcmp(a->type, b->type), L4LB_A_CHECK_TYPE) |
	       bit_if(!lb_ports_equal(&a->ports, &b->ports),
		      L4LB_A_CHECK_PORTS) |
	       bit_if(a->interval != b->interval, L4LB_A_CHECK_INTERVAL) |
	       bit_if(a->timeout != b->timeout, L4LB_A_CHECK_TIMEOUT) |
	       bit_if(a->rise != b->rise, L4LB_A_CHECK_RISE) |
	       bit_if(a->fall != b->fall, L4LB_A_CHECK_FALL) |
	       bit_if(a->fast != b->fast, L4LB_A_CHECK_FAST) |
	       bit_if(a->via != b->via, L4LB_A_CHECK_VIA) |
	       bit_if(a->agent != b->agent, L4LB_A_CHECK_AGENT) |
	       bit_if(a->guard != b->guard, L4LB_A_CHECK_GUARD) |
	       bit_if(strcmp(a->secret, b->secret), L4LB_A_CHECK_SECRET) |
	       bit_if(!text_equal(a->args, b->args), L4LB_A_CHECK_ARGS);
}

/**
 * lb_check_equal() - ask whether two whole checks are the same
 * @a: one
 * @b: the other
 *
 * Return: whether they are.
 */
bool lb_check_equal(const struct lb_check *a, const struct lb_check *b)
{
	return !lb_check_diff(a, b);
}

static bool sources_equal(const struct lb_sources *a,
			  const struct lb_sources *b)
{
	unsigned int i;

	if (a->count != b->count)
		return false;
	for (i = 0; i < a->count; i++) {
		if (!lb_addr_equal(&a->addr[i], &b->addr[i]))
			return false;
	}

	return true;
}

static bool allow_equal(const struct lb_allow *a, const struct lb_allow *b)
{
	size_t i;

	if (a->count != b->count)
		return false;
	for (i = 0; i < a->count; i++) {
		if (!lb_addr_equal(&a->range[i].first, &b->range[i].first) ||
		    !lb_addr_equal(&a->range[i].last, &b->range[i].last))
			return false;
	}

	return true;
}

static bool fallback_equal(const struct lb_vip *a, const struct lb_vip *b)
{
	return a->fallback.family == b->fallback.family &&
	       (!a->fallback.family ||
		(lb_addr_equal(&a->fallback, &b->fallback) &&
		 a->fallback_port == b->fallback_port));
}

/**
 * lb_vip_diff() - compare what two whole VIPs are told
 * @now: what one is
 * @then: what it is to be
 *
 * Return: bits of &enum l4lb_vip_attr, and %LB_VIP_ALLOW, that have to be set to
 * make @then of @now.
 */
uint32_t lb_vip_diff(const struct lb_vip *now, const struct lb_vip *then)
{
	/* The mask of another family is not kept. */
	bool turns = now->addr.family != then->addr.family;

	return bit_if(!lb_addr_equal(&now->addr, &then->addr),
		      L4LB_A_VIP_ADDR4) |
	       bit_if(now->protos != then->protos, L4LB_A_VIP_PROTOS) |
	       bit_if(!lb_ports_equal(&now->ports, &then->ports),
		      L4LB_A_VIP_PORTS) |
	       bit_if(now->mode != then->mode, L4LB_A_VIP_MODE) |
	       bit_if(now->sched != then->sched, L4LB_A_VIP_SCHED) |
	       bit_if(now->idle != then->idle, L4LB_A_VIP_IDLE) |
	       bit_if(!lb_check_equal(&now->check, &then->check),
		      L4LB_A_VIP_CHECK) |
	       bit_if(now->orphan != then->orphan, L4LB_A_VIP_ORPHAN) |
	       bit_if(now->no_real != then->no_real, L4LB_A_VIP_NO_REAL) |
	       bit_if(now->hook != then->hook, L4LB_A_VIP_HOOK) |
	       bit_if(now->seed != then->seed, L4LB_A_VIP_SEED) |
	       bit_if(now->persist != then->persist, L4LB_A_VIP_PERSIST) |
	       bit_if(turns || now->mask != then->mask, L4LB_A_VIP_MASK) |
	       bit_if(!sources_equal(&now->sources, &then->sources),
		      L4LB_A_VIP_SOURCES) |
	       bit_if(!fallback_equal(now, then), L4LB_A_VIP_FALLBACK) |
	       bit_if(now->slow_start != then->slow_start,
		      L4LB_A_VIP_SLOW_START) |
	       bit_if(strcmp(now->dev, then->dev), L4LB_A_VIP_DEV) |
	       (allow_equal(&now->allow, &then->allow) ? 0 : LB_VIP_ALLOW);
}

static uint32_t real_check_diff(const struct lb_real *now,
				const struct lb_real *then)
{
	if (!lb_has(then->has, L4LB_A_REAL_CHECK))
		return bit_if(lb_has(now->has, L4LB_A_REAL_CHECK),
			      L4LB_A_REAL_CHECK_INHERIT);

	return bit_if(!lb_has(now->has, L4LB_A_REAL_CHECK) ||
		      !lb_check_equal(&now->check, &then->check),
		      L4LB_A_REAL_CHECK);
}

/**
 * lb_real_diff() - compare what two whole reals are told
 * @now: what one is
 * @then: what it is to be
 *
 * Return: bits of &enum l4lb_real_attr that have to be set to make @then of
 * @now.
 */
uint32_t lb_real_diff(const struct lb_real *now, const struct lb_real *then)
{
	return bit_if(!lb_addr_equal(&now->addr, &then->addr),
		      L4LB_A_REAL_ADDR4) |
	       bit_if(now->port != then->port, L4LB_A_REAL_PORT) |
	       bit_if(now->weight != then->weight, L4LB_A_REAL_WEIGHT) |
	       bit_if(now->max_conns != then->max_conns,
		      L4LB_A_REAL_MAX_CONNS) |
	       bit_if(lb_has(then->has, L4LB_A_REAL_ADMIN) &&
		      now->admin != then->admin, L4LB_A_REAL_ADMIN) |
	       real_check_diff(now, then);
}

static bool macs_equal(const struct lb_macs *a, const struct lb_macs *b)
{
	return a->count == b->count &&
	       !memcmp(a->mac, b->mac, a->count * sizeof(a->mac[0]));
}

/* A limit that is not said is the default, whatever that is. */
static bool limit_differs(const struct lb_info *now, uint32_t max,
			  uint32_t then_max, uint8_t limit)
{
	return then_max ? max != then_max : now->limited & limit;
}

/**
 * lb_info_diff() - compare what two namespaces are told that a file can say
 * @now: what one is told
 * @then: what it is to be told; a limit of 0 is its default
 *
 * Return: bits of &enum l4lb_info_attr that have to be set to make @then of
 * @now.
 */
uint32_t lb_info_diff(const struct lb_info *now, const struct lb_info *then)
{
	return bit_if(limit_differs(now, now->conns_max, then->conns_max,
				    L4LB_LIMIT_CONNS), L4LB_A_INFO_CONNS_MAX) |
	       bit_if(limit_differs(now, now->persists_max,
				    then->persists_max, L4LB_LIMIT_PERSISTS),
		      L4LB_A_INFO_PERSISTS_MAX) |
	       bit_if(limit_differs(now, now->vips_max, then->vips_max,
				    L4LB_LIMIT_VIPS), L4LB_A_INFO_VIPS_MAX) |
	       bit_if(limit_differs(now, now->reals_max, then->reals_max,
				    L4LB_LIMIT_REALS), L4LB_A_INFO_REALS_MAX) |
	       bit_if(now->seed != then->seed, L4LB_A_INFO_SEED) |
	       bit_if(!macs_equal(&now->partners, &then->partners),
		      L4LB_A_INFO_PARTNERS);
}
