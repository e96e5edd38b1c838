// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tells the module which sockets go the way of clients' packets.
 */

#include "prober.h"
#include "err.h"
#include "log.h"
#include "model.h"
#include "nl.h"
#include "request.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Ports that a host gives to those who do not care, unless it says otherwise. */
#define PORTS_FILE	"/proc/sys/net/ipv4/ip_local_port_range"
#define PORT_FIRST	32768
#define PORT_LAST	60999

/* Ports that are tried in a row: others may have some of them. */
#define PORT_TRIES	64

/**
 * struct prober - the way to tell it
 * @nl: socket, NULL while there is none
 * @said: the last refusal that was logged
 * @first: first port to take for a probe
 * @last: last one
 * @next: the one to try next
 * @taken: ports of probes that run
 */
struct prober {
	struct lb_nl *nl;
	char said[LB_ERR_TEXT];
	unsigned int first;
	unsigned int last;
	unsigned int next;
	bool taken[UINT16_MAX + 1];
};

static void ports_read(struct prober *prober)
{
	FILE *file = fopen(PORTS_FILE, "re");
	unsigned int first, last;

	prober->first = PORT_FIRST;
	prober->last = PORT_LAST;
	if (!file)
		return;
	if (fscanf(file, "%u %u", &first, &last) == 2 && first &&
	    first <= last && last <= UINT16_MAX) {
		prober->first = first;
		prober->last = last;
	}
	fclose(file);
}

/**
 * prober_new() - make one; the module need not be there yet
 *
 * Return: the prober, or NULL.
 */
struct prober *prober_new(void)
{
	struct prober *prober = calloc(1, sizeof(*prober));

	if (!prober)
		return NULL;
	ports_read(prober);
	prober->next = prober->first;

	return prober;
}

static unsigned int port_next(struct prober *prober)
{
	unsigned int port = prober->next++;

	if (prober->next > prober->last)
		prober->next = prober->first;

	return port;
}

/**
 * prober_bind() - give a socket of TCP a port that no other probe has
 * @prober: prober
 * @fd: socket
 * @local: its address, where the port goes to
 * @len: length of that
 *
 * The port has to be known before it connects, and the system gives none then
 * that waits for the last packets of a connection, to whichever server. These
 * may be used here: there are many servers, and it is some time until the turn
 * is that port's again.
 *
 * Return: 0 or -errno, -EADDRINUSE if there is none. It is free again after
 * prober_begin(), if that fails, or prober_end().
 */
int prober_bind(struct prober *prober, int fd, struct sockaddr_storage *local,
		socklen_t len)
{
	/* Where the port is, is the same in both families. */
	struct sockaddr_in *in = (struct sockaddr_in *)local;
	unsigned int i, port;
	const int one = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)))
		return -errno;
	for (i = 0; i < PORT_TRIES; i++) {
		port = port_next(prober);
		if (prober->taken[port])
			continue;
		in->sin_port = htons((uint16_t)port);
		if (!bind(fd, (struct sockaddr *)local, len)) {
			prober->taken[port] = true;
			return 0;
		}
		if (errno != EADDRINUSE)
			return -errno;
	}

	return -EADDRINUSE;
}

static void port_release(struct prober *prober, const struct lb_probe *probe)
{
	if (probe->proto == L4LB_PROTO_TCP)
		prober->taken[probe->sport] = false;
}

static void prober_close(struct prober *prober)
{
	lb_nl_close(prober->nl);
	prober->nl = NULL;
}

/**
 * prober_free() - free a prober
 * @prober: prober, or NULL
 */
void prober_free(struct prober *prober)
{
	if (!prober)
		return;
	prober_close(prober);
	free(prober);
}

/* The module may have been loaded anew since, under another number. */
static int prober_tell(struct prober *prober, uint8_t cmd,
		       const struct lb_probe *probe, struct lb_err *err)
{
	int ret;

	if (!prober->nl) {
		ret = lb_nl_open(&prober->nl, err);
		if (ret)
			return ret;
	}

	ret = lb_probe_send(prober->nl, cmd, probe, err);
	if (ret && ret != -EINVAL && ret != -EADDRNOTAVAIL)
		prober_close(prober);

	return ret;
}

/**
 * prober_begin() - let a socket be a probe
 * @prober: prober
 * @probe: the socket
 *
 * Return: 0, or -EADDRNOTAVAIL; why, is in the log, once.
 */
int prober_begin(struct prober *prober, const struct lb_probe *probe)
{
	struct lb_err err = { 0 };

	if (!prober_tell(prober, L4LB_CMD_PROBE_NEW, probe, &err)) {
		prober->said[0] = '\0';
		return 0;
	}
	port_release(prober, probe);

	if (strcmp(prober->said, err.text))
		log_line(LOG_WARNING, "%s/%s: no check via the vip: %s",
			 probe->vip, probe->real, err.text);
	snprintf(prober->said, sizeof(prober->said), "%s", err.text);

	return -EADDRNOTAVAIL;
}

/**
 * prober_end() - the socket has been closed
 * @prober: prober
 * @probe: the socket
 *
 * What cannot be ended ends by itself.
 */
void prober_end(struct prober *prober, const struct lb_probe *probe)
{
	struct lb_err err = { 0 };

	port_release(prober, probe);
	prober_tell(prober, L4LB_CMD_PROBE_DEL, probe, &err);
}
