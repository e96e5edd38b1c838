/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lists of MAC addresses.
 */

#ifndef _LB_MAC_H
#define _LB_MAC_H

#include <linux/l4lb.h>
#include <stddef.h>
#include <stdint.h>

struct lb_err;

#define LB_MAC_LEN	6

/* Room for any printed list. */
#define LB_MACS_TEXT	(L4LB_PARTNERS_MAX * 3 * LB_MAC_LEN)

/**
 * struct lb_macs - MAC addresses
 * @count: how many
 * @mac: the addresses
 */
struct lb_macs {
	unsigned int count;
	uint8_t mac[L4LB_PARTNERS_MAX][LB_MAC_LEN];
};

int lb_macs_parse(const char *text, struct lb_macs *macs, struct lb_err *err);
const char *lb_macs_print(const struct lb_macs *macs, char *buf, size_t size);

#endif /* _LB_MAC_H */
