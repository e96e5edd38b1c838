// SPDX-License-Identifier: GPL-2.0-only
/*
 * All there is in the module, read at once.
 */

#include "picture.h"
#include "cmd.h"
#include "err.h"
#include "request.h"

#include <stdlib.h>
#include <string.h>

/**
 * picture_free() - drop what was read
 * @pic: picture
 */
void picture_free(struct picture *pic)
{
	free(pic->vips);
	free(pic->reals);
}

static int picture_read(struct cmd *cmd, struct picture *pic,
			struct lb_err *err)
{
	int ret;

	memset(pic, 0, sizeof(*pic));
	ret = lb_info_get(cmd->nl, &pic->info, err);
	if (!ret)
		ret = lb_vip_list(cmd->nl, &pic->vips, &pic->vip_count, err);
	if (!ret)
		ret = lb_real_list(cmd->nl, NULL, &pic->reals,
				   &pic->real_count, err);
	if (ret)
		picture_free(pic);

	return ret;
}

/**
 * picture_get() - read all there is, for a command without arguments
 * @cmd: command
 * @words: its arguments
 * @pic: where to, for picture_free()
 *
 * Return: the exit status.
 */
int picture_get(struct cmd *cmd, struct lb_words *words, struct picture *pic)
{
	struct lb_err err = { 0 };
	int ret;

	ret = lb_words_end(words, &err);
	if (ret)
		return cmd_usage(cmd, ret, &err);
	ret = cmd_open(cmd);
	if (ret)
		return ret;
	ret = picture_read(cmd, pic, &err);

	return ret ? cmd_refused(cmd, ret, &err) : EXIT_DONE;
}
