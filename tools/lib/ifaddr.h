/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Addresses on interfaces, with the mark of who has put them there.
 */

#ifndef _LB_IFADDR_H
#define _LB_IFADDR_H

#include "addr.h"

#include <stdbool.h>
#include <stddef.h>

struct lb_err;
struct mnl_socket;

/* What the kernel keeps of an address that was put there by these programs. */
#define LB_IFADDR_MARK	0x4c

/**
 * struct lb_ifaddr - an address on an interface
 * @link: number of the interface
 * @prefix: the address and the length of its network, with host bits
 * @ours: whether it has our mark
 */
struct lb_ifaddr {
	int link;
	struct lb_prefix prefix;
	bool ours;
};

int lb_ifaddr_open(struct mnl_socket **sock, struct lb_err *err);
int lb_ifaddr_list(struct mnl_socket *sock, struct lb_ifaddr **list,
		   size_t *count, struct lb_err *err);
int lb_ifaddr_add(struct mnl_socket *sock, int link,
		  const struct lb_addr *addr, struct lb_err *err);
int lb_ifaddr_del(struct mnl_socket *sock, const struct lb_ifaddr *ifaddr,
		  struct lb_err *err);

#endif /* _LB_IFADDR_H */
