/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads all that the module has, and lets others have their turn meanwhile.
 */

#ifndef _LBCHECKD_DUMP_H
#define _LBCHECKD_DUMP_H

struct dump;
struct event_base;
struct lb_info;
struct lb_real;
struct lb_vip;

/**
 * struct dump_ops - who takes what is read
 * @begin: forget what has come so far: it is read from the beginning
 * @vip: takes a VIP; who wants to keep what it holds leaves it empty
 * @real: takes a real, in the same way
 * @info: takes the totals; NULL if nobody wants them
 * @end: that was all, or -errno; the dump is no more
 */
struct dump_ops {
	void (*begin)(void *data);
	void (*vip)(void *data, struct lb_vip *vip);
	void (*real)(void *data, struct lb_real *real);
	void (*info)(void *data, const struct lb_info *info);
	void (*end)(void *data, int ret);
};

struct dump *dump_new(struct event_base *base, const struct dump_ops *ops,
		      void *data);
void dump_free(struct dump *dump);

#endif /* _LBCHECKD_DUMP_H */
