// SPDX-License-Identifier: GPL-2.0-only
/*
 * lbctl real: the real servers of a VIP.
 */

#include "cmd.h"
#include "describe.h"
#include "drain.h"
#include "err.h"
#include "out.h"
#include "real_check.h"
#include "request.h"
#include "subject.h"

#include <errno.h>
#include <string.h>

/* Note the names of a real, as far as they were given. */
static void real_object(struct cmd *cmd, const struct lb_real *real)
{
	if (*real->vip)
		cmd_object(cmd, real->vip);
	if (*real->name)
		cmd_object(cmd, real->name);
}

/*
 * Refuse a check that makes no sense together with what is not in the request.
 * What there is not the module will refuse, and say so.
 */
static int check_settle(struct cmd *cmd, const struct lb_real *request,
			bool is_new, struct lb_err *err)
{
	struct lb_real real = { 0 };
	struct lb_vip vip;
	int ret;

	if (!lb_has(request->has, L4LB_A_REAL_CHECK) ||
	    lb_vip_get(cmd->nl, request->vip, &vip, NULL))
		return 0;
	if (!is_new)
		lb_real_get(cmd->nl, request->vip, request->name, &real, NULL);

	ret = lb_check_settle(&request->check,
			      lb_has(real.has, L4LB_A_REAL_CHECK) ?
			      &real.check : &vip.check, &vip, err);
	lb_real_release(&real);
	lb_vip_release(&vip);

	return ret;
}

static int real_send(struct cmd *cmd, uint8_t nl_cmd, bool replace,
		     const struct lb_real *real)
{
	struct lb_err err = { 0 };
	int ret;

	ret = cmd_open(cmd);
	if (ret)
		return ret;

	ret = check_settle(cmd, real, nl_cmd == L4LB_CMD_REAL_NEW, &err);
	if (!ret)
		ret = lb_real_send(cmd->nl, nl_cmd, replace, real, &err);

	return cmd_result(cmd, ret, &err);
}

static int real_new(struct cmd *cmd, struct lb_words *words, bool replace)
{
	struct lb_err err = { 0 };
	struct lb_real real;
	int ret;

	ret = lb_parse_real_new(words, &real, &err);
	real_object(cmd, &real);
	if (ret)
		ret = cmd_usage(cmd, ret, &err);
	else
		ret = real_send(cmd, L4LB_CMD_REAL_NEW, replace, &real);
	lb_real_release(&real);

	return ret;
}

static int real_add(struct cmd *cmd, struct lb_words *words)
{
	return real_new(cmd, words, false);
}

static int real_replace(struct cmd *cmd, struct lb_words *words)
{
	return real_new(cmd, words, true);
}

static int real_set(struct cmd *cmd, struct lb_words *words)
{
	struct lb_err err = { 0 };
	struct lb_real real;
	int ret;

	ret = lb_parse_real_set(words, &real, &err);
	real_object(cmd, &real);
	if (ret)
		ret = cmd_usage(cmd, ret, &err);
	else
		ret = real_send(cmd, L4LB_CMD_REAL_SET, false, &real);
	lb_real_release(&real);

	return ret;
}

static int real_health(struct cmd *cmd, struct lb_words *words)
{
	struct lb_err err = { 0 };
	struct lb_real real;
	int ret;

	ret = lb_parse_real_health(words, &real, &err);
	real_object(cmd, &real);
	if (ret)
		return cmd_usage(cmd, ret, &err);

	return real_send(cmd, L4LB_CMD_REAL_HEALTH, false, &real);
}

static int real_del(struct cmd *cmd, struct lb_words *words)
{
	struct lb_real real = { 0 };
	struct lb_err err = { 0 };
	bool if_exists;
	int ret;

	ret = lb_parse_name(words, "VIP", real.vip, &err);
	if (!ret)
		ret = lb_parse_name(words, "NAME", real.name, &err);
	real_object(cmd, &real);
	if (!ret)
		ret = lb_parse_if_exists(words, &if_exists, &err);
	if (ret)
		return cmd_usage(cmd, ret, &err);

	ret = cmd_open(cmd);
	if (ret)
		return ret;

	ret = lb_real_send(cmd->nl, L4LB_CMD_REAL_DEL, false, &real, &err);
	if (ret == -ENOENT && if_exists)
		return EXIT_DONE;

	return cmd_result(cmd, ret, &err);
}

