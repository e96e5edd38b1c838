// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of indexes: what is put in is found, and nothing else, while they grow.
 */

#include "index.h"

#include <kunit/test.h>

#define OBJECTS	5000

/* So that many share a hash, as equal names in several VIPs do. */
static u32 hash_of(unsigned int i)
{
	return i / 3 * 0x9e3779b1;
}

static bool is_found(struct l4lb_index *index,
		     const struct l4lb_index_node *wanted, u32 hash)
{
	const struct l4lb_index_node *node;

	hlist_for_each_entry(node, l4lb_index_bucket(index, hash), node)
		if (node == wanted)
			return true;

	return false;
}

static void index_finds_what_is_in_it(struct kunit *test)
{
	struct l4lb_index_node *nodes;
	struct l4lb_index index;
	unsigned int i, j;

	nodes = kunit_kzalloc(test, OBJECTS * sizeof(*nodes), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, nodes);
	l4lb_index_init(&index);

	for (i = 0; i < OBJECTS; i++) {
		l4lb_index_add(&index, &nodes[i], hash_of(i));
		for (j = 0; j <= i; j += 1 + i / 8)
			KUNIT_EXPECT_TRUE(test, is_found(&index, &nodes[j],
							 hash_of(j)));
	}
	KUNIT_EXPECT_EQ(test, index.n, OBJECTS);
	KUNIT_EXPECT_GE(test, 1U << index.bits, OBJECTS);

	for (i = 0; i < OBJECTS; i += 2)
		l4lb_index_del(&index, &nodes[i]);
	l4lb_index_del(&index, &nodes[0]);
	KUNIT_EXPECT_EQ(test, index.n, OBJECTS / 2);
	for (i = 0; i < OBJECTS; i++)
		KUNIT_EXPECT_EQ(test, is_found(&index, &nodes[i], hash_of(i)),
				i % 2 == 1);

	l4lb_index_free(&index);
	KUNIT_EXPECT_EQ(test, index.n, 0);
	l4lb_index_add(&index, &nodes[0], hash_of(0));
	KUNIT_EXPECT_TRUE(test, is_found(&index, &nodes[0], hash_of(0)));
	l4lb_index_del(&index, &nodes[0]);
}

static struct kunit_case index_cases[] = {
	KUNIT_CASE(index_finds_what_is_in_it),
	{}
};

static struct kunit_suite index_suite = {
	.name		= "l4lb_index",
	.test_cases	= index_cases,
};

kunit_test_suite(index_suite);
