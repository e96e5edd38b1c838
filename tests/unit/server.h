/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A server on a port of this host, in a process of its own, that does what its
 * script says with one client. A script is a row of words, the first byte of
 * which says what to do with the rest:
 *
 *	>text	say it
 *	,text	say it byte by byte
 *	*text	say it for ever
 *	hHEX	say these bytes
 *	e	say a large entry of a directory, and small ones at once, the
 *		last one with "hello" in it
 *	<text	hear a line that begins so, or close
 *	{	hear up to an empty line
 *	?	hear something
 *	$	TLS
 *	%name	TLS, if the client asks for that name, and takes no other
 *	t	TLS tickets, for ever
 *	!	reset the connection
 *	~	do nothing for ever
 *
 * At its end the connection is closed. With "t" and "~" it has come to rest, which
 * is told when the client has got all that was said before.
 */

#ifndef _SERVER_H
#define _SERVER_H

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Who it says that it is. */
struct identity {
	EVP_PKEY *key;
	X509 *cert;
};

/**
 * struct server - the process
 * @pid: its number
 * @port: where it listens
 * @rest: a byte can be read from it when it has come to rest; does not block
 */
struct server {
	pid_t pid;
	uint16_t port;
	int rest;
};

/* One that talks. */
struct peer {
	int fd;
	int rest;
	SSL *ssl;
	const struct identity *identity;
};

static inline void identity_make(struct identity *identity, const char *name,
				 long days)
{
	X509_NAME *subject;

	identity->key = EVP_EC_gen("P-256");
	identity->cert = X509_new();
	X509_set_version(identity->cert, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(identity->cert), 1);
	X509_gmtime_adj(X509_getm_notBefore(identity->cert), -30 * 86400L);
	X509_gmtime_adj(X509_getm_notAfter(identity->cert),
			days * 86400L + (days < 0 ? -3600 : 3600));
	X509_set_pubkey(identity->cert, identity->key);
	subject = X509_get_subject_name(identity->cert);
	X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
				   (const unsigned char *)name, -1, -1, 0);
	X509_set_issuer_name(identity->cert, subject);
	X509_sign(identity->cert, identity->key, EVP_sha256());
}

static inline void identity_free(struct identity *identity)
{
	X509_free(identity->cert);
	EVP_PKEY_free(identity->key);
}

/* Let whoever looks for authorities in the directory find this one. */
static inline int identity_trust(const struct identity *identity,
				 const char *dir)
{
	unsigned char *der = NULL;
	char path[512];
	FILE *file;
	int len;

	snprintf(path, sizeof(path), "%s/%08lx.0", dir,
		 X509_subject_name_hash(identity->cert));
	file = fopen(path, "w");
	if (!file)
		return -1;

	len = i2d_X509(identity->cert, &der);
	if (len > 0) {
		unsigned char *text = malloc((size_t)len * 2 + 4);

		EVP_EncodeBlock(text, der, len);
		fprintf(file, "-----BEGIN CERTIFICATE-----\n");
		for (size_t i = 0; i < strlen((char *)text); i += 64)
			fprintf(file, "%.64s\n", (char *)text + i);
		fprintf(file, "-----END CERTIFICATE-----\n");
		free(text);
	}
	OPENSSL_free(der);

	return fclose(file);
}

static inline ssize_t peer_write(struct peer *peer, const void *bytes,
				 size_t len)
{
	if (peer->ssl)
		return SSL_write(peer->ssl, bytes, (int)len);

	return send(peer->fd, bytes, len, MSG_NOSIGNAL);
}

static inline ssize_t peer_read(struct peer *peer, void *bytes, size_t len)
{
	if (peer->ssl)
		return SSL_read(peer->ssl, bytes, (int)len);

	return recv(peer->fd, bytes, len, 0);
}

/* A line, without its end; 0 or -1. */
static inline int peer_line(struct peer *peer, char *line, size_t size)
{
	size_t len = 0;
	char c;

	while (peer_read(peer, &c, 1) == 1) {
		if (c == '\n') {
			line[len] = '\0';
			return 0;
		}
		if (c != '\r' && len < size - 1)
			line[len++] = c;
	}

	return -1;
}

static inline int peer_secure(struct peer *peer, const char *name)
{
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());
	const char *asked;

	SSL_CTX_use_certificate(context, peer->identity->cert);
	SSL_CTX_use_PrivateKey(context, peer->identity->key);
	peer->ssl = SSL_new(context);
	SSL_CTX_free(context);
	SSL_set_fd(peer->ssl, peer->fd);
	if (SSL_accept(peer->ssl) != 1)
		return -1;

	asked = SSL_get_servername(peer->ssl, TLSEXT_NAMETYPE_host_name);

	return *name && (!asked || strcmp(name, asked)) ? -1 : 0;
}

