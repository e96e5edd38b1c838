// SPDX-License-Identifier: GPL-2.0-only
/*
 * The types of checks, and whether a check makes sense: a daemon that finds out
 * later can only tell its log.
 */

#include "check_type.h"
#include "addr.h"
#include "args.h"
#include "codes.h"
#include "compiler.h"
#include "duration.h"
#include "err.h"
#include "exec.h"
#include "model.h"
#include "names.h"
#include "pattern.h"
#include "words.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Of a domain name, and of one of the labels it consists of. */
#define DOMAIN_MAX	253
#define LABEL_MAX	63

static const struct lb_check_type types[] = {
#define CHECK_TYPE(id, ...)	{ __VA_ARGS__ },
#define CHECK_PASSIVE(...)	{ .passive = true, __VA_ARGS__ },
#include "check_types.h"
#undef CHECK_TYPE
#undef CHECK_PASSIVE
};

/**
 * lb_check_type_find() - look a type up
 * @name: its name, or another one for it
 *
 * Return: the type, or NULL if there is none of that name.
 */
const struct lb_check_type *lb_check_type_find(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		if (!strcmp(types[i].name, name) ||
		    (types[i].alias && !strcmp(types[i].alias, name)))
			return &types[i];
	}

	return NULL;
}

/**
 * lb_check_type_index() - where in the table a type is
 * @type: the type
 *
 * Return: its index.
 */
size_t lb_check_type_index(const struct lb_check_type *type)
{
	return (size_t)(type - types);
}

/**
 * lb_check_is_passive() - ask whether a check is made at all
 * @check: the check
 *
 * Return: true if nobody checks; false for a type that is not known too.
 */
bool lb_check_is_passive(const struct lb_check *check)
{
	const struct lb_check_type *type = lb_check_type_find(check->type);

	return type && type->passive;
}

static void list_add(char *list, size_t size, const char *separator,
		     const char *word)
{
	size_t used = strlen(list);

	snprintf(list + used, size - used, "%s%s", used ? separator : "",
		 word);
}

/**
 * lb_check_type_unknown() - refuse a type that there is not
 * @name: its name
 * @err: where to say so, with the type that may be meant
 *
 * Return: -EINVAL.
 */
int lb_check_type_unknown(const char *name, struct lb_err *err)
{
	const char *near = NULL;
	unsigned int best = 3, far;
	char list[256] = "";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		list_add(list, sizeof(list), "|", types[i].name);
		far = lb_words_distance(name, types[i].name);
		if (far < best && far < strlen(types[i].name)) {
			best = far;
			near = types[i].name;
		}
	}

	if (near)
		return lb_err_set(err, -EINVAL,
				  "unknown check \"%s\"; is it \"%s\"?", name,
				  near);

	return lb_err_set(err, -EINVAL, "check \"%s\" is not %s", name, list);
}

static bool is_graph(const char *text)
{
	for (; *text; text++) {
		if (!isgraph((unsigned char)*text))
			return false;
	}

	return true;
}

static bool is_of(const char *text, const char *others)
{
	for (; *text; text++) {
		if (!isalnum((unsigned char)*text) && !strchr(others, *text))
			return false;
	}

	return true;
}

/* Labels with dots in between, and perhaps one at the end. */
static bool is_domain(const char *text)
{
	size_t len = strlen(text), label;

	if (len > DOMAIN_MAX || !is_of(text, "-_.*"))
		return false;
	if (!strcmp(text, "."))
		return true;

	while (*text) {
		label = strcspn(text, ".");
		if (!label || label > LABEL_MAX)
			return false;
		text += label;
		text += *text == '.';
	}

	return len;
}

static bool is_host(const char *text)
{
	struct lb_addr addr;

	return is_domain(text) || !lb_addr_parse(text, &addr, NULL);
}

/* Only one comparison: what is more belongs into the server's own hands. */
static bool is_filter(const char *text)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.;";
	size_t len = strlen(text), attribute;

	if (*text == '(' && text[len - 1] == ')') {
		text++;
		len -= 2;
	}
	attribute = strspn(text, letters);
	if (!attribute || text[attribute] != '=')
		return false;
	text += attribute + 1;
	len -= attribute + 1;

	return len && strcspn(text, "()\\") == len &&
	       (len == 1 || !memchr(text, '*', len));
}

static bool is_word(const char *text, const char *words)
{
	size_t len = strlen(text);

	while (len && *words) {
		if (strcspn(words, "|") == len && !strncmp(words, text, len))
			return true;
		words += strcspn(words, "|");
		words += *words == '|';
	}

	return false;
}

static int value_wrong(const struct lb_check_key *key, const char *value,
		       const char *what, struct lb_err *err)
{
	return lb_err_set(err, -EINVAL, "args: %s \"%s\" is not %s", key->name,
			  value, what);
}

