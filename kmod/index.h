/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Indexes of the control plane: objects by a hash, in a table that grows with
 * their number. Packets are not looked up here.
 */

#ifndef _L4LB_INDEX_H
#define _L4LB_INDEX_H

#include <linux/list.h>
#include <linux/types.h>

#define L4LB_INDEX_BITS_MIN	4

/**
 * struct l4lb_index_node - entry in an index
 * @node: entry in its bucket; not hashed if it is in no index
 * @hash: what it is found by
 */
struct l4lb_index_node {
	struct hlist_node node;
	u32 hash;
};

/**
 * struct l4lb_index - objects by a hash
 * @heads: buckets, @few or allocated
 * @bits: logarithm of their number
 * @n: objects
 * @few: buckets of a small index, which needs no memory
 *
 * Whoever has one guards it.
 */
struct l4lb_index {
	struct hlist_head *heads;
	u32 bits;
	u32 n;
	struct hlist_head few[1 << L4LB_INDEX_BITS_MIN];
};

/* Process context. */
void l4lb_index_init(struct l4lb_index *index);
void l4lb_index_free(struct l4lb_index *index);
void l4lb_index_add(struct l4lb_index *index, struct l4lb_index_node *node,
		    u32 hash);
void l4lb_index_del(struct l4lb_index *index, struct l4lb_index_node *node);
struct hlist_head *l4lb_index_bucket(struct l4lb_index *index, u32 hash);

#endif /* _L4LB_INDEX_H */
