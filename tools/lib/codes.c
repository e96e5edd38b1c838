// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists of status or reply codes, such as ``200,301,400-403``.
 */

#include "codes.h"
#include "err.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>

/* Codes have three digits. */
#define DIGITS_MAX	3

static const char *number_take(const char *text, unsigned int *number)
{
	unsigned int digits = 0;

	*number = 0;
	while (isdigit((unsigned char)*text) && digits++ < DIGITS_MAX)
		*number = *number * 10 + (unsigned int)(*text++ - '0');

	return digits ? text : NULL;
}

/* The next range and the comma after it; NULL if it is none. */
static const char *range_take(const char *text, unsigned int *first,
			      unsigned int *last)
{
	text = number_take(text, first);
	*last = *first;
	if (text && *text == '-')
		text = number_take(text + 1, last);
	if (!text || (*text && *text != ','))
		return NULL;
	if (!*text)
		return text;

	/* No list ends with a comma. */
	return text[1] ? text + 1 : NULL;
}

/**
 * lb_codes_check() - check whether a text is a list of codes
 * @text: the text
 * @min: smallest code there is
 * @max: largest code there is
 * @err: why not
 *
 * Return: 0 or -EINVAL.
 */
int lb_codes_check(const char *text, unsigned int min, unsigned int max,
		   struct lb_err *err)
{
	const char *rest = text;
	unsigned int first, last;

	do {
		rest = range_take(rest, &first, &last);
		if (!rest)
			return lb_err_set(err, -EINVAL,
					  "\"%s\" is not a list of codes such as 200,301,400-403",
					  text);
		if (first < min || last > max || last < first)
			return lb_err_set(err, -EINVAL,
					  "\"%s\" has a code or range that is not within %u-%u",
					  text, min, max);
	} while (*rest);

	return 0;
}

/**
 * lb_codes_has() - look for a code in a list
 * @text: the list
 * @code: the code
 *
 * Return: whether it is there.
 */
bool lb_codes_has(const char *text, unsigned int code)
{
	unsigned int first, last;

	while (text && *text) {
		text = range_take(text, &first, &last);
		if (text && code >= first && code <= last)
			return true;
	}

	return false;
}
