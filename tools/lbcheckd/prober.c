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
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/**
 * struct prober - the way to tell it
 * @nl: socket, NULL while there is none
 * @said: the last refusal that was logged
 */
struct prober {
	struct lb_nl *nl;
	char said[LB_ERR_TEXT];
};

/**
 * prober_new() - make one; the module need not be there yet
 *
 * Return: the prober, or NULL.
 */
struct prober *prober_new(void)
{
	return calloc(1, sizeof(struct prober));
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

	prober_tell(prober, L4LB_CMD_PROBE_DEL, probe, &err);
}
