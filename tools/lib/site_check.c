// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether the lines of a file fit together. The module would say so too, but
 * not in which lines it is.
 */

#include "err.h"
#include "names.h"
#include "site.h"
#include "whole.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define REFUSED	(-ERANGE)

static int vip_refuse(const char *name, const struct lb_vip *vip, int ret,
		      struct lb_err *err)
{
	struct lb_err why = *err;

	return lb_err_set(err, ret, "%s, line %u: vip add %s: %s", name,
			  vip->line, vip->name, why.text);
}

static int real_refuse(const char *name, const struct lb_real *real, int ret,
		       struct lb_err *err)
{
	struct lb_err why = *err;

	return lb_err_set(err, ret, "%s, line %u: real add %s %s: %s", name,
			  real->line, real->vip, real->name, why.text);
}

static int pin_refuse(const char *name, const struct lb_persist *pin, int ret,
		      struct lb_err *err)
{
	struct lb_err why = *err;

	return lb_err_set(err, ret, "%s, line %u: persist add vip %s: %s",
			  name, pin->line, pin->vip, why.text);
}

/* A list of addresses of the family that the VIP does not have. */
static bool family_differs(const struct lb_vip *vip, const struct lb_addr *addr)
{
	return addr->family && addr->family != vip->addr.family;
}

static int vip_check(const struct lb_vip *vip, struct lb_err *err)
{
	if (vip->sources.count && family_differs(vip, &vip->sources.addr[0]))
		return lb_err_set(err, REFUSED,
				  "the addresses of vip and sources differ in family");
	if (vip->allow.count && family_differs(vip, &vip->allow.range[0].first))
		return lb_err_set(err, REFUSED,
				  "the addresses of vip and clients differ in family");
	if (family_differs(vip, &vip->fallback))
		return lb_err_set(err, REFUSED,
				  "the addresses of vip and fallback differ in family");

	return 0;
}

static bool one_port(const struct lb_vip *vip)
{
	return vip->ports.count == 1 &&
	       vip->ports.range[0].first == vip->ports.range[0].last;
}

static int real_check(const struct lb_real *real, const struct lb_vip *vip,
		      struct lb_err *err)
{
	if (family_differs(vip, &real->addr))
		return lb_err_set(err, REFUSED,
				  "the addresses of vip and real differ in family");
	if (vip->mode != L4LB_MODE_DR && lb_addr_equal(&real->addr, &vip->addr))
		return lb_err_set(err, REFUSED, "the real is the vip itself");
	if (!real->port)
		return 0;
	if (!one_port(vip))
		return lb_err_set(err, REFUSED,
				  "a real has a port of its own only where the vip has a single port");
	if (vip->mode == L4LB_MODE_DR &&
	    real->port != vip->ports.range[0].first)
		return lb_err_set(err, REFUSED,
				  "mode dr cannot change the port");

	return 0;
}

static int vip_twice(const char *name, const struct lb_vip *a,
		     const struct lb_vip *b, struct lb_err *err)
{
	const struct lb_vip *first = a->line < b->line ? a : b;

	lb_err_set(err, -EEXIST, "a vip of this name is in line %u",
		   first->line);

	return vip_refuse(name, first == a ? b : a, -EEXIST, err);
}

static int vips_settle(const struct lb_site *site, const char *name,
		       struct lb_err *err)
{
	struct lb_vip *vip = site->vips;
	size_t i;
	int ret;

	for (i = 0; i < site->vip_count; i++, vip++) {
		ret = lb_vip_whole(vip, err);
		if (!ret)
			ret = vip_check(vip, err);
		if (ret)
			return vip_refuse(name, vip, ret, err);
		if (i && !strcmp(vip[-1].name, vip->name))
			return vip_twice(name, vip - 1, vip, err);
	}

	return 0;
}

/* By address, so that only neighbours have to be compared. */
static int by_address(const void *a, const void *b)
{
	const struct lb_vip *x = *(const struct lb_vip *const *)a;
	const struct lb_vip *y = *(const struct lb_vip *const *)b;

	if (x->addr.family != y->addr.family)
		return x->addr.family < y->addr.family ? -1 : 1;

	return memcmp(&x->addr.v6, &y->addr.v6, lb_addr_bits(&x->addr) / 8);
}

static int overlap_refuse(const char *name, const struct lb_vip *a,
			  const struct lb_vip *b, uint8_t protos,
			  const struct lb_range *common, struct lb_err *err)
{
	const struct lb_vip *first = a->line < b->line ? a : b;
	const struct lb_vip *second = first == a ? b : a;
	char addr[LB_ADDR_TEXT], last[16] = "";

	if (common->last != common->first)
		snprintf(last, sizeof(last), "-%u", common->last);
	lb_err_set(err, -EEXIST, "port %u%s on %s %s is taken by %s in line %u",
		   common->first, last,
		   lb_addr_print(&a->addr, addr, sizeof(addr)),
		   lb_names_word(&lb_protos_names, protos), first->name,
		   first->line);

	return vip_refuse(name, second, -EEXIST, err);
}

static int overlaps_check(const struct lb_site *site, const char *name,
			  struct lb_err *err)
{
	struct lb_range common;
	struct lb_vip **vips;
	size_t i, j, n = site->vip_count;
	uint8_t protos;
	int ret = 0;

	vips = calloc(n + 1, sizeof(*vips));
	if (!vips)
		return lb_err_code(err, -ENOMEM);
	for (i = 0; i < n; i++)
		vips[i] = &site->vips[i];
	qsort(vips, n, sizeof(*vips), by_address);

