/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How reals are checked: kept here for the checker to read, and of no meaning
 * to the kernel but for the type "off" and whether an agent is asked.
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
 * @fast: ms between two checks while the verdict is uncertain, or 0
 * @agent: port of the real's agent, or 0
 * @rise: good results in a row until a real is up
 * @fall: bad results in a row until it is not
 * @via: &enum l4lb_via
 * @guard: percent of a VIP's reals that do not fail at once, or 0
 * @secret: name of what the check logs in with, or empty
 * @args: what the type makes of it, or NULL. In a request it belongs to the
 *	message, in what was made from that to whom the check belongs
 *
 * Up to @args compared as bytes, hence always made from zeroed memory.
 */
struct l4lb_check {
	char type[L4LB_CHECK_TYPE_MAX + 1];
	u16 n_ports;
	u16 ports[L4LB_CHECK_PORTS_MAX];
	u32 interval;
	u32 timeout;
	u32 fast;
	__be16 agent;
	u8 rise;
	u8 fall;
	u8 via;
	u8 guard;
	char secret[L4LB_NAME_MAX + 1];
	const char *args;
};

static inline bool l4lb_check_is_off(const struct l4lb_check *check)
{
	return !strcmp(check->type, "off");
}

void l4lb_check_init(struct l4lb_check *check, const char *type);
bool l4lb_check_equal(const struct l4lb_check *a, const struct l4lb_check *b);

/* Process context. */
int l4lb_check_own(struct l4lb_check *check);
void l4lb_check_disown(struct l4lb_check *check);

#endif /* _L4LB_CHECK_H */
