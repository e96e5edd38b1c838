/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The module: what is configured there, and what it is told of the servers.
 */

#ifndef _LBCHECKD_KERNEL_H
#define _LBCHECKD_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct event_base;
struct kernel;
struct lb_err;
struct lb_real;
struct lb_vip;

/**
 * struct config - what is configured
 * @scope: name of the only VIP that was asked for; NULL for everything
 * @vip: VIPs; none if the one asked for is not there
 * @vips: how many
 * @real: their reals
 * @reals: how many
 */
struct config {
	const char *scope;
	const struct lb_vip *vip;
	size_t vips;
	const struct lb_real *real;
	size_t reals;
};

/**
 * struct kernel_ops - who is told what the module says
 * @update: within its scope this is all there is now
 * @health: the health of a real is this now
 * @vips: VIPs have changed, or the state of one
 * @fail: it is no use to go on; -EPERM if reports are not permitted, -EPROTO
 *	if the module's interface has another version
 */
struct kernel_ops {
	void (*update)(void *data, const struct config *config);
	void (*health)(void *data, const struct lb_real *real);
	void (*vips)(void *data);
	void (*fail)(void *data, int ret, const struct lb_err *err);
};

/**
 * struct kernel_stats - what the module was told
 * @reports: reports that it has taken
 * @refused: reports that it has not
 */
struct kernel_stats {
	uint64_t reports;
	uint64_t refused;
};

int kernel_new(struct kernel **kernelp, struct event_base *base,
	       const struct kernel_ops *ops, void *data, struct lb_err *err);
void kernel_free(struct kernel *kernel);
void kernel_refresh(struct kernel *kernel);
int kernel_report(struct kernel *kernel, const struct lb_real *report);
int kernel_place(struct kernel *kernel, bool anew, struct lb_err *err);
bool kernel_is_connected(const struct kernel *kernel);
struct kernel_stats kernel_stats(const struct kernel *kernel);

#endif /* _LBCHECKD_KERNEL_H */
