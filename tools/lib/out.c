// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes what a program shows, as text or as JSON, by the same calls.
 *
 * Nothing is kept that can be written: JSON leaves field by field, tables in
 * parts of some hundred rows, so that a million connections can be listed.
 */

#include "out.h"
#include "duration.h"

#include <ctype.h>
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DEPTH_MAX	16	/* containers within containers */
#define LEVELS_MAX	3	/* tables within tables */
#define COLUMNS_MAX	20
#define ROWS_MAX	512	/* kept to find the width of columns */
#define LABEL_WIDTH	14

struct column {
	const char *label;
	size_t width;
	bool right;
};

struct level {
	struct column column[COLUMNS_MAX];
	unsigned int columns;
	size_t row;
	bool titled;
};

struct row {
	unsigned int level;
	char *cell[COLUMNS_MAX];
};

struct container {
	bool list;
	bool filled;
};

/**
 * struct lb_out - where output goes
 * @file: the file
 * @json: whether it is JSON
 * @pretty: whether JSON has line breaks
 * @failed: whether memory ran out
 * @written: whether text was written
 * @stack: open containers
 * @depth: how many
 * @lists: how many of them are lists
 * @level: the tables, outermost first
 * @row: rows not yet written
 * @rows: how many
 */
struct lb_out {
	FILE *file;
	bool json;
	bool pretty;
	bool failed;
	bool written;
	struct container stack[DEPTH_MAX];
	unsigned int depth;
	unsigned int lists;
	struct level level[LEVELS_MAX];
	struct row row[ROWS_MAX];
	size_t rows;
};

/**
 * lb_out_new() - begin to write
 * @file: where to
 * @json: JSON in place of text
 * @pretty: JSON with line breaks
 *
 * Return: the writer, or NULL if memory ran out.
 */
struct lb_out *lb_out_new(FILE *file, bool json, bool pretty)
{
	struct lb_out *out = calloc(1, sizeof(*out));

	if (!out)
		return NULL;
	out->file = file;
	out->json = json;
	out->pretty = pretty;

	return out;
}

/* Characters of a text, all of them one column wide. */
static size_t text_width(const char *text)
{
	size_t width = 0;

	for (; *text; text++)
		width += (*text & 0xc0) != 0x80;

	return width;
}

static void put_spaces(struct lb_out *out, size_t count)
{
	fprintf(out->file, "%*s", (int)count, "");
}

static void title_write(struct lb_out *out, unsigned int index)
{
	struct level *level = &out->level[index];
	const struct column *column;
	const char *c;
	unsigned int i;
	size_t pad;

	put_spaces(out, index * 2);
	for (i = 0; i < level->columns; i++) {
		column = &level->column[i];
		pad = column->width - text_width(column->label);
		if (column->right)
			put_spaces(out, pad);
		for (c = column->label; *c; c++)
			fputc(toupper((unsigned char)*c), out->file);
		if (i + 1 == level->columns)
			break;
		put_spaces(out, (column->right ? 0 : pad) + 2);
	}
	fputc('\n', out->file);
	level->titled = true;
}

static void row_write(struct lb_out *out, struct row *row)
{
	const struct level *level = &out->level[row->level];
	unsigned int last = level->columns;
	const struct column *column;
	const char *text;
	unsigned int i;
	size_t pad;

	while (last && !row->cell[last - 1])
		last--;

	put_spaces(out, row->level * 2);
	for (i = 0; i < last; i++) {
		column = &level->column[i];
		text = row->cell[i] ? row->cell[i] : "-";
		pad = column->width - text_width(text);
		if (column->right)
			put_spaces(out, pad);
		fputs(text, out->file);
		if (i + 1 < last)
			put_spaces(out, (column->right ? 0 : pad) + 2);
		free(row->cell[i]);
	}
	fputc('\n', out->file);
}