static int regex_refuse(const struct lb_check_key *key, const char *value,
			struct lb_err *err)
{
	struct lb_err why = { 0 };

	if (!lb_pattern_check(value, &why))
		return 0;

	return lb_err_set(err, -EINVAL, "args: %s \"%s\": %s", key->name, value,
			  why.text);
}

static int codes_refuse(const struct lb_check_key *key, const char *value,
			struct lb_err *err)
{
	struct lb_err why = { 0 };

	if (!lb_codes_check(value, key->min, key->max, &why))
		return 0;

	return lb_err_set(err, -EINVAL, "args: %s %s", key->name, why.text);
}

static int number_refuse(const struct lb_check_key *key, const char *value,
			 struct lb_err *err)
{
	unsigned int number;

	if (!lb_uint_parse(value, key->min, key->max, &number))
		return 0;

	return lb_err_set(err, -EINVAL, "args: %s %s is not within %u-%u",
			  key->name, value, key->min, key->max);
}

static int text_refuse(const struct lb_check_key *key, const char *value,
		       struct lb_err *err)
{
	if (!key->max || strlen(value) <= key->max)
		return 0;

	return lb_err_set(err, -EINVAL, "args: %s is longer than %u bytes",
			  key->name, key->max);
}

static int value_refuse(const struct lb_check_key *key, const char *value,
			struct lb_err *err)
{
	if (!*value)
		return lb_err_set(err, -EINVAL, "args: %s is empty", key->name);

	switch (key->kind) {
	case LB_ARG_TEXT:
		return text_refuse(key, value, err);
	case LB_ARG_HOST:
		return is_host(value) ? 0 :
		       value_wrong(key, value, "the name of a host", err);
	case LB_ARG_NUMBER:
		return number_refuse(key, value, err);
	case LB_ARG_WORD:
		return is_word(value, key->words) ? 0 :
		       value_wrong(key, value, key->words, err);
	case LB_ARG_CODES:
		return codes_refuse(key, value, err);
	case LB_ARG_REGEX:
		return regex_refuse(key, value, err);
	case LB_ARG_PATH:
		return *value == '/' && is_graph(value) ? 0 :
		       value_wrong(key, value,
				   "a path that begins with / and has no blanks",
				   err);
	case LB_ARG_TOKEN:
		return is_of(value, "-_.") ? 0 :
		       value_wrong(key, value, "a single word", err);
	case LB_ARG_FILTER:
		return is_filter(value) ? 0 :
		       value_wrong(key, value, "(attribute=value)", err);
	case LB_ARG_FILE:
		return is_of(value, "-_.") && *value != '.' ? 0 :
		       value_wrong(key, value, "the name of a file", err);
	}

	return 0;
}

static const struct lb_check_key *key_find(const struct lb_check_type *type,
					   const char *name)
{
	const struct lb_check_key *key;

	for (key = type->key; key->name; key++) {
		if (!strcmp(key->name, name))
			return key;
	}

	return NULL;
}

static int key_unknown(const struct lb_check_type *type, const char *name,
		       struct lb_err *err)
{
	const struct lb_check_key *key;
	char list[256] = "";

	for (key = type->key; key->name; key++)
		list_add(list, sizeof(list), ", ", key->name);
	if (!*list)
		return lb_err_set(err, -EINVAL,
				  "args: %s takes none, so not \"%s\" either",
				  type->name, name);

	return lb_err_set(err, -EINVAL, "args: %s does not take \"%s\", but %s",
			  type->name, name, list);
}

/* What an argument has to do with the others. */
static int key_refuse(const struct lb_check_key *key,
		      const struct lb_args *args, struct lb_err *err)
{
	const char *value = lb_args_get(args, key->name);

	if (!value && key->required)
		return lb_err_set(err, -EINVAL, "args: \"%s\" is missing",
				  key->name);
	if (!value)
		return 0;
	if (key->needs && !lb_args_yes(args, key->needs))
		return lb_err_set(err, -EINVAL, "args: %s needs %s=yes",
				  key->name, key->needs);
	if (key->excludes && lb_args_get(args, key->excludes))
		return lb_err_set(err, -EINVAL,
				  "args: %s and %s exclude each other",
				  key->name, key->excludes);

	return 0;
}

/**
 * lb_check_args_refuse() - refuse arguments that a type cannot make sense of
 * @type: the type
 * @args: the arguments
 * @err: why
 *
 * Return: 0 if it can, or -EINVAL.
 */
int lb_check_args_refuse(const struct lb_check_type *type,
			 const struct lb_args *args, struct lb_err *err)
{
	const struct lb_check_key *key;
	unsigned int i;
	int ret = 0;

	for (i = 0; i < args->count && !ret; i++) {
		key = key_find(type, lb_args_key(args, i));
		if (!key)
			return key_unknown(type, lb_args_key(args, i), err);
		ret = value_refuse(key, lb_args_value(args, i), err);
	}
	for (key = type->key; key->name && !ret; key++)
		ret = key_refuse(key, args, err);

	return ret;
}

