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

/* How often it is begun anew because others changed something. */
#define TRIES	10

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

/* The real that the message of a transaction was about. */
static struct subject_name *sent_as(struct subject_name *names, size_t count,
				    size_t message)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (!names[i].gone && !message--)
			return &names[i];
	}

	return NULL;
}

/* One attempt. What was refused because it is not there is noted as gone. */
static int many_try(struct lb_nl *nl, struct subject_name *names, size_t count,
		    uint8_t admin, struct lb_err *err)
{
	struct subject_name *refused = NULL;
	struct lb_info info;
	int64_t message;
	size_t i;
	int ret;

	ret = lb_info_get(nl, &info, err);
	if (!ret)
		ret = lb_txn_begin(nl, info.generation, err);
	if (ret)
		return ret;

	for (i = 0; i < count && !ret; i++) {
		if (names[i].gone)
			continue;
		refused = &names[i];
		ret = subject_change(nl, names[i].vip, names[i].name, admin,
				     err);
	}
	if (ret) {
		lb_simple_send(nl, L4LB_CMD_TXN_ABORT, NULL);
	} else {
		ret = lb_txn_commit(nl, false, &message, err);
		refused = ret && message >= 0 ?
			  sent_as(names, count, (size_t)message) : NULL;
	}
	if (ret == -ENOENT && refused)
		refused->gone = true;

	return ret;
}

/**
 * subject_change_many() - change the state of several reals at once: no packet
 * meets some of them changed, and it is all of them or none
 * @nl: socket
 * @names: the reals; one that has been removed meanwhile does not keep the
 *	others back
 * @count: how many
 * @admin: &enum l4lb_admin that they are to have
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int subject_change_many(struct lb_nl *nl, struct subject_name *names,
			size_t count, uint8_t admin, struct lb_err *err)
{
	size_t tries = count + TRIES;
	int ret = 0;

	if (!count)
		return 0;
	do {
		ret = many_try(nl, names, count, admin, err);
	} while ((ret == -ESTALE || ret == -ENOENT) && --tries);

	return ret;
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

/* Those that are in another state, for free(). */
static struct subject_name *names_of(const struct lb_real *reals, size_t count,
				     uint8_t admin, size_t *found)
{
	struct subject_name *names = calloc(count, sizeof(*names));
	size_t i;

	*found = 0;
	for (i = 0; names && i < count; i++) {
		if (reals[i].admin == admin)
			continue;
		names[*found].vip = reals[i].vip;
		names[(*found)++].name = reals[i].name;
	}

	return names;
}

static void show_changed(struct cmd *cmd, const struct lb_real *reals,
			 size_t count, const struct subject_name *names,
			 uint8_t admin)
{
	size_t i;

	lb_out_object(cmd->out, NULL);
	lb_out_list(cmd->out, "reals");
	for (i = 0; i < count; i++) {
		if (reals[i].admin == admin)
			continue;
		if (!names->gone)
			subject_show(cmd, &reals[i], admin);
		names++;
	}
	lb_out_end(cmd->out);
	lb_out_end(cmd->out);
}

/**
 * subject_change_all() - change the state of all reals that are meant, at once;
 * show those that were in another, unless it is one by its name
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
	struct subject_name *names;
	size_t found;
	int ret;

	if (subject_is_one(subject))
		return subject_change(cmd->nl, reals->vip, reals->name, admin,
				      err);

	names = names_of(reals, count, admin, &found);
	if (!names)
		return lb_err_code(err, -ENOMEM);
	ret = subject_change_many(cmd->nl, names, found, admin, err);
	if (!ret)
		show_changed(cmd, reals, count, names, admin);
	free(names);

	return ret;
}
