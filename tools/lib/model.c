// SPDX-License-Identifier: GPL-2.0-only
/*
 * The objects of the balancer as plain structs.
 */

#include "model.h"
#include "check_type.h"
#include "err.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/**
 * lb_has() - ask for a field of an object
 * @has: the object's bits
 * @attr: number of the attribute
 *
 * Return: whether the field is there.
 */
bool lb_has(uint32_t has, unsigned int attr)
{
	return has & LB_BIT(attr);
}

/**
 * lb_name_copy() - copy a name into an object
 * @dst: where to
 * @name: a name that is not too long
 */
void lb_name_copy(char dst[L4LB_NAME_MAX + 1], const char *name)
{
	snprintf(dst, L4LB_NAME_MAX + 1, "%s", name);
}

/**
 * lb_check_default() - the check of a VIP for which none was given
 * @check: where to
 * @protos: the VIP's protocols
 */
void lb_check_default(struct lb_check *check, uint8_t protos)
{
	memset(check, 0, sizeof(*check));
	check->has = LB_BIT(L4LB_A_CHECK_TYPE);
	snprintf(check->type, sizeof(check->type), "%s",
		 protos & L4LB_PROTO_TCP ? "tcp" : "off");
}

/**
 * lb_check_release() - free what a check holds
 * @check: the check, which is not freed itself
 */
void lb_check_release(struct lb_check *check)
{
	free(check->args);
	check->args = NULL;
}

/* What a check would be like after a request that may change a part of it. */
static void check_overlay(struct lb_check *check, const struct lb_check *request)
{
	uint32_t has = request->has;

	if (lb_has(has, L4LB_A_CHECK_TYPE)) {
		*check = *request;
		return;
	}

	check->has |= has;
	if (lb_has(has, L4LB_A_CHECK_PORTS))
		check->ports = request->ports;
	if (lb_has(has, L4LB_A_CHECK_INTERVAL))
		check->interval = request->interval;
	if (lb_has(has, L4LB_A_CHECK_TIMEOUT))
		check->timeout = request->timeout;
	if (lb_has(has, L4LB_A_CHECK_FAST))
		check->fast = request->fast;
	if (lb_has(has, L4LB_A_CHECK_VIA))
		check->via = request->via;
	if (lb_has(has, L4LB_A_CHECK_SECRET))
		lb_name_copy(check->secret, request->secret);
	if (lb_has(has, L4LB_A_CHECK_ARGS))
		check->args = request->args;
}

/*
 * Only of a type that was asked for: a VIP without a check worth the name may
 * have reals that have one of their own.
 */
static int port_missing(const struct lb_check *request,
			const struct lb_vip *vip, struct lb_err *err)
{
	const struct lb_check_type *type = lb_check_type_find(request->type);

	if (!type || type->passive || type->port != LB_CHECK_PORT_MUST ||
	    request->ports.count || !lb_ports_any(&vip->ports))
		return 0;

	return lb_err_set(err, -EINVAL,
			  "the vip has any port; give the one that %s is to check",
			  type->name);
}

/**
 * lb_check_settle() - refuse what would make no sense together with the rest
 * @request: what changes of a check, or a whole one
 * @now: the check there is
 * @vip: its VIP
 * @err: why
 *
 * Return: 0 if it makes sense, or -EINVAL.
 */
int lb_check_settle(const struct lb_check *request, const struct lb_check *now,
		    const struct lb_vip *vip, struct lb_err *err)
{
	struct lb_check check = *now;
	int ret;

	/* What it points to belongs to one of the two. */
	check_overlay(&check, request);
	/* Who may not see the arguments cannot tell what goes with them. */
	if (!lb_has(request->has, L4LB_A_CHECK_TYPE) &&
	    !lb_has(check.has, L4LB_A_CHECK_ARGS))
		check.has &= ~LB_BIT(L4LB_A_CHECK_TYPE);
	ret = lb_check_type_refuse(&check, vip->protos, err);
	if (!ret)
		ret = lb_check_file_refuse(&check, err);

	return ret ? ret : port_missing(request, vip, err);
}

/* Nothing in it stands for the default. */
static bool check_unsettled(const struct lb_vip *request)
{
	return lb_has(request->has, L4LB_A_VIP_CHECK) && !request->check.has;
}

/**
 * lb_vip_check_settle() - the same for the check of a VIP
 * @request: what changes of the VIP, or a whole new one, before lb_vip_settle()
 * @vip: what the VIP would be like after it, but for its check; may be @request
 * @err: why
 *
 * Return: 0 if it makes sense, or -EINVAL.
 */
