// SPDX-License-Identifier: GPL-2.0-only
/*
 * Texts for a person: why something failed, and text of foreign origin made
 * safe to print.
 */

#include "err.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/**
 * lb_err_set() - note why something failed
 * @err: where to, or NULL
 * @code: error code to return
 * @fmt: format of the reason
 *
 * Return: @code.
 */
int lb_err_set(struct lb_err *err, int code, const char *fmt, ...)
{
	char text[LB_ERR_TEXT];
	va_list args;

	if (!err)
		return code;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);

	lb_text_clean(err->text, sizeof(err->text), text, strlen(text));
	err->word[0] = '\0';

	return code;
}

/**
 * lb_err_code() - note the system's text for an error code
 * @err: where to, or NULL
 * @code: -errno
 *
 * Return: @code.
 */
int lb_err_code(struct lb_err *err, int code)
{
	return lb_err_set(err, code, "%s", strerror(-code));
}

/* What ends a line, or makes a terminal write from right to left. */
static bool turns_text(unsigned int code)
{
	return code == 0x61c || code == 0x200e || code == 0x200f ||
	       (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2066 && code <= 0x2069);
}

static size_t utf8_length(const unsigned char *text, size_t len)
{
	unsigned int code;
	size_t want, i;

	if (text[0] < 0x80)
		return 1;
	if (text[0] >= 0xc2 && text[0] <= 0xdf)
		want = 2;
	else if ((text[0] & 0xf0) == 0xe0)
		want = 3;
	else if (text[0] >= 0xf0 && text[0] <= 0xf4)
		want = 4;
	else
		return 0;

	if (want > len)
		return 0;

	code = text[0] & (0x7f >> want);
	for (i = 1; i < want; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (text[i] & 0x3f);
	}

	/* Overlong forms, surrogates, beyond Unicode, C1 control characters. */
	if ((want == 3 && code < 0x800) || (want == 4 && code < 0x10000) ||
	    (code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff ||
	    code < 0xa0 || turns_text(code))
		return 0;

	return want;
}

/**
 * lb_text_char() - look at a character of a text
 * @text: where it begins
 * @len: how much of the text is left, at least 1
 *
 * Return: its length, or 0 if it is a control character, one that turns the
 * direction of text among them, or not UTF-8.
 */
size_t lb_text_char(const char *text, size_t len)
{
	const unsigned char *in = (const unsigned char *)text;

	return *in < 0x20 || *in == 0x7f ? 0 : utf8_length(in, len);
}

/**
 * lb_text_clean() - copy text of foreign origin, safe to print
 * @dst: where to, always terminated
 * @size: size of @dst, at least 1
 * @src: text, ended by a NUL or by @len
 * @len: most bytes to read
 *
 * Control characters and bytes that are not UTF-8 become question marks. What
 * does not fit is cut off between characters.
 */
void lb_text_clean(char *dst, size_t size, const char *src, size_t len)
{
	size_t used = 0, n;

	for (; len && *src; src += n, len -= n) {
		n = lb_text_char(src, len);
		if (used + (n ? n : 1) >= size)
			break;

		if (!n) {
			dst[used++] = '?';
			n = 1;
		} else {
			memcpy(dst + used, src, n);
			used += n;
		}
	}

	dst[used] = '\0';
}
