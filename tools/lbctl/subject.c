// SPDX-License-Identifier: GPL-2.0-only
/*
 * The reals that a change of state is about: one by name, or every one with a
 * name or an address.
 */

#include "subject.h"
#include "cmd.h"
#include "err.h"
#include "names.h"
#include "out.h"
#include "request.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/**
 * subject_parse() - take ``VIP|all NAME|ADDRESS``
 * @cmd: command
 * @words: its arguments
 * @subject: where to
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int subject_parse(struct cmd *cmd, struct lb_words *words,
		  struct subject *subject, struct lb_err *err)
{
	const char *word = lb_words_peek(words);
	int ret = 0;

	memset(subject, 0, sizeof(*subject));
	subject->all = word && !strcmp(word, "all");
	if (subject->all)
		lb_words_take(words);
	else
		ret = lb_parse_name(words, "VIP", subject->vip, err);
	if (ret)
		return ret;
	cmd_object(cmd, subject->all ? "all" : subject->vip);

	word = lb_words_peek(words);
	if (word && !lb_addr_parse(word, &subject->addr, NULL))
		lb_words_take(words);
	else
		ret = lb_parse_name(words, "NAME|ADDRESS", subject->name, err);
	if (ret)
		return ret;
	cmd_object(cmd, word);

	return 0;
}

/**
 * subject_is_one() - ask whether it is one real, by its names
 * @subject: which reals are meant
 *
 * Return: whether it is.
 */
bool subject_is_one(const struct subject *subject)
{
	return !subject->all && !subject->addr.family;
}

static bool matches(const struct subject *subject, const struct lb_real *real)
{
	if (subject->addr.family)
		return lb_addr_equal(&subject->addr, &real->addr);

	return !strcmp(subject->name, real->name);
}

static int one_get(struct lb_nl *nl, const struct subject *subject,
		   struct lb_real **reals, struct lb_err *err)
{
	int ret;

	*reals = calloc(1, sizeof(**reals));
	if (!*reals)
		return lb_err_code(err, -ENOMEM);
	ret = lb_real_get(nl, subject->vip, subject->name, *reals, err);
	if (ret)
		lb_real_list_free(*reals, 0);

	return ret;
}

/**
 * subject_list() - read the reals that are meant
 * @nl: socket
 * @subject: which are meant
 * @reals: where to, for lb_real_list_free()
 * @count: how many, at least one
 * @err: why not
 *
 * Return: 0 or -errno; -ENOENT if there is none.
 */
int subject_list(struct lb_nl *nl, const struct subject *subject,
		 struct lb_real **reals, size_t *count, struct lb_err *err)
{
	size_t i, found = 0;
	int ret;

	*count = 1;
	if (subject_is_one(subject))
		return one_get(nl, subject, reals, err);

	ret = lb_real_list(nl, subject->all ? NULL : subject->vip, reals, count,
			   err);
	if (ret)
		return ret;

	for (i = 0; i < *count; i++) {
		if (matches(subject, &(*reals)[i]))
			(*reals)[found++] = (*reals)[i];
		else
			lb_real_release(&(*reals)[i]);
	}
	*count = found;
	if (found)
		return 0;
	lb_real_list_free(*reals, 0);

	return lb_err_set(err, -ENOENT, "no such real");
}

/**
 * subject_change() - change the state of a real
 * @nl: socket
 * @vip: name of its VIP
 * @name: its name
 * @admin: &enum l4lb_admin that it is to have
 * @err: why not; its text is a warning if the result is 0
 *
 * Return: 0 or -errno.
 */
int subject_change(struct lb_nl *nl, const char *vip, const char *name,
		   uint8_t admin, struct lb_err *err)
{
	struct lb_real request = {
		.has = LB_BIT(L4LB_A_REAL_ADMIN),
		.admin = admin,
	};

	lb_name_copy(request.vip, vip);
	lb_name_copy(request.name, name);

	return lb_real_send(nl, L4LB_CMD_REAL_SET, false, &request, err);
}

/**
 * subject_show() - show a real whose state has changed
 * @cmd: command, with a list open
 * @real: the real as it was
 * @admin: its state now
 */
void subject_show(struct cmd *cmd, const struct lb_real *real, uint8_t admin)
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

/**
 * subject_change_all() - change the state of all reals that are meant; show
 * those that were in another, unless it is one by its name
 * @cmd: command
 * @subject: which are meant
 * @reals: they, from subject_list()
 * @count: how many
 * @admin: &enum l4lb_admin that they are to have
 * @err: why not
 *
 * Return: 0 or -errno. One that has been removed meanwhile is no failure if
 * there are others.
 */
int subject_change_all(struct cmd *cmd, const struct subject *subject,
		       const struct lb_real *reals, size_t count,
		      uint8_t admin, struct lb_err *err)
{
	size_t i;
	int ret = 0;

	if (subject_is_one(subject))
		return subject_change(cmd->nl, reals->vip, reals->name, admin,
				     err);

	lb_out_object(cmd->out, NULL);
	lb_out_list(cmd->out, "reals");
	for (i = 0; i < count && !ret; i++) {
		if (reals[i].admin == admin)
			continue;
		ret = subject_change(cmd->nl, reals[i].vip, reals[i].name,
				     admin, err);
		if (!ret)
			subject_show(cmd, &reals[i], admin);
		else if (ret == -ENOENT)
			ret = 0;
	}
	lb_out_end(cmd->out);
	lb_out_end(cmd->out);

	return ret;
}
