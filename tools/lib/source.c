// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists of addresses that reals see in place of the clients'.
 */

#include "source.h"
#include "err.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int addr_compare(const struct lb_addr *a, const struct lb_addr *b)
{
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	if (a->family == AF_INET)
		return memcmp(&a->v4, &b->v4, sizeof(a->v4));

	return memcmp(&a->v6, &b->v6, sizeof(a->v6));
}

static int sources_insert(struct lb_sources *sources,
			  const struct lb_addr *addr, struct lb_err *err)
{
	unsigned int at = 0, i;
	int order = 1;

	while (at < sources->count) {
		order = addr_compare(addr, &sources->addr[at]);
		if (order <= 0)
			break;
		at++;
	}
	if (!order)
		return 0;
	if (sources->count == L4LB_SOURCES_MAX)
		return lb_err_set(err, -EINVAL,
				  "source has more than %u addresses",
				  L4LB_SOURCES_MAX);
	if (sources->count && sources->addr[0].family != addr->family)
		return lb_err_set(err, -EINVAL,
				  "the addresses of source differ in family");

	for (i = sources->count++; i > at; i--)
		sources->addr[i] = sources->addr[i - 1];
	sources->addr[at] = *addr;

	return 0;
}

static void sources_remove(struct lb_sources *sources,
			   const struct lb_addr *addr)
{
	unsigned int i, kept = 0;

	for (i = 0; i < sources->count; i++) {
		if (!lb_addr_equal(&sources->addr[i], addr))
			sources->addr[kept++] = sources->addr[i];
	}
	sources->count = kept;
}

/**
 * lb_list_op() - see what a list does to the one there is
 * @text: the list, which is behind the sign afterwards if there is one
 *
 * Return: what it does.
 */
enum lb_list_op lb_list_op(const char **text)
{
	if (**text != '+' && **text != '-')
		return LB_LIST_SET;

	return *(*text)++ == '+' ? LB_LIST_ADD : LB_LIST_DEL;
}

/**
 * lb_sources_parse() - parse a list of sources
 * @text: ``ADDRESS[,ADDRESS...]``, perhaps after ``+`` or ``-``
 * @sources: where to
 * @err: why not
 *
 * Return: 0 or -EINVAL.
 */
int lb_sources_parse(const char *text, struct lb_sources *sources,
		     struct lb_err *err)
{
	char part[INET6_ADDRSTRLEN];
	struct lb_addr addr;
	size_t len;
	int ret;

	memset(sources, 0, sizeof(*sources));
	sources->op = lb_list_op(&text);

	for (;;) {
		len = strcspn(text, ",");
		snprintf(part, sizeof(part), "%.*s", (int)len, text);
		if (len >= sizeof(part))
			return lb_err_set(err, -EINVAL,
					  "\"%s\" is not an address", text);
		ret = lb_addr_parse(part, &addr, err);
		if (!ret)
			ret = sources_insert(sources, &addr, err);
		if (ret || !text[len])
			return ret;
		text += len + 1;
	}
}

/**
 * lb_sources_settle() - make of what is to be added or removed a whole list
 * @sources: what was asked for, which becomes the list
 * @now: the list there is
 * @err: why not
 *
 * Return: 0 or -EINVAL.
 */
int lb_sources_settle(struct lb_sources *sources, const struct lb_sources *now,
		      struct lb_err *err)
{
	struct lb_sources list = *now;
	unsigned int i;
	int ret = 0;

	if (sources->op == LB_LIST_SET)
		return 0;

	for (i = 0; i < sources->count && !ret; i++) {
		if (sources->op == LB_LIST_ADD)
			ret = sources_insert(&list, &sources->addr[i], err);
		else
			sources_remove(&list, &sources->addr[i]);
	}
	list.op = LB_LIST_SET;
	*sources = list;

	return ret;
}

/**
 * lb_sources_print() - print a list of sources
 * @sources: the list
 * @buf: where to
 * @size: size of @buf, %LB_SOURCES_TEXT fits all
 *
 * Return: @buf.
 */
const char *lb_sources_print(const struct lb_sources *sources, char *buf,
			     size_t size)
{
	char text[LB_ADDR_TEXT];
	size_t used = 0;
	unsigned int i;

	snprintf(buf, size, "%s", sources->count ? "" : "default");
	for (i = 0; i < sources->count && used < size; i++) {
		lb_addr_print(&sources->addr[i], text, sizeof(text));
		used += (size_t)snprintf(buf + used, size - used, "%s%s",
					 i ? "," : "", text);
	}

	return buf;
}
