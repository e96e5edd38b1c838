// SPDX-License-Identifier: GPL-2.0-only
/*
 * lbctl batch: the commands in a file, one after the other.
 */

#include "cmd.h"
#include "err.h"
#include "file.h"
#include "lex.h"
#include "option.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void line_note(struct cmd *cmd, const char *name, unsigned int line)
{
	char clean[100];

	lb_text_clean(clean, sizeof(clean), name, strlen(name));
	snprintf(cmd->where, sizeof(cmd->where), "%s, line %u: ", clean, line);
}

/* Whether it only changes VIPs and reals, and does not look what has become. */
static bool is_change(const struct lb_words *words)
{
	static const char *const verbs[] = { "add", "set", "replace", "del" };
	char *const *word = words->word + words->next;
	size_t i;

	if (words->count - words->next < 2 ||
	    (strcmp(word[0], "vip") && strcmp(word[0], "real")))
		return false;
	for (i = 0; i < ARRAY_SIZE(verbs); i++) {
		if (!strcmp(word[1], verbs[i]))
			return true;
	}

	return false;
}

static int line_run(struct cmd *cmd, struct lb_words *words)
{
	const char *word;
	int status;

	if (!strcmp(lb_words_peek(words), "lbctl"))
		lb_words_take(words);
	word = lb_words_peek(words);
	if (word && !strcmp(word, "batch")) {
		fprintf(stderr, "lbctl: %sa batch cannot be in a batch\n",
			cmd->where);
		return EXIT_USAGE;
	}

	/* To look at all interfaces after each of many changes takes long. */
	if (!is_change(words))
		cmd_place(cmd);
	status = cmd->run(cmd, words);
	if (cmd_interrupted(cmd))
		cmd_place(cmd);

	return status;
}

static int lines_run(struct cmd *cmd, const char *name, struct lb_lex *lex)
{
	const struct verb *verb = cmd->verb;
	struct lb_words words;
	struct lb_err err = { 0 };
	int ret, status = EXIT_DONE;

	while (!status) {
		ret = lb_lex_line(lex, &words, &err);
		if (!ret)
			break;
		line_note(cmd, name, lex->line);
		if (ret > 0) {
			status = line_run(cmd, &words);
			continue;
		}
		cmd->verb = verb;
		snprintf(cmd->what, sizeof(cmd->what), "batch");
		status = cmd_usage(cmd, ret, &err);
	}
	*cmd->where = '\0';

	return status;
}

static int batch(struct cmd *cmd, struct lb_words *words)
{
	const char *name = lb_words_take(words);
	struct lb_err err = { 0 };
	struct lb_lex lex;
	char *text;
	size_t len;
	int ret;

	if (!name)
		return cmd_usage(cmd, lb_option_missing("FILE", &err), &err);
	ret = lb_words_end(words, &err);
	if (ret)
		return cmd_usage(cmd, ret, &err);
	if (lb_file_read(name, &text, &len, &err))
		return cmd_refused(cmd, -EIO, &err);

	lb_lex_init(&lex, text, len);
	ret = lines_run(cmd, lb_file_label(name), &lex);
	lb_lex_free(&lex);
	free(text);

	return ret;
}

const struct verb batch_verbs[] = {
	{ .object = "batch", .usage = "FILE|-", .run = batch },
	{ .object = NULL },
};