static int real_change(struct cmd *cmd, struct lb_words *words, uint8_t admin)
{
	struct lb_err err = { 0 };
	struct lb_real *reals;
	struct subject subject;
	size_t count;
	int ret;

	ret = subject_parse(cmd, words, &subject, &err);
	if (!ret)
		ret = lb_words_end(words, &err);
	if (ret)
		return cmd_usage(cmd, ret, &err);

	ret = cmd_open(cmd);
	if (ret)
		return ret;
	if (subject_is_one(&subject)) {
		ret = subject_change(cmd->nl, subject.vip, subject.name, admin,
				     &err);
		return cmd_result(cmd, ret, &err);
	}

	ret = subject_list(cmd->nl, &subject, &reals, &count, &err);
	if (ret)
		return cmd_refused(cmd, ret, &err);
	ret = subject_change_all(cmd, &subject, reals, count, admin, &err);
	lb_real_list_free(reals, count);

	return ret ? cmd_refused(cmd, ret, &err) : EXIT_DONE;
}

static int real_online(struct cmd *cmd, struct lb_words *words)
{
	return real_change(cmd, words, L4LB_ADMIN_ONLINE);
}

static int real_halt(struct cmd *cmd, struct lb_words *words)
{
	return real_change(cmd, words, L4LB_ADMIN_HALT);
}

static int real_show_one(struct cmd *cmd, const struct lb_real *key)
{
	struct lb_err err = { 0 };
	struct lb_real real;
	int ret;

	ret = lb_real_get(cmd->nl, key->vip, key->name, &real, &err);
	if (ret)
		return cmd_refused(cmd, ret, &err);

	lb_out_object(cmd->out, NULL);
	describe_real(cmd->out, &real, true, true);
	lb_out_end(cmd->out);
	lb_real_release(&real);

	return EXIT_DONE;
}

static int real_show_list(struct cmd *cmd, const char *vip)
{
	struct lb_err err = { 0 };
	struct lb_real *reals;
	size_t count, i;
	int ret;

	ret = lb_real_list(cmd->nl, vip, &reals, &count, &err);
	if (ret)
		return cmd_refused(cmd, ret, &err);

	lb_out_object(cmd->out, NULL);
	lb_out_list(cmd->out, "reals");
	for (i = 0; i < count; i++) {
		lb_out_object(cmd->out, NULL);
		describe_real(cmd->out, &reals[i], false, true);
		lb_out_end(cmd->out);
	}
	lb_out_end(cmd->out);
	lb_out_end(cmd->out);
	lb_real_list_free(reals, count);

	return EXIT_DONE;
}

static int real_show(struct cmd *cmd, struct lb_words *words)
{
	struct lb_real key = { 0 };
	struct lb_err err = { 0 };
	int ret = 0;

	if (lb_words_peek(words))
		ret = lb_parse_name(words, "VIP", key.vip, &err);
	if (!ret && lb_words_peek(words))
		ret = lb_parse_name(words, "NAME", key.name, &err);
	real_object(cmd, &key);
	if (!ret)
		ret = lb_words_end(words, &err);
	if (ret)
		return cmd_usage(cmd, ret, &err);

	ret = cmd_open(cmd);
	if (ret)
		return ret;
	if (*key.name)
		return real_show_one(cmd, &key);

	return real_show_list(cmd, *key.vip ? key.vip : NULL);
}

#define REAL_NEW_USAGE	"VIP NAME ADDRESS [OPTION...]"
#define TARGET_USAGE	"VIP|all NAME|ADDRESS"

const struct verb real_verbs[] = {
	{ .object = "real", .name = "add", .usage = REAL_NEW_USAGE,
	  .run = real_add },
	{ .object = "real", .name = "replace", .usage = REAL_NEW_USAGE,
	  .run = real_replace },
	{ .object = "real", .name = "set", .usage = "VIP NAME OPTION...",
	  .run = real_set },
	{ .object = "real", .name = "del", .usage = "VIP NAME [if-exists]",
	  .run = real_del },
	{ .object = "real", .name = "show", .usage = "[VIP [NAME]]",
	  .run = real_show },
	{ .object = "real", .name = "online", .usage = TARGET_USAGE,
	  .run = real_online },
	{ .object = "real", .name = "drain",
	  .usage = TARGET_USAGE " [within TIME] [then halt] [wait]",
	  .run = real_drain },
	{ .object = "real", .name = "halt", .usage = TARGET_USAGE,
	  .run = real_halt },
	{ .object = "real", .name = "health",
	  .usage = "VIP NAME up|sick|down [REASON]", .run = real_health },
	{ .object = "real", .name = "check", .usage = "VIP NAME",
	  .run = real_check },
	{ .object = NULL },
};
