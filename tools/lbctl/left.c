// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is left of a VIP or a real that is being drained.
 */

#include "left.h"
#include "err.h"
#include "request.h"

#include <errno.h>
#include <stdio.h>

static void client_count(const struct lb_persist *persist, void *data)
{
	struct left *left = data;

	left->clients += !persist->forever;
}

/* Only who may change them sees clients; if there are none, all may know. */
static int clients_count(struct lb_nl *nl, const char *vip, const char *real,
			 struct left *left, struct lb_err *err)
{
	struct lb_filter filter = { .has = LB_BIT(L4LB_A_FILTER_VIP) };
	struct lb_vip now;
	int ret;

	left->clients = 0;
	ret = lb_vip_get(nl, vip, &now, err);
	if (ret)
		return ret;
	ret = now.persists;
	lb_vip_release(&now);
	if (!ret)
		return 0;

	lb_name_copy(filter.vip, vip);
	if (real) {
		lb_name_copy(filter.real, real);
		filter.has |= LB_BIT(L4LB_A_FILTER_REAL);
	}

	return lb_persist_list(nl, &filter, client_count, left, err);
}

/**
 * left_of_real() - count what is left of a real
 * @nl: socket
 * @real: the real, as it was just read
 * @left: where to
 * @err: why not
 *
 * Return: 0 or -errno; -EPERM if its clients may not be counted.
 */
int left_of_real(struct lb_nl *nl, const struct lb_real *real,
		 struct left *left, struct lb_err *err)
{
	left->conns = real->conns;

	return clients_count(nl, real->vip, real->name, left, err);
}

/**
 * left_of_vip() - count what is left of a VIP
 * @nl: socket
 * @vip: the VIP, as it was just read
 * @left: where to
 * @err: why not
 *
 * Return: 0 or -errno; -EPERM if its clients may not be counted.
 */
int left_of_vip(struct lb_nl *nl, const struct lb_vip *vip, struct left *left,
		struct lb_err *err)
{
	left->conns = vip->conns;

	return clients_count(nl, vip->name, NULL, left, err);
}

/**
 * left_nothing() - ask whether all have gone
 * @left: what is left
 *
 * Return: whether they have.
 */
bool left_nothing(const struct left *left)
{
	return !left->conns && !left->clients;
}

/**
 * left_print() - print what is left
 * @left: what is left
 * @buf: where to
 * @size: size of @buf, %LEFT_TEXT fits all
 *
 * Return: @buf.
 */
const char *left_print(const struct left *left, char *buf, size_t size)
{
	snprintf(buf, size, "%u connection%s and %u client%s", left->conns,
		 left->conns == 1 ? "" : "s", left->clients,
		 left->clients == 1 ? "" : "s");

	return buf;
}
