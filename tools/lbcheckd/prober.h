/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tells the module which sockets go the way of clients' packets.
 */

#ifndef _LBCHECKD_PROBER_H
#define _LBCHECKD_PROBER_H

#include <sys/socket.h>

struct lb_probe;
struct prober;

struct prober *prober_new(void);
void prober_free(struct prober *prober);
int prober_bind(struct prober *prober, int fd, struct sockaddr_storage *local,
		socklen_t len);
int prober_begin(struct prober *prober, const struct lb_probe *probe);
void prober_end(struct prober *prober, const struct lb_probe *probe);

#endif /* _LBCHECKD_PROBER_H */
