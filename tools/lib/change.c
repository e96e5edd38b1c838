// SPDX-License-Identifier: GPL-2.0-only
/*
 * What makes of one site another, and what it costs.
 *
 * Both are sorted, so that one walk through both finds what differs. What a VIP
 * loses with itself, its reals and clients, is no change of its own.
 */

#include "change.h"
#include "err.h"
#include "site.h"
#include "whole.h"
#include "write.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/**
 * struct walk - where the comparison of two sites has come to
 * @plan: where the changes go
 * @now: the one
 * @then: the other
 * @real_now: index of the next real of @now
 * @real_then: index of the next real of @then
 * @pin_now: index of the next pin of @now
 * @pin_then: index of the next pin of @then
 * @touched: the VIP has to do with a change
 */
struct walk {
	struct lb_plan *plan;
	const struct lb_site *now;
	const struct lb_site *then;
	size_t real_now;
	size_t real_then;
	size_t pin_now;
	size_t pin_then;
	bool touched;
};

static int change_add(struct walk *walk, const struct lb_change *change)
{
	struct lb_plan *plan = walk->plan;
	size_t room = plan->room ? plan->room * 2 : 64;
	struct lb_change *grown;

	if (plan->count == plan->room) {
		grown = reallocarray(plan->change, room, sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		plan->change = grown;
		plan->room = room;
	}
	plan->change[plan->count++] = *change;
	plan->added += change->kind == LB_CHANGE_ADD;
	plan->changed += change->kind == LB_CHANGE_SET;
	plan->removed += change->kind == LB_CHANGE_DEL;
	plan->conns += change->conns;
	plan->clients += change->clients;
	walk->touched = true;

	return 0;
}

/* The object at an index, if there is one and it is of this VIP. */

static const struct lb_real *real_at(const struct lb_site *site, size_t index,
				     const struct lb_vip *vip)
{
	if (index >= site->real_count ||
	    strcmp(site->reals[index].vip, vip->name))
		return NULL;

	return &site->reals[index];
}

static const struct lb_persist *pin_at(const struct lb_site *site,
				       size_t index, const struct lb_vip *vip)
{
	if (index >= site->pin_count ||
	    strcmp(site->pins[index].vip, vip->name))
		return NULL;

	return &site->pins[index];
}

static bool ports_within(const struct lb_ports *ports,
			 const struct lb_ports *others)
{
	unsigned int i, j;

	for (i = 0; i < ports->count; i++) {
		for (j = 0; j < others->count; j++) {
			if (ports->range[i].first >= others->range[j].first &&
			    ports->range[i].last <= others->range[j].last)
				break;
		}
		if (j == others->count)
			return false;
	}

	return true;
}

/* Whether some of what a VIP takes it will take no more. */
static bool vip_gives_up(const struct lb_vip *now, const struct lb_vip *then)
{
	return !lb_addr_equal(&now->addr, &then->addr) ||
	       (now->protos & ~then->protos) ||
	       !ports_within(&now->ports, &then->ports);
}

/* Clients under another mask are others, and without persistence none. */
static bool vip_forgets(const struct lb_vip *now, const struct lb_vip *then)
{
	return now->persist && (!then->persist || then->mask != now->mask);
}

static int vip_change(struct walk *walk, const struct lb_vip *now,
		      const struct lb_vip *then)
{
	struct lb_change change = { .noun = LB_NOUN_VIP };

	change.now.vip = now;
	change.then.vip = then;
	change.line = then ? then->line : 0;
	if (!now) {
		change.kind = LB_CHANGE_ADD;
	} else if (!then) {
		change.kind = LB_CHANGE_DEL;
		change.conns = now->conns;
		change.clients = now->persists;
	} else {
		change.kind = LB_CHANGE_SET;
		change.has = lb_vip_diff(now, then);
		if (!change.has)
			return 0;
		if (vip_gives_up(now, then))
			change.conns = now->conns;
		if (vip_forgets(now, then))
			change.clients = now->persists;
	}

	return change_add(walk, &change);
}

/* What the clients of a real lose if it is no longer there for them. */
static void real_lose(struct lb_change *change, const struct lb_real *now,
		      const struct lb_vip *vip)
{
	if (vip->orphan != L4LB_ORPHAN_KEEP)
		change->conns = now->conns;
	change->clients = now->clients;
}

static int real_change(struct walk *walk, const struct lb_vip *vip,
		       const struct lb_real *now, const struct lb_real *then)
{
	struct lb_change change = { .noun = LB_NOUN_REAL };

	change.now.real = now;
	change.then.real = then;
	change.line = then ? then->line : 0;
	if (!now) {
		change.kind = LB_CHANGE_ADD;
		return change_add(walk, &change);
	}
	if (!then) {
		change.kind = LB_CHANGE_DEL;
		real_lose(&change, now, vip);
		return change_add(walk, &change);
	}

	change.kind = LB_CHANGE_SET;
	change.has = lb_real_diff(now, then);
	if (!change.has)
		return 0;
	if (lb_has(change.has, L4LB_A_REAL_ADMIN) &&
	    then->admin == L4LB_ADMIN_HALT)
		real_lose(&change, now, vip);
	else if ((lb_has(change.has, L4LB_A_REAL_ADDR4) ||
		  lb_has(change.has, L4LB_A_REAL_PORT)) &&
		 vip->orphan != L4LB_ORPHAN_KEEP)
		change.conns = now->conns;

	return change_add(walk, &change);
}

/* All reals of a VIP that is there before and after, or comes. */
static int walk_reals(struct walk *walk, const struct lb_vip *vip)
{
	const struct lb_real *now, *then;
	int order, ret = 0;

	while (!ret) {
		now = real_at(walk->now, walk->real_now, vip);
		then = real_at(walk->then, walk->real_then, vip);
		if (!now && !then)
			break;

		order = !now ? 1 : !then ? -1 : lb_real_order(now, then);
		walk->real_now += order <= 0;
		walk->real_then += order >= 0;
		ret = real_change(walk, vip, order <= 0 ? now : NULL,
				  order >= 0 ? then : NULL);
	}

	return ret;
}

static int pin_change(struct walk *walk, const struct lb_persist *now,
		      const struct lb_persist *then, bool forgotten)
{
	struct lb_change change = { .noun = LB_NOUN_PIN, .clients = 1 };

	change.now.pin = now;
	change.then.pin = then;
	change.line = then ? then->line : 0;
	if (now && !then) {
		change.kind = LB_CHANGE_DEL;
		change.implied = forgotten;
	} else {
		change.kind = now ? LB_CHANGE_SET : LB_CHANGE_ADD;
		if (now && !forgotten && !strcmp(now->real, then->real))
			return 0;
		change.clients = now && strcmp(now->real, then->real) ? 1 : 0;
	}

	return change_add(walk, &change);
}

static int walk_pins(struct walk *walk, const struct lb_vip *vip,
		     bool forgotten)
{
	const struct lb_persist *now, *then;
	int order, ret = 0;

	while (!ret) {
		now = pin_at(walk->now, walk->pin_now, vip);
		then = pin_at(walk->then, walk->pin_then, vip);
		if (!now && !then)
			break;

		order = !now ? 1 : !then ? -1 : lb_pin_order(now, then);
		walk->pin_now += order <= 0;
		walk->pin_then += order >= 0;
		ret = pin_change(walk, order <= 0 ? now : NULL,
				 order >= 0 ? then : NULL, forgotten);
	}

	return ret;
}

/* Whether a real would take new connections. */
static bool real_would_serve(const struct lb_real *now,
			     const struct lb_real *then)
{
	uint8_t admin = then->admin;

	if (!lb_has(then->has, L4LB_A_REAL_ADMIN))
		admin = now ? now->admin : L4LB_ADMIN_ONLINE;
	if (!then->weight || admin != L4LB_ADMIN_ONLINE)
		return false;
	if (!now || !lb_addr_equal(&now->addr, &then->addr) ||
	    now->port != then->port)
		return true;

	return now->health != L4LB_HEALTH_SICK &&
	       now->health != L4LB_HEALTH_DOWN;
}

static int bare_add(struct lb_plan *plan, const struct lb_vip *vip)
{
	const struct lb_vip **grown;

	grown = reallocarray(plan->bare, plan->bare_count + 1, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	plan->bare = grown;
	plan->bare[plan->bare_count++] = vip;

	return 0;
}

/* Whether a VIP would be without a real, from those that were walked. */
static int walk_bare(struct walk *walk, const struct lb_vip *vip, size_t first)
{
	const struct lb_real *real;
	size_t i;

	if (!walk->touched)
		return 0;
	for (i = first; i < walk->real_then; i++) {
		real = &walk->then->reals[i];
		if (real_would_serve(lb_site_real(walk->now, real->vip,
						  real->name), real))
			return 0;
	}

	return bare_add(walk->plan, vip);
}

/* Reals and pins of a VIP that goes. */
static void walk_past(struct walk *walk, const struct lb_vip *vip)
{
	while (real_at(walk->now, walk->real_now, vip))
		walk->real_now++;
	while (pin_at(walk->now, walk->pin_now, vip))
		walk->pin_now++;
}

static int walk_vip(struct walk *walk, const struct lb_vip *now,
		    const struct lb_vip *then)
{
	size_t first = walk->real_then;
	int ret;

	walk->touched = false;
	ret = vip_change(walk, now, then);
	if (ret)
		return ret;
	if (now && !then)
		walk_past(walk, now);
	if (!then)
		return 0;

	ret = walk_reals(walk, then);
	if (!ret)
		ret = walk_pins(walk, then, now && vip_forgets(now, then));

	return ret ? ret : walk_bare(walk, then, first);
}

static int walk_vips(struct walk *walk)
{
	const struct lb_site *now = walk->now, *then = walk->then;
	size_t i = 0, j = 0;
	int order, ret = 0;

	while (!ret && (i < now->vip_count || j < then->vip_count)) {
		if (i == now->vip_count)
			order = 1;
		else if (j == then->vip_count)
			order = -1;
		else
			order = lb_name_order(now->vips[i].name,
					      then->vips[j].name);
		ret = walk_vip(walk, order <= 0 ? &now->vips[i] : NULL,
			       order >= 0 ? &then->vips[j] : NULL);
		i += order <= 0;
		j += order >= 0;
	}

	return ret;
}

static int walk_global(struct walk *walk)
{
	struct lb_change change = {
		.kind = LB_CHANGE_SET,
		.noun = LB_NOUN_GLOBAL,
		.has = lb_info_diff(&walk->now->info, &walk->then->info),
		.line = walk->then->info.line,
	};

	change.now.info = &walk->now->info;
	change.then.info = &walk->then->info;

	return change.has ? change_add(walk, &change) : 0;
}

/**
 * lb_plan_make() - find what makes of one site another
 * @plan: where to, for lb_plan_free(); points into both sites
 * @now: what there is
 * @then: what there is to be
 * @err: why not
 *
 * Return: 0 or -ENOMEM.
 */
int lb_plan_make(struct lb_plan *plan, const struct lb_site *now,
		 const struct lb_site *then, struct lb_err *err)
{
	struct walk walk = {
		.plan = plan,
		.now = now,
		.then = then,
	};
	int ret;

	memset(plan, 0, sizeof(*plan));
	ret = walk_global(&walk);
	if (!ret)
		ret = walk_vips(&walk);
	if (!ret)
		return 0;
	lb_plan_free(plan);

	return lb_err_code(err, ret);
}

/**
 * lb_plan_free() - free what a plan holds
 * @plan: the plan
 */
void lb_plan_free(struct lb_plan *plan)
{
	free(plan->change);
	free(plan->bare);
	memset(plan, 0, sizeof(*plan));
}

/* There is no option for some of what can change. */
static void text_vip(FILE *file, const struct lb_change *change)
{
	const struct lb_vip *vip = change->then.vip;

	if (change->kind == LB_CHANGE_DEL) {
		fprintf(file, "vip del %s", change->now.vip->name);
		return;
	}
	if (change->kind == LB_CHANGE_ADD) {
		lb_write_vip(file, "add", vip);
	} else if (lb_has(change->has, L4LB_A_VIP_PROTOS)) {
		lb_write_vip(file, "replace", vip);
	} else {
		fprintf(file, "vip set %s", vip->name);
		lb_write_vip_options(file, vip, change->has);
	}
	if (vip->force)
		fputs(" force", file);
}

static void text_real(FILE *file, const struct lb_change *change)
{
	const struct lb_real *real = change->then.real ? change->then.real :
							 change->now.real;

	if (change->kind == LB_CHANGE_ADD ||
	    (change->kind == LB_CHANGE_SET &&
	     lb_has(change->has, L4LB_A_REAL_ADDR4))) {
		lb_write_real(file, change->kind == LB_CHANGE_ADD ? "add" :
								    "replace",
			      real);
		return;
	}
	fprintf(file, "real %s %s %s",
		change->kind == LB_CHANGE_DEL ? "del" : "set", real->vip,
		real->name);
	if (change->kind == LB_CHANGE_SET)
		lb_write_real_options(file, real, change->has);
}

static void text_pin(FILE *file, const struct lb_change *change)
{
	const struct lb_persist *pin = change->now.pin;
	char client[LB_ADDR_TEXT];

	if (change->then.pin) {
		lb_write_pin(file, change->then.pin);
		return;
	}
	fprintf(file, "persist del vip %s src %s", pin->vip,
		lb_addr_print(&pin->client.addr, client, sizeof(client)));
}

/* The text that a function writes, or NULL. */
static char *text_of(const struct lb_change *change,
		     void (*write)(FILE *file, const struct lb_change *change))
{
	char *text = NULL;
	size_t size;
	FILE *file;

	file = open_memstream(&text, &size);
	if (!file)
		return NULL;
	write(file, change);
	if (!fclose(file))
		return text;
	free(text);

	return NULL;
}

static void text_change(FILE *file, const struct lb_change *change)
{
	switch (change->noun) {
	case LB_NOUN_GLOBAL:
		lb_write_info(file, change->then.info, change->has);
		break;
	case LB_NOUN_VIP:
		text_vip(file, change);
		break;
	case LB_NOUN_REAL:
		text_real(file, change);
		break;
	case LB_NOUN_PIN:
		text_pin(file, change);
		break;
	}
}

/**
 * lb_change_text() - a change as a command
 * @change: the change
 *
 * Return: the command, for the caller to free(), or NULL if memory ran out.
 */
char *lb_change_text(const struct lb_change *change)
{
	return text_of(change, text_change);
}

/* Options alone begin with a blank. */
static void text_was(FILE *file, const struct lb_change *change)
{
	if (change->kind != LB_CHANGE_SET)
		return;

	switch (change->noun) {
	case LB_NOUN_GLOBAL:
		lb_write_info(file, change->now.info, change->has);
		break;
	case LB_NOUN_VIP:
		lb_write_vip_options(file, change->now.vip, change->has);
		break;
	case LB_NOUN_REAL:
		lb_write_real_options(file, change->now.real, change->has);
		if (lb_has(change->has, L4LB_A_REAL_CHECK) &&
		    !lb_has(change->now.real->has, L4LB_A_REAL_CHECK))
			fputs(" check inherit", file);
		break;
	case LB_NOUN_PIN:
		fprintf(file, " real %s", change->now.pin->real);
		break;
	}
}

/**
 * lb_change_was() - what the options were that a change sets
 * @change: the change
 *
 * Return: the options, for the caller to free(), empty if none is set; NULL if
 * memory ran out.
 */
char *lb_change_was(const struct lb_change *change)
{
	char *text = text_of(change, text_was);

	if (text && *text == ' ')
		memmove(text, text + 1, strlen(text));

	return text;
}
