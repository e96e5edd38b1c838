// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines of words are taken apart, or refused with the line; and what is written
 * is read as what it was.
 */

#include "kselftest_harness.h"

#include "err.h"
#include "lex.h"

#include <errno.h>

/* The words of the first line that has some, with "|" between them. */
static const char *words_of(const char *text, size_t len)
{
	static char joined[256];
	struct lb_words words;
	struct lb_lex lex;
	char copy[256];
	unsigned int i;

	memcpy(copy, text, len);
	lb_lex_init(&lex, copy, len);
	*joined = '\0';
	if (lb_lex_line(&lex, &words, NULL) == 1) {
		for (i = 0; i < words.count; i++) {
			strcat(joined, i ? "|" : "");
			strcat(joined, words.word[i]);
		}
	}
	lb_lex_free(&lex);

	return joined;
}

TEST(words)
{
	static const struct {
		const char *text;
		const char *words;
	} cases[] = {
		{ "vip add web", "vip|add|web" },
		{ "\t vip\t add  web \r\n", "vip|add|web" },
		{ "a b\r\n", "a|b" },
		{ "\xef\xbb\xbf-", "-" },
		{ "\n\n# x\n a", "a" },
		{ "a # b", "a" },
		{ "a#b '#c' \"#\" #", "a#b|#c|#" },
		{ "'a b'\"c d\"e", "a bc de" },
		{ "a '' \"\" b", "a|||b" },
		{ "'\\n\"' \"'\\\\\\\"\\n\\r\\t\\x41\"", "\\n\"|'\\\"\n\r\tA" },
		{ "a\\nb", "a\\nb" },
		{ "", "" },
		{ "#", "" },
		{ "a\rb", "a\rb" },
		{ "\xc3\xa4 \xff", "\xc3\xa4|\xff" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		EXPECT_STREQ(cases[i].words, words_of(cases[i].text,
						      strlen(cases[i].text)));
}

TEST(lines_are_counted)
{
	char text[] = "one\n\n# two\nthree four\nfive";
	struct lb_words words;
	struct lb_lex lex;

	lb_lex_init(&lex, text, strlen(text));
	EXPECT_EQ(1, lb_lex_line(&lex, &words, NULL));
	EXPECT_EQ(1, lex.line);
	EXPECT_EQ(1, lb_lex_line(&lex, &words, NULL));
	EXPECT_EQ(4, lex.line);
	EXPECT_EQ(2, words.count);
	EXPECT_EQ(1, lb_lex_line(&lex, &words, NULL));
	EXPECT_EQ(5, lex.line);
	EXPECT_STREQ("five", words.word[0]);
	EXPECT_EQ(0, lb_lex_line(&lex, &words, NULL));
	EXPECT_EQ(0, lb_lex_line(&lex, &words, NULL));
	lb_lex_free(&lex);
}

TEST(what_is_not_well_formed_is_refused)
{
	static const char *const cases[] = {
		"'a", "a'b", "\"a", "\"a\\\"", "\"\\", "\"\\q\"", "\"\\x4\"",
		"\"\\x4g\"", "\"\\x00\"", "'a\nb'",
	};
	struct lb_words words;
	struct lb_err err;
	struct lb_lex lex;
	char copy[16];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		strcpy(copy, cases[i]);
		err.text[0] = '\0';
		lb_lex_init(&lex, copy, strlen(copy));
		EXPECT_EQ(-EINVAL, lb_lex_line(&lex, &words, &err));
		EXPECT_EQ(1, lex.line);
		EXPECT_NE('\0', err.text[0]);
		lb_lex_free(&lex);
	}

	memcpy(copy, "a\nb\0c\n", 7);
	lb_lex_init(&lex, copy, 6);
	EXPECT_EQ(1, lb_lex_line(&lex, &words, &err));
	EXPECT_EQ(-EINVAL, lb_lex_line(&lex, &words, &err));
	EXPECT_EQ(2, lex.line);
	lb_lex_free(&lex);
}

static const char *written(const char *word)
{
	static char buf[256];
	FILE *file = fmemopen(buf, sizeof(buf), "w");

	lb_lex_write(file, word);
	fclose(file);

	return buf;
}

TEST(words_are_quoted_where_they_have_to_be)
{
	static const struct {
		const char *word;
		const char *text;
	} cases[] = {
		{ "web", "web" },
		{ "", "''" },
		{ "a b", "'a b'" },
		{ "#a", "'#a'" },
		{ "a#", "a#" },
		{ "a\\b", "a\\b" },
		{ "a\"b", "'a\"b'" },
		{ "it's", "\"it's\"" },
		{ "'\"\\", "\"'\\\"\\\\\"" },
		{ "a\r\n\t\x01\x7f", "\"a\\r\\n\\t\\x01\\x7f\"" },
		{ "\xc3\xa4", "\xc3\xa4" },
		{ "\xc3", "\"\\xc3\"" },
		{ "\xc2\x80", "\"\\xc2\\x80\"" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		EXPECT_STREQ(cases[i].text, written(cases[i].word));
}

/* Every byte, in every place of a short word. */
TEST(what_is_written_is_read_as_what_it_was)
{
	static const char *const frames[] = { "%c", "a%cb", "'%c", "%c\"#", " %c" };
	const char *text;
	char word[8];
	unsigned int c;
	size_t i;

	for (c = 1; c < 256; c++) {
		for (i = 0; i < ARRAY_SIZE(frames); i++) {
			snprintf(word, sizeof(word), frames[i], c);
			text = written(word);
			ASSERT_STREQ(word, words_of(text, strlen(text)));
			EXPECT_EQ(NULL, strchr(text, '\n'));
		}
	}
}

TEST_HARNESS_MAIN