/* Write the rows that are kept, below the titles not yet written. */
static void table_write(struct lb_out *out)
{
	unsigned int level;
	size_t i;

	if (!out->rows)
		return;

	if (out->written && !out->level[0].titled)
		fputc('\n', out->file);
	for (level = 0; level < LEVELS_MAX; level++) {
		if (out->level[level].columns && !out->level[level].titled)
			title_write(out, level);
	}

	for (i = 0; i < out->rows; i++)
		row_write(out, &out->row[i]);
	out->rows = 0;
	for (level = 0; level < LEVELS_MAX; level++)
		out->level[level].row = ROWS_MAX;
	out->written = true;
}

/*
 * Rows are written when the outermost one is complete, unless there are so
 * many below it that they cannot be kept.
 */
static void row_begin(struct lb_out *out)
{
	unsigned int level = out->lists - 1;
	struct row *row;

	if (out->rows == ROWS_MAX || (!level && out->rows > ROWS_MAX / 2))
		table_write(out);

	row = &out->row[out->rows];
	memset(row, 0, sizeof(*row));
	row->level = level;
	out->level[level].row = out->rows++;
}

static void cell_add(struct lb_out *out, const char *label, const char *value,
		     bool right)
{
	struct level *level = &out->level[out->lists - 1];
	struct column *column;
	unsigned int i = 0;
	struct row *row;

	while (i < level->columns && strcmp(level->column[i].label, label))
		i++;
	if (i == COLUMNS_MAX || level->row >= out->rows)
		return;

	column = &level->column[i];
	if (i == level->columns) {
		column->label = label;
		column->width = text_width(label);
		level->columns++;
	}
	column->right |= right;

	row = &out->row[level->row];
	if (!*value || row->cell[i])
		return;
	row->cell[i] = strdup(value);
	if (!row->cell[i])
		out->failed = true;
	else if (text_width(value) > column->width)
		column->width = text_width(value);
}

static void text_field(struct lb_out *out, const char *label, const char *value,
		       bool right)
{
	if (!label)
		return;

	if (out->lists) {
		cell_add(out, label, value, right);
		return;
	}

	fprintf(out->file, "%-*s%s\n", LABEL_WIDTH, label,
		*value ? value : "-");
	out->written = true;
}

static void json_break(struct lb_out *out)
{
	if (!out->pretty)
		return;
	fputc('\n', out->file);
	put_spaces(out, out->depth * 2);
}

/* What comes before a member: the comma and its key. */
static void json_member(struct lb_out *out, const char *key)
{
	struct container *top;

	if (!out->depth)
		return;

	top = &out->stack[out->depth - 1];
	if (top->filled)
		fputc(',', out->file);
	top->filled = true;
	json_break(out);
	if (!top->list)
		fprintf(out->file, "\"%s\":%s", key, out->pretty ? " " : "");
}

static void json_field(struct lb_out *out, const char *key, json_t *value)
{
	if (!value) {
		out->failed = true;
		value = json_null();
	}
	json_member(out, key);
	json_dumpf(value, out->file, JSON_ENCODE_ANY);
	json_decref(value);
}

static void container_begin(struct lb_out *out, const char *key, bool list)
{
	struct container *top;

	if (out->json) {
		json_member(out, key);
		fputc(list ? '[' : '{', out->file);
	}

	top = &out->stack[out->depth++];
	top->list = list;
	top->filled = false;
	out->lists += list;
}

/**
 * lb_out_object() - begin an object; directly in a list, a row of a table
 * @out: writer
 * @key: its name; NULL in a list or if it is all there is
 */
void lb_out_object(struct lb_out *out, const char *key)
{
	bool row = out->depth && out->stack[out->depth - 1].list;

	container_begin(out, key, false);
	if (row && !out->json)
		row_begin(out);
}

/**
 * lb_out_list() - begin a list, which is a table; directly in a row, it is rows
 * below that, which come after the fields of the row
 * @out: writer
 * @key: its name; NULL if it is all there is
 */
void lb_out_list(struct lb_out *out, const char *key)
{
	container_begin(out, key, true);
}

