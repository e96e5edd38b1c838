// SPDX-License-Identifier: GPL-2.0-only
/*
 * lbctl real: the real servers of a VIP.
 */

#include "cmd.h"
#include "describe.h"
#include "err.h"
#include "names.h"
#include "option.h"
#include "out.h"
#include "request.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Note the names of a real, as far as they were given. */
static void real_object(struct cmd *cmd, const struct lb_real *real)
{
	if (*real->vip)
		cmd_object(cmd, real->vip);
	if (*real->name)
		cmd_object(cmd, real->name);
}

static int real_send(struct cmd *cmd, uint8_t nl_cmd, bool replace,
		     const struct lb_real *real)
{
	struct lb_err err = { 0 };
	int ret;

	ret = cmd_open(cmd);
	if (ret)
		return ret;

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
		return cmd_usage(cmd, ret, &err);

	return real_send(cmd, L4LB_CMD_REAL_NEW, replace, &real);
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
		return cmd_usage(cmd, ret, &err);

	return real_send(cmd, L4LB_CMD_REAL_SET, false, &real);
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

/* Which reals a change of state is about. */
struct target {
	char vip[L4LB_NAME_MAX + 1];
	char name[L4LB_NAME_MAX + 1];
	struct lb_addr addr;
	bool all;
};

static int target_parse(struct cmd *cmd, struct lb_words *words,
			struct target *target, struct lb_err *err)
{
	const char *word = lb_words_peek(words);
	int ret = 0;

	memset(target, 0, sizeof(*target));
	target->all = word && !strcmp(word, "all");
	if (target->all)
		lb_words_take(words);
	else
		ret = lb_parse_name(words, "VIP", target->vip, err);
	if (ret)
		return ret;
	cmd_object(cmd, target->all ? "all" : target->vip);

	word = lb_words_peek(words);
	if (word && !lb_addr_parse(word, &target->addr, NULL))
		lb_words_take(words);
	else
		ret = lb_parse_name(words, "NAME|ADDRESS", target->name, err);
	if (ret)
		return ret;
	cmd_object(cmd, word);

	word = lb_words_peek(words);
	if (word && cmd->verb && !strcmp(cmd->verb->name, "drain") &&
	    (!strcmp(word, "within") || !strcmp(word, "then") ||
	     !strcmp(word, "wait")))
		return lb_option_unsupported(word, NULL, err);

	return lb_words_end(words, err);
}

static bool target_matches(const struct target *target,
			   const struct lb_real *real)
{
	if (target->addr.family)
		return lb_addr_equal(&target->addr, &real->addr);

	return !strcmp(target->name, real->name);
}

static int change_one(struct cmd *cmd, const struct lb_real *real,
		      uint8_t admin, struct lb_err *err)
{
	struct lb_real request = {
		.has = LB_BIT(L4LB_A_REAL_ADMIN),
		.admin = admin,
	};

	lb_name_copy(request.vip, real->vip);
	lb_name_copy(request.name, real->name);

	return lb_real_send(cmd->nl, L4LB_CMD_REAL_SET, false, &request, err);
}

static void show_change(struct cmd *cmd, const struct lb_real *real,
			uint8_t admin)
{
	char addr[LB_ADDR_TEXT];

	lb_out_object(cmd->out, NULL);
	lb_out_str(cmd->out, "vip", "vip", real->vip);
	lb_out_str(cmd->out, "name", "real", real->name);
	lb_out_str(cmd->out, "address", "address",
		   lb_addr_print(&real->addr, addr, sizeof(addr)));
	lb_out_str(cmd->out, "was", "was",
		   lb_names_word(&lb_admin_names, real->admin));
	lb_out_str(cmd->out, "state", "state",
		   lb_names_word(&lb_admin_names, admin));
	lb_out_end(cmd->out);
}

/* Change every real that matches; show those that were in another state. */
static int change_matching(struct cmd *cmd, const struct target *target,
			   uint8_t admin)
{
	struct lb_err err = { 0 };
	struct lb_real *reals;
	size_t count, i;
	size_t found = 0;
	int ret;

	ret = lb_real_list(cmd->nl, target->all ? NULL : target->vip, &reals,
			   &count, &err);
	if (ret)
		return cmd_refused(cmd, ret, &err);

	lb_out_object(cmd->out, NULL);
	lb_out_list(cmd->out, "reals");
	for (i = 0; i < count && !ret; i++) {
		if (!target_matches(target, &reals[i]))
			continue;
		found++;
		if (reals[i].admin == admin)
			continue;
		ret = change_one(cmd, &reals[i], admin, &err);
		if (!ret)
			show_change(cmd, &reals[i], admin);
		else if (ret == -ENOENT)
			ret = 0;
	}
	lb_out_end(cmd->out);
	lb_out_end(cmd->out);
	free(reals);

	if (!ret && !found)
		ret = lb_err_set(&err, -ENOENT, "no such real");

	return ret ? cmd_refused(cmd, ret, &err) : EXIT_DONE;
}

static int real_change(struct cmd *cmd, struct lb_words *words, uint8_t admin)
{
	struct lb_err err = { 0 };
	struct lb_real real = { 0 };
	struct target target;
	int ret;

	ret = target_parse(cmd, words, &target, &err);
	if (ret)
		return cmd_usage(cmd, ret, &err);

	ret = cmd_open(cmd);
	if (ret)
		return ret;
	if (target.all || target.addr.family)
		return change_matching(cmd, &target, admin);

	lb_name_copy(real.vip, target.vip);
	lb_name_copy(real.name, target.name);
	ret = change_one(cmd, &real, admin, &err);

	return cmd_result(cmd, ret, &err);
}

static int real_online(struct cmd *cmd, struct lb_words *words)
{
	return real_change(cmd, words, L4LB_ADMIN_ONLINE);
}

static int real_drain(struct cmd *cmd, struct lb_words *words)
{
	return real_change(cmd, words, L4LB_ADMIN_DRAIN);
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
	free(reals);

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
	{ .object = "real", .name = "drain", .usage = TARGET_USAGE,
	  .run = real_drain },
	{ .object = "real", .name = "halt", .usage = TARGET_USAGE,
	  .run = real_halt },
	{ .object = "real", .name = "health",
	  .usage = "VIP NAME up|sick|down [REASON]", .run = real_health },
	{ .object = "real", .name = "check", .usage = "VIP NAME" },
	{ .object = NULL },
};
