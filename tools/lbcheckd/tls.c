// SPDX-License-Identifier: GPL-2.0-only
/*
 * What checks need of TLS: a server works if its clients can talk to it, so old
 * versions and any certificate will do, unless the check names whom it expects.
 */

#include "tls.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Without classic Diffie-Hellman, which TLS 1.3 has as groups: a server chooses
 * its numbers, and large ones would keep this host busy for long.
 */
#define CIPHERS		"DEFAULT:!kDHE:@SECLEVEL="
#define GROUPS		"X25519:P-256:X448:P-384:P-521"

/**
 * struct tls - what checks need of TLS
 * @any: for those that take any certificate
 * @verify: for those that verify it
 */
struct tls {
	SSL_CTX *any;
	SSL_CTX *verify;
};

static int verify_nothing(X509_STORE_CTX *store, void *data)
{
	(void)store;
	(void)data;

	return 1;
}

static SSL_CTX *context_new(void)
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());

	if (!context)
		return NULL;
	if (!SSL_CTX_set1_groups_list(context, GROUPS)) {
		SSL_CTX_free(context);
		return NULL;
	}

	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
	/* A server that sends nothing but tickets must not keep us reading. */
	SSL_CTX_clear_mode(context, SSL_MODE_AUTO_RETRY);
	SSL_CTX_set_options(context, SSL_OP_IGNORE_UNEXPECTED_EOF |
			    SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);

	return context;
}

static SSL_CTX *context_any(void)
{
	SSL_CTX *context = context_new();

	if (!context)
		return NULL;

	/* Many a mail server speaks no better than that. */
	SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
	SSL_CTX_set_options(context, SSL_OP_LEGACY_SERVER_CONNECT);
	SSL_CTX_set_cert_verify_callback(context, verify_nothing, NULL);
	if (!SSL_CTX_set_cipher_list(context, CIPHERS "0")) {
		SSL_CTX_free(context);
		return NULL;
	}

	return context;
}

static SSL_CTX *context_verify(void)
{
	SSL_CTX *context = context_new();

	if (!context)
		return NULL;

	/* From the directory, where certificates are looked up as needed. */
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
	if (!SSL_CTX_set_default_verify_dir(context) ||
	    !SSL_CTX_set_cipher_list(context, CIPHERS "1")) {
		SSL_CTX_free(context);
		return NULL;
	}

	return context;
}

/**
 * tls_new() - get ready for TLS
 *
 * Return: what checks need, or NULL.
 */
struct tls *tls_new(void)
{
	struct tls *tls = calloc(1, sizeof(*tls));

	if (!tls)
		return NULL;

	tls->any = context_any();
	tls->verify = context_verify();
	if (!tls->any || !tls->verify) {
		tls_free(tls);
		return NULL;
	}

	return tls;
}

/**
 * tls_free() - free what checks need of TLS
 * @tls: that, or NULL
 */
void tls_free(struct tls *tls)
{
	if (!tls)
		return;
	SSL_CTX_free(tls->any);
	SSL_CTX_free(tls->verify);
	free(tls);
}

static bool is_address(const char *name)
{
	unsigned char addr[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, name, addr) == 1 ||
	       inet_pton(AF_INET6, name, addr) == 1;
}

static bool wish_name(SSL *ssl, const char *name)
{
	X509_VERIFY_PARAM *param = SSL_get0_param(ssl);

	if (is_address(name))
		return X509_VERIFY_PARAM_set1_ip_asc(param, name) == 1;

	return SSL_set1_host(ssl, name) == 1;
}

static bool wish_alpn(SSL *ssl, const char *alpn)
{
	unsigned char list[256];
	size_t len = strlen(alpn);

	if (!len || len > 255)
		return false;
	list[0] = (unsigned char)len;
	memcpy(list + 1, alpn, len);

	return !SSL_set_alpn_protos(ssl, list, (unsigned int)len + 1);
}

/* An address cannot be asked for. */
static bool wish_sni(SSL *ssl, const char *sni)
{
	return is_address(sni) || SSL_set_tlsext_host_name(ssl, sni) == 1;
}

/**
 * tls_session() - prepare a client's side of a connection
 * @tls: what checks need
 * @wish: what this one wants
 *
 * Return: for bufferevent_openssl_socket_new(), or NULL.
 */
SSL *tls_session(struct tls *tls, const struct tls_wish *wish)
{
	SSL *ssl = SSL_new(wish->verify ? tls->verify : tls->any);

	if (!ssl)
		return NULL;

	if ((wish->verify && !wish_name(ssl, wish->verify)) ||
	    (wish->sni && !wish_sni(ssl, wish->sni)) ||
	    (wish->alpn && !wish_alpn(ssl, wish->alpn))) {
		SSL_free(ssl);
		return NULL;
	}

	return ssl;
}

/**
 * tls_look() - see what a handshake has shown
 * @ssl: connection
 * @found: where to
 */
void tls_look(const SSL *ssl, struct tls_found *found)
{
	const X509 *cert = SSL_get0_peer_certificate(ssl);
	int days, seconds;

	memset(found, 0, sizeof(*found));
	found->version = SSL_get_version(ssl);
	if (!cert || !ASN1_TIME_diff(&days, &seconds, NULL,
				     X509_get0_notAfter(cert)))
		return;

	found->dated = true;
	found->expired = days < 0 || seconds < 0;
	found->days = abs(days);
}

/**
 * tls_print() - print what a certificate's date says
 * @found: what a handshake has shown, with a date
 * @buf: where to
 * @size: size of @buf
 *
 * Return: as snprintf().
 */
int tls_print(const struct tls_found *found, char *buf, size_t size)
{
	const char *plural = found->days == 1 ? "" : "s";

	if (found->expired)
		return snprintf(buf, size, "certificate expired %d day%s ago",
				found->days, plural);

	return snprintf(buf, size, "certificate expires in %d day%s",
			found->days, plural);
}

/**
 * tls_took() - whether the server has taken a protocol
 * @ssl: connection
 * @alpn: name of the protocol
 *
 * Return: whether it has.
 */
bool tls_took(const SSL *ssl, const char *alpn)
{
	const unsigned char *took;
	unsigned int len;

	SSL_get0_alpn_selected(ssl, &took, &len);

	return len == strlen(alpn) && !memcmp(took, alpn, len);
}

/**
 * tls_heard() - whether the server has said anything
 * @ssl: connection
 *
 * Return: whether it has.
 */
bool tls_heard(const SSL *ssl)
{
	return BIO_number_read(SSL_get_rbio(ssl)) > 0;
}

/**
 * tls_error() - why a connection failed
 * @ssl: connection
 * @error: of OpenSSL's, or 0 if there is none
 *
 * Return: text.
 */
const char *tls_error(const SSL *ssl, unsigned long error)
{
	long verify = SSL_get_verify_result(ssl);
	const char *text = ERR_reason_error_string(error);

	if (verify != X509_V_OK)
		return X509_verify_cert_error_string(verify);

	return text ? text : "connection closed";
}
