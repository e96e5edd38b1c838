// SPDX-License-Identifier: GPL-2.0-only
/*
 * Check "tls": a server sets up TLS, and how long its certificate will do.
 */

#include "check.h"
#include "dialog.h"
#include "talk.h"

#include <stdlib.h>

static int shake_init(struct talk *talk, struct lb_err *err)
{
	const char *days = talk_arg(talk, "days");
	const char *sni = talk_arg(talk, "sni");

	(void)err;

	if (days)
		talk->days = atoi(days);
	if (sni)
		talk->wish.sni = sni;
	talk->wish.alpn = talk_arg(talk, "alpn");

	return 0;
}

static enum talk_step shake_begin(struct talk *talk)
{
	const struct tls_found *found = &talk->found;

	if (!found->dated || found->expired || found->days < talk->days)
		return talk_up(talk, "%s", found->version);

	return talk_up(talk, "%s, certificate valid for %d days",
		       found->version, found->days);
}

/* It is not asked anything, so it has nothing to say. */
static enum talk_step shake_data(struct talk *talk, const char *bytes,
				 size_t len)
{
	(void)talk;
	(void)bytes;
	(void)len;

	return TALK_MORE;
}

const struct talk_ops talk_tls = {
	.tls	= true,
	.init	= shake_init,
	.begin	= shake_begin,
	.data	= shake_data,
};

static void check_tls_start(struct check *check)
{
	dialog_start(check, &talk_tls);
}

const struct check_ops check_tls_ops = {
	.type	= "tls",
	.start	= check_tls_start,
	.stop	= dialog_stop,
	.late	= dialog_late,
};
