// SPDX-License-Identifier: GPL-2.0-only
/*
 * lbctl wait: until a VIP or a real is as it is wanted.
 */

#include "cmd.h"
#include "duration.h"
#include "err.h"
#include "left.h"
#include "names.h"
#include "option.h"
#include "request.h"
#include "watch.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* How long it takes at most until it is seen that a connection has ended. */
#define LOOK_MS	1000

enum want {
	WANT_UP = 1,
	WANT_DOWN,
	WANT_DRAINED,
};

static const char *const want_words[] = {
	[WANT_UP]	= "up",
	[WANT_DOWN]	= "down",
	[WANT_DRAINED]	= "drained",
};

static const struct lb_names want_names = {
	.what = "what to wait for",
	.word = want_words,
	.max = WANT_DRAINED,
};

/* What is waited for. */
struct wait {
	char vip[L4LB_NAME_MAX + 1];
	char real[L4LB_NAME_MAX + 1];
	uint8_t want;
	bool limited;
	uint32_t within;
	char now[128];
};

static int set_within(void *object, const char *value, struct lb_err *err)
{
	struct wait *wait = object;

	wait->limited = value;

	return value ? lb_duration_parse(value, 0, &wait->within, err) : 0;
}

static const struct lb_option wait_options[] = {
	{ .word = "within", .set = set_within },
	{ .word = NULL },
};

static int wait_parse(struct cmd *cmd, struct lb_words *words, bool is_real,
		      struct wait *wait, struct lb_err *err)
{
	const char *word;
	int ret;

	ret = lb_parse_name(words, is_real ? "VIP" : "NAME", wait->vip, err);
	if (ret)
		return ret;
	cmd_object(cmd, wait->vip);
	if (is_real)
		ret = lb_parse_name(words, "NAME", wait->real, err);
	if (ret)
		return ret;
	cmd_object(cmd, wait->real);

	word = lb_words_take(words);
	if (!word)
		return lb_option_missing("up|down|drained", err);
	ret = lb_option_word("state", word, &want_names, &wait->want,
			     err);
	if (ret)
		return ret;
	cmd_object(cmd, word);

	return lb_options_take(words, wait_options, wait, err);
}

/* Each returns 1 if it is as it is wanted, 0 if not, or -errno. */

static int drained(struct wait *wait, const struct left *left)
{
	char text[LEFT_TEXT];

	snprintf(wait->now, sizeof(wait->now), "%s are left",
		 left_print(left, text, sizeof(text)));

	return left_nothing(left);
}

static int vip_drained(struct cmd *cmd, struct wait *wait,
		       const struct lb_vip *vip, struct lb_err *err)
{
	struct left left;
	int ret;

	ret = left_of_vip(cmd->nl, vip, &left, err);

	return ret ? ret : drained(wait, &left);
}

static int vip_look(struct cmd *cmd, struct wait *wait, struct lb_err *err)
{
	struct lb_vip vip;
	bool serves;
	int ret;

	ret = lb_vip_get(cmd->nl, wait->vip, &vip, err);
	if (ret)
		return ret;

	if (wait->want == WANT_DRAINED) {
		ret = vip_drained(cmd, wait, &vip, err);
	} else {
		snprintf(wait->now, sizeof(wait->now), "it is %s",
			 lb_names_word(&lb_vip_state_names, vip.state));
		serves = vip.state == L4LB_VIP_UP ||
			 vip.state == L4LB_VIP_DEGRADED;
		ret = serves == (wait->want == WANT_UP);
	}
	lb_vip_release(&vip);

	return ret;
}

/* While it is online there will be more, even if there are none now. */
static int real_drained(struct cmd *cmd, struct wait *wait,
			const struct lb_real *real, struct lb_err *err)
{
	struct left left;
	int ret;

	if (real->admin == L4LB_ADMIN_ONLINE) {
		snprintf(wait->now, sizeof(wait->now), "it is online");
		return 0;
	}
	ret = left_of_real(cmd->nl, real, &left, err);

	return ret ? ret : drained(wait, &left);
}

static int real_look(struct cmd *cmd, struct wait *wait, struct lb_err *err)
{
	struct lb_real real;
	int ret;

	ret = lb_real_get(cmd->nl, wait->vip, wait->real, &real, err);
	if (ret)
		return ret;

	if (wait->want == WANT_DRAINED) {
		ret = real_drained(cmd, wait, &real, err);
	} else {
		snprintf(wait->now, sizeof(wait->now), "it is %s",
			 lb_names_word(&lb_health_names, real.health));
		ret = wait->want == WANT_UP ?
		      real.health == L4LB_HEALTH_UP :
		      real.health == L4LB_HEALTH_SICK ||
		      real.health == L4LB_HEALTH_DOWN;
	}
	lb_real_release(&real);

	return ret;
}

static int wait_look(struct cmd *cmd, struct wait *wait, struct lb_err *err)
{
	return *wait->real ? real_look(cmd, wait, err) :
			     vip_look(cmd, wait, err);
}

static int wait_until(struct cmd *cmd, struct wait *wait, struct watch *watch,
		      struct lb_err *err)
{
	int ret;

	for (;;) {
		ret = wait_look(cmd, wait, err);
		if (ret)
			return ret < 0 ? ret : 0;
		if (watch_is_over(watch))
			return lb_err_set(err, -ETIMEDOUT,
					  "time ran out: %s", wait->now);
		ret = watch_pause(watch, LOOK_MS, err);
		if (ret && ret != -EINTR)
			return ret;
	}
}

static int wait_run(struct cmd *cmd, struct lb_words *words, bool is_real)
{
	struct lb_err err = { 0 };
	struct wait wait = { 0 };
	struct watch watch;
	int ret;

	ret = wait_parse(cmd, words, is_real, &wait, &err);
	if (ret)
		return cmd_usage(cmd, ret, &err);
	ret = cmd_open(cmd);
	if (ret)
		return ret;
	ret = watch_open(&watch, &err);
	if (ret)
		return cmd_refused(cmd, ret, &err);

	if (wait.limited)
		watch.end = watch_now() + wait.within;
	ret = wait_until(cmd, &wait, &watch, &err);
	watch_close(&watch);

	return ret ? cmd_refused(cmd, ret, &err) : EXIT_DONE;
}

static int wait_vip(struct cmd *cmd, struct lb_words *words)
{
	return wait_run(cmd, words, false);
}

static int wait_real(struct cmd *cmd, struct lb_words *words)
{
	return wait_run(cmd, words, true);
}

const struct verb wait_verbs[] = {
	{ .object = "wait", .name = "vip",
	  .usage = "NAME up|down|drained [within TIME]", .run = wait_vip },
	{ .object = "wait", .name = "real",
	  .usage = "VIP NAME up|down|drained [within TIME]",
	  .run = wait_real },
	{ .object = NULL },
};
