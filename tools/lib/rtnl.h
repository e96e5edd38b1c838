/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel knows of this host: links, addresses, neighbours, routes.
 */

#ifndef _LB_RTNL_H
#define _LB_RTNL_H

#include "addr.h"
#include "mac.h"

#include <net/if.h>

struct lb_err;
struct nl_sock;

/**
 * struct lb_link - an interface
 * @index: its number
 * @name: its name
 * @mtu: largest packet that it sends
 * @up: whether the administrator wants it to be up
 * @running: whether it has a carrier
 * @ether: whether it is an Ethernet on which neighbours are asked for
 * @mac: its address, if it is
 */
struct lb_link {
	int index;
	char name[IFNAMSIZ];
	unsigned int mtu;
	bool up;
	bool running;
	bool ether;
	uint8_t mac[LB_MAC_LEN];
};

/**
 * struct lb_host_addr - an address of this host
 * @link: number of its interface
 * @prefix: the address and the length of its network, with host bits
 */
struct lb_host_addr {
	int link;
	struct lb_prefix prefix;
};

/**
 * struct lb_route - how a packet leaves
 * @link: number of the interface
 * @has_gateway: whether it goes to a gateway
 * @gateway: that
 * @source: the address that this host prefers; no family if none is said
 * @local: whether it does not leave at all
 */
struct lb_route {
	int link;
	bool has_gateway;
	struct lb_addr gateway;
	struct lb_addr source;
	bool local;
};

/**
 * struct lb_rtnl - this host, as it was when it was read
 * @sock: socket to ask for routes
 * @links: interfaces
 * @link_count: how many
 * @addrs: addresses
 * @addr_count: how many
 */
struct lb_rtnl {
	struct nl_sock *sock;
	struct lb_link *links;
	size_t link_count;
	struct lb_host_addr *addrs;
	size_t addr_count;
};

int lb_rtnl_open(struct lb_rtnl *rtnl, struct lb_err *err);
void lb_rtnl_close(struct lb_rtnl *rtnl);
const struct lb_link *lb_rtnl_link(const struct lb_rtnl *rtnl, int index);
int lb_rtnl_route(struct lb_rtnl *rtnl, const struct lb_addr *to,
		  struct lb_route *route, struct lb_err *err);

#endif /* _LB_RTNL_H */
