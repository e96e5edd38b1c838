// SPDX-License-Identifier: GPL-2.0-only
/*
 * Spans of time as the command line writes them: an integer with ms, s, m, h
 * or d; without a unit it is seconds; at most 31 days.
 */

#include "duration.h"
#include "addr.h"
#include "compiler.h"
#include "err.h"

#include <errno.h>
#include <linux/l4lb.h>
#include <stdio.h>
#include <string.h>

/* Largest first, so that printing takes the first that divides. */
static const struct unit {
	const char *word;
	uint32_t ms;
} units[] = {
	{ "d", 24 * 3600 * 1000 },
	{ "h", 3600 * 1000 },
	{ "m", 60 * 1000 },
	{ "s", 1000 },
	{ "ms", 1 },
};

static uint32_t unit_find(const char *word)
{
	size_t i;

	if (!*word)
		return 1000;

	for (i = 0; i < ARRAY_SIZE(units); i++) {
		if (!strcmp(word, units[i].word))
			return units[i].ms;
	}

	return 0;
}

/**
 * lb_duration_parse() - parse a span of time
 * @text: such as ``500ms``, ``30``, ``2h``
 * @min: least allowed, in ms
 * @ms: where to
 * @err: why not
 *
 * Return: 0 or -EINVAL.
 */
int lb_duration_parse(const char *text, uint32_t min, uint32_t *ms,
		      struct lb_err *err)
{
	size_t digits = strspn(text, "0123456789");
	uint32_t unit = unit_find(text + digits);
	char number[16], least[LB_DURATION_TEXT];
	unsigned int value;

	if (!digits || !unit)
		return lb_err_set(err, -EINVAL,
				  "\"%s\" is not a time such as 500ms, 30s, 5m, 1h or 1d",
				  text);

	while (digits > 1 && *text == '0') {
		text++;
		digits--;
	}
	snprintf(number, sizeof(number), "%.*s", (int)digits, text);

	if (digits >= sizeof(number) ||
	    lb_uint_parse(number, 0, L4LB_TIME_MAX / unit, &value))
		return lb_err_set(err, -EINVAL, "%s is more than 31d", text);
	if (value * unit < min)
		return lb_err_set(err, -EINVAL, "%s is less than %s", text,
				  lb_duration_print(min, least, sizeof(least)));

	*ms = value * unit;

	return 0;
}

/**
 * lb_duration_print() - print a span of time in the largest exact unit
 * @ms: the span
 * @buf: where to
 * @size: size of @buf, %LB_DURATION_TEXT fits all
 *
 * Return: @buf.
 */
const char *lb_duration_print(uint32_t ms, char *buf, size_t size)
{
	size_t i = 0;

	if (!ms) {
		snprintf(buf, size, "0s");
		return buf;
	}

	while (ms % units[i].ms)
		i++;
	snprintf(buf, size, "%u%s", ms / units[i].ms, units[i].word);

	return buf;
}

/**
 * lb_duration_print_us() - print what was measured, in two to four digits
 * @us: how long it took, in microseconds
 * @buf: where to
 * @size: size of @buf, %LB_DURATION_TEXT fits all
 *
 * Return: @buf.
 */
const char *lb_duration_print_us(uint32_t us, char *buf, size_t size)
{
	if (us < 1000)
		snprintf(buf, size, "%uus", us);
	else if (us < 1000 * 1000)
		snprintf(buf, size, "%u.%ums", us / 1000, us % 1000 / 100);
	else
		snprintf(buf, size, "%u.%02us", us / 1000000,
			 us % 1000000 / 10000);

	return buf;
}
