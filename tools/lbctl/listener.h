/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sockets of this host that wait for clients, and whose they are.
 */

#ifndef _LBCTL_LISTENER_H
#define _LBCTL_LISTENER_H

#include "addr.h"

struct lb_vip;

/* Room for a process. */
#define LISTENER_TEXT	64

/**
 * struct listener - a socket
 * @addr: its address; 0.0.0.0 or :: for any
 * @port: its port
 * @proto: L4LB_PROTO_TCP or L4LB_PROTO_UDP
 * @inode: its number
 */
struct listener {
	struct lb_addr addr;
	uint16_t port;
	uint8_t proto;
	unsigned long inode;
};

int listener_list(struct listener **list, size_t *count);
const struct listener *listener_find(const struct listener *list, size_t count,
				     const struct lb_vip *vip);
const char *listener_process(const struct listener *listener, char *buf,
			     size_t size);

#endif /* _LBCTL_LISTENER_H */