static inline void peer_hex(struct peer *peer, const char *hex)
{
	unsigned char bytes[512];
	unsigned int byte;
	size_t len = 0;

	while (len < sizeof(bytes) && sscanf(hex, "%2x", &byte) == 1) {
		bytes[len++] = (unsigned char)byte;
		hex += 2;
	}
	peer_write(peer, bytes, len);
}

/* One message as long as may be, and others right behind it. */
static inline bool peer_entries(struct peer *peer)
{
	static const unsigned char head[] = {
		0x30, 0x82, 0xff, 0xf6, 2, 1, 2, 0x64, 0x82, 0xff, 0xef,
		4, 0x82, 0xff, 0xeb,
	};
	static const char entry[] = "0\t\2\1\2d\4\4\0000";
	static const char last[] = "0\016\2\1\2d\t\4\7o=hello";
	static char all[65530 + 200 * sizeof(entry) + sizeof(last) - 1];
	size_t at;

	memcpy(all, head, sizeof(head));
	for (at = 65530; at < sizeof(all) - (sizeof(last) - 1);
	     at += sizeof(entry))
		memcpy(all + at, entry, sizeof(entry));
	memcpy(all + at, last, sizeof(last) - 1);

	return peer_write(peer, all, sizeof(all)) > 0;
}

/* What has been said is where the client can read it. */
static inline void peer_rests(struct peer *peer)
{
	int left = 0;

	while (!ioctl(peer->fd, SIOCOUTQ, &left) && left)
		usleep(1000);
	if (write(peer->rest, "", 1) != 1)
		_exit(1);
}

/* Whether to go on. */
static inline bool peer_do(struct peer *peer, const char *word)
{
	const struct linger none = { .l_onoff = 1 };
	const char *rest = word + 1;
	char line[1024];

	switch (*word) {
	case '>':
		return peer_write(peer, rest, strlen(rest)) > 0;
	case ',':
		for (; *rest; rest++) {
			if (peer_write(peer, rest, 1) != 1)
				return false;
		}
		return true;
	case '*':
		while (peer_write(peer, rest, strlen(rest)) > 0)
			;
		return false;
	case 'h':
		peer_hex(peer, rest);
		return true;
	case 'e':
		return peer_entries(peer);
	case '<':
		return !peer_line(peer, line, sizeof(line)) &&
		       !strncmp(line, rest, strlen(rest));
	case '{':
		while (!peer_line(peer, line, sizeof(line)) && *line)
			;
		return !*line;
	case '?':
		return peer_read(peer, line, sizeof(line)) > 0;
	case '$':
	case '%':
		return !peer_secure(peer, rest);
	case 't':
		peer_rests(peer);
		while (SSL_new_session_ticket(peer->ssl) == 1 &&
		       SSL_do_handshake(peer->ssl) == 1)
			;
		return false;
	case '!':
		setsockopt(peer->fd, SOL_SOCKET, SO_LINGER, &none,
			   sizeof(none));
		return false;
	default:
		peer_rests(peer);
		pause();
		return false;
	}
}

static inline void peer_run(int listener, int rest, const char *const *script,
			    const struct identity *identity)
{
	struct peer peer = { .rest = rest, .identity = identity };
	int one = 1;

	signal(SIGPIPE, SIG_IGN);
	peer.fd = accept(listener, NULL, NULL);
	if (peer.fd < 0)
		return;
	close(listener);
	setsockopt(peer.fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	while (*script && peer_do(&peer, *script))
		script++;
	if (peer.ssl)
		SSL_shutdown(peer.ssl);
	close(peer.fd);
}

/* Returns 0 or -1. */
static inline int server_start(struct server *server, const char *const *script,
			       const struct identity *identity)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t len = sizeof(address);
	int rest[2];

	if (bind(fd, (struct sockaddr *)&address, len) || listen(fd, 1) ||
	    getsockname(fd, (struct sockaddr *)&address, &len) ||
	    pipe2(rest, O_CLOEXEC | O_NONBLOCK))
		return -1;

	server->port = ntohs(address.sin_port);
	server->rest = rest[0];
	server->pid = fork();
	if (!server->pid) {
		peer_run(fd, rest[1], script, identity);
		_exit(0);
	}
	close(fd);
	close(rest[1]);

	return server->pid < 0 ? -1 : 0;
}

static inline void server_stop(struct server *server)
{
	kill(server->pid, SIGKILL);
	waitpid(server->pid, NULL, 0);
	close(server->rest);
}

#endif /* _SERVER_H */
