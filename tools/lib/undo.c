// SPDX-License-Identifier: GPL-2.0-only
/*
 * What there is to be when what was applied is undone.
 *
 * An object that is as it was applied becomes what it was before. One that
 * somebody has changed since stays: whoever did that knew what was applied.
 * After a reload of the module nothing is as it was applied, unless the same
 * was applied again.
 *
 * What is made here borrows the lists of the sites that it is made of.
 */

#include "undo.h"
#include "err.h"
#include "site.h"
#include "whole.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/**
 * struct three - an object at three times, NULL where it is not there
 * @now: what it is
 * @before: what it was before
 * @applied: what it became
 */
struct three {
	const void *now;
	const void *before;
	const void *applied;
};

/**
 * struct kind - how objects of a kind are gone through
 * @size: of one
 * @order: their order
 * @differ: whether one is not what was applied
 */
struct kind {
	size_t size;
	int (*order)(const void *a, const void *b);
	bool (*differ)(const struct three *three);
};

/**
 * struct row - sorted objects of a site
 * @item: the next one
 * @end: where they end
 */
struct row {
	const char *item;
	const char *end;
};

static int vip_order(const void *a, const void *b)
{
	const struct lb_vip *x = a, *y = b;

	return lb_name_order(x->name, y->name);
}

static int real_order(const void *a, const void *b)
{
	return lb_real_order(a, b);
}

static int pin_order(const void *a, const void *b)
{
	return lb_pin_order(a, b);
}

static bool vip_differs(const struct three *three)
{
	return lb_vip_diff(three->now, three->applied);
}

/* A state that nobody said anything of is the one before. */
static bool real_differs(const struct three *three)
{
	const struct lb_real *before = three->before;
	struct lb_real applied = *(const struct lb_real *)three->applied;

	if (!lb_has(applied.has, L4LB_A_REAL_ADMIN)) {
		applied.has |= LB_BIT(L4LB_A_REAL_ADMIN);
		applied.admin = before ? before->admin : L4LB_ADMIN_ONLINE;
	}

	return lb_real_diff(three->now, &applied);
}

static bool pin_differs(const struct three *three)
{
	const struct lb_persist *now = three->now, *applied = three->applied;

	return strcmp(now->real, applied->real);
}

static const struct kind vip_kind = {
	.size = sizeof(struct lb_vip),
	.order = vip_order,
	.differ = vip_differs,
};

static const struct kind real_kind = {
	.size = sizeof(struct lb_real),
	.order = real_order,
	.differ = real_differs,
};

static const struct kind pin_kind = {
	.size = sizeof(struct lb_persist),
	.order = pin_order,
	.differ = pin_differs,
};

/* The first of two, either of which may be missing. */
static const void *first_of(const struct kind *kind, const void *a,
			    const void *b)
{
	if (!a || !b)
		return a ? a : b;

	return kind->order(a, b) <= 0 ? a : b;
}

static const void *row_peek(const struct row *row)
{
	return row->item < row->end ? row->item : NULL;
}

/* Takes the next object if it is the one that is meant. */
static const void *row_take(const struct kind *kind, struct row *row,
			    const void *meant)
{
	const void *item = row_peek(row);

	if (!item || kind->order(item, meant))
		return NULL;
	row->item += kind->size;

	return item;
}

/* What it is to be; counts what was changed since. */
static const void *choose(const struct kind *kind, const struct three *three,
			  size_t *kept)
{
	bool same = !three->now && !three->applied;

	if (three->now && three->applied)
		same = !kind->differ(three);
	*kept += !same;

	return same ? three->before : three->now;
}

/* As many as there can be: those of all three. */
static char *row_merge(const struct kind *kind, struct row *now,
		       struct row *before, struct row *applied, size_t *count,
		       size_t *kept)
{
	size_t room = (size_t)(now->end - now->item) +
		      (size_t)(before->end - before->item);
	const void *first, *chosen;
	char *items = malloc(room ? room : 1);
	struct three three;

	*count = 0;
	while (items) {
		first = first_of(kind, row_peek(now), row_peek(before));
		first = first_of(kind, first, row_peek(applied));
		if (!first)
			break;
		three.now = row_take(kind, now, first);
		three.before = row_take(kind, before, first);
		three.applied = row_take(kind, applied, first);
		chosen = choose(kind, &three, kept);
		if (chosen)
			memcpy(items + kind->size * (*count)++, chosen,
			       kind->size);
	}

	return items;
}

