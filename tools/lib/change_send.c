// SPDX-License-Identifier: GPL-2.0-only
/*
 * The changes of a plan as one transaction of the module.
 */

#include "change.h"
#include "compiler.h"
#include "err.h"
#include "request.h"
#include "whole.h"

#include <errno.h>
#include <stdlib.h>

/**
 * struct step - changes that are sent together
 * @noun: of these objects
 * @removes: those that go, or those that do not
 */
struct step {
	enum lb_noun noun;
	bool removes;
};

/* What goes makes room; what is named has to be there. */
static const struct step steps[LB_STEPS] = {
	{ LB_NOUN_GLOBAL, false },
	{ LB_NOUN_PIN, true },
	{ LB_NOUN_REAL, true },
	{ LB_NOUN_VIP, true },
	{ LB_NOUN_VIP, false },
	{ LB_NOUN_REAL, false },
	{ LB_NOUN_PIN, false },
};

static bool step_has(const struct step *step, const struct lb_change *change)
{
	return change->noun == step->noun &&
	       (change->kind == LB_CHANGE_DEL) == step->removes;
}

/**
 * lb_change_step() - say in which step a change is made
 * @change: the change
 *
 * Return: which, less than %LB_STEPS.
 */
unsigned int lb_change_step(const struct lb_change *change)
{
	unsigned int i = 0;

	while (i + 1 < LB_STEPS && !step_has(&steps[i], change))
		i++;

	return i;
}

static int send_info(struct lb_nl *nl, const struct lb_change *change,
		     struct lb_err *err)
{
	struct lb_info info = *change->then.info;

	info.has = change->has;

	return lb_info_set(nl, &info, err);
}

static int send_vip(struct lb_nl *nl, const struct lb_change *change,
		    struct lb_err *err)
{
	struct lb_vip vip = { 0 };
	uint32_t has = change->has;
	uint8_t cmd = L4LB_CMD_VIP_SET;

	if (change->kind == LB_CHANGE_DEL) {
		lb_name_copy(vip.name, change->now.vip->name);
		return lb_vip_send(nl, L4LB_CMD_VIP_DEL, false, &vip, err);
	}

	vip = *change->then.vip;
	if (change->kind == LB_CHANGE_ADD) {
		cmd = L4LB_CMD_VIP_NEW;
		has = LB_VIP_OPTIONS | (vip.allow.count ? LB_VIP_ALLOW : 0);
	}
	vip.has = has & LB_VIP_OPTIONS;
	vip.allow_op = has & LB_VIP_ALLOW ? L4LB_ALLOW_SET : 0;

	return lb_vip_send(nl, cmd, false, &vip, err);
}

static int send_real(struct lb_nl *nl, const struct lb_change *change,
		     struct lb_err *err)
{
	struct lb_real real = { 0 };

	if (change->kind == LB_CHANGE_DEL) {
		lb_name_copy(real.vip, change->now.real->vip);
		lb_name_copy(real.name, change->now.real->name);
		return lb_real_send(nl, L4LB_CMD_REAL_DEL, false, &real, err);
	}

	real = *change->then.real;
	if (change->kind == LB_CHANGE_SET) {
		real.has = change->has;
		return lb_real_send(nl, L4LB_CMD_REAL_SET, false, &real, err);
	}
	real.has = LB_REAL_OPTIONS |
		   (real.has & (LB_BIT(L4LB_A_REAL_ADMIN) |
				LB_BIT(L4LB_A_REAL_CHECK)));

	return lb_real_send(nl, L4LB_CMD_REAL_NEW, false, &real, err);
}

static int send_pin(struct lb_nl *nl, const struct lb_change *change,
		    struct lb_err *err)
{
	const struct lb_persist *now = change->now.pin;
	struct lb_filter filter = { 0 };
	struct lb_persist pin;
	uint32_t count;

	if (change->kind != LB_CHANGE_DEL) {
		pin = *change->then.pin;
		pin.has = 0;
		return lb_persist_add(nl, &pin, err);
	}

	filter.has = LB_BIT(L4LB_A_FILTER_VIP) | LB_BIT(L4LB_A_FILTER_ADDR4);
	lb_name_copy(filter.vip, now->vip);
	filter.src.addr = now->client.addr;
	filter.src.len = (uint8_t)lb_addr_bits(&now->client.addr);

	return lb_persist_del(nl, &filter, &count, err);
}

static int send_change(struct lb_nl *nl, const struct lb_change *change,
		       struct lb_err *err)
{
	switch (change->noun) {
	case LB_NOUN_GLOBAL:
		return send_info(nl, change, err);
	case LB_NOUN_VIP:
		return send_vip(nl, change, err);
	case LB_NOUN_REAL:
		return send_real(nl, change, err);
	case LB_NOUN_PIN:
		return send_pin(nl, change, err);
	}

	return 0;
}

/* Sends what belongs to a step, and notes it in the order in which it was. */
static int send_step(struct lb_nl *nl, const struct lb_plan *plan,
		     const struct step *step, const struct lb_change **order,
		     size_t *count, struct lb_err *err)
{
	const struct lb_change *change = plan->change;
	const struct lb_change *end = change + plan->count;
	int ret = 0;

	for (; change < end && !ret; change++) {
		if (change->implied || !step_has(step, change))
			continue;
		order[(*count)++] = change;
		ret = send_change(nl, change, err);
	}

	return ret;
}

static int send_all(struct lb_nl *nl, const struct lb_plan *plan, bool dry_run,
		    const struct lb_change **order, const struct lb_change **at,
		    struct lb_err *err)
{
	int64_t message;
	size_t count = 0, i;
	int ret = 0;

	for (i = 0; i < ARRAY_SIZE(steps) && !ret; i++)
		ret = send_step(nl, plan, &steps[i], order, &count, err);
	if (ret) {
		*at = order[count - 1];
		lb_simple_send(nl, L4LB_CMD_TXN_ABORT, NULL);
		return ret;
	}

	ret = lb_txn_commit(nl, dry_run, &message, err);
	if (ret && message >= 0 && (uint64_t)message < count)
		*at = order[message];
	if (!ret && dry_run)
		ret = lb_simple_send(nl, L4LB_CMD_TXN_ABORT, err);

	return ret;
}

/**
 * lb_plan_send() - let the module do all that a plan says, or nothing of it
 * @nl: socket
 * @plan: the plan
 * @generation: of the configuration that the plan is based on
 * @dry_run: only see whether it could be done
 * @at: which change was refused; NULL if it was none of them
 * @err: why not
 *
 * Return: 0 or -errno; -ESTALE if the configuration has changed meanwhile.
 */
int lb_plan_send(struct lb_nl *nl, const struct lb_plan *plan,
		 uint32_t generation, bool dry_run,
		 const struct lb_change **at, struct lb_err *err)
{
	const struct lb_change **order;
	int ret;

	*at = NULL;
	order = calloc(plan->count + 1, sizeof(*order));
	if (!order)
		return lb_err_code(err, -ENOMEM);

	ret = lb_txn_begin(nl, generation, err);
	if (!ret)
		ret = send_all(nl, plan, dry_run, order, at, err);
	free(order);

	return ret;
}
