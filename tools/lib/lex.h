/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lines of words, as files have them.
 *
 * Blanks separate words, '...' is literal, "..." knows a backslash before itself,
 * a quote, n, r, t and xHH; elsewhere a backslash is one. In a file, # at a
 * word's beginning starts a comment, and a line ends with LF or CR LF.
 */

#ifndef _LB_LEX_H
#define _LB_LEX_H

#include "words.h"

#include <stddef.h>
#include <stdio.h>

struct lb_err;

/**
 * struct lb_cursor - where in a text reading has come to, and writing
 * @in: the rest of the text
 * @out: where the next byte of what it means goes; may be in the same text,
 *	because nothing means more than it is long
 */
struct lb_cursor {
	const char *in;
	char *out;
};

/**
 * struct lb_lex - a text that is read line by line
 * @next: the rest of it
 * @end: its end
 * @line: number of the line that was read
 * @word: the words of the line
 * @count: how many
 * @room: for how many there is memory
 */
struct lb_lex {
	char *next;
	char *end;
	unsigned int line;
	char **word;
	unsigned int count;
	unsigned int room;
};

int lb_lex_word(struct lb_cursor *at, struct lb_err *err);
void lb_lex_init(struct lb_lex *lex, char *text, size_t len);
int lb_lex_line(struct lb_lex *lex, struct lb_words *words, struct lb_err *err);
void lb_lex_free(struct lb_lex *lex);
void lb_lex_write(FILE *file, const char *word);

#endif /* _LB_LEX_H */
