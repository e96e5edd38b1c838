/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shows VIPs, reals and persistence entries.
 */

#ifndef _LBCTL_DESCRIBE_H
#define _LBCTL_DESCRIBE_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lb_drops;
struct lb_out;
struct lb_persist;
struct lb_real;
struct lb_stats;
struct lb_vip;

/* Room for any state of a VIP in words. */
#define VIP_STATE_TEXT	(IFNAMSIZ + 16)

const char *describe_vip_state(const struct lb_vip *vip, char *buf,
			       size_t size);
void describe_vip(struct lb_out *out, const struct lb_vip *vip, bool detail);
void describe_vip_rate(struct lb_out *out, const struct lb_vip *vip,
		       const struct lb_stats *rate);
void describe_real(struct lb_out *out, const struct lb_real *real, bool detail,
		   bool with_vip);
void describe_real_rate(struct lb_out *out, const struct lb_real *real,
			const struct lb_stats *rate);
void describe_persist(struct lb_out *out, const struct lb_persist *persist);
void describe_time(struct lb_out *out, const char *key, const char *label,
		   uint32_t ms);
void describe_stats(struct lb_out *out, const struct lb_stats *stats);
void describe_drops(struct lb_out *out, const struct lb_drops *drops);

#endif /* _LBCTL_DESCRIBE_H */
