// SPDX-License-Identifier: GPL-2.0-only
/*
 * A site: all that the balancer of a network namespace is told.
 */

#include "site.h"
#include "err.h"
#include "request.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* How often all is read anew because it changed while it was read. */
#define READ_TRIES	20

/**
 * lb_name_order() - the order of names: numbers in them count as numbers
 * @a: one
 * @b: the other
 *
 * Return: less than, equal to or greater than 0.
 */
int lb_name_order(const char *a, const char *b)
{
	return strverscmp(a, b);
}

/**
 * lb_real_order() - the order of reals
 * @a: one
 * @b: the other
 *
 * Return: less than, equal to or greater than 0.
 */
int lb_real_order(const struct lb_real *a, const struct lb_real *b)
{
	int order = lb_name_order(a->vip, b->vip);

	return order ? order : lb_name_order(a->name, b->name);
}

static int addr_order(const struct lb_addr *a, const struct lb_addr *b)
{
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;

	return memcmp(&a->v6, &b->v6, lb_addr_bits(a) / 8);
}

/**
 * lb_pin_order() - the order of clients that are bound
 * @a: one
 * @b: the other
 *
 * Return: less than, equal to or greater than 0.
 */
int lb_pin_order(const struct lb_persist *a, const struct lb_persist *b)
{
	int order = lb_name_order(a->vip, b->vip);

	return order ? order : addr_order(&a->client.addr, &b->client.addr);
}

static int vip_compare(const void *a, const void *b)
{
	const struct lb_vip *x = a, *y = b;

	return lb_name_order(x->name, y->name);
}

static int real_compare(const void *a, const void *b)
{
	return lb_real_order(a, b);
}

static int pin_compare(const void *a, const void *b)
{
	return lb_pin_order(a, b);
}

/* What is sorted already, as what was saved is, stays where it is. */
static void sort(void *base, size_t count, size_t size,
		 int (*compare)(const void *a, const void *b))
{
	const char *item = base;
	size_t i;

	for (i = 1; i < count; i++, item += size) {
		if (compare(item, item + size) > 0) {
			qsort(base, count, size, compare);
			return;
		}
	}
}

/**
 * lb_site_sort() - put a site in order
 * @site: site
 */
void lb_site_sort(struct lb_site *site)
{
	sort(site->vips, site->vip_count, sizeof(*site->vips), vip_compare);
	sort(site->reals, site->real_count, sizeof(*site->reals), real_compare);
	sort(site->pins, site->pin_count, sizeof(*site->pins), pin_compare);
}

static int vip_is(const void *key, const void *item)
{
	const struct lb_vip *vip = item;

	return lb_name_order(key, vip->name);
}

/* By two names, that of its VIP and its own. */
static int real_is(const void *key, const void *item)
{
	const char *const *names = key;
	const struct lb_real *real = item;
	int order = lb_name_order(names[0], real->vip);

	return order ? order : lb_name_order(names[1], real->name);
}

/**
 * lb_site_vip() - find a VIP
 * @site: site, sorted
 * @name: its name
 *
 * Return: the VIP, or NULL.
 */
struct lb_vip *lb_site_vip(const struct lb_site *site, const char *name)
{
	if (!site->vip_count)
		return NULL;

	return bsearch(name, site->vips, site->vip_count, sizeof(*site->vips),
		       vip_is);
}

/**
 * lb_site_real() - find a real
 * @site: site, sorted
 * @vip: name of its VIP
 * @name: its name
 *
 * Return: the real, or NULL.
 */
struct lb_real *lb_site_real(const struct lb_site *site, const char *vip,
			     const char *name)
{
	const char *const names[] = { vip, name };

	if (!site->real_count)
		return NULL;

	return bsearch(names, site->reals, site->real_count,
		       sizeof(*site->reals), real_is);
}

/**
 * lb_site_free() - free what a site holds
 * @site: the site, which is empty afterwards
 */
void lb_site_free(struct lb_site *site)
{
	lb_vip_list_free(site->vips, site->vip_count);
	lb_real_list_free(site->reals, site->real_count);
	free(site->pins);
	memset(site, 0, sizeof(*site));
}

/* A list of clients can be long, and most VIPs have none. */
static int read_allows(struct lb_nl *nl, struct lb_site *site,
		       struct lb_err *err)
{
	size_t i;
	int ret = 0;

	for (i = 0; i < site->vip_count && !ret; i++) {
		if (site->vips[i].allows)
			ret = lb_allow_list(nl, site->vips[i].name,
					    &site->vips[i].allow, err);
	}

	return ret;
}

/* Where persistence entries go that are read. */
struct pins {
	struct lb_site *site;
	bool failed;
};

static void pin_keep(const struct lb_persist *persist, void *data)
{
	struct pins *pins = data;
	struct lb_site *site = pins->site;
	struct lb_persist *grown;
	struct lb_real *real;
	size_t room;

	real = lb_site_real(site, persist->vip, persist->real);
	if (real)
		real->clients++;
	if (!persist->forever)
		return;

	if (site->pin_count == site->pin_room) {
		room = site->pin_room ? site->pin_room * 2 : 16;
		grown = reallocarray(site->pins, room, sizeof(*grown));
		if (!grown) {
			pins->failed = true;
			return;
		}
		site->pins = grown;
		site->pin_room = room;
	}
	site->pins[site->pin_count++] = *persist;
}

/*
 * Entries can be many, and there are none where there is no persistence. Without
 * privilege they cannot be seen.
 */
static int read_pins(struct lb_nl *nl, struct lb_site *site, struct lb_err *err)
{
	const struct lb_filter all = { 0 };
	struct pins pins = { .site = site };
	int ret;

	ret = lb_persist_list(nl, &all, pin_keep, &pins, err);
	if (!ret && pins.failed)
		ret = lb_err_code(err, -ENOMEM);

	return ret;
}

static int read_all(struct lb_nl *nl, struct lb_site *site, struct lb_err *err)
{
	int ret;

	ret = lb_vip_list(nl, &site->vips, &site->vip_count, err);
	if (!ret)
		ret = lb_real_list(nl, NULL, &site->reals, &site->real_count,
				   err);
	if (!ret)
		ret = read_allows(nl, site, err);
	if (ret)
		return ret;
	lb_site_sort(site);
	ret = read_pins(nl, site, err);
	lb_site_sort(site);

	return ret;
}

/**
 * lb_site_read() - read the site that the module has
 * @nl: socket
 * @site: where to, for lb_site_free()
 * @err: why not
 *
 * Return: 0 or -errno; -EPERM without the privilege to see all of it.
 */
int lb_site_read(struct lb_nl *nl, struct lb_site *site, struct lb_err *err)
{
	struct lb_info after = { 0 };
	int tries = 0, ret;

	do {
		memset(site, 0, sizeof(*site));
		ret = lb_info_get(nl, &site->info, err);
		if (!ret)
			ret = read_all(nl, site, err);
		if (!ret)
			ret = lb_info_get(nl, &after, err);
		if (!ret && after.generation == site->info.generation)
			return 0;
		lb_site_free(site);
	} while ((!ret || ret == -ENOENT) && ++tries < READ_TRIES);

	return ret ? ret : lb_err_set(err, -EBUSY,
				      "the configuration keeps changing");
}