int lb_vip_check_settle(const struct lb_vip *request, const struct lb_vip *vip,
			struct lb_err *err)
{
	struct lb_check now = vip->check;

	if (!lb_has(request->has, L4LB_A_VIP_CHECK) || check_unsettled(request))
		return 0;
	if (vip == request)
		lb_check_default(&now, vip->protos);

	return lb_check_settle(&request->check, &now, vip, err);
}

/**
 * lb_vip_ports_settle() - make of ports to be added or removed a whole list
 * @request: the request
 * @now: the VIP there is
 * @err: why not
 *
 * Return: 0 or -EINVAL.
 */
int lb_vip_ports_settle(struct lb_vip *request, const struct lb_vip *now,
			struct lb_err *err)
{
	struct lb_ports list = now->ports;
	int ret;

	if (request->ports_op == LB_LIST_SET)
		return 0;

	if (request->ports_op == LB_LIST_ADD)
		ret = lb_ports_add(&list, &request->ports, err);
	else
		ret = lb_ports_del(&list, &request->ports, err);
	if (!ret && !list.count)
		ret = lb_err_set(err, -EINVAL, "no port would be left");
	request->ports = list;
	request->ports_op = LB_LIST_SET;

	return ret;
}

static bool sources_unsettled(const struct lb_vip *request)
{
	return lb_has(request->has, L4LB_A_VIP_SOURCES) &&
	       request->sources.op != LB_LIST_SET;
}

static bool mask_unsettled(const struct lb_vip *request)
{
	return lb_has(request->has, L4LB_A_VIP_MASK) && !request->mask;
}

/**
 * lb_vip_unsettled() - ask whether a request has something that depends on the
 * rest of the VIP: a value, or whether it makes sense
 * @request: the request
 *
 * Return: whether it has.
 */
bool lb_vip_unsettled(const struct lb_vip *request)
{
	return lb_has(request->has, L4LB_A_VIP_CHECK) ||
	       mask_unsettled(request) || sources_unsettled(request);
}

/**
 * lb_vip_settle() - fill in what depends on the rest of the VIP
 * @request: the request
 * @vip: what the VIP would be like after it, but for lists; may be @request
 * @err: why not
 *
 * Return: 0 or -EINVAL.
 */
int lb_vip_settle(struct lb_vip *request, const struct lb_vip *vip,
		  struct lb_err *err)
{
	const struct lb_sources none = { 0 };

	if (check_unsettled(request))
		lb_check_default(&request->check, vip->protos);
	if (mask_unsettled(request))
		request->mask = (uint8_t)lb_addr_bits(&vip->addr);

	return lb_sources_settle(&request->sources,
				 vip == request ? &none : &vip->sources, err);
}

/**
 * lb_vip_release() - free what a VIP holds
 * @vip: the VIP, which is not freed itself
 */
void lb_vip_release(struct lb_vip *vip)
{
	lb_allow_free(&vip->allow);
	lb_check_release(&vip->check);
}

/**
 * lb_vip_list_free() - free VIPs and what they hold
 * @vips: the VIPs, or NULL
 * @count: how many
 */
void lb_vip_list_free(struct lb_vip *vips, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		lb_vip_release(&vips[i]);
	free(vips);
}

/**
 * lb_real_release() - free what a real holds
 * @real: the real, which is not freed itself
 */
void lb_real_release(struct lb_real *real)
{
	lb_check_release(&real->check);
}

/**
 * lb_real_list_free() - free reals and what they hold
 * @reals: the reals, or NULL
 * @count: how many
 */
void lb_real_list_free(struct lb_real *reals, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		lb_real_release(&reals[i]);
	free(reals);
}

/**
 * lb_persist_state() - how far a persistence entry has come
 * @persist: the entry
 *
 * Return: a word for it.
 */
const char *lb_persist_state(const struct lb_persist *persist)
{
	if (persist->forever)
		return "forever";

	return persist->tentative ? "tentative" : "full";
}

/**
 * lb_vip_overlap() - find what two VIPs both claim
 * @a: one
 * @b: the other
 * @protos: the protocols in common
 * @common: the first ports in common
 *
 * Return: whether they overlap.
 */
bool lb_vip_overlap(const struct lb_vip *a, const struct lb_vip *b,
		    uint8_t *protos, struct lb_range *common)
{
	*protos = a->protos & b->protos;

	return *protos && lb_addr_equal(&a->addr, &b->addr) &&
	       lb_ports_overlap(&a->ports, &b->ports, common);
}
