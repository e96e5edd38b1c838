/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Asks on the wire who has an address, by ARP or neighbour discovery.
 */

#ifndef _LBCTL_SOLICIT_H
#define _LBCTL_SOLICIT_H

#include "rtnl.h"

struct lb_err;

/* Most machines that are told apart for one address. */
#define SOLICIT_MACS	4

/**
 * struct question - who has an address
 * @link: where it is asked
 * @addr: the address
 * @source: who asks, an address of this host there; no family for nobody, by
 *	whom only ARP asks
 * @asked: whether it was asked
 * @told: whether it has been told that nobody, or more than one, has it
 * @count: how many machines have answered
 * @mac: who they are
 */
struct question {
	const struct lb_link *link;
	struct lb_addr addr;
	struct lb_addr source;
	bool asked;
	bool told;
	unsigned int count;
	uint8_t mac[SOLICIT_MACS][LB_MAC_LEN];
};

int solicit(struct question *questions, size_t count, struct lb_err *err);

#endif /* _LBCTL_SOLICIT_H */
