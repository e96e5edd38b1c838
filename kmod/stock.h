/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stocks: objects of a cache that each CPU has at hand, so that what a packet
 * needs is there. A worker fills them up, which may wait for memory.
 */

#ifndef _L4LB_STOCK_H
#define _L4LB_STOCK_H

#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#define L4LB_STOCK_SIZE		256
#define L4LB_STOCK_BATCH	16

/**
 * struct l4lb_stock_cpu - what one CPU has; bottom halves are off
 * @cache: where it is from
 * @refill: work for this CPU, when there is little left
 * @cpu: its number
 * @n: how many are left
 * @objects: they
 */
struct l4lb_stock_cpu {
	struct kmem_cache *cache;
	struct work_struct refill;
	int cpu;
	u32 n;
	void *objects[L4LB_STOCK_SIZE];
};

/**
 * struct l4lb_stock - objects at hand
 * @cache: where they are from and are freed to
 * @cpus: what each CPU has
 */
struct l4lb_stock {
	struct kmem_cache *cache;
	struct l4lb_stock_cpu __percpu *cpus;
};

/* For the function below. */
bool l4lb_stock_low(struct l4lb_stock_cpu *mine);

/**
 * l4lb_stock_take() - take an object
 * @stock: of which
 *
 * Context: Softirq or with bottom halves off.
 * Return: the object, not cleared, or NULL if there is no memory.
 */
static inline void *l4lb_stock_take(struct l4lb_stock *stock)
{
	struct l4lb_stock_cpu *mine = this_cpu_ptr(stock->cpus);

	if (unlikely(!(mine->n % L4LB_STOCK_BATCH)) && !l4lb_stock_low(mine))
		return NULL;

	return mine->objects[--mine->n];
}

/* Life of the module: process context. */
int l4lb_stock_start(struct l4lb_stock *stock, struct kmem_cache *cache);
void l4lb_stock_stop(struct l4lb_stock *stock);

#endif /* _L4LB_STOCK_H */
