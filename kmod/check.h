/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How reals are checked: kept here for the checker to read, and of no meaning
 * to the kernel but for the type "off".
 */

#ifndef _L4LB_CHECK_H
#define _L4LB_CHECK_H

#include <linux/string.h>
#include <linux/types.h>

#include <uapi/linux/l4lb.h>

/**
 * struct l4lb_check - a check
 * @type: name of the type
 * @n_ports: number of @ports; none stands for the service's own port
 * @ports: ports that must all answer, host order
 * @interval: ms between two checks
 * @timeout: ms until a check has failed
 * @rise: good results in a row until a real is up
 * @fall: bad results in a row until it is not
 *
 * Compared as bytes, hence always made from zeroed memory.
 */
struct l4lb_check {
	char type[L4LB_CHECK_TYPE_MAX + 1];
	u16 n_ports;
	u16 ports[L4LB_CHECK_PORTS_MAX];
	u32 interval;
	u32 timeout;
	u8 rise;
	u8 fall;
};

static inline bool l4lb_check_is_off(const struct l4lb_check *check)
{
	return !strcmp(check->type, "off");
}

#endif /* _L4LB_CHECK_H */
