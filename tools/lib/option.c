// SPDX-License-Identifier: GPL-2.0-only
/*
 * Options of a command: tables of a word and a function that takes its value.
 */

#include "option.h"
#include "err.h"
#include "model.h"
#include "names.h"
#include "words.h"

#include <errno.h>
#include <string.h>

static int unknown_option(const struct lb_words *words, const char *word,
			  const struct lb_option *options, struct lb_err *err)
{
	const struct lb_option *opt;
	const char *near = NULL;
	unsigned int best = 3;

	for (opt = options; opt->word; opt++)
		lb_words_nearest(word, opt->word, &near, &best);
	for (opt = words->clause; opt && opt->word; opt++)
		lb_words_nearest(word, opt->word, &near, &best);
	if (near)
		return lb_err_set(err, -ENOPROTOOPT,
				  "unknown option \"%s\" for %s; is it \"%s\"?",
				  word, words->what, near);

	return lb_err_set(err, -ENOPROTOOPT, "unknown option \"%s\" for %s",
			  word, words->what);
}

/**
 * lb_option_find() - find an option
 * @options: the table
 * @word: the word, or NULL at the end of a command
 *
 * Return: the option, or NULL if it is none of them.
 */
const struct lb_option *lb_option_find(const struct lb_option *options,
				       const char *word)
{
	for (; word && options->word; options++) {
		if (!strcmp(word, options->word))
			return options;
	}

	return NULL;
}

/**
 * lb_option_take() - take the value of an option
 * @words: the words, from the one after the option on
 * @option: the option
 * @object: what it is an option of
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int lb_option_take(struct lb_words *words, const struct lb_option *option,
		   void *object, struct lb_err *err)
{
	const char *value;

	if (option->flag) {
		option->flag(object);
		return 0;
	}
	if (!lb_words_peek(words))
		return lb_err_set(err, -ENODATA, "\"%s\" needs a value",
				  option->word);
	if (option->clause)
		return option->clause(object, words, err);

	value = lb_words_take(words);

	return option->set(object, lb_option_is_default(value) ? NULL : value,
			   err);
}

/**
 * lb_options_take() - take options until the words end
 * @words: the words
 * @options: the table, of 32 options at most
 * @object: what they are options of
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int lb_options_take(struct lb_words *words, const struct lb_option *options,
		    void *object, struct lb_err *err)
{
	const struct lb_option *option;
	unsigned int seen = 0;
	const char *word;
	int ret;

	while ((word = lb_words_take(words))) {
		option = lb_option_find(options, word);
		if (!option)
			return unknown_option(words, word, options, err);
		if (!option->repeats && seen & 1U << (option - options))
			return lb_err_set(err, -EINVAL,
					  "\"%s\" is given twice", word);
		seen |= 1U << (option - options);

		ret = lb_option_take(words, option, object, err);
		if (ret)
			return ret;
	}

	return 0;
}

/**
 * lb_option_is_default() - ask whether a value stands for the default
 * @value: the value
 *
 * Return: whether it does.
 */
bool lb_option_is_default(const char *value)
{
	return !strcmp(value, "default");
}

/**
 * lb_option_word() - take a value that is a word of an enumeration
 * @option: the option, for messages
 * @value: the value
 * @names: the enumeration
 * @field: where to
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int lb_option_word(const char *option, const char *value,
		   const struct lb_names *names, uint8_t *field,
		   struct lb_err *err)
{
	unsigned int found = lb_names_value(names, value);
	const char *near;
	char list[64];

	*field = (uint8_t)found;
	if (found)
		return 0;

	near = lb_names_nearest(names, value);

	return lb_err_set(err, -EINVAL, "%s \"%s\" is not %s%s%s%s", option,
			  value, lb_names_list(names, list, sizeof(list)),
			  near ? "; is it \"" : "", near ? near : "",
			  near ? "\"?" : "");
}

/**
 * lb_option_name() - take a value that is the name of an object
 * @value: the value, or NULL for its default, which there is none of
 * @name: where to
 * @err: why not
 *
 * Return: 0 or -EINVAL.
 */
int lb_option_name(const char *value, char name[L4LB_NAME_MAX + 1],
		   struct lb_err *err)
{
	int ret;

	ret = lb_name_check(value ? value : "default", err);
	if (!ret)
		lb_name_copy(name, value);

	return ret;
}

/**
 * lb_option_number() - take a value that is a number
 * @option: the option, for messages
 * @value: the value
 * @min: smallest number allowed
 * @max: largest number allowed
 * @number: where to
 * @err: why not
 *
 * Return: 0 or -EINVAL.
 */
int lb_option_number(const char *option, const char *value, unsigned int min,
		     unsigned int max, unsigned int *number,
		     struct lb_err *err)
{
	if (lb_uint_parse(value, min, max, number))
		return lb_err_set(err, -EINVAL, "%s %s is not within %u-%u",
				  option, value, min, max);

	return 0;
}

/**
 * lb_option_no_default() - refuse the default of an option that has none
 * @option: the option
 * @err: where to say so
 *
 * Return: -EINVAL.
 */
int lb_option_no_default(const char *option, struct lb_err *err)
{
	return lb_err_set(err, -EINVAL, "\"%s\" has no default", option);
}

/**
 * lb_option_missing() - refuse a command that lacks a word
 * @label: what the word is called in the usage
 * @err: where to say so
 *
 * Return: -ENODATA.
 */
int lb_option_missing(const char *label, struct lb_err *err)
{
	return lb_err_set(err, -ENODATA, "%s is missing", label);
}
