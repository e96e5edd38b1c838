/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * As much of ASN.1's basic encoding rules as LDAP takes.
 */

#ifndef _LBCHECKD_BER_H
#define _LBCHECKD_BER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BER_INTEGER	0x02
#define BER_OCTETS	0x04
#define BER_BOOLEAN	0x01
#define BER_ENUM	0x0a
#define BER_SEQUENCE	0x30

/**
 * struct ber_out - elements to send, written from the last to the first
 * @at: where they begin in @bytes
 * @full: whether something did not fit
 * @bytes: the elements
 */
struct ber_out {
	size_t at;
	bool full;
	unsigned char bytes[2048];
};

/**
 * struct ber_in - elements received
 * @bytes: what is left of them
 * @len: how much
 */
struct ber_in {
	const unsigned char *bytes;
	size_t len;
};

void ber_begin(struct ber_out *out);
void ber_put(struct ber_out *out, uint8_t tag, const void *bytes, size_t len);
void ber_put_text(struct ber_out *out, uint8_t tag, const char *text);
void ber_put_number(struct ber_out *out, uint8_t tag, uint8_t number);
void ber_wrap(struct ber_out *out, uint8_t tag, size_t end);

size_t ber_whole(const void *bytes, size_t len);
bool ber_take(struct ber_in *in, uint8_t *tag, struct ber_in *content);
bool ber_number(const struct ber_in *content, uint32_t *number);

#endif /* _LBCHECKD_BER_H */