static int args_refuse(const struct lb_check_type *type,
		       const struct lb_check *check, struct lb_err *err)
{
	struct lb_err why = { 0 };
	struct lb_args args;

	if (lb_args_parse(&args, check->args, &why))
		return lb_err_set(err, -EINVAL, "args: %s", why.text);

	return lb_check_args_refuse(type, &args, err);
}

/* One of two spans; 0 if it is neither given nor a default. */
static uint32_t span(const struct lb_check *check, unsigned int attr,
		     uint32_t value, uint32_t otherwise)
{
	if (lb_has(check->has, attr))
		return value;

	return lb_has(check->has, L4LB_A_CHECK_TYPE) ? otherwise : 0;
}

static int longer_refuse(const char *what, uint32_t ms, uint32_t interval,
			 struct lb_err *err)
{
	char text[LB_DURATION_TEXT], limit[LB_DURATION_TEXT];

	if (!interval || ms <= interval)
		return 0;

	return lb_err_set(err, -EINVAL, "%s %s is longer than interval %s",
			  what, lb_duration_print(ms, text, sizeof(text)),
			  lb_duration_print(interval, limit, sizeof(limit)));
}

static int times_refuse(const struct lb_check *check, struct lb_err *err)
{
	uint32_t interval, timeout, fast;
	int ret;

	interval = span(check, L4LB_A_CHECK_INTERVAL, check->interval,
			L4LB_CHECK_INTERVAL_DEFAULT);
	timeout = span(check, L4LB_A_CHECK_TIMEOUT, check->timeout,
		       L4LB_CHECK_TIMEOUT_DEFAULT);
	fast = span(check, L4LB_A_CHECK_FAST, check->fast, 0);

	ret = longer_refuse("timeout", timeout, interval, err);

	return ret ? ret : longer_refuse("fast", fast, interval, err);
}

static int type_refuse(const struct lb_check_type *type,
		       const struct lb_check *check, uint8_t protos,
		       struct lb_err *err)
{
	if (type->passive)
		return 0;
	if (type->port == LB_CHECK_PORT_NONE && check->ports.count)
		return lb_err_set(err, -EINVAL,
				  "%s has nothing to do with ports",
				  type->name);
	if (type->port == LB_CHECK_PORT_MUST && protos && !check->ports.count &&
	    !(type->protos & protos))
		return lb_err_set(err, -EINVAL,
				  "%s is not for a service of %s alone; give the port to check",
				  type->name,
				  lb_names_word(&lb_protos_names, protos));
	if (type->port != LB_CHECK_PORT_MUST && check->via == L4LB_VIA_VIP)
		return lb_err_set(err, -EINVAL, "%s cannot go via vip",
				  type->name);

	return 0;
}

/**
 * lb_check_type_refuse() - refuse a check that makes no sense
 * @check: the check, a whole one; of a part of one only the times are looked at
 * @protos: protocols of the VIP, 0 if they are not known
 * @err: why
 *
 * Return: 0 if it makes sense, or -EINVAL.
 */
int lb_check_type_refuse(const struct lb_check *check, uint8_t protos,
			 struct lb_err *err)
{
	const struct lb_check_type *type;
	int ret;

	ret = times_refuse(check, err);
	if (ret || !lb_has(check->has, L4LB_A_CHECK_TYPE))
		return ret;

	type = lb_check_type_find(check->type);
	if (!type)
		return lb_check_type_unknown(check->type, err);
	ret = type_refuse(type, check, protos, err);
	if (!ret)
		ret = args_refuse(type, check, err);
	if (!ret && *check->secret && !type->secret)
		return lb_err_set(err, -EINVAL,
				  "%s does not log in, so it has no secret",
				  type->name);

	return ret;
}

/**
 * lb_check_file_refuse() - refuse a check whose program may not be run
 * @check: a check that lb_check_type_refuse() has nothing against
 * @err: why
 *
 * Return: 0 if there is none, or it may, or -EINVAL.
 */
int lb_check_file_refuse(const struct lb_check *check, struct lb_err *err)
{
	const struct lb_check_type *type = lb_check_type_find(check->type);
	const struct lb_check_key *key;
	char path[LB_EXEC_PATH];
	struct lb_args args;
	const char *value;
	int ret = 0;

	if (!type || lb_args_parse(&args, check->args, NULL))
		return 0;

	for (key = type->key; key->name && !ret; key++) {
		value = lb_args_get(&args, key->name);
		if (value && key->kind == LB_ARG_FILE)
			ret = lb_exec_path(value, path, sizeof(path), err);
	}

	return ret;
}
