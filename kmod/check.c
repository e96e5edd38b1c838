// SPDX-License-Identifier: GPL-2.0-only
/*
 * How reals are checked.
 */

#include "check.h"

#include <linux/slab.h>
#include <linux/stddef.h>

/**
 * l4lb_check_init() - set a check to its defaults
 * @check: check to fill
 * @type: its type
 *
 * Context: Any.
 */
void l4lb_check_init(struct l4lb_check *check, const char *type)
{
	memset(check, 0, sizeof(*check));
	strscpy(check->type, type, sizeof(check->type));
	check->interval = L4LB_CHECK_INTERVAL_DEFAULT;
	check->timeout = L4LB_CHECK_TIMEOUT_DEFAULT;
	check->rise = L4LB_CHECK_RISE_DEFAULT;
	check->fall = L4LB_CHECK_FALL_DEFAULT;
	check->via = L4LB_VIA_REAL;
}

/**
 * l4lb_check_equal() - compare two checks
 * @a: one
 * @b: the other
 *
 * Context: Any.
 * Return: true if they are the same.
 */
bool l4lb_check_equal(const struct l4lb_check *a, const struct l4lb_check *b)
{
	return !memcmp(a, b, offsetof(struct l4lb_check, args)) &&
	       !strcmp(a->args ?: "", b->args ?: "");
}

/**
 * l4lb_check_own() - give a check that was copied arguments of its own
 * @check: check, for l4lb_check_disown()
 *
 * Context: Process context.
 * Return: 0, or -ENOMEM; then it has none.
 */
int l4lb_check_own(struct l4lb_check *check)
{
	if (!check->args)
		return 0;

	check->args = kstrdup(check->args, GFP_KERNEL_ACCOUNT);

	return check->args ? 0 : -ENOMEM;
}

/**
 * l4lb_check_disown() - free the arguments of a check
 * @check: check that owns them
 *
 * Context: Any.
 */
void l4lb_check_disown(struct l4lb_check *check)
{
	kfree(check->args);
	check->args = NULL;
}
