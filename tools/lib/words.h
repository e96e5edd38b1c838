/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The words of a command, taken one by one.
 */

#ifndef _LB_WORDS_H
#define _LB_WORDS_H

struct lb_err;
struct lb_option;

/**
 * struct lb_words - the words of a command, taken one by one
 * @word: the words
 * @count: how many
 * @next: index of the next one
 * @what: object and verb, for messages
 * @usage: what may follow them, for messages; NULL if nobody said
 * @clause: options of the clause that ended last, one of which may be meant by
 *	a word that is not known; NULL if there was none
 */
struct lb_words {
	char *const *word;
	unsigned int count;
	unsigned int next;
	const char *what;
	const char *usage;
	const struct lb_option *clause;
};

const char *lb_words_peek(const struct lb_words *words);
const char *lb_words_take(struct lb_words *words);
int lb_words_end(const struct lb_words *words, struct lb_err *err);
unsigned int lb_words_distance(const char *a, const char *b);
void lb_words_nearest(const char *word, const char *known, const char **near,
		      unsigned int *best);

#endif /* _LB_WORDS_H */
