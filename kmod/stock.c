// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stocks: objects of a cache that each CPU has at hand.
 */

#include "stock.h"

/* So many left are few: what comes within a millisecond at a high rate. */
#define STOCK_LOW	(L4LB_STOCK_SIZE / 2)

/*
 * Gives objects to a CPU, if it is this one and as far as it has room. A CPU
 * that goes offline leaves its work to another.
 */
static u32 stock_put(struct l4lb_stock_cpu *mine, void **objects, u32 n)
{
	local_bh_disable();
	if (mine->cpu == smp_processor_id())
		while (n && mine->n < L4LB_STOCK_SIZE)
			mine->objects[mine->n++] = objects[--n];
	local_bh_enable();

	return n;
}

static void stock_refill(struct work_struct *work)
{
	struct l4lb_stock_cpu *mine =
		container_of(work, struct l4lb_stock_cpu, refill);
	void *fresh[L4LB_STOCK_BATCH];
	u32 left;

	do {
		if (!kmem_cache_alloc_bulk(mine->cache,
					   GFP_KERNEL | __GFP_NOWARN,
					   ARRAY_SIZE(fresh), fresh))
			return;
		left = stock_put(mine, fresh, ARRAY_SIZE(fresh));
	} while (!left);

	kmem_cache_free_bulk(mine->cache, left, fresh);
}

/**
 * l4lb_stock_low() - see to it that there is more
 * @mine: stock of this CPU, with a multiple of the batch left
 *
 * Context: Softirq or with bottom halves off.
 * Return: false if there is nothing left and no memory.
 */
bool l4lb_stock_low(struct l4lb_stock_cpu *mine)
{
	if (mine->n > STOCK_LOW)
		return true;

	queue_work_on(mine->cpu, system_wq, &mine->refill);
	if (!mine->n)
		mine->n = kmem_cache_alloc_bulk(mine->cache,
						GFP_ATOMIC | __GFP_NOWARN,
						L4LB_STOCK_BATCH,
						mine->objects);

	return mine->n;
}

/**
 * l4lb_stock_start() - begin with empty stocks
 * @stock: stock
 * @cache: where to take from; lives until after l4lb_stock_stop()
 *
 * Context: Process context.
 * Return: 0, or -ENOMEM.
 */
int l4lb_stock_start(struct l4lb_stock *stock, struct kmem_cache *cache)
{
	struct l4lb_stock_cpu *each;
	int cpu;

	stock->cache = cache;
	stock->cpus = alloc_percpu(struct l4lb_stock_cpu);
	if (!stock->cpus)
		return -ENOMEM;

	for_each_possible_cpu(cpu) {
		each = per_cpu_ptr(stock->cpus, cpu);
		each->cache = cache;
		each->cpu = cpu;
		INIT_WORK(&each->refill, stock_refill);
	}

	return 0;
}

/**
 * l4lb_stock_stop() - give back what is left
 * @stock: stock that nobody takes from any more
 *
 * Context: Process context.
 */
void l4lb_stock_stop(struct l4lb_stock *stock)
{
	struct l4lb_stock_cpu *each;
	int cpu;

	for_each_possible_cpu(cpu) {
		each = per_cpu_ptr(stock->cpus, cpu);
		cancel_work_sync(&each->refill);
		if (each->n)
			kmem_cache_free_bulk(each->cache, each->n,
					     each->objects);
	}
	free_percpu(stock->cpus);
}
