// SPDX-License-Identifier: GPL-2.0-only
/*
 * The objects of the balancer as plain structs.
 */

#include "model.h"

#include <stdio.h>
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

static bool check_unsettled(const struct lb_vip *request)
{
	return lb_has(request->has, L4LB_A_VIP_CHECK) && !request->check.has;
}

static bool mask_unsettled(const struct lb_vip *request)
{
	return lb_has(request->has, L4LB_A_VIP_MASK) && !request->mask;
}

/**
 * lb_vip_unsettled() - ask whether a request has defaults that depend on the
 * rest of the VIP
 * @request: the request
 *
 * Return: whether it has.
 */
bool lb_vip_unsettled(const struct lb_vip *request)
{
	return check_unsettled(request) || mask_unsettled(request);
}

/**
 * lb_vip_settle() - fill in the defaults that depend on the rest of the VIP
 * @request: the request
 * @vip: what the VIP would be like after it; may be @request
 */
void lb_vip_settle(struct lb_vip *request, const struct lb_vip *vip)
{
	if (check_unsettled(request))
		lb_check_default(&request->check, vip->protos);
	if (mask_unsettled(request))
		request->mask = (uint8_t)lb_addr_bits(&vip->addr);
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