static struct row row_of(const void *items, size_t count, size_t size)
{
	const char *first = items ? items : "";

	return (struct row) { .item = first, .end = first + count * size };
}

static struct row vips_of(const struct lb_site *site)
{
	return row_of(site->vips, site->vip_count, sizeof(struct lb_vip));
}

static struct row reals_of(const struct lb_site *site)
{
	return row_of(site->reals, site->real_count, sizeof(struct lb_real));
}

static struct row pins_of(const struct lb_site *site)
{
	return row_of(site->pins, site->pin_count, sizeof(struct lb_persist));
}

/* A limit that was not set is to be what it is by default. */
static void info_target(struct lb_info *target, const struct lb_info *info)
{
	*target = *info;
	if (!(info->limited & L4LB_LIMIT_CONNS))
		target->conns_max = 0;
	if (!(info->limited & L4LB_LIMIT_PERSISTS))
		target->persists_max = 0;
	if (!(info->limited & L4LB_LIMIT_VIPS))
		target->vips_max = 0;
	if (!(info->limited & L4LB_LIMIT_REALS))
		target->reals_max = 0;
}

/* Without their VIP reals cannot be, nor clients without their real. */
static void orphans_drop(struct lb_site *site)
{
	size_t i, count = 0;

	for (i = 0; i < site->real_count; i++) {
		if (lb_site_vip(site, site->reals[i].vip))
			site->reals[count++] = site->reals[i];
	}
	site->real_count = count;

	for (i = 0, count = 0; i < site->pin_count; i++) {
		if (lb_site_real(site, site->pins[i].vip, site->pins[i].real))
			site->pins[count++] = site->pins[i];
	}
	site->pin_count = count;
}

/**
 * lb_undo_make() - find what there is to be
 * @target: where to, for lb_undo_free(); it borrows from @now and @before
 * @now: what there is
 * @before: what there was before
 * @applied: what was applied
 * @kept: how many objects stay as somebody has made them since
 * @err: why not
 *
 * All are sorted.
 *
 * Return: 0 or -ENOMEM.
 */
int lb_undo_make(struct lb_site *target, const struct lb_site *now,
		 const struct lb_site *before, const struct lb_site *applied,
		 size_t *kept, struct lb_err *err)
{
	struct row here, then, there;

	*kept = 0;
	memset(target, 0, sizeof(*target));
	info_target(&target->info, lb_info_diff(&now->info, &applied->info) ?
		    &now->info : &before->info);
	*kept += lb_info_diff(&now->info, &applied->info) != 0;

	here = vips_of(now);
	then = vips_of(before);
	there = vips_of(applied);
	target->vips = (struct lb_vip *)
		       row_merge(&vip_kind, &here, &then, &there,
				 &target->vip_count, kept);

	here = reals_of(now);
	then = reals_of(before);
	there = reals_of(applied);
	target->reals = (struct lb_real *)
			row_merge(&real_kind, &here, &then, &there,
				  &target->real_count, kept);

	here = pins_of(now);
	then = pins_of(before);
	there = pins_of(applied);
	target->pins = (struct lb_persist *)
		       row_merge(&pin_kind, &here, &then, &there,
				 &target->pin_count, kept);

	if (!target->vips || !target->reals || !target->pins) {
		lb_undo_free(target);
		return lb_err_code(err, -ENOMEM);
	}
	orphans_drop(target);

	return 0;
}

/**
 * lb_undo_all() - let there be what there was before, whatever happened since
 * @target: where to; it borrows all from @before
 * @before: what there was before
 */
void lb_undo_all(struct lb_site *target, const struct lb_site *before)
{
	*target = *before;
	info_target(&target->info, &before->info);
}

/**
 * lb_undo_free() - free what lb_undo_make() has made
 * @target: what it has made
 */
void lb_undo_free(struct lb_site *target)
{
	free(target->vips);
	free(target->reals);
	free(target->pins);
	memset(target, 0, sizeof(*target));
}
