// SPDX-License-Identifier: GPL-2.0-only
/*
 * Indexes of the control plane.
 *
 * A table doubles when there are as many objects as buckets. If there is no
 * memory for that it is slower, and tries again with the next object.
 */

#include "index.h"

#include <linux/hash.h>
#include <linux/mm.h>
#include <linux/slab.h>

/**
 * l4lb_index_init() - make an index without objects
 * @index: index
 *
 * Context: Any.
 */
void l4lb_index_init(struct l4lb_index *index)
{
	memset(index, 0, sizeof(*index));
	index->heads = index->few;
	index->bits = L4LB_INDEX_BITS_MIN;
}

/**
 * l4lb_index_free() - free what an index has allocated
 * @index: index without objects, which may be used again
 *
 * Context: Process context.
 */
void l4lb_index_free(struct l4lb_index *index)
{
	if (index->heads != index->few)
		kvfree(index->heads);
	l4lb_index_init(index);
}

/**
 * l4lb_index_bucket() - where objects of a hash are
 * @index: index
 * @hash: the hash
 *
 * Context: Any.
 * Return: the bucket, which may have others as well.
 */
struct hlist_head *l4lb_index_bucket(struct l4lb_index *index, u32 hash)
{
	return &index->heads[hash_32(hash, index->bits)];
}

static void index_grow(struct l4lb_index *index)
{
	struct l4lb_index grown = { .bits = index->bits + 1 };
	struct l4lb_index_node *node;
	struct hlist_node *next;
	u32 i;

	grown.heads = kvcalloc(1U << grown.bits, sizeof(*grown.heads),
			       GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!grown.heads)
		return;

	for (i = 0; i < 1U << index->bits; i++) {
		hlist_for_each_entry_safe(node, next, &index->heads[i], node) {
			hlist_del(&node->node);
			hlist_add_head(&node->node,
				       l4lb_index_bucket(&grown, node->hash));
		}
	}

	if (index->heads != index->few)
		kvfree(index->heads);
	index->heads = grown.heads;
	index->bits = grown.bits;
}

/**
 * l4lb_index_add() - put an object into an index
 * @index: index
 * @node: the object's entry
 * @hash: what it is found by
 *
 * Context: Process context.
 */
void l4lb_index_add(struct l4lb_index *index, struct l4lb_index_node *node,
		    u32 hash)
{
	if (index->n >= 1U << index->bits)
		index_grow(index);

	node->hash = hash;
	hlist_add_head(&node->node, l4lb_index_bucket(index, hash));
	index->n++;
}

/**
 * l4lb_index_del() - take an object out of an index
 * @index: index
 * @node: the object's entry, which need not be there
 *
 * Context: Any.
 */
void l4lb_index_del(struct l4lb_index *index, struct l4lb_index_node *node)
{
	if (hlist_unhashed(&node->node))
		return;

	hlist_del_init(&node->node);
	index->n--;
}