	for (i = 0; i < n && !ret; i++) {
		for (j = i + 1; j < n && !by_address(&vips[i], &vips[j]); j++) {
			if (!lb_vip_overlap(vips[i], vips[j], &protos, &common))
				continue;
			ret = overlap_refuse(name, vips[i], vips[j], protos,
					     &common, err);
			break;
		}
	}
	free(vips);

	return ret;
}

/* The second of two lines that say the same. */
static int real_twice(const char *name, const struct lb_real *a,
		      const struct lb_real *b, const char *what,
		      struct lb_err *err)
{
	const struct lb_real *first = a->line < b->line ? a : b;

	lb_err_set(err, -EEXIST, "a real of the vip with this %s is in line %u",
		   what, first->line);

	return real_refuse(name, first == a ? b : a, -EEXIST, err);
}

static int real_settle(const struct lb_site *site, struct lb_real *real,
		       const struct lb_vip **vip, struct lb_err *err)
{
	int ret = 0;

	if (!*vip || strcmp((*vip)->name, real->vip))
		*vip = lb_site_vip(site, real->vip);
	if (!*vip)
		return lb_err_set(err, -ENOENT, "the file has no such vip");
	if (lb_has(real->has, L4LB_A_REAL_CHECK))
		ret = lb_check_settle(&real->check, &(*vip)->check, *vip, err);
	if (!ret)
		ret = lb_real_whole(real, *vip, err);

	return ret ? ret : real_check(real, *vip, err);
}

static int reals_settle(const struct lb_site *site, const char *name,
			struct lb_err *err)
{
	struct lb_real *real = site->reals;
	const struct lb_vip *vip = NULL;
	size_t i;
	int ret;

	for (i = 0; i < site->real_count; i++, real++) {
		ret = real_settle(site, real, &vip, err);
		if (ret)
			return real_refuse(name, real, ret, err);
		if (i && !lb_real_order(real - 1, real))
			return real_twice(name, real - 1, real, "name", err);
	}

	return 0;
}

/* By VIP, address and port. */
static int by_place(const void *a, const void *b)
{
	const struct lb_real *x = *(const struct lb_real *const *)a;
	const struct lb_real *y = *(const struct lb_real *const *)b;
	int order = strcmp(x->vip, y->vip);

	if (!order)
		order = memcmp(&x->addr.v6, &y->addr.v6,
			       lb_addr_bits(&x->addr) / 8);

	return order ? order : x->port - y->port;
}

static int places_check(const struct lb_site *site, const char *name,
			struct lb_err *err)
{
	size_t i, n = site->real_count;
	struct lb_real **reals;
	int ret = 0;

	reals = calloc(n + 1, sizeof(*reals));
	if (!reals)
		return lb_err_code(err, -ENOMEM);
	for (i = 0; i < n; i++)
		reals[i] = &site->reals[i];
	qsort(reals, n, sizeof(*reals), by_place);
	for (i = 1; i < n && !ret; i++) {
		if (!by_place(&reals[i - 1], &reals[i]))
			ret = real_twice(name, reals[i - 1], reals[i],
					 "address and port", err);
	}
	free(reals);

	return ret;
}

/* The network of the client, under the mask of the VIP. */
static void pin_mask(struct lb_persist *pin, const struct lb_vip *vip)
{
	struct lb_addr *addr = &pin->client.addr;
	unsigned int bit, bits = lb_addr_bits(addr);
	uint8_t *bytes = addr->v6.s6_addr;

	pin->client.len = vip->mask;
	for (bit = vip->mask; bit < bits; bit++)
		bytes[bit / 8] &= (uint8_t)~(0x80 >> bit % 8);
}

static int pin_settle(const struct lb_site *site, struct lb_persist *pin,
		      struct lb_err *err)
{
	const struct lb_vip *vip = lb_site_vip(site, pin->vip);

	if (!vip)
		return lb_err_set(err, -ENOENT, "the file has no such vip");
	if (!lb_site_real(site, pin->vip, pin->real))
		return lb_err_set(err, -ENOENT, "the vip has no real %s",
				  pin->real);
	if (!vip->persist)
		return lb_err_set(err, REFUSED, "the vip has no persistence");
	if (family_differs(vip, &pin->client.addr))
		return lb_err_set(err, REFUSED,
				  "the addresses of vip and client differ in family");
	pin_mask(pin, vip);

	return 0;
}

static int pins_settle(struct lb_site *site, const char *name,
		       struct lb_err *err)
{
	struct lb_persist *pin = site->pins;
	size_t i;
	int ret;

	for (i = 0; i < site->pin_count; i++) {
		ret = pin_settle(site, &pin[i], err);
		if (ret)
			return pin_refuse(name, &pin[i], ret, err);
	}
	lb_site_sort(site);
	for (i = 1; i < site->pin_count; i++) {
		if (lb_pin_order(&pin[i - 1], &pin[i]))
			continue;
		lb_err_set(err, -EEXIST,
			   "line %u and line %u bind the same client",
			   pin[i - 1].line, pin[i].line);
		return pin_refuse(name, &pin[i], -EEXIST, err);
	}

	return 0;
}

/**
 * lb_site_check() - make a site from a file whole, and see whether it can be
 * @site: what lb_site_parse() has read; sorted afterwards
 * @name: of the file, for messages
 * @err: why not, with the lines
 *
 * Return: 0; -EEXIST for what is there twice, -ENOENT for what is not there,
 * other -errno.
 */
int lb_site_check(struct lb_site *site, const char *name, struct lb_err *err)
{
	int ret;

	lb_site_sort(site);
	ret = vips_settle(site, name, err);
	if (!ret)
		ret = overlaps_check(site, name, err);
	if (!ret)
		ret = reals_settle(site, name, err);
	if (!ret)
		ret = places_check(site, name, err);
	if (!ret)
		ret = pins_settle(site, name, err);

	return ret;
}
