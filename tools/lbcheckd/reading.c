// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads all VIPs and reals, a piece at a time, and keeps them until all are
 * there, with the health that they have then.
 */

#include "reading.h"
#include "dump.h"
#include "kernel.h"
#include "model.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/**
 * struct reading - all VIPs and reals
 * @dump: what is being read, NULL when that is done
 * @cb: is told then
 * @data: for @cb
 * @vip: the VIPs so far
 * @vips: how many
 * @vip_room: how many there is room for
 * @real: the reals so far
 * @reals: how many
 * @real_room: how many there is room for
 * @lacking: there was no memory for one
 * @config: all of them
 */
struct reading {
	struct dump *dump;
	reading_cb cb;
	void *data;
	struct lb_vip *vip;
	size_t vips;
	size_t vip_room;
	struct lb_real *real;
	size_t reals;
	size_t real_room;
	bool lacking;
	struct config config;
};

static void reading_clear(struct reading *reading)
{
	lb_vip_list_free(reading->vip, reading->vips);
	lb_real_list_free(reading->real, reading->reals);
	reading->vip = NULL;
	reading->vips = 0;
	reading->vip_room = 0;
	reading->real = NULL;
	reading->reals = 0;
	reading->real_room = 0;
	reading->lacking = false;
}

/* Returns where the next item goes, or NULL. */
static void *item_next(void *items, size_t size, size_t *count, size_t *room)
{
	char **item = items;
	char *more;

	if (*count == *room) {
		more = reallocarray(*item, *room ? *room * 2 : 16, size);
		if (!more)
			return NULL;
		*item = more;
		*room = *room ? *room * 2 : 16;
	}

	return *item + size * (*count)++;
}

static void dump_begin(void *data)
{
	reading_clear(data);
}

static void dump_vip(void *data, struct lb_vip *vip)
{
	struct reading *reading = data;
	struct lb_vip *item = item_next(&reading->vip, sizeof(*item),
					&reading->vips, &reading->vip_room);

	if (!item) {
		reading->lacking = true;
		return;
	}
	*item = *vip;
	memset(vip, 0, sizeof(*vip));
}

static void dump_real(void *data, struct lb_real *real)
{
	struct reading *reading = data;
	struct lb_real *item = item_next(&reading->real, sizeof(*item),
					 &reading->reals, &reading->real_room);

	if (!item) {
		reading->lacking = true;
		return;
	}
	*item = *real;
	memset(real, 0, sizeof(*real));
}

static void dump_end(void *data, int ret)
{
	struct reading *reading = data;

	reading->dump = NULL;
	reading->cb(reading->data, ret ? ret : reading->lacking ? -ENOMEM : 0);
}

static const struct dump_ops dump_ops = {
	.begin	= dump_begin,
	.vip	= dump_vip,
	.real	= dump_real,
	.end	= dump_end,
};

/**
 * reading_new() - begin to read
 * @base: event loop
 * @cb: is told when all is there; from the event loop only
 * @data: for @cb
 *
 * Return: for reading_free(), or NULL.
 */
struct reading *reading_new(struct event_base *base, reading_cb cb, void *data)
{
	struct reading *reading = calloc(1, sizeof(*reading));

	if (!reading)
		return NULL;

	reading->cb = cb;
	reading->data = data;
	reading->dump = dump_new(base, &dump_ops, reading);
	if (!reading->dump) {
		free(reading);
		return NULL;
	}

	return reading;
}

/**
 * reading_free() - read no further, and forget what was read
 * @reading: what reading_new() made, or NULL
 */
void reading_free(struct reading *reading)
{
	if (!reading)
		return;
	dump_free(reading->dump);
	reading_clear(reading);
	free(reading);
}

/**
 * reading_health() - the health of a real changes meanwhile
 * @reading: what reading_new() made
 * @real: the real, as it is now; one that is not read yet will be so
 */
void reading_health(struct reading *reading, const struct lb_real *real)
{
	struct lb_real *item;
	size_t i;

	for (i = 0; i < reading->reals; i++) {
		item = &reading->real[i];
		if (item->epoch != real->epoch || strcmp(item->vip, real->vip) ||
		    strcmp(item->name, real->name))
			continue;
		item->health = real->health;
		memcpy(item->reason, real->reason, sizeof(item->reason));
		return;
	}
}

/**
 * reading_config() - say what was read
 * @reading: what reading_new() made, when all is there
 *
 * Return: that, until reading_free().
 */
const struct config *reading_config(struct reading *reading)
{
	reading->config = (struct config) {
		.vip = reading->vip,
		.vips = reading->vips,
		.real = reading->real,
		.reals = reading->reals,
	};

	return &reading->config;
}
