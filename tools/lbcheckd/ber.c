// SPDX-License-Identifier: GPL-2.0-only
/*
 * As much of ASN.1's basic encoding rules as LDAP takes: tags of one byte,
 * lengths that are known. An element is written after its content, in front of
 * it, so that its length is known by then.
 */

#include "ber.h"

#include <string.h>

/* Longest length that is read: bytes of it. */
#define LENGTH_BYTES	4

/**
 * ber_begin() - begin to write
 * @out: where to
 */
void ber_begin(struct ber_out *out)
{
	out->at = sizeof(out->bytes);
	out->full = false;
}

static void bytes_put(struct ber_out *out, const void *bytes, size_t len)
{
	if (out->full || len > out->at) {
		out->full = true;
		return;
	}
	out->at -= len;
	memcpy(out->bytes + out->at, bytes, len);
}

static void head_put(struct ber_out *out, uint8_t tag, size_t len)
{
	const unsigned char brief[] = { tag, (unsigned char)len };
	const unsigned char large[] = {
		tag, 0x82, (unsigned char)(len >> 8), (unsigned char)len,
	};

	if (len < 0x80)
		bytes_put(out, brief, sizeof(brief));
	else
		bytes_put(out, large, sizeof(large));
}

/**
 * ber_put() - write an element in front of the others
 * @out: where to
 * @tag: its tag
 * @bytes: its content
 * @len: length of @bytes
 */
void ber_put(struct ber_out *out, uint8_t tag, const void *bytes, size_t len)
{
	bytes_put(out, bytes, len);
	head_put(out, tag, len);
}

/**
 * ber_put_text() - write a text in front of the others
 * @out: where to
 * @tag: its tag
 * @text: the text
 */
void ber_put_text(struct ber_out *out, uint8_t tag, const char *text)
{
	ber_put(out, tag, text, strlen(text));
}

/**
 * ber_put_number() - write a number in front of the others
 * @out: where to
 * @tag: its tag
 * @number: the number, below 128
 */
void ber_put_number(struct ber_out *out, uint8_t tag, uint8_t number)
{
	ber_put(out, tag, &number, 1);
}

/**
 * ber_wrap() - make one element of several
 * @out: where they are
 * @tag: its tag
 * @end: &ber_out.at before the last of them was written
 */
void ber_wrap(struct ber_out *out, uint8_t tag, size_t end)
{
	if (!out->full)
		head_put(out, tag, end - out->at);
}

/* Length of the head, and of what it announces; 0 if it is not all there. */
static size_t head_take(const unsigned char *bytes, size_t len, size_t *content)
{
	size_t i, n;

	if (len < 2)
		return 0;
	*content = bytes[1];
	if (bytes[1] < 0x80)
		return 2;

	n = bytes[1] & 0x7f;
	if (!n || n > LENGTH_BYTES) {
		*content = SIZE_MAX;
		return 2;
	}
	if (len < 2 + n)
		return 0;
	*content = 0;
	for (i = 0; i < n; i++)
		*content = *content << 8 | bytes[2 + i];

	return 2 + n;
}

/**
 * ber_whole() - how long an element is
 * @bytes: its begin
 * @len: length of @bytes
 *
 * Return: its length with its head, 0 if that is not known yet, SIZE_MAX if it
 * has none.
 */
size_t ber_whole(const void *bytes, size_t len)
{
	size_t content, head = head_take(bytes, len, &content);

	if (!head)
		return 0;

	return content > SIZE_MAX - head ? SIZE_MAX : head + content;
}

/**
 * ber_take() - take the first element
 * @in: elements, without it after that
 * @tag: its tag
 * @content: its content
 *
 * Return: whether there is one.
 */
bool ber_take(struct ber_in *in, uint8_t *tag, struct ber_in *content)
{
	size_t len, head = head_take(in->bytes, in->len, &len);

	if (!head || len > in->len - head)
		return false;

	*tag = in->bytes[0];
	content->bytes = in->bytes + head;
	content->len = len;
	in->bytes += head + len;
	in->len -= head + len;

	return true;
}

/**
 * ber_number() - read a number
 * @content: content of its element
 * @number: where to
 *
 * Return: whether it is one from 0 to 2^31 - 1.
 */
bool ber_number(const struct ber_in *content, uint32_t *number)
{
	size_t i;

	if (!content->len || content->len > 4 || content->bytes[0] & 0x80)
		return false;

	*number = 0;
	for (i = 0; i < content->len; i++)
		*number = *number << 8 | content->bytes[i];

	return true;
}
