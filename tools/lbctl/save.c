// SPDX-License-Identifier: GPL-2.0-only
/*
 * lbctl save: the configuration as lines, which lbctl apply takes.
 */

#include "cmd.h"
#include "err.h"
#include "file.h"
#include "out.h"
#include "site.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A file that is empty is taken for one that somebody failed to write. */
#define NOTHING	"# nothing is configured\n"

static int site_text(struct cmd *cmd, char **text, size_t *len,
		     struct lb_err *err)
{
	struct lb_site site;
	FILE *file;
	int ret;

	*text = NULL;
	ret = lb_site_read(cmd->nl, &site, err);
	if (ret)
		return ret;

	file = open_memstream(text, len);
	if (file) {
		lb_site_write(&site, file);
		if (!ftell(file))
			fputs(NOTHING, file);
	}
	lb_site_free(&site);
	if (!file || fclose(file)) {
		free(*text);
		*text = NULL;
		return lb_err_code(err, -ENOMEM);
	}

	return 0;
}

static void lines_show(struct lb_out *out, char *text)
{
	char *line, *rest;

	lb_out_object(out, NULL);
	lb_out_list(out, "lines");
	for (line = strtok_r(text, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest))
		lb_out_str(out, "line", NULL, line);
	lb_out_end(out);
	lb_out_end(out);
}

static int text_put(struct cmd *cmd, const char *name, char *text, size_t len,
		    struct lb_err *err)
{
	if (name && strcmp(name, "-"))
		return lb_file_write(name, text, len, err);
	if (cmd->json)
		lines_show(cmd->out, text);
	else
		fwrite(text, 1, len, stdout);

	return 0;
}

static int save(struct cmd *cmd, struct lb_words *words)
{
	const char *name = lb_words_take(words);
	struct lb_err err = { 0 };
	char *text;
	size_t len;
	int ret;

	ret = cmd_begin(cmd, words);
	if (ret)
		return ret;
	ret = site_text(cmd, &text, &len, &err);
	if (ret)
		return cmd_refused(cmd, ret, &err);
	ret = text_put(cmd, name, text, len, &err);
	free(text);

	return ret ? cmd_refused(cmd, -EIO, &err) : EXIT_DONE;
}

const struct verb save_verbs[] = {
	{ .object = "save", .usage = "[FILE]", .run = save },
	{ .object = NULL },
};
