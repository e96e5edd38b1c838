// SPDX-License-Identifier: GPL-2.0-only
/*
 * lbctl top: the rows, from samples of all there is.
 */

#include "top.h"
#include "err.h"
#include "names.h"
#include "rate.h"
#include "watch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct top_row *row_find(const struct top *top, const char *vip,
				      const char *real, size_t hint)
{
	const struct top_row *row;
	size_t i, at;

	/* It is nearly always where it was. */
	for (i = 0; i < top->count; i++) {
		at = (hint + i) % top->count;
		row = &top->row[at];
		if (!strcmp(row->real, real) && !strcmp(row->vip, vip))
			return row;
	}

	return NULL;
}

/* What is new has been idle until now, as far as anybody knows. */
static void row_past(struct top_row *row, const struct top *before,
		     size_t hint, uint64_t ms)
{
	const struct top_row *was;

	was = row_find(before, row->vip, row->real, hint);
	if (!was)
		return;
	rate_stats(&was->total, &row->total, ms, &row->rate);
	memcpy(row->history, was->history + 1,
	       sizeof(row->history) - sizeof(row->history[0]));
	row->history[TOP_HISTORY - 1] = row->rate.conns;
}

static void row_vip(struct top_row *row, const struct lb_vip *vip)
{
	char ports[LB_PORTS_TEXT], addr[LB_ADDR_TEXT];

	lb_name_copy(row->vip, vip->name);
	lb_addr_print(&vip->addr, addr, sizeof(addr));
	snprintf(row->addr, sizeof(row->addr), "%.45s %.16s", addr,
		 lb_ports_print(&vip->ports, ports, sizeof(ports)));
	row->state = lb_names_word(&lb_vip_state_names, vip->state);
	row->good = vip->state == L4LB_VIP_UP ||
		    vip->state == L4LB_VIP_STANDBY;
	row->conns = vip->conns;
	row->total = vip->stats;
}

static void row_real(struct top_row *row, const struct lb_real *real)
{
	lb_name_copy(row->vip, real->vip);
	lb_name_copy(row->real, real->name);
	lb_addr_print_port(&real->addr, real->port, row->addr,
			   sizeof(row->addr));
	if (real->admin != L4LB_ADMIN_ONLINE)
		row->state = lb_names_word(&lb_admin_names, real->admin);
	else
		row->state = lb_names_word(&lb_health_names, real->health);
	row->good = real->serves;
	row->conns = real->conns;
	row->total = real->stats;
}

static int rows_make(struct top *top, struct picture *pic,
		     const struct top *before, uint64_t ms)
{
	const struct lb_real *reals;
	struct top_row *row;
	size_t i, j, count;

	top->row = calloc(pic->vip_count + pic->real_count + 1,
			  sizeof(*top->row));
	if (!top->row)
		return -ENOMEM;

	for (i = 0; i < pic->vip_count; i++) {
		row = &top->row[top->count];
		row_vip(row, &pic->vips[i]);
		row_past(row, before, top->count++, ms);
		reals = picture_reals(pic, &pic->vips[i], &count);
		for (j = 0; j < count; j++) {
			row = &top->row[top->count];
			row_real(row, &reals[j]);
			row_past(row, before, top->count++, ms);
		}
	}

	return 0;
}

/**
 * top_read() - take a sample
 * @top: what is known; zeroes at first
 * @nl: socket
 * @err: why not
 *
 * Return: 0 or -errno; then @top is as it was.
 */
int top_read(struct top *top, struct lb_nl *nl, struct lb_err *err)
{
	struct top now = { .taken = watch_now() };
	uint64_t ms = top->taken ? now.taken - top->taken : 0;
	struct picture pic;
	int ret;

	ret = picture_read(nl, &pic, err);
	if (ret)
		return ret;
	now.info = pic.info;
	if (top->taken) {
		rate_stats(&top->info.stats, &now.info.stats, ms, &now.rate);
		rate_drops(&top->info.drops, &now.info.drops, ms, &now.drops);
	}
	ret = rows_make(&now, &pic, top, ms);
	picture_free(&pic);
	if (ret)
		return lb_err_code(err, ret);

	top_free(top);
	*top = now;

	return 0;
}

/**
 * top_free() - drop what is known
 * @top: that
 */
void top_free(struct top *top)
{
	free(top->row);
	top->row = NULL;
	top->count = 0;
}

static int compare(const struct top_row *a, const struct top_row *b,
		   enum top_sort sort)
{
	uint64_t x = 0, y = 0;

