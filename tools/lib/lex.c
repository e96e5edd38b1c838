// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines of words, as files have them.
 */

#include "lex.h"
#include "err.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* What some editors put before the first line. */
#define BYTE_ORDER_MARK	"\xef\xbb\xbf"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;

	return -1;
}

/* The two digits of \xHH. A NUL would end the word where it does not end. */
static int take_hex(struct lb_cursor *at, struct lb_err *err)
{
	int high = hex_digit(at->in[0]);
	int low = high < 0 ? -1 : hex_digit(at->in[1]);

	if (low < 0)
		return lb_err_set(err, -EINVAL,
				  "\\x is not followed by two hexadecimal digits");
	if (!high && !low)
		return lb_err_set(err, -EINVAL, "\\x00 cannot be in a value");
	*at->out++ = (char)(high << 4 | low);
	at->in += 2;

	return 0;
}

/* What follows a backslash within "...". */
static int take_escape(struct lb_cursor *at, struct lb_err *err)
{
	static const char letters[] = "\\\"nrt";
	static const char meant[] = "\\\"\n\r\t";
	char c = *at->in;
	const char *found = c ? strchr(letters, c) : NULL;

	if (c == 'x') {
		at->in++;
		return take_hex(at, err);
	}
	if (!found)
		return lb_err_set(err, -EINVAL,
				  "a backslash within \"...\" is followed by none of \\ \" n r t xHH");
	*at->out++ = meant[found - letters];
	at->in++;

	return 0;
}

static int take_quoted(struct lb_cursor *at, struct lb_err *err)
{
	char quote = *at->in++;
	int ret;

	while (*at->in && *at->in != quote) {
		if (quote == '"' && *at->in == '\\') {
			at->in++;
			ret = take_escape(at, err);
			if (ret)
				return ret;
		} else {
			*at->out++ = *at->in++;
		}
	}
	if (!*at->in)
		return lb_err_set(err, -EINVAL, "a %c is not closed", quote);
	at->in++;

	return 0;
}

/**
 * lb_lex_word() - take a word, without its quotes, and the blanks behind it
 * @at: where it begins, which is no blank; it is written with a NUL at its end
 * @err: why not
 *
 * Return: 0 or -EINVAL.
 */
int lb_lex_word(struct lb_cursor *at, struct lb_err *err)
{
	int ret = 0;

	while (!ret && *at->in && !is_blank(*at->in)) {
		if (*at->in == '\'' || *at->in == '"')
			ret = take_quoted(at, err);
		else
			*at->out++ = *at->in++;
	}
	while (is_blank(*at->in))
		at->in++;
	*at->out++ = '\0';

	return ret;
}

/**
 * lb_lex_init() - begin to read a text
 * @lex: where to, for lb_lex_free()
 * @text: the text, which reading it changes, with a byte of room at its end
 * @len: its length
 */
void lb_lex_init(struct lb_lex *lex, char *text, size_t len)
{
	size_t mark = strlen(BYTE_ORDER_MARK);

	memset(lex, 0, sizeof(*lex));
	lex->next = text;
	lex->end = text + len;
	if (len >= mark && !memcmp(text, BYTE_ORDER_MARK, mark))
		lex->next += mark;
}

/* Takes the next line out of the text. */
static int line_take(struct lb_lex *lex, char **line, struct lb_err *err)
{
	size_t len = (size_t)(lex->end - lex->next);
	char *stop = memchr(lex->next, '\n', len);

	*line = lex->next;
	lex->next = stop ? stop + 1 : lex->end;
	lex->line++;
	if (!stop)
		stop = lex->end;
	if (memchr(*line, '\0', (size_t)(stop - *line)))
		return lb_err_set(err, -EINVAL, "there is a NUL in the line");
	if (stop > *line && stop[-1] == '\r')
		stop--;
	*stop = '\0';

	return 0;
}

static int word_add(struct lb_lex *lex, char *word, struct lb_err *err)
{
	unsigned int room = lex->room ? lex->room * 2 : 32;
	char **grown;

	if (lex->count == lex->room) {
		grown = reallocarray(lex->word, room, sizeof(*grown));
		if (!grown)
			return lb_err_code(err, -ENOMEM);
		lex->word = grown;
		lex->room = room;
	}
	lex->word[lex->count++] = word;

	return 0;
}

static int line_parse(struct lb_lex *lex, char *line, struct lb_err *err)
{
	struct lb_cursor at = { .in = line, .out = line };
	char *word;
	int ret = 0;

	lex->count = 0;
	while (is_blank(*at.in))
		at.in++;
	while (!ret && *at.in && *at.in != '#') {
		word = at.out;
		ret = lb_lex_word(&at, err);
		if (!ret)
			ret = word_add(lex, word, err);
	}

	return ret;
}

/**
 * lb_lex_line() - read the next line that has words
 * @lex: text
 * @words: where to; they are there until the next line is read
 * @err: why not; &lb_lex.line says where
 *
 * Return: 1 if there is one, 0 at the end of the text, or -errno.
 */
int lb_lex_line(struct lb_lex *lex, struct lb_words *words, struct lb_err *err)
{
	char *line;
	int ret;

	while (lex->next < lex->end) {
		ret = line_take(lex, &line, err);
		if (!ret)
			ret = line_parse(lex, line, err);
		if (ret)
			return ret;
		if (!lex->count)
			continue;
		*words = (struct lb_words) {
			.word = lex->word,
			.count = lex->count,
			.what = "lbctl",
		};
		return 1;
	}

	return 0;
}

/**
 * lb_lex_free() - end to read a text
 * @lex: what was read, but for the text itself
 */
void lb_lex_free(struct lb_lex *lex)
{
	free(lex->word);
	memset(lex, 0, sizeof(*lex));
}

/* How much quoting a word needs. */
enum quoting {
	QUOTE_NONE,
	QUOTE_SINGLE,
	QUOTE_DOUBLE,
};

static enum quoting word_quoting(const char *word)
{
	enum quoting need = *word && *word != '#' ? QUOTE_NONE : QUOTE_SINGLE;
	size_t len = strlen(word), n;

	for (; len; word += n, len -= n) {
		n = lb_text_char(word, len);
		if (!n || *word == '\'')
			return QUOTE_DOUBLE;
		if (*word == ' ' || *word == '"')
			need = QUOTE_SINGLE;
	}

	return need;
}

static void write_escaped(FILE *file, unsigned char c)
{
	static const char letters[] = "\\\"nrt";
	static const char meant[] = "\\\"\n\r\t";
	const char *found = strchr(meant, c);

	if (found)
		fprintf(file, "\\%c", letters[found - meant]);
	else
		fprintf(file, "\\x%02x", c);
}

static void write_double(FILE *file, const char *word)
{
	size_t len = strlen(word), n;

	fputc('"', file);
	for (; len; word += n, len -= n) {
		n = lb_text_char(word, len);
		if (n && *word != '"' && *word != '\\') {
			fwrite(word, 1, n, file);
		} else {
			write_escaped(file, (unsigned char)*word);
			n = 1;
		}
	}
	fputc('"', file);
}

/**
 * lb_lex_write() - write a word so that it is read as one and safe to print
 * @file: where to
 * @word: the word
 */
void lb_lex_write(FILE *file, const char *word)
{
	switch (word_quoting(word)) {
	case QUOTE_NONE:
		fputs(word, file);
		break;
	case QUOTE_SINGLE:
		fprintf(file, "'%s'", word);
		break;
	case QUOTE_DOUBLE:
		write_double(file, word);
		break;
	}
}
