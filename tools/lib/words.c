// SPDX-License-Identifier: GPL-2.0-only
/*
 * The words of a command, taken one by one.
 */

#include "words.h"
#include "err.h"

#include <errno.h>
#include <stddef.h>

/**
 * lb_words_peek() - look at the next word
 * @words: the words
 *
 * Return: the word, or NULL at the end.
 */
const char *lb_words_peek(const struct lb_words *words)
{
	return words->next < words->count ? words->word[words->next] : NULL;
}

/**
 * lb_words_take() - take the next word
 * @words: the words
 *
 * Return: the word, or NULL at the end.
 */
const char *lb_words_take(struct lb_words *words)
{
	return words->next < words->count ? words->word[words->next++] : NULL;
}

/**
 * lb_words_end() - make sure that no words are left
 * @words: the words
 * @err: why not
 *
 * Return: 0 or -ENOPROTOOPT.
 */
int lb_words_end(const struct lb_words *words, struct lb_err *err)
{
	const char *word = lb_words_peek(words);

	if (!word)
		return 0;

	return lb_err_set(err, -ENOPROTOOPT, "unexpected \"%s\" after %s",
			  word, words->what);
}