	switch (sort) {
	case TOP_SORT_NAME:
		return strcmp(*a->real ? a->real : a->vip,
			      *b->real ? b->real : b->vip);
	case TOP_SORT_CONNS:
		x = a->conns;
		y = b->conns;
		break;
	case TOP_SORT_RATE:
		x = a->rate.conns;
		y = b->rate.conns;
		break;
	case TOP_SORT_BYTES:
		x = a->rate.in_bytes + a->rate.out_bytes;
		y = b->rate.in_bytes + b->rate.out_bytes;
		break;
	default:
		break;
	}

	/* The most first. */
	return x < y ? 1 : x > y ? -1 : 0;
}

/* A VIP and the reals below it. */
struct group {
	const struct top_row *vip;
	size_t reals;
};

/* Rows that are equal stay in their order, by where they are. */
static int compare_groups(const void *a, const void *b, void *data)
{
	const struct group *x = a, *y = b;
	int ret = compare(x->vip, y->vip, *(const enum top_sort *)data);

	return ret ? ret : x->vip < y->vip ? -1 : 1;
}

static int compare_reals(const void *a, const void *b, void *data)
{
	const struct top_row *const *x = a, *const *y = b;
	int ret = compare(*x, *y, *(const enum top_sort *)data);

	return ret ? ret : *x < *y ? -1 : 1;
}

static bool row_matches(const struct top_row *row, const char *filter)
{
	return strstr(*row->real ? row->real : row->vip, filter) ||
	       strstr(row->addr, filter) || strstr(row->state, filter);
}

/* A VIP that matches brings its reals, a real that matches its VIP. */
static size_t group_select(const struct group *group, enum top_sort sort,
			   const char *filter, const struct top_row **rows)
{
	bool all = row_matches(group->vip, filter);
	size_t i, count = 1;

	rows[0] = group->vip;
	for (i = 1; i <= group->reals; i++) {
		if (all || row_matches(&group->vip[i], filter))
			rows[count++] = &group->vip[i];
	}
	qsort_r(rows + 1, count - 1, sizeof(*rows), compare_reals, &sort);

	return all || count > 1 ? count : 0;
}

/**
 * top_select() - choose and sort rows
 * @top: what is known
 * @sort: what to sort by
 * @filter: what must be in a name, an address or a state; may be empty
 * @rows: where to, room for @count of @top
 *
 * Return: how many.
 */
size_t top_select(const struct top *top, enum top_sort sort,
		  const char *filter, const struct top_row **rows)
{
	size_t i, groups = 0, count = 0;
	struct group *group;

	group = calloc(top->count + 1, sizeof(*group));
	if (!group)
		return 0;
	for (i = 0; i < top->count; i++) {
		if (!*top->row[i].real)
			group[groups++].vip = &top->row[i];
		else if (groups)
			group[groups - 1].reals++;
	}
	qsort_r(group, groups, sizeof(*group), compare_groups, &sort);
	for (i = 0; i < groups; i++)
		count += group_select(&group[i], sort, filter, rows + count);
	free(group);

	return count;
}

/**
 * top_count_print() - print a number with three digits and a unit
 * @count: the number
 * @buf: where to
 * @size: size of @buf, %TOP_COUNT_TEXT fits all
 *
 * Return: @buf.
 */
const char *top_count_print(uint64_t count, char *buf, size_t size)
{
	static const char units[] = "kMGTPE";
	unsigned int unit = 0;

	if (count < 10000) {
		snprintf(buf, size, "%u", (unsigned int)count);
		return buf;
	}
	while (count >= 1000 * 1000) {
		count /= 1000;
		unit++;
	}
	if (count < 100 * 1000)
		snprintf(buf, size, "%u.%u%c", (unsigned int)(count / 1000),
			 (unsigned int)(count % 1000 / 100), units[unit]);
	else
		snprintf(buf, size, "%u%c", (unsigned int)(count / 1000),
			 units[unit]);

	return buf;
}

/**
 * top_history_print() - draw new connections over time
 * @row: whose
 * @utf8: whether the terminal has more than ASCII
 * @buf: where to, %TOP_HISTORY_TEXT fits all
 * @width: of the last so many samples, at most %TOP_HISTORY
 */
void top_history_print(const struct top_row *row, bool utf8, char *buf,
		       unsigned int width)
{
	static const char *const blocks[] = {
		" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█",
	};
	static const char *const letters[] = {
		" ", ".", ":", "-", "=", "+", "*", "#", "@",
	};
	const char *const *steps = utf8 ? blocks : letters;
	uint64_t most = 1;
	unsigned int i, first = TOP_HISTORY - width, step;

	*buf = '\0';
	for (i = first; i < TOP_HISTORY; i++) {
		if (row->history[i] > most)
			most = row->history[i];
	}
	for (i = first; i < TOP_HISTORY; i++) {
		step = (unsigned int)((row->history[i] * 8 + most - 1) / most);
		buf = stpcpy(buf, steps[step]);
	}
}