/**
 * lb_out_end() - end the innermost object or list
 * @out: writer
 */
void lb_out_end(struct lb_out *out)
{
	struct container *top = &out->stack[--out->depth];

	if (out->json) {
		if (top->filled)
			json_break(out);
		fputc(top->list ? ']' : '}', out->file);
		if (!out->depth)
			fputc('\n', out->file);
	}

	out->lists -= top->list;
	if (!out->json && top->list && !out->lists) {
		table_write(out);
		memset(out->level, 0, sizeof(out->level));
	}
}

/**
 * lb_out_free() - end all that is open, and the writer
 * @out: writer, or NULL
 *
 * Return: 0, or -errno if not all could be written.
 */
int lb_out_free(struct lb_out *out)
{
	int ret = 0;

	if (!out)
		return 0;

	while (out->depth)
		lb_out_end(out);
	if (fflush(out->file))
		ret = -errno;
	else if (ferror(out->file))
		ret = -EIO;
	else if (out->failed)
		ret = -ENOMEM;
	free(out);

	return ret;
}

/**
 * lb_out_str() - write a text
 * @out: writer
 * @key: its name in JSON, or NULL
 * @label: its name in text, or NULL
 * @value: the text, UTF-8
 */
void lb_out_str(struct lb_out *out, const char *key, const char *label,
		const char *value)
{
	if (!out->json)
		text_field(out, label, value, false);
	else if (key)
		json_field(out, key, json_string(value));
}

/**
 * lb_out_uint() - write a number
 * @out: writer
 * @key: its name in JSON, or NULL
 * @label: its name in text, or NULL
 * @value: the number
 */
void lb_out_uint(struct lb_out *out, const char *key, const char *label,
		 uint64_t value)
{
	char text[24];

	if (out->json) {
		if (key)
			json_field(out, key, json_integer((json_int_t)value));
		return;
	}

	snprintf(text, sizeof(text), "%llu", (unsigned long long)value);
	text_field(out, label, text, true);
}

/**
 * lb_out_bool() - write whether something is so
 * @out: writer
 * @key: its name in JSON, or NULL
 * @label: its name in text, or NULL
 * @value: whether it is
 */
void lb_out_bool(struct lb_out *out, const char *key, const char *label,
		 bool value)
{
	if (!out->json)
		text_field(out, label, value ? "yes" : "no", false);
	else if (key)
		json_field(out, key, json_boolean(value));
}

/**
 * lb_out_span() - write a span of time
 * @out: writer
 * @key: its name in JSON, or NULL
 * @label: its name in text, or NULL
 * @ms: the span; in JSON it is written in ms
 */
void lb_out_span(struct lb_out *out, const char *key, const char *label,
		 uint32_t ms)
{
	char text[LB_DURATION_TEXT];

	if (!out->json)
		text_field(out, label,
			   lb_duration_print(ms, text, sizeof(text)), true);
	else if (key)
		json_field(out, key, json_integer(ms));
}

/**
 * lb_out_when() - write a point in time
 * @out: writer
 * @key: its name in JSON, or NULL
 * @label: its name in text, or NULL
 * @ms: ms since 1970, which JSON has as well; 0 for never. Text has local
 *	time, and the date unless it is today
 */
void lb_out_when(struct lb_out *out, const char *key, const char *label,
		 uint64_t ms)
{
	time_t when = (time_t)(ms / 1000), now = time(NULL);
	struct tm then = { 0 }, today = { 0 };
	char text[64] = "";

	if (out->json) {
		if (key)
			json_field(out, key, json_integer((json_int_t)ms));
		return;
	}

	if (ms && localtime_r(&when, &then) && localtime_r(&now, &today)) {
		if (then.tm_year == today.tm_year &&
		    then.tm_yday == today.tm_yday)
			strftime(text, sizeof(text), "%H:%M:%S", &then);
		else
			strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S",
				 &then);
	}
	text_field(out, label, text, false);
}
