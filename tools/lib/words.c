// SPDX-License-Identifier: GPL-2.0-only
/*
 * The words of a command, taken one by one.
 */

#include "words.h"
#include "err.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

/* The longest word that is compared with another. */
#define WORD_MAX	32

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
 * lb_words_distance() - how many letters must change to make one word of another
 * @a: one
 * @b: the other
 *
 * Return: how many; 99 if one of them is very long.
 */
unsigned int lb_words_distance(const char *a, const char *b)
{
	unsigned int row[WORD_MAX + 1], above, corner;
	size_t na = strlen(a), nb = strlen(b);
	size_t i, j;

	if (na > WORD_MAX || nb > WORD_MAX)
		return 99;

	for (j = 0; j <= nb; j++)
		row[j] = (unsigned int)j;
	for (i = 1; i <= na; i++) {
		corner = row[0];
		row[0] = (unsigned int)i;
		for (j = 1; j <= nb; j++) {
			above = row[j];
			row[j] = corner + (a[i - 1] != b[j - 1]);
			if (above + 1 < row[j])
				row[j] = above + 1;
			if (row[j - 1] + 1 < row[j])
				row[j] = row[j - 1] + 1;
			corner = above;
		}
	}

	return row[nb];
}

/**
 * lb_words_nearest() - see whether a word may be what was meant
 * @word: the word that is not known
 * @known: a word that is
 * @near: the nearest so far; becomes @known if that is nearer
 * @best: how far it is, at first one more than what counts as near
 */
void lb_words_nearest(const char *word, const char *known, const char **near,
		      unsigned int *best)
{
	unsigned int far = lb_words_distance(word, known);

	if (far < *best && far < strlen(known)) {
		*best = far;
		*near = known;
	}
}

/* Among the words of a usage that stand for themselves: [if-exists], up|down. */
static void usage_nearest(const char *usage, const char *word,
			  char near[WORD_MAX + 1])
{
	unsigned int best = 3;
	char known[WORD_MAX + 1];
	const char *nearer;
	size_t len;

	for (; *usage; usage += len ? len : 1) {
		len = strspn(usage, "abcdefghijklmnopqrstuvwxyz-");
		if (!len || len > WORD_MAX)
			continue;
		memcpy(known, usage, len);
		known[len] = '\0';
		nearer = NULL;
		lb_words_nearest(word, known, &nearer, &best);
		if (nearer)
			memcpy(near, known, len + 1);
	}
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
	char near[WORD_MAX + 1] = "";

	if (!word)
		return 0;

	if (words->usage)
		usage_nearest(words->usage, word, near);
	if (*near)
		return lb_err_set(err, -ENOPROTOOPT,
				  "unexpected \"%s\" after %s; is it \"%s\"?",
				  word, words->what, near);

	return lb_err_set(err, -ENOPROTOOPT, "unexpected \"%s\" after %s",
			  word, words->what);
}
