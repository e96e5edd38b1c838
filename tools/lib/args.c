// SPDX-License-Identifier: GPL-2.0-only
/*
 * The arguments of a check: words of the form key=value in one text.
 */

#include "args.h"
#include "addr.h"
#include "err.h"
#include "lex.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static int pair_add(struct lb_args *args, char *word, struct lb_err *err)
{
	char *equals = strchr(word, '=');

	if (!equals || equals == word)
		return lb_err_set(err, -EINVAL, "\"%s\" is not key=value",
				  word);
	*equals = '\0';
	if (lb_args_get(args, word))
		return lb_err_set(err, -EINVAL, "\"%s\" is given twice", word);
	if (args->count == LB_ARGS_MAX)
		return lb_err_set(err, -EINVAL, "there are more than %u",
				  LB_ARGS_MAX);

	args->key[args->count] = (uint16_t)(word - args->text);
	args->value[args->count] = (uint16_t)(equals + 1 - args->text);
	args->count++;

	return 0;
}

/**
 * lb_args_parse() - parse the arguments of a check
 * @args: where to
 * @text: the text; NULL for none
 * @err: why not
 *
 * Return: 0 or -EINVAL; @args is empty then.
 */
int lb_args_parse(struct lb_args *args, const char *text, struct lb_err *err)
{
	struct lb_cursor at = { .in = text, .out = args->text };
	char *word;
	int ret = 0;

	memset(args, 0, sizeof(*args));
	if (!text)
		return 0;
	if (strlen(text) > L4LB_CHECK_ARGS_MAX)
		return lb_err_set(err, -EINVAL,
				  "they are longer than %u characters",
				  L4LB_CHECK_ARGS_MAX);

	while (is_blank(*at.in))
		at.in++;
	while (!ret && *at.in) {
		word = at.out;
		ret = lb_lex_word(&at, err);
		if (!ret)
			ret = pair_add(args, word, err);
	}
	if (ret)
		memset(args, 0, sizeof(*args));

	return ret;
}

/**
 * lb_args_key() - one of the keys
 * @args: arguments
 * @index: which, below &lb_args.count
 *
 * Return: the key.
 */
const char *lb_args_key(const struct lb_args *args, unsigned int index)
{
	return args->text + args->key[index];
}

/**
 * lb_args_value() - one of the values
 * @args: arguments
 * @index: which, below &lb_args.count
 *
 * Return: the value.
 */
const char *lb_args_value(const struct lb_args *args, unsigned int index)
{
	return args->text + args->value[index];
}

/**
 * lb_args_get() - look a value up
 * @args: arguments
 * @key: its key
 *
 * Return: the value, or NULL if it is not there.
 */
const char *lb_args_get(const struct lb_args *args, const char *key)
{
	unsigned int i;

	for (i = 0; i < args->count; i++) {
		if (!strcmp(lb_args_key(args, i), key))
			return lb_args_value(args, i);
	}

	return NULL;
}

/**
 * lb_args_or() - look a value up that has a default
 * @args: arguments
 * @key: its key
 * @otherwise: the default
 *
 * Return: the value.
 */
const char *lb_args_or(const struct lb_args *args, const char *key,
		       const char *otherwise)
{
	const char *value = lb_args_get(args, key);

	return value ? value : otherwise;
}

/**
 * lb_args_number() - look a number up
 * @args: arguments
 * @key: its key
 * @otherwise: what it is if it is not there, or not a number
 *
 * Return: the number.
 */
unsigned int lb_args_number(const struct lb_args *args, const char *key,
			    unsigned int otherwise)
{
	const char *value = lb_args_get(args, key);
	unsigned int number;

	if (!value || lb_uint_parse(value, 0, UINT32_MAX, &number))
		return otherwise;

	return number;
}

/**
 * lb_args_yes() - ask whether something is wanted
 * @args: arguments
 * @key: its key
 *
 * Return: whether it is there and ``yes``.
 */
bool lb_args_yes(const struct lb_args *args, const char *key)
{
	return !strcmp(lb_args_or(args, key, "no"), "yes");
}
