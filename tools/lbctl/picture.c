// SPDX-License-Identifier: GPL-2.0-only
/*
 * All there is in the module, read at once.
 */

#include "picture.h"
#include "check_type.h"
#include "cmd.h"
#include "err.h"
#include "request.h"

#include <string.h>

/**
 * picture_free() - drop what was read
 * @pic: picture
 */
void picture_free(struct picture *pic)
{
	lb_vip_list_free(pic->vips, pic->vip_count);
	lb_real_list_free(pic->reals, pic->real_count);
}

/**
 * picture_reals() - the reals of a VIP, which the module lists one after the
 * other and in the order of the VIPs
 * @pic: picture
 * @vip: one of its VIPs
 * @count: how many
 *
 * Return: the first of them.
 */
const struct lb_real *picture_reals(struct picture *pic,
				    const struct lb_vip *vip, size_t *count)
{
	size_t first = pic->next, left = vip->reals ? pic->real_count : 0;

	*count = 0;
	for (; left; left--, first++) {
		if (first >= pic->real_count)
			first = 0;
		if (!strcmp(pic->reals[first].vip, vip->name))
			break;
	}
	if (!left)
		return NULL;

	while (first + *count < pic->real_count &&
	       !strcmp(pic->reals[first + *count].vip, vip->name))
		++*count;
	pic->next = first + *count;

	return &pic->reals[first];
}

/**
 * picture_vip() - find a VIP
 * @pic: picture
 * @name: its name
 * @hint: where it probably is
 *
 * Return: the VIP, or NULL if there is none.
 */
const struct lb_vip *picture_vip(const struct picture *pic, const char *name,
				 size_t hint)
{
	size_t i;

	if (hint < pic->vip_count && !strcmp(pic->vips[hint].name, name))
		return &pic->vips[hint];
	for (i = 0; i < pic->vip_count; i++) {
		if (!strcmp(pic->vips[i].name, name))
			return &pic->vips[i];
	}

	return NULL;
}

static bool real_is(const struct lb_real *real, const char *vip,
		    const char *name)
{
	return !strcmp(real->name, name) && !strcmp(real->vip, vip);
}

/**
 * picture_real() - find a real
 * @pic: picture
 * @vip: name of its VIP
 * @name: its name
 * @hint: where it probably is
 *
 * Return: the real, or NULL if there is none.
 */
const struct lb_real *picture_real(const struct picture *pic,
				   const char *vip, const char *name,
				   size_t hint)
{
	size_t i;

	if (hint < pic->real_count && real_is(&pic->reals[hint], vip, name))
		return &pic->reals[hint];
	for (i = 0; i < pic->real_count; i++) {
		if (real_is(&pic->reals[i], vip, name))
			return &pic->reals[i];
	}

	return NULL;
}

static bool has_active(const struct lb_vip *vip, const struct lb_real *reals,
		       size_t count)
{
	const struct lb_check *check;
	size_t i;

	for (i = 0; i < count; i++) {
		check = &vip->check;
		if (lb_has(reals[i].has, L4LB_A_REAL_CHECK))
			check = &reals[i].check;
		if (!lb_check_is_passive(check))
			return true;
	}

	return false;
}

/**
 * picture_needs_checker() - ask whether some real has a check that somebody has
 * to make
 * @pic: picture
 *
 * Return: whether one has.
 */
bool picture_needs_checker(struct picture *pic)
{
	const struct lb_real *reals;
	size_t i, count;

	for (i = 0; i < pic->vip_count; i++) {
		reals = picture_reals(pic, &pic->vips[i], &count);
		if (has_active(&pic->vips[i], reals, count))
			return true;
	}

	return false;
}

/**
 * picture_read() - read all there is
 * @nl: socket
 * @pic: where to, for picture_free()
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int picture_read(struct lb_nl *nl, struct picture *pic, struct lb_err *err)
{
	int ret;

	memset(pic, 0, sizeof(*pic));
	ret = lb_info_get(nl, &pic->info, err);
	if (!ret)
		ret = lb_vip_list(nl, &pic->vips, &pic->vip_count, err);
	if (!ret)
		ret = lb_real_list(nl, NULL, &pic->reals, &pic->real_count,
				   err);
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

	ret = cmd_begin(cmd, words);
	if (ret)
		return ret;
	ret = picture_read(cmd->nl, pic, &err);

	return ret ? cmd_refused(cmd, ret, &err) : EXIT_DONE;
}
