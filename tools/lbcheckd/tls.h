/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What checks need of TLS.
 */

#ifndef _LBCHECKD_TLS_H
#define _LBCHECKD_TLS_H

#include <openssl/types.h>
#include <stdbool.h>
#include <stddef.h>

struct tls;

/**
 * struct tls_wish - what a check wants of TLS
 * @verify: name that the certificate must be for, or NULL to take any
 * @sni: name to ask for, or NULL
 * @alpn: protocol to offer, which the server must take, or NULL
 */
struct tls_wish {
	const char *verify;
	const char *sni;
	const char *alpn;
};

/**
 * struct tls_found - what a handshake has shown
 * @version: version of the protocol, such as ``TLSv1.3``
 * @dated: whether @days is known
 * @expired: whether the certificate is no longer valid
 * @days: days until it expires, or since it has
 */
struct tls_found {
	const char *version;
	bool dated;
	bool expired;
	int days;
};

struct tls *tls_new(void);
void tls_free(struct tls *tls);
SSL *tls_session(struct tls *tls, const struct tls_wish *wish);
void tls_look(const SSL *ssl, struct tls_found *found);
bool tls_took(const SSL *ssl, const char *alpn);
bool tls_heard(const SSL *ssl);
const char *tls_error(const SSL *ssl, unsigned long error);
int tls_print(const struct tls_found *found, char *buf, size_t size);

#endif /* _LBCHECKD_TLS_H */
