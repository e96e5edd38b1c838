// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists of MAC addresses.
 */

#include "mac.h"
#include "err.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAC_DIGITS	"0123456789abcdefABCDEF"

/* Six times two digits, with colons between. */
static int mac_parse(const char *text, size_t len, uint8_t mac[LB_MAC_LEN])
{
	unsigned int i;

	if (len != 3 * LB_MAC_LEN - 1)
		return -EINVAL;

	for (i = 0; i < LB_MAC_LEN; i++, text += 3) {
		if (strspn(text, MAC_DIGITS) != 2 ||
		    (i + 1 < LB_MAC_LEN && text[2] != ':'))
			return -EINVAL;
		mac[i] = (uint8_t)strtoul(text, NULL, 16);
	}

	return 0;
}

/**
 * lb_macs_parse() - parse a list of MAC addresses
 * @text: ``02:00:00:00:00:01[,...]``
 * @macs: where to
 * @err: why not
 *
 * Return: 0 or -EINVAL.
 */
int lb_macs_parse(const char *text, struct lb_macs *macs, struct lb_err *err)
{
	size_t len;

	memset(macs, 0, sizeof(*macs));
	for (;;) {
		len = strcspn(text, ",");
		if (macs->count == L4LB_PARTNERS_MAX)
			return lb_err_set(err, -EINVAL,
					  "there are more than %u partners",
					  L4LB_PARTNERS_MAX);
		if (mac_parse(text, len, macs->mac[macs->count]))
			return lb_err_set(err, -EINVAL,
					  "\"%.*s\" is not a MAC address",
					  len < 64 ? (int)len : 64, text);
		macs->count++;
		if (!text[len])
			return 0;
		text += len + 1;
	}
}

/**
 * lb_macs_print() - print a list of MAC addresses
 * @macs: the list
 * @buf: where to
 * @size: size of @buf, %LB_MACS_TEXT fits all
 *
 * Return: @buf, ``none`` if there are none.
 */
const char *lb_macs_print(const struct lb_macs *macs, char *buf, size_t size)
{
	const uint8_t *mac;
	size_t used = 0;
	unsigned int i;

	snprintf(buf, size, "%s", macs->count ? "" : "none");
	for (i = 0; i < macs->count && used < size; i++) {
		mac = macs->mac[i];
		used += (size_t)snprintf(buf + used, size - used,
					 "%s%02x:%02x:%02x:%02x:%02x:%02x",
					 i ? "," : "", mac[0], mac[1], mac[2],
					 mac[3], mac[4], mac[5]);
	}

	return buf;
}
