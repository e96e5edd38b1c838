/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Health: what a checker says of a real, and what follows from that together
 * with what the administrator says.
 */

#ifndef _L4LB_HEALTH_H
#define _L4LB_HEALTH_H

#include <linux/types.h>

struct l4lb_check;
struct l4lb_real;
struct netlink_ext_ack;

/**
 * struct l4lb_real_health - what a checker has said of a real
 * @state: &enum l4lb_health
 * @since: when @state became what it is, in ms since 1970
 * @flaps: how often it has ceased to be up
 * @reason: why @state is what it is, or NULL
 * @result: &enum l4lb_health that the last check alone speaks for, 0 before one
 * @result_text: what the last check has found, or NULL
 * @rtt: microseconds that the last check has taken
 * @agent_weight: percent of its weight that its agent wants
 * @agent_admin: &enum l4lb_admin that its agent wants
 */
struct l4lb_real_health {
	u8 state;
	u64 since;
	u32 flaps;
	char *reason;
	u8 result;
	char *result_text;
	u32 rtt;
	u16 agent_weight;
	u8 agent_admin;
};

/**
 * struct l4lb_verdict - what a checker reports of a real
 * @health: &enum l4lb_health, or 0 if that is not reported
 * @reason: why, or NULL
 * @result: &enum l4lb_health that the last check alone speaks for, or 0
 * @result_text: what the last check has found, or NULL
 * @rtt: microseconds that it has taken, or NULL
 * @agent_weight: percent of its weight that the agent wants, or NULL
 * @agent_admin: &enum l4lb_admin that the agent wants, or 0
 * @epoch: what the verdict is on, or NULL for whatever there is
 */
struct l4lb_verdict {
	u8 health;
	const char *reason;
	u8 result;
	const char *result_text;
	const u32 *rtt;
	const u16 *agent_weight;
	u8 agent_admin;
	const u32 *epoch;
};

/* Control plane: process context, under l4lb_net.lock. */
void l4lb_health_init(struct l4lb_real_health *health);
const struct l4lb_check *l4lb_real_check(const struct l4lb_real *real,
					 const struct l4lb_check *inherited);
u8 l4lb_real_health(const struct l4lb_real *real,
		    const struct l4lb_check *inherited);
u32 l4lb_real_weight(const struct l4lb_real *real,
		     const struct l4lb_check *inherited);
bool l4lb_real_is_fit(const struct l4lb_real *real,
		      const struct l4lb_check *inherited);
bool l4lb_real_is_out(const struct l4lb_real *real,
		      const struct l4lb_check *inherited);
u8 l4lb_real_hindrance(const struct l4lb_real *real,
		       const struct l4lb_check *inherited);
bool l4lb_real_serves(const struct l4lb_real *real,
		      const struct l4lb_check *inherited);
void l4lb_real_settle(struct l4lb_real *real);
int l4lb_real_report(struct l4lb_real *real,
		     const struct l4lb_verdict *verdict,
		     struct netlink_ext_ack *extack);

/* Process context. */
int l4lb_health_copy(struct l4lb_real_health *to, const struct l4lb_real_health *from);
void l4lb_health_free(struct l4lb_real_health *health);

#endif /* _L4LB_HEALTH_H */
